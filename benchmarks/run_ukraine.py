"""The built-in scenario: 480 slots, every variant, halo, rates; CPU time of all and of one more variant, memory.

No other program answers this question, so there is no rival: Hypatia, StarPerf and CosmoSim cannot switch a region off.
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from obrii import Scenario
from obrii.blocks import serve_block
from obrii.report.page import report
from obrii.scenario.stage import stage
from obrii.simulation import BLOCK_STEPS, run
from obrii.sky import sky_block

NAME = "ukraine-autumn-2022"


def measure() -> list[dict[str, Any]]:
    """CPU seconds, all threads together, after one warm-up block; memory of the whole process."""
    scenario = Scenario.preset(NAME)
    world = stage(scenario)
    blocks = list(world.grid.blocks(BLOCK_STEPS))
    variants = scenario.variants()
    for variant in variants:
        serve_block(sky_block(scenario, blocks[0]), variant)

    sky_s, variant_s = 0.0, dict.fromkeys((variant.name for variant in variants), 0.0)
    for steps in blocks:
        began = time.process_time()
        sky = sky_block(scenario, steps)
        sky_s += time.process_time() - began
        for variant in variants:
            began = time.process_time()
            serve_block(sky, variant)
            variant_s[variant.name] += time.process_time() - began
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        run(scenario, Path(folder) / "run")
        run_s = time.process_time() - began
        began = time.process_time()
        report(Path(folder) / "run")
        report_s = time.process_time() - began
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = [
        (f"simulation: sky and {len(variants)} variants", sky_s + sum(variant_s.values()), "s CPU"),
        ("sky, shared by all variants", sky_s, "s CPU"),
        *((f"variant: {name}", seconds, "s CPU") for name, seconds in variant_s.items()),
        ("run: simulation, arrays, tables, summary", run_s, "s CPU"),
        ("report", report_s, "s CPU"),
        ("peak memory of the process", peak_mib, "MiB"),
    ]
    return [{"work": work, "rival": "obrii", "figure": figure, "unit": unit} for work, figure, unit in rows]


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:10.2f} {row['unit']:6} {row['work']}")
