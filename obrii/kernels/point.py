"""Which satellites antennas follow where antennas run out: those that serve the most cells, before any cell chooses.

The same places and antennas as in `kernels.assign`.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.assign import free_antenna
from obrii.kernels.jit import kernel


@kernel
def plan(
    order, ptr, satellite, pop, land_ptr, land_gateway, land_range_m, fibre_m, capacity, free, gateway_of, way_m,
):  # fmt: skip
    """Point antennas at the satellites that serve most, one after another, as long as any serves one more cell.

    The next is the one that can serve the most cells that none before it serves, and of equal ones the one that sees
    the most of these, then the lower; it serves the first of them, up to its capacity, in the order given.

    order (k,) cells; ptr (cell+1,), satellite (candidate,) from `assign.survey`; pop (cell,) row of fibre_m; land_ptr
    (satellite+1,), land_gateway (landing,), land_range_m (landing,) m: gateways in sight; fibre_m (pop, gateway) m, inf
    where off; capacity (satellite,) cells; free (gateway,) antennas left, gateway_of (satellite,) -1 where none follows
    it, way_m (pop, satellite) m: brought up to date.
    """
    # The cells that see each satellite as linked lists of candidates, in the order given.
    first, after = np.full(gateway_of.size, -1, np.int32), np.full(satellite.size, -1, np.int32)
    cell_of = np.full(satellite.size, -1, np.int32)
    unserved, served = np.zeros(gateway_of.size, np.int32), np.full(pop.size, -1, np.int32)
    came_from, line = np.full(free.size, -1, np.int32), np.full(free.size, -1, np.int32)
    refused = np.full(fibre_m.shape[0], -1, np.int32)  # the last satellite that none could follow towards each PoP
    for k in range(order.size - 1, -1, -1):
        # Unsigned, because numba lets a signed index count from the end.
        for j in range(np.uint64(ptr[order[k]]), np.uint64(ptr[order[k] + 1])):
            s = np.uint32(satellite[j])
            after[j] = first[s]
            first[s] = j
            cell_of[j] = order[k]
            unserved[s] += 1
    left = np.flatnonzero(unserved)
    while True:
        best, most, widest, some = np.int64(-1), 0, 0, 0
        for s in left:
            # Those that see nobody any more are not looked at again.
            left[some] = s
            some += 1 if unserved[s] > 0 else 0
            gain = min(unserved[s], capacity[s])
            if gain > most or (gain == most > 0 and unserved[s] > widest):
                best, most, widest = s, gain, unserved[s]
        left = left[:some]
        if best < 0:
            break
        room, seen = capacity[best], first[best]
        while seen >= 0 and room > 0:
            cell = cell_of[seen]
            seen = after[seen]
            if served[cell] >= 0:
                continue
            if gateway_of[best] < 0 and refused[pop[cell]] != best:
                freed = free_antenna(
                    best, pop[cell], land_ptr, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m,
                    came_from, line,
                )  # fmt: skip
                if not freed:
                    refused[pop[cell]] = best
            if gateway_of[best] < 0 or way_m[pop[cell], best] == np.inf:
                continue
            served[cell] = best
            room -= 1
            for j in range(np.uint64(ptr[cell]), np.uint64(ptr[cell + 1])):
                unserved[np.uint32(satellite[j])] -= 1
        # Not asked again: what cannot be followed now cannot be later.
        unserved[best] = 0
