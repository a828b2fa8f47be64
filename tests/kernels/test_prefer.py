"""Choices by rank, by load and by habit against their plain twin, on drawn slots."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from obrii.kernels import assign, point, prefer
from tests.kernels.test_assign import State, as_they_are, surveyed
from tests.reference import schedule_plain
from tests.reference.schedule_plain import Slot, nothing_yet, slots

#: Longer than any path.
FAR_M = 1e9

#: Of lengths drawn as 1 to 4, and of those drawn as hundreds of kilometres.
margins = st.sampled_from([0.0, 1.0, 3.0, 2e5, FAR_M])


def ranked(slot: Slot, seed: int) -> list[dict[int, float]]:
    """A rank of every sight line, often the same."""
    rng = np.random.default_rng(seed)
    return [{s: float(rng.integers(0, 4)) for s in seen} for seen in slot.sights]


def habits(slot: Slot, seed: int) -> dict[int, int]:
    """A satellite that most cells had, in sight or not."""
    rng = np.random.default_rng(seed)
    return {
        cell: int(rng.integers(len(slot.landings)))
        for cell in range(len(slot.pop))
        if slot.landings and rng.random() < 0.7
    }


def run(state: State, rank: list[dict[int, float]] | None, margin_m: float, kept: dict[int, int], hysteresis_m: float):
    """The kernel on a state; rank None for the load."""
    slot = state.slot
    _, level, ptr, satellite, range_m = surveyed(slot)
    live = np.empty(0 if rank is None else len(satellite), np.float32)
    if rank is not None:
        every, seen, _ = slot.cells()
        of_sight = np.array([high for row in rank for high in row.values()], np.float32)
        of_sight.setflags(write=False)
        row = np.array([pop if pop >= 0 else len(level) - 1 for pop in slot.pop], np.int32)
        prefer.live_ranks(every, seen, of_sight, row, as_they_are(level), level, live)
    had = np.array([kept.get(cell, -1) for cell in range(len(slot.pop))], np.int32)
    had.setflags(write=False)
    return prefer.greedy_by_rank(
        np.array(slot.order(), np.int32), ptr, satellite, range_m, live, had, rank is None, margin_m, hysteresis_m,
        np.array(slot.pop, np.int32), *slot.ground(), slot.room(), *state.everything(),
    )  # fmt: skip


@given(slots(), st.integers(0, 2**32 - 1))
def test_live_ranks_are_those_of_the_candidates_in_their_order(slot: Slot, seed: int):
    rank = ranked(slot, seed)
    _, level, ptr, satellite, _ = surveyed(slot)
    every, seen, _ = slot.cells()
    found = np.empty(len(satellite), np.float32)
    of_sight = np.array([high for row in rank for high in row.values()], np.float32)
    of_sight.setflags(write=False)
    row = np.array([pop if pop >= 0 else len(level) - 1 for pop in slot.pop], np.int32)
    prefer.live_ranks(every, seen, of_sight, row, as_they_are(level), level, found)
    for cell in range(len(slot.pop)):
        here = slice(ptr[cell], ptr[cell + 1])
        assert found[here].tolist() == [rank[cell][s] for s in satellite[here].tolist()]


@given(slots(), st.integers(0, 2**32 - 1), st.booleans(), margins, margins)
def test_choices_by_rank_equal_the_plain_twin(slot: Slot, seed: int, by_load: bool, margin_m: float, keep_m: float):
    rank, kept = None if by_load else ranked(slot, seed), habits(slot, seed)
    state, plan = State(slot), nothing_yet(slot)
    left_out = run(state, rank, margin_m, kept, keep_m)
    schedule_plain.greedy_by_rank(slot, plan, rank, margin_m, kept, keep_m)
    state.assert_equal(plan)
    state.assert_lawful()
    assert left_out == len(slot.order()) - len(plan.satellite_of)


@given(slots(), st.integers(0, 2**32 - 1))
def test_antennas_that_were_planned_are_chosen_among_as_by_the_plain_twin(slot: Slot, seed: int):
    rank = ranked(slot, seed)
    state, plan = State(slot), nothing_yet(slot)
    state.run(point.plan)
    run(state, rank, FAR_M, {}, 0.0)
    schedule_plain.point(slot, plan)
    schedule_plain.greedy_by_rank(slot, plan, rank, FAR_M, {}, 0.0)
    state.assert_equal(plan)
    state.assert_lawful()


@given(slots())
def test_without_rank_margin_and_habit_the_least_path_decides(slot: Slot):
    ours, theirs = State(slot), State(slot)
    run(ours, [dict.fromkeys(seen, 1.0) for seen in slot.sights], 0.0, {}, 0.0)
    theirs.run(assign.greedy)
    assert ours.satellite.tolist() == theirs.satellite.tolist()
    assert ours.gateway_of.tolist() == theirs.gateway_of.tolist()


@given(slots(), st.integers(0, 2**32 - 1))
def test_repair_goes_on_from_any_choice_and_serves_as_many_as_the_antennas_can(slot: Slot, seed: int):
    state = State(slot)
    run(state, ranked(slot, seed), FAR_M, habits(slot, seed), FAR_M)
    before = state.satellite.copy()
    state.run(assign.repair)
    state.assert_lawful()
    gateway_of = {s: g for s, g in enumerate(state.gateway_of.tolist()) if g >= 0}
    assert (state.satellite[before >= 0] >= 0).all()
    assert (state.satellite >= 0).sum() == schedule_plain.most_served(slot, gateway_of)
