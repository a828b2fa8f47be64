"""Lasers of many shells on one axis."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from obrii import Scenario, sky_block
from obrii.links.lasers import Links, laser_links, longest_clear_m, ranges
from obrii.links.pointing import join_lasers, laser_links_of, limited
from obrii.orbits.shells import Shell
from obrii.scenario.stage import stage

SHELL = "planes = {}, satellites_per_plane = {}, inclination_deg = 53, altitude_m = 550e3"
TEXT = """
title = "two shells"
time = {{start = 2026-01-01T00:00:00Z, seconds = 60, step_s = 15}}
[[operator]]
name = "one"
lasers = "plus-grid"
{}
shell = [{{name = "low", {}}}, {{name = "high", {}}}]
"""


def world(operator: str = "", low: str = "", high: str = "") -> Scenario:
    """Two shells whose planes have five satellites, with more keys for the operator and for each shell."""
    return Scenario.parse(TEXT.format(operator, *(SHELL.format(4, 5) + (more and ", " + more) for more in (low, high))))


def test_every_part_of_an_axis_keeps_its_own_lowest_ray_and_reach(rng: np.random.Generator) -> None:
    xyz_m = rng.normal(size=(3, 3, 40))
    xyz_m *= 7.0e6 / np.linalg.norm(xyz_m, axis=1, keepdims=True)
    links = Links(np.arange(20), np.arange(20, 40), np.zeros(20, bool))
    limits = [(None, 80e3), (5e6, 80e3), (None, 500e3), (4e6, 0.0)]
    parts = [laser_links_of(links, *limit) for limit in limits]
    expected = [ranges(links, xyz_m, np.inf if reach is None else reach, lowest) for reach, lowest in limits]
    assert np.array_equal(join_lasers(parts).at(xyz_m)[1], np.concatenate(expected, axis=1), equal_nan=True)
    assert len({int(np.isfinite(each).sum()) for each in expected}) > 2
    assert join_lasers([]).at(xyz_m)[1].shape == (3, 0)


def test_the_lowest_ray_of_a_shell_goes_before_that_of_its_operator() -> None:
    # Eight satellites of a plane are 5,303 km apart: their rays clear the ground, and not 80 km.
    assert longest_clear_m(550e3, 80e3) < 5.303e6 < longest_clear_m(550e3, 0.0)
    eight = SHELL.format(1, 8)
    text = TEXT.format("laser_clearance_m = 0", eight, eight + ", laser_clearance_m = 80e3")
    lit = ~np.isnan(sky_block(Scenario.parse(text), slice(0, 1)).laser_range_m[0])
    assert lit.tolist() == [True] * 8 + [False] * 8
    assert "laser_clearance_m = 80000.0" in world().resolved()
    assert (stage(world()).lasers.clearance_m == 80e3).all()


@given(st.integers(0, 2**32 - 1), st.sampled_from(["ring", "three", "plus-grid"]), st.integers(1, 7), st.integers(1, 7))
def test_links_are_refused_only_where_a_satellite_has_no_laser_left(
    seed: int, pattern: str, planes: int, slots: int
) -> None:
    links = laser_links(Shell("s", planes, slots, 53.0, altitude_m=550e3), pattern)
    terminals = np.random.default_rng(seed).integers(0, 5, planes * slots)
    plane, slot = np.divmod(np.arange(planes * slots), slots)
    kept = limited(links, terminals, plane, slot)
    used = np.bincount(np.concatenate([kept.a, kept.b]), minlength=planes * slots)
    assert (used <= terminals).all()
    left = set(zip(kept.a.tolist(), kept.b.tolist(), strict=True))
    refused = [pair for pair in zip(links.a.tolist(), links.b.tolist(), strict=True) if pair not in left]
    assert len(left) + len(refused) == len(links)
    assert all(used[a] == terminals[a] or used[b] == terminals[b] for a, b in refused)
    assert limited(links, np.full(planes * slots, 4), plane, slot) is links
