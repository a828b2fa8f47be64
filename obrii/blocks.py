"""From the sky to a person, one block of steps: the only module that knows the whole order.

    sky_block(scenario, steps)   positions, sight lines, lasers of a block of steps, shared by every variant
    serve_block(sky, variant)    what is off, and what is left for whom, of one variant

Both are pure: the same arguments give the same arrays, in any thread or process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from obrii import frames, schema
from obrii.constants import LIGHT_M_S
from obrii.links import lasers
from obrii.links.geostationary import outside_arc
from obrii.links.visibility import Sights, sight_lines
from obrii.network.outages import Outages, compose
from obrii.network.snapshot import Snapshot, snapshot
from obrii.orbits import propagation
from obrii.routing import pairs as sky_pairs
from obrii.routing.waydown import Landings, landings
from obrii.scenario import events
from obrii.scenario.fields import utc64
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Variant
from obrii.scenario.places import PairPlaces
from obrii.scenario.stage import Stage, stage
from obrii.service.policy import FIBRE_SLOWDOWN
from obrii.service.slot import Costs, Offer, OnOfOperator, SkyOfOperator, blank, on_of_operator, serve, way_down
from obrii.timegrid import nanoseconds


@dataclass(frozen=True)
class Sky:
    """What is overhead in a block of steps, before anything fails.

    xyz_m (time, 3, satellite) f4, Earth-fixed; laser_range_m (time, laser) f4, NaN where the Earth or the laser's
    reach forbids the link; for each operator: site_sights, of all sites; cell_sights, of all cells; site_blocked,
    cell_blocked (time, site or cell) bool, all satellites in sight stand by the geostationary arc; and landings of each
    step, in indices of the operator's own satellites and gateways; memory: ways down and schedules that variants
    share, by everything that they depend on.
    """

    scenario: Scenario
    steps: slice
    xyz_m: np.ndarray
    laser_range_m: np.ndarray
    site_sights: tuple[Sights, ...]
    site_blocked: tuple[np.ndarray, ...]
    cell_sights: tuple[Sights, ...]
    cell_blocked: tuple[np.ndarray, ...]
    landings: tuple[tuple[Landings, ...], ...]
    memory: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False, compare=False)


def sky_block(scenario: Scenario, steps: slice) -> Sky:
    """Positions, sight lines and lasers of a block of steps, for all variants."""
    world = stage(scenario)
    utc = world.grid.utc[steps]
    own_m = [propagation.positions(propagator, utc) for propagator in world.propagators]
    xyz_m = np.concatenate(own_m, axis=2)
    sites, cells = (
        [
            outside_arc(sight_lines(seen_from, own), zone, own)
            for seen_from, zone, own in zip(observers, zones, own_m, strict=True)
        ]
        for observers, zones in ((world.site_observers, world.site_zones), (world.cell_observers, world.cell_zones))
    )
    return Sky(
        scenario=scenario,
        steps=steps,
        xyz_m=xyz_m,
        laser_range_m=_laser_ranges(world, utc, xyz_m),
        site_sights=tuple(left.sights for left in sites),
        site_blocked=tuple(left.blocked for left in sites),
        cell_sights=tuple(left.sights for left in cells),
        cell_blocked=tuple(left.blocked for left in cells),
        landings=tuple(
            tuple(landings(own.shape[2], *_rows(left.sights, step, network.gateways)) for step in range(len(utc)))
            for left, network, own in zip(sites, world.networks, own_m, strict=True)
        ),
    )


def _laser_ranges(world: Stage, utc: np.ndarray, xyz_m: np.ndarray) -> np.ndarray:
    """Ranges of the lasers that are there, and were there as long before as acquiring takes, (time, laser) f4 [m]."""
    now_m = world.lasers.ranges(xyz_m)
    acquire_s = np.array([operator.laser_acquire_s for operator in world.scenario.operator])
    for wait_s in np.unique(acquire_s[acquire_s > 0]):
        before = [propagation.positions(propagator, utc - nanoseconds(wait_s)) for propagator in world.propagators]
        had_m = world.lasers.ranges(np.concatenate(before, axis=2))
        now_m = np.where(acquire_s[world.laser_operator] == wait_s, lasers.acquired(now_m, had_m), now_m)
    return now_m


def serve_block(sky: Sky, variant: Variant) -> dict[str, np.ndarray]:
    """What one variant leaves of a block of steps, as arrays by the names of `schema`, without the variant axis."""
    world = stage(sky.scenario)
    utc = world.grid.utc[sky.steps]
    groups, area = len(world.ground.groups), world.ground.area
    out = blank(len(utc), groups, area) if area else {}
    rows: list[dict[str, np.ndarray]] = []
    states: dict[tuple[str, ...], _State] = {}
    for step, at in enumerate(utc):
        acting = acting_events(world.scenario, variant, at)
        if acting not in states:
            states[acting] = _state(world, outages(world, acting))
        rows.append(_serve_step(world, sky, step, states[acting], {name: array[step] for name, array in out.items()}))
    for name in rows[0]:
        dtype = np.dtype(schema.VARIABLES[name].dtype)
        out[name] = _stacked([row[name] for row in rows]).astype(dtype, copy=False)
    if area:
        out["served"] = (out["reason"] == 0).astype(np.int8)
    return out


def outages(world: Stage, acting: tuple[str, ...]) -> Outages:
    """What is on while the events of these names act."""
    base = Outages(
        satellite=np.repeat(world.operator_on, np.diff(world.first)),
        laser=np.ones(len(world.lasers)),
        site=~world.sites.planned,
        fibre=np.ones(len(world.fibre_ends)),
        core=world.operator_on,
        service=np.ones((len(world.networks), len(world.ground.groups) + 1, len(world.cells))),
        there=~world.sites.planned,
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


def graph_at(world: Stage, sky: Sky, step: int, off: Outages) -> Snapshot:
    """The graph of one step of a block: satellites, then sites; only what is on."""
    ptr, satellite, range_m = _sights_at(world, sky, step)
    links = world.lasers.links
    return snapshot(
        len(world.constellation),
        links.a,
        links.b,
        sky.laser_range_m[step],
        ptr,
        satellite,
        range_m,
        world.sites.relay,
        off.satellite,
        off.laser,
        off.site,
    )


@dataclass(frozen=True)
class _State:
    """What is on while the same events act: of all operators, and cut out for each of them."""

    off: Outages
    operators: tuple[OnOfOperator, ...]


def _state(world: Stage, off: Outages) -> _State:
    return _State(
        off,
        tuple(
            on_of_operator(
                off, network, k, slice(int(world.first[k]), int(world.first[k + 1])), world.laser_operator == k
            )
            for k, network in enumerate(world.networks)
        ),
    )


def _serve_step(
    world: Stage, sky: Sky, step: int, state: _State, terminals: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Everything of one step of a variant: fills in what terminals get, (group, cell), and returns the rest."""
    out: dict[str, np.ndarray] = {}
    offers = _offers(world, sky, step, state) if len(world.cells) else []
    area, costs = world.ground.area, _costs(world)
    if area:
        cells = slice(0, area)
        for group, operators in enumerate(world.ground.groups.operators):
            row = [array[group] for array in terminals.values()]
            for k in operators:
                on, network = state.operators[k], world.networks[k]
                offers[k].fill(cells, on.service[group, cells], network.group_home[group], costs, row)
        used = [offer.gateways(area) for offer in offers]
        for name in ("antennas_used", "cells_served", "halo_cells_served"):
            out[name] = np.concatenate([each[name] for each in used])
        out["satellites_used"] = np.array([each["satellites_used"] for each in used])
    if world.ground.pairs:
        out |= _pairs(world, sky, step, state.off, offers)
    return out


