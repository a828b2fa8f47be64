"""The preset starlink-2022-09 against the public catalogue of 2022-09-14 that it was measured from.

Catalogue: CelesTrak, 3,023 Starlink objects, propagated by the sgp4 package. Counts of those near the shells' heights:
made of the same catalogue independently of the code here, by the mean semi-major axis less 6378.1 km.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from scipy.spatial import cKDTree
from sgp4.api import WGS72, Satrec, SatrecArray

from obrii.frames import geodetic_to_cartesian, sidereal_angle_rad, up
from obrii.orbits.catalog import read
from obrii.orbits.elements import Elements, join
from obrii.orbits.planes import secular
from obrii.orbits.shells import constellation, mean_altitude_m
from obrii.scenario import presets
from tests.reference.preset_shells import preset_shells
from tools import measure_constellation

EPOCH = np.datetime64("2022-09-14T12:00:00", "ns")
#: Days to the first instant of the built-in scenario.
LATER = np.timedelta64(19, "D")

#: Shell by inclination and height: what is in the preset, and where the catalogue has it.
IN_PRESET = {"gen1-1": 1454, "gen1-2": 880, "gen1-3": 35, "gen1-3-575km": 14, "gen1-4": 88}
PLACE = {
    "gen1-1": (52.0, 53.13, 547.5),
    "gen1-2": (53.13, 54.0, 540.0),
    "gen1-3": (69.0, 71.0, 570.0),
    "gen1-3-575km": (69.0, 71.0, 575.0),
    "gen1-4": (97.0, 98.5, 560.0),
}


class Sky(NamedTuple):
    """Satellites of the preset and those of the catalogue that hold the height of a shell within 1 km."""

    preset: Elements
    preset_shell: np.ndarray
    catalogue: Elements
    catalogue_shell: np.ndarray


def altitude_km(elements: Elements) -> np.ndarray:
    return mean_altitude_m(elements.mean_motion, elements.inclination, elements.eccentricity) / 1e3


def near(elements: Elements, place: tuple[float, float, float], within_km: float) -> np.ndarray:
    inclination_deg = np.degrees(elements.inclination)
    low, high, height_km = place
    return (low < inclination_deg) & (inclination_deg < high) & (abs(altitude_km(elements) - height_km) < within_km)


@pytest.fixture(scope="module")
def sky(data: Path) -> Sky:
    laid = join([constellation(shell, "starlink", EPOCH) for shell in preset_shells("starlink-2022-09")])
    catalogue = read(data / measure_constellation.CATALOGUE).elements
    names = np.full(len(catalogue), "", "<U16")
    for name, place in PLACE.items():
        names[near(catalogue, place, 1.0)] = name
    held = names != ""
    return Sky(laid.elements, laid.shell, catalogue.take(held), names[held])


def positions_km(elements: Elements, utc: np.ndarray) -> np.ndarray:
    """Inertial positions by the sgp4 package, (satellite, time, 3), NaN where it finds no orbit."""
    satellites = []
    for k in range(len(elements)):
        satellite = Satrec()
        satellite.sgp4init(
            WGS72,
            "i",
            0,
            (elements.epoch[k] - np.datetime64("1949-12-31", "ns")) / np.timedelta64(1, "D"),
            elements.bstar[k],
            0.0,
            0.0,
            elements.eccentricity[k],
            elements.argument_of_perigee[k],
            elements.inclination[k],
            elements.mean_anomaly[k],
            elements.mean_motion[k],
            elements.node[k],
        )
        satellites.append(satellite)
    days, rest = np.divmod(utc.astype("datetime64[ns]").astype(np.int64), 86_400 * 10**9)
    failed, xyz_km, _ = SatrecArray(satellites).sgp4(days + 2_440_587.5, rest / 86_400e9)
    return np.where(failed[..., None] > 0, np.nan, xyz_km)


def mean_in_view(elements: Elements, utc: np.ndarray, latitude_deg: float) -> float:
    """Satellites above 25 degrees, averaged over the instants and three sites a third of the globe apart."""
    turn = sidereal_angle_rad(utc)
    x, y, z = np.moveaxis(positions_km(elements, utc), 2, 0) * 1e3
    xyz_m = np.stack([x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn), z])
    latitude, longitude = np.full(3, latitude_deg), np.array([35.0, 155.0, 275.0])
    sites, zenith = geodetic_to_cartesian(latitude, longitude, np.zeros(3)), up(latitude, longitude)
    count = 0
    for site, vertical in zip(sites.T, zenith.T, strict=True):
        ray = xyz_m - site[:, None, None]
        count += (np.tensordot(vertical, ray, 1) >= np.sin(np.radians(25.0)) * np.linalg.norm(ray, axis=0)).sum()
    return count / len(utc) / 3


def test_the_preset_holds_what_its_title_says() -> None:
    assert {shell.name: len(shell) for shell in preset_shells("starlink-2022-09")} == IN_PRESET
    assert sum(IN_PRESET.values()) == 2471
    assert "2,471 satellites of 3,023" in presets.constellation("starlink-2022-09").title


@pytest.mark.data
def test_the_preset_is_what_the_tool_measures(data: Path) -> None:
    text = measure_constellation.text(read(data / measure_constellation.CATALOGUE))
    assert measure_constellation.PRESET.read_text(encoding="utf-8") == text


@pytest.mark.data
@pytest.mark.parametrize(
    # Of the polar satellites 91 were counted closer to the height; three of another plane fly 5 km below.
    ("names", "counted", "within_km", "tolerance"),
    [
        (("gen1-1",), 1467, 6.0, 13),
        (("gen1-2",), 886, 6.0, 6),
        (("gen1-3", "gen1-3-575km"), 51, 6.0, 2),
        (("gen1-4",), 91, 4.0, 3),
    ],
)
def test_shells_hold_the_satellites_counted_at_their_height(
    data: Path, names: tuple[str, ...], counted: int, within_km: float, tolerance: int
) -> None:
    catalogue = read(data / measure_constellation.CATALOGUE).elements
    assert near(catalogue, PLACE[names[0]], within_km).sum() == counted
    # Those more than 1 km off the height of the shell are on their way: a degree a day along the orbit, or more.
    assert counted - tolerance <= sum(IN_PRESET[name] for name in names) <= counted


@pytest.mark.data
def test_every_satellite_of_the_preset_is_one_of_the_catalogue_nearby(sky: Sky) -> None:
    at = np.array([EPOCH])
    preset, catalogue = (positions_km(elements, at)[:, 0] for elements in (sky.preset, sky.catalogue))
    away_km, partner = cKDTree(catalogue).query(preset)
    # Measured: 95 % within 11.3 km, 99 % within 24.5 km, all within 68.5 km. Positions are written to 0.01 of a slot,
    # 12 km either way, and slots as whole up to 0.02, 48 km; neighbours in a plane are 600 km apart.
    assert np.percentile(away_km, [95, 99, 100]) == pytest.approx([11.3, 24.5, 68.5], abs=0.5)
    assert (away_km < 30.0).mean() > 0.99
    np.testing.assert_array_equal(sky.preset_shell, sky.catalogue_shell[partner])
    assert len(set(partner.tolist())) == len(preset) == len(catalogue)


@pytest.mark.data
@pytest.mark.parametrize("day", [EPOCH, EPOCH + LATER])
@pytest.mark.parametrize("latitude_deg", [30.0, 48.5])
def test_as_many_satellites_are_in_view_as_in_the_catalogue(sky: Sky, day: np.datetime64, latitude_deg: float) -> None:
    # Measured: 0.2 to 0.3 % more in the preset, whose circles have no perigee in the north, as the real orbits do, 1 km
    # lower. After 19 days without thrust the catalogue's own satellites have left their slots, which a mean over a day
    # and three sites evens out to a few thousandths.
    utc = day + np.arange(0, 86_400, 300) * np.timedelta64(1, "s")
    preset, catalogue = (mean_in_view(elements, utc, latitude_deg) for elements in (sky.preset, sky.catalogue))
    assert preset == pytest.approx(catalogue, rel=0.01)


@pytest.mark.data
@pytest.mark.parametrize("name", ["gen1-1", "gen1-2", "gen1-3", "gen1-3-575km"])
def test_shells_keep_the_pace_of_the_catalogue_for_nineteen_days(sky: Sky, name: str) -> None:
    # By median: element sets do not know the thrust that keeps each satellite in its slot, so that single ones stray by
    # degrees. Polar satellites are left out: many were still being moved, and theirs stray by up to half a circle.
    preset, catalogue = sky.preset.take(sky.preset_shell == name), sky.catalogue.take(sky.catalogue_shell == name)
    pair = cKDTree(positions_km(preset, np.array([EPOCH]))[:, 0])
    _, partner = pair.query(positions_km(catalogue, np.array([EPOCH]))[:, 0])
    theirs, ours = np.array(secular(catalogue, EPOCH + LATER)), np.array(secular(preset, EPOCH + LATER))[:, partner]
    node_deg, along_deg = np.degrees((theirs - ours + np.pi) % (2 * np.pi) - np.pi)
    # Measured: 0.014 degrees of node, and 0.4 to 0.75 degrees along the orbit, after 285 revolutions.
    assert abs(np.median(node_deg)) < 0.05
    assert abs(np.median(along_deg)) < 1.0
