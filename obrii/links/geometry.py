"""One satellite over a round Earth: how far it sees, and for how long it is seen.

    centre of the Earth, site and satellite make a triangle; the angle at the site is 90 deg + elevation

               satellite
                 /|
         slant  / | altitude
               /  |
         site +---+ footprint angle, seen from the centre, between site and the point below the satellite

For closed forms and checks only: sight lines themselves are found over the ellipsoid (`obrii.links.visibility`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from obrii.constants import EARTH_MEAN_RADIUS_M, EARTH_MU_M3_S2, EARTH_RADIUS_M
from obrii.errors import ModelError


def footprint_angle_rad(
    altitude_m: ArrayLike, elevation_deg: ArrayLike, radius_m: float = EARTH_MEAN_RADIUS_M
) -> np.ndarray:
    """Angle at the Earth's centre between a site and the point below a satellite seen at an elevation.

    altitude_m, elevation_deg: broadcastable. Returns rad. Refuses a negative altitude and an elevation outside [0, 90].
    Wertz and Larson, "Space Mission Analysis and Design", 3rd ed., section 5.2.

    >>> round(float(np.degrees(footprint_angle_rad(550e3, 25.0))), 4)
    8.4585
    """
    altitude, elevation = _checked(altitude_m, elevation_deg)
    return np.arccos(radius_m * np.cos(elevation) / (radius_m + altitude)) - elevation


def footprint_radius_m(
    altitude_m: ArrayLike, elevation_deg: ArrayLike, radius_m: float = EARTH_MEAN_RADIUS_M
) -> np.ndarray:
    """Distance over the ground to the point below a satellite seen at an elevation [m].

    >>> round(float(footprint_radius_m(550e3, 25.0)) / 1e3, 1)
    940.5
    """
    return radius_m * footprint_angle_rad(altitude_m, elevation_deg, radius_m)


def slant_range_m(altitude_m: ArrayLike, elevation_deg: ArrayLike, radius_m: float = EARTH_MEAN_RADIUS_M) -> np.ndarray:
    """Straight distance from a site to a satellite seen at an elevation [m].

    altitude_m, elevation_deg: broadcastable. Law of cosines in the triangle above.

    >>> round(float(slant_range_m(550e3, 25.0)) / 1e3, 1)
    1123.3
    """
    altitude, elevation = _checked(altitude_m, elevation_deg)
    sine = radius_m * np.sin(elevation)
    return np.sqrt(sine * sine + altitude * (2.0 * radius_m + altitude)) - sine


def nadir_angle_deg(
    altitude_m: ArrayLike, elevation_deg: ArrayLike, radius_m: float = EARTH_MEAN_RADIUS_M
) -> np.ndarray:
    """Angle at a satellite between straight down and a site that sees it at an elevation [deg].

    >>> round(float(nadir_angle_deg(550e3, 25.0)), 3)
    56.541
    """
    altitude, elevation = _checked(altitude_m, elevation_deg)
    return np.degrees(np.arcsin(radius_m * np.cos(elevation) / (radius_m + altitude)))


def longest_pass_s(
    altitude_m: ArrayLike, elevation_deg: ArrayLike, radius_m: float = EARTH_MEAN_RADIUS_M
) -> np.ndarray:
    """Time that a satellite on a circular orbit stays above an elevation when it passes overhead [s].

    The Earth stands still; the orbit's radius is the equatorial radius and the altitude, its speed Kepler's third law.

    >>> round(float(longest_pass_s(550e3, 25.0)), 1)
    269.7
    """
    angle = footprint_angle_rad(altitude_m, elevation_deg, radius_m)
    orbit_m = EARTH_RADIUS_M + np.asarray(altitude_m, float)
    return 2.0 * angle * np.sqrt(orbit_m**3 / EARTH_MU_M3_S2)


def _checked(altitude_m: ArrayLike, elevation_deg: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Both as arrays, the elevation in radians."""
    altitude, elevation = np.asarray(altitude_m, float), np.asarray(elevation_deg, float)
    if not np.all(altitude >= 0.0):
        raise ModelError(f"altitude_m: {altitude.min():g} is below ground; it must be 0 or more")
    if not np.all((elevation >= 0.0) & (elevation <= 90.0)):
        raise ModelError(
            f"elevation_deg: {elevation} has values outside 0 to 90; a satellite is seen above the horizon"
        )
    return altitude, np.radians(elevation)
