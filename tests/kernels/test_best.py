"""The kernel `choose_best` against its plain twin, and its bounds against no bounds at all."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.kernels.best import kth_least
from obrii.kernels.sight import LANES, pack
from obrii.links import visibility
from obrii.links.best import best_satellites
from obrii.links.visibility import Observers, observers
from tests.reference.best_plain import choices
from tests.reference.visible import Site

#: As in the tests of sight lines: the kernel subtracts, squares, divides and adds in float32, ten roundings of 6e-8.
SINE_TOLERANCE = 1e-6
RANGE_TOLERANCE = 5e-7

LATITUDE = st.floats(-90, 90)
LONGITUDE = st.floats(-180, 180)
SITE = st.builds(
    Site,
    LATITUDE,
    LONGITUDE,
    st.sampled_from([0.0, -400.0, 12_000.0]),
    st.sampled_from([-90.0, -30.0, 0.0, 5.0, 25.0, 60.0]),
    st.sampled_from([np.inf, 1.26e6, 3e6, 3.8e7]),
)
#: Latitude, longitude, distance from the Earth's centre, way down: of few values, so that scores are often equal.
SATELLITE = st.tuples(
    LATITUDE,
    LONGITUDE,
    st.sampled_from([6.388e6, 6.7e6, 6.92e6, 7.58e6, 2.6e7, 4.2164e7]),
    st.sampled_from([0.0, 0.0, 1.0, 5e5, 4e7, np.inf]),
)


def sky(satellites: list[tuple[float, float, float, float]]) -> tuple[np.ndarray, np.ndarray]:
    latitude, longitude, radius, way_m = np.array(satellites).reshape(-1, 4).T
    latitude, longitude = np.radians(latitude), np.radians(longitude)
    direction = [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    return (radius * np.stack(direction)).astype(np.float32), way_m.astype(np.float32)


def every_pair(who: Observers, xyz_m: np.ndarray, way_m: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The kernel's own float32 arithmetic on every pair, in the order of blocks, without their bounds."""
    high, low, up = (who.blocks.look[rows, :, None] for rows in (slice(0, 3), slice(3, 6), slice(6, 9)))
    mask, limit = who.blocks.look[9, :, None], who.blocks.look[10, :, None]
    satellite, score_m = (np.empty((len(xyz_m), k, len(who)), kind) for kind in (np.int32, np.float32))
    for step, positions in enumerate(xyz_m):
        dx, dy, dz = (positions[:, None] - high) - low
        away = np.sqrt(dx * dx + dy * dy + dz * dz)
        seen = ((dx * up[0] + dy * up[1] + dz * up[2]) / away >= mask) & (away <= limit) & (way_m < np.inf)
        score = np.pad(np.where(seen, away + way_m, np.float32(np.inf)), ((0, 0), (0, k)), constant_values=np.inf)
        order = np.argsort(score, axis=1, kind="stable")[:, :k]
        score_m[step] = np.take_along_axis(score, order, axis=1).T
        satellite[step] = np.where(score_m[step] < np.inf, order.T, -1)
    return satellite, score_m


def assert_same(who: Observers, xyz_m: np.ndarray, way_m: np.ndarray, k: int) -> None:
    for found, expected in zip(best_satellites(who, xyz_m, way_m, k), every_pair(who, xyz_m, way_m, k), strict=True):
        np.testing.assert_array_equal(found, expected)


@given(st.lists(SITE, min_size=1, max_size=6), st.lists(SATELLITE, max_size=12), st.integers(1, 4))
def test_the_best_are_those_of_the_plain_twin(sites: list[Site], satellites: list, k: int):
    xyz_m, way_m = sky(satellites)
    who = observers(*zip(*sites))
    satellite, score_m = (row[0][:, who.blocks.place].T for row in best_satellites(who, xyz_m[None], way_m, k))
    for site, chosen, scores in zip(sites, satellite.tolist(), score_m.tolist(), strict=True):
        plain = choices(site, list(zip(*xyz_m.tolist())), way_m.tolist(), SINE_TOLERANCE, RANGE_TOLERANCE)
        plain_m = {choice.satellite: choice.score_m for choice in plain}
        used = [number for number in chosen if number >= 0]
        assert chosen == used + [-1] * (k - len(used))
        assert scores[len(used) :] == [math.inf] * (k - len(used))
        assert len(set(used)) == len(used) and scores == sorted(scores)
        for number, score in zip(used, scores):
            assert score == pytest.approx(plain_m[number], rel=RANGE_TOLERANCE)
        # Nobody in sight is left out who is better than the last one taken, by more than rounding.
        for score, number, borderline in plain:
            if not borderline and number not in used:
                assert len(used) == k and score >= scores[-1] * (1.0 - RANGE_TOLERANCE)