def _offers(world: Stage, sky: Sky, step: int, state: _State) -> list[Offer]:
    offers = []
    first_gateway = first_pop = 0
    costs = _costs(world)
    for k, (network, on) in enumerate(zip(world.networks, state.operators, strict=True)):
        low = int(world.first[k])
        own_lasers = world.laser_operator == k
        seen = SkyOfOperator(
            *_row(sky.cell_sights[k], step),
            sky.cell_blocked[k][step],
            sky.landings[k][step],
            world.lasers.links.a[own_lasers] - low,
            world.lasers.links.b[own_lasers] - low,
            sky.laser_range_m[step][own_lasers],
        )
        # Variants that do not differ in what flies, or in who is to be scheduled, share the work.
        flies, serves = (k, step, *on.flies), (k, step, *on.serves)
        if flies not in sky.memory:
            sky.memory[flies] = way_down(seen, on, network, costs)
        if serves not in sky.memory:
            sky.memory[serves] = serve(seen, on, network, sky.memory[flies])
        first = np.array([k, low, first_gateway, first_pop], np.int32)
        offers.append(Offer(sky.memory[serves], seen, on, network, first))
        first_gateway += len(network.gateways)
        first_pop += len(network.pops)
    return offers


def _costs(world: Stage) -> Costs:
    delay = world.scenario.delay
    return Costs(1e-3 * delay.access_floor_ms, 1e-3 * delay.processing_per_hop_ms)


