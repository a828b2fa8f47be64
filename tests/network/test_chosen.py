"""Satellites chosen by where they fly, against loops and closed forms."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii import frames
from obrii.errors import ScenarioError
from obrii.network import chosen
from obrii.orbits.propagation import positions, propagator
from obrii.orbits.shells import Shell, constellation
from tests.reference import near_plain

EPOCH = np.datetime64("2022-10-03T12:00:12", "ns")
SHELL = constellation(Shell("s1", 72, 22, 53.0, 550e3, phase_factor=1), "starlink", EPOCH)
XYZ_M = positions(propagator(SHELL.elements), EPOCH + np.arange(3) * np.timedelta64(300, "s"))

satellites = st.tuples(st.floats(-89.9, 89.9), st.floats(-180, 180), st.floats(200, 2000))


def flying(places: list[tuple[float, float, float]]) -> np.ndarray:
    latitude, longitude, height_km = np.array(places).reshape(-1, 3).T
    return frames.geodetic_to_cartesian(latitude, longitude, height_km * 1e3)


@given(st.lists(satellites, min_size=1, max_size=8), st.floats(-90, 90), st.floats(-90, 90))
def test_over_a_band_is_between_its_latitudes(places, one: float, other: float) -> None:
    south, north = sorted((one, other))
    # What lies within a hair of an edge may fall on either side of it.
    places = [place for place in places if min(abs(place[0] - south), abs(place[0] - north)) > 1e-6]
    assert chosen.over_band(flying(places), south, north).tolist() == [south <= place[0] <= north for place in places]


@given(st.lists(satellites, min_size=1, max_size=8), st.floats(-90, 90), st.floats(-180, 180), st.floats(1, 3000))
def test_over_a_disc_is_within_its_radius(places, latitude: float, longitude: float, radius_km: float) -> None:
    centre = near_plain.vector(latitude, longitude)
    apart = [near_plain.apart_km(near_plain.vector(*place[:2]), centre) for place in places]
    clear = [k for k, distance in enumerate(apart) if abs(distance - radius_km) > 1e-2]
    found = chosen.over_disc(flying(places), latitude, longitude, radius_km)
    assert [bool(found[k]) for k in clear] == [apart[k] <= radius_km for k in clear]


@given(st.lists(satellites, min_size=1, max_size=8), st.floats(0, 2000), st.floats(0, 2000))
def test_at_a_height_is_between_both(places, one: float, other: float) -> None:
    low, high = sorted((one, other))
    places = [place for place in places if min(abs(place[2] - low), abs(place[2] - high)) > 1e-3]
    assert chosen.at_height(flying(places), low, high).tolist() == [low <= place[2] <= high for place in places]


def test_a_circular_orbit_spends_over_a_band_what_geometry_says() -> None:
    # The argument of latitude runs evenly: the share of time below a geocentric latitude b is 2/pi asin(sin b / sin i).
    # Geodetic latitudes are up to 0.19 degrees higher, 0.004 of the time at 45 degrees; four edges may each gain one of
    # 1,584 arguments, 0.0025, where all of them differ, as they do with F = 1.
    for band_deg in (10.0, 30.0, 45.0):
        share = 2.0 / math.pi * math.asin(math.sin(math.radians(band_deg)) / math.sin(math.radians(53.0)))
        found = chosen.over_band(XYZ_M, -band_deg, band_deg).mean(axis=1)
        assert np.abs(found - share).max() < 0.0065


def test_every_instant_has_its_own_satellites() -> None:
    discs = chosen.over_disc(XYZ_M, 49.0, 31.0, 940.0)
    assert discs.shape == (3, 1584)
    # What is seen above 25 degrees lies within 940 km: 19 on average at 50 degrees (truths of the shell).
    assert (np.abs(discs.sum(axis=1) - 19) < 8).all()
    assert (discs[0] != discs[1]).any()
    assert (discs[1] == chosen.over_disc(XYZ_M[1], 49.0, 31.0, 940.0)).all()


def test_a_shell_is_at_its_height_and_inclination() -> None:
    # A circle of 53 degrees rises over the ellipsoid by R f sin2(53) = 13.6 km, and J2 bends it by some more.
    assert chosen.at_height(XYZ_M, 535.0, 580.0).all()
    assert not chosen.at_height(XYZ_M, 600.0, 700.0).any()
    assert chosen.inclined(SHELL.elements, 52.0, 54.0).all()
    assert not chosen.inclined(SHELL.elements, 60.0, 180.0).any()


def test_a_satellite_without_a_position_is_over_nothing() -> None:
    nowhere = np.full((3, 2), np.nan)
    assert not chosen.over_band(nowhere, -90.0, 90.0).any()
    assert not chosen.over_disc(nowhere, 0.0, 0.0, 30_000.0).any()
    assert not chosen.at_height(nowhere, 0.0, 1e6).any()


@pytest.mark.parametrize(
    ("choose", "said"),
    [
        (lambda: chosen.over_band(XYZ_M, 50, 40), "latitude: 50 to 40 is no span; give the lower first, -90 to 90 deg"),
        (lambda: chosen.over_band(XYZ_M, 0, 95), "latitude: 0 to 95 is no span"),
        (lambda: chosen.at_height(XYZ_M, -1, 95), "height: -1 to 95 is no span; give the lower first, 0 km or more"),
        (lambda: chosen.inclined(SHELL.elements, 0, 190), "inclination: 0 to 190 is no span"),
        (lambda: chosen.over_disc(XYZ_M, 0, 0, 0), "radius_km: 0 is no distance"),
    ],
)
def test_what_is_no_place_to_fly_is_refused(choose, said: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)):
        choose()
