"""The kernel `trace_sights` against its plain twin, and its tree of blocks, that `narrow` walks, against no tree."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.links import visibility
from obrii.links.visibility import Observers, Sights, observers, sight_lines
from tests.reference.visible import Site, look

#: The kernel subtracts, squares and divides in float32 (6e-8 each, ten roundings); worst seen 2.5e-7 and 1.6e-7.
SINE_TOLERANCE = 1e-6
RANGE_TOLERANCE = 5e-7

LATITUDE = st.floats(-90, 90)
LONGITUDE = st.floats(-180, 180)
#: From a valley to an airliner; masks from none to nearly overhead; limits from short to none.
SITE = st.builds(
    Site,
    LATITUDE,
    LONGITUDE,
    st.sampled_from([0.0, -400.0, 12_000.0]),
    st.sampled_from([-90.0, -30.0, -1.0, 0.0, 0.1, 5.0, 25.0, 60.0, 89.5]),
    st.sampled_from([np.inf, 1.26e6, 3e6, 3.8e7]),
)
#: Distance from the Earth's centre: an airliner's, low, medium, geostationary and high orbits.
SATELLITE = st.tuples(LATITUDE, LONGITUDE, st.sampled_from([6.388e6, 6.7e6, 6.92e6, 7.58e6, 2.6e7, 4.2164e7, 1e8]))


def positions(satellites: list[tuple[float, float, float]]) -> np.ndarray:
    latitude, longitude, radius = np.array(satellites).reshape(-1, 3).T
    latitude, longitude = np.radians(latitude), np.radians(longitude)
    return (
        radius
        * np.stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)])
    ).astype(np.float32)


def every_pair(who: Observers, xyz_m: np.ndarray) -> Sights:
    """The kernel's own float32 arithmetic on every pair, without blocks."""
    high = who.xyz_m.astype(np.float32)[:, :, None]
    low = (who.xyz_m - who.xyz_m.astype(np.float32)).astype(np.float32)[:, :, None]
    up = who.up.astype(np.float32)[:, :, None]
    rows, ptr = [], np.zeros((len(xyz_m), len(who) + 1), np.int64)
    for step, sky in enumerate(xyz_m):
        dx, dy, dz = (sky[:, None] - high) - low
        away = np.sqrt(dx * dx + dy * dy + dz * dz)
        sine = (dx * up[0] + dy * up[1] + dz * up[2]) / away
        seen = (sine >= who.min_sine.astype(np.float32)[:, None]) & (
            away <= who.max_range_m.astype(np.float32)[:, None]
        )
        ptr[step, 1:] = seen.sum(axis=1)
        rows.append((np.nonzero(seen)[1], away[seen], sine[seen]))
    satellite, away, sine = (np.concatenate(parts) for parts in zip(*rows))
    return Sights(np.cumsum(ptr.ravel()).reshape(ptr.shape), satellite.astype(np.int32), away, sine)


