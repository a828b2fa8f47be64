"""What the terminals of one operator get in one slot: their flows, the links on their ways, and the fair rates.

A flow is the active terminals of a group in a cell. Its way is the beams of its cell, and the trunk of its satellite
towards its PoP: the satellite, lasers, the antenna of a gateway, the PoP. Traffic is that to the users.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from obrii import schema
from obrii.kernels.trunks import laser_rows, lay_trunks
from obrii.service.slot import Offer
from obrii.traffic.allocation import Allocation, Ways, allocate
from obrii.traffic.payload import Payloads

#: Group of the terminals that compete and are not reported.
OTHERS = -1

#: A reported group's number, and of the cells in which an operator serves it the cells, satellites and PoPs.
Served = tuple[int, np.ndarray, np.ndarray, np.ndarray]

#: Sorts of links, in the order in which they are numbered, as `bottleneck` names them.
_SORTS = ("cell", "satellite", "antenna", "laser", "pop")


@dataclass(frozen=True)
class Flows:
    """Terminals of one operator that have service in a slot, and their ways.

    group (flow,) i4, `OTHERS` for those that are not reported; cell (flow,) i4; ways: their links; first (sort + 1,):
    where each sort of links begins; capacity_bps (link,); gateway, pop (trunk,): where each trunk comes down, in
    indices of the operator.
    """

    group: np.ndarray
    cell: np.ndarray
    ways: Ways
    first: np.ndarray
    capacity_bps: np.ndarray
    gateway: np.ndarray
    pop: np.ndarray

    def __len__(self) -> int:
        return len(self.group)

    def allocate(self, active: np.ndarray, asked_bps: np.ndarray, priority: np.ndarray) -> Allocation:
        """Max-min fair rates.

        active (flow,): terminals; asked_bps, priority (flow,): the most that one of them uses, and whose turn it is,
        the lower first.
        """
        return allocate(self.ways, active, asked_bps, priority, self.capacity_bps)

    def bottlenecks(self, found: Allocation) -> np.ndarray:
        """Sort of the link that binds each flow, a flag of `schema`, (flow,) i1."""
        flag = np.array([schema.BOTTLENECK[sort] for sort in ("none", *_SORTS)], np.int8)
        return flag[np.where(found.bottleneck < 0, 0, np.searchsorted(self.first, found.bottleneck, side="right"))]

    def landed_bps(self, found: Allocation, active: np.ndarray, gateways: int, pops: int) -> list[np.ndarray]:
        """What comes from gateways and from PoPs, (gateway,) and (pop,) [bit/s]; active (flow,) as allocated."""
        of_flow = np.where(active > 0, active * found.rate_bps, 0.0)
        of_trunk = np.bincount(self.ways.trunk, of_flow, len(self.gateway))
        return [np.bincount(ends, of_trunk, n) for ends, n in ((self.gateway, gateways), (self.pop, pops))]


def flows(
    offer: Offer,
    payloads: Payloads,
    served: Sequence[Served],
    others: np.ndarray,
) -> Flows:
    """The flows of one operator in a slot.

    served: of each reported group, in indices of the operator; others (cell,) bool: where terminals stand that are not
    reported.
    """
    schedule = offer.slot.schedule
    pops, satellites = schedule.way_m.shape
    competing = np.flatnonzero(others & (schedule.satellite >= 0) & (offer.on.pop >= 0))
    theirs = schedule.satellite[competing], offer.on.pop[competing]
    lands = np.isfinite(schedule.way_m[theirs[1], theirs[0]])
    parts = [*served, (OTHERS, competing[lands], theirs[0][lands], theirs[1][lands])]
    group = np.concatenate([np.full(len(part[1]), part[0], np.int32) for part in parts])
    cell, satellite, pop = (np.concatenate([part[k] for part in parts]).astype(np.int32) for k in (1, 2, 3))
    number, trunk = _numbered(satellite.astype(np.int64) * pops + pop, satellites * pops)
    trunk_satellite, trunk_pop = (number // pops).astype(np.int32), (number % pops).astype(np.int32)
    laser_bps = payloads.link_bps(offer.sky.laser_a, offer.sky.laser_b)
    sizes = (len(schedule.satellite), satellites, satellites, 2 * len(laser_bps), pops)
    first = np.concatenate([[0], np.cumsum(sizes)])
    ptr, link = _trunks(offer, trunk_satellite, trunk_pop, first)
    own_bps = np.full(sizes[0], np.inf)
    carried = schedule.satellite >= 0
    own_bps[carried] = payloads.fan[carried] * payloads.cell_bps[schedule.satellite[carried]]
    return Flows(
        group=group,
        cell=cell,
        ways=Ways(cell, trunk, ptr, link),
        first=first,
        capacity_bps=np.concatenate(
            [
                own_bps,
                payloads.satellite_bps,
                payloads.feeder_bps,
                np.repeat(laser_bps, 2),
                payloads.pop_bps,
            ]
        ),
        gateway=schedule.gateway[trunk_pop, trunk_satellite],
        pop=trunk_pop,
    )


def _numbered(key: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """The different keys, ascending, and the place of each key among them, i4; keys are below size."""
    place = np.zeros(size, np.int32)
    place[key] = 1
    number = np.flatnonzero(place)
    place[number] = np.arange(len(number), dtype=np.int32)
    return number, place[key]


def followed_bps(offer: Offer, payloads: Payloads) -> np.ndarray:
    """What the antennas of each gateway can send to the satellites that they follow, (gateway,) [bit/s]."""
    schedule = offer.slot.schedule
    own = np.where(schedule.passed == 1, schedule.gateway, -1).max(axis=0, initial=-1)
    return np.bincount(own[own >= 0], payloads.feeder_bps[own >= 0], len(offer.network.gateways))


def _trunks(offer: Offer, satellite: np.ndarray, pop: np.ndarray, first: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Links of every trunk: ptr (trunk + 1,) i4 and link (entry,) i4."""
    sky, onward = offer.sky, offer.slot.way.onward
    lasers = len(sky.laser_a)
    laser_ptr = np.empty(onward.shape[1] + 1, np.int32)
    to, laser = np.empty((2, 2 * lasers), np.int32)
    laser_rows(
        np.ascontiguousarray(sky.laser_a, np.int32), np.ascontiguousarray(sky.laser_b, np.int32), laser_ptr, to, laser
    )
    ptr = np.empty(len(satellite) + 1, np.int32)
    _, first_satellite, first_antenna, first_laser, first_pop, _ = first.tolist()
    places = (first_satellite, first_antenna, first_laser, first_pop)
    link = np.empty(4 * len(satellite), np.int32)
    while (count := lay_trunks(satellite, pop, onward, laser_ptr, to, laser, *places, ptr, link)) > len(link):
        link = np.empty(count, np.int32)
    return ptr, link[:count]
