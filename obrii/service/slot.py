"""What one operator gives in one slot of a variant: the schedule of its cells, and what terminals there get."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from obrii import schema
from obrii.constants import LIGHT_M_S
from obrii.kernels.answer import answer, carried
from obrii.kernels.landing import GATEWAY_OFF, LIVE, NO_FIBRE, NO_GATEWAY, OFF
from obrii.network.outages import Outages
from obrii.routing.waydown import UNLIMITED, Landings, WayDown, all_open, bent_pipe, over_lasers
from obrii.service.policy import Network
from obrii.service.preference import LEAST_PATH, NOTHING, Choice
from obrii.service.scheduler import Schedule, schedule

#: Reasons that do not follow from how far a satellite gets, in the order that the kernel expects.
CODES = np.array([schema.REASON_CODE[name] for name in (
    "core-off", "not-licensed", "not-listed", "switched-off", "pop-off", "fibre-off", "no-antenna", "no-beam",
)], np.int8)  # fmt: skip

#: How far a cell gets that sees only satellites by the geostationary arc: counted from the end, as -1 is.
_BLOCKED = -2

#: What terminals get, by the names of `schema`, in the order that the kernel writes them.
TERMINAL_ARRAYS = (
    "reachable", "reason", "operator", "satellite", "gateway", "pop", "hops", "propagation_rtt", "fibre_rtt", "rtt",
)  # fmt: skip


@dataclass(frozen=True)
class SkyOfOperator:
    """What one operator's satellites see in one slot, in indices of its own satellites.

    near (near,) i4, ascending: the satellites that count, all of them where there are lasers; number (satellite,) i4:
    where each stands among these, -1 for others; ptr (cell + 1,), satellite, range_m (sight,): sight lines of the
    cells; blocked (cell,) bool: all that a cell sees stands by the geostationary arc; landings: of its gateways, in
    numbers of those in near; laser_a, laser_b (laser,), laser_range_m (laser,) m, NaN where there is none; rank
    (sight,) f4: of the sight lines of the cells, empty where the operator's policy ranks none.
    """

    near: np.ndarray
    number: np.ndarray

    ptr: np.ndarray
    satellite: np.ndarray
    range_m: np.ndarray
    blocked: np.ndarray
    landings: Landings
    laser_a: np.ndarray
    laser_b: np.ndarray
    laser_range_m: np.ndarray
    rank: np.ndarray


@dataclass(frozen=True)
class OnOfOperator:
    """What of one operator is on, as long as the same events act.

    satellite (satellite,), laser (laser,), gateway_there, gateway (gateway,), core, service, listed
    (group + 1, cell), licensed (cell,), each bool; antennas (gateway,) i4, -1 without limit; fibre_m (pop, gateway) f8,
    inf where off; home_pop (list,) i4 the PoP that each home list uses, -1 where none is on; pop, wanted (cell,): PoP
    of each cell, and whether it is to be scheduled.
    """

    satellite: np.ndarray
    laser: np.ndarray
    gateway_there: np.ndarray
    gateway: np.ndarray
    antennas: np.ndarray
    core: np.ndarray
    service: np.ndarray
    listed: np.ndarray
    licensed: np.ndarray
    fibre_m: np.ndarray
    home_pop: np.ndarray
    pop: np.ndarray
    wanted: np.ndarray

    @cached_property
    def flies(self) -> tuple[bytes, ...]:
        """What decides the ways down: equal for equal ways in the same slot."""
        parts = (
            self.satellite,
            self.laser,
            self.gateway_there,
            self.gateway,
            self.antennas,
            self.fibre_m,
            self.home_pop,
        )
        return tuple(part.tobytes() for part in parts)

    @cached_property
    def serves(self) -> tuple[bytes, ...]:
        """What decides the schedule: equal for equal schedules in the same slot."""
        return (*self.flies, self.pop.tobytes(), self.wanted.tobytes())


@dataclass(frozen=True)
class Slot:
    """The service of one operator in one slot: the ways down before any cell came, and the schedule.

    way and found are in numbers of the satellites in near (near,), of so many satellites that the operator has.
    """

    way: WayDown
    found: Schedule
    near: np.ndarray
    satellites: int

    @property
    def satellite(self) -> np.ndarray:
        """Which of the operator's satellites carries each cell, (cell,) i4, -1 where none does."""
        chosen = self.found.satellite
        return np.append(self.near, np.int32(-1))[chosen]

    @property
    def onward(self) -> np.ndarray:
        """The next satellite on the way down, (pop, satellite) i4 of all that the operator has, -1 at its end."""
        return self.way.onward if self._whole else all_open(len(self.way.onward), self.satellites)["onward"]

    @cached_property
    def schedule(self) -> Schedule:
        """The schedule in numbers of all satellites that the operator has."""
        if self._whole:
            return self.found
        pops = len(self.way.onward)
        gateway, way_m = np.full((pops, self.satellites), -1, np.int32), np.full((pops, self.satellites), np.inf)
        gateway[:, self.near], way_m[:, self.near] = self.found.gateway, self.found.way_m
        passed = all_open(pops, self.satellites)["passed"]
        return Schedule(self.satellite, self.found.furthest, self.found.followed, gateway, way_m, passed)

    @property
    def _whole(self) -> bool:
        return len(self.near) == self.satellites


