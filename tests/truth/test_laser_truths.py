"""Lengths of laser links on a round Earth of 6371 km, closed forms; and what polar shells must not do.

The longest link of a shell at height h that clears 80 km is 2 sqrt((R + h)^2 - (R + 80)^2); neighbours in a plane of S
are 2 (R + h) sin(pi / S) apart. Hypatia (Kassing et al., IMC 2020; repository snkas/hypatia) states the first with its
own radius of 6378.135 km as 5,016 km at 550 km. The shell of 72 x 18 with F = 45 is the one that Starlink flies at
540 km in the public catalogue of 2022-09-14.
"""

from __future__ import annotations

import numpy as np
import pytest

from obrii.constants import LIGHT_M_S
from obrii.links.lasers import laser_links, longest_clear_m, ranges
from obrii.orbits.shells import Shell, constellation
from tests.reference.walker import direction

#: Half of the last digit printed [km]; single precision of positions is a thousand times finer.
LAST_DIGIT_KM = 0.05
RADIUS_M = 6_371e3


def round_positions(shell: Shell) -> np.ndarray:
    """The satellites of a shell on circles over a round Earth, (1, 3, satellite) [m]."""
    elements = constellation(shell, "x", np.datetime64("2022-10-03")).elements
    angles = zip(np.degrees(elements.node), np.degrees(elements.mean_anomaly), strict=True)
    directions = np.array([direction(shell.inclination_deg, node, anomaly) for node, anomaly in angles])
    return (RADIUS_M + shell.height_m) * directions.T[None]


@pytest.mark.parametrize(("altitude_km", "longest_km"), [(550, 5013.9), (630, 5440.1), (1200, 7925.8)])
def test_the_longest_link_that_clears_the_air_has_the_published_length(altitude_km: float, longest_km: float) -> None:
    assert longest_clear_m(altitude_km * 1e3) / 1e3 == pytest.approx(longest_km, abs=LAST_DIGIT_KM)


def test_hypatia_states_the_longest_link_with_its_own_radius() -> None:
    # Printed without decimals.
    assert longest_clear_m(550e3, earth_radius_m=6_378_135.0) / 1e3 == pytest.approx(5016, abs=0.6)


@pytest.mark.parametrize("share", [0.999, 1.001])
def test_the_closed_form_is_where_the_kernel_drops_a_link(share: float) -> None:
    chord = share * longest_clear_m(550e3)
    half = np.arcsin(chord / 2 / (RADIUS_M + 550e3))
    pair = (RADIUS_M + 550e3) * np.array([[[np.cos(half), np.cos(half)], [np.sin(half), -np.sin(half)], [0, 0]]])
    links = laser_links(Shell("s", 1, 2, 53.0, altitude_m=550e3), "plus-grid")
    assert np.isnan(ranges(links, pair))[0, 0] == (share > 1)


def test_neighbours_in_a_plane_of_22_are_1969_9_km_and_6_571_ms_apart() -> None:
    shell = Shell("s", 72, 22, 53.0, altitude_m=550e3, phase_factor=17)
    links = laser_links(shell, "plus-grid")
    in_plane = ranges(links, round_positions(shell))[0][~links.cross_plane]
    assert len(in_plane) == 72 * 22
    assert in_plane / 1e3 == pytest.approx(1969.9, abs=LAST_DIGIT_KM)
    # One-way light time, printed to a microsecond.
    assert in_plane / LIGHT_M_S * 1e3 == pytest.approx(6.571, abs=0.0005)


@pytest.mark.parametrize("phase_factor", [0, 9])
def test_a_star_has_no_link_over_its_seam_and_its_last_plane_keeps_its_own(phase_factor: int) -> None:
    # Traps of published simulators: seam links across counter-rotating planes; a last plane without in-plane links.
    shell = Shell("s", 18, 40, 87.9, altitude_m=1200e3, pattern="star", phase_factor=phase_factor)
    links = laser_links(shell, "plus-grid", "natural" if phase_factor == 0 else 0)
    planes = np.stack([links.a, links.b]) // 40
    assert not ((planes[0] == 0) & (planes[1] == 17)).any()
    assert ((planes[0] == 17) & (planes[1] == 17)).sum() == 40
    degree = np.bincount(np.concatenate([links.a, links.b]), minlength=720).reshape(18, 40)
    assert (degree[1:-1] == 4).all()
    assert (degree[[0, -1]] == 3).all()
    assert len(links) == 18 * 40 + 17 * 40


@pytest.mark.parametrize(
    ("planes", "slots", "phase_factor", "inclination_deg"),
    [(72, 18, 45, 53.2), (99, 51, 35, 43.0), (36, 16, 17, 70.0), (20, 18, 0, 97.6)],
)
def test_a_nearest_grid_links_the_slot_that_is_nearest_on_average_over_a_revolution(
    planes: int, slots: int, phase_factor: int, inclination_deg: float
) -> None:
    # Brute force over a revolution; single precision moves no choice, for the slots are hundreds of km apart.
    shell = Shell("s", planes, slots, inclination_deg, altitude_m=540e3, phase_factor=phase_factor)
    links = laser_links(shell, "nearest-grid", "natural")
    turn, own = 360.0 / slots, 360.0 / planes
    latitude = np.arange(360.0)
    here = np.array([direction(inclination_deg, 0.0, float(u)) for u in latitude])
    for low, back in ((0, False), (planes - 1, True)):
        high = (low + 1) % planes
        lead = (high - low) * phase_factor * turn / planes
        beside = [
            np.array([direction(inclination_deg, own, float(u + lead + turn * k)) for u in latitude])
            for k in range(slots)
        ]
        best = int(np.argmin([((there - here) ** 2).sum(axis=1).mean() for there in beside]))
        a, b = (links.b, links.a) if back else (links.a, links.b)
        met = links.cross_plane & (a // slots == low) & (b // slots == high)
        assert met.sum() == slots
        assert ((b - a)[met] % slots == best).all()


def test_equal_slots_of_starlink_at_540_km_are_1866_to_1927_km_apart_and_others_nearer() -> None:
    # Measured in a flight by SGP4. Circles over a round Earth 7 km smaller than the equator are 0.1 % shorter, and the
    # waves within a revolution move a satellite by some kilometres.
    shell = Shell("s", 72, 18, 53.2, altitude_m=540e3, phase_factor=45)
    cross = {}
    for word in ("plus-grid", "nearest-grid"):
        links = laser_links(shell, word, "natural")
        cross[word] = ranges(links, round_positions(shell))[0][links.cross_plane] / 1e3
    assert cross["plus-grid"].min() == pytest.approx(1866, abs=5)
    assert cross["plus-grid"].max() == pytest.approx(1927, abs=5)
    assert cross["nearest-grid"].max() < 730
