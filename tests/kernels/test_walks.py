"""The kernels that walk along next hops, and those of edges, against their plain twins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from obrii.kernels import edges, walks
from obrii.network.snapshot import Snapshot, snapshot
from obrii.routing.shortest import Routes, path, routes_to
from tests.reference import walks_plain
from tests.reference.dijkstra import Sky, skies
from tests.reference.search_plain import kept


def asked(sky: Sky) -> tuple[Snapshot, Routes, np.ndarray]:
    graph = snapshot(*sky.arguments())
    nodes = np.arange(len(graph), dtype=np.int32)
    return graph, routes_to(graph, np.arange(graph.n_sites)), nodes


def ways(routes: Routes) -> dict[tuple[int, int], list[int]]:
    return {(node, k): path(routes, k, node) for k, row in enumerate(routes.next_hop) for node in range(len(row))}


@given(skies(), st.integers(0, 2**32 - 1))
def test_loads_equal_the_plain_twin(sky: Sky, seed: int):
    graph, routes, nodes = asked(sky)
    # Whole numbers, so that their order does not matter.
    demand = np.random.default_rng(seed).integers(0, 4, (len(nodes), graph.n_sites)).astype(float)
    load = np.zeros(len(graph.node))
    assert walks.add_loads(graph.ptr, graph.node, routes.next_hop, nodes, demand, load) == 0
    wanted = {(node, k): demand[node, k] for node in nodes.tolist() for k in range(graph.n_sites)}
    plain = walks_plain.loads(ways(routes), wanted)
    assert load.tolist() == [plain.get(edge, 0.0) for edge in walks_plain.edges(sky.graph())]


@given(skies())
def test_steps_over_links_that_are_gone_are_counted_and_not_loaded(sky: Sky):
    graph, routes, nodes = asked(sky)
    bare = snapshot(*replace(sky, satellite_on=[False] * len(sky.satellite_on)).arguments())
    demand = np.ones((len(nodes), graph.n_sites))
    steps = sum(max(len(way) - 1, 0) for way in ways(routes).values())
    assert walks.add_loads(bare.ptr, bare.node, routes.next_hop, nodes, demand, np.zeros(len(bare.node))) == steps


@given(skies())
def test_hops_are_the_links_of_the_path(sky: Sky):
    graph, routes, nodes = asked(sky)
    hops = np.empty((len(nodes), graph.n_sites), np.int32)
    walks.count_hops(routes.next_hop, nodes, hops)
    for (node, k), way in ways(routes).items():
        assert hops[node, k] == len(way) - 1


@given(skies(), st.data())
def test_ways_part_where_their_lists_of_nodes_do(sky: Sky, data):
    graph, before, nodes = asked(sky)
    off = [on and data.draw(st.sampled_from([True, True, False])) for on in sky.laser_on]
    _, after, _ = asked(replace(sky, laser_on=off))
    step = np.empty((len(nodes), graph.n_sites), np.int32)
    walks.part_ways(before.next_hop, after.next_hop, nodes, step)
    then = ways(after)
    for (node, k), way in ways(before).items():
        assert step[node, k] == walks_plain.parting(way, then[node, k])


@given(skies())
def test_back_edges_are_the_same_links_turned_round(sky: Sky):
    graph = snapshot(*sky.arguments())
    back = np.empty(len(graph.node), np.int64)
    edges.back_edges(graph.ptr, graph.node, np.empty(len(graph), np.int64), back)
    plain = walks_plain.edges(sky.graph())
    assert [plain[e] for e in back] == [(head, tail) for tail, head in plain]


@given(skies(), st.integers(0, 2**32 - 1))
def test_the_edges_that_are_kept_equal_the_plain_twin(sky: Sky, seed: int):
    graph, rng = snapshot(*sky.arguments()), np.random.default_rng(seed)
    node_on, edge_on = rng.random(len(graph)) < 0.8, rng.random(len(graph.node)) < 0.8
    back = np.empty(len(graph.node), np.int64)
    edges.back_edges(graph.ptr, graph.node, np.empty(len(graph), np.int64), back)
    ptr, node, length_m = (np.empty_like(array) for array in (graph.ptr, graph.node, graph.length_m))
    rows = (graph.ptr, graph.node, graph.length_m)
    count = edges.keep_edges(*rows, back, node_on, edge_on, ptr, node, length_m)
    listed = walks_plain.edges(sky.graph())
    off = {frozenset(edge) for edge, on in zip(listed, edge_on, strict=True) if not on}
    left = kept(sky.graph(), node_on, off)
    assert walks_plain.edges(left) == list(
        zip(np.repeat(np.arange(len(graph)), np.diff(ptr)).tolist(), node[:count].tolist(), strict=True)
    )
    assert_array_equal(length_m[:count], [left[a][b] for a, b in walks_plain.edges(left)])