def assert_same(a: Sights, b: Sights) -> None:
    for name in ("ptr", "satellite", "range_m", "sin_elevation"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


@given(st.lists(SITE, min_size=1, max_size=6), st.lists(SATELLITE, max_size=12))
def test_a_pair_is_listed_if_the_plain_twin_sees_it(sites: list[Site], satellites: list[tuple[float, float, float]]):
    xyz_m = positions(satellites)
    sights = sight_lines(observers(*zip(*sites)), xyz_m[None])
    for i, site in enumerate(sites):
        rows = sights.of(0, i)
        listed = dict(
            zip(
                sights.satellite[rows].tolist(),
                zip(sights.range_m[rows].tolist(), sights.sin_elevation[rows].tolist()),
            )
        )
        assert list(listed) == sorted(listed)
        for j, satellite in enumerate(xyz_m.T.tolist()):
            pair = look(site, tuple(satellite), SINE_TOLERANCE, RANGE_TOLERANCE)
            if not pair.borderline:
                assert (j in listed) == pair.seen
            if j in listed:
                assert listed[j] == pytest.approx((pair.range_m, pair.sine), rel=RANGE_TOLERANCE, abs=SINE_TOLERANCE)


@given(st.lists(SITE, min_size=1, max_size=8), st.lists(SATELLITE, min_size=1, max_size=10), st.integers(1, 3))
def test_blocks_of_any_size_change_nothing(sites, satellites, leaf):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(visibility, "LEAF_SITES", leaf)
        who = observers(*zip(*sites))
    xyz_m = np.stack([positions(satellites), positions(satellites[::-1])])
    assert_same(sight_lines(who, xyz_m), every_pair(who, xyz_m))


def test_room_for_sights_grows_where_later_steps_see_more():
    who = observers(np.arange(40.0), np.zeros(40), 0.0, 0.0)
    points = positions([(latitude, 0.0, 7.58e6) for latitude in range(40)])
    xyz_m = np.stack([np.where(np.arange(40) < seen, points, np.float32(np.nan)) for seen in (0, 0, 3, 40, 1, 20)])
    sights = sight_lines(who, xyz_m)
    assert sights.count.sum(axis=1)[[0, 1]].tolist() == [0, 0]
    assert_same(sights, every_pair(who, xyz_m))


@given(
    st.lists(st.tuples(st.floats(-4, 4), st.floats(-4, 4)), min_size=2, max_size=6),
    LATITUDE.filter(lambda latitude: abs(latitude) < 80),
    st.sampled_from([-20.0, 0.0, 10.0, 25.0, 70.0, 89.9]),
    st.sampled_from([6.6e6, 6.92e6, 4.2164e7]),
    st.lists(st.tuples(st.integers(0, 5), st.floats(0, 360), st.floats(-3e-6, 3e-6)), min_size=1, max_size=8),
)
def test_satellites_at_the_very_edge_of_a_block_are_not_pruned(spread, latitude, mask_deg, radius, edges):
    # Satellites within 3e-6 rad of the mask of one of the sites, in any direction: nearer than the blocks' slack.
    sites = np.array([[latitude + north, east] for north, east in spread])
    who = observers(sites[:, 0], sites[:, 1], 0.0, mask_deg)
    sky = []
    for which, azimuth_deg, off in edges:
        site = which % len(sites)
        up, foot = who.up[:, site], who.xyz_m[:, site]
        east = np.array([-np.sin(np.radians(sites[site, 1])), np.cos(np.radians(sites[site, 1])), 0.0])
        north = np.cross(up, east)
        azimuth, elevation = np.radians(azimuth_deg), np.radians(mask_deg) + off
        ray = np.sin(elevation) * up + np.cos(elevation) * (np.sin(azimuth) * east + np.cos(azimuth) * north)
        along = ray @ foot
        reach = -along + np.sqrt(along * along + radius * radius - foot @ foot)
        sky.append(foot + reach * ray)
    xyz_m = np.array(sky).T.astype(np.float32)[None]
    assert_same(sight_lines(who, xyz_m), every_pair(who, xyz_m))


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="two million pairs are for the compiled kernel")
@pytest.mark.parametrize(
    ("mask_deg", "limit_m"), [(25.0, np.inf), (5.0, np.inf), (-90.0, 1.26e6), (0.0, np.inf), (40.0, 7e5)]
)
def test_a_whole_sky_is_the_same_with_and_without_blocks(mask_deg: float, limit_m: float):
    draw = np.random.default_rng(7)
    who = observers(
        np.degrees(np.arcsin(draw.uniform(-1, 1, 700))), draw.uniform(-180, 180, 700), 0.0, mask_deg, limit_m
    )
    radius = draw.choice([6.71e6, 6.92e6, 7.58e6, 2.6e7, 4.2164e7], 1500)
    direction = draw.normal(size=(2, 3, 1500))
    xyz_m = (direction / np.linalg.norm(direction, axis=1, keepdims=True) * radius).astype(np.float32)
    xyz_m[1, :, ::7] = np.nan
    sights = sight_lines(who, xyz_m)
    assert sights.satellite.size > 500
    assert_same(sights, every_pair(who, xyz_m))


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="a million pairs are for the compiled kernel")
def test_ranges_and_sines_are_as_exact_as_they_claim():
    draw = np.random.default_rng(3)
    latitude, longitude = np.degrees(np.arcsin(draw.uniform(-1, 1, 300))), draw.uniform(-180, 180, 300)
    who = observers(latitude, longitude, 0.0, 0.0)
    direction = draw.normal(size=(3, 3000))
    radius = draw.choice([6.92e6, 4.2164e7], 3000)
    xyz_m = (direction / np.linalg.norm(direction, axis=0) * radius).astype(np.float32)
    sights = sight_lines(who, xyz_m[None])
    site = np.repeat(np.arange(300), sights.count[0])
    ray = xyz_m[:, sights.satellite].astype(float) - who.xyz_m[:, site]
    away = np.linalg.norm(ray, axis=0)
    assert np.abs(sights.range_m / away - 1).max() < RANGE_TOLERANCE
    assert np.abs(sights.sin_elevation - np.sum(ray * who.up[:, site], axis=0) / away).max() < SINE_TOLERANCE
