"""Lines of a grid, found step by step with dicts and lists, and the steps along and across them."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator

from tests.reference.dijkstra import Graph


def lines(graph: Graph, relays) -> tuple[list[list[int]], list[int]]:
    """The lines of the nodes that relay, and the first line of each connected part."""
    among = {node: sorted(there for there in row if relays[there]) for node, row in graph.items() if relays[node]}
    laid: list[list[int]] = []
    parts = []
    taken: set[int] = set()
    for root in sorted(among):
        if root in taken:
            continue
        parts.append(len(laid))
        laid.append(line(among, root, None, taken))
        for here in (node for row in later(laid, len(laid) - 1) for node in row):
            for there in among[here]:
                if there not in taken:
                    laid.append(line(among, there, here, taken))
    return laid, parts


def later(rows: list[list[int]], first: int) -> Iterator[list[int]]:
    """Rows from one on, with those that are added meanwhile."""
    while first < len(rows):
        yield rows[first]
        first += 1


def line(among: dict[int, list[int]], start: int, beside: int | None, taken: set[int]) -> list[int]:
    """The line through a node: ahead from it until it ends, then back from it; its nodes are taken."""
    taken.add(start)
    free = [there for there in among[start] if there not in taken]
    if beside is not None:
        along = [there for there in free if corner(among, beside, start, there)]
        away = [there for there in free if there not in along]
        free = along or (away if len(away) == 1 else [])
    if not free:
        return [start]
    taken.add(free[0])
    ahead = [start, free[0], *onward(among, [start, free[0]], taken)]
    return [*reversed(ahead), *onward(among, [ahead[1], start], taken)]


def onward(among: dict[int, list[int]], walked: list[int], taken: set[int]) -> list[int]:
    """The nodes after the last two, straight on while exactly one free neighbour shares no corner."""
    found: list[int] = []
    before, here = walked
    while True:
        straight = [t for t in among[here] if t not in taken and not corner(among, before, here, t)]
        if len(straight) != 1:
            return found
        before, here = here, straight[0]
        taken.add(here)
        found.append(here)


def corner(among: dict[int, list[int]], before: int, here: int, there: int) -> bool:
    """Whether two neighbours of a node are linked, or share another neighbour."""
    return there in among[before] or bool(set(among[before]) & set(among[there]) - {here})


def steps(graph: Graph, relays: Collection[bool], laid: list[list[int]], hop_m: float) -> tuple[dict, dict]:
    """Costs of the steps ahead along each line, by node, and of those across, by pair of nodes."""
    ahead, across = {}, {}
    for row in laid:
        pairs = list(itertools.pairwise(row))
        if len(row) > 2 and row[0] in graph[row[-1]]:
            pairs.append((row[-1], row[0]))
        for a, b in pairs:
            ahead[a] = graph[a][b] + hop_m
        along = {*pairs, *((b, a) for a, b in pairs)}
        across |= {
            (a, b): length_m + hop_m
            for a in row
            for b, length_m in graph[a].items()
            if relays[b] and (a, b) not in along
        }
    return ahead, across
