"""Shells and the elements they are made into.

Periods are Kepler's third law with the mu of WGS 84 at 6378.137 km + h, to the digits printed; heights are read back
from the sgp4 package; licensed heights are FCC 21-48 (2021) and, for Kuiper, FCC 20-102 (2020).
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sgp4.api import WGS72, Satrec

from obrii.errors import ScenarioError
from obrii.orbits.catalog import read
from obrii.orbits.shells import Shell, constellation, mean_altitude_m, mean_motion_rad_min
from tests.reference import walker

EPOCH = np.datetime64("2022-10-03T12:00:00")


def shell(planes: int = 72, slots: int = 22, **more: object) -> Shell:
    return Shell("s1", planes, slots, **({"inclination_deg": 53.0, "altitude_m": 550e3} | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("altitude_km", "period_min", "rev_day"),
    [(550, 95.6499, 15.05491), (570, 96.0644, 14.98995), (1200, 109.4217, 13.16010)],
)
def test_a_circle_has_the_published_period(altitude_km: float, period_min: float, rev_day: float) -> None:
    turns_per_min = float(mean_motion_rad_min(altitude_km * 1e3)) / (2 * math.pi)
    assert 1 / turns_per_min == pytest.approx(period_min, abs=0.00005)
    assert 1440 * turns_per_min == pytest.approx(rev_day, abs=0.000005)


@given(
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from(["delta", "star"]),
    st.sampled_from(["walker", "half-odd"]),
    st.data(),
)
def test_satellites_stand_where_the_plain_twin_puts_them(
    planes: int, slots: int, pattern: str, phasing: str, data: st.DataObject
) -> None:
    factor = data.draw(st.integers(0, planes - 1)) if phasing == "walker" else 0
    drawn = constellation(shell(planes, slots, pattern=pattern, phasing=phasing, phase_factor=factor), "acme", EPOCH)
    spread = 360.0 if pattern == "delta" else 180.0
    plain = walker.places(planes, slots, spread, factor, half_odd=phasing == "half-odd")
    assert len(drawn) == len(plain) == planes * slots
    for k, place in enumerate(plain):
        assert (drawn.plane[k], drawn.slot[k]) == (place.plane, place.slot)
        for found, expected in (
            (drawn.elements.node[k], place.node_deg),
            (drawn.elements.mean_anomaly[k], place.anomaly_deg),
        ):
            assert math.cos(found - math.radians(expected)) == pytest.approx(1.0, abs=1e-12)


def test_planes_and_slots_are_not_transposed() -> None:
    # Trap: 72 planes of 22 read as 22 planes of 72.
    made = constellation(shell(72, 22), "acme", EPOCH)
    assert (made.plane.max(), made.slot.max()) == (71, 21)
    assert len(np.unique(made.elements.node.round(9))) == 72
    assert np.degrees(made.elements.node[22]) == pytest.approx(5.0)
    assert np.degrees(made.elements.mean_anomaly[1]) == pytest.approx(360 / 22)


def test_the_phase_factor_is_used() -> None:
    # Trap: F read and never used. The measured F = 45 of the 72 x 18 slots moves each plane on by 12.5 deg.
    made = constellation(shell(72, 18, phase_factor=45), "acme", EPOCH)
    assert np.degrees(made.elements.mean_anomaly[18]) == pytest.approx(12.5)


def test_half_odd_phasing_is_hypatias() -> None:
    # Kuiper-630 of its published test data: satellite o * 34 + s, half a slot on odd planes, 14.80 rev/day as given.
    kuiper = Shell("k1", 34, 34, 51.9, mean_motion_rev_day=14.80, phasing="half-odd")
    elements = constellation(kuiper, "kuiper", EPOCH).elements
    assert np.degrees(elements.node[184]) == pytest.approx(360 * 5 / 34)
    assert np.degrees(elements.mean_anomaly[184]) == pytest.approx(360 * 14 / 34 + 180 / 34)
    assert elements.mean_motion * 1440 / (2 * math.pi) == pytest.approx(14.80, rel=1e-12)
    assert set(elements.eccentricity) == {1e-7}


def test_first_angles_turn_the_whole_shell() -> None:
    plain, turned = (
        constellation(shell(4, 5, **more), "acme", EPOCH).elements
        for more in ({}, {"first_node_deg": 350.0, "first_anomaly_deg": -30.0})
    )
    assert np.degrees(turned.node - plain.node) % 360 == pytest.approx(350.0)
    assert np.degrees(turned.mean_anomaly - plain.mean_anomaly) % 360 == pytest.approx(330.0)


def test_a_shell_may_state_its_own_epoch() -> None:
    made = constellation(shell(1, 2, epoch=np.datetime64("2000-01-01")), "acme", EPOCH).elements
    assert made.epoch.tolist() == [np.datetime64("2000-01-01", "ns").astype(int)] * 2


@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_a_shell_filled_in_part_is_the_full_one_with_satellites_taken_out(
    planes: int, slots: int, data: st.DataObject
) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=planes * slots, max_size=planes * slots).filter(any))
    filled = tuple(tuple(float(s) for s in range(slots) if kept[p * slots + s]) for p in range(planes))
    factor = data.draw(st.integers(0, planes - 1))
    part = shell(planes, slots, phase_factor=factor, filled=filled)
    full, found = (constellation(each, "acme", EPOCH) for each in (shell(planes, slots, phase_factor=factor), part))
    assert len(found) == len(part) == sum(kept)
    for field in ("node", "mean_anomaly", "mean_motion"):
        np.testing.assert_array_equal(getattr(found.elements, field), getattr(full.elements, field)[kept])
    np.testing.assert_array_equal(found.plane, full.plane[kept])
    np.testing.assert_array_equal(found.slot, full.slot[kept])


def test_satellites_between_slots_have_a_place_and_no_slot() -> None:
    made = constellation(shell(3, 18, filled=((4, 0.26, 0), (), (3.92, 17.95))), "acme", EPOCH)
    assert made.plane.tolist() == [0, 0, 0, 2, 2]
    assert made.slot.tolist() == [0, -1, 4, 4, 0]
    assert np.degrees(made.elements.mean_anomaly).tolist() == pytest.approx([0.0, 5.2, 80.0, 78.4, 359.0])
    assert np.degrees(made.elements.node[-1]) == pytest.approx(240.0)


def test_satellites_carry_the_operator_and_the_shell() -> None:
    made = constellation(shell(1, 2), "acme", EPOCH, gravity="wgs84")
    assert made.elements.name.tolist() == ["acme 0", "acme 1"]
    assert set(made.operator) == {"acme"}
    assert set(made.shell) == {"s1"}
    assert made.elements.gravity == "wgs84"
    assert (made.elements.catalogue_id == -1).all()


@pytest.mark.parametrize(
    ("altitude_km", "inclination_deg"), [(550, 53.0), (570, 70.0), (560, 97.6), (1200, 87.9), (550, 0.0), (340, 33.0)]
)
def test_sgp4_flies_a_shell_at_the_height_it_claims(altitude_km: float, inclination_deg: float) -> None:
    # The mean semi-major axis inside SGP4, after its own correction of Kozai's mean motion. Left out are second-order
    # terms in J2 (under 12 m) and the older mu and radius of WGS 72 (4 m).
    made = shell(1, 1, inclination_deg=inclination_deg, altitude_m=altitude_km * 1e3)
    elements = constellation(made, "acme", EPOCH).elements
    model = Satrec()
    motion, tilt = elements.mean_motion[0], elements.inclination[0]
    model.sgp4init(WGS72, "i", 0, 18_000.0, 0.0, 0.0, 0.0, elements.eccentricity[0], 0.0, tilt, 0.0, motion, 0.0)
    model.sgp4_tsince(0.0)
    axis_km = (398_600.8 / (model.nm / 60) ** 2) ** (1 / 3)
    assert axis_km - 6378.137 == pytest.approx(altitude_km, abs=0.025)
    assert float(mean_altitude_m(motion, tilt, 0.0)) / 1e3 == pytest.approx(altitude_km, abs=0.012)


def test_a_shell_by_mean_motion_knows_its_height() -> None:
    by_height = shell(inclination_deg=97.6, altitude_m=560e3)
    motion = constellation(by_height, "acme", EPOCH).elements.mean_motion[0] * 1440 / (2 * math.pi)
    by_motion = Shell("s1", 72, 22, 97.6, mean_motion_rev_day=motion)
    assert by_motion.height_m == pytest.approx(560e3, abs=12.0)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"planes": 0}, "planes is 0; it must be a whole number from 1"),
        ({"planes": 2.0}, "planes is 2.0; it must be a whole number"),
        ({"planes": True}, "planes is True; it must be a whole number"),
        ({"satellites_per_plane": -1}, "satellites_per_plane is -1"),
        ({"inclination_deg": 180.5}, "inclination_deg is 180.5; it must be from 0 to 180"),
        ({"inclination_deg": math.nan}, "inclination_deg is nan"),
        ({"eccentricity": 1.0}, "eccentricity is 1.0"),
        ({"eccentricity": 0.2}, "perigee lies above 100 km"),
        ({"first_node_deg": math.inf}, "first_node_deg is inf; it must be finite"),
        ({"first_anomaly_deg": math.nan}, "first_anomaly_deg is nan"),
        ({"pattern": "Delta"}, "pattern is 'Delta'; it must be one of delta, star; did you mean 'delta'"),
        ({"phasing": "half_odd"}, "one of walker, half-odd; did you mean 'half-odd'"),
        ({"phase_factor": 72}, "phase_factor is 72; it must be a whole number from 0 to 71"),
        ({"phase_factor": -1}, "phase_factor is -1"),
        ({"phase_factor": 0.5}, "phase_factor is 0.5"),
        ({"phasing": "half-odd", "phase_factor": 1}, "left out: phasing 'half-odd' makes no use of it"),
        ({"filled": ((0,),)}, "filled has 1 planes; it must have 72"),
        ({"filled": ((),) * 72}, "filled holds no satellite"),
        ({"filled": ((), (0, 22)) + ((),) * 70}, "filled, plane 1, holds 22; it must be from 0 to below 22"),
        ({"filled": ((-0.01,),) * 72}, "filled, plane 0, holds -0.01"),
        ({"filled": ((math.nan,),) * 72}, "filled, plane 0, holds nan"),
        ({"filled": ((0, 3.5, 3.5),) * 72}, "filled, plane 0, holds 3.5 twice; it must hold each position once"),
        ({"altitude_m": 550.0}, "altitude_m is 550.0; it must be such that the perigee lies above 100 km"),
        ({"altitude_m": 550e6}, "the mean altitude below 50000 km"),
        ({"altitude_m": math.nan}, "altitude_m is nan; it must be finite"),
        ({"altitude_m": None}, "give one of altitude_m and mean_motion_rev_day"),
        ({"mean_motion_rev_day": 15.0}, "give one of altitude_m and mean_motion_rev_day"),
        ({"altitude_m": None, "mean_motion_rev_day": 0.0}, "mean_motion_rev_day is 0.0; it must be finite and above 0"),
        ({"altitude_m": None, "mean_motion_rev_day": 17.0}, "mean_motion_rev_day is 17.0; it must be such that"),
    ],
)
def test_an_impossible_shell_is_refused_by_name(change: dict[str, object], sentence: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        Shell(
            **(
                {"name": "s1", "planes": 72, "satellites_per_plane": 22, "inclination_deg": 53.0, "altitude_m": 550e3}
                | change
            )
        )  # type: ignore[arg-type]
    assert str(refused.value).startswith("shell 's1': ")
    assert sentence in str(refused.value)


@pytest.mark.data
@pytest.mark.parametrize(
    ("file", "inclination_deg", "licensed_km"),
    [
        ("starlink_2024-12-15", 53.2, 540),
        ("starlink_2024-12-15", 70.0, 570),
        ("starlink_2024-12-15", 97.6, 560),
        ("starlink_2022-09-14", 53.2, 540),
        ("starlink_2022-09-14", 97.6, 560),
        ("kuiper_2026-08-22", 51.9, 630),
    ],
)
def test_operators_fly_the_licensed_height_as_the_mean_semi_major_axis(
    data: Path, file: str, inclination_deg: float, licensed_km: float
) -> None:
    elements = read(data / "tle" / f"{file}.tle").elements
    altitude_km = mean_altitude_m(elements.mean_motion, elements.inclination, elements.eccentricity) / 1e3
    on_station = (abs(np.degrees(elements.inclination) - inclination_deg) < 0.1) & (abs(altitude_km - licensed_km) < 6)
    assert on_station.sum() > 80
    # Satellites keep their height to some 100 m; Kepler's law alone would be 3 km off at 97.6 deg.
    assert np.median(altitude_km[on_station]) == pytest.approx(licensed_km, abs=0.06)
