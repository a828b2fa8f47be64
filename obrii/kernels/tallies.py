"""What blocks of steps add to a run, counted in one pass over what terminals get.

Sums are kept in the order in which the terminals stand, so that they are the same however a run is cut into blocks.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel


@kernel
def follow(start_s, duration_s, begins, satellite, last, since_s, out_handover, out_serving_s) -> None:
    """Follow who serves from step to step.

    start_s, duration_s (time,) s; begins (time,) bool, a window does; satellite (time, group, cell), -1 for none; last
    (group, cell) of the step before the block, and since_s (group, cell) s, since when it has served: both are brought
    up to the end of the block; out_handover (time, group, cell) i1, -1 where unknown; out_serving_s
    (time, group, cell) s, NaN where none serves.
    """
    for step in range(satellite.shape[0]):
        for group in range(satellite.shape[1]):
            for cell in range(satellite.shape[2]):
                now = satellite[step, group, cell]
                before = np.int32(-1) if begins[step] else last[group, cell]
                change = np.int8(-1)
                if now >= 0 and before >= 0:
                    change = np.int8(before != now)
                if change != 0:
                    since_s[group, cell] = start_s[step]
                out_handover[step, group, cell] = change
                served_s = start_s[step] + duration_s[step] - since_s[group, cell]
                out_serving_s[step, group, cell] = served_s if now >= 0 else np.nan
                last[group, cell] = now


@kernel
def sum_served(reason, served, weight, out_up, out_sums):
    """Find who has service, and add up what they count; return whether reason and service agree.

    reason, served (time, terminals): 0, and 1, where there is service; weight (terminals, kind); out_up
    (time, terminals) bool; out_sums (time, kind).
    """
    agree = True
    for step in range(reason.shape[0]):
        out_sums[step, :] = 0.0
        for k in range(reason.shape[1]):
            up = reason[step, k] == 0
            agree &= up == (served[step, k] == 1)
            out_up[step, k] = up
            if up:
                for kind in range(weight.shape[1]):
                    out_sums[step, kind] += weight[k, kind]
    return agree


@kernel
def count_codes(reason, reachable, intact, begin, end, duration_s, out_seconds, out_reachable_s) -> None:
    """Add up for how long terminals have service or lack it for each reason, over some steps of one length.

    reason, reachable (time, terminals), 0 and 1 for service and reach; intact (time, terminals) bool, what intact
    serves; begin, end: the steps; duration_s: their length; out_seconds (terminals, 2, code) without and with service
    by intact, and out_reachable_s (terminals,), are added to.
    """
    count = np.zeros((2, out_seconds.shape[2]), np.int64)
    for k in range(reason.shape[1]):
        count[:] = 0
        reached = 0
        for step in range(begin, end):
            count[np.int64(intact[step, k]), reason[step, k]] += 1
            reached += reachable[step, k] == 1
        for of in range(2):
            for code in range(out_seconds.shape[2]):
                if count[of, code] > 0:
                    out_seconds[k, of, code] += duration_s * count[of, code]
        out_reachable_s[k] += duration_s * reached


@kernel
def delay_span(up, delay_s, used, per_s, last_bin):
    """Find the least and the highest bin of the delays of those that have service; return whether only they have one.

    up, delay_s (time, terminals): bool, and s f4, NaN for none; used (time,) bool, steps that count for the bins; per_s
    f4: bins a second; last_bin: longer delays count in it. Without any the least bin is above the highest.
    """
    agree, low, high = True, last_bin + 1, -1
    for step in range(up.shape[0]):
        for k in range(up.shape[1]):
            agree &= np.isnan(delay_s[step, k]) != up[step, k]
            if up[step, k] and used[step]:
                fine = np.int64(min(max(delay_s[step, k] * per_s, np.float32(0.0)), np.float32(last_bin)))
                low, high = min(low, fine), max(high, fine)
    return agree, low, high


@kernel
def count_delays(up, delay_s, weight, per_s, last_bin, low, out_found) -> None:
    """Add up the delays of every step by bin.

    up, delay_s, per_s, last_bin: as for `delay_span`; weight (terminals,); low: the first bin of out_found (time, bin).
    """
    out_found[:] = 0.0
    for step in range(up.shape[0]):
        for k in range(up.shape[1]):
            if up[step, k]:
                fine = np.int64(min(max(delay_s[step, k] * per_s, np.float32(0.0)), np.float32(last_bin)))
                out_found[step, fine - low] += weight[k]


@kernel
def count_cell_delays(up, delay_s, share, weight_s, per_s, coarse, low, out_found) -> None:
    """Add up the delays of every cell by coarse bin.

    up, delay_s (time, terminals) group after group, per_s: as for `delay_span`; share (terminals,) of their cells;
    weight_s (time,) how long each step counts; coarse (fine,) bin of each fine one; low: the first of out_found
    (cell, bin).
    """
    out_found[:] = 0.0
    cells = out_found.shape[0]
    for step in range(up.shape[0]):
        if weight_s[step] > 0.0:
            for first in range(0, up.shape[1], cells):
                for cell in range(cells):
                    k = first + cell
                    if up[step, k]:
                        fine = np.int64(
                            min(max(delay_s[step, k] * per_s, np.float32(0.0)), np.float32(coarse.size - 1))
                        )
                        out_found[cell, coarse[fine] - low] += share[k] * weight_s[step]


@kernel
def sum_stays(handover, serving_s, weight, out_sums) -> None:
    """Add up, in every step, the weights of handovers, of those that may have had one, of times served, and of service.

    handover, serving_s (time, terminals): 1, 0, or -1 where unknown; and s, NaN without service; weight (terminals,);
    out_sums (time, 4).
    """
    for step in range(handover.shape[0]):
        changes, known, serving, served = 0.0, 0.0, 0.0, 0.0
        for k in range(handover.shape[1]):
            if handover[step, k] >= 0:
                known += weight[k]
                changes += weight[k] if handover[step, k] == 1 else 0.0
            if not np.isnan(serving_s[step, k]):
                serving += serving_s[step, k] * weight[k]
                served += weight[k]
        out_sums[step, 0], out_sums[step, 1], out_sums[step, 2], out_sums[step, 3] = changes, known, serving, served


@kernel
def count_pops(pop, out_cells) -> None:
    """Count the cells whose way enters the internet at each PoP, whatever their group.

    pop (time, group, cell), -1 for none; out_cells (time, pop).
    """
    out_cells[:] = 0
    for step in range(pop.shape[0]):
        for group in range(pop.shape[1]):
            for cell in range(pop.shape[2]):
                p = pop[step, group, cell]
                if p < 0:
                    continue
                new = True
                for other in range(group):
                    new &= pop[step, other, cell] != p
                if new:
                    out_cells[step, p] += 1


@kernel
def bin_rates(rate_bps, terminals, weight_s, least_bps, per_bin, out_found, out_most_bps) -> None:
    """Add up terminal seconds by rate.

    rate_bps (time, group, cell) bit/s, NaN without service; terminals (group, cell); weight_s (time,) how long each
    step counts; least_bps: where the first bin begins; per_bin: logarithm of the width of a bin; out_found
    (group, bin), what is beyond the ends in the outermost; out_most_bps (group,) the highest rate, no less than before.
    """
    out_found[:] = 0.0
    last_bps, place = np.float64(-1.0), np.int64(0)
    for step in range(rate_bps.shape[0]):
        if weight_s[step] > 0.0:
            for group in range(rate_bps.shape[1]):
                for cell in range(rate_bps.shape[2]):
                    bps = np.float64(rate_bps[step, group, cell])
                    weight = terminals[group, cell] * weight_s[step]
                    if bps >= 0.0 and weight > 0.0:
                        if bps != last_bps:
                            found = np.log(max(bps, least_bps) / least_bps) / per_bin
                            last_bps, place = bps, min(np.int64(found), out_found.shape[1] - 1)
                        out_found[group, place] += weight
                        out_most_bps[group] = max(out_most_bps[group], bps)


@kernel
def sum_bounds(rate_bps, terminals, weight_s, usable_bps, flag, gateway, antenna, out_low, out_bound, out_at) -> None:
    """Add up terminal seconds below a usable rate, and by what binds.

    rate_bps (time, group, cell), terminals, weight_s: as for `bin_rates`; usable_bps f4; flag, gateway
    (time, group, cell) what binds, and over which gateway the way goes; antenna: the flag of antennas; out_low
    (group,); out_bound (flag,); out_at (gateway,) of those whom antennas bind.
    """
    out_low[:] = 0.0
    out_bound[:] = 0.0
    out_at[:] = 0.0
    for step in range(rate_bps.shape[0]):
        if weight_s[step] > 0.0:
            for group in range(rate_bps.shape[1]):
                for cell in range(rate_bps.shape[2]):
                    weight = terminals[group, cell] * weight_s[step]
                    if rate_bps[step, group, cell] >= 0.0 and weight > 0.0:
                        if rate_bps[step, group, cell] < usable_bps:
                            out_low[group] += weight
                        out_bound[flag[step, group, cell]] += weight
                        if flag[step, group, cell] == antenna:
                            out_at[gateway[step, group, cell]] += weight
