"""How many links routes take, how far round they go, and how often they change from step to step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from obrii.errors import ScenarioError
from obrii.kernels import walks
from obrii.network.snapshot import Snapshot
from obrii.routing.shortest import Routes, exact_hop_m


@dataclass(frozen=True)
class Churn:
    """How many pairs of sites go another way than one step before; arrays are read-only.

    pairs (step,) i8: those with a way then or before; path (step,) i8: of these, those whose way changed, came or went;
    next_hop (step,) i8: of these, those whose first link did.
    """

    pairs: np.ndarray
    path: np.ndarray
    next_hop: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.pairs, self.path, self.next_hop):
            array.setflags(write=False)


def hops(snapshot: Snapshot, routes: Routes) -> np.ndarray:
    """How many links the route of every site to each destination takes: (site, k) i4, -1 where there is no way.

    snapshot, routes: as for `routes_to`. One less is the number of satellites and sites passed.

    >>> from obrii.network.snapshot import snapshot
    >>> from obrii.routing.shortest import routes_to
    >>> s = snapshot(2, [0], [1], [2e6], [0, 1, 2], [0, 1], [6e5, 7e5], [False, False], [True] * 2, [True], [True] * 2)
    >>> hops(s, routes_to(s, [0, 1])).tolist()
    [[0, 3], [3, 0]]
    """
    counted = np.empty((snapshot.n_sites, len(routes.destination)), np.int32)
    walks.count_hops(routes.next_hop, _sites(snapshot.n_satellites, routes), counted)
    return counted


def stretch(snapshot: Snapshot, routes: Routes, bound_m: ArrayLike, hop_m: float = 0.0) -> np.ndarray:
    """How many times as long as a bound the light path of every site to each destination is: (site, k) f8.

    bound_m (site, k) [m]: what no path can be shorter than, such as `chord_m` through the Earth, or
    `frames.great_circle_m` along it; hop_m: as it was for the routes, taken out again. NaN where there is no way, and
    from a site to itself.

    >>> from obrii.network.snapshot import snapshot
    >>> from obrii.routing.shortest import routes_to
    >>> s = snapshot(2, [0], [1], [2e6], [0, 1, 2], [0, 1], [6e5, 7e5], [False, False], [True] * 2, [True], [True] * 2)
    >>> stretch(s, routes_to(s, [0, 1]), np.full((2, 2), 2.2e6)).tolist()
    [[nan, 1.5], [1.5, nan]]
    """
    bounds_m = np.asarray(bound_m, np.float64)
    counted = hops(snapshot, routes)
    if bounds_m.shape != counted.shape:
        raise ScenarioError(f"stretch: bound_m has shape {bounds_m.shape}, not {counted.shape}")
    path_m = routes.distance_m[:, snapshot.n_satellites :].T - exact_hop_m(hop_m) * np.maximum(counted - 1, 0)
    found = np.full(counted.shape, np.nan)
    return np.divide(path_m, bounds_m, out=found, where=(counted > 0) & (bounds_m > 0.0))


def chord_m(xyz_m: ArrayLike) -> np.ndarray:
    """The straight line between every two of some points [m], (point, point).

    xyz_m (3, point) [m].

    >>> chord_m([[0.0, 3e6], [0.0, 4e6], [1e6, 1e6]]).tolist()
    [[0.0, 5000000.0], [5000000.0, 0.0]]
    """
    xyz = np.asarray(xyz_m, np.float64)
    return np.linalg.norm(xyz[:, :, None] - xyz[:, None, :], axis=0)


def partings(before: Routes, after: Routes, n_satellites: int) -> np.ndarray:
    """The link with which the route of every site to each destination begins to differ: (site, k) i4, 0 the first.

    before, after: routes to the same destinations at two instants; n_satellites: of their snapshots. -1 where the route
    stays, and where there is none in either. Raises `ScenarioError` where destinations or nodes differ.

    >>> from obrii.network.snapshot import snapshot
    >>> from obrii.routing.shortest import routes_to
    >>> fixed = (2, [0], [1], [2e6], [0, 2, 3], [0, 1, 1])
    >>> on = ([False, False], [True] * 2, [True], [True] * 2)
    >>> first, then = (routes_to(snapshot(*fixed, [6e5, low, 7e5], *on), [0, 1]) for low in (7e5, 2.7e6))
    >>> partings(first, then, 2).tolist()
    [[-1, 0], [1, -1]]
    """
    if before.next_hop.shape != after.next_hop.shape or (before.destination != after.destination).any():
        raise ScenarioError("churn: two steps have other nodes or destinations; give routes to the same sites")
    parted = np.empty((before.next_hop.shape[1] - n_satellites, len(before.destination)), np.int32)
    walks.part_ways(before.next_hop, after.next_hop, _sites(n_satellites, before), parted)
    return parted


def churn(steps: Iterable[Routes], n_satellites: int) -> Churn:
    """How many pairs change their path or their first link from each step to the next.

    steps: routes to the same destinations at successive instants, two of which are held at a time; n_satellites: of
    their snapshots. A site and itself are no pair.

    >>> from obrii.network.snapshot import snapshot
    >>> from obrii.routing.shortest import routes_to
    >>> fixed = (2, [0], [1], [2e6], [0, 2, 3], [0, 1, 1])
    >>> on = ([False, False], [True] * 2, [True], [True] * 2)
    >>> changed = churn((routes_to(snapshot(*fixed, [6e5, low, 7e5], *on), [0, 1]) for low in (7e5, 7e5, 2.7e6)), 2)
    >>> changed.pairs.tolist(), changed.path.tolist(), changed.next_hop.tolist()
    ([2, 2], [0, 2], [0, 1])
    """
    counts = []
    for before, after in pairwise(steps):
        parted = partings(before, after, n_satellites)
        alive = (before.next_hop >= 0) | (after.next_hop >= 0)
        sites = _sites(n_satellites, before)
        pair = alive[:, sites].T & (sites[:, None] != before.destination)
        counts.append((pair.sum(), (pair & (parted >= 0)).sum(), (pair & (parted == 0)).sum()))
    return Churn(*np.array(counts, np.int64).reshape(-1, 3).T)


def _sites(n_satellites: int, routes: Routes) -> np.ndarray:
    return np.arange(n_satellites, routes.next_hop.shape[1], dtype=np.int32)
