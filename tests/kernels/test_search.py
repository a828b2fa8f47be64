"""The kernels that search for one way at a time against lists of all ways and the plain tree, to the bit."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from obrii.kernels import search
from obrii.network.snapshot import Snapshot, snapshot
from obrii.routing.shortest import routes_to
from tests.reference.dijkstra import Sky, least_tree, skies
from tests.reference.search_plain import few, least_disjoint_m, links, ways

hops_m = st.sampled_from([0.0, 1.0, 2514841412.0 / 2**23])


def room(graph: Snapshot) -> tuple[np.ndarray, ...]:
    """Keys, nodes, distances astray and nodes before, to work in."""
    edges, nodes = len(graph.node) + 1, len(graph)
    return np.empty(edges), np.empty(edges, np.int32), np.empty(nodes), np.empty(nodes, np.int32)


def rows(graph: Snapshot) -> tuple[np.ndarray, ...]:
    return graph.ptr, graph.node, graph.length_m, graph.relays


def ends(sky: Sky) -> list[tuple[int, int]]:
    n = len(sky.satellite_on)
    return list(itertools.permutations(range(n, n + len(sky.site_on)), 2))


@given(skies(), hops_m, st.data())
def test_a_search_without_some_nodes_and_links_ends_at_the_distance_of_the_plain_tree(sky: Sky, hop_m: float, data):
    graph = snapshot(*sky.arguments())
    left_m = routes_to(graph, np.arange(graph.n_sites), hop_m).distance_m
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.ptr))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    for source, target in ends(sky):
        node_on, shut = rng.random(len(graph)) < 0.85, rng.random(len(graph.node)) < 0.15
        node_on[[source, target]] = True
        state = np.where(shut, search.SHUT, search.OPEN).astype(np.int8)
        keys_m, nodes, astray_m, before = room(graph)
        left = left_m[target - graph.n_satellites]
        where = (*rows(graph), node_on, state, left, hop_m, source, target)
        found_m = search.search(*where, keys_m, nodes, astray_m, before) + left[source]
        # From the target the plain tree takes each link backwards.
        steps = {node: {} for node in range(len(graph))}
        for e in np.flatnonzero(~shut & node_on[tail] & node_on[graph.node]):
            steps[int(graph.node[e])][int(tail[e])] = float(graph.length_m[e])
        plain_m, _ = least_tree(steps, sky.relays(), target, hop_m)
        assert plain_m.get(source, np.inf) == (found_m if found_m == found_m else np.inf)


@given(few(), hops_m, st.data())
def test_the_first_way_is_the_first_of_all_ways_that_are_left(sky: Sky, hop_m: float, data):
    graph, (keys_m, nodes, astray_m, before) = (made := snapshot(*sky.arguments())), room(made)
    left_m = routes_to(graph, np.arange(graph.n_sites), hop_m).distance_m
    for source, target in ends(sky):
        off = data.draw(st.sets(st.integers(0, graph.n_satellites - 1), max_size=2))
        heads = data.draw(st.sets(st.integers(0, graph.n_satellites - 1), max_size=2))
        node_on, state = np.ones(len(graph), bool), np.zeros(len(graph.node), np.int8)
        node_on[list(off)] = False
        row = slice(*graph.ptr[source : source + 2])
        state[row] = np.isin(graph.node[row], list(heads))
        left = left_m[target - graph.n_satellites]
        where = (*rows(graph), node_on, state, left, hop_m, source, target)
        every = [
            way
            for way in ways(sky.graph(), sky.relays(), source, target, hop_m)
            if not off & set(way[1]) and way[1][1] not in heads
        ]
        if np.isfinite(search.search(*where, keys_m, nodes, astray_m, before)):
            way = np.empty(len(graph), np.int32)
            count = search.first_way(*where, astray_m, nodes, np.empty(len(graph), bool), way)
            assert tuple(way[:count].tolist()) == every[0][1]
        else:
            assert every == []


@given(few(), hops_m, st.data())
def test_a_detour_is_the_first_of_all_ways_that_leave_there_and_go_on_as_none_before(sky: Sky, hop_m: float, data):
    graph = snapshot(*sky.arguments())
    left_m = routes_to(graph, np.arange(graph.n_sites), hop_m).distance_m
    node_on, state = np.ones(len(graph), bool), np.zeros(len(graph.node), np.int8)
    for source, target in ends(sky):
        every = ways(sky.graph(), sky.relays(), source, target, hop_m)
        if not every:
            continue
        known = [nodes for _, nodes in data.draw(st.lists(st.sampled_from(every), min_size=1, max_size=3))]
        way = known[0]
        found = np.array([[*nodes, *[-1] * len(way)][: len(way)] for nodes in known], np.int32)
        spur = data.draw(st.integers(0, len(way) - 2))
        out_m, out_count, out_way = np.empty(len(way)), np.empty(len(way), int), np.empty((len(way), len(graph)), int)
        where = (*rows(graph), node_on, state, left_m[target - graph.n_satellites], hop_m, target, np.array(way), spur)
        search.detours(*where, found, *room(graph), np.empty(len(graph), bool), out_m, out_count, out_way)
        assert node_on.all()
        assert not state.any()
        for i in range(spur, len(way) - 1):
            gone = {nodes[: i + 2] for nodes in known}
            left = [(m, nodes) for m, nodes in every if nodes[: i + 1] == way[: i + 1] and nodes[: i + 2] not in gone]
            assert out_count[i] == (len(left[0][1]) if left else 0)
            if left:
                assert (out_m[i], tuple(out_way[i, : out_count[i]].tolist())) == left[0]


@given(few(), hops_m, st.integers(1, 4))
def test_ways_that_share_no_link_equal_the_least_set_of_all_ways(sky: Sky, hop_m: float, most: int):
    graph = snapshot(*sky.arguments())
    left_m = routes_to(graph, np.arange(graph.n_sites), hop_m).distance_m
    node_on, state, way = np.ones(len(graph), bool), np.empty(len(graph.node), np.int8), np.empty(len(graph), np.int32)
    for source, target in ends(sky):
        every = ways(sky.graph(), sky.relays(), source, target, hop_m)
        left = left_m[target - graph.n_satellites].copy()
        where = (*rows(graph), node_on, hop_m, source, target)
        count = search.share_no_link(*where, most, *room(graph), left, state)
        assert (state == search.SHUT).sum() == (state == search.BACK).sum()
        found = []
        for _ in range(count):
            nodes, length_m = search.follow(*rows(graph)[:3], hop_m, source, target, state, way)
            found.append((length_m, tuple(way[:nodes].tolist())))
        assert not (state == search.SHUT).any()
        assert set(found) <= set(every)
        assert (count, sum(length_m for length_m, _ in found)) == least_disjoint_m(every, most)
        used = [link for _, nodes in found for link in links(nodes)]
        assert len(used) == len(set(used))


@given(few(), hops_m)
def test_ways_are_counted_as_they_are_listed(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    left_m = routes_to(graph, np.arange(graph.n_sites), hop_m).distance_m
    for target in range(graph.n_satellites, len(graph)):
        left, count = left_m[target - graph.n_satellites], np.empty(len(graph))
        search.count_ways(*rows(graph), hop_m, target, np.argsort(left), left, count)
        every = [ways(sky.graph(), sky.relays(), source, target, hop_m) for source in range(len(graph))]
        assert_array_equal(count, [sum(m == listed[0][0] for m, _ in listed) for listed in every])
