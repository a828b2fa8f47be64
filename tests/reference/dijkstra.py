"""The graph of an instant and its least-distance trees, written for reading: dicts and a heap.

With them, small random skies to try on: of few lengths, so that ways are often equal, and much that is absent or off.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

Graph = dict[int, dict[int, float]]


@dataclass(frozen=True)
class Sky:
    """What a snapshot is made from: lasers (a, b, m), sights (site, satellite, m) by site, and masks."""

    lasers: list[tuple[int, int, float]]
    sights: list[tuple[int, int, float]]
    site_relays: list[bool]
    satellite_on: list[bool]
    laser_on: list[bool]
    site_on: list[bool]

    def arguments(self) -> tuple:
        """The arguments of `obrii.network.snapshot.snapshot`."""
        n_sites = len(self.site_on)
        a, b, laser_m = zip(*self.lasers) if self.lasers else ((), (), ())
        site, satellite, sight_m = zip(*self.sights) if self.sights else ((), (), ())
        ptr = np.searchsorted(site, np.arange(n_sites + 1))
        masks = (self.satellite_on, self.laser_on, self.site_on)
        return (len(self.satellite_on), a, b, laser_m, ptr, satellite, sight_m, self.site_relays, *masks)

    def graph(self) -> Graph:
        """The same as a dict of neighbours."""
        return linked(self.lasers, self.sights, self.satellite_on, self.laser_on, self.site_on)

    def relays(self) -> list[bool]:
        """Which nodes a packet may pass through."""
        return [True] * len(self.satellite_on) + self.site_relays


@st.composite
def skies(draw, all_on=False) -> Sky:
    """Up to twelve satellites and five sites, some links, some of them not there, some things off unless all are on.

    Hypothesis draws a seed and shares; drawn link by link, four skies in five held no way at all.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_satellites, n_sites = rng.integers(0, 13), rng.integers(0, 6)
    share_linked, share_off = draw(st.sampled_from([0.3, 0.6, 0.1])), draw(st.sampled_from([0.0, 0.1, 0.3]))
    few_lengths = draw(st.booleans())

    def length_m() -> float:
        if rng.random() < 0.1:
            return math.nan
        return float(rng.integers(1, 5) if few_lengths else np.float32(10 ** rng.uniform(0, 7)))

    def mask(count: int) -> list[bool]:
        return (all_on | (rng.random(count) >= share_off)).tolist()

    pairs = [(a, b) for a in range(n_satellites) for b in range(n_satellites) if a < b]
    lasers = [(*rng.permutation(pair).tolist(), length_m()) for pair in pairs if rng.random() < share_linked]
    seen = [(site, satellite) for site in range(n_sites) for satellite in rng.permutation(n_satellites).tolist()]
    sights = [(*pair, length_m()) for pair in seen if rng.random() < share_linked]
    site_relays = (rng.random(n_sites) < 0.3).tolist()
    return Sky(lasers, sights, site_relays, mask(n_satellites), mask(len(lasers)), mask(n_sites))


def linked(lasers, sights, satellite_on, laser_on, site_on) -> Graph:
    """The neighbours of every node and the light path to them [m], of the links that are there and on."""
    n_satellites = len(satellite_on)
    graph: Graph = {node: {} for node in range(n_satellites + len(site_on))}

    def join(a, b, length_m):
        graph[a][b] = graph[b][a] = float(np.float32(length_m))

    for (a, b, length_m), on in zip(lasers, laser_on):
        if on and satellite_on[a] and satellite_on[b] and not math.isnan(length_m):
            join(a, b, length_m)
    for site, satellite, length_m in sights:
        if site_on[site] and satellite_on[satellite] and not math.isnan(length_m):
            join(n_satellites + site, satellite, length_m)
    return graph


def least_tree(graph: Graph, relays, root: int, hop_m: float = 0.0) -> tuple[dict[int, float], dict[int, int]]:
    """Distance and next hop towards the root of every node that has a way; of equal ways the smallest next hop.

    E. W. Dijkstra, "A note on two problems in connexion with graphs", Numerische Mathematik 1 (1959).
    """
    distance_m, next_hop = {root: 0.0}, {root: root}
    queue = [(0.0, root)]
    settled = set()
    while queue:
        _, here = heapq.heappop(queue)
        if here in settled:
            continue
        settled.add(here)
        if here != root and not relays[here]:
            continue
        passing_m = 0.0 if here == root else hop_m
        for there, length_m in graph[here].items():
            through_m = distance_m[here] + passing_m + length_m
            if through_m < distance_m.get(there, math.inf):
                distance_m[there], next_hop[there] = through_m, here
                heapq.heappush(queue, (through_m, there))
            elif through_m == distance_m[there] and there != root:
                next_hop[there] = min(next_hop[there], here)
    return distance_m, next_hop


def walked(next_hop: dict[int, int], start: int) -> list[int]:
    """The nodes from a start to the root, both included; none where there is no way."""
    if start not in next_hop:
        return []
    nodes = [start]
    while next_hop[nodes[-1]] != nodes[-1]:
        nodes.append(next_hop[nodes[-1]])
    return nodes
