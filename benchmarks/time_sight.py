"""How long it takes to list every satellite in sight of every cell, beside the same lists from others.

Cells are those of H3 in its own order, near each other in the list where they are near on the ground; circles over a
round Earth are enough for satellites, as the times depend on how many there are and not on the model of the orbit.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

import h3
import numpy as np
from scipy.spatial import cKDTree

from obrii.constants import EARTH_MU_M3_S2, EARTH_RADIUS_M
from obrii.links.geometry import slant_range_m
from obrii.links.visibility import Observers, observers, sight_lines

#: Planes, satellites a plane, inclination [deg], altitude [m]: Starlink's Gen1 (FCC SAT-MOD-20200417-00037), and three
#: shells invented to come to 10,000 (assumption).
SHELLS = [
    (72, 22, 53.0, 550e3),
    (72, 22, 53.2, 540e3),
    (36, 20, 70.0, 570e3),
    (6, 58, 97.6, 560e3),
    (4, 43, 97.6, 560e3),
    (28, 100, 53.0, 525e3),
    (28, 99, 43.0, 530e3),
    (1, 20, 33.0, 535e3),
]
MASK_DEG = 25.0
#: Steps a call, 15 s apart: a block as a run takes it.
STEPS = 4
#: What float32 may be wrong by in the sine of an elevation; a rival in float64 may differ by such pairs only.
ROUNDING = 1e-6


def sky(n_satellites: int, more_shells: Sequence[tuple[int, int, float, float]] = ()) -> np.ndarray:
    """The first satellites of the shells, (time, 3, satellite) f4 [m]."""
    at = 15.0 * np.arange(STEPS)[:, None]
    shells = []
    for number, (planes, slots, inclination_deg, altitude_m) in enumerate([*SHELLS, *more_shells]):
        plane, slot = np.divmod(np.arange(planes * slots), slots)
        radius_m, tilt = EARTH_RADIUS_M + altitude_m, np.radians(inclination_deg)
        along = 2 * np.pi * (slot + plane / planes) / slots + at * np.sqrt(EARTH_MU_M3_S2 / radius_m**3)
        node = 2 * np.pi * plane / planes + 0.1 * number
        x, y, z = np.cos(along), np.sin(along) * np.cos(tilt), np.sin(along) * np.sin(tilt)
        turned = np.stack([x * np.cos(node) - y * np.sin(node), x * np.sin(node) + y * np.cos(node), z], axis=1)
        shells.append(radius_m * turned)
    return np.ascontiguousarray(np.concatenate(shells, axis=2)[:, :, :n_satellites], np.float32)


def cells() -> dict[str, np.ndarray]:
    """Centres of cells, (2, cell) [deg]: the planet, a share of it, and a region."""
    planet = sorted(h3.uncompact_cells(h3.get_res0_cells(), 3))
    inhabited = [cell for cell in planet if abs(h3.cell_to_latlng(cell)[0]) < 58.0]
    share = np.sort(np.random.default_rng(1).choice(len(inhabited), 10_000, replace=False))
    region = sorted(h3.grid_disk(h3.latlng_to_cell(49.0, 31.0, 5), 59))
    chosen = {"planet": planet, "share": [inhabited[i] for i in share], "region": region[::3][:3500]}
    return {name: np.array([h3.cell_to_latlng(cell) for cell in some]).T for name, some in chosen.items()}


def brute(who: Observers, xyz_m: np.ndarray, chunk: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Every pair by NumPy in float64, some sites at a time: sights of each site, and their satellites."""
    count, satellites = [], []
    for step in xyz_m.astype(float):
        for low in range(0, len(who), chunk):
            here = slice(low, low + chunk)
            ray = step[:, None] - who.xyz_m[:, here, None]
            above = np.einsum("isj,is->sj", ray, who.up[:, here])
            seen = above >= who.min_sine[here, None] * np.sqrt(np.einsum("isj,isj->sj", ray, ray))
            count.append(seen.sum(axis=1))
            satellites.append(np.nonzero(seen)[1])
    return np.concatenate(count), np.concatenate(satellites)


