"""Max-min fair rates with sets and a heap, in plain Python: the twin of `obrii.kernels.flows`, and cases to try it on.

Every flow knows all links of its way, and leaves each of them when it stops. Numbers may be floats or fractions; with
fractions the answer is exact.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from fractions import Fraction
from numbers import Real

import numpy as np
from hypothesis import strategies as st

ASKS, LINK = 0, 1


@dataclass(frozen=True)
class Flow:
    """Terminals that share a way: how many, what each asks at most, who is first, which links."""

    weight: Real
    asked: Real
    priority: int
    way: tuple[int, ...]


def fair_rates(flows: list[Flow], capacity: list[Real]) -> dict[int, Real]:
    """The rate of a terminal of every flow that has any."""
    left, rates = dict(enumerate(capacity)), {}
    for priority in sorted({flow.priority for flow in flows}):
        rising = {n: flow for n, flow in enumerate(flows) if flow.weight and flow.priority == priority}
        found = fill(rising, left)
        for n, rate in found.items():
            for link in flows[n].way:
                left[link] = max(left[link] - flows[n].weight * rate, 0)
        rates |= found
    return rates


def fill(flows: dict[int, Flow], left: dict[int, Real]) -> dict[int, Real]:
    """Raise all rates together; each stops at what it asks, or when a link on its way is full."""
    rates: dict[int, Real] = {}
    on: dict[int, set[int]] = {}
    for n, flow in flows.items():
        for link in flow.way:
            on.setdefault(link, set()).add(n)
    stopped = dict.fromkeys(on, 0)

    def full_at(link: int) -> Real:
        rising = sum(flows[n].weight for n in sorted(on[link]))
        return (left[link] - stopped[link]) / rising if rising else math.inf

    events = [(flow.asked, ASKS, n) for n, flow in flows.items()] + [(full_at(link), LINK, link) for link in on]
    heapq.heapify(events)
    while len(rates) < len(flows):
        level, kind, number = heapq.heappop(events)
        if kind == LINK and on[number] and full_at(number) > level:
            heapq.heappush(events, (full_at(number), LINK, number))
            continue
        for n in sorted(on[number]) if kind == LINK else {number} - rates.keys():
            rates[n] = level
            for link in flows[n].way:
                on[link].discard(n)
                stopped[link] += flows[n].weight * level
    return rates


def loads(flows: list[Flow], rates: dict[int, Real], links: int) -> list[Real]:
    """What rates put on every link."""
    load = [0] * links
    for n, rate in rates.items():
        for link in flows[n].way:
            load[link] += flows[n].weight * rate
    return load


def bottlenecks(flows: list[Flow], rates: dict[int, Real], capacity: list[Real], n: int) -> set[int]:
    """The full links on a flow's way where nobody of its class gets more, and nobody of a later class gets anything."""
    first = {m: rate for m, rate in rates.items() if flows[m].priority <= flows[n].priority}
    load = loads(flows, first, len(capacity))
    return {
        link
        for link in flows[n].way
        if load[link] == capacity[link]
        and all(
            rates[m] <= rates[n]
            for m, flow in enumerate(flows)
            if m in rates and link in flow.way and flow.priority == flows[n].priority
        )
    }


@dataclass(frozen=True)
class Case:
    """The arguments of `allocate` as lists: own, trunk, links of each trunk, weight, asked, priority, capacity."""

    own: list[int]
    trunk: list[int]
    trunks: list[list[int]]
    weight: list[float]
    asked: list[float]
    priority: list[int]
    capacity: list[float]

    def ptr(self) -> np.ndarray:
        return np.cumsum([0, *map(len, self.trunks)])

    def link(self) -> np.ndarray:
        return np.array([link for links in self.trunks for link in links], np.int32)

    def flows(self, exact: bool = True) -> list[Flow]:
        """The flows of the twin, with fractions or floats."""
        number = _fraction if exact else float
        return [
            Flow(number(weight), number(asked), priority, (own, *self.trunks[trunk]))
            for weight, asked, priority, own, trunk in zip(
                self.weight, self.asked, self.priority, self.own, self.trunk, strict=True
            )
        ]

    def capacities(self) -> list[Real]:
        """The capacities of the twin as fractions."""
        return [_fraction(capacity) for capacity in self.capacity]


def _fraction(value: float) -> Real:
    return Fraction(value) if math.isfinite(value) else value


@st.composite
def cases(draw: st.DrawFn, flows: int = 12, classes: int = 3) -> Case:
    """A few cells, trunks and shared links, with many ties, links that carry nothing and links without limit."""
    cells, trunks, shared = draw(st.integers(1, 6)), draw(st.integers(1, 5)), draw(st.integers(0, 5))
    names = draw(st.permutations(range(cells + shared)))
    ways = st.lists(st.sampled_from(names[cells:]), unique=True) if shared else st.just([])
    amount = st.sampled_from([0.0, 0.1, 1.0, 1.0, 2.0, 3.0, 7.3, 40.0])
    capacity = st.one_of(st.sampled_from([0.0, 1.0, 5.0, 12.0, math.inf]), st.floats(0.01, 100.0))
    asks = st.one_of(st.sampled_from([0.0, 0.5, 1.0, 2.0, 10.0]), st.floats(0.01, 20.0))
    n = draw(st.integers(0, flows))

    def many(what: st.SearchStrategy, count: int) -> list:
        return draw(st.lists(what, min_size=count, max_size=count))

    return Case(
        own=many(st.sampled_from(names[:cells]), n),
        trunk=many(st.integers(0, trunks - 1), n),
        trunks=many(ways, trunks),
        weight=many(amount, n),
        asked=many(asks, n),
        priority=many(st.integers(0, classes - 1), n),
        capacity=many(capacity, cells + shared),
    )
