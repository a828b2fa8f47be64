"""The geostationary arc against Kepler, closed forms, Skyfield, and another program's count on a real catalogue."""

from __future__ import annotations

from pathlib import Path

import h3
import numpy as np
import pytest
from scipy.integrate import quad
from sgp4.api import Satrec, SatrecArray
from skyfield.api import load, wgs84

from obrii import frames
from obrii.ground.shipped import columns
from obrii.links.geostationary import ARC_RADIUS_M, arc_zone, in_arc, outside_arc
from obrii.links.visibility import Observers, observers, sight_lines
from obrii.timegrid import julian_date

FILED_DEG = (18.0, 22.0)


def spiral(count: int, min_elevation_deg: float) -> tuple[np.ndarray, np.ndarray]:
    """Directions above an elevation, evenly spread: sine of elevation and azimuth [rad], (count,)."""
    k = np.arange(count) + 0.5
    lowest = np.sin(np.radians(min_elevation_deg))
    return lowest + (1.0 - lowest) * k / count, np.pi * (1.0 + np.sqrt(5.0)) * k


def flags(who: Observers, angle_deg: float, sine: np.ndarray, azimuth: np.ndarray) -> np.ndarray:
    """Whether directions (direction,) from the one site, at longitude 0, lie inside its zone."""
    up = who.up[:, 0]
    east = np.array([0.0, 1.0, 0.0])
    flat = np.sin(azimuth) * east[:, None] + np.cos(azimuth) * np.cross(up, east)[:, None]
    ray = sine * up[:, None] + np.sqrt(1.0 - sine * sine) * flat
    xyz_m = (who.xyz_m + 1e6 * ray).astype(np.float32)[None]
    sights = sight_lines(who, xyz_m)
    out = np.zeros(sine.size, bool)
    out[sights.satellite] = in_arc(sights, arc_zone(who, angle_deg), xyz_m)
    return out


def excluded(latitude_deg: float, angle_deg: float, mask_deg: float = 25.0, count: int = 20_000) -> float:
    """Share of the directions above a mask, by solid angle, that lie inside the zone."""
    who = observers([latitude_deg], [0.0], 0.0, mask_deg - 1e-4)
    return float(flags(who, angle_deg, *spiral(count, mask_deg)).mean())


def test_the_circle_is_where_a_satellite_turns_with_the_earth():
    # Kepler's third law; 86 164.0905 s from one meridian passage of the equinox to the next (IERS Conventions 2010).
    # WGS 84's angular velocity has seven digits, so its radius ends 3 m higher: 10 m are the digits that are given.
    radius_m = (3.986004418e14 * (86_164.0905 / (2.0 * np.pi)) ** 2) ** (1.0 / 3.0)
    assert pytest.approx(radius_m, abs=10.0) == ARC_RADIUS_M


def test_the_arc_is_seen_up_to_81_degrees_of_latitude():
    # acos(6378.137 / 42164.17) = 81.3 deg on a round Earth (Maral and Bousquet, "Satellite Communications Systems").
    # On the ellipsoid the horizon of a high latitude is up to 21 km nearer the centre, 0.03 deg; the normal leans less.
    last = np.degrees(np.arccos(6_378.137 / 42_164.17))
    assert last == pytest.approx(81.3, abs=5e-3)
    zone = arc_zone(observers([last - 0.05, last + 0.05], [0.0, 0.0], 0.0, 5.0), 10.0)
    assert zone.visible.tolist() == [True, False]


@pytest.mark.parametrize("latitude_deg", [5.0, 20.0, 35.0, 50.0, -35.0])
def test_the_zone_is_as_wide_as_the_angle_about_the_known_elevation_of_the_arc(latitude_deg: float):
    # On the meridian the arc stands at atan((cos l - a/R) / sin l) above the horizon of a round Earth (Maral and
    # Bousquet). The normal to the ellipsoid leans at most 0.193 deg from the radius, and the arc with it.
    latitude = np.radians(abs(latitude_deg))
    arc_deg = np.degrees(np.arctan2(np.cos(latitude) - 6_371.0 / 42_164.17, np.sin(latitude)))
    who = observers([latitude_deg], [0.0], 0.0, 1.0)
    elevation_deg = np.arange(1.01, 90.0, 0.01)
    towards = np.full(elevation_deg.size, np.pi if latitude_deg > 0 else 0.0)
    for angle_deg in (0.5, 18.0, 22.0):
        inside = elevation_deg[flags(who, angle_deg, np.sin(np.radians(elevation_deg)), towards)]
        assert inside.min() == pytest.approx(max(arc_deg - angle_deg, 1.01), abs=0.21)
        assert inside.max() == pytest.approx(min(arc_deg + angle_deg, 90.0), abs=0.21)
        if inside.min() > 1.02 and inside.max() < 89.9:
            assert np.ptp(inside) == pytest.approx(2.0 * angle_deg, abs=0.02)


