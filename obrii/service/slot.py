"""What one operator gives every cell in one slot of a variant: satellite, way, delay, and the reason where nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii import schema
from obrii.constants import LIGHT_M_S
from obrii.kernels.landing import GATEWAY_OFF, LIVE, NO_FIBRE, NO_GATEWAY, OFF
from obrii.network.outages import Outages
from obrii.routing.waydown import Landings, WayDown, bent_pipe, over_lasers
from obrii.service.policy import Network
from obrii.service.scheduler import Schedule, schedule

_CODE = schema.REASON_CODE


@dataclass(frozen=True)
class SkyOfOperator:
    """What one operator's satellites see in one slot, in indices of its own satellites.

    ptr (cell + 1,), satellite, range_m (sight,): sight lines of the cells; landings: of its gateways; laser_a, laser_b
    (laser,), laser_range_m (laser,) m, NaN where there is none.
    """

    ptr: np.ndarray
    satellite: np.ndarray
    range_m: np.ndarray
    landings: Landings
    laser_a: np.ndarray
    laser_b: np.ndarray
    laser_range_m: np.ndarray


@dataclass(frozen=True)
class OnOfOperator:
    """What of one operator is on: satellite (satellite,), laser (laser,), gateway_there, gateway (gateway,), core,
    service (group + 1, cell), each bool; fibre_m (pop, gateway) f8, inf where off; home_pop (list,) i4 the PoP that
    each home list uses, -1 where none is on."""

    satellite: np.ndarray
    laser: np.ndarray
    gateway_there: np.ndarray
    gateway: np.ndarray
    core: bool
    service: np.ndarray
    fibre_m: np.ndarray
    home_pop: np.ndarray


@dataclass(frozen=True)
class Slot:
    """The service of one operator in one slot.

    way: before the cells came; schedule; pop (cell,) i4 of every cell, -1 where none is on.
    """

    way: WayDown
    schedule: Schedule
    pop: np.ndarray


@dataclass(frozen=True)
class Delays:
    """What a way costs, (group, cell) each: propagation_rtt, fibre_rtt, rtt f8 [s]; gateway, pop i4 of the operator;
    hops i4; served bool."""

    propagation_rtt: np.ndarray
    fibre_rtt: np.ndarray
    rtt: np.ndarray
    gateway: np.ndarray
    pop: np.ndarray
    hops: np.ndarray
    served: np.ndarray


def on_of_operator(
    off: Outages, network: Network, operator: int, satellites: slice, lasers: np.ndarray
) -> OnOfOperator:
    """The masks of one operator, cut out of those of all.

    satellites: where its satellites stand on the axis of all; lasers (laser,) bool: which lasers are its own.
    """
    return OnOfOperator(
        satellite=off.satellite[satellites],
        laser=off.laser[lasers],
        gateway_there=off.there[network.gateways],
        gateway=off.site[network.gateways],
        core=bool(off.core[operator]),
        service=off.service[operator],
        fibre_m=network.fibre_m(off.site, off.fibre),
        home_pop=network.homes.now(off.site[network.pops]),
    )


def serve(sky: SkyOfOperator, on: OnOfOperator, network: Network, hop_m: float) -> Slot:
    """Schedule the cells of one operator in one slot.

    hop_m: cost of passing a satellite, as a light path [m].
    """
    if network.lasers:
        way = over_lasers(
            sky.landings,
            on.satellite,
            on.gateway,
            on.fibre_m,
            network.antennas,
            sky.laser_a,
            sky.laser_b,
            sky.laser_range_m,
            on.laser,
            hop_m,
        )
    else:
        way = bent_pipe(sky.landings, on.satellite, on.gateway_there, on.gateway, on.fibre_m, network.antennas)
    pop = on.home_pop[network.home]
    wanted = network.licensed & on.service[-1] & on.core & (pop >= 0)
    found = schedule(sky.ptr, sky.satellite, sky.range_m, pop, wanted, way, network.capacity)
    return Slot(way, found, pop)


def delays(
    slot: Slot,
    on: OnOfOperator,
    cells: slice,
    list_of: np.ndarray,
    slant_m: np.ndarray,
    floor_s: float,
    processing_s: float,
) -> Delays:
    """What the ways of terminals in some cells cost.

    cells: which; list_of (group, cell) i4: their home lists; slant_m (cell,): range to the satellite that carries each,
    NaN where none does; floor_s, processing_s: of the user link, and of each satellite one way.
    """
    found = slot.schedule
    satellite = np.broadcast_to(found.satellite[cells], list_of.shape)
    pop = on.home_pop[list_of]
    some_pop, some_satellite = np.maximum(pop, 0), np.maximum(satellite, 0)
    way_m = found.way_m[some_pop, some_satellite]
    gateway = found.gateway[some_pop, some_satellite]
    served = (satellite >= 0) & (pop >= 0) & np.isfinite(way_m) & (gateway >= 0)
    passed = np.where(served, found.passed[some_pop, some_satellite], 0)
    processing_m = processing_s * LIGHT_M_S
    with np.errstate(invalid="ignore"):
        light_s = 2.0 * (slant_m + way_m - processing_m * (passed - 1)) / LIGHT_M_S
    fibre_s = 2.0 * on.fibre_m[some_pop, np.maximum(gateway, 0)] / LIGHT_M_S
    return Delays(
        propagation_rtt=np.where(served, light_s, np.nan),
        fibre_rtt=np.where(served, fibre_s, np.nan),
        rtt=np.where(served, light_s + floor_s + 2.0 * processing_s * passed, np.nan),
        gateway=np.where(served, gateway, -1),
        pop=np.where(served, pop, -1),
        hops=np.where(served, passed + 1, -1),
        served=served,
    )


def reasons(
    slot: Slot, on: OnOfOperator, network: Network, cells: slice, permitted: np.ndarray, served: np.ndarray
) -> np.ndarray:
    """Why terminals in some cells have no service, as codes of `schema.REASONS`, 0 where they have, (group, cell) i1.

    cells: which; permitted (group, cell) bool: nobody switched them off; served (group, cell) bool, before permission.
    """
    found = slot.schedule
    code = _geometry(found.furthest[cells], found.followed[cells], slot.pop[cells], network.lasers)
    code = np.where(served, np.int8(0), code)
    code = np.where(permitted, code, np.int8(_CODE["switched-off"]))
    code = np.where(network.licensed[cells], code, np.int8(_CODE["not-licensed"]))
    return code if on.core else np.full_like(code, _CODE["core-off"])


def _geometry(furthest: np.ndarray, followed: np.ndarray, pop: np.ndarray, lasers: bool) -> np.ndarray:
    by_level = np.zeros(6, np.int8)
    by_level[-1] = _CODE["below-mask"]
    by_level[OFF] = _CODE["satellite-off"]
    by_level[NO_GATEWAY] = _CODE["no-laser-path" if lasers else "no-gateway-in-sight"]
    by_level[GATEWAY_OFF] = _CODE["gateway-off"]
    code = by_level[furthest]
    code = np.where(furthest == NO_FIBRE, np.where(pop < 0, _CODE["pop-off"], _CODE["fibre-off"]), code)
    return np.where(furthest == LIVE, np.where(followed, _CODE["no-beam"], _CODE["no-antenna"]), code).astype(np.int8)
