"""Positions of many near-Earth satellites by SGP4, eight at a time on a wide processor.

The formulas are those of Hoots and Roehrich, Spacetrack Report No. 3 (1980), as corrected by Vallado, Crawford, Hujsak
and Kelso, "Revisiting Spacetrack Report #3", AIAA 2006-6753. What is ours is the order of work. Coefficients of a block
of satellites lie in one small table, so that a loop over satellites has no branch and no second array that could
overlap it; sine and cosine are written out, so that they run in the vector unit and give the same bits on every
processor; the Earth's turn is taken off the node before its sine, so that Earth-fixed positions cost nothing.
"""

from __future__ import annotations

import math

import numpy as np

from obrii.kernels.jit import kernel, scalar

#: Satellites of a block: its table (27 rows) and work (18 rows) stay near the first cache; 64 to 256 ran alike.
LANES = 128

#: Rows of the coefficient table. Angles are in rad, times in minutes, lengths in Earth radii.
ROWS = (
    "anomaly", "anomaly_rate", "perigee", "perigee_rate", "node", "node_rate", "node_drag",
    "trade", "trade_offset", "trade_depth", "trade_rate",
    "axis", "decay_1", "decay_2", "decay_3", "decay_4",
    "eccentricity", "eccentricity_rate", "eccentricity_swing",
    "advance_2", "advance_3", "advance_4", "advance_5",
    "long_period_y", "long_period_l", "sine_inclination", "cosine_inclination",
)  # fmt: skip

(
    ANOMALY, ANOMALY_RATE, PERIGEE, PERIGEE_RATE, NODE, NODE_RATE, NODE_DRAG,
    TRADE, TRADE_OFFSET, TRADE_DEPTH, TRADE_RATE,
    AXIS, DECAY_1, DECAY_2, DECAY_3, DECAY_4,
    ECCENTRICITY, ECCENTRICITY_RATE, ECCENTRICITY_SWING,
    ADVANCE_2, ADVANCE_3, ADVANCE_4, ADVANCE_5,
    LONG_PERIOD_Y, LONG_PERIOD_L, SINE_INCLINATION, COSINE_INCLINATION,
) = (LANES * row for row in range(len(ROWS)))  # fmt: skip

# Where the rows of a block's work begin: four angles, their sines, their cosines, and what else the passes hand on.
_SINES, _COSINES = 4 * LANES, 8 * LANES
_DRAGGED, _ARGUMENT, _LONGITUDE, _TURNED_NODE = (LANES * row for row in range(4))
_SHRUNK, _ROUND, _X, _Y, _Z, _WORST = (LANES * row for row in range(12, 18))
_WORK_ROWS = 18

#: Status of a satellite: in orbit, mean eccentricity below the range of the model, decayed (numbered as in the sgp4
#: package), out of the range of this kernel.
FINE, ECCENTRICITY_OUT_OF_RANGE, DECAYED, OUT_OF_RANGE = 0, 1, 6, 8

#: Largest eccentricity, and largest long-period shift of the longitude [rad], of orbits for this kernel. Two steps of
#: Kepler's equation stand within 2e-12 rad (0.01 mm) of the root up to half as much eccentricity again, where the range
#: of the kernel ends.
ECCENTRICITY_LIMIT = 0.1
SHIFT_LIMIT_RAD = 0.01
_SQUARED_LIMIT = (1.5 * ECCENTRICITY_LIMIT) ** 2

#: Distance at which the range of the kernel ends [Earth radii]. Assumption: only absurd elements lead so far.
_FARTHEST = 1e3

# A quarter of a full turn in two parts. The first has 33 bits, so that its product with a count of turns below 2**20 is
# exact; math.sin(math.pi) is what the nearest double lacks of pi.
_QUARTER = math.ldexp(math.floor(math.ldexp(math.pi / 2, 32)), -32)
_QUARTER_REST = (math.pi / 2 - _QUARTER) + math.sin(math.pi) / 2
_TURNS = 1.0 / (2.0 * math.pi)

# Terms of the Taylor series.
_S3, _S5, _S7, _S9, _S11, _S13 = -1 / 6, 1 / 120, -1 / 5040, 1 / 362880, -1 / 39916800, 1 / 6227020800
_C2, _C4, _C6, _C8, _C10, _C12 = -1 / 2, 1 / 24, -1 / 720, 1 / 40320, -1 / 3628800, 1 / 479001600
_C14 = -1 / 87178291200

