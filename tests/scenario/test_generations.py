"""Generations of satellites: who is of which, and how many lasers that leaves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from obrii import Scenario, ScenarioError
from obrii.scenario.stage import Stage, stage

TEXT = """
title = "generations"
time = {start = 2022-09-15T12:00:00Z, seconds = 60, step_s = 15}
[[operator]]
name = "one"
lasers = "plus-grid"
"""
SHELLS = """
shell = [
  {name = "low", planes = 6, satellites_per_plane = 8, inclination_deg = 53, altitude_m = 550e3},
  {name = "high", planes = 4, satellites_per_plane = 6, inclination_deg = 70, altitude_m = 570e3},
]
"""
#: Catalogue numbers of the launch of 26 May 2021, the last of satellites without lasers: see docs/lasers.md.
LAST_WITHOUT = 48697


def world(generations: str, what: str = SHELLS) -> Stage:
    return stage(Scenario.parse(f"{TEXT}generation = [{generations}]\n{what}"))


def degrees(here: Stage) -> np.ndarray:
    """Links of every satellite."""
    links = here.lasers.links
    return np.bincount(np.concatenate([links.a, links.b]), minlength=len(here.constellation))


def test_a_generation_without_lasers_flies_and_has_no_links() -> None:
    here = world('{name = "old", shells = ["low"], lasers = "none"}')
    assert here.generation.tolist() == ["old"] * 48 + [""] * 24
    assert degrees(here).tolist() == [0] * 48 + [4] * 24
    assert len(here.constellation) == 72 and here.networks[0].lasers


def test_an_operator_none_of_whose_satellites_has_a_laser_has_none() -> None:
    assert not world('{name = "old", shells = ["low", "high"], lasers = "none"}').networks[0].lasers
    # One satellite alone has a laser and nobody to point it at.
    alone = 'shell = [{name = "s", planes = 1, satellites_per_plane = 1, inclination_deg = 53, altitude_m = 550e3}]'
    here = world("", alone)
    assert here.networks[0].lasers and len(here.lasers.links) == 0


def test_a_satellite_has_no_more_links_than_lasers() -> None:
    three = world('{name = "low", shells = ["low"], lasers_per_satellite = 3}')
    assert degrees(three)[:48].max() == 3 and degrees(three)[48:].min() == 4
    # The first three links are those of the ring and of every second place, as in the pattern of three.
    links = three.lasers.links.take(three.lasers.links.a < 48)
    assert (degrees(three)[:48] == 3).mean() > 0.9
    assert (~links.cross_plane).sum() == 48
    two, rings = (
        world("", "lasers_per_satellite = 2" + SHELLS),
        world("", SHELLS.replace('"low"', '"low", lasers = "ring"')),
    )
    assert two.lasers.links.cross_plane.sum() == 0
    assert np.array_equal(two.lasers.links.a[:48], rings.lasers.links.a[:48])


@pytest.mark.parametrize(
    ("generations", "sentence"),
    [
        ('{name = "a"}', "generation 'a': nothing says which satellites; give catalogue_from, catalogue_to, or shells"),
        (
            '{name = "a", catalogue_from = 9, catalogue_to = 8}',
            "generation 'a': catalogue_from 9 is beyond catalogue_to 8; give them the other way round",
        ),
        (
            '{name = "a", shells = ["low"], lasers = "none", lasers_per_satellite = 2}',
            "generation 'a': give lasers = \"none\" or lasers_per_satellite, one of the two",
        ),
        ('{name = "a", shells = ["low"], lasers_per_satellite = 5}', "lasers_per_satellite is 5; it must be at most 4"),
        ('{name = "a", shells = ["low"], lasers_per_satellite = 0}', "lasers_per_satellite is 0; it must be at least"),
        ('{name = "a", shells = ["low"], lasers = "ring"}', "lasers is 'ring'; it must be 'none'"),
        ('{name = "a", shells = ["lwo"]}', "generation 'a': no shell is called 'lwo'; did you mean 'low'?"),
        ('{name = "a", catalog_from = 9}', "generation 'a': unknown key 'catalog_from'; did you mean 'catalogue_from'"),
        ('{name = "a", catalogue_to = 9}', "generation 'a': satellites laid out by rule have no catalogue numbers"),
        (
            '{name = "a", shells = ["low"]}, {name = "a", shells = ["high"]}',
            "operator 'one': two generations are called 'a'; give each its own name",
        ),
        (
            '{name = "a", shells = ["low"]}, {name = "b", shells = ["high", "low"]}',
            "operator 'one': generations 'a' and 'b' both hold satellite 'one 0' (and 47 more); keep them apart",
        ),
    ],
)  # fmt: skip
def test_a_generation_that_cannot_be_is_refused_in_a_sentence(generations: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        world(generations)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.data
def test_the_first_satellites_of_starlink_have_no_lasers(data: Path) -> None:
    file = f'constellation = "{data / "tle" / "starlink_2022-09-14.tle"}"'
    generations = (
        f'{{name = "v1.0", catalogue_to = {LAST_WITHOUT}, lasers = "none"}}, {{name = "v1.5", catalogue_from = 48800}}'
    )
    here, whole = world(generations, file), world("", file)
    old = here.generation == "v1.0"
    assert np.array_equal(old, here.constellation.elements.catalogue_id <= LAST_WITHOUT)
    assert old.sum() > 1400 and (here.generation[~old] == "v1.5").all()
    assert degrees(here)[old].max() == 0 and degrees(whole)[old].max() == 4
    # The shell that was launched later is all of the second generation, and keeps its links.
    later = here.constellation.shell == "53.2deg-540km"
    assert np.array_equal(degrees(here)[later], degrees(whole)[later]) and degrees(here)[later].max() == 4
    with pytest.raises(ScenarioError, match=r"'new': holds no satellite that flies; catalogue numbers are 4.* to 5"):
        world('{name = "new", catalogue_from = 90000}', file)


@pytest.mark.data
def test_rings_reach_past_a_satellite_without_lasers(data: Path) -> None:
    file = f'constellation = "{data / "tle" / "starlink_2022-09-14.tle"}"'
    whole = world("", file)
    links, sky = whole.lasers.links, whole.constellation
    ring = links.take(~links.cross_plane)
    ends = [set(ring.a[ring.b == k].tolist()) | set(ring.b[ring.a == k].tolist()) for k in range(len(sky))]
    # A satellite between its next two in the plane, slot by slot.
    middle = next(k for k, beside in enumerate(ends) if len(beside) == 2 and np.ptp(sky.slot[[k, *beside]]) == 2)
    number = sky.elements.catalogue_id[middle]
    here = world(f'{{name = "x", catalogue_from = {number}, catalogue_to = {number}, lasers = "none"}}', file)
    left = here.lasers.links
    assert degrees(here)[middle] == 0
    assert tuple(sorted(ends[middle])) in set(zip(left.a.tolist(), left.b.tolist(), strict=True))
