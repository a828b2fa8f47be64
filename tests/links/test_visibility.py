"""Sight lines at the door: what they list, what they refuse, and traps that other simulators fell into."""

from __future__ import annotations

import numpy as np
import pytest

from obrii import frames
from obrii.errors import ModelError, ScenarioError
from obrii.links.geometry import footprint_radius_m
from obrii.links.visibility import elevation_deg, observers, range_m, sight_lines

KYIV = (50.45, 30.52)


def seen_from(latitude_deg: float, longitude_deg: float, elevation_deg: float, azimuth_deg: float, away_m: float):
    """A point at an elevation, azimuth and distance from a site at height 0, Earth-fixed (3,) [m]."""
    latitude, longitude = np.array([latitude_deg]), np.array([longitude_deg])
    up = frames.up(latitude, longitude)[:, 0]
    east = np.array([-np.sin(np.radians(longitude_deg)), np.cos(np.radians(longitude_deg)), 0.0])
    elevation, azimuth = np.radians(elevation_deg), np.radians(azimuth_deg)
    flat = np.sin(azimuth) * east + np.cos(azimuth) * np.cross(up, east)
    ray = np.sin(elevation) * up + np.cos(elevation) * flat
    return frames.geodetic_to_cartesian(latitude, longitude, np.zeros(1))[:, 0] + away_m * ray


def sky(*points: np.ndarray) -> np.ndarray:
    """Points as one step of positions."""
    return np.stack(points, axis=1)[None].astype(np.float32)


def test_a_mask_is_an_angle_and_not_the_range_of_a_flat_earth():
    # Trap 1: the ground radius of a 25 deg footprint at 550 km and the altitude, put together by Pythagoras, are a
    # range of 1090 km; a satellite of 550 km at that range stands at 26.2 deg, so that 1.2 deg of sky are lost.
    flat_earth_m = np.hypot(footprint_radius_m(550e3, 25.0), 550e3)
    kyiv = observers([KYIV[0]], [KYIV[1]], 0.0, 25.0)
    between = sky(*(seen_from(*KYIV, 25.1, azimuth, 1120e3) for azimuth in range(0, 360, 30)))
    below = sky(*(seen_from(*KYIV, 24.9, azimuth, 700e3) for azimuth in range(0, 360, 30)))
    assert flat_earth_m == pytest.approx(1089.5e3, abs=100.0)
    assert sight_lines(kyiv, between).count.tolist() == [[12]]
    assert np.all(sight_lines(kyiv, between).range_m > flat_earth_m)
    assert sight_lines(kyiv, below).count.tolist() == [[0]]


def test_elevation_is_measured_from_the_normal_to_the_ellipsoid():
    # At 45 deg of latitude the normal leans 0.1924 deg from the radius: north and south differ by twice that on a ball.
    site = observers([45.0], [0.0], 0.0, 25.0)
    north, south = (seen_from(45.0, 0.0, 25.001, azimuth, 1100e3) for azimuth in (0.0, 180.0))
    assert sight_lines(site, sky(north, south)).count.tolist() == [[2]]
    north, south = (seen_from(45.0, 0.0, 24.999, azimuth, 1100e3) for azimuth in (0.0, 180.0))
    assert sight_lines(site, sky(north, south)).count.tolist() == [[0]]


def test_without_a_mask_the_range_alone_limits():
    # Hypatia's access: 1260 km slant range and no elevation, through the ground if need be.
    site = observers([0.0], [0.0], 0.0, -90.0, 1.26e6)
    near, far, under = (
        seen_from(0, 0, *place) for place in ((3.0, 90.0, 1259e3), (60.0, 90.0, 1261e3), (-70.0, 0.0, 9e5))
    )
    assert sight_lines(site, sky(near, far, under)).satellite.tolist() == [0, 2]


def test_a_mask_below_the_horizon_is_still_a_mask():
    site = observers([0.0], [0.0], 3000.0, -2.0)
    foot = frames.geodetic_to_cartesian(np.zeros(1), np.zeros(1), np.full(1, 3000.0))[:, 0]
    rays = np.array([[np.sin(e), np.cos(e), 0.0] for e in np.radians([-1.9, -2.1, 0.0])])
    assert sight_lines(site, sky(*(foot + 2.5e6 * rays))).satellite.tolist() == [0, 2]


def test_a_geostationary_satellite_is_in_sight_like_any_other():
    # Slant range at 28.0 deg of latitude below the satellite's own meridian: law of cosines on the ellipsoid's radius.
    site = observers([28.0], [13.0], 0.0, 10.0)
    satellite = frames.geodetic_to_cartesian(np.zeros(1), np.full(1, 13.0), np.full(1, 35_786e3))
    sights = sight_lines(site, satellite[None].astype(np.float32))
    foot = site.xyz_m[:, 0]
    radius, latitude = np.linalg.norm(foot), np.arcsin(foot[2] / np.linalg.norm(foot))
    orbit = 6378.137e3 + 35_786e3
    expected = np.sqrt(radius**2 + orbit**2 - 2 * radius * orbit * np.cos(latitude))
    assert sights.range_m[0] == pytest.approx(expected, abs=8.0)  # two spacings of float32 at 37,000 km


