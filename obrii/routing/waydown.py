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
from functools import lru_cache

import numpy as np

from obrii.kernels import landing
from obrii.network.snapshot import snapshot
from obrii.routing.shortest import ways_out

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

    >>> from obrii.kernels.landing import LIVE, NO_FIBRE, NO_GATEWAY
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
        **all_open(pops, satellites),
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
    order = _least_first(shortest_m, found.range_m)
    on = (_given(satellite_on), _given(gateway_on))
    landing.feed(order, found.gateway, satellite, *on, free, entry)
    fed = np.flatnonzero(entry >= 0).astype(np.int32)
    follows = np.full(satellites, -1, np.int32)
    follows[fed] = found.gateway[entry[fed]]
    down_m = found.range_m[entry[fed]] + fibre_m[asked][:, follows[fed]]
    none = np.empty(0)
    graph = snapshot(satellites, laser_a, laser_b, laser_range_m, [0], none, none, none, satellite_on, laser_on, none)
    way_m, *whole = _tables(pops, satellites)
    landing.come_down(_given(asked), *ways_out(graph, fed, down_m, hop_m), follows, way_m, *whole)
    part, level = np.empty(satellites, np.int32), np.empty((pops + 1, satellites), np.int8)
    landing.hang_together(graph.ptr, graph.node, part)
    landing.levels_of_parts(part, found.ptr, found.gateway, *on, _given(fibre_m), _given(asked), level)
    gateway, passed, onward = whole
    return WayDown(
        level=level,
        fibre_m=fibre_m,
        free=free,
        gateway=gateway,
        way_m=way_m,
        passed=passed,
        onward=onward,
        landings=Landings(np.zeros(satellites + 1, np.int64), np.empty(0, np.int32), np.empty(0, np.float32)),
    )


def _least_first(length_m: np.ndarray, then_m: np.ndarray) -> np.ndarray:
    """The order of lengths, of equal ones by another length, then as they stand.

    Few are equal, so that only those are sorted by more than one key: that takes six tenths of the time.
    """
    order = np.argsort(length_m)
    ascending_m = length_m[order]
    same = ascending_m[1:] == ascending_m[:-1]
    equal = np.flatnonzero(np.append(same, False) | np.append(False, same))
    of_equal = np.sort(order[equal])
    order[equal] = of_equal[np.lexsort((then_m[of_equal], length_m[of_equal]))]
    return order


@lru_cache(maxsize=8)
def all_open(pops: int, satellites: int) -> dict[str, np.ndarray]:
    """Tables of ways that are all open, of a `WayDown`; the same ones each time, as nobody writes into them."""
    nowhere = np.full((pops, satellites), -1, np.int32)
    passed, way_m = np.ones((pops, satellites), np.int32), np.full((pops, satellites), np.inf)
    for array in (nowhere, passed, way_m):
        array.setflags(write=False)
    return {"gateway": nowhere, "way_m": way_m, "passed": passed, "onward": nowhere}


def _tables(pops: int, satellites: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Room for four tables (pop, satellite), f8 and three i4.

    In one piece: one for each went back to the system after every call, and to fetch it anew took a millisecond.
    """
    piece = np.empty((5, pops, satellites), np.int32)
    way_m = piece[:2].reshape(-1).view(np.float64).reshape(pops, satellites)
    return way_m, piece[2], piece[3], piece[4]


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
