"""What terminals in cells get from one operator in one slot: way, delay, or the reason why not."""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel


@kernel
def answer(
    permitted, licensed, listed, home, home_pop, chosen, pop, furthest, followed, ptr, satellite, range_m, gateway,
    way_m, passed, fibre_m, code_of_level, codes, core, hop_m, floor_s, processing_s, light_m_s, first, near,
    out_reachable, out_reason, out_operator, out_satellite, out_gateway, out_pop, out_hops, out_propagation_s,
    out_fibre_s, out_rtt_s,
):  # fmt: skip
    """Say what one operator gives terminals of one group in each cell, where no operator before it served them.

    Of cells, (cell,): permitted bool, nobody switched them off; licensed bool; listed bool, they are let in; home, list
    of PoPs of the group; chosen, satellite or -1; pop, of the schedule, -1 where none is on; furthest i1; followed
    bool; ptr (cell+1,), satellite (sight,), range_m (sight,) m. home_pop (list,) PoP or -1; gateway (pop, satellite) or
    -1; way_m (pop, satellite) m; passed (pop, satellite) satellites; fibre_m (pop, gateway) m of light path.
    code_of_level (7,): reason of each level, the last but one for satellites by the geostationary arc alone, the last
    for nothing in sight; codes (8,): core-off, not-licensed, not-listed, switched-off, pop-off, fibre-off, no-antenna,
    no-beam; core (cell,) bool: the control plane is on; hop_m: what way_m holds for each satellite after the first;
    floor_s, processing_s: of a round trip, and of a satellite one way; light_m_s; first (4,): number of the operator,
    and where its satellites, gateways, PoPs begin on the axes of all; near (near,) which of its satellites those are
    that chosen and the tables number, while sights have its own numbers. Of cells again, as the schema says:
    out_reachable, out_operator, out_satellite, out_gateway, out_pop, out_hops, out_propagation_s, out_fibre_s,
    out_rtt_s; and out_reason, 0 where an operator before this one serves, else the reason so far, -1 at first: the
    later one of two stands.
    """
    core_off, not_licensed, not_listed, switched_off, pop_off, fibre_off, no_antenna, no_beam = codes
    no_fibre, live = code_of_level.size - 4, code_of_level.size - 3
    for cell in range(home.size):
        level = furthest[cell]
        if level == live:
            out_reachable[cell] = 1
        if out_reason[cell] == 0:
            continue
        s, p = chosen[cell], home_pop[home[cell]]
        serves = s >= 0 and p >= 0 and gateway[p, s] >= 0 and np.isfinite(way_m[p, s])
        if not core[cell]:
            why = core_off
        elif not licensed[cell]:
            why = not_licensed
        elif not listed[cell]:
            why = not_listed
        elif not permitted[cell]:
            why = switched_off
        elif serves:
            why = 0
        elif level == no_fibre or (level == live and p < 0):
            why = pop_off if pop[cell] < 0 or p < 0 else fibre_off
        elif level == live:
            why = no_beam if followed[cell] else no_antenna
        else:
            why = code_of_level[level]
        if why:
            out_reason[cell] = max(out_reason[cell], why)
            continue
        slant_m, own = np.float64(0.0), near[s]
        # Unsigned, because numba lets a signed index count from the end.
        for k in range(np.uint64(ptr[cell]), np.uint64(ptr[cell + 1])):
            if satellite[k] == own:
                slant_m = np.float64(range_m[k])
                break
        g, n = gateway[p, s], passed[p, s]
        light_s = 2.0 * (slant_m + way_m[p, s] - hop_m * (n - 1)) / light_m_s
        out_reason[cell] = 0
        out_operator[cell] = first[0]
        out_satellite[cell] = first[1] + near[s]
        out_gateway[cell] = first[2] + g
        out_pop[cell] = first[3] + p
        out_hops[cell] = n + 1
        out_propagation_s[cell] = light_s
        out_fibre_s[cell] = 2.0 * fibre_m[p, g] / light_m_s
        out_rtt_s[cell] = light_s + floor_s + 2.0 * processing_s * n


@kernel
def carried(chosen, pop, gateway, area, out_cells, out_halo, out_satellite):
    """Count the cells that come down at each gateway, in the area and around it; return how many satellites carry the
    area.

    chosen (cell,) satellite or -1; pop (cell,) or -1; gateway (pop, satellite) or -1; area: cells that are reported,
    the first; out_cells, out_halo (gateway,); out_satellite (satellite,) bool, carries a cell of the area.
    """
    out_cells[:] = 0
    out_halo[:] = 0
    out_satellite[:] = False
    for cell in range(chosen.size):
        s, p = chosen[cell], pop[cell]
        if s < 0 or p < 0 or gateway[p, s] < 0:
            continue
        if cell < area:
            out_cells[gateway[p, s]] += 1
            out_satellite[s] = True
        else:
            out_halo[gateway[p, s]] += 1
    return out_satellite.sum()
