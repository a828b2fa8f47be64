"""The edges of a graph in compressed rows: the two of each link, and those that are left when some are off.

Rows are ascending and hold every link twice, so that each row meets its back edges in its own order: a cursor finds
them without a search.
"""

from __future__ import annotations

from obrii.kernels.jit import kernel


@kernel
def back_edges(ptr, node, cursor, out_back) -> None:
    """Find the edge of the same link in the other direction.

    ptr (node+1,); node (edge,); cursor (node,) edge, scratch; out_back (edge,) edge.
    """
    for here in range(cursor.size):
        cursor[here] = ptr[here]
    for e in range(node.size):
        out_back[e] = cursor[node[e]]
        cursor[node[e]] += 1


@kernel
def keep_edges(ptr, node, length_m, back, node_on, edge_on, out_ptr, out_node, out_length_m) -> int:
    """Copy the links that are on, with both ends and both edges; return how many edges there are.

    ptr (node+1,); node (edge,); length_m (edge,) m; back (edge,) as `back_edges`; node_on (node,); edge_on (edge,);
    out_ptr (node+1,), out_node (edge,) and out_length_m (edge,) m: the rows of what is left.
    """
    count = 0
    for here in range(node_on.size):
        out_ptr[here] = count
        for e in range(ptr[here], ptr[here + 1]):
            if node_on[here] and node_on[node[e]] and edge_on[e] and edge_on[back[e]]:
                out_node[count] = node[e]
                out_length_m[count] = length_m[e]
                count += 1
    out_ptr[node_on.size] = count
    return count
