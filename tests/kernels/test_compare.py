"""Kernels that lay variants beside each other agree with their twins, in any blocks."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from obrii.kernels import compare as kernels
from tests.reference import beside_plain

STEPS, GROUPS, CELLS, PARTS, STATIONS = 7, 2, 5, 3, 3
SHAPE = (GROUPS, CELLS)

#: Cuts between blocks; what a block is must not matter.
cuts = st.lists(st.integers(0, STEPS), max_size=3).map(lambda inside: [0, *sorted(inside), STEPS])
seeds = st.integers(0, 10_000)


class Drawn:
    """Two sides of a run, drawn; durations and shares are dyadic, so that sums are exact in any order."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        shape = (STEPS, *SHAPE)
        self.time_s = rng.choice([0.0, 15.0, 60.0], STEPS)
        self.begins = rng.random(STEPS) < 0.3
        self.field = rng.choice([0.0, 0.25, 1.0], (2, STEPS, GROUPS))
        self.served = [rng.choice(np.array([-1, 0, 1, 1], np.int8), shape) for _ in range(2)]
        up = [served == 1 for served in self.served]
        told = rng.random(shape) < 0.9
        self.rtt_s = [np.where(on & told, rng.uniform(0, 0.3, shape), np.nan).astype(np.float32) for on in up]
        self.rate = [np.where(on, rng.choice([1e6, 1e7, 5e7], shape), np.nan).astype(np.float32) for on in up]
        self.carried = [np.where(on, rng.integers(-1, STATIONS, shape), -1).astype(np.int16) for on in up]
        self.part = rng.integers(0, PARTS, CELLS)
        self.weight = np.round(rng.uniform(0, 10, (*SHAPE, 2)))

    def block(self, low: int, high: int, *names: str) -> list[np.ndarray]:
        found: list[np.ndarray] = []
        for name in names:
            value = getattr(self, name)
            if name == "field":
                found.append(np.ascontiguousarray(value[:, low:high]))
            else:
                found += [each[low:high] for each in (value if isinstance(value, list) else [value])]
        return found


def dense(found: dict, shape: tuple[int, ...]) -> np.ndarray:
    out = np.zeros(shape)
    for place, value in found.items():
        out[place] = value
    return out


def pairs(ends: list[int]) -> list[tuple[int, int]]:
    return list(itertools.pairwise(ends))


@given(seed=seeds, ends=cuts)
def test_service_and_gaps_are_those_of_the_twin(seed: int, ends: list[int]) -> None:
    drawn = Drawn(seed)
    served_s, stays_s, longest_s, now_s = np.zeros((4, *SHAPE))
    both = drawn.field.min(axis=0)
    gaps = np.zeros(SHAPE, np.int64)
    for low, high in pairs(ends):
        field = np.ascontiguousarray(drawn.field[0, low:high])
        time_s, begins, served, _ = drawn.block(low, high, "time_s", "begins", "served")
        kernels.service(time_s, begins, field, both[low:high], served, served_s, stays_s, gaps, longest_s, now_s)
    plain_s, plain_stays_s, plain_gaps = beside_plain.service(
        drawn.time_s, drawn.begins, drawn.field[0], both, drawn.served[0]
    )
    assert_array_equal(served_s, dense(plain_s, SHAPE))
    assert_array_equal(stays_s, dense(plain_stays_s, SHAPE))
    assert_array_equal(gaps, dense({place: len(each) for place, each in plain_gaps.items()}, SHAPE))
    assert_array_equal(longest_s, dense({place: max(each) for place, each in plain_gaps.items()}, SHAPE))


