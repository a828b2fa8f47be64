"""How long a snapshot and its routes take, beside the same answers from others.

Spheres and circles are enough here: the times depend on the graph, not on the model of the orbit.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np
import scipy.sparse

from benchmarks.rivals import floyd_warshall
from obrii.constants import EARTH_MEAN_RADIUS_M, LASER_CLEARANCE_M
from obrii.kernels import paths
from obrii.network.snapshot import Snapshot, snapshot
from obrii.routing.shortest import Routes, routes_to

#: Planes, satellites a plane, inclination [deg], altitude [m]. The first is the shell that papers use; the second adds
#: shells of the same filing (FCC SAT-MOD-20200417-00037) and two grids invented to come near 10,000 (assumption).
SHELL = [(72, 22, 53.0, 550e3)]
GRIDS = [
    *SHELL,
    (72, 22, 53.2, 540e3),
    (36, 20, 70.0, 570e3),
    (6, 58, 97.6, 560e3),
    (4, 43, 97.6, 560e3),
    (28, 100, 53.0, 525e3),
    (28, 99, 43.0, 530e3),
]


def sky(grids: list[tuple[int, int, float, float]], n_sites: int, mask_deg: float = 25.0) -> tuple:
    """The arguments of `snapshot`: grids of four lasers a satellite, and sites at random between 55 S and 55 N."""
    rng = np.random.default_rng(1)
    places, lasers, first = [], [], 0
    for planes, slots, inclination_deg, altitude_m in grids:
        plane, slot = np.divmod(np.arange(planes * slots), slots)
        node, tilt = 2 * np.pi * plane / planes, np.radians(inclination_deg)
        along = 2 * np.pi * (slot + plane / planes) / slots
        x, y, z = np.cos(along), np.sin(along) * np.cos(tilt), np.sin(along) * np.sin(tilt)
        turned = [x * np.cos(node) - y * np.sin(node), x * np.sin(node) + y * np.cos(node), z]
        places.append((EARTH_MEAN_RADIUS_M + altitude_m) * np.array(turned))
        number = first + np.arange(planes * slots).reshape(planes, slots)
        beside = np.roll(number, -1, axis=0)
        beside[-1] = np.roll(beside[-1], -1)
        lasers += [np.stack([number, np.roll(number, -1, axis=1)], -1), np.stack([number, beside], -1)]
        first += planes * slots
    position_m = np.concatenate(places, axis=1)
    a, b = np.concatenate([pair.reshape(-1, 2) for pair in lasers]).T
    laser_m = np.linalg.norm(position_m[:, a] - position_m[:, b], axis=0)
    radius_m = np.linalg.norm(position_m[:, a], axis=0)
    longest_m = 2 * np.sqrt(radius_m**2 - (EARTH_MEAN_RADIUS_M + LASER_CLEARANCE_M) ** 2)
    laser_m[laser_m > longest_m] = np.nan

    latitude, longitude = np.radians(rng.uniform(-55, 55, n_sites)), rng.uniform(0, 2 * np.pi, n_sites)
    circle = np.cos(latitude)
    up = np.stack([circle * np.cos(longitude), circle * np.sin(longitude), np.sin(latitude)])
    rows, ranges_m = [], []
    for each in up.T:
        sight_m = position_m - EARTH_MEAN_RADIUS_M * each[:, None]
        range_m = np.linalg.norm(sight_m, axis=0)
        seen = np.flatnonzero(each @ sight_m > np.sin(np.radians(mask_deg)) * range_m)
        rows.append(seen)
        ranges_m.append(range_m[seen])
    ptr = np.cumsum([0] + [len(row) for row in rows])
    sights = (ptr, np.concatenate(rows).astype(np.int32), np.concatenate(ranges_m).astype(np.float32))
    on = (np.ones(first, bool), np.ones(len(a), bool), np.ones(n_sites, bool))
    return (first, a.astype(np.int32), b.astype(np.int32), laser_m.astype(np.float32), *sights, ~on[2], *on)


def open_steps(graph: Snapshot) -> scipy.sparse.csr_matrix:
    """The steps away from sites: from each site to the satellites, and between satellites; never into a site."""
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.ptr))
    open_ = graph.node < graph.n_satellites
    cost_m = graph.length_m[open_].astype(np.float64)
    return scipy.sparse.csr_matrix((cost_m, (tail[open_], graph.node[open_])), shape=(len(graph), len(graph)))


def dijkstra(graph: Snapshot) -> tuple[np.ndarray, np.ndarray]:
    """Distance [m] and next hop of every satellite to every site, (site, satellite), by SciPy."""
    roots = np.arange(graph.n_satellites, len(graph))
    distance_m, before = scipy.sparse.csgraph.dijkstra(open_steps(graph), indices=roots, return_predecessors=True)
    distance_m[np.isinf(distance_m)] = np.nan
    return distance_m[:, : graph.n_satellites], before[:, : graph.n_satellites]


def general(graph: Snapshot, lanes: int = 96, kind: type = np.float64) -> tuple[np.ndarray, np.ndarray]:
    """Distance [m] and next hop of every node to every site, (site, node), by the method for graphs without a grid."""
    edges = (graph.ptr, graph.node, graph.length_m)
    order, rank = np.empty((2, len(graph)), np.int32)
    places = paths.relay_order(*edges[:2], graph.relays, order, rank)
    roots = np.arange(graph.n_satellites, len(graph), dtype=np.int32)
    distance_m, next_hop = np.empty((len(roots), len(graph)), kind), np.empty((len(roots), len(graph)), np.int32)
    for first in range(0, len(roots), lanes):
        part = slice(first, first + lanes)
        settled_m, entered = np.empty((places, len(roots[part])), kind), np.empty(places, np.bool_)
        paths.enter(*edges, rank, roots[part], settled_m, entered)
        paths.settle(*edges, order, rank, 0.0, entered, settled_m)
        paths.next_hops(*edges, rank, 0.0, settled_m, distance_m[part], next_hop[part])
        paths.last_steps(*edges, roots[part], distance_m[part], next_hop[part])
    return distance_m, next_hop


def coarse(graph: Snapshot) -> Snapshot:
    """The same graph with every length in steps of 4 m."""
    return replace(graph, length_m=np.maximum(4.0 * np.round(graph.length_m / 4.0), 4.0))


def renumbered(arguments: tuple) -> tuple:
    """The same sky with its satellites numbered at random, as catalogues number them."""
    n_satellites, a, b, laser_m, ptr, seen, *rest = arguments
    number = np.random.default_rng(2).permutation(n_satellites).astype(np.int32)
    return (n_satellites, number[a], number[b], laser_m, ptr, number[seen], *rest)


def assert_equal(routes: Routes, distance_m: np.ndarray) -> None:
    """Stop where a rival's distances differ by one bit: only equal work is timed."""
    np.testing.assert_array_equal(routes.distance_m[:, : distance_m.shape[1]], distance_m)