@pytest.mark.parametrize("angle_deg", FILED_DEG)
@pytest.mark.parametrize("mask_deg", [25.0, 40.0])
def test_at_the_equator_the_zone_is_a_band_about_a_great_circle(angle_deg: float, mask_deg: float):
    # The arc runs from east to west through the zenith, so that a direction at elevation e is inside where
    # |cos e cos azimuth| < sin(angle). 20,000 directions that are evenly spread leave 0.0007 at most.
    limit, lowest = np.sin(np.radians(angle_deg)), np.sin(np.radians(mask_deg))

    def share(sine: float) -> float:
        return 1.0 - 2.0 / np.pi * float(np.arccos(min(1.0, limit / np.sqrt(1.0 - sine * sine))))

    expected = quad(share, lowest, 1.0, points=[np.cos(np.radians(angle_deg))])[0] / (1.0 - lowest)
    assert excluded(0.0, angle_deg, mask_deg) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(("angle_deg", "share"), [(18.0, 0.19), (22.0, 0.27)])
def test_a_fifth_to_a_quarter_of_all_directions_lies_in_the_zone(angle_deg: float, share: float):
    # An independent program in C found 19 and 27 % of 4,000 directions above 25 deg from each of 300 random latitudes;
    # how both were drawn is not known. Evenly in latitude and in solid angle it is 20.5 and 25.2 %. As the share runs
    # from 0 to 46 % with latitude, standard deviation 17 %, a mean over 300 of them is known to 1 %: three of these.
    latitudes = np.arange(0.5, 90.0, 1.0)
    found = np.array([excluded(latitude, angle_deg, count=3_000) for latitude in latitudes])
    assert found.mean() == pytest.approx(share, abs=0.03)
    # Of directions the equator loses most, and less and less is lost from there to where the zone sets.
    assert np.argmax(found) < 3
    assert np.all(np.diff(found) < 0.004)
    assert np.all(found[latitudes > 90.0 - 25.0 + angle_deg - 6.0] == 0.0)


def test_skyfield_sees_the_arc_where_we_do():
    # Skyfield (Rhodes, ascl:1907.024) places points over the equator at 35,786.03 km and measures their azimuth and
    # elevation from the site; the zone is all within the angle of one of them that stands above the horizon. Points are
    # 0.1 deg apart, and the ends up to 0.1 deg short: 0.12 deg where the ends count, 0.003 deg elsewhere.
    time = load.timescale(builtin=True).utc(2022, 10, 3)
    longitude = np.arange(-90.0, 90.0, 0.1)
    for latitude_deg, mask_deg, angle_deg in (
        (50.45, 25.0, 22.0), (-37.8, 25.0, 18.0), (3.0, 40.0, 22.0), (66.0, 5.0, 22.0), (79.5, 5.0, 12.0),
    ):  # fmt: skip
        place = wgs84.latlon(latitude_deg, 0.0)
        above = []
        for each in longitude:
            elevation, azimuth, _ = (wgs84.latlon(0.0, each, elevation_m=35_786_033.0) - place).at(time).altaz()
            above.append((elevation.radians, azimuth.radians))
        arc = np.array([row for row in above if row[0] > 0.0]).T
        sine, bearing = spiral(2_000, mask_deg)
        level = np.sqrt(1.0 - sine * sine)
        nearest = (
            sine * np.sin(arc[0])[:, None] + level * np.cos(arc[0])[:, None] * np.cos(bearing - arc[1][:, None])
        ).max(axis=0)
        away_deg = np.degrees(np.arccos(np.minimum(nearest, 1.0)))
        who = observers([latitude_deg], [0.0], 0.0, mask_deg - 1e-4)
        clear = np.abs(away_deg - angle_deg) > (0.12 if angle_deg > mask_deg else 0.003)
        inside = flags(who, angle_deg, sine, bearing)
        np.testing.assert_array_equal(inside[clear], (away_deg < angle_deg)[clear])
        assert 0.0 < inside.mean() < 1.0


@pytest.mark.data
def test_a_third_of_all_satellites_in_view_of_land_stands_in_the_zone(data: Path):
    # Another program, in C, with its own SGP4, fitted zones and 569,668 land cells at resolution 5, found 44.2
    # satellites of this catalogue in view above 25 deg, 28.8 of them 22 deg clear of the arc: 65.2 %. It does not say
    # when: from hour to hour we find 44.9 to 45.2 in view of land at resolution 3, and 64.9 to 65.2 % of them clear.
    lines = (data / "tle" / "starlink_2026-05-30.tle").read_text().splitlines()
    one, two = ([line for line in lines if line.startswith(number)] for number in ("1 ", "2 "))
    at = np.array(["2026-05-30T12:00:00"], "datetime64[ns]")
    whole, fraction = julian_date(at)
    error, teme_km, _ = SatrecArray([Satrec.twoline2rv(*pair) for pair in zip(one, two, strict=True)]).sgp4(
        whole, fraction
    )
    x, y, z = np.where(error.T == 0, teme_km[:, 0].T * 1e3, np.nan)
    angle = frames.sidereal_angle_rad(at)[0]
    xyz_m = np.stack([np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x, z])
    xyz_m = xyz_m.astype(np.float32)[None]
    land = np.array([h3.cell_to_latlng(cell) for cell in columns("cells-world-3")["cell"].tolist()]).T
    who = observers(*land, 0.0, 25.0)
    sights = sight_lines(who, xyz_m)
    found = outside_arc(sights, arc_zone(who, 22.0), xyz_m)
    seen, left = sights.count.mean(), found.sights.count.mean()
    assert seen == pytest.approx(44.2, rel=0.03)
    assert left / seen == pytest.approx(28.8 / 44.2, abs=0.005)
    assert not found.blocked.any()
