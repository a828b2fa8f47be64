"""More than one way between two sites: those that share no link, those that come next, those that are equal.

All start from the tree of least-delay routes to the far end, so that pairs with one far end share it. With some
satellites or links off they take what `edges.masked` leaves of a snapshot.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile

import numpy as np
from numpy.typing import ArrayLike

from obrii.errors import ScenarioError
from obrii.kernels import search
from obrii.network.snapshot import Snapshot
from obrii.routing.shortest import Routes, exact_hop_m, routes_to

#: Longest of the least ways [m]: half of what sums are exact up to (see `kernels.paths`), for detours are longer.
_EXACT_M = 2.0**29
_INEXACT = "beyond 2^29 m sums of lengths are not exact, and ways cannot be told apart: give lengths in metres"


@dataclass(frozen=True, order=True)
class Route:
    """One way; length_m: light path and hops [m]; nodes: both ends included. Routes sort by length, then by nodes."""

    length_m: float
    nodes: tuple[int, ...]


def disjoint_routes(snapshot: Snapshot, ends: ArrayLike, most: int = 2, hop_m: float = 0.0) -> list[list[Route]]:
    """Ways between pairs of sites that share no link in either direction, of least length together, shortest first.

    ends (pair, 2): indices of sites, from and to; most: ways of a pair, at most; hop_m as in `routes_to`. A pair has
    fewer where no set of so many exists. Ways may share nodes, and need not hold the least-delay route. From a site to
    itself there is one way, of no length. Raises `ScenarioError` for a site that is not there, a hop that is not a
    finite length, or fewer than one way.
    J. Suurballe, "Disjoint paths in a network", Networks 4 (1974).

    The least-delay route over 0 and 1 would leave no other way:

    >>> from obrii.network.snapshot import snapshot
    >>> s = snapshot(4, [0, 0, 2], [1, 3, 1], [1e6, 2e6, 2.5e6], [0, 2, 4], [0, 2, 1, 3], [6e5, 1e6, 6e5, 1e6],
    ...              [False] * 2, [True] * 4, [True] * 3, [True] * 2)
    >>> [(route.length_m, route.nodes) for route in disjoint_routes(s, [[0, 1]])[0]]
    [(3600000.0, (4, 0, 3, 5)), (4100000.0, (4, 2, 1, 5))]
    """
    room = _Room(snapshot, hop_m)
    return [sorted(room.disjoint(*pair, most)) for pair in _pairs(snapshot, ends, most, room.hop_m)]


def shortest_routes(snapshot: Snapshot, ends: ArrayLike, most: int, hop_m: float = 0.0) -> list[list[Route]]:
    """The least-delay route between pairs of sites, and those that come next: second-best, third-best and so on.

    ends, most, hop_m and errors as for `disjoint_routes`. No route passes a node twice; of equal routes the one with
    the smaller ids comes first.
    J. Yen, "Finding the K shortest loopless paths in a network", Management Science 17 (1971); E. Lawler, ibid. 18.

    >>> from obrii.network.snapshot import snapshot
    >>> s = snapshot(4, [0, 0, 2], [1, 3, 1], [1e6, 2e6, 2.5e6], [0, 2, 4], [0, 2, 1, 3], [6e5, 1e6, 6e5, 1e6],
    ...              [False] * 2, [True] * 4, [True] * 3, [True] * 2)
    >>> [(route.length_m, route.nodes) for route in shortest_routes(s, [[0, 1]], 3)[0]]
    [(2200000.0, (4, 0, 1, 5)), (3600000.0, (4, 0, 3, 5)), (4100000.0, (4, 2, 1, 5))]
    """
    room = _Room(snapshot, hop_m)
    return [list(islice(room.in_order(*pair), most)) for pair in _pairs(snapshot, ends, most, room.hop_m)]


def equal_routes(snapshot: Snapshot, ends: ArrayLike, most: int, hop_m: float = 0.0) -> list[list[Route]]:
    """All least-delay routes between pairs of sites, where several are equal to the bit, in the order of their nodes.

    ends, most, hop_m and errors as for `disjoint_routes`; `route_counts` says how many there are without listing them.

    >>> from obrii.network.snapshot import snapshot
    >>> s = snapshot(4, [0, 0, 1, 2], [1, 2, 3, 3], [1e6] * 4, [0, 1, 2], [0, 3], [6e5] * 2, [False] * 2,
    ...              [True] * 4, [True] * 4, [True] * 2)
    >>> [route.nodes for route in equal_routes(s, [[0, 1]], 9)[0]]
    [(4, 0, 1, 3, 5), (4, 0, 2, 3, 5)]
    """
    room = _Room(snapshot, hop_m)

    def equal(source: int, target: int, left_m: np.ndarray) -> Iterator[Route]:
        return takewhile(lambda route: route.length_m == left_m[source], room.in_order(source, target, left_m))

    return [list(islice(equal(*pair), most)) for pair in _pairs(snapshot, ends, most, room.hop_m)]


def route_counts(snapshot: Snapshot, routes: Routes, hop_m: float = 0.0) -> np.ndarray:
    """How many least-delay routes every node has to each destination, (k, node) f8, exact up to 2^53.

    routes, hop_m: as they came from `routes_to` of the same snapshot. Raises `ScenarioError` for coarse routes, whose
    lengths are not those of the snapshot.

    >>> from obrii.network.snapshot import snapshot
    >>> s = snapshot(4, [0, 0, 1, 2], [1, 2, 3, 3], [1e6] * 4, [0, 1, 2], [0, 3], [6e5] * 2, [False] * 2,
    ...              [True] * 4, [True] * 4, [True] * 2)
    >>> route_counts(s, routes_to(s, [1])).tolist()
    [[2.0, 1.0, 1.0, 1.0, 2.0, 1.0]]
    """
    if routes.distance_m.dtype != np.float64:
        raise ScenarioError("routes: coarse lengths tell no equal ways apart; find the routes with exact = True")
    count = np.empty_like(routes.distance_m)
    graph = (snapshot.ptr, snapshot.node, snapshot.length_m, snapshot.relays)
    for target, left_m, out in zip(routes.destination, routes.distance_m, count, strict=True):
        search.count_ways(*graph, exact_hop_m(hop_m), target, np.argsort(left_m), left_m, out)
    return count


def _pairs(snapshot: Snapshot, ends: ArrayLike, most: int, hop_m: float) -> Iterator[tuple[int, int, np.ndarray]]:
    """Both nodes of each pair, and the distance of every node to the second."""
    pairs = np.asarray(ends, np.int64)
    pairs = pairs if pairs.size else pairs.reshape(0, 2)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise ScenarioError(
            f"routes: ends has shape {pairs.shape}, not (pair, 2): a site to start from and one to reach"
        )
    if most < 1:
        raise ScenarioError(f"routes: {most} ways are asked for; ask for at least 1")
    beyond = (pairs < 0) | (pairs >= snapshot.n_sites)
    if beyond.any():
        raise ScenarioError(
            f"routes: site {pairs[beyond][0]} is not among the {snapshot.n_sites} sites of the snapshot"
        )
    targets, which = np.unique(pairs[:, 1], return_inverse=True)
    left_m = routes_to(snapshot, targets, hop_m).distance_m
    if (left_m > _EXACT_M).any():
        raise ScenarioError(f"routes: a least way is {np.nanmax(left_m):.0f} m long; {_INEXACT}")
    for source, target in zip(pairs[:, 0], which, strict=True):
        yield snapshot.n_satellites + int(source), snapshot.n_satellites + int(targets[target]), left_m[target]


class _Room:
    """A graph as the kernels of searches take it, and room for them to work in."""

    def __init__(self, snapshot: Snapshot, hop_m: float) -> None:
        n_nodes, n_edges = len(snapshot), len(snapshot.node)
        self.hop_m = exact_hop_m(hop_m)
        self._graph = (snapshot.ptr, snapshot.node, snapshot.length_m)
        self._on, self._leads = np.ones(n_nodes, np.bool_), np.empty(n_nodes, np.bool_)
        self._open = (*self._graph, snapshot.relays, self._on)
        self._state = np.zeros(n_edges, np.int8)
        self._way, before = np.empty((2, n_nodes), np.int32)
        self._scratch = (np.empty(n_edges + 1), np.empty(n_edges + 1, np.int32), np.empty(n_nodes), before)

    def disjoint(self, source: int, target: int, left_m: np.ndarray, most: int) -> Iterator[Route]:
        """Ways that share no link."""
        where = (*self._open, self.hop_m, source, target, most if source != target else 1)
        for _ in range(search.share_no_link(*where, *self._scratch, left_m.copy(), self._state)):
            count, length_m = search.follow(*self._graph, self.hop_m, source, target, self._state, self._way)
            yield Route(length_m, tuple(self._way[:count].tolist()))

    def in_order(self, source: int, target: int, left_m: np.ndarray) -> Iterator[Route]:
        """Routes without a node twice, the shortest first; each is searched for when it is asked for."""
        if source == target:
            yield Route(0.0, (source,))
            return
        found: list[tuple[int, ...]] = []
        waiting = self._detours((source, target), 0, found, target, left_m)
        while waiting:
            route, spur = heapq.heappop(waiting)
            yield route
            found.append(route.nodes)
            for detour in self._detours(route.nodes, spur, found, target, left_m):
                heapq.heappush(waiting, detour)

    def _detours(
        self, way: tuple[int, ...], spur: int, found: list[tuple[int, ...]], target: int, left_m: np.ndarray
    ) -> list[tuple[Route, int]]:
        """The least routes that leave a way at each of its nodes from one on, with the index of that node."""
        known = np.full((len(found), len(way)), -1, np.int32)
        for row, nodes in zip(known, found, strict=True):
            row[: len(nodes)] = nodes[: len(way)]
        length_m, count = np.empty(len(way)), np.empty(len(way), np.int32)
        detour = np.empty((len(way), len(self._way)), np.int32)
        where = (*self._open, self._state, left_m, self.hop_m, target, np.array(way, np.int32), spur, known)
        search.detours(*where, *self._scratch, self._leads, length_m, count, detour)
        if (count[spur:-1] < 0).any():
            raise ScenarioError(f"routes: a way is too long; {_INEXACT}")
        return [
            (Route(float(length_m[i]), tuple(detour[i, : count[i]].tolist())), i)
            for i in range(spur, len(way) - 1)
            if count[i]
        ]
