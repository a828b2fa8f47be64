"""Satellites chosen by where they fly: over a band of latitudes, over a disc, at a height, at an inclination.

        south ──────────────── north        radius_km
           · ┊  ✓    ✓   ┊ ·                ·  ( ✓   ✓ )  ·        over the ground below them, at an instant

A satellite without a position (decayed, or its elements beyond use) is over nothing.
"""

from __future__ import annotations

import numpy as np

from obrii import frames
from obrii.errors import ScenarioError
from obrii.ground import near
from obrii.orbits.elements import Elements


def below(xyz_m: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The point below every satellite, and its height over it: latitude_deg, longitude_deg, altitude_km.

    xyz_m (..., 3, satellite) [m], Earth-fixed; each answer is (..., satellite), NaN where there is no position.

    >>> [float(each[0].round(3)) for each in below(np.array([[0.0], [6_928_137.0], [0.0]]))]
    [0.0, 90.0, 550.0]
    """
    latitude_deg, longitude_deg, altitude_m = frames.cartesian_to_geodetic(np.moveaxis(np.asarray(xyz_m), -2, 0))
    return latitude_deg, longitude_deg, altitude_m / 1e3


def over_band(xyz_m: np.ndarray, south_deg: float, north_deg: float) -> np.ndarray:
    """Satellites over a band of latitudes, its edges included: (..., satellite) bool.

    xyz_m (..., 3, satellite) [m], Earth-fixed; south_deg, north_deg: geodetic latitudes, -90 to 90 [deg].

    Raises ScenarioError for a band that is upside down or beyond a pole.

    >>> over_band(np.array([[6.9e6, 0.0], [0.0, 0.0], [0.0, 6.9e6]]), 40.0, 90.0).tolist()
    [False, True]
    """
    _check_span("latitude", south_deg, north_deg, -90.0, 90.0, "degrees")
    latitude_deg, _, _ = below(xyz_m)
    return (latitude_deg >= south_deg) & (latitude_deg <= north_deg)


def over_disc(xyz_m: np.ndarray, latitude_deg: float, longitude_deg: float, radius_km: float) -> np.ndarray:
    """Satellites over a disc on the ground: (..., satellite) bool.

    xyz_m (..., 3, satellite) [m], Earth-fixed; latitude_deg, longitude_deg: middle of the disc; radius_km: over the
    ground from there [km]. Raises ScenarioError for a place off the globe and a radius that is no distance.

    >>> over_disc(np.array([[6.9e6, 0.0], [0.0, 0.0], [0.0, 6.9e6]]), 0.0, 1.0, 200.0).tolist()
    [True, False]
    """
    under_deg, along_deg, _ = below(xyz_m)
    return near.around(under_deg, along_deg, latitude_deg, longitude_deg, radius_km)


def at_height(xyz_m: np.ndarray, low_km: float, high_km: float) -> np.ndarray:
    """Satellites between two heights over the ellipsoid, both included: (..., satellite) bool.

    xyz_m (..., 3, satellite) [m], Earth-fixed; low_km, high_km: 0 or more [km]. A circular orbit of 53 degrees goes up
    and down by 14 km over the ellipsoid. Raises ScenarioError for heights that are upside down.

    >>> at_height(np.array([[6_928_137.0, 0.0], [0.0, 0.0], [0.0, 6.7e6]]), 500.0, 600.0).tolist()
    [True, False]
    """
    _check_span("height", low_km, high_km, 0.0, np.inf, "km")
    _, _, altitude_km = below(xyz_m)
    return (altitude_km >= low_km) & (altitude_km <= high_km)


def inclined(elements: Elements, low_deg: float, high_deg: float) -> np.ndarray:
    """Satellites whose orbits are inclined between two angles, both included: (satellite,) bool.

    low_deg, high_deg: 0 to 180 [deg]. Raises ScenarioError for angles that are upside down.

    >>> from obrii.orbits.shells import Shell, constellation
    >>> epoch = np.datetime64("2022-10-03T12:00:12", "ns")
    >>> polar = constellation(Shell("s4", 1, 2, 97.6, 560e3), "starlink", epoch)
    >>> inclined(polar.elements, 80.0, 100.0).tolist(), inclined(polar.elements, 0.0, 80.0).tolist()
    ([True, True], [False, False])
    """
    _check_span("inclination", low_deg, high_deg, 0.0, 180.0, "degrees")
    inclination_deg = np.degrees(elements.inclination)
    return np.asarray((inclination_deg >= low_deg) & (inclination_deg <= high_deg))


def _check_span(what: str, low: float, high: float, least: float, most: float, unit: str) -> None:
    if not least <= low <= high <= most:
        upto = f"{least:g} to {most:g} {unit}" if np.isfinite(most) else f"{least:g} {unit} or more"
        raise ScenarioError(f"{what}: {low:g} to {high:g} is no span; give the lower first, {upto}")
