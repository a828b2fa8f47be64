"""Kinds of events: a table from the kind's name to what it does and which keys its target takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from obrii.errors import ScenarioError, nearest
from obrii.network.outages import Change
from obrii.scenario.events import ground, lasers, satellites, service
from obrii.scenario.events.target import Target
from obrii.scenario.parts import Event
from obrii.scenario.stage import Stage


@dataclass(frozen=True)
class Kind:
    """One kind of event: the keys its target takes, and the function that finds what it touches."""

    keys: tuple[str, ...]
    touched: Callable[[Target, Stage], Change]


_PLACES = ("operator", "sites", "countries")

KINDS: dict[str, Kind] = {
    "service-off": Kind(("operator", "countries", "regions", "cells", "polygon", "groups"), service.off),
    "core-off": Kind(("operator",), service.core_off),
    "satellites-off": Kind(("operator", "shell", "planes", "satellites"), satellites.off),
    "lasers-off": Kind(("operator", "shell", "links"), lasers.off),
    "sites-off": Kind(_PLACES, ground.sites_off),
    "gateways-off": Kind(_PLACES, ground.gateways_off),
    "pops-off": Kind(_PLACES, ground.pops_off),
    "fibre-off": Kind((*_PLACES, "fibres"), ground.fibre_off),
    "add": Kind((*_PLACES, "groups"), ground.add),
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
    found = kind.touched(Target(where, event.target), stage)
    if not any(mask.any() for mask in found.masks.values()):
        raise ScenarioError(f"{where}: '{event.kind}' touches nothing of this scenario; name what is there")
    return found
