"""The links that traffic takes between a satellite and the internet: antenna, lasers, satellites on the way, PoP."""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel


@kernel
def laser_rows(a, b, out_ptr, out_to, out_laser):
    """List the lasers of every satellite, each way a link of its own: link 2k carries from a to b, 2k + 1 back.

    a, b (laser,) satellites; out_ptr (satellite+1,); out_to (2 laser,) the satellite at the other end; out_laser
    (2 laser,) the link on which that one sends to this one.
    """
    out_ptr[:] = 0
    for k in range(a.size):
        out_ptr[a[k] + 1] += 1
        out_ptr[b[k] + 1] += 1
    for s in range(out_ptr.size - 1):
        out_ptr[s + 1] += out_ptr[s]
    for k in range(a.size):
        for here, there, link in ((a[k], b[k], 2 * k + 1), (b[k], a[k], 2 * k)):
            out_to[out_ptr[here]] = there
            out_laser[out_ptr[here]] = link
            out_ptr[here] += 1
    for s in range(out_ptr.size - 1, 0, -1):
        out_ptr[s] = out_ptr[s - 1]
    out_ptr[0] = 0


@kernel
def lay_trunks(
    satellite, pop, onward, laser_ptr, laser_to, laser, first_satellite, first_antenna, first_laser, first_pop,
    out_ptr, out_link,
):  # fmt: skip
    """List the links from satellites to their PoPs; return how many, also where out_link has no room for them.

    satellite, pop (trunk,); onward (pop, satellite) the next satellite of the way down, -1 where it comes down itself;
    laser_ptr (satellite+1,), laser_to, laser (2 laser,) from `laser_rows`; first_satellite, first_antenna, first_laser,
    first_pop: number of the first link of each sort; out_ptr (trunk+1,); out_link (entry,): the satellite itself, the
    lasers that lead to it, the antenna at the far end of them, the PoP.
    """
    n = 0
    out_ptr[0] = 0
    for t in range(satellite.size):
        here, p = satellite[t], pop[t]
        if n < out_link.size:
            out_link[n] = first_satellite + here
        n += 1
        while onward[p, here] >= 0:
            there = onward[p, here]
            for k in range(laser_ptr[here], laser_ptr[here + 1]):
                if laser_to[k] == there:
                    if n < out_link.size:
                        out_link[n] = first_laser + laser[k]
                    n += 1
                    break
            here = there
        if n + 1 < out_link.size:
            out_link[n] = first_antenna + here
            out_link[n + 1] = first_pop + p
        n += 2
        out_ptr[t + 1] = n
    return n


@kernel
def number_trunks(satellite, pop, satellites, pops, out_trunk, out_satellite, out_pop):
    """Number the pairs of a satellite and a PoP that flows take, ascending; return how many there are.

    satellite, pop (flow,); satellites, pops: how many there are of each; out_trunk (flow,); out_satellite, out_pop
    (flow,) of each trunk, with room for one a flow.
    """
    row = np.full(satellites, -1, np.int32)
    for s in satellite:
        row[s] = 0
    used = 0
    for s in range(satellites):
        if row[s] == 0:
            row[s] = used
            used += 1
    number = np.full((used, pops), -1, np.int32)
    for f in range(satellite.size):
        number[row[satellite[f]], pop[f]] = 0
    n = 0
    for s in range(satellites):
        if row[s] >= 0:
            for p in range(pops):
                if number[row[s], p] == 0:
                    number[row[s], p], out_satellite[n], out_pop[n] = n, s, p
                    n += 1
    for f in range(satellite.size):
        out_trunk[f] = number[row[satellite[f]], pop[f]]
    return n


@kernel
def name_bounds(bound, first, code, out_flag) -> None:
    """Name the sort of the link that binds each flow.

    bound (flow,) links, -1 where none binds; first (sort+1,) where each sort of links begins; code (sort+1,) names, of
    nothing first; out_flag (flow,).
    """
    for f in range(bound.size):
        sort = 0
        if bound[f] >= 0:
            while sort < first.size and first[sort] <= bound[f]:
                sort += 1
        out_flag[f] = code[sort]
