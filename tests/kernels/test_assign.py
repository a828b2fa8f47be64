"""The kernels of the schedule against their plain twin and SciPy.

Lengths are float32, so sums in float64 are exact: paths are compared to the bit.
"""

from __future__ import annotations

import math

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from obrii.kernels import assign, point
from obrii.kernels.landing import LIVE, NO_GATEWAY
from tests.reference import schedule_plain
from tests.reference.schedule_plain import Plan, Slot, nothing_yet, slots


class State:
    """What the kernels change: antennas left, what follows each satellite, ways down, cells carried, choices."""

    def __init__(self, slot: Slot):
        self.slot, (pops, _), satellites = slot, slot.ground()[3].shape, len(slot.landings)
        self.free = np.array([math.inf if count < 0 else count for count in slot.antennas])
        self.free = np.minimum(self.free, 1 << 20).astype(np.int32)
        self.gateway_of = np.full(satellites, -1, np.int32)
        self.way_m = np.zeros((pops, satellites))
        self.used = np.zeros(satellites, np.int32)
        self.satellite = np.full(len(slot.pop), -1, np.int32)

    def antennas(self) -> tuple:
        return self.free, self.gateway_of, self.way_m

    def everything(self) -> tuple:
        return *self.antennas(), self.used, self.satellite

    def run(self, *kernels) -> list:
        """Each kernel in turn on this state; what each returned."""
        slot = self.slot
        _, _, ptr, satellite, range_m = surveyed(slot)
        row = np.array(slot.pop, np.int32)
        order = np.array(slot.order(), np.int32)
        ranges, changed = {assign.greedy: (range_m,)}, {point.plan: self.antennas()}
        return [
            kernel(
                order, ptr, satellite, *ranges.get(kernel, ()), row, *slot.ground(), slot.room(),
                *changed.get(kernel, self.everything()),
            )
            for kernel in kernels
        ]  # fmt: skip

    def assert_equal(self, plan: Plan) -> None:
        assert {s: g for s, g in enumerate(self.gateway_of.tolist()) if g >= 0} == plan.gateway_of
        assert {cell: s for cell, s in enumerate(self.satellite.tolist()) if s >= 0} == plan.satellite_of
        assert self.free.tolist() == [
            min(count, 1 << 20) if count < math.inf else int(self.free[g]) for g, count in enumerate(plan.free)
        ]

    def assert_lawful(self) -> None:
        """Places, antennas, sights and ways are all kept to, and the books balance."""
        slot = self.slot
        carried = np.bincount(self.satellite[self.satellite >= 0], minlength=len(self.used))
        assert carried.tolist() == self.used.tolist()
        assert (self.used <= slot.room()).all() and (self.free >= 0).all()
        for gateway, count in enumerate(slot.antennas):
            followed = np.flatnonzero(self.gateway_of == gateway)
            assert all(gateway in slot.landings[s] for s in followed)
            assert len(followed) + self.free[gateway] == (count if count >= 0 else 1 << 20)
            for s in followed:
                for pop, fibre_m in enumerate(slot.fibre_m):
                    assert self.way_m[pop, s] == slot.landings[s][gateway] + fibre_m[gateway]
        for cell in np.flatnonzero(self.satellite >= 0):
            s = self.satellite[cell]
            assert s in slot.sights[cell] and self.gateway_of[s] >= 0
            assert slot.way_m(cell, s, self.gateway_of[s]) < math.inf


def level_of(slot: Slot) -> np.ndarray:
    """How far each satellite gets, (pop + 1, satellite) i1: live or not."""
    fibre = np.isfinite(slot.ground()[3])
    found = np.full((len(fibre) + 1, len(slot.landings)), NO_GATEWAY, np.int8)
    for s, landings in enumerate(slot.landings):
        for pop in range(len(fibre)):
            if any(fibre[pop, gateway] for gateway in landings):
                found[pop, s] = LIVE
    found.setflags(write=False)
    return found


def as_they_are(level: np.ndarray) -> np.ndarray:
    """The numbers of satellites that stand in levels by the numbers that sights have."""
    number = np.arange(level.shape[1], dtype=np.int32)
    number.setflags(write=False)
    return number


