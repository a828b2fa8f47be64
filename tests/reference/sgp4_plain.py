"""SGP4 near the Earth as the report writes it: one satellite, one instant, angles in full, Kepler by repetition.

Hoots and Roehrich, Spacetrack Report No. 3 (1980), section 6, with the corrections of Vallado et al., AIAA 2006-6753.
Lengths are in Earth radii and times in minutes until the last line. Below the twin: the same orbits as the sgp4
package and as our own knows them.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from sgp4 import earth_gravity
from sgp4.api import WGS72, WGS72OLD, WGS84, Satrec, SatrecArray

from obrii.orbits.elements import Elements

#: An epoch of tests, a midnight.
EPOCH = np.datetime64("2022-10-03", "ns")


class Orbit(NamedTuple):
    """Mean elements of one satellite; angles in rad, mean motion (Kozai) in rad/min, bstar in 1/Earth radii."""

    bstar: float
    inclination: float
    node: float
    eccentricity: float
    argument_of_perigee: float
    mean_anomaly: float
    mean_motion: float


#: Names of the elements.
FIELDS = Orbit._fields


class Gravity(NamedTuple):
    """Radius of the Earth [km], root of the gravitational parameter [radii^1.5/min], zonal harmonics."""

    radius_km: float
    ke: float
    j2: float
    j3: float
    j4: float


def position_m(orbit: Orbit, gravity: Gravity, minutes: float) -> tuple[int, list[float]]:
    """Return the error code of SGP4 (0 for none) and the TEME position [m], NaN with an error."""
    radius_km, ke, j2, j3, j4 = gravity
    i0, node0, e0 = orbit.inclination, orbit.node, orbit.eccentricity
    omega0, m0 = orbit.argument_of_perigee, orbit.mean_anomaly
    k2, k4, a30 = j2 / 2, -3 / 8 * j4, -j3
    theta = math.cos(i0)
    beta0 = math.sqrt(1 - e0**2)
    lost = [math.nan] * 3

    # Mean motion and semi-major axis of Brouwer, from Kozai's.
    a1 = (ke / orbit.mean_motion) ** (2 / 3)
    tilt = 3 / 2 * k2 * (3 * theta**2 - 1) / beta0**3
    delta1 = tilt / a1**2
    a0 = a1 * (1 - delta1 / 3 - delta1**2 - 134 / 81 * delta1**3)
    n0 = orbit.mean_motion / (1 + tilt / a0**2)
    a0 = (ke / n0) ** (2 / 3)

    # Height of the air's reference shell, lowered for low perigees.
    perigee_km = (a0 * (1 - e0) - 1) * radius_km
    s_km = 78.0 if perigee_km >= 156 else perigee_km - 78 if perigee_km >= 98 else 20.0
    s = 1 + s_km / radius_km
    q0_s_4 = ((120 - s_km) / radius_km) ** 4
    simple = perigee_km < 220
    circular = e0 <= 1e-4

    xi = 1 / (a0 - s)
    eta = a0 * e0 * xi
    c2 = (
        q0_s_4 * xi**4 * n0 * abs(1 - eta**2) ** -3.5
        * (
            a0 * (1 + 3 / 2 * eta**2 + 4 * e0 * eta + e0 * eta**3)
            + 3 / 2 * k2 * xi / abs(1 - eta**2) * (-1 / 2 + 3 / 2 * theta**2) * (8 + 24 * eta**2 + 3 * eta**4)
        )
    )  # fmt: skip
    c1 = orbit.bstar * c2
    c3_times_e = q0_s_4 * xi**5 * a30 / k2 * n0 * math.sin(i0)
    c4 = (
        2 * n0 * q0_s_4 * xi**4 * a0 * beta0**2 * abs(1 - eta**2) ** -3.5
        * (
            2 * eta * (1 + e0 * eta) + e0 / 2 + eta**3 / 2
            - 2 * k2 * xi / (a0 * abs(1 - eta**2))
            * (
                3 * (1 - 3 * theta**2) * (1 + 3 / 2 * eta**2 - 2 * e0 * eta - e0 / 2 * eta**3)
                + 3 / 4 * (1 - theta**2) * (2 * eta**2 - e0 * eta - e0 * eta**3) * math.cos(2 * omega0)
            )
        )
    )  # fmt: skip
    c5 = 2 * q0_s_4 * xi**4 * a0 * beta0**2 * abs(1 - eta**2) ** -3.5 * (1 + 11 / 4 * eta * (eta + e0) + e0 * eta**3)
    d2 = 4 * a0 * xi * c1**2
    d3 = 4 / 3 * a0 * xi**2 * (17 * a0 + s) * c1**3
    d4 = 2 / 3 * a0**2 * xi**3 * (221 * a0 + 31 * s) * c1**4

    # Secular changes by gravity.
    p0 = a0 * beta0**2
    m_dot = n0 * (
        1
        + 3 * k2 * (-1 + 3 * theta**2) / (2 * p0**2) * beta0
        + 3 * k2**2 * (13 - 78 * theta**2 + 137 * theta**4) / (16 * p0**4) * beta0
    )
    omega_dot = n0 * (
        -3 * k2 * (1 - 5 * theta**2) / (2 * p0**2)
        + 3 * k2**2 * (7 - 114 * theta**2 + 395 * theta**4) / (16 * p0**4)
        + 5 * k4 * (3 - 36 * theta**2 + 49 * theta**4) / (4 * p0**4)
    )
    node_dot = n0 * (
        -3 * k2 * theta / p0**2
        + 3 * k2**2 * (4 * theta - 19 * theta**3) / (2 * p0**4)
        + 5 * k4 * theta * (3 - 7 * theta**2) / (2 * p0**4)
    )
    t = minutes
    m_df = m0 + m_dot * t
    omega = omega0 + omega_dot * t
    node = node0 + node_dot * t - 21 / 2 * n0 * k2 * theta / p0**2 * beta0**2 * c1 * t**2

    # Secular changes by drag.
    m_p, e = m_df, e0 - orbit.bstar * c4 * t
    a = a0 * (1 - c1 * t) ** 2
    longitude = n0 * 3 / 2 * c1 * t**2
    if not simple:
        if not circular:
            change = orbit.bstar * c3_times_e / e0 * math.cos(omega0) * t
            change += -2 / 3 * q0_s_4 * orbit.bstar * xi**4 / (e0 * eta) * (
                (1 + eta * math.cos(m_df)) ** 3 - (1 + eta * math.cos(m0)) ** 3
            )  # fmt: skip
            m_p, omega = m_p + change, omega - change
        e -= orbit.bstar * c5 * (math.sin(m_p) - math.sin(m0))
        a = a0 * (1 - c1 * t - d2 * t**2 - d3 * t**3 - d4 * t**4) ** 2
        longitude += n0 * (
            (d2 + 2 * c1**2) * t**3
            + 1 / 4 * (3 * d3 + 12 * c1 * d2 + 10 * c1**3) * t**4
            + 1 / 5 * (3 * d4 + 12 * c1 * d3 + 6 * d2**2 + 30 * c1**2 * d2 + 15 * c1**4) * t**5
        )
    if not -0.001 <= e < 1:
        return 1, lost
    e = max(e, 1e-6)
    longitude += m_p + omega + node

    # Long-period changes.
    beta = math.sqrt(1 - e**2)
    over = 1 + theta if abs(1 + theta) > 1.5e-12 else 1.5e-12
    a_xn = e * math.cos(omega)
    a_yn = e * math.sin(omega) + a30 * math.sin(i0) / (4 * k2 * a * beta**2)
    longitude += a30 * math.sin(i0) / (8 * k2 * a * beta**2) * a_xn * (3 + 5 * theta) / over

    # Kepler's equation for E + omega.
    u = (longitude - node) % (2 * math.pi)
    ew = u
    for _ in range(30):
        step = u - a_yn * math.cos(ew) + a_xn * math.sin(ew) - ew
        step /= 1 - a_yn * math.sin(ew) - a_xn * math.cos(ew)
        ew += math.copysign(min(abs(step), 0.95), step)
        if abs(step) < 1e-15:
            break

    # Short-period changes.
    e_cos = a_xn * math.cos(ew) + a_yn * math.sin(ew)
    e_sin = a_xn * math.sin(ew) - a_yn * math.cos(ew)
    e_l2 = a_xn**2 + a_yn**2
    p = a * (1 - e_l2)
    if p < 0:
        return 4, lost
    r = a * (1 - e_cos)
    root = math.sqrt(1 - e_l2)
    cos_u = a / r * (math.cos(ew) - a_xn + a_yn * e_sin / (1 + root))
    sin_u = a / r * (math.sin(ew) - a_yn - a_xn * e_sin / (1 + root))
    u = math.atan2(sin_u, cos_u)
    r_k = r * (1 - 3 / 2 * k2 * root / p**2 * (3 * theta**2 - 1)) + k2 / (2 * p) * (1 - theta**2) * math.cos(2 * u)
    u_k = u - k2 / (4 * p**2) * (7 * theta**2 - 1) * math.sin(2 * u)
    node_k = node + 3 * k2 * theta / (2 * p**2) * math.sin(2 * u)
    i_k = i0 + 3 * k2 * theta / (2 * p**2) * math.sin(i0) * math.cos(2 * u)
    if r_k < 1:
        return 6, lost
    x = -math.sin(node_k) * math.cos(i_k) * math.sin(u_k) + math.cos(node_k) * math.cos(u_k)
    y = math.cos(node_k) * math.cos(i_k) * math.sin(u_k) + math.sin(node_k) * math.cos(u_k)
    z = math.sin(i_k) * math.sin(u_k)
    return 0, [1e3 * radius_km * r_k * w for w in (x, y, z)]


def gravity_of_package(name: str) -> Gravity:
    """Return one of the models of gravity as the sgp4 package writes it, so that our own table has a witness."""
    model = getattr(earth_gravity, name)
    return Gravity(model.radiusearthkm, model.xke, model.j2, model.j3, model.j4)


def record(orbit: Orbit, epoch: np.datetime64 = EPOCH, gravity: str = "wgs72") -> Satrec:
    """Return the satellite as the sgp4 package knows it; the epoch is a whole day, which the package does not round."""
    made = Satrec()
    days = (epoch - np.datetime64("1949-12-31")) / np.timedelta64(1, "D")
    model = {"wgs72": WGS72, "wgs84": WGS84, "wgs72old": WGS72OLD}[gravity]
    made.sgp4init(
        model, "i", 0, days, orbit.bstar, 0.0, 0.0, orbit.eccentricity, orbit.argument_of_perigee,
        orbit.inclination, orbit.mean_anomaly, orbit.mean_motion, orbit.node,
    )  # fmt: skip
    return made


def of_record(record: Satrec) -> tuple[Orbit, np.datetime64]:
    """Return an element set and its epoch, which a file writes to 1e-8 days: a whole number of nanoseconds."""
    orbit = Orbit(
        record.bstar, record.inclo, record.nodeo, record.ecco, record.argpo, record.mo, record.no_kozai
    )  # fmt: skip
    day = np.datetime64("1949-12-31", "ns") + np.timedelta64(int(record.jdsatepoch - 2433281.5), "D")
    return orbit, day + np.timedelta64(round(record.jdsatepochF * 86_400e9), "ns")


def elements(orbits: list[Orbit], epoch: np.datetime64 | np.ndarray = EPOCH, gravity: str = "wgs72") -> Elements:
    """Return the satellites as our package knows them."""
    columns = dict(zip(FIELDS, np.array(orbits, float).reshape(-1, len(FIELDS)).T))
    return Elements(
        epoch=np.broadcast_to(epoch, len(orbits)), **columns,
        catalogue_id=np.full(len(orbits), -1), name=np.full(len(orbits), ""), gravity=gravity,
    )  # fmt: skip


def instants(minutes: np.ndarray, epoch: np.datetime64 = EPOCH) -> np.ndarray:
    """Return the instants some minutes after an epoch, to the nanosecond."""
    return epoch + np.rint(np.asarray(minutes, float) * 60e9).astype("timedelta64[ns]")


def package_positions_m(records: list[Satrec], utc: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the package's positions, (time, 3, satellite) [m], NaN for errors, and its codes, (time, satellite)."""
    day = utc.astype("datetime64[D]")
    fraction = (utc - day) / np.timedelta64(1, "D")
    error, xyz_km, _ = SatrecArray(records).sgp4(day.astype(float) + 2440587.5, fraction)
    xyz_m = 1e3 * xyz_km.transpose(1, 2, 0)
    return np.where(error.T[:, None, :] == 0, xyz_m, np.nan), error.T
