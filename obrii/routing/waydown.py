"""The way down of every satellite: from the PoPs backwards, over fibre, gateways and lasers.

Without lasers a satellite comes down at a gateway in its own sight; which one is left open until an antenna follows it,
so every usable landing is kept: the ragged list of gateways in sight, and a table of what each costs towards each PoP
(together the landings of every satellite and home list, best first once they are added up).

With lasers the antennas point first: each gateway follows the nearest satellites, one antenna a satellite, and every
other satellite goes over lasers to one that is followed. So no antenna that is taken can end a way [assumption: nearest
first; the operator's own rule is not published].

All lengths are light paths [m]: fibre counts as the light path of equal delay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii.kernels import landing
from obrii.kernels.landing import LIVE, NO_FIBRE, NO_GATEWAY, OFF
from obrii.network.snapshot import snapshot
from obrii.routing.shortest import routes_to

#: Antennas of a site that states no number: more than any site has.
UNLIMITED = 1 << 20


@dataclass(frozen=True)
class Landings:
    """Gateways in sight of every satellite of one operator in one slot: ptr (satellite + 1,) i8, gateway (landing,) i4
    ascending within a satellite, range_m (landing,) f4."""

    ptr: np.ndarray
    gateway: np.ndarray
    range_m: np.ndarray


@dataclass(frozen=True)
class WayDown:
    """What is left of every satellite's way down in a slot of a variant.

    level (pop + 1, satellite) i1: how far it gets towards each PoP, one of `kernels.landing`, the last row for those
    without a PoP; fibre_m (pop, gateway) f8, inf where off; free (gateway,) i4: antennas left; gateway (pop, satellite)
    i4, way_m (pop, satellite) f8, passed (pop, satellite) i4 satellites on the way: where it is fixed already, gateway
    -1 where it is open; landings.
    """

    level: np.ndarray
    fibre_m: np.ndarray
    free: np.ndarray
    gateway: np.ndarray
    way_m: np.ndarray
    passed: np.ndarray
    landings: Landings


def landings(n_satellites: int, ptr: np.ndarray, satellite: np.ndarray, range_m: np.ndarray) -> Landings:
    """Sight lines of gateways turned round, into the gateways in sight of each satellite.

    ptr (gateway + 1,), satellite (sight,), range_m (sight,) [m]: of the gateways of one operator.

    >>> both = landings(3, np.array([0, 2, 3]), np.array([0, 2, 2], "i4"), np.array([9e5, 8e5, 7e5], "f4"))
    >>> both.ptr.tolist(), both.gateway.tolist()
    ([0, 1, 1, 3], [0, 0, 1])
    """
    out_ptr = np.empty(n_satellites + 1, np.int64)
    landing.count_landings(ptr, satellite, out_ptr)
    gateway, out_range_m = np.empty(len(satellite), np.int32), np.empty(len(satellite), np.float32)
    landing.fill_landings(ptr, satellite, range_m, out_ptr, gateway, out_range_m)
    return Landings(out_ptr, gateway, out_range_m)


def bent_pipe(
    found: Landings,
    satellite_on: np.ndarray,
    gateway_there: np.ndarray,
    gateway_on: np.ndarray,
    fibre_m: np.ndarray,
    antennas: np.ndarray,
) -> WayDown:
    """The ways down without lasers: every satellite's are open until an antenna follows it.

    satellite_on (satellite,), gateway_there, gateway_on (gateway,) bool; fibre_m (pop, gateway) m, inf where the PoP,
    the gateway or the fibre is off; antennas (gateway,), -1 without limit.
    """
    pops, satellites = len(fibre_m), len(satellite_on)
    level = np.empty((pops + 1, satellites), np.int8)
    landing.levels(found.ptr, found.gateway, satellite_on, gateway_there, gateway_on, np.isfinite(fibre_m), level)
    return WayDown(
        level=level,
        fibre_m=fibre_m,
        free=_free(antennas),
        gateway=np.full((pops, satellites), -1, np.int32),
        way_m=np.full((pops, satellites), np.inf),
        passed=np.ones((pops, satellites), np.int32),
        landings=found,
    )


def over_lasers(
    found: Landings,
    satellite_on: np.ndarray,
    gateway_on: np.ndarray,
    fibre_m: np.ndarray,
    antennas: np.ndarray,
    laser_a: np.ndarray,
    laser_b: np.ndarray,
    laser_range_m: np.ndarray,
    laser_on: np.ndarray,
    hop_m: float,
) -> WayDown:
    """The ways down with lasers: antennas follow the nearest satellites, and all others go over lasers to those.

    Arguments as for `bent_pipe`; laser_a, laser_b (laser,) satellites; laser_range_m (laser,) m, NaN where there is
    none; laser_on (laser,) bool; hop_m: cost of each satellite passed after the first, as a light path [m].
    """
    pops, satellites = len(fibre_m), len(satellite_on)
    free = _free(antennas)
    satellite = np.repeat(np.arange(satellites, dtype=np.int32), np.diff(found.ptr))
    entry = np.empty(satellites, np.int32)
    order = np.argsort(found.range_m, kind="stable")
    landing.feed(order, found.gateway, satellite, satellite_on, gateway_on, free, entry)
    fed = np.flatnonzero(entry >= 0).astype(np.int32)
    gateway = np.where(entry >= 0, found.gateway[entry], -1)
    # One root a PoP, and one more that asks only for a gateway: what reaches that but no PoP lacks fibre.
    down_m = found.range_m[entry[fed]] + np.vstack([fibre_m, np.zeros(len(antennas))])[:, gateway[fed]]
    graph = snapshot(
        satellites,
        laser_a,
        laser_b,
        laser_range_m,
        np.arange(pops + 2) * len(fed),
        np.tile(fed, pops + 1),
        np.where(np.isfinite(down_m), down_m, np.nan).ravel(),
        np.zeros(pops + 1, np.bool_),
        satellite_on,
        laser_on,
        np.ones(pops + 1, np.bool_),
    )
    routes = routes_to(graph, np.arange(pops + 1), hop_m=hop_m)
    way_m = np.nan_to_num(routes.distance_m[:, :satellites], nan=np.inf)
    last, passed = np.empty((pops + 1, satellites), np.int32), np.empty((pops + 1, satellites), np.int32)
    landing.last_satellites(routes.next_hop, last, passed)
    lands = np.isfinite(way_m)
    level = np.where(satellite_on, np.where(lands[-1], NO_FIBRE, NO_GATEWAY), OFF).astype(np.int8)
    return WayDown(
        level=np.vstack([np.where(lands[:-1], np.int8(LIVE), level), level[None]]).astype(np.int8),
        fibre_m=fibre_m,
        free=free,
        gateway=np.where(lands, gateway[last], -1)[:-1].astype(np.int32),
        way_m=way_m[:-1].copy(),
        passed=passed[:-1].copy(),
        landings=found,
    )


def _free(antennas: np.ndarray) -> np.ndarray:
    return np.where(antennas < 0, UNLIMITED, antennas).astype(np.int32)
