"""More than one way: against lists of all ways, against NetworkX, and on graphs small enough to see.

Lengths are float32 of at least 1 m, so sums in float64 are exact: everything is compared to the bit.
"""

from __future__ import annotations

import itertools
import math

import networkx
import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.errors import ScenarioError
from obrii.network.snapshot import Snapshot, snapshot
from obrii.routing.multipath import Route, disjoint_routes, equal_routes, route_counts, shortest_routes
from obrii.routing.shortest import least_path, routes_to
from tests.reference.dijkstra import Sky, skies
from tests.reference.search_plain import few, least_disjoint_m, links, ways

hops_m = st.sampled_from([0.0, 1.0, 299.792458])


def rounded(hop_m: float) -> float:
    return float(np.rint(hop_m * 2**23)) / 2**23


def all_ends(graph: Snapshot) -> list[tuple[int, int]]:
    return list(itertools.permutations(range(graph.n_sites), 2))


def listed(sky: Sky, ends: tuple[int, int], hop_m: float) -> list[tuple[float, tuple[int, ...]]]:
    n = len(sky.satellite_on)
    return ways(sky.graph(), sky.relays(), n + ends[0], n + ends[1], rounded(hop_m))


def both_ways(sky: Sky, source: int, target: int, hop_m: float) -> networkx.DiGraph:
    """Every step that a way may take, with capacity 1 and its cost in the steps of a float32 of 1 m."""
    steps = networkx.DiGraph()
    steps.add_nodes_from([source, target])
    relays = sky.relays()
    for a, row in sky.graph().items():
        for b, length_m in row.items():
            if (a == source or relays[a]) and (b == target or relays[b]):
                cost_m = length_m + (0.0 if b == target else rounded(hop_m))
                steps.add_edge(a, b, capacity=1, weight=round(cost_m * 2**23))
    return steps


def assert_walks(graph: Snapshot, routes: list[Route], ends: tuple[int, int], hop_m: float) -> None:
    """Each route goes from end to end over links that are there, through nodes that relay, as long as it says."""
    edges = {
        (a, int(b)): float(graph.length_m[e])
        for a in range(len(graph))
        for e in range(*graph.ptr[a : a + 2])
        for b in [graph.node[e]]
    }
    for route in routes:
        assert [route.nodes[0], route.nodes[-1]] == [graph.n_satellites + end for end in ends]
        assert graph.relays[list(route.nodes[1:-1])].all()
        along_m = sum(edges[step] for step in itertools.pairwise(route.nodes))
        assert route.length_m == along_m + rounded(hop_m) * max(len(route.nodes) - 2, 0)


@given(few(), hops_m, st.integers(1, 3))
def test_disjoint_routes_are_the_least_set_of_all_ways(sky: Sky, hop_m: float, most: int):
    graph = snapshot(*sky.arguments())
    for ends, routes in zip(all_ends(graph), disjoint_routes(graph, all_ends(graph), most, hop_m), strict=True):
        assert (len(routes), sum(route.length_m for route in routes)) == least_disjoint_m(
            listed(sky, ends, hop_m), most
        )
        assert_walks(graph, routes, ends, hop_m)


