"""What the terminals of one operator get in one slot: their flows, the links on their ways, and the fair rates.

A flow is the active terminals of a group in a cell. Its way is the beams of its cell, and the trunk of its satellite
towards its PoP: the satellite, lasers, the antenna of a gateway, the PoP. Traffic is that to the users.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from obrii import schema
from obrii.kernels.asked import follow_up, land, list_flows
from obrii.kernels.trunks import laser_rows, lay_trunks, name_bounds, number_trunks
from obrii.service.slot import Offer
from obrii.traffic.allocation import Allocation, shared
from obrii.traffic.payload import Payloads

#: Sorts of links, in the order in which they are numbered, as `bottleneck` names them.
_SORTS = ("cell", "satellite", "antenna", "laser", "pop")

#: Flags of `schema` for what binds a flow: nothing, or a sort of link.
_FLAGS = np.array([schema.BOTTLENECK[sort] for sort in ("none", *_SORTS)], np.int8)


@dataclass(frozen=True)
class Served:
    """Terminals that have service from one operator in a slot, in its own indices.

    group (flow,) i4, those that are reported first and then those that are not, with the group -1; reported: how many
    flows are; cell, satellite, pop (flow,) i4.
    """

    group: np.ndarray
    cell: np.ndarray
    satellite: np.ndarray
    pop: np.ndarray
    reported: int

    def __len__(self) -> int:
        return self.group.size


@dataclass(frozen=True)
class Flows:
    """Terminals of one operator that have service in a slot, and their ways.

    served: who; trunk (flow,) i4, ptr (trunk + 1,) i8, link (way,) i4: their ways, as in `Ways`, where the own link of
    a cell has its number; first (sort + 1,): where each sort of links begins; capacity_bps (link,); gateway, pop
    (trunk,): where each trunk comes down, in indices of the operator.
    """

    served: Served
    trunk: np.ndarray
    ptr: np.ndarray
    link: np.ndarray
    first: np.ndarray
    capacity_bps: np.ndarray
    gateway: np.ndarray
    pop: np.ndarray

    def __len__(self) -> int:
        return len(self.served)

    def allocate(self, active: np.ndarray, asked_bps: np.ndarray, priority: np.ndarray) -> Allocation:
        """Max-min fair rates.

        active (flow,): terminals; asked_bps, priority (flow,): the most that one of them uses, and whose turn it is,
        the lower first.
        """
        network = (self.served.cell, self.trunk, self.ptr, self.link)
        return shared(*network, active, asked_bps, priority, self.capacity_bps)

    def bottlenecks(self, found: Allocation) -> np.ndarray:
        """Sort of the link that binds each flow, a flag of `schema`, (flow,) i1."""
        flag = np.empty(len(self), np.int8)
        name_bounds(found.bottleneck, self.first, _FLAGS, flag)
        return flag

    def landed_bps(self, found: Allocation, active: np.ndarray, gateways: int, pops: int) -> list[np.ndarray]:
        """What comes from gateways and from PoPs, (gateway,) and (pop,) [bit/s]; active (flow,) as allocated."""
        ends = [np.empty(gateways), np.empty(pops)]
        land(self.trunk, active, found.rate_bps, self.gateway, self.pop, *ends)
        return ends


def served_by(
    offer: Offer, terminals: Mapping[str, np.ndarray], stands: np.ndarray, users: np.ndarray, others: np.ndarray
) -> Served:
    """Who has service from an operator in a slot.

    terminals: what serves those of each group in each cell of the area, (group, cell) by name, on the axes of all;
    stands (group, cell) bool: where they are; users (k,) i4: groups that may use the operator; others (cell,):
    terminals that are not reported.
    """
    schedule, network = offer.slot.schedule, (terminals["operator"], terminals["satellite"], terminals["pop"])
    room = users.size * network[0].shape[1] + others.size
    group, cell, satellite, pop = np.empty((4, room), np.int32)
    reported, count = list_flows(
        users, stands, *network, offer.first, others, schedule.way_m, schedule.satellite, offer.on.pop,
        group, cell, satellite, pop,
    )  # fmt: skip
    return Served(group[:count], cell[:count], satellite[:count], pop[:count], reported)


def flows(offer: Offer, payloads: Payloads, served: Served) -> Flows:
    """The flows of one operator in a slot."""
    schedule = offer.slot.schedule
    pops, satellites = schedule.way_m.shape
    trunk, satellite, pop = np.empty((3, len(served)), np.int32)
    count = number_trunks(served.satellite, served.pop, satellites, pops, trunk, satellite, pop)
    satellite, pop = satellite[:count], pop[:count]
    laser_bps = payloads.link_bps(offer.sky.laser_a, offer.sky.laser_b)
    sizes = (len(schedule.satellite), satellites, satellites, 2 * len(laser_bps), pops)
    first = np.array([*accumulate(sizes, initial=0)])
    ptr, link = _trunks(offer, satellite, pop, first)
    own_bps = np.full(sizes[0], np.inf)
    carried = np.flatnonzero(schedule.satellite >= 0)
    own_bps[carried] = payloads.fan[carried] * payloads.cell_bps[schedule.satellite[carried]]
    limits = (own_bps, payloads.satellite_bps, payloads.feeder_bps, np.repeat(laser_bps, 2), payloads.pop_bps)
    return Flows(
        served=served,
        trunk=trunk,
        ptr=ptr,
        link=link,
        first=first,
        capacity_bps=np.concatenate(limits),
        gateway=schedule.gateway[pop, satellite],
        pop=pop,
    )


def followed_bps(offer: Offer, payloads: Payloads) -> np.ndarray:
    """What the antennas of each gateway can send to the satellites that they follow, (gateway,) [bit/s]."""
    schedule, of_gateways = offer.slot.schedule, np.empty(len(offer.network.gateways))
    follow_up(schedule.passed, schedule.gateway, payloads.feeder_bps, of_gateways)
    return of_gateways


def _trunks(offer: Offer, satellite: np.ndarray, pop: np.ndarray, first: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Links of every trunk: ptr (trunk + 1,) i8 and link (entry,) i4."""
    sky, onward = offer.sky, offer.slot.onward
    lasers = len(sky.laser_a)
    laser_ptr = np.empty(onward.shape[1] + 1, np.int32)
    to, laser = np.empty((2, 2 * lasers), np.int32)
    laser_rows(
        np.ascontiguousarray(sky.laser_a, np.int32), np.ascontiguousarray(sky.laser_b, np.int32), laser_ptr, to, laser
    )
    ptr = np.empty(len(satellite) + 1, np.int64)
    _, first_satellite, first_antenna, first_laser, first_pop, _ = first.tolist()
    places = (first_satellite, first_antenna, first_laser, first_pop)
    link = np.empty(4 * len(satellite), np.int32)
    while (count := lay_trunks(satellite, pop, onward, laser_ptr, to, laser, *places, ptr, link)) > len(link):
        link = np.empty(count, np.int32)
    return ptr, link[:count]
