"""Laws that sight lines obey whatever the sites and the satellites."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from obrii import frames
from obrii.links.visibility import Sights, observers, sight_lines

#: The kernel's float32 is right to 5e-7 of the range: half a metre in 1,000 km.
RANGE_TOLERANCE = 5e-7

SEED = st.integers(0, 2**32 - 1)
MASK = st.sampled_from([-90.0, 0.0, 5.0, 25.0, 40.0])
HEIGHT = st.sampled_from([340e3, 550e3, 1200e3])


def places(seed: int, count: int, height_m: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points around a middle, so that sites and satellites are often in sight of each other."""
    draw = np.random.default_rng(seed)
    middle = np.random.default_rng(7).uniform(-60, 60)
    latitude = np.clip(middle + draw.normal(0, 8, count), -89, 89)
    return latitude, draw.normal(0, 12, count), np.full(count, height_m)


def sky(latitude: np.ndarray, longitude: np.ndarray, altitude: np.ndarray) -> np.ndarray:
    return frames.geodetic_to_cartesian(latitude, longitude, altitude)[None].astype(np.float32)


def rows(sights: Sights, site: int) -> list[tuple[int, float, float]]:
    """A site's sights as they are stored, to the bit."""
    of = sights.of(0, site)
    return list(
        zip(sights.satellite[of].tolist(), sights.range_m[of].tolist(), sights.sin_elevation[of].tolist(), strict=True)
    )


@given(SEED, HEIGHT)
def test_the_range_is_the_same_from_both_ends(seed: int, height_m: float):
    here, there = places(seed, 1, 0.0), places(seed + 1, 1, height_m)
    up_there = sight_lines(observers(*here, -90.0), sky(*there))
    down_here = sight_lines(observers(*there, -90.0), sky(*here))
    # Each end is once a float32 position (0.25 m in each of three coordinates) and once not.
    tolerance = RANGE_TOLERANCE * up_there.range_m[0] + 2 * np.sqrt(3) * 0.25
    assert abs(float(up_there.range_m[0]) - float(down_here.range_m[0])) <= tolerance


@given(SEED, MASK, HEIGHT, st.integers(0, 2**12 - 1))
def test_taking_satellites_away_leaves_the_sights_of_the_others(seed: int, mask: float, height_m: float, kept: int):
    who = observers(*places(seed, 5, 0.0), mask)
    shell = places(seed + 1, 12, height_m)
    keep = np.array([kept >> bit & 1 for bit in range(12)], bool)
    number = np.flatnonzero(keep)
    whole, part = sight_lines(who, sky(*shell)), sight_lines(who, sky(*(values[keep] for values in shell)))
    for site in range(5):
        left = [row for row in rows(whole, site) if keep[row[0]]]
        assert left == [(int(number[j]), away, sine) for j, away, sine in rows(part, site)]


@given(SEED, HEIGHT, st.lists(st.floats(-10, 80), min_size=2, max_size=2).map(sorted))
def test_lowering_the_mask_never_loses_a_sight(seed: int, height_m: float, masks: list[float]):
    here, shell = places(seed, 5, 0.0), sky(*places(seed + 1, 12, height_m))
    loose, strict = (sight_lines(observers(*here, mask), shell) for mask in masks)
    for site in range(5):
        # A variant with a stricter mask keeps, of the stored sights, those above it, and gets what it would have found.
        above = [row for row in rows(loose, site) if row[2] >= np.float32(np.sin(np.radians(masks[1])))]
        assert above == rows(strict, site)


@given(SEED, HEIGHT, st.floats(6e5, 3e6))
def test_shortening_the_range_keeps_the_sights_within_it(seed: int, height_m: float, limit_m: float):
    here, shell = places(seed, 5, 0.0), sky(*places(seed + 1, 12, height_m))
    loose, strict = sight_lines(observers(*here, 0.0), shell), sight_lines(observers(*here, 0.0, limit_m), shell)
    for site in range(5):
        assert [row for row in rows(loose, site) if row[1] <= np.float32(limit_m)] == rows(strict, site)


@given(SEED, MASK, HEIGHT, st.permutations(range(6)))
def test_a_site_sees_the_same_whoever_else_looks(seed: int, mask: float, height_m: float, order: list[int]):
    here, shell = places(seed, 6, 0.0), sky(*places(seed + 1, 12, height_m))
    together = sight_lines(observers(*here, mask), shell)
    shuffled = sight_lines(observers(*(values[order] for values in here), mask), shell)
    for place, site in enumerate(order):
        assert rows(shuffled, place) == rows(together, site)
    alone = sight_lines(observers(*(values[:1] for values in here), mask), shell)
    assert rows(alone, 0) == rows(together, 0)


@given(SEED, st.sampled_from([0.0, 25.0, 40.0]), HEIGHT, st.floats(-180, 180))
def test_turning_the_whole_earth_and_sky_changes_no_count(seed: int, mask: float, height_m: float, turn_deg: float):
    here, shell = places(seed, 5, 0.0), places(seed + 1, 12, height_m)
    still = sight_lines(observers(*here, -90.0), sky(*shell))
    # Positions are rounded to float32 after the turn: 0.4 m at 300 km or more, 2e-6 in the sine.
    assume(np.abs(still.sin_elevation - np.sin(np.radians(mask))).min() > 5e-6)
    turned = (values + turn * turn_deg for values, turn in zip(here, (0, 1, 0), strict=True))
    turned_shell = (values + turn * turn_deg for values, turn in zip(shell, (0, 1, 0), strict=True))
    before = sight_lines(observers(*here, mask), sky(*shell)).count
    after = sight_lines(observers(*turned, mask), sky(*turned_shell)).count
    np.testing.assert_array_equal(before, after)
