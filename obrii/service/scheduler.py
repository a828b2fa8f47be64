"""One satellite for each cell, one antenna for each satellite: the joint schedule of a slot.

Cells with the fewest satellites that have a live way down choose first, each by the operator's policy among what has
room (`service.preference`), by default the least whole path; then cells that were left out push others aside along
augmenting paths (`kernels.assign`). Where antennas run out, each cell's own best satellite is a waste of them: the slot
is scheduled again with the antennas pointed first, where they serve the most cells, and the better schedule of the two
is kept. The order, and so the result, depends on nothing but the slot: ties go to the lower index. Without hysteresis
slots do not remember each other, so handovers are overstated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from obrii.kernels import assign, landing, point, prefer
from obrii.routing.waydown import WayDown
from obrii.service.preference import LEAST_PATH, NOTHING, UNRANKED, Choice


@dataclass(frozen=True)
class Schedule:
    """Who carries whom in a slot; arrays are read-only.

    satellite (cell,) i4, -1 where none; furthest (cell,) i1: how far the candidates of a cell get, -1 where none is in
    sight, `LIVE` where it can be reached; followed (cell,) bool: whether an antenna follows any of its live candidates;
    gateway (pop, satellite) i4 and way_m (pop, satellite) f8: the ways down as the antennas now point; passed
    (pop, satellite) i4: satellites on the way.
    """

    satellite: np.ndarray
    furthest: np.ndarray
    followed: np.ndarray
    gateway: np.ndarray
    way_m: np.ndarray
    passed: np.ndarray

    def __post_init__(self) -> None:
        for array in vars(self).values():
            array.setflags(write=False)

    @cached_property
    def ends(self) -> np.ndarray:
        """The highest gateway at which ways of each satellite end, (satellite,) i4, -1 where none does."""
        found: np.ndarray = self.gateway.max(axis=0, initial=-1)
        return found


@dataclass
class _Draft:
    """A schedule in the making, all of it changed in place: antennas left, what they follow, ways, cells carried."""

    free: np.ndarray
    gateway_of: np.ndarray
    way_m: np.ndarray
    used: np.ndarray
    satellite: np.ndarray


def schedule(
    ptr: np.ndarray,
    satellite: np.ndarray,
    range_m: np.ndarray,
    pop: np.ndarray,
    wanted: np.ndarray,
    way: WayDown,
    capacity: np.ndarray,
    choice: Choice = LEAST_PATH,
    rank: np.ndarray = UNRANKED,
    kept: np.ndarray = NOTHING,
    number: np.ndarray | None = None,
) -> Schedule:
    """Give each wanted cell a satellite, as far as satellites and antennas go.

    ptr (cell + 1,) i8, satellite (sight,) i4, range_m (sight,) f4 [m]: sight lines of the cells; pop (cell,) the PoP of
    each, -1 where none is on; wanted (cell,) bool; way: of the slot and variant; capacity (satellite,) i4: cells that
    each can serve; choice: how a cell chooses; rank (sight,) f4 of the sight lines, where the choice has one; kept
    (cell,) i4: the satellite of the step before, -1 where none, or empty; number (satellite,) i4, ascending: how the
    satellites of sight lines are numbered in all else, here and in what is returned, by default as they are. Without
    lasers an antenna follows only satellites that carry a cell.

    Two cells, a satellite with room for one, and a gateway that sees it:

    >>> from obrii.routing.waydown import bent_pipe, landings
    >>> sight = (np.array([0, 1]), np.array([0], "i4"), np.array([7e5], "f4"))
    >>> on = np.array([True])
    >>> way = bent_pipe(landings(1, *sight), on, on, on, np.array([[3e5]]), np.array([8]))
    >>> cells = (np.array([0, 1, 2]), np.array([0, 0], "i4"), np.array([6e5, 5e5], "f4"))
    >>> found = schedule(*cells, np.array([0, 0]), np.array([True, True]), way, np.array([1], "i4"))
    >>> found.satellite.tolist(), found.followed.tolist(), found.way_m.tolist()
    ([0, -1], [True, True], [[1000000.0]])
    """
    furthest, live = np.empty(len(pop), np.int8), np.empty(len(pop) + 1, np.int64)
    sights = ptr[-1] - ptr[0]
    sight = (np.empty(sights, np.int32), np.empty(sights, np.float32))
    row = np.where(pop < 0, len(way.fibre_m), pop).astype(np.int32)
    seen = (_given(ptr), _given(satellite))
    number = _given(np.arange(way.level.shape[1], dtype=np.int32) if number is None else number)
    assign.survey(*seen, _given(range_m), row, number, way.level, furthest, live, *sight)
    live_satellite, live_range_m = (array[: live[-1]] for array in sight)
    live_rank = np.empty(live[-1] if rank.size else 0, np.float32)
    if rank.size:
        prefer.live_ranks(*seen, _given(rank), row, number, way.level, live_rank)
    count = np.diff(live)
    asking = np.flatnonzero(wanted & (count > 0)).astype(np.int32)
    # Small integers are sorted by counting; beyond, they choose last in any case.
    rank = np.minimum(count[asking], np.iinfo(np.uint16).max).astype(np.uint16)
    order = asking[np.argsort(rank, kind="stable")]
    gateway_of = way.gateway.max(axis=0, initial=-1)
    open_ = (gateway_of < 0) & (np.diff(way.landings.ptr) > 0)
    capacity = _given(capacity)
    ground = (way.landings.ptr, way.landings.gateway, way.landings.range_m, way.fibre_m)

    had = kept if kept.size else np.full(len(pop), -1, np.int32)
    wishes = (live_rank, _given(had), choice.by_load, choice.margin_m, choice.hysteresis_m or 0.0)

    def serve(planned: bool) -> tuple[_Draft, bool]:
        """A schedule, and whether it lacks antennas."""
        way_m = np.empty(way.way_m.shape)
        landing.open_ways(open_, way.way_m, way_m)
        draft = _Draft(
            free=way.free.copy(),
            gateway_of=gateway_of.copy(),
            way_m=way_m,
            used=np.zeros(way.way_m.shape[1], np.int32),
            satellite=np.full(len(pop), -1, np.int32),
        )
        antennas = (draft.free, draft.gateway_of, draft.way_m)
        if planned:
            point.plan(order, live, live_satellite, row, *ground, capacity, *antennas)
        state = (*antennas, draft.used, draft.satellite)
        candidates = (order, live, live_satellite, live_range_m)
        if choice.plain and not kept.size:
            left_out = assign.greedy(*candidates, row, *ground, capacity, *state)
        else:
            left_out = prefer.greedy_by_rank(*candidates, *wishes, row, *ground, capacity, *state)
        if not left_out:
            return draft, False
        return draft, assign.repair(order, live, live_satellite, row, *ground, capacity, *state)

    draft, starved = serve(planned=False)
    if starved and open_.any():
        planned, _ = serve(planned=True)
        if planned.used.sum() > draft.used.sum():
            draft = planned
    followed = np.empty(len(pop), np.bool_)
    assign.any_followed(live, live_satellite, row, draft.gateway_of, draft.way_m, followed)
    gateway = np.empty(way.gateway.shape, np.int32)
    landing.close_ways(open_, draft.used, draft.gateway_of, way.gateway, draft.way_m, gateway)
    return Schedule(draft.satellite, furthest, followed, gateway, draft.way_m, way.passed)


def _given(array: np.ndarray) -> np.ndarray:
    # Always read-only: a kernel is compiled once more for arrays that may be written.
    view = array.view()
    view.setflags(write=False)
    return view