@given(skies(), hops_m)
def test_disjoint_routes_share_no_link_and_no_more_of_them_exist_by_networkx(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    for ends, routes in zip(all_ends(graph), disjoint_routes(graph, all_ends(graph), 99, hop_m), strict=True):
        assert_walks(graph, routes, ends, hop_m)
        used = [link for route in routes for link in links(route.nodes)]
        assert len(used) == len(set(used))
        assert routes == sorted(routes)
        a, b = (graph.n_satellites + end for end in ends)
        steps = both_ways(sky, a, b, hop_m)
        assert len(routes) == networkx.maximum_flow_value(steps, a, b)
        if routes:
            assert len(routes) == len(list(networkx.edge_disjoint_paths(steps, a, b)))


@given(skies(), hops_m, st.integers(1, 3))
def test_disjoint_routes_cost_what_the_least_flow_of_networkx_costs(sky: Sky, hop_m: float, most: int):
    graph = snapshot(*sky.arguments())
    for ends, routes in zip(all_ends(graph), disjoint_routes(graph, all_ends(graph), most, hop_m), strict=True):
        a, b = (graph.n_satellites + end for end in ends)
        steps = both_ways(sky, a, b, hop_m)
        steps.nodes[a]["demand"], steps.nodes[b]["demand"] = -len(routes), len(routes)
        flow = networkx.min_cost_flow_cost(steps)
        assert sum(round(route.length_m * 2**23) for route in routes) == flow


@given(few(), hops_m, st.integers(1, 12))
def test_shortest_routes_are_the_first_of_all_ways(sky: Sky, hop_m: float, most: int):
    graph = snapshot(*sky.arguments())
    for ends, routes in zip(all_ends(graph), shortest_routes(graph, all_ends(graph), most, hop_m), strict=True):
        assert [(route.length_m, route.nodes) for route in routes] == listed(sky, ends, hop_m)[:most]


@given(skies(), hops_m)
def test_shortest_routes_are_as_long_as_those_of_networkx(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    for ends, routes in zip(all_ends(graph), shortest_routes(graph, all_ends(graph), 6, hop_m), strict=True):
        a, b = (graph.n_satellites + end for end in ends)
        steps = both_ways(sky, a, b, hop_m)
        known = networkx.shortest_simple_paths(steps, a, b, weight="weight") if networkx.has_path(steps, a, b) else []
        lengths = [networkx.path_weight(steps, nodes, "weight") for nodes in itertools.islice(known, 6)]
        assert [round(route.length_m * 2**23) for route in routes] == lengths
        assert_walks(graph, routes, ends, hop_m)


@given(few(), hops_m)
def test_equal_routes_are_all_ways_of_least_length_and_are_counted(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    count = route_counts(graph, routes_to(graph, np.arange(graph.n_sites), hop_m), hop_m)
    for ends, routes in zip(all_ends(graph), equal_routes(graph, all_ends(graph), 999, hop_m), strict=True):
        every = listed(sky, ends, hop_m)
        assert [route.nodes for route in routes] == [nodes for length_m, nodes in every if length_m == every[0][0]]
        assert count[ends[1], graph.n_satellites + ends[0]] == len(routes)


@given(skies(), hops_m)
def test_the_first_route_is_the_least_path(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    every = all_ends(graph)
    ordered, equal = (f(graph, every, 1, hop_m) for f in (shortest_routes, equal_routes))
    for ends, first, same, alone in zip(every, ordered, equal, disjoint_routes(graph, every, 1, hop_m), strict=True):
        length_m, nodes = least_path(graph, *ends, hop_m)
        assert [(route.length_m, list(route.nodes)) for route in first] == ([(length_m, nodes)] if nodes else [])
        assert first == same
        assert [route.length_m for route in alone] == [route.length_m for route in first]


def test_two_ways_without_a_common_link_may_leave_the_least_delay_route():
    # Both ways need one of the two links that the least-delay route over 0 and 1 would take.
    on = ([True] * 4, [True] * 3, [True] * 2)
    sights = ([0, 2, 4], [0, 2, 1, 3], [6e5, 1e6, 6e5, 1e6])
    graph = snapshot(4, [0, 0, 2], [1, 3, 1], [1e6, 2e6, 2.5e6], *sights, [False] * 2, *on)
    assert least_path(graph, 0, 1) == (2.2e6, [4, 0, 1, 5])
    assert disjoint_routes(graph, [[0, 1]], 1) == [[Route(2.2e6, (4, 0, 1, 5))]]
    assert disjoint_routes(graph, [[0, 1]], 3) == [[Route(3.6e6, (4, 0, 3, 5)), Route(4.1e6, (4, 2, 1, 5))]]


def test_disjoint_routes_pass_no_site_that_does_not_relay():
    on = ([True] * 2, [], [True] * 3)
    sights = ([0, 2, 4, 6], [0, 1] * 3, [6e5] * 6)
    for relays, count in ((False, 2), (True, 2)):
        graph = snapshot(2, [], [], [], *sights, [False, relays, False], *on)
        assert [len(routes) for routes in disjoint_routes(graph, [[0, 2]], 9)] == [count]
    graph = snapshot(2, [], [], [], [0, 1, 3, 4], [0, 0, 1, 1], [6e5] * 4, [False] * 3, *on)
    assert disjoint_routes(graph, [[0, 2]]) == shortest_routes(graph, [[0, 2]], 2) == [[]]


def test_from_a_site_to_itself_there_is_one_way_of_no_length():
    graph = snapshot(1, [], [], [], [0, 1], [0], [6e5], [False], [True], [], [True])
    for found in (
        disjoint_routes(graph, [[0, 0]]),
        shortest_routes(graph, [[0, 0]], 3),
        equal_routes(graph, [[0, 0]], 3),
    ):
        assert found == [[Route(0.0, (1,))]]


def test_no_pairs_are_no_routes():
    graph = snapshot(1, [], [], [], [0, 1], [0], [6e5], [False], [True], [], [True])
    assert disjoint_routes(graph, []) == []


@pytest.mark.parametrize(
    ("ends", "most", "hop_m", "words"),
    [
        ([0, 0], 1, 0.0, r"ends has shape \(2,\), not \(pair, 2\)"),
        ([[0, 1]], 1, 0.0, "site 1 is not among the 1 sites"),
        ([[-1, 0]], 1, 0.0, "site -1 is not among the 1 sites"),
        ([[0, 0]], 0, 0.0, "0 ways are asked for; ask for at least 1"),
        ([[0, 0]], 1, math.nan, "finite light path in metres"),
    ],
)
@pytest.mark.parametrize("asked", [disjoint_routes, shortest_routes, equal_routes])
def test_what_cannot_be_asked_is_refused(asked, ends, most, hop_m, words):
    graph = snapshot(1, [], [], [], [0, 1], [0], [6e5], [False], [True], [], [True])
    with pytest.raises(ScenarioError, match=words):
        asked(graph, ends, most, hop_m)


def long_ways(length_m: float) -> Snapshot:
    on = ([True] * 4, [True] * 3, [True] * 2)
    sights = ([0, 2, 4], [0, 2, 1, 3], [length_m, 1.1, length_m, 1.1], [False] * 2)
    return snapshot(4, [0, 0, 2], [1, 3, 1], [7.3, length_m, 2.5e6], *sights, *on)


def test_ways_too_long_to_be_summed_exactly_are_refused():
    assert len(shortest_routes(long_ways(4e8), [[0, 1]], 9)[0]) == 4
    with pytest.raises(ScenarioError, match=r"beyond 2\^29 m sums of lengths are not exact"):
        shortest_routes(long_ways(1e9), [[0, 1]], 9)


def torus(planes: int, slots: int, rng) -> Snapshot:
    n = np.arange(planes * slots).reshape(planes, slots)
    pairs = np.concatenate([np.stack([n, np.roll(n, -1, axis)], -1).reshape(-1, 2) for axis in (0, 1)])
    seen = [0, 1, slots, n[planes // 2, slots // 2], n[planes // 2, slots // 2 + 1]]
    sights = ([0, 3, 5], seen, rng.uniform(5e5, 2e6, 5), [False] * 2)
    on = ([True] * n.size, [True] * len(pairs), [True] * 2)
    return snapshot(n.size, *pairs.T, rng.uniform(1e6, 3e6, len(pairs)), *sights, *on)


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="too many nodes without compilation")
def test_over_a_shell_the_routes_are_those_of_networkx(rng):
    graph = torus(30, 20, rng)
    steps = networkx.Graph()
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.ptr))
    steps.add_weighted_edges_from(zip(tail.tolist(), graph.node.tolist(), graph.length_m.astype(float).tolist()))
    a, b = graph.n_satellites, graph.n_satellites + 1
    assert len(disjoint_routes(graph, [[0, 1]], 9)[0]) == 2
    known = list(itertools.islice(networkx.shortest_simple_paths(steps, a, b, "weight"), 8))
    found = shortest_routes(graph, [[0, 1]], 8)[0]
    assert [list(route.nodes) for route in found] == known
    assert [route.length_m for route in found] == [networkx.path_weight(steps, nodes, "weight") for nodes in known]


def test_coarse_routes_are_not_counted():
    graph = snapshot(1, [], [], [], [0, 1, 2], [0, 0], [6e5, 7e5], [False] * 2, [True], [], [True] * 2)
    with pytest.raises(ScenarioError, match="coarse lengths tell no equal ways apart"):
        route_counts(graph, routes_to(graph, [1], exact=False))
