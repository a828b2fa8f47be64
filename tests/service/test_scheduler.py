"""The schedule of a slot: what it promises, and the cases that simpler rules get wrong."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from obrii.kernels.landing import LIVE, NO_FIBRE, NO_GATEWAY
from obrii.routing import waydown
from obrii.routing.waydown import Landings, WayDown
from obrii.service.scheduler import Schedule, schedule
from tests.reference.schedule_plain import UNLIMITED, Slot


def way_down(slot: Slot) -> WayDown:
    ptr, gateway, range_m, fibre_m = slot.ground()
    gateways, satellites = np.ones(len(slot.antennas), bool), np.ones(len(slot.landings), bool)
    antennas = np.array(slot.antennas, np.int32)
    return waydown.bent_pipe(Landings(ptr, gateway, range_m), satellites, gateways, gateways, fibre_m, antennas)


def scheduled(slot: Slot, wanted: list[bool] | None = None) -> Schedule:
    asking = np.ones(len(slot.pop), bool) if wanted is None else np.array(wanted)
    return schedule(*slot.cells(), np.array(slot.pop, np.int32), asking, way_down(slot), slot.room())


def test_the_nearest_satellite_without_a_way_down_is_passed_over():
    # Trap 2: choosing the nearest satellite before routing. Every cell sees a near one that no gateway sees.
    cells = 408
    slot = Slot([{0: 5.5e5, 1: 1.1e6}] * cells, [{}, {0: 9e5}], [[1e6]], [0] * cells, [1], cells)
    found = scheduled(slot)
    nearest_first = [min(seen, key=seen.get) for seen in slot.sights]
    assert sum(bool(slot.landings[s]) for s in nearest_first) == 0
    assert (found.satellite == 1).all() and (found.furthest == LIVE).all()


def test_the_least_whole_path_decides_and_not_the_nearest_satellite_or_gateway():
    # Satellite 1 is farther from the cell, and its farther gateway is next to the PoP.
    slot = Slot([{0: 6e5, 1: 8e5}], [{0: 6e5}, {0: 7e5, 1: 9e5}], [[4e6, 1e5]], [0], [8, 8], 128)
    found = scheduled(slot)
    assert found.satellite.tolist() == [1]
    assert found.gateway.tolist() == [[-1, 1]]
    assert found.way_m.tolist() == [[math.inf, 1e6]]


def test_of_equal_paths_the_lower_satellite_and_the_lower_gateway_are_taken():
    slot = Slot([{1: 6e5, 2: 6e5}], [{}, {0: 7e5, 1: 7e5}, {0: 7e5}], [[1e5, 1e5]], [0], [8, 8], 128)
    found = scheduled(slot)
    assert found.satellite.tolist() == [1] and found.gateway.tolist() == [[-1, 0, -1]]


def test_a_cell_that_came_first_makes_room_for_one_that_has_no_other_satellite():
    # Both kinds of cells see two satellites; only the first kind has a choice that leads down.
    slot = Slot([{0: 5e5, 1: 6e5}, {0: 5e5, 2: 6e5}, {0: 9e5, 2: 9e5}], [{0: 7e5}] * 2 + [{}], [[1e5]], [0] * 3, [8], 1)
    found = scheduled(slot)
    assert found.satellite.tolist() == [1, 0, -1]
    assert found.followed.all()


def test_cells_move_along_a_chain_of_satellites_to_let_one_more_in():
    # Each cell prefers the satellite that the one after it needs.
    chain = [{0: 1.0, 1: 2.0}, {1: 1.0, 2: 2.0}, {2: 1.0, 3: 2.0}, {0: 1.0, 4: 1.0}, {0: 1.0, 4: 1.0}]
    slot = Slot(chain, [{0: 7e5}] * 4 + [{}], [[1e5]], [0] * 5, [UNLIMITED], 1)
    found = scheduled(slot)
    assert sorted(found.satellite.tolist()) == [-1, 0, 1, 2, 3]


def test_a_satellite_moves_to_another_gateway_so_that_one_more_can_be_followed():
    # Satellite 0 prefers gateway 0, the only one that satellite 1 sees.
    slot = Slot([{0: 5e5}, {1: 5e5}], [{0: 7e5, 1: 8e5}, {0: 7e5}], [[1e5, 1e5]], [0, 0], [1, 1], 128)
    found = scheduled(slot)
    assert found.satellite.tolist() == [0, 1]
    assert found.gateway.tolist() == [[1, 0]]
    assert found.way_m.tolist() == [[9e5, 8e5]]


def test_where_antennas_run_out_they_point_at_the_satellites_that_serve_most():
    # Every cell's own nearest satellite would take the one antenna for itself alone.
    slot = Slot([{0: 9e5, cell: 5e5} for cell in (1, 2, 3)], [{0: 7e5}] * 4, [[1e5]], [0] * 3, [1], 128)
    found = scheduled(slot)
    assert found.satellite.tolist() == [0, 0, 0]
    assert found.gateway.tolist() == [[0, -1, -1, -1]]
    assert scheduled(replace(slot, antennas=[3])).satellite.tolist() == [1, 2, 3]


def test_where_planned_antennas_serve_fewer_the_cells_choose_them():
    # Satellite 0 sees the most cells, and yet 1 and 2 serve all of those and two more; one cell stays out in any case.
    sights = [{1: 5e5, 0: 9e5}] * 2 + [{1: 5e5}] + [{2: 5e5, 0: 9e5}] * 2 + [{2: 5e5}, {3: 5e5}, {4: 5e5}]
    slot = Slot(sights, [{0: 7e5}] * 5, [[1e5]], [0] * 8, [3], 4)
    assert scheduled(slot).satellite.tolist() == [1, 1, 1, 2, 2, 2, 3, -1]


def test_an_antenna_that_was_planned_and_serves_nobody_follows_nothing():
    # Gateway 1 is short of antennas. Gateway 0 has plenty: satellite 0 is planned, and its cells have shorter paths.
    short = [{3: 9e5, other: 5e5} for other in (4, 5, 6)]
    plenty = [{0: 9e5, 1: 5e5}, {0: 9e5, 2: 5e5}, {0: 9e5, 1: 5e5}, {0: 9e5, 2: 5e5}, {0: 9e5, 2: 5e5}]
    slot = Slot(plenty + short, [{0: 7e5}] * 3 + [{1: 7e5}] * 4, [[1e5, 1e5]], [0] * 8, [3, 1], 3)
    found = scheduled(slot)
    assert found.satellite.tolist() == [1, 2, 1, 2, 2, 3, 3, 3]
    assert found.gateway.tolist() == [[-1, 0, 0, 1, -1, -1, -1]]
    assert found.way_m[0, 0] == math.inf


def test_a_cell_left_out_has_a_followed_satellite_where_beams_are_short_and_none_where_antennas_are():
    short_of_beams = Slot([{0: 5e5}, {0: 5e5}], [{0: 7e5}], [[1e5]], [0, 0], [1], 1)
    short_of_antennas = Slot([{0: 5e5}, {1: 5e5}], [{0: 7e5}] * 2, [[1e5]], [0, 0], [1], 1)
    for slot, followed in ((short_of_beams, [True, True]), (short_of_antennas, [True, False])):
        found = scheduled(slot)
        assert found.satellite.tolist() == [0, -1] and (found.furthest == LIVE).all()
        assert found.followed.tolist() == followed


def test_a_cell_without_a_pop_is_not_served_and_takes_no_place():
    slot = Slot([{0: 5e5}, {0: 6e5}, {}], [{0: 7e5}], [[1e5]], [-1, 0, 0], [1], 1)
    found = scheduled(slot)
    assert found.satellite.tolist() == [-1, 0, -1]
    assert found.furthest.tolist() == [NO_FIBRE, LIVE, -1]


def test_a_cell_that_is_not_wanted_takes_no_place_and_is_still_within_reach():
    slot = Slot([{0: 5e5}, {0: 6e5}], [{0: 7e5}], [[1e5]], [0, 0], [1], 1)
    found = scheduled(slot, wanted=[False, True])
    assert found.satellite.tolist() == [-1, 0]
    assert found.furthest.tolist() == [LIVE, LIVE] and found.followed.tolist() == [True, True]


def test_cells_of_two_pops_share_a_satellite_only_where_its_gateway_leads_to_both():
    slot = Slot([{0: 5e5}, {0: 5e5}], [{0: 7e5, 1: 8e5}], [[1e5, 1e5], [2e5, math.inf]], [0, 1], [1, 1], 2)
    found = scheduled(slot)
    assert found.satellite.tolist() == [0, 0]
    assert found.gateway.tolist() == [[0], [0]] and found.way_m.tolist() == [[8e5], [9e5]]
    taken = scheduled(replace(slot, antennas=[0, 1]))
    assert taken.satellite.tolist() == [0, -1] and taken.followed.tolist() == [True, False]
    assert taken.gateway.tolist() == [[1], [-1]]


@pytest.mark.parametrize("cells", [0, 2])
def test_a_slot_without_satellites_gateways_or_pops_serves_nobody(cells: int):
    nothing = Slot([{}] * cells, [], [], [-1] * cells, [], 1)
    unseen = Slot([{0: 5e5}] * cells, [{}], [[]], [0] * cells, [], 1)
    for slot, furthest in ((nothing, -1), (unseen, NO_GATEWAY)):
        found = scheduled(slot)
        assert found.satellite.tolist() == [-1] * cells and found.furthest.tolist() == [furthest] * cells
        assert not found.followed.any()


def test_over_lasers_a_cell_is_served_by_a_satellite_that_no_gateway_sees():
    found = waydown.landings(2, np.array([0, 1]), np.array([0], "i4"), np.array([7e5], "f4"))
    gateway, both = np.array([True]), np.array([True, True])
    laser = (np.array([0]), np.array([1]), np.array([2e6], "f4"), gateway)
    way = waydown.over_lasers(found, both, gateway, np.array([[1e5]]), np.array([1]), *laser, 1000.0)
    cells = (np.array([0, 1, 2, 3]), np.array([1, 1, 1], "i4"), np.array([5e5, 6e5, 7e5], "f4"))
    served = schedule(*cells, np.zeros(3, int), np.ones(3, bool), way, np.full(2, 2, np.int32))
    assert served.satellite.tolist() == [1, 1, -1] and served.followed.all()
    assert_array_equal(served.way_m, [[8e5, 2.801e6]])
    assert_array_equal(served.gateway, [[0, 0]])
    assert_array_equal(served.passed, [[1, 2]])


def test_over_lasers_no_antenna_moves_for_a_cell_whose_satellite_none_follows():
    # Satellite 0 sees gateway 0, whose antenna follows satellite 1. Satellite 2 comes down over 1, and sees gateway 1,
    # which has an antenna left.
    sight = (np.array([0, 2, 4]), np.array([0, 1, 2, 3], "i4"), np.array([9e5, 7e5, 9e5, 7e5], "f4"))
    found, satellites, gateways = waydown.landings(4, *sight), np.ones(4, bool), np.ones(2, bool)
    laser = (np.array([1]), np.array([2]), np.array([1e5], "f4"), np.array([True]))
    way = waydown.over_lasers(found, satellites, gateways, np.array([[1e5, 5e6]]), np.array([1, 3]), *laser, 0.0)
    assert way.gateway.tolist() == [[-1, 0, 0, 1]] and way.free.tolist() == [0, 1]
    cells = (np.array([0, 1, 2, 3]), np.array([0, 2, 2], "i4"), np.array([6e5, 6e5, 6e5], "f4"))
    served = schedule(*cells, np.zeros(3, int), np.ones(3, bool), way, np.ones(4, np.int32))
    assert served.satellite.tolist() == [-1, 2, -1] and served.followed.tolist() == [False, True, True]
    assert served.furthest.tolist() == [LIVE] * 3
    assert_array_equal(served.gateway, way.gateway)
    assert_array_equal(served.way_m, way.way_m)


def test_a_schedule_is_read_only():
    found = scheduled(Slot([{0: 5e5}], [{0: 7e5}], [[1e5]], [0], [1], 1))
    assert not any(array.flags.writeable for array in vars(found).values())
