"""One satellite for each cell, one antenna for each satellite: the joint schedule of a slot.

Cells with the fewest satellites that have a live way down choose first, each the least whole path among what has room;
then cells that were left out push others aside along augmenting paths (`kernels.assign`). The order, and so the result,
depends on nothing but the slot: ties go to the lower index. Slots do not remember each other, so handovers are
overstated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii.kernels import assign
from obrii.kernels.landing import LIVE
from obrii.routing.waydown import WayDown


@dataclass(frozen=True)
class Schedule:
    """Who carries whom in a slot.

    satellite (cell,) i4, -1 where none; furthest (cell,) i1: how far the candidates of a cell get, -1 where none is in
    sight, `LIVE` where it can be reached; room (cell,) bool: whether an antenna follows any of its live candidates;
    gateway (pop, satellite) i4 and way_m (pop, satellite) f8: the ways down as the antennas now point; passed
    (pop, satellite) i4: satellites on the way.
    """

    satellite: np.ndarray
    furthest: np.ndarray
    followed: np.ndarray
    gateway: np.ndarray
    way_m: np.ndarray
    passed: np.ndarray


def schedule(
    ptr: np.ndarray,
    satellite: np.ndarray,
    range_m: np.ndarray,
    pop: np.ndarray,
    wanted: np.ndarray,
    way: WayDown,
    capacity: int,
) -> Schedule:
    """Give each wanted cell a satellite, as far as satellites and antennas go.

    ptr (cell + 1,), satellite (sight,), range_m (sight,) [m]: sight lines of the cells; pop (cell,) the PoP of each,
    -1 where none is on; wanted (cell,) bool; way: of the slot and variant; capacity: cells a satellite.
    """
    cells, (pops, satellites) = len(pop), way.way_m.shape
    furthest, count = np.empty(cells, np.int8), np.empty(cells, np.int32)
    assign.survey(ptr, satellite, np.where(pop < 0, pops, pop).astype(np.int32), way.level, furthest, count)
    chosen = np.full(cells, -1, np.int32)
    gateway_of = way.gateway.max(axis=0, initial=-1)
    free, way_m, used = way.free.copy(), way.way_m.copy(), np.zeros(satellites, np.int32)
    asking = np.flatnonzero(wanted & (count > 0))
    order = asking[np.argsort(count[asking], kind="stable")]
    usable = (way.level == LIVE).any(axis=0)
    sky = (ptr, satellite)
    ground = (way.landings.ptr, way.landings.gateway, way.landings.range_m, way.fibre_m)
    state = (free, gateway_of, way_m, used, chosen)
    pop = pop.astype(np.int32)
    if assign.greedy(order, *sky, range_m, pop, usable, *ground, capacity, *state):
        assign.repair(order, *sky, pop, usable, *ground, capacity, *state)
    followed = np.zeros(cells, np.bool_)
    assign.any_followed(*sky, pop, gateway_of, way_m, followed)
    fixed = way.gateway >= 0
    gateway = np.where(fixed, way.gateway, np.where(np.isfinite(way_m), gateway_of, -1)).astype(np.int32)
    return Schedule(chosen, furthest, followed, gateway, way_m, way.passed)
