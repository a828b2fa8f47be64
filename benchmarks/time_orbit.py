"""How long a position takes, beside the sgp4 package, which is checked for equal answers first."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
from sgp4.api import WGS72, Satrec, SatrecArray

from obrii.constants import JULIAN_DATE_UNIX, MINUTES_PER_DAY
from obrii.orbits.elements import Elements
from obrii.orbits.propagation import positions, propagator
from obrii.orbits.shells import mean_motion_rad_min

SATELLITES, STEPS, STEP_S = 10_000, 60, 15
EPOCH = np.datetime64("2022-10-03", "ns")

#: The package ends Kepler's equation at 1e-12 rad, 7 um in low orbit.
EQUAL_M = 1e-4


def sky() -> Elements:
    """Nearly circular orbits of 400 to 1,300 km at random."""
    rng = np.random.default_rng(1)
    return Elements(
        epoch=np.full(SATELLITES, EPOCH),
        bstar=rng.uniform(0.0, 3e-4, SATELLITES),
        inclination=np.radians(rng.uniform(40.0, 100.0, SATELLITES)),
        node=rng.uniform(0.0, 2.0 * np.pi, SATELLITES),
        eccentricity=rng.uniform(1e-5, 1e-3, SATELLITES),
        argument_of_perigee=rng.uniform(0.0, 2.0 * np.pi, SATELLITES),
        mean_anomaly=rng.uniform(0.0, 2.0 * np.pi, SATELLITES),
        mean_motion=mean_motion_rad_min(rng.uniform(400e3, 1300e3, SATELLITES)),
        catalogue_id=np.full(SATELLITES, -1),
        name=np.full(SATELLITES, ""),
    )


def records(elements: Elements) -> SatrecArray:
    """The same satellites, as the sgp4 package knows them."""
    day = float((EPOCH - np.datetime64("1949-12-31")) / np.timedelta64(1, "D"))
    columns = [
        elements.eccentricity, elements.argument_of_perigee, elements.inclination, elements.mean_anomaly,
        elements.mean_motion, elements.node,
    ]  # fmt: skip
    made = []
    for bstar, *rest in zip(elements.bstar, *columns):
        made.append(Satrec())
        made[-1].sgp4init(WGS72, "i", 0, day, bstar, 0.0, 0.0, *rest)
    return SatrecArray(made)


def cpu_ns(work: Callable[[], Any], times: int) -> float:
    """The median of the processor's time for one position, after one run to warm up."""
    work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return 1e9 * median(taken) / (SATELLITES * STEPS)


def measure() -> list[dict]:
    """One row a measurement: work, rival, figure, unit."""
    elements = sky()
    utc = EPOCH + np.timedelta64(1, "D") + np.arange(STEPS) * np.timedelta64(STEP_S, "s")
    minutes = (utc - EPOCH) / np.timedelta64(1, "m")
    start = time.process_time()
    ours = propagator(elements)
    made_ns = 1e9 * (time.process_time() - start) / SATELLITES
    start = time.process_time()
    theirs = records(elements)
    theirs_made_ns = 1e9 * (time.process_time() - start) / SATELLITES
    day = np.full(STEPS, EPOCH.astype("datetime64[D]").astype(int) + JULIAN_DATE_UNIX)
    fraction = minutes / MINUTES_PER_DAY

    found_m = positions(ours, utc, dtype=np.float64, frame="teme")
    error, xyz_km, _ = theirs.sgp4(day, fraction)
    if error.any():
        raise AssertionError("the sgp4 package refuses a satellite of the benchmark")
    np.testing.assert_allclose(found_m, 1e3 * xyz_km.transpose(1, 2, 0), rtol=0, atol=EQUAL_M)

    float64 = f"position, float64, TEME: {SATELLITES:,} satellites x {STEPS} steps"
    default = f"position, float32, turned with the Earth: {SATELLITES:,} satellites x {STEPS} steps"
    return [
        row(default, "obrii", cpu_ns(lambda: positions(ours, utc), 25), "ns"),
        row(float64, "obrii", cpu_ns(lambda: positions(ours, utc, dtype=np.float64, frame="teme"), 25), "ns"),
        row(float64, "sgp4.SatrecArray", cpu_ns(lambda: theirs.sgp4(day, fraction), 5), "ns"),
        row("coefficients of a satellite", "obrii", made_ns, "ns"),
        row("coefficients of a satellite", "sgp4.Satrec", theirs_made_ns, "ns"),
    ]


def row(work: str, rival: str, figure: float, unit: str) -> dict:
    """One row of the results."""
    return {"work": work, "rival": rival, "figure": round(figure, 1), "unit": unit}


def main() -> None:
    """Print the rows."""
    for each in measure():
        print(f"{each['figure']:12.1f} {each['unit']}  {each['rival']:32} {each['work']}")


if __name__ == "__main__":
    main()
