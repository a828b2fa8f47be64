"""How long a satellite that is in sight stays there: until its great circle leaves what the site sees.

Over a few minutes a satellite on a nearly circular orbit goes around the Earth's centre on a great circle at one speed,
s(t) = cos(w t) s + sin(w t) q, while the site goes around the axis. What a site sees of the sky is bounded by d . s = c
for a direction d of the site: that is a circle around the zenith, seen from the point of the axis where the normal of
the ellipsoid meets it, and a circle around the site where the range is the limit. For a site that stands still,

    a cos(w t) + b sin(w t) = c,  a = d . s,  b = d . q;   w t = atan2(b, a) + arccos(c / hypot(a, b))

is when it sets (the hour angle at setting of spherical astronomy, as in J. Meeus, "Astronomical Algorithms", 2nd ed.,
chapter 15). The site is then turned on by that time, and the formula taken again, until the two times are the same.

The work is done in float32, whose rounding is worth some milliseconds.
"""

from __future__ import annotations

import math

import numpy as np

from obrii.kernels.jit import kernel, scalar

#: Times that the formula is taken. The Earth turns fifteen times slower than a satellite in low orbit: each time the
#: error falls to about a fifteenth of what it was, and faster by the secant; slower where a pass hardly rises.
ROUNDS = 3

#: Times that are nearer to each other than this give no slope [s].
_APART_S, _FAR_S = np.float32(0.01), np.float32(1e9)

#: Turn of the Earth beyond which a site is not turned on further [rad]; two series below end there, good to 1e-4.
_MOST_TURN = np.float32(1.2)

#: A satellite that sets now may by rounding have set already; further back is the next time around [rad].
_JUST_SET = np.float32(-0.05)

#: Series of cosine and sine in a square, each factor divided by the next two numbers.
_C1, _C2, _C3 = np.float32(1 / 2), np.float32(1 / 12), np.float32(1 / 30)
_S1, _S2, _S3 = np.float32(1 / 6), np.float32(1 / 20), np.float32(1 / 42)

_ONE = np.float32(1.0)
_PI, _HALF_PI, _TWO_PI = np.float32(math.pi), np.float32(math.pi / 2.0), np.float32(2.0 * math.pi)

#: arctan(x) on [0, 1] as x times a polynomial in x2, made by least squares at Chebyshev points: right to 2e-7.
_ARC_0, _ARC_1, _ARC_2, _ARC_3 = (
    np.float32(0.999999898),
    np.float32(-0.333319597),
    np.float32(0.199692354),
    np.float32(-0.140165850),
)
_ARC_4, _ARC_5, _ARC_6, _ARC_7 = (
    np.float32(0.099060969),
    np.float32(-0.059367101),
    np.float32(0.024166190),
    np.float32(-0.004668773),
)


@scalar
def angle(sine, cosine):
    """Angle from -pi to pi of which two numbers are the sine and the cosine, up to a common factor, float32 [rad]."""
    high, wide = abs(sine), abs(cosine)
    x = min(high, wide) / max(high, wide)
    x2 = x * x
    arc = x * (_ARC_0 + x2 * (_ARC_1 + x2 * (_ARC_2 + x2 * (_ARC_3 + x2 * (
        _ARC_4 + x2 * (_ARC_5 + x2 * (_ARC_6 + x2 * _ARC_7)))))))  # fmt: skip
    arc = _HALF_PI - arc if high > wide else arc
    arc = _PI - arc if cosine < 0 else arc
    return -arc if sine < 0 else arc


@kernel
def circles(now_m, later_m, wait_s, turn_rad, out_orbit):
    """Find the great circle of every satellite from where it is now and where it is a little later.

    now_m, later_m (3, satellite) m, Earth-fixed; wait_s: from the one to the other; turn_rad: of the Earth meanwhile;
    out_orbit (satellite, 8): s x, y, z m, the place a quarter turn ahead, q x, y, z m, angular speed w rad/s, square of
    the radius m2; of one satellite together, as they are fetched one satellite at a time.
    """
    cosine, sine = math.cos(turn_rad), math.sin(turn_rad)
    for k in range(now_m.shape[1]):
        x, y, z = np.float64(now_m[0, k]), np.float64(now_m[1, k]), np.float64(now_m[2, k])
        fixed_x, fixed_y, to_z = np.float64(later_m[0, k]), np.float64(later_m[1, k]), np.float64(later_m[2, k])
        to_x, to_y = cosine * fixed_x - sine * fixed_y, sine * fixed_x + cosine * fixed_y
        square = x * x + y * y + z * z
        # What of the later place stands at right angles to the place now.
        along = (x * to_x + y * to_y + z * to_z) / square
        ahead_x, ahead_y, ahead_z = to_x - along * x, to_y - along * y, to_z - along * z
        radius = math.sqrt(square)
        ahead = math.sqrt(ahead_x * ahead_x + ahead_y * ahead_y + ahead_z * ahead_z)
        out_orbit[k, 0], out_orbit[k, 1], out_orbit[k, 2] = x, y, z
        longer = radius / ahead
        out_orbit[k, 3], out_orbit[k, 4], out_orbit[k, 5] = longer * ahead_x, longer * ahead_y, longer * ahead_z
        out_orbit[k, 6] = math.atan2(ahead, along * radius) / wait_s
        out_orbit[k, 7] = square


