"""How long max-min fair rates take over a continent of cells, beside a plain heap and a solver of linear programs.

Capacities are drawn so that most links of trunks and many beams are full. The solver finds the least rate that anybody
has to live with, which is the first of many steps to the rates of all.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, vstack

from obrii.traffic.allocation import Ways, allocate
from tests.reference.flows_plain import Flow, fair_rates

CELLS, TRUNKS = 10_000, 1_000

#: Links of a trunk: a satellite, an antenna and a PoP; the same with lasers to a gateway far away.
BENT_PIPE, OVER_LASERS = 3, 25

#: Satellites, links in between, and PoPs (assumption).
SATELLITES, BETWEEN, POPS = 800, 4_000, 20

#: What one active terminal asks for at most in three plans [bit/s] (assumption).
PLANS_BPS = (25e6, 100e6, 250e6)

#: Medians of what a beam, a satellite, a link in between and a PoP carry [bit/s] (assumption), and their spread.
BEAM_BPS, SATELLITE_BPS, BETWEEN_BPS, POP_BPS, SPREAD = 1e9, 6e9, 8e9, 3e11, 0.5

#: Parts by which rates may differ: sums are rounded, and a solver stops within a tolerance.
ROUNDING, SOLVED = 1e-9, 1e-6


def network(length: int, groups: int = 1) -> tuple[Ways, np.ndarray, np.ndarray, np.ndarray]:
    """Ways, active terminals and what they ask of every flow, capacities; each cell has as many flows as groups."""
    rng = np.random.default_rng(8)
    flows = CELLS * groups
    satellite, pop = CELLS + rng.integers(0, SATELLITES, TRUNKS), rng.integers(0, POPS, TRUNKS)
    between = [rng.choice(BETWEEN, length - 2, replace=False) for _ in range(TRUNKS)]
    trunks = [
        [s, *(CELLS + SATELLITES + middle), CELLS + SATELLITES + BETWEEN + p]
        for s, middle, p in zip(satellite, between, pop)
    ]
    own = np.tile(np.arange(CELLS), groups)
    ways = Ways(own, rng.integers(0, TRUNKS, flows), length * np.arange(TRUNKS + 1), np.concatenate(trunks))
    counts = [CELLS, SATELLITES, BETWEEN, POPS]
    median_bps = np.repeat([BEAM_BPS, SATELLITE_BPS, BETWEEN_BPS * length / BENT_PIPE, POP_BPS], counts)
    capacity_bps = median_bps * rng.lognormal(0.0, SPREAD, median_bps.size)
    weight = rng.gamma(1.0, 12.0 / groups, flows)
    return ways, weight, rng.choice(PLANS_BPS, flows), capacity_bps


def plain(ways: Ways, weight: np.ndarray, asked_bps: np.ndarray, capacity_bps: np.ndarray) -> np.ndarray:
    """Rates by the twin of the tests: a heap and sets, every flow on every link of its way."""
    trunks = [tuple(links.tolist()) for links in np.split(ways.link, ways.ptr[1:-1])]
    listed = zip(ways.own.tolist(), ways.trunk.tolist(), weight.tolist(), asked_bps.tolist())
    flows = [Flow(terminals, asked, 0, (own, *trunks[trunk])) for own, trunk, terminals, asked in listed]
    rates = fair_rates(flows, capacity_bps.tolist())
    return np.array([rates[n] for n in range(len(flows))])


def least_bps(ways: Ways, weight: np.ndarray, asked_bps: np.ndarray, capacity_bps: np.ndarray) -> float:
    """The most that everybody can have at least, as one linear program, by HiGHS through SciPy; rates in Mbit/s."""
    flows, trunks = len(ways), len(ways.ptr) - 1
    links = np.repeat(np.arange(trunks), np.diff(ways.ptr))
    uses = csr_matrix((np.ones(ways.link.size), (ways.link, links)), (capacity_bps.size, trunks))
    over = uses[:, ways.trunk] + csr_matrix((np.ones(flows), (ways.own, np.arange(flows))), (capacity_bps.size, flows))
    loads = hstack([over.multiply(weight), csr_matrix((capacity_bps.size, 1))])
    at_least = hstack([-csr_matrix((np.ones(flows), (np.arange(flows),) * 2)), csr_matrix(np.ones((flows, 1)))])
    found = linprog(
        [0.0] * flows + [-1.0],
        vstack([loads, at_least]).tocsr(),
        np.concatenate([capacity_bps / 1e6, np.zeros(flows)]),
        bounds=[(0.0, most / 1e6) for most in asked_bps] + [(0.0, None)],
        method="highs",
    )
    return -found.fun * 1e6


def cpu_ms(work: Callable[[], Any], times: int = 31) -> float:
    """The median of the processor's time, after one run to warm up if there are several."""
    if times > 1:
        work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return 1e3 * median(taken)


def measure() -> list[dict]:
    """One row a measurement: work, rival, figure, unit."""
    rows = []

    def add(work: str, rival: str, figure: float) -> None:
        rows.append({"work": work, "rival": rival, "figure": round(figure, 3), "unit": "ms CPU"})

    for name, length, groups in (("bent pipe", BENT_PIPE, 1), ("over lasers", OVER_LASERS, 1), ("", OVER_LASERS, 3)):
        ways, weight, asked_bps, capacity_bps = case = network(length, groups)
        work = f"rates of {len(ways):,} flows on {TRUNKS:,} trunks of {length} links"
        work += f", {name}" if groups == 1 else f", {groups} groups in each cell"
        add(work, "obrii", cpu_ms(partial(allocate, ways, weight, asked_bps, 0, capacity_bps)))
        if groups > 1:
            order = np.repeat(np.arange(groups), CELLS)
            ours = cpu_ms(partial(allocate, ways, weight, asked_bps, order, capacity_bps))
            add(f"{work}, each of a priority of its own", "obrii", ours)
            continue
        rate_bps = allocate(ways, weight, asked_bps, 0, capacity_bps).rate_bps
        np.testing.assert_allclose(rate_bps, plain(*case), rtol=ROUNDING)
        add(work, "a heap and sets in Python", cpu_ms(partial(plain, *case), times=1))
        np.testing.assert_allclose(rate_bps.min(), least_bps(*case), rtol=SOLVED)
        add(work, "scipy.optimize.linprog (HiGHS), the least rate alone", cpu_ms(partial(least_bps, *case), times=1))
        checked = cpu_ms(partial(Ways, ways.own, ways.trunk, ways.ptr, ways.link))
        add(f"checking ways over {TRUNKS:,} trunks of {length} links", "obrii", checked)
    return rows


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:12.3f} {row['unit']}  {row['rival']:52} {row['work']}")
