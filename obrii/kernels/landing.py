"""Where satellites come down: gateways in sight of each, antennas that feed lasers, and how far each one gets."""

from __future__ import annotations

from obrii.kernels.jit import kernel

#: How far a satellite gets on its way down: the first thing that stops it, or `LIVE`.
OFF, NO_GATEWAY, GATEWAY_OFF, NO_FIBRE, LIVE = range(5)


@kernel
def count_landings(row_ptr, satellite, out_ptr):
    """Count the gateways in sight of each satellite, as running sums.

    row_ptr (gateway+1,); satellite (sight,); out_ptr (satellite+1,).
    """
    out_ptr[:] = 0
    for k in range(row_ptr[0], row_ptr[-1]):
        out_ptr[satellite[k] + 1] += 1
    for s in range(out_ptr.size - 1):
        out_ptr[s + 1] += out_ptr[s]


@kernel
def fill_landings(row_ptr, satellite, range_m, ptr, out_gateway, out_range_m):
    """List the gateways in sight of each satellite, ascending.

    row_ptr (gateway+1,); satellite (sight,); range_m (sight,) m; ptr (satellite+1,) from `count_landings`, which this
    shifts and restores; out_gateway (landing,); out_range_m (landing,) m.
    """
    for gateway in range(row_ptr.size - 1):
        for k in range(row_ptr[gateway], row_ptr[gateway + 1]):
            s = satellite[k]
            out_gateway[ptr[s]] = gateway
            out_range_m[ptr[s]] = range_m[k]
            ptr[s] += 1
    for s in range(ptr.size - 1, 0, -1):
        ptr[s] = ptr[s - 1]
    ptr[0] = 0


@kernel
def levels(ptr, gateway, satellite_on, gateway_there, gateway_on, fibre_on, out_level):
    """Find how far every satellite gets towards each PoP over a gateway in its own sight.

    ptr (satellite+1,); gateway (landing,); satellite_on (satellite,), gateway_there, gateway_on (gateway,) bool, what
    is on is there; fibre_on (pop, gateway) bool, false where the gateway is off; out_level (pop+1, satellite) i1, the
    last row without a PoP, so at most `NO_FIBRE`.
    """
    pops = fibre_on.shape[0]
    for s in range(satellite_on.size):
        base = OFF
        if satellite_on[s]:
            base = NO_GATEWAY
            for k in range(ptr[s], ptr[s + 1]):
                if gateway_there[gateway[k]]:
                    base = max(base, NO_FIBRE if gateway_on[gateway[k]] else GATEWAY_OFF)
        for pop in range(pops + 1):
            out_level[pop, s] = base
        if base == NO_FIBRE:
            for k in range(ptr[s], ptr[s + 1]):
                for pop in range(pops):
                    if fibre_on[pop, gateway[k]]:
                        out_level[pop, s] = LIVE


@kernel
def feed(order, gateway, satellite, satellite_on, gateway_on, free, out_entry):
    """Let antennas follow satellites in a given order of sight lines, one antenna a satellite; return how many follow.

    order (sight,) entries; gateway, satellite (sight,); satellite_on (satellite,), gateway_on (gateway,) bool; free
    (gateway,) antennas left, counted down; out_entry (satellite,) the entry that feeds it, -1 where none does.
    """
    followed = 0
    out_entry[:] = -1
    for entry in order:
        g, s = gateway[entry], satellite[entry]
        if gateway_on[g] and satellite_on[s] and free[g] > 0 and out_entry[s] < 0:
            free[g] -= 1
            out_entry[s] = entry
            followed += 1
    return followed


@kernel
def last_satellites(next_hop, out_last, out_passed):
    """Find the satellite over which each satellite comes down, and how many it passes, itself included.

    next_hop (pop, node) towards the root, -1 without a way; out_last, out_passed (pop, satellite), -1 and 0 without.
    """
    satellites = out_last.shape[1]
    for pop in range(next_hop.shape[0]):
        for s in range(satellites):
            here, passed = s, 1
            if next_hop[pop, s] < 0:
                out_last[pop, s], out_passed[pop, s] = -1, 0
                continue
            while next_hop[pop, here] < satellites:
                here = next_hop[pop, here]
                passed += 1
            out_last[pop, s], out_passed[pop, s] = here, passed


@kernel
def hang_together(a, b, out_part):
    """Find the parts into which satellites fall that are joined by lasers: the lowest satellite of each part.

    a, b (laser,) satellites at the ends of every laser; out_part (satellite,).
    """
    for s in range(out_part.size):
        out_part[s] = s
    for k in range(a.size):
        low, high = a[k], b[k]
        while out_part[low] != low:
            out_part[low] = out_part[out_part[low]]
            low = out_part[low]
        while out_part[high] != high:
            out_part[high] = out_part[out_part[high]]
            high = out_part[high]
        out_part[max(low, high)] = min(low, high)
    # A satellite's part has a lower number than its own, so that one pass upwards settles all.
    for s in range(out_part.size):
        out_part[s] = out_part[out_part[s]]