@given(
    st.lists(SITE, min_size=1, max_size=8),
    st.lists(SATELLITE, min_size=1, max_size=10),
    st.integers(1, 3),
    st.integers(1, 3),
)
def test_blocks_of_any_size_change_nothing(sites: list[Site], satellites: list, leaf: int, k: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(visibility, "LEAF_SITES", leaf)
        who = observers(*zip(*sites))
    xyz_m, way_m = sky(satellites)
    assert_same(who, np.stack([xyz_m, xyz_m[:, ::-1]]), way_m, k)


@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3)), min_size=2, max_size=6),
    st.floats(-80, 80),
    st.sampled_from([6.6e6, 6.92e6, 4.2164e7]),
    st.lists(st.tuples(st.floats(0, 360), st.floats(0, 12), st.sampled_from([0.0, 1e3, 1e5])), min_size=2, max_size=8),
    st.floats(-100.0, 100.0),
    st.integers(1, 3),
)
def test_satellites_whose_scores_nearly_agree_are_told_apart(spread, latitude, radius, around, off_m, k):
    # Ways that make every satellite cost the first site the same within 100 m: bounds within rounding of each other.
    sites = np.array([[latitude + north, east] for north, east in spread])
    who = observers(sites[:, 0], sites[:, 1], 0.0, 25.0)
    azimuth, away, lift = np.radians(np.array(around)).T * [[1.0], [1.0], [180.0 / np.pi]]
    up = who.up[:, 0]
    east = np.array([-np.sin(np.radians(sites[0, 1])), np.cos(np.radians(sites[0, 1])), 0.0])
    north = np.cross(up, east)[:, None]
    direction = np.cos(away) * up[:, None] + np.sin(away) * (np.sin(azimuth) * east[:, None] + np.cos(azimuth) * north)
    xyz_m = ((radius + lift) * direction).astype(np.float32)
    range_m = np.linalg.norm(xyz_m - who.xyz_m[:, :1], axis=0)
    way_m = (range_m.max() + 100.0 - range_m + off_m * np.linspace(0.0, 1.0, range_m.size)).astype(np.float32)
    assert_same(who, xyz_m[None], way_m, k)


@given(
    st.lists(st.tuples(st.floats(-4, 4), st.floats(-4, 4)), min_size=2, max_size=6),
    st.floats(-80, 80),
    st.sampled_from([-20.0, 0.0, 25.0, 70.0]),
    st.sampled_from([6.6e6, 6.92e6, 4.2164e7]),
    st.lists(st.tuples(st.integers(0, 5), st.floats(0, 360), st.floats(-3e-6, 3e-6)), min_size=1, max_size=8),
)
def test_satellites_at_the_very_edge_of_the_mask_neither_bound_nor_are_pruned(
    spread, latitude, mask_deg, radius, edges
):
    sites = np.array([[latitude + north, east] for north, east in spread])
    who = observers(sites[:, 0], sites[:, 1], 0.0, mask_deg)
    satellites = []
    for which, azimuth_deg, off in edges:
        site = which % len(sites)
        up, foot = who.up[:, site], who.xyz_m[:, site]
        east = np.array([-np.sin(np.radians(sites[site, 1])), np.cos(np.radians(sites[site, 1])), 0.0])
        azimuth, elevation = np.radians(azimuth_deg), np.radians(mask_deg) + off
        flat = np.sin(azimuth) * east + np.cos(azimuth) * np.cross(up, east)
        ray = np.sin(elevation) * up + np.cos(elevation) * flat
        along = ray @ foot
        satellites.append(foot + (np.sqrt(along * along + radius * radius - foot @ foot) - along) * ray)
    assert_same(who, np.array(satellites).T.astype(np.float32)[None], np.zeros(len(edges), np.float32), 2)


@numba.njit
def packed(first, second, passing, length, out_first, out_second, at):
    return pack((first, second), passing, length, (out_first, out_second), at)


