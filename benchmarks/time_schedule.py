"""How long the ways down and the schedule of a slot take, and what share of the cells in reach they serve.

Ukraine and the countries around it, over gateways without lasers, whole and after losses. The rival, a maximum flow
without any limit to antennas, is an upper bound: no schedule serves more. Circles over a round Earth are enough for
satellites, as the times depend on how many there are and not on the model of the orbit.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from benchmarks.time_sight import MASK_DEG, STEPS, sky
from obrii import frames
from obrii.ground import regions, site_tables
from obrii.ground.cells import cells_of, halo
from obrii.kernels.landing import LIVE
from obrii.links.visibility import Sights, observers, sight_lines
from obrii.routing.waydown import WayDown, bent_pipe, landings
from obrii.service.scheduler import Schedule, schedule

#: Working satellites of Starlink in September 2022, and cells a satellite (16 beams by 8 cells in turn, assumption).
SATELLITES = 2_480
CAPACITY = 128
PLACES = np.full(SATELLITES, CAPACITY, np.int32)
#: Light path of fibre over its great circle: light at 2c/3, and a route half as long again (assumption).
FIBRE = 1.5 * 1.5
LOST = {"all gateways": [], "without POL, LTU": ["POL", "LTU"], "without POL, LTU, TUR": ["POL", "LTU", "TUR"]}

Rows = tuple[np.ndarray, np.ndarray, np.ndarray]


def rows(sights: Sights, step: int) -> Rows:
    """The sight lines of a step: ptr, satellite, range."""
    ptr = sights.ptr[step]
    here = slice(ptr[0], ptr[-1])
    return ptr - ptr[0], sights.satellite[here], sights.range_m[here]


class World:
    """Cells, gateways and one PoP, and who sees what in some slots."""

    def __init__(self) -> None:
        area = cells_of(countries=["UKR"])
        cells = area.followed_by(halo(area, 1900.0, 3, regions.served("starlink-2022-10")))
        sites = site_tables.read("starlink-2023-10").sites
        self.gateway = np.flatnonzero(sites.role == "gateway")
        [pop] = np.flatnonzero(sites.name == "Frankfurt")
        latitude, longitude = sites.latitude_deg, sites.longitude_deg
        away_m = frames.great_circle_m(latitude[self.gateway], longitude[self.gateway], latitude[pop], longitude[pop])
        self.sites, self.fibre_m, self.cells = sites, FIBRE * away_m[None], len(cells)
        xyz_m = sky(SATELLITES)
        self.seen = sight_lines(observers(cells.latitude_deg, cells.longitude_deg, 0.0, MASK_DEG), xyz_m)
        self.landed = sight_lines(observers(latitude[self.gateway], longitude[self.gateway], 0.0, MASK_DEG), xyz_m)
        self.slots = [(rows(self.seen, step), rows(self.landed, step)) for step in range(STEPS)]

    def way(self, landed: Rows, lost: list[str]) -> WayDown:
        """The ways down of a slot."""
        on = ~np.isin(self.sites.country[self.gateway], lost)
        satellites, there = np.ones(SATELLITES, bool), np.ones(len(on), bool)
        fibre_m = np.where(on, self.fibre_m, np.inf)
        antennas = self.sites.antennas[self.gateway]
        return bent_pipe(landings(SATELLITES, *landed), satellites, there, on, fibre_m, antennas)

    def schedule(self, seen: Rows, way: WayDown) -> Schedule:
        """The schedule of a slot in which every cell is wanted."""
        return schedule(*seen, np.zeros(self.cells, np.int32), np.ones(self.cells, bool), way, PLACES)

    def most(self, seen: Rows, way: WayDown) -> int:
        """The most cells that satellites could serve with an antenna for each, by SciPy."""
        ptr, satellite, _ = seen
        live = way.level[0, satellite] == LIVE
        cell = np.repeat(np.arange(self.cells), np.diff(ptr))[live]
        source, first, sink = self.cells, self.cells + 1, self.cells + 1 + SATELLITES
        tail = np.concatenate([np.full(self.cells, source), cell, first + np.arange(SATELLITES)])
        head = np.concatenate([np.arange(self.cells), first + satellite[live], np.full(SATELLITES, sink)])
        room = np.repeat(np.array([1, 1, CAPACITY], np.int32), [self.cells, len(cell), SATELLITES])
        return maximum_flow(csr_matrix((room, (tail, head)), shape=(sink + 1, sink + 1)), source, sink).flow_value


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
    found = []
    size = f"{world.cells:,} cells, {SATELLITES:,} satellites, {len(world.gateway)} gateways"
    for name, lost in LOST.items():
        ways = [(seen, world.way(landed, lost)) for seen, landed in world.slots]
        plans = [world.schedule(*slot) for slot in ways]
        reach = sum(int((plan.furthest == LIVE).sum()) for plan in plans)
        served = sum(int((plan.satellite >= 0).sum()) for plan in plans)
        most = sum(world.most(*slot) for slot in ways)
        if served > most:
            raise AssertionError(f"{name}: {served} cells are served, and {most} could be")

        def down(lost: list[str] = lost) -> None:
            for _, landed in world.slots:
                world.way(landed, lost)

        def plan(ways: list[tuple[Rows, WayDown]] = ways) -> None:
            for slot in ways:
                world.schedule(*slot)

        def flow(ways: list[tuple[Rows, WayDown]] = ways) -> None:
            for slot in ways:
                world.most(*slot)

        figures = (
            (f"ways down of a slot, {size}, {name}", "obrii", cpu_ms(down, 25), "ms"),
            (f"schedule of a slot, {size}, {name}", "obrii", cpu_ms(plan, 25), "ms"),
            (f"schedule of a slot, {size}, {name}", "scipy maximum_flow, no antennas", cpu_ms(flow, 3), "ms"),
            (f"cells served of those in reach, {name}", "obrii", 100.0 * served / reach, "%"),
            (f"cells served of those in reach, {name}", "scipy maximum_flow, no antennas", 100.0 * most / reach, "%"),
        )
        found += [
            {"work": work, "rival": by, "figure": round(figure, 3), "unit": unit} for work, by, figure, unit in figures
        ]
    return found


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:12.3f} {row['unit']:2}  {row['rival']:32} {row['work']}")
