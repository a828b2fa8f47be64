"""What an operator flies from a catalogue: who is in service, lasers over found planes and slots, and what is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from obrii import ModelError, Scenario, ScenarioError, sky_block
from obrii.scenario.stage import Stage, stage

TEXT = """
title = "a catalogue"
time = {{start = 2022-09-15T12:00:00Z, seconds = 60, step_s = 15}}
[[operator]]
name = "starlink"
constellation = "{file}"
{more}
"""


@pytest.fixture
def catalogue(data: Path) -> Path:
    return data / "tle" / "starlink_2022-09-14.tle"


def world(file: Path, more: str = "") -> Stage:
    return stage(Scenario.parse(TEXT.format(file=file, more=more)))


@pytest.mark.data
def test_satellites_that_are_raising_or_lowering_are_kept_out_of_service_and_counted(catalogue: Path) -> None:
    # Trap 9 of other simulators. facts.md's counts of operational shells: 1,467 + 886 + 51 + 91 within wider windows.
    some = world(catalogue)
    assert 2400 < len(some.constellation) < 2500
    assert "left out as" in some.notices[0] and "raising" in some.notices[0]
    # The file holds debris that has decayed by then: told to fly it all, the run refuses it by name.
    with pytest.raises(ModelError, match=r"'FALCON 9 DEB' \(and 1 more\) has no orbit .* decayed; take it out"):
        world(catalogue, 'fly = "all"')


@pytest.mark.data
@pytest.mark.parametrize("pattern", ["ring", "plus-grid", "three", "nearest-grid"])
def test_lasers_join_satellites_that_fly_in_neighbouring_places(catalogue: Path, pattern: str) -> None:
    here = world(catalogue, f'lasers = "{pattern}"')
    links, sky = here.lasers.links, here.constellation
    assert len(links) > 1000 and (links.a < links.b).all() and links.b.max() < len(sky)
    assert (sky.shell[links.a] == sky.shell[links.b]).all()
    assert (links.cross_plane == (sky.plane[links.a] != sky.plane[links.b])).all()
    degree = np.bincount(np.concatenate([links.a, links.b]), minlength=len(sky))
    assert degree.max() <= {"ring": 2, "three": 3}.get(pattern, 4)
    assert (pattern == "ring") == (not links.cross_plane.any())


@pytest.mark.data
def test_a_laser_that_was_not_there_before_needs_its_time(catalogue: Path) -> None:
    lasers = 'lasers = "nearest-grid"\nlaser_range_m = 600e3'
    now = world(catalogue, lasers).scenario, world(catalogue, f"{lasers}\nlaser_acquire_s = 60").scenario
    at_once, later = (sky_block(scenario, slice(0, 4)).laser_range_m for scenario in now)
    there, acquired = ~np.isnan(at_once), ~np.isnan(later)
    assert not (acquired & ~there).any() and 0 < (there & ~acquired).sum() < there.sum() / 4
    assert np.array_equal(at_once[acquired], later[acquired])


@pytest.mark.data
def test_a_run_far_from_the_epoch_is_said_and_then_refused_unless_told(catalogue: Path) -> None:
    text = TEXT.format(file=catalogue, more="").replace("2022-09-15", "2022-10-05")
    assert "more than 14 days" in stage(Scenario.parse(text)).notices[0]
    with pytest.raises(ModelError, match="more than 30 days"):
        stage(Scenario.parse(text.replace("2022-10-05", "2022-11-15")))
    told = text.replace("2022-10-05", "2022-11-15").replace('name = "starlink"', 'name = "s"\nepoch_limit_days = 90')
    assert len(stage(Scenario.parse(told)).notices) == 2


def test_a_catalogue_that_was_not_fetched_is_refused_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(ScenarioError, match="run `obrii fetch starlink` first"):
        stage(Scenario.parse(TEXT.format(file="celestrak:starlink", more="")))
