"""Every validation, by chapter of the field."""

from __future__ import annotations

from validation import (
    arc,
    capacity,
    catalogues,
    fairness,
    ground,
    lasers,
    losses,
    orbits,
    patterns,
    reasons,
    relays,
    results,
    routes,
    service,
    sight,
    staying,
    ways,
)
from validation.record import Validation

FAMILIES: dict[str, tuple[Validation, ...]] = {
    "Orbits": (*orbits.VALIDATIONS, *catalogues.VALIDATIONS),
    "Sight": (*sight.VALIDATIONS, *arc.VALIDATIONS),
    "Lasers": (*lasers.VALIDATIONS, *patterns.VALIDATIONS),
    "Losses": losses.VALIDATIONS,
    "Routes": (*routes.VALIDATIONS, *ways.VALIDATIONS),
    "Service": (*service.VALIDATIONS, *staying.VALIDATIONS, *relays.VALIDATIONS, *reasons.VALIDATIONS),
    "Capacity": (*capacity.VALIDATIONS, *fairness.VALIDATIONS),
    "People and cells": ground.VALIDATIONS,
    "Results": results.VALIDATIONS,
}
