"""Twin of `obrii.kernels.asked` and of the numbers that `obrii.kernels.trunks` gives, for reading: lists and dicts."""

from __future__ import annotations

import math
from collections import Counter

Place = tuple[int, int]


def served(
    users: list[int],
    stands: list[list[bool]],
    by: list[list[tuple[int, int, int]]],
    first: tuple[int, int, int, int],
) -> list[tuple[int, int, int, int]]:
    """Group, cell, satellite and PoP of those reported; by: operator, satellite and PoP of each group in each cell."""
    operator, first_satellite, _, first_pop = first
    return [
        (group, cell, satellite - first_satellite, pop - first_pop)
        for group in users
        for cell, (of, satellite, pop) in enumerate(by[group])
        if of == operator and stands[group][cell]
    ]


def competing(
    others: list[float], chosen: list[int], pop: list[int], way_m: list[list[float]]
) -> list[tuple[int, int, int, int]]:
    """The same of those not reported, whose group is -1."""
    return [
        (-1, cell, s, p)
        for cell, (there, s, p) in enumerate(zip(others, chosen, pop, strict=True))
        if there > 0 and min(s, p) >= 0 and math.isfinite(way_m[p][s])
    ]


def numbered(pairs: list[Place]) -> tuple[list[int], list[Place]]:
    """Each pair's number among the different ones, ascending, and these."""
    different = sorted({*pairs})
    return [different.index(pair) for pair in pairs], different


def sort_of(link: int, first: list[int]) -> int:
    """0 for no link, else one more than the place of its sort."""
    return 0 if link < 0 else max(k for k, begin in enumerate(first) if begin <= link) + 1


def landed(
    trunk: list[int], active: list[float], rate: list[float], ends: list[Place]
) -> tuple[Counter[int], Counter[int]]:
    """What comes from each gateway and PoP; ends: both of every trunk."""
    gateways, pops = Counter(), Counter()
    for t, n, each in zip(trunk, active, rate, strict=True):
        if n > 0:
            gateways[ends[t][0]] += n * each
            pops[ends[t][1]] += n * each
    return gateways, pops


def followed(passed: list[list[int]], gateway: list[list[int]], feeder: list[float]) -> Counter[int]:
    """What antennas of each gateway can send: to every satellite whose way down towards some PoP passes only itself."""
    out = Counter()
    for s, sends in enumerate(feeder):
        own = max((gateway[p][s] for p in range(len(passed)) if passed[p][s] == 1), default=-1)
        if own >= 0:
            out[own] += sends
    return out
