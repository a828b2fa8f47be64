"""Kinds of events: a table from the kind's name to what it does and which keys its target takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from obrii.errors import ScenarioError, nearest
from obrii.network.outages import Change
from obrii.scenario.events import lasers, satellites, sites
from obrii.scenario.events.target import Target
from obrii.scenario.parts import Event
from obrii.scenario.stage import Stage


@dataclass(frozen=True)
class Kind:
    """One kind of event: the keys its target takes, and the function that finds what it touches."""

    keys: tuple[str, ...]
    touched: Callable[[Target, Stage], Change]


KINDS: dict[str, Kind] = {
    "satellites-off": Kind(("operator", "shell", "planes", "satellites"), satellites.off),
    "lasers-off": Kind(("operator", "shell", "links"), lasers.off),
    "sites-off": Kind(("operator", "sites"), sites.off),
    "gateways-off": Kind(("operator", "sites"), sites.gateways_off),
}


def change(event: Event, stage: Stage) -> Change:
    """What an event touches in a world.

    Raises ScenarioError for an unknown kind, an unknown key, or a target that is not there.
    """
    where = f"event '{event.name}'"
    if event.kind not in KINDS:
        hint = nearest(event.kind, KINDS) or f"; known are {', '.join(KINDS)}"
        raise ScenarioError(f"{where}: no kind of event is called '{event.kind}'{hint}")
    kind = KINDS[event.kind]
    for key in event.target:
        if key not in kind.keys:
            hint = nearest(key, kind.keys) or f"; '{event.kind}' takes {', '.join(kind.keys)}"
            raise ScenarioError(f"{where}: unknown target key '{key}'{hint}")
    return kind.touched(Target(where, event.target), stage)
