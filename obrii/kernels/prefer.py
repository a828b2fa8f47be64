"""Serve cells by a rank of satellites, or by the satellite of the step before, instead of by the least path alone.

The same places and antennas as in `kernels.assign`, and the same arguments: only the choice of a cell differs.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.assign import best_landing, follow
from obrii.kernels.jit import kernel
from obrii.kernels.landing import LIVE


@kernel
def live_ranks(ptr, satellite, rank, pop, number, level, out_rank):
    """List the ranks of the candidates with a live way down, in the order of `assign.survey`.

    ptr (cell+1,); satellite (sight,), rank (sight,); pop (cell,) row of level; number (satellite,) of each in level;
    level (pop, number) i1; out_rank (candidate,).
    """
    n = 0
    for cell in range(pop.size):
        for k in range(ptr[cell], ptr[cell + 1]):
            if level[pop[cell], number[satellite[k]]] == LIVE:
                out_rank[n] = rank[k]
                n += 1


@kernel
def settle(s, pop, land_ptr, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m):
    """Look up the way down of a satellite that nothing follows yet; return whether it is what was thought.

    s, pop: indices; land_ptr (satellite+1,), land_gateway, land_range_m (landing,) m; fibre_m (pop, gateway) m; free
    (gateway,), gateway_of (satellite,); way_m (pop, satellite) m, brought up to date. As gateways fill, ways only get
    longer, so that what was thought is never too long.
    """
    if gateway_of[s] >= 0:
        return True
    _, way = best_landing(s, pop, land_ptr, land_gateway, land_range_m, fibre_m, free)
    same = way == way_m[pop, s]
    way_m[pop, s] = way
    return same


@kernel
def greedy_by_rank(
    order, ptr, satellite, range_m, rank, kept, by_load, margin_m, hysteresis_m,
    pop, land_ptr, land_gateway, land_range_m, fibre_m, capacity, free, gateway_of, way_m, used, out_satellite,
):  # fmt: skip
    """Serve cells in order, each by the highest rank among what has room and a path not much longer than the best.

    order (k,) cells; ptr (cell+1,), satellite (candidate,), range_m (candidate,) m from `assign.survey`; rank
    (candidate,), empty for none; kept (cell,) the satellite of the step before, -1 for none; by_load: whether the least
    part of places taken counts instead of the rank; margin_m, hysteresis_m: how much longer than the best whole path
    that of another satellite, and of the kept one, may be [m]; capacity, used (satellite,) cells; out_satellite
    (cell,), -1 where left out; the rest as for `settle`. With no rank, no margin and nothing kept this is
    `assign.greedy`. The kept satellite comes first. Of equal ranks the shorter path, then the lower satellite.
    Returns how many were left out.
    """
    left_out = 0
    for k in range(order.size):
        cell = order[k]
        p = pop[cell]
        least, chosen, certain = np.inf, np.int64(-1), False
        while not certain:
            least, chosen = np.inf, np.int64(-1)
            for j in range(ptr[cell], ptr[cell + 1]):
                s = satellite[j]
                way = range_m[j] + way_m[p, s]
                if way < least and used[s] < capacity[s]:
                    least, chosen = way, np.int64(s)
            certain = chosen < 0 or settle(
                chosen, p, land_ptr, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m
            )
        if chosen < 0:
            out_satellite[cell] = -1
            left_out += 1
            continue
        keeps = False
        if kept[cell] >= 0:
            for j in range(ptr[cell], ptr[cell + 1]):
                s = np.int64(satellite[j])
                if s == kept[cell] and used[s] < capacity[s]:
                    settle(s, p, land_ptr, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m)
                    if range_m[j] + way_m[p, s] <= least + hysteresis_m:
                        keeps, chosen = True, s
        certain = keeps
        while not certain:
            most, shortest = -np.inf, np.inf
            for j in range(ptr[cell], ptr[cell + 1]):
                s = satellite[j]
                way = range_m[j] + way_m[p, s]
                if way > least + margin_m or used[s] >= capacity[s]:
                    continue
                high = 0.0
                if by_load:
                    high = -used[s] / capacity[s]
                elif rank.size > 0:
                    high = np.float64(rank[j])
                if high > most or (high == most and way < shortest):
                    most, shortest, chosen = high, way, np.int64(s)
            certain = settle(chosen, p, land_ptr, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m)
        if gateway_of[chosen] < 0:
            entry, _ = best_landing(chosen, p, land_ptr, land_gateway, land_range_m, fibre_m, free)
            follow(chosen, entry, land_gateway, land_range_m, fibre_m, free, gateway_of, way_m)
        out_satellite[cell] = chosen
        used[chosen] += 1
    return left_out
