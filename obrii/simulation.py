"""A whole run: the loop over blocks of steps and variants, into memory or into a directory."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import xarray

from obrii.aimed import aimed, aims, with_aims
from obrii.blocks import BLOCK_STEPS, Kept, serve_after, serve_block
from obrii.errors import ModelError
from obrii.network.outages import Outages
from obrii.results import tables
from obrii.results.carried import Carrying, there
from obrii.results.checkpoint import EVERY_S, Checkpoints, Found, finished
from obrii.results.compared import Comparing
from obrii.results.directory import SUMMARY, RunDirectory
from obrii.results.handovers import Following
from obrii.results.metrics import Tally
from obrii.results.paired import PairTally
from obrii.results.provenance import made, provenance
from obrii.results.rates import RateTally
from obrii.results.store import Memory, Store
from obrii.scenario import axes
from obrii.scenario.acting import acting_events, check, outages
from obrii.scenario.inputs import inputs
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
    for steps, variant, arrays in _blocks(scenario, threads, progress, _Loop(world)):
        into.write(steps, variant, arrays)
    return into.dataset()


def run(
    scenario: Scenario,
    directory: str | Path,
    *,
    threads: int = 2,
    progress: Progress | None = None,
    resume: bool = False,
    checkpoint_s: float = EVERY_S,
) -> dict[str, Any]:
    """Run a scenario with an area, and leave its results in a directory: arrays, tables, summary.

    directory: new, empty, or that of an earlier run, which it replaces; what an interrupted run leaves never reads as
    whole. resume: go on where a run of the same scenario was interrupted in the directory, at its last checkpoint, to
    the same bytes as if it had not been; of a finished one nothing is computed. checkpoint_s: seconds between two
    checkpoints at least, 0 for one after every block. Returns the summary, as summary.json has it. Raises ObriiError
    with a sentence.
    """
    directory = Path(directory)
    of = made(scenario.resolved(), inputs(scenario))
    if resume and finished(directory, of):
        summary: dict[str, Any] = json.loads((directory / SUMMARY).read_text(encoding="utf-8"))
        return summary
    found = Found(directory, of) if resume else None
    known = found.known if found else {"aims": aims(scenario)}
    scenario = with_aims(scenario, known["aims"])
    world = stage(scenario)
    check(world)
    frame = axes.frame(world)
    tally = Tally(frame, axes.acting(world), axes.towns(world).cell)
    rates = None if world.demand is None else RateTally(frame, tally.measured, frame.terminals)
    notes = axes.notes(world, _masks(world))
    comparing = Comparing(frame, tally.measured, notes) if frame.terminals.size and len(frame.variants) > 1 else None
    pairs = PairTally(frame, tally.measured) if frame.pairs else None
    place = RunDirectory(directory, len(world.grid), made=of, resume=resume)
    into = Store(directory, frame, keep=scenario.output.keep, block=BLOCK_STEPS, attributes=_attributes(scenario))
    named = {"tally": tally, "rates": rates, "comparing": comparing, "pairs": pairs}
    adding = {name: each for name, each in named.items() if each is not None}
    loop = _Loop(world)
    carrying: dict[str, Carrying] = {"store": into, "loop": loop, **adding}
    if found is not None:
        found.fill(carrying)
    checkpoints = Checkpoints(directory, carrying, into.settle, of, known, checkpoint_s)
    for steps, variant, arrays in _blocks(scenario, threads, progress, loop):
        into.write(steps, variant, arrays)
        for each in adding.values():
            each.add(steps, variant, arrays)
        if variant == len(frame.variants) - 1:
            loop.done = steps.stop
            place.progress(steps.stop)
            checkpoints.offer(steps.stop)
    into.close()
    summary = tables.write(directory, tally, frame, notes, rates, comparing, pairs)
    place.finish()
    return summary


class _Loop(Carrying):
    """What the loop over blocks itself carries: steps done, who has been serving, and what each variant remembers."""

    CARRIES = ("done", "following")

    def __init__(self, world: Stage) -> None:
        grid = world.grid
        self.done = 0
        self.following = Following(grid.utc, grid.window, grid.duration_s)
        self.kept: list[Kept | None] = [None] * len(world.scenario.variants())
        self._steps, self._cells, self._satellites = len(grid), len(world.cells), len(world.constellation)

    def carried(self) -> Arrays:
        kept = {f"kept.{v}.{k}": each for v, of in enumerate(self.kept) for k, each in enumerate(of or ())}
        return super().carried() | kept

    def carry_on(self, arrays: Mapping[str, np.ndarray]) -> None:
        super().carry_on(arrays)
        if not 0 < self.done <= self._steps or (self.done % BLOCK_STEPS and self.done != self._steps):
            raise ModelError(f"done: {self.done} of {self._steps} steps are not whole blocks of {BLOCK_STEPS}")
        for variant in range(len(self.kept)):
            of: list[np.ndarray] = []
            while (name := f"kept.{variant}.{len(of)}") in arrays:
                of.append(there(name, arrays, np.int32, None))
                fits = not of[-1].size or -1 <= of[-1].min() <= of[-1].max() < self._satellites
                if len(of[-1]) not in (0, self._cells) or not fits:
                    raise ModelError(f"{name}: satellites or cells that there are not")
            self.kept[variant] = tuple(of) or None


def _blocks(
    scenario: Scenario, threads: int, progress: Progress | None, loop: _Loop
) -> Iterator[tuple[slice, int, Arrays]]:
    """What every variant leaves of every block of steps that is not done yet, in order.

    A few blocks ahead are computed in threads. Where steps remember each other only the sky is computed ahead, and the
    variants of a block are shared out instead.
    """
    variants = scenario.variants()
    world = stage(scenario)
    grid = world.grid

    def compute(steps: slice) -> Sky | list[Arrays]:
        sky = sky_block(scenario, steps)
        return sky if world.remembers else [serve_block(sky, variant) for variant in variants]

    ahead: deque[tuple[slice, Future[Sky | list[Arrays]]]] = deque()
    waiting = (steps for steps in grid.blocks(BLOCK_STEPS) if steps.start >= loop.done)
    if progress is not None and loop.done:
        progress(loop.done, len(grid))
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
                    left = list(pool.map(serve_after, [found] * len(variants), variants, loop.kept))
                    found, loop.kept = [arrays for arrays, _ in left], [after for _, after in left]
                # What has been handed on is let go, so that memory holds no more blocks than are being computed.
                found.reverse()
                for variant in range(len(variants)):
                    arrays = found.pop()
                    if "satellite" in arrays:
                        arrays |= loop.following.add(steps, variant, arrays["satellite"])
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
