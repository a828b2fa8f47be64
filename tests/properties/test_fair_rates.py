"""Laws of max-min fair rates, and a solver of linear programs as a witness.

The total of all rates is not among the laws: with one more link it may shrink.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from obrii.traffic.allocation import Allocation, Ways, allocate
from tests.reference.flows_plain import Case, cases

#: What a full link has left is a difference of sums up to 100 times as large as the rates that share it.
TOLERANCE = 1e-9

#: The solver stops within 1e-7 of feasible and optimal, at each of a few steps that build on each other.
SOLVED = 1e-5


def share(case: Case) -> Allocation:
    ways = Ways(case.own, case.trunk, case.ptr(), case.link())
    return allocate(ways, case.weight, case.asked, case.priority, case.capacity)


def way(case: Case, n: int) -> list[int]:
    return [case.own[n], *case.trunks[case.trunk[n]]]


def present(case: Case) -> list[int]:
    return [n for n, weight in enumerate(case.weight) if weight > 0]


@given(cases(flows=25))
def test_no_link_carries_more_than_it_can_and_each_what_its_flows_send(case: Case):
    found = share(case)
    load = np.zeros(len(case.capacity))
    for n in present(case):
        load[way(case, n)] += case.weight[n] * found.rate_bps[n]
    np.testing.assert_allclose(found.load_bps, load, rtol=TOLERANCE)
    assert (found.load_bps <= np.array(case.capacity) * (1.0 + TOLERANCE)).all()


@given(cases(flows=25))
def test_nobody_gets_less_than_nothing_or_more_than_he_asks(case: Case):
    rate = share(case).rate_bps
    assert np.isnan(rate).tolist() == [weight == 0 for weight in case.weight]
    assert all(0.0 <= rate[n] <= case.asked[n] for n in present(case))


@given(cases(flows=25))
def test_who_gets_less_than_he_asks_has_a_full_link_on_which_nobody_of_his_class_gets_more(case: Case):
    found = share(case)
    for n in present(case):
        if found.bottleneck[n] < 0:
            assert found.rate_bps[n] == case.asked[n]
            continue
        full = found.bottleneck[n]
        with_him = [m for m in present(case) if full in way(case, m)]
        assert n in with_him
        # Full as his class left it: those who come after get nothing there.
        assert found.load_bps[full] == pytest.approx(case.capacity[full], rel=TOLERANCE)
        for m in with_him:
            if case.priority[m] == case.priority[n]:
                assert found.rate_bps[m] <= found.rate_bps[n] * (1.0 + TOLERANCE) + TOLERANCE
            elif case.priority[m] > case.priority[n]:
                assert found.rate_bps[m] == 0.0


@given(cases(flows=25), st.sampled_from([0.5, 2.0, 1024.0]))
def test_rates_scale_with_what_is_asked_and_what_links_carry(case: Case, factor: float):
    # A power of two changes no digit of a number.
    times = replace(case, asked=[factor * x for x in case.asked], capacity=[factor * x for x in case.capacity])
    found, scaled = share(case), share(times)
    np.testing.assert_array_equal(scaled.rate_bps, factor * found.rate_bps)
    np.testing.assert_array_equal(scaled.load_bps, factor * found.load_bps)
    np.testing.assert_array_equal(scaled.bottleneck, found.bottleneck)


@given(cases(flows=25), st.data())
def test_nothing_that_a_later_class_asks_touches_an_earlier_one(case: Case, data: st.DataObject):
    later = [n for n, priority in enumerate(case.priority) if priority > 0]
    weight, asked = [*case.weight], [*case.asked]
    for n in later:
        weight[n], asked[n] = data.draw(st.sampled_from([0.0, 1.0, 500.0])), data.draw(st.sampled_from([0.0, 3.0, 1e6]))
    found, other = share(case), share(replace(case, weight=weight, asked=asked))
    first = np.array(case.priority) == 0
    np.testing.assert_array_equal(found.rate_bps[first], other.rate_bps[first])
    np.testing.assert_array_equal(found.bottleneck[first], other.bottleneck[first])


@given(cases(flows=25, classes=1))
def test_in_one_class_nothing_depends_on_which(case: Case):
    found = share(case)
    for priority in (1, 127):
        other = share(replace(case, priority=[priority] * len(case.own)))
        np.testing.assert_array_equal(found.rate_bps, other.rate_bps)


@given(cases(flows=25), st.randoms(use_true_random=False))
def test_the_order_of_flows_and_of_the_links_of_a_trunk_does_not_matter(case: Case, random):
    order = list(range(len(case.own)))
    random.shuffle(order)
    shuffled = {
        name: [getattr(case, name)[n] for n in order] for name in ("own", "trunk", "weight", "asked", "priority")
    }
    other = share(replace(case, **shuffled, trunks=[links[::-1] for links in case.trunks]))
    np.testing.assert_allclose(other.rate_bps, share(case).rate_bps[order], rtol=TOLERANCE, atol=TOLERANCE)


@given(cases(flows=25))
def test_a_flow_may_be_split_into_two_on_trunks_of_their_own(case: Case):
    halves = replace(
        case,
        weight=[weight / 2 for weight in case.weight * 2],
        own=case.own * 2,
        trunk=[*case.trunk, *(trunk + len(case.trunks) for trunk in case.trunk)],
        trunks=case.trunks * 2,
        asked=case.asked * 2,
        priority=case.priority * 2,
    )
    found, split = share(case), share(halves)
    np.testing.assert_allclose(split.rate_bps, np.tile(found.rate_bps, 2), rtol=TOLERANCE, atol=TOLERANCE)
    np.testing.assert_allclose(split.load_bps, found.load_bps, rtol=TOLERANCE, atol=TOLERANCE)


def witness(case: Case) -> dict[int, float]:
    """Rates by linear programs: raise the least as far as it goes, fix who cannot be raised beyond it, and again."""
    rates: dict[int, float] = {}
    for priority in sorted(set(case.priority)):
        rising = [n for n in present(case) if case.priority[n] == priority]
        while rising:
            level = -solve(case, rates, rising, 0.0, -1)
            fixed = [n for n in rising if -solve(case, rates, rising, level - SOLVED / 10, n) < level + SOLVED]
            rates |= dict.fromkeys(fixed, level)
            rising = [n for n in rising if n not in fixed]
            assert fixed
    return rates


def solve(case: Case, rates: dict[int, float], rising: list[int], least: float, most: int) -> float:
    """The optimum over rates of those that rise, each at least so much: the flow `most`, or the least one if -1."""
    spent = np.zeros(len(case.capacity))
    for n, rate in rates.items():
        spent[way(case, n)] += case.weight[n] * rate
    left = np.maximum(np.array(case.capacity) - spent, 0.0)
    over = np.zeros((len(left), len(rising) + 1))
    for column, n in enumerate(rising):
        over[way(case, n), column] = case.weight[n]
    limited = np.isfinite(left)
    below = np.hstack([-np.eye(len(rising)), np.ones((len(rising), 1))])
    found = linprog(
        [-float(n == most) for n in rising] + [-float(most == -1)],
        np.vstack([over[limited], below]),
        np.concatenate([left[limited], np.zeros(len(rising))]),
        bounds=[(0.0, case.asked[n]) for n in rising] + [(max(least, 0.0), None)],
        method="highs",
    )
    assert found.status == 0, found.message
    return found.fun


@settings(max_examples=15)
@given(cases(flows=6, classes=2))
def test_linear_programs_find_the_same_rates_step_by_step(case: Case):
    rate = share(case).rate_bps
    expected = witness(case)
    assert sorted(expected) == present(case)
    for n, level in expected.items():
        # A step may be off by the solver's tolerance over the smallest weight, a tenth.
        assert rate[n] == pytest.approx(level, rel=10 * SOLVED, abs=100 * SOLVED)
