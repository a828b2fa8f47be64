"""Hypatia's Kuiper-630 in plain NumPy and SciPy: nothing of it comes from the package under test.

Satellites from the sgp4 package, Earth rotation and WGS 84 written out, every range a Euclidean norm, routes by
scipy's Dijkstra.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from sgp4.api import WGS72, Satrec, SatrecArray

LIGHT_M_S = 299_792_458.0
PLANES = SLOTS = 34
REACH_M = 1_260_000.0
CITIES = {
    "Manila": (14.6042, 120.9822),
    "Dalian": (38.913811, 121.602322),
    "St Petersburg": (59.929858, 30.326228),
}
JD_START = 2_451_544.5  # 2000-01-01 00:00 UTC


def satellites() -> SatrecArray:
    """Orbit o, slot s: node 360 o / 34, mean anomaly 360 s / 34, plus half a slot on odd planes."""
    found = []
    for plane in range(PLANES):
        for slot in range(SLOTS):
            satellite = Satrec()
            anomaly_deg = 360.0 * slot / SLOTS + (180.0 / SLOTS if plane % 2 else 0.0)
            satellite.sgp4init(
                WGS72, "i", plane * SLOTS + slot, JD_START - 2_433_281.5, 0.0, 0.0, 0.0, 1e-7, 0.0,
                math.radians(51.9), math.radians(anomaly_deg), 14.80 * 2 * math.pi / 1440.0,
                math.radians(360.0 * plane / PLANES),
            )  # fmt: skip
            found.append(satellite)
    return SatrecArray(found)


def lasers() -> np.ndarray:
    """The plus-grid without seam shift, (laser, 2)."""
    links = []
    for plane in range(PLANES):
        for slot in range(SLOTS):
            here = plane * SLOTS + slot
            links.append((here, plane * SLOTS + (slot + 1) % SLOTS))
            links.append((here, (plane + 1) % PLANES * SLOTS + slot))
    return np.array(links)


def positions_m(seconds: np.ndarray) -> np.ndarray:
    """Earth-fixed positions, (time, satellite, 3)."""
    fraction = seconds / 86_400.0
    error, teme_km, _ = satellites().sgp4(np.full_like(fraction, JD_START), fraction)
    assert not error.any()
    out = np.empty((len(seconds), PLANES * SLOTS, 3))
    for k, second in enumerate(seconds):
        days = JD_START - 2_451_545.0 + second / 86_400.0
        t = days / 36_525.0
        # Greenwich mean sidereal time, Aoki et al. 1982.
        gmst_s = 67_310.54841 + (876_600 * 3600 + 8_640_184.812866) * t + 0.093104 * t * t - 6.2e-6 * t**3
        angle = math.radians((gmst_s % 86_400.0) / 240.0)
        x, y, z = teme_km[:, k, :].T * 1e3
        out[k] = np.stack(
            [x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle), z], axis=1
        )
    return out


def site_m(latitude_deg: float, longitude_deg: float) -> np.ndarray:
    """A place at height 0 over WGS 84."""
    a, f = 6_378_137.0, 1 / 298.257223563
    e2 = f * (2 - f)
    sin, cos = math.sin(math.radians(latitude_deg)), math.cos(math.radians(latitude_deg))
    n = a / math.sqrt(1 - e2 * sin * sin)
    longitude = math.radians(longitude_deg)
    return np.array([n * cos * math.cos(longitude), n * cos * math.sin(longitude), n * (1 - e2) * sin])


@dataclass(frozen=True)
class Way:
    """rtt_s, NaN where there is no way; nodes: satellites on the way; margin_m: how near a used or unused access stands
    to the limit of range."""

    rtt_s: float
    nodes: tuple[int, ...]
    margin_m: float


def ways(xyz_m: np.ndarray, start: str, end: str, lost: frozenset[int] = frozenset()) -> Way:
    """The least way between two cities over the satellites of one instant, (satellite, 3)."""
    links = lasers()
    links = links[~np.isin(links, list(lost)).any(axis=1)]
    length = np.linalg.norm(xyz_m[links[:, 0]] - xyz_m[links[:, 1]], axis=1)
    n = len(xyz_m)
    to_a = np.linalg.norm(xyz_m - site_m(*CITIES[start]), axis=1)
    to_b = np.linalg.norm(xyz_m - site_m(*CITIES[end]), axis=1)
    alive = ~np.isin(np.arange(n), list(lost))
    near_a, near_b = np.flatnonzero((to_a <= REACH_M) & alive), np.flatnonzero((to_b <= REACH_M) & alive)
    rows = np.concatenate([links[:, 0], np.full(len(near_a), n), near_b])
    columns = np.concatenate([links[:, 1], near_a, np.full(len(near_b), n + 1)])
    weights = np.concatenate([length, to_a[near_a], to_b[near_b]])
    # One way only at the ends: sites start and stop, they never relay. Lasers go both ways.
    both = np.concatenate([links[:, 1]]), np.concatenate([links[:, 0]])
    graph = csr_matrix(
        (np.concatenate([weights, length]), (np.concatenate([rows, both[0]]), np.concatenate([columns, both[1]]))),
        shape=(n + 2, n + 2),
    )
    distance, before = dijkstra(graph, directed=True, indices=n, return_predecessors=True)
    margin = min(np.abs(to_a - REACH_M).min(), np.abs(to_b - REACH_M).min())
    if not np.isfinite(distance[n + 1]):
        return Way(math.nan, (), float(margin))
    nodes, node = [], before[n + 1]
    while node != n:
        nodes.append(int(node))
        node = before[node]
    return Way(2.0 * float(distance[n + 1]) / LIGHT_M_S, tuple(reversed(nodes)), float(margin))
