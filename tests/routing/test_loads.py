"""Loads, hops, stretch and churn: on graphs small enough to see, and conserved on random ones."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from obrii.errors import ScenarioError
from obrii.network.snapshot import Snapshot, snapshot
from obrii.routing.edges import back_edges, edges_between, masked, tails
from obrii.routing.loads import loads
from obrii.routing.shortest import path, routes_to
from obrii.routing.statistics import chord_m, churn, hops, partings, stretch
from tests.reference.dijkstra import Sky, skies


def chain(sights_m: tuple[float, float] = (6e5, 7e5), lasers_on: tuple[bool, bool] = (True, True)) -> Snapshot:
    """Three satellites in a row, a site under either end, and one that sees nothing."""
    sights = ([0, 1, 2, 2], [0, 2], sights_m, [False] * 3)
    return snapshot(3, [0, 1], [1, 2], [2e6, 3e6], *sights, [True] * 3, lasers_on, [True] * 3)


def test_each_direction_of_a_link_carries_its_own_demand():
    graph = chain()
    load = loads(graph, routes_to(graph, [0, 1, 2]), [[9.0, 5.0, 1.0], [3.0, 9.0, 1.0], [1.0, 1.0, 0.0]])
    there, back = edges_between(graph, [3, 0, 1, 2], [0, 1, 2, 4]), edges_between(graph, [4, 2, 1, 0], [2, 1, 0, 3])
    assert load[there].tolist() == [5.0] * 4
    assert load[back].tolist() == [3.0] * 4
    assert load.sum() == 32.0


@given(skies(), st.integers(0, 2**32 - 1))
def test_what_enters_a_node_leaves_it_but_for_what_is_sent_and_received(sky: Sky, seed: int):
    graph = snapshot(*sky.arguments())
    routes = routes_to(graph, np.arange(graph.n_sites))
    demand = np.random.default_rng(seed).integers(0, 5, (graph.n_sites,) * 2).astype(float)
    load = loads(graph, routes, demand)
    carried = np.where(np.isnan(routes.distance_m[:, graph.n_satellites :].T), 0.0, demand)
    np.fill_diagonal(carried, 0.0)
    left = np.bincount(tails(graph), load, len(graph))
    entered = np.bincount(graph.node, load, len(graph))
    own = np.concatenate([np.zeros(graph.n_satellites), carried.sum(axis=1) - carried.sum(axis=0)])
    assert_array_equal(left - entered, own)
    counted = hops(graph, routes)
    assert load.sum() == (carried * np.maximum(counted, 0)).sum()


@given(skies(), st.data())
def test_loads_of_routes_under_masks_lie_on_the_links_that_are_on(sky: Sky, data):
    graph = snapshot(*sky.arguments())
    node_on = np.array([data.draw(st.sampled_from([True, True, False])) for _ in range(len(graph))], bool)
    routes = routes_to(masked(graph, node_on), np.arange(graph.n_sites))
    load = loads(graph, routes, np.ones((graph.n_sites,) * 2))
    assert not load[~(node_on[tails(graph)] & node_on[graph.node])].any()
    assert_array_equal(loads(masked(graph, node_on), routes, np.ones((graph.n_sites,) * 2)).sum(), load.sum())


@pytest.mark.parametrize(
    ("demand", "words"),
    [
        (np.zeros((2, 3)), r"demand has shape \(2, 3\).* it must be \(3, 3\)"),
        (np.full((3, 3), -1.0), "a demand is negative or not finite"),
        (np.full((3, 3), np.nan), "a demand is negative or not finite"),
    ],
)
def test_a_demand_that_cannot_be_is_refused(demand, words):
    graph = chain()
    with pytest.raises(ScenarioError, match=words):
        loads(graph, routes_to(graph, [0, 1, 2]), demand)


def test_routes_over_links_that_the_snapshot_does_not_have_are_refused():
    with pytest.raises(ScenarioError, match="a route takes a link that is not in the snapshot"):
        loads(chain(lasers_on=(True, False)), routes_to(chain(), [1]), np.ones((3, 1)))


def test_hops_are_links_and_stretch_is_the_light_path_over_its_bound():
    graph = chain()
    routes = routes_to(graph, [0, 1, 2], hop_m=1e3)
    assert hops(graph, routes).tolist() == [[0, 4, -1], [4, 0, -1], [-1, -1, 0]]
    found = stretch(graph, routes, np.full((3, 3), 3.15e6), hop_m=1e3)
    assert_array_equal(found, [[math.nan, 2.0, math.nan], [2.0, math.nan, math.nan], [math.nan] * 3])
    with pytest.raises(ScenarioError, match=r"bound_m has shape \(1,\), not \(3, 3\)"):
        stretch(graph, routes, [1.0])


@given(skies())
def test_hops_are_one_less_than_the_nodes_of_the_path(sky: Sky):
    graph = snapshot(*sky.arguments())
    routes = routes_to(graph, np.arange(graph.n_sites))
    for site, row in enumerate(hops(graph, routes).tolist()):
        assert row == [len(path(routes, k, graph.n_satellites + site)) - 1 for k in range(graph.n_sites)]


def test_no_path_through_space_is_shorter_than_the_chord(rng):
    xyz_m = rng.normal(size=(3, 30)) * 7e6
    chords_m = chord_m(xyz_m)
    assert_array_equal(chords_m, chords_m.T)
    graph_m = np.linalg.norm(np.diff(xyz_m, axis=1), axis=0)
    for a in range(30):
        for b in range(a + 1, 30):
            # The sum of the sides, but for the rounding of float64.
            assert chords_m[a, b] <= graph_m[a:b].sum() * (1 + 1e-12)


def test_churn_counts_the_pairs_whose_path_or_first_link_changes():
    on = ([False] * 2, [True] * 4, [True] * 4, [True] * 2)
    sights = ([0, 2, 3], [0, 1, 3])

    def step(first_m: float, laser_m: float) -> Snapshot:
        return snapshot(4, [0, 0, 1, 2], [2, 1, 3, 3], [laser_m, 1e6, 1e6, 1e6], *sights, [first_m, 1e6, 6e5], *on)

    steps = [routes_to(step(*each), [0, 1]) for each in ((6e5, 1e6), (6e5, 1e6), (6e5, 3e5), (6e6, 3e5))]
    assert [path(each, 1, 4) for each in steps] == [[4, 1, 3, 5]] * 2 + [[4, 0, 2, 3, 5], [4, 1, 3, 5]]
    changed = churn(steps, 4)
    assert changed.pairs.tolist() == [2, 2, 2]
    assert changed.path.tolist() == [0, 2, 2]
    assert changed.next_hop.tolist() == [0, 1, 1]


def test_a_way_that_comes_or_goes_has_changed_from_its_first_link():
    steps = [
        routes_to(chain(lasers_on=on), [0, 1]) for on in ((True, True), (True, False), (False, False), (True, True))
    ]
    changed = churn(steps, 3)
    assert changed.pairs.tolist() == [2, 0, 2]
    assert changed.path.tolist() == changed.next_hop.tolist() == [2, 0, 2]
    assert churn(steps[:1], 3).path.tolist() == []


@given(skies(), st.data())
def test_ways_that_do_not_part_are_the_same_paths(sky: Sky, data):
    off = [on and data.draw(st.sampled_from([True, True, False])) for on in sky.laser_on]
    graph, less = snapshot(*sky.arguments()), snapshot(*replace(sky, laser_on=off).arguments())
    before, after = (routes_to(each, np.arange(graph.n_sites)) for each in (graph, less))
    for site, row in enumerate(partings(before, after, graph.n_satellites)):
        for k, step in enumerate(row.tolist()):
            one, other = (path(each, k, graph.n_satellites + site) for each in (before, after))
            assert (step == -1) == (one == other)
            assert one[:step] == other[:step]


def test_steps_with_other_destinations_are_no_churn():
    graph = chain()
    with pytest.raises(ScenarioError, match="give routes to the same sites"):
        churn([routes_to(graph, [0]), routes_to(graph, [1])], 3)


@given(skies())
def test_edges_are_found_by_their_ends(sky: Sky):
    graph = snapshot(*sky.arguments())
    assert_array_equal(edges_between(graph, tails(graph), graph.node), np.arange(len(graph.node)))
    assert_array_equal(edges_between(graph, graph.node, tails(graph)), back_edges(graph))
    every = np.arange(len(graph))
    assert (edges_between(graph, every[:, None], every) >= 0).sum() == len(graph.node)
