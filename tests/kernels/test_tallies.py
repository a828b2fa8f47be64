"""What blocks add to a run, against plain twins."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.kernels import tallies
from tests.reference import tallies_plain

STEPS, GROUPS, CELLS, CODES, POPS = 5, 2, 4, 3, 3
SHAPE = (STEPS, GROUPS, CELLS)

#: Half a bin from either edge, so that a delay held as float32 is in the bin that is meant.
PER_S, LAST = np.float32(1000.0), 9

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def delays(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Who has service, and delays of up to twelve bins."""
    up = rng.random((STEPS, GROUPS * CELLS)) < 0.7
    delay_s = (rng.integers(0, 12, up.shape) + 0.5) / float(PER_S)
    return up, np.where(up, delay_s, np.nan).astype(np.float32)


def fine(delay_s: np.ndarray, step: int, place: int) -> int:
    return tallies_plain.bin_of(float(delay_s[step, place]), float(PER_S), LAST)


@given(seeds, st.integers(1, STEPS))
def test_satellites_are_followed_as_by_hand_however_the_run_is_cut(rng, size):
    satellite = rng.integers(-1, 2, SHAPE).astype(np.int32)
    begins, duration_s = rng.random(STEPS) < 0.3, rng.choice([15.0, 30.0], STEPS)
    start_s = np.cumsum(duration_s) - duration_s
    last, since_s = np.full(SHAPE[1:], -1, np.int32), np.zeros(SHAPE[1:])
    handover, serving_s = np.empty(SHAPE, np.int8), np.empty(SHAPE, np.float32)
    for first in range(0, STEPS, size):
        block = slice(first, first + size)
        tallies.follow(
            start_s[block], duration_s[block], begins[block], satellite[block], last, since_s, handover[block],
            serving_s[block],
        )  # fmt: skip
    for group, cell in np.ndindex(GROUPS, CELLS):
        place = (slice(None), group, cell)
        of_steps = (begins.tolist(), start_s.tolist(), duration_s.tolist())
        expected = tallies_plain.followed(satellite[place].tolist(), *of_steps)
        assert handover[place].tolist() == [change for change, _ in expected]
        np.testing.assert_array_equal(serving_s[place], [served for _, served in expected])


@given(seeds)
def test_service_is_summed_and_must_agree_with_reasons(rng):
    reason = rng.integers(0, CODES, (STEPS, GROUPS * CELLS)).astype(np.int8)
    weight = rng.integers(0, 9, (GROUPS * CELLS, 2)).astype(float)
    up, sums, served = np.empty(reason.shape, np.bool_), np.empty((STEPS, 2)), (reason == 0).astype(np.int8)
    assert tallies.sum_served(reason, served, weight, up, sums)
    assert up.tolist() == (reason == 0).tolist()
    assert sums.tolist() == [weight[row == 0].sum(axis=0).tolist() for row in reason]
    served[2, 3] ^= 1
    assert not tallies.sum_served(reason, served, weight, up, sums)


@given(seeds, st.integers(0, STEPS), st.integers(0, STEPS))
def test_time_is_counted_by_reason_and_by_what_intact_serves(rng, begin, end):
    reason = rng.integers(0, CODES, (STEPS, CELLS)).astype(np.int8)
    reachable, intact = rng.integers(-1, 2, reason.shape).astype(np.int8), rng.random(reason.shape) < 0.5
    seconds, reachable_s = np.ones((CELLS, 2, CODES)), np.ones(CELLS)
    tallies.count_codes(reason, reachable, intact, begin, end, 15.0, seconds, reachable_s)
    for k in range(CELLS):
        rows = zip(*(array[begin:end, k].tolist() for array in (reason, reachable, intact)), strict=True)
        found, within_s = tallies_plain.coded(rows, 15.0)
        assert seconds[k].tolist() == [[1.0 + found[of, code] for code in range(CODES)] for of in (False, True)]
        assert reachable_s[k] == 1.0 + within_s


