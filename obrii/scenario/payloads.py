"""Which payload every satellite of an operator carries, and the limits that follow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import h3.api.numpy_int as h3
import numpy as np

from obrii.scenario import presets
from obrii.scenario.capacity import Payload
from obrii.scenario.fleet import Fleet
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Operator
from obrii.scenario.places import Ground
from obrii.traffic.payload import Payloads

#: Cells that a satellite serves at a time where neither an operator nor a payload says so: 16 beams, 8 cells in turn
#: [assumption].
CELLS_PER_SATELLITE = 128


class Chosen(NamedTuple):
    """A payload, what it is called, and where its numbers come from, by key; nowhere where a scenario says them."""

    name: str
    payload: Payload
    sources: Mapping[str, str]


def chosen(operator: Operator) -> dict[tuple[str, str], Chosen]:
    """Payloads of an operator, what it says of all its satellites first: by "all", "shell" or "generation", and name.

    Later ones go before earlier ones: a shell before all, a generation before its shell. What the scenario says of an
    operator goes before everything that the preset of its constellation says. Raises ScenarioError for the name of a
    payload that does not ship.
    """
    said = {("all", ""): operator.payload} | {("shell", shell.name): shell.payload for shell in operator.shell}
    if operator.payload is None and operator.constellation in presets.constellation_names():
        preset = presets.constellation(operator.constellation)
        said = {("all", ""): preset.payload} | {("shell", shell.name): shell.payload for shell in preset.shell}
    said |= {("generation", generation.name): generation.payload for generation in operator.generation}
    return {
        key: _named(given, f"operator '{operator.name}'", ", ".join(filter(None, (operator.name, key[1]))))
        for key, given in said.items()
        if given is not None
    }


def payloads(scenario: Scenario, operator: Operator, flown: Fleet, ground: Ground) -> Payloads:
    """What everything that an operator has can carry: without limit where nothing says what its satellites carry."""
    satellites = flown.constellation
    limits = np.tile(np.array(_limits(None))[:, None], len(satellites))
    for (kind, name), each in chosen(operator).items():
        of_kind = {"shell": satellites.shell == name, "generation": flown.generation == name}
        limits[:, of_kind.get(kind, slice(None))] = np.array(_limits(each))[:, None]
    cells, cell_bps, satellite_bps, feeder_bps, laser_bps = limits
    return Payloads(
        cells=cells if operator.cells_per_satellite is None else np.full_like(cells, operator.cells_per_satellite),
        cell_bps=cell_bps,
        satellite_bps=satellite_bps,
        feeder_bps=feeder_bps,
        laser_bps=laser_bps,
        pop_bps=_pop_bps(scenario, operator, ground),
        fan=_fan(ground),
    )


def _limits(carried: Chosen | None) -> tuple[float, float, float, float, float]:
    if carried is None:
        return CELLS_PER_SATELLITE, np.inf, np.inf, np.inf, np.inf
    of = carried.payload
    return of.cells, of.cell_bps, of.satellite_bps, of.feeder_rate_bps, of.laser_rate_bps


def _pop_bps(scenario: Scenario, operator: Operator, ground: Ground) -> np.ndarray:
    sites = ground.sites
    own = sites.name[(sites.operator == operator.name) & (sites.role == "pop")]
    said = {site.name: site.rate_bps for site in scenario.site if site.rate_bps is not None}
    return np.array([said.get(name, np.inf) for name in own.tolist()])


def _fan(ground: Ground) -> np.ndarray:
    """Cells of the area's resolution that each cell stands for, (cell,) f8: 49 for a hexagon two steps coarser."""
    ids = ground.cells.id.tolist()
    fine = h3.get_resolution(ids[0]) if ground.area else 0
    return np.array([h3.cell_to_children_size(cell, fine) if h3.get_resolution(cell) < fine else 1 for cell in ids])


def _named(given: Payload | str, where: str, own: str) -> Chosen:
    if isinstance(given, str):
        preset = presets.payload(given, where)
        return Chosen(given, preset.payload, preset.sources)
    return Chosen(own, given, {})
