"""The kernel near_earth against its plain twin, and its parts against the standard library."""

from __future__ import annotations

import math

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.kernels import orbit
from obrii.orbits.propagation import GRAVITY, positions, propagator
from tests.reference.sgp4_plain import EPOCH, Orbit, elements, gravity_of_package, instants, position_m

#: The twin takes angles in full and repeats Kepler's equation to the last bit; the kernel's series end at 2e-13 rad,
#: which is 2 um at 9,000 km, and its phase of some hundred turns is rounded to 1e-13 rad. In thick air the fifth power
#: of the time multiplies what was rounded: worst seen 10 um.
CLOSE_M = 1e-4


@st.composite
def orbits(draw) -> Orbit:
    """Orbits of the kernel: perigee 150 to 2,000 km, any tilt to 175 deg, drag of either sign."""
    angle = st.floats(0.0, 2.0 * math.pi)
    eccentricity = draw(st.one_of(st.floats(0.0, orbit.ECCENTRICITY_LIMIT), st.floats(0.0, 1e-3)))
    axis_km = (6378.0 + draw(st.floats(150.0, 2000.0))) / (1.0 - eccentricity)
    return Orbit(
        bstar=draw(st.floats(-1e-4, 1e-3)),
        inclination=draw(st.floats(0.0, math.radians(175.0))),
        node=draw(angle),
        eccentricity=eccentricity,
        argument_of_perigee=draw(angle),
        mean_anomaly=draw(angle),
        mean_motion=math.sqrt(398_600.8 / axis_km**3) * 60.0,
    )


def run(
    satellites: list[Orbit], minutes: list[float], dtype: type = np.float64, turn_rad: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return status and positions that the kernel finds."""
    made = propagator(elements(satellites))
    assert len(made.near) == len(satellites)
    out_status = np.full(len(satellites), -1, np.int8)
    out_xyz_m = np.empty((len(minutes), 3, len(satellites)), dtype)
    gravity = GRAVITY["wgs72"]
    with np.errstate(all="ignore"):
        orbit.near_earth(
            instants(minutes).view(np.int64), np.full(len(minutes), turn_rad),
            made.elements.epoch[made.near].view(np.int64),
            made.coefficient, gravity.j2, gravity.radius_m, out_status, out_xyz_m,
        )  # fmt: skip
    return out_status, out_xyz_m


@given(orbits(), st.lists(st.floats(-10_080.0, 10_080.0), min_size=1, max_size=3))
def test_the_kernel_finds_what_the_plain_twin_finds(satellite: Orbit, minutes: list[float]):
    status, xyz_m = run([satellite], minutes)
    if status[0] == orbit.OUT_OF_RANGE:
        return
    exact = (instants(minutes) - EPOCH) / np.timedelta64(1, "m")
    twins = [position_m(satellite, gravity_of_package("wgs72"), m) for m in exact.tolist()]
    np.testing.assert_allclose(xyz_m[:, :, 0], [place for _, place in twins], rtol=0, atol=CLOSE_M)
    assert status[0] == max(code for code, _ in twins)


@given(st.floats(-1e6, 1e6))
def test_sine_and_cosine_are_those_of_the_standard_library(angle: float):
    # Below a million rad, 190 years of a low orbit, an angle itself is rounded to 1e-10 rad at most.
    sine, cosine = orbit.sine_cosine(angle)
    assert sine == pytest.approx(math.sin(angle), abs=2e-13)
    assert cosine == pytest.approx(math.cos(angle), abs=2e-13)


@given(st.floats(-7.0, 7.0), st.floats(-1e-3, 1e-3))
def test_an_angle_turned_by_a_small_one_is_their_sum(angle: float, by: float):
    sine, cosine = orbit.turned(math.sin(angle), math.cos(angle), by)
    assert sine == pytest.approx(math.sin(angle + by), abs=5e-14)
    assert cosine == pytest.approx(math.cos(angle + by), abs=5e-14)


def test_a_satellite_stands_where_it_stands_alone_whatever_its_place_in_a_block(rng: np.random.Generator):
    count = orbit.LANES + 3
    many = [Orbit(1e-5, 0.9, *rng.uniform(0.0, 6.0, 1), 1e-3, *rng.uniform(0.0, 6.0, 2), 0.0656) for _ in range(count)]
    _, together = run(many, [0.0, 100.0])
    for k in (0, 1, orbit.LANES - 1, orbit.LANES, count - 1):
        _, alone = run([many[k]], [0.0, 100.0])
        np.testing.assert_array_equal(together[:, :, k], alone[:, :, 0])


def test_single_precision_is_the_rounded_double(rng: np.random.Generator):
    many = [Orbit(1e-5, 0.9, 1.0, 1e-3, 2.0, *rng.uniform(0.0, 6.0, 1), 0.0656) for _ in range(5)]
    np.testing.assert_array_equal(run(many, [7.0], np.float32)[1], run(many, [7.0])[1].astype(np.float32))


def test_a_turned_earth_is_a_turn_of_the_position():
    satellite = Orbit(1e-5, 0.9, 1.0, 1e-3, 2.0, 3.0, 0.0656)
    x, y, z = run([satellite], [50.0])[1][0, :, 0]
    c, s = math.cos(2.5), math.sin(2.5)
    fixed = run([satellite], [50.0], turn_rad=2.5)[1][0, :, 0]
    np.testing.assert_allclose(fixed, [c * x + s * y, c * y - s * x, z], rtol=0, atol=CLOSE_M)


def test_each_failure_has_its_code_and_no_position():
    falling = Orbit(0.01, 0.9, 0.0, 1e-3, 0.0, 0.0, 0.0705)
    growing = Orbit(-0.02, 0.9, 0.0, 0.099, 0.0, 0.0, 0.061)
    for satellite, minutes, code in (
        (falling, 2_000.0, orbit.DECAYED),
        (falling, 5_000.0, orbit.ECCENTRICITY_OUT_OF_RANGE),
        (growing, 10_000.0, orbit.OUT_OF_RANGE),
        (falling._replace(bstar=1e300), 1.0, orbit.OUT_OF_RANGE),
    ):
        status, xyz_m = run([satellite], [0.0, minutes])
        assert status[0] == code, satellite
        assert np.isnan(xyz_m[1]).all()


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_one_signature_serves_every_default_call():
    one = [Orbit(1e-5, 0.9, 1.0, 1e-3, 2.0, 3.0, 0.0656)]
    run(one, [0.0], np.float32)
    run(one, [0.0], np.float64)
    known = list(orbit.near_earth.signatures)
    made, utc = propagator(elements(one)), instants([0.0])
    for writeable in (True, False):
        utc.setflags(write=writeable)
        positions(made, utc)
        positions(made, utc, dtype=np.float64)
    assert list(orbit.near_earth.signatures) == known
