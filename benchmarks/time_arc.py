"""How long it takes to judge sight lines against the geostationary arc, beside brute force over points of the arc."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from benchmarks.time_sight import cells, sky
from obrii.links.geostationary import ARC_RADIUS_M, arc_zone, in_arc, outside_arc
from obrii.links.visibility import Observers, Sights, observers, sight_lines

ANGLE_DEG = 22.0
#: Step along the arc of the brute force, in longitude [deg].
STEP_DEG = 0.05
#: What its points may make an angle too long by, and float32 wrong by, together.
EQUAL_DEG = 0.001
#: Sites of the brute force, which takes too long for all of them.
SITES = 150


def brute(who: Observers, sights: Sights, xyz_m: np.ndarray, sites: np.ndarray) -> np.ndarray:
    """Angle of every sight line of some sites to the nearest of the visible points of the arc, (sight,) [deg]."""
    away_deg = np.full(sights.satellite.size, np.inf)
    for site in sites.tolist():
        up, here = who.up[:, site], who.xyz_m[:, site]
        row = sights.of(0, site)
        share = (up @ here) / (ARC_RADIUS_M * np.hypot(up[0], up[1]))
        if share >= 1.0:
            continue
        end = np.arccos(share)
        longitude = np.arctan2(up[1], up[0]) + np.linspace(-end, end, 1 + int(2 * np.degrees(end) / STEP_DEG + 1))
        arc = ARC_RADIUS_M * np.stack([np.cos(longitude), np.sin(longitude), np.zeros_like(longitude)]) - here[:, None]
        ray = xyz_m[0][:, sights.satellite[row]] - here[:, None]
        nearest = ((arc / np.linalg.norm(arc, axis=0)).T @ (ray / np.linalg.norm(ray, axis=0))).max(axis=0)
        away_deg[row] = np.degrees(np.arccos(np.minimum(nearest, 1.0)))
    return away_deg


def assert_equal(sights: Sights, inside: np.ndarray, away_deg: np.ndarray, sites: np.ndarray) -> None:
    """Stop where brute force judges a sight line of these sites otherwise: only equal work is timed."""
    rows = np.concatenate([np.arange(sights.satellite.size)[sights.of(0, site)] for site in sites.tolist()])
    clear = rows[np.abs(away_deg[rows] - ANGLE_DEG) > EQUAL_DEG]
    np.testing.assert_array_equal(inside[clear], away_deg[clear] < ANGLE_DEG)


def cpu_s(work: Callable[[], Any], times: int) -> float:
    """The median of the processor's time, after one run to warm up."""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return median(taken)


def measure() -> list[dict]:
    """One row a measurement: work, rival, figure, unit."""
    rows = []

    def row(work: str, rival: str, taken_s: float, count: int) -> None:
        rows.append(
            {"work": work, "rival": rival, "figure": round(1e9 * taken_s / count, 3), "unit": "ns a sight line"}
        )

    for name, n_satellites, mask_deg in (("region", 2_900, 25.0), ("share", 10_000, 25.0), ("share", 10_000, 15.0)):
        latitude, longitude = cells()[name]
        xyz_m = sky(n_satellites)[:1]
        who = observers(latitude, longitude, 0.0, mask_deg)
        sights, zone = sight_lines(who, xyz_m), arc_zone(who, ANGLE_DEG)
        count = sights.satellite.size
        work = f"{count:,} sight lines above {mask_deg:g} deg ({name}) judged at {ANGLE_DEG:g} deg"
        row(work, "obrii", cpu_s(lambda z=(sights, zone, xyz_m): in_arc(*z), times=51), count)
        some = np.linspace(0, len(who) - 1, SITES).astype(int)
        assert_equal(sights, in_arc(sights, zone, xyz_m), brute(who, sights, xyz_m, some), some)
        few = int(sights.count[0, some].sum())
        row(work, "numpy, points 0.05 deg apart", cpu_s(lambda z=(who, sights, xyz_m, some): brute(*z), times=3), few)
        row(f"{work}, and dropped", "obrii", cpu_s(lambda z=(sights, zone, xyz_m): outside_arc(*z), times=15), count)
    latitude, longitude = cells()["planet"]
    who = observers(latitude, longitude, 0.0, 25.0)
    taken_ms = 1e3 * cpu_s(lambda: arc_zone(who, ANGLE_DEG), times=5)
    rows.append({"work": f"zones of {len(who):,} cells", "rival": "obrii", "figure": round(taken_ms, 3), "unit": "ms"})
    return rows


def main() -> None:
    """Print the rows."""
    for row in measure():
        print(f"{row['figure']:12.3f} {row['unit']:16}  {row['rival']:30} {row['work']}")


if __name__ == "__main__":
    main()
