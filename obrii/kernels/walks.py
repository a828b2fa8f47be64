"""Walks along next hops: what they load, how many links they count, where two of them part."""

from __future__ import annotations

from obrii.kernels.jit import kernel, scalar


@scalar
def _edge(ptr, node, here, there):
    """The edge from a node to its neighbour, -1 where there is none; rows ascend."""
    low, high = ptr[here], ptr[here + 1]
    while low < high:
        middle = (low + high) // 2
        if node[middle] < there:
            low = middle + 1
        else:
            high = middle
    return low if low < ptr[here + 1] and node[low] == there else -1


@kernel
def add_loads(ptr, node, next_hop, start, demand, out_load) -> int:
    """Add each demand to every edge of its way; return how many steps are no edge of the graph.

    ptr (node+1,); node (edge,); next_hop (destination, node) node; start (start,) node; demand (start, destination) in
    any unit; out_load (edge,) in that unit, to which is added in the order of starts, then destinations.
    """
    missing = 0
    for i in range(start.size):
        for k in range(next_hop.shape[0]):
            here = start[i]
            if demand[i, k] == 0.0 or next_hop[k, here] < 0:
                continue
            while next_hop[k, here] != here:
                edge = _edge(ptr, node, here, next_hop[k, here])
                here = next_hop[k, here]
                if edge < 0:
                    missing += 1
                else:
                    out_load[edge] += demand[i, k]
    return missing


@kernel
def count_hops(next_hop, start, out_hops) -> None:
    """Count the links of every way.

    next_hop (destination, node) node; start (start,) node; out_hops (start, destination), -1 where there is no way.
    """
    for i in range(start.size):
        for k in range(next_hop.shape[0]):
            here = start[i]
            out_hops[i, k] = -1 if next_hop[k, here] < 0 else 0
            while next_hop[k, here] >= 0 and next_hop[k, here] != here:
                here = next_hop[k, here]
                out_hops[i, k] += 1


@kernel
def part_ways(before, after, start, out_step) -> None:
    """Find the step at which the way of one instant leaves that of another: 0 is the first.

    before, after (destination, node) node: next hops; start (start,) node; out_step (start, destination), -1 where both
    are the same, or there is none in either.
    """
    for i in range(start.size):
        for k in range(before.shape[0]):
            here = start[i]
            step = 0
            while before[k, here] == after[k, here] and before[k, here] >= 0 and before[k, here] != here:
                here = before[k, here]
                step += 1
            out_step[i, k] = -1 if before[k, here] == after[k, here] else step
