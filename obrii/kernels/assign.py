"""Which satellite carries each cell, and which gateway antenna follows each satellite, in one slot of one operator.

A cell takes one of the places of a satellite, its capacity; a satellite without lasers needs an antenna of a gateway in
its sight, which then follows it alone. Ways down are lengths of light path [m]: fibre counts as the light path of equal
delay.

`greedy` serves the cells in a given order, each by its least whole path among what has room. `repair` then serves cells
that were left out by moving others, over places of satellites and over antennas alike.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel
from obrii.kernels.landing import LIVE


@kernel
def _vacant(size):
    """Make room for indices, size of them, none set yet: all -1."""
    room = np.empty(size, np.int32)
    for k in range(size):
        room[k] = -1
    return room


@kernel
def survey(ptr, satellite, range_m, pop, number, level, out_furthest, out_ptr, out_satellite, out_range_m):
    """Find how far the candidates of each cell get, and list those that get all the way.

    ptr (cell+1,); satellite (sight,), range_m (sight,) m; pop (cell,) row of level; number (satellite,) of each in
    level, ascending; level (pop, number) i1, see `kernels.landing`; out_furthest (cell,) i1, -1 where nothing is in
    sight; out_ptr (cell+1,), out_satellite (sight,) number, out_range_m (sight,) m: the candidates with a live way
    down, in the order of the sights.
    """
    n = np.uint64(0)
    out_ptr[0] = 0
    for cell in range(pop.size):
        levels = level[pop[cell]]
        furthest = np.int8(-1)
        # Unsigned, because numba lets a signed index count from the end.
        for k in range(np.uint64(ptr[cell]), np.uint64(ptr[cell + 1])):
            # Written in any case, and kept where it counts: whether a way is live is hard to guess ahead.
            s = number[np.uint32(satellite[k])]
            reached = levels[np.uint32(s)]
            out_satellite[n] = s
            out_range_m[n] = range_m[k]
            n += np.uint64(reached == LIVE)
            furthest = max(furthest, reached)
        out_furthest[cell] = furthest
        out_ptr[cell + 1] = n


@kernel
def any_followed(ptr, satellite, pop, gateway_of, way_m, out_followed):
    """Find the cells with a candidate that an antenna follows and that reaches their PoP.

    ptr (cell+1,), satellite (candidate,) from `survey`; pop (cell,) row of way_m; gateway_of (satellite,) -1 where none
    follows; way_m (pop, satellite) m, inf where there is no way; out_followed (cell,) bool.
    """
    for cell in range(pop.size):
        out_followed[cell] = False
        for k in range(ptr[cell], ptr[cell + 1]):
            s = satellite[k]
            if gateway_of[s] >= 0 and way_m[pop[cell], s] < np.inf:
                out_followed[cell] = True
                break


@kernel
def best_landing(s, pop, land_ptr, land_gateway, land_range_m, fibre_m, free):
    """Find the usable landing of a satellite with the least way down: (entry, way m), (-1, inf) where none is left.

    s, pop: indices; land_ptr (satellite+1,); land_gateway, land_range_m (landing,); fibre_m (pop, gateway) m, inf where
    off; free (gateway,) antennas left.
    """
    least, entry = np.inf, -1
    for k in range(land_ptr[s], land_ptr[s + 1]):
        way = land_range_m[k] + fibre_m[pop, land_gateway[k]]
        if way < least and free[land_gateway[k]] > 0:
            least, entry = way, k
    return entry, least


@kernel
def follow(s, entry, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m):
    """Let an antenna of a landing's gateway follow a satellite, and let go of the one that did.

    s, entry: indices; land_gateway, land_range_m (landing,); fibre_m (pop, gateway) m; free (gateway,), gateway_of
    (satellite,) and way_m (pop, satellite) m are brought up to date.
    """
    if gateway_of[s] >= 0:
        free[gateway_of[s]] += 1
    gateway = land_gateway[entry]
    free[gateway] -= 1
    gateway_of[s] = gateway
    for pop in range(fibre_m.shape[0]):
        way_m[pop, s] = land_range_m[entry] + fibre_m[pop, gateway]


@kernel
def greedy(
    order, ptr, satellite, range_m, pop, land_ptr, land_gateway, land_range_m, fibre_m, capacity,
    free, gateway_of, way_m, used, out_satellite,
):  # fmt: skip
    """Serve cells in order, each by its least whole path among what has room; return how many were left out.

    order (k,) cells; ptr (cell+1,), satellite (candidate,), range_m (candidate,) m from `survey`; pop (cell,) row of
    fibre_m; land_ptr (satellite+1,), land_gateway (landing,), land_range_m (landing,) m: gateways in sight; fibre_m
    (pop, gateway) m, inf where off; capacity (satellite,) cells; free (gateway,) antennas left; gateway_of (satellite,)
    -1 where none follows it; way_m (pop, satellite) m, no more than the way down where none follows yet; used
    (satellite,) cells; out_satellite (cell,), -1 where left out. Of equal paths the lower satellite, the lower gateway.
    """
    left_out = 0
    for k in range(order.size):
        cell = order[k]
        p = pop[cell]
        ways_m = way_m[p]
        chosen = np.int64(-1)
        looking = True
        while looking:
            least, chosen = np.inf, np.int64(-1)
            for j in range(np.uint64(ptr[cell]), np.uint64(ptr[cell + 1])):
                s = np.uint32(satellite[j])
                way = range_m[j] + ways_m[s]
                if way < least and used[s] < capacity[s]:
                    least, chosen = way, np.int64(s)
            looking = chosen >= 0 and gateway_of[chosen] < 0
            if looking:
                # A way is looked up once a cell would choose it, and only gets longer as gateways fill. So a look-up
                # costs one more pass over the candidates of one cell, and the passes ask nothing of gateways.
                entry, way = best_landing(chosen, p, land_ptr, land_gateway, land_range_m, fibre_m, free)
                if way == way_m[p, chosen]:
                    follow(chosen, entry, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m)
                way_m[p, chosen] = way
        out_satellite[cell] = chosen
        if chosen < 0:
            left_out += 1
        else:
            used[chosen] += 1
    return left_out


@kernel
def free_antenna(s, pop, land_ptr, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m, came_from, queue):
    """Let an antenna follow a satellite, if need be by moving others to another gateway in their sight; return success.

    The best landing that is free, or else breadth first over gateways that lead to the PoP. A satellite moves only
    where every PoP that it can reach now stays in reach. came_from (gateway,), queue (gateway,): room to work in.
    came_from is -1 at first, and again after a success; where a search fails it keeps what it saw, as nothing can be
    freed there, now or later: all antennas are taken, and what they follow can move only to gateways seen too.
    """
    entry, _ = best_landing(s, pop, land_ptr, land_gateway, land_range_m, fibre_m, free)
    if entry >= 0:
        follow(s, entry, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m)
        return True
    start = gateway_of.size  # came_from of the gateways that the satellite itself sees
    head, tail, found = 0, 0, -1
    for k in range(land_ptr[s], land_ptr[s + 1]):
        gateway = land_gateway[k]
        if came_from[gateway] < 0 and fibre_m[pop, gateway] < np.inf:
            came_from[gateway] = start
            queue[tail] = gateway
            tail += 1
    if tail == 0:
        return False
    # The satellites that each gateway follows, ascending.
    first, after = _vacant(free.size), _vacant(gateway_of.size)
    for other in range(gateway_of.size - 1, -1, -1):
        if gateway_of[other] >= 0:
            after[other] = first[gateway_of[other]]
            first[gateway_of[other]] = other
    while head < tail and found < 0:
        gateway = queue[head]
        head += 1
        other = first[gateway]
        while other >= 0 and found < 0:
            for k in range(land_ptr[other], land_ptr[other + 1]):
                to = land_gateway[k]
                fits = came_from[to] < 0
                for p in range(fibre_m.shape[0]):
                    fits = fits and (fibre_m[p, gateway] == np.inf or fibre_m[p, to] < np.inf)
                if fits:
                    came_from[to] = other
                    queue[tail] = to
                    tail += 1
                    if free[to] > 0:
                        found = to
                        break
            other = after[other]
    if found < 0:
        return False
    while found >= 0:
        who, left = np.int64(s), -1
        if came_from[found] < start:
            who = came_from[found]
            left = gateway_of[who]
        for k in range(land_ptr[who], land_ptr[who + 1]):
            if land_gateway[k] == found:
                follow(who, k, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m)
                break
        found = left
    for k in range(tail):
        came_from[queue[k]] = -1
    return True


@kernel
def _link(cell, s, first, after, before):
    """Put a cell at the head of a satellite's list.

    cell, s: indices; first (satellite,), after (cell,), before (cell,): neighbours in the list, -1 at its ends.
    """
    before[cell] = -1
    after[cell] = first[s]
    if first[s] >= 0:
        before[first[s]] = cell
    first[s] = cell


@kernel
def _unlink(cell, s, first, after, before):
    """Take a cell out of a satellite's list; arguments as for `_link`."""
    if before[cell] >= 0:
        after[before[cell]] = after[cell]
    else:
        first[s] = after[cell]
    if after[cell] >= 0:
        before[after[cell]] = before[cell]


