"""The lattice of real satellites: found where a shell was laid out by rule, and not found where there is none.

Drifts are the first-order ones of the Earth's flattening: Hoots and Roehrich, Spacetrack Report 3 (1980), section 6.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.constants import EARTH_J2, EARTH_RADIUS_M, MINUTES_PER_DAY, TWO_PI
from obrii.orbits.elements import join_elements
from obrii.orbits.planes import climb_m_day, lattice, secular
from obrii.orbits.shells import Shell, constellation, mean_motion_rad_min

EPOCH = np.datetime64("2022-09-14T12:00:00", "ns")
DAY = np.timedelta64(1, "D")


def shell(planes: int, slots: int, **more: object) -> Shell:
    return Shell("s", planes, slots, 53.0, altitude_m=550e3, **more)  # type: ignore[arg-type]


def angles(shell: Shell) -> tuple[np.ndarray, np.ndarray]:
    elements = constellation(shell, "acme", EPOCH).elements
    return elements.node, elements.mean_anomaly


def apart(a: np.ndarray, b: np.ndarray, around: float) -> float:
    """Greatest distance between two sets of places on a circle."""
    return float(abs((np.asarray(a) - b + around / 2) % around - around / 2).max())


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_the_lattice_of_a_shell_is_the_rule_it_was_laid_out_by(planes: int, slots: int, data: st.DataObject) -> None:
    # One satellite in every plane is enough to tell every phase factor.
    one_plane = st.sets(st.integers(0, slots - 1), min_size=1).map(lambda kept: tuple(map(float, sorted(kept))))
    filled = data.draw(st.tuples(*[one_plane] * planes))
    factor = data.draw(st.integers(0, planes - 1))
    node_deg = data.draw(st.floats(0.01, 0.99)) * 360 / planes
    anomaly_deg = data.draw(st.floats(0.01, 0.99)) * 360 / slots
    laid = shell(
        planes,
        slots,
        phase_factor=factor,
        filled=filled,
        first_node_deg=node_deg,
        first_anomaly_deg=anomaly_deg,
    )
    found = lattice(*angles(laid), planes, slots)
    assert found.phase_factor == factor
    assert math.degrees(found.first_node_rad) == pytest.approx(node_deg)
    assert math.degrees(found.first_anomaly_rad) == pytest.approx(anomaly_deg)
    assert found.plane.tolist() == [plane for plane, positions in enumerate(filled) for _ in positions]
    assert apart(found.position, np.concatenate(filled), slots) < 1e-6
    assert (found.position >= 0).all() and (found.position < slots).all()
    assert (found.coherence_node, found.coherence_slot) == (pytest.approx(1.0), pytest.approx(1.0))


def test_satellites_between_slots_pull_the_coherence_and_not_the_lattice() -> None:
    # As Starlink flew in 2022: 72 planes of 18 slots, F = 45, and extra satellites a quarter of a slot ahead of others.
    filled = tuple(tuple(sorted([*map(float, range(18)), *((3.26, 9.26) if p % 2 else (5.26,))])) for p in range(72))
    found = lattice(*angles(shell(72, 18, phase_factor=45, filled=filled, first_anomaly_deg=6.3)), 72, 18)
    assert found.phase_factor == 45
    assert math.degrees(found.first_anomaly_rad) == pytest.approx(6.3)
    assert apart(found.position, np.concatenate(filled), 18) < 1e-6
    between = 108 / (72 * 18 + 108)
    assert found.coherence_slot == pytest.approx(abs(1 - between + between * np.exp(2j * np.pi * 0.26)))


def test_the_phase_factor_is_that_which_puts_most_satellites_in_slots() -> None:
    # Two planes of 70 degrees in 2022: 0.43 of a slot ahead, the extra ones would make the plain coherence choose 4.
    filled = [()] * 36
    filled[22] = (7.43,)
    filled[24] = (0, 1, 2.43, 3, 4, 5, 6, 6.43, 7, 8, 9, 10, 11, 12, 12.43, 13)
    filled[26] = (0, 0.43, 1, 2, 3, 4, 4.43, 5, 6, 7, 8, 8.43, 9, 10, 11, 12, 12.43, 13)
    node, latitude = angles(shell(36, 14, phase_factor=5, filled=tuple(filled), first_anomaly_deg=5.8))
    assert lattice(node, latitude, 36, 14).phase_factor == 5


def test_where_phase_factors_fit_alike_the_smallest_is_taken() -> None:
    # Planes 1 and 5 of 6 lie four apart: F = 2 and F = 5 put them in the same places.
    filled = ((), tuple(range(36)), (), (), (), tuple(range(36)))
    for factor in (2, 5):
        assert lattice(*angles(shell(6, 36, phase_factor=factor, filled=filled)), 6, 36).phase_factor == 2


def test_satellites_that_stray_a_little_keep_their_planes_and_slots(rng: np.random.Generator) -> None:
    laid = shell(72, 18, phase_factor=45, first_node_deg=2.7, first_anomaly_deg=6.3)
    node, latitude = angles(laid)
    found = lattice(
        node + np.radians(rng.normal(0, 0.1, len(node))),
        latitude + np.radians(rng.normal(0, 0.3, len(node))),
        72,
        18,
    )
    made = constellation(laid, "acme", EPOCH)
    assert found.phase_factor == 45
    np.testing.assert_array_equal(found.plane, made.plane)
    np.testing.assert_array_equal(np.rint(found.position).astype(int) % 18, made.slot)
    # Five deviations of the mean of 1,296.
    assert math.degrees(found.first_node_rad) == pytest.approx(2.7, abs=5 * 0.1 / 36)
    assert math.degrees(found.first_anomaly_rad) == pytest.approx(6.3, abs=5 * 0.3 / 36)


def test_satellites_without_a_lattice_show_no_coherence(rng: np.random.Generator) -> None:
    node, latitude = rng.uniform(0, 2 * math.pi, (2, 2000))
    found = lattice(node, latitude, 36, 20)
    # Without a lattice the mean of 2,000 directions is about 1/45 long.
    assert found.coherence_node < 0.1
    assert found.coherence_slot < 0.2


def test_satellites_drift_as_the_flattening_of_the_earth_makes_them() -> None:
    altitude_m, inclination = 550e3, math.radians(53.0)
    start = constellation(shell(1, 1), "acme", EPOCH).elements
    node, latitude = secular(start, EPOCH + 3 * DAY)
    motion = float(mean_motion_rad_min(altitude_m)) * MINUTES_PER_DAY
    pull = 1.5 * EARTH_J2 * (EARTH_RADIUS_M / (EARTH_RADIUS_M + altitude_m)) ** 2 * motion
    cosine = math.cos(inclination)
    # Of the mean anomaly (3 cos2 - 1) / 2 and of the perigee (5 cos2 - 1) / 2.
    expected = motion + pull * (4 * cosine**2 - 1)
    # Terms of second order are a thousandth of the drift, and 12 m of height are 0.014 degrees a day.
    assert math.degrees(apart(node, np.array(-3 * pull * cosine), TWO_PI)) < 0.02
    assert math.degrees(apart(latitude, np.array(3 * expected), TWO_PI)) < 0.06


def test_element_sets_of_other_epochs_come_to_one_instant() -> None:
    first, second = (constellation(shell(2, 3), "acme", EPOCH + days * DAY).elements for days in (0, 1))
    together = np.array(secular(join_elements([first, second]), EPOCH + DAY))
    assert math.degrees(apart(together[0, 6:], second.node, TWO_PI)) < 1e-6
    assert math.degrees(apart(together[1, 6:], second.mean_anomaly, TWO_PI)) < 1e-6
    np.testing.assert_array_equal(together[:, :6], secular(first, EPOCH + DAY))


def test_a_satellite_without_an_orbit_has_no_angles() -> None:
    fallen = constellation(Shell("low", 1, 1, 53.0, altitude_m=120e3), "acme", EPOCH).elements
    dragged = type(fallen)(**{**vars(fallen), "bstar": np.array([0.1])})
    assert np.isnan(secular(dragged, EPOCH + 30 * DAY)).all()


@pytest.mark.parametrize("drag", [-3e-3, 0.0, 5e-4])
def test_a_satellite_climbs_as_its_height_a_day_later_says(drag: float) -> None:
    one = constellation(shell(1, 1), "acme", EPOCH).elements
    dragged = type(one)(**{**vars(one), "bstar": np.array([drag])})
    # The argument of latitude runs ahead where the satellite sinks, by three quarters of n x climb / a x day squared.
    _, late = secular(dragged, EPOCH + DAY)
    _, free = secular(one, EPOCH + DAY)
    ahead = float((late[0] - free[0] + math.pi) % TWO_PI - math.pi)
    motion = float(mean_motion_rad_min(550e3)) * MINUTES_PER_DAY
    expected = -4 / 3 * ahead / motion * (EARTH_RADIUS_M + 550e3)
    # Terms of higher order: a hundredth of a climb this small.
    assert climb_m_day(dragged)[0] == pytest.approx(expected, rel=0.02, abs=0.1)


def test_a_satellite_without_an_orbit_has_no_climb() -> None:
    fallen = constellation(Shell("low", 1, 1, 53.0, altitude_m=120e3), "acme", EPOCH).elements
    dragged = type(fallen)(**{**vars(fallen), "bstar": np.array([50.0])})
    assert np.isnan(climb_m_day(dragged)).all()
