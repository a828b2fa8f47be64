"""Which element sets of a file are believed: physical, in orbit by SGP4 at their epoch, the newest of each satellite.

A file that is whole may still say nonsense about a satellite, which is then left out and counted, with the reason. A
file of which less than half can be used is refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sgp4.api import Satrec

from obrii.constants import EARTH_MU_M3_S2, EARTH_RADIUS_M, MINUTES_PER_DAY, SECONDS_PER_DAY, TWO_PI
from obrii.errors import DataError
from obrii.orbits.elements import Elements
from obrii.orbits.propagation import GRAVITY, NOT_FINITE, STATUS

#: What a set says beside its epoch, least and largest value that is believed, and unit. A slower mean motion is that of
#: an orbit wider than the Earth's hold against the Sun, a Hill radius of 1.5 million km. A larger drag term is that of
#: a thing lighter than any foil: B* is 0.17 times the area in m2 of each kg (Hoots and Roehrich, Spacetrack Report
#: No. 3, with a drag coefficient of 2.2, an assumption).
QUANTITIES = {
    "drag term": (-1e3, 1e3, ""),
    "inclination": (0.0, 180.0, " deg"),
    "node": (-360.0, 360.0, " deg"),
    "eccentricity": (0.0, 1.0, ""),
    "argument of perigee": (-360.0, 360.0, " deg"),
    "mean anomaly": (-360.0, 360.0, " deg"),
    "mean motion": (0.005, 99.0, " turns a day"),
}

#: Catalogue numbers have at most nine digits. CCSDS 502.0-B-3, orbit mean-elements message.
LARGEST_NUMBER = 999_999_999

#: The first satellite flew in 1957; element sets of the next century are not of this software's time (assumption).
FIRST_EPOCH, LAST_EPOCH = np.datetime64("1957-01-01", "ns"), np.datetime64("2100-01-01", "ns")


#: Characters of a foreign text that a message shows.
_SHOWN = 160


@dataclass(frozen=True)
class LeftOut:
    """Element sets that are not used for one reason: how many, and the first's name and place in the file."""

    reason: str
    count: int
    first: str
    place: str

    def __str__(self) -> str:
        return f"{self.reason}: {self.count:,} (first {self.first} in {self.place})"


@dataclass(frozen=True)
class ElementSet:
    """One set as it stands in a file.

    place: where in the file; name: of the satellite, its number where it has none; number: in the catalogue, -1 where
    that cannot be read; epoch: UTC, NaT where it cannot be read; values: in the order of `QUANTITIES`, NaN where one
    cannot be read; identity: tells whether two sets of one number and epoch are one satellite; foreign: why the set is
    not for SGP4, empty where it is.
    """

    place: str
    name: str
    number: int
    epoch: np.datetime64
    values: tuple[float, ...]
    identity: str
    foreign: str = ""


def shown(text: str) -> str:
    """How a text begins, in one line and without what would upset a terminal.

    >>> shown("Sorry,\\r\\n  not \\x1b[31mtoday")
    'Sorry, not ?[31mtoday'
    """
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(text[: 2 * _SHOWN].split())[:_SHOWN])


def believed(sets: list[ElementSet], source: str, gravity: str) -> tuple[Elements, tuple[LeftOut, ...]]:
    """The satellites of a file, in the order in which it first names them, and what is left out.

    source: what messages call the file. Raises DataError where less than half of the sets can be used, or where one
    number belongs to two satellites.
    """
    elements = _elements(sets, gravity)
    reasons = _reasons(sets, elements)
    fine = np.flatnonzero(reasons == "")
    if 2 * len(fine) < len(sets):
        why = ", ".join(str(part) for part in _left_out(sets, reasons))
        raise DataError(
            f"{source}: only {len(fine):,} of {len(sets):,} element sets can be used, and the rest cannot for {why}; "
            f"expected at least half"
        )
    newest = _newest(sets, fine, source)
    reasons[fine] = "older or repeated set of a satellite"
    reasons[newest] = ""
    return elements.take(newest), _left_out(sets, reasons)