def tree(who: Observers, xyz_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The satellites within the longest slant range by SciPy's k-d tree, then the elevation of those by NumPy."""
    longest_m = slant_range_m(max(shell[3] for shell in SHELLS), MASK_DEG) + 50e3
    count, satellites = [], []
    for step in xyz_m.astype(float):
        lists = cKDTree(step.T).query_ball_point(who.xyz_m.T, longest_m, return_sorted=True)
        site = np.repeat(np.arange(len(who)), [len(row) for row in lists])
        satellite = np.concatenate([np.asarray(row, int) for row in lists])
        ray = step[:, satellite] - who.xyz_m[:, site]
        seen = np.sum(ray * who.up[:, site], axis=0) >= who.min_sine[site] * np.linalg.norm(ray, axis=0)
        count.append(np.bincount(site[seen], minlength=len(who)))
        satellites.append(satellite[seen])
    return np.concatenate(count), np.concatenate(satellites)


def assert_equal(who: Observers, xyz_m: np.ndarray, count: np.ndarray, satellite: np.ndarray) -> None:
    """Stop where a rival's lists differ by a pair that rounding does not explain: only equal work is timed."""
    sights = sight_lines(who, xyz_m)

    def key(count: np.ndarray, satellite: np.ndarray) -> np.ndarray:
        return np.repeat(np.arange(count.size), count) * xyz_m.shape[2] + satellite

    odd = np.setxor1d(key(sights.count.ravel(), sights.satellite), key(count, satellite))
    row, satellite = np.divmod(odd, xyz_m.shape[2])
    step, site = np.divmod(row, len(who))
    ray = xyz_m[step, :, satellite].T.astype(float) - who.xyz_m[:, site]
    sine = np.sum(ray * who.up[:, site], axis=0) / np.linalg.norm(ray, axis=0)
    np.testing.assert_allclose(sine, who.min_sine[site], atol=ROUNDING)


def cpu_ms(work: Callable[[], Any], times: int) -> float:
    """The median of the processor's time a step, after one run to warm up."""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return 1e3 * median(taken) / STEPS


def measure() -> list[dict]:
    """One row a measurement: work, rival, figure, unit."""
    rows = []
    places = cells()
    for name, n_satellites in (("region", 2_900), ("share", 10_000), ("planet", 10_000)):
        latitude, longitude = places[name]
        xyz_m = sky(n_satellites)
        who = observers(latitude, longitude, 0.0, MASK_DEG)
        work = f"sights of a step, {latitude.size:,} cells ({name}) and {n_satellites:,} satellites, {MASK_DEG:g} deg"
        figures = {"obrii": cpu_ms(lambda who=who, xyz_m=xyz_m: sight_lines(who, xyz_m), times=15)}
        for rival, how in (("numpy, chunked", brute), ("scipy.spatial.cKDTree", tree)):
            assert_equal(who, xyz_m[:1], *how(who, xyz_m[:1]))
            figures[rival] = STEPS * cpu_ms(lambda how=how, who=who, xyz_m=xyz_m: how(who, xyz_m[:1]), times=3)
        rows += [{"work": work, "rival": rival, "figure": round(ms, 3), "unit": "ms"} for rival, ms in figures.items()]
    latitude, longitude = places["planet"]
    built_ms = STEPS * cpu_ms(lambda: observers(latitude, longitude, 0.0, MASK_DEG), times=3)
    rows.append({"work": f"blocks of {latitude.size:,} cells", "rival": "obrii", "figure": built_ms, "unit": "ms"})
    return rows


def main() -> None:
    """Print the rows."""
    for row in measure():
        print(f"{row['figure']:12.3f} {row['unit']}  {row['rival']:24} {row['work']}")


if __name__ == "__main__":
    main()