_MINUTES = 1.0 / 60e9


@scalar
def sine_cosine(angle):
    """Sine and cosine of an angle [rad], within 2e-13, without a branch.

    The angle is reduced to half a turn either way and quartered; Taylor's series holds below an eighth of a turn; two
    doublings lead back, and need no choice of a quadrant.
    """
    turns = np.rint(angle * _TURNS)
    r = (0.25 * angle - turns * _QUARTER) - turns * _QUARTER_REST
    z = r * r
    sine = r + r * z * (_S3 + z * (_S5 + z * (_S7 + z * (_S9 + z * (_S11 + z * _S13)))))
    cosine = 1.0 + z * (_C2 + z * (_C4 + z * (_C6 + z * (_C8 + z * (_C10 + z * (_C12 + z * _C14))))))
    twice = sine + sine
    cosine, sine = 1.0 - twice * sine, twice * cosine
    twice = sine + sine
    return twice * cosine, 1.0 - twice * sine


@scalar
def turned(sine, cosine, by):
    """Sine and cosine of an angle turned by a small one: within 1e-14 below 1e-3 rad."""
    z = by * by
    s, c = by + by * z * _S3, 1.0 + z * _C2
    return sine * c + cosine * s, cosine * c - sine * s


@kernel
def near_earth(utc_ns, turn_rad, epoch_ns, coefficient, j2, radius_m, out_status, out_xyz_m) -> None:
    """Positions by SGP4 without its deep-space part, turned with the Earth.

    utc_ns (time,) ns and epoch_ns (satellite,) ns of one count; turn_rad (time,) rad: sidereal angle, 0 for TEME;
    coefficient (row, satellite): rows in the order of ROWS; j2: second zonal harmonic; radius_m: m, of the model of
    gravity; out_status (satellite,): the largest code at any of the times; out_xyz_m (time, 3, satellite) m, NaN
    where SGP4 reports an error.
    """
    satellites = epoch_ns.shape[0]
    table = np.zeros(len(ROWS) * LANES)
    epoch = np.zeros(LANES, np.int64)
    work = np.zeros(_WORK_ROWS * LANES)
    for first in range(0, satellites, LANES):
        lanes = min(LANES, satellites - first)
        for row in range(len(ROWS)):
            for i in range(lanes):
                table[row * LANES + i] = coefficient[row, first + i]
        for i in range(lanes):
            epoch[i] = epoch_ns[first + i]
            work[_WORST + i] = FINE
        for t in range(utc_ns.shape[0]):
            utc = utc_ns[t]
            turn = turn_rad[t]

            # Secular changes by gravity and drag.
            for i in range(lanes):
                m = (utc - epoch[i]) * _MINUTES
                anomaly = table[ANOMALY + i] + table[ANOMALY_RATE + i] * m
                perigee = table[PERIGEE + i] + table[PERIGEE_RATE + i] * m
                _, cosine = sine_cosine(anomaly)
                y = 1.0 + table[TRADE_DEPTH + i] * cosine
                trade = table[TRADE_RATE + i] * m + table[TRADE + i] * (y * y * y) - table[TRADE_OFFSET + i]
                advance = table[ADVANCE_3 + i] + m * (table[ADVANCE_4 + i] + m * table[ADVANCE_5 + i])
                decay = table[DECAY_2 + i] + m * (table[DECAY_3 + i] + m * table[DECAY_4 + i])
                shrink = 1.0 - m * (table[DECAY_1 + i] + m * decay)
                work[_DRAGGED + i] = anomaly + trade
                work[_ARGUMENT + i] = perigee - trade
                work[_LONGITUDE + i] = anomaly + perigee + m * m * (table[ADVANCE_2 + i] + m * advance)
                work[_TURNED_NODE + i] = table[NODE + i] + m * (table[NODE_RATE + i] + m * table[NODE_DRAG + i]) - turn
                work[_SHRUNK + i] = table[AXIS + i] * shrink * shrink
                work[_ROUND + i] = table[ECCENTRICITY + i] - table[ECCENTRICITY_RATE + i] * m

            # The four angles lie in a row, so that one loop does them all.
            for i in range(3 * LANES + lanes):
                sine, cosine = sine_cosine(work[i])
                work[_SINES + i] = sine
                work[_COSINES + i] = cosine

            for i in range(lanes):
                # Long-period changes: k and h are the eccentricity along and across the node.
                axis = work[_SHRUNK + i]
                e = work[_ROUND + i] - table[ECCENTRICITY_SWING + i] * work[_SINES + _DRAGGED + i]
                status = FINE if e >= -0.001 else ECCENTRICITY_OUT_OF_RANGE
                e = e if e >= 1e-6 else 1e-6
                inverse = 1.0 / (axis * (1.0 - e * e))
                k = e * work[_COSINES + _ARGUMENT + i]
                h = e * work[_SINES + _ARGUMENT + i] + inverse * table[LONG_PERIOD_Y + i]
                shift = inverse * table[LONG_PERIOD_L + i] * k

                # Kepler's equation, E - k sin E + h cos E = longitude + shift, from E = longitude: the series of the
                # root to third order in the first step, Newton's rule in the second.
                sine = work[_SINES + _LONGITUDE + i]
                cosine = work[_COSINES + _LONGITUDE + i]
                bend = k * sine - h * cosine
                slope = 1.0 / (1.0 - k * cosine - h * sine)
                x = (bend + shift) * slope
                y = 0.5 * bend * slope * x
                step = x - x * (y - 2.0 * y * y + (slope - 1.0) * (1.0 / 6.0) * x * x)
                z = step * step
                s = step + step * z * (_S3 + z * (_S5 + z * _S7))
                c = 1.0 + z * (_C2 + z * (_C4 + z * (_C6 + z * _C8)))
                sine, cosine = sine * c + cosine * s, cosine * c - sine * s
                step = (shift - step + k * sine - h * cosine) / (1.0 - k * cosine - h * sine)
                half = 0.5 * step * step
                sine, cosine = sine + step * cosine - half * sine, cosine - step * sine - half * cosine

                # Short-period changes.
                along = k * cosine + h * sine
                across = k * sine - h * cosine
                squared = k * k + h * h
                beta = np.sqrt(1.0 - squared)
                near = 1.0 / (1.0 - along)
                part = across / (1.0 + beta)
                sine, cosine = near * (sine - h - k * part), near * (cosine - k + h * part)
                sine_2, cosine_2 = 2.0 * sine * cosine, 1.0 - 2.0 * sine * sine
                inverse = 1.0 / (axis * (1.0 - squared))
                bulge = 0.5 * j2 * inverse
                bulge_2 = bulge * inverse
                sine_i, cosine_i = table[SINE_INCLINATION + i], table[COSINE_INCLINATION + i]
                z = cosine_i * cosine_i
                r = axis * (1.0 - along) * (1.0 - 1.5 * bulge_2 * beta * (3.0 * z - 1.0))
                r += 0.5 * bulge * (1.0 - z) * cosine_2
                y = 1.5 * bulge_2 * cosine_i
                sine, cosine = turned(sine, cosine, -0.25 * bulge_2 * (7.0 * z - 1.0) * sine_2)
                sine_n, cosine_n = turned(
                    work[_SINES + _TURNED_NODE + i], work[_COSINES + _TURNED_NODE + i], y * sine_2
                )
                sine_i, cosine_i = turned(sine_i, cosine_i, y * sine_i * cosine_2)

                # Written so that NaN fails every test.
                status = status if status != FINE or r >= 1.0 else DECAYED
                within = squared <= _SQUARED_LIMIT and abs(shift) <= SHIFT_LIMIT_RAD and r <= _FARTHEST
                status = status if within else OUT_OF_RANGE
                r = r * radius_m if status == FINE else np.nan
                flat = cosine_i * sine
                work[_X + i] = r * (cosine_n * cosine - sine_n * flat)
                work[_Y + i] = r * (sine_n * cosine + cosine_n * flat)
                work[_Z + i] = r * (sine_i * sine)
                work[_WORST + i] = status if status > work[_WORST + i] else work[_WORST + i]

            for axis in range(3):
                for i in range(lanes):
                    out_xyz_m[t, axis, first + i] = work[_X + axis * LANES + i]
        for i in range(lanes):
            out_status[first + i] = work[_WORST + i]
