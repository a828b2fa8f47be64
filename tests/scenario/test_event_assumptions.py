"""What events take for granted stands among the assumptions, with its value and source, and nothing else does."""

from __future__ import annotations

import pytest

from obrii import Scenario
from obrii.scenario.assumptions import assumptions
from tests.scenario.test_event_kinds import RICH, with_events

OWN = "ageing {rate_per_day = 0, lifetime_years = [1, 2], age_years = [0, 1]}"


def added(*what: str, used: bool = True) -> dict[str, dict[str, str]]:
    """Rows that events bring, by key."""
    names = [str(k) for k in range(len(what))] if used else []
    text = RICH + f'[[variant]]\nname = "all of them"\nevents = {names}\n'
    before = {row["key"] for row in assumptions(Scenario.parse(RICH))}
    return {
        row["key"]: row
        for row in assumptions(Scenario.parse(with_events(*what, text=text)))
        if row["key"] not in before
    }


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (
            "ageing {}",
            {
                "event.target.age_years": "0 to 5 years",
                "event.target.rate_per_day": "0.0128 % a day",
                "event.target.lifetime_years": "4 to 6 years",
                "who is drawn": "seed 1",
            },
        ),
        (OWN, {"who is drawn": "seed 1"}),
        (
            "storm {}",
            {"event.target.shares": "78 % at 210 km, 1 % at 340 km, 0 % at 500 km", "who is drawn": "seed 1"},
        ),
        ("storm {shares = [[500, 0.4]]}", {"who is drawn": "seed 1"}),
        ("satellites-off {share = 0.5}", {"who is drawn": "seed 1"}),
        ("gateways-off {count = 1}", {"who is drawn": "seed 1"}),
        ("service-off {share = 0.5}", {"share of terminals": "in every cell"}),
        ("listed-only {refused_share = 0.02}", {"share of terminals": "in every cell"}),
        (
            "core-off {left = 0.5} | start = 2026-01-01T00:00:00Z; ramp_s = 60",
            {"share of terminals": "in every cell", "order of loss": "seed 1"},
        ),
        ("core-off {}", {}),
        ("satellites-off {}", {}),
    ],
)
def test_what_an_event_leaves_open_is_an_assumption_with_its_value(what: str, expected: dict[str, str]) -> None:
    rows = added(what)
    assert {key: row["value"] for key, row in rows.items()} == expected
    assert all("assumption" in row["source"] and row["text"] for row in rows.values())


def test_an_event_of_no_variant_takes_nothing_for_granted() -> None:
    assert added("storm {}", used=False) == {}