@dataclass(frozen=True)
class Costs:
    """What a round trip costs besides light: floor_s, of the user link; processing_s, of a satellite one way."""

    floor_s: float
    processing_s: float

    @property
    def hop_m(self) -> float:
        """Processing of a satellite as a light path [m]."""
        return self.processing_s * LIGHT_M_S


#: Masks of `Outages` that decide everything of an operator but its satellites and lasers, and who is in the field.
_GROUND = ("site", "there", "fibre", "antenna", "core", "service", "listed", "licensed")


def same_ground(off: Outages, other: Outages) -> bool:
    """Whether two instants differ at most in satellites, lasers, limits, and in how many of those present are."""
    pairs = [(getattr(off, name), getattr(other, name)) for name in _GROUND]
    pairs.append((off.present > 0, other.present > 0))
    return all(a is b or np.array_equal(a, b) for a, b in pairs)


def on_of_operator(
    off: Outages,
    network: Network,
    operator: int,
    satellites: slice,
    lasers: np.ndarray,
    like: OnOfOperator | None = None,
) -> OnOfOperator:
    """The masks of one operator, cut out of those of all.

    satellites: where its satellites stand on the axis of all; lasers (laser,) bool: which lasers are its own; like:
    what of it was on at another instant on the same ground, if any is known.
    """
    flies = {"satellite": off.satellite[satellites].copy(), "laser": off.laser[lasers]}
    if like is not None:
        return replace(like, **flies)
    home_pop = network.homes.now(off.site[network.pops])
    service, core, licensed = off.service[operator], off.core[operator], off.licensed[operator]
    pop = home_pop[network.home]
    area = network.group_home.shape[1]
    for of_group in home_pop[network.group_home[off.present > 0]]:
        # A cell whose own PoPs are all off is scheduled for a group that is at home elsewhere.
        pop[:area] = np.where(pop[:area] < 0, of_group, pop[:area])
    return OnOfOperator(
        **flies,
        gateway_there=off.there[network.gateways],
        gateway=off.site[network.gateways],
        antennas=network.antennas_on(off.antenna),
        core=core,
        service=service,
        listed=off.listed[operator],
        licensed=licensed,
        fibre_m=network.fibre_m(off.site, off.fibre),
        home_pop=home_pop,
        pop=pop,
        wanted=licensed & service[-1] & core[-1] & (pop >= 0),
    )


def over_lasers_now(network: Network, on: OnOfOperator) -> bool:
    """Whether ways down go over lasers: the operator has some, and not all of them are off."""
    return network.lasers and bool(on.laser.any())


def way_down(sky: SkyOfOperator, on: OnOfOperator, network: Network, costs: Costs) -> WayDown:
    """The ways down of one operator's satellites in one slot; with every laser off, those of one without lasers."""
    if not over_lasers_now(network, on):
        return bent_pipe(sky.landings, on.satellite[sky.near], on.gateway_there, on.gateway, on.fibre_m, on.antennas)
    return over_lasers(
        sky.landings,
        on.satellite,
        on.gateway,
        on.fibre_m,
        on.antennas,
        sky.laser_a,
        sky.laser_b,
        sky.laser_range_m,
        on.laser,
        costs.hop_m,
        np.unique(on.home_pop[on.home_pop >= 0]),
    )


def serve(
    sky: SkyOfOperator,
    on: OnOfOperator,
    network: Network,
    way: WayDown,
    choice: Choice = LEAST_PATH,
    kept: np.ndarray = NOTHING,
) -> Slot:
    """Schedule the cells of one operator in one slot; kept (cell,) i4: what they had in the step before, or empty."""
    seen, capacity = (sky.ptr, sky.satellite, sky.range_m), network.capacity[sky.near]
    kept = np.append(sky.number, np.int32(-1))[kept]
    found = schedule(*seen, on.pop, on.wanted, way, capacity, choice, sky.rank, kept, sky.number)
    return Slot(way, found, sky.near, len(on.satellite))


