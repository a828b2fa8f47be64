"""When a run looks at the sky: windows of slots or plain steps, in UTC.

Leap seconds are not modelled: UTC days have 86,400 s, as in the element sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from obrii.constants import JULIAN_DATE_UNIX, NANOSECONDS, SECONDS_PER_DAY, SLOT_EDGE_S, SLOT_S
from obrii.errors import ScenarioError


@dataclass(frozen=True)
class Window:
    """One run of equal steps.

    start: first step, UTC [datetime64[ns]]; step_s: length of a step [s]; count: steps.
    """

    start: np.datetime64
    step_s: float
    count: int


@dataclass(frozen=True)
class TimeGrid:
    """The steps of a run, as a list of windows; nothing crosses from one window into the next.

    >>> grid = TimeGrid.slots(np.datetime64("2022-10-03T12:00:00"), seconds=60)
    >>> [str(t)[11:19] for t in grid.utc]
    ['12:00:12', '12:00:27', '12:00:42', '12:00:57']
    """

    windows: tuple[Window, ...]

    def __post_init__(self) -> None:
        if not self.windows:
            raise ScenarioError("time: no window; give start and hours, seconds or slots")
        last = None
        for window in self.windows:
            if not (np.isfinite(window.step_s) and window.step_s > 0):
                raise ScenarioError(f"time: step_s is {window.step_s}; it must be above 0")
            if window.count < 1:
                raise ScenarioError(f"time: the window at {window.start} holds no step; make it longer")
            if last is not None and window.start < last:
                raise ScenarioError(f"time: the window at {window.start} starts before the one before it ends")
            last = window.start + nanoseconds(window.step_s * window.count)

    @classmethod
    def steps(cls, start: np.datetime64, *, step_s: float, seconds: float) -> TimeGrid:
        """Plain steps from `start`, rounded to nothing: all that start within `seconds`."""
        if not (np.isfinite(step_s) and step_s > 0):
            raise ScenarioError(f"time: step_s is {step_s}; it must be above 0")
        count = int(np.ceil(round(seconds / step_s, 6)))
        return cls((Window(start.astype("datetime64[ns]"), step_s, count),))

    @classmethod
    def slots(cls, start: np.datetime64, *, seconds: float) -> TimeGrid:
        """The operator's slots from the first edge at or after `start`: all that start within `seconds`."""
        nanos = int(start.astype("datetime64[ns]").astype(np.int64))
        edge, slot = SLOT_EDGE_S * NANOSECONDS, SLOT_S * NANOSECONDS
        first = edge + -((edge - nanos) // slot) * slot
        late_s = (first - nanos) / NANOSECONDS
        count = max(0, int(np.ceil(round((seconds - late_s) / SLOT_S, 6))))
        return cls((Window(np.datetime64(first, "ns"), float(SLOT_S), count),))

    @cached_property
    def utc(self) -> np.ndarray:
        """Start of every step, (time,) datetime64[ns]."""
        return _frozen(
            np.concatenate(
                [w.start.astype("datetime64[ns]") + nanoseconds(np.arange(w.count) * w.step_s) for w in self.windows]
            )
        )

    @cached_property
    def window(self) -> np.ndarray:
        """Index of the window of every step, (time,) i4."""
        return _frozen(np.repeat(np.arange(len(self.windows), dtype=np.int32), [w.count for w in self.windows]))

    @cached_property
    def duration_s(self) -> np.ndarray:
        """Length of every step [s], (time,) f8."""
        return _frozen(np.repeat([float(w.step_s) for w in self.windows], [w.count for w in self.windows]))

    @cached_property
    def seconds(self) -> np.ndarray:
        """Start of every step after the start of the run [s], (time,) f8."""
        return _frozen((self.utc - self.utc[0]) / np.timedelta64(1, "ns") / NANOSECONDS)

    @property
    def start(self) -> np.datetime64:
        """Start of the first step."""
        return np.datetime64(self.utc[0])

    @property
    def end(self) -> np.datetime64:
        """End of the last step."""
        return np.datetime64(self.utc[-1] + nanoseconds(self.duration_s[-1]))

    def __len__(self) -> int:
        return len(self.utc)

    def __getitem__(self, steps: slice) -> TimeGrid:
        """The grid of some of its steps, a slice without stride."""
        low, high, stride = steps.indices(len(self))
        if stride != 1:
            raise ScenarioError("time: a part of a grid is a slice without stride")
        parts, first = [], 0
        for w in self.windows:
            a, b = max(low - first, 0), min(high - first, w.count)
            if a < b:
                parts.append(Window(w.start + nanoseconds(a * w.step_s), w.step_s, b - a))
            first += w.count
        return TimeGrid(tuple(parts))

    def blocks(self, size: int) -> Iterator[slice]:
        """Slices of at most `size` steps that cover the grid in order."""
        for low in range(0, len(self), size):
            yield slice(low, min(low + size, len(self)))

    def index_at(self, at: np.datetime64) -> int:
        """The step that contains an instant; refused where none does."""
        at = at.astype("datetime64[ns]")
        index = int(np.searchsorted(self.utc, at, side="right")) - 1
        if index < 0 or at >= self.utc[index] + nanoseconds(self.duration_s[index]):
            raise ScenarioError(
                f"time: {instant(at)} lies outside the run, {instant(self.start)} to {instant(self.end)}"
            )
        return index


def nanoseconds(seconds: float | np.ndarray) -> Any:
    """Seconds as timedelta64[ns] of the same shape, rounded to the nanosecond."""
    return np.rint(np.asarray(seconds, float) * NANOSECONDS).astype(np.int64).astype("timedelta64[ns]")


def julian_date(utc: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Julian date of UTC instants as whole midnights and fractions of a day, two (time,) f8.

    >>> jd, fraction = julian_date(np.array(["2000-01-01T12:00:00"], "datetime64[ns]"))
    >>> float(jd[0]), float(fraction[0])
    (2451544.5, 0.5)
    """
    day = utc.astype("datetime64[D]")
    fraction = (utc - day) / np.timedelta64(1, "ns") / (SECONDS_PER_DAY * NANOSECONDS)
    return day.astype(np.int64) + JULIAN_DATE_UNIX, fraction


def instant(utc: np.datetime64) -> str:
    """An instant as people write it: ISO 8601 with Z, seconds only where they are not whole.

    >>> instant(np.datetime64("2022-10-03T12:00:12"))
    '2022-10-03T12:00:12Z'
    """
    text = str(utc.astype("datetime64[ns]"))
    return text.rstrip("0").rstrip(".") + "Z" if "." in text else text + "Z"


def _frozen(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array