@kernel
def _kinds(order, ptr, satellite, pop, out_kind):
    """Number cells by what they see, alike where they follow one another in order; return how many numbers there are.

    order, ptr, satellite, pop as for `greedy`; out_kind (cell,), -1 for cells that are not in the order.
    """
    kinds, last = 0, -1
    for cell in order:
        size, j = ptr[cell + 1] - ptr[cell], 0
        if last >= 0 and pop[cell] == pop[last] and ptr[last + 1] - ptr[last] == size:
            here, there = np.uint64(ptr[cell]), np.uint64(ptr[last])
            while j < size and satellite[here + np.uint64(j)] == satellite[there + np.uint64(j)]:
                j += 1
        kinds += 1 if j < size or size == 0 else 0
        out_kind[cell] = kinds - 1
        last = cell
    return kinds


@kernel
def repair(
    order, ptr, satellite, pop, land_ptr, land_gateway, land_range_m, fibre_m, capacity,
    free, gateway_of, way_m, used, out_satellite,
):  # fmt: skip
    """Serve cells that `greedy` left out, by moving others; return whether some stay out for want of an antenna.

    Arguments as for `greedy`, in the state it left them. Who was served stays served. Antennas are wanting where a
    search met a satellite that none could follow towards the PoP of the cell; if not, no other schedule serves more.

    A maximum flow in phases, each of shortest ways only: E. Dinic, "Algorithm for solution of a problem of maximum flow
    in networks with power estimation", Soviet Mathematics Doklady 11 (1970).
    """
    first, after, before = _vacant(used.size), _vacant(pop.size), _vacant(pop.size)  # the cells of each satellite
    for k in range(order.size - 1, -1, -1):
        if out_satellite[order[k]] >= 0:
            _link(order[k], np.int64(out_satellite[order[k]]), first, after, before)
    came_from, line = _vacant(free.size), _vacant(free.size)
    depth, queue, arc = _vacant(used.size), _vacant(used.size), _vacant(used.size)
    mover, at = _vacant(used.size + 1), _vacant(used.size + 1)
    refused = np.zeros(way_m.shape, np.bool_)  # no antenna can be freed towards that PoP, now or later
    kind = _vacant(pop.size)
    kinds = _kinds(order, ptr, satellite, pop, kind)
    # Cells of a kind have the same answer: when it was asked last, and in which phase at which depth it was none.
    asked, shut, stamp, phase = _vacant(kinds), _vacant(kinds), 0, 0
    opening = False
    while True:
        stamp += 1
        phase += used.size
        # How many cells must move before a satellite can take a cell that was left out, up to the first with room.
        for s in range(depth.size):
            depth[s] = -1
        head, tail, left, layer, asking = 0, 0, 0, 0, -1
        room, wanting = False, False
        while True:
            while asking < 0 and left < order.size:
                if out_satellite[order[left]] < 0:
                    asking = order[left]
                left += 1
            while asking < 0 and head < tail and not (room and depth[queue[head]] == layer):
                asking = first[queue[head]]
                layer = depth[queue[head]] + 1
                head += 1
            if asking < 0:
                break
            p = pop[asking]
            fresh = asked[kind[asking]] != stamp
            asked[kind[asking]] = stamp
            for j in range(np.uint64(ptr[asking]), np.uint64(ptr[asking + 1] if fresh else ptr[asking])):
                if depth[np.uint32(satellite[j])] >= 0:
                    continue
                s = np.int64(satellite[j])
                if opening and gateway_of[s] < 0 and not refused[p, s]:
                    opening = not free_antenna(
                        s, p, land_ptr, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m, came_from, line
                    )
                    refused[p, s] = opening
                    stamp += 0 if opening else 1
                if gateway_of[s] < 0 or way_m[p, s] == np.inf:
                    wanting = True
                    continue
                depth[s] = layer
                queue[tail] = s
                tail += 1
                room = room or used[s] < capacity[s]
            asking = after[asking]
        if not room:
            # One more antenna, and only where no room is left without it.
            if opening or not wanting:
                return wanting
            opening = True
            continue
        opening = False
        # A phase ends with the last place that it can fill, or the last satellite that cells left out can enter by.
        places, doors = 0, 0
        for k in range(tail):
            arc[queue[k]] = first[queue[k]]
            places += capacity[queue[k]] - used[queue[k]]
            doors += 1 if depth[queue[k]] == 0 else 0
        for k in range(order.size):
            if places == 0 or doors == 0:
                break
            if out_satellite[order[k]] >= 0:
                continue
            d = 0
            mover[0], at[0] = order[k], ptr[order[k]]
            while d >= 0:
                cell = mover[d]
                p = pop[cell]
                if shut[kind[cell]] == phase + d:
                    at[d] = ptr[cell + 1]
                j, end = np.uint64(at[d]), np.uint64(ptr[cell + 1])
                while j < end:
                    s = satellite[j]
                    if depth[np.uint32(s)] == d and way_m[p, s] < np.inf:
                        break
                    j += np.uint64(1)
                at[d] = j
                if j == end:
                    # It cannot move: the next cell of its satellite.
                    shut[kind[cell]] = phase + d
                    d -= 1
                    if d >= 0:
                        arc[satellite[at[d]]] = after[cell]
                    continue
                s = satellite[at[d]]
                if used[s] < capacity[s]:
                    used[s] += 1
                    places -= 1
                    while d >= 0:
                        cell, s = mover[d], np.int64(satellite[at[d]])
                        whence = out_satellite[cell]
                        if whence >= 0:
                            arc[whence] = after[cell]
                            _unlink(cell, whence, first, after, before)
                        _link(cell, s, first, after, before)
                        out_satellite[cell] = s
                        d -= 1
                elif d < layer and arc[s] >= 0:
                    d += 1
                    mover[d], at[d] = arc[s], ptr[arc[s]]
                else:
                    depth[s] = -1
                    doors -= 1 if d == 0 else 0
