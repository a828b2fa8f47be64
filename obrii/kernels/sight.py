"""Which satellites stand above the mask of which site: a walk down a tree of blocks of sites.

Every node of the tree keeps, of its parent's satellites, those that some site of its block may see; a leaf tries the
few that are left from each of its sites. The try is the whole truth; the tree only spares tries, so that the result is
that of trying every pair, to the bit.

The try is done in float32. A site is the sum of a float32 and the float32 that it was rounded by, and a difference of
two float32 is rounded to the size of the result: ranges are right to 5e-7 of themselves, sines of elevation to 1e-6.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel

#: Lists are padded with satellites that nobody sees to a multiple of this, so that no loop has a scalar tail.
LANES = 32


@kernel
def fill_sky(xyz_m, out_index, out_sky) -> None:
    """List every satellite of one step, with its squared distance from the Earth's centre.

    xyz_m (3, satellite) m; out_index (room); out_sky (4, room) m, m, m, m2.
    """
    x, y, z = xyz_m[0], xyz_m[1], xyz_m[2]
    for j in range(xyz_m.shape[1]):
        out_index[j] = j
        out_sky[0, j] = x[j]
        out_sky[1, j] = y[j]
        out_sky[2, j] = z[j]
        out_sky[3, j] = x[j] * x[j] + y[j] * y[j] + z[j] * z[j]


@kernel
def narrow(sky, index, near, length, gate, node, out_pass, out_index, out_near) -> np.int64:
    """Keep the satellites of a list that some site of a block may see, in order; return how many.

    sky (4, room) m, m, m, m2, all satellites; index (room) the list; near (4, room) its columns of sky; length of the
    list; gate (10, node): the block's centre direction x, y, z, then slack, flat, lean, roof, low2, slope, offset of
    `obrii.links.visibility`; node; out_pass, out_index (room); out_near (4, room), padded to LANES.
    """
    x, y, z, square = near[0], near[1], near[2], near[3]
    centre_x, centre_y, centre_z, slack = gate[0, node], gate[1, node], gate[2, node], gate[3, node]
    flat, lean, roof, low2 = gate[4, node], gate[5, node], gate[6, node], gate[7, node]
    slope, offset = gate[8, node], gate[9, node]
    zero = np.float32(0.0)
    for j in range(length):
        height = x[j] * centre_x + y[j] * centre_y + z[j] * centre_z + slack * square[j]
        over = roof * square[j] - low2
        over = over if over > zero else zero
        out_pass[j] = (height >= flat + lean * np.sqrt(over)) & (height >= slope * square[j] + offset)
    # Every satellite is written, and the next one over it unless it passed: no branch to mispredict.
    count = np.int64(0)
    for j in range(length):
        out_index[count] = index[j]
        count += out_pass[j]
    for axis in range(4):
        row, out_row = sky[axis], out_near[axis]
        for j in range(count):
            out_row[j] = row[out_index[j]]
        for j in range(count, (count + LANES - 1) // LANES * LANES):
            out_row[j] = np.nan
    return count


@kernel
def trace_sights(
    xyz_m, levels, depth, begin, end, gate, site, high_m, low_m, up, min_sine, max_range_m, first, listing,
    ptr, out_satellite, out_range_m, out_sine,
) -> None:  # fmt: skip
    """Count the satellites in sight of every site, then, called again, list them, ascending.

    xyz_m (time, 3, satellite) m; levels of the tree; depth, begin, end (node) level and sites of the nodes, in
    preorder, no sites where a node is no leaf; gate (10, node), as `narrow`; site (place) number of the site at every
    place of the tree; high_m, low_m (3, place) m, whose sum is the position; up (3, place) unit; min_sine (place);
    max_range_m (place) m; first satellite's number; listing: False to count into ptr (time, site + 1), from its second
    column on, True to list from ptr[step, site] to ptr[step, site + 1]; out_satellite, out_range_m, out_sine (sight).
    """
    room = xyz_m.shape[2] + LANES
    index, near = np.empty((levels + 1, room), np.int32), np.empty((levels + 1, 4, room), np.float32)
    length, passing = np.empty(levels + 1, np.int64), np.empty(room, np.uint8)
    distance, sine = np.empty(room, np.float32), np.empty(room, np.float32)
    length[0] = xyz_m.shape[2]
    for step in range(xyz_m.shape[0]):
        fill_sky(xyz_m[step], index[0], near[0])
        for node in range(depth.size):
            level = depth[node]
            count = narrow(
                near[0], index[level], near[level], length[level], gate, node,
                passing, index[level + 1], near[level + 1],
            )  # fmt: skip
            length[level + 1] = count
            tried = (count + LANES - 1) // LANES * LANES
            x, y, z, satellite = near[level + 1, 0], near[level + 1, 1], near[level + 1, 2], index[level + 1]
            for p in range(begin[node], end[node]):
                high_x, high_y, high_z = high_m[0, p], high_m[1, p], high_m[2, p]
                low_x, low_y, low_z = low_m[0, p], low_m[1, p], low_m[2, p]
                up_x, up_y, up_z = up[0, p], up[1, p], up[2, p]
                lowest, longest = min_sine[p], max_range_m[p]
                if not listing:
                    seen = np.int32(0)
                    for j in range(tried):
                        dx, dy, dz = (x[j] - high_x) - low_x, (y[j] - high_y) - low_y, (z[j] - high_z) - low_z
                        away = np.sqrt(dx * dx + dy * dy + dz * dz)
                        seen += np.int32(((dx * up_x + dy * up_y + dz * up_z) / away >= lowest) & (away <= longest))
                    ptr[step, site[p] + 1] = seen
                    continue
                for j in range(tried):
                    dx, dy, dz = (x[j] - high_x) - low_x, (y[j] - high_y) - low_y, (z[j] - high_z) - low_z
                    away = np.sqrt(dx * dx + dy * dy + dz * dz)
                    rise = (dx * up_x + dy * up_y + dz * up_z) / away
                    distance[j], sine[j] = away, rise
                    passing[j] = (rise >= lowest) & (away <= longest)
                # Unsigned, because numba lets a signed index count from the end: 12 against 17 ms for 2.2 million.
                k, stop = np.uint64(ptr[step, site[p]]), np.uint64(ptr[step, site[p] + 1])
                for j in range(count):
                    if k == stop:
                        break
                    out_satellite[k] = satellite[j] + first
                    out_range_m[k] = distance[j]
                    out_sine[k] = sine[j]
                    k += passing[j]
