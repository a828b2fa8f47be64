"""The geostationary arc: which sight lines are too near it, against points of the arc and closed forms."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.integrate import quad

from obrii.links.geostationary import arc_zone, in_arc
from obrii.links.visibility import observers, sight_lines
from tests.kernels.test_arc import whole_sky
from tests.reference.arc_plain import Site, foot, visible_arc
from validation.record import Effort, Finding, Validation

#: Mask, and angles that an operator named in its filings [deg].
MASK_DEG, FILED_DEG = 25.0, (18.0, 22.0)


@cache
def _misjudged(effort: Effort, as_filed: bool) -> tuple[float, str]:
    """How far beyond the edge of the zone any misjudged sight line is [deg], and what was tried.

    A third of the directions are drawn from all of the sky, the others within 0.05 deg of the edge.
    """
    rng = np.random.default_rng(13)
    sites, rays_each = effort.of(10, 150, 10_000), effort.of(300, 2_000, 5_000)
    worst_deg, judged, misjudged = 0.0, 0, 0
    for _ in range(sites):
        site = Site(rng.uniform(-90, 90), rng.uniform(-180, 180), float(rng.choice([0.0, -400.0, 4_000.0])))
        mask_deg = MASK_DEG if as_filed else rng.uniform(5, 60)
        angle_deg = float(rng.choice(FILED_DEG)) if as_filed else rng.uniform(1, 60)
        arc = np.array(visible_arc(site)).reshape(-1, 3)
        rays = whole_sky(site, mask_deg, rays_each, rng)
        if len(arc):
            place = rng.integers(1, len(arc) - 1, 2 * rays_each)
            base, along = arc[place], arc[place + 1] - arc[place - 1]
            across = np.cross(base, along) / np.linalg.norm(along, axis=1)[:, None]
            off = np.radians(angle_deg + rng.uniform(-0.05, 0.05, len(base)))[:, None]
            side = rng.choice([-1.0, 1.0], len(base))[:, None]
            rays = np.hstack([rays, (np.cos(off) * base + np.sin(off) * side * across).T])
        xyz_m = (np.array(foot(site))[:, None] + 1e6 * rays).astype(np.float32)
        who = observers([site.latitude_deg], [site.longitude_deg], site.altitude_m, mask_deg)
        sights = sight_lines(who, xyz_m[None])
        inside = in_arc(sights, arc_zone(who, angle_deg), xyz_m[None])
        # Where the satellite stands after rounding to float32 is where it is.
        seen = xyz_m[:, sights.satellite].astype(float) - np.array(foot(site))[:, None]
        nearest = (arc @ (seen / np.linalg.norm(seen, axis=0))).max(axis=0, initial=-1.0)
        away_deg = np.degrees(np.arccos(np.minimum(nearest, 1.0)))
        wrong = np.abs(away_deg - angle_deg)[inside != (away_deg < angle_deg)]
        judged, misjudged = judged + inside.size, misjudged + wrong.size
        worst_deg = max(worst_deg, float(wrong.max(initial=0.0)))
    return worst_deg, f"{sites} sites, {judged:,} sight lines, {misjudged:,} misjudged"


def as_filed(effort: Effort) -> Finding:
    """Angles as filed, above 25 degrees."""
    worst_deg, tried = _misjudged(effort, as_filed=True)
    return Finding(worst_deg, f"18° and 22° above 25°: {tried}")


def any_limits(effort: Effort) -> Finding:
    """Any angle and mask, where the ends of the visible arc count."""
    worst_deg, tried = _misjudged(effort, as_filed=False)
    return Finding(worst_deg, f"1 to 60° above 5 to 60°: {tried}")


def equator(effort: Effort) -> Finding:
    """The share of the sky kept free at the equator, where the arc is a great circle through the zenith."""
    count, worst = effort.of(20_000, 200_000, 1_000_000), 0.0
    rng = np.random.default_rng(14)
    site = Site(0.0, 0.0, 0.0)
    for mask_deg in (MASK_DEG, 40.0):
        rays = whole_sky(site, mask_deg, count, rng)
        xyz_m = (np.array(foot(site))[:, None] + 1e6 * rays).astype(np.float32)
        who = observers([0.0], [0.0], 0.0, mask_deg - 1e-3)
        sights = sight_lines(who, xyz_m[None])
        for angle_deg in FILED_DEG:
            found = float(in_arc(sights, arc_zone(who, angle_deg), xyz_m[None]).mean())
            limit, lowest = np.sin(np.radians(angle_deg)), np.sin(np.radians(mask_deg))

            def share(sine: float, limit: float = limit) -> float:
                return 1.0 - 2.0 / np.pi * float(np.arccos(min(1.0, limit / np.sqrt(1.0 - sine * sine))))

            whole = quad(share, lowest, 1.0, points=[np.cos(np.radians(angle_deg))])[0] / (1.0 - lowest)
            worst = max(worst, abs(found - whole) / np.sqrt(whole * (1.0 - whole) / count))
    return Finding(worst, f"18° and 22°, masks of 25° and 40°, {count:,} directions drawn")


VALIDATIONS = (
    Validation(
        "sight lines too near the geostationary arc, as filed", "points of the arc, each tried (`arc_plain`)",
        "°", 0.02,
        "The goal of the project; points 0.05° apart make an angle of 1° too long by 0.0005°.", as_filed,
    ),
    Validation(
        "sight lines too near the geostationary arc, any limits", "points of the arc, each tried (`arc_plain`)",
        "°", 0.02, "The goal of the project; points 0.05° apart make an angle of 1° too long by 0.0005°.", any_limits,
    ),
    Validation(
        "share of the sky kept free at the equator", "closed form: a band about a great circle", "deviations", 4.0,
        "Of as many directions drawn; four shares are compared.", equator,
    ),
)  # fmt: skip
