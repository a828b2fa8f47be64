"""How long it takes to choose the best satellites of every land cell of the planet, beside others.

Land is the children of the land cells that ship, at the resolution of operators' own cells. Ways down are the distance
to the nearest of as many places on land as there are gateways: they vary as real ones do. Making them is not timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import h3.api.numpy_int as h3
import numpy as np
from scipy.spatial import cKDTree

from benchmarks import time_sight
from obrii.ground import polygons, regions
from obrii.links.best import best_satellites
from obrii.links.visibility import Observers, observers

#: Resolution of cells of some 250 km2.
RESOLUTION = 5

#: A shell more than in the benchmark of sights, invented to come to 10,395 satellites, those of a catalogue of 2026-05.
MORE_SHELLS = [(5, 79, 53.0, 560e3)]
SATELLITES = 10_395

#: Gateways of the ways down (assumption), and their satellites without any.
GATEWAYS, WITHOUT_WAY = 370, 0.03

#: NumPy tries every pair of one cell in so many, and its time is scaled up.
SAMPLE = 1_000

#: Nearest satellites that the tree is asked for, of which it keeps those above the mask.
NEAREST = 6


def land() -> tuple[np.ndarray, np.ndarray]:
    """Latitudes and longitudes of the centres of land cells, (cell,) each [deg], in H3's own order."""
    return polygons.centres(np.sort(h3.uncompact_cells(regions.world_table()[0], RESOLUTION)))


def ways_m(xyz_m: np.ndarray, ground_m: np.ndarray) -> np.ndarray:
    """Ways down of satellites at (3, satellite) to the nearest of points at (3, gateway), (satellite,) f4 [m]."""
    way_m = cKDTree(ground_m.T).query(xyz_m.T)[0].astype(np.float32)
    way_m[np.random.default_rng(4).random(way_m.size) < WITHOUT_WAY] = np.inf
    return way_m


def brute(who: Observers, xyz_m: np.ndarray, way_m: np.ndarray, sites: np.ndarray, k: int) -> np.ndarray:
    """Scores of the best of some sites, by trying every pair in NumPy, in float64; (k, site) [m]."""
    best_m = np.empty((k, sites.size))
    sky = xyz_m.astype(float)
    for low in range(0, sites.size, 64):
        here = sites[low : low + 64]
        ray = sky[:, None] - who.xyz_m[:, here, None]
        away = np.sqrt(np.einsum("isj,isj->sj", ray, ray))
        seen = np.einsum("isj,is->sj", ray, who.up[:, here]) >= who.min_sine[here, None] * away
        score = np.where(seen, away + way_m, np.inf)
        best_m[:, low : low + 64] = np.sort(np.partition(score, k, axis=1)[:, :k], axis=1).T
    return best_m


def tree(who: Observers, xyz_m: np.ndarray, k: int) -> np.ndarray:
    """Ranges of the nearest satellites above the mask by SciPy's k-d tree; knows no ways; (k, site) [m]."""
    away, satellite = cKDTree(xyz_m.T).query(who.xyz_m.T, NEAREST)
    ray = xyz_m.astype(float)[:, satellite] - who.xyz_m[:, :, None]
    seen = np.einsum("isj,is->sj", ray, who.up) >= who.min_sine[:, None] * away
    return np.sort(np.where(seen, away, np.inf), axis=1)[:, :k].T


def cpu_ms(work: Callable[[], Any], times: int) -> float:
    """The median of the processor's time, after one run to warm up."""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return 1e3 * median(taken)


def assert_equal(ours_m: np.ndarray, theirs_m: np.ndarray) -> None:
    """Stop where scores differ by more than float32 rounds: only equal work is timed."""
    np.testing.assert_allclose(ours_m, theirs_m, rtol=1e-6)


def measure() -> list[dict]:
    """One row a measurement: work, rival, figure, unit."""
    latitude, longitude = land()
    who = observers(latitude, longitude, 0.0, time_sight.MASK_DEG)
    xyz_m = time_sight.sky(SATELLITES, MORE_SHELLS)[0]
    gateways = np.random.default_rng(3).choice(len(who), GATEWAYS, replace=False)
    sample = np.arange(0, len(who), SAMPLE)
    nothing_m, way_m = np.zeros(SATELLITES, np.float32), ways_m(xyz_m, who.xyz_m[:, gateways])
    rows = []
    for k, by, way in ((3, "range", nothing_m), (3, "range and way down", way_m), (8, "range and way down", way_m)):
        chosen_m = best_satellites(who, xyz_m[None], way, k)[1][0][:, who.blocks.place]
        figures = {"obrii": cpu_ms(lambda way=way, k=k: best_satellites(who, xyz_m[None], way, k), times=15)}
        assert_equal(chosen_m[:, sample], brute(who, xyz_m, way, sample, k))
        taken_ms = cpu_ms(lambda way=way, k=k: brute(who, xyz_m, way, sample, k), times=1)
        figures[f"numpy, one cell in {SAMPLE:,}, scaled up"] = taken_ms * len(who) / sample.size
        if by == "range":
            assert_equal(chosen_m, tree(who, xyz_m, k))
            figures["scipy.spatial.cKDTree"] = cpu_ms(lambda k=k: tree(who, xyz_m, k), times=1)
        work = f"best {k} of {SATELLITES:,} satellites by {by}, {len(who):,} land cells"
        rows += [{"work": work, "rival": rival, "figure": round(ms, 3), "unit": "ms"} for rival, ms in figures.items()]
    built_ms = cpu_ms(lambda: observers(latitude, longitude, 0.0, time_sight.MASK_DEG), times=1)
    rows.append({"work": f"blocks of {len(who):,} land cells", "rival": "obrii", "figure": built_ms, "unit": "ms"})
    return rows


def main() -> None:
    """Print the rows."""
    for row in measure():
        print(f"{row['figure']:12.3f} {row['unit']}  {row['rival']:38} {row['work']}")


if __name__ == "__main__":
    main()
