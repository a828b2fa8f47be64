"""Patterns of laser links and their ranges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.errors import ScenarioError
from obrii.links.lasers import (
    PATTERNS,
    Links,
    acquired,
    laser_links,
    lattice_links,
    longest_clear_m,
    natural_seam_shift,
    ranges,
)
from obrii.links.nearest import NEAREST, nearest_links
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
    assert set(PATTERNS) == {"none", "ring", "three", "plus-grid", "nearest-grid"}
    with pytest.raises(ScenarioError, match=r"shell 's': lasers is 'plusgrid'.*did you mean 'plus-grid'"):
        laser_links(shell(4, 4), "plusgrid")


def test_satellites_between_slots_have_no_lasers_and_empty_slots_no_links() -> None:
    part = shell(2, 6, filled=((0, 1, 3, 4.5), (1, 2)))
    assert len(laser_links(part, "none")) == 0
    links = laser_links(part, "plus-grid")
    # In plane 0: slots 0 to 1, and over the empty slot 2 to 3; 3 looks at 4 and 5, both empty. Slot 1 meets slot 1.
    assert list(zip(links.a.tolist(), links.b.tolist(), strict=True)) == [(0, 1), (1, 2), (1, 4), (4, 5)]
    assert links.cross_plane.tolist() == [False, False, True, False]


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


def pairs(links: Links) -> dict[tuple[int, int], bool]:
    return {(int(a), int(b)): bool(c) for a, b, c in zip(links.a, links.b, links.cross_plane, strict=True)}


def degree(links: Links, satellites: int) -> np.ndarray:
    return np.bincount(np.concatenate([links.a, links.b]), minlength=satellites)


@st.composite
def lattices(draw: st.DrawFn) -> tuple[int, int, np.ndarray, np.ndarray]:
    """Planes, slots, and places of satellites in some of them, in any order, some without a place or two in one."""
    planes, slots = draw(st.integers(1, 6)), draw(st.integers(1, 7))
    place = st.tuples(st.integers(-1, planes - 1), st.integers(-1, slots - 1))
    places = draw(st.lists(place, max_size=planes * slots + 2))
    full = [(p, s) for p in range(planes) for s in range(slots)]
    plane, slot = np.array(full if draw(st.booleans()) else places, np.int32).reshape(-1, 2).T
    return planes, slots, plane, slot


@given(
    lattices(), st.sampled_from(["ring", "three", "plus-grid"]), st.booleans(), st.integers(-9, 9), st.integers(1, 3)
)
def test_a_pattern_on_some_slots_has_the_links_of_its_plain_twin(
    lattice: tuple[int, int, np.ndarray, np.ndarray], word: str, star: bool, shift: int, reach: int
) -> None:
    planes, slots, plane, slot = lattice
    shift = 0 if star else shift
    links = lattice_links(plane, slot, planes, slots, word, star=star, seam_shift=shift, reach_slots=reach)
    at: dict[tuple[int, int], int] = {}
    for k, place in enumerate(zip(plane.tolist(), slot.tolist(), strict=True)):
        if min(place) >= 0:
            at.setdefault(place, k)
    found = pairs(links)
    assert found == lasers_plain.pattern(at, planes, slots, word, shift, star, reach)
    assert len(found) == len(links)
    assert list(found) == sorted(found)


@given(lattices(), st.sampled_from(sorted(PATTERNS)), st.booleans(), st.integers(0, 5))
def test_no_satellite_has_more_lasers_than_its_pattern_says_and_no_star_links_over_its_seam(
    lattice: tuple[int, int, np.ndarray, np.ndarray], word: str, star: bool, phase_factor: int
) -> None:
    planes, slots, plane, slot = lattice
    links = lattice_links(plane, slot, planes, slots, word, phase_factor % planes, star, inclination_deg=53.0)
    most = {"none": 0, "ring": 2, "three": 3, "plus-grid": 4, "nearest-grid": 4}[word]
    assert degree(links, len(plane)).max(initial=0) <= most
    assert (links.a < links.b).all()
    assert len(pairs(links)) == len(links)
    lit = np.concatenate([links.a, links.b])
    assert (plane[lit] >= 0).all()
    assert (slot[lit] >= 0).all()
    if star and planes > 2:
        assert (abs(plane[links.a] - plane[links.b]) <= 1).all()


@pytest.mark.parametrize("word", sorted(PATTERNS))
@pytest.mark.parametrize("pattern", ["delta", "star"])
def test_the_links_of_a_full_lattice_are_those_of_its_shell(word: str, pattern: str) -> None:
    walker = shell(7, 5, phase_factor=4, pattern=pattern)
    plane, slot = np.divmod(np.arange(35), 5)
    of_shell = laser_links(walker, word, "natural")
    of_lattice = lattice_links(plane, slot, 7, 5, word, 4, pattern == "star", inclination_deg=53.0)
    assert pairs(of_shell) == pairs(of_lattice)


@given(lattices(), st.booleans())
def test_a_ring_is_part_of_three_and_of_both_grids_and_three_part_of_a_plus_grid_but_over_the_seam(
    lattice: tuple[int, int, np.ndarray, np.ndarray], star: bool
) -> None:
    planes, slots, plane, slot = lattice
    found = {word: pairs(lattice_links(plane, slot, planes, slots, word, star=star)) for word in PATTERNS}
    in_plane = {link for link, crosses in found["plus-grid"].items() if not crosses}
    assert set(found["none"]) == set()
    assert set(found["ring"]) == in_plane
    for word in ("three", "nearest-grid", "plus-grid"):
        assert {link for link, crosses in found[word].items() if not crosses} == in_plane
    for a, b in set(found["three"]) - set(found["plus-grid"]):
        assert {plane[a], plane[b]} == {0, planes - 1}


@pytest.mark.parametrize(("planes", "slots", "phase_factor"), [(72, 18, 45), (36, 20, 0), (35, 22, 3), (99, 51, 35)])
def test_a_third_laser_goes_to_one_plane_and_then_to_the_other_and_leaves_few_alone(
    planes: int, slots: int, phase_factor: int
) -> None:
    links = laser_links(shell(planes, slots, phase_factor=phase_factor), "three", "natural")
    count = degree(links, planes * slots).reshape(planes, slots)
    assert (count[1:-1] == 3).all()
    assert (count == 2).sum() <= 2
    a, b = links.a[links.cross_plane], links.b[links.cross_plane]
    inner = b // slots - a // slots == 1
    assert ((a[inner] // slots + a[inner] % slots) % 2 == 0).all()


def test_a_shell_without_phasing_has_the_same_nearest_grid_as_plus_grid() -> None:
    equator = lattice_links(*np.divmod(np.arange(20), 5), 4, 5, "nearest-grid")
    assert pairs(equator) == pairs(laser_links(shell(4, 5), "plus-grid"))


@pytest.mark.parametrize("phasing", ["walker", "half-odd"])
def test_a_nearest_grid_links_the_same_lead_everywhere_or_half_a_slot_either_way(phasing: str) -> None:
    walker = shell(12, 7, phase_factor=5 if phasing == "walker" else 0, phasing=phasing)
    links = laser_links(walker, "nearest-grid", "natural")
    anomaly = np.degrees(constellation(walker, "x", np.datetime64("2022-10-03")).elements.mean_anomaly)
    a, b = links.a[links.cross_plane], links.b[links.cross_plane]
    seam = b // 7 - a // 7 == 11
    lead = np.where(seam, anomaly[a] - anomaly[b], anomaly[b] - anomaly[a]) % 360.0
    east = np.degrees(2 * np.arctan(np.cos(np.radians(53)) * np.tan(np.radians(15))))
    assert len(a) == 84
    assert abs((lead + east + 180) % 360 - 180).max() <= 180 / 7 + 1e-9


def test_planes_phased_each_for_itself_meet_their_nearest_slots() -> None:
    plane, slot = np.divmod(np.arange(12), 4)
    links = lattice_links(plane, slot, 3, 4, "nearest-grid", star=True, phase_slots=np.array([0.0, 1.8, -0.6]))
    a, b = links.a[links.cross_plane], links.b[links.cross_plane]
    assert ((slot[b] - slot[a]) % 4)[plane[a] == 0].tolist() == [2] * 4
    assert ((slot[b] - slot[a]) % 4)[plane[a] == 1].tolist() == [2] * 4


def test_a_nearest_grid_takes_no_seam_shift() -> None:
    with pytest.raises(ScenarioError, match="shell 's': seam_shift is 3; lasers 'nearest-grid'"):
        laser_links(shell(4, 5), "nearest-grid", 3)
    with pytest.raises(ScenarioError, match=r"operator 'o': lasers is 'rings'.*did you mean 'ring'"):
        lattice_links(np.zeros(1), np.zeros(1), 1, 1, "rings", name="operator 'o'")


def scattered(seed: int, satellites: int, steps: int = 1) -> np.ndarray:
    """Satellites anywhere on spheres some hundred kilometres up, (time, 3, satellite) f4 [m]."""
    draw = np.random.default_rng(seed)
    xyz = draw.normal(size=(steps, 3, satellites))
    return (draw.uniform(6.7e6, 8e6, (steps, 1, satellites)) * xyz / np.linalg.norm(xyz, axis=1, keepdims=True)).astype(
        np.float32
    )


def chosen(links: Links, range_m: np.ndarray) -> dict[tuple[int, int], float]:
    lit = ~np.isnan(range_m)
    return {(int(a), int(b)): float(r) for a, b, r in zip(links.a[lit], links.b[lit], range_m[lit], strict=True)}


@given(st.integers(0, 2**32), st.integers(0, 30), st.integers(1, 4), st.sampled_from([math.inf, 4e6]))
def test_the_nearest_links_are_those_of_the_plain_twin(seed: int, satellites: int, n: int, max_m: float) -> None:
    xyz = scattered(seed, satellites, 2)
    links, range_m = nearest_links(xyz, n, max_m)
    for step, row in zip(xyz, range_m, strict=True):
        expected = lasers_plain.nearest_n(step.astype(float).T.tolist(), n, 6_451e3, max_m)
        found = chosen(links, row)
        assert found.keys() == expected.keys()
        np.testing.assert_allclose(list(found.values()), [expected[link] for link in found], rtol=1e-7)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=14), st.integers(1, 4))
def test_of_links_as_long_the_lower_satellites_go_first(places: list[tuple[int, int]], n: int) -> None:
    # On a grid of 500 km many pairs are exactly as far apart, and some satellites are in one place.
    xyz = np.array([(7e6, 5e5 * y, 5e5 * z) for y, z in places], np.float32).reshape(-1, 3).T[None]
    links, range_m = nearest_links(xyz, n)
    assert chosen(links, range_m[0]) == lasers_plain.nearest_n(xyz[0].astype(float).T.tolist(), n, 6_451e3, math.inf)


@pytest.mark.parametrize("n", list(NEAREST.values()))
def test_no_two_satellites_would_both_rather_point_at_each_other(n: int) -> None:
    xyz = scattered(n, 120)
    links, range_m = nearest_links(xyz, n)
    assert degree(links, 120).max() <= n
    furthest = np.full(120, np.inf)
    for k in np.flatnonzero(degree(links, 120) == n):
        furthest[k] = range_m[0][(links.a == k) | (links.b == k)].max()
    a, b = np.triu_indices(120, 1)
    away = ranges(Links(a, b, a != b), xyz)[0]
    rather = (away < furthest[a]) & (away < furthest[b])
    assert {(int(x), int(y)) for x, y in zip(a[rather], b[rather], strict=True)} <= set(chosen(links, range_m[0]))


def test_nearest_links_of_one_instant_do_not_depend_on_the_block_they_are_in() -> None:
    xyz = scattered(5, 40, 4)
    links, range_m = nearest_links(xyz, 3)
    assert sorted(pairs(links)) == list(pairs(links))
    assert not np.isnan(range_m).all(axis=0).any()
    for step, row in zip(xyz, range_m, strict=True):
        alone, alone_m = nearest_links(step[None], 3)
        assert chosen(alone, alone_m[0]) == chosen(links, row)


def test_nearest_links_have_the_ranges_of_all_links() -> None:
    xyz = scattered(6, 40, 3)
    links, range_m = nearest_links(xyz, 2, 5e6)
    lit = ~np.isnan(range_m)
    assert (range_m[lit] == ranges(links, xyz, 5e6)[lit]).all()


def test_satellites_without_a_position_and_empty_skies_have_no_nearest_links() -> None:
    xyz = scattered(7, 10)
    xyz[0, 1, 4] = np.nan
    links, _ = nearest_links(xyz, 4)
    assert 4 not in np.concatenate([links.a, links.b])
    for nothing in (np.zeros((3, 3, 0)), np.full((3, 3, 5), np.nan), np.zeros((0, 3, 5)), np.full((3, 3, 2), 1e6)):
        links, range_m = nearest_links(nothing, 2)
        assert range_m.shape == (len(nothing), len(links)) == (len(nothing), 0)


def test_nearest_links_within_a_known_plane_are_not_cross_plane() -> None:
    row = np.array([[[7e6] * 4, [0.0, 1e6, 2e6, 3e6], [0.0] * 4]])
    links, _ = nearest_links(row, 2, plane=np.array([1, 1, -1, -1]))
    # The outer two have a terminal left, for each other.
    assert pairs(links) == {(0, 1): False, (0, 3): True, (1, 2): True, (2, 3): True}
    assert nearest_links(row, 2)[0].cross_plane.all()


def test_a_link_counts_once_it_has_had_its_time_to_acquire() -> None:
    xyz = scattered(8, 60, 6)
    _, range_m = nearest_links(xyz, 3)
    held = acquired(range_m[1:], range_m[:-1])
    assert held.dtype == np.float32
    both = ~np.isnan(range_m[1:]) & ~np.isnan(range_m[:-1])
    assert (held[both] == range_m[1:][both]).all()
    assert np.isnan(held[~both]).all()
    # What does not change is acquired for good.
    assert np.array_equal(acquired(range_m, range_m), range_m, equal_nan=True)
