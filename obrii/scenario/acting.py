"""Which events act when, and what they leave on."""

from __future__ import annotations

import numpy as np

from obrii.network.outages import Outages, compose
from obrii.scenario import events
from obrii.scenario.fields import utc64
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Variant
from obrii.scenario.stage import Stage


def outages(world: Stage, acting: tuple[str, ...]) -> Outages:
    """What is on while the events of these names act."""
    base = Outages(
        satellite=np.repeat(world.operator_on, np.diff(world.first)),
        laser=np.ones(len(world.lasers.links)),
        site=~world.sites.planned,
        fibre=np.ones(len(world.fibre_ends)),
        core=world.operator_on,
        service=np.ones((len(world.networks), len(world.ground.groups) + 1, len(world.cells))),
        there=~world.sites.planned,
        present=~world.ground.groups.planned,
        laser_end=np.ones((2, len(world.constellation))),
    )
    return compose(base, [events.change(event, world) for event in world.scenario.event if event.name in acting])


def acting_events(scenario: Scenario, variant: Variant, at: np.datetime64) -> tuple[str, ...]:
    """Events of a variant that act at an instant: those with at in [start, end)."""
    return tuple(
        event.name
        for event in scenario.event
        if event.name in variant.events
        and (event.start is None or utc64(event.start) <= at)
        and (event.end is None or at < utc64(event.end))
    )
