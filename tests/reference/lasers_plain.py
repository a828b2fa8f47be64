"""Laser patterns and rays, link by link: the twin of `obrii.links.lasers`, for reading."""

from __future__ import annotations

import math
from collections.abc import Sequence


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
