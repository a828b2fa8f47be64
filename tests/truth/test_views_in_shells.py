"""How many satellites of a shell are in view, on a round Earth of 6371 km with circular orbits.

The published rows are means over time, to the digits given; the mean is an integral over the latitudes of a circular
orbit, derived in `tests.reference.walker`, and is compared with the rows and with counting the satellites that
`obrii.orbits.shells` lays out. Holes of star and delta patterns: a Monte Carlo of an independent program, +-0.001.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from obrii.orbits.shells import Shell, constellation
from tests.reference.walker import direction, footprint_rad, mean_in_view

FIRST = Shell("1", 72, 22, 53.0, altitude_m=550e3, phase_factor=17)
#: FCC 21-48 (2021), the five shells of the first generation; the phasing is an assumption and changes no mean.
GEN1 = [
    FIRST,
    Shell("2", 72, 22, 53.2, altitude_m=540e3, phase_factor=17),
    Shell("3", 36, 20, 70.0, altitude_m=570e3, phase_factor=11),
    Shell("4", 6, 58, 97.6, altitude_m=560e3, phase_factor=1),
    Shell("5", 4, 43, 97.6, altitude_m=560e3, phase_factor=1),
]
ROWS = [(0.0, 6.8968), (30.0, 8.9169), (50.0, 19.2760), (60.0, 3.7828), (62.0, 0.0)]
GEN1_ROWS = [(0.0, 18.268), (30.0, 23.041), (50.0, 46.184), (60.0, 19.555)]


def mean(shell: Shell, latitude_deg: float, mask_deg: float = 25.0) -> float:
    return mean_in_view(latitude_deg, len(shell), shell.inclination_deg, shell.height_m / 1e3, mask_deg)


def sky(shell: Shell, phases: int) -> np.ndarray:
    """Directions to the satellites at instants a fraction of a slot apart, (phase, 3, satellite)."""
    elements = constellation(shell, "x", np.datetime64("2022-10-03")).elements
    u = elements.mean_anomaly + 2 * math.pi / shell.satellites_per_plane * np.arange(phases)[:, None] / phases
    i, node = elements.inclination, elements.node
    return np.stack(
        [
            np.cos(node) * np.cos(u) - np.sin(node) * np.sin(u) * np.cos(i),
            np.sin(node) * np.cos(u) + np.cos(node) * np.sin(u) * np.cos(i),
            np.sin(u) * np.sin(i),
        ],
        axis=1,
    )


def seen(shell: Shell, latitude_deg: float, mask_deg: float, phases: int, longitudes_deg: np.ndarray) -> np.ndarray:
    """What is above the mask, (phase, longitude, satellite) bool, by brute force."""
    latitude, longitude = math.radians(latitude_deg), np.radians(longitudes_deg)
    sites = np.stack(
        [
            math.cos(latitude) * np.cos(longitude),
            math.cos(latitude) * np.sin(longitude),
            np.full(len(longitude), math.sin(latitude)),
        ],
        axis=1,
    )
    return sites @ sky(shell, phases) >= math.cos(footprint_rad(shell.height_m / 1e3, mask_deg))


def test_the_shell_is_laid_out_as_its_plain_twin_draws_it() -> None:
    elements = constellation(FIRST, "x", np.datetime64("2022-10-03")).elements
    degrees = np.degrees(np.stack([elements.node, elements.mean_anomaly], axis=1))
    plain = [direction(53.0, node, anomaly) for node, anomaly in degrees.tolist()]
    np.testing.assert_allclose(sky(FIRST, 1)[0].T, plain, atol=1e-12)


@pytest.mark.parametrize(("latitude_deg", "row"), ROWS)
def test_the_mean_in_view_of_one_shell_is_the_published_one(latitude_deg: float, row: float) -> None:
    # Half of the last digit printed.
    assert mean(FIRST, latitude_deg) == pytest.approx(row, abs=0.00005)


@pytest.mark.parametrize(("latitude_deg", "row"), GEN1_ROWS)
def test_views_in_the_five_shells_add_up_to_the_published_ones(latitude_deg: float, row: float) -> None:
    assert sum(mean(shell, latitude_deg) for shell in GEN1) == pytest.approx(row, abs=0.0005)


@pytest.mark.parametrize(("latitude_deg", "row"), ROWS)
def test_counting_the_satellites_of_the_shell_gives_the_mean(latitude_deg: float, row: float) -> None:
    # The pattern repeats every 5 deg of longitude and every slot, so a grid over both is an average over all time;
    # its 3,000 points step over the edge of a footprint with an error of a few thousandths.
    longitudes = (np.arange(100) + 0.5) / 100 * 360 / 72
    count = seen(FIRST, latitude_deg, 25.0, 30, longitudes).sum(axis=2).mean()
    assert count == pytest.approx(row, abs=0.01)


def test_planes_and_slots_are_not_interchangeable() -> None:
    # Trap: 72 x 22 read as 22 x 72 has the same mean and other extremes: the longest time with few in view differs.
    turned = Shell("t", 22, 72, 53.0, altitude_m=550e3, phase_factor=17)
    longitudes = np.arange(0, 360, 2.0)
    right, wrong = (seen(shell, 0.0, 25.0, 5, longitudes).sum(axis=2) for shell in (FIRST, turned))
    assert right.mean() == pytest.approx(wrong.mean(), rel=0.02)
    assert right.std() < 0.8 * wrong.std()


ONEWEB = {"planes": 18, "satellites_per_plane": 40, "inclination_deg": 87.9, "altitude_m": 1200e3}


@pytest.mark.parametrize(
    # The rows are given to +-0.001; the grid of phases and longitudes, of prime counts so that it does not beat with
    # the pattern, adds as much again.
    ("pattern", "phase_factor", "row", "tolerance"),
    [
        ("delta", 1, 0.3995, 0.002),
        ("delta", 5, 0.3995, 0.002),
        ("delta", 0, 0.446, 0.002),
        ("delta", 6, 0.446, 0.002),
        ("star", 0, 0.0152, 0.002),
        ("star", 5, 0.0, 1e-5),
        ("star", 9, 0.0, 1e-5),
        ("star", 12, 0.0, 1e-5),
    ],
)
def test_star_and_delta_patterns_have_the_published_holes(
    pattern: str, phase_factor: int, row: float, tolerance: float
) -> None:
    shell = Shell("o", pattern=pattern, phase_factor=phase_factor, **ONEWEB)  # type: ignore[arg-type]
    # Delta: every 20 deg of longitude looks the same. Star: all around, for its seam.
    around, points = (20.0, 97) if pattern == "delta" else (360.0, 733)
    longitudes = (np.arange(points) + 0.5) / points * around
    uncovered = ~seen(shell, 0.0, 55.0, 31, longitudes).any(axis=2)
    assert uncovered.mean() == pytest.approx(row, abs=tolerance)


def test_star_and_delta_patterns_have_the_same_mean() -> None:
    longitudes = np.arange(360) + 0.5
    delta, star = (
        seen(Shell("o", pattern=pattern, phase_factor=9, **ONEWEB), 0.0, 55.0, 12, longitudes).sum(axis=2).mean()  # type: ignore[arg-type]
        for pattern in ("delta", "star")
    )
    # The grid is not quite an average over all time, for either.
    assert delta == pytest.approx(star, rel=0.01)


@pytest.mark.parametrize("latitude_deg", [0.0, 30.0, 50.0, 60.0])
def test_losing_k_of_n_satellites_leaves_their_share_of_the_mean(latitude_deg: float, rng: np.random.Generator) -> None:
    draws, lost, total = 200, 500, len(FIRST)
    share = seen(FIRST, latitude_deg, 25.0, 20, np.arange(0.0, 360.0, 7.3)).mean(axis=(0, 1))
    left = [np.delete(share, rng.choice(total, lost, replace=False)).sum() for _ in range(draws)]
    # Four deviations of the mean of draws without replacement.
    deviation = math.sqrt(lost * (total - lost) / (total - 1) * share.var() * total / total) / math.sqrt(draws)
    assert np.mean(left) == pytest.approx((1 - lost / total) * share.sum(), abs=4 * deviation)
