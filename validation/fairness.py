"""Max-min fair rates against linear programmes, and over the ways down of whole constellations against the most."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from obrii.routing import waydown
from obrii.traffic.allocation import Ways, allocate
from validation.record import Effort, Finding, Validation
from validation.throughput import ANTENNAS, ASKED_MBPS, SYSTEMS, Sky, System, flow_tbps, trial

#: Duals from which a row binds in every optimum: far above the solver's own tolerance of 1e-7.
BINDS = 1e-5


class Network(NamedTuple):
    """The arguments of `allocate`, in units of the size of 1."""

    ways: Ways
    weight: np.ndarray
    asked: np.ndarray
    priority: np.ndarray
    capacity: np.ndarray


def programmed(network: Network) -> np.ndarray:
    """Rates by linear programmes, (flow,), NaN where there is no flow; HiGHS.

    One programme raises the least rate as far as it goes. Who is at it with a dual is so in every optimum: fixed there,
    while the next programme raises the others.
    """
    ways, left = network.ways, network.capacity.copy()
    count = np.where(ways.trunk >= 0, np.diff(ways.ptr)[ways.trunk], 0)
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    entry = np.repeat(ways.ptr[ways.trunk], count) + step
    link = np.concatenate([ways.own, ways.link[entry]])
    flow = np.concatenate([np.arange(len(ways)), np.repeat(np.arange(len(ways)), count)])
    rate = np.full(len(ways), np.nan)
    for turn in np.unique(network.priority):
        rising = (network.priority == turn) & (network.weight > 0)
        while rising.any():
            level, stops = _raised(rising, link, flow, network, left)
            stopped = np.flatnonzero(rising)[stops]
            rate[stopped], rising[stopped] = level, False
            of = np.isin(flow, stopped)
            spent = np.bincount(link[of], level * network.weight[flow[of]], len(left))
            left = np.maximum(left - spent, 0.0)
    return rate


def _raised(
    rising: np.ndarray, link: np.ndarray, flow: np.ndarray, network: Network, left: np.ndarray
) -> tuple[float, np.ndarray]:
    """The highest least rate of those that rise, and who of them cannot be above it, (rising,) bool."""
    n, links = int(rising.sum()), len(left)
    column = np.cumsum(rising) - 1
    on, each = rising[flow], np.arange(n)
    rows = np.concatenate([link[on], links + each, links + each])
    columns = np.concatenate([column[flow[on]], each, np.full(n, n)])
    values = np.concatenate([network.weight[flow[on]], np.full(n, -1.0), np.ones(n)])
    found = linprog(
        np.append(np.zeros(n), -1.0),
        A_ub=coo_array((values, (rows, columns)), shape=(links + n, n + 1)).tocsr(),
        b_ub=np.concatenate([left, np.zeros(n)]),
        bounds=np.column_stack([np.zeros(n + 1), np.append(network.asked[rising], np.inf)]),
        method="highs",
    )
    return -float(found.fun), -found.ineqlin.marginals[links:] > BINDS


def drawn(seed: int, flows: int) -> Network:
    """A network of cells and trunks, with two classes, many equal numbers and flows without terminals."""
    rng = np.random.default_rng(seed)
    cells, shared, trunks = rng.integers(2, flows), 6, 8
    links = [cells + rng.choice(shared, rng.integers(0, 4), replace=False) for _ in range(trunks)]
    return Network(
        Ways(
            own=rng.integers(0, cells, flows),
            trunk=rng.integers(0, trunks, flows),
            ptr=np.cumsum([0, *map(len, links)]),
            link=np.concatenate(links),
        ),
        weight=rng.choice([0.0, 1.0, 2.0, 5.5], flows),
        asked=rng.choice([0.5, 1.0, 3.0, 8.0], flows),
        priority=rng.integers(0, 2, flows),
        capacity=rng.choice([2.0, 5.0, 9.0, 30.0], cells + shared) * rng.choice([1.0, rng.random()], cells + shared),
    )


@cache
def flown(system: System, instants: int, at: int, sites: int) -> Network:
    """Users of a system at an instant, over the ways down that Obrii finds: rates in units of what each asks for.

    Antennas follow satellites, the nearest first, and every other satellite goes over lasers to one of them. Users of a
    satellite are one flow. Links: beams of each satellite, antennas that follow it, and lasers, each way.
    """
    order, skies = trial(system, instants)
    sky, chosen = skies[at], order[:sites]
    way = _way_down(system, sky, chosen)
    n, lasers = len(sky.asked_mbps), {}
    for k, (a, b) in enumerate(zip(sky.laser_a.tolist(), sky.laser_b.tolist(), strict=True)):
        lasers[a, b], lasers[b, a] = 2 * n + 2 * k, 2 * n + 2 * k + 1
    lands, onward = way.gateway[0] >= 0, way.onward[0].tolist()
    trunks = []
    for satellite in range(n):
        here, trunk = satellite, []
        while onward[here] >= 0:
            trunk.append(lasers[here, onward[here]])
            here = onward[here]
        trunks.append([*trunk, n + here])
    return Network(
        Ways(np.arange(n), np.arange(n), np.cumsum([0, *map(len, trunks)]), np.concatenate(trunks)),
        weight=np.where(lands, sky.asked_mbps / ASKED_MBPS, 0.0),
        asked=np.ones(n),
        priority=np.zeros(n, int),
        capacity=np.concatenate(
            [np.full(2 * n, system.satellite_mbps), np.full(2 * len(sky.laser_a), system.laser_mbps)]
        )
        / ASKED_MBPS,
    )


def _way_down(system: System, sky: Sky, sites: np.ndarray) -> waydown.WayDown:
    seen = np.isfinite(sky.range_m[sites])
    ptr = np.append(0, np.cumsum(seen.sum(axis=1)))
    there = np.ones(len(sky.asked_mbps), bool)
    found = waydown.landings(len(there), ptr, np.nonzero(seen)[1].astype(np.int32), sky.range_m[sites][seen])
    return waydown.over_lasers(
        found,
        there,
        np.ones(len(sites), bool),
        np.zeros((1, len(sites))),
        # All antennas that follow a satellite are one here.
        np.full(len(sites), ANTENNAS // system.followed_by),
        sky.laser_a,
        sky.laser_b,
        sky.laser_range_m,
        np.full(len(sky.laser_a), system.laser_mbps > 0),
        hop_m=0.0,
    )


def fair_tbps(system: System, instants: int, at: int, sites: int) -> float:
    """What all users of a system get at an instant, max-min fair over the ways down [Tb/s]."""
    network = flown(system, instants, at, sites)
    found = allocate(network.ways, *network[1:])
    return float(np.nansum(network.weight * found.rate_bps)) * ASKED_MBPS / 1e6


def rates(effort: Effort) -> Finding:
    """Rates of drawn networks, and of satellites of Telesat and OneWeb with few sites, against linear programmes."""
    draws, worst, flows = effort.of(8, 200, 5_000), 0.0, 0
    oneweb, telesat, _ = SYSTEMS
    networks = [drawn(seed, 10 + seed % 30) for seed in range(draws)]
    networks += [flown(telesat, 1, 0, sites) for sites in effort.of((10,), (5, 10, 42), (5, 10, 20, 30, 42))]
    networks += [flown(oneweb, 1, 0, sites) for sites in effort.of((), (10,), (5, 10, 20, 30, 71))]
    for network in networks:
        ours, theirs = allocate(network.ways, *network[1:]).rate_bps, programmed(network)
        there = network.weight > 0
        if (np.isnan(ours) == there).any():
            return Finding(math.nan, "a flow with terminals has no rate")
        worst = max(worst, float(np.abs(ours - theirs)[there].max(initial=0.0)))
        flows += int(there.sum())
    return Finding(
        1e6 * worst, f"{draws:,} drawn networks with two classes, and satellites with 5 to 42 sites; {flows:,} rates"
    )


def totals(effort: Effort) -> Finding:
    """What fair rates over one way a satellite lack of a maximum flow, at worst; no number where they exceed it."""
    instants = effort.of(1, 6, 48)
    worst, said = 0.0, []
    for system in SYSTEMS:
        shares = []
        for sites in (10, 30, system.sites):
            order, skies = trial(system, instants)
            most = sum(flow_tbps(system, sky, order[:sites], system.laser_mbps) for sky in skies)
            fair = sum(fair_tbps(system, instants, at, sites) for at in range(instants))
            # The flow counts whole Mb/s, and so do users: what is left is the rounding of sums.
            if fair > most * (1 + 1e-9):
                return Finding(math.nan, f"{system.name} with {sites} sites carries more than the most")
            shares.append(f"{fair / instants:.2f} of {most / instants:.2f}")
            worst = max(worst, 1 - fair / most)
        said.append(f"{system.name} {', '.join(shares)}")
    return Finding(1e2 * worst, f"Tb/s with 10, 30 and the paper's sites: {'; '.join(said)}")


VALIDATIONS = (
    Validation(
        "max-min fair rates", "linear programmes (HiGHS), which raise the least rate, fix who is bound, and again",
        "millionths", 1.0,
        "Rates are 0 to 8; the solver stops within a ten-millionth of feasible and optimal.", rates,
    ),
    Validation(
        "what three constellations carry, fairly and over one way a satellite", "maximum flow (SciPy)", "% less", 15.0,
        "Never more than the most. Less is right: flow may split over all antennas in sight and all lasers, and here "
        "antennas follow the nearest satellites, whatever is asked of them.", totals,
    ),
)  # fmt: skip
