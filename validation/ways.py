"""More than one way between two sites: those that share no link, and those that come next."""

from __future__ import annotations

from itertools import islice

import networkx
import numpy as np

from benchmarks.time_multipath import STEPS, steps_between
from benchmarks.time_paths import SHELL, sky
from obrii.network.snapshot import Snapshot, snapshot
from obrii.routing.multipath import disjoint_routes, shortest_routes
from validation.record import Effort, Finding, Validation

#: Ways that are asked for of every pair.
MOST = 6


def _drawn(effort: Effort) -> tuple[Snapshot, np.ndarray]:
    """A grid over the Earth with a quarter of its satellites lost, and pairs of sites."""
    arguments = list(sky(SHELL, 40))
    rng = np.random.default_rng(17)
    arguments[8] = rng.random(arguments[0]) > 0.25
    ends = rng.permuted(np.tile(np.arange(40), (effort.of(4, 40, 1_000), 1)), axis=1)[:, :2]
    return snapshot(*arguments), ends


def disjoint(effort: Effort) -> Finding:
    """Pairs with another number of ways that share no link, or with ways that are not the least together."""
    graph, ends = _drawn(effort)
    off, ways, short = 0, 0, 0
    for pair, routes in zip(ends, disjoint_routes(graph, ends, MOST), strict=True):
        source, target = (graph.n_satellites + pair).tolist()
        steps = steps_between(graph, source, target)
        joined = {source, target} <= set(steps)
        most = min(MOST, networkx.maximum_flow_value(steps, source, target)) if joined else 0
        links = [link for route in routes for link in zip(route.nodes, route.nodes[1:])]
        off += len(routes) != most or len({frozenset(link) for link in links}) != len(links)
        if most:
            steps.nodes[source]["demand"], steps.nodes[target]["demand"] = -most, most
            ours = sum(round(route.length_m * STEPS) for route in routes)
            off += networkx.min_cost_flow_cost(steps) != ours
        ways, short = ways + most, short + (most < MOST)
    return Finding(
        off, f"{len(ends)} pairs over 72 x 22 with a quarter lost, {ways} ways; {short} pairs have fewer than {MOST}"
    )


def in_order(effort: Effort) -> Finding:
    """Routes that are not the next of networkx, or not as long to the last bit."""
    graph, ends = _drawn(effort)
    off, ways = 0, 0
    for pair, routes in zip(ends, shortest_routes(graph, ends, MOST), strict=True):
        source, target = (graph.n_satellites + pair).tolist()
        steps = steps_between(graph, source, target)
        joined = {source, target} <= set(steps) and networkx.has_path(steps, source, target)
        found = islice(networkx.shortest_simple_paths(steps, source, target, "weight"), MOST) if joined else []
        theirs = [(networkx.path_weight(steps, way, "weight"), tuple(way)) for way in found]
        ours = [(round(route.length_m * STEPS), route.nodes) for route in routes]
        # Of routes that are as long networkx takes any first.
        off += len(theirs) != len(ours) or [length for length, _ in theirs] != [length for length, _ in ours]
        off += theirs != ours and len({length for length, _ in theirs}) == len(theirs)
        ways += len(theirs)
    return Finding(off, f"{len(ends)} pairs over the same grid, {ways} routes, the first {MOST} of each")


VALIDATIONS = (
    Validation(
        "ways that share no link: how many, and least together", "networkx (maximum flow, network simplex)", "pairs", 0,
        "Lengths are whole multiples of 2^-23 m: sums are exact.", disjoint,
    ),
    Validation(
        "second-best, third-best and further routes", "networkx (Yen)", "pairs", 0,
        "Lengths are whole multiples of 2^-23 m: sums are exact.", in_order,
    ),
)  # fmt: skip
