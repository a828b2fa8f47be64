"""How demand goes up and down over a day: shapes that ship, by name."""

from __future__ import annotations

from functools import cache

import numpy as np

from obrii.constants import SECONDS_PER_DAY
from obrii.errors import ScenarioError, nearest
from obrii.ground import shipped

#: Degrees that the mean sun moves in an hour.
_DEG_HOUR = 15.0

_MIDNIGHT = np.datetime64("1970-01-01T00:00:00", "ns")


def names() -> list[str]:
    """Names of the shapes that ship.

    >>> names()
    ['flat', 'residential']
    """
    return sorted(set(shipped.columns("day-curves")["curve"].tolist()))


@cache
def curve(name: str) -> np.ndarray:
    """Demand at each full hour of local solar time as a share of that of the busiest, (hour,) f8, read-only.

    Raises ScenarioError with the nearest name where there is no such curve.

    >>> curve("residential").max(), curve("residential").argmax(), curve("residential").argmin()
    (np.float64(1.0), np.int64(21), np.int64(4))
    """
    if name not in names():
        hint = nearest(name, names()) or f"; there are {', '.join(names())}"
        raise ScenarioError(f"traffic: no curve is called '{name}'{hint}")
    table = shipped.columns("day-curves")
    of_curve = table["curve"] == name
    shares = np.empty(24)
    shares[table["hour"][of_curve].astype(np.int64)] = table["share"][of_curve].astype(np.float64)
    shares.setflags(write=False)
    return shares


def source(name: str) -> str:
    """Where a shape comes from, or that it is an assumption."""
    table = shipped.columns("day-curves")
    return str(table["source"][table["curve"] == name][0])


def ahead_h(longitude_deg: np.ndarray) -> np.ndarray:
    """How far local mean solar time is ahead of UTC, (place,) f8 from 0 to 24 [h]; longitude_deg (place,).

    The sun stands in for clocks and habits, which follow time zones [assumption].

    >>> ahead_h(np.array([0.0, 37.5, -90.0, 390.0])).tolist()
    [0.0, 2.5, 18.0, 2.0]
    """
    return longitude_deg / _DEG_HOUR % 24.0


def shares(hourly: np.ndarray, ahead_h: np.ndarray, utc: np.datetime64) -> np.ndarray:
    """Demand at an instant as a share of the busiest hour's, (place,) f8.

    hourly (24,): as `curve` gives them, joined by straight lines; ahead_h (place,): of local time, 0 to 24 [h].

    >>> noon = np.datetime64("2022-10-03T12:00:00", "ns")
    >>> shares(np.arange(24.0), np.array([0.0, 2.5, 12.0]), noon).tolist()
    [12.0, 14.5, 0.0]
    """
    day_s = (utc - _MIDNIGHT) / np.timedelta64(1, "s") % SECONDS_PER_DAY
    # Two days of the shape: a remainder of every hour would cost twice as much as all the rest.
    return np.interp(day_s / 3600.0 + ahead_h, np.arange(49.0), np.concatenate([hourly, hourly, hourly[:1]]))
