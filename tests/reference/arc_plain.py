"""How near a sight line comes to the geostationary arc, point by point, in plain Python: the twin of `kernels.arc`."""

from __future__ import annotations

import math
from typing import NamedTuple

#: WGS 84 (NIMA TR8350.2, 2000, table 3.1), and the radius of the geostationary circle, 42,164.17 km; written here again
#: so that the twin shares nothing with what it checks.
SEMI_MAJOR_M, FLATTENING, CIRCLE_M = 6_378_137.0, 1 / 298.257223563, 42_164_170.0

#: Longest step along the arc [deg of longitude]. The nearest point of the arc lies at most 0.03 deg along it from one
#: of these, which makes an angle of 1 deg too long by 0.0005 deg, and wider ones by less.
STEP_DEG = 0.05

Vector = tuple[float, float, float]


class Site(NamedTuple):
    latitude_deg: float
    longitude_deg: float
    altitude_m: float


def upward(site: Site) -> Vector:
    """The normal to the ellipsoid."""
    latitude, longitude = math.radians(site.latitude_deg), math.radians(site.longitude_deg)
    return (
        math.cos(latitude) * math.cos(longitude),
        math.cos(latitude) * math.sin(longitude),
        math.sin(latitude),
    )


def foot(site: Site) -> Vector:
    """Where the site is, Earth-fixed [m]."""
    up = upward(site)
    squashed = (1 - FLATTENING) ** 2
    normal = SEMI_MAJOR_M / math.sqrt(1 - (1 - squashed) * up[2] ** 2)
    level = normal + site.altitude_m
    return (level * up[0], level * up[1], (normal * squashed + site.altitude_m) * up[2])


def unit(vector: Vector) -> Vector:
    length = math.sqrt(sum(part * part for part in vector))
    return (vector[0] / length, vector[1] / length, vector[2] / length)


def visible_arc(site: Site) -> list[Vector]:
    """Directions to points of the geostationary circle above the horizon of a site, both ends among them."""
    up, here = upward(site), foot(site)
    # A point at a longitude from the site's own has R cos(longitude) cos(latitude) as its height along the normal.
    height_m = sum(u * h for u, h in zip(up, here))
    reach_m = CIRCLE_M * math.cos(math.radians(site.latitude_deg))
    if height_m >= reach_m:
        return []
    end_deg = math.degrees(math.acos(height_m / reach_m))
    steps = math.ceil(2 * end_deg / STEP_DEG)
    directions = []
    for k in range(steps + 1):
        longitude = math.radians(site.longitude_deg - end_deg + 2 * end_deg * k / steps)
        point = (CIRCLE_M * math.cos(longitude), CIRCLE_M * math.sin(longitude), 0.0)
        directions.append(unit((point[0] - here[0], point[1] - here[1], point[2] - here[2])))
    return directions


def separation_deg(arc: list[Vector], direction: Vector) -> float:
    """Angle between a direction and the nearest point of an arc, infinite where there is no arc."""
    chord2 = min(
        ((a - direction[0]) ** 2 + (b - direction[1]) ** 2 + (c - direction[2]) ** 2 for a, b, c in arc),
        default=math.inf,
    )
    return math.inf if chord2 == math.inf else math.degrees(2 * math.asin(min(1.0, math.sqrt(chord2) / 2)))


def look(site: Site, satellite_m: Vector) -> Vector:
    """Direction from a site to a satellite."""
    here = foot(site)
    return unit((satellite_m[0] - here[0], satellite_m[1] - here[1], satellite_m[2] - here[2]))
