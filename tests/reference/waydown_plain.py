"""The ways down of a slot, written for reading: dicts, sets and loops. With it, small random grounds to try on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from obrii.kernels.landing import GATEWAY_OFF, LIVE, NO_FIBRE, NO_GATEWAY, OFF
from tests.reference.dijkstra import Graph, least_tree, linked, walked


@dataclass(frozen=True)
class Ground:
    """Sights (gateway, satellite, m) by gateway; fibre [m] of each PoP to gateways; lasers (a, b, m); what is on."""

    sights: list[tuple[int, int, float]]
    fibre_m: list[list[float]]
    antennas: list[int]
    lasers: list[tuple[int, int, float]]
    satellite_on: list[bool]
    gateway_there: list[bool]
    gateway_on: list[bool]
    fibre_on: list[list[bool]]
    laser_on: list[bool]

    def seen(self, s: int) -> dict[int, float]:
        """Gateways in sight of a satellite, and their range [m]."""
        return {gateway: range_m for gateway, satellite, range_m in self.sights if satellite == s}

    def down_m(self, pop: int, gateway: int) -> float:
        """Fibre from a gateway to a PoP, where both ends and the fibre are on."""
        return self.fibre_m[pop][gateway] if self.gateway_on[gateway] and self.fibre_on[pop][gateway] else math.inf

    def rows(self) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
        """The arguments of `obrii.routing.waydown.landings`."""
        gateway, satellite, range_m = zip(*self.sights) if self.sights else ((), (), ())
        ptr = np.searchsorted(gateway, np.arange(len(self.antennas) + 1))
        return len(self.satellite_on), ptr, np.array(satellite, np.int32), np.array(range_m, np.float32)

    def fibres(self) -> np.ndarray:
        """Fibre [m] that is on, (pop, gateway), inf elsewhere."""
        gateways = range(len(self.antennas))
        found = [[self.down_m(pop, gateway) for gateway in gateways] for pop in range(len(self.fibre_m))]
        return np.array(found, float).reshape(len(self.fibre_m), len(self.antennas))

    def laser_arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Lasers as satellite a, satellite b, range [m], on."""
        a, b, range_m = zip(*self.lasers) if self.lasers else ((), (), ())
        return (
            np.array(a, np.int32),
            np.array(b, np.int32),
            np.array(range_m, np.float32),
            np.array(self.laser_on, bool),
        )


def level(ground: Ground, s: int, pop: int | None) -> int:
    """How far a satellite gets by itself towards a PoP, or without one."""
    if not ground.satellite_on[s]:
        return OFF
    there = {gateway for gateway in ground.seen(s) if ground.gateway_there[gateway]}
    on = {gateway for gateway in there if ground.gateway_on[gateway]}
    if not on:
        return GATEWAY_OFF if there else NO_GATEWAY
    ways = {gateway for gateway in on if pop is not None and ground.down_m(pop, gateway) < math.inf}
    return LIVE if ways else NO_FIBRE


def level_over_lasers(ground: Ground, s: int, pop: int | None) -> int:
    """How far a satellite gets towards a PoP if antennas were no matter: as far as any that it hangs together with."""
    if not ground.satellite_on[s]:
        return OFF
    part, waiting = {s}, [s]
    while waiting:
        here = waiting.pop()
        for k, (a, b, _) in enumerate(ground.lasers):
            there = b if a == here else a if b == here else here
            if ground.laser_on[k] and ground.satellite_on[there] and there not in part:
                part.add(there)
                waiting.append(there)
    best = max(level(ground, each, pop) for each in part)
    return NO_GATEWAY if best == GATEWAY_OFF else best


def followed(ground: Ground) -> dict[int, int]:
    """The gateway that follows each satellite: shortest way down to any PoP first, then by range, one antenna each."""
    free = [math.inf if count < 0 else count for count in ground.antennas]
    lines = []
    for s in range(len(ground.satellite_on)):
        for gateway, range_m in ground.seen(s).items():
            shortest_m = min((ground.down_m(pop, gateway) for pop in range(len(ground.fibre_m))), default=math.inf)
            lines.append((range_m + shortest_m, range_m, s, gateway))
    found: dict[int, int] = {}
    for *_, s, gateway in sorted(lines):
        if ground.satellite_on[s] and ground.gateway_on[gateway] and free[gateway] > 0 and s not in found:
            free[gateway] -= 1
            found[s] = gateway
    return found


def graph_to(ground: Ground, pop: int | None) -> Graph:
    """Satellites joined by lasers, and the followed ones to a root behind them: a PoP, or any gateway if None."""
    down = []
    for s, gateway in followed(ground).items():
        fibre_m = 0.0 if pop is None else ground.down_m(pop, gateway)
        if fibre_m < math.inf:
            down.append((0, s, ground.seen(s)[gateway] + fibre_m))
    return linked(ground.lasers, down, ground.satellite_on, ground.laser_on, [True])


def ways(ground: Ground, pop: int | None, hop_m: float) -> dict[int, tuple[float, int, int]]:
    """Length [m], gateway and satellites passed of the least way from every satellite that has one."""
    root = len(ground.satellite_on)
    length_m, next_hop = least_tree(graph_to(ground, pop), [True] * root + [False], root, hop_m)
    gateway_of = followed(ground)
    found = {}
    for s in set(length_m) - {root}:
        nodes = walked(next_hop, s)
        found[s] = length_m[s], gateway_of[nodes[-2]], len(nodes) - 1
    return found


@st.composite
def grounds(draw, pops: tuple[int, int] = (0, 3), unlimited: bool = False) -> Ground:
    """Up to eleven satellites, four gateways and two PoPs; some of all off."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    share, few_lengths = draw(st.sampled_from([0.3, 0.6, 0.15])), draw(st.booleans())
    satellites, gateways = int(rng.integers(0, 12)), int(rng.integers(0, 5))
    n_pops = int(rng.integers(*pops))

    def length_m() -> float:
        return float(rng.integers(1, 5) if few_lengths else np.float32(rng.uniform(5e5, 3e6)))

    def mask(count: int, on: float = 0.85) -> list[bool]:
        return (rng.random(count) < on).tolist()

    lasers = [(a, b, length_m()) for a in range(satellites) for b in range(a) if rng.random() < 0.2]
    there = mask(gateways)
    return Ground(
        sights=[(g, s, length_m()) for g in range(gateways) for s in range(satellites) if rng.random() < share],
        fibre_m=[[length_m() for _ in range(gateways)] for _ in range(n_pops)],
        antennas=[-1 if unlimited else int(rng.integers(0, 3)) for _ in range(gateways)],
        lasers=lasers,
        satellite_on=mask(satellites),
        gateway_there=there,
        gateway_on=[a and b for a, b in zip(there, mask(gateways))],
        fibre_on=[mask(gateways) for _ in range(n_pops)],
        laser_on=mask(len(lasers)),
    )


def less(ground: Ground, seed: int, *what: str) -> Ground:
    """The same ground after more is lost of what is named: each thing with chance one half."""
    rng = np.random.default_rng(seed)
    lost = {}
    for name in what:
        on = np.array(getattr(ground, name), bool)
        lost[name] = (on & (rng.random(on.shape) < 0.5)).tolist()
    return replace(ground, **lost)


def numbers(seen: list[int], satellites: int) -> list[int]:
    """Where each satellite stands among those that are seen, ascending, -1 for the others."""
    order = sorted(set(seen))
    return [order.index(s) if s in order else -1 for s in range(satellites)]
