"""Two places and the way between them in one step of a variant: over a PoP, or over satellites alone."""

from __future__ import annotations

import numpy as np

from obrii import frames
from obrii.constants import LIGHT_M_S
from obrii.network.outages import Outages
from obrii.routing import pairs as sky_pairs
from obrii.scenario.places import PairPlaces
from obrii.scenario.stage import Stage
from obrii.service.policy import FIBRE_SLOWDOWN
from obrii.service.slot import Offer, blank
from obrii.sky import Sky, graph_at, sights_at


def pairs(world: Stage, sky: Sky, step: int, off: Outages, offers: list[Offer]) -> dict[str, np.ndarray]:
    """Every pair at one step, (pair,) arrays."""
    ends = world.ground.pairs
    count = len(ends)
    out: dict[str, np.ndarray] = {
        "pair_reason": np.zeros(count, np.int8),
        "pair_hops": np.full(count, -1, np.int16),
        "pair_propagation_rtt": np.full(count, np.nan),
        "pair_rtt": np.full(count, np.nan),
    }
    routes: list[tuple[int, ...]] = [()] * count
    over_sky = [k for k, pair in enumerate(ends) if pair.via == "sky"]
    if over_sky:
        _over_sky(world, sky, step, off, over_sky, out, routes)
    for k, pair in enumerate(ends):
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
            ptr, satellite, _ = sights_at(world, sky, step)
            out["pair_reason"][k] = sky_pairs.reason(
                sites,
                ptr,
                satellite,
                np.any([blocked[step] for blocked in sky.site_blocked], axis=0),
                off.site,
                off.satellite,
                any(network.lasers for network in world.networks),
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
        offer.fill(cells, -1, offer.network.home[cells], world.costs, list(got.values()))
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
    onward = offer.slot.onward[int(got["pop"][0]) - int(offer.first[3])]
    while onward[satellites[-1] - first_satellite] >= 0:
        satellites.append(first_satellite + int(onward[satellites[-1] - first_satellite]))
    return (*satellites, first_site + gateway, first_site + pop)
