"""How far a point lies from a line, by walking along it in small steps."""

from __future__ import annotations

import math
from itertools import pairwise

RADIUS_KM = 6371.0


def vector(latitude_deg: float, longitude_deg: float) -> tuple[float, float, float]:
    latitude, longitude = math.radians(latitude_deg), math.radians(longitude_deg)
    flat = math.cos(latitude)
    return flat * math.cos(longitude), flat * math.sin(longitude), math.sin(latitude)


def apart_km(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    """Great-circle distance by the chord."""
    return 2.0 * RADIUS_KM * math.asin(min(1.0, math.dist(a, b) / 2.0))


def walked_km(point: tuple[float, float], line: list[tuple[float, float]], step_km: float) -> float:
    """Least distance from a point, (latitude, longitude), to what one passes walking along a line of such points."""
    nearest = math.inf
    for start, end in pairwise(line):
        a, b = vector(*start), vector(*end)
        steps = max(1, math.ceil(apart_km(a, b) / step_km))
        for k in range(steps + 1):
            # Even steps along the chord, lifted to the ground: nowhere longer than over the middle of the chord.
            on = tuple((1 - k / steps) * x + k / steps * y for x, y in zip(a, b, strict=True))
            nearest = min(nearest, apart_km(vector(*point), tuple(x / math.hypot(*on) for x in on)))
    return nearest
