"""Which variants of a scenario restore what others lose: the same losses, and something given beside them."""

from __future__ import annotations

import json
from collections.abc import Set

from obrii.scenario.events import KINDS
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Variant


def options(scenario: Scenario) -> list[tuple[str, str]]:
    """Names of each loss and of each variant that is an option for it, in the order of the variants.

    An option takes what the loss takes, event by event, and gives or sets something beside: of all variants that take
    the same, the loss is the one that gives least, and all of that is given by the option too.
    """
    losses: dict[str, list[str]] = {variant.name: [] for variant in scenario.variant}
    for variant in scenario.variant:
        taken, given = _taken(scenario, variant), _given(scenario, variant)
        less = [
            other for other in scenario.variant if _taken(scenario, other) == taken and _given(scenario, other) < given
        ]
        if taken and less:
            losses[min(less, key=lambda other: len(_given(scenario, other))).name].append(variant.name)
    return [(loss, option) for loss, found in losses.items() for option in found]


def _taken(scenario: Scenario, variant: Variant) -> Set[str]:
    """Names of the events that take something away."""
    gives = {event.name for event in scenario.event if KINDS[event.kind].gives}
    return frozenset(variant.events) - gives


def _given(scenario: Scenario, variant: Variant) -> Set[str]:
    """Names of the events that give something, and settings."""
    settings = {json.dumps([name, value], default=str) for name, value in variant.set.items()}
    return frozenset(variant.events) - _taken(scenario, variant) | settings
