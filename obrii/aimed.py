"""Events aimed at the satellites that matter most: a first pass over `intact` says which, a second loses them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from obrii.blocks import BLOCK_STEPS, Kept, serve_after
from obrii.constants import LIGHT_M_S
from obrii.network import draws
from obrii.routing.centrality import betweenness
from obrii.scenario.events import satellites
from obrii.scenario.model import Scenario
from obrii.scenario.parts import INTACT, Variant
from obrii.scenario.stage import Stage, stage
from obrii.sky import sky_block

#: Instants, evenly over the run, at which ways between satellites are counted, and satellites between which they are,
#: at most [assumption: an estimate that keeps the same ones on top].
INSTANTS, ENDS = 6, 400


def aimed(scenario: Scenario) -> Scenario:
    """The scenario with satellites in place of a count of `most` in every event; the same one where no event says that.

    loaded: terminals that a satellite serves, all steps together; pairs on whose way it is, where there are no cells.
    central: least ways over lasers between other satellites that pass through it. Of equal ones the first counts.
    Raises ScenarioError where `most` is not what it can be.
    """
    return with_aims(scenario, aims(scenario))


def aims(scenario: Scenario) -> dict[str, list[int]]:
    """The satellites that each event with a count of `most` is aimed at, by its name: the first pass of `aimed`."""
    asking = [event for event in scenario.event if satellites.aims(event)]
    if not asking:
        return {}
    world = stage(scenario)
    score: dict[str, np.ndarray] = {}
    found = {}
    for event in asking:
        most, count, among = satellites.aim(event, world)
        if most not in score:
            score[most] = _SCORES[most](scenario, world)
        first = np.lexsort((np.arange(len(among)), -score[most]))
        found[event.name] = satellites.numbers(world, np.sort(first[among[first]][:count]))
    return found


def with_aims(scenario: Scenario, found: Mapping[str, list[int]]) -> Scenario:
    """The scenario with what `aims` found; the same one where that is nothing."""
    if not found:
        return scenario
    data = scenario.model_dump(by_alias=True, exclude_none=True)
    for event in data["event"]:
        # What is left of `most` without a count only says why they are named.
        if event["name"] in found:
            target: dict[str, Any] = {key: value for key, value in event["target"].items() if key != "count"}
            event["target"] = target | {"satellites": found[event["name"]]}
    return scenario.changed(data)


def _loads(scenario: Scenario, world: Stage) -> np.ndarray:
    """What every satellite serves in intact, (satellite,) f8."""
    load = np.zeros(len(world.constellation))
    kept: Kept | None = None
    for steps in world.grid.blocks(BLOCK_STEPS):
        answer, kept = serve_after(sky_block(scenario, steps), Variant(name=INTACT), kept)
        if "satellite" not in answer:
            route = answer["pair_route"]
            load += np.bincount(route[(route >= 0) & (route < len(load))], minlength=len(load))
            continue
        serving = answer["satellite"]
        count = world.ground.groups.count
        weight = np.broadcast_to(count if count.any() else np.ones(count.shape), serving.shape)
        load += np.bincount(serving[serving >= 0], weight[serving >= 0], len(load))
    return load


def _centrality(scenario: Scenario, world: Stage) -> np.ndarray:
    """Least ways over lasers that pass through every satellite, (satellite,) f8."""
    count = len(world.constellation)
    ends = np.flatnonzero(draws.drawn(scenario.seed, "ends of ways", np.ones(count, bool), count=min(count, ENDS)))
    hop_m = 1e-3 * scenario.delay.processing_per_hop_ms * LIGHT_M_S
    passing = np.zeros(count)
    steps = np.unique(np.linspace(0, len(world.grid) - 1, INSTANTS).round().astype(int))
    for step in steps.tolist():
        sky = sky_block(scenario, slice(step, step + 1))
        passing += betweenness(count, sky.links.a, sky.links.b, sky.laser_range_m[0], ends, hop_m)
    return passing


_SCORES = {"loaded": _loads, "central": _centrality}
