"""Bad input gets one sentence: where, what, what instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from obrii import ObriiError, Scenario, simulate

GOOD = """
title = "small"
time = {start = 2026-01-01T00:00:00Z, seconds = 60, step_s = 15}
pair = [{from = "Lviv", to = "Odesa", via = "sky"}]
[[operator]]
name = "test"
lasers = "plus-grid"
user_min_elevation_deg = 25
[[operator.shell]]
name = "s"
planes = 6
satellites_per_plane = 8
inclination_deg = 53
altitude_m = 550e3
[[site]]
name = "Lviv"
latitude_deg = 49.84
longitude_deg = 24.03
[[site]]
name = "Odesa"
latitude_deg = 46.48
longitude_deg = 30.73
[[event]]
name = "loss"
kind = "satellites-off"
target = {planes = [3]}
start = 2026-01-01T00:00:15Z
end = 2026-01-01T00:00:45Z
[[variant]]
name = "one plane"
events = ["loss"]
"""

CASES = {
    "unknown key, nearest named": (
        "user_min_elevation_deg = 25", "user_min_elevaton_deg = 25",
        "scenario: operator 'test': unknown key 'user_min_elevaton_deg'; did you mean 'user_min_elevation_deg'?",
    ),
    "latitude 91": (
        "latitude_deg = 49.84", "latitude_deg = 91", "scenario: site 'Lviv': latitude_deg is 91; it must be at most 90",
    ),
    "inclination 200": (
        "inclination_deg = 53", "inclination_deg = 200",
        "scenario: operator 'test': shell 's': inclination_deg is 200; it must be at most 180",
    ),
    "mask 90": (
        "user_min_elevation_deg = 25", "user_min_elevation_deg = 90",
        "scenario: operator 'test': user_min_elevation_deg is 90; it must be below 90",
    ),
    "step 0": ("step_s = 15", "step_s = 0", "scenario: time: step_s is 0; it must be above 0"),
    "nan": ("altitude_m = 550e3", "altitude_m = nan", "scenario: operator 'test': shell 's': altitude_m is nan"),
    "inf": ("longitude_deg = 24.03", "longitude_deg = inf", "scenario: site 'Lviv': longitude_deg is inf"),
    "end before start": (
        "end = 2026-01-01T00:00:45Z", "end = 2026-01-01T00:00:05Z",
        "scenario: event 'loss': end 2026-01-01T00:00:05Z is not after start 2026-01-01T00:00:15Z",
    ),
    "a time that is none": (
        "end = 2026-01-01T00:00:45Z", 'end = "soon"',
        "scenario: event 'loss': end is 'soon'; it must be a time in UTC, written as 2026-05-30T12:00:00Z",
    ),
    "a key that is read before the scenario": (
        'title = "small"', 'title = "small"\nextend = "ukraine-autumn-2022"',
        "scenario: unknown key 'extend'; did you mean 'extends'?",
    ),
    "run ends before it starts": (
        "seconds = 60", "end = 2025-01-01T00:00:00Z", "scenario: time: end 2025-01-01T00:00:00Z is not after start",
    ),
    "unknown place": (
        'to = "Odesa"', 'to = "Odezza"', "pair 1: no site is called 'Odezza'; did you mean 'Odesa'?",
    ),
    "unknown event": (
        'events = ["loss"]', 'events = ["los"]', "scenario: variant 'one plane': no event is called 'los'; did",
    ),
    "an event that is like no other": (
        'events = ["loss"]', 'events = ["storm"]',
        "scenario: variant 'one plane': no event is called 'storm'; describe it in an [[event]]",
    ),
    "unknown kind": (
        'kind = "satellites-off"', 'kind = "satelites-off"',
        "event 'loss': no kind of event is called 'satelites-off'; did you mean 'satellites-off'?",
    ),
    "unknown target key": ("{planes = [3]}", "{plane = [3]}", "event 'loss': unknown target key 'plane'; did you mean"),
    "a plane that is not there": (
        "{planes = [3]}", "{planes = [6]}", "event 'loss': there is no plane 6; planes are 0 to 5",
    ),
    "a shell that is not there": ("{planes = [3]}", "{shell = 't'}", "event 'loss': shell 't' is not in this scenario"),
    "a satellite that is not there": (
        "{planes = [3]}", "{satellites = [48]}", "event 'loss': no satellite has index or catalogue number 48",
    ),
    "unknown policy": (
        'lasers = "plus-grid"', 'lasers = "plus-grid"\npolicy = "least-pathh"',
        "scenario: operator 'test': policy is 'least-pathh'; it must be 'least-path', 'highest-elevation', "
        "'most-lasting' or 'least-loaded'; did you mean 'least-path'?",
    ),
    "negative margin": (
        'lasers = "plus-grid"', 'lasers = "plus-grid"\npolicy = "most-lasting"\npolicy_margin_ms = -1',
        "scenario: operator 'test': policy_margin_ms is -1; it must be at least 0",
    ),
    "a margin with nothing to choose": (
        'lasers = "plus-grid"', 'lasers = "plus-grid"\npolicy_margin_ms = 1',
        "scenario: operator 'test': policy_margin_ms is 1, and policy 'least-path' takes the least path alone; leave",
    ),
    "negative hysteresis": (
        'lasers = "plus-grid"', 'lasers = "plus-grid"\nhysteresis_ms = -0.5',
        "scenario: operator 'test': hysteresis_ms is -0.5; it must be at least 0",
    ),
    "unknown lasers": ('"plus-grid"', '"plus-gird"', "'plus-gird'"),
    "a lowest ray under the ground": (
        'lasers = "plus-grid"', "laser_clearance_m = -1",
        "scenario: operator 'test': laser_clearance_m is -1; it must be at least 0",
    ),
    "planes that are no number": ("planes = 6", "planes = 6.5", "planes is 6.5; it must be a whole number"),
    "no time zone": ("start = 2026-01-01T00:00:00Z, s", "start = 2026-01-01T00:00:00, s", "it must say that it is UTC"),
    "not TOML": ("[[operator]]", "[[operator]", "scenario: not TOML"),
    "no operator": ("[[operator]]\nname", "[[event]]\nname", "scenario:"),
    "two sites of one name": ('name = "Odesa"', 'name = "Lviv"', "scenario: two [[site]] are called 'Lviv'"),
    "underground": ("altitude_m = 550e3", "altitude_m = 50e3", "altitude_m"),
    "unknown constellation": (
        'lasers = "plus-grid"', 'lasers = "plus-grid"\nconstellation = "kuipr"', "give constellation",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", list(CASES))
def test_bad_input_is_refused_in_one_sentence_that_says_where(case: str) -> None:
    before, after, sentence = CASES[case]
    assert before in GOOD
    with pytest.raises(ObriiError) as refusal:
        simulate(Scenario.parse(GOOD.replace(before, after, 1)))
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_the_good_scenario_runs() -> None:
    sizes = simulate(Scenario.parse(GOOD)).sizes
    assert (sizes["variant"], sizes["time"], sizes["pair"]) == (2, 4, 1)


def test_a_resolved_scenario_says_every_default_and_means_the_same(tmp_path: Path) -> None:
    scenario = Scenario.parse(GOOD)
    again = Scenario.parse(scenario.resolved())
    assert again == scenario
    assert "gateway_min_elevation_deg = 25.0" in scenario.resolved()
    assert "access_floor_ms = 8.0" in scenario.resolved()


def test_a_preset_that_is_nearly_named_is_suggested() -> None:
    text = (
        GOOD[: GOOD.index("[[operator]]")]
        + '[[operator]]\nname = "k"\nconstellation = "kuipr"\n'
        + GOOD[GOOD.index("[[site]]") : GOOD.index("[[event]]")]
    )
    with pytest.raises(ObriiError, match="'kuipr' is neither a preset nor a file; did you mean 'kuiper'"):
        simulate(Scenario.parse(text))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "no such file"),
        ("<!DOCTYPE html><html></html>", "fleet.tle"),
        ("1 25544U 98067A   26001.50000000  .00001000  00000+0  10000-3 0  9990\n", "fleet.tle"),
    ],
    ids=["missing", "html", "half an element set"],
)
def test_an_element_file_that_is_none_is_refused(tmp_path: Path, content: str | None, sentence: str) -> None:
    if content is not None:
        (tmp_path / "fleet.tle").write_text(content)
    text = (
        GOOD[: GOOD.index("[[operator]]")]
        + '[[operator]]\nname = "k"\nconstellation = "fleet.tle"\n'
        + GOOD[GOOD.index("[[site]]") : GOOD.index("[[event]]")]
    )
    with pytest.raises(ObriiError, match=sentence):
        simulate(Scenario.parse(text, folder=tmp_path))


def _with_constellation(name: str) -> str:
    """The good scenario with a constellation by name in place of its shell, and without its events."""
    head, sites = GOOD[: GOOD.index("[[operator]]")], GOOD[GOOD.index("[[site]]") : GOOD.index("[[event]]")]
    return f'{head}[[operator]]\nname = "k"\nconstellation = "{name}"\n{sites}'
