"""Routes of least delay: on graphs small enough to see, on random ones, and on a torus with known hops."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numba
import numpy as np
import pytest
from hypothesis import given
from numpy.testing import assert_array_equal

from obrii.errors import ScenarioError
from obrii.network.snapshot import Snapshot, snapshot
from obrii.routing.shortest import least_path, path, routes_to
from tests.reference.dijkstra import Sky, least_tree, skies, walked


def made(n_satellites: int, lasers: dict, sights: list[dict], relays: list[bool] | None = None) -> Snapshot:
    """A graph from lasers {(a, b): m} and, a site, its sights {satellite: m}."""
    ends = np.array(list(lasers), np.int32).reshape(-1, 2)
    ptr = np.cumsum([0] + [len(seen) for seen in sights])
    seen = [satellite for row in sights for satellite in row]
    range_m = [m for row in sights for m in row.values()]
    on = (np.ones(n_satellites, bool), np.ones(len(lasers), bool), np.ones(len(sights), bool))
    site_relays = relays or [False] * len(sights)
    return snapshot(n_satellites, ends[:, 0], ends[:, 1], list(lasers.values()), ptr, seen, range_m, site_relays, *on)


def rounded(graph: Snapshot) -> Snapshot:
    """The same graph with every length in steps of 4 m, one at least."""
    return replace(graph, length_m=np.maximum(4.0 * np.round(graph.length_m / 4.0), 4.0))


@given(skies())
def test_routes_to_all_sites_equal_the_plain_twin(sky: Sky):
    graph = snapshot(*sky.arguments())
    routes = routes_to(graph, np.arange(graph.n_sites), hop_m=2.0)
    for k, root in enumerate(routes.destination.tolist()):
        plain_m, plain_next = least_tree(sky.graph(), sky.relays(), root, hop_m=2.0)
        assert_array_equal(routes.distance_m[k], [plain_m.get(node, math.nan) for node in range(len(graph))])
        for node in range(len(graph)):
            assert path(routes, k, node) == walked(plain_next, node)


def test_the_least_path_does_not_start_at_the_nearest_satellite_when_that_leads_nowhere():
    # A published simulator chose the nearest satellite first and routed after: 80 of 408 deliverable pairs delivered.
    # Site 0 sees satellite 0 nearest, but it has no laser; satellite 1 is farther and leads to site 1.
    graph = made(3, {(1, 2): 2e6}, [{0: 5.5e5, 1: 9e5}, {2: 6e5}])
    assert least_path(graph, 0, 1) == (9e5 + 2e6 + 6e5, [3, 1, 2, 4])


def test_the_least_path_may_start_at_a_farther_satellite_because_the_rest_is_shorter():
    graph = made(3, {(0, 2): 5e6, (1, 2): 2e6}, [{0: 5.5e5, 1: 9e5}, {2: 6e5}])
    assert least_path(graph, 0, 1)[1] == [3, 1, 2, 4]


@pytest.mark.parametrize(("relays", "nodes"), [(False, []), (True, [2, 0, 3, 1, 4])])
def test_a_site_between_two_satellites_is_passed_only_when_it_relays(relays, nodes):
    graph = made(2, {}, [{0: 6e5}, {0: 7e5, 1: 8e5}, {1: 9e5}], [False, relays, False])
    length_m, found = least_path(graph, 0, 2)
    assert found == nodes
    assert length_m == 3e6 if relays else math.isnan(length_m)


def test_a_site_that_does_not_relay_is_passed_by_however_short_it_would_be():
    graph = made(2, {(0, 1): 4e6}, [{0: 6e5}, {0: 6e5, 1: 6e5}, {1: 6e5}])
    assert least_path(graph, 0, 2) == (5.2e6, [2, 0, 1, 4])


def test_where_there_is_no_way_distance_is_nan_and_next_hop_minus_one():
    graph = made(3, {(0, 1): 2e6}, [{0: 6e5}, {2: 6e5}])
    routes = routes_to(graph, [0, 1])
    assert_array_equal(np.isnan(routes.distance_m), routes.next_hop == -1)
    assert routes.next_hop.tolist() == [[3, 0, -1, 3, -1], [-1, -1, 4, -1, 4]]
    assert path(routes, 1, 0) == []


def test_of_equal_ways_the_smaller_next_hop_is_taken():
    square = {(0, 2): 1e6, (0, 1): 1e6, (3, 1): 1e6, (3, 2): 1e6}
    assert least_path(made(4, square, [{0: 6e5}, {3: 6e5}]), 0, 1)[1] == [4, 0, 1, 3, 5]


def test_a_hop_costs_once_for_each_node_passed_through_and_may_change_the_way():
    graph = made(4, {(0, 1): 1e6, (1, 2): 1e6, (0, 2): 2.5e6}, [{0: 6e5}, {2: 6e5}, {0: 6e5}])
    assert least_path(graph, 0, 1, hop_m=0.0) == (3.2e6, [4, 0, 1, 2, 5])
    assert least_path(graph, 0, 1, hop_m=1e6) == (5.7e6, [4, 0, 2, 5])
    assert least_path(graph, 0, 2, hop_m=1e6) == (2.2e6, [4, 0, 6])
    assert routes_to(graph, [0], hop_m=1e6).distance_m[0, 0] == 6e5


def test_a_site_reaches_itself_at_no_distance_even_without_a_link():
    assert least_path(made(1, {}, [{}]), 0, 0) == (0.0, [1])


def test_no_destinations_is_no_routes():
    assert routes_to(made(2, {(0, 1): 1e6}, []), []).distance_m.shape == (0, 2)


@pytest.mark.parametrize("hop_m", [-1.0, math.nan, math.inf])
def test_a_hop_that_is_no_length_is_refused(hop_m):
    with pytest.raises(ScenarioError, match="finite light path in metres"):
        routes_to(made(1, {}, [{0: 6e5}]), [0], hop_m)


@pytest.mark.parametrize("site", [-1, 1])
def test_a_site_that_is_not_there_is_refused(site):
    with pytest.raises(ScenarioError, match=f"site {site} is not among the 1 sites"):
        routes_to(made(1, {}, [{0: 6e5}]), [site])


def test_a_path_from_a_node_that_is_not_there_is_refused():
    routes = routes_to(made(1, {}, [{0: 6e5}]), [0])
    for k, node in ((0, 2), (0, -1), (1, 0)):
        with pytest.raises(ScenarioError, match="there are 2 nodes and 1 destinations"):
            path(routes, k, node)


def test_many_destinations_give_the_same_as_one_at_a_time():
    graph = made(4, {(0, 1): 1e6, (1, 2): 1.5e6, (0, 2): 2.5e6}, [{site % 4: 6e5 + site} for site in range(9)])
    many = np.arange(140) % 9
    routes = routes_to(graph, many)
    for k, site in enumerate(many):
        alone = routes_to(graph, [site])
        assert_array_equal(routes.distance_m[k], alone.distance_m[0])
        assert_array_equal(routes.next_hop[k], alone.next_hop[0])


@pytest.mark.parametrize(
    ("planes", "slots"),
    [
        (5, 6),
        (7, 4),
        pytest.param(
            72, 22, marks=pytest.mark.skipif(numba.config.DISABLE_JIT, reason="too many nodes without compilation")
        ),
    ],
)
def test_hops_on_a_torus_follow_the_closed_form(planes, slots):
    # Lattice on a torus: diameter floor(P/2) + floor(S/2), mean hops (S f(P) + P f(S)) / (PS - 1) with f(m) = m^2/4
    # for even m, (m^2 - 1)/4 for odd; 72 x 22 gives 47 and 23.5148. Links of 1 m make distances hops, exactly.
    n = np.arange(planes * slots).reshape(planes, slots)
    grid = [np.stack([n, np.roll(n, -1, axis)], -1).reshape(-1, 2) for axis in (0, 1)]
    lasers = dict.fromkeys(map(tuple, np.concatenate(grid).tolist()), 1.0)
    routes = routes_to(made(planes * slots, lasers, [{0: 1.0}]), [0])
    hops = routes.distance_m[0, :-1] - 1.0
    assert hops.max() == planes // 2 + slots // 2
    total = slots * (planes**2 // 4) + planes * (slots**2 // 4)
    assert hops.sum() == total
    if (planes, slots) == (72, 22):
        assert round(hops.sum() / (planes * slots - 1), 4) == 23.5148


@pytest.mark.parametrize("hop_m", [0.0, 299.792458])
def test_a_grid_gives_many_destinations_the_same_routes_as_one_at_a_time(rng, hop_m: float):
    # Many destinations over a grid take the method of `kernels.lines`, single ones that of `kernels.paths`.
    n = rng.permutation(48).reshape(6, 8)
    grid = np.concatenate([np.stack([n, np.roll(n, -1, axis)], -1).reshape(-1, 2) for axis in (0, 1)])
    lasers = {(a, b): float(rng.uniform(3e5, 3e6)) for a, b in grid.tolist() if rng.random() < 0.95}
    sights = [{int(seen): float(rng.uniform(5e5, 2e6)) for seen in rng.choice(48, 3)} for _ in range(26)]
    graph = made(48, lasers, sights, [site % 7 == 0 for site in range(26)])
    routes = routes_to(graph, range(26), hop_m)
    for site in range(26):
        alone = routes_to(graph, [site], hop_m)
        assert routes.distance_m[site].tobytes() == alone.distance_m[0].tobytes()
        assert routes.next_hop[site].tobytes() == alone.next_hop[0].tobytes()


@pytest.mark.parametrize(("hop_m", "steps"), [(0.0, 0), (299.792458, 75)])
def test_over_a_grid_coarse_routes_are_those_of_lengths_in_steps_of_four_metres(rng, hop_m: float, steps: int):
    n = rng.permutation(48).reshape(6, 8)
    grid = np.concatenate([np.stack([n, np.roll(n, -1, axis)], -1).reshape(-1, 2) for axis in (0, 1)])
    lasers = {(a, b): float(rng.uniform(3e5, 3e6)) for a, b in grid.tolist() if rng.random() < 0.95}
    sights = [{int(seen): float(rng.uniform(5e5, 2e6)) for seen in rng.choice(48, 3)} for _ in range(26)]
    graph = made(48, lasers, sights, [site % 7 == 0 for site in range(26)])
    routes, known = routes_to(graph, range(26), hop_m, exact=False), routes_to(rounded(graph), range(26), 4.0 * steps)
    assert routes.distance_m.dtype == np.float32
    assert_array_equal(routes.distance_m, known.distance_m)
    assert_array_equal(routes.next_hop, known.next_hop)
    for site in range(26):
        alone = routes_to(graph, [site], hop_m, exact=False)
        assert routes.distance_m[site].tobytes() == alone.distance_m[0].tobytes()
        assert routes.next_hop[site].tobytes() == alone.next_hop[0].tobytes()


def test_a_coarse_way_is_refused_from_where_float32_cannot_add_four_metres_more():
    lasers = {(i, i + 1): 2.0**24 for i in range(3)}
    assert routes_to(made(4, lasers, [{0: 2.0**24 - 4}]), [0], exact=False).distance_m[0, 3] == 2.0**26 - 4
    with pytest.raises(ScenarioError, match="a way is 67,108 km long or longer; ask for exact ones"):
        routes_to(made(4, lasers, [{0: 2.0**24}]), [0], exact=False)
    with pytest.raises(ScenarioError, match="ask for exact ones"):
        routes_to(made(2, {(0, 1): 1e6}, [{0: 6e5}]), [0], hop_m=1e300, exact=False)


def test_every_pair_of_a_small_grid_agrees_with_its_routes():
    n = np.arange(12).reshape(3, 4)
    grid = np.concatenate([np.stack([n, np.roll(n, -1, axis)], -1).reshape(-1, 2) for axis in (0, 1)])
    lasers = {(a, b): 1e6 + 1e4 * i for i, (a, b) in enumerate(grid.tolist())}
    graph = made(12, lasers, [{0: 6e5, 1: 6.5e5}, {7: 6e5}, {10: 7e5, 5: 9e5}])
    routes = routes_to(graph, range(3))
    for a, b in itertools.permutations(range(3), 2):
        assert least_path(graph, a, b) == (routes.distance_m[b, 12 + a], path(routes, b, 12 + a))
