"""How strong an event is over time: from nothing to the whole of its members, and back.

    1 ┤        ┌─────────────┐                    strength: the share of the members that are off
      │       ╱               ╲
      │      ╱                 ╲____
      │     ╱                       ╲
    0 ┼────┴────────────────────────┴───────►
          start, ramp_s     end, recovery

Members have an order (`draws.ranks`), and the first of them are off: a ramp takes the same ones in the same order
however strong it gets, and who was lost last is restored first. Events that overlap need no rule of their own: what
any of them takes is off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii.errors import ScenarioError
from obrii.network import draws
from obrii.timegrid import instant, nanoseconds


@dataclass(frozen=True)
class Course:
    """From when to when an event holds, how it comes, and how it goes.

    start, end: UTC [datetime64], None from or to beyond the run. ramp_s: time over which the loss grows evenly, from
    start [s]. recovery: (time after the end [s], share of the loss that is restored by then), evenly in between from
    (0, 0), later times later; nothing means all at once at the end, and a last share below 1 that the rest stays lost.
    every_s: time from one start to the next, for an event that comes back [s]; times: how often it comes in all, None
    for as long as the run lasts. where: how a refusal begins.

    Raises ScenarioError where the times contradict each other.

    >>> Course(start=np.datetime64("2025-07-24T19:13"), end=np.datetime64("2025-07-24T19:00"))
    Traceback (most recent call last):
    obrii.errors.ScenarioError: event: ends at 2025-07-24T19:00:00Z, before it starts; the end comes after the start
    """

    start: np.datetime64 | None = None
    end: np.datetime64 | None = None
    ramp_s: float = 0.0
    recovery: tuple[tuple[float, float], ...] = ()
    every_s: float | None = None
    times: int | None = None
    where: str = "event"

    def __post_init__(self) -> None:
        for refused in _CHECKS:
            fault = refused(self)
            if fault:
                raise ScenarioError(f"{self.where}: {fault}")

    @property
    def lasts_s(self) -> float:
        """Time from start to end [s], without end where one of them lies beyond the run."""
        if self.start is None or self.end is None:
            return np.inf
        return float((self.end - self.start) / np.timedelta64(1, "s"))


def recovering(recovery_s: float) -> tuple[tuple[float, float], ...]:
    """The recovery that restores everything evenly within a time [s].

    >>> recovering(900.0), recovering(0.0)
    (((900.0, 1.0),), ())
    """
    return ((recovery_s, 1.0),) if recovery_s else ()


def strength(course: Course, utc: np.ndarray) -> np.ndarray:
    """Share of the members of an event that is off at each instant: (time,) f8, 0 to 1.

    utc (time,) datetime64. A step is judged at its start, and an event holds at its start and no longer at its end.

    >>> storm = Course(np.datetime64("2025-01-01T00:01"), np.datetime64("2025-01-01T00:03"), 60, recovering(120))
    >>> minutes = np.datetime64("2025-01-01T00:00") + np.arange(7) * np.timedelta64(60, "s")
    >>> strength(storm, minutes).tolist()
    [0.0, 0.0, 1.0, 1.0, 0.5, 0.0, 0.0]
    """
    utc = np.asarray(utc, "datetime64[ns]")
    if course.start is None:
        return _tail(course, utc)
    start = course.start.astype("datetime64[ns]")
    if course.every_s is None:
        return _once(course, utc, np.broadcast_to(start, utc.shape))
    every = nanoseconds(course.every_s)
    turn = (utc - start) // every
    if course.times is not None:
        turn = np.minimum(turn, course.times - 1)
    # What is left of earlier losses is less than of the last one that has ended.
    latest = np.maximum(turn, 0)
    strongest = _once(course, utc, start + latest * every)
    before = _once(course, utc, start + np.maximum(latest - 1, 0) * every)
    return np.asarray(np.maximum(strongest, before))


def stretches(course: Course, since: np.datetime64, until: np.datetime64) -> list[tuple[np.datetime64, np.datetime64]]:
    """From and to when an event acts, each time that it comes between two instants; the ends may lie beyond them.

    It acts until all that it took is restored, and for ever where some of it never is.

    >>> storm = Course(np.datetime64("2025-01-01T00:01:00"), np.datetime64("2025-01-01T00:03:00"), 60, recovering(120))
    >>> [[str(end)[11:19] for end in each] for each in stretches(storm, storm.start, storm.end)]
    [['00:01:00', '00:05:00']]
    """
    start = since if course.start is None else course.start
    end = until if course.end is None else course.end
    if course.recovery:
        at_s, restored = course.recovery[-1]
        end = end + nanoseconds(at_s) if restored >= 1.0 else until
    if course.every_s is None:
        return [(start, max(end, start))]
    last = int(np.ceil((until - start) / nanoseconds(course.every_s))) - 1
    times = last + 1 if course.times is None else min(course.times, last + 1)
    later = [k * nanoseconds(course.every_s) for k in range(times)]
    return [(start + wait, end + wait) for wait in later if end + wait > since]


def taken(rank: np.ndarray, strength: float) -> np.ndarray:
    """Members of an event that are off while it is that strong: (n,) bool.

    rank (n,): order of the members, -1 for what is none of them (`draws.ranks`).

    >>> taken(np.array([2, 0, -1, 1]), 0.7).tolist()
    [False, True, False, True]
    """
    return draws.first(rank, strength)


def _once(course: Course, utc: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Strength of the loss that starts at an instant, (time,) each."""
    since_s = (utc - start) / np.timedelta64(1, "s")
    grown = np.clip(since_s / course.ramp_s, 0.0, 1.0) if course.ramp_s else np.ones(len(utc))
    holds = (since_s >= 0.0) & (since_s < course.lasts_s)
    return np.where(holds, grown, np.where(since_s < 0.0, 0.0, _left(course, since_s - course.lasts_s)))


