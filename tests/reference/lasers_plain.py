"""Laser patterns and rays, link by link: the twin of `obrii.links.lasers`, for reading."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def plus_grid(planes: int, slots: int, seam_shift: int = 0, star: bool = False) -> dict[tuple[int, int], bool]:
    """Links (a, b) with a < b of a plus-grid, and whether each joins two planes."""
    links = {}
    for plane in range(planes):
        for slot in range(slots):
            here = plane * slots + slot
            others = [(plane, (slot + 1) % slots)]
            if plane + 1 < planes:
                others.append((plane + 1, slot))
            elif planes > 1 and not star:
                others.append((0, (slot + seam_shift) % slots))
            for other_plane, other_slot in others:
                there = other_plane * slots + other_slot
                if there != here:
                    links[min(here, there), max(here, there)] = other_plane != plane
    return links


def hops_on_torus(plane: int, slot: int, planes: int, slots: int, seam_shift: int = 0) -> int:
    """Fewest hops from satellite (0, 0) to (plane, slot), trying how often the way goes around the Earth.

    Each time it crosses the seam forwards it is moved on by the shift, so that much less of the way along the
    planes is left.
    """
    ways = []
    for turns in range(-planes - slots, planes + slots + 1):
        along = (slot - turns * seam_shift) % slots
        ways.append(abs(plane + turns * planes) + min(along, slots - along))
    return min(ways)


def ray(a: Sequence[float], b: Sequence[float], clearance_radius_m: float, max_range_m: float) -> float:
    """Range of a link, NaN where blocked or too long: by the triangle of the two satellites and the Earth's centre."""
    height_a, height_b, base = math.hypot(*a), math.hypot(*b), math.dist(a, b)
    if base > max_range_m:
        return math.nan
    obtuse = base == 0 or abs(height_a**2 - height_b**2) >= base**2
    if obtuse:
        closest = min(height_a, height_b)
    else:
        cross = (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
        closest = math.hypot(*cross) / base
    return base if closest >= clearance_radius_m else math.nan


def pattern(
    at: dict[tuple[int, int], int],
    planes: int,
    slots: int,
    word: str,
    seam_shift: int = 0,
    star: bool = False,
    reach_slots: int = 2,
) -> dict[tuple[int, int], bool]:
    """Links (a, b) with a < b of satellites at (plane, slot), and whether each joins two planes."""
    if word == "none":
        return {}
    found = {}
    for (plane, slot), here in at.items():
        ahead = [at.get((plane, (slot + k) % slots), here) for k in range(1, reach_slots + 1)]
        first = next((there for there in ahead if there != here), here)
        if first != here:
            found[min(here, first), max(here, first)] = False
    alone = set(at.values())
    for places in across(planes, slots, word, seam_shift, star):
        if not all(place in at for place in places):
            continue
        a, b = sorted(at[place] for place in places)
        if word == "three" and not {a, b} <= alone:
            continue
        alone -= {a, b}
        found[a, b] = True
    return found


def across(
    planes: int, slots: int, word: str, seam_shift: int, star: bool
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Places that a pattern would join across planes, those first that go first."""
    inner = [((p, s), (p + 1, s)) for p in range(planes - 1) for s in range(slots)]
    last = planes - 1 if planes > 1 and not star else 0
    seam, behind = (
        [((last, s), (0, (s + seam_shift - back) % slots)) for s in range(slots)] if last else [] for back in (0, 1)
    )

    def even(places: list[tuple[tuple[int, int], tuple[int, int]]]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        return [pair for pair in places if sum(pair[0]) % 2 == 0]

    return {
        "ring": [],
        "plus-grid": inner + seam,
        "three": even(inner) + even(seam) + even(behind) + inner + seam,
    }[word]


def nearest_n(
    satellites: Sequence[Sequence[float]], n: int | Sequence[int], clearance_radius_m: float, max_range_m: float
) -> dict[tuple[int, int], float]:
    """Links (a, b) with a < b granted from the shortest on to satellites with a terminal left, and their ranges.

    n: terminals of all satellites, or of each.
    """
    count = len(satellites)
    pairs = []
    for a in range(count):
        for b in range(a + 1, count):
            away_m = ray(satellites[a], satellites[b], clearance_radius_m, max_range_m)
            if not math.isnan(away_m):
                # The kernel hands over single precision, which decides who is as near.
                pairs.append((float(np.float32(away_m)), a, b))
    left = [n] * count if isinstance(n, int) else list(n)
    found = {}
    for away_m, a, b in sorted(pairs):
        if left[a] and left[b]:
            left[a] -= 1
            left[b] -= 1
            found[a, b] = away_m
    return found
