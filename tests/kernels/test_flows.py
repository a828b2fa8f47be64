"""The kernel `max_min` against its plain twin, which counts in fractions."""

from __future__ import annotations

import heapq
import math

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.kernels import flows
from tests.reference import flows_plain
from tests.reference.flows_plain import Case, cases

#: The kernel takes levels within 1e-12 of each other for equal, and what a full link has left is a difference of sums
#: up to 100 times as large as the rates that share it.
TOLERANCE = 1e-9


def shared(case: Case) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rate, bottleneck and load by the kernel."""
    arrays = [
        np.array(values, kind)
        for values, kind in (
            (case.own, np.int32), (case.trunk, np.int32), (case.ptr(), np.int64), (case.link(), np.int32),
            (case.weight, float), (case.asked, float), (case.priority, np.int8), (case.capacity, float),
        )
    ]  # fmt: skip
    for array in arrays:
        array.setflags(write=False)
    found = np.empty(len(case.own)), np.empty(len(case.own), np.int32), np.empty(len(case.capacity))
    flows.max_min(*arrays, *found)
    return found


def random_case(rng: np.random.Generator, cells: int, trunks: int, length: int, groups: int = 1) -> Case:
    """Cells of as many groups under trunks over a twentieth as many links as there are cells, and most of them full."""
    links = max(cells // 20, length)
    return Case(
        own=np.tile(np.arange(cells), groups).tolist(),
        trunk=rng.integers(0, trunks, cells * groups).tolist(),
        trunks=[(cells + rng.choice(links, length, replace=False)).tolist() for _ in range(trunks)],
        weight=rng.integers(0, 9, cells * groups).astype(float).tolist(),
        asked=rng.choice([20.0, 100.0, 100.0, 250.0], cells * groups).tolist(),
        priority=(np.arange(cells * groups) // cells % 2).tolist(),
        capacity=[*rng.uniform(50.0, 500.0, cells).tolist(), *(rng.lognormal(8.0, 0.7, links) * length).tolist()],
    )


@given(cases())
def test_rates_and_loads_are_those_of_the_plain_twin(case: Case):
    rate, bound, load = shared(case)
    plain, capacity = case.flows(), case.capacities()
    rates = flows_plain.fair_rates(plain, capacity)
    assert [n for n, each in enumerate(rate) if not math.isnan(each)] == sorted(rates)
    for n, expected in rates.items():
        assert rate[n] == pytest.approx(float(expected), rel=TOLERANCE, abs=TOLERANCE)
        binding = flows_plain.bottlenecks(plain, rates, capacity, n)
        # Where one asks for just what the links leave, both stop it, and rounding tells which is said.
        assert (bound[n] in binding) if bound[n] >= 0 else rate[n] == case.asked[n]
    assert load == pytest.approx([float(x) for x in flows_plain.loads(plain, rates, len(capacity))], abs=TOLERANCE)
    assert all(bound[n] == -1 for n, weight in enumerate(case.weight) if not weight)


@pytest.mark.parametrize(("trunks", "length", "groups"), [(20, 3, 1), (80, 9, 3), (1, 2, 2)])
def test_rates_of_many_flows_are_those_of_the_plain_twin(rng, trunks: int, length: int, groups: int):
    case = random_case(rng, 150, trunks, length, groups)
    rate, bound, _ = shared(case)
    rates = flows_plain.fair_rates(case.flows(exact=False), case.capacity)
    expected = [rates.get(n, math.nan) for n in range(len(rate))]
    np.testing.assert_allclose(rate, expected, rtol=TOLERANCE, atol=TOLERANCE)
    assert {-1, *range(150)} & {*bound.tolist()} and max(bound) >= 150


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="too many flows to count in plain Python")
@pytest.mark.parametrize(("cells", "trunks", "length"), [(10_000, 1_000, 3), (3_000, 3_000, 25), (20_000, 1, 2)])
def test_no_link_carries_more_than_it_can_however_many_flows_there_are(rng, cells: int, trunks: int, length: int):
    case = random_case(rng, cells, trunks, length)
    rate, bound, load = shared(case)
    capacity, weight = np.array(case.capacity), np.array(case.weight)
    assert (load <= capacity * (1.0 + TOLERANCE)).all()
    full = np.unique(bound[bound >= 0])
    np.testing.assert_allclose(load[full], capacity[full], rtol=TOLERANCE)
    np.testing.assert_array_equal(rate[(bound < 0) & (weight > 0)], np.array(case.asked)[(bound < 0) & (weight > 0)])
    carried = np.nansum(weight * rate)
    np.testing.assert_allclose(load[:cells].sum(), carried, rtol=TOLERANCE)
    np.testing.assert_allclose(load[cells:].sum(), carried * length, rtol=TOLERANCE)


def one_cell_each(trunks: list[list[int]], own_bps: float = math.inf, **other) -> Case:
    """A flow of one terminal on each trunk, from a cell of its own; links of trunks come after those of cells."""
    n = len(trunks)
    named = [[n + link for link in links] for links in trunks]
    given_ = {"weight": [1.0] * n, "asked": [1e3] * n, "priority": [0] * n} | other
    return Case(list(range(n)), list(range(n)), named, **{**given_, "capacity": [own_bps] * n + given_["capacity"]})


def test_the_textbook_example_of_a_line_of_links_is_met():
    # Bertsekas and Gallager, "Data Networks" (1992), section 6.5.2: one session over a whole line, others over parts.
    case = one_cell_each([[0, 1, 2], [0], [1], [1, 2], [2]], capacity=[6.0, 3.0, 9.0])
    rate, bound, _ = shared(case)
    assert rate.tolist() == [1.0, 5.0, 1.0, 1.0, 7.0]
    assert bound.tolist() == [6, 5, 6, 6, 7]


def test_of_links_that_are_full_at_once_the_own_one_binds_and_else_the_lowest():
    assert shared(one_cell_each([[1, 0]], capacity=[4.0, 4.0]))[1].tolist() == [1]
    assert shared(one_cell_each([[1, 0]], own_bps=4.0, capacity=[4.0, 4.0]))[1].tolist() == [0]
    assert shared(one_cell_each([[0, 1], [0, 1]], capacity=[4.0, 4.0]))[1].tolist() == [2, 2]
    two_groups = Case([1, 1], [0, 0], [[0]], [1.0] * 2, [9.0] * 2, [0, 0], [4.0, 4.0])
    assert shared(two_groups)[1].tolist() == [1, 1]


def test_who_gets_what_he_asks_has_no_bottleneck_though_his_links_are_full():
    rate, bound, load = shared(one_cell_each([[0], [0], [0]], capacity=[0.6], asked=[0.1, 0.2, 0.3]))
    assert rate.tolist() == [0.1, 0.2, 0.3]
    assert bound.tolist() == [-1, -1, -1]
    assert load[3] == pytest.approx(0.6)


def test_a_class_gets_nothing_where_the_one_before_it_filled_a_link():
    # Three sevenths of a tenth and the like leave rounding behind, which is nothing.
    case = one_cell_each([[0]] * 4, capacity=[0.1], weight=[3.0, 3.0, 1.0, 5.0], priority=[0, 0, 0, 1])
    rate, bound, _ = shared(case)
    assert rate[:3] == pytest.approx([0.1 / 7] * 3, rel=TOLERANCE)
    assert rate[3] == 0.0
    assert bound.tolist() == [4] * 4


def test_links_without_capacity_give_nothing_and_links_without_limit_give_everything():
    rate, bound, load = shared(one_cell_each([[0], [1], []], capacity=[0.0, math.inf]))
    assert rate.tolist() == [0.0, 1e3, 1e3]
    assert bound.tolist() == [3, -1, -1]
    assert load.tolist() == [0.0, 1e3, 1e3, 0.0, 1e3]


def test_a_single_terminal_among_very_many_that_ask_for_little_keeps_its_own_share():
    # The weight that still rises is left after a million million times as much has stopped.
    weight, asked = [1e9, 1e9, 1e-3, 1e-3], [1e-6, 1e-6, 1e9, 1e9]
    rate, _, load = shared(one_cell_each([[0]] * 4, capacity=[4e3], weight=weight, asked=asked))
    assert rate == pytest.approx([1e-6, 1e-6, 1e6, 1e6], rel=TOLERANCE)
    one_trunk = Case([0, 1, 2, 3], [0] * 4, [[4]], weight, asked, [0] * 4, [math.inf] * 4 + [4e3])
    rate, _, load = shared(one_trunk)
    assert rate == pytest.approx([1e-6, 1e-6, 1e6, 1e6], rel=TOLERANCE)
    assert load[4] == pytest.approx(4e3, rel=TOLERANCE)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 99)), min_size=1, max_size=30), st.integers(1, 6))
def test_a_heap_gives_entries_by_key_and_equal_ones_by_number(entries: list[tuple[int, int]], first: int):
    key = np.array([0.0] * first + [key for key, _ in entries])
    item = np.array([0] * first + [number for _, number in entries], np.int32)
    count = len(entries)
    for at in range(count // 2 - 1, -1, -1):
        flows.sink(key, item, first, count, at)
    taken, waiting = [], [*entries]
    heapq.heapify(waiting)
    while count:
        taken.append((int(key[first]), int(item[first])))
        count -= 1
        key[first], item[first] = key[first + count], item[first + count]
        flows.sink(key, item, first, count, 0)
    assert taken == [heapq.heappop(waiting) for _ in entries]
