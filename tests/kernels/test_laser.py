"""The kernels of laser ranges and of who gets a link, against their plain twins."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from obrii.kernels.laser import grant_in_order, laser_ranges
from tests.reference import lasers_plain

CLEAR_M = 6_451_000.0


def both(xyz: np.ndarray, clear_m: float, max_m: float) -> tuple[float, float]:
    """The kernel's and the twin's range of the link from satellite 0 to satellite 1."""
    out = np.empty(1, np.float32)
    laser_ranges(xyz, np.array([0], np.int32), np.array([1], np.int32), clear_m, max_m, out)
    a, b = xyz.astype(np.float64).T.tolist()
    return float(out[0]), lasers_plain.ray(a, b, clear_m, max_m)


coordinate = st.floats(-9e6, 9e6, width=32).map(lambda x: round(x, -2))


@given(st.lists(coordinate, min_size=6, max_size=6), st.sampled_from([0.0, 3e6, CLEAR_M]), st.floats(1e5, 2e7))
def test_the_range_of_a_link_is_that_of_the_triangle(numbers: list[float], clear_m: float, max_m: float) -> None:
    xyz = np.array(numbers, np.float32).reshape(3, 2)
    fast, plain = both(xyz, clear_m, max_m)
    # A ray that grazes the sphere to the micrometre may fall on either side of it.
    grazes = math.isnan(fast) != math.isnan(plain) and math.isnan(lasers_plain.ray(*xyz.T.tolist(), clear_m + 1, max_m))
    assert grazes or np.isclose(fast, plain, rtol=1e-7, equal_nan=True)


@given(st.floats(-1.5, 1.5), st.floats(0.01, 1.5), st.floats(200e3, 1500e3))
def test_links_of_one_shell_end_where_the_closed_form_says(at: float, apart: float, altitude_m: float) -> None:
    radius = 6_371_000.0 + altitude_m
    angles = np.array([at, at + apart])
    xyz = (radius * np.array([np.cos(angles), np.sin(angles), 0 * angles])).astype(np.float32)
    fast, plain = both(xyz, CLEAR_M, math.inf)
    longest = 2.0 * math.sqrt(radius**2 - CLEAR_M**2)
    chord = 2.0 * radius * math.sin(apart / 2)
    # Positions to half a metre move the end of the longest link by metres.
    if abs(chord - longest) > 20.0:
        assert math.isnan(fast) == (chord > longest)
        assert np.isclose(fast, plain, rtol=1e-7, equal_nan=True)


def test_a_ray_is_a_segment_and_not_a_line() -> None:
    # Two satellites one above the other: their line meets the Earth's centre, their ray goes up.
    xyz = np.array([[7.0e6, 7.5e6], [0, 0], [0, 0]], np.float32)
    assert both(xyz, CLEAR_M, math.inf) == (500_000.0, 500_000.0)


def test_a_satellite_below_the_clearance_has_no_link() -> None:
    xyz = np.array([[6.44e6, 7.5e6], [0, 0], [0, 0]], np.float32)
    assert all(map(math.isnan, both(xyz, CLEAR_M, math.inf)))


def test_a_satellite_without_a_position_has_no_link() -> None:
    xyz = np.array([[np.nan, 7e6], [np.nan, 0], [np.nan, 0]], np.float32)
    out = np.zeros(1, np.float32)
    laser_ranges(xyz, np.array([0], np.int32), np.array([1], np.int32), CLEAR_M, math.inf, out)
    assert math.isnan(out[0])


def test_two_satellites_in_one_place_are_linked_over_no_distance() -> None:
    assert both(np.array([[7e6, 7e6], [0, 0], [0, 0]], np.float32), CLEAR_M, math.inf) == (0.0, 0.0)


def test_a_link_at_the_limit_of_its_laser_holds() -> None:
    xyz = np.array([[7e6, 7e6], [0, 1_260_000], [0, 0]], np.float32)
    assert both(xyz, CLEAR_M, 1_260_000.0) == (1_260_000.0, 1_260_000.0)
    assert all(map(math.isnan, both(xyz, CLEAR_M, 1_259_999.0)))


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30), st.integers(0, 4), st.integers(0, 3))
def test_links_are_granted_in_order_while_both_ends_have_a_terminal(
    links: list[tuple[int, int]], terminals: int, before: int
) -> None:
    a, b = np.array([(a, a + 1 + b) for a, b in links], np.int32).reshape(-1, 2).T
    used, granted = np.full(14, before, np.int32), np.zeros(len(links), np.bool_)
    grant_in_order(np.ascontiguousarray(a), np.ascontiguousarray(b), terminals, used, granted)
    left = dict.fromkeys(range(14), max(terminals - before, 0))
    expected = []
    for one, other in zip(a.tolist(), b.tolist(), strict=True):
        expected.append(left[one] > 0 and left[other] > 0)
        for end in (one, other) if expected[-1] else ():
            left[end] -= 1
    assert granted.tolist() == expected
    assert (used == before + np.bincount(np.concatenate([a[granted], b[granted]]), minlength=14)).all()
