"""Times in sight by the closed form against looking step by step, on drawn circles and sites."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.constants import EARTH_MU_M3_S2, EARTH_RADIUS_M
from obrii.kernels.lasting import angle, circles
from obrii.links.visibility import Observers, observers, sight_lines
from obrii.service.preference import AHEAD_S, EARTH_TURN_RAD_S, time_in_sight_s
from tests.reference import lasting_plain

#: Rounding to float32 moves a satellite by half a metre and its circle by 5e-6, worth some hundredths in a pass of ten
#: minutes; three rounds of the formula leave more where a pass is short (0.6 at worst in some thousand draws).
NEAR_S = 1.0

#: Masks lower and higher by this bracket the times of passes that hardly rise above the mask: there a little height is
#: much time [rad].
NEAR_RAD = 2e-4


def drawn(seed: int, altitude_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Satellites on circular orbits all over one sphere, now and later, each (1, 3, satellite) f4, Earth-fixed."""
    rng = np.random.default_rng(seed)
    now = rng.normal(size=(3, 12))
    now /= np.linalg.norm(now, axis=0)
    ahead = np.cross(rng.normal(size=(3, 12)), now, axis=0)
    ahead /= np.linalg.norm(ahead, axis=0)
    radius_m = EARTH_RADIUS_M + altitude_m
    passed = AHEAD_S * math.sqrt(EARTH_MU_M3_S2 / radius_m**3)
    later = math.cos(passed) * now + math.sin(passed) * ahead
    turn = -EARTH_TURN_RAD_S * AHEAD_S
    x, y, z = later
    fixed = np.stack([math.cos(turn) * x - math.sin(turn) * y, math.sin(turn) * x + math.cos(turn) * y, z])
    return (radius_m * now).astype(np.float32)[None], (radius_m * fixed).astype(np.float32)[None]


def beneath(seed: int, now_m: np.ndarray, mask_deg: float, reach_m: float) -> Observers:
    """Sites around the points under the satellites, so that each is seen by some."""
    rng = np.random.default_rng(seed + 1)
    x, y, z = now_m[0].astype(float)
    latitude = np.degrees(np.arctan2(z, np.hypot(x, y))) + rng.normal(0, 4, 12)
    longitude = np.degrees(np.arctan2(y, x)) + rng.normal(0, 4, 12)
    return observers(np.clip(latitude, -90, 90), longitude, rng.uniform(-100, 4000, 12), mask_deg, reach_m)


def around(who: Observers, site: int, orbit: tuple, by_rad: float) -> float:
    """The plain time with a mask higher by an angle."""
    sine = who.min_sine[site]
    mask = -math.inf if sine == -math.inf else math.sin(math.asin(sine) + by_rad)
    # Limits of range are as far apart as float32 keeps them.
    reach_m = float(who.max_range_m[site]) * (1 - by_rad / 10)
    place, up = tuple(who.xyz_m[:, site].tolist()), tuple(who.up[:, site].tolist())
    return lasting_plain.time_in_sight_s(place, up, mask, reach_m, orbit)


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([350e3, 550e3, 1200e3]),
    st.sampled_from([(25.0, math.inf), (5.0, math.inf), (50.0, math.inf), (-90.0, 1.6e6), (20.0, 1.3e6)]),
)
def test_the_closed_form_is_the_time_that_looking_step_by_step_finds(seed: int, altitude_m: float, limits: tuple):
    now_m, later_m = drawn(seed, altitude_m)
    who = beneath(seed, now_m, *limits)
    sights = sight_lines(who, now_m)
    found = time_in_sight_s(who, sights, now_m, later_m, AHEAD_S)
    for site in range(len(who)):
        for k in range(sights.of(0, site).start, sights.of(0, site).stop):
            s = sights.satellite[k]
            here, there = (tuple(at[0, :, s].astype(float).tolist()) for at in (now_m, later_m))
            orbit = lasting_plain.circle(here, there, AHEAD_S)
            least, most = (around(who, site, orbit, by) for by in (NEAR_RAD, -NEAR_RAD))
            assert least - NEAR_S <= found[k] <= most + NEAR_S


@given(st.integers(0, 2**32 - 1), st.sampled_from([350e3, 1200e3, 8000e3]))
def test_a_circle_is_the_one_of_the_plain_twin(seed: int, altitude_m: float):
    now_m, later_m = drawn(seed, altitude_m)
    orbit = np.empty((12, 8), np.float32)
    circles(now_m[0], later_m[0], AHEAD_S, EARTH_TURN_RAD_S * AHEAD_S, orbit)
    for s, row in enumerate(orbit.tolist()):
        here, there = (tuple(at[0, :, s].astype(float).tolist()) for at in (now_m, later_m))
        start_m, ahead_m, speed = lasting_plain.circle(here, there, AHEAD_S)
        assert row[:3] == list(start_m)
        # float32 of numbers up to the radius.
        assert row[3:6] == pytest.approx(ahead_m, abs=1.0)
        assert row[6] == pytest.approx(speed, rel=1e-6)
        assert row[7] == pytest.approx(lasting_plain.dot(start_m, start_m), rel=1e-6)


def test_without_mask_and_range_limit_nothing_ever_sets():
    now_m, later_m = drawn(1, 550e3)
    who = beneath(1, now_m, -90.0, math.inf)
    sights = sight_lines(who, now_m)
    assert np.isinf(time_in_sight_s(who, sights, now_m, later_m, AHEAD_S)).all() and len(sights.satellite)


def test_an_angle_is_that_of_its_sine_and_cosine():
    at = np.linspace(-3.14, 3.14, 997)
    for length in (1.0, 1e-3, 1e6):
        for angle_rad in at.tolist():
            sine, cosine = np.float32(length * math.sin(angle_rad)), np.float32(length * math.cos(angle_rad))
            # Rounding of float32 to half of 2^-24 in each of a dozen operations.
            assert angle(sine, cosine) == pytest.approx(angle_rad, abs=1e-6)
