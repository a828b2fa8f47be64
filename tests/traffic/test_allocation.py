"""Rates of people: what is shared with whom, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from obrii.errors import ScenarioError
from obrii.traffic.allocation import Allocation, Ways, allocate

#: Two cells on beams 0 and 1; the first has two groups, of which one lands elsewhere. Satellite 2, PoPs 3 and 4.
WAYS = Ways(own=[0, 0, 1], trunk=[0, 1, 0], ptr=[0, 2, 4], link=[2, 3, 2, 4])
CAPACITY_BPS = [100e6, 100e6, 120e6, 1e9, 30e6]


def test_groups_of_a_cell_share_its_beam_and_go_their_own_ways_after_it():
    found = allocate(WAYS, [4, 6, 1], 50e6, 0, CAPACITY_BPS)
    assert found.rate_bps.tolist() == [17.5e6, 5e6, 20e6]
    assert found.bottleneck.tolist() == [0, 4, 2]
    assert found.load_bps.tolist() == [100e6, 20e6, 120e6, 90e6, 30e6]


def test_who_comes_first_gets_what_he_asks_and_the_others_what_is_left():
    found = allocate(WAYS, [4, 6, 1], 22e6, [0, 1, 1], CAPACITY_BPS)
    assert found.rate_bps == pytest.approx([22e6, 2e6, 20e6], rel=1e-12)
    assert found.bottleneck.tolist() == [-1, 0, 2]


def test_where_nobody_is_active_there_is_no_rate_and_no_way_is_needed():
    ways = Ways(own=[0, -1, 0], trunk=[0, -1, 0], ptr=[0, 1], link=[1])
    found = allocate(ways, [2, 0, 0], 50e6, 0, [100e6, 80e6])
    np.testing.assert_array_equal(found.rate_bps, [40e6, np.nan, np.nan])
    assert found.bottleneck.tolist() == [1, -1, -1]
    assert found.load_bps.tolist() == [80e6, 80e6]


def test_without_flows_nothing_is_loaded():
    found = allocate(Ways([], [], [0], []), [], 1e6, 0, [1e9, 2e9])
    assert (found.rate_bps.size, found.bottleneck.size) == (0, 0)
    assert found.load_bps.tolist() == [0.0, 0.0]
    assert allocate(Ways([], [], [0], []), [], 1e6, 0, 1e9).load_bps.size == 0


def test_one_number_stands_for_all():
    one = allocate(WAYS, 2, 50e6, 1, 60e6)
    same = allocate(WAYS, [2] * 3, [50e6] * 3, [1] * 3, [60e6] * 5)
    for found, expected in zip(vars(one).values(), vars(same).values(), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_capacities_without_limit_leave_everybody_what_he_asks():
    found = allocate(WAYS, [4, 6, 1], [1e6, 2e6, 3e6], 0, math.inf)
    assert found.rate_bps.tolist() == [1e6, 2e6, 3e6]
    assert found.bottleneck.tolist() == [-1, -1, -1]


def test_who_asks_without_limit_takes_what_the_links_leave():
    assert allocate(WAYS, [0, 0, 2], math.inf, 0, CAPACITY_BPS).rate_bps[2] == 50e6
    with pytest.raises(ScenarioError, match="flow 2 asks without limit over links without limit; limit one"):
        allocate(WAYS, [0, 0, 2], math.inf, 0, math.inf)


def test_arrays_are_read_only_and_those_given_stay_as_they_are():
    own, asked = np.array([0, 0, 1], np.int32), np.full(3, 50e6)
    ways = Ways(own, [0, 1, 0], [0, 2, 4], [2, 3, 2, 4])
    found: Allocation = allocate(ways, [4, 6, 1], asked, 0, CAPACITY_BPS)
    for array in (*vars(found).values(), *vars(ways).values()):
        assert not array.flags.writeable
    assert own.flags.writeable and asked.flags.writeable


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        (([0], [0, 0], [0, 1], [1]), "there are 1 own links and 2 trunks"),
        (([[0]], [0], [0, 1], [1]), r"own has shape \(1, 1\)"),
        (([0], [0], [], []), "ptr must rise from 0 to 0"),
        (([0], [0], [0, 2], [1]), "ptr must rise from 0 to 1"),
        (([0], [0], [0, 2, 1], [1]), "ptr must rise from 0 to 1"),
        (([0], [1], [0, 1], [1]), "a trunk that is not among the 1 of ptr"),
        (([0], [-2], [0, 1], [1]), "a trunk that is not among the 1 of ptr"),
        (([0], [0], [0, 1], [-1]), "a link is less than 0"),
        (([0, 3], [0, 0], [0, 2], [1, 3]), "link 3 is the own link of a cell and part of a trunk"),
    ],
)
def test_ways_that_do_not_fit_are_refused(ways: tuple, said: str):
    with pytest.raises(ScenarioError, match=said):
        Ways(*ways)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"weight": [1, 2]}, r"weight has shape \(2,\); for 3 flows it must be \(3,\)"),
        ({"weight": [1, -1, 1]}, "a weight is negative or not finite"),
        ({"weight": [1, math.inf, 1]}, "a weight is negative or not finite"),
        ({"asked_bps": -1.0}, "a rate asked or a capacity is negative or no number"),
        ({"asked_bps": math.nan}, "a rate asked or a capacity is negative or no number"),
        ({"capacity_bps": [1e6] * 4 + [math.nan]}, "a rate asked or a capacity is negative or no number"),
        ({"capacity_bps": [1e6] * 4}, r"capacity_bps has shape \(4,\); ways need one for each of 5 links"),
        ({"priority": -1}, "a priority is not a whole number from 0 to 127"),
        ({"priority": 128}, "a priority is not a whole number from 0 to 127"),
        ({"priority": 0.5}, "a priority is not a whole number from 0 to 127"),
    ],
)
def test_numbers_that_cannot_be_are_refused(given: dict, said: str):
    usual = {"weight": 1, "asked_bps": 1e6, "priority": 0, "capacity_bps": CAPACITY_BPS}
    with pytest.raises(ScenarioError, match=said):
        allocate(WAYS, **usual | given)


def test_terminals_without_a_way_are_refused():
    with pytest.raises(ScenarioError, match="terminals and no way"):
        allocate(Ways([0, -1], [0, 0], [0, 1], [1]), [1, 1], 1e6, 0, 1e9)
