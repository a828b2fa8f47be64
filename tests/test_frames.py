"""Frames against published numbers and an independent program.

NIMA TR8350.2, "Department of Defense World Geodetic System 1984", 3rd ed. (2000), tables 3.1 and 3.3; Vallado,
"Fundamentals of Astrodynamics and Applications", 4th ed., examples 3-3 and 3-5; the sgp4 package's own `gstime`.
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sgp4.propagation import gstime

from obrii import frames
from obrii.constants import EARTH_ECCENTRICITY_2
from obrii.timegrid import julian_date

LATITUDE = st.floats(-90, 90)
LONGITUDE = st.floats(-179.999, 179.999)


def one(*values: float) -> list[np.ndarray]:
    return [np.array([value]) for value in values]


@given(LATITUDE, LONGITUDE, st.floats(-1e4, 3.6e7))
def test_a_point_goes_to_cartesian_and_back(latitude: float, longitude: float, altitude: float):
    # 1e-9 deg is 0.1 mm on the ground; float64 resolves 7 nm at geostationary distance.
    xyz_m = frames.geodetic_to_cartesian(*one(latitude, longitude, altitude))
    back_latitude, back_longitude, back_altitude = frames.cartesian_to_geodetic(xyz_m)
    assert back_latitude[0] == pytest.approx(latitude, abs=1e-9)
    assert back_altitude[0] == pytest.approx(altitude, abs=1e-6)
    # A longitude means nothing at a pole: judge it by the distance it makes.
    off_deg = (back_longitude[0] - longitude) * np.cos(np.radians(latitude))
    assert off_deg == pytest.approx(0.0, abs=1e-9)


def test_the_ellipsoid_has_the_published_axes():
    # NIMA TR8350.2 table 3.3: semi-minor axis 6356752.3142 m, first eccentricity squared 6.69437999014e-3.
    equator = frames.geodetic_to_cartesian(*one(0.0, 0.0, 0.0))
    pole = frames.geodetic_to_cartesian(*one(90.0, 0.0, 0.0))
    assert equator[0, 0] == 6378137.0
    assert pole[2, 0] == pytest.approx(6356752.3142, abs=5e-5)
    assert pytest.approx(6.69437999014e-3, abs=5e-14) == EARTH_ECCENTRICITY_2


def test_geodetic_latitude_as_in_vallado_example_3_3():
    # r = 6524.834, 6862.875, 6448.296 km is 34.352496 deg, 46.4464 deg, 5085.22 km, over an ellipsoid whose radius is
    # 6378.1363 km: ours is 0.7 m larger, which the altitude's last digit (10 m) hides.
    latitude, longitude, altitude = frames.cartesian_to_geodetic(np.array([[6524.834e3], [6862.875e3], [6448.296e3]]))
    assert latitude[0] == pytest.approx(34.352496, abs=1e-6)
    assert longitude[0] == pytest.approx(46.4464, abs=5e-5)
    assert altitude[0] == pytest.approx(5085.22e3, abs=10.0)


def test_sidereal_time_as_in_vallado_example_3_5():
    # 20 August 1992, 12:14 UT1: 152.578787810 deg; the printed intermediates carry it to 1e-7 deg.
    angle = frames.sidereal_angle_rad(np.array(["1992-08-20T12:14:00"], "datetime64[ns]"))
    assert np.degrees(angle[0]) == pytest.approx(152.57878781, abs=1e-7)


@given(st.integers(0, 86_400 * 365 * 40), st.integers(0, 999_999_999))
def test_sidereal_time_is_that_of_the_sgp4_package(seconds: int, nanos: int):
    # The other program takes one Julian date: float64 resolves it to 4e-5 s, 3e-9 rad of rotation.
    at = np.array(["1995-01-01"], "datetime64[ns]") + np.timedelta64(seconds, "s") + np.timedelta64(nanos, "ns")
    whole, fraction = julian_date(at)
    off = frames.sidereal_angle_rad(at)[0] - gstime(float(whole[0] + fraction[0]))
    assert (off + np.pi) % (2 * np.pi) - np.pi == pytest.approx(0.0, abs=6e-9)


@given(LATITUDE, LONGITUDE)
def test_up_is_normal_to_the_ellipsoid_and_of_unit_length(latitude: float, longitude: float):
    # The gradient of x2/a2 + y2/a2 + z2/b2 is the normal.
    x, y, z = frames.geodetic_to_cartesian(*one(latitude, longitude, 0.0))[:, 0]
    gradient = np.array([x, y, z / (1.0 - EARTH_ECCENTRICITY_2)])
    up = frames.up(*one(latitude, longitude))[:, 0]
    np.testing.assert_allclose(up, gradient / np.linalg.norm(gradient), atol=1e-14)
    assert np.linalg.norm(up) == pytest.approx(1.0, abs=1e-15)


@given(LATITUDE, LONGITUDE, LATITUDE, LONGITUDE)
def test_a_great_circle_is_the_angle_between_two_directions(lat_a: float, lon_a: float, lat_b: float, lon_b: float):
    a, b = frames.up(*one(lat_a, lon_a))[:, 0], frames.up(*one(lat_b, lon_b))[:, 0]
    angle = np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)
    assert frames.great_circle_m(lat_a, lon_a, lat_b, lon_b) == pytest.approx(6371e3 * angle, abs=1e-6)
