"""Kinds of events: a table from the kind's name to what it does and which keys its target takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from obrii.errors import ScenarioError, nearest
from obrii.network.changes import Change
from obrii.scenario import licences, target_cells
from obrii.scenario.events import degraded, ground, lasers, planned, satellites, service
from obrii.scenario.parts import Event
from obrii.scenario.stage import Stage
from obrii.scenario.target import Target


@dataclass(frozen=True)
class Kind:
    """One kind of event: the keys its target takes, the function that finds what it touches, an example of a target.

    grows: whether it touches more the longer it holds; gives: whether it brings something, where others take it away.
    """

    keys: tuple[str, ...]
    touched: Callable[[Target, Stage], Change]
    example: str = "{}"
    grows: bool = False
    gives: bool = False


_PLACES = ("operator", "sites", "countries")
_SOME = ("count", "share")
_WHOM = ("operator", "groups", "share", "home", *target_cells.KEYS)
_SKY = satellites.KEYS

KINDS: dict[str, Kind] = {
    "service-off": Kind(_WHOM, service.off, '{regions = ["UA-46"], groups = ["homes"], share = 0.3}'),
    "service-limit": Kind(
        ("limit_bps", *_WHOM), service.limit, '{limit_bps = 2e6, near = {place = "Lviv", radius_km = 60}}'
    ),
    "listed-only": Kind(
        ("operator", "refused_share", *target_cells.KEYS), service.listed_only, "{refused_share = 0.02}"
    ),
    "core-off": Kind(("operator", "left"), service.core_off, "{left = 0.16}"),
    "operator-off": Kind(("operator",), service.operator_off, '{operator = "one"}'),
    "satellites-off": Kind(
        (*_SKY, *satellites.FLYING, *_SOME, "most"), satellites.off, "{latitude_deg = [40, 60], share = 0.5}"
    ),
    "storm": Kind((*_SKY, "shares"), satellites.storm, "{shares = [[500, 0.4], [600, 0]]}"),
    "ageing": Kind(
        (*_SKY, "rate_per_day", "lifetime_years", "age_years"),
        satellites.age,
        "{rate_per_day = 1.28e-4, lifetime_years = [4, 6], age_years = [0, 5]}",
        grows=True,
    ),
    "links-degraded": Kind(
        ("links", *degraded.HOW, *_SKY, "altitude_km", *degraded.WHERE),
        degraded.degrade,
        '{min_elevation_deg = 40, capacity_share = 0.5, near = {place = "Lviv", radius_km = 100}}',
    ),
    "lasers-off": Kind((*_SKY, "links", *_SOME), lasers.off, '{links = "cross-plane", share = 0.1}'),
    "sites-off": Kind((*_PLACES, *_SOME), ground.sites_off, '{sites = ["Wola", "Frankfurt"]}'),
    "gateways-off": Kind((*_PLACES, *_SOME), ground.gateways_off, '{operator = "one", count = 1}'),
    "pops-off": Kind((*_PLACES, *_SOME), ground.pops_off, '{sites = ["Warsaw"]}'),
    "ground-off": Kind(("operator", "countries"), ground.ground_off, '{countries = ["POL"]}'),
    "antennas-off": Kind((*_PLACES, *_SOME), ground.antennas_off, '{sites = ["Wola"], count = 2}'),
    "fibre-off": Kind((*_PLACES, "fibres", *_SOME), ground.fibre_off, '{fibres = ["Wola - Warsaw"]}'),
    "add": Kind(
        (*_PLACES, "groups", "deliver_per_day", "lasers"),
        planned.add,
        '{operator = "two", groups = ["new"]}',
        grows=True,
        gives=True,
    ),
    licences.GRANT: Kind(
        ("operator", *target_cells.KEYS), planned.licence, '{operator = "two", regions = ["UA-61"]}', gives=True
    ),
}


def change(event: Event, stage: Stage) -> Change:
    """What an event touches in a world, at its strongest.

    Raises ScenarioError for an unknown kind, an unknown key, or a target that is not there.
    """
    where = f"event '{event.name}'"
    if event.kind not in KINDS:
        hint = nearest(event.kind, KINDS) or f"; known are {', '.join(KINDS)}"
        raise ScenarioError(f"{where}: no kind of event is called '{event.kind}'{hint}")
    kind = KINDS[event.kind]
    for key in event.target:
        if key not in kind.keys:
            # A key of another kind is no slip of the pen.
            elsewhere = any(key in other.keys for other in KINDS.values())
            hint = "" if elsewhere else nearest(key, kind.keys)
            hint = hint or f"; '{event.kind}' takes {', '.join(kind.keys)}"
            raise ScenarioError(f"{where}: unknown target key '{key}'{hint}")
    seed = stage.scenario.seed
    found = kind.touched(Target(where, event.target, seed, event.name), stage)
    if found.worse is None and not any(mask.any() for mask in found.masks.values()):
        raise ScenarioError(f"{where}: '{event.kind}' touches nothing of this scenario; name what is there")
    return replace(found, seed=seed, name=event.name)
