"""From when to when, in few words: times of the day, days, or years, as the length asks."""

from __future__ import annotations

from datetime import datetime, timedelta

from obrii.report.messages import Words

#: Lengths from which the time of the day no longer matters, and then the day.
_DAYS, _YEARS = timedelta(days=2), timedelta(days=730)

#: Length from which times of the day need their day.
DAY = timedelta(days=1)


def interval(start: datetime, end: datetime, words: Words, dated: bool = False) -> str:
    """From when to when; dated: whether times of the day stand with their day, as in a run longer than one.

    >>> at = [datetime(*date, 12, 30) for date in ((2022, 10, 3), (2022, 10, 4), (2022, 11, 9), (2027, 1, 1))]
    >>> [interval(at[0], end, Words()) for end in at[1:]]
    ['3 October 2022, 12:30 – 4 October 2022, 12:30', '3 October – 9 November 2022', '2022–2027']
    >>> [interval(at[0], at[0].replace(hour=13, minute=0), Words(), dated) for dated in (False, True)]
    ['12:30–13:00', '3 October 2022, 12:30–13:00']
    """
    length = end - start
    if length >= _YEARS:
        return f"{start.year}–{end.year}"
    first, last = words.date(start), words.date(end)
    if length >= _DAYS:
        return f"{first.rpartition(' ')[0] if start.year == end.year else first} – {last}"
    clocks = f"{words.clock(start)}–{words.clock(end)}"
    if not dated and length < DAY:
        return clocks
    return f"{first}, {clocks}" if first == last else f"{first}, {words.clock(start)} – {last}, {words.clock(end)}"
