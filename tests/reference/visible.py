"""Who sees whom, pair by pair, in plain Python: the twin of `obrii.kernels.sight`."""

from __future__ import annotations

import math
from typing import NamedTuple

#: WGS 84, NIMA TR8350.2 (2000), table 3.1; written here again so that the twin shares nothing with what it checks.
SEMI_MAJOR_M, FLATTENING = 6_378_137.0, 1 / 298.257223563


class Site(NamedTuple):
    latitude_deg: float
    longitude_deg: float
    altitude_m: float
    min_elevation_deg: float
    max_range_m: float


class Pair(NamedTuple):
    range_m: float
    sine: float
    seen: bool
    borderline: bool


def look(
    site: Site, satellite_xyz_m: tuple[float, float, float], sine_tolerance: float, range_tolerance: float
) -> Pair:
    """Range, sine of elevation, whether the site sees the satellite, and whether rounding may decide that.

    range_tolerance is a share of the range. A mask of -90 is no mask.
    """
    latitude, longitude = math.radians(site.latitude_deg), math.radians(site.longitude_deg)
    up = (
        math.cos(latitude) * math.cos(longitude),
        math.cos(latitude) * math.sin(longitude),
        math.sin(latitude),
    )
    eccentricity2 = FLATTENING * (2 - FLATTENING)
    normal = SEMI_MAJOR_M / math.sqrt(1 - eccentricity2 * up[2] ** 2)
    height = site.altitude_m
    foot = (
        (normal + height) * up[0],
        (normal + height) * up[1],
        (normal * (1 - eccentricity2) + height) * up[2],
    )
    ray = [s - f for s, f in zip(satellite_xyz_m, foot)]
    distance = math.sqrt(sum(d * d for d in ray))
    sine = sum(d * u for d, u in zip(ray, up)) / distance if distance else math.nan
    masked = site.min_elevation_deg > -90
    mask = math.sin(math.radians(site.min_elevation_deg))
    seen = (not masked or sine >= mask) and distance <= site.max_range_m
    near_mask = masked and abs(sine - mask) <= sine_tolerance
    near_limit = math.isfinite(site.max_range_m) and abs(distance - site.max_range_m) <= range_tolerance * distance
    return Pair(distance, sine, seen and not math.isnan(distance), near_mask or near_limit)