@given(seed=seeds, ends=cuts)
def test_delays_of_what_both_serve_are_those_of_the_twin(seed: int, ends: list[int]) -> None:
    drawn = Drawn(seed)
    per_s, bin_of = np.float32(20.0), np.array([2, 2, 3, 4])
    shape = (2, GROUPS, PARTS, 3, 2)
    both_s, slower_s, weight = np.zeros(SHAPE), np.zeros(SHAPE), np.zeros((2, GROUPS * PARTS, 3, 2))
    low_s, high_s = np.inf, -np.inf
    for low, high in pairs(ends):
        time_s, field, *served = drawn.block(low, high, "time_s", "field", "served")
        rtt_s = drawn.block(low, high, "rtt_s")
        kernels.both_served(time_s, field, *served, both_s)
        least_s, most_s = kernels.delay_bounds(time_s, field, *rtt_s)
        low_s, high_s = min(low_s, least_s), max(high_s, most_s)
        kernels.delays(
            time_s,
            field,
            *served,
            *rtt_s,
            np.float32(1.5),
            per_s,
            bin_of,
            2,
            drawn.part,
            drawn.weight,
            slower_s,
            weight,
        )

    def bin_of_s(rtt_s: np.float32) -> int:
        return int(bin_of[min(int(rtt_s * per_s), 3)]) - 2

    arguments = (drawn.time_s, drawn.field, *drawn.served)
    plain_slower_s, plain = beside_plain.delays(
        *arguments, *drawn.rtt_s, np.float32(1.5), bin_of_s, drawn.part, drawn.weight
    )
    assert_array_equal(slower_s, dense(plain_slower_s, SHAPE))
    assert_array_equal(weight.reshape(shape), dense(plain, shape))
    where = list(beside_plain.both(*arguments))
    expected_s = np.zeros(SHAPE)
    for _, g, c, seconds in where:
        expected_s[g, c] += seconds
    assert_array_equal(both_s, expected_s)
    seen = [float(rtt_s[t, g, c]) for t, g, c, _ in where for rtt_s in drawn.rtt_s if not np.isnan(rtt_s[t, g, c])]
    assert (low_s, high_s) == (min(seen, default=np.inf), max(seen, default=-np.inf))


@given(seed=seeds, ends=cuts)
def test_rates_and_who_carries_are_those_of_the_twin(seed: int, ends: list[int]) -> None:
    drawn = Drawn(seed)
    weight = np.ascontiguousarray(drawn.weight[..., 0])
    usable_bps = np.float32(5e6)
    rate, degraded_s = np.zeros((2, *SHAPE)), np.zeros(SHAPE)
    moves, taken = np.zeros((STATIONS + 1, STATIONS + 1)), np.zeros((PARTS, STATIONS + 1))
    for low, high in pairs(ends):
        arguments = drawn.block(low, high, "time_s", "field", "served")
        kernels.rates(*arguments, *drawn.block(low, high, "rate"), usable_bps, rate, degraded_s)
        kernels.carriers(*arguments, *drawn.block(low, high, "carried"), drawn.part, weight, moves, taken)
    whole = (drawn.time_s, drawn.field, *drawn.served)
    got, plain_s = beside_plain.rates(*whole, *drawn.rate, usable_bps)
    assert_allclose(rate, dense(got, rate.shape))
    assert_array_equal(degraded_s, dense(plain_s, SHAPE))
    plain_moves, plain_taken = beside_plain.carriers(*whole, *drawn.carried, drawn.part, weight, STATIONS)
    assert_array_equal(moves, dense(plain_moves, moves.shape))
    assert_array_equal(taken, dense(plain_taken, taken.shape))


@given(seed=seeds, ends=cuts)
def test_what_an_option_restores_is_that_of_the_twin(seed: int, ends: list[int]) -> None:
    drawn = Drawn(seed)
    third = Drawn(seed + 1)
    field = np.concatenate([drawn.field, third.field[:1]])
    served = [*drawn.served, third.served[0]]
    out_s = np.zeros((3, *SHAPE))
    for low, high in pairs(ends):
        block = np.ascontiguousarray(field[:, low:high])
        kernels.restore(drawn.time_s[low:high], block, *(each[low:high] for each in served), *out_s)
    expected_s = np.zeros((3, *SHAPE))
    for t, g, c in beside_plain.places(served[0].shape):
        before, left, option = (field[k, t, g] * (served[k][t, g, c] == 1) for k in range(3))
        # The first terminals of a group are in the field: quarter by quarter.
        for quarter in np.arange(4) / 4:
            up = [share > quarter for share in (before, left, option)]
            parts = (up[0] and not up[1], up[0] and not up[1] and up[2], up[2] and not up[0])
            expected_s[:, g, c] += np.array(parts) * drawn.time_s[t] / 4
    assert_array_equal(out_s, expected_s)
