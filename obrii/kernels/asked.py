"""What the flows of an operator ask for in a slot, and where what they get comes from and goes to."""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel


@kernel
def list_flows(
    users, stands, operator, satellite, pop, first, others, way_m, chosen, chosen_pop,
    out_group, out_cell, out_satellite, out_pop,
):  # fmt: skip
    """List who has service from an operator in a slot; return how many flows are reported, and how many there are.

    users (k,) groups that may use the operator; stands (group, cell) bool, terminals are there; operator, satellite,
    pop (group, area cell) what serves them, on the axes of all; first (4,): number of the operator, and where its
    satellites, gateways, PoPs begin on the axes of all; others (cell,) terminals that are not reported; way_m
    (pop, satellite) m, inf where there is none; chosen, chosen_pop (cell,) the operator's satellite and PoP of each
    cell, -1 where none; out_group, out_cell, out_satellite, out_pop (flow,) with room for all, in indices of the
    operator: group after group, then those not reported, with the group -1.
    """
    n = 0
    for group in users:
        for cell in range(operator.shape[1]):
            if operator[group, cell] == first[0] and stands[group, cell]:
                out_group[n], out_cell[n] = group, cell
                out_satellite[n] = satellite[group, cell] - first[1]
                out_pop[n] = pop[group, cell] - first[3]
                n += 1
    reported = n
    for cell in range(chosen.size):
        s, p = chosen[cell], chosen_pop[cell]
        if others[cell] > 0.0 and s >= 0 and p >= 0 and np.isfinite(way_m[p, s]):
            out_group[n], out_cell[n], out_satellite[n], out_pop[n] = -1, cell, s, p
            n += 1
    return reported, n


@kernel
def ask(
    group, cell, reported, terminals, others, present, busy_share, peak_bps, hour_share, limit_bps,
    out_busy, out_now, out_peak_bps, out_every, out_most_bps,
) -> None:  # fmt: skip
    """Find how many terminals of each flow are active, and what one of them asks for at most.

    group, cell (flow,); reported: how many flows are, the first; terminals (group+1, cell); others (cell,); present
    (group,) share that is in the field; busy_share, peak_bps (group+1,) share active in the busiest hour, bit/s of one;
    hour_share (cell,) of the busiest hour; limit_bps (group+1, cell) bit/s of one, empty for no limit; out_busy,
    out_now (flow,) terminals active in the busiest hour and at this one; out_peak_bps (flow,); out_every, out_most_bps
    (flow,) all that are reported and what the limit leaves to one, of others as in the busiest hour.
    """
    for f in range(group.size):
        g, c = group[f], cell[f]
        count = terminals[g, c] * present[g] if f < reported else others[c]
        most_bps = limit_bps[g, c] if limit_bps.size > 0 else np.inf
        out_busy[f] = count * busy_share[g]
        out_now[f] = out_busy[f] * hour_share[c]
        out_peak_bps[f] = min(peak_bps[g], most_bps)
        out_every[f] = count if f < reported else out_busy[f]
        out_most_bps[f] = most_bps if f < reported else out_peak_bps[f]


@kernel
def land(trunk, active, rate_bps, gateway, pop, out_gateway_bps, out_pop_bps) -> None:
    """Add up what comes from gateways and PoPs.

    trunk, active, rate_bps (flow,): terminals, and bit/s of one of them; gateway, pop (trunk,) where each trunk comes
    down; out_gateway_bps (gateway,), out_pop_bps (pop,) bit/s.
    """
    carried = np.zeros(gateway.size)
    for f in range(trunk.size):
        if active[f] > 0.0:
            carried[trunk[f]] += active[f] * rate_bps[f]
    out_gateway_bps[:] = 0.0
    out_pop_bps[:] = 0.0
    for t in range(gateway.size):
        out_gateway_bps[gateway[t]] += carried[t]
        out_pop_bps[pop[t]] += carried[t]


@kernel
def follow_up(passed, gateway, feeder_bps, out_gateway_bps) -> None:
    """Add up what the antennas of gateways can send to the satellites that they follow.

    passed, gateway (pop, satellite): satellites on the way down and where it ends, -1 where there is none: an antenna
    follows who passes only itself; feeder_bps (satellite,) bit/s; out_gateway_bps (gateway,) bit/s.
    """
    follows = np.full(passed.shape[1], -1, np.int32)
    for p in range(passed.shape[0]):
        for s in range(passed.shape[1]):
            if passed[p, s] == 1:
                follows[s] = max(follows[s], gateway[p, s])
    out_gateway_bps[:] = 0.0
    for s in range(follows.size):
        if follows[s] >= 0:
            out_gateway_bps[follows[s]] += feeder_bps[s]


@kernel
def spread(group, cell, rate_bps, busy_bps, flag, out_rate_bps, out_busy_bps, out_flag) -> None:
    """Write what flows get to where their terminals stand.

    group, cell, rate_bps, busy_bps, flag (flow,): bit/s of a terminal now and at the busy hour, and what binds it then;
    out_rate_bps, out_busy_bps, out_flag (group, cell).
    """
    for f in range(group.size):
        out_rate_bps[group[f], cell[f]] = rate_bps[f]
        out_busy_bps[group[f], cell[f]] = busy_bps[f]
        out_flag[group[f], cell[f]] = flag[f]
