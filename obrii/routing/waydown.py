"""The way down of every satellite: from the PoPs backwards, over fibre, gateways and lasers.

Without lasers a satellite comes down at a gateway in its own sight; which one is left open until an antenna follows it,
so every usable landing is kept: the ragged list of gateways in sight, and a table of what each costs towards each PoP
(together the landings of every satellite and home list, best first once they are added up).

With lasers the antennas point first, along the shortest ways down to any PoP, one antenna a satellite, and every other
satellite goes over lasers to one that is followed. So no antenna that is taken can end a way [assumption: shortest
first; the operator's own rule is not published]. The nearest gateway first would be a trap: a satellite has one antenna
to be followed by, and a near gateway may be far from every PoP.

All lengths are light paths [m]: fibre counts as the light path of equal delay.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from obrii.kernels import landing
from obrii.kernels.landing import LIVE, NO_FIBRE, NO_GATEWAY, OFF
from obrii.network.snapshot import snapshot
from obrii.routing.shortest import routes_to

#: Antennas of a site that states no number: more than any site has.
UNLIMITED = 1 << 20


@dataclass(frozen=True)
class Landings:
    """Gateways in sight of every satellite of one operator in one slot; arrays are read-only.

    ptr (satellite + 1,) i8; gateway (landing,) i4, ascending within a satellite; range_m (landing,) f4.
    """

    ptr: np.ndarray
    gateway: np.ndarray
    range_m: np.ndarray

    def __post_init__(self) -> None:
        _freeze(self)


@dataclass(frozen=True)
class WayDown:
    """What is left of every satellite's way down in a slot of a variant; arrays are read-only.

    level (pop + 1, satellite) i1: how far it gets towards each PoP, one of `kernels.landing`, the last row for those
    without a PoP; fibre_m (pop, gateway) f8, inf where off; free (gateway,) i4: antennas left; gateway (pop, satellite)
    i4, way_m (pop, satellite) f8, passed (pop, satellite) i4 satellites on the way, onward (pop, satellite) i4 the next
    of them, -1 where it comes down itself: where the way is fixed already, gateway -1 where it is not; landings: those
    that are still open to an antenna, none over lasers.
    """

    level: np.ndarray
    fibre_m: np.ndarray
    free: np.ndarray
    gateway: np.ndarray
    way_m: np.ndarray
    passed: np.ndarray
    onward: np.ndarray
    landings: Landings

    def __post_init__(self) -> None:
        _freeze(self)


def landings(n_satellites: int, ptr: np.ndarray, satellite: np.ndarray, range_m: np.ndarray) -> Landings:
    """Sight lines of gateways turned round, into the gateways in sight of each satellite.

    ptr (gateway + 1,) i8, satellite (sight,) i4, range_m (sight,) f4 [m]: of the gateways of one operator; rows may
    begin anywhere.

    >>> both = landings(3, np.array([0, 2, 3]), np.array([0, 2, 2], "i4"), np.array([9e5, 8e5, 7e5], "f4"))
    >>> both.ptr.tolist(), both.gateway.tolist()
    ([0, 1, 1, 3], [0, 0, 1])
    """
    out_ptr = np.empty(n_satellites + 1, np.int64)
    row_ptr, satellite, range_m = _given(ptr), _given(satellite), _given(range_m)
    landing.count_landings(row_ptr, satellite, out_ptr)
    gateway, out_range_m = np.empty(out_ptr[-1], np.int32), np.empty(out_ptr[-1], np.float32)
    landing.fill_landings(row_ptr, satellite, range_m, out_ptr, gateway, out_range_m)
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

    satellite_on (satellite,), gateway_there, gateway_on (gateway,) bool, what is on is there; fibre_m (pop, gateway)
    f8 m, inf where the PoP, the gateway or the fibre is off; antennas (gateway,), -1 without limit.

    >>> found = landings(2, np.array([0, 1]), np.array([0], "i4"), np.array([9e5], "f4"))
    >>> on, both = np.array([True]), np.array([True, True])
    >>> way = bent_pipe(found, both, on, on, np.array([[1e5]]), np.array([8]))
    >>> way.level.tolist() == [[LIVE, NO_GATEWAY], [NO_FIBRE, NO_GATEWAY]], way.free.tolist()
    (True, [8])
    """
    pops, satellites = len(fibre_m), len(satellite_on)
    level = np.empty((pops + 1, satellites), np.int8)
    on = (_given(satellite_on), _given(gateway_there), _given(gateway_on), np.isfinite(fibre_m))
    landing.levels(found.ptr, found.gateway, *on, level)
    return WayDown(
        level=level,
        fibre_m=fibre_m,
        free=_free(antennas),
        gateway=np.full((pops, satellites), -1, np.int32),
        way_m=np.full((pops, satellites), np.inf),
        passed=np.ones((pops, satellites), np.int32),
        onward=np.full((pops, satellites), -1, np.int32),
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
    asked: np.ndarray | None = None,
) -> WayDown:
    """The ways down with lasers: antennas follow satellites, shortest way down first, and all others go to those.

    Arguments as for `bent_pipe`; laser_a, laser_b (laser,) satellites; laser_range_m (laser,) m, NaN where there is
    none; laser_on (laser,) bool; hop_m: cost of each satellite passed after the first, as a light path [m]; asked: PoPs
    that anybody asks for, ascending, by default all: only to those are ways found. Ways down count as links, so that
    they are held as float32: right to 1 m in 10,000 km. Levels do not ask whether an antenna is left.

    Two satellites and a laser; the gateway has one antenna, and it follows the nearer one:

    >>> found = landings(2, np.array([0, 2]), np.array([0, 1], "i4"), np.array([9e5, 8e5], "f4"))
    >>> on, both = np.array([True]), np.array([True, True])
    >>> lasers = (np.array([0]), np.array([1]), np.array([2e6], "f4"), on)
    >>> way = over_lasers(found, both, on, np.array([[1e5]]), np.array([1]), *lasers, hop_m=0.0)
    >>> way.way_m.tolist(), way.passed.tolist(), way.gateway.tolist()
    ([[2900000.0, 900000.0]], [[2, 1]], [[0, 0]])
    """
    pops, satellites = len(fibre_m), len(satellite_on)
    asked = np.arange(pops) if asked is None else asked
    free = _free(antennas)
    satellite = np.repeat(np.arange(satellites, dtype=np.int32), np.diff(found.ptr))
    entry = np.empty(satellites, np.int32)
    # Gateways that reach no PoP come last, by range.
    shortest_m = found.range_m + fibre_m[asked].min(axis=0, initial=np.inf)[found.gateway]
    order = np.lexsort((found.range_m, shortest_m))
    landing.feed(order, found.gateway, satellite, _given(satellite_on), _given(gateway_on), free, entry)
    fed = np.flatnonzero(entry >= 0).astype(np.int32)
    gateway = np.full(satellites, -1, np.int32)
    gateway[fed] = found.gateway[entry[fed]]
    down_m = found.range_m[entry[fed]] + fibre_m[asked][:, gateway[fed]]
    graph = snapshot(
        satellites,
        laser_a,
        laser_b,
        laser_range_m,
        np.arange(len(asked) + 1) * len(fed),
        np.tile(fed, len(asked)),
        np.where(np.isfinite(down_m), down_m, np.nan).ravel(),
        np.zeros(len(asked), np.bool_),
        satellite_on,
        laser_on,
        np.ones(len(asked), np.bool_),
    )
    routes = routes_to(graph, np.arange(len(asked)), hop_m=hop_m)
    last, count = np.empty((len(asked), satellites), np.int32), np.empty((len(asked), satellites), np.int32)
    landing.last_satellites(routes.next_hop, last, count)
    lands = ~np.isnan(routes.distance_m[:, :satellites])
    way_m, down = np.full((pops, satellites), np.inf), np.full((pops, satellites), -1, np.int32)
    passed, onward = np.zeros((pops, satellites), np.int32), np.full((pops, satellites), -1, np.int32)
    way_m[asked] = np.where(lands, routes.distance_m[:, :satellites], np.inf)
    down[asked] = np.where(lands, gateway[last], -1)
    passed[asked] = count
    onward[asked] = np.where(lands & (count > 1), routes.next_hop[:, :satellites], -1)
    usable = gateway_on[found.gateway] & satellite_on[satellite]
    joined = laser_on & satellite_on[laser_a] & satellite_on[laser_b] & np.isfinite(laser_range_m)
    return WayDown(
        level=_levels_of_parts(
            satellite_on,
            laser_a[joined],
            laser_b[joined],
            satellite[usable],
            found.gateway[usable],
            np.isfinite(fibre_m),
            asked,
        ),
        fibre_m=fibre_m,
        free=free,
        gateway=down,
        way_m=way_m,
        passed=passed,
        onward=onward,
        landings=Landings(np.zeros(satellites + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32)),
    )


