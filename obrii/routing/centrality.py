"""How much lies on the way: which satellites the least ways between others pass through."""

from __future__ import annotations

import numpy as np

from obrii.network.snapshot import snapshot
from obrii.routing.edges import tails
from obrii.routing.loads import loads
from obrii.routing.shortest import routes_to

#: Length of the link that a satellite's own traffic comes over [m]: next to nothing, and the same for all.
_OWN_M = 1.0


def betweenness(
    satellites: int, laser_a: np.ndarray, laser_b: np.ndarray, range_m: np.ndarray, ends: np.ndarray, hop_m: float = 0.0
) -> np.ndarray:
    """How many least ways over lasers pass through each satellite: (satellite,) f8.

    satellites: how many there are; laser_a, laser_b (laser,): at both ends; range_m (laser,) [m], NaN where a link is
    not there; ends (k,): satellites between which ways are counted, each pair both ways, those that begin or end there
    not; hop_m: cost of each satellite that is passed through, as a light path [m]. Of ways that are equal one counts.
    With all satellites as ends this is betweenness (L. Freeman, Sociometry 40, 1977); with some, an estimate of it
    (U. Brandes and C. Pich, Int. J. Bifurcation and Chaos 17, 2007).

    Three in a row, and every way between the outer ones goes through the middle:

    >>> betweenness(3, [0, 1], [1, 2], [2e6, 2e6], np.arange(3)).tolist()
    [0.0, 2.0, 0.0]
    """
    ends = np.asarray(ends, np.int32)
    count, lasers = len(ends), len(laser_a)
    on = [np.ones(n, bool) for n in (satellites, lasers, count)]
    own_m = np.full(count, _OWN_M)
    graph = snapshot(satellites, laser_a, laser_b, range_m, np.arange(count + 1), ends, own_m, ~on[2], *on)
    load = loads(graph, routes_to(graph, np.arange(count), hop_m), 1.0 - np.eye(count))
    # What comes in over lasers, less what ends there.
    tail, head = tails(graph), graph.node
    mesh = (tail < satellites) & (head < satellites)
    into = np.bincount(head[mesh], load[mesh], satellites)
    return np.asarray(into - np.bincount(tail[head >= satellites], load[head >= satellites], satellites))
