"""What events take for granted where a scenario leaves it to them: ages, chances to fall, and who is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from obrii.network import ageing, storms
from obrii.scenario import licences
from obrii.scenario.events import satellites
from obrii.scenario.model import Scenario
from obrii.scenario.parted import SHARES
from obrii.scenario.parts import Event

Row = dict[str, str]


class _Line(NamedTuple):
    """One assumption: its key, value, sentence and source, and which events take it for granted."""

    key: str
    value: Callable[[Scenario], str]
    text: str
    source: str
    of: Callable[[Event], bool]


def _left_out(kind: str, key: str) -> Callable[[Event], bool]:
    return lambda event: event.kind == kind and key not in event.target


def _years(span: tuple[float, float]) -> str:
    return "{:g} to {:g} years".format(*span)


def _chances(shares: Iterable[tuple[float, float]]) -> str:
    """Chances by altitude in words.

    >>> _chances(((210.0, 38 / 49), (500.0, 0.0)))
    '78 % at 210 km, 0 % at 500 km'
    """
    return ", ".join(f"{100.0 * share:.0f} % at {altitude_km:g} km" for altitude_km, share in shares)


def _draws(event: Event) -> bool:
    """Whether an event draws who is touched: by chance, or so many, or a share of what is not terminals."""
    return event.kind in ("storm", "ageing") or (
        event.kind not in SHARES and not {"count", "share"}.isdisjoint(event.target)
    )


def _of_terminals(event: Event) -> bool:
    return event.kind in SHARES and SHARES[event.kind] in event.target


def _slow(event: Event) -> bool:
    return bool(event.ramp_s or event.recovery_s or event.recovery)


def _seed(scenario: Scenario) -> str:
    return f"seed {scenario.seed}"


_LINES = (
    _Line(
        "event.target.age_years",
        lambda s: _years(satellites.AGE_YEARS),
        "Satellites are so old when launches end, evenly, as after launches at a steady rate.",
        "assumption",
        _left_out("ageing", "age_years"),
    ),
    _Line(
        "event.target.rate_per_day",
        lambda s: f"{100.0 * ageing.RATE_PER_DAY:g} % a day",
        "So many of the satellites that are alive fail, whatever their age.",
        "assumption: 1.1 of 8,600; one or two a day came down in 2025 (J. McDowell, EarthSky, October 2025)",
        _left_out("ageing", "rate_per_day"),
    ),
    _Line(
        "event.target.lifetime_years",
        lambda s: _years(ageing.LIFETIME_YEARS),
        "At these ages satellites are brought down, evenly.",
        "assumption: five years, for which they are built, and one more or less",
        _left_out("ageing", "lifetime_years"),
    ),
    _Line(
        "event.target.shares",
        lambda s: _chances(storms.FEBRUARY_2022),
        "A storm brings down a satellite with this chance by its altitude, evenly in between.",
        "38 of 49 at 210 km, February 2022 (Kataoka et al., J. Space Weather Space Clim. 12, 2022); higher: assumption",
        _left_out("storm", "shares"),
    ),
    _Line(
        "links that are degraded",
        lambda s: "do not multiply",
        "Of several events that degrade a link the smallest share and the highest mask hold.",
        "assumption",
        lambda event: event.kind == "links-degraded",
    ),
    _Line(
        "beams of degraded links",
        lambda s: "evenly",
        "A satellite spreads its beams evenly over its cells: together they carry the mean of what is left to these.",
        "assumption",
        lambda event: event.kind == "links-degraded" and "capacity_share" in event.target,
    ),
    _Line(
        "newly licensed cells",
        lambda s: "all of them",
        "Where an operator is newly licensed every cell takes a beam, and only terminals of the scenario stand there.",
        "assumption",
        lambda event: event.kind == licences.GRANT,
    ),
    _Line(
        "who is drawn",
        _seed,
        "Where an event says how many, or by what chance, who is lost is drawn, each regardless of its neighbours.",
        "assumption",
        _draws,
    ),
    _Line(
        "order of loss",
        _seed,
        "Who is lost first while an event comes, and restored last after it, is drawn.",
        "assumption",
        _slow,
    ),
    _Line(
        "share of terminals",
        lambda s: "in every cell",
        "A share of terminals is that share of a group in every cell: what a draw gives on average.",
        "assumption",
        _of_terminals,
    ),
)


def rows(scenario: Scenario) -> list[Row]:
    """Rows of key, value, text, source, of what the events of its variants leave out or leave to chance."""
    used = {name for variant in scenario.variant for name in variant.events}
    events = [event for event in scenario.event if event.name in used]
    return [
        {"key": line.key, "value": line.value(scenario), "text": line.text, "source": line.source}
        for line in _LINES
        if any(line.of(event) for event in events)
    ]
