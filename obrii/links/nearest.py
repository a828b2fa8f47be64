"""Laser links to the nearest satellites, chosen anew at every instant."""

from __future__ import annotations

import math

import numpy as np
from scipy.spatial import cKDTree

from obrii.constants import EARTH_MEAN_RADIUS_M, LASER_CLEARANCE_M
from obrii.kernels.laser import grant_in_order, laser_ranges
from obrii.links.lasers import Links

#: Words for links to the nearest satellites, and how many terminals each satellite has for them.
NEAREST = {f"nearest-{n}": n for n in range(1, 5)}

#: Satellites that `nearest_links` first looks at around each one, for each of its terminals, and by how much it looks
#: further in each round. Both change its speed and never its result.
_FIRST_LOOK, _FURTHER = 2.0, 1.5


def nearest_links(
    xyz_m: np.ndarray,
    n: int | np.ndarray,
    max_range_m: float = math.inf,
    clearance_m: float = LASER_CLEARANCE_M,
    earth_radius_m: float = EARTH_MEAN_RADIUS_M,
    plane: np.ndarray | None = None,
) -> tuple[Links, np.ndarray]:
    """The links of satellites that point n terminals at the nearest others: all of a block, and when each is there.

    xyz_m (time, 3, satellite) [m], taken as f4, NaN where a satellite has no position; n: of all satellites alike, or
    (satellite,) of each; max_range_m, clearance_m, earth_radius_m: as `ranges` takes them; plane (satellite,): links
    within one plane from 0 are not cross-plane, all others are. Returns the links of all instants and their ranges
    (time, laser) f4 [m], NaN where not chosen.

    At each instant the shortest link in sight of all is granted first, then the next, and so on, to satellites that
    have a terminal left; of equal lengths the lower satellites go first. So no two satellites would both rather point
    at each other: the stable matching of I. Gale and L. S. Shapley (1962) where both sides rank by distance.

    >>> row = np.array([[[7e6, 7e6, 7e6, 7e6], [0.0, 1e6, 1.9e6, 3.2e6], [0.0, 0.0, 0.0, 0.0]]])
    >>> links, range_m = nearest_links(row, 1)
    >>> links.a.tolist(), links.b.tolist()
    ([0, 1], [3, 2])
    """
    xyz_m = np.ascontiguousarray(xyz_m, np.float32)
    count = xyz_m.shape[2]
    terminals = np.ascontiguousarray(np.broadcast_to(n, count), np.int32)
    chosen = [_nearest(step, terminals, max_range_m, float(earth_radius_m + clearance_m)) for step in xyz_m]
    keys = [a.astype(np.int64) * count + b for a, b, _ in chosen]
    union = np.unique(np.concatenate([np.zeros(0, np.int64), *keys]))
    range_m = np.full((len(xyz_m), len(union)), np.nan, np.float32)
    for row, key, (_, _, away_m) in zip(range_m, keys, chosen, strict=True):
        row[np.searchsorted(union, key)] = away_m
    a, b = np.divmod(union, max(count, 1))
    known = np.full(count, -1) if plane is None else np.asarray(plane)
    return Links(a, b, (known[a] != known[b]) | (known[a] < 0)), range_m


def _nearest(
    xyz_m: np.ndarray, terminals: np.ndarray, max_range_m: float, clearance_radius_m: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Links of one instant: a, b (laser,) i4, a < b, and range_m (laser,) f4.

    Looking further and further, at the satellites alone that have a terminal left, grants the same links in the same
    order as looking at all pairs at once.
    """
    # Those with fewer terminals than others begin with some in use.
    n = int(terminals.max(initial=0))
    there = np.isfinite(xyz_m).all(axis=0)
    used = np.where(there, n - terminals, n).astype(np.int32)
    radius_m = float(np.sqrt((xyz_m[:, there].astype(np.float64) ** 2).sum(axis=0)).max(initial=0.0))
    # A little further, for the kernel rounds otherwise, and is the one to refuse.
    furthest_m = (1.0 + 1e-6) * min(max_range_m, 2.0 * math.sqrt(max(radius_m**2 - clearance_radius_m**2, 0.0)))
    found: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = [
        (np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.float32))
    ]
    # Within a chord c stands the share (c / 2 R)^2 of satellites spread evenly over a sphere.
    near_m, far_m = -1.0, 2.0 * radius_m * math.sqrt(_FIRST_LOOK * n / max(xyz_m.shape[1], 1))
    while near_m < furthest_m and (used < n).sum() > 1:
        far_m = min(far_m, furthest_m)
        a, b, range_m = _in_sight(xyz_m, np.flatnonzero(used < n), far_m, max_range_m, clearance_radius_m)
        order = np.flatnonzero((range_m > near_m) & (range_m <= far_m))
        order = order[np.lexsort((b[order], a[order], range_m[order]))]
        a, b, range_m = a[order], b[order], range_m[order]
        granted = np.empty(len(order), np.bool_)
        grant_in_order(a, b, n, used, granted)
        found.append((a[granted], b[granted], range_m[granted]))
        near_m, far_m = far_m, _FURTHER * far_m
    a, b, range_m = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return a, b, range_m


def _in_sight(
    xyz_m: np.ndarray, satellites: np.ndarray, far_m: float, max_range_m: float, clearance_radius_m: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of some satellites up to a distance: a, b (laser,) i4, a < b, and range_m (laser,) f4, NaN out of sight."""
    # A little further, for the tree rounds otherwise than the kernel.
    pairs = cKDTree(xyz_m[:, satellites].T).query_pairs(far_m * (1.0 + 1e-6), output_type="ndarray")
    a, b = np.ascontiguousarray(satellites[pairs].T, np.int32)
    range_m = np.empty(len(a), np.float32)
    laser_ranges(xyz_m, a, b, clearance_radius_m, float(max_range_m), range_m)
    return a, b, range_m
