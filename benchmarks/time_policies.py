"""How long the schedule of a slot takes under every policy: 10,000 cells, 10,000 satellites, 150 gateways.

With lasers, over a plus-grid, and without; the rank of all sight lines, which variants share, is timed apart.
Satellites fly on circles over a round Earth, as the times depend on how many there are and not on the model of the
orbit. The rival is a maximum flow without any limit to antennas: an upper bound to how many cells can be served.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import h3
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from benchmarks.time_schedule import Rows, rows
from benchmarks.time_sight import MASK_DEG, SHELLS, STEPS, cells, sky
from obrii.kernels.landing import LIVE
from obrii.links.visibility import Observers, Sights, observers, sight_lines
from obrii.routing.waydown import WayDown, bent_pipe, landings, over_lasers
from obrii.service.preference import NOTHING, POLICIES, UNRANKED, Choice, View
from obrii.service.scheduler import schedule

SATELLITES = 10_000
GATEWAYS = 150
#: Antennas a gateway, cells a satellite (16 beams by 8 cells in turn): assumptions of the built-in scenario.
ANTENNAS = 8
PLACES = np.full(SATELLITES, 128, np.int32)
#: How much longer than the best a path may be, one way: 2 ms; the same for the satellite of the slot before: 1 ms.
MARGIN_M = 2e-3 * 299_792_458.0


def plus_grid() -> tuple[np.ndarray, np.ndarray]:
    """Both ends of lasers to the next satellite of the plane and to the same one of the next plane."""
    ends, first = [], 0
    for planes, slots, _, _ in SHELLS:
        plane, slot = np.divmod(np.arange(planes * slots), slots)
        ends += [(first + k, first + plane * slots + (slot + 1) % slots) for k in [np.arange(planes * slots)]]
        ends += [(first + k, first + (plane + 1) % planes * slots + slot) for k in [np.arange(planes * slots)]]
        first += planes * slots
    a, b = (np.concatenate(side) for side in zip(*ends, strict=True))
    there = (a < SATELLITES) & (b < SATELLITES) & (a != b)
    return a[there], b[there]


class World:
    """Cells where people may live, gateways spread over them, one PoP, and who sees what in some slots."""

    def __init__(self) -> None:
        latitude, longitude = cells()["share"]
        self.cells = len(latitude)
        chosen = np.random.default_rng(2).choice(self.cells, GATEWAYS, replace=False)
        self.who: Observers = observers(latitude, longitude, 0.0, MASK_DEG)
        self.xyz_m = sky(SATELLITES)
        self.seen: Sights = sight_lines(self.who, self.xyz_m)
        ground = observers(latitude[chosen], longitude[chosen], 0.0, MASK_DEG)
        landed = sight_lines(ground, self.xyz_m)
        away = [h3.great_circle_distance(at, (50.1, 8.7), unit="m") for at in zip(latitude[chosen], longitude[chosen])]
        fibre_m, on = 1.5 * 1.5 * np.array([away]), np.ones(GATEWAYS, bool)
        every, antennas = np.ones(SATELLITES, bool), np.full(GATEWAYS, ANTENNAS, np.int32)
        a, b = plus_grid()
        self.slots: list[Rows] = [rows(self.seen, step) for step in range(STEPS)]
        self.ways: dict[str, list[WayDown]] = {"lasers": [], "no lasers": []}
        for step in range(STEPS):
            found = landings(SATELLITES, *rows(landed, step))
            here = self.xyz_m[step].astype(float)
            laser_m = np.linalg.norm(here[:, a] - here[:, b], axis=0).astype(np.float32)
            lasers = (a, b, laser_m, np.ones(len(a), bool))
            self.ways["lasers"].append(over_lasers(found, every, on, fibre_m, antennas, *lasers, 1e5))
            self.ways["no lasers"].append(bent_pipe(found, every, on, on, fibre_m, antennas))

    def ranks(self, choice: Choice) -> np.ndarray:
        """Ranks of all sight lines of all slots."""
        moved_m = np.diff(self.xyz_m, axis=0)
        # Straight on for some seconds, which is hardly off the circle; steps are 15 s apart.
        speed = np.concatenate([moved_m, moved_m[-1:]]) / np.float32(15.0)
        return choice.ranks(
            View(self.who, self.seen, self.xyz_m, lambda wait_s: self.xyz_m + np.float32(wait_s) * speed)
        )

    def served(self, lasers: str, choice: Choice, rank: np.ndarray, kept: list[np.ndarray]) -> list[np.ndarray]:
        """The satellites of cells in every slot."""
        pop, wanted = np.zeros(self.cells, np.int32), np.ones(self.cells, bool)
        begin = self.seen.ptr[:, 0]
        end = self.seen.ptr[:, -1]
        return [
            schedule(*seen, pop, wanted, way, PLACES, choice, rank[low:high], had).satellite
            for seen, way, low, high, had in zip(self.slots, self.ways[lasers], begin, end, kept, strict=True)
        ]

    def most(self, lasers: str) -> int:
        """The most cells of all slots that satellites could serve, by SciPy."""
        total = 0
        for (ptr, satellite, _), way in zip(self.slots, self.ways[lasers], strict=True):
            live = way.level[0, satellite] == LIVE
            cell = np.repeat(np.arange(self.cells), np.diff(ptr))[live]
            source, first, sink = self.cells, self.cells + 1, self.cells + 1 + SATELLITES
            tail = np.concatenate([np.full(self.cells, source), cell, first + np.arange(SATELLITES)])
            head = np.concatenate([np.arange(self.cells), first + satellite[live], np.full(SATELLITES, sink)])
            room = np.concatenate([np.ones(self.cells + len(cell)), PLACES]).astype(np.int32)
            graph = csr_matrix((room, (tail, head)), shape=(sink + 1, sink + 1))
            total += maximum_flow(graph, source, sink).flow_value
        return total


def cpu_ms(work: Callable[[], Any], times: int) -> float:
    """The median of the processor's time a slot, after one run to warm up."""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return 1e3 * median(taken) / STEPS


