"""The graph of one instant, from lists of lasers and sight lines to compressed rows."""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel, scalar


@scalar
def _there(on, range_m, this_on, other_on):
    return on and this_on and other_on and not np.isnan(range_m)


@kernel
def link_graph(
    laser_a,
    laser_b,
    laser_range_m,
    site_ptr,
    site_satellite,
    site_range_m,
    satellite_on,
    laser_on,
    site_on,
    out_ptr,
    out_node,
    out_length_m,
) -> int:
    """Write every link that is on into compressed rows, in both directions, neighbours ascending; return the edges.

    laser_a, laser_b (laser,) satellite; laser_range_m (laser,) m, NaN where there is none; site_ptr (site+1,);
    site_satellite (sight,) satellite; site_range_m (sight,) m, NaN where there is none; satellite_on (satellite,);
    laser_on (laser,); site_on (site,); out_ptr (satellite+site+1,); out_node, out_length_m (edge,) node and m, with
    room for two edges a laser and a sight line.

    Counts, sums, then fills each row from its end, so that out_ptr is its own cursor.
    """
    n_satellites = satellite_on.size
    n_sites = site_on.size
    for node in range(n_satellites + n_sites + 1):
        out_ptr[node] = 0
    for i in range(laser_a.size):
        a, b = laser_a[i], laser_b[i]
        if _there(laser_on[i], laser_range_m[i], satellite_on[a], satellite_on[b]):
            out_ptr[a] += 1
            out_ptr[b] += 1
    for site in range(n_sites):
        for i in range(site_ptr[site], site_ptr[site + 1]):
            a = site_satellite[i]
            if _there(True, site_range_m[i], site_on[site], satellite_on[a]):
                out_ptr[a] += 1
                out_ptr[n_satellites + site] += 1
    for node in range(n_satellites + n_sites):
        out_ptr[node + 1] += out_ptr[node]

    # Sites come after satellites and are filled first, from the last: rows are nearly sorted before they are sorted.
    for site in range(n_sites - 1, -1, -1):
        b = n_satellites + site
        for i in range(site_ptr[site + 1] - 1, site_ptr[site] - 1, -1):
            a = site_satellite[i]
            if _there(True, site_range_m[i], site_on[site], satellite_on[a]):
                out_ptr[a] -= 1
                out_ptr[b] -= 1
                out_node[out_ptr[a]] = b
                out_node[out_ptr[b]] = a
                out_length_m[out_ptr[a]] = site_range_m[i]
                out_length_m[out_ptr[b]] = site_range_m[i]
    for i in range(laser_a.size):
        a, b = laser_a[i], laser_b[i]
        if _there(laser_on[i], laser_range_m[i], satellite_on[a], satellite_on[b]):
            out_ptr[a] -= 1
            out_ptr[b] -= 1
            out_node[out_ptr[a]] = b
            out_node[out_ptr[b]] = a
            out_length_m[out_ptr[a]] = laser_range_m[i]
            out_length_m[out_ptr[b]] = laser_range_m[i]

    for node in range(n_satellites + n_sites):
        for i in range(out_ptr[node] + 1, out_ptr[node + 1]):
            neighbour, length_m = out_node[i], out_length_m[i]
            j = i - 1
            while j >= out_ptr[node] and out_node[j] > neighbour:
                out_node[j + 1] = out_node[j]
                out_length_m[j + 1] = out_length_m[j]
                j -= 1
            out_node[j + 1] = neighbour
            out_length_m[j + 1] = length_m
    return out_ptr[n_satellites + n_sites]
