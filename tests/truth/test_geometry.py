"""Geometry of one satellite on a round Earth, against a table worked out by hand.

Footprint, slant range and nadir angle: closed forms of the triangle of Earth's centre, site and satellite (Wertz and
Larson, "Space Mission Analysis and Design", section 5.2) with R = 6371.0 km; longest pass: Kepler's third law with
mu = 398600.4418 km3/s2 at 6378.137 km + altitude. Values are rounded to the digits given, so that half of the last
digit is the tolerance.
"""

from __future__ import annotations

import numpy as np
import pytest

from obrii.constants import EARTH_MEAN_RADIUS_M, EARTH_RADIUS_M, LIGHT_M_S
from obrii.errors import ModelError
from obrii.links.geometry import (
    footprint_angle_rad,
    footprint_radius_m,
    longest_pass_s,
    nadir_angle_deg,
    slant_range_m,
)

#: Altitude [km], mask [deg]; footprint [deg], footprint [km], slant range [km], nadir [deg], one way [ms], pass [s].
TABLE = [
    (340, 25, 5.6394, 627.1, 727.7, 59.361, 2.4272, 171.7),
    (550, 25, 8.4585, 940.5, 1123.3, 56.541, 3.7468, 269.7),
    (550, 40, 5.1569, 573.4, 812.1, 44.843, 2.7088, 164.4),
    (630, 35, 6.8032, 756.5, 1012.4, 48.197, 3.3771, 220.7),
    (1150, 40, 9.5404, 1060.8, 1627.3, 40.460, 5.4279, 344.5),
    (1200, 55, 6.1404, 682.8, 1411.9, 28.860, 4.7096, 224.0),
]


def half_a_digit(value: float, digits: int) -> object:
    return pytest.approx(value, abs=0.5 * 10.0**-digits + 1e-9)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row[0]} km {row[1]} deg")
def test_the_triangle_has_the_sides_and_angles_of_the_table(row: tuple[float, ...]):
    altitude_km, mask_deg, footprint_deg, footprint_km, slant_km, nadir_deg, one_way_ms, pass_s = row
    place = altitude_km * 1e3, mask_deg
    assert np.degrees(footprint_angle_rad(*place)) == half_a_digit(footprint_deg, 4)
    assert footprint_radius_m(*place) / 1e3 == half_a_digit(footprint_km, 1)
    assert slant_range_m(*place) / 1e3 == half_a_digit(slant_km, 1)
    assert nadir_angle_deg(*place) == half_a_digit(nadir_deg, 3)
    assert slant_range_m(*place) / LIGHT_M_S * 1e3 == half_a_digit(one_way_ms, 4)
    assert longest_pass_s(*place) == half_a_digit(pass_s, 1)


@pytest.mark.parametrize(("mask_deg", "footprint_km", "nadir_deg"), [(25, 940.7, 56.55), (40, 573.5, 44.85)])
def test_the_filings_of_550_km_use_the_equatorial_radius(mask_deg: float, footprint_km: float, nadir_deg: float):
    # FCC SAT-MOD-20190830-00087 gives these for its beams: the Earth's radius is 6378.137 km there.
    assert footprint_radius_m(550e3, mask_deg, EARTH_RADIUS_M) / 1e3 == half_a_digit(footprint_km, 1)
    assert nadir_angle_deg(550e3, mask_deg, EARTH_RADIUS_M) == half_a_digit(nadir_deg, 2)


@pytest.mark.parametrize(
    ("altitude_m", "elevation_deg", "rtt_ms"),
    [(550e3, 90.0, 7.338), (550e3, 25.0, 14.987), (35_786e3, 90.0, 477.477)],
)
def test_a_bent_pipe_takes_four_slant_ranges_of_light(altitude_m: float, elevation_deg: float, rtt_ms: float):
    # Up and down, there and back, at the speed of light; the geostationary altitude is 35 786 km.
    assert 4 * slant_range_m(altitude_m, elevation_deg) / LIGHT_M_S * 1e3 == half_a_digit(rtt_ms, 3)


def test_elevation_nadir_and_footprint_make_a_right_angle():
    altitude, elevation = np.meshgrid([300e3, 550e3, 1200e3, 35_786e3], np.arange(0.0, 91.0, 5.0))
    total = elevation + nadir_angle_deg(altitude, elevation) + np.degrees(footprint_angle_rad(altitude, elevation))
    np.testing.assert_allclose(total, 90.0, atol=1e-9)


def test_the_slant_range_closes_the_triangle():
    altitude, elevation = np.meshgrid([300e3, 550e3, 1200e3, 35_786e3], np.arange(0.0, 91.0, 5.0))
    angle, orbit = footprint_angle_rad(altitude, elevation), EARTH_MEAN_RADIUS_M + altitude
    across = np.hypot(orbit * np.sin(angle), orbit * np.cos(angle) - EARTH_MEAN_RADIUS_M)
    np.testing.assert_allclose(slant_range_m(altitude, elevation), across, rtol=1e-9)


@pytest.mark.parametrize(("altitude_m", "elevation_deg"), [(-1.0, 25.0), (550e3, -1.0), (550e3, 91.0), (550e3, np.nan)])
def test_a_satellite_under_the_ground_or_the_horizon_is_refused(altitude_m: float, elevation_deg: float):
    with pytest.raises(ModelError, match=r"altitude_m|elevation_deg"):
        slant_range_m(altitude_m, elevation_deg)
