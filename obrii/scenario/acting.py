"""Which events act when, how strongly, and what they leave on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from obrii.constants import SECONDS_PER_DAY
from obrii.network.changes import Change
from obrii.network.courses import strength
from obrii.network.degraded import Degraded
from obrii.network.outages import Outages, compose
from obrii.scenario import events
from obrii.scenario.fields import utc64
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Event, Variant
from obrii.scenario.stage import Stage


class Acting(NamedTuple):
    """An event that acts: its name, how strong it is, and for how many days it has, where that matters."""

    name: str
    strength: float = 1.0
    days: float = 0.0


def outages(world: Stage, acting: Sequence[Acting], xyz_m: np.ndarray | None = None) -> Outages:
    """What is on while some events act.

    xyz_m (3, satellite) f4: where the satellites of all operators are now, Earth-fixed [m]; asked of where `moves`.
    """
    return compose(_base(world), [_change(world, name).at(strong, days, xyz_m) for name, strong, days in acting])


def worse(world: Stage, acting: Sequence[Acting], xyz_m: np.ndarray | None = None) -> tuple[Degraded, ...]:
    """Links that are degraded while some events act, one entry an event; xyz_m as for `outages`."""
    changes = [(_change(world, name), strong) for name, strong, _ in acting]
    return tuple(change.worse.at(strong, xyz_m) for change, strong in changes if change.worse is not None)


def moves(world: Stage, acting: Sequence[Acting]) -> bool:
    """Whether what is on while some events act hangs on where satellites fly."""
    return any(_change(world, name).moves for name, _, _ in acting)


def acting_events(scenario: Scenario, variant: Variant, at: np.datetime64) -> tuple[Acting, ...]:
    """Events of a variant that act at an instant: from start, until all that is lost is restored."""
    found = []
    for event in scenario.event:
        if event.name in variant.events:
            strong = float(strength(event.course, np.array([at]))[0])
            if strong > 0.0:
                grows = event.kind in events.KINDS and events.KINDS[event.kind].grows
                found.append(Acting(event.name, strong, _days(scenario, event, at) if grows else 0.0))
    return tuple(found)


def acting_over(world: Stage, variant: Variant, utc: np.ndarray) -> list[tuple[Acting, ...]]:
    """Events of a variant that act at each of some instants, (time,) datetime64, as `acting_events` finds them.

    For how long one has acted is 0 where that changes nothing, so that the same is on while equal events act.
    """
    found: list[list[Acting]] = [[] for _ in utc]
    for event in world.scenario.event:
        if event.name in variant.events:
            for at, strong, each in zip(utc, strength(event.course, utc).tolist(), found, strict=True):
                if strong > 0.0:
                    grows = _change(world, event.name).grows
                    each.append(Acting(event.name, strong, _days(world.scenario, event, at) if grows else 0.0))
    return [tuple(each) for each in found]


def check(world: Stage) -> None:
    """Refuse every event that means nothing here, in a variant or in none; ScenarioError with place and reason."""
    for event in world.scenario.event:
        _change(world, event.name)
    for variant in world.scenario.variants():
        for name in variant.events:
            _change(world.of(variant), name)


@lru_cache(maxsize=256)
def _change(world: Stage, name: str) -> Change:
    """What an event touches at its strongest."""
    return events.change(next(event for event in world.scenario.event if event.name == name), world)


@lru_cache(maxsize=16)
def _base(world: Stage) -> Outages:
    """What is on before any event."""
    groups, cells = len(world.ground.groups), len(world.cells)
    anyone = np.ones((len(world.networks), groups + 1, cells), bool)
    planned = [operator.laser_state == "planned" for operator in world.scenario.operator]
    lit = ~np.repeat(planned, np.diff(world.first))
    return Outages(
        satellite=~world.satellite_planned,
        laser=lit[world.lasers.links.a],
        site=~world.sites.planned,
        fibre=np.ones(len(world.fibre_ends)),
        core=anyone & world.operator_on[:, None, None],
        service=anyone,
        there=~world.sites.planned,
        present=~world.ground.groups.planned,
        laser_end=np.stack([lit, lit]),
        listed=anyone,
        antenna=np.ones(len(world.sites.antenna_site)),
        licensed=np.stack([network.licensed for network in world.networks]),
    )


def _days(scenario: Scenario, event: Event, at: np.datetime64) -> float:
    """Time that an event has acted for [days]."""
    begins = [scenario.time.start, *(window.start for window in scenario.time.windows or [])]
    start = event.start or min(each for each in begins if each is not None)
    return float((at - utc64(start)) / np.timedelta64(1, "s")) / SECONDS_PER_DAY