def measure() -> list[dict]:
    """One row a measurement: work, rival, figure, unit."""
    world = World()
    none = [NOTHING] * STEPS
    choices = {name: Choice(name, 0.0 if name == "least-path" else MARGIN_M) for name in POLICIES}
    choices["least-path, hysteresis"] = Choice(hysteresis_m=0.5 * MARGIN_M)
    size = f"{world.cells:,} cells, {SATELLITES:,} satellites, {GATEWAYS} gateways"
    figures = [
        (f"time in sight of all sight lines of a slot, {len(world.seen.satellite) // STEPS:,}", "obrii",
         cpu_ms(lambda: world.ranks(choices["most-lasting"]), 9), "ms"),
    ]  # fmt: skip
    for lasers in ("lasers", "no lasers"):
        most = world.most(lasers)
        plain = world.served(lasers, choices["least-path"], UNRANKED, none)
        for name, choice in choices.items():
            rank = world.ranks(choice)
            kept = [NOTHING, *plain[:-1]] if choice.remembers else none
            served = sum(int((slot >= 0).sum()) for slot in world.served(lasers, choice, rank, kept))
            if served > most:
                raise AssertionError(f"{name}: {served} cells are served, and {most} could be")
            taken = cpu_ms(partial(world.served, lasers, choice, rank, kept), 15)
            figures.append((f"schedule of a slot, {size}, {lasers}: {name}", "obrii", taken, "ms"))
            share = 100.0 * served / (STEPS * world.cells)
            figures.append((f"cells served of all, {lasers}: {name}", "obrii", share, "%"))
        bound = 100.0 * most / (STEPS * world.cells)
        figures.append((f"cells served of all, {lasers}: least-path", "scipy maximum_flow, no antennas", bound, "%"))
    return [{"work": work, "rival": by, "figure": round(figure, 3), "unit": unit} for work, by, figure, unit in figures]


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:12.3f} {row['unit']:2}  {row['rival']:32} {row['work']}")
