"""One variant of the built-in scenario laid beside intact, as a run does it: 480 slots, all terminals, rates, tables.

No other program compares so, and there is no rival.
"""

from __future__ import annotations

import time
from statistics import median
from typing import Any

import numpy as np

from obrii import Scenario
from obrii.blocks import serve_block
from obrii.results.compared import Comparing
from obrii.results.metrics import Tally
from obrii.results.summary import Notes
from obrii.scenario import axes
from obrii.scenario.stage import stage
from obrii.simulation import BLOCK_STEPS
from obrii.sky import sky_block

NAME, VARIANT = "ukraine-autumn-2022", "gateways in Poland and Lithuania lost"

#: How often it is done over.
TIMES = 5


def measure() -> list[dict[str, Any]]:
    """CPU milliseconds of one comparison, the median of several, after one to warm up."""
    scenario = Scenario.preset(NAME)
    kept = [variant for variant in scenario.variant if variant.name == VARIANT]
    scenario = scenario.model_copy(update={"variant": kept})
    world = stage(scenario)
    frame = axes.frame(world)
    blocks = []
    for steps in world.grid.blocks(BLOCK_STEPS):
        sky = sky_block(scenario, steps)
        blocks.append((steps, [serve_block(sky, variant) for variant in scenario.variants()]))
    measured = Tally(frame, axes.acting(world)).measured
    notes = Notes(title="", seed=1, events=[], gateway_state=np.empty((0, 0), np.str_), towns=axes.towns(world))
    took_ms = []
    for _ in range(1 + TIMES):
        began = time.process_time()
        comparing = Comparing(frame, measured, notes)
        for steps, variants in blocks:
            for variant, arrays in enumerate(variants):
                comparing.add(steps, variant, arrays)
        comparing.tables()
        took_ms.append(1e3 * (time.process_time() - began))
    work = (
        f"compare a variant with intact, {len(frame.utc)} slots x {len(frame.cell)} cells x {len(frame.groups)} groups"
    )
    return [{"work": work, "rival": "obrii", "figure": median(took_ms[1:]), "unit": "ms CPU"}]


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:10.1f} {row['unit']:6} {row['work']}")
