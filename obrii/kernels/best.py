"""The best few satellites of every site, by range and way down, without a list of satellites for any site.

A node of the tree of `obrii.links.visibility` keeps those satellites that may be among the best k of some site of its
block; a leaf tries the few that are left from all its sites at once. What is kept follows from bounds that hold for
every site s of a block. With c the centre of the block, d = s - c, X a satellite, w = X - c, r = |w| and h the part of
w along the block's axis n:

    |d.w| <= A sqrt(r2 - h2) + T |h| = m r      A, T: the farthest that sites lie off c across n and along it
    r - m <= |w - d| <= r + m + D2 / (2 r)      D: the farthest that sites lie off c

The left side is (w - d).w / r; the right side squared exceeds r2 - 2 d.w + D2. Elevation is bounded in the same way:
with u the normal at s, |u - n| <= t,

    |(X - s).u - h| <= r t + T + D t            as (X - s).u = h + w.(u - n) - d.n - d.(u - n)

and s sees X where (X - s).u is at least its mask's sine times |X - s|, which lies within D of r, and |X - s| is at most
its limit. So a block may see X at all, or sees it from every site. If k satellites are seen from every site with at
most U of range and way, then the k-th best of every site costs at most U, and no satellite that costs more than U from
every site is among the best k of any, not even by a tie. U of a parent holds for its children.

Rounding: ranges by `seen` are right to 5e-7 of themselves, sines to 1e-6, and r, h and m, of few roundings each, to
1e-6 of r. To spare there are 1e-5 in t, 1e-5 and 2 m in A, T and D (a metre of it for the square metre below), and
SLACK, taken off the lower and put on the upper bound. A way is added to bound and range alike: that keeps their order.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel
from obrii.kernels.sight import LANES, pack

#: Sites that a leaf's try takes at once: two registers of AVX-512.
PLACES = 32

#: What float32 may do to a bound of a range, and to the square of what lies across the axis, as a share.
SLACK = 4e-6

#: A score and a satellite as one number, of which the lesser is the better: the bits of a float32 that is not negative
#: are in its order, and equal scores fall to the lower satellite. EMPTY is inf and no satellite; NaN lies above it.
NOBODY = 0x7FFFFFFF
EMPTY = (0x7F800000 << 32) | NOBODY


@kernel
def kth_least(values, length, worst, least) -> np.float32:
    """The k-th least of some values, or `worst` where fewer than k lie below it.

    values (length) m; worst m; least (k) m scratch: the least of them, ascending.
    """
    last = least.size - 1
    for i in range(least.size):
        least[i] = worst
    for j in range(length):
        value, i = values[j], last
        if value < least[last]:
            while i > 0 and least[i - 1] > value:
                least[i] = least[i - 1]
                i -= 1
            least[i] = value
    return least[last]


@kernel
def prune(index, near, length, bound, node, worst, passing, low, high, short, least, out_index, out_near):
    """Keep the satellites of a list that may be among the best k of some site of a block; return how many, and U.

    index (room), near (4, room) m, m, m, m: the list, its first length columns, with the ways down, padded to LANES;
    bound (15, node): see `_bounds` of `obrii.links.visibility`; node; worst m: U of the parent; passing, low, high,
    short (room) scratch; least (k): as `kth_least`; out_index (room), out_near (4, room), padded to LANES.
    """
    x, y, z, way = near[0], near[1], near[2], near[3]
    centre_x, centre_y, centre_z = bound[0, node], bound[1, node], bound[2, node]
    axis_x, axis_y, axis_z = bound[3, node], bound[4, node], bound[5, node]
    across, along, bulge = bound[6, node], bound[7, node], bound[8, node]
    some_lean, some_room, every_lean, every_room = bound[9, node], bound[10, node], bound[11, node], bound[12, node]
    longest, shortest = bound[13, node], bound[14, node]
    inf, nan, one = np.float32(np.inf), np.float32(np.nan), np.float32(1.0)
    under, over = np.float32(1.0 - SLACK), np.float32(1.0 + SLACK)
    padded = (length + LANES - 1) // LANES * LANES
    for j in range(padded):
        dx, dy, dz = x[j] - centre_x, y[j] - centre_y, z[j] - centre_z
        # A square metre more, so that a satellite in the centre itself divides by something.
        square = dx * dx + dy * dy + dz * dz + one
        height = dx * axis_x + dy * axis_y + dz * axis_z
        away, aside = np.sqrt(square), np.sqrt(over * square - height * height)
        margin = (across * aside + along * abs(height)) / away
        nearest, farthest = (away - margin) * under, (away + margin + bulge / away) * over
        some = (height + some_room >= some_lean * away) & (nearest <= longest)
        every = (height - every_room >= every_lean * away) & (farthest <= shortest)
        low[j] = nearest + way[j] if some else nan
        high[j] = farthest + way[j] if every else inf
        passing[j] = high[j] < worst
    count = pack((high,), passing, padded, (short,), 0)
    worst = kth_least(short, count, worst, least)
    for j in range(padded):
        passing[j] = low[j] <= worst
    out_rows = out_index, out_near[0], out_near[1], out_near[2], out_near[3]
    count = pack((index, x, y, z, way), passing, padded, out_rows, 0)
    for j in range(count, count + LANES):
        out_near[0, j] = np.nan
    return count, worst


@kernel
def gather(look, first, places, out_lanes) -> None:
    """Lay the sites of a leaf side by side, in rows of PLACES.

    look (11, place): as `choose_best`; first, places: where they begin, and how many; out_lanes (11 * PLACES).
    """
    # Unsigned, because numba lets a signed index count from the end.
    begin = np.uint64(first)
    for row in range(11):
        for i in range(places):
            out_lanes[row * PLACES + i] = look[row, begin + np.uint64(i)]


@kernel
def seen(lanes, x, y, z, way, out_score) -> None:
    """Range and way down of one satellite from each site of a leaf, NaN where it is not in sight.

    lanes: as `gather`; x, y, z, way m; out_score (PLACES) m. To the bit what `obrii.kernels.sight` finds.
    """
    nan = np.float32(np.nan)
    for i in range(PLACES):
        dx = (x - lanes[i]) - lanes[3 * PLACES + i]
        dy = (y - lanes[PLACES + i]) - lanes[4 * PLACES + i]
        dz = (z - lanes[2 * PLACES + i]) - lanes[5 * PLACES + i]
        away = np.sqrt(dx * dx + dy * dy + dz * dz)
        rise = (dx * lanes[6 * PLACES + i] + dy * lanes[7 * PLACES + i] + dz * lanes[8 * PLACES + i]) / away
        score = away + way
        out_score[i] = score if (rise >= lanes[9 * PLACES + i]) & (away <= lanes[10 * PLACES + i]) else nan


@kernel
def enter(score_bits, satellite, k, key, best) -> None:
    """Let one satellite take its place among the best of each site of a leaf.

    score_bits (PLACES): the scores, seen as integers; satellite; k; key (PLACES) scratch; best (k * PLACES): see EMPTY.
    """
    for i in range(PLACES):
        key[i] = (np.int64(score_bits[i]) << 32) | satellite
    for rank in range(k):
        row = rank * PLACES
        for i in range(PLACES):
            new, old = key[i], best[row + i]
            best[row + i] = new if new < old else old
            key[i] = old if new < old else new


@kernel
def hand_out(best, k, first, places, out_satellite, out_score_bits) -> None:
    """Write the best of a leaf's sites where they belong.

    best, k: as `enter`; first, places: as `gather`; out_satellite, out_score_bits (k, place).
    """
    begin = np.uint64(first)
    for rank in range(k):
        row = rank * PLACES
        for i in range(places):
            satellite = best[row + i] & NOBODY
            out_satellite[rank, begin + np.uint64(i)] = satellite if satellite != NOBODY else -1
            out_score_bits[rank, begin + np.uint64(i)] = best[row + i] >> 32


@kernel
def choose_best(xyz_m, way_m, levels, depth, begin, end, bound, look, out_satellite, out_score_bits) -> None:
    """Choose, step after step, the k satellites in sight of every site of least range and way down, best first.

    xyz_m (time, 3, satellite) m; way_m (satellite) m, not negative, inf where there is none; levels of the tree; depth,
    begin, end (node) level and places of the nodes, in preorder, no places where a node is no leaf; bound (15, node):
    as `prune`; look (11, place): as `trace_sights` of `obrii.kernels.sight`; out_satellite (time, k, place), -1 where
    fewer are in sight; out_score_bits (time, k, place) the float32 of the score [m], seen as integers, inf there.
    """
    k, room = out_satellite.shape[1], xyz_m.shape[2] + 2 * LANES
    index, near = np.zeros((levels + 1, room), np.int32), np.zeros((levels + 1, 4, room), np.float32)
    length, worst = np.empty(levels + 1, np.int64), np.empty(levels + 1, np.float32)
    passing, least, key = np.empty(room, np.uint8), np.empty(k, np.float32), np.empty(PLACES, np.int64)
    low, high, short = np.empty(room, np.float32), np.empty(room, np.float32), np.empty(room, np.float32)
    lanes, best = np.zeros(11 * PLACES, np.float32), np.empty(k * PLACES, np.int64)
    score = np.empty(PLACES, np.float32)
    score_bits = score.view(np.int32)
    for step in range(xyz_m.shape[0]):
        count = np.int64(0)
        for j in range(xyz_m.shape[2]):
            index[0, count], near[0, 3, count] = j, way_m[j]
            for axis in range(3):
                near[0, axis, count] = xyz_m[step, axis, j]
            count += way_m[j] < np.inf
        for j in range(count, count + LANES):
            near[0, 0, j] = np.nan
        length[0], worst[0] = count, np.inf
        for node in range(depth.size):
            level = depth[node]
            kept = level + 1
            count, worst[kept] = prune(
                index[level], near[level], length[level], bound, node, worst[level], passing, low, high, short, least,
                index[kept], near[kept],
            )  # fmt: skip
            length[kept] = count
            for first in range(begin[node], end[node], PLACES):
                places = min(PLACES, end[node] - first)
                gather(look, first, places, lanes)
                for i in range(best.size):
                    best[i] = EMPTY
                for j in range(count):
                    seen(lanes, near[kept, 0, j], near[kept, 1, j], near[kept, 2, j], near[kept, 3, j], score)
                    enter(score_bits, index[kept, j], k, key, best)
                hand_out(best, k, first, places, out_satellite[step], out_score_bits[step])
