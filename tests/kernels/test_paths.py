"""The path kernels against their plain twin, SciPy and NetworkX.

Lengths are float32 of at least 1 m, so sums in float64 are exact: everything is compared to the bit.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import networkx
import numba
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from obrii.kernels import paths
from obrii.network.snapshot import Snapshot, snapshot
from tests.reference.dijkstra import Sky, least_tree, skies, walked

hops_m = st.one_of(st.just(0.0), st.integers(1, 3).map(float), st.integers(1, 2**40).map(lambda step: step / 2**23))


def settled(graph: Snapshot, roots, hop_m: float = 0.0, kind=np.float64) -> tuple[np.ndarray, np.ndarray]:
    """Distance [m] of every place in the order of relays to each root, (place, root), and the rank of every node."""
    order, rank = np.empty(len(graph), np.int32), np.empty(len(graph), np.int32)
    count = paths.relay_order(graph.ptr, graph.node, graph.relays, order, rank)
    settled_m, entered = np.empty((count, len(roots)), kind), np.empty(count, np.bool_)
    edges = (graph.ptr, graph.node, graph.length_m)
    paths.enter(*edges, rank, roots, settled_m, entered)
    paths.settle(*edges, order, rank, hop_m, entered, settled_m)
    return settled_m, rank


def trees(graph: Snapshot, roots, hop_m: float = 0.0, kind=np.float64) -> tuple[np.ndarray, np.ndarray]:
    """Distance [m] and next hop of every node to each root, (root, node); roots may be any nodes."""
    roots = np.array(roots, np.int32)
    settled_m, rank = settled(graph, roots, hop_m, kind)
    distance_m, next_hop = np.empty((len(roots), len(graph)), kind), np.empty((len(roots), len(graph)), np.int32)
    edges = (graph.ptr, graph.node, graph.length_m)
    paths.next_hops(*edges, rank, hop_m, settled_m, distance_m, next_hop)
    paths.last_steps(*edges, roots, distance_m, next_hop)
    return distance_m, next_hop


def steps_from(graph: Snapshot, root: int, hop_m: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Tail, head and cost of every step that a way out of the root may take: only from it and from nodes that relay."""
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.ptr))
    cost_m = graph.length_m + np.where(tail == root, 0.0, hop_m)
    open_ = graph.relays[tail] | (tail == root)
    return tail[open_], graph.node[open_], cost_m[open_]


def scipy_distance_m(graph: Snapshot, root: int, hop_m: float) -> np.ndarray:
    tail, head, cost_m = steps_from(graph, root, hop_m)
    steps = scipy.sparse.csr_matrix((cost_m, (tail, head)), shape=(len(graph), len(graph)))
    distance_m = scipy.sparse.csgraph.dijkstra(steps, indices=root)
    return np.where(np.isfinite(distance_m), distance_m, np.nan)


