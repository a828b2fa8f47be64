"""Lasers of many shells on one axis."""

from __future__ import annotations

import numpy as np

from obrii import Scenario, sky_block
from obrii.links.lasers import Links, longest_clear_m, ranges
from obrii.links.pointing import join_lasers, laser_links_of
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
    assert np.array_equal(join_lasers(parts).ranges(xyz_m), np.concatenate(expected, axis=1), equal_nan=True)
    assert len({int(np.isfinite(each).sum()) for each in expected}) > 2
    assert join_lasers([]).ranges(xyz_m).shape == (3, 0)


def test_the_lowest_ray_of_a_shell_goes_before_that_of_its_operator() -> None:
    # Eight satellites of a plane are 5,303 km apart: their rays clear the ground, and not 80 km.
    assert longest_clear_m(550e3, 80e3) < 5.303e6 < longest_clear_m(550e3, 0.0)
    eight = SHELL.format(1, 8)
    text = TEXT.format("laser_clearance_m = 0", eight, eight + ", laser_clearance_m = 80e3")
    lit = ~np.isnan(sky_block(Scenario.parse(text), slice(0, 1)).laser_range_m[0])
    assert lit.tolist() == [True] * 8 + [False] * 8
    assert "laser_clearance_m = 80000.0" in world().resolved()
    assert (stage(world()).lasers.clearance_m == 80e3).all()