@dataclass(frozen=True)
class Offer:
    """What one operator has in a slot: slot, sky, on, network; first (4,) i4: its number, and where its satellites,
    gateways and PoPs begin on the axes of all operators."""

    slot: Slot
    sky: SkyOfOperator
    on: OnOfOperator
    network: Network
    first: np.ndarray

    def fill(self, cells: slice, group: int, home: np.ndarray, costs: Costs, out: list[np.ndarray]) -> None:
        """Write what terminals in some cells get, where no operator before this one serves them.

        cells: which; group: whose, -1 for anyone who may switch a dish on; home (cell,) i4: their lists of PoPs; out:
        rows (cell,) of `TERMINAL_ARRAYS`, begun by `blank`.
        """
        found, on = self.slot.found, self.on
        pop, furthest, followed = on.home_pop[home], found.furthest[cells], found.followed[cells]
        if not np.array_equal(pop, on.pop[cells]):
            furthest, followed = self._candidates(cells, pop)
        furthest = np.where(self.sky.blocked[cells], np.int8(_BLOCKED), furthest)
        answer(
            on.service[group, cells],
            on.licensed[cells],
            on.listed[group, cells],
            home,
            on.home_pop,
            found.satellite[cells],
            pop,
            furthest,
            followed,
            self.sky.ptr[cells.start : cells.stop + 1],
            self.sky.satellite,
            self.sky.range_m,
            found.gateway,
            found.way_m,
            found.passed,
            on.fibre_m,
            code_of_level(self.network.lasers),
            CODES,
            on.core[group, cells],
            costs.hop_m,
            costs.floor_s,
            costs.processing_s,
            LIGHT_M_S,
            self.first,
            self.sky.near,
            *out,
        )

    def _candidates(self, cells: slice, pop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What a schedule says of the candidates of some cells, towards PoPs that it was not made for.

        pop (cell,) i4, -1 where none is on. Returns furthest (cell,) i1 and followed (cell,) bool.
        """
        found, level = self.slot.found, self.slot.way.level
        ptr = self.sky.ptr[cells.start : cells.stop + 1]
        satellite = self.sky.number[self.sky.satellite[ptr[0] : ptr[-1]]]
        cell = np.repeat(np.arange(len(pop)), np.diff(ptr))
        towards = pop[cell]
        furthest = np.full(len(pop), -1, np.int8)
        np.maximum.at(furthest, cell, level[np.where(towards < 0, len(level) - 1, towards), satellite])
        lands = (towards >= 0) & (found.gateway[np.maximum(towards, 0), satellite] >= 0)
        return furthest, np.bincount(cell[lands], minlength=len(pop)) > 0

    def gateways(self, area: int) -> dict[str, np.ndarray]:
        """What the gateways carry, (gateway,) each: antennas_used, cells_served, halo_cells_served; and how many
        satellites carry the area, satellites_used.

        area: reported cells, the first of all.
        """
        found, network = self.slot.found, self.network
        count = len(network.gateways)
        cells, halo = np.empty(count, np.int32), np.empty(count, np.int32)
        carrying = np.empty(len(self.sky.near), np.bool_)
        satellites = carried(found.satellite, self.on.pop, found.gateway, area, cells, halo, carrying)
        pointing = np.where(self.on.antennas < 0, UNLIMITED, self.on.antennas) - self.slot.way.free
        if not over_lasers_now(network, self.on):
            pointing = pointing + np.bincount(found.ends[found.ends >= 0], minlength=count)
        return {
            "antennas_used": pointing,
            "cells_served": cells,
            "halo_cells_served": halo,
            "satellites_used": np.array(satellites),
        }


def blank(*shape: int) -> dict[str, np.ndarray]:
    """Arrays of terminals whom nobody serves yet, by the names of `TERMINAL_ARRAYS`.

    The reason -1 stands before all others, until the first operator has had its say.

    >>> {name: array.tolist() for name, array in blank(1).items() if name in ("reason", "reachable")}
    {'reachable': [0], 'reason': [-1]}
    """
    out = {}
    for name in TERMINAL_ARRAYS:
        dtype = np.dtype(schema.VARIABLES[name].dtype)
        out[name] = np.full(shape, np.nan if dtype.kind == "f" else 0 if name == "reachable" else -1, dtype)
    return out


@lru_cache(maxsize=2)
def code_of_level(lasers: bool) -> np.ndarray:
    """Reason of each level of a way down that is not live, the last two for nothing in sight, (7,) i1."""
    code = np.zeros(7, np.int8)
    code[OFF] = schema.REASON_CODE["satellite-off"]
    code[NO_GATEWAY] = schema.REASON_CODE["no-laser-path" if lasers else "no-gateway-in-sight"]
    code[GATEWAY_OFF] = schema.REASON_CODE["gateway-off"]
    code[[NO_FIBRE, LIVE]] = 0
    code[_BLOCKED] = schema.REASON_CODE["geostationary-arc"]
    code[-1] = schema.REASON_CODE["below-mask"]
    code.setflags(write=False)
    return code