def surveyed(slot: Slot) -> tuple[np.ndarray, ...]:
    """How far the candidates of each cell get, and those that get all the way: furthest, level, ptr, satellite, m."""
    ptr, satellite, range_m = slot.cells()
    level = level_of(slot)
    furthest, live = np.empty(len(slot.pop), np.int8), np.empty(len(slot.pop) + 1, np.int64)
    out = np.empty(len(satellite), np.int32), np.empty(len(satellite), np.float32)
    row = np.array([pop if pop >= 0 else len(level) - 1 for pop in slot.pop], np.int32)
    assign.survey(ptr, satellite, range_m, row, as_they_are(level), level, furthest, live, *out)
    return furthest, level, live, out[0][: live[-1]], out[1][: live[-1]]


@given(slots())
def test_a_survey_lists_the_satellites_with_a_live_way_and_how_far_the_others_get(slot: Slot):
    furthest, level, ptr, satellite, range_m = surveyed(slot)
    for cell, pop in enumerate(slot.pop):
        here = slice(ptr[cell], ptr[cell + 1])
        assert satellite[here].tolist() == slot.live(cell)
        assert range_m[here].tolist() == [slot.sights[cell][s] for s in slot.live(cell)]
        assert furthest[cell] == max((level[pop, s] for s in slot.sights[cell]), default=-1)


@given(slots())
def test_greedy_equals_the_plain_twin(slot: Slot):
    state, plan = State(slot), nothing_yet(slot)
    [left_out] = state.run(assign.greedy)
    schedule_plain.greedy(slot, plan)
    state.assert_equal(plan)
    state.assert_lawful()
    assert left_out == len(slot.order()) - len(plan.satellite_of)


@given(slots())
def test_antennas_are_planned_as_by_the_plain_twin_and_greedy_goes_on_from_there(slot: Slot):
    state, plan = State(slot), nothing_yet(slot)
    state.run(point.plan, assign.greedy)
    schedule_plain.point(slot, plan)
    schedule_plain.greedy(slot, plan)
    state.assert_equal(plan)
    state.assert_lawful()


@given(slots())
def test_an_antenna_is_freed_as_by_the_plain_twin(slot: Slot):
    state, plan = State(slot), nothing_yet(slot)
    room = np.full((2, len(state.free)), -1, np.int32)
    for s in np.random.default_rng(len(slot.pop)).permutation(len(slot.landings)).tolist():
        for pop in range(len(slot.fibre_m)):
            if s not in plan.gateway_of:
                freed = assign.free_antenna(np.int64(s), np.int32(pop), *slot.ground(), *state.antennas(), *room)
                assert freed == schedule_plain.free_antenna(slot, plan, s, pop)
                state.assert_equal(plan)
                state.assert_lawful()


@given(slots())
def test_repair_serves_more_and_takes_from_nobody(slot: Slot):
    state = State(slot)
    state.run(assign.greedy)
    before = state.satellite.copy()
    state.run(assign.repair)
    state.assert_lawful()
    assert (state.satellite[before >= 0] >= 0).all()


@given(slots())
def test_repair_serves_as_many_as_the_antennas_where_they_point_can(slot: Slot):
    state = State(slot)
    state.run(assign.greedy, assign.repair)
    gateway_of = {s: g for s, g in enumerate(state.gateway_of.tolist()) if g >= 0}
    assert (state.satellite >= 0).sum() == schedule_plain.most_served(slot, gateway_of)


@given(slots(unlimited=True, all_fibre=True))
def test_with_antennas_for_all_repair_is_a_maximum_flow(slot: Slot):
    state = State(slot)
    _, wanting = state.run(assign.greedy, assign.repair)
    state.assert_lawful()
    assert not wanting
    assert (state.satellite >= 0).sum() == flow(slot)


@given(slots())
def test_where_repair_wants_no_antenna_it_serves_as_many_as_without_limit(slot: Slot):
    state = State(slot)
    _, wanting = state.run(assign.greedy, assign.repair)
    assert wanting or (state.satellite >= 0).sum() == flow(slot)


