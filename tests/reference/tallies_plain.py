"""Twin of `obrii.kernels.tallies`, for reading: dicts and counters, one terminal in one step at a time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable


def followed(
    satellites: list[int], begins: list[bool], start_s: list[float], duration_s: list[float]
) -> list[tuple[int, float]]:
    """Handover and time of service in every step of one place, from the start of a run; -1 and NaN as in the arrays."""
    out, before, since = [], -1, math.nan
    for now, new, start, lasts in zip(satellites, begins, start_s, duration_s, strict=True):
        known = now >= 0 and before >= 0 and not new
        change = int(now != before) if known else -1
        since = since if change == 0 else start
        out.append((change, start + lasts - since if now >= 0 else math.nan))
        before = now
    return out


def coded(rows: Iterable[tuple[int, int, bool]], duration_s: float) -> tuple[Counter[tuple[bool, int]], float]:
    """Time by service of intact and reason, and within reach, of one place; rows: reason, reachable, intact a step."""
    seconds, reachable_s = Counter(), 0.0
    for reason, reachable, intact in rows:
        seconds[intact, reason] += duration_s
        reachable_s += duration_s * (reachable == 1)
    return seconds, reachable_s


def bin_of(delay_s: float, per_s: float, last: int) -> int:
    return min(int(delay_s * per_s), last)


def rate_bin(bps: float, least_bps: float, width: float, bins: int) -> int:
    """Bins are each so much wider than the one before; those beyond the ends count in the outermost."""
    place = 0
    while place < bins - 1 and bps >= least_bps * width ** (place + 1):
        place += 1
    return place


def pops_of(pop: list[list[int]]) -> Counter[int]:
    """Cells at each PoP in a step; pop: of every group in every cell."""
    return Counter(p for cell in zip(*pop, strict=True) for p in {*cell} if p >= 0)
