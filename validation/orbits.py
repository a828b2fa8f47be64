"""Where satellites are: SGP4 against its authors' output and the sgp4 package, and the ground against Skyfield."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from sgp4.api import Satrec
from skyfield.api import EarthSatellite, load
from skyfield.framelib import itrs
from skyfield.timelib import Time, Timescale

from obrii.orbits.propagation import positions, propagator
from obrii.orbits.shells import mean_motion_rad_min
from tests.reference.sgp4_plain import Orbit, elements, instants, of_record, package_positions_m, record
from tests.truth import test_orbit_rates, test_sgp4_vectors
from tests.truth.test_sgp4_vectors import CASES, Case
from tests.truth.test_skyfield_positions import CHOSEN, TURN_RAD_S
from validation.record import Effort, Finding, Validation

#: The set that asks for positions three and a half years after its epoch.
LAST_SET_MIN = 1e6


def _kernels(case: Case) -> bool:
    return len(propagator(elements([of_record(case.record)[0]])).near) > 0


def _printed_um(cases: list[Case]) -> Finding:
    worst_km, count = 0.0, 0
    for case in cases:
        found_km = 1e-3 * test_sgp4_vectors.found_m(case, case.printed[:, 0])
        # Where a set fails at once, the authors' program prints the position of the set before it.
        code = np.array([case.record.sgp4_tsince(minute)[0] for minute in case.printed[:, 0].tolist()])
        if not np.array_equal(np.isnan(found_km).any(axis=1), code != 0):
            return Finding(math.nan, f"{case.label} is refused at other instants than by the package")
        off_km = np.abs(found_km - case.printed[:, 1:])[code == 0]
        worst_km, count = max(worst_km, float(off_km.max(initial=0.0))), count + len(off_km)
    return Finding(1e9 * worst_km, f"{len(cases)} of the 33 element sets, {count} positions")


def printed_by_kernel(effort: Effort) -> Finding:
    """The verification sets that our own kernel takes."""
    return _printed_um([case for case in CASES if _kernels(case)])


def printed_by_package(effort: Effort) -> Finding:
    """The verification sets that are handed to the package, without the last."""
    return _printed_um([case for case in CASES if not _kernels(case) and case.minutes[0] < LAST_SET_MIN])


def printed_after_years(effort: Effort) -> Finding:
    """The last of the verification sets."""
    return _printed_um([case for case in CASES if case.minutes[0] >= LAST_SET_MIN])


def _drawn(seed: int, count: int, eccentricity: tuple[float, float]) -> list[Orbit]:
    """Orbits whose perigees lie between 350 and 1,300 km."""
    rng = np.random.default_rng(seed)
    e = rng.uniform(*eccentricity, count)
    perigee_m = rng.uniform(350e3, 1300e3, count)
    turns = mean_motion_rad_min(perigee_m) * (1.0 - e) ** 1.5
    drag, inclination = rng.uniform(0.0, 3e-4, count), np.radians(rng.uniform(30.0, 145.0, count))
    node, argument, anomaly = rng.uniform(0, 2 * np.pi, (3, count))
    columns = (drag, inclination, node, e, argument, anomaly, turns)
    return [Orbit(*row) for row in np.array(columns).T.tolist()]


def _against_package_mm(orbits: list[Orbit], steps: int) -> tuple[float, int]:
    utc = instants(np.linspace(0.0, 7 * 1440.0, steps))
    ours_m = positions(propagator(elements(orbits)), utc, dtype=np.float64, frame="teme")
    theirs_m, code = package_positions_m([record(orbit) for orbit in orbits], utc)
    if not np.array_equal(np.isnan(ours_m).any(axis=1), code != 0):
        return math.nan, 0
    return 1e3 * float(np.nanmax(np.linalg.norm(ours_m - theirs_m, axis=1))), int((code == 0).sum())


def circular_for_a_week(effort: Effort) -> Finding:
    """Nearly circular orbits, which the kernel takes."""
    worst_mm, count = _against_package_mm(_drawn(1, effort.of(50, 5_000, 50_000), (0.0, 2e-3)), effort.of(5, 57, 337))
    return Finding(worst_mm, f"{count:,} positions over 7 days, perigees of 350 to 1,300 km, eccentricity to 0.002")


def eccentric_for_a_week(effort: Effort) -> Finding:
    """Orbits up to the eccentricity that the kernel takes."""
    worst_mm, count = _against_package_mm(_drawn(2, effort.of(50, 5_000, 50_000), (2e-3, 0.1)), effort.of(5, 57, 337))
    return Finding(worst_mm, f"{count:,} positions over 7 days, eccentricity 0.002 to 0.1")


def deep_for_a_week(effort: Effort) -> Finding:
    """Orbits that are handed to the package, many of them with the pulls of Sun and Moon."""
    worst_mm, count = _against_package_mm(_drawn(3, effort.of(20, 500, 5_000), (0.1, 0.75)), effort.of(5, 29, 57))
    return Finding(worst_mm, f"{count:,} positions over 7 days, eccentricity 0.1 to 0.75, periods to 15 hours")


def kept_as_float32(effort: Effort) -> Finding:
    """What rounding to float32 does to positions as runs keep them."""
    made = propagator(elements(_drawn(4, effort.of(50, 5_000, 50_000), (0.0, 2e-3))))
    utc = instants(np.linspace(0.0, 1440.0, effort.of(3, 25, 97)))
    off_m = positions(made, utc).astype(float) - positions(made, utc, dtype=np.float64)
    return Finding(
        float(np.linalg.norm(off_m, axis=1).max()), f"{len(made):,} satellites, {len(utc)} instants of a day"
    )


@cache
def skyfield_scale() -> Timescale:
    """Skyfield's time, with the table of the Earth's turning that ships with it."""
    return load.timescale(builtin=True)


def skyfield_times(utc: np.ndarray) -> Time:
    """Instants as Skyfield knows them."""
    day = utc.astype("datetime64[D]")
    days = (day - np.datetime64("2000-01-01")).astype(int)
    return skyfield_scale().utc(2000, 1, 1 + days, 0, 0, (utc - day) / np.timedelta64(1, "s"))


@cache
def _skyfield(effort: Effort) -> tuple[float, float, int]:
    """Worst distance from Skyfield [m], as it is and with UT1 - UTC taken off, and how many satellites."""
    scale = skyfield_scale()
    as_is, turned, count = 0.0, 0.0, 0
    for name, places in CHOSEN.items():
        lines = [
            line for line in (effort.folder / "tle" / name).read_text("utf-8").splitlines() if line[:2] in ("1 ", "2 ")
        ]
        every = effort.of(places, range(0, len(lines) // 2, 10), range(len(lines) // 2))
        for first, second in [(lines[2 * k], lines[2 * k + 1]) for k in every]:
            orbit, epoch = of_record(Satrec.twoline2rv(first, second))
            utc = instants(np.array([0.0, 10.0, 45.0, 720.0]), epoch)
            ours_m = positions(propagator(elements([orbit], epoch=epoch)), utc, dtype=np.float64)[:, :, 0]
            if np.isnan(ours_m).any():  # SGP4 finds no orbit for one that is on its way down.
                continue
            times = skyfield_times(utc)
            theirs_m = EarthSatellite(first, second, ts=scale).at(times).frame_xyz(itrs).m.T
            cosine, sine = np.cos(TURN_RAD_S * times.dut1), np.sin(TURN_RAD_S * times.dut1)
            x, y, z = ours_m.T
            late_m = np.stack([cosine * x + sine * y, cosine * y - sine * x, z], axis=1)
            as_is = max(as_is, float(np.linalg.norm(ours_m - theirs_m, axis=1).max()))
            turned = max(turned, float(np.linalg.norm(late_m - theirs_m, axis=1).max()))
            count += 1
    return as_is, turned, count


def over_the_ground(effort: Effort) -> Finding:
    """Real satellites over the turning Earth."""
    as_is, _, count = _skyfield(effort)
    return Finding(as_is, f"{count:,} satellites of catalogues of 2022 and 2026, four instants within half a day")


def over_the_ground_without_ut1(effort: Effort) -> Finding:
    """The same with the Earth's irregular turning taken off."""
    _, turned, count = _skyfield(effort)
    return Finding(1e3 * turned, f"the same {count:,} satellites")