def _pairs(world: Stage, sky: Sky, step: int, off: Outages, offers: list[Offer]) -> dict[str, np.ndarray]:
    """Every pair at one step, (pair,) arrays."""
    pairs = world.ground.pairs
    count = len(pairs)
    out: dict[str, np.ndarray] = {
        "pair_reason": np.zeros(count, np.int8),
        "pair_hops": np.full(count, -1, np.int16),
        "pair_propagation_rtt": np.full(count, np.nan),
        "pair_rtt": np.full(count, np.nan),
    }
    routes: list[tuple[int, ...]] = [()] * count
    over_sky = [k for k, pair in enumerate(pairs) if pair.via == "sky"]
    if over_sky:
        _over_sky(world, sky, step, off, over_sky, out, routes)
    for k, pair in enumerate(pairs):
        if pair.via == "pop":
            routes[k] = _over_pop(world, offers, pair, {name: values[k : k + 1] for name, values in out.items()})
    out["pair_served"] = (out["pair_reason"] == 0).astype(np.int8)
    out["pair_route"] = np.full((count, max(map(len, routes))), -1, np.int32)
    for k, route in enumerate(routes):
        out["pair_route"][k, : len(route)] = route
    return out


def _over_sky(
    world: Stage,
    sky: Sky,
    step: int,
    off: Outages,
    which: list[int],
    out: dict[str, np.ndarray],
    routes: list[tuple[int, ...]],
) -> None:
    """Fill in the pairs that go from site to site over satellites alone."""
    delay = world.scenario.delay
    ends = np.array([[world.ground.pairs[k].start, world.ground.pairs[k].end] for k in which])
    graph = graph_at(world, sky, step, off)
    found = sky_pairs.ways(graph, ends, 1e-3 * delay.processing_per_hop_ms * LIGHT_M_S)
    for k, sites, way in zip(which, ends, found, strict=True):
        if way is None:
            ptr, satellite, _ = _sights_at(world, sky, step)
            out["pair_reason"][k] = sky_pairs.reason(
                sites,
                ptr,
                satellite,
                np.any([blocked[step] for blocked in sky.site_blocked], axis=0),
                off.site,
                off.satellite,
                bool(len(world.lasers)),
            )
            continue
        floors = int((world.sites.role[sites] == "terminal").sum())
        extra_ms = floors * delay.access_floor_ms + 2.0 * way.relays * delay.processing_per_hop_ms
        out["pair_propagation_rtt"][k] = way.light_s
        out["pair_rtt"][k] = way.light_s + 1e-3 * extra_ms
        out["pair_hops"][k] = way.relays + 1
        routes[k] = way.nodes


