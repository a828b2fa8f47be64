"""Patterns of laser links and their ranges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.errors import ScenarioError
from obrii.links.lasers import PATTERNS, laser_links, longest_clear_m, natural_seam_shift, ranges
from obrii.orbits.shells import Shell, constellation
from tests.reference import lasers_plain


def shell(planes: int, slots: int, **more: object) -> Shell:
    return Shell("s", planes, slots, 53.0, altitude_m=550e3, **more)  # type: ignore[arg-type]


@given(st.integers(1, 7), st.integers(1, 7), st.sampled_from(["delta", "star"]), st.integers(-9, 9))
def test_a_plus_grid_has_the_links_of_its_plain_twin(planes: int, slots: int, pattern: str, shift: int) -> None:
    star = pattern == "star"
    links = laser_links(shell(planes, slots, pattern=pattern), "plus-grid", 0 if star else shift)
    found = {(int(a), int(b)): bool(c) for a, b, c in zip(links.a, links.b, links.cross_plane, strict=True)}
    assert found == lasers_plain.plus_grid(planes, slots, 0 if star else shift, star)
    assert len(found) == len(links)
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("planes", "slots", "in_plane", "cross_plane"),
    [(1, 1, 0, 0), (1, 2, 1, 0), (1, 5, 5, 0), (2, 1, 0, 1), (2, 2, 2, 2), (2, 5, 10, 5), (3, 2, 3, 6), (3, 1, 0, 3)],
)
def test_small_shells_have_each_link_once(planes: int, slots: int, in_plane: int, cross_plane: int) -> None:
    links = laser_links(shell(planes, slots), "plus-grid")
    assert (int((~links.cross_plane).sum()), int(links.cross_plane.sum())) == (in_plane, cross_plane)


def test_no_pattern_gives_no_link() -> None:
    links = laser_links(shell(4, 4), "none")
    assert len(links) == 0
    assert ranges(links, np.zeros((3, 3, 16))).shape == (3, 0)


def test_every_pattern_is_known_by_its_word() -> None:
    assert set(PATTERNS) == {"none", "plus-grid"}
    with pytest.raises(ScenarioError, match=r"shell 's': lasers is 'plusgrid'.*did you mean 'plus-grid'"):
        laser_links(shell(4, 4), "plusgrid")


def test_a_pattern_needs_a_full_lattice() -> None:
    half = shell(2, 2, filled=((0, 1), (0,)))
    assert len(laser_links(half, "none")) == 0
    with pytest.raises(ScenarioError, match="shell 's': lasers is 'plus-grid'; it must be none"):
        laser_links(half, "plus-grid")


@pytest.mark.parametrize("shift", [1.5, "natural-ish", True, None])
def test_a_seam_shift_is_a_whole_number_or_natural(shift: object) -> None:
    with pytest.raises(ScenarioError, match="shell 's': seam_shift"):
        laser_links(shell(4, 4), "plus-grid", shift)  # type: ignore[arg-type]


def test_a_star_takes_no_seam_shift() -> None:
    with pytest.raises(ScenarioError, match="a star has no links over its seam"):
        laser_links(shell(4, 4, pattern="star"), "plus-grid", 1)


@pytest.mark.parametrize(("planes", "slots", "phase_factor"), [(12, 7, 5), (9, 4, 8), (36, 16, 17), (5, 5, 0)])
def test_the_natural_seam_looks_like_every_other_pair_of_planes(planes: int, slots: int, phase_factor: int) -> None:
    # The lead in phase over a cross-plane link is the same everywhere, the seam included.
    walker = shell(planes, slots, phase_factor=phase_factor)
    links = laser_links(walker, "plus-grid", "natural")
    anomaly = np.degrees(constellation(walker, "x", np.datetime64("2022-10-03")).elements.mean_anomaly)
    a, b = links.a[links.cross_plane], links.b[links.cross_plane]
    seam = b // slots - a // slots == planes - 1
    lead = np.where(seam, anomaly[a] - anomaly[b], anomaly[b] - anomaly[a]) % 360.0
    expected = phase_factor * 360.0 / (planes * slots)
    assert seam.sum() == slots
    assert np.abs((lead - expected + 180.0) % 360.0 - 180.0).max() < 1e-9


def test_the_natural_seam_of_half_odd_phasing_is_no_shift() -> None:
    assert natural_seam_shift(shell(34, 34, phasing="half-odd")) == 0


def test_links_are_read_only() -> None:
    with pytest.raises(ValueError, match="read-only"):
        laser_links(shell(4, 4), "plus-grid").a[0] = 1


def test_ranges_follow_the_satellites_through_time(rng: np.random.Generator) -> None:
    grid = shell(4, 6)
    links = laser_links(grid, "plus-grid")
    positions = rng.normal(size=(5, 3, len(grid)))
    positions *= 7.4e6 / np.linalg.norm(positions, axis=1, keepdims=True)
    found = ranges(links, positions, max_range_m=6e6)
    assert found.shape == (5, len(links))
    assert found.dtype == np.float32
    for step in range(5):
        at = positions[step].astype(np.float32).astype(float).T.tolist()
        expected = [lasers_plain.ray(at[a], at[b], 6_451e3, 6e6) for a, b in zip(links.a, links.b, strict=True)]
        np.testing.assert_allclose(found[step], expected, rtol=1e-7)
    assert np.isnan(found).any()
    assert not np.isnan(found).all()


def test_a_higher_clearance_takes_links_away_and_adds_none(rng: np.random.Generator) -> None:
    grid = shell(4, 6)
    links = laser_links(grid, "plus-grid")
    positions = rng.normal(size=(20, 3, len(grid)))
    positions *= 7.4e6 / np.linalg.norm(positions, axis=1, keepdims=True)
    low, high = (np.isnan(ranges(links, positions, clearance_m=c)) for c in (0.0, 500e3))
    assert (high | ~low).all()
    assert high.sum() > low.sum()


def test_the_longest_clear_link_grazes_the_clearance() -> None:
    length = longest_clear_m(1200e3, clearance_m=100e3)
    assert math.hypot(length / 2, 6_471e3) == pytest.approx(7_571e3)
