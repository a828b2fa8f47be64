"""From the sky to a person, one block of steps: the only module that knows the whole order.

    sky_block(scenario, steps)   positions, sight lines, lasers of a block of steps, shared by every variant
    serve_block(sky, variant)    what is off, and what is left for whom, of one variant

Both are pure: the same arguments give the same arrays, in any thread or process.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii import frames, schema
from obrii.constants import LIGHT_M_S
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
from obrii.service.area import Offer, gateways, terminals
from obrii.service.policy import FIBRE_SLOWDOWN
from obrii.service.slot import SkyOfOperator, delays, on_of_operator, reasons, serve


@dataclass(frozen=True)
class Sky:
    """What is overhead in a block of steps, before anything fails.

    xyz_m (time, 3, satellite) f4, Earth-fixed; laser_range_m (time, laser) f4, NaN where the Earth or the laser's
    reach forbids the link; for each operator: site_sights, of all sites; cell_sights, of all cells, and landings of
    each step, in indices of the operator's own satellites and gateways.
    """

    scenario: Scenario
    steps: slice
    xyz_m: np.ndarray
    laser_range_m: np.ndarray
    site_sights: tuple[Sights, ...]
    cell_sights: tuple[Sights, ...]
    landings: tuple[tuple[Landings, ...], ...]


def sky_block(scenario: Scenario, steps: slice) -> Sky:
    """Positions, sight lines and lasers of a block of steps, for all variants."""
    world = stage(scenario)
    utc = world.grid.utc[steps]
    own_m = [propagation.positions(propagator, utc) for propagator in world.propagators]
    xyz_m = np.concatenate(own_m, axis=2)
    site_sights = [sight_lines(seen_from, own) for seen_from, own in zip(world.site_observers, own_m, strict=True)]
    return Sky(
        scenario=scenario,
        steps=steps,
        xyz_m=xyz_m,
        laser_range_m=world.lasers.ranges(xyz_m),
        site_sights=tuple(site_sights),
        cell_sights=tuple(
            sight_lines(seen_from, own) for seen_from, own in zip(world.cell_observers, own_m, strict=True)
        ),
        landings=tuple(
            tuple(landings(own.shape[2], *_rows(sights, step, network.gateways)) for step in range(len(utc)))
            for sights, network, own in zip(site_sights, world.networks, own_m, strict=True)
        ),
    )


def serve_block(sky: Sky, variant: Variant) -> dict[str, np.ndarray]:
    """What one variant leaves of a block of steps, as arrays by the names of `schema`, without the variant axis."""
    world = stage(sky.scenario)
    steps: list[dict[str, np.ndarray]] = []
    masks: dict[tuple[str, ...], Outages] = {}
    for step, at in enumerate(world.grid.utc[sky.steps]):
        acting = acting_events(world.scenario, variant, at)
        if acting not in masks:
            masks[acting] = outages(world, acting)
        steps.append(_serve_step(world, sky, step, masks[acting]))
    return {name: _stacked([arrays[name] for arrays in steps]) for name in steps[0]}


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


def _serve_step(world: Stage, sky: Sky, step: int, off: Outages) -> dict[str, np.ndarray]:
    """Everything of one step of a variant."""
    offers = _offers(world, sky, step, off) if len(world.cells) else []
    out: dict[str, np.ndarray] = {}
    delay = world.scenario.delay
    if world.ground.area:
        out |= terminals(
            offers,
            world.ground.groups.operators,
            world.ground.area,
            1e-3 * delay.access_floor_ms,
            1e-3 * delay.processing_per_hop_ms,
        )
        used = [gateways(offer, world.ground.area) for offer in offers]
        for name in ("antennas_used", "cells_served", "halo_cells_served"):
            out[name] = np.concatenate([each[name] for each in used])
        out["satellites_used"] = np.array([each["satellites_used"] for each in used])
    if world.ground.pairs:
        out |= _pairs(world, sky, step, off, offers)
    dtypes = {name: np.dtype(schema.VARIABLES[name].dtype) for name in out}
    return {name: values.astype(dtypes[name], copy=False) for name, values in out.items()}


def _offers(world: Stage, sky: Sky, step: int, off: Outages) -> list[Offer]:
    offers = []
    first_gateway = first_pop = 0
    hop_m = 1e-3 * world.scenario.delay.processing_per_hop_ms * LIGHT_M_S
    for k, network in enumerate(world.networks):
        low, high = int(world.first[k]), int(world.first[k + 1])
        own_lasers = world.laser_operator == k
        seen = SkyOfOperator(
            *_row(sky.cell_sights[k], step),
            sky.landings[k][step],
            world.lasers.links.a[own_lasers] - low,
            world.lasers.links.b[own_lasers] - low,
            sky.laser_range_m[step][own_lasers],
        )
        on = on_of_operator(off, network, k, slice(low, high), own_lasers)
        slot = serve(seen, on, network, hop_m)
        carrier = slot.schedule.satellite
        away_m = sky.xyz_m[step][:, low + np.maximum(carrier, 0)] - world.cells.xyz_m
        slant_m = np.where(carrier >= 0, np.sqrt((away_m * away_m).sum(axis=0)), np.nan)
        offers.append(Offer(slot, on, network, slant_m, low, first_gateway, first_pop))
        first_gateway += len(network.gateways)
        first_pop += len(network.pops)
    return offers


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
                sites, ptr, satellite, off.site, off.satellite, bool(len(world.lasers))
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
    delay = world.scenario.delay
    cells = slice(pair.start, pair.start + 1)
    out["pair_reason"][0] = -1
    for offer in offers:
        cost = delays(
            offer.slot,
            offer.on,
            cells,
            offer.network.home[None, cells],
            offer.slant_m[cells],
            1e-3 * delay.access_floor_ms,
            1e-3 * delay.processing_per_hop_ms,
        )
        why = reasons(offer.slot, offer.on, offer.network, cells, offer.on.service[-1:, cells], cost.served)
        if why[0, 0]:
            out["pair_reason"][0] = max(out["pair_reason"][0], why[0, 0])
            continue
        pop = int(offer.network.pops[cost.pop[0, 0]])
        away_m = frames.great_circle_m(world.sites.latitude_deg[pop], world.sites.longitude_deg[pop], *pair.point_deg)
        cable_s = 2.0 * FIBRE_SLOWDOWN * delay.fibre_route_factor * float(away_m) / LIGHT_M_S
        out["pair_reason"][0] = 0
        out["pair_propagation_rtt"][0] = cost.propagation_rtt[0, 0] + cable_s
        out["pair_rtt"][0] = cost.rtt[0, 0] + cable_s
        out["pair_hops"][0] = cost.hops[0, 0] + 2
        first = len(world.constellation)
        satellite = int(offer.slot.schedule.satellite[pair.start]) + offer.first_satellite
        gateway = int(offer.network.gateways[cost.gateway[0, 0]])
        return (satellite, first + gateway, first + pop)
    return ()


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
