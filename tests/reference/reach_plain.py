"""What can be reached in a slot, by trying every pair: cell and satellite, gateway and satellite.

The twin of sight lines, landings and `reachable` of an operator without lasers. It shares nothing with the engine but
elements and places: positions come from the sgp4 package, the Earth and its turning are written here again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from sgp4.api import WGS72, WGS72OLD, WGS84, Satrec, SatrecArray

from obrii.orbits.elements import Elements

#: WGS 84, NIMA TR8350.2 (2000), table 3.1.
SEMI_MAJOR_M, FLATTENING = 6_378_137.0, 1 / 298.257223563

_GRAVITY = {"wgs72": WGS72, "wgs84": WGS84, "wgs72old": WGS72OLD}
_SECONDS_A_DAY = 86_400.0
#: Where sgp4 counts days from: 1949 December 31.
_SGP4_ZERO = np.datetime64("1949-12-31T00:00:00", "ns")
#: Julian dates of J2000.0 and of the Unix epoch.
_J2000, _UNIX = 2_451_545.0, 2_440_587.5


class Places(NamedTuple):
    """Points on the ground: latitude_deg, longitude_deg, altitude_m, min_elevation_deg, each (place,)."""

    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    altitude_m: np.ndarray
    min_elevation_deg: np.ndarray


def days_since(zero: np.datetime64, utc: np.datetime64) -> float:
    """Days between two instants, without leap seconds."""
    return float((utc - zero) / np.timedelta64(1, "ns")) / 1e9 / _SECONDS_A_DAY


def earth_angle_rad(utc: np.datetime64) -> float:
    """Greenwich mean sidereal time as an angle: Vallado, 4th ed., algorithm 15 (IAU 1982), with UT1 = UTC."""
    julian = _UNIX + days_since(np.datetime64("1970-01-01T00:00:00", "ns"), utc)
    t = (julian - _J2000) / 36_525.0
    seconds = 67_310.54841 + (876_600 * 3600 + 8_640_184.812866) * t + 0.093104 * t**2 - 6.2e-6 * t**3
    return float(np.radians(seconds % _SECONDS_A_DAY / 240.0))


def propagate(elements: Elements) -> SatrecArray:
    """The satellites as the sgp4 package has them."""
    records = []
    for k in range(len(elements)):
        record = Satrec()
        record.sgp4init(
            _GRAVITY[elements.gravity], "i", k, days_since(_SGP4_ZERO, elements.epoch[k]), float(elements.bstar[k]),
            0.0, 0.0, float(elements.eccentricity[k]), float(elements.argument_of_perigee[k]),
            float(elements.inclination[k]), float(elements.mean_anomaly[k]), float(elements.mean_motion[k]),
            float(elements.node[k]),
        )  # fmt: skip
        records.append(record)
    return SatrecArray(records)


def positions_m(satellites: SatrecArray, utc: np.datetime64) -> np.ndarray:
    """Earth-fixed positions at an instant, (satellite, 3)."""
    day = utc.astype("datetime64[D]")
    julian = _UNIX + float(day.astype(np.int64))
    failed, inertial_km, _ = satellites.sgp4(np.array([julian]), np.array([days_since(day.astype("M8[ns]"), utc)]))
    assert not failed.any()
    x, y, z = 1e3 * inertial_km[:, 0].T
    angle = earth_angle_rad(utc)
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.stack([cosine * x + sine * y, cosine * y - sine * x, z], axis=1)


def up(places: Places) -> np.ndarray:
    """Unit vectors away from the ellipsoid, (place, 3)."""
    latitude, longitude = np.radians(places.latitude_deg), np.radians(places.longitude_deg)
    return np.stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)], axis=1
    )


def feet_m(places: Places) -> np.ndarray:
    """Earth-fixed positions of the places over the ellipsoid, (place, 3)."""
    away = up(places)
    eccentricity2 = FLATTENING * (2 - FLATTENING)
    normal_m = SEMI_MAJOR_M / np.sqrt(1 - eccentricity2 * away[:, 2] ** 2)
    found = (normal_m + places.altitude_m)[:, None] * away
    found[:, 2] -= eccentricity2 * normal_m * away[:, 2]
    return found


def sines(places: Places, satellites_m: np.ndarray) -> np.ndarray:
    """Sine of the elevation of every satellite over the ellipsoid at every place, (place, satellite)."""
    found = np.empty((len(places.latitude_deg), len(satellites_m)))
    for place, (foot_m, away) in enumerate(zip(feet_m(places), up(places), strict=True)):
        ray_m = satellites_m - foot_m
        found[place] = ray_m @ away / np.sqrt((ray_m * ray_m).sum(axis=1))
    return found


def seen(places: Places, sine: np.ndarray, lifted: float = 0.0) -> np.ndarray:
    """Whether each place sees each satellite, with its mask lifted by so much in the sine, (place, satellite) bool."""
    return sine >= np.sin(np.radians(places.min_elevation_deg))[:, None] + lifted


def reachable(cell_sees: np.ndarray, gateway_sees: np.ndarray, gateway_on: np.ndarray) -> np.ndarray:
    """Which cells see a satellite that sees a gateway that is on, (cell,) bool.

    cell_sees (cell, satellite), gateway_sees (gateway, satellite), gateway_on (gateway,) bool.
    """
    lands = gateway_sees[gateway_on].any(axis=0)
    return cell_sees[:, lands].any(axis=1)
