"""Laws of least-delay routes, on random skies.

Sums of lengths are exact (see `obrii.kernels.paths`), so no law needs a tolerance.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from obrii.network.snapshot import snapshot
from obrii.routing.shortest import Routes, path, routes_to
from tests.reference.dijkstra import Sky, skies

hops_m = st.sampled_from([0.0, 1.0, 299.792458])


def routes(sky: Sky, hop_m: float = 0.0, exact: bool = True) -> Routes:
    """From every node to every site."""
    graph = snapshot(*sky.arguments())
    return routes_to(graph, np.arange(graph.n_sites), hop_m, exact=exact)


def shortened(sky: Sky) -> Sky:
    """The same sky with links of 3,000 km at most, so that no way is too long for coarse routes."""
    lasers, sights = ([(a, b, min(m, 3e6)) for a, b, m in links] for links in (sky.lasers, sky.sights))
    return replace(sky, lasers=lasers, sights=sights)


def less(mask: list[bool], draw) -> list[bool]:
    return [on and draw(st.sampled_from([True, True, True, False])) for on in mask]


def assert_never_shorter(after: Routes, before: Routes) -> None:
    reached = ~np.isnan(after.distance_m)
    assert not np.isnan(before.distance_m[reached]).any()
    assert (after.distance_m[reached] >= before.distance_m[reached]).all()


@given(skies(), hops_m)
def test_the_way_back_is_as_long_as_the_way_there(sky: Sky, hop_m: float):
    for each in (routes(sky, hop_m), routes(shortened(sky), hop_m, exact=False)):
        between = each.distance_m[:, len(sky.satellite_on) :]
        assert_array_equal(between, between.T)


@given(skies(), hops_m)
def test_coarse_routes_end_at_their_roots_and_are_off_by_two_metres_a_link_and_a_hop_at_most(sky: Sky, hop_m: float):
    # Three metres a link, for those of one metre are four metres long.
    near = shortened(sky)
    exact, coarse = routes(near, hop_m), routes(near, hop_m, exact=False)
    assert_array_equal(coarse.next_hop == -1, exact.next_hop == -1)
    assert_array_equal(np.isnan(coarse.distance_m), np.isnan(exact.distance_m))
    for k, node in np.argwhere(exact.next_hop >= 0).tolist():
        ways = [path(each, k, node) for each in (exact, coarse)]
        assert {way[-1] for way in ways} == {int(exact.destination[k])}
        links = max(len(way) - 1 for way in ways)
        off_m = abs(float(coarse.distance_m[k, node]) - exact.distance_m[k, node])
        assert off_m <= 3.0 * links + 2.0 * max(links - 1, 0)


@given(skies(), hops_m)
def test_a_way_through_a_satellite_is_never_shorter_than_the_least(sky: Sky, hop_m: float):
    found = routes(sky, hop_m)
    hop_m = float(np.rint(hop_m * 2**23)) / 2**23
    n_satellites = len(sky.satellite_on)
    for a in range(len(sky.site_on)):
        for b in set(range(len(sky.site_on))) - {a}:
            through_m = found.distance_m[a, :n_satellites] + found.distance_m[b, :n_satellites] + hop_m
            reached_m = through_m[~np.isnan(through_m)]
            assert (found.distance_m[a, n_satellites + b] <= reached_m).all()


@given(skies(), hops_m, st.data())
def test_losing_a_laser_never_shortens_a_route(sky: Sky, hop_m: float, data):
    assert_never_shorter(routes(replace(sky, laser_on=less(sky.laser_on, data.draw)), hop_m), routes(sky, hop_m))


@given(skies(), hops_m, st.data())
def test_losing_a_satellite_never_shortens_a_route(sky: Sky, hop_m: float, data):
    lost = replace(sky, satellite_on=less(sky.satellite_on, data.draw))
    assert_never_shorter(routes(lost, hop_m), routes(sky, hop_m))


@given(skies(), hops_m, st.data())
def test_losing_a_site_or_its_leave_to_relay_never_shortens_a_route(sky: Sky, hop_m: float, data):
    lost = replace(sky, site_on=less(sky.site_on, data.draw), site_relays=less(sky.site_relays, data.draw))
    assert_never_shorter(routes(lost, hop_m), routes(sky, hop_m))


@given(skies(all_on=True))
def test_an_absent_link_is_the_same_to_the_bit_as_one_that_was_never_listed(sky: Sky):
    bare = replace(
        sky,
        lasers=[laser for laser in sky.lasers if laser[2] == laser[2]],
        laser_on=[True for laser in sky.lasers if laser[2] == laser[2]],
        sights=[sight for sight in sky.sights if sight[2] == sight[2]],
    )
    full, plain = routes(sky), routes(bare)
    assert full.distance_m.tobytes() == plain.distance_m.tobytes()
    assert full.next_hop.tobytes() == plain.next_hop.tobytes()


@given(skies(all_on=True), st.data())
def test_off_and_on_again_is_the_baseline_to_the_bit(sky: Sky, data):
    before = routes(sky)
    routes(replace(sky, satellite_on=less(sky.satellite_on, data.draw), laser_on=less(sky.laser_on, data.draw)))
    again = routes(replace(sky, satellite_on=[True] * len(sky.satellite_on), laser_on=[True] * len(sky.laser_on)))
    assert before.distance_m.tobytes() == again.distance_m.tobytes()
    assert before.next_hop.tobytes() == again.next_hop.tobytes()


@given(skies(all_on=True), st.randoms(use_true_random=False))
def test_the_order_in_which_links_are_listed_changes_nothing(sky: Sky, random):
    lasers = [(b, a, m) for a, b, m in sky.lasers]
    random.shuffle(lasers)
    sights = sorted(random.sample(sky.sights, len(sky.sights)), key=lambda sight: sight[0])
    one, other = routes(sky), routes(replace(sky, lasers=lasers, sights=sights))
    assert one.distance_m.tobytes() == other.distance_m.tobytes()
    assert one.next_hop.tobytes() == other.next_hop.tobytes()