def _elements(sets: list[ElementSet], gravity: str) -> Elements:
    column = dict(zip(QUANTITIES, np.array([one.values for one in sets]).T, strict=True))
    return Elements(
        epoch=np.array([one.epoch for one in sets]),
        bstar=column["drag term"],
        inclination=np.radians(column["inclination"]),
        node=np.radians(column["node"]),
        eccentricity=column["eccentricity"],
        argument_of_perigee=np.radians(column["argument of perigee"]),
        mean_anomaly=np.radians(column["mean anomaly"]),
        mean_motion=column["mean motion"] * TWO_PI / MINUTES_PER_DAY,
        catalogue_id=np.array([one.number for one in sets]),
        name=np.array([one.name for one in sets]),
        gravity=gravity,
    )


def _reasons(sets: list[ElementSet], elements: Elements) -> np.ndarray:
    """Why each set is not used, empty where it is, (set,) of str; the first reason stands."""
    reasons = np.array([one.foreign for one in sets], dtype=object)

    def refuse(wrong: np.ndarray, reason: str) -> None:
        reasons[(reasons == "") & wrong] = reason

    refuse(elements.catalogue_id < 0, "catalogue number missing or not a whole number of at most nine digits")
    in_time = (elements.epoch >= FIRST_EPOCH) & (elements.epoch < LAST_EPOCH)
    refuse(~in_time, "epoch missing, no date, or not of the years 1957 to 2099")
    values = np.array([one.values for one in sets]).T
    for (name, (low, high, unit)), value in zip(QUANTITIES.items(), values, strict=True):
        refuse(~np.isfinite(value), f"{name} missing or not a finite number")
        refuse(~((low <= value) & (value <= high)), f"{name} outside {low:g} to {high:g}{unit}")
    with np.errstate(all="ignore"):
        motion_rad_s = elements.mean_motion * (MINUTES_PER_DAY / SECONDS_PER_DAY)
        perigee_m = (EARTH_MU_M3_S2 / motion_rad_s**2) ** (1 / 3) * (1.0 - elements.eccentricity) - EARTH_RADIUS_M
    refuse(~(perigee_m > 0.0), "perigee below the ground")
    for k in np.flatnonzero(reasons == "").tolist():
        status = _status_at_epoch(elements, k)
        if status:
            reasons[k] = f"no orbit by SGP4 at the epoch itself, {STATUS[status]}"
    return reasons


def _status_at_epoch(elements: Elements, k: int) -> int:
    """What SGP4 says of one set at its own epoch, a code of `propagation.STATUS`."""
    record = Satrec()
    # The day matters only to the pulls of Sun and Moon, counted from 1949-12-31.
    day = float((elements.epoch[k] - np.datetime64("1949-12-31", "ns")) / np.timedelta64(1, "D"))
    record.sgp4init(
        GRAVITY[elements.gravity].package, "i", 0, day, elements.bstar[k], 0.0, 0.0, elements.eccentricity[k],
        elements.argument_of_perigee[k], elements.inclination[k], elements.mean_anomaly[k], elements.mean_motion[k],
        elements.node[k],
    )  # fmt: skip
    error, xyz_km, _ = record.sgp4_tsince(0.0)
    return error or (0 if np.isfinite(xyz_km).all() else NOT_FINITE)


def _newest(sets: list[ElementSet], fine: np.ndarray, source: str) -> np.ndarray:
    """The newest set of each satellite, in the order in which satellites are first named; of equals the last."""
    newest: dict[int, int] = {}
    for k in fine.tolist():
        one, known = sets[k], newest.get(sets[k].number)
        other = one if known is None else sets[known]
        if other.epoch == one.epoch and other.identity != one.identity:
            raise DataError(
                f"{source}, {one.place}: catalogue number {one.number} is already that of another satellite at the "
                f"same epoch, {other.place}; expected one number a satellite"
            )
        if other.epoch <= one.epoch:
            newest[one.number] = k
    return np.array(list(newest.values()), dtype=np.int64)


def _left_out(sets: list[ElementSet], reasons: np.ndarray) -> tuple[LeftOut, ...]:
    found: dict[str, list[ElementSet]] = {}
    for one, reason in zip(sets, reasons, strict=True):
        if reason:
            found.setdefault(reason, []).append(one)
    return tuple(LeftOut(reason, len(ones), ones[0].name, ones[0].place) for reason, ones in found.items())
