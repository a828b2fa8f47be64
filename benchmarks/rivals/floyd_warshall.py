"""The way of Hypatia: all pairs of satellites by NetworkX, then every site over the satellites in its sight.

S. Kassing et al., "Exploring the 'Internet from space' with Hypatia", IMC 2020.
"""

from __future__ import annotations

import networkx
import numpy as np

from obrii.network.snapshot import Snapshot


def routes(graph: Snapshot) -> tuple[np.ndarray, np.ndarray]:
    """Distance [m] and next hop of every satellite to every site, (site, satellite); no site relays."""
    n_satellites = graph.n_satellites
    tail = np.repeat(np.arange(len(graph)), np.diff(graph.ptr))
    laser = (tail < n_satellites) & (graph.node < n_satellites)
    a, b, length_m = tail[laser], graph.node[laser], graph.length_m[laser].astype(np.float64)
    satellites = networkx.Graph()
    satellites.add_nodes_from(range(n_satellites))
    satellites.add_weighted_edges_from(zip(a.tolist(), b.tolist(), length_m.tolist()))
    between_m = np.asarray(networkx.floyd_warshall_numpy(satellites, nodelist=range(n_satellites)))

    distance_m = np.full((graph.n_sites, n_satellites), np.nan)
    next_hop = np.full((graph.n_sites, n_satellites), -1, np.int32)
    for site in range(graph.n_sites):
        row = slice(graph.ptr[n_satellites + site], graph.ptr[n_satellites + site + 1])
        seen, range_m = graph.node[row], graph.length_m[row].astype(np.float64)
        if not len(seen):
            continue
        through_m = (between_m[seen] + range_m[:, None]).min(axis=0)
        reached = np.isfinite(through_m)
        distance_m[site, reached] = through_m[reached]
        best = np.full(n_satellites, len(graph), np.int32)
        on_least = reached[a] & (through_m[b] + length_m == through_m[a])
        np.minimum.at(best, a[on_least], b[on_least])
        down = (best[seen] == len(graph)) & (range_m == through_m[seen])
        best[seen[down]] = n_satellites + site
        next_hop[site, reached] = best[reached]
    return distance_m, next_hop