@given(st.lists(st.booleans(), max_size=50), st.integers(0, 3))
def test_what_passes_is_kept_in_order(flags: list[bool], at: int):
    room = len(flags) + 2 * LANES
    passing = np.zeros(room, np.uint8)
    passing[: len(flags)] = flags
    first, second = np.arange(room, dtype=np.int32), np.linspace(0.0, 1.0, room, dtype=np.float32)
    out_first, out_second = np.full(room + at, -1, np.int32), np.zeros(room + at, np.float32)
    end = packed(first, second, passing, len(flags), out_first, out_second, at)
    assert end == at + sum(flags) and (out_first[:at] == -1).all()
    np.testing.assert_array_equal(out_first[at:end], np.flatnonzero(passing))
    np.testing.assert_array_equal(out_second[at:end], second[passing > 0])


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(0, 12), st.integers(1, 4))
def test_the_kth_least_is_that_of_a_sorted_list(numbers: list[int], worst: int, k: int):
    expected = sorted([number for number in numbers if number < worst] + [worst] * k)[k - 1]
    values = np.array(numbers, np.float32)
    assert kth_least(values, len(numbers), np.float32(worst), np.empty(k, np.float32)) == expected


@pytest.mark.parametrize(("mask_deg", "limit_m"), [(25.0, np.inf), (-90.0, 1109e3), (10.0, 1109e3)])
def test_a_satellite_that_not_all_sites_see_bounds_none(mask_deg: float, limit_m: float):
    # The first satellite costs least, and is seen from the west of a block alone; the second costs more.
    longitude = np.linspace(-0.5, 0.5, 16)
    who = observers(np.zeros(16), longitude, 0.0, mask_deg, limit_m)
    place = np.radians([-8.35, 0.0])
    xyz_m = np.stack([6.92e6 * np.cos(place), 6.92e6 * np.sin(place), np.zeros(2)]).astype(np.float32)
    satellite, _ = best_satellites(who, xyz_m[None], np.array([0.0, 1e6], np.float32), k=1)
    west = satellite[0, 0, who.blocks.place] == 0
    assert west[0] and not west[-1] and (satellite >= 0).all()
    assert_same(who, xyz_m[None], np.array([0.0, 1e6], np.float32), 1)


def test_a_satellite_in_the_middle_of_a_block_is_bounded_too():
    # Bounds divide by the distance from the middle of the block, which the middle of the first site is here.
    who = observers([10.0, 10.0], [20.0, 20.1], 0.0, [-90.0, 0.0])
    middle = who.blocks.bound[:3, 0]
    points = np.stack([middle, middle + np.float32(0.5), middle * np.float32(1.1)], axis=1)
    assert_same(who, points[None], np.zeros(3, np.float32), 2)


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="millions of pairs are for the compiled kernel")
@pytest.mark.parametrize(
    ("mask_deg", "limit_m", "k"), [(25.0, np.inf, 3), (5.0, np.inf, 1), (40.0, 7e5, 8), (-90.0, 2e6, 3)]
)
@pytest.mark.parametrize("spread_deg", [0.6, 6.0, 180.0])
def test_a_whole_sky_is_the_same_with_and_without_bounds(spread_deg: float, mask_deg: float, limit_m: float, k: int):
    draw = np.random.default_rng(7)
    latitude, longitude = 40.0 + draw.uniform(-1, 1, (2, 500)) * [[min(spread_deg, 45.0)], [spread_deg]]
    who = observers(latitude, longitude, draw.uniform(0, 3e3, 500), mask_deg, limit_m)
    # Half of the satellites above the sites, with ways that differ by less than the blocks are wide.
    near, direction = 0.15 * draw.normal(size=(2, 3, 1000)), draw.normal(size=(2, 3, 1000))
    near += who.up[:, :1]
    direction = np.concatenate([near, direction], axis=2)
    radius = draw.choice([6.71e6, 6.92e6, 6.93e6, 4.2164e7], 2000, p=[0.2, 0.4, 0.3, 0.1])
    xyz_m = (direction / np.linalg.norm(direction, axis=1, keepdims=True) * radius).astype(np.float32)
    xyz_m[1, :, ::7] = np.nan
    way_m = draw.uniform(0, 5e4, 2000).astype(np.float32)
    way_m[draw.random(2000) < 0.1] = np.inf
    assert_same(who, xyz_m, way_m, k)
