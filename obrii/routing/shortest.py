"""Routes of least delay: light path, and a fixed cost for each node passed through."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from obrii.errors import ScenarioError
from obrii.kernels import lines, paths
from obrii.network.snapshot import Snapshot

#: Bytes of a row, at most: 104 trees in float64, 208 in float32. Measured in float64 over 10,000 satellites: 64 and 192
#: take a twentieth longer, 48 a fifth; in float32 192 trees in one block take a twentieth less than in two.
_ROW = 832

#: Bytes of a vector and of a cache line: trees grow in groups that fill one, and every row of them begins on a line.
_VECTOR = 64

#: Trees from which it is worth to look for lines, and nodes of a line, on average, from which it is worth to use them:
#: in graphs without a grid most lines have one or two. Measured: 20 trees take the same time either way.
_MANY = 20
_LINE = 4

#: Steps of hop_m in a metre: those of a float32 length of 1 m, so that sums stay exact (see `kernels.paths`).
_HOP_STEPS = 2.0**23

#: Step of coarse lengths [m], and the way up to which their sums are exact in float32 [m], once and a half around.
_COARSE_M = 4.0
_FARTHEST_M = 2.0**24 * _COARSE_M


@dataclass(frozen=True)
class Routes:
    """The least-delay way of every node to each destination; arrays are read-only.

    destination (k,) i4: node; distance_m (k, node) f8, or f4 where coarse: light path and hops [m], NaN where there is
    no way; next_hop (k, node) i4: the next node on the way, the smallest id among equals, -1 where there is no way, the
    destination itself at the destination.
    """

    destination: np.ndarray
    distance_m: np.ndarray
    next_hop: np.ndarray

    def __post_init__(self) -> None:
        for array in (self.destination, self.distance_m, self.next_hop):
            array.setflags(write=False)


def routes_to(snapshot: Snapshot, sites: ArrayLike, hop_m: float = 0.0, *, exact: bool = True) -> Routes:
    """The least-delay routes from every node to some sites.

    snapshot: the graph; sites (k,): indices of sites; hop_m: cost of each node passed through, as a light path [m]
    (c times its processing delay; ends do not count), rounded to 2^-23 m. A route passes only through nodes that relay.
    Distances are exact sums of the float32 lengths up to 2^30 m, so they are the same in both directions, to the bit.
    Unless exact, every length and the hop are first rounded to steps of 4 m, so that sums of them are exact in float32,
    which takes two thirds of the time. These are the routes of the rounded graph, to the bit and by either method:
    the same in both directions, and next hops lead along them. A way is at most 2 m (7 ns) a link and 2 m a hop from
    the exact one, 3 m a link shorter than 2 m; of ways nearer than that to each other another may be taken.
    `multipath.route_counts` needs exact ones.
    Raises `ScenarioError` for a site that is not there, a hop that is not a finite length, or a way of 67,108 km or
    more that is not exact.
    R. Bellman, "On a routing problem", Quarterly of Applied Mathematics 16 (1958).

    Two satellites in a row between two sites:

    >>> from obrii.network.snapshot import snapshot
    >>> s = snapshot(2, [0], [1], [2e6], [0, 1, 2], [0, 1], [6e5, 7e5], [False, False], [True] * 2, [True], [True] * 2)
    >>> routes = routes_to(s, [1])
    >>> routes.distance_m.tolist()
    [[2700000.0, 700000.0, 3300000.0, 0.0]]
    >>> routes.next_hop.tolist()
    [[1, 3, 0, 3]]
    >>> routes_to(s, [1], exact=False).distance_m.dtype
    dtype('float32')
    """
    site = np.atleast_1d(np.asarray(sites, dtype=np.int64))
    beyond = (site < 0) | (site >= snapshot.n_sites)
    if beyond.any():
        raise ScenarioError(f"routes: site {site[beyond][0]} is not among the {snapshot.n_sites} sites of the snapshot")

    hop_m = exact_hop_m(hop_m)
    if not exact:
        snapshot, hop_m = replace(snapshot, length_m=_coarse_m(snapshot.length_m)), _coarse_hop_m(hop_m)
    graph = (snapshot.ptr, snapshot.node, snapshot.length_m)
    destination = (snapshot.n_satellites + site).astype(np.int32)

    def enter(rank: np.ndarray, part: slice, *out: np.ndarray) -> None:
        paths.enter(*graph, rank, _whole(destination[part], out[0].shape[1]), *out)

    def leave(part: slice, *out: np.ndarray) -> None:
        paths.last_steps(*graph, destination[part], *out)

    kind = np.float64 if exact else np.float32
    distance_m, next_hop = _trees(snapshot, len(site), hop_m, kind, enter, leave)
    if not exact and np.fmax.reduce(distance_m, axis=None, initial=0.0) >= _FARTHEST_M:
        raise ScenarioError(
            f"routes: a way is {_FARTHEST_M // 1e3:,.0f} km long or longer; ask for exact ones, coarse ones end there"
        )
    return Routes(destination, distance_m, next_hop)


def ways_out(
    snapshot: Snapshot, exits: np.ndarray, exit_m: np.ndarray, hop_m: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """The least ways from every node to where each of several journeys may end.

    snapshot, hop_m as for `routes_to`; exits (exit,) i4: nodes that relay, each once; exit_m (journey, exit): what is
    left of the way from there [m], at least `MIN_LENGTH_M`, inf where the journey does not end there; held as float32.
    Returns distance_m (journey, node) f8, NaN where there is no way, and next_hop (journey, node) i4, -1 where there is
    no way, the node itself where the journey ends. Of equal ways those onward come first, by the smallest id.

    Two satellites in a row, and a journey that may end at either:

    >>> from obrii.network.snapshot import snapshot
    >>> s = snapshot(2, [0], [1], [2e6], [0], [], [], [], [True] * 2, [True], [])
    >>> distance_m, next_hop = ways_out(s, np.array([0, 1], "i4"), np.array([[9e6, 6e5]]))
    >>> distance_m.tolist(), next_hop.tolist()
    ([[2600000.0, 600000.0]], [[1, 1]])
    """
    of_exit_m = np.ascontiguousarray(exit_m.T, dtype=np.float32)

    def enter(rank: np.ndarray, part: slice, *out: np.ndarray) -> None:
        paths.enter_at(rank, exits, _whole(of_exit_m[:, part], out[0].shape[1]), *out)

    def leave(part: slice, *out: np.ndarray) -> None:
        paths.last_exits(exits, np.ascontiguousarray(of_exit_m[:, part]), *out)

    return _trees(snapshot, len(exit_m), exact_hop_m(hop_m), np.float64, enter, leave)


def exact_hop_m(hop_m: float) -> float:
    """A cost of a node passed through [m], rounded to 2^-23 m, so that sums of it with lengths are exact.

    Raises `ScenarioError` for what is not a finite length.

    >>> exact_hop_m(299.792458) * 2**23
    2514841412.0
    """
    if not 0.0 <= hop_m < np.inf:
        raise ScenarioError(f"routes: hop_m is {hop_m}; give a finite light path in metres, 0 for none")
    return float(np.rint(hop_m * _HOP_STEPS) / _HOP_STEPS)


def _coarse_m(length_m: np.ndarray) -> np.ndarray:
    """Lengths in steps of 4 m [m], f4: one step at least, that none is free, and no longer than coarse ways may be."""
    step_m = np.float32(_COARSE_M)
    return np.clip(np.rint(length_m / step_m) * step_m, step_m, np.float32(_FARTHEST_M))


def _coarse_hop_m(hop_m: float) -> float:
    """A cost of a node passed through in steps of 4 m [m], no longer than coarse ways may be."""
    return min(float(np.rint(hop_m / _COARSE_M)) * _COARSE_M, _FARTHEST_M)


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


def _trees(
    snapshot: Snapshot,
    count: int,
    hop_m: float,
    kind: type[np.float32 | np.float64],
    enter: Callable[..., None],
    leave: Callable[..., None],
) -> tuple[np.ndarray, np.ndarray]:
    """Distances (tree, node) [m] and next hops (tree, node) i4 of so many trees, given how ways begin and end.

    kind: type of the distances; enter: called with the place of each node, which trees, and the outputs of
    `paths.enter`; leave: with which trees, and the outputs of `paths.next_hops`.
    """
    n_places, rank, settle = _method(snapshot, hop_m, kind, count >= _MANY)
    size = np.dtype(kind).itemsize
    most, group = _ROW // size, _VECTOR // size
    # Both in one piece. The C library gives memory back to the system where more than twice the largest piece so far is
    # free, as it was after every call with two: to fetch it anew took a quarter of the time.
    shape = (count, len(snapshot))
    end = shape[0] * shape[1] * size
    piece = np.empty(end + 4 * shape[0] * shape[1], np.uint8)
    distance_m = piece[:end].view(kind).reshape(shape)
    next_hop = piece[end:].view(np.int32).reshape(shape)
    blocks = -(-count // most)
    store_m = _room(n_places * min(most, count + group), kind)
    entered = np.empty(n_places, np.bool_)
    for block in range(blocks):
        part = slice(count * block // blocks, count * (block + 1) // blocks)
        lanes = part.stop - part.start
        if count >= _MANY:
            lanes += -lanes % group
        settled_m = store_m[: n_places * lanes].reshape(n_places, lanes)
        enter(rank, part, settled_m, entered)
        settle(entered, settled_m)
        out = (distance_m[part], next_hop[part])
        paths.next_hops(snapshot.ptr, snapshot.node, snapshot.length_m, rank, hop_m, settled_m, *out)
        leave(part, *out)
    return distance_m, next_hop


def _whole(of_lane: np.ndarray, lanes: int) -> np.ndarray:
    """So many lanes: those beyond the last repeat it."""
    return np.take(of_lane, np.minimum(np.arange(lanes), of_lane.shape[-1] - 1), axis=-1)


def _method(
    snapshot: Snapshot, hop_m: float, kind: type[np.float32 | np.float64], many: bool
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
            line, ahead_m = np.empty(n_places, np.int32), np.empty(n_places, kind)
            ptr, (place, back) = np.empty(n_places + 1, np.int32), np.empty((2, n_edges), np.int32)
            step_m = np.empty(n_edges, kind)
            lines.line_steps(*graph, order, rank, line_ptr, hop_m, line, ahead_m, ptr, place, step_m, back)
            steps = (part_ptr, line_ptr, line, ahead_m, ptr, place, step_m, back)
            return n_places, rank, lambda entered, out_m: lines.settle_lines(*steps, entered, out_m)
    n_places = paths.relay_order(*graph[:2], snapshot.relays, order, rank)
    return n_places, rank, lambda entered, out_m: paths.settle(*graph, order, rank, hop_m, entered, out_m)


class _Workspace(threading.local):
    """Room in which trees are settled, one for each thread, as large as the largest so far."""

    store = np.empty(0, np.uint8)


_workspace = _Workspace()


def _room(count: int, kind: type[np.float32 | np.float64]) -> np.ndarray:
    """So many distances, the first at the beginning of a cache line; the same room in every call.

    New room would be fetched from the system page by page, which took as long as a third of the sweeps.
    """
    size = count * np.dtype(kind).itemsize
    if len(_workspace.store) < size + _VECTOR:
        _workspace.store = np.empty(size + _VECTOR, np.uint8)
    store = _workspace.store
    return store[-store.ctypes.data % _VECTOR :][:size].view(kind)
