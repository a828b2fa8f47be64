"""The way down of every satellite of a real sky over lasers: to one PoP, and to all of them.

The sky is the catalogue of May 2026 as it ships (8,701 satellites in service), the ground the gateways and PoPs of 2026
that ship. The rival finds the same lengths with scipy's Dijkstra on the same graph; they are compared first.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from obrii import Scenario
from obrii.routing.waydown import WayDown, over_lasers
from obrii.scenario.acting import outages
from obrii.scenario.stage import stage
from obrii.sky import sky_block

TEXT = """
title = "way down"
time = {start = 2026-05-30T12:00:00Z, seconds = 150, step_s = 15}
[[operator]]
name = "starlink"
constellation = "starlink-2026-05"
ground = "starlink-2026"
lasers = "plus-grid"
"""
STEPS = 10


def measure() -> list[dict[str, Any]]:
    """CPU time, median over ten slots."""
    scenario = Scenario.parse(TEXT)
    world = stage(scenario)
    network, links = world.networks[0], world.lasers.links
    sky, off = sky_block(scenario, slice(0, STEPS)), outages(world, ())
    fibre_m = network.fibre_m(off.site, off.fibre)
    pops = len(network.pops)

    def ways(step: int, asked: np.ndarray) -> WayDown:
        on = (off.satellite, off.site[network.gateways])
        lasers = (links.a, links.b, sky.laser_range_m[step], off.laser)
        return over_lasers(sky.landings[0][step], *on, fibre_m, network.antennas, *lasers, 0.0, asked)

    def by_scipy(step: int, asked: np.ndarray) -> np.ndarray:
        way, count = ways(step, asked), len(world.constellation)
        down = way.passed[asked[0]] == 1
        there = ~np.isnan(sky.laser_range_m[step])
        ends = links.a[there], links.b[there]
        roots = count + np.arange(len(asked))
        fed = np.flatnonzero(down)
        length_m = way.way_m[np.ix_(asked, fed)]
        rows = np.concatenate([ends[0], np.repeat(roots, len(fed))])
        columns = np.concatenate([ends[1], np.tile(fed, len(asked))])
        weights = np.concatenate([sky.laser_range_m[step][there], length_m.ravel()])
        size = count + len(asked)
        found = dijkstra(
            coo_array((weights, (rows, columns)), shape=(size, size)).tocsr(), directed=False, indices=roots
        )
        assert np.allclose(found[0][:count], way.way_m[asked[0]], rtol=1e-6)
        return found

    size = f"{len(world.constellation):,} satellites, {len(network.gateways)} gateways"
    rows = []
    for work, asked in (
        (f"ways down, {size}, one PoP", np.array([0])),
        (f"ways down, {size}, {pops} PoPs", np.arange(pops)),
    ):
        rows.append({"work": work, "rival": "obrii", "figure": _median_ms(ways, asked), "unit": "ms CPU"})
        if len(asked) == 1:
            rival_ms = _median_ms(by_scipy, asked) - rows[-1]["figure"]
            rows.append({"work": work, "rival": "scipy dijkstra alone", "figure": rival_ms, "unit": "ms CPU"})
    return rows


def _median_ms(work: Callable[[int, np.ndarray], Any], asked: np.ndarray) -> float:
    work(0, asked)
    found = []
    for step in range(STEPS):
        began = time.process_time()
        work(step, asked)
        found.append(time.process_time() - began)
    return 1e3 * median(found)


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:10.2f} {row['unit']}  {row['rival']}: {row['work']}")
