"""A scenario built on another: what it takes, what it leaves out, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from obrii import Scenario
from obrii.errors import ScenarioError

BUILT_IN = "ukraine-autumn-2022"

OWN = """
title = "Frankfurt lost"
extends = {scenario = "ukraine-autumn-2022", without = {variant = "all", event = "all", terminals = ["OneWeb, 1,000"]}}
[[event]]
name = "Frankfurt lost"
kind = "pops-off"
target = {sites = ["Frankfurt"]}
[[variant]]
name = "Frankfurt lost"
events = ["Frankfurt lost"]
"""


def names(parts: list) -> list[str]:
    return [part.name for part in parts]


def test_without_a_word_more_everything_is_taken() -> None:
    base = Scenario.preset(BUILT_IN).resolved()
    assert Scenario.parse(f'extends = "{BUILT_IN}"').resolved() == base
    assert Scenario.parse(f'extends = {{scenario = "{BUILT_IN}"}}').resolved() == base


def test_what_is_left_out_is_not_there_and_all_else_is() -> None:
    base, own = Scenario.preset(BUILT_IN), Scenario.parse(OWN)
    assert names(own.variant) == names(own.event) == ["Frankfurt lost"]
    assert names(own.terminals) == [name for name in names(base.terminals) if name != "OneWeb, 1,000"]
    assert (own.operator, own.area, own.time, own.assumption) == (
        base.operator,
        base.area,
        base.time,
        base.assumption,
    )


def test_a_part_left_out_and_said_again_keeps_nothing_of_the_other() -> None:
    said = 'extends = {{scenario = "ukraine-autumn-2022"{}}}\n[[event]]\nname = "country off"\nkind = "core-off"\n'

    def target(text: str) -> dict:
        return next(event.target for event in Scenario.parse(text).event if event.name == "country off")

    assert target(said.format("")) == {"operator": "starlink", "countries": ["UKR"]}
    assert target(said.format(', without = {event = ["country off"]}')) == {}


def test_a_section_without_names_is_left_out_whole() -> None:
    own = Scenario.parse(
        'extends = {scenario = "ukraine-autumn-2022", without = {assumption = "all", traffic = "all"}}'
    )
    assert own.assumption == [] and own.traffic is None


def test_a_file_extends_a_file_beside_it_that_extends_a_preset(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(OWN)
    (tmp_path / "own.toml").write_text('extends = "base.toml"\ntitle = "Again"\n')
    own = Scenario.read(tmp_path / "own.toml")
    assert own.title == "Again" and names(own.variant) == ["Frankfurt lost"]


def test_files_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extends = "b.toml"\n')
    (tmp_path / "b.toml").write_text('extends = "a.toml"\n')
    with pytest.raises(ScenarioError, match=r"extends .\.toml, which extends this file; let one of them stand alone"):
        Scenario.read(tmp_path / "a.toml")


@pytest.mark.parametrize(
    ("extends", "sentence"),
    [
        ("5", "own.toml: extends is 5; it must be a table"),
        ('"ukraine-autum-2022"', "own.toml: extends: no scenario is called 'ukraine-autum-2022'; did you mean 'ukrai"),
        ('"nowhere.toml"', "nowhere.toml: no such file"),
        ('{scenario = ""}', "own.toml: extends: scenario is ''; it must not be empty"),
        ('{without = {event = "all"}}', "own.toml: extends: 'scenario' is missing"),
        ("{base, witout = {}}", "own.toml: extends: unknown key 'witout'; did you mean 'without'?"),
        (
            '{base, without = {variants = "all"}}',
            "own.toml: extends: without: ukraine-autumn-2022 has no 'variants'; did you mean 'variant'?",
        ),
        ('{base, without = {fibre = "all"}}', "has no 'fibre'; it has title, description, seed, time, area, operator"),
        (
            '{base, without = {event = ["contry off"]}}',
            "own.toml: extends: without: no event of ukraine-autumn-2022 is called 'contry off'; did you mean 'country",
        ),
        (
            '{base, without = {event = ["zzz"]}}',
            "no event of ukraine-autumn-2022 is called 'zzz'; there are south and east off, country off",
        ),
        ('{base, without = {assumption = ["x"]}}', 'leave it out whole: assumption = "all"'),
        ('{base, without = {event = "none"}}', """without: event is 'none'; it must be "all", or a list of names"""),
        ("{base, without = {event = []}}", 'it must be "all", or a list of names'),
        (
            '{base, without = {event = ["country off"]}}',
            "own.toml: variant 'country off': no event is called 'country off'",
        ),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest_name(extends: str, sentence: str) -> None:
    text = f"extends = {extends}".replace("base", f'scenario = "{BUILT_IN}"')
    with pytest.raises(ScenarioError) as refusal:
        Scenario.parse(text, place="own.toml")
    assert sentence in str(refusal.value)
