"""What a snapshot holds, what is off, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from obrii.errors import ScenarioError
from obrii.network.snapshot import Snapshot, snapshot

NAN = float("nan")

#: Three satellites in a row; site 0 sees the first, site 1 the last two.
ROW = {
    "n_satellites": 3,
    "laser_a": [0, 2],
    "laser_b": [1, 1],
    "laser_range_m": [2e6, 3e6],
    "site_ptr": [0, 1, 3],
    "site_satellite": [0, 2, 1],
    "site_range_m": [6e5, 7e5, 8e5],
    "site_relays": [False, True],
    "satellite_on": [True, True, True],
    "laser_on": [True, True],
    "site_on": [True, True],
}


def row(**changed) -> Snapshot:
    return snapshot(**(ROW | changed))


def neighbours(made: Snapshot) -> list[list[int]]:
    return [made.node[made.ptr[i] : made.ptr[i + 1]].tolist() for i in range(len(made))]


def test_satellites_come_first_then_sites():
    made = row()
    assert neighbours(made) == [[1, 3], [0, 2, 4], [1, 4], [0], [1, 2]]
    assert made.relays.tolist() == [True, True, True, False, True]
    assert (len(made), made.n_satellites, made.n_sites) == (5, 3, 2)
    assert made.length_m[made.ptr[4] :].tolist() == [8e5, 7e5]


@pytest.mark.parametrize(
    ("off", "left"),
    [
        ({"satellite_on": [True, False, True]}, [[3], [], [4], [0], [2]]),
        ({"laser_on": [False, True]}, [[3], [2, 4], [1, 4], [0], [1, 2]]),
        ({"site_on": [True, False]}, [[1, 3], [0, 2], [1], [0], []]),
        ({"laser_range_m": [NAN, 3e6]}, [[3], [2, 4], [1, 4], [0], [1, 2]]),
        ({"site_range_m": [6e5, NAN, 8e5]}, [[1, 3], [0, 2, 4], [1], [0], [1]]),
    ],
)
def test_what_is_off_or_not_there_has_no_links(off, left):
    assert neighbours(row(**off)) == left


def test_a_link_absent_in_the_first_slot_can_come_and_fail_in_the_next():
    # A published simulator froze the links of t = 0: what was absent then was immune to failure for the whole run.
    first = row(laser_range_m=[NAN, 3e6])
    assert 1 not in neighbours(first)[0]
    assert 1 in neighbours(row())[0]
    assert 1 not in neighbours(row(laser_on=[False, True]))[0]


def test_arrays_are_read_only_and_the_callers_stay_writable():
    relays = np.array([True, True])
    made = Snapshot(np.array([0, 1, 2]), np.array([1, 0]), np.array([5.0, 5.0]), relays, 2)
    with pytest.raises(ValueError, match="read-only"):
        made.length_m[0] = 1.0
    relays[0] = False
    assert (made.ptr.dtype, made.node.dtype, made.length_m.dtype) == (np.int64, np.int32, np.float32)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"laser_a": [0, 3]}, "laser_a names 3, which is not among the 3 satellites"),
        ({"laser_b": [1, -1]}, "laser_b names -1"),
        ({"laser_b": [0, 1]}, "laser 0 joins a satellite to itself"),
        ({"laser_on": [True]}, r"laser_on has shape \(1,\), not \(2,\)"),
        ({"laser_a": [[0, 2]], "laser_b": [[1, 1]], "laser_range_m": [[2e6, 3e6]], "laser_on": [[True] * 2]}, "2 axes"),
        ({"satellite_on": [True] * 4}, r"satellite_on has shape \(4,\), not \(3,\)"),
        ({"site_ptr": [0, 1, 2]}, "site_ptr must rise from 0 to 3"),
        ({"site_ptr": [0, 4, 3]}, "site_ptr must rise from 0 to 3"),
        ({"site_satellite": [0, 2, 9]}, "site_satellite names 9"),
        ({"site_range_m": [6e5, 7e5]}, "site_range_m has shape"),
        ({"site_relays": [True]}, "site_relays has shape"),
        ({"laser_range_m": [0.0, 3e6]}, r"0.0 m long; it must be finite and at least 1.0 m"),
        ({"site_range_m": [6e5, float("inf"), 8e5]}, "inf m long"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(wrong, words):
    with pytest.raises(ScenarioError, match=words):
        row(**wrong)


@pytest.mark.parametrize(
    ("ptr", "node", "n_satellites", "words"),
    [
        ([0, 1, 2], [1, 0], 3, "3 satellites do not fit among 2 nodes"),
        ([0, 2], [1, 0], 2, "ptr has shape"),
        ([0, 1, 2], [1, 2], 2, "node names 2, which is not among the 2 nodes"),
    ],
)
def test_a_graph_made_by_hand_is_checked_too(ptr, node, n_satellites, words):
    with pytest.raises(ScenarioError, match=words):
        Snapshot(np.array(ptr), np.array(node), np.array([5.0, 5.0]), np.array([True, True]), n_satellites)
