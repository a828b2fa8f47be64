"""Kernels that lay variants beside each other, said in loops over one step, group and cell after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np


def places(shape: tuple[int, ...]) -> Iterator[tuple[int, int, int]]:
    yield from np.ndindex(*shape)  # type: ignore[misc]


def service(time_s, begins, field, stays, served):
    """Seconds served; of what is in the field on both sides, the same and the length of every gap; by (group, cell)."""
    served_s, stays_s, gaps = defaultdict(float), defaultdict(float), defaultdict(list)
    last = {}
    for t, g, c in places(served.shape):
        if time_s[t] > 0 and served[t, g, c] == 1:
            served_s[g, c] += time_s[t] * field[t, g]
            stays_s[g, c] += time_s[t] * stays[t, g]
        if time_s[t] > 0 and stays[t, g] > 0 and served[t, g, c] != 1:
            if last.get((g, c)) == t - 1 and not begins[t]:
                gaps[g, c][-1] += time_s[t]
            else:
                gaps[g, c].append(time_s[t])
            last[g, c] = t
    return served_s, stays_s, gaps


def both(time_s, field, before, after) -> Iterator[tuple[int, int, int, float]]:
    """Where both sides serve somebody: step, group, cell, and seconds of those that both serve."""
    for t, g, c in places(before.shape):
        seconds = time_s[t] * min(field[:, t, g])
        if before[t, g, c] == 1 and after[t, g, c] == 1 and seconds > 0:
            yield t, g, c, seconds


def delays(time_s, field, before, after, rtt_before, rtt_after, slower, bin_of_s, part, weight):
    """Seconds in which the way is slower by (group, cell), and histograms by (side, group, part, bin, kind)."""
    slower_s, found = defaultdict(float), defaultdict(float)
    for t, g, c, seconds in both(time_s, field, before, after):
        if np.isnan(rtt_before[t, g, c]) or np.isnan(rtt_after[t, g, c]):
            continue
        if rtt_after[t, g, c] > slower * rtt_before[t, g, c]:
            slower_s[g, c] += seconds
        for side, rtt_s in enumerate((rtt_before, rtt_after)):
            for kind in range(weight.shape[2]):
                found[side, g, part[c], bin_of_s(rtt_s[t, g, c]), kind] += seconds * weight[g, c, kind]
    return slower_s, found


def rates(time_s, field, before, after, rate_before, rate_after, usable_bps):
    """What each side gets by (side, group, cell), and seconds below the rate of use by (group, cell)."""
    got, degraded_s = defaultdict(float), defaultdict(float)
    for t, g, c in places(before.shape):
        for side, rate in enumerate((rate_before, rate_after)):
            if not np.isnan(rate[t, g, c]):
                got[side, g, c] += float(rate[t, g, c]) * field[side, t, g] * time_s[t]
    for t, g, c, seconds in both(time_s, field, before, after):
        if rate_after[t, g, c] < usable_bps and not rate_before[t, g, c] < usable_bps:
            degraded_s[g, c] += seconds
    return got, degraded_s


def carriers(time_s, field, before, after, by_before, by_after, part, weight, nobody):
    """Who carries whom by (before, after), and who took over by (part, after): seconds times weight."""
    moves, taken = defaultdict(float), defaultdict(float)
    for t, g, c in places(before.shape):
        up = [before[t, g, c] == 1, after[t, g, c] == 1]
        who = [
            int(by[t, g, c]) if there and by[t, g, c] >= 0 else nobody
            for there, by in zip(up, (by_before, by_after), strict=True)
        ]
        seconds = [time_s[t] * weight[g, c] * field[side, t, g] * up[side] for side in range(2)]
        shared = min(seconds)
        for start, end, some in (
            (*who, shared),
            (who[0], nobody, seconds[0] - shared),
            (nobody, who[1], seconds[1] - shared),
        ):
            if some > 0:
                moves[start, end] += some
        if who[0] != who[1] and shared > 0:
            taken[part[c], who[1]] += shared
    return moves, taken
