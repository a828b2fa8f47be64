"""How the cost of a step grows with satellites, cells and sites.

Each series doubles one number and keeps the others. Its power says how the time grows from the middle of the series to
its end: 1 where twice as many take twice as long. `tools/growth_picture.py` draws the series from the page of results.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import h3
import numpy as np

from benchmarks import time_paths
from benchmarks.time_sight import MASK_DEG
from obrii.links.visibility import observers, sight_lines
from obrii.network.snapshot import snapshot
from obrii.orbits.elements import Elements
from obrii.orbits.propagation import positions, propagator
from obrii.orbits.shells import mean_motion_rad_min
from obrii.routing.shortest import routes_to

#: Each about twice the one before; lattices are nearly square, so that they differ in size alone.
SATELLITES = (1_000, 2_000, 4_000, 8_000, 16_000, 32_000)
CELLS = (1_250, 2_500, 5_000, 10_000, 20_000, 40_000)
SITES = (12, 24, 48, 96, 192, 384)
LATTICES = ((30, 34), (44, 46), (64, 64), (90, 90), (128, 128), (180, 180))

#: What is kept while another number grows.
FIXED_CELLS, FIXED_SATELLITES, FIXED_SITES = 10_000, 10_000, 100

EPOCH = np.datetime64("2022-10-03", "ns")
STEPS, STEP_S = 4, 15


def swarm(count: int) -> Elements:
    """Circular orbits of 540 to 560 km at random, as steep as those that fly."""
    rng = np.random.default_rng(1)
    nothing = np.zeros(count)
    return Elements(
        epoch=np.full(count, EPOCH), bstar=nothing, inclination=np.radians(rng.choice([43.0, 53.0, 70.0, 97.6], count)),
        node=rng.uniform(0.0, 2.0 * np.pi, count), eccentricity=nothing + 1e-7, argument_of_perigee=nothing,
        mean_anomaly=rng.uniform(0.0, 2.0 * np.pi, count),
        mean_motion=mean_motion_rad_min(rng.uniform(540e3, 560e3, count)),
        catalogue_id=np.full(count, -1), name=np.full(count, ""),
    )  # fmt: skip


def places(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Centres of cells of the planet at random, in H3's own order, (cell,) each [deg]."""
    planet = sorted(h3.uncompact_cells(h3.get_res0_cells(), 3))
    chosen = np.sort(np.random.default_rng(2).choice(len(planet), count, replace=False))
    latitude, longitude = np.array([h3.cell_to_latlng(planet[k]) for k in chosen]).T
    return latitude, longitude


def cpu_ms(work: Callable[[], Any], times: int = 7) -> float:
    """The median of the processor's time, after one run to warm up."""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return 1e3 * median(taken)


def series() -> Iterator[tuple[str, str, list[tuple[int, float]]]]:
    """Each series: what is done, what grows, and the time of a step [ms] at each of its sizes."""
    utc = EPOCH + np.arange(STEPS) * np.timedelta64(STEP_S, "s")
    skies = {count: propagator(swarm(count)) for count in (*SATELLITES, FIXED_SATELLITES)}
    found = [(count, cpu_ms(lambda made=skies[count]: positions(made, utc)) / STEPS) for count in SATELLITES]
    yield "positions of a step", "satellites", found

    xyz_m = {count: positions(made, utc) for count, made in skies.items()}
    who = {count: observers(*places(count), 0.0, MASK_DEG) for count in CELLS}
    fixed = who[FIXED_CELLS]
    found = [(count, cpu_ms(lambda sky=xyz_m[count]: sight_lines(fixed, sky)) / STEPS) for count in SATELLITES]
    yield f"sights of a step from {FIXED_CELLS:,} cells", "satellites", found
    sky = xyz_m[FIXED_SATELLITES]
    found = [(count, cpu_ms(lambda here=who[count]: sight_lines(here, sky)) / STEPS) for count in CELLS]
    yield f"sights of a step of {FIXED_SATELLITES:,} satellites", "cells", found

    found = []
    for planes, slots in LATTICES:
        graph = snapshot(*time_paths.sky([(planes, slots, 53.0, 550e3)], FIXED_SITES))
        sites = np.arange(FIXED_SITES)
        found.append((graph.n_satellites, cpu_ms(lambda graph=graph, sites=sites: routes_to(graph, sites), times=3)))
    yield f"routes to {FIXED_SITES} sites", "satellites", found
    graph = snapshot(*time_paths.sky(time_paths.GRIDS, SITES[-1]))
    found = [(count, cpu_ms(lambda count=count: routes_to(graph, np.arange(count)), times=3)) for count in SITES]
    yield f"routes over {graph.n_satellites:,} satellites", "sites", found


def power(sizes: list[tuple[int, float]]) -> float:
    """The power of the size that the time grows with, over the larger half of a series."""
    (small, before), (large, after) = sizes[len(sizes) // 2 - 1], sizes[-1]
    return math.log(after / before) / math.log(large / small)


def measure() -> list[dict]:
    """One row a size and one a series: work, rival, figure, unit."""
    rows = []
    for work, axis, sizes in series():
        for count, figure_ms in sizes:
            rows.append({"work": f"{work}: {count:,} {axis}", "rival": "obrii", "figure": figure_ms, "unit": "ms"})
        rows.append({"work": f"{work}: power", "rival": "obrii", "figure": power(sizes), "unit": f"of {axis}"})
    return rows


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:10.3f} {row['unit']:14} {row['work']}")
