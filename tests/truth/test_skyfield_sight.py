"""Sight lines from ten sites against Skyfield, which rotates, projects and measures elevation in its own way.

Skyfield (Rhodes, ascl:1907.024): `(satellite - wgs84.latlon(...)).at(t).altaz()`, refraction off. Its UT1 - UTC is
-0.011 s on these days (IERS Bulletin A) and ours is 0: 5 m of rotation at the equator, which is 0.0006 deg of elevation
for a satellite 500 km away. Worst seen: 0.0005 deg and 5.4 m.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sgp4.api import Satrec
from skyfield.api import EarthSatellite, load, wgs84

from obrii import frames
from obrii.links.visibility import elevation_deg, observers, sight_lines
from obrii.timegrid import julian_date

#: Twice the rotation that UT1 - UTC makes, at the nearest that these satellites come (300 km), and in range.
TOLERANCE_DEG = 0.002
TOLERANCE_M = 10.0

SITES = {
    "Kyiv": (50.4501, 30.5234, 179.0),
    "Quito": (-0.1807, -78.4678, 2850.0),
    "Svalbard": (78.2298, 15.4078, 450.0),
    "McMurdo": (-77.8419, 166.6863, 10.0),
    "Honolulu": (21.3069, -157.8583, 5.0),
    "Sydney": (-33.8688, 151.2093, 58.0),
    "Reykjavik": (64.1466, -21.9426, 60.0),
    "Singapore": (1.3521, 103.8198, 15.0),
    "Punta Arenas": (-53.1638, -70.9171, 34.0),
    "La Paz": (-16.4897, -68.1193, 3640.0),
}
AT = np.array(["2022-09-14T18:00:12", "2022-09-15T06:30:27"], "datetime64[ns]")


@pytest.fixture(scope="module")
def satellites(data: Path) -> list[Satrec]:
    """Every tenth satellite of a real catalogue."""
    lines = (data / "tle" / "starlink_2022-09-14.tle").read_text().splitlines()
    first = [line for line in lines if line.startswith("1 ")][::10]
    second = [line for line in lines if line.startswith("2 ")][::10]
    return [Satrec.twoline2rv(*pair) for pair in zip(first, second, strict=True)]


def earth_fixed(satellites: list[Satrec]) -> np.ndarray:
    """Positions by the sgp4 package, turned by our sidereal time, (time, 3, satellite) [m]."""
    whole, fraction = julian_date(AT)
    error, teme_km, _ = zip(*(satellite.sgp4_array(whole, fraction) for satellite in satellites), strict=True)
    assert not np.any(error)
    x, y, z = np.moveaxis(np.array(teme_km), (0, 1, 2), (2, 1, 0)) * 1e3
    angle = frames.sidereal_angle_rad(AT)[:, None]
    return np.stack(
        [np.cos(angle) * x + np.sin(angle) * y, -np.sin(angle) * x + np.cos(angle) * y, z],
        axis=1,
    )


@pytest.mark.data
def test_elevations_from_ten_sites_are_those_of_skyfield(satellites: list[Satrec]):
    scale = load.timescale(builtin=True)
    times = scale.utc(2022, 9, [14, 15], [18, 6], [0, 30], [12, 27])
    latitude, longitude, altitude = np.array(list(SITES.values())).T
    xyz_m = earth_fixed(satellites)
    who = observers(latitude, longitude, altitude, -90.0)
    sights = sight_lines(who, xyz_m.astype(np.float32))
    listed = np.degrees(np.arcsin(np.clip(sights.sin_elevation, -1, 1))).reshape(2, len(SITES), len(satellites))
    exact = elevation_deg(who.xyz_m[:, None, :, None], who.up[:, None, :, None], np.moveaxis(xyz_m, 1, 0)[:, :, None])
    listed_m = sights.range_m.reshape(listed.shape)
    above = 0
    for j, satellite in enumerate(satellites):
        theirs = EarthSatellite.from_satrec(satellite, scale)
        for i, place in enumerate(SITES.values()):
            elevation, _, away = (theirs - wgs84.latlon(place[0], place[1], elevation_m=place[2])).at(times).altaz()
            np.testing.assert_allclose(listed[:, i, j], elevation.degrees, atol=TOLERANCE_DEG)
            np.testing.assert_allclose(exact[:, i, j], elevation.degrees, atol=TOLERANCE_DEG)
            np.testing.assert_allclose(listed_m[:, i, j], away.m, atol=TOLERANCE_M)
            above += int(np.sum(elevation.degrees >= 25.0))
    masked = sight_lines(observers(latitude, longitude, altitude, 25.0), xyz_m.astype(np.float32))
    assert masked.satellite.size == above > 30
