"""The edges of a snapshot: which is which, which belong to one link, and what is left when some are off."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from obrii.errors import ScenarioError
from obrii.kernels import edges
from obrii.network.snapshot import Snapshot


def tails(snapshot: Snapshot) -> np.ndarray:
    """The node that each edge leaves, (edge,) i4; `snapshot.node` is the one that it enters.

    >>> from obrii.network.snapshot import snapshot
    >>> s = snapshot(2, [0], [1], [2e6], [0, 1, 2], [0, 1], [6e5, 7e5], [False, False], [True] * 2, [True], [True] * 2)
    >>> tails(s).tolist(), s.node.tolist()
    ([0, 0, 1, 1, 2, 3], [1, 2, 0, 3, 0, 1])
    """
    return np.repeat(np.arange(len(snapshot), dtype=np.int32), np.diff(snapshot.ptr))


def edges_between(snapshot: Snapshot, tail: ArrayLike, head: ArrayLike) -> np.ndarray:
    """The edge from one node to another, -1 where there is no link.

    tail, head: nodes, broadcastable. Returns i8 of their shape.

    >>> from obrii.network.snapshot import snapshot
    >>> s = snapshot(2, [0], [1], [2e6], [0, 1, 2], [0, 1], [6e5, 7e5], [False, False], [True] * 2, [True], [True] * 2)
    >>> edges_between(s, [1, 3, 0], [0, 1, 3]).tolist()
    [2, 5, -1]
    """
    known = tails(snapshot).astype(np.int64) * len(snapshot) + snapshot.node
    asked = np.asarray(tail, np.int64) * len(snapshot) + np.asarray(head, np.int64)
    edge = np.searchsorted(known, asked)
    found = np.append(known, -1)[edge] == asked
    return np.where(found, edge, -1)


def back_edges(snapshot: Snapshot) -> np.ndarray:
    """The edge of the same link in the other direction, (edge,) i8.

    >>> from obrii.network.snapshot import snapshot
    >>> s = snapshot(2, [0], [1], [2e6], [0, 1, 2], [0, 1], [6e5, 7e5], [False, False], [True] * 2, [True], [True] * 2)
    >>> back_edges(s).tolist()
    [2, 4, 0, 5, 1, 3]
    """
    back = np.empty(len(snapshot.node), np.int64)
    edges.back_edges(snapshot.ptr, snapshot.node, np.empty(len(snapshot), np.int64), back)
    return back


def masked(snapshot: Snapshot, node_on: ArrayLike | None = None, edge_on: ArrayLike | None = None) -> Snapshot:
    """What is left of a snapshot when nodes or links are off, for every question that takes a snapshot.

    node_on (node,): satellites, then sites; what is off has no links. edge_on (edge,): a link is off where one of its
    two edges is. Nothing is built anew from lasers and sight lines; all on gives the same arrays. Raises
    `ScenarioError` for a mask of another shape.

    >>> from obrii.network.snapshot import snapshot
    >>> from obrii.routing.shortest import least_path
    >>> s = snapshot(2, [0], [1], [2e6], [0, 1, 2], [0, 1], [6e5, 7e5], [False, False], [True] * 2, [True], [True] * 2)
    >>> laser = edges_between(s, 0, 1)
    >>> least_path(masked(s, edge_on=np.arange(len(s.node)) != laser), 0, 1)
    (nan, [])
    """
    nodes = _mask("node_on", node_on, len(snapshot))
    both = _mask("edge_on", edge_on, len(snapshot.node))
    graph = (snapshot.ptr, snapshot.node, snapshot.length_m)
    ptr, node, length_m = (np.empty_like(array) for array in graph)
    count = edges.keep_edges(*graph, back_edges(snapshot), nodes, both, ptr, node, length_m)
    return Snapshot(ptr, node[:count], length_m[:count], snapshot.relays, snapshot.n_satellites)


def _mask(name: str, given: ArrayLike | None, count: int) -> np.ndarray:
    mask: np.ndarray = np.ones(count, bool) if given is None else np.ascontiguousarray(given, bool).view()
    if mask.shape != (count,):
        raise ScenarioError(f"masked: {name} has shape {mask.shape}, not ({count},)")
    mask.setflags(write=False)
    return mask
