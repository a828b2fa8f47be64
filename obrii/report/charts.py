"""Service over time: a panel a variant, with what is missing in the colour of its reason and the event marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from obrii.report import palette
from obrii.report.intervals import interval
from obrii.report.markup import Markup, element, join
from obrii.report.messages import Words
from obrii.report.paths import path
from obrii.report.quantities import as_utc
from obrii.report.reading import Run, Variant

#: Size of a panel, and of the plot in it: left, top, width, height.
_WIDTH, _HEIGHT = 340, 158
_LEFT, _TOP, _PLOT_WIDTH, _PLOT_HEIGHT = 44, 26, 286, 110

#: Points of a curve at most; a longer run is drawn as means of as many steps as it takes.
_MOST_POINTS = 600

#: Units of the path for a unit of the panel, so that whole units are fine enough.
_FINE = 10.0

#: Length from which a run is marked by days.
_LONG = timedelta(days=1)

#: Width of a letter over the plot, roughly.
_LETTER = 6.0

#: Marks of the share axis.
_MARKS = (0.0, 0.5, 1.0)


def panel(run: Run, variants: Sequence[Variant], words: Words) -> Markup:
    """Share served of what intact serves, over the run, in variants that look the same.

    Added terminals stand in the missing part as far as they are as many; their number stands with them.
    """
    variant = variants[0]
    times = run.of("series", variant.name)["time"].sort_values()
    served, back = _curves(run, variant)
    stretches = _stretches(variant)
    label = _count_added(run, variant, times, words) if (back > 0.0).any() else ""
    return element(
        "svg",
        element("title", words.say("time.panel", variant="; ".join(words.variant(v.name) for v in variants))),
        _areas(served, back, variant),
        _axes(times, words),
        [_bracket(times, start, end, words) for start, end in stretches],
        label,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        cls="chart",
    )


def looks(run: Run, variant: Variant) -> tuple[object, ...]:
    """What tells the panel of a variant from others, to a pixel."""
    curves = tuple(tuple(np.rint(_y(points)).tolist()) for points in _curves(run, variant))
    return (*curves, variant.main_reason, tuple(_stretches(variant)), round(variant.added.served))


def _curves(run: Run, variant: Variant) -> tuple[np.ndarray, np.ndarray]:
    """Share served, and share that added terminals with service make up of what is missing: points of curves."""
    rows = run.of("series", variant.name).sort_values("time")
    share = np.clip(np.nan_to_num(rows["share_served"].to_numpy(float)), 0.0, 1.0)
    added = np.zeros(len(share))
    if "terminals_added_served" in rows and run.summary.counts_terminals:
        added = rows["terminals_added_served"].to_numpy(float) / run.summary.served
    return _points(share), _points(np.minimum(np.nan_to_num(added), 1.0 - share))


def _points(share: np.ndarray) -> np.ndarray:
    """Means of so many steps that a curve has few enough points."""
    every = -(-len(share) // _MOST_POINTS)
    sums = np.add.reduceat(share, np.arange(0, len(share), every))
    return np.asarray(sums / np.minimum(every, len(share) - every * np.arange(len(sums))))


def _areas(served: np.ndarray, back: np.ndarray, variant: Variant) -> Markup:
    """What is served below the curve, and what is missing above it, with what is added in that."""
    left, right, bottom = _LEFT, _LEFT + _PLOT_WIDTH, _TOP + _PLOT_HEIGHT
    curve, above = _steps(served), _steps(served + back)
    below = np.vstack([curve, [[right, bottom], [left, bottom]]])
    between = np.vstack([above, curve[::-1]])
    return element(
        "g",
        element(
            "rect",
            x=left * _FINE,
            y=_TOP * _FINE,
            width=_PLOT_WIDTH * _FINE,
            height=_PLOT_HEIGHT * _FINE,
            fill=palette.strongest(variant.main_reason),
        ),
        element("path", d=path([below * _FINE], closed=True), cls="served"),
        element("path", d=path([between * _FINE], closed=True), fill=palette.BACK) if (back > 0.0).any() else "",
        element("path", d=path([curve * _FINE], closed=False), cls="curve"),
        transform=f"scale({1 / _FINE:g})",
    )


def _steps(points: np.ndarray) -> np.ndarray:
    """A curve of level stretches, a stretch a point: a line between steps would show service that was not there."""
    x = np.repeat(np.linspace(_LEFT, _LEFT + _PLOT_WIDTH, len(points) + 1), 2)[1:-1]
    return np.column_stack([x, np.repeat(_y(points), 2)])


def _count_added(run: Run, variant: Variant, times: pd.Series, words: Words) -> Markup:
    """How many are added and have service, in the middle of the time in which something acts."""
    moments = [moment for stretch in _stretches(variant) for moment in stretch] or [times.iloc[0], times.iloc[-1]]
    first, last = (_LEFT + _PLOT_WIDTH * _part(times, as_utc(moment)) for moment in (min(moments), max(moments)))
    text = words.say(
        "time.added",
        served=words.count(variant.added.served),
        share=words.kept(variant.added.served / run.summary.served),
    )
    y = _TOP + _PLOT_HEIGHT - 10
    return element("text", text, x=round((first + last) / 2, 1), y=y, text_anchor="middle", cls="gain")


def _axes(times: pd.Series, words: Words) -> Markup:
    right, bottom = _LEFT + _PLOT_WIDTH, _TOP + _PLOT_HEIGHT
    marks = []
    for mark in _MARKS:
        y = round(float(_y(np.array([mark]))[0]), 1)
        marks.append(element("line", x1=_LEFT, x2=right, y1=y, y2=y, cls="axis" if mark == 0 else "grid"))
        marks.append(element("text", words.percent(mark), x=_LEFT - 6, y=y + 4, text_anchor="end"))
    for part, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        x = round(_LEFT + part * _PLOT_WIDTH, 1)
        marks.append(element("line", x1=x, x2=x, y1=bottom, y2=bottom + 4, cls="axis"))
        marks.append(element("text", _tick(times, part, words), x=x, y=bottom + 18, text_anchor=anchor))
    return join(marks)


def _tick(times: pd.Series, part: float, words: Words) -> str:
    """When a part of the run is over, as the time of day or, for a long run, the day."""
    index = round(part * len(times))
    last = as_utc(times.iloc[-1])
    moment = as_utc(times.iloc[index]) if index < len(times) else last + (last - as_utc(times.iloc[-2]))
    return words.clock(moment) if last - as_utc(times.iloc[0]) < _LONG else words.date(moment)


def _bracket(times: pd.Series, start: datetime, end: datetime, words: Words) -> Markup:
    """The stretch in which an event acts, above the plot."""
    first, last = (_LEFT + _PLOT_WIDTH * _part(times, moment) for moment in (start, end))
    y = _TOP - 6
    dated = as_utc(times.iloc[-1]) - as_utc(times.iloc[0]) > _LONG
    label = words.say("time.event", span=interval(start, end, words, dated))
    half = max(50.0, _LETTER / 2 * len(label))
    middle = min(max((first + last) / 2, _LEFT + half), _LEFT + _PLOT_WIDTH - half)
    return join(
        element("path", d=f"M{first:.1f} {y + 4}v-4H{last:.1f}v4", cls="bracket"),
        element("text", label, x=round(middle, 1), y=y - 4, text_anchor="middle", cls="event"),
    )


def _stretches(variant: Variant) -> list[tuple[datetime, datetime]]:
    """When an event acts that is measured, from and to; those that overlap or touch make one stretch."""
    stretches: list[tuple[datetime, datetime]] = []
    for event in sorted(variant.measured, key=lambda event: event.start):
        if stretches and event.start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], event.end))
        else:
            stretches.append((event.start, event.end))
    return stretches


def _part(times: pd.Series, moment: datetime) -> float:
    """Where a moment lies among the steps, 0 at the first and 1 at the end of the last."""
    return float(np.searchsorted(times.to_numpy("datetime64[ns]"), np.datetime64(moment.replace(tzinfo=None)))) / len(
        times
    )


def _y(share: np.ndarray) -> np.ndarray:
    return _TOP + _PLOT_HEIGHT * (1.0 - share)