def period(effort: Effort) -> Finding:
    """Period and revolutions a day of three shells, in last digits printed."""
    worst = 0.0
    for altitude_km, _, period_min, turns, _ in test_orbit_rates.RATES:
        rate = float(mean_motion_rad_min(1e3 * altitude_km))
        worst = max(worst, abs(2 * math.pi / rate - period_min) / 1e-4, abs(rate * 720 / math.pi - turns) / 1e-5)
    return Finding(worst, "550 km, 570 km and 1,200 km")


def node_drift(effort: Effort) -> Finding:
    """The drift of the node of shells that SGP4 flies, against the law of first order."""
    shells = test_orbit_rates.RATES[: effort.of(1, 3, 3)]
    off = [
        abs(test_orbit_rates.flown_drift_deg_day(1e3 * altitude_km, inclination_deg) / drift - 1)
        for altitude_km, inclination_deg, _, _, drift in shells
    ]
    return Finding(1e2 * max(off), "550 km at 53°, 570 km at 70°, 1,200 km at 87.9°, over 300 orbits")


VALIDATIONS = (
    Validation(
        "SGP4, our own kernel",
        "printed output of the authors' program (Vallado et al., AIAA 2006-6753, `tcppver.out`)",
        "µm", 10.0, "Coordinates are printed to 10 µm.", printed_by_kernel,
    ),
    Validation(
        "SGP4, orbits that we hand to the sgp4 package",
        "the same output, `tcppver.out`",
        "µm", 10.0,
        "Coordinates are printed to 10 µm. This tests the way to the package and back, not the package's own physics.",
        printed_by_package,
    ),
    Validation(
        "SGP4, three and a half years after the epoch",
        "the same output, `tcppver.out`",
        "µm", 200.0, "The package itself differs by 115 µm from the authors' program, and its tests allow 200.",
        printed_after_years,
    ),
    Validation(
        "SGP4, nearly circular orbits, our own kernel",
        "the sgp4 package (Brandon Rhodes)",
        "mm", 1.0, "The goal of the project; the package ends Kepler's equation at 1e-12 rad, 0.007 mm in low orbit.",
        circular_for_a_week,
    ),
    Validation(
        "SGP4, eccentric orbits, our own kernel",
        "the sgp4 package",
        "mm", 1.0, "The goal of the project; the package ends Kepler's equation at 1e-12 rad, 0.007 mm in low orbit.",
        eccentric_for_a_week,
    ),
    Validation(
        "SGP4, more eccentric orbits and deep space",
        "the sgp4 package",
        "mm", 1.0, "We hand these orbits to the package too: this tests the way there and back alone.", deep_for_a_week,
    ),
    Validation(
        "positions as runs keep them, float32",
        "the same positions in float64",
        "m", 0.25 * math.sqrt(3.0),
        "A float32 of 4,194 to 8,389 km is a multiple of half a metre: at most 0.25 m in each of three coordinates.",
        kept_as_float32,
    ),
    Validation(
        "satellites over the turning Earth",
        "Skyfield (Rhodes, ascl:1907.024)",
        "m", 50.0,
        "We take UT1 = UTC; a tenth of a second between them, more than in any year from 2021 to 2026 (IERS), is 51 m.",
        over_the_ground, needs_data=True,
    ),
    Validation(
        "satellites over the Earth, with UT1 - UTC taken off",
        "Skyfield",
        "mm", 1.0, "What is left are two programs that round differently.",
        over_the_ground_without_ut1, needs_data=True,
    ),
    Validation(
        "period and revolutions a day of a shell",
        "Kepler's third law, a table worked out by hand",
        "last digits", 0.6, "Half of the last digit printed, and the rounding of that half.", period,
    ),
    Validation(
        "drift of the node of a shell",
        "first-order law of Kozai (1959) with J2 alone",
        "%", 0.4, "SGP4 adds J2 squared and J4, which are this large.", node_drift,
    ),
)  # fmt: skip
