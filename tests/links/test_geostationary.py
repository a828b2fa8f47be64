"""The geostationary arc at the door: what it drops, what it leaves, what it refuses, and the laws that it keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii import frames
from obrii.errors import ModelError, ScenarioError
from obrii.links.geostationary import ARC_RADIUS_M, arc_zone, in_arc, outside_arc
from obrii.links.visibility import Observers, Sights, observers, sight_lines

#: Two zones whose angles differ by less may differ by rounding; the zone itself is right within 0.001 deg.
APART_DEG = 0.01

#: How far the plane of the horizon at 45 deg of latitude is from the Earth's centre [m]: a sqrt(1 - e2 / 2) on WGS 84.
HORIZON_M = 6_378_137.0 * np.sqrt(1.0 - 0.006694379990141 / 2.0)

LATITUDES = np.array([0.0, 12.0, -12.0, 38.0, 50.45, -64.0, 75.0, 80.9, 81.5, 90.0, -90.0])


def sky(count: int, steps: int = 1, seed: int = 5) -> np.ndarray:
    """Satellites at 550 and 1,200 km all over the Earth, (time, 3, satellite) f4."""
    draw = np.random.default_rng(seed)
    direction = draw.normal(size=(steps, 3, count))
    radius_m = draw.choice([6.928e6, 7.578e6], count)
    return (radius_m * direction / np.linalg.norm(direction, axis=1, keepdims=True)).astype(np.float32)


def sites(mask_deg: float = 25.0) -> Observers:
    return observers(LATITUDES, np.linspace(-180.0, 170.0, LATITUDES.size), 0.0, mask_deg)


def assert_equal(a: Sights, b: Sights) -> None:
    for name in ("ptr", "satellite", "range_m", "sin_elevation"):
        np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


def test_an_angle_of_nought_leaves_everything():
    who, xyz_m = sites(), sky(3_000, steps=2)
    sights = sight_lines(who, xyz_m)
    found = outside_arc(sights, arc_zone(who, 0.0), xyz_m)
    assert found.sights is sights
    assert not found.dropped.any()
    assert not found.blocked.any()


@pytest.mark.parametrize("mask_deg", [5.0, 25.0])
def test_a_wider_angle_never_frees_a_sight_line(mask_deg: float):
    who, xyz_m = sites(mask_deg), sky(3_000)
    sights = sight_lines(who, xyz_m)
    narrower = np.zeros(sights.satellite.size, bool)
    # Through the mask, where the ends of the arc begin to count, and up to the widest.
    around_the_mask = mask_deg + APART_DEG * np.arange(-3, 4)
    for angle_deg in np.unique([0.0, 1e-3, 0.5, 18.0, 22.0, *around_the_mask, 45.0, 79.995, 80.005, 88.0, 90.0]):
        wider = in_arc(sights, arc_zone(who, angle_deg), xyz_m)
        assert not np.any(narrower & ~wider)
        narrower = wider
    assert narrower.mean() > 0.5


@given(st.floats(0, 90), st.floats(0, 60), st.floats(0, 90 - APART_DEG), st.floats(APART_DEG, 90))
def test_a_wider_angle_never_frees_a_sight_line_at_any_latitude(latitude, mask_deg, angle_deg, more_deg):
    who, xyz_m = observers([latitude, -latitude], [10.0, -170.0], 0.0, mask_deg), sky(400)
    sights = sight_lines(who, xyz_m)
    narrow = in_arc(sights, arc_zone(who, angle_deg), xyz_m)
    wide = in_arc(sights, arc_zone(who, min(angle_deg + more_deg, 90.0)), xyz_m)
    assert not np.any(narrow & ~wide)


@pytest.mark.parametrize(("mask_deg", "angle_deg"), [(25.0, 22.0), (25.0, 18.0), (10.0, 40.0)])
def test_north_and_south_are_mirror_images(mask_deg: float, angle_deg: float):
    longitude = np.linspace(-180.0, 170.0, LATITUDES.size)
    north, south = (observers(sign * LATITUDES, longitude, 0.0, mask_deg) for sign in (1.0, -1.0))
    xyz_m = sky(2_000)
    mirrored_m = xyz_m * np.array([1.0, 1.0, -1.0], np.float32)[:, None]
    up, down = sight_lines(north, xyz_m), sight_lines(south, mirrored_m)
    assert_equal(up, down)
    flags = in_arc(up, arc_zone(north, angle_deg), xyz_m)
    np.testing.assert_array_equal(flags, in_arc(down, arc_zone(south, angle_deg), mirrored_m))
    assert 0.1 < flags.mean() < 0.7


def test_turning_everything_around_the_axis_changes_nothing():
    # By a quarter of a turn, which float32 does exactly.
    longitude = np.linspace(-80.0, 80.0, LATITUDES.size)
    here, there = (observers(LATITUDES, longitude + turn, 0.0, 10.0) for turn in (0.0, 90.0))
    xyz_m = sky(2_000)
    turned_m = np.stack([-xyz_m[:, 1], xyz_m[:, 0], xyz_m[:, 2]], axis=1)
    share = [
        outside_arc(sight_lines(who, away), arc_zone(who, 30.0), away).sights.count
        for who, away in ((here, xyz_m), (there, turned_m))
    ]
    np.testing.assert_array_equal(*share)


def test_where_the_arc_stands_below_the_horizon_nothing_is_dropped():
    who, xyz_m = observers([81.4, -81.4, 85.0, 90.0, -90.0], [0.0, 50.0, 100.0, 150.0, -160.0], 0.0, 5.0), sky(20_000)
    zone = arc_zone(who, 90.0)
    assert not zone.visible.any()
    sights = sight_lines(who, xyz_m)
    assert sights.count.min() > 0
    assert outside_arc(sights, zone, xyz_m).sights is sights


def test_the_last_degree_of_the_visible_arc_is_kept_free():
    # At 81.2 deg the arc rises 0.07 deg above the southern horizon, and runs out a few degrees to the sides.
    who = observers([81.2], [0.0], 0.0, 1.0)
    assert arc_zone(who, 10.0).visible.tolist() == [True]
    rays = {"south": (180.0, 9.9), "south, higher": (180.0, 10.3), "south-west": (215.0, 5.0), "north": (0.0, 5.0)}
    found = directions(who, 81.2, rays, angle_deg=10.0)
    assert found == {"south": True, "south, higher": False, "south-west": False, "north": False}


def directions(who: Observers, latitude_deg: float, rays: dict, angle_deg: float) -> dict[str, bool]:
    """Whether directions, by name (azimuth, elevation) [deg], lie inside the zone of a site at longitude 0."""
    up, foot = who.up[:, 0], who.xyz_m[:, 0]
    azimuth, elevation = np.radians(np.array(list(rays.values()), float)).T
    flat = np.sin(azimuth) * np.array([[0.0], [1.0], [0.0]])
    flat = flat + np.cos(azimuth) * np.cross(up, [0.0, 1.0, 0.0])[:, None]
    xyz_m = foot[:, None] + 1e6 * (np.sin(elevation) * up[:, None] + np.cos(elevation) * flat)
    sights = sight_lines(who, xyz_m[None].astype(np.float32))
    inside = in_arc(sights, arc_zone(who, angle_deg), xyz_m[None])
    seen = dict(zip(sights.satellite.tolist(), inside.tolist()))
    return {name: seen[k] for k, name in enumerate(rays)}


def test_a_wide_angle_with_a_low_mask_ends_in_round_caps():
    # From 45 deg of latitude the arc rises 8 deg or so south of east; north of there its end is what is nearest. By
    # Napier's rule, the cap at an elevation e reaches as far in azimuth as cos(angle) / cos(e) says.
    end_deg = np.degrees(np.arccos(HORIZON_M / (ARC_RADIUS_M * np.cos(np.radians(45.0)))))
    x_m, y_m = ARC_RADIUS_M * np.cos(np.radians(end_deg)), ARC_RADIUS_M * np.sin(np.radians(end_deg))
    who = observers([45.0], [0.0], 0.0, 5.0)
    ray = np.array([x_m, y_m, 0.0]) - who.xyz_m[:, 0]
    north = np.cross(who.up[:, 0], [0.0, 1.0, 0.0])
    azimuth_deg = float(np.degrees(np.arctan2(ray[1], ray @ north)))
    assert abs(ray @ who.up[:, 0]) < 1e-3
    assert 95.0 < azimuth_deg < 100.0
    off_deg = float(np.degrees(np.arccos(np.cos(np.radians(22.0)) / np.cos(np.radians(6.0)))))
    rays = {
        "just inside": (azimuth_deg - off_deg + 0.05, 6.0),
        "just outside": (azimuth_deg - off_deg - 0.05, 6.0),
        "in the west": (360.0 - azimuth_deg + off_deg - 0.05, 6.0),
    }
    found = directions(who, 45.0, rays, angle_deg=22.0)
    assert found == {"just inside": True, "just outside": False, "in the west": True}


def test_every_site_has_its_own_angle():
    who, xyz_m = observers([50.0, 50.0, 50.0], [30.0, 30.0, 30.0], 0.0, 25.0), sky(30_000)
    found = outside_arc(sight_lines(who, xyz_m), arc_zone(who, [0.0, 18.0, 22.0]), xyz_m)
    off, gateway, user = found.dropped[0]
    assert 0 == off < gateway < user


def test_a_site_is_blocked_where_all_that_it_sees_stands_in_the_zone():
    who = observers([0.0, 0.0, 60.0], [0.0, 90.0, 0.0], 0.0, 25.0)
    overhead_m = frames.geodetic_to_cartesian(np.zeros(1), np.zeros(1), np.full(1, 550e3))
    xyz_m = overhead_m[None].astype(np.float32)
    found = outside_arc(sight_lines(who, xyz_m), arc_zone(who, 22.0), xyz_m)
    assert found.dropped.tolist() == [[1, 0, 0]]
    assert found.blocked.tolist() == [[True, False, False]]
    assert found.sights.ptr.tolist() == [[0, 0, 0, 0]]


def test_numbers_of_satellites_may_begin_anywhere():
    who, xyz_m = sites(), sky(3_000, steps=2)
    zone = arc_zone(who, 22.0)
    plain = outside_arc(sight_lines(who, xyz_m), zone, xyz_m)
    shifted = outside_arc(sight_lines(who, xyz_m, 700), zone, xyz_m, 700)
    np.testing.assert_array_equal(shifted.sights.satellite, plain.sights.satellite + 700)
    np.testing.assert_array_equal(shifted.dropped, plain.dropped)


def test_nobody_and_nothing_are_fine():
    nobody, xyz_m = observers([], [], 0.0, 25.0), sky(10)
    assert outside_arc(sight_lines(nobody, xyz_m), arc_zone(nobody, 22.0), xyz_m).dropped.shape == (1, 0)
    who, empty_m = sites(), np.empty((2, 3, 0), np.float32)
    found = outside_arc(sight_lines(who, empty_m), arc_zone(who, 22.0), empty_m)
    assert not found.blocked.any()


@pytest.mark.parametrize("angle_deg", [-1.0, 90.1, np.nan, np.inf])
def test_an_angle_outside_its_range_is_refused(angle_deg: float):
    with pytest.raises(ScenarioError, match=r"angle_deg of site 0 is .*; it must be from 0 \(off\) to 90"):
        arc_zone(sites(), angle_deg)


def test_angles_of_other_sites_are_refused():
    with pytest.raises(ScenarioError, match=r"angle_deg has shape \(2,\); give one angle, or \(11,\)"):
        arc_zone(sites(), [18.0, 22.0])


def test_zones_and_positions_of_others_are_refused():
    who, xyz_m = sites(), sky(3_000)
    sights, zone = sight_lines(who, xyz_m, 40), arc_zone(who, 22.0)
    with pytest.raises(ModelError, match="sights are of 11 sites and the zone of 1"):
        in_arc(sights, arc_zone(observers([0.0], [0.0], 0.0, 25.0), 22.0), xyz_m, 40)
    with pytest.raises(ModelError, match=r"xyz_m has shape \(2, 3, 5\); it must be \(1, 3, satellite\)"):
        in_arc(sights, zone, sky(5, steps=2), 40)
    for first in (0, 3_000):
        with pytest.raises(ModelError, match=f"satellites outside {first} to {first + 2999}"):
            in_arc(sights, zone, xyz_m, first)
    with pytest.raises(ModelError, match="give the positions that they were found with"):
        in_arc(sights, zone, xyz_m[:, :, :50], 40)
