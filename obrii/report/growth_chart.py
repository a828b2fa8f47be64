"""The picture of what terminals get by their number: logarithmic scales, a line an operator, what is of use across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from obrii.report.labels import Box, Label, Room
from obrii.report.markup import Markup, element, join
from obrii.report.messages import Words

#: Colours of the lines, in order: those of the maps, apart for readers of any colour vision.
_COLOURS = ("#00548c", "#c84008", "#591893", "#91885a", "#9a0a69", "#161f25")

#: Marks of a decade that have lines.
_OF_DECADE = (1.0, 2.0, 5.0)

#: Decades from which the marks of a scale have numbers at powers of ten alone.
_LONG = 2.2

#: Part of what is of use below which rates are not drawn.
_FLOOR = 0.1

#: Room beyond the smallest and the largest rate, as a part of them.
_AIR = 1.35

#: Width of a letter in heights of it, and places tried for a number beside its dot, in lines above or below it.
_LETTER_WIDTH, _BESIDE = 0.62, (-0.8, 0.9, -2.0, 2.1, -3.2, 3.3)


#: Places tried for the name of what is of use, along its line.
_ALONG = 9

#: Part of a decade within which a number is a power of ten.
_NEAR = 1e-6


class Size(NamedTuple):
    """A picture, in its own units: width, height, height of letters; and the name of the page that it is for."""

    width: float
    height: float
    letters: float
    name: str


SIZES = (Size(900, 380, 12, "wide"), Size(380, 340, 13, "narrow"))


@dataclass(frozen=True)
class Line:
    """What terminals of an operator get by their number: name; terminals (point,), ascending; half_bps, tenth_bps
    (point,): what half and nine in ten get at least; here: as many as there are in the run, where that was tried."""

    name: str
    terminals: np.ndarray
    half_bps: np.ndarray
    tenth_bps: np.ndarray
    here: tuple[float, ...]


def most(terminals: np.ndarray, bps: np.ndarray, usable_bps: float) -> tuple[str, float]:
    """Up to how many terminals a rate holds: "about" so many, "more" than the most tried, or "fewer" than the fewest.

    terminals, bps (point,); between the points, straight lines on logarithmic scales.

    >>> most(np.array([1e3, 1e5]), np.array([1e8, 1e6]), 1e7)
    ('about', 10000.0)
    >>> most(np.array([1e3, 1e5]), np.array([1e8, 2e7]), 1e7), most(np.array([1e3, 1e5]), np.array([1e6, 0.0]), 1e7)
    (('more', 100000.0), ('fewer', 1000.0))
    """
    under = np.flatnonzero(bps < usable_bps)
    if not len(under):
        return "more", float(terminals[-1])
    last = int(under[0])
    if last == 0:
        return "fewer", float(terminals[0])
    # A rate of nothing has no logarithm: the fall to it is as steep as to a thousandth of what is asked.
    high, low = np.log(bps[last - 1]), np.log(max(float(bps[last]), 1e-3 * usable_bps))
    part = (high - np.log(usable_bps)) / (high - low)
    before, after = np.log(terminals[last - 1 : last + 1])
    return "about", float(np.exp(before + part * (after - before)).round(6))


def colour(number: int) -> str:
    """The colour of a line by its number."""
    return _COLOURS[number % len(_COLOURS)]


def picture(found: Sequence[Line], usable_bps: float, size: Size, words: Words) -> Markup:
    """All lines, and where half of the terminals get no more than what is of use."""
    plot = _plot(found, usable_bps, size, words)
    room = Room(size.width, size.height)
    # Nothing is written over the numbers of the scale.
    room.taken.append(Box(0.0, plot.top, plot.left, plot.bottom))
    for line in found:
        for bps in (line.half_bps, line.tenth_bps):
            _keep_off(plot, room, line, bps)
    return element(
        "svg",
        element("title", words.say("growth.picture")),
        _axes(plot, words),
        _usable(plot, room, usable_bps, words),
        [_curves(plot, number, line) for number, line in enumerate(found)],
        [_crossing(plot, room, number, line, usable_bps, words) for number, line in enumerate(found)],
        viewBox=f"0 0 {size.width:g} {size.height:g}",
        role="img",
        cls="chart growth",
        style=f"font-size:{size.letters:g}px",
    )


@dataclass(frozen=True)
class _Plot:
    """Logarithmic scales: numbers and rates at the edges, and the frame in units of the picture."""

    fewest: float
    most: float
    floor_bps: float
    least_bps: float
    highest_bps: float
    left: float
    top: float
    right: float
    bottom: float
    letters: float

    def x(self, terminals: float) -> float:
        part = np.log(terminals / self.fewest) / np.log(self.most / self.fewest)
        return round(self.left + float(part) * (self.right - self.left), 1)

    def y(self, bps: float) -> float:
        part = np.log(bps / self.least_bps) / np.log(self.highest_bps / self.least_bps)
        return round(self.bottom - float(part) * (self.bottom - self.top), 1)


def _plot(found: Sequence[Line], usable_bps: float, size: Size, words: Words) -> _Plot:
    floor_bps = _FLOOR * usable_bps
    drawn = [
        point for line in found for bps in (line.half_bps, line.tenth_bps) for point in _drawn(line, bps, floor_bps)
    ]
    counts = [count for count, _ in drawn] + [line.terminals[0] for line in found]
    rates = [bps for _, bps in drawn] + [usable_bps]
    longest = max(len(words.rate(10.0 ** np.floor(np.log10(bps)))) for bps in rates)
    return _Plot(
        fewest=float(min(counts)),
        # Where nobody gets anything worth drawing there is still a scale.
        most=float(max(*counts, 10.0 * min(counts))),
        floor_bps=floor_bps,
        least_bps=min(rates) / _AIR,
        highest_bps=max(rates) * _AIR,
        left=max(5.2, 0.6 + 0.55 * longest) * size.letters,
        top=1.8 * size.letters,
        right=size.width - 1.8 * size.letters,
        bottom=size.height - 3.2 * size.letters,
        letters=size.letters,
    )


def _drawn(line: Line, rates_bps: np.ndarray, floor_bps: float) -> list[tuple[float, float]]:
    """Points of a line as far as it is above the floor, and where it meets it."""
    how, count = most(line.terminals, rates_bps, floor_bps)
    last = {"about": count, "more": np.inf, "fewer": 0.0}[how]
    points = [point for point in zip(line.terminals.tolist(), rates_bps.tolist(), strict=True) if point[0] < last]
    return [*points, (count, floor_bps)] if how == "about" else points


def _curves(plot: _Plot, number: int, line: Line) -> Markup:
    """Half solid, nine in ten dashed, and a ring at the number that there is."""
    parts = []
    for cls, rates in (("half", line.half_bps), ("tenth", line.tenth_bps)):
        points = " ".join(f"{plot.x(count)},{plot.y(bps)}" for count, bps in _drawn(line, rates, plot.floor_bps))
        if points:
            parts.append(element("polyline", points=points, cls=cls, stroke=colour(number)))
    for here in line.here:
        bps = float(line.half_bps[line.terminals == here][0])
        if bps >= plot.floor_bps:
            parts.append(element("circle", cx=plot.x(here), cy=plot.y(bps), r=4.5, cls="here", stroke=colour(number)))
    return join(parts)


def _crossing(plot: _Plot, room: Room, number: int, line: Line, usable_bps: float, words: Words) -> Markup:
    """A dot and its number where half of the terminals get no more than what is of use; or that it is not reached."""
    how, count = most(line.terminals, line.half_bps, usable_bps)
    if how == "fewer":
        return Markup("")
    crosses = how == "about"
    long, short = (
        words.say("growth.about" if crosses else "growth.beyond", count=words.aloud(count)),
        words.aloud(count),
    )
    x, y = plot.x(min(count, plot.most)), plot.y(usable_bps if crosses else float(line.half_bps[-1]))
    dot = element("circle", cx=x, cy=y, r=4.5, fill=colour(number)) if crosses else Markup("")
    # Above to the right of a falling line, or below to the left of it, there is nothing of it.
    tried = (
        room.centre(text, x - np.sign(lines) * _aside(plot, text), y + lines * plot.letters, plot.letters)
        for text in (long, short)
        for lines in _BESIDE
    )
    label = next((label for label in tried if label is not None), None)
    if label is None:
        return dot
    right, down = round(float(label.x), 1), round(float(label.y), 1)
    return join(
        dot,
        element(
            "text", label.text, x=right, y=down, text_anchor=label.anchor, style=f"fill:{colour(number)}", cls="number"
        ),
    )


def _aside(plot: _Plot, text: str) -> float:
    """How far from a dot the middle of its number is."""
    return 8.0 + _LETTER_WIDTH * plot.letters * len(text) / 2


def _keep_off(plot: _Plot, room: Room, line: Line, rates_bps: np.ndarray) -> None:
    """Keep what is written off a line of an operator."""
    points = [(plot.x(count), plot.y(bps)) for count, bps in _drawn(line, rates_bps, plot.floor_bps)]
    for (x0, y0), (x1, y1) in pairwise(points):
        for part in np.linspace(0.0, 1.0, 2 + int(np.hypot(x1 - x0, y1 - y0) / 5.0)).tolist():
            room.block(x0 + part * (x1 - x0), y0 + part * (y1 - y0), 1.5)


def _usable(plot: _Plot, room: Room, usable_bps: float, words: Words) -> Markup:
    """The line of what is of use, and its name."""
    y = plot.y(usable_bps)
    named, bare = words.say("growth.usable", usable=words.rate(usable_bps)), words.say("growth.usable.short")
    tried = (
        room.centre(text, x, y + lines * plot.letters, plot.letters)
        for text in (named, bare)
        for half in [_LETTER_WIDTH * plot.letters * len(text) / 2]
        for lines in (-0.8, 0.9)
        for x in np.linspace(plot.left + 6 + half, plot.right - half, _ALONG).tolist()[:: -1 if lines > 0 else 1]
    )
    # Where lines are everywhere, it stands over them on the left.
    half = _LETTER_WIDTH * plot.letters * len(bare) / 2
    at = next(filter(None, tried), Label(bare, plot.left + 6 + half, y - 6, "middle"))
    return join(
        element("line", x1=plot.left, x2=plot.right, y1=y, y2=y, cls="usable"),
        element("text", at.text, x=round(at.x, 1), y=round(at.y, 1), text_anchor=at.anchor, cls="event"),
    )


def _axes(plot: _Plot, words: Words) -> Markup:
    """Marks of both scales, with numbers at powers of ten, and between them where a scale is short."""
    marks = []
    across = list(_marks(plot.fewest, plot.most))
    # Powers of ten first, then what there is room for between them.
    room = Room(np.inf, np.inf)
    for value, said in sorted(across, key=lambda mark: np.log10(mark[0]) % 1.0 > _NEAR):
        x = plot.x(value)
        marks.append(element("line", x1=x, x2=x, y1=plot.top, y2=plot.bottom, cls="hair"))
        text = words.aloud(value)
        if said and room.centre(text, x, plot.bottom + plot.letters, plot.letters):
            marks.append(element("text", text, x=x, y=plot.bottom + 1.3 * plot.letters, text_anchor="middle"))
    for value, said in _marks(plot.least_bps, plot.highest_bps):
        y = plot.y(value)
        marks.append(element("line", x1=plot.left, x2=plot.right, y1=y, y2=y, cls="hair"))
        if said:
            marks.append(element("text", words.rate(value), x=plot.left - 6, y=y + 4, text_anchor="end"))
    marks.append(element("line", x1=plot.left, x2=plot.right, y1=plot.bottom, y2=plot.bottom, cls="axis"))
    below = plot.bottom + 2.7 * plot.letters
    marks.append(element("text", words.say("growth.across"), x=plot.right, y=below, text_anchor="end"))
    marks.append(element("text", words.say("growth.up"), x=2, y=plot.letters))
    return join(marks)


def _marks(low: float, high: float) -> Iterator[tuple[float, bool]]:
    """Marks between two ends of a scale, and whether each has its number."""
    every = np.log10(high / low) < _LONG
    for power in range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1):
        for part in _OF_DECADE:
            value = part * 10.0**power
            if low * (1 - 1e-9) <= value <= high * (1 + 1e-9):
                yield value, part == 1.0 or bool(every)