@given(st.integers(0, 2**32 - 1), st.booleans())
def test_repair_serves_as_many_as_can_be_where_many_must_move(seed: int, all_fibre: bool):
    slot = crowded(seed, all_fibre)
    state = State(slot)
    left_out, wanting = state.run(assign.greedy, assign.repair)
    state.assert_lawful()
    gateway_of = {s: g for s, g in enumerate(state.gateway_of.tolist()) if g >= 0}
    assume(left_out > 0)
    assert (state.satellite >= 0).sum() == schedule_plain.most_served(slot, gateway_of)
    assert wanting or (state.satellite >= 0).sum() == flow(slot)


def test_repair_moves_one_antenna_after_another():
    # Satellites 0 and 1 take the antennas of gateway 0, the only ones that satellites 2 and 3 can have.
    slot = Slot([{s: 5e5} for s in range(4)], [{0: 7e5, 1: 8e5}] * 2 + [{0: 7e5}] * 2, [[1e5] * 2], [0] * 4, [2, 2], 1)
    state = State(slot)
    assert state.run(assign.greedy, assign.repair) == [2, False]
    state.assert_lawful()
    assert state.satellite.tolist() == [0, 1, 2, 3] and state.gateway_of.tolist() == [1, 1, 0, 0]


def test_repair_points_no_more_antennas_than_it_needs():
    slot = Slot(
        [{0: 5e5}, {1: 5e5}, {2: 5e5, 3: 5e5}],
        [{0: 7e5, 1: 8e5}] * 2 + [{0: 7e5}] * 2,
        [[1e5] * 2],
        [0] * 3,
        [2] * 2,
        1,
    )
    state = State(slot)
    assert state.run(assign.greedy, assign.repair) == [1, False]
    assert state.satellite.tolist() == [0, 1, 2] and state.gateway_of.tolist() == [1, 0, 0, -1]


@given(slots())
def test_a_cell_is_followed_where_an_antenna_points_at_a_way_to_its_pop(slot: Slot):
    state = State(slot)
    state.run(assign.greedy)
    _, _, ptr, satellite, _ = surveyed(slot)
    found = np.empty(len(slot.pop), np.bool_)
    assign.any_followed(ptr, satellite, np.array(slot.pop, np.int32), state.gateway_of, state.way_m, found)
    for cell in range(len(slot.pop)):
        ways = [(s, state.gateway_of[s]) for s in slot.live(cell)]
        assert found[cell] == any(g >= 0 and slot.way_m(cell, s, g) < math.inf for s, g in ways)


def crowded(seed: int, all_fibre: bool) -> Slot:
    """Cells along a line under a row of satellites that are near full; some gateways lead to one PoP of two only."""
    rng = np.random.default_rng(seed)
    cells, satellites = int(rng.integers(40, 90)), int(rng.integers(8, 14))
    at, reach = np.sort(rng.beta(0.7, 1.2, cells)) * satellites, rng.uniform(1.0, 3.0)
    near = [[s for s in range(satellites) if abs(s + 0.5 - x) < reach] for x in at]
    off = 0.0 if all_fibre else math.inf
    return Slot(
        sights=[{s: 1.0 + abs(s + 0.5 - float(np.float32(x))) for s in seen} for x, seen in zip(at, near)],
        landings=[{s % 3: 7e5, (s + 1) % 3: 8e5} for s in range(satellites)],
        fibre_m=[[1e5, 1e5 + off, 1e5], [1e5, 1e5, 1e5 + off]],
        pop=rng.integers(0, 2, cells).tolist(),
        antennas=[-1] * 3,
        capacity=-(-cells // satellites),
    )


def flow(slot: Slot) -> int:
    """The most cells that satellites can serve if each is followed towards every PoP that it could reach, by SciPy."""
    cells, satellites = len(slot.pop), len(slot.landings)
    source, sink = cells + satellites, cells + satellites + 1
    arcs = [(source, cell, 1) for cell in range(cells)]
    arcs += [(cell, cells + s, 1) for cell in range(cells) for s in slot.live(cell)]
    arcs += [(cells + s, sink, int(slot.room()[s])) for s in range(satellites)]
    if not arcs:
        return 0
    tail, head, room = zip(*arcs)
    graph = csr_matrix((np.array(room, np.int32), (tail, head)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph, source, sink).flow_value)
