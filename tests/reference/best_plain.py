"""The best satellites of a site, by trying every one, in plain Python: the twin of `obrii.kernels.best`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tests.reference.visible import Site, look


class Choice(NamedTuple):
    """A satellite that a site may use: ordered by score, then by number."""

    score_m: float
    satellite: int
    borderline: bool


def choices(
    site: Site,
    satellites: Sequence[tuple[float, float, float]],
    way_m: Sequence[float],
    sine_tolerance: float,
    range_tolerance: float,
) -> list[Choice]:
    """Satellites in sight, or at the edge of it, that have a way down, best first; satellites as (x, y, z) [m]."""
    found = []
    for number, (xyz_m, way) in enumerate(zip(satellites, way_m, strict=True)):
        pair = look(site, xyz_m, sine_tolerance, range_tolerance)
        if (pair.seen or pair.borderline) and way < float("inf"):
            found.append(Choice(pair.range_m + way, number, pair.borderline))
    return sorted(found)
