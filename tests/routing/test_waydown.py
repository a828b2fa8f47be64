"""Ways down against the plain twin and NetworkX, and their laws.

Lengths are float32 of at least 1 m, so sums in float64 are exact: ways are compared to the bit.
"""

from __future__ import annotations

from dataclasses import replace

import networkx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from obrii.kernels.landing import LIVE, NO_FIBRE, NO_GATEWAY, OFF
from obrii.routing import waydown
from obrii.routing.waydown import WayDown
from tests.reference import waydown_plain
from tests.reference.waydown_plain import Ground, followed, graph_to, grounds, less, level, level_over_lasers, ways

hops_m = st.sampled_from([0.0, 1.0, 299_792.5])
seeds = st.integers(0, 2**32 - 1)


def bent_pipe(ground: Ground) -> WayDown:
    return waydown.bent_pipe(
        waydown.landings(*ground.rows()),
        np.array(ground.satellite_on, bool),
        np.array(ground.gateway_there, bool),
        np.array(ground.gateway_on, bool),
        ground.fibres(),
        np.array(ground.antennas, np.int32),
    )


def over_lasers(ground: Ground, hop_m: float = 0.0) -> WayDown:
    return waydown.over_lasers(
        waydown.landings(*ground.rows()),
        np.array(ground.satellite_on, bool),
        np.array(ground.gateway_on, bool),
        ground.fibres(),
        np.array(ground.antennas, np.int32),
        *ground.laser_arrays(),
        hop_m,
    )


@given(grounds())
def test_without_lasers_every_way_is_open_and_its_level_is_that_of_the_plain_twin(ground: Ground):
    way = bent_pipe(ground)
    pops = len(ground.fibre_m)
    for s in range(len(ground.satellite_on)):
        known = [level(ground, s, pop if pop < pops else None) for pop in range(pops + 1)]
        assert way.level[:, s].tolist() == known
    assert (way.gateway == -1).all() and np.isinf(way.way_m).all()
    known_free = [count if count >= 0 else waydown.UNLIMITED for count in ground.antennas]
    assert way.free.tolist() == known_free


@given(grounds(), hops_m)
def test_over_lasers_ways_equal_the_plain_twin_with_its_gateway_and_satellites_passed(ground: Ground, hop_m: float):
    way = over_lasers(ground, hop_m)
    for pop in range(len(ground.fibre_m)):
        known = ways(ground, pop, hop_m)
        for s in range(len(ground.satellite_on)):
            found = way.way_m[pop, s], way.gateway[pop, s], way.passed[pop, s]
            assert found == known.get(s, (np.inf, -1, 0))
    free = np.bincount(np.array(list(followed(ground).values()), int), minlength=len(ground.antennas)) + way.free
    assert free.tolist() == [count if count >= 0 else waydown.UNLIMITED for count in ground.antennas]


@given(grounds(), hops_m)
def test_over_lasers_lengths_equal_networkx(ground: Ground, hop_m: float):
    way, root = over_lasers(ground, hop_m), len(ground.satellite_on)
    for pop in range(len(ground.fibre_m)):
        steps = networkx.DiGraph()
        steps.add_nodes_from(range(root + 1))
        for a, row in graph_to(ground, pop).items():
            # Away from the PoP, each satellite that is left costs a hop.
            steps.add_weighted_edges_from(
                (a, b, m + (0.0 if a == root else hop_m)) for b, m in row.items() if b != root
            )
        known_m = networkx.single_source_dijkstra_path_length(steps, root)
        assert way.way_m[pop].tolist() == [known_m.get(s, np.inf) for s in range(root)]


@given(grounds())
def test_over_lasers_a_level_does_not_ask_for_antennas(ground: Ground):
    way = over_lasers(ground)
    pops = len(ground.fibre_m)
    for s in range(len(ground.satellite_on)):
        known = [level_over_lasers(ground, s, pop if pop < pops else None) for pop in range(pops + 1)]
        assert way.level[:, s].tolist() == known
    # What has a way is live; what is live may lack an antenna.
    assert (way.level[:-1][np.isfinite(way.way_m)] == LIVE).all()


@given(grounds())
def test_without_any_laser_on_exactly_the_followed_satellites_come_down(ground: Ground):
    dark = replace(ground, laser_on=[False] * len(ground.lasers))
    way, fed = over_lasers(dark), followed(dark)
    for pop in range(len(ground.fibre_m)):
        down = {s for s, gateway in fed.items() if dark.down_m(pop, gateway) < np.inf}
        assert set(np.flatnonzero(np.isfinite(way.way_m[pop])).tolist()) == down
        assert (way.passed[pop] <= 1).all() and (way.onward[pop] == -1).all()