def cpu_ms(work: Callable[[], Any], times: int = 25) -> float:
    """The median of the processor's time, after one run to warm up."""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return 1e3 * median(taken)


def measure() -> list[dict]:
    """One row a measurement: work, rival, figure, unit."""
    rows = []

    def add(work: str, rival: str, figure: float) -> None:
        rows.append({"work": work, "rival": rival, "figure": round(figure, 3), "unit": "ms"})

    for shape, arguments in (("72x22 torus", sky(SHELL, 100)), ("seven grids", sky(GRIDS, 192))):
        graph = snapshot(*arguments)
        sites = np.arange(graph.n_sites)
        found = routes_to(graph, sites)
        where = f"over {graph.n_satellites:,} satellites ({shape})"
        work = f"next hops of every node to {graph.n_sites} sites {where}"
        add(f"snapshot {where}", "obrii", cpu_ms(lambda made=arguments: snapshot(*made)))
        add(work, "obrii", cpu_ms(lambda graph=graph, sites=sites: routes_to(graph, sites)))
        assert_equal(found, general(graph)[0])
        np.testing.assert_array_equal(found.next_hop, general(graph)[1])
        add(work, "obrii.kernels.paths, for any graph", cpu_ms(lambda graph=graph: general(graph)))
        other = snapshot(*renumbered(arguments))
        add(f"{work}, numbered at random", "obrii", cpu_ms(lambda other=other, sites=sites: routes_to(other, sites)))
        assert_equal(found, dijkstra(graph)[0])
        add(work, "scipy.sparse.csgraph.dijkstra", cpu_ms(lambda graph=graph: dijkstra(graph), times=3))

        rounded, found_coarse = coarse(graph), routes_to(graph, sites, exact=False)
        assert_equal(found_coarse, dijkstra(rounded)[0])
        assert_equal(found_coarse, general(rounded, 192, np.float32)[0])
        np.testing.assert_array_equal(found_coarse.next_hop, general(rounded)[1])
        in_steps = f"{work}, lengths in steps of 4 m"
        add(in_steps, "obrii", cpu_ms(lambda graph=graph, sites=sites: routes_to(graph, sites, exact=False)))
        any_ms = cpu_ms(lambda rounded=rounded: general(rounded, 192, np.float32))
        add(in_steps, "obrii.kernels.paths, for any graph", any_ms)
        add(f"one path {where}", "obrii", cpu_ms(lambda graph=graph: routes_to(graph, [0])))

        if shape == "72x22 torus":
            start = time.process_time()
            distance_m, next_hop = floyd_warshall.routes(graph)
            taken_ms = 1e3 * (time.process_time() - start)
            assert_equal(found, distance_m)
            np.testing.assert_array_equal(found.next_hop[:, : graph.n_satellites], next_hop)
            add(work, "networkx.floyd_warshall_numpy", taken_ms)
    return rows


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:12.3f} {row['unit']}  {row['rival']:32} {row['work']}")