def _over_pop(world: Stage, offers: list[Offer], pair: PairPlaces, out: dict[str, np.ndarray]) -> tuple[int, ...]:
    """Fill in a pair of terminal and place by way of a PoP; return its satellites, gateway and PoP as nodes."""
    cells = slice(pair.start, pair.start + 1)
    got = blank(1)
    for offer in offers:
        offer.fill(cells, offer.on.service[-1, cells], offer.network.home[cells], _costs(world), list(got.values()))
    out["pair_reason"][0] = got["reason"][0]
    if got["reason"][0]:
        return ()
    offer = offers[int(got["operator"][0])]
    gateway, pop = (
        int(sites[int(got[name][0]) - int(first)])
        for name, sites, first in (
            ("gateway", offer.network.gateways, offer.first[2]),
            ("pop", offer.network.pops, offer.first[3]),
        )
    )
    sites = world.sites
    away_m = float(frames.great_circle_m(sites.latitude_deg[pop], sites.longitude_deg[pop], *pair.point_deg))
    cable_s = 2.0 * FIBRE_SLOWDOWN * world.scenario.delay.fibre_route_factor * away_m / LIGHT_M_S
    out["pair_propagation_rtt"][0] = got["propagation_rtt"][0] + cable_s
    out["pair_rtt"][0] = got["rtt"][0] + cable_s
    out["pair_hops"][0] = got["hops"][0] + 2
    first_site, first_satellite = len(world.constellation), int(offer.first[1])
    satellites = [int(got["satellite"][0])]
    onward = offer.slot.way.onward[int(got["pop"][0]) - int(offer.first[3])]
    while onward[satellites[-1] - first_satellite] >= 0:
        satellites.append(first_satellite + int(onward[satellites[-1] - first_satellite]))
    return (*satellites, first_site + gateway, first_site + pop)


def _sights_at(world: Stage, sky: Sky, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sight lines of all sites at one step, over all operators: ptr (site + 1,), satellite of all, range_m."""
    rows = [_row(sights, step) for sights in sky.site_sights]
    parts = [
        (ptr, satellite + np.int32(low), away) for (ptr, satellite, away), low in zip(rows, world.first, strict=False)
    ]
    if len(parts) == 1:
        return parts[0]
    counts = np.stack([np.diff(ptr) for ptr, _, _ in parts])
    site = np.concatenate([np.repeat(np.arange(counts.shape[1]), count) for count in counts])
    order = np.argsort(site, kind="stable")
    ptr = np.concatenate([[0], np.cumsum(counts.sum(axis=0))])
    return ptr, np.concatenate([s for _, s, _ in parts])[order], np.concatenate([r for _, _, r in parts])[order]


def _row(sights: Sights, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sight lines of all sites at one step: ptr (site + 1,) from 0, satellite, range_m."""
    low, high = sights.ptr[step, 0], sights.ptr[step, -1]
    return sights.ptr[step] - low, sights.satellite[low:high], sights.range_m[low:high]


def _rows(sights: Sights, step: int, sites: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sight lines of some sites at one step, in their order: ptr (k + 1,), satellite, range_m."""
    begin, end = sights.ptr[step, sites], sights.ptr[step, sites + 1]
    ptr = np.concatenate([[0], np.cumsum(end - begin)])
    index = np.arange(ptr[-1]) + np.repeat(begin - ptr[:-1], end - begin)
    return ptr, sights.satellite[index], sights.range_m[index]


def _stacked(steps: list[np.ndarray]) -> np.ndarray:
    """Arrays of all steps on a leading axis; routes are padded to the longest."""
    longest = max(array.shape[-1] for array in steps) if steps[0].ndim else 0
    return np.stack([padded(array, longest) for array in steps])


def padded(array: np.ndarray, longest: int) -> np.ndarray:
    """An array whose last axis is filled up with -1 to a length."""
    if not array.ndim or array.shape[-1] == longest:
        return array
    width = [(0, 0)] * (array.ndim - 1) + [(0, longest - array.shape[-1])]
    return np.pad(array, width, constant_values=-1)
