"""How long a satellite stays in sight, step by step, for reading: it goes around, the Earth turns, the site looks.

Nothing is solved: the elevation over the ellipsoid is looked at again and again until the satellite is out of sight,
and the moment is then halved in.
"""

from __future__ import annotations

import math

#: How fast the Earth turns [rad/s]. WGS 84, NIMA TR8350.2 (2000), table 3.1.
EARTH_TURN_RAD_S = 7.292115e-5

Point = tuple[float, float, float]


def dot(a: Point, b: Point) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))


def turned(point: Point, by_rad: float) -> Point:
    """A point after the Earth has turned, in a frame that does not turn."""
    x, y, z = point
    return (
        math.cos(by_rad) * x - math.sin(by_rad) * y,
        math.sin(by_rad) * x + math.cos(by_rad) * y,
        z,
    )


def circle(now_m: Point, later_m: Point, wait_s: float) -> tuple[Point, Point, float]:
    """A satellite's great circle from two places in the turning frame: where it is, a quarter ahead, speed [rad/s]."""
    later_m = turned(later_m, EARTH_TURN_RAD_S * wait_s)
    radius_m = math.sqrt(dot(now_m, now_m))
    share = dot(now_m, later_m) / radius_m**2
    across = tuple(there - share * here for here, there in zip(now_m, later_m, strict=True))
    length_m = math.sqrt(dot(across, across))
    passed_rad = math.acos(min(1.0, dot(now_m, later_m) / (radius_m * math.sqrt(dot(later_m, later_m)))))
    return now_m, tuple(radius_m / length_m * x for x in across), passed_rad / wait_s


def sees(site_m: Point, up: Point, min_sine: float, max_range_m: float, satellite_m: Point) -> bool:
    ray = tuple(there - here for here, there in zip(site_m, satellite_m, strict=True))
    range_m = math.sqrt(dot(ray, ray))
    return dot(ray, up) >= min_sine * range_m and range_m <= max_range_m


def time_in_sight_s(
    site_m: Point,
    up: Point,
    min_sine: float,
    max_range_m: float,
    orbit: tuple[Point, Point, float],
    step_s: float = 1.0,
    most_s: float = 20_000.0,
) -> float:
    """Until the satellite is seen no more; 0 where it is not seen now, inf where it is seen for very long."""
    start_m, ahead_m, speed_rad_s = orbit

    def seen(after_s: float) -> bool:
        angle, turn = speed_rad_s * after_s, EARTH_TURN_RAD_S * after_s
        where_m = tuple(math.cos(angle) * a + math.sin(angle) * b for a, b in zip(start_m, ahead_m, strict=True))
        return sees(turned(site_m, turn), turned(up, turn), min_sine, max_range_m, where_m)

    if not seen(0.0):
        return 0.0
    inside_s = 0.0
    while seen(inside_s + step_s):
        inside_s += step_s
        if inside_s > most_s:
            return math.inf
    outside_s = inside_s + step_s
    while outside_s - inside_s > 1e-4:
        middle_s = 0.5 * (inside_s + outside_s)
        inside_s, outside_s = (middle_s, outside_s) if seen(middle_s) else (inside_s, middle_s)
    return outside_s
