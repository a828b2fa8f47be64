"""Which variants restore what others lose: found from their events and settings."""

from __future__ import annotations

import pytest

from obrii import Scenario
from obrii.scenario.options import options

WORLD = """
title = "one shell"
time = {start = 2026-01-01T00:00:00Z, seconds = 60}
area = {countries = ["UKR"], resolution = 3}
[[operator]]
name = "one"
shell = [{name = "s", planes = 4, satellites_per_plane = 6, inclination_deg = 53, altitude_m = 550e3}]
[[operator]]
name = "two"
state = "planned"
shell = [{name = "t", planes = 4, satellites_per_plane = 6, inclination_deg = 87, altitude_m = 1200e3}]
[[event]]
name = "off"
kind = "service-off"
target = {operator = "one"}
[[event]]
name = "core"
kind = "core-off"
target = {operator = "one"}
[[event]]
name = "second"
kind = "add"
target = {operator = "two"}
[[event]]
name = "licence"
kind = "licence-granted"
target = {operator = "two", countries = ["UKR"]}
"""


def found(*variants: str) -> list[tuple[str, str]]:
    """Options of a world with some variants, each `name: events; setting`."""
    text = WORLD
    for variant in variants:
        name, rest = variant.split(":")
        events, *settings = rest.split(";")
        given = [event.strip() for event in events.split(",") if event.strip()]
        text += f'[[variant]]\nname = "{name}"\nevents = {given}\nset = {{{", ".join(settings)}}}\n'
    return options(Scenario.parse(text))


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        (["a: off", "b: off, second"], [("a", "b")]),
        # The order of variants and of events does not matter.
        (["b: second, off", "a: off"], [("a", "b")]),
        (["a: off", "b: off, licence"], [("a", "b")]),
        (["a: off", 'b: off; "operator.one.user_min_elevation_deg" = 20'], [("a", "b")]),
        # What gives more and more restores the same loss.
        (["a: off", "b: off, second", "c: off, second, licence"], [("a", "b"), ("a", "c")]),
        # Where nobody only loses, the one that is given least is the loss.
        (["b: off, second", "c: off, second, licence"], [("b", "c")]),
        (["b: off, second", "c: off, licence"], []),
        (["a: off", "b: core, second"], []),
        (["a: off", "b: off, core"], []),
        (["a: off", "b: core", "c: off, second", "d: core, second"], [("a", "c"), ("b", "d")]),
        # Who loses nothing has nothing to restore.
        (["a:", "b: second"], []),
        (["a: off", "b: off"], []),
    ],
)  # fmt: skip
def test_an_option_is_the_same_loss_with_something_given(variants: list[str], expected: list[tuple[str, str]]) -> None:
    assert found(*variants) == expected


def test_the_built_in_scenario_asks_what_a_second_operator_restores() -> None:
    pairs = options(Scenario.preset("ukraine-autumn-2022"))
    assert pairs and {loss for loss, _ in pairs} == {"country off"}
    assert all(option.startswith("country off, OneWeb") for _, option in pairs)
