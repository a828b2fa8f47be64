"""Which sight lines point too near the geostationary arc.

A direction is judged by how high it stands and how far north it points: the sine of its elevation, and its component
along the Earth's axis. In these two the zone lies between two parabolas (`obrii.links.geostationary`). A sight line
holds the first already; the second takes its range and one coordinate of the satellite.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel

#: Lists are judged up to a multiple of this, so that no loop has a scalar tail; what is judged too much belongs to the
#: next site, which is judged after.
LANES = 16


@kernel
def mark_band(xyz_m, ptr, satellite, range_m, sine, first, band, out_inside) -> bool:
    """Mark the sights inside the zone of the whole circle; return whether all of their satellites are known.

    xyz_m (time, 3, satellite) m, Earth-fixed; ptr (time, site + 1); satellite, range_m, sine (sight) number, m, sine of
    the elevation; first satellite's number; band (7, site): how far north the site is [m], then c0, c1, c2 of the
    southern and of the northern edge, component along the axis = c0 + c1 sine + c2 sine2; out_inside (sight) bool.
    """
    satellites, total = xyz_m.shape[2], ptr[-1, -1]
    height = np.empty(satellites + LANES, np.float32)
    for step in range(ptr.shape[0]):
        z = xyz_m[step, 2]
        for site in range(ptr.shape[1] - 1):
            begin, end = ptr[step, site], ptr[step, site + 1]
            if begin == end:
                continue
            if satellite[begin] < first or satellite[end - 1] >= first + satellites or end - begin > satellites:
                return False
            count = np.uint64(min((end - begin + LANES - 1) // LANES * LANES, total - begin))
            listed, away, rise, inside = satellite[begin:], range_m[begin:], sine[begin:], out_inside[begin:]
            # One loop to fetch and one to judge: the compiler vectorises both, but not the two in one. Unsigned,
            # because numba lets a signed index count from the end.
            for j in range(count):
                height[j] = z[np.uint32(listed[j] - first)]
            site_m, south0, south1, south2 = band[0, site], band[1, site], band[2, site], band[3, site]
            north0, north1, north2 = band[4, site], band[5, site], band[6, site]
            for j in range(count):
                north_m = height[j] - site_m
                above = north_m > away[j] * (south0 + rise[j] * (south1 + rise[j] * south2))
                below = north_m < away[j] * (north0 + rise[j] * (north1 + rise[j] * north2))
                inside[j] = above & below
    return True


@kernel
def mark_caps(xyz_m, ptr, satellite, range_m, first, capped, ends, out_inside) -> None:
    """End the zone in a round cap about either end of the visible arc, at the sites where the ends count.

    xyz_m (time, 3, satellite) m, Earth-fixed; ptr (time, site + 1); satellite, range_m (sight) number, m; first
    satellite's number; capped (site) bool: whether the ends count; ends (12, site): x, y, z of the site [m], cosine and
    sine of its longitude, the end of the visible arc and the arc's direction there, outward, each by components away
    from the axis, east, along the axis, and the square of the chord of the angle; out_inside (sight) bool from
    `mark_band`, changed in place.
    """
    place = np.empty((3, xyz_m.shape[2]), np.float32)
    for step in range(ptr.shape[0]):
        for site in range(ptr.shape[1] - 1):
            begin, count = ptr[step, site], np.uint64(ptr[step, site + 1] - ptr[step, site])
            if not capped[site]:
                continue
            listed, away, inside = satellite[begin:], range_m[begin:], out_inside[begin:]
            for axis in range(3):
                row, out_row = xyz_m[step, axis], place[axis]
                for j in range(count):
                    out_row[j] = row[np.uint32(listed[j] - first)]
            x, y, z = place[0], place[1], place[2]
            site_x, site_y, site_z, cosine, sine = (
                ends[0, site],
                ends[1, site],
                ends[2, site],
                ends[3, site],
                ends[4, site],
            )
            end_flat, end_east, end_north = ends[5, site], ends[6, site], ends[7, site]
            on_flat, on_east, on_north = ends[8, site], ends[9, site], ends[10, site]
            chord2 = ends[11, site]
            for j in range(count):
                dx, dy, north = (x[j] - site_x) / away[j], (y[j] - site_y) / away[j], (z[j] - site_z) / away[j]
                flat, east = dx * cosine + dy * sine, abs(dy * cosine - dx * sine)
                beside = flat * on_flat + east * on_east + north * on_north <= np.float32(0.0)
                by_flat, by_east, by_north = flat - end_flat, east - end_east, north - end_north
                near = by_flat * by_flat + by_east * by_east + by_north * by_north < chord2
                inside[j] = (inside[j] & beside) | near


@kernel
def drop_marked(ptr, inside, satellite, range_m, sine, out_ptr, out_satellite, out_range_m, out_sine) -> None:
    """Copy the sights that are not marked, in order.

    ptr (time, site + 1); inside (sight) bool; satellite, range_m, sine (sight); out_ptr (time, site + 1) and
    out_satellite, out_range_m, out_sine (kept sight): those that are left.
    """
    # Every sight is written, and the next one over it unless it is kept: no branch to mispredict.
    kept, stop = np.uint64(0), np.uint64(out_satellite.size)
    for step in range(ptr.shape[0]):
        out_ptr[step, 0] = kept
        for site in range(ptr.shape[1] - 1):
            for k in range(np.uint64(ptr[step, site]), np.uint64(ptr[step, site + 1])):
                if kept == stop:
                    break
                out_satellite[kept] = satellite[k]
                out_range_m[kept] = range_m[k]
                out_sine[kept] = sine[k]
                kept += np.uint64(not inside[k])
            out_ptr[step, site + 1] = kept