@given(skies(), hops_m)
def test_trees_equal_the_plain_twin_with_its_choice_among_equal_ways(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    distance_m, next_hop = trees(graph, range(len(graph)), hop_m)
    for root in range(len(graph)):
        plain_m, plain_next = least_tree(sky.graph(), sky.relays(), root, hop_m)
        assert_array_equal(distance_m[root], [plain_m.get(node, np.nan) for node in range(len(graph))])
        assert next_hop[root].tolist() == [plain_next.get(node, -1) for node in range(len(graph))]


@given(skies(), st.integers(0, 3))
def test_rows_of_float32_hold_the_same_trees_where_their_sums_are_exact(sky: Sky, steps: int):
    # In whole metres, and no way as long as 2^24 m.
    graph = snapshot(*sky.arguments())
    graph = replace(graph, length_m=np.ceil(graph.length_m) % 2**18 + 1)
    distance_m, next_hop = trees(graph, range(len(graph)), steps)
    single_m, single_next = trees(graph, range(len(graph)), steps, np.float32)
    assert single_m.dtype == np.float32
    assert_array_equal(single_m, distance_m)
    assert_array_equal(single_next, next_hop)


@given(skies(), hops_m)
def test_relays_are_settled_at_the_distances_of_the_tree(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    roots = np.arange(len(graph), dtype=np.int32)
    settled_m, rank = settled(graph, roots, hop_m)
    distance_m, _ = trees(graph, roots, hop_m)
    assert_array_equal(
        np.where(np.isinf(settled_m), np.nan, settled_m)[rank[graph.relays]], distance_m[:, graph.relays].T
    )


@given(skies(), hops_m)
def test_distances_equal_scipy_and_networkx(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    distance_m, _ = trees(graph, range(len(graph)), hop_m)
    for root in range(len(graph)):
        assert_array_equal(distance_m[root], scipy_distance_m(graph, root, hop_m))
        steps = networkx.DiGraph()
        steps.add_nodes_from(range(len(graph)))
        steps.add_weighted_edges_from(zip(*(each.tolist() for each in steps_from(graph, root, hop_m))))
        known_m = networkx.single_source_dijkstra_path_length(steps, root)
        assert_array_equal(distance_m[root], [known_m.get(node, np.nan) for node in range(len(graph))])


@given(skies(), hops_m)
def test_a_walk_follows_the_next_hops_and_costs_what_the_tree_says(sky: Sky, hop_m: float):
    graph, neighbours = snapshot(*sky.arguments()), sky.graph()
    distance_m, next_hop = trees(graph, range(len(graph)), hop_m)
    out_node = np.empty(len(graph), np.int32)
    for root in range(len(graph)):
        _, plain_next = least_tree(neighbours, sky.relays(), root, hop_m)
        for start in range(len(graph)):
            nodes = out_node[: paths.walk(next_hop[root], start, out_node)].tolist()
            assert nodes == walked(plain_next, start)
            if nodes:
                along_m = sum(neighbours[a][b] for a, b in itertools.pairwise(nodes)) + hop_m * max(len(nodes) - 2, 0)
                assert along_m == distance_m[root, start]


@given(skies(), hops_m, st.integers(0, 2**32 - 1))
def test_ways_that_end_at_exits_equal_those_to_roots_behind_them(sky: Sky, hop_m: float, seed: int):
    # Exits are steps into a further site, which has a higher number than any satellite.
    rng, n_satellites, journeys = np.random.default_rng(seed), len(sky.satellite_on), 2
    exits = np.flatnonzero(np.array(sky.satellite_on, bool) & (rng.random(n_satellites) < 0.4)).astype(np.int32)
    exit_m = rng.integers(1, 6, (len(exits), journeys)).astype(np.float32)
    exit_m[rng.random(exit_m.shape) < 0.3] = np.inf
    graph = snapshot(*Sky(sky.lasers, [], [], sky.satellite_on, sky.laser_on, []).arguments())
    edges = (graph.ptr, graph.node, graph.length_m)
    order, rank = np.empty((2, n_satellites), np.int32)
    paths.relay_order(*edges[:2], graph.relays, order, rank)
    settled_m, entered = np.empty((n_satellites, journeys)), np.empty(n_satellites, np.bool_)
    paths.enter_at(rank, exits, exit_m, settled_m, entered)
    paths.settle(*edges, order, rank, hop_m, entered, settled_m)
    distance_m, next_hop = np.empty((journeys, n_satellites)), np.empty((journeys, n_satellites), np.int32)
    paths.next_hops(*edges, rank, hop_m, settled_m, distance_m, next_hop)
    paths.last_exits(exits, exit_m, distance_m, next_hop)
    for k in range(journeys):
        down = [(0, int(s), float(exit_m[i, k])) for i, s in enumerate(exits) if exit_m[i, k] < np.inf]
        behind = Sky(sky.lasers, down, [False], sky.satellite_on, sky.laser_on, [True])
        plain_m, plain_next = least_tree(behind.graph(), behind.relays(), n_satellites, hop_m)
        assert_array_equal(distance_m[k], [plain_m.get(node, np.nan) for node in range(n_satellites)])
        known = [plain_next.get(node, -1) for node in range(n_satellites)]
        assert next_hop[k].tolist() == [node if to == n_satellites else to for node, to in enumerate(known)]


@given(skies())
def test_the_order_of_relays_names_each_once_and_its_rank_undoes_it(sky: Sky):
    graph = snapshot(*sky.arguments())
    order, rank = np.empty(len(graph), np.int32), np.empty(len(graph), np.int32)
    count = paths.relay_order(graph.ptr, graph.node, graph.relays, order, rank)
    assert sorted(order[:count].tolist()) == np.flatnonzero(graph.relays).tolist()
    assert rank[order[:count]].tolist() == list(range(count))
    assert (rank[~graph.relays] == -1).all()


def test_relays_keep_their_numbers_where_those_set_neighbours_near_each_other_and_else_go_breadth_first():
    n_satellites, on = 60, [True] * 60
    far = np.arange(n_satellites).reshape(2, 30).T.ravel()
    for chain, expected in ((np.arange(n_satellites), range(n_satellites)), (far, far.tolist())):
        graph = snapshot(n_satellites, chain[:-1], chain[1:], [5.0] * 59, [0], [], [], [], on, on[:-1], [])
        order, rank = np.empty((2, n_satellites), np.int32)
        assert paths.relay_order(graph.ptr, graph.node, graph.relays, order, rank) == n_satellites
        assert order.tolist() == list(expected)


def test_a_chain_numbered_at_random_is_settled_to_its_end(rng):
    n_satellites = 60
    chain = rng.permutation(n_satellites)
    on = [True] * n_satellites
    graph = snapshot(n_satellites, chain[:-1], chain[1:], [5.0] * 59, [0], [], [], [], on, on[:-1], [])
    distance_m, next_hop = trees(graph, [chain[0]])
    assert_array_equal(distance_m[0, chain], 5.0 * np.arange(n_satellites))
    assert_array_equal(next_hop[0, chain[1:]], chain[:-1])


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="too many nodes without compilation")
def test_trees_over_a_thousand_satellites_with_gaps_equal_scipy(rng):
    n_satellites, n_lasers, n_sites = 1200, 2400, 150
    a = rng.integers(0, n_satellites, n_lasers)
    b = (a + rng.integers(1, n_satellites, n_lasers)) % n_satellites
    _, once = np.unique(np.stack([np.minimum(a, b), np.maximum(a, b)]), axis=1, return_index=True)
    a, b, n_lasers = a[once], b[once], len(once)
    laser_m = np.where(rng.random(n_lasers) < 0.1, np.nan, 10 ** rng.uniform(0, 7, n_lasers))
    seen = np.concatenate([np.sort(rng.choice(n_satellites, 8, replace=False)) for _ in range(n_sites)])
    sights = (np.arange(0, 8 * n_sites + 1, 8), seen, rng.uniform(5e5, 2e6, 8 * n_sites))
    masks = tuple(rng.random(count) < 0.9 for count in (n_satellites, n_lasers, n_sites))
    graph = snapshot(n_satellites, a, b, laser_m, *sights, rng.random(n_sites) < 0.2, *masks)
    roots = n_satellites + np.arange(n_sites)
    distance_m, _ = trees(graph, roots, hop_m=1234.5)
    for k in range(0, n_sites, 10):
        assert_array_equal(distance_m[k], scipy_distance_m(graph, int(roots[k]), 1234.5))
    assert 0 < np.isnan(distance_m).mean() < 0.5
