"""Hypatia's step: move 1,584 satellites, find all links, and the next hop of every node to each of 100 stations.

Hypatia (Kassing et al., IMC 2020) takes 16.7 s for it; `networkx.floyd_warshall_numpy` on the graph of satellites, two
thirds of that step, runs beside ours. Its answers are compared with ours in `benchmarks.time_paths`.
"""

from __future__ import annotations

import time
from statistics import median
from typing import Any

import networkx as nx
import numpy as np

from obrii import Scenario
from obrii.ground import gazetteer
from obrii.routing.shortest import Routes, routes_to
from obrii.scenario.acting import outages
from obrii.scenario.stage import Stage, stage
from obrii.sky import Sky, graph_at, sky_block

WORK = "Hypatia's step: 1,584 satellites, 100 stations, next hop of every node to every station"
REPEATS = 25


def scenario() -> Scenario:
    """The shell of Hypatia's paper under the 100 largest towns, as sites that never relay."""
    towns = gazetteer.places()
    largest = np.argsort(-towns.people, kind="stable")[:100]
    site = '[[site]]\nname = "{}"\nlatitude_deg = {}\nlongitude_deg = {}'
    sites = [
        site.format(k, towns.latitude_deg[town], towns.longitude_deg[town]) for k, town in enumerate(largest.tolist())
    ]
    return Scenario.parse(
        'title = "step"\ntime = {start = 2000-01-01T00:00:00Z, seconds = 60, step_s = 1}\n[[operator]]\nname = "s"\n'
        'lasers = "plus-grid"\nseam_shift = 0\n[[operator.shell]]\nname = "550"\nplanes = 72\n'
        'satellites_per_plane = 22\ninclination_deg = 53\naltitude_m = 550e3\nphasing = "half-odd"\n' + "\n".join(sites)
    )


def step(world: Stage, run: Scenario, index: int) -> tuple[Sky, Routes]:
    """All of one step."""
    sky = sky_block(run, slice(index, index + 1))
    return sky, routes_to(graph_at(world, sky, 0, outages(world, ())), np.arange(100))


def measure() -> list[dict[str, Any]]:
    """CPU time of the step, and of the rival's part of it."""
    run = scenario()
    world = stage(run)
    step(world, run, 0)
    ours = []
    for index in range(REPEATS):
        began = time.process_time()
        sky, _ = step(world, run, index)
        ours.append(time.process_time() - began)
    graph = nx.Graph()
    links = world.lasers.links
    for a, b, range_m in zip(links.a.tolist(), links.b.tolist(), sky.laser_range_m[0].tolist(), strict=True):
        if not np.isnan(range_m):
            graph.add_edge(a, b, weight=range_m)
    began = time.process_time()
    nx.floyd_warshall_numpy(graph)
    rival = time.process_time() - began
    return [
        {"work": WORK, "rival": "obrii", "figure": 1e3 * median(ours), "unit": "ms CPU"},
        {"work": WORK, "rival": "networkx.floyd_warshall_numpy alone", "figure": 1e3 * rival, "unit": "ms CPU"},
        {"work": WORK, "rival": "Hypatia, as published", "figure": 16_700.0, "unit": "ms CPU"},
    ]


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:10.2f} {row['unit']}  {row['rival']}: {row['work']}")
