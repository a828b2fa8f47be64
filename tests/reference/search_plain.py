"""All ways between two nodes, one by one, and what follows from the list; with skies small enough for it."""

from __future__ import annotations

import itertools
import math

import numpy as np
from hypothesis import strategies as st

from tests.reference.dijkstra import Graph, Sky

Way = tuple[float, tuple[int, ...]]


@st.composite
def few(draw) -> Sky:
    """Up to five satellites and three sites, all on, with lengths that are often equal."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    share = draw(st.sampled_from([0.6, 0.9, 0.4]))
    equal = draw(st.booleans())
    n_satellites, n_sites = int(rng.integers(1, 6)), int(rng.integers(2, 4))

    def length_m() -> float:
        return float(rng.integers(1, 4) if equal else np.float32(10 ** rng.uniform(0, 7)))

    pairs = itertools.combinations(range(n_satellites), 2)
    lasers = [(a, b, length_m()) for a, b in pairs if rng.random() < share]
    seen = itertools.product(range(n_sites), range(n_satellites))
    sights = [(site, satellite, length_m()) for site, satellite in seen if rng.random() < share]
    site_relays = (rng.random(n_sites) < 0.3).tolist()
    return Sky(lasers, sights, site_relays, [True] * n_satellites, [True] * len(lasers), [True] * n_sites)


def ways(graph: Graph, relays, source: int, target: int, hop_m: float) -> list[Way]:
    """Every way without a node twice, the shortest first and equal ones by their nodes."""
    found: list[Way] = []

    def on(length_m: float, nodes: tuple[int, ...]) -> None:
        here = nodes[-1]
        if here == target:
            found.append((length_m - (hop_m if len(nodes) > 1 else 0.0), nodes))
            return
        for there, step_m in graph[here].items():
            if there not in nodes and (relays[there] or there == target):
                on(length_m + step_m + hop_m, (*nodes, there))

    on(0.0, (source,))
    return sorted(found)


def links(nodes: tuple[int, ...]) -> set[frozenset[int]]:
    return {frozenset(pair) for pair in itertools.pairwise(nodes)}


def least_disjoint_m(listed: list[Way], most: int) -> tuple[int, float]:
    """How many ways without a common link there are, up to `most`, and the least length of so many together."""

    def least(left: list[tuple[float, set[frozenset[int]]]], count: int) -> float:
        if not count:
            return 0.0
        best = math.inf
        for k, (length_m, used) in enumerate(left):
            if length_m * count >= best or len(left) - k < count:
                break
            others = [way for way in left[k + 1 :] if not used & way[1]]
            best = min(best, length_m + least(others, count - 1))
        return best

    every = [(length_m, links(nodes)) for length_m, nodes in listed]
    for count in range(most, 0, -1):
        length_m = least(every, count)
        if length_m < math.inf:
            return count, length_m
    return 0, 0.0


def kept(graph: Graph, node_on, off: set[frozenset[int]]) -> Graph:
    """What is left of a graph without some nodes and links."""
    return {
        a: {b: m for b, m in row.items() if node_on[a] and node_on[b] and frozenset((a, b)) not in off}
        for a, row in graph.items()
    }