@given(grounds())
def test_following_the_onward_satellites_leads_to_where_the_way_comes_down(ground: Ground):
    way = over_lasers(ground)
    for pop in range(len(ground.fibre_m)):
        for s in np.flatnonzero(np.isfinite(way.way_m[pop])).tolist():
            nodes = [s]
            while way.onward[pop, nodes[-1]] >= 0:
                nodes.append(int(way.onward[pop, nodes[-1]]))
            assert len(nodes) == way.passed[pop, s]
            assert followed(ground)[nodes[-1]] == way.gateway[pop, s]


@given(grounds(), seeds)
def test_without_lasers_no_loss_raises_a_level(ground: Ground, seed: int):
    masks = ("satellite_on", "gateway_there", "gateway_on", "fibre_on")
    lost = less(ground, seed, *masks)
    lost = replace(lost, gateway_on=[on and there for on, there in zip(lost.gateway_on, lost.gateway_there)])
    assert (bent_pipe(lost).level <= bent_pipe(ground).level).all()


@given(grounds(), hops_m, seeds)
def test_losing_lasers_never_shortens_a_way_nor_raises_a_level(ground: Ground, hop_m: float, seed: int):
    before, after = over_lasers(ground, hop_m), over_lasers(less(ground, seed, "laser_on"), hop_m)
    assert (after.way_m >= before.way_m).all()
    assert (after.level <= before.level).all()


@given(grounds(pops=(1, 2), unlimited=True), hops_m, seeds)
def test_with_antennas_for_all_and_one_pop_no_loss_shortens_a_way_or_makes_a_satellite_live(
    ground: Ground, hop_m: float, seed: int
):
    # With limits, or several PoPs to point at, an antenna that is set free may shorten the way of another satellite.
    lost = less(ground, seed, "satellite_on", "gateway_on", "fibre_on", "laser_on")
    before, after = over_lasers(ground, hop_m), over_lasers(lost, hop_m)
    assert (after.way_m >= before.way_m).all()
    assert not ((after.level == LIVE) & (before.level != LIVE)).any()


@given(grounds(), seeds)
def test_off_and_on_again_is_the_same_to_the_bit(ground: Ground, seed: int):
    for how in (bent_pipe, over_lasers):
        before = how(ground)
        how(less(ground, seed, "satellite_on", "gateway_on", "fibre_on"))
        again = how(ground)
        for name in ("level", "free", "gateway", "way_m", "passed"):
            assert_array_equal(getattr(before, name), getattr(again, name))


@given(grounds())
def test_rows_that_begin_anywhere_in_longer_lists_make_the_same_landings(ground: Ground):
    satellites, ptr, satellite, range_m = ground.rows()
    longer = (np.concatenate([np.zeros(5, a.dtype), a, np.zeros(3, a.dtype)]) for a in (satellite, range_m))
    found, other = waydown.landings(satellites, ptr, satellite, range_m), waydown.landings(satellites, ptr + 5, *longer)
    for name in ("ptr", "gateway", "range_m"):
        assert_array_equal(getattr(found, name), getattr(other, name))


def test_the_nearest_gateway_is_not_followed_where_its_fibre_is_the_longer_way():
    # Trap 2: choosing the nearest before routing. Gateway 0 is near the satellite and far from the PoP.
    ground = Ground(
        [(0, 0, 6e5), (1, 0, 9e5)], [[5e6, 1e5]], [8, 8], [], [True], [True] * 2, [True] * 2, [[True] * 2], []
    )
    way = over_lasers(ground)
    assert way.gateway.tolist() == [[1]] and way.way_m.tolist() == [[1e6]]


def test_a_gateway_without_fibre_takes_no_satellite_from_one_that_has_it():
    lost = Ground(
        [(0, 0, 6e5), (1, 0, 9e5)], [[1e5, 1e5]], [8, 8], [], [True], [True] * 2, [True] * 2, [[False, True]], []
    )
    assert over_lasers(lost).level.tolist() == [[LIVE], [NO_FIBRE]]


def test_with_no_gateway_in_sight_nothing_comes_down():
    ground = Ground([], [[1e5]], [8], [(0, 1, 1e6)], [True, False], [True], [True], [[True]], [True])
    assert over_lasers(ground).level.tolist() == [[NO_GATEWAY, OFF]] * 2
    assert bent_pipe(ground).level.tolist() == [[NO_GATEWAY, OFF]] * 2


def test_arrays_of_a_way_down_are_read_only_and_those_given_stay_as_they_were():
    ground = Ground([(0, 0, 6e5)], [[1e5]], [8], [], [True], [True], [True], [[True]], [])
    fibre_m = ground.fibres()
    found = waydown.landings(*ground.rows())
    on = np.array([True])
    way = waydown.bent_pipe(found, on, on, on, fibre_m, np.array([8]))
    assert not any(array.flags.writeable for array in (way.level, way.free, way.fibre_m, found.gateway))
    assert fibre_m.flags.writeable and on.flags.writeable
    assert waydown_plain.level(ground, 0, 0) == LIVE
