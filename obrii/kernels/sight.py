"""Which satellites stand above the mask of which site: a walk down a tree of blocks of sites.

Every node of the tree keeps, of its parent's satellites, those that some site of its block may see; then every site
tries the few that are left in its leaf. The try is the whole truth; the tree only spares tries, so that the result is
that of trying every pair, to the bit.

The try is done in float32. A site is the sum of a float32 and the float32 that it was rounded by, and a difference of
two float32 is rounded to the size of the result: ranges are right to 5e-7 of themselves, sines of elevation to 1e-6.
"""

from __future__ import annotations

import os

import numba
import numpy as np
from numba.core import cgutils, codegen
from numba.extending import intrinsic, overload

from obrii.kernels.jit import kernel

ir, llvm = cgutils.ir, codegen.ll  # type: ignore[attr-defined]

#: Lists are padded with satellites that nobody sees to a multiple of this, so that no loop has a scalar tail.
LANES = 16

#: Values that `pack` moves at once: all that a register of AVX-512 holds, where LLVM knows the instruction for it (from
#: release 20 on). Elsewhere LLVM takes the lanes apart, which is slower than one value after another.
_FEATURES = os.environ.get("NUMBA_CPU_FEATURES") or llvm.get_host_cpu_features().flatten()
_WIDTH = LANES if llvm.llvm_version_info >= (20,) and "+avx512bw" in _FEATURES.split(",") else 1


def pack(rows, passing, length, out_rows, at):
    """Write the columns of some rows that pass into others, from column `at` on; return the column after the last.

    rows, out_rows: as many arrays of one axis, of 4 bytes a value; passing: 1 for a column that passes, else 0. Up to
    LANES - 1 columns are read behind length, where passing must be 0, and up to LANES overwritten behind the last.
    """
    for j in range(length):
        for row, out_row in zip(rows, out_rows):
            out_row[at] = row[j]
        at += np.int64(passing[j])
    return at


@overload(pack)
def _pack(rows, passing, length, out_rows, at):
    """`pack` as it is compiled. Measured: 0.07 ns a value with AVX-512, 1.0 without."""

    def compiled(rows, passing, length, out_rows, at):
        for start in range(0, length, _WIDTH):
            at = _pack_lanes(rows, passing, start, out_rows, at)
        return at

    return compiled


@intrinsic
def _pack_lanes(_, rows, passing, start, out_rows, at):
    """`pack` of the columns from start to start + _WIDTH, in LLVM's own words."""

    def generate(context, builder, signature, arguments):
        def column(array_type, array, place, kind):
            data = context.make_array(array_type)(context, builder, array).data
            return builder.bitcast(builder.gep(data, [place]), kind.as_pointer())

        rows_type, passing_type, _, out_type, _ = signature.args
        given, passing, start, out, at = arguments
        flags = ir.VectorType(ir.IntType(8), _WIDTH)
        passes = builder.load(column(passing_type, passing, start, flags), align=1)
        passes = builder.icmp_unsigned("!=", passes, ir.Constant(flags, None))
        for i, (row_type, out_row_type) in enumerate(zip(rows_type, out_type)):
            lanes = ir.VectorType(context.get_data_type(row_type.dtype), _WIDTH)
            values = builder.load(column(row_type, builder.extract_value(given, i), start, lanes), align=4)
            if _WIDTH > 1:
                suffix = "f32" if row_type.dtype == numba.float32 else "i32"
                compress = cgutils.get_or_insert_function(
                    builder.module,
                    ir.FunctionType(lanes, [lanes, passes.type, lanes]),
                    f"llvm.experimental.vector.compress.v{_WIDTH}{suffix}",
                )
                values = builder.call(compress, [values, passes, ir.Constant(lanes, ir.Undefined)])
            builder.store(values, column(out_row_type, builder.extract_value(out, i), at, lanes), align=4)
        bits = builder.bitcast(passes, ir.IntType(_WIDTH))
        return builder.add(at, builder.zext(builder.ctpop(bits) if _WIDTH > 1 else bits, at.type))

    return numba.intp(rows, passing, numba.intp, out_rows, numba.intp), generate


@kernel
def narrow(index, near, length, gate, node, passing, out_index, out_near) -> np.int64:
    """Keep the satellites of a list that some site of a block may see, in order; return how many.

    index (room), near (3, room) m: the list, its first length columns, padded to LANES; gate (10, node): the block's
    centre direction x, y, z, then slack, flat, lean, roof, low2, slope, offset of `obrii.links.visibility`; node;
    passing (room) scratch; out_index (room), out_near (3, room), padded to LANES.
    """
    x, y, z = near[0], near[1], near[2]
    centre_x, centre_y, centre_z, slack = gate[0, node], gate[1, node], gate[2, node], gate[3, node]
    flat, lean, roof, low2 = gate[4, node], gate[5, node], gate[6, node], gate[7, node]
    slope, offset = gate[8, node], gate[9, node]
    zero = np.float32(0.0)
    padded = (length + LANES - 1) // LANES * LANES
    for j in range(padded):
        square = x[j] * x[j] + y[j] * y[j] + z[j] * z[j]
        height = x[j] * centre_x + y[j] * centre_y + z[j] * centre_z + slack * square
        over = roof * square - low2
        over = over if over > zero else zero
        passing[j] = (height >= flat + lean * np.sqrt(over)) & (height >= slope * square + offset)
    count = pack((index, x, y, z), passing, padded, (out_index, out_near[0], out_near[1], out_near[2]), 0)
    for j in range(count, count + LANES):
        out_near[0, j] = np.nan
    return count