@given(seeds)
def test_delays_are_counted_by_step_and_by_cell(rng):
    up, delay_s = delays(rng)
    weight, weight_s = rng.integers(1, 9, up.shape[1]).astype(float), rng.choice([0.0, 15.0], STEPS)
    coarse = np.arange(LAST + 1) // 2
    agree, low, high = tallies.delay_span(up, delay_s, weight_s > 0, PER_S, LAST)
    places = [(int(step), int(k)) for step, k in np.argwhere(up)]
    used = [fine(delay_s, *place) for place in places if weight_s[place[0]] > 0]
    assert agree and (low, high) == (min(used, default=LAST + 1), max(used, default=-1))
    by_step, by_cell = np.empty((STEPS, LAST + 1)), np.empty((CELLS, int(coarse[-1]) + 1))
    tallies.count_delays(up, delay_s, weight, PER_S, LAST, 0, by_step)
    tallies.count_cell_delays(up, delay_s, weight, weight_s, PER_S, coarse, 0, by_cell)
    of_steps, of_cells = Counter(), Counter()
    for step, k in places:
        of_steps[step, fine(delay_s, step, k)] += weight[k]
        of_cells[k % CELLS, fine(delay_s, step, k) // 2] += weight[k] * weight_s[step]
    for counted, expected in ((by_step, of_steps), (by_cell, of_cells)):
        assert counted.tolist() == [[expected[row, b] for b in range(counted.shape[1])] for row in range(len(counted))]


def test_a_delay_without_service_is_told(rng):
    up, delay_s = delays(rng)
    up[0, 0] = not up[0, 0]
    assert not tallies.delay_span(up, delay_s, np.ones(STEPS, np.bool_), PER_S, LAST)[0]


@given(seeds)
def test_handovers_and_times_of_service_are_weighed(rng):
    handover = rng.integers(-1, 2, (STEPS, CELLS)).astype(np.int8)
    serving_s = rng.choice(np.array([np.nan, 15.0, 30.0], np.float32), handover.shape)
    weight, sums = rng.integers(0, 9, CELLS).astype(float), np.empty((STEPS, 4))
    tallies.sum_stays(handover, serving_s, weight, sums)
    up = ~np.isnan(serving_s)
    parts = (handover == 1, handover >= 0, np.where(up, serving_s, 0.0), up)
    assert sums.tolist() == np.stack([(part * weight).sum(axis=1) for part in parts], axis=1).tolist()


@given(seeds)
def test_a_cell_counts_once_at_each_pop(rng):
    pop, cells = rng.integers(-1, POPS, SHAPE).astype(np.int16), np.empty((STEPS, POPS), np.int64)
    tallies.count_pops(pop, cells)
    for step in range(STEPS):
        expected = tallies_plain.pops_of(pop[step].tolist())
        assert cells[step].tolist() == [expected[p] for p in range(POPS)]


@given(seeds)
def test_rates_are_counted_by_bin_and_by_what_binds(rng):
    least_bps, width, bins = 100.0, 2.0, 6
    rate_bps = rng.choice(np.array([np.nan, 0.0, 90.0, 150.0, 300.0, 900.0, 1e6], np.float32), SHAPE)
    terminals, weight_s = rng.integers(0, 3, SHAPE[1:]).astype(float), rng.choice([0.0, 15.0], STEPS)
    flag = rng.integers(0, CODES, SHAPE).astype(np.int8)
    gateway = rng.integers(0, POPS, SHAPE).astype(np.int16)
    found, most_bps = np.empty((GROUPS, bins)), np.full(GROUPS, 120.0)
    tallies.bin_rates(rate_bps, terminals, weight_s, least_bps, np.log(width), found, most_bps)
    low, bound, at = np.empty(GROUPS), np.empty(CODES), np.empty(POPS)
    tallies.sum_bounds(rate_bps, terminals, weight_s, np.float32(200.0), flag, gateway, 1, low, bound, at)
    binned, below, by_flag, by_gateway, most = Counter(), Counter(), Counter(), Counter(), [120.0] * GROUPS
    for step, group, cell in np.ndindex(*SHAPE):
        weight, bps = terminals[group, cell] * weight_s[step], float(rate_bps[step, group, cell])
        if weight > 0 and bps >= 0:
            binned[group, tallies_plain.rate_bin(bps, least_bps, width, bins)] += weight
            most[group] = max(most[group], bps)
            below[group] += weight * (bps < 200.0)
            by_flag[int(flag[step, group, cell])] += weight
            by_gateway[int(gateway[step, group, cell])] += weight * (flag[step, group, cell] == 1)
    assert found.tolist() == [[binned[group, b] for b in range(bins)] for group in range(GROUPS)]
    assert most_bps == pytest.approx(most)
    totals = zip((low, bound, at), (below, by_flag, by_gateway), strict=True)
    assert all(array.tolist() == [counter[k] for k in range(array.size)] for array, counter in totals)
