"""How long further ways, masks, and loads take over one shell, beside the same answers from others.

Pairs are timed together, and the figure is for one of them; trees to the far ends are part of it.
"""

from __future__ import annotations

import itertools

import networkx
import numpy as np

from benchmarks.time_paths import SHELL, cpu_ms, sky
from obrii.network.snapshot import Snapshot, snapshot
from obrii.routing.edges import masked, tails
from obrii.routing.loads import loads
from obrii.routing.multipath import disjoint_routes, route_counts, shortest_routes
from obrii.routing.shortest import Routes, path, routes_to
from obrii.routing.statistics import churn, hops

#: Steps in a metre of which float32 lengths of at least 1 m are multiples: the rival's costs are whole numbers.
STEPS = 2**23

#: Routes of a pair, in order.
MOST = 8


def steps_between(graph: Snapshot, source: int, target: int) -> networkx.DiGraph:
    """Every step that a way from one site to another may take; no site relays."""
    tail, head = tails(graph), graph.node
    open_ = ((tail < graph.n_satellites) | (tail == source)) & ((head < graph.n_satellites) | (head == target))
    steps = networkx.DiGraph()
    for a, b, length_m in zip(tail[open_].tolist(), head[open_].tolist(), graph.length_m[open_].tolist()):
        steps.add_edge(a, b, capacity=1, weight=round(length_m * STEPS))
    return steps


def least_flow(steps: networkx.DiGraph, source: int, target: int) -> int:
    """The least cost of two ways that share no link, in steps, by the network simplex method of NetworkX."""
    steps.nodes[source]["demand"], steps.nodes[target]["demand"] = -2, 2
    return networkx.min_cost_flow_cost(steps)


def simple_paths(steps: networkx.DiGraph, source: int, target: int) -> list[list[int]]:
    """The first routes in order, by NetworkX."""
    return list(itertools.islice(networkx.shortest_simple_paths(steps, source, target, "weight"), MOST))


def walked_loads(graph: Snapshot, routes: Routes, demand: np.ndarray) -> dict[tuple[int, int], float]:
    """The load of each link by a loop in Python over the nodes of each path."""
    load: dict[tuple[int, int], float] = {}
    for site, k in np.ndindex(*demand.shape):
        for link in itertools.pairwise(path(routes, k, graph.n_satellites + site)):
            load[link] = load.get(link, 0.0) + demand[site, k]
    return load


def measure() -> list[dict]:
    """One row a measurement: work, rival, figure, unit."""
    rows = []

    def add(work: str, rival: str, figure: float) -> None:
        rows.append(
            {"work": f"{work}, 72x22 torus, 100 sites", "rival": rival, "figure": round(figure, 4), "unit": "ms"}
        )

    arguments = sky(SHELL, 100)
    graph = snapshot(*arguments)
    rng = np.random.default_rng(3)
    ends = np.stack([rng.permutation(100), rng.permutation(100)], axis=1)
    ends = ends[ends[:, 0] != ends[:, 1]]
    source, target = (graph.n_satellites + ends[0]).tolist()
    steps = steps_between(graph, source, target)

    pair = "two ways of a pair that share no link, least together"
    add(pair, "obrii", cpu_ms(lambda: disjoint_routes(graph, ends)) / len(ends))
    found = disjoint_routes(graph, ends[:1])[0]
    assert least_flow(steps, source, target) == sum(round(route.length_m * STEPS) for route in found)
    add(pair, "networkx.min_cost_flow_cost", cpu_ms(lambda: least_flow(steps, source, target), times=1))

    order = f"the {MOST} shortest routes of a pair in order"
    add(order, "obrii", cpu_ms(lambda: shortest_routes(graph, ends, MOST), times=5) / len(ends))
    listed = [list(route.nodes) for route in shortest_routes(graph, ends[:1], MOST)[0]]
    assert simple_paths(steps, source, target) == listed
    add(order, "networkx.shortest_simple_paths", cpu_ms(lambda: simple_paths(steps, source, target), times=1))

    sites = np.arange(graph.n_sites)
    routes = routes_to(graph, sites)
    demand = rng.integers(1, 9, (graph.n_sites,) * 2).astype(float)
    known = walked_loads(graph, routes, demand)
    tail = tails(graph).tolist()
    assert loads(graph, routes, demand).tolist() == [known.get(link, 0.0) for link in zip(tail, graph.node.tolist())]
    add("loads of 9,900 demands on every link", "obrii", cpu_ms(lambda: loads(graph, routes, demand)))
    walk = cpu_ms(lambda: walked_loads(graph, routes, demand), times=3)
    add("loads of 9,900 demands on every link", "a loop in Python", walk)

    less = tuple(rng.random(count) < 0.95 for count in (graph.n_satellites, len(arguments[1]), 100))
    mask = np.concatenate([less[0], np.ones(100, bool)])
    add("a graph with a twentieth of its satellites off", "obrii", cpu_ms(lambda: masked(graph, mask)))
    built = (*arguments[:8], less[0], *arguments[9:])
    assert snapshot(*built).length_m.tobytes() == masked(graph, mask).length_m.tobytes()
    add("a graph with a twentieth of its satellites off", "obrii, built again", cpu_ms(lambda: snapshot(*built)))

    after = routes_to(masked(graph, mask), sites)
    add("links of 9,900 routes", "obrii", cpu_ms(lambda: hops(graph, routes)))
    add("churn of 9,900 routes from one step to the next", "obrii", cpu_ms(lambda: churn([routes, after], 1584)))
    add("equal routes of every node to 100 sites, counted", "obrii", cpu_ms(lambda: route_counts(graph, routes)))
    return rows


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:12.4f} {row['unit']}  {row['rival']:32} {row['work']}")
