"""What the axes of a run stand for, and what its report has to say besides its arrays."""

from __future__ import annotations

import numpy as np

from obrii.ground import gazetteer, regions
from obrii.ground.sites import Sites
from obrii.network.changes import AXES
from obrii.network.courses import strength, stretches
from obrii.network.outages import Outages
from obrii.results.frame import NO_TOWNS, Frame, Stations, Towns
from obrii.results.summary import STATES, Notes, Span
from obrii.scenario import events
from obrii.scenario.assumptions import assumptions, sources
from obrii.scenario.model import Scenario
from obrii.scenario.options import options
from obrii.scenario.parts import Event, Variant
from obrii.scenario.stage import Stage

#: Towns that the report tells apart: so many of the whole area, and of each part of it that an event is aimed at.
TOWNS, TOWNS_OF_PART = 40, 10


def frame(world: Stage) -> Frame:
    """The axes of a run: variants, steps, groups, cells of the area, operators, gateways, PoPs, pairs."""
    area = slice(0, world.ground.area)
    cells, groups, sites = world.cells, world.ground.groups, world.sites
    gateways = [int(site) for network in world.networks for site in network.gateways]
    pops = [int(site) for network in world.networks for site in network.pops]
    return Frame(
        variants=tuple(variant.name for variant in world.scenario.variants()),
        utc=world.grid.utc,
        window=world.grid.window,
        duration_s=world.grid.duration_s,
        groups=tuple(groups.name.tolist()),
        terminals=groups.count,
        planned=groups.planned,
        cell=cells.id[area],
        latitude_deg=cells.latitude_deg[area],
        longitude_deg=cells.longitude_deg[area],
        country=cells.country[area],
        region=cells.region[area],
        people=cells.people[area],
        operators=tuple(operator.name for operator in world.scenario.operator),
        gateways=_stations(sites, gateways),
        pops=_stations(sites, pops),
        pairs=tuple(pair.name for pair in world.scenario.pair),
        satellites=tuple(world.node_name(node) for node in range(len(world.constellation))),
        sites=tuple(sites.name.tolist()),
        growth=() if world.demand is None else world.demand.growth,
        users=np.array([[k in few for few in groups.operators] for k in range(len(world.scenario.operator))]),
        usable_bps=None if world.scenario.traffic is None else world.scenario.traffic.usable_bps,
    )


def towns(world: Stage) -> Towns:
    """The largest towns of the area, and of each part of it that an event is aimed at, however small they are."""
    if not world.ground.area:
        return NO_TOWNS
    found = gazetteer.towns_in(world.cells.id[: world.ground.area])
    chosen = np.zeros(len(found.cell), bool)
    chosen[:TOWNS] = True
    for event in world.scenario.event:
        chosen[np.flatnonzero(_touched(world, event)[found.cell])[:TOWNS_OF_PART]] = True
    cell = found.cell[chosen]
    return Towns(
        name=found.name[chosen],
        country=found.country[chosen],
        region=world.cells.region[cell],
        latitude_deg=found.latitude_deg[chosen],
        longitude_deg=found.longitude_deg[chosen],
        people=found.people[chosen],
        cell=cell,
    )


def _touched(world: Stage, event: Event) -> np.ndarray:
    """Cells whose service an event takes or limits at its strongest, of any operator and group, (cell,) bool."""
    found = np.zeros(len(world.cells), bool)
    for part, mask in events.change(event, world).masks.items():
        axis, what = AXES[part]
        if what == "cell":
            found |= mask.any(axis=tuple(k for k in range(mask.ndim) if k != axis))
    return found


def acting(world: Stage) -> np.ndarray:
    """Steps in which an event of each variant acts that counts, all where it has none, (variant, time) bool."""
    rows = []
    for variant in world.scenario.variants():
        acts = [strength(event.course, world.grid.utc) > 0.0 for event in counting(world.scenario, variant)]
        rows.append(np.any(acts, axis=0) if acts else np.ones(len(world.grid), bool))
    return np.array(rows)


def counting(scenario: Scenario, variant: Variant) -> list[Event]:
    """Events of a variant whose time is measured: those that take something away, or all where each one gives.

    What is given may well stay when the loss is over, and would water down the share that is lost.
    """
    every = [event for event in scenario.event if event.name in variant.events]
    return [event for event in every if not events.KINDS[event.kind].gives] or every


def notes(world: Stage, masks: list[list[Outages]]) -> Notes:
    """What the report says besides the arrays.

    masks: for each variant what is on, for every combination of events that comes up in it.
    """
    scenario: Scenario = world.scenario
    gateways = [int(site) for network in world.networks for site in network.gateways]
    english, ukrainian = (regions.country_names(language) | regions.region_names(language) for language in ("en", "uk"))
    codes = np.unique(np.concatenate([world.cells.country, world.cells.region])).tolist()
    names = {code: (english[code], ukrainian[code]) for code in codes if code}
    return Notes(
        title=scenario.title,
        seed=scenario.seed,
        events=[_spans(world, variant) for variant in scenario.variants()],
        settings=[variant.set for variant in scenario.variants()],
        gateway_state=np.array([[_state(of_variant, site) for site in gateways] for of_variant in masks]),
        assumptions=assumptions(scenario),
        sources=sources(scenario),
        towns=towns(world),
        names=names,
        translation=scenario.translation,
        options=options(scenario),
    )


def _spans(world: Stage, variant: Variant) -> list[Span]:
    """Events of a variant, from and to when they act within the run, once for each time that one comes."""
    start, end = world.grid.start, world.grid.end
    measured = counting(world.scenario, variant)
    return [
        Span(
            event.name,
            event.kind,
            max(since, start),
            min(until, end),
            event in measured,
            event.target,
            events.KINDS[event.kind].gives,
        )
        for event in world.scenario.event
        if event.name in variant.events
        for since, until in stretches(event.course, start, end)
    ]


def _state(masks: list[Outages], site: int) -> str:
    on, off, planned = STATES
    if not any(mask.there[site] for mask in masks):
        return planned
    return on if all(mask.site[site] for mask in masks if mask.there[site]) else off


def _stations(sites: Sites, index: list[int]) -> Stations:
    return Stations(
        name=sites.name[index],
        operator=sites.operator[index],
        country=sites.country[index],
        latitude_deg=sites.latitude_deg[index],
        longitude_deg=sites.longitude_deg[index],
        antennas=sites.antennas[index],
        planned=sites.planned[index],
    )
