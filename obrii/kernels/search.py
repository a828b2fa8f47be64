"""Searches for one way at a time, towards a known tree: the least, the next, and ways that share no link.

The distance left to the target in the whole graph draws a search to it: what a step leads astray is its cost less what
it gains, never below 0, and only nodes that are not farther astray than the target are looked at. Taking nodes or links
away leaves that right. Sums are exact (see `kernels.paths`), so that equal ways are equal to the bit.
P. Hart, N. Nilsson and B. Raphael, IEEE Trans. Systems Science and Cybernetics 4 (1968).
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel, scalar

#: What is to be had of a link in one direction: all of it, nothing, or what a way over it in the other direction cost.
OPEN, SHUT, BACK = 0, 1, 2


@scalar
def _push(keys_m, nodes, count, key_m, node):
    """Put a node into a heap of so many; the smaller key comes first, and of equal keys the smaller node."""
    at = count
    while at > 0:
        above = (at - 1) // 2
        if keys_m[above] < key_m or (keys_m[above] == key_m and nodes[above] <= node):
            break
        keys_m[at] = keys_m[above]
        nodes[at] = nodes[above]
        at = above
    keys_m[at] = key_m
    nodes[at] = node


@scalar
def _pop(keys_m, nodes, count):
    """Take the first out of a heap of so many: it comes to stand behind the rest."""
    key_m, node = keys_m[0], nodes[0]
    last_m, last = keys_m[count - 1], nodes[count - 1]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= count - 1:
            break
        right = below + 1
        if right < count - 1 and (
            keys_m[right] < keys_m[below] or (keys_m[right] == keys_m[below] and nodes[right] < nodes[below])
        ):
            below = right
        if last_m < keys_m[below] or (last_m == keys_m[below] and last <= nodes[below]):
            break
        keys_m[at] = keys_m[below]
        nodes[at] = nodes[below]
        at = below
    keys_m[at] = last_m
    nodes[at] = last
    keys_m[count - 1] = key_m
    nodes[count - 1] = node


@scalar
def _astray_m(here, there, length_m, back, left_m, target, hop_m):
    """How far a step leads astray: its cost and what is left after it, less what was left before."""
    passed = here if back else there
    step_m = np.float64(length_m) + (hop_m if passed != target else 0.0)
    return (-step_m if back else step_m) + left_m[there] - left_m[here]


@scalar
def _step_m(ptr, node, length_m, here, there, target, hop_m):
    """What the step from a node to its neighbour costs."""
    step_m = 0.0
    for e in range(ptr[here], ptr[here + 1]):
        if node[e] == there:
            step_m = np.float64(length_m[e]) + (hop_m if there != target else 0.0)
    return step_m


@kernel
def search(
    ptr, node, length_m, relays, node_on, state, left_m, hop_m, source, target, keys_m, nodes, out_astray_m, out_before
) -> float:
    """Find how far astray the least way to each node leads, up to that of the target; return that, inf without a way.

    ptr (node+1,); node (edge,); length_m (edge,) m; relays (node,); node_on (node,); state (edge,) `OPEN`, `SHUT` or
    `BACK`; left_m (node,) m, distance to the target in a graph with all this and more, NaN where there is no way; hop_m
    m, for each node passed through; source, target node; keys_m (edge+1,) m and nodes (edge+1,) node, scratch;
    out_astray_m (node,) m, inf or too long where farther astray than the target; out_before (node,) node before it.
    """
    for here in range(relays.size):
        out_astray_m[here] = np.inf
        out_before[here] = -1
    out_astray_m[source] = 0.0
    keys_m[0] = 0.0
    nodes[0] = source
    count = 1
    while count > 0 and keys_m[0] <= out_astray_m[target]:
        _pop(keys_m, nodes, count)
        count -= 1
        here = nodes[count]
        if keys_m[count] > out_astray_m[here] or here == target:
            continue
        for e in range(ptr[here], ptr[here + 1]):
            there = node[e]
            if state[e] == SHUT or not node_on[there] or not (relays[there] or there == target):
                continue
            astray_m = out_astray_m[here] + _astray_m(here, there, length_m[e], state[e] == BACK, left_m, target, hop_m)
            if astray_m < out_astray_m[there]:
                out_astray_m[there] = astray_m
                out_before[there] = here
                _push(keys_m, nodes, count, astray_m, there)
                count += 1
    return out_astray_m[target]


@kernel
def first_way(
    ptr, node, length_m, relays, node_on, state, left_m, hop_m, source, target, astray_m, nodes, out_leads, out_node
) -> int:
    """Write the nodes of the least way, of equal ways the first by their ids; return how many, both ends included.

    0 where sums were not exact, so that the way cannot be told. As for `search`, which comes before, with no link
    `BACK`; astray_m (node,) m, from it; out_leads (node,): whether a least way passes there; out_node (node,) node.
    """
    for here in range(relays.size):
        out_leads[here] = False
    out_leads[target] = True
    nodes[0] = target
    count = 1
    while count > 0:
        count -= 1
        there = nodes[count]
        for e in range(ptr[there], ptr[there + 1]):
            here = node[e]
            if out_leads[here] or not node_on[here] or not (relays[here] or here == source):
                continue
            step_m = _astray_m(here, there, length_m[e], False, left_m, target, hop_m)
            if here != source and astray_m[here] + step_m == astray_m[there]:
                out_leads[here] = True
                nodes[count] = here
                count += 1
    here = source
    out_node[0] = source
    count = 1
    while here != target:
        before = here
        for e in range(ptr[here], ptr[here + 1]):
            there = node[e]
            if state[e] == SHUT or not out_leads[there]:
                continue
            step_m = _astray_m(here, there, length_m[e], False, left_m, target, hop_m)
            if astray_m[here] + step_m == astray_m[there]:
                out_node[count] = there
                count += 1
                here = there
                break
        if here == before:
            return 0
    return count


@kernel
def detours(
    ptr,
    node,
    length_m,
    relays,
    node_on,
    state,
    left_m,
    hop_m,
    target,
    way,
    spur,
    found,
    keys_m,
    nodes,
    astray_m,
    before,
    leads,
    out_m,
    out_count,
    out_way,
) -> None:
    """Find the least ways that leave another at each of its nodes, and go on as none does that was found before.

    As for `search`, with all nodes on and all links `OPEN` before and after; way (hop,) node; spur: index of the first
    node at which to leave it; found (route, hop) node, those found with it, -1 after their ends; leads (node,) scratch;
    out_m (hop,) m, of the whole way; out_count (hop,) its nodes, both ends included, 0 where there is none, -1 where
    sums were not exact; out_way (hop, node) node. J. Yen, Management Science 17 (1971); E. Lawler, ibid. 18 (1972).
    """
    shares = np.ones(found.shape[0], np.bool_)
    for i in range(way.size - 1):
        if i > 0:
            node_on[way[i - 1]] = False
        here = way[i]
        for k in range(found.shape[0]):
            shares[k] = shares[k] and found[k, i] == here
        if i < spur:
            continue
        for e in range(ptr[here], ptr[here + 1]):
            for k in range(found.shape[0]):
                if shares[k] and found[k, i + 1] == node[e]:
                    state[e] = SHUT
        out_count[i] = 0
        astray = search(
            ptr,
            node,
            length_m,
            relays,
            node_on,
            state,
            left_m,
            hop_m,
            here,
            target,
            keys_m,
            nodes,
            astray_m,
            before,
        )
        if astray < np.inf:
            for j in range(i):
                out_way[i, j] = way[j]
            count = first_way(
                ptr,
                node,
                length_m,
                relays,
                node_on,
                state,
                left_m,
                hop_m,
                here,
                target,
                astray_m,
                nodes,
                leads,
                out_way[i, i:],
            )
            out_count[i] = i + count if count > 0 else -1
            out_m[i] = 0.0
            for j in range(1, out_count[i]):
                out_m[i] += _step_m(ptr, node, length_m, out_way[i, j - 1], out_way[i, j], target, hop_m)
        for e in range(ptr[here], ptr[here + 1]):
            state[e] = OPEN
    for i in range(way.size - 1):
        node_on[way[i]] = True


@kernel
def share_no_link(
    ptr,
    node,
    length_m,
    relays,
    node_on,
    hop_m,
    source,
    target,
    most,
    keys_m,
    nodes,
    astray_m,
    before,
    out_left_m,
    out_state,
) -> int:
    """Find so many ways that share no link, of least length together, by one more at a time; return how many there are.

    As for `search`; most: ways at most; astray_m (node,) m and before (node,) node, scratch; out_left_m (node,) m,
    given as the distance to the target, and changed; out_state (edge,): `SHUT` where a way goes, `BACK` against it.

    J. Suurballe, Networks 4 (1974); R. Bhandari, "Survivable networks" (1999).
    """
    for e in range(node.size):
        out_state[e] = OPEN
    for found in range(most):
        least_m = search(
            ptr,
            node,
            length_m,
            relays,
            node_on,
            out_state,
            out_left_m,
            hop_m,
            source,
            target,
            keys_m,
            nodes,
            astray_m,
            before,
        )
        if least_m == np.inf:
            return found
        there = target
        while there != source:
            here = before[there]
            for e in range(ptr[here], ptr[here + 1]):
                if node[e] == there:
                    forth = e
            for e in range(ptr[there], ptr[there + 1]):
                if node[e] == here:
                    back = e
            # Over a link that a way takes in the other direction, the two cancel.
            cancels = out_state[forth] == BACK
            out_state[forth] = OPEN if cancels else SHUT
            out_state[back] = OPEN if cancels else BACK
            there = here
        for here in range(relays.size):
            if astray_m[here] < least_m:
                out_left_m[here] += least_m - astray_m[here]
    return most


@kernel
def count_ways(ptr, node, length_m, relays, hop_m, target, order, left_m, out_count) -> None:
    """Count the least ways of every node to a target; exact up to 2^53.

    ptr (node+1,); node (edge,); length_m (edge,) m; relays (node,); hop_m m; target node; order (node,) nodes by
    ascending left_m (node,) m, NaN at the end; out_count (node,).
    """
    for here in order:
        out_count[here] = 1.0 if here == target else 0.0
        for e in range(ptr[here], ptr[here + 1]):
            there = node[e]
            if here == target or not (relays[there] or there == target):
                continue
            if _astray_m(here, there, length_m[e], False, left_m, target, hop_m) == 0.0:
                out_count[here] += out_count[there]


@kernel
def follow(ptr, node, length_m, hop_m, source, target, state, out_node) -> tuple[int, float]:
    """Take off one of the ways that `share_no_link` found; return how many nodes it has, both ends included, and its m.

    ptr (node+1,); node (edge,); length_m (edge,) m; hop_m m; source, target node; state (edge,), `OPEN` where the way
    went, afterwards; out_node (node,) node. Where ways part, it follows the smallest id.
    """
    here = source
    out_node[0] = here
    count = 1
    along_m = 0.0
    while here != target:
        for e in range(ptr[here], ptr[here + 1]):
            if state[e] == SHUT:
                state[e] = OPEN
                here = node[e]
                out_node[count] = here
                count += 1
                along_m += np.float64(length_m[e]) + (hop_m if here != target else 0.0)
                break
    return count, along_m
