"""What a table of changes says in each column: before and after, whether that is a change, and how long a bar it takes.

A column stands in a table where it says something in this run: where something changes in it, and not everywhere by the
same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from obrii.report.messages import Words
from obrii.report.quantities import MISSING

Row = dict[str, Any]

#: Least change that is told: of shares, of delays and rates as a part, of means of minutes and of gaps. Small shifts of
#: load among gateways move delays and rates.
_SHARE, LEAST_DELAY, LEAST_RATE, _MEAN = 0.0005, 0.05, 0.01, 0.05

#: Rows up to which a column stands though all of them change by the same.
_FEW = 2

#: Messages of who took over, as `obrii compare` says it too.
_TAKERS = {"operator": "compare.took.operator", "gateway": "compare.took.gateway", "pop": "compare.took.pop"}


class Column(NamedTuple):
    """A column: its name in messages, the one of the comparison that defines it, what it says of a row, with a line
    below, whether the row changes in it, and the length of its bar from 0 to 1: of what a case takes."""

    name: str
    defined: str
    says: Callable[[Row, Words], tuple[str, str]]
    changes: Callable[[Row], bool]
    part: Callable[[Row], float]


def took_over(row: Row, words: Words) -> str:
    """Who took over, of those kinds of which somebody did.

    >>> took_over({"operator": "oneweb", "gateway": "", "pop": "Istanbul"}, Words())
    'OneWeb, PoP Istanbul'
    """
    named = {"operator": words.operator, "gateway": words.station, "pop": words.station}
    return ", ".join(words.say(key, name=named[kind](row[kind])) for kind, key in _TAKERS.items() if row.get(kind))


def number(row: Row, name: str) -> float:
    """A number of a row, 0 where there is none."""
    value = row.get(name)
    return float(value) if value is not None and math.isfinite(value) else 0.0


def shown(columns: Sequence[Column], rows: Sequence[Row], words: Words) -> tuple[list[Column], list[Column]]:
    """Of some columns, those that tell rows apart, and those in which all rows change by the same.

    The first column that changes at all is among the former, and of few rows every one that does. Columns in which
    nothing changes are in neither.
    """
    changing = [column for column in columns if any(column.changes(row) for row in rows)]
    told = len(rows) > _FEW
    alike = [column for column in changing[1:] if told and len({column.says(row, words) for row in rows}) == 1]
    return [column for column in changing if column not in alike], alike


def _arrow(before: str, after: str) -> str:
    """Before and after, once where they are written the same."""
    return after if before in (after, MISSING) else f"{before} → {after}"


def _moved(before: str, after: str, least: float) -> Callable[[Row], bool]:
    return lambda row: abs(number(row, after) - number(row, before)) >= least


def _longer(row: Row, before: str, after: str) -> float:
    """By how much more there is after than before, 0 where there is less."""
    return max(0.0, number(row, after) - number(row, before))


def _more(before: str, after: str, written: str) -> Callable[[Row, Words], tuple[str, str]]:
    """Two numbers in the way of `Words` that is named; nothing in front of the arrow where there was nothing."""

    def says(row: Row, words: Words) -> tuple[str, str]:
        write = getattr(words, written)
        if not number(row, before):
            return write(row[after]), ""
        return _arrow(write(row[before]), write(row[after])), ""

    return says


def _rtt(row: Row, words: Words) -> tuple[str, str]:
    text = _arrow(words.milliseconds(row["rtt_before_ms"]), words.milliseconds(row["rtt_after_ms"]))
    return text, words.say("compared.factor", factor=words.mean(row["rtt_stretch"])) if _stretched(row) else ""


def _stretched(row: Row) -> bool:
    return abs((number(row, "rtt_stretch") or 1.0) - 1.0) >= LEAST_DELAY


def _kept(name: str) -> Callable[[Row], bool]:
    return lambda row: math.isfinite(row.get(name, math.nan)) and abs(row[name] - 1.0) >= LEAST_RATE


def _share(name: str) -> Callable[[Row, Words], tuple[str, str]]:
    return lambda row, words: (words.kept(row.get(name)), "")


LOST = Column(
    "lost", "share_lost", _share("share_lost"), lambda row: number(row, "share_lost") >= _SHARE,
    lambda row: number(row, "share_lost"),
)  # fmt: skip
ADDED = Column(
    "gained", "share_gained", _share("share_gained"), lambda row: number(row, "share_gained") >= _SHARE,
    lambda row: min(1.0, number(row, "share_gained")),
)  # fmt: skip
MINUTES = Column(
    "minutes", "minutes_without_after", _more("minutes_without_before", "minutes_without_after", "mean"),
    _moved("minutes_without_before", "minutes_without_after", _MEAN),
    lambda row: _longer(row, "minutes_without_before", "minutes_without_after") / row["measured_min"],
)  # fmt: skip
LONGEST = Column(
    "longest", "longest_gap_after_s", _more("longest_gap_before_s", "longest_gap_after_s", "duration"),
    _moved("longest_gap_before_s", "longest_gap_after_s", 1.0),
    lambda row: _longer(row, "longest_gap_before_s", "longest_gap_after_s") / (60.0 * row["measured_min"]),
)  # fmt: skip
GAPS = Column(
    "gaps", "gaps_after_mean", _more("gaps_before_mean", "gaps_after_mean", "mean"),
    _moved("gaps_before_mean", "gaps_after_mean", _MEAN),
    lambda row: min(1.0, _longer(row, "gaps_before_mean", "gaps_after_mean") / max(row["most_gaps"], 1.0)),
)  # fmt: skip
SLOWER = Column(
    "slower", "share_slower", _share("share_slower"), lambda row: number(row, "share_slower") >= _SHARE,
    lambda row: number(row, "share_slower"),
)  # fmt: skip
RTT = Column(
    "rtt", "rtt_after_ms", _rtt, _stretched,
    lambda row: 1.0 - 1.0 / max(1.0, number(row, "rtt_stretch")),
)  # fmt: skip
RATE = Column("rate", "rate_kept", _share("rate_kept"), _kept("rate_kept"), lambda row: 0.0)
CAPACITY = Column("capacity", "capacity_kept", _share("capacity_kept"), _kept("capacity_kept"), lambda row: 0.0)
DEGRADED = Column(
    "degraded", "terminals_degraded_mean",
    lambda row, words: (words.count(row.get("terminals_degraded_mean")), ""),
    lambda row: number(row, "terminals_degraded_mean") >= 0.5, lambda row: 0.0,
)  # fmt: skip
TOOK = Column(
    "took", "gateway", lambda row, words: (took_over(row, words) or MISSING, ""),
    lambda row: bool(row.get("operator") or row.get("gateway") or row.get("pop")), lambda row: 0.0,
)  # fmt: skip

#: What changes for those who live in a place; others only say how.
CHANGES = (LOST, ADDED, MINUTES, LONGEST, GAPS, RTT, SLOWER, RATE, DEGRADED)


def changed(row: Row) -> bool:
    """Whether anything changes for those who live in a place."""
    return any(column.changes(row) for column in CHANGES)


def weight(row: Row) -> tuple[float, ...]:
    """What places are sorted by, those first that change most."""
    stretch = number(row, "rtt_stretch") or 1.0
    more = number(row, "minutes_without_after") - number(row, "minutes_without_before")
    return (-number(row, "share_lost"), -more, -number(row, "share_gained"), -abs(math.log(stretch)))
