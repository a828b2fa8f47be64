"""Routes of least delay: light path, and a fixed cost for each node passed through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from obrii.errors import ScenarioError
from obrii.kernels import lines, paths
from obrii.network.snapshot import Snapshot

#: Trees grown side by side, at most. Measured over 10,000 satellites: 64 and 192 take a twentieth longer, 48 a fifth.
_LANES = 104

#: Trees that one vector instruction holds; they grow in such groups, and every row of them begins on a cache line.
_VECTOR = 8

#: Trees from which it is worth to look for lines, and nodes of a line, on average, from which it is worth to use them:
#: in graphs without a grid most lines have one or two. Measured: 20 trees take the same time either way.
_MANY = 20
_LINE = 4

#: Steps of hop_m in a metre: those of a float32 length of 1 m, so that sums stay exact (see `kernels.paths`).
_HOP_STEPS = 2.0**23


@dataclass(frozen=True)
class Routes:
    """The least-delay way of every node to each destination; arrays are read-only.

    destination (k,) i4: node; distance_m (k, node) f8: light path and hops [m], NaN where there is no way;
    next_hop (k, node) i4: the next node on the way, the smallest id among equals, -1 where there is no way, the
    destination itself at the destination.
    """

    destination: np.ndarray
    distance_m: np.ndarray
    next_hop: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.destination, self.distance_m, self.next_hop):
            array.setflags(write=False)


def routes_to(snapshot: Snapshot, sites: ArrayLike, hop_m: float = 0.0) -> Routes:
    """The least-delay routes from every node to some sites.

    snapshot: the graph; sites (k,): indices of sites; hop_m: cost of each node passed through, as a light path [m]
    (c times its processing delay; ends do not count), rounded to 2^-23 m. A route passes only through nodes that relay.
    Distances are exact sums of the float32 lengths up to 2^30 m, so they are the same in both directions, to the bit.
    Raises `ScenarioError` for a site that is not there or a hop that is not a finite length.
    R. Bellman, "On a routing problem", Quarterly of Applied Mathematics 16 (1958).

    Two satellites in a row between two sites:

    >>> from obrii.network.snapshot import snapshot
    >>> s = snapshot(2, [0], [1], [2e6], [0, 1, 2], [0, 1], [6e5, 7e5], [False, False], [True] * 2, [True], [True] * 2)
    >>> routes = routes_to(s, [1])
    >>> routes.distance_m.tolist()
    [[2700000.0, 700000.0, 3300000.0, 0.0]]
    >>> routes.next_hop.tolist()
    [[1, 3, 0, 3]]
    """
    site = np.atleast_1d(np.asarray(sites, dtype=np.int64))
    beyond = (site < 0) | (site >= snapshot.n_sites)
    if beyond.any():
        raise ScenarioError(f"routes: site {site[beyond][0]} is not among the {snapshot.n_sites} sites of the snapshot")
    hop_m = exact_hop_m(hop_m)

    graph = (snapshot.ptr, snapshot.node, snapshot.length_m)
    n_places, rank, settle = _method(snapshot, hop_m, len(site) >= _MANY)
    destination = (snapshot.n_satellites + site).astype(np.int32)
    # Both in one piece. The C library gives memory back to the system where more than twice the largest piece so far is
    # free, as it was after every call with two: to fetch it anew took a quarter of the time.
    shape = (len(site), len(snapshot))
    piece = np.empty(3 * shape[0] * shape[1], np.int32)
    distance_m = piece[: 2 * shape[0] * shape[1]].view(np.float64).reshape(shape)
    next_hop = piece[2 * shape[0] * shape[1] :].reshape(shape)
    blocks = -(-len(site) // _LANES)
    store_m = _aligned(n_places * min(_LANES, len(site) + _VECTOR))
    for block in range(blocks):
        part = slice(len(site) * block // blocks, len(site) * (block + 1) // blocks)
        root = destination[part]
        # Lanes beyond the last repeat it.
        whole = np.pad(root, (0, -len(root) % _VECTOR), mode="edge") if len(site) >= _MANY else root
        settled_m = store_m[: n_places * len(whole)].reshape(n_places, len(whole))
        settle(whole, settled_m)
        paths.next_hops(*graph, rank, root, hop_m, settled_m, distance_m[part], next_hop[part])
    return Routes(destination, distance_m, next_hop)


def exact_hop_m(hop_m: float) -> float:
    """A cost of a node passed through [m], rounded to 2^-23 m, so that sums of it with lengths are exact.

    Raises `ScenarioError` for what is not a finite length.

    >>> exact_hop_m(299.792458) * 2**23
    2514841412.0
    """
    if not 0.0 <= hop_m < np.inf:
        raise ScenarioError(f"routes: hop_m is {hop_m}; give a finite light path in metres, 0 for none")
    return float(np.rint(hop_m * _HOP_STEPS) / _HOP_STEPS)


def path(routes: Routes, k: int, node: int) -> list[int]:
    """The nodes from a node to destination k, both included; empty where there is no way.

    Raises `ScenarioError` for a destination or a node that is not there.

    >>> from obrii.network.snapshot import snapshot
    >>> s = snapshot(2, [0], [1], [2e6], [0, 1, 2], [0, 1], [6e5, 7e5], [False, False], [True] * 2, [True], [True] * 2)
    >>> path(routes_to(s, [1]), 0, 2)
    [2, 0, 1, 3]
    """
    n_destinations, n_nodes = routes.next_hop.shape
    if not (0 <= k < n_destinations and 0 <= node < n_nodes):
        raise ScenarioError(
            f"path: no node {node} or destination {k}; there are {n_nodes} nodes and {n_destinations} destinations"
        )
    found = np.empty(n_nodes, np.int32)
    count = paths.walk(routes.next_hop[k], node, found)
    return [int(each) for each in found[:count]]


def least_path(snapshot: Snapshot, a_site: int, b_site: int, hop_m: float = 0.0) -> tuple[float, list[int]]:
    """The least-delay route between two sites: its length [m] and its nodes; NaN and no nodes where there is none.

    a_site, b_site: indices of sites; hop_m as in `routes_to`. Of equal routes, each node takes the next of smallest id.

    >>> from obrii.network.snapshot import snapshot
    >>> s = snapshot(2, [0], [1], [2e6], [0, 1, 2], [0, 1], [6e5, 7e5], [False, False], [True] * 2, [True], [True] * 2)
    >>> least_path(s, 0, 1, hop_m=1000.0)
    (3302000.0, [2, 0, 1, 3])
    """
    # Both, so that both are checked; a second lane costs next to nothing.
    routes = routes_to(snapshot, [a_site, b_site], hop_m)
    start = int(routes.destination[0])
    return float(routes.distance_m[1, start]), path(routes, 1, start)


def _method(
    snapshot: Snapshot, hop_m: float, many: bool
) -> tuple[int, np.ndarray, Callable[[np.ndarray, np.ndarray], None]]:
    """The number of nodes that relay, the place of each, and what settles them: by lines where those pay."""
    graph = (snapshot.ptr, snapshot.node, snapshot.length_m)
    n_nodes, n_edges = len(snapshot), len(snapshot.node)
    order, rank = np.empty((2, n_nodes), np.int32)
    if many:
        line_ptr, part_ptr = np.empty((2, n_nodes + 1), np.int32)
        n_lines, n_parts = lines.lay_lines(*graph[:2], snapshot.relays, order, rank, line_ptr, part_ptr)
        n_places = int(line_ptr[n_lines])
        if n_places >= _LINE * n_lines:
            line_ptr, part_ptr = line_ptr[: n_lines + 1], part_ptr[: n_parts + 1]
            line, ahead_m = np.empty(n_places, np.int32), np.empty(n_places)
            ptr, (place, back) = np.empty(n_places + 1, np.int32), np.empty((2, n_edges), np.int32)
            step_m = np.empty(n_edges)
            lines.line_steps(*graph, order, rank, line_ptr, hop_m, line, ahead_m, ptr, place, step_m, back)
            steps = (part_ptr, line_ptr, line, ahead_m, ptr, place, step_m, back)
            return n_places, rank, lambda root, out_m: lines.settle_lines(*graph, rank, root, *steps, out_m)
    n_places = paths.relay_order(*graph[:2], snapshot.relays, order, rank)
    return n_places, rank, lambda root, out_m: paths.settle(*graph, order, rank, root, hop_m, out_m)


def _aligned(count: int) -> np.ndarray:
    """So many distances, the first at the beginning of a cache line of 64 bytes."""
    store = np.empty(count + _VECTOR)
    return store[-store.ctypes.data % 64 // store.itemsize :][:count]