@kernel
def lasting(ptr, satellite, orbit, bound, earth_rad_s, out_s):
    """Shorten times in sight to when each satellite passes a bound of what its site sees.

    ptr (site+1,), satellite (sight,); orbit (satellite, 8) from `circles`; bound (8, site): direction d x, y, z, and
    c = c0 + c1 radius2 + slope root(radius2 + c2 - 2 axis z) for a satellite at a height z over the equator: c0 m,
    c1 1/m, slope, c2 m2, axis m; earth_rad_s: how fast the Earth turns; out_s (sight,) s, the least of what is there
    and the time until the bound.
    """
    most = np.int64(0)
    for site in range(ptr.size - 1):
        most = max(most, ptr[site + 1] - ptr[site])
    row = np.empty((12, most), np.float32)
    x, y, z, ahead_x, ahead_y, ahead_z, speed, square = row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]
    height, wait, tried, gave = row[8], row[9], row[10], row[11]
    earth, zero, half, two = np.float32(earth_rad_s), np.float32(0.0), np.float32(0.5), np.float32(2.0)
    for site in range(ptr.size - 1):
        begin, count = ptr[site], np.uint64(ptr[site + 1] - ptr[site])
        listed, out = satellite[begin:], out_s[begin:]
        # One loop to fetch and one to judge: the compiler vectorises the second only without the first.
        for j in range(count):
            k = np.uint32(listed[j])
            x[j], y[j], z[j], ahead_x[j] = orbit[k, 0], orbit[k, 1], orbit[k, 2], orbit[k, 3]
            ahead_y[j], ahead_z[j], speed[j], square[j] = orbit[k, 4], orbit[k, 5], orbit[k, 6], orbit[k, 7]
            height[j], wait[j], tried[j], gave[j] = z[j], zero, zero, zero
        to_x, to_y, to_z, fixed = bound[0, site], bound[1, site], bound[2, site], bound[3, site]
        per_square, slope, less, axis = bound[4, site], bound[5, site], bound[6, site], bound[7, site]
        for _ in range(ROUNDS):
            for j in range(count):
                turn = min(earth * wait[j], _MOST_TURN)
                t2 = turn * turn
                # Series of cosine and sine.
                cosine = _ONE - t2 * _C1 * (_ONE - t2 * _C2 * (_ONE - t2 * _C3))
                sine = turn * (_ONE - t2 * _S1 * (_ONE - t2 * _S2 * (_ONE - t2 * _S3)))
                at_x, at_y = cosine * to_x - sine * to_y, sine * to_x + cosine * to_y
                a = at_x * x[j] + at_y * y[j] + to_z * z[j]
                b = at_x * ahead_x[j] + at_y * ahead_y[j] + to_z * ahead_z[j]
                length2 = a * a + b * b
                length = np.sqrt(length2)
                c = fixed + per_square * square[j]
                c += slope * np.sqrt(max(square[j] + less - two * axis * height[j], zero))
                # Where the bound is never passed, the point farthest from it, or nearest, stands in.
                c = min(max(c, -length), length)
                root = np.sqrt(max(length2 - c * c, zero))
                cosine, sine = (a * c - b * root) / length2, (b * c + a * root) / length2
                passed = angle(sine, cosine)
                passed = passed + _TWO_PI if passed < _JUST_SET else max(passed, zero)
                gives = passed / speed[j]
                # The secant: where the time that is given would be the time that it was asked for.
                at = wait[j]
                apart = at - tried[j]
                apart = apart if abs(apart) > _APART_S else _FAR_S
                rate = min(max((gives - gave[j]) / apart, -_ONE), half)
                tried[j], gave[j] = at, gives
                wait[j] = max(at + (gives - at) / (_ONE - rate), zero)
                height[j] = cosine * z[j] + sine * ahead_z[j]
        for j in range(count):
            out[j] = min(out[j], wait[j])
