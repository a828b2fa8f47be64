"""Max-min fair rates of flows over links, exact: all rates rise together until each stops.

A flow is a number of terminals that share one way: the own link of their cell, then the links of a trunk, which many
flows have in common. A terminal stops where it gets what it asks, or where a link on its way is full. D. Bertsekas and
R. Gallager, "Data Networks" (1992), section 6.5.2.

Links wait in a heap by the level at which they would be full if nobody stopped before. That level only rises as flows
stop, so it is looked at again only when the link comes first, and then as Newton's method would: what its trunks carry
for those that have stopped, and the weight of the others. A trunk keeps both for its flows, which it stops in the order
of what they ask when one of its links looks; so to stop a flow costs nothing along the trunk. Links that could carry
all that is asked of them never enter the heap.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel

#: Rounding of sums of some thousand numbers, as a part of them: levels are equal, and links full, within it.
ROUNDING = 1e-12

#: Left of a trunk's weight when it is added up again, so that what rounds on the way stays a small part of it.
_THIN = 1e-3


@kernel
def sink(key, item, first, count, at) -> None:
    """Move an entry of a heap down to its place.

    key (entry,), item (entry,): entries, the least key first and of equal ones the lower item; first, count: the part
    that is the heap; at: the entry, counted from first.
    """
    k, i = key[first + at], item[first + at]
    while True:
        child = 2 * at + 1
        if child >= count:
            break
        c = first + child
        if child + 1 < count and (key[c + 1] < key[c] or (key[c + 1] == key[c] and item[c + 1] < item[c])):
            child += 1
            c += 1
        if key[c] > k or (key[c] == k and item[c] > i):
            break
        key[first + at] = key[c]
        item[first + at] = item[c]
        at = child
    key[first + at] = k
    item[first + at] = i


@kernel
def stop_asking(t, level, first, count, key, item, weight, rate, next_stop, stopped, active, summed) -> None:
    """Stop the flows of one trunk that get what they can have, and bring its sums up to date.

    t: the trunk; level bit/s, reached by those that rise; first, count (trunk,): the heap of its flows; key (place,)
    bit/s what they can have at most, item (place,) flows; weight, rate (flow,) terminals and bit/s, NaN while rising;
    next_stop (trunk,) bit/s, the least key; stopped (trunk,) bit/s, the load of those that stopped; active (trunk,)
    terminals that rise; summed (trunk,) what active was when it was last added up.
    """
    while count[t] > 0 and key[first[t]] <= level * (1.0 + ROUNDING):
        f = item[first[t]]
        if np.isnan(rate[f]):
            rate[f] = key[first[t]]
            stopped[t] += weight[f] * rate[f]
            active[t] -= weight[f]
        count[t] -= 1
        key[first[t]] = key[first[t] + count[t]]
        item[first[t]] = item[first[t] + count[t]]
        if count[t] > 0:
            sink(key, item, first[t], count[t], 0)
    next_stop[t] = key[first[t]] if count[t] > 0 else np.inf
    if active[t] < _THIN * summed[t]:
        active[t] = 0.0
        for place in range(first[t], first[t] + count[t]):
            if np.isnan(rate[item[place]]):
                active[t] += weight[item[place]]
        summed[t] = active[t]


@kernel
def fill(own, trunk, ptr, link, weight, asked, left, rate, bound) -> None:
    """Find the max-min fair rates of the flows of one class over what is left for it.

    own, trunk (flow,), ptr (trunk+1,), link (way,), asked (flow,) bit/s: as `max_min`; weight (flow,) terminals, more
    than 0; left (link,) bit/s, not negative, inf allowed; rate (flow,) bit/s and bound (flow,) are written.
    """
    flows, trunks, links = own.size, ptr.size - 1, left.size

    # The flows of each own link as a list. One that is alone on it can have no more than the link, whatever else is.
    head, after = np.full(links, -1, np.int32), np.empty(flows, np.int32)
    for f in range(flows - 1, -1, -1):
        after[f] = head[own[f]]
        head[own[f]] = f
    most = np.empty(flows)
    first, count = np.zeros(trunks + 1, np.int64), np.zeros(trunks, np.int64)
    stopped, active, wanted = np.zeros(trunks), np.zeros(trunks), np.zeros(trunks)
    for f in range(flows):
        rate[f], bound[f], most[f] = np.nan, -1, asked[f]
        if head[own[f]] == f and after[f] < 0:
            alone = left[own[f]] / weight[f]
            if asked[f] > alone * (1.0 + ROUNDING):
                most[f], bound[f] = alone, own[f]
        first[trunk[f] + 1] += 1
        active[trunk[f]] += weight[f]
        wanted[trunk[f]] += weight[f] * most[f]

    # Links that may fill up, those of cells before those of trunks, and the level at which each would if all rose.
    used, asked_of, thick = np.zeros(links, np.int32), np.zeros(links), np.zeros(links)
    for f in range(flows):
        if head[own[f]] >= 0 and (after[f] >= 0 or head[own[f]] != f):
            asked_of[own[f]] += weight[f] * asked[f]
            thick[own[f]] += weight[f]
    for t in range(trunks):
        if first[t + 1] > 0:
            for j in range(ptr[t], ptr[t + 1]):
                used[link[j]] += 1
                asked_of[link[j]] += wanted[t]
                thick[link[j]] += active[t]
    filling, begin, place_of = np.empty(links, np.int32), np.zeros(links + 1, np.int64), np.full(links, -1, np.int32)
    level_of, waiting = np.empty(links), np.empty(links, np.int32)
    n, own_n = 0, 0
    for shared in (False, True):
        for x in range(links):
            if (used[x] > 0) == shared and asked_of[x] > left[x] * (1.0 + ROUNDING):
                filling[n], waiting[n], place_of[x], level_of[n] = x, n, n, left[x] / thick[x]
                begin[n + 1] = begin[n] + used[x]
                n += 1
        own_n = own_n if shared else n

    # The flows of each trunk, in a heap where a link of it may fill up; the trunks of each such link.
    key, item = np.empty(flows), np.empty(flows, np.int32)
    for t in range(trunks):
        first[t + 1] += first[t]
    for f in range(flows):
        place = first[trunk[f]] + count[trunk[f]]
        key[place], item[place] = most[f], f
        count[trunk[f]] += 1
    next_stop, summed = np.full(trunks, np.inf), active.copy()
    through, at = np.empty(begin[n], np.int32), begin[:n].copy()
    for t in range(trunks):
        if count[t] == 0:
            continue
        for j in range(ptr[t], ptr[t + 1]):
            c = place_of[link[j]]
            if c >= 0:
                through[at[c]] = t
                at[c] += 1
                next_stop[t] = 0.0
        if next_stop[t] == 0.0:
            for k in range(count[t] // 2 - 1, -1, -1):
                sink(key, item, first[t], count[t], k)

    for k in range(n // 2 - 1, -1, -1):
        sink(level_of, waiting, 0, n, k)
    while n > 0 and level_of[0] < np.inf:
        level, c = level_of[0], waiting[0]
        x = filling[c]
        load, rising = 0.0, 0.0
        if c < own_n:
            f = head[x]
            while f >= 0:
                if not np.isnan(rate[f]):
                    load += weight[f] * rate[f]
                elif most[f] <= level * (1.0 + ROUNDING):
                    load += weight[f] * most[f]
                else:
                    rising += weight[f]
                f = after[f]
        else:
            for j in range(begin[c], begin[c + 1]):
                t = through[j]
                if next_stop[t] <= level * (1.0 + ROUNDING):
                    stop_asking(
                        t, level, first, count, key, item, weight, rate, next_stop, stopped, active, summed
                    )  # fmt: skip
                load += stopped[t]
                rising += active[t]
        full_at = (left[x] - load) / rising if rising > 0.0 else np.inf
        if rising > 0.0 and full_at > level:
            level_of[0] = full_at
            sink(level_of, waiting, 0, n, 0)
            continue

        # Nobody on it rises any more, or it is full and stops them.
        if rising > 0.0 and c < own_n:
            f = head[x]
            while f >= 0:
                if np.isnan(rate[f]) and most[f] > level * (1.0 + ROUNDING):
                    rate[f], bound[f] = level, x
                    stopped[trunk[f]] += weight[f] * level
                    active[trunk[f]] -= weight[f]
                    next_stop[trunk[f]] = 0.0
                f = after[f]
        elif rising > 0.0:
            for j in range(begin[c], begin[c + 1]):
                t = through[j]
                for place in range(first[t], first[t] + count[t]):
                    if np.isnan(rate[item[place]]):
                        rate[item[place]], bound[item[place]] = level, x
                stopped[t] += active[t] * level
                active[t], summed[t], count[t], next_stop[t] = 0.0, 0.0, 0, np.inf
        n -= 1
        level_of[0], waiting[0] = level_of[n], waiting[n]
        if n > 0:
            sink(level_of, waiting, 0, n, 0)
    for f in range(flows):
        if np.isnan(rate[f]):
            rate[f] = most[f]


@kernel
def add_loads(own, trunk, ptr, link, weight, rate, out_load) -> None:
    """Add what flows put on each link of their ways.

    own, trunk (flow,), ptr (trunk+1,), link (way,): as `max_min`; weight (flow,) terminals; rate (flow,) bit/s;
    out_load (link,) bit/s is added to.
    """
    carried = np.zeros(ptr.size - 1)
    for f in range(own.size):
        out_load[own[f]] += weight[f] * rate[f]
        carried[trunk[f]] += weight[f] * rate[f]
    for t in range(carried.size):
        if carried[t] > 0.0:
            for j in range(ptr[t], ptr[t + 1]):
                out_load[link[j]] += carried[t]


@kernel
def max_min(own, trunk, ptr, link, weight, asked, priority, capacity, out_rate, out_bound, out_load) -> None:
    """Find the max-min fair rate of a terminal of every flow, class after class, each over what is left of the former.

    own (flow,) link of its cell, in no trunk; trunk (flow,); ptr (trunk+1,), link (way,) links of each trunk; weight
    (flow,) terminals, 0 where there is no flow; asked (flow,) bit/s of a terminal, inf allowed; priority (flow,) i1, 0
    first; capacity (link,) bit/s, inf allowed; out_rate (flow,) bit/s of a terminal, NaN where there is no flow;
    out_bound (flow,) link that is full, -1 where a terminal gets what it asks; out_load (link,) bit/s. Of several full
    links the own one binds, else the lowest.
    """
    start = np.zeros(129, np.int64)
    for f in range(own.size):
        out_rate[f], out_bound[f] = np.nan, -1
        if weight[f] > 0.0:
            start[priority[f] + 1] += 1
    for c in range(128):
        start[c + 1] += start[c]
    flow, end = np.empty(start[128], np.int32), start[:128].copy()
    for f in range(own.size):
        if weight[f] > 0.0:
            flow[end[priority[f]]] = f
            end[priority[f]] += 1
    left = capacity.copy()
    for x in range(left.size):
        out_load[x] = 0.0
    for c in range(128):
        if start[c] == end[c]:
            continue
        n = end[c] - start[c]
        cell, on, bound = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
        terminals, most, rate = np.empty(n), np.empty(n), np.empty(n)
        for k in range(n):
            f = flow[start[c] + k]
            cell[k], on[k], terminals[k], most[k] = own[f], trunk[f], weight[f], asked[f]
        fill(cell, on, ptr, link, terminals, most, left, rate, bound)
        add_loads(cell, on, ptr, link, terminals, rate, out_load)
        for k in range(n):
            out_rate[flow[start[c] + k]], out_bound[flow[start[c] + k]] = rate[k], bound[k]
        for x in range(left.size):
            if capacity[x] < np.inf:
                left[x] = capacity[x] - out_load[x]
                if left[x] <= ROUNDING * capacity[x]:
                    left[x] = 0.0