def test_satellites_are_numbered_from_the_first_of_the_slice():
    site = observers([0.0, 1.0], [0.0, 1.0], 0.0, 10.0)
    points = sky(seen_from(0, 0, 60.0, 0.0, 6e5), seen_from(0, 0, -5.0, 0.0, 2e6), seen_from(0, 0, 80.0, 90.0, 6e5))
    assert sight_lines(site, points, first_satellite=1584).satellite.tolist() == [1584, 1586, 1584, 1586]


def test_a_satellite_that_is_not_there_is_never_seen():
    site = observers([0.0], [0.0], 0.0, -90.0)
    points = sky(seen_from(0, 0, 60.0, 0.0, 6e5), np.full(3, np.nan), seen_from(0, 0, 70.0, 0.0, 6e5))
    assert sight_lines(site, points).satellite.tolist() == [0, 2]


def test_steps_follow_each_other_in_the_flat_arrays():
    site = observers([0.0, 40.0], [0.0, 0.0], 0.0, 10.0)
    over_first, over_second = seen_from(0, 0, 90.0, 0.0, 6e5), seen_from(40, 0, 90.0, 0.0, 6e5)
    nobody = np.full(3, np.nan)
    steps = np.concatenate([sky(over_first, nobody), sky(nobody, nobody), sky(over_second, over_first)])
    sights = sight_lines(site, steps)
    assert sights.ptr.tolist() == [[0, 1, 1], [1, 1, 1], [1, 2, 3]]
    assert sights.satellite.tolist() == [0, 1, 0]
    assert sights.of(2, 1) == slice(2, 3)
    assert sights.count.tolist() == [[1, 0], [0, 0], [1, 1]]


def test_no_sites_no_satellites_and_no_steps_are_empty_lists():
    nobody, somebody = observers([], [], 0.0, 25.0), observers([0.0], [0.0], 0.0, 25.0)
    assert sight_lines(nobody, np.zeros((2, 3, 5), np.float32)).ptr.shape == (2, 1)
    assert sight_lines(somebody, np.zeros((2, 3, 0), np.float32)).ptr.tolist() == [[0, 0], [0, 0]]
    assert sight_lines(somebody, np.zeros((0, 3, 5), np.float32)).ptr.shape == (0, 2)


def test_sights_and_observers_cannot_be_written_to():
    site = observers([0.0], [0.0], 0.0, 10.0)
    sights = sight_lines(site, sky(seen_from(0, 0, 60.0, 0.0, 6e5)))
    for array in (site.xyz_m, site.up, site.blocks.gate, sights.ptr, sights.satellite, sights.range_m):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_range_and_elevation_of_one_pair_are_those_of_its_sight():
    site = observers([50.0], [10.0], 0.0, 10.0)
    point = seen_from(50.0, 10.0, 37.0, 123.0, 812e3)
    sights = sight_lines(site, sky(point))
    assert range_m(site.xyz_m[:, 0], point) == pytest.approx(812e3, abs=1e-6)
    assert elevation_deg(site.xyz_m[:, 0], site.up[:, 0], point) == pytest.approx(37.0, abs=1e-9)
    assert sights.range_m[0] == pytest.approx(812e3, abs=1.0)
    assert np.degrees(np.arcsin(sights.sin_elevation[0])) == pytest.approx(37.0, abs=1e-4)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (([91.0], [0.0], 0.0, 25.0), "latitude_deg of site 0 is 91"),
        (([0.0, np.nan], [0.0, 0.0], 0.0, 25.0), "latitude_deg of site 1 is nan"),
        (([0.0], [np.inf], 0.0, 25.0), "longitude_deg of site 0 is inf"),
        (([0.0], [0.0], np.nan, 25.0), "altitude_m of site 0 is nan"),
        (([0.0], [0.0], 0.0, 90.0), "must be from -90"),
        (([0.0], [0.0], 0.0, np.nan), "min_elevation_deg of site 0 is nan"),
        (([0.0], [0.0], 0.0, 25.0, 0.0), "max_range_m of site 0 is 0"),
        (([0.0, 1.0], [0.0], 0.0, 25.0), r"longitude_deg has shape \(1,\)"),
        ((0.0, 0.0, 0.0, 25.0), r"latitude_deg has shape \(\)"),
    ],
)
def test_an_impossible_site_is_refused_by_name(values: tuple, words: str):
    with pytest.raises(ScenarioError, match=words):
        observers(*values)


def test_positions_of_another_shape_are_refused():
    with pytest.raises(ModelError, match=r"shape \(1, 5, 3\)"):
        sight_lines(observers([0.0], [0.0], 0.0, 25.0), np.zeros((1, 5, 3), np.float32))
