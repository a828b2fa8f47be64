"""Two variants laid beside each other over a block of steps: what both serve, gaps, delays, rates, and who carries.

The first so many terminals of a group are in the field, so that what both sides serve of it is the lesser of the two
shares. A step of no length does not count. Every kernel adds to what the blocks before have left.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel


@kernel
def service(
    time_s, begins, field, stays, served, out_served_s, out_stays_s, out_gaps, out_longest_s, out_now_s,
):  # fmt: skip
    """Add up the service of one side; of what is in the field on both its service, and its gaps: runs of steps that
    count, in the field and without service.

    time_s (time,) s, how long each step counts; begins (time,) bool, a window begins with it; field (time, group),
    share of it in the field; stays (time, group), share of it in the field on both sides, no more than field; served
    (time, group, cell) i1, 1 for yes; out_served_s (group, cell) s; out_stays_s (group, cell) s; out_gaps (group,
    cell), how many; out_longest_s (group, cell) s; out_now_s (group, cell) s, length of the gap that lasts.
    """
    steps, groups, cells = served.shape
    for t in range(steps):
        length_s = time_s[t]
        for g in range(groups):
            share, stay = field[t, g], stays[t, g]
            if begins[t] or not (length_s > 0.0 and stay > 0.0):
                out_now_s[g, :] = 0.0
            if not (length_s > 0.0 and share > 0.0):
                continue
            for c in range(cells):
                if served[t, g, c] == 1:
                    out_served_s[g, c] += share * length_s
                    out_stays_s[g, c] += stay * length_s
                    out_now_s[g, c] = 0.0
                elif stay > 0.0:
                    if out_now_s[g, c] == 0.0:
                        out_gaps[g, c] += 1
                    now_s = out_now_s[g, c] + length_s
                    out_now_s[g, c] = now_s
                    out_longest_s[g, c] = max(out_longest_s[g, c], now_s)


@kernel
def both_served(time_s, field, served_before, served_after, out_both_s):
    """Add up what both sides serve.

    time_s (time,) s; field (side, time, group); served_before, served_after (time, group, cell) i1; out_both_s
    (group, cell) s.
    """
    steps, groups, cells = served_before.shape
    for t in range(steps):
        for g in range(groups):
            both_s = min(field[0, t, g], field[1, t, g]) * time_s[t]
            if both_s > 0.0:
                for c in range(cells):
                    if served_before[t, g, c] == 1 and served_after[t, g, c] == 1:
                        out_both_s[g, c] += both_s


@kernel
def delay_bounds(time_s, field, rtt_before, rtt_after):
    """Return the least and the greatest delay of groups in the field on both sides: s, infinite the wrong way round
    where there is none.

    time_s (time,) s; field (side, time, group); rtt_before, rtt_after (time, group, cell) f4 s, NaN without service.
    """
    steps, groups, cells = rtt_before.shape
    low, high = np.float32(np.inf), np.float32(-np.inf)
    for t in range(steps):
        for g in range(groups):
            if min(field[0, t, g], field[1, t, g]) * time_s[t] > 0.0:
                for c in range(cells):
                    one, other = rtt_before[t, g, c], rtt_after[t, g, c]
                    if one == one and other == other:
                        low = min(low, one, other)
                        high = max(high, one, other)
    return low, high


@kernel
def delays(
    time_s, field, served_before, served_after, rtt_before, rtt_after, slower, per_s, bin_of, first, part, weight,
    out_slower_s, out_weight,
):  # fmt: skip
    """Add up the delays of what both sides serve, each step with itself, and for how long the way is slower after.

    time_s (time,) s; field (side, time, group); served_before, served_after (time, group, cell) i1; rtt_before,
    rtt_after (time, group, cell) f4 s, NaN where unknown, which counts nowhere; slower f4, times as long from which on
    it counts; per_s f4, fine bins a second; bin_of (fine,), bin of each; first, bin with which out_weight begins; part
    (cell,), what a cell is part of; weight (group, cell, kind), what counts; out_slower_s (group, cell) s; out_weight
    (side, group * part, bin, kind) weight s.
    """
    steps, groups, cells = served_before.shape
    parts, last = out_weight.shape[1] // groups, bin_of.size - 1
    for t in range(steps):
        for g in range(groups):
            both_s = min(field[0, t, g], field[1, t, g]) * time_s[t]
            if not both_s > 0.0:
                continue
            for c in range(cells):
                if served_before[t, g, c] != 1 or served_after[t, g, c] != 1:
                    continue
                one, other = rtt_before[t, g, c], rtt_after[t, g, c]
                if np.isnan(one) or np.isnan(other):
                    continue
                if other > slower * one:
                    out_slower_s[g, c] += both_s
                row = g * parts + part[c]
                low = bin_of[min(int(max(one * per_s, 0.0)), last)] - first
                high = bin_of[min(int(max(other * per_s, 0.0)), last)] - first
                for k in range(weight.shape[2]):
                    counted_s = weight[g, c, k] * both_s
                    out_weight[0, row, low, k] += counted_s
                    out_weight[1, row, high, k] += counted_s


@kernel
def rates(
    time_s, field, served_before, served_after, rate_before, rate_after, usable_bps, out_rate, out_degraded_s,
):  # fmt: skip
    """Add up the rates of both sides, and for how long what both serve falls below the rate of use.

    time_s (time,) s; field (side, time, group); served_before, served_after (time, group, cell) i1; rate_before,
    rate_after (time, group, cell) f4 bit/s, NaN where there is none; usable_bps f4 bit/s; out_rate (side, group, cell)
    bit; out_degraded_s (group, cell) s.
    """
    steps, groups, cells = served_before.shape
    for t in range(steps):
        for g in range(groups):
            before_s, after_s = field[0, t, g] * time_s[t], field[1, t, g] * time_s[t]
            both_s = min(before_s, after_s)
            if not (before_s > 0.0 or after_s > 0.0):
                continue
            for c in range(cells):
                one, other = rate_before[t, g, c], rate_after[t, g, c]
                if one == one:
                    out_rate[0, g, c] += one * before_s
                if other == other:
                    out_rate[1, g, c] += other * after_s
                up = served_before[t, g, c] == 1 and served_after[t, g, c] == 1
                if up and other < usable_bps and not one < usable_bps:
                    out_degraded_s[g, c] += both_s


@kernel
def carriers(
    time_s, field, served_before, served_after, before, after, part, weight, out_moves, out_taken,
):  # fmt: skip
    """Add up who carries whom before and after, and who took over in which part.

    time_s (time,) s; field (side, time, group); served_before, served_after (time, group, cell) i1; before, after
    (time, group, cell) i2, who carries it, -1 for nobody; part (cell,), what a cell is part of; weight (group, cell),
    what counts; out_moves (from + 1, to + 1) weight s, nobody last; out_taken (part, to + 1) weight s, of what both
    serve and another carries after.
    """
    steps, groups, cells = served_before.shape
    nobody = out_moves.shape[0] - 1
    for t in range(steps):
        for g in range(groups):
            one, other = field[0, t, g], field[1, t, g]
            if not (time_s[t] > 0.0 and (one > 0.0 or other > 0.0)):
                continue
            for c in range(cells):
                counted_s = time_s[t] * weight[g, c]
                was, will = served_before[t, g, c] == 1, served_after[t, g, c] == 1
                if not counted_s > 0.0 or not (was or will):
                    continue
                start = before[t, g, c] if was and before[t, g, c] >= 0 else nobody
                end = after[t, g, c] if will and after[t, g, c] >= 0 else nobody
                both = min(one, other) * counted_s if was and will else 0.0
                if both > 0.0:
                    out_moves[start, end] += both
                    if start != end:
                        out_taken[part[c], end] += both
                if was and one * counted_s > both:
                    out_moves[start, nobody] += one * counted_s - both
                if will and other * counted_s > both:
                    out_moves[nobody, end] += other * counted_s - both


@kernel
def restore(
    time_s, field, served_before, served_lost, served_option, out_lost_s, out_restored_s, out_added_s,
):  # fmt: skip
    """Add up what a loss takes, what of it an option serves again, and what the option serves beyond the side before.

    time_s (time,) s; field (3, time, group), before, with the loss, with the option; served_before, served_lost,
    served_option (time, group, cell) i1; out_lost_s, out_restored_s, out_added_s (group, cell) s.
    """
    steps, groups, cells = served_before.shape
    for t in range(steps):
        for g in range(groups):
            if not time_s[t] > 0.0:
                continue
            for c in range(cells):
                before = field[0, t, g] if served_before[t, g, c] == 1 else 0.0
                left = field[1, t, g] if served_lost[t, g, c] == 1 else 0.0
                option = field[2, t, g] if served_option[t, g, c] == 1 else 0.0
                both = min(before, option)
                out_lost_s[g, c] += (before - min(before, left)) * time_s[t]
                out_restored_s[g, c] += (both - min(both, left)) * time_s[t]
                out_added_s[g, c] += (option - both) * time_s[t]
