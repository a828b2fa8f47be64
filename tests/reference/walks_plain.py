"""Walks along next hops and the edges under them, written for reading: lists and dicts."""

from __future__ import annotations

import itertools

from tests.reference.dijkstra import Graph

Edge = tuple[int, int]


def edges(graph: Graph) -> list[Edge]:
    """Every edge as (tail, head), in the order of compressed rows."""
    return [(tail, head) for tail in sorted(graph) for head in sorted(graph[tail])]


def loads(ways: dict[Edge, list[int]], demand: dict[Edge, float]) -> dict[Edge, float]:
    """The load of each edge; ways and demands by (site, destination)."""
    load: dict[Edge, float] = {}
    for pair, amount in demand.items():
        for edge in itertools.pairwise(ways[pair]):
            load[edge] = load.get(edge, 0.0) + amount
    return load


def parting(before: list[int], after: list[int]) -> int:
    """The first link that two ways from one node do not share, -1 where they share all."""
    if before == after:
        return -1
    shared = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    return max(len(list(shared)) - 1, 0)