@kernel
def list_leaves(
    xyz_m, depth, begin, end, gate, level_index, level_near, length, passing,
    out_start, out_padded, out_index, out_near, out_need,
) -> None:  # fmt: skip
    """List the satellites of one step that the sites of every leaf may see, and say how long that takes at most.

    xyz_m (3, satellite) m; depth, begin, end (node) level and sites of the nodes, in preorder, no sites where a node is
    no leaf; gate, passing: as `narrow`; level_index (level + 1, room), level_near (level + 1, 3, room), length
    (level + 1) scratch: the list on the way down; out_start, out_padded (node) where the list of a leaf begins, and its
    length, a multiple of LANES; out_index, out_near (3) m: the lists, written as far as there is room; out_need (2)
    room for the lists, and for the sights of this step.
    """
    count = xyz_m.shape[1]
    for j in range(count):
        level_index[0, j] = j
        for axis in range(3):
            level_near[0, axis, j] = xyz_m[axis, j]
    for j in range(count, count + LANES):
        level_near[0, 0, j] = np.nan
    length[0] = count
    out_need[0], out_need[1] = 0, LANES
    for node in range(depth.size):
        level, start = depth[node], out_need[0]
        index, near = level_index[level + 1], level_near[level + 1]
        count = narrow(level_index[level], level_near[level], length[level], gate, node, passing, index, near)
        length[level + 1] = count
        if begin[node] == end[node]:
            continue
        padded = (count + LANES - 1) // LANES * LANES
        out_start[node], out_padded[node] = start, padded
        out_need[0] += padded
        out_need[1] += count * (end[node] - begin[node])
        if start + padded <= out_index.size:
            for j in range(padded):
                out_index[start + j] = index[j]
                for axis in range(3):
                    out_near[axis, start + j] = near[axis, j]


@kernel
def trace_sights(
    xyz_m, levels, depth, begin, end, gate, leaf, place, look, first, index, near, progress,
    out_ptr, out_satellite, out_range_m, out_sine,
) -> None:  # fmt: skip
    """List the satellites in sight of every site, ascending, step after step as long as there is room.

    xyz_m (time, 3, satellite) m; levels of the tree; depth, begin, end, gate: as `list_leaves`; leaf, place (site) node
    and place of every site; look (11, place): its position m, rounded, and what it was rounded by m, the way up, the
    sine of its mask, its range limit m; first satellite's number; index, near (3) m: room for the lists of a step;
    progress (4): the next step and the sights before it, to go on from and to hand back, then the room that the step
    needs for lists and for sights; out_ptr (time, site + 1): where the sights of a site begin and end; out_satellite,
    out_range_m, out_sine (sight).
    """
    room = xyz_m.shape[2] + 2 * LANES
    level_index, level_near = np.zeros((levels + 1, room), np.int32), np.zeros((levels + 1, 3, room), np.float32)
    length, passing = np.empty(levels + 1, np.int64), np.empty(room, np.uint8)
    start, padded = np.empty(depth.size, np.int64), np.empty(depth.size, np.int64)
    number, distance, sine = np.empty(room, np.int32), np.empty(room, np.float32), np.empty(room, np.float32)
    tried, found = (number, distance, sine), (out_satellite, out_range_m, out_sine)
    x, y, z = near[0], near[1], near[2]
    for step in range(progress[0], xyz_m.shape[0]):
        list_leaves(
            xyz_m[step], depth, begin, end, gate, level_index, level_near, length, passing,
            start, padded, index, near, progress[2:],
        )  # fmt: skip
        k = progress[1]
        if progress[2] > index.size or k + progress[3] > out_satellite.size:
            return
        out_ptr[step, 0] = k
        # In the order of sites and not of leaves: every sight is written once, behind the one before it.
        for site in range(leaf.size):
            node, p = leaf[site], place[site]
            high_x, high_y, high_z = look[0, p], look[1, p], look[2, p]
            low_x, low_y, low_z = look[3, p], look[4, p], look[5, p]
            up_x, up_y, up_z = look[6, p], look[7, p], look[8, p]
            lowest, longest = look[9, p], look[10, p]
            # Unsigned, because numba lets a signed index count from the end.
            begins = np.uint64(start[node])
            for j in range(padded[node]):
                i = begins + np.uint64(j)
                dx, dy, dz = (x[i] - high_x) - low_x, (y[i] - high_y) - low_y, (z[i] - high_z) - low_z
                away = np.sqrt(dx * dx + dy * dy + dz * dz)
                rise = (dx * up_x + dy * up_y + dz * up_z) / away
                number[j], distance[j], sine[j] = index[i] + first, away, rise
                passing[j] = (rise >= lowest) & (away <= longest)
            k = pack(tried, passing, padded[node], found, k)
            out_ptr[step, site + 1] = k
        progress[0], progress[1] = step + 1, k
