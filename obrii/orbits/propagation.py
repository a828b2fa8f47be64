"""Where satellites are, by SGP4: our kernel for nearly circular orbits near the Earth, the sgp4 package for the rest.

The kernel takes periods below 225 minutes and eccentricities up to `orbit.ECCENTRICITY_LIMIT`, which is every
constellation of satellite internet. Deep space, eccentric orbits and orbits turned over to 180 deg of inclination go to
the package, which is right for all of them and some thirty times slower.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sgp4.api import SGP4_ERRORS, WGS72, WGS72OLD, WGS84, Satrec

from obrii.constants import NANOSECONDS, SECONDS_PER_DAY, TWO_PI
from obrii.errors import ScenarioError, nearest
from obrii.frames import sidereal_angle_rad
from obrii.kernels import orbit
from obrii.orbits.elements import Elements
from obrii.timegrid import julian_date


@dataclass(frozen=True)
class Gravity:
    """A model of gravity of SGP4.

    radius_m: of the Earth at the equator; root_mu: root of the gravitational parameter [radii^1.5/min]; j2, j3, j4:
    zonal harmonics; package: the model's number in the sgp4 package.
    """

    radius_m: float
    root_mu: float
    j2: float
    j3: float
    j4: float
    package: int


def _root_mu(radius_km: float, mu_km3_s2: float) -> float:
    return 60.0 * math.sqrt(mu_km3_s2 / radius_km**3)


#: By the names of `elements.GRAVITY`. Vallado, Crawford, Hujsak and Kelso, "Revisiting Spacetrack Report #3", AIAA
#: 2006-6753, where mu and J2 of "wgs84" are not quite those of `constants`.
GRAVITY = {
    "wgs72": Gravity(6_378_135.0, _root_mu(6378.135, 398_600.8), 1.082616e-3, -2.53881e-6, -1.65597e-6, WGS72),
    "wgs84": Gravity(
        6_378_137.0, _root_mu(6378.137, 398_600.5), 1.08262998905e-3, -2.53215306e-6, -1.61098761e-6, WGS84
    ),
    "wgs72old": Gravity(6_378_135.0, 0.0743669161, 1.082616e-3, -2.53881e-6, -1.65597e-6, WGS72OLD),
}

#: Period from which SGP4 adds the pulls of Sun and Moon [min]. Spacetrack Report No. 3 (1980).
DEEP_SPACE_MIN = 225.0

#: Status of a satellite without mean motion, as the sgp4 package numbers it, and of one with an element, or a place,
#: that is not a finite number.
NO_MEAN_MOTION, NOT_FINITE = 2, 7

#: What a status means, 0 for an orbit that is fine.
STATUS = {0: "in orbit", **SGP4_ERRORS, NOT_FINITE: "an orbital element or the position is not a finite number"}

#: The angle by which the axes of a frame are turned eastward from TEME [rad].
_FRAMES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "fixed": sidereal_angle_rad,
    "teme": lambda utc: np.zeros(len(utc)),
}

_DTYPES = (np.dtype(np.float32), np.dtype(np.float64))

#: Steps at a time of `status`: bounds its memory to some tens of megabytes.
_STATUS_STEPS = 64

#: Julian date of 1949-12-31 00:00, from which the sgp4 package counts days.
_JULIAN_DATE_OF_PACKAGE = 2_433_281.5


@dataclass(frozen=True)
class Propagator:
    """What SGP4 needs of a set of satellites, made once; arrays are read-only.

    elements; near (near,) i8: satellites that the kernel takes; far (far,) i8: those that the sgp4 package takes;
    refused (satellite,) i1: status of those that nobody takes, else 0; coefficient (row, near) f8: rows in the order of
    `orbit.ROWS`.
    """

    elements: Elements
    near: np.ndarray
    far: np.ndarray
    refused: np.ndarray
    coefficient: np.ndarray

    def __len__(self) -> int:
        return len(self.elements)


def propagator(elements: Elements) -> Propagator:
    """Decide who takes each satellite, and make the coefficients of SGP4.

    >>> one = Elements(
    ...     epoch=np.array(["2022-10-03"], "datetime64[ns]"), bstar=[0.0], inclination=[0.925], node=[0.0],
    ...     eccentricity=[1e-4], argument_of_perigee=[0.0], mean_anomaly=[0.0], mean_motion=[0.0657],
    ...     catalogue_id=[-1], name=["a"])
    >>> xyz_m = positions(propagator(one), one.epoch)
    >>> xyz_m.shape, xyz_m.dtype, int(np.linalg.norm(xyz_m[0, :, 0]) / 1e3)
    ((1, 3, 1), dtype('float32'), 6927)
    """
    numbers = [
        elements.bstar, elements.inclination, elements.node, elements.eccentricity, elements.argument_of_perigee,
        elements.mean_anomaly, elements.mean_motion,
    ]  # fmt: skip
    finite = np.isfinite(numbers).all(axis=0) & ~np.isnat(elements.epoch)
    refused = np.select([~finite, elements.mean_motion <= 0.0], [NOT_FINITE, NO_MEAN_MOTION], 0).astype(np.int8)
    with np.errstate(all="ignore"):
        rows, mean_motion = _coefficients(elements)
        # Turned right over, the long-period change of the longitude grows without bound; half the kernel's limit
        # leaves room for what drag does to the orbit.
        shift_rad = np.abs(rows["long_period_l"] * elements.eccentricity / rows["axis"])
        near = (
            (refused == 0)
            & (TWO_PI / mean_motion < DEEP_SPACE_MIN)
            & (np.abs(elements.eccentricity) <= orbit.ECCENTRICITY_LIMIT)
            & (shift_rad <= 0.5 * orbit.SHIFT_LIMIT_RAD)
        )
    table = np.array([rows[name] for name in orbit.ROWS])
    return Propagator(
        elements=elements,
        near=_frozen(np.flatnonzero(near)),
        far=_frozen(np.flatnonzero((refused == 0) & ~near)),
        refused=_frozen(refused),
        coefficient=_frozen(np.ascontiguousarray(table[:, near])),
    )


def positions(
    propagator: Propagator, utc: np.ndarray, *, dtype: type | np.dtype = np.float32, frame: str = "fixed"
) -> np.ndarray:
    """Positions of all satellites, NaN where SGP4 reports an error.

    utc: (time,) datetime64[ns]; dtype: float32, which rounds by up to 0.4 m in low orbit, or float64; frame: "fixed" to
    the Earth by `frames.sidereal_angle_rad`, or "teme". Returns (time, 3, satellite) [m].
    Raises ScenarioError for another dtype or frame.
    """
    return _propagate(propagator, utc, dtype, frame)[0]


def status(propagator: Propagator, utc: np.ndarray) -> np.ndarray:
    """The largest code of `STATUS` that each satellite has at any of some instants; 0 where it is in orbit at all.

    utc: (time,) datetime64[ns]. Returns (satellite,) i1.
    """
    worst = propagator.refused.copy()
    for first in range(0, len(utc), _STATUS_STEPS):
        found = _propagate(propagator, utc[first : first + _STATUS_STEPS], np.float32, "teme")[1]
        worst = np.maximum(worst, found)
    return worst


def _propagate(
    propagator: Propagator, utc: np.ndarray, dtype: type | np.dtype, frame: str
) -> tuple[np.ndarray, np.ndarray]:
    """Positions, (time, 3, satellite) [m], and worst status, (satellite,) i1."""
    if np.dtype(dtype) not in _DTYPES:
        raise ScenarioError(f"positions: dtype is {np.dtype(dtype)}; it must be float32 or float64")
    if frame not in _FRAMES:
        known = ", ".join(f"'{name}'" for name in _FRAMES)
        raise ScenarioError(f"positions: frame '{frame}' is not one of {known}{nearest(frame, _FRAMES)}")
    # A copy, because a kernel is compiled once more for arrays that may not be written.
    utc = np.array(utc, "datetime64[ns]")
    turn_rad = _FRAMES[frame](utc)
    near = propagator.near
    gravity = GRAVITY[propagator.elements.gravity]

    xyz_m = np.empty((len(utc), 3, len(near)), dtype)
    found = np.zeros(len(near), np.int8)
    with np.errstate(all="ignore"):
        orbit.near_earth(
            utc.view(np.int64), turn_rad, propagator.elements.epoch[near].view(np.int64),
            propagator.coefficient, gravity.j2, gravity.radius_m, found, xyz_m,
        )  # fmt: skip
    if len(near) == len(propagator) and not (found == orbit.OUT_OF_RANGE).any():
        return xyz_m, found

    worst = propagator.refused.copy()
    worst[near] = found
    out_xyz_m = np.full((len(utc), 3, len(propagator)), np.nan, dtype)
    out_xyz_m[:, :, near] = xyz_m
    # Drag of the wrong sign can drive an orbit out of the kernel's range; the package then takes it from the start.
    for satellite in np.concatenate([propagator.far, near[found == orbit.OUT_OF_RANGE]]):
        out_xyz_m[:, :, satellite], worst[satellite] = _by_package(propagator.elements, satellite, utc, turn_rad)
    return out_xyz_m, worst


def _by_package(elements: Elements, satellite: int, utc: np.ndarray, turn_rad: np.ndarray) -> tuple[np.ndarray, int]:
    """Positions of one satellite, (time, 3) [m], and its worst status, by the sgp4 package."""
    epoch = elements.epoch[satellite]
    # The package's own reader rounds the epoch, as a Julian date in one double, to 20 us; so that deep space agrees to
    # the digit this does too, and then counts times from what was rounded.
    day, part = julian_date(epoch[None])
    record = Satrec()
    record.sgp4init(
        GRAVITY[elements.gravity].package, "i", 0, (day[0] + part[0]) - _JULIAN_DATE_OF_PACKAGE,
        elements.bstar[satellite], 0.0, 0.0, elements.eccentricity[satellite],
        elements.argument_of_perigee[satellite], elements.inclination[satellite],
        elements.mean_anomaly[satellite], elements.mean_motion[satellite], elements.node[satellite],
    )  # fmt: skip
    since = utc - epoch
    days = since.astype("timedelta64[D]")
    fraction = (since - days) / np.timedelta64(1, "ns") / (SECONDS_PER_DAY * NANOSECONDS)
    error, xyz_km, _ = record.sgp4_array(record.jdsatepoch + days.astype(np.float64), record.jdsatepochF + fraction)
    x, y, z = 1e3 * xyz_km.T
    cosine, sine = np.cos(turn_rad), np.sin(turn_rad)
    xyz_m = np.stack([cosine * x + sine * y, cosine * y - sine * x, z], axis=-1)
    sane = (np.abs(xyz_m) <= np.finfo(np.float32).max).all(axis=1)
    error = np.where((error == 0) & ~sane, NOT_FINITE, error)
    xyz_m[error != 0] = np.nan
    return xyz_m, int(error.max(initial=0))


def _coefficients(elements: Elements) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Rows of `orbit.ROWS`, each (satellite,), and Brouwer's mean motion, (satellite,) [rad/min].

    Hoots and Roehrich, Spacetrack Report No. 3 (1980), section 6; Vallado et al., AIAA 2006-6753. Their symbols stand
    in the comments. Lengths are in Earth radii, times in minutes.
    """
    gravity = GRAVITY[elements.gravity]
    j2, j3_j2, j4 = gravity.j2, gravity.j3 / gravity.j2, gravity.j4
    radius_km = gravity.radius_m / 1e3
    e, bstar, perigee = elements.eccentricity, elements.bstar, elements.argument_of_perigee
    sine, cosine = np.sin(elements.inclination), np.cos(elements.inclination)
    cosine_2 = cosine * cosine
    cosine_4 = cosine_2 * cosine_2
    round_2 = 1.0 - e * e
    beta = np.sqrt(round_2)
    tilt = 3.0 * cosine_2 - 1.0

    # From Kozai's mean motion to Brouwer's.
    kozai_axis = (gravity.root_mu / elements.mean_motion) ** (2.0 / 3.0)
    flattening = 0.75 * j2 * tilt / (beta * round_2)
    d = flattening / kozai_axis**2
    d = flattening / (kozai_axis * (1.0 - d * (1.0 / 3.0 + d * (1.0 + d * 134.0 / 81.0)))) ** 2
    n = elements.mean_motion / (1.0 + d)
    axis = (gravity.root_mu / n) ** (2.0 / 3.0)

    # The air: density falls with the fourth power of the height over s, which is lowered for low perigees.
    perigee_km = (axis * (1.0 - e) - 1.0) * radius_km
    s_km = np.clip(perigee_km - 78.0, 20.0, 78.0)
    s = 1.0 + s_km / radius_km
    xi = 1.0 / (axis - s)
    eta = axis * e * xi
    eta_2, e_eta = eta * eta, e * eta
    psi_2 = np.abs(1.0 - eta_2)
    air = ((120.0 - s_km) / radius_km * xi) ** 4
    drag = air / psi_2**3.5
    c2 = drag * n * (
        axis * (1.0 + 1.5 * eta_2 + e_eta * (4.0 + eta_2))
        + 0.375 * j2 * xi / psi_2 * tilt * (8.0 + 3.0 * eta_2 * (8.0 + eta_2))
    )  # fmt: skip
    c1 = bstar * c2
    c4 = 2.0 * n * drag * axis * round_2 * (
        eta * (2.0 + 0.5 * eta_2) + e * (0.5 + 2.0 * eta_2)
        - j2 * xi / (axis * psi_2) * (
            -3.0 * tilt * (1.0 - 2.0 * e_eta + eta_2 * (1.5 - 0.5 * e_eta))
            + 0.75 * sine * sine * (2.0 * eta_2 - e_eta * (1.0 + eta_2)) * np.cos(2.0 * perigee)
        )
    )  # fmt: skip
    c5 = 2.0 * drag * axis * round_2 * (1.0 + 2.75 * (eta_2 + e_eta) + e_eta * eta_2)

    # Rates by gravity.
    inverse = 1.0 / (axis * round_2) ** 2
    first = 1.5 * j2 * inverse * n
    second = 0.5 * first * j2 * inverse
    fourth = -0.46875 * j4 * inverse * inverse * n
    node_rate_1 = -first * cosine
    anomaly_rate = n + 0.5 * first * beta * tilt + 0.0625 * second * beta * (13.0 - 78.0 * cosine_2 + 137.0 * cosine_4)
    perigee_rate = (
        -0.5 * first * (1.0 - 5.0 * cosine_2)
        + 0.0625 * second * (7.0 - 114.0 * cosine_2 + 395.0 * cosine_4)
        + fourth * (3.0 - 36.0 * cosine_2 + 49.0 * cosine_4)
    )
    node_rate = node_rate_1 + cosine * (0.5 * second * (4.0 - 19.0 * cosine_2) + 2.0 * fourth * (3.0 - 7.0 * cosine_2))

    # Nearly circular orbits drop what divides by the eccentricity; perigees below 220 km drop all but the first powers.
    high = perigee_km >= 220.0
    shaped = high & (e > 1e-4)
    c3_e = np.where(shaped, -2.0 * air * xi * j3_j2 * n * sine / e, 0.0)
    trade = np.where(shaped, -2.0 / 3.0 * air * bstar / e_eta, 0.0)
    full = np.where(high, 1.0, 0.0)
    d2 = full * 4.0 * axis * xi * c1 * c1
    d3 = d2 * xi * c1 / 3.0 * (17.0 * axis + s)
    d4 = d2 * xi * c1 / 6.0 * axis * xi * (221.0 * axis + 31.0 * s) * c1
    t3 = d2 + full * 2.0 * c1 * c1
    t4 = 0.25 * (3.0 * d3 + c1 * (12.0 * d2 + full * 10.0 * c1 * c1))
    t5 = 0.2 * (3.0 * d4 + 12.0 * c1 * d3 + 6.0 * d2 * d2 + 15.0 * c1 * c1 * (2.0 * d2 + full * c1 * c1))

    # At 180 deg the long-period term divides by nothing: the models' authors put 1.5e-12 there.
    over = np.where(np.abs(1.0 + cosine) > 1.5e-12, 1.0 + cosine, 1.5e-12)
    swing = full * bstar * c5
    rows = {
        "anomaly": elements.mean_anomaly,  # M0
        "anomaly_rate": anomaly_rate,
        "perigee": perigee,  # omega0
        "perigee_rate": perigee_rate,
        "node": elements.node,
        "node_rate": node_rate,
        "node_drag": 3.5 * round_2 * node_rate_1 * c1,
        "trade": trade,  # of delta M and delta omega, which perigee loses and anomaly gains
        "trade_offset": trade * (1.0 + eta * np.cos(elements.mean_anomaly)) ** 3,
        "trade_depth": eta,
        "trade_rate": bstar * c3_e * np.cos(perigee),
        "axis": axis,
        "decay_1": c1,
        "decay_2": d2,
        "decay_3": d3,
        "decay_4": d4,
        "eccentricity": e + swing * np.sin(elements.mean_anomaly),
        "eccentricity_rate": bstar * c4,
        "eccentricity_swing": swing,
        "advance_2": n * 1.5 * c1,
        "advance_3": n * t3,
        "advance_4": n * t4,
        "advance_5": n * t5,
        "long_period_y": -0.5 * j3_j2 * sine,
        "long_period_l": -0.25 * j3_j2 * sine * (3.0 + 5.0 * cosine) / over,
        "sine_inclination": sine,
        "cosine_inclination": cosine,
    }
    return rows, n


def _frozen(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array
