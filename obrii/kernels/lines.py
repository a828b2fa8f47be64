"""Least distances over grids, many roots at once: nodes in lines, and lines in turn.

In a grid of lasers every satellite lies on a line, the ring of its plane or one across planes. Once the links between
lines have told a line something new, one walk ahead and one back settle it, while its rows stay in the nearest cache;
lines are swept back and forth like the nodes of `paths.settle`. A link is looked at again only when its other end got
shorter, and a part of the graph is finished before the next. Lines are found in the graph itself, however its nodes
are numbered. Any graph is settled to the bits of `paths.settle`, and one without a grid in it only slower.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel, scalar
from obrii.kernels.paths import pull


@scalar
def _onward(ptr, node, relays, rank, here, before, turns, near):
    """The free neighbour with which a line goes on, -1 where there is none.

    Straight on is the only one that shares no other neighbour with the node before; where the line `turns` to run along
    another, the first that shares one with the node of that line, or any where there is no such node yet (-1).
    """
    if before >= 0:
        for e in range(ptr[before], ptr[before + 1]):
            near[node[e]] = before
    found = -1
    for e in range(ptr[here], ptr[here + 1]):
        there = node[e]
        if not relays[there] or rank[there] >= 0:
            continue
        shares = near[there] == before
        for f in range(ptr[there], ptr[there + 1]):
            shares |= relays[node[f]] and node[f] != here and near[node[f]] == before
        if shares == turns:
            if found >= 0:
                found = found if turns else -1
                break
            found = there
    return found


@kernel
def lay_lines(ptr, node, relays, out_order, out_rank, out_line_ptr, out_part_ptr) -> tuple[int, int]:
    """Order the nodes that relay in lines, those beside each other breadth first; return how many lines and parts.

    ptr (node+1,); node (edge,); relays (node,); out_order (node,) node at each place; out_rank (node,) place of each
    node, -1 where it does not relay; out_line_ptr (node+1,) first place of each line; out_part_ptr (node+1,) first line
    of each connected part. The first line of a part sets out to any neighbour.
    """
    near = np.empty(relays.size, np.int32)
    for here in range(relays.size):
        out_rank[here] = -1
        near[here] = -1
    count = 0
    lines = 0
    parts = 0
    root = 0
    place = 0
    edge = 0
    while True:
        # Beside the lines that are laid, else in a new part.
        start = -1
        beside = -1
        while start < 0 and place < count:
            beside = out_order[place]
            if ptr[beside] + edge < ptr[beside + 1]:
                there = node[ptr[beside] + edge]
                edge += 1
                if relays[there] and out_rank[there] < 0:
                    start = there
            else:
                place += 1
                edge = 0
        while start < 0 and root < relays.size:
            if relays[root] and out_rank[root] < 0:
                start = root
                beside = -1
                out_part_ptr[parts] = lines
                parts += 1
            root += 1
        if start < 0:
            break
        first = count
        out_line_ptr[lines] = first
        lines += 1
        out_order[count] = start
        out_rank[start] = count
        count += 1

        # Ahead from the start, along the line beside or else away from it; then, turned round, back from the start.
        here, before, turns = start, beside, True
        for way in range(2):
            if way == 1 and count - first > 1:
                for i in range((count - first) // 2):
                    a, b = out_order[first + i], out_order[count - 1 - i]
                    out_order[first + i] = b
                    out_order[count - 1 - i] = a
                for i in range(first, count):
                    out_rank[out_order[i]] = i
                here, before = start, out_order[count - 2]
            while way == 0 or count - first > 1:
                there = _onward(ptr, node, relays, out_rank, here, before, turns, near)
                if there < 0 and not turns:
                    break
                turns = False
                if there >= 0:
                    out_order[count] = there
                    out_rank[there] = count
                    count += 1
                    before = here
                    here = there
    out_line_ptr[lines] = count
    out_part_ptr[parts] = lines
    return lines, parts


@kernel
def line_steps(
    ptr,
    node,
    length_m,
    order,
    rank,
    line_ptr,
    hop_m,
    out_line,
    out_ahead_m,
    out_ptr,
    out_place,
    out_step_m,
    out_back,
) -> None:
    """Tell the steps along lines from the steps across, and find the way back of each step across.

    ptr (node+1,); node (edge,); length_m (edge,) m; order (node,), rank (node,) and line_ptr (line+1,) as `lay_lines`;
    hop_m m, added to each step; out_line (place,) line; out_ahead_m (place,) m, to the next place of the line, from the
    last to the first where the line is a ring, else inf; out_ptr (place+1,) first step across of each place; out_place
    (edge,) place it leads to; out_step_m (edge,) m; out_back (edge,) the step back.
    """
    count = 0
    for line in range(line_ptr.size - 1):
        first, end = line_ptr[line], line_ptr[line + 1]
        for here in range(first, end):
            out_line[here] = line
            out_ahead_m[here] = np.inf
            out_ptr[here] = count
            for e in range(ptr[order[here]], ptr[order[here] + 1]):
                there = rank[node[e]]
                if there < 0:
                    continue
                ring = end - first > 2 and min(here, there) == first and max(here, there) == end - 1
                along = abs(here - there) == 1 and first <= there < end
                step_m = np.float64(length_m[e]) + hop_m
                if along or ring:
                    if along == (there > here):
                        out_ahead_m[here] = step_m
                else:
                    out_place[count] = there
                    out_step_m[count] = step_m
                    count += 1
    out_ptr[out_line.size] = count
    for here in range(out_line.size):
        for i in range(out_ptr[here], out_ptr[here + 1]):
            for j in range(out_ptr[out_place[i]], out_ptr[out_place[i] + 1]):
                if out_place[j] == here:
                    out_back[i] = j


@kernel
def settle_lines(
    part_ptr, line_ptr, line, ahead_m, step_ptr, step_place, step_m, step_back, entered, out_distance_m
) -> None:
    """Find the least distance from every relaying node to every root, by sweeps over lines until nothing gets shorter.

    part_ptr (part+1,) and line_ptr (line+1,) as `lay_lines`; line (place,), ahead_m (place,) m, step_ptr (place+1,),
    step_place, step_m, step_back (step,) as `line_steps`; entered (place,) bool and out_distance_m (place, source) m as
    `paths.enter` leaves them; at the end inf where there is no way.
    """
    changed = entered.copy()
    stale = np.zeros(step_place.size, np.bool_)
    active = np.zeros(line_ptr.size - 1, np.bool_)
    for place in range(line.size):
        active[line[place]] |= entered[place]

    for part in range(part_ptr.size - 1):
        forward = True
        busy = True
        while busy:
            busy = False
            for i in range(part_ptr[part], part_ptr[part + 1]):
                here = i if forward else part_ptr[part] + part_ptr[part + 1] - 1 - i
                if not active[here]:
                    continue
                active[here] = False
                first, count = line_ptr[here], line_ptr[here + 1] - line_ptr[here]
                shorter = False
                for place in range(first, first + count):
                    for step in range(step_ptr[place], step_ptr[place + 1]):
                        if stale[step]:
                            stale[step] = False
                            changed[place] |= pull(
                                out_distance_m[place], out_distance_m[step_place[step]], step_m[step]
                            )
                    shorter |= changed[place]
                if not shorter:
                    continue

                # Once along the line, and on around a ring while anything gets shorter; then back in the same way.
                busy = True
                ring = ahead_m[first + count - 1] < np.inf
                for ahead in (True, False):
                    for turn in range(0 if ring else 1, 2 * count if ring else count):
                        at = turn if turn < count else turn - count
                        last = at - 1 if at > 0 else count - 1
                        place = first + (at if ahead else count - 1 - at)
                        before = first + (last if ahead else count - 1 - last)
                        shorter = False
                        if changed[before]:
                            along_m = ahead_m[before if ahead else place]
                            shorter = pull(out_distance_m[place], out_distance_m[before], along_m)
                            changed[place] |= shorter
                        if turn >= count and not shorter:
                            break
                for place in range(first, first + count):
                    if changed[place]:
                        changed[place] = False
                        for step in range(step_ptr[place], step_ptr[place + 1]):
                            stale[step_back[step]] = True
                            active[line[step_place[step]]] = True
            forward = not forward
