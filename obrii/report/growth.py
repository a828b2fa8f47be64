"""How many terminals there can be: a line an operator, what it says in words, and the picture of all.

Intact gives a line for every operator; a variant gives one for each operator that it adds or gives more terminals.
Lines of one operator that agree where both run are one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from obrii.report.growth_chart import SIZES, Line, colour, most, picture
from obrii.report.markup import Markup, element, join
from obrii.report.messages import Words
from obrii.report.rate_reading import Growth
from obrii.report.reading import Run, Variant, names

#: Part by which lines of one operator may differ and still be one: bends between the numbers tried differ by less.
_AGREE = 0.2


class Told(NamedTuple):
    """A section of the page: its title and what is in it."""

    title: str
    content: Markup


def growth_told(run: Run, words: Words) -> Told | None:
    """In words and as a picture how many terminals there can be; None where more were not tried."""
    usable_bps = run.summary.usable_bps
    found = lines(run, words)
    if not found or usable_bps is None:
        return None
    here = run.of("countries", run.summary.intact.name)
    title = words.say("growth.title")
    if len(here) == 1:
        title = words.say("growth.title.place", place=words.country(str(names(here, words.language).iloc[0])))
    said = [
        element(
            "li",
            _key(element("rect", y=6, width=28, height=5, fill=colour(number)), 18),
            element("span", element("b", line.name), ": ", " ".join(_said(line, usable_bps, words))),
        )
        for number, line in enumerate(found)
    ]
    rule, ring = "M0 4H28", element("circle", cx=14, cy=4, r=3.4, cls="ring")
    drawn = {
        "solid": element("path", d=rule, cls="solid"),
        "dashed": element("path", d=rule, cls="dashed"),
        "ring": ring,
    }
    rings = any(line.here for line in found)
    keys = [
        element("li", _key(mark, 8), words.say(f"growth.{name}"))
        for name, mark in drawn.items()
        if name != "ring" or rings
    ]
    pictures = [element("div", picture(found, usable_bps, size, words), cls=size.name) for size in SIZES]
    content = join(
        element("p", words.say("growth.text")),
        element("ul", said, cls="legend lines"),
        element(
            "figure", pictures, element("figcaption", element("ul", keys, cls="keys"), words.say("growth.reading"))
        ),
    )
    return Told(title, content)


def lines(run: Run, words: Words) -> list[Line]:
    """The lines of a run: intact's, then those of what variants add; none where fewer than two numbers were tried."""
    intact = {growth.operator: growth for growth in _tried(run.summary.intact)}
    found: list[tuple[str, Line]] = [(operator, _line(growth, "")) for operator, growth in intact.items()]
    for variant in run.summary.others:
        for growth in _tried(variant):
            known = intact.get(growth.operator)
            if known is not None and growth.terminals[-1] <= known.terminals[-1]:
                continue
            line = _line(growth, variant.name)
            same = [
                k for k, (operator, other) in enumerate(found) if operator == growth.operator and _agree(other, line)
            ]
            if same:
                found[same[0]] = (growth.operator, _joined(found[same[0]][1], line))
            else:
                found.append((growth.operator, line))
    operators = [operator for operator, _ in found]
    return [
        replace(line, name=_name(operator, line.name if operators.count(operator) > 1 else "", words))
        for operator, line in found
    ]


def _name(operator: str, variant: str, words: Words) -> str:
    """The name of a line; with that of a variant where an operator has several."""
    said = words.operator(operator)
    return words.say("growth.line", operator=said, variant=words.case(variant)) if variant else said


def _tried(variant: Variant) -> list[Growth]:
    """What was tried in a variant, where anybody gets anything from more than one number of terminals."""
    found = variant.rates.growth if variant.rates is not None else ()
    return [growth for growth in found if len(growth.times) > 1 and any(gets.median_bps for gets in growth.gets)]


def _line(growth: Growth, name: str) -> Line:
    return Line(
        name,
        np.array(growth.terminals),
        np.array([gets.median_bps or 0.0 for gets in growth.gets]),
        np.array([gets.low_bps or 0.0 for gets in growth.gets]),
        tuple(count for count, times in zip(growth.terminals, growth.times, strict=True) if times == 1.0),
    )


def _agree(one: Line, other: Line) -> bool:
    """Whether two lines run along each other where both have points."""
    first, last = max(one.terminals[0], other.terminals[0]), min(one.terminals[-1], other.terminals[-1])
    at = np.log([count for count in (*one.terminals, *other.terminals) if first <= count <= last])
    for name in ("half_bps", "tenth_bps"):
        # Under a bit a second nobody gets anything.
        a, b = (
            np.interp(at, np.log(line.terminals), np.log(np.maximum(getattr(line, name), 1.0))) for line in (one, other)
        )
        if (np.abs(a - b) > np.log1p(_AGREE)).any():
            return False
    return len(at) > 0


def _joined(one: Line, other: Line) -> Line:
    """Two lines as one; where both have a point, the first counts."""
    terminals, first = np.unique(np.concatenate([one.terminals, other.terminals]), return_index=True)
    half, tenth = (
        np.concatenate([getattr(line, name) for line in (one, other)])[first] for name in ("half_bps", "tenth_bps")
    )
    return Line(one.name, terminals, half, tenth, tuple(sorted({*one.here, *other.here})))


def _said(line: Line, usable_bps: float, words: Words) -> list[str]:
    """Up to how many terminals half of them, and nine in ten, get a rate that is of use."""
    said = []
    for rank, bps in (("half", line.half_bps), ("tenth", line.tenth_bps)):
        how, count = most(line.terminals, bps, usable_bps)
        said.append(words.say(f"growth.{rank}.{how}", usable=words.rate(usable_bps), count=words.aloud(count)))
    return said


def _key(drawn: Markup, height: int) -> Markup:
    return element("svg", drawn, viewBox=f"0 0 28 {height}", cls="key", aria_hidden="true")
