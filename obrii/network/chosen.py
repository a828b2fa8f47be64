"""Satellites chosen by where they fly: over a band of latitudes, over a disc, at a height, at an inclination.

        south ──────────────── north        radius_km
           · ┊  ✓    ✓   ┊ ·                ·  ( ✓   ✓ )  ·        over the ground below them, at an instant

A satellite without a position (decayed, or its elements beyond use) is over nothing. For discs and heights the point
below is found exactly only where the direction from the middle of the Earth leaves it open: that takes ten times as
long.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from obrii import frames
from obrii.constants import EARTH_ECCENTRICITY_2, EARTH_FLATTENING, EARTH_MEAN_RADIUS_M, EARTH_RADIUS_M
from obrii.errors import ScenarioError
from obrii.ground import near
from obrii.orbits.elements import Elements

#: The direction of a point from the middle of the Earth lies so near the point below it at most [deg]: 0.1924 on the
#: ellipsoid of WGS 84, and less above it.
_TILT_DEG = 0.2

#: How far the height over the ellipsoid is from that along the radius at most [m]: 3 m in low orbits, 200 m on the
#: geostationary one.
_LEAN_M = 1000.0

#: Nothing this near the middle of the Earth is a satellite [m], and the bounds above do not hold.
_DEEP_M = 6.3e6


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

    x, y, z = _axes(xyz_m)
    out_m = np.sqrt(x * x + y * y)
    return np.asarray((_north_m(out_m, z, south_deg) >= 0.0) & (_north_m(out_m, z, north_deg) <= 0.0))


def over_disc(xyz_m: np.ndarray, latitude_deg: float, longitude_deg: float, radius_km: float) -> np.ndarray:
    """Satellites over a disc on the ground: (..., satellite) bool.

    xyz_m (..., 3, satellite) [m], Earth-fixed; latitude_deg, longitude_deg: middle of the disc; radius_km: over the
    ground from there [km]. Raises ScenarioError for a place off the globe and a radius that is no distance.

    >>> over_disc(np.array([[6.9e6, 0.0], [0.0, 0.0], [0.0, 6.9e6]]), 0.0, 1.0, 200.0).tolist()
    [True, False]
    """

    def over(xyz_m: np.ndarray) -> np.ndarray:
        under_deg, along_deg, _ = below(xyz_m)
        return near.around(under_deg, along_deg, latitude_deg, longitude_deg, radius_km)

    x, y, z = axes = _axes(xyz_m)
    middle = frames.up(np.array(latitude_deg), np.array(longitude_deg))
    cosine = (x * middle[0] + y * middle[1] + z * middle[2]) / np.sqrt(x * x + y * y + z * z)
    angle, tilt = radius_km * 1e3 / EARTH_MEAN_RADIUS_M, np.radians(_TILT_DEG)
    inside = (cosine > np.cos(min(angle - tilt, np.pi))) & (angle > tilt)
    outside = (cosine < np.cos(angle + tilt)) & (angle + tilt < np.pi)
    return _settled(axes, inside, outside, over)


def at_height(xyz_m: np.ndarray, low_km: float, high_km: float) -> np.ndarray:
    """Satellites between two heights over the ellipsoid, both included: (..., satellite) bool.

    xyz_m (..., 3, satellite) [m], Earth-fixed; low_km, high_km: 0 or more [km]. A circular orbit of 53 degrees goes up
    and down by 14 km over the ellipsoid. Raises ScenarioError for heights that are upside down.

    >>> at_height(np.array([[6_928_137.0, 0.0], [0.0, 0.0], [0.0, 6.7e6]]), 500.0, 600.0).tolist()
    [True, False]
    """
    _check_span("height", low_km, high_km, 0.0, np.inf, "km")

    def over(xyz_m: np.ndarray) -> np.ndarray:
        _, _, altitude_km = below(xyz_m)
        return np.asarray((altitude_km >= low_km) & (altitude_km <= high_km))

    x, y, z = axes = _axes(xyz_m)
    flat2 = x * x + y * y
    radius2 = flat2 + z * z
    polar_m = EARTH_RADIUS_M * (1.0 - EARTH_FLATTENING)
    up_m = np.sqrt(radius2) - polar_m / np.sqrt(1.0 - EARTH_ECCENTRICITY_2 * flat2 / radius2)
    inside = (up_m >= low_km * 1e3 + _LEAN_M) & (up_m <= high_km * 1e3 - _LEAN_M)
    outside = (up_m < low_km * 1e3 - _LEAN_M) | (up_m > high_km * 1e3 + _LEAN_M)
    return _settled(axes, inside, outside, over)


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


def _axes(xyz_m: np.ndarray) -> np.ndarray:
    return np.asarray(xyz_m, float) if np.ndim(xyz_m) == 2 else np.moveaxis(np.asarray(xyz_m, float), -2, 0)


def _north_m(out_m: np.ndarray, z_m: np.ndarray, latitude_deg: float) -> np.ndarray:
    """How far points lie north of all verticals of a latitude, which make a cone with its tip near the middle [m].

    out_m: distances from the axis of the Earth, z_m: north of the equator [m].
    """
    sine = np.sin(np.radians(latitude_deg))
    # Exactly 0 at a pole, whose own vertical is the axis.
    cosine = np.cos(np.radians(latitude_deg)) if abs(latitude_deg) < 90.0 else 0.0
    tip_m = EARTH_ECCENTRICITY_2 * EARTH_RADIUS_M * sine / np.sqrt(1.0 - EARTH_ECCENTRICITY_2 * sine * sine)
    return np.asarray((z_m + tip_m) * cosine - out_m * sine)


def _settled(
    axes: np.ndarray, inside: np.ndarray, outside: np.ndarray, exactly: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Who is inside, where those that are neither that nor outside are looked at exactly: (..., satellite) bool.

    axes (3, ..., satellite) [m]: as `_axes` gives them.
    """
    x, y, z = axes
    deep = x * x + y * y + z * z < _DEEP_M**2
    open_ = ~(inside | outside) | deep
    inside = inside & ~deep
    inside[open_] = exactly(np.stack([x[open_], y[open_], z[open_]]))
    return inside


def _check_span(what: str, low: float, high: float, least: float, most: float, unit: str) -> None:
    if not least <= low <= high <= most:
        upto = f"{least:g} to {most:g} {unit}" if np.isfinite(most) else f"{least:g} {unit} or more"
        raise ScenarioError(f"{what}: {low:g} to {high:g} is no span; give the lower first, {upto}")