def _tail(course: Course, utc: np.ndarray) -> np.ndarray:
    """Strength of a loss that has held since before the run."""
    if course.end is None:
        return np.ones(len(utc))
    after_s = (utc - course.end.astype("datetime64[ns]")) / np.timedelta64(1, "s")
    return np.where(after_s < 0.0, 1.0, _left(course, after_s))


def _left(course: Course, after_s: np.ndarray) -> np.ndarray:
    """Share of a loss that is left so long after its end."""
    if not course.recovery:
        return np.zeros(len(after_s))
    at_s, restored = np.array([(0.0, 0.0), *course.recovery]).T
    # Of two points at one time the later one holds, so that a part may come back at once.
    found = np.searchsorted(at_s, after_s, side="right") - 1
    low, high = np.clip(found, 0, len(at_s) - 1), np.clip(found + 1, 0, len(at_s) - 1)
    width = at_s[high] - at_s[low]
    part = np.divide(after_s - at_s[low], width, out=np.zeros(len(after_s)), where=width > 0)
    return 1.0 - (restored[low] + part * (restored[high] - restored[low]))


def _ends_early(course: Course) -> str | None:
    if course.end is not None and course.lasts_s <= 0.0:
        return f"ends at {instant(course.end)}, before it starts; the end comes after the start"
    return None


def _needs_start(course: Course) -> str | None:
    if course.start is None and (course.ramp_s or course.every_s is not None):
        return f"has {'a ramp' if course.ramp_s else 'every_s'} and no start; say from when it holds"
    return None


def _needs_end(course: Course) -> str | None:
    if course.end is None and (course.recovery or course.every_s is not None):
        return f"has {'a recovery' if course.recovery else 'every_s'} and no end; say to when it holds"
    return None


def _no_ramp(course: Course) -> str | None:
    if not 0.0 <= course.ramp_s < np.inf:
        return f"ramp_s is {course.ramp_s:g}; give 0 or more seconds"
    if course.ramp_s > course.lasts_s:
        return (
            f"its ramp takes {course.ramp_s:g} s and it ends after {course.lasts_s:g} s, so that recovery comes before "
            "the loss; end it later, or make the ramp shorter"
        )
    return None


def _no_recovery(course: Course) -> str | None:
    at_s, restored = 0.0, 0.0
    for next_s, share in course.recovery:
        if not 0.0 <= next_s < np.inf:
            return f"recovery at {next_s:g} s comes before the loss ends; times are seconds after the end"
        if next_s < at_s:
            return f"recovery goes from {at_s:g} s back to {next_s:g} s; later points come later"
        draws.check_share(share, course.where, "recovery")
        if share < restored:
            return f"recovery falls from {restored:g} to {share:g}; write what is lost again as an event of its own"
        at_s, restored = next_s, share
    return None


def _no_repeat(course: Course) -> str | None:
    if course.every_s is None:
        return None if course.times is None else "times without every_s; say after how long it comes back"
    if not course.lasts_s <= course.every_s < np.inf:
        return (
            f"comes back every {course.every_s:g} s and lasts {course.lasts_s:g} s; let it be over before it comes back"
        )
    if course.times is not None and course.times < 1:
        return f"times is {course.times}; give 1 or more"
    return None


#: What is looked at before a course is believed, in order: each says what is wrong, or nothing.
_CHECKS = (_needs_start, _needs_end, _ends_early, _no_ramp, _no_recovery, _no_repeat)
