"""Inertial to Earth-fixed, geodetic to Cartesian.

The Earth turns by Greenwich mean sidereal time alone: no polar motion, and UT1 = UTC, which is wrong by at most
0.9 s (420 m at the equator) by the definition of UTC and by under 0.1 s (47 m) in the years 2020 to 2026 (IERS
Bulletin A). Satellites and sites shift together, so that ranges change far less.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from obrii.constants import (
    EARTH_ECCENTRICITY_2,
    EARTH_FLATTENING,
    EARTH_MEAN_RADIUS_M,
    EARTH_RADIUS_M,
    JULIAN_CENTURY_DAYS,
    JULIAN_DATE_J2000,
    SECONDS_PER_DAY,
    TWO_PI,
)
from obrii.timegrid import julian_date


def sidereal_angle_rad(utc: np.ndarray) -> np.ndarray:
    """Greenwich mean sidereal time of UTC instants, as an angle in [0, 2 pi).

    utc: (time,) datetime64[ns]. Returns (time,) f8 [rad].
    Aoki et al., "The new definition of Universal Time", A&A 105 (1982); Vallado, eq. 3-47.

    >>> float(np.degrees(sidereal_angle_rad(np.array(["1992-08-20T12:14:00"], "datetime64[ns]")))[0].round(4))
    152.5788
    """
    jd, fraction = julian_date(utc)
    # The day part is a whole number of turns but for its drift: split so that no digit of the fraction is lost.
    days = jd - JULIAN_DATE_J2000
    t = (days + fraction) / JULIAN_CENTURY_DAYS
    seconds = 67_310.548_41 + 8_640_184.812_866 * t + 0.093_104 * t * t - 6.2e-6 * t**3
    turns = np.mod(days, 1.0) + fraction + np.mod(seconds / SECONDS_PER_DAY, 1.0)
    return TWO_PI * np.mod(turns, 1.0)


def geodetic_to_cartesian(latitude_deg: np.ndarray, longitude_deg: np.ndarray, altitude_m: np.ndarray) -> np.ndarray:
    """Earth-fixed position of points given over the WGS 84 ellipsoid.

    latitude_deg, longitude_deg, altitude_m: (site,). Returns (3, site) f8 [m].
    Closed form: Vallado, "Fundamentals of Astrodynamics and Applications", 4th ed., eq. 3-14.

    >>> geodetic_to_cartesian(np.array([0.0]), np.array([90.0]), np.array([0.0])).round(3).T.tolist()
    [[0.0, 6378137.0, 0.0]]
    """
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    sine = np.sin(latitude)
    normal = EARTH_RADIUS_M / np.sqrt(1.0 - EARTH_ECCENTRICITY_2 * sine * sine)
    flat = (normal + altitude_m) * np.cos(latitude)
    polar = ((1.0 - EARTH_FLATTENING) ** 2 * normal + altitude_m) * sine
    return np.stack([flat * np.cos(longitude), flat * np.sin(longitude), polar])


def cartesian_to_geodetic(xyz_m: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Latitude, longitude and height over the WGS 84 ellipsoid of Earth-fixed points.

    xyz_m: (3, ...) [m]. Returns latitude_deg, longitude_deg, altitude_m, each (...).
    Bowring's first step iterated to convergence (Survey Review 23, 1976): below 1e-9 deg up to geostationary height.

    >>> lat, lon, height = cartesian_to_geodetic(np.array([[0.0], [0.0], [6356752.3142]]))
    >>> float(lat[0]), round(float(height[0]), 3)
    (90.0, -0.0)
    """
    x, y, z = np.asarray(xyz_m, float)
    flat = np.hypot(x, y)
    polar_radius = EARTH_RADIUS_M * (1.0 - EARTH_FLATTENING)
    second = EARTH_ECCENTRICITY_2 / (1.0 - EARTH_ECCENTRICITY_2)
    reduced = np.arctan2(z, flat * (1.0 - EARTH_FLATTENING))
    for _ in range(3):
        latitude = np.arctan2(
            z + second * polar_radius * np.sin(reduced) ** 3,
            flat - EARTH_ECCENTRICITY_2 * EARTH_RADIUS_M * np.cos(reduced) ** 3,
        )
        reduced = np.arctan2((1.0 - EARTH_FLATTENING) * np.sin(latitude), np.cos(latitude))
    sine, cosine = np.sin(latitude), np.cos(latitude)
    normal = EARTH_RADIUS_M / np.sqrt(1.0 - EARTH_ECCENTRICITY_2 * sine * sine)
    height = flat * cosine + z * sine - normal * (1.0 - EARTH_ECCENTRICITY_2 * sine * sine)
    return np.degrees(latitude), np.degrees(np.arctan2(y, x)), height


def up(latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> np.ndarray:
    """Unit vector away from the ellipsoid, Earth-fixed.

    latitude_deg, longitude_deg: (site,). Returns (3, site) f8.
    """
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    return np.stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)])


def great_circle_m(
    latitude_a_deg: ArrayLike, longitude_a_deg: ArrayLike, latitude_b_deg: ArrayLike, longitude_b_deg: ArrayLike
) -> np.ndarray:
    """Distance over the ground of a round Earth, broadcast over both sets of points [m].

    Vincenty's form of the spherical distance (exact for near and antipodal points), radius 6371 km.

    >>> float(great_circle_m(0.0, 0.0, 0.0, 90.0).round(0))
    10007543.0
    """
    a, b = np.radians(latitude_a_deg), np.radians(latitude_b_deg)
    d = np.radians(longitude_b_deg) - np.radians(longitude_a_deg)
    sine = np.hypot(np.cos(b) * np.sin(d), np.cos(a) * np.sin(b) - np.sin(a) * np.cos(b) * np.cos(d))
    cosine = np.sin(a) * np.sin(b) + np.cos(a) * np.cos(b) * np.cos(d)
    return EARTH_MEAN_RADIUS_M * np.arctan2(sine, cosine)
