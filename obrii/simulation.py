"""A whole run: the loop over blocks of steps and variants, into memory or into a directory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import xarray

from obrii.aimed import aimed
from obrii.blocks import BLOCK_STEPS, Kept, serve_after, serve_block
from obrii.network.outages import Outages
from obrii.results import tables
from obrii.results.compared import Comparing
from obrii.results.directory import RunDirectory
from obrii.results.handovers import Following
from obrii.results.metrics import Tally
from obrii.results.paired import PairTally
from obrii.results.provenance import provenance
from obrii.results.rates import RateTally
from obrii.results.store import Memory, Store
from obrii.scenario import axes
from obrii.scenario.acting import acting_events, check, outages
from obrii.scenario.model import Scenario
from obrii.scenario.stage import Stage, stage
from obrii.sky import Sky, sky_block

#: Called after every block with the steps done and the steps in all.
Progress = Callable[[int, int], None]

#: The arrays that one variant leaves of a block, by name.
Arrays = dict[str, np.ndarray]


def simulate(scenario: Scenario, *, threads: int = 2, progress: Progress | None = None) -> xarray.Dataset:
    """Run every variant of a scenario over all its steps, into memory.

    threads: blocks computed at once, which no result depends on; progress: called after every block.
    Returns a Dataset on (variant, time, ...) with the arrays that the scenario keeps. Raises ObriiError.

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
    scenario = aimed(scenario)
    world = stage(scenario)
    check(world)
    into = Memory(axes.frame(world), keep=scenario.output.keep, attributes=_attributes(scenario))
    for steps, variant, arrays in _blocks(scenario, threads, progress):
        into.write(steps, variant, arrays)
    return into.dataset()


def run(
    scenario: Scenario, directory: str | Path, *, threads: int = 2, progress: Progress | None = None
) -> dict[str, Any]:
    """Run a scenario with an area, and leave its results in a directory: arrays, tables, summary.

    directory: new, empty, or that of an earlier run, which it replaces; what an interrupted run leaves never reads as
    whole. Returns the summary, as summary.json has it. Raises ObriiError with a sentence.
    """
    directory = Path(directory)
    scenario = aimed(scenario)
    world = stage(scenario)
    check(world)
    frame = axes.frame(world)
    tally = Tally(frame, axes.acting(world), axes.towns(world).cell)
    rates = None if world.demand is None else RateTally(frame, tally.measured, frame.terminals)
    notes = axes.notes(world, _masks(world))
    comparing = Comparing(frame, tally.measured, notes) if frame.terminals.size and len(frame.variants) > 1 else None
    pairs = PairTally(frame, tally.measured) if frame.pairs else None
    place = RunDirectory(directory, len(world.grid))
    into = Store(directory, frame, keep=scenario.output.keep, block=BLOCK_STEPS, attributes=_attributes(scenario))
    for steps, variant, arrays in _blocks(scenario, threads, progress):
        into.write(steps, variant, arrays)
        tally.add(steps, variant, arrays)
        if rates is not None:
            rates.add(steps, variant, arrays)
        if comparing is not None:
            comparing.add(steps, variant, arrays)
        if pairs is not None:
            pairs.add(steps, variant, arrays)
        if variant == len(frame.variants) - 1:
            place.progress(steps.stop)
    into.close()
    summary = tables.write(directory, tally, frame, notes, rates, comparing, pairs)
    place.finish()
    return summary


def _blocks(scenario: Scenario, threads: int, progress: Progress | None) -> Iterator[tuple[slice, int, Arrays]]:
    """What every variant leaves of every block of steps, in order; a few blocks ahead are computed in threads.

    Where steps remember each other only the sky is computed ahead, and the variants of a block are shared out instead.
    """
    variants = scenario.variants()
    world = stage(scenario)
    grid = world.grid

    def compute(steps: slice) -> Sky | list[Arrays]:
        sky = sky_block(scenario, steps)
        return sky if world.remembers else [serve_block(sky, variant) for variant in variants]

    following = Following(grid.utc, grid.window, grid.duration_s)
    kept: list[Kept | None] = [None] * len(variants)
    ahead: deque[tuple[slice, Future[Sky | list[Arrays]]]] = deque()
    waiting = grid.blocks(BLOCK_STEPS)
    with ThreadPoolExecutor(max_workers=threads) as pool:
        try:
            while True:
                while len(ahead) <= threads and (steps := next(waiting, None)) is not None:
                    ahead.append((steps, pool.submit(compute, steps)))
                if not ahead:
                    return
                steps, future = ahead.popleft()
                found = future.result()
                if isinstance(found, Sky):
                    left = list(pool.map(serve_after, [found] * len(variants), variants, kept))
                    found, kept = [arrays for arrays, _ in left], [after for _, after in left]
                # What has been handed on is let go, so that memory holds no more blocks than are being computed.
                found.reverse()
                for variant in range(len(variants)):
                    arrays = found.pop()
                    if "satellite" in arrays:
                        arrays |= following.add(steps, variant, arrays["satellite"])
                    yield steps, variant, arrays
                del future
                if progress is not None:
                    progress(steps.stop, len(grid))
        finally:
            for _, future in ahead:
                future.cancel()


def _masks(world: Stage) -> list[list[Outages]]:
    """What is on in every variant, for each state of its sites that comes up in it."""
    found = []
    for variant in world.scenario.variants():
        every = (acting_events(world.scenario, variant, at) for at in world.grid.utc)
        # No site hangs on for how long an event has acted.
        states = dict.fromkeys(tuple(each._replace(days=0.0) for each in acting) for acting in every)
        masks = (outages(world, acting) for acting in states)
        found.append(list({(off.site.tobytes(), off.there.tobytes()): off for off in masks}.values()))
    return found


def _attributes(scenario: Scenario) -> dict[str, Any]:
    return provenance(scenario.title, scenario.seed, scenario.resolved())
