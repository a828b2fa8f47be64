"""Who sees which satellite: against Skyfield, against every pair tried, and against closed forms on a round Earth."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from sgp4.api import Satrec
from skyfield.api import EarthSatellite, wgs84

from obrii.constants import EARTH_RADIUS_M, LIGHT_M_S
from obrii.links import geometry
from obrii.links.visibility import observers, sight_lines
from obrii.orbits.propagation import positions, propagator
from obrii.orbits.shells import Shell, constellation
from tests.reference import reach_plain
from tests.reference.sgp4_plain import EPOCH, elements, instants, of_record
from tests.truth import test_geometry, test_views_in_shells
from tests.truth.test_skyfield_sight import AT, SITES
from validation.orbits import skyfield_scale, skyfield_times
from validation.record import Effort, Finding, Validation

#: Mask of most operators [deg].
MASK_DEG = 25.0

#: What elevations may differ by from Skyfield's: twice what UT1 - UTC makes at the nearest that satellites come [deg].
SKYFIELD_DEG = 0.002

#: What float32 may be wrong by in the sine of an elevation, as `sight_lines` promises.
FLOAT32_SINE = 1e-6


@cache
def _skyfield(effort: Effort) -> tuple[float, float, int, str]:
    """Worst elevation [deg] and range [m], pairs on the wrong side of the mask, and what was tried."""
    lines = (effort.folder / "tle" / "starlink_2022-09-14.tle").read_text("utf-8").splitlines()
    first, second = ([line for line in lines if line[:2] == head] for head in ("1 ", "2 "))
    every = effort.of(300, 1, 1)
    records = [Satrec.twoline2rv(*pair) for pair in zip(first[::every], second[::every], strict=True)]
    orbits, epochs = zip(*map(of_record, records), strict=True)
    xyz_m = positions(propagator(elements(list(orbits), epoch=np.array(epochs))), AT)
    # SGP4 finds no orbit for one that was on its way down.
    flying = np.isfinite(xyz_m).all(axis=(0, 1))
    xyz_m, records = xyz_m[:, :, flying], [records[k] for k in np.flatnonzero(flying)]
    latitude, longitude, altitude = np.array(list(SITES.values())).T
    shape = len(AT), len(SITES), len(records)
    listed = sight_lines(observers(latitude, longitude, altitude, -90.0), xyz_m)
    ours_deg = np.degrees(np.arcsin(np.clip(listed.sin_elevation, -1, 1))).reshape(shape)
    masked = sight_lines(observers(latitude, longitude, altitude, MASK_DEG), xyz_m)
    seen = np.zeros((len(AT) * len(SITES), len(records)), bool)
    seen[np.repeat(np.arange(len(seen)), masked.count.ravel()), masked.satellite] = True
    theirs_deg, theirs_m = np.empty(shape), np.empty(shape)
    times = skyfield_times(AT)
    for j, record in enumerate(records):
        satellite = EarthSatellite.from_satrec(record, skyfield_scale())
        for i, (north, east, up_m) in enumerate(SITES.values()):
            elevation, _, away = (satellite - wgs84.latlon(north, east, elevation_m=up_m)).at(times).altaz()
            theirs_deg[:, i, j], theirs_m[:, i, j] = elevation.degrees, away.m
    clear = np.abs(theirs_deg - MASK_DEG) > SKYFIELD_DEG
    wrong = (seen.reshape(shape) != (theirs_deg >= MASK_DEG)) & clear
    off_m = np.abs(listed.range_m.reshape(shape) - theirs_m)
    tried = f"{len(records):,} Starlink satellites of 2022-09-14 from {len(SITES)} sites, two instants"
    return float(np.abs(ours_deg - theirs_deg).max()), float(off_m.max()), int(wrong.sum()), tried


def elevations(effort: Effort) -> Finding:
    """Elevations over the ellipsoid."""
    worst, _, _, tried = _skyfield(effort)
    return Finding(worst, tried)


def ranges(effort: Effort) -> Finding:
    """Slant ranges."""
    _, worst, _, tried = _skyfield(effort)
    return Finding(worst, tried)


def masks(effort: Effort) -> Finding:
    """Which satellites stand above the mask."""
    _, _, wrong, tried = _skyfield(effort)
    return Finding(wrong, f"{tried}, mask 25°")


#: The first shells of the first generation and of Kuiper as licensed, OneWeb, and a retrograde one: heights and
#: inclinations that differ, for the tree of blocks to be tried on.
MIXED = (
    Shell("1", 72, 22, 53.0, altitude_m=550e3, phase_factor=17),
    Shell("2", 34, 34, 51.9, altitude_m=630e3),
    Shell("3", 18, 40, 87.9, altitude_m=1200e3, pattern="star"),
    Shell("4", 6, 58, 97.6, altitude_m=340e3),
)


@cache
def _every_pair(effort: Effort) -> tuple[float, int, str]:
    """Worst sine, sights that are missing or too many beyond rounding, and what was tried."""
    rng = np.random.default_rng(5)
    count, steps = effort.of(40, 2_000, 20_000), effort.of(1, 6, 48)
    places = reach_plain.Places(
        np.degrees(np.arcsin(rng.uniform(-1, 1, count))), rng.uniform(-180, 180, count),
        rng.uniform(-400, 5_000, count), rng.choice([5.0, 10.0, 25.0, 40.0, 55.0], count),
    )  # fmt: skip
    sky = [propagator(constellation(shell, "x", EPOCH).elements) for shell in MIXED]
    utc = instants(rng.uniform(0.0, 1440.0, steps))
    xyz_m = np.concatenate([positions(each, utc) for each in sky], axis=2)
    sights = sight_lines(observers(*places), xyz_m)
    worst, wrong, found = 0.0, 0, 0
    for step in range(steps):
        sine = reach_plain.sines(places, xyz_m[step].T.astype(float))
        listed = np.zeros(sine.shape, bool)
        low, high = sights.ptr[step, 0], sights.ptr[step, -1]
        pair = np.repeat(np.arange(count), sights.count[step]), sights.satellite[low:high]
        listed[pair] = True
        worst = max(worst, float(np.abs(sights.sin_elevation[low:high] - sine[pair]).max(initial=0.0)))
        surely = reach_plain.seen(places, sine, FLOAT32_SINE)
        perhaps = reach_plain.seen(places, sine, -FLOAT32_SINE)
        wrong += int((surely & ~listed).sum() + (listed & ~perhaps).sum())
        found += high - low
    tried = f"{count * xyz_m.shape[2] * steps:,} pairs of places and satellites of four shells, {found:,} in sight"
    return worst, wrong, tried


def lists(effort: Effort) -> Finding:
    """Whether lists of sights hold all that is in sight, and nothing else."""
    _, wrong, tried = _every_pair(effort)
    return Finding(wrong, tried)


def sines(effort: Effort) -> Finding:
    """Sines of elevation in the lists."""
    worst, _, tried = _every_pair(effort)
    return Finding(1e6 * worst, tried)


def triangle(effort: Effort) -> Finding:
    """The table of one satellite over a round Earth, in last digits printed."""
    worst = 0.0
    for altitude_km, mask_deg, *row in test_geometry.TABLE:
        place = altitude_km * 1e3, float(mask_deg)
        found = (
            (np.degrees(geometry.footprint_angle_rad(*place)), 1e-4), (geometry.footprint_radius_m(*place) / 1e3, 0.1),
            (geometry.slant_range_m(*place) / 1e3, 0.1), (geometry.nadir_angle_deg(*place), 1e-3),
            (geometry.slant_range_m(*place) / LIGHT_M_S * 1e3, 1e-4), (geometry.longest_pass_s(*place), 0.1),
        )  # fmt: skip
        worst = max(worst, *(abs(float(ours) - value) / digit for (ours, digit), value in zip(found, row, strict=True)))
    return Finding(worst, f"{len(test_geometry.TABLE)} pairs of altitude and mask, six quantities each")


def filed(effort: Effort) -> Finding:
    """Footprint and beam angle in the filing of 550 km, in last digits printed."""
    worst = 0.0
    for mask_deg, footprint_km, nadir_deg in ((25.0, 940.7, 56.55), (40.0, 573.5, 44.85)):
        ours_km = float(geometry.footprint_radius_m(550e3, mask_deg, EARTH_RADIUS_M)) / 1e3
        ours_deg = float(geometry.nadir_angle_deg(550e3, mask_deg, EARTH_RADIUS_M))
        worst = max(worst, abs(ours_km - footprint_km) / 0.1, abs(ours_deg - nadir_deg) / 0.01)
    return Finding(worst, "550 km, masks of 25° and 40°")


def in_view(effort: Effort) -> Finding:
    """Satellites of a shell in view, counted as we lay it out, against the published means."""
    phases, count = effort.of(30, 150, 150), effort.of(100, 400, 800)
    longitudes = (np.arange(count) + 0.5) / count * 360 / test_views_in_shells.FIRST.planes
    off = [
        abs(
            test_views_in_shells.seen(test_views_in_shells.FIRST, latitude, MASK_DEG, phases, longitudes)
            .sum(axis=2).mean() - row
        )
        for latitude, row in test_views_in_shells.ROWS
    ]  # fmt: skip
    return Finding(max(off), f"72 x 22 at 550 km, latitudes 0, 30, 50, 60 and 62°; {phases * count:,} points each")


def views_add_up(effort: Effort) -> Finding:
    """The integral over a circular orbit, summed over the five shells of the first generation."""
    off = [
        abs(sum(test_views_in_shells.mean(shell, latitude) for shell in test_views_in_shells.GEN1) - row)
        for latitude, row in test_views_in_shells.GEN1_ROWS
    ]
    return Finding(max(off), "five shells, 4,408 satellites, latitudes 0, 30, 50 and 60°")


#: Pattern, phase factor, share of time and longitudes at the equator that see nothing.
HOLES = (
    ("delta", 1, 0.3995), ("delta", 5, 0.3995), ("delta", 0, 0.446), ("delta", 6, 0.446), ("star", 0, 0.0152),
    ("star", 5, 0.0), ("star", 9, 0.0), ("star", 12, 0.0),
)  # fmt: skip


def holes(effort: Effort) -> Finding:
    """What star and delta patterns of the same satellites leave uncovered."""
    worst = 0.0
    # Prime counts do not beat with the pattern; every 20 deg of a delta look alike, a star has its seam.
    phases, of_delta, of_star = effort.of((31, 97, 733), (97, 499, 1_459), (97, 997, 3_989))
    cases = effort.of(HOLES[3::3], HOLES, HOLES)
    for pattern, phase_factor, share in cases:
        shell = Shell("o", pattern=pattern, phase_factor=phase_factor, **test_views_in_shells.ONEWEB)
        around, points = (20.0, of_delta) if pattern == "delta" else (360.0, of_star)
        longitudes = (np.arange(points) + 0.5) / points * around
        seen = test_views_in_shells.seen(shell, 0.0, 55.0, phases, longitudes)
        worst = max(worst, abs(float(1 - seen.any(axis=2).mean()) - share))
    return Finding(worst, f"18 x 40, 87.9°, 1,200 km, mask 55°, at the equator, {len(cases)} patterns and phasings")


def share_left(effort: Effort) -> Finding:
    """The mean in view after losing some satellites at random, in deviations of the mean of the draws."""
    shell, draws = test_views_in_shells.FIRST, effort.of(20, 2_000, 50_000)
    rng, total = np.random.default_rng(6), len(shell)
    worst = 0.0
    for latitude in (0.0, 30.0, 50.0, 60.0):
        share = test_views_in_shells.seen(shell, latitude, MASK_DEG, 20, np.arange(0.0, 360.0, 7.3)).mean(axis=(0, 1))
        for lost in (50, 500, 1_200):
            left = [np.delete(share, rng.choice(total, lost, replace=False)).sum() for _ in range(draws)]
            deviation = math.sqrt(lost * (total - lost) / (total - 1) * share.var() / draws)
            worst = max(worst, abs(np.mean(left) - (1 - lost / total) * share.sum()) / deviation)
    return Finding(worst, f"50, 500 and 1,200 of 1,584 lost, four latitudes, {draws:,} draws each")


VALIDATIONS = (
    Validation(
        "elevation over the ellipsoid", "Skyfield, `altaz()` without refraction", "°", SKYFIELD_DEG,
        "UT1 - UTC was -0.011 s, 5 m of turning: 0.001° at the nearest that satellites come, and as much again.",
        elevations, needs_data=True,
    ),
    Validation(
        "slant range", "Skyfield", "m", 10.0, "Twice the 5 m that the Earth turns in 0.011 s.", ranges, needs_data=True
    ),
    Validation(
        "which satellites stand above the mask", "Skyfield", "pairs", 0,
        "None may differ but those within 0.002° of the mask.", masks, needs_data=True,
    ),
    Validation(
        "lists of sights, by the tree of blocks", "every pair tried in float64 NumPy (`reach_plain`)",
        "pairs", 0, "None may differ but those whose sine is within 1e-6 of the mask's.", lists,
    ),
    Validation(
        "sine of the elevation in the lists", "every pair tried in float64 NumPy", "millionths", 1.0,
        "What `sight_lines` promises of float32.", sines,
    ),
    Validation(
        "footprint, slant range, nadir angle, delay, longest pass", "closed forms (Wertz and Larson), by hand",
        "last digits", 0.5, "Half of the last digit printed.", triangle,
    ),
    Validation(
        "footprint and beam angle at 550 km", "FCC SAT-MOD-20190830-00087", "last digits", 0.5,
        "Half of the last digit printed.", filed,
    ),
    Validation(
        "mean number in view of one shell", "an integral over a circular orbit, worked out apart", "satellites", 0.01,
        "The points of the count step over the edges of footprints.", in_view,
    ),
    Validation(
        "mean number in view of five shells", "the same integral, another program's digits", "satellites", 0.0005,
        "Half of the last digit printed.", views_add_up,
    ),
    Validation(
        "star against delta: what is left uncovered", "Monte Carlo of another program", "of time and longitude", 0.002,
        "The Monte Carlo is good to 0.001, and the grid here to as much.", holes,
    ),
    Validation(
        "mean in view after random losses", "the expectation, 1 - k/N at every latitude", "deviations", 4.0,
        "Twelve means of draws: one beyond four deviations has odds of 1 in 1,300.", share_left,
    ),
)  # fmt: skip
