"""Least-distance trees over a graph in compressed rows, many roots at once.

Every root is a lane: a node's distances to all roots lie side by side, so that one look at a neighbour serves them
all in a loop without branches. Nodes are swept in order, back and forth, until none gets shorter. That is right for any
graph, and fast where the order sets neighbours near each other. Graphs with a grid in them have a faster method beside
it (`kernels.lines`), with the same distances.

A tree is defined without its method: the least distance, and of the neighbours on a least path the smallest id. Lengths
of at least 1 m in float32 are multiples of 2^-23 m, so sums in float64 are exact up to 2^30 m, and any order of adding,
or any other right method, gives the same bits. Rows of distances may be float32 as well: sums in them are exact up to
2^24 times a step of which all lengths are multiples.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel, scalar

#: Nodes whose results are gathered before they are written, a run of each root at a time (64 took a third longer).
_TILE = 256

#: Neighbours looked at together, as many as a satellite has lasers: a row of results is loaded and kept once for all.
_TOGETHER = 4


@kernel
def relay_order(ptr, node, relays, out_order, out_rank) -> int:
    """Order the nodes that relay so that neighbours stand near each other; return how many there are.

    As they are numbered, where that sets neighbours at most twice as far apart as breadth first from the smallest of
    each part. Catalogues and grids number planes in turn, and sweeps took a third less over them than breadth first.
    ptr (node+1,); node (edge,); relays (node,); out_order (node,) node at each place; out_rank (node,) place of
    each node, -1 where it does not relay.
    """
    for here in range(out_rank.size):
        out_rank[here] = -1
    count = 0
    for root in range(relays.size):
        if not relays[root] or out_rank[root] >= 0:
            continue
        place = count
        out_order[count] = root
        out_rank[root] = count
        count += 1
        while place < count:
            here = out_order[place]
            place += 1
            for e in range(ptr[here], ptr[here + 1]):
                there = node[e]
                if relays[there] and out_rank[there] < 0:
                    out_order[count] = there
                    out_rank[there] = count
                    count += 1

    numbered, ordered = 0, 0
    for here in out_order[:count]:
        for e in range(ptr[here], ptr[here + 1]):
            if out_rank[node[e]] >= 0:
                numbered += abs(node[e] - here)
                ordered += abs(out_rank[node[e]] - out_rank[here])
    if numbered <= 2 * ordered:
        count = 0
        for here in range(relays.size):
            if relays[here]:
                out_order[count] = here
                out_rank[here] = count
                count += 1
    return count


@scalar
def pull(distance_m, other_m, step_m):
    """Take the ways by a neighbour where they are shorter, and say whether any is."""
    shorter = False
    for k in range(distance_m.size):
        through_m = other_m[k] + step_m
        shorter |= through_m < distance_m[k]
        distance_m[k] = through_m if through_m < distance_m[k] else distance_m[k]
    return shorter


@kernel
def enter(ptr, node, length_m, rank, source, out_distance_m, out_entered) -> None:
    """Begin at the roots: the steps from their neighbours, 0 at a root that relays, and inf elsewhere.

    ptr (node+1,); node (edge,); length_m (edge,) m; rank (node,) as `relay_order`; source (source,) node, the roots;
    out_distance_m (place, source) m; out_entered (place,) bool: where any way begins.
    """
    out_distance_m[:] = np.inf
    out_entered[:] = False
    for k in range(source.size):
        root = source[k]
        if rank[root] >= 0:
            out_distance_m[rank[root], k] = 0.0
            out_entered[rank[root]] = True
        for e in range(ptr[root], ptr[root + 1]):
            entry = rank[node[e]]
            if entry >= 0:
                out_distance_m[entry, k] = min(out_distance_m[entry, k], np.float64(length_m[e]))
                out_entered[entry] = True


@kernel
def enter_at(rank, exits, exit_m, out_distance_m, out_entered) -> None:
    """Begin at exits, given what is left of the way from there, and inf elsewhere.

    rank (node,) as `relay_order`; exits (exit,) node, each once, all relaying; exit_m (exit, lane) f4 m, inf where no
    way ends; out_distance_m (place, lane) m; out_entered (place,) bool: where any way begins.
    """
    out_distance_m[:] = np.inf
    out_entered[:] = False
    for i in range(exits.size):
        for k in range(exit_m.shape[1]):
            out_distance_m[rank[exits[i]], k] = exit_m[i, k]
        out_entered[rank[exits[i]]] = True


@kernel
def settle(ptr, node, length_m, order, rank, hop_m, entered, out_distance_m) -> None:
    """Find the least distance from every relaying node to every root, by sweeps until nothing gets shorter.

    ptr (node+1,); node (edge,); length_m (edge,) m; order (place,) and rank (node,) as `relay_order` gives them; hop_m
    m, added for each node passed through; entered (place,) bool; out_distance_m (place, source) m, both as `enter`
    leaves them; at the end inf where there is no way.
    """
    n_places = out_distance_m.shape[0]
    active = np.zeros(n_places, np.bool_)
    for place in range(n_places):
        if entered[place]:
            for e in range(ptr[order[place]], ptr[order[place] + 1]):
                if rank[node[e]] >= 0:
                    active[rank[node[e]]] = True

    forward = True
    busy = True
    while busy:
        busy = False
        for i in range(n_places):
            place = i if forward else n_places - 1 - i
            if not active[place]:
                continue
            active[place] = False
            here = order[place]
            shorter = False
            for e in range(ptr[here], ptr[here + 1]):
                if rank[node[e]] >= 0:
                    # Of the type of the rows, that a vector of float32 ones holds twice as many.
                    step_m = out_distance_m.dtype.type(np.float64(length_m[e]) + hop_m)
                    shorter |= pull(out_distance_m[place], out_distance_m[rank[node[e]]], step_m)
            if shorter:
                busy = True
                for e in range(ptr[here], ptr[here + 1]):
                    if rank[node[e]] >= 0:
                        active[rank[node[e]]] = True
        forward = not forward


@scalar
def _nearest(near, near_m, rank, settled_m, best_m, best_next):
    """Take the least of the ways by four neighbours, the first of equal ones; NaN and -1 where there is none."""
    a_m, b_m, c_m, d_m = near_m
    a, b, c, d = near
    by_a_m, by_b_m, by_c_m, by_d_m = settled_m[rank[a]], settled_m[rank[b]], settled_m[rank[c]], settled_m[rank[d]]
    for k in range(best_next.size):
        least_m, least = by_a_m[k] + a_m, a
        through_m = by_b_m[k] + b_m
        least = b if through_m < least_m else least
        least_m = through_m if through_m < least_m else least_m
        through_m = by_c_m[k] + c_m
        least = c if through_m < least_m else least
        least_m = through_m if through_m < least_m else least_m
        through_m = by_d_m[k] + d_m
        least = d if through_m < least_m else least
        least_m = through_m if through_m < least_m else least_m
        best_m[k] = least_m if least_m < np.inf else np.nan
        best_next[k] = least if least_m < np.inf else -1


@scalar
def _nearer(near, near_m, rank, settled_m, best_m, best_next):
    """Take the ways by four neighbours where they are shorter, the first of equal ones."""
    a_m, b_m, c_m, d_m = near_m
    a, b, c, d = near
    by_a_m, by_b_m, by_c_m, by_d_m = settled_m[rank[a]], settled_m[rank[b]], settled_m[rank[c]], settled_m[rank[d]]
    for k in range(best_next.size):
        least_m, least = best_m[k], best_next[k]
        through_m = by_a_m[k] + a_m
        least = a if through_m < least_m else least
        least_m = through_m if through_m < least_m else least_m
        through_m = by_b_m[k] + b_m
        least = b if through_m < least_m else least
        least_m = through_m if through_m < least_m else least_m
        through_m = by_c_m[k] + c_m
        least = c if through_m < least_m else least
        least_m = through_m if through_m < least_m else least_m
        through_m = by_d_m[k] + d_m
        least = d if through_m < least_m else least
        least_m = through_m if through_m < least_m else least_m
        best_m[k] = least_m
        best_next[k] = least


@scalar
def _turn(tile, first, last, out):
    """Write a tile of rows by node into rows by root: eight rows at a time, so that few pages are written at once."""
    n_sources = tile.shape[1]
    whole = (last - first) // 4 * 4
    for block in range(0, n_sources, 8):
        end = min(block + 8, n_sources)
        for i in range(0, whole, 4):
            for k in range(block, end):
                a, b, c, d = tile[i, k], tile[i + 1, k], tile[i + 2, k], tile[i + 3, k]
                out[k, first + i] = a
                out[k, first + i + 1] = b
                out[k, first + i + 2] = c
                out[k, first + i + 3] = d
        for i in range(whole, last - first):
            for k in range(block, end):
                out[k, first + i] = tile[i, k]


@kernel
def next_hops(ptr, node, length_m, rank, hop_m, settled_m, out_distance_m, out_next) -> None:
    """Find every node's distance to every root over a neighbour that relays, and that neighbour: the next hop.

    ptr (node+1,); node (edge,); length_m (edge,) m; rank (node,) place or -1; hop_m m; settled_m (place, source) m,
    from `settle`, further lanes are passed over; out_distance_m (source, node) m, NaN where there is no way; out_next
    (source, node) node, the smallest id among equals, -1 where there is no way. The last steps are still to come.
    """
    n_sources = out_next.shape[0]
    tile_m = np.empty((_TILE, n_sources), out_distance_m.dtype)
    tile_next = np.empty((_TILE, n_sources), np.int32)
    near = np.empty(_TOGETHER, np.int32)
    near_m = np.empty(_TOGETHER, settled_m.dtype)
    for first in range(0, rank.size, _TILE):
        last = min(first + _TILE, rank.size)
        for here in range(first, last):
            best_m = tile_m[here - first]
            best_next = tile_next[here - first]
            few = 0
            for e in range(ptr[here], ptr[here + 1]):
                if rank[node[e]] >= 0:
                    if few < _TOGETHER:
                        near[few] = node[e]
                        near_m[few] = np.float64(length_m[e]) + hop_m
                    few += 1
            if 0 < few <= _TOGETHER:
                # Most nodes: nothing to begin with, nothing to correct, which saves a tenth of the time.
                for i in range(few, _TOGETHER):
                    near[i] = near[0]
                    near_m[i] = np.inf
                _nearest(near, near_m, rank, settled_m, best_m, best_next)
                continue
            for k in range(n_sources):
                best_m[k] = np.inf
                best_next[k] = -1
            count = 0
            for e in range(ptr[here], ptr[here + 1]):
                if rank[node[e]] >= 0:
                    near[count] = node[e]
                    near_m[count] = np.float64(length_m[e]) + hop_m
                    count += 1
                if count == _TOGETHER or (count > 0 and e == ptr[here + 1] - 1):
                    for i in range(count, _TOGETHER):
                        near[i] = near[0]
                        near_m[i] = np.inf
                    _nearer(near, near_m, rank, settled_m, best_m, best_next)
                    count = 0
            for k in range(n_sources):
                best_m[k] = best_m[k] if best_next[k] >= 0 else np.nan
        _turn(tile_m, first, last, out_distance_m)
        _turn(tile_next, first, last, out_next)


@kernel
def last_steps(ptr, node, length_m, source, out_distance_m, out_next) -> None:
    """Add the last steps, into the roots: they cost no hop, and are open to a root that does not relay.

    ptr (node+1,); node (edge,); length_m (edge,) m; source (source,) node, the roots; out_distance_m (source, node) m
    and out_next (source, node) node, from `next_hops`; at a root 0 and the root itself.
    """
    for k in range(source.size):
        root = source[k]
        for e in range(ptr[root], ptr[root + 1]):
            here = node[e]
            step_m = np.float64(length_m[e])
            now_m = out_distance_m[k, here]
            if out_next[k, here] < 0 or step_m < now_m or (step_m == now_m and root < out_next[k, here]):
                out_distance_m[k, here] = step_m
                out_next[k, here] = root
        out_distance_m[k, root] = 0.0
        out_next[k, root] = root


@kernel
def last_exits(exits, exit_m, out_distance_m, out_next) -> None:
    """Let ways end at exits, where that is shorter than any way on: their next hop is themselves.

    exits (exit,) node; exit_m (exit, lane) f4 m, inf where no way ends; out_distance_m (lane, node) m and out_next
    (lane, node) node, from `next_hops`.
    """
    for k in range(out_next.shape[0]):
        for i in range(exits.size):
            here = exits[i]
            if exit_m[i, k] < np.inf and (out_next[k, here] < 0 or exit_m[i, k] < out_distance_m[k, here]):
                out_distance_m[k, here] = exit_m[i, k]
                out_next[k, here] = here


@kernel
def walk(next_hop, start, out_node) -> int:
    """Write the nodes from a start to the root of one tree, both included; return how many, 0 where there is no way.

    next_hop (node,) node, one row of `next_hops`; start node; out_node (hop,) node, with room for the longest path.
    """
    if next_hop[start] < 0:
        return 0
    here = start
    out_node[0] = here
    count = 1
    while next_hop[here] != here:
        here = next_hop[here]
        out_node[count] = here
        count += 1
    return count
