"""How strong an event is, second by second, as one would say it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence


def left(recovery: Sequence[tuple[float, float]], after_s: float) -> float:
    """Share of a loss that is left so long after its end."""
    if not recovery:
        return 0.0
    points = [(0.0, 0.0), *recovery]
    for (low_s, low), (high_s, high) in itertools.pairwise(points):
        if low_s <= after_s < high_s:
            return 1.0 - (low + (high - low) * (after_s - low_s) / (high_s - low_s))
    return 1.0 - points[-1][1]


def strength(
    second: float,
    *,
    start: float,
    lasts: float,
    ramp: float,
    recovery: Sequence[tuple[float, float]],
    every: float | None,
    times: int,
) -> float:
    """Strength at a second: of the strongest of all times that it comes."""
    strongest = 0.0
    for turn in range(times):
        since = second - start - turn * (every or 0.0)
        if since < 0:
            now = 0.0
        elif since < lasts:
            now = min(since / ramp, 1.0) if ramp else 1.0
        else:
            now = left(recovery, since - lasts)
        strongest = max(strongest, now)
    return strongest
