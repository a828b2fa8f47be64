"""Laws that every set of ways obeys, whatever the graph: taking away never shortens, all on changes nothing.

Lengths are multiples of 2^-23 m and their sums exact, so that no law needs a tolerance.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from obrii.errors import ScenarioError
from obrii.network.snapshot import Snapshot, snapshot
from obrii.routing.edges import masked, tails
from obrii.routing.multipath import Route, disjoint_routes, equal_routes, route_counts, shortest_routes
from obrii.routing.shortest import routes_to
from tests.reference.dijkstra import Sky, skies
from tests.reference.search_plain import links

hops_m = st.sampled_from([0.0, 1.0, 299.792458])


def every_pair(graph: Snapshot) -> list[tuple[int, int]]:
    return list(itertools.permutations(range(graph.n_sites), 2))


def less(graph: Snapshot, data) -> tuple[np.ndarray, np.ndarray]:
    """Masks with some nodes and edges off."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    return rng.random(len(graph)) < 0.9, rng.random(len(graph.node)) < 0.9


def arrays(graph: Snapshot) -> list[bytes]:
    return [graph.ptr.tobytes(), graph.node.tobytes(), graph.length_m.tobytes(), graph.relays.tobytes()]


@given(skies())
def test_with_everything_on_a_mask_changes_nothing_to_the_bit(sky: Sky):
    graph = snapshot(*sky.arguments())
    for same in (masked(graph), masked(graph, np.ones(len(graph)), np.ones(len(graph.node)))):
        assert arrays(same) == arrays(graph)


@given(skies(all_on=True), st.data())
def test_a_mask_over_nodes_gives_the_snapshot_that_is_built_with_them_off(sky: Sky, data):
    graph = snapshot(*sky.arguments())
    node_on, _ = less(graph, data)
    n = graph.n_satellites
    built = snapshot(*replace(sky, satellite_on=node_on[:n].tolist(), site_on=node_on[n:].tolist()).arguments())
    assert arrays(masked(graph, node_on)) == arrays(built)


@given(skies(), st.data())
def test_a_link_is_off_when_one_of_its_edges_is(sky: Sky, data):
    graph = snapshot(*sky.arguments())
    _, edge_on = less(graph, data)
    left = masked(graph, edge_on=edge_on)
    pairs = {frozenset(edge) for edge in zip(tails(graph)[~edge_on].tolist(), graph.node[~edge_on].tolist())}
    every = list(zip(tails(graph).tolist(), graph.node.tolist()))
    assert list(zip(tails(left).tolist(), left.node.tolist())) == [
        edge for edge in every if frozenset(edge) not in pairs
    ]


@pytest.mark.parametrize(("name", "count"), [("node_on", 2), ("edge_on", 2)])
def test_a_mask_of_another_shape_is_refused(name: str, count: int):
    graph = snapshot(1, [], [], [], [0], [], [], [], [True], [], [])
    with pytest.raises(ScenarioError, match=rf"{name} has shape \({count},\)"):
        masked(graph, **{name: np.ones(count)})


@given(skies(), hops_m, st.data())
def test_losing_nodes_and_links_never_shortens_ways_nor_adds_to_them(sky: Sky, hop_m: float, data):
    graph = snapshot(*sky.arguments())
    left, ends = masked(graph, *less(graph, data)), every_pair(graph)
    for k in (1, 2, 3):
        whole, rest = (disjoint_routes(each, ends, k, hop_m) for each in (graph, left))
        for before, after in zip(whole, rest, strict=True):
            assert len(after) <= len(before)
            if len(after) == len(before):
                assert sum(route.length_m for route in after) >= sum(route.length_m for route in before)
    whole, rest = (shortest_routes(each, ends, 5, hop_m) for each in (graph, left))
    for before, after in zip(whole, rest, strict=True):
        assert len(after) <= len(before)
        assert all(b.length_m <= a.length_m for b, a in zip(before, after))


@given(skies(), hops_m)
def test_one_way_more_never_shortens_them_all_together(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    ends = every_pair(graph)
    sets = [disjoint_routes(graph, ends, most, hop_m) for most in (1, 2, 3, 4)]
    for by_most in zip(*sets, strict=True):
        totals = [sum(route.length_m for route in routes) for routes in by_most]
        # By Suurballe each further way costs at least as much as the one before.
        steps = [b - a for a, b, more in zip(totals, totals[1:], by_most[1:]) if len(more) > 1]
        found = len(by_most[-1])
        assert [len(routes) for routes in by_most] == [min(most, found) for most in (1, 2, 3, 4)]
        assert steps[: max(found - 1, 0)] == sorted(steps[: max(found - 1, 0)])


@given(skies(), hops_m)
def test_ways_come_in_order_without_a_node_twice_and_all_different(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    for routes in shortest_routes(graph, every_pair(graph), 8, hop_m):
        assert routes == sorted(set(routes))
        assert all(len(set(route.nodes)) == len(route.nodes) for route in routes)


@given(skies(), hops_m)
def test_the_way_back_has_the_same_lengths(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    ends = every_pair(graph)
    back = [(b, a) for a, b in ends]

    def lengths(found: list[list[Route]]) -> list[list[float]]:
        return [[route.length_m for route in routes] for routes in found]

    assert lengths(shortest_routes(graph, ends, 4, hop_m)) == lengths(shortest_routes(graph, back, 4, hop_m))
    both = (disjoint_routes(graph, each, 3, hop_m) for each in (ends, back))
    there, here = ([sum(route.length_m for route in routes) for routes in found] for found in both)
    assert there == here


@given(skies(), hops_m, st.data())
def test_ways_under_masks_take_nothing_that_is_off(sky: Sky, hop_m: float, data):
    graph = snapshot(*sky.arguments())
    node_on, edge_on = less(graph, data)
    off = {frozenset(edge) for edge in zip(tails(graph)[~edge_on].tolist(), graph.node[~edge_on].tolist())}
    left, ends = masked(graph, node_on, edge_on), every_pair(graph)
    for found in (disjoint_routes(left, ends, 3, hop_m), shortest_routes(left, ends, 3, hop_m)):
        for route in itertools.chain.from_iterable(found):
            assert node_on[list(route.nodes)].all()
            assert not links(route.nodes) & off


@given(skies(), hops_m)
def test_there_is_one_equal_route_at_least_where_there_is_a_way_and_all_are_counted(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    routes = routes_to(graph, np.arange(graph.n_sites), hop_m)
    count = route_counts(graph, routes, hop_m)
    assert_array_equal(count >= 1.0, ~np.isnan(routes.distance_m))
    ends = every_pair(graph)
    for (a, b), equal in zip(ends, equal_routes(graph, ends, 20, hop_m), strict=True):
        assert len(equal) == min(count[b, graph.n_satellites + a], 20)
