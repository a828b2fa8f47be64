"""Which satellite carries each cell, and which gateway antenna follows each satellite, in one slot of one operator.

A cell takes one of the `capacity` places of a satellite; a satellite without lasers needs an antenna of a gateway in
its sight, which then follows it alone. Ways down are lengths of light path [m]: fibre counts as the light path of equal
delay.

`greedy` serves the cells in a given order, each by its least whole path among what has room. `repair` then lets cells
that were left out push others aside along augmenting paths, over places of satellites and over antennas alike. A
search that fails closes everything it saw for good: no later search can find room there either (the argument of the
Hungarian tree), so all failures together cost one visit a satellite.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel
from obrii.kernels.landing import LIVE


@kernel
def survey(ptr, satellite, pop, level, out_furthest, out_count):
    """Find how far the candidates of each cell get, and count those that get all the way.

    ptr (cell+1,); satellite (sight,); pop (cell,) row of level; level (pop, satellite) i1, see `kernels.landing`;
    out_furthest (cell,) i1, -1 where nothing is in sight; out_count (cell,) satellites with a live way down.
    """
    for cell in range(pop.size):
        furthest, count = -1, 0
        for k in range(ptr[cell], ptr[cell + 1]):
            reached = level[pop[cell], satellite[k]]
            furthest = max(furthest, reached)
            if reached == LIVE:
                count += 1
        out_furthest[cell] = furthest
        out_count[cell] = count


@kernel
def any_followed(ptr, satellite, pop, gateway_of, way_m, out_followed):
    """Find the cells with a candidate that an antenna follows and that reaches their PoP.

    ptr (cell+1,); satellite (sight,); pop (cell,), -1 without one; gateway_of (satellite,) -1 where none follows; way_m
    (pop, satellite) m; out_followed (cell,) bool.
    """
    for cell in range(pop.size):
        found = False
        if pop[cell] >= 0:
            for k in range(ptr[cell], ptr[cell + 1]):
                s = satellite[k]
                if gateway_of[s] >= 0 and np.isfinite(way_m[pop[cell], s]):
                    found = True
                    break
        out_followed[cell] = found


@kernel
def best_landing(s, pop, land_ptr, land_gateway, land_range_m, fibre_m, free):
    """The usable landing of a satellite with the least way down: (entry, way in m), entry -1 where none is left.

    s, pop: indices; land_ptr (satellite+1,); land_gateway, land_range_m (landing,); fibre_m (pop, gateway) m, inf where
    off; free (gateway,) antennas left.
    """
    best, entry = np.inf, -1
    for k in range(land_ptr[s], land_ptr[s + 1]):
        gateway = land_gateway[k]
        way = land_range_m[k] + fibre_m[pop, gateway]
        if free[gateway] > 0 and way < best:
            best, entry = way, k
    return entry, best


@kernel
def follow(s, entry, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m):
    """Let an antenna of a landing's gateway follow a satellite.

    s, entry: indices; land_gateway, land_range_m (landing,); fibre_m (pop, gateway) m; free (gateway,), gateway_of
    (satellite,) and way_m (pop, satellite) m are brought up to date.
    """
    gateway = land_gateway[entry]
    free[gateway] -= 1
    gateway_of[s] = gateway
    for pop in range(fibre_m.shape[0]):
        way_m[pop, s] = land_range_m[entry] + fibre_m[pop, gateway]


@kernel
def greedy(
    order, ptr, satellite, range_m, pop, usable, land_ptr, land_gateway, land_range_m, fibre_m, capacity,
    free, gateway_of, way_m, used, out_satellite,
):  # fmt: skip
    """Serve cells in order, each by its least whole path; return how many were left out.

    order (k,) cells; ptr (cell+1,), satellite (sight,), range_m (sight,) m; pop (cell,) row of fibre_m; usable
    (satellite,) bool; land_ptr (satellite+1,), land_gateway (landing,), land_range_m (landing,) m: gateways in sight;
    fibre_m (pop, gateway) m, inf where off; capacity: cells a satellite; free (gateway,) antennas left; gateway_of
    (satellite,) -1 where none follows it; way_m (pop, satellite) m, valid where gateway_of is not -1; used (satellite,)
    cells; out_satellite (cell,) -1 where left out.
    """
    left_out = 0
    pops = fibre_m.shape[0]
    # Best free landing of satellites that no antenna follows yet; looked up again once its gateway is full.
    entry_of = np.full((pops, usable.size), -2, np.int64)
    best_of = np.full((pops, usable.size), np.inf)
    for k in range(order.size):
        cell = order[k]
        p = pop[cell]
        least, chosen = np.inf, -1
        for j in range(ptr[cell], ptr[cell + 1]):
            s = satellite[j]
            if not usable[s] or used[s] >= capacity:
                continue
            if gateway_of[s] >= 0:
                way = way_m[p, s]
            else:
                entry = entry_of[p, s]
                if entry == -2 or (entry >= 0 and free[land_gateway[entry]] == 0):
                    entry, best = best_landing(s, p, land_ptr, land_gateway, land_range_m, fibre_m, free)
                    entry_of[p, s], best_of[p, s] = entry, best
                way = best_of[p, s] if entry >= 0 else np.inf
            if range_m[j] + way < least:
                least, chosen = range_m[j] + way, s
        out_satellite[cell] = chosen
        if chosen < 0:
            left_out += 1
            continue
        if gateway_of[chosen] < 0:
            follow(chosen, entry_of[p, chosen], land_gateway, land_range_m, fibre_m, free, gateway_of, way_m)
        used[chosen] += 1
    return left_out


@kernel
def free_antenna(
    s, pop, land_ptr, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m, seen, came_from, queue
):
    """Find an antenna for a satellite, moving others to another gateway in their sight; return whether there was one.

    Breadth first over gateways. A satellite moves only where every PoP it can reach now stays in reach. seen (gateway,)
    bool, came_from (gateway,) and queue (gateway,) are room to work in; seen must come in false and goes out false
    unless the search fails: then it stays true where nothing can be freed.
    """
    head = tail = 0
    for k in range(land_ptr[s], land_ptr[s + 1]):
        gateway = land_gateway[k]
        if not seen[gateway] and np.isfinite(fibre_m[pop, gateway]):
            seen[gateway] = True
            came_from[gateway] = -1
            queue[tail] = gateway
            tail += 1
    found = -1
    while head < tail and found < 0:
        gateway = queue[head]
        head += 1
        if free[gateway] > 0:
            found = gateway
            break
        for other in range(gateway_of.size):
            if gateway_of[other] != gateway:
                continue
            for k in range(land_ptr[other], land_ptr[other + 1]):
                to = land_gateway[k]
                if seen[to]:
                    continue
                fits = True
                for p in range(fibre_m.shape[0]):
                    if np.isfinite(fibre_m[p, gateway]) and not np.isfinite(fibre_m[p, to]):
                        fits = False
                if fits:
                    seen[to] = True
                    came_from[to] = other
                    queue[tail] = to
                    tail += 1
    if found < 0:
        return False
    to = found
    while True:
        mover = came_from[to]
        who = s if mover < 0 else mover
        gateway = -1 if mover < 0 else gateway_of[mover]
        if mover >= 0:
            free[gateway] += 1
        for k in range(land_ptr[who], land_ptr[who + 1]):
            if land_gateway[k] == to:
                follow(who, k, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m)
                break
        if mover < 0:
            break
        to = gateway
    for k in range(tail):
        seen[queue[k]] = False
    return True


@kernel
def repair(
    order, ptr, satellite, pop, usable, land_ptr, land_gateway, land_range_m, fibre_m, capacity,
    free, gateway_of, way_m, used, out_satellite,
):  # fmt: skip
    """Serve cells that `greedy` left out along augmenting paths; return how many stay out.

    Arguments as for `greedy`, in the state it left them.
    """
    n_satellites, n_cells, n_gateways = usable.size, pop.size, free.size
    first = np.full(n_satellites, -1, np.int32)  # the cells of each satellite, as linked lists
    after = np.full(n_cells, -1, np.int32)
    before = np.full(n_cells, -1, np.int32)
    for k in range(order.size - 1, -1, -1):
        cell = order[k]
        s = out_satellite[cell]
        if s >= 0:
            after[cell] = first[s]
            if first[s] >= 0:
                before[first[s]] = cell
            first[s] = cell
    closed = np.zeros(n_satellites, np.bool_)  # seen in this search, or in a search that failed
    pushed_by = np.full(n_satellites, -1, np.int32)  # the cell that would come to this satellite
    queue = np.empty(n_satellites, np.int32)
    seen = np.zeros(n_gateways, np.bool_)
    came_from = np.empty(n_gateways, np.int32)
    line = np.empty(n_gateways, np.int32)
    stay_out = 0
    for k in range(order.size):
        out = order[k]
        if out_satellite[out] >= 0:
            continue
        head = tail = 0
        asking, end = out, -1
        while end < 0:
            for j in range(ptr[asking], ptr[asking + 1]):
                s = satellite[j]
                if not usable[s] or closed[s]:
                    continue
                p = pop[asking]
                if gateway_of[s] < 0:
                    if not free_antenna(
                        s, p, land_ptr, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m,
                        seen, came_from, line,
                    ):  # fmt: skip
                        continue
                elif not np.isfinite(way_m[p, s]):
                    continue
                closed[s] = True
                pushed_by[s] = asking
                queue[tail] = s
                tail += 1
                if used[s] < capacity:
                    end = s
                    break
            if end >= 0:
                break
            # The next cell that could move: the cells of the queued satellites, one after another.
            asking = after[asking] if asking != out else -1
            while asking < 0 and head < tail:
                asking = first[queue[head]]
                head += 1
            if asking < 0:
                break
        if end < 0:
            stay_out += 1
            continue
        used[end] += 1
        to = end
        while True:
            cell = pushed_by[to]
            come = out_satellite[cell]
            if come >= 0:
                if before[cell] >= 0:
                    after[before[cell]] = after[cell]
                else:
                    first[come] = after[cell]
                if after[cell] >= 0:
                    before[after[cell]] = before[cell]
            out_satellite[cell] = to
            before[cell] = -1
            after[cell] = first[to]
            if first[to] >= 0:
                before[first[to]] = cell
            first[to] = cell
            if come < 0:
                break
            to = come
        for j in range(tail):
            closed[queue[j]] = False
    return stay_out
