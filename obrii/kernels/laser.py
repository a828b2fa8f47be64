"""How long a laser link is, whether its ray stays above the air, and who gets a link first."""

from __future__ import annotations

import math

import numpy as np

from obrii.kernels.jit import kernel


@kernel
def laser_ranges(xyz, a, b, clearance_radius_m, max_range_m, out_range) -> None:
    """Range of every link, NaN where its ray dips below a sphere or exceeds the laser's own range.

    xyz (3, satellite) f4 m; a, b (laser,) i4 satellites of a link; clearance_radius_m: of the sphere about the Earth's
    centre, touching it is clear; max_range_m: inf where there is no limit; out_range (laser,) f4 m. The ray is the
    segment between the satellites, not its line: the closest point of two satellites near each other is one of them.
    """
    clear_2 = clearance_radius_m * clearance_radius_m
    for k in range(a.size):
        ax, ay, az = np.float64(xyz[0, a[k]]), np.float64(xyz[1, a[k]]), np.float64(xyz[2, a[k]])
        dx, dy, dz = np.float64(xyz[0, b[k]]) - ax, np.float64(xyz[1, b[k]]) - ay, np.float64(xyz[2, b[k]]) - az
        range_2 = dx * dx + dy * dy + dz * dz
        along = 0.0
        if range_2 > 0.0:
            along = min(max(-(ax * dx + ay * dy + az * dz) / range_2, 0.0), 1.0)
        px, py, pz = ax + along * dx, ay + along * dy, az + along * dz
        # Asked so that a satellite without a position (NaN) has no link.
        if px * px + py * py + pz * pz >= clear_2 and range_2 <= max_range_m * max_range_m:
            out_range[k] = math.sqrt(range_2)
        else:
            out_range[k] = math.nan


@kernel
def grant_in_order(a, b, terminals, out_used, out_granted) -> None:
    """Grant every link of which neither end has all its terminals in use, in the order given.

    a, b (laser,) i4 satellites of a link; terminals: most links of a satellite; out_used (satellite,) i4 links of a
    satellite, those granted before included; out_granted (laser,) bool.
    """
    for k in range(a.size):
        out_granted[k] = out_used[a[k]] < terminals and out_used[b[k]] < terminals
        if out_granted[k]:
            out_used[a[k]] += 1
            out_used[b[k]] += 1
