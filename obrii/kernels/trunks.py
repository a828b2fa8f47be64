"""The links that traffic takes between a satellite and the internet: antenna, lasers, satellites on the way, PoP."""

from __future__ import annotations

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
