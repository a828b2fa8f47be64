"""Periods, revolutions a day and the drift of the node of licensed shells, from the laws and from SGP4.

Kepler's third law with mu and the equatorial radius of WGS 84 (NIMA TR8350.2), and the first-order drift of the node of
a circular orbit, -3/2 n J2 (R/a)^2 cos i (Kozai, Astronomical Journal 64, 1959). A node that follows the mean Sun turns
by 360 degrees in a tropical year of 365.2422 days.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from obrii.constants import EARTH_J2, EARTH_RADIUS_M
from obrii.orbits.propagation import positions, propagator
from obrii.orbits.shells import Shell, constellation, mean_motion_rad_min
from tests.reference.sgp4_plain import EPOCH, instants

#: Altitude [km], inclination [deg], period [min], revolutions a day, drift of the node [deg/day].
RATES = [
    (550.0, 53.0, 95.6499, 15.05491, -4.4892),
    (570.0, 70.0, 96.0644, 14.98995, -2.5257),
    (1200.0, 87.9, 109.4217, 13.16010, -0.1997),
]

#: The table is rounded to its last digit.
LAST_OF_FOUR, LAST_OF_FIVE = 0.6e-4, 0.6e-5

#: Drift of the mean Sun [deg/day]. The inclination of the filing is rounded to 0.001 deg, of which a half is 0.000065
#: deg/day.
SUN_DEG_DAY = 360.0 / 365.2422
ROUNDED_DEG_DAY = 6.5e-5

#: SGP4 adds terms in J2 squared and in J4. Measured: 0.04 % at 53 deg, 0.18 % at 70, 0.28 % at 87.9, 0.33 % at 97.6.
#: The plane is read off two positions, and sways by 0.02 deg with each half orbit; both readings stand at the same
#: place of their orbit, nineteen days apart.
SECOND_ORDER = 0.004


def node_drift_deg_day(altitude_m: float, inclination_deg: float) -> float:
    """Return the first-order drift of the node of a circular orbit."""
    axis_m = EARTH_RADIUS_M + altitude_m
    rate_rad_min = -1.5 * float(mean_motion_rad_min(altitude_m)) * EARTH_J2 * (EARTH_RADIUS_M / axis_m) ** 2
    return math.degrees(rate_rad_min * math.cos(math.radians(inclination_deg))) * 1440.0


def flown_drift_deg_day(altitude_m: float, inclination_deg: float) -> float:
    """Return the drift of the ascending node of a shell that SGP4 flies, over a whole number of orbits."""
    shell = Shell("s", 1, 1, inclination_deg, altitude_m)
    made = propagator(constellation(shell, "a", EPOCH).elements)
    period_min = 2.0 * math.pi / float(mean_motion_rad_min(altitude_m))
    last_min = 300.0 * period_min
    minutes = [0.0, 10.0, last_min, last_min + 10.0]
    xyz_m = positions(made, instants(minutes), dtype=np.float64, frame="teme")[:, :, 0]
    normals = np.cross(xyz_m[::2], xyz_m[1::2])
    node = np.unwrap(np.arctan2(normals[:, 0], -normals[:, 1]))
    expected = math.radians(node_drift_deg_day(altitude_m, inclination_deg)) * last_min / 1440.0
    # The drift over three weeks may pass a full turn; the law says how many.
    turns = round((expected - (node[1] - node[0])) / (2.0 * math.pi))
    return math.degrees(node[1] - node[0] + 2.0 * math.pi * turns) / last_min * 1440.0


@pytest.mark.parametrize(("altitude_km", "inclination_deg", "period_min", "turns", "drift_deg_day"), RATES)
def test_a_shell_turns_as_keplers_third_law_says(altitude_km, inclination_deg, period_min, turns, drift_deg_day):
    mean_motion = float(mean_motion_rad_min(1e3 * altitude_km))
    assert 2.0 * math.pi / mean_motion == pytest.approx(period_min, abs=LAST_OF_FOUR)
    assert mean_motion * 1440.0 / (2.0 * math.pi) == pytest.approx(turns, abs=LAST_OF_FIVE)
    assert node_drift_deg_day(1e3 * altitude_km, inclination_deg) == pytest.approx(drift_deg_day, abs=LAST_OF_FOUR)


@pytest.mark.parametrize(("altitude_km", "inclination_deg", "period_min", "turns", "drift_deg_day"), RATES)
def test_the_node_of_a_shell_drifts_in_sgp4(altitude_km, inclination_deg, period_min, turns, drift_deg_day):
    found = flown_drift_deg_day(1e3 * altitude_km, inclination_deg)
    assert found == pytest.approx(drift_deg_day, rel=SECOND_ORDER)


def test_a_shell_at_560_km_and_97_632_deg_follows_the_sun():
    law, flown = node_drift_deg_day(560e3, 97.632), flown_drift_deg_day(560e3, 97.632)
    assert law == pytest.approx(SUN_DEG_DAY, abs=ROUNDED_DEG_DAY)
    assert flown == pytest.approx(SUN_DEG_DAY, rel=SECOND_ORDER)