def _levels_of_parts(
    satellite_on: np.ndarray,
    laser_a: np.ndarray,
    laser_b: np.ndarray,
    satellite: np.ndarray,
    gateway: np.ndarray,
    fibre_on: np.ndarray,
    asked: np.ndarray,
) -> np.ndarray:
    """How far every satellite gets over lasers, whatever antennas are left, (pop + 1, satellite) i1.

    Satellites that hang together over lasers get as far as the one of them that gets furthest. laser_a, laser_b: lasers
    that work; satellite, gateway (sight,): satellites and gateways that are on and see each other; fibre_on
    (pop, gateway) bool; asked: PoPs whose rows are wanted, the others say what holds without a PoP.
    """
    pops, satellites = len(fibre_on), len(satellite_on)
    part = np.empty(satellites, np.int32)
    landing.hang_together(_given(laser_a), _given(laser_b), part)
    level = np.empty((pops + 1, satellites), np.int8)
    lands = np.zeros(satellites, np.bool_)
    lands[part[satellite]] = True
    level[:] = np.where(satellite_on, np.where(lands[part], NO_FIBRE, NO_GATEWAY), OFF)
    for pop in asked.tolist():
        reaches = np.zeros(satellites, np.bool_)
        reaches[part[satellite[fibre_on[pop, gateway]]]] = True
        level[pop, reaches[part] & satellite_on] = LIVE
    return level


def _given(array: np.ndarray) -> np.ndarray:
    # Always read-only: a kernel is compiled once more for arrays that may be written.
    view: np.ndarray = np.ascontiguousarray(array).view()
    view.setflags(write=False)
    return view


def _freeze(record: object) -> None:
    """Make the arrays of a frozen dataclass read-only."""
    for field in fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            object.__setattr__(record, field.name, _given(value))


def _free(antennas: np.ndarray) -> np.ndarray:
    return np.where(antennas < 0, UNLIMITED, antennas).astype(np.int32)
