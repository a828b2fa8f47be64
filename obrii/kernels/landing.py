"""Where satellites come down: gateways in sight of each, antennas that feed lasers, and how far each one gets."""

from __future__ import annotations

import numpy as np

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
def number_seen(satellite, out_number):
    """Number the satellites that are in any sight line, ascending; return how many there are.

    satellite (sight,); out_number (satellite,), -1 where nobody sees it.
    """
    out_number[:] = -1
    for k in range(satellite.size):
        out_number[satellite[k]] = 0
    count = 0
    for s in range(out_number.size):
        if out_number[s] == 0:
            out_number[s] = count
            count += 1
    return count


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
def come_down(asked, distance_m, next_hop, follows, out_way_m, out_gateway, out_passed, out_onward):
    """Follow the ways down of every satellite to the one where they end: its gateway, and how many are passed.

    asked (k,) PoPs, ascending; distance_m (k, satellite) m, NaN without a way; next_hop (k, satellite) the satellite
    itself where its way ends, -1 without a way; follows (satellite,) gateway that follows each; out_way_m (pop,
    satellite) m, inf without a way, as for a PoP that is not asked; out_gateway, out_onward (pop, satellite), -1
    without, out_onward also at the end; out_passed (pop, satellite) satellites on the way, itself included.
    """
    pops, satellites = out_passed.shape
    k = 0
    for pop in range(pops):
        if k == asked.size or asked[k] != pop:
            out_way_m[pop] = np.inf
            out_gateway[pop] = -1
            out_passed[pop] = 0
            out_onward[pop] = -1
            continue
        to, gateway, passed = next_hop[k], out_gateway[pop], out_passed[pop]
        for s in range(satellites):
            lands = to[s] >= 0
            out_way_m[pop, s] = distance_m[k, s] if lands else np.inf
            out_onward[pop, s] = to[s] if to[s] != s else -1
            gateway[s] = follows[s] if to[s] == s else -1
            passed[s] = 1 if to[s] == s else 0
        for s in range(satellites):
            # To the first that is known, and once more to tell all on the way.
            here, count = s, 0
            while to[here] >= 0 and passed[here] == 0:
                here = to[here]
                count += 1
            end, count = here, count + passed[here]
            here = s
            while here != end:
                gateway[here], passed[here] = gateway[end], count
                here = to[here]
                count -= 1
        k += 1


@kernel
def hang_together(ptr, node, out_part):
    """Find the parts into which satellites fall that are joined by lasers: the lowest satellite of each part.

    ptr (satellite+1,); node (edge,) neighbours of each, every laser in both rows; out_part (satellite,).
    """
    for s in range(out_part.size):
        out_part[s] = s
        for e in range(ptr[s], ptr[s + 1]):
            low, high = node[e], s
            if low > s:
                continue
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


@kernel
def levels_of_parts(part, ptr, gateway, satellite_on, gateway_on, fibre_m, asked, out_level):
    """Find how far every satellite gets over lasers, whatever antennas are left: as far as any of its part.

    part (satellite,) from `hang_together`; ptr (satellite+1,); gateway (landing,); satellite_on (satellite,),
    gateway_on (gateway,) bool; fibre_m (pop, gateway) m, inf where off; asked (k,) PoPs, ascending; out_level (pop+1,
    satellite) i1, rows of other PoPs and the last say what holds without a PoP.
    """
    pops, satellites = fibre_m.shape[0], part.size
    lands = np.zeros(satellites, np.bool_)
    base = out_level[pops]
    for s in range(satellites):
        if satellite_on[s] and not lands[part[s]]:
            for k in range(ptr[s], ptr[s + 1]):
                lands[part[s]] |= gateway_on[gateway[k]]
    for s in range(satellites):
        base[s] = (NO_FIBRE if lands[part[s]] else NO_GATEWAY) if satellite_on[s] else OFF
    for pop in range(pops):
        out_level[pop] = base
    for pop in asked:
        lands[:] = False
        for s in range(satellites):
            if satellite_on[s] and not lands[part[s]]:
                for k in range(ptr[s], ptr[s + 1]):
                    lands[part[s]] |= gateway_on[gateway[k]] and fibre_m[pop, gateway[k]] < np.inf
        for s in range(satellites):
            if satellite_on[s] and lands[part[s]]:
                out_level[pop, s] = LIVE


@kernel
def open_ways(is_open, way_m, out_way_m) -> None:
    """Copy ways down, with 0 where an antenna may still follow a satellite: any that does settles them.

    is_open (satellite,) bool; way_m, out_way_m (pop, satellite) m.
    """
    for p in range(way_m.shape[0]):
        for s in range(way_m.shape[1]):
            out_way_m[p, s] = 0.0 if is_open[s] else way_m[p, s]


@kernel
def close_ways(is_open, used, gateway_of, gateway, way_m, out_gateway) -> None:
    """Write down where ways end once antennas point: at those that follow satellites that carry a cell.

    is_open, used (satellite,): an antenna might follow, and cells carried; gateway_of (satellite,) whose antenna does,
    or -1; gateway, out_gateway (pop, satellite) before and after; way_m (pop, satellite) m, made inf where no antenna
    follows.
    """
    for p in range(way_m.shape[0]):
        for s in range(way_m.shape[1]):
            out_gateway[p, s] = gateway[p, s]
            if is_open[s]:
                follows = gateway_of[s] if used[s] > 0 else np.int32(-1)
                if follows < 0:
                    way_m[p, s] = np.inf
                if np.isfinite(way_m[p, s]):
                    out_gateway[p, s] = follows
