"""A whole run: the loop over blocks of steps and variants."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import xarray

from obrii import schema
from obrii.blocks import padded, serve_block, sky_block
from obrii.results.provenance import provenance
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Variant
from obrii.scenario.stage import Stage, stage

#: Steps computed together: enough to keep calls cheap, few enough to keep a block in cache [assumption, measured].
BLOCK_STEPS = 60

#: Called after every block with the steps done and the steps in all.
Progress = Callable[[int, int], None]


def simulate(scenario: Scenario, *, threads: int = 2, progress: Progress | None = None) -> xarray.Dataset:
    """Run every variant of a scenario over all its steps.

    threads: blocks computed at once; the results do not depend on it. Returns a Dataset on (variant, time, ...).

    >>> from obrii import Scenario, simulate
    >>> world = Scenario.parse('''
    ... title = "two towns under one shell"
    ... time = {start = 2026-01-01T00:00:00Z, seconds = 30, step_s = 15}
    ... pair = [{from = "Lviv", to = "Odesa", via = "sky"}]
    ... [[operator]]
    ... name = "test"
    ... lasers = "plus-grid"
    ... shell = [{name = "s", planes = 36, satellites_per_plane = 20, inclination_deg = 70, altitude_m = 570e3}]
    ... ''')
    >>> results = simulate(world)
    >>> results["pair_served"].values.tolist()
    [[[1], [1]]]
    """
    world = stage(scenario)
    variants = scenario.variants()
    blocks = list(world.grid.blocks(BLOCK_STEPS))

    def run(steps: slice) -> list[dict[str, np.ndarray]]:
        sky = sky_block(scenario, steps)
        return [serve_block(sky, variant) for variant in variants]

    parts, done = [], 0
    with ThreadPoolExecutor(max_workers=threads) as pool:
        for steps, part in zip(blocks, pool.map(run, blocks), strict=True):
            parts.append(part)
            done += steps.stop - steps.start
            if progress is not None:
                progress(done, len(world.grid))
    return _dataset(world, variants, parts)


def _dataset(world: Stage, variants: list[Variant], parts: list[list[dict[str, np.ndarray]]]) -> xarray.Dataset:
    coords = {
        "variant": [variant.name for variant in variants],
        "time": world.grid.utc,
        "pair": [pair.name for pair in world.scenario.pair],
    }
    arrays = {}
    for name in parts[0][0]:
        if name not in schema.VARIABLES:
            continue
        longest = max(block[name].shape[-1] for part in parts for block in part)
        joined = [
            np.concatenate(
                [padded(part[v][name], longest) if name == "pair_route" else part[v][name] for part in parts]
            )
            for v in range(len(variants))
        ]
        axes = schema.VARIABLES[name].axes
        arrays[name] = schema.label(name, np.stack(joined), **{a: c for a, c in coords.items() if a in axes})
    arrays["window"] = schema.label("window", world.grid.window, time=coords["time"])
    arrays["duration_s"] = schema.label("duration_s", world.grid.duration_s, time=coords["time"])
    scenario = world.scenario
    return xarray.Dataset(arrays, attrs=provenance(scenario.title, scenario.seed, scenario.resolved()))
