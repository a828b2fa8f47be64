"""A table for a terminal that is too narrow for one: a line with a name and words, and under it one with its numbers.

Case · main reason
  terminals without:   served,
  mean/ worst/ once    of intact
South and east off · switched off by the operator
    5,540/5,540/5,540     72.3 %
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from rich.console import Group
from rich.rule import Rule
from rich.text import Text

#: Columns before the numbers, and at least between two of them.
_INDENT, _BETWEEN = 2, 2

#: Between a name and the words that go with it.
_DOT = " · "


class Case(NamedTuple):
    """A name, words that go with it (those that are empty are left out), and numbers, one a column."""

    name: str
    words: Sequence[str]
    numbers: Sequence[str]


def narrow(title: str, head: Case, cases: Sequence[Case], width: int) -> Group:
    """The title, the head, and two lines a case or more where its words or numbers need them.

    head: what the name, the words and the numbers of each case are; width: columns of the terminal.

    >>> from rich.console import Console
    >>> case = Case("Intact", ["", "all well"], ["1/2/3", "100 %"])
    >>> Console(width=40).print(narrow("Title", Case("Case", ["why"], ["mean / worst", "served"]), [case], 40))
    Title
    <BLANKLINE>
    Case · why
      mean/
      worst  served
    ────────────────────────────────────────
    Intact · all well
      1/2/3   100 %
    <BLANKLINE>
    """
    columns = [[case.numbers[place] for case in cases] for place in range(len(head.numbers))]
    heads = [_head(text, max(map(len, column))) for text, column in zip(head.numbers, columns, strict=True)]
    widths = [max(map(len, [*lines, *column])) for lines, column in zip(heads, columns, strict=True)]
    parts: list[Text | Rule] = [Text(title, "bold"), Text(), _named(head, width)]
    folded = _folded(widths, width - _INDENT)
    for line in folded:
        tall = max(len(heads[place]) for place in line)
        above = [[""] * (tall - len(heads[place])) + heads[place] for place in line]
        parts += [_numbers(row, [widths[place] for place in line]) for row in zip_longest(*above, fillvalue="")]
    parts.append(Rule(style="none", characters="─"))
    for case in cases:
        parts.append(_named(case, width))
        parts += [_numbers([case.numbers[k] for k in line], [widths[k] for k in line]) for line in folded]
    return Group(*parts, Text())


def _head(text: str, width: int) -> list[str]:
    """Lines of a head that is no wider than its column needs to be."""
    said = text.replace(" / ", "/ ")
    # Not at the narrow space between a number and its unit.
    longest = max(width, *(len(word) for word in re.split("[ \n]", said)))
    return [line for part in said.split("\n") for line in textwrap.wrap(part, longest, break_on_hyphens=False)]


def _folded(widths: Sequence[int], room: int) -> list[list[int]]:
    """Columns by the line that they stand on: as many on each as there is room for."""
    lines: list[list[int]] = [[]]
    taken = 0
    for place, width in enumerate(widths):
        if lines[-1] and taken + _BETWEEN + width > room:
            lines.append([])
            taken = 0
        taken += (_BETWEEN if lines[-1] else 0) + width
        lines[-1].append(place)
    return lines


def _named(case: Case, width: int) -> Text:
    """The name and its words, on as many lines as they take, the name in bold."""
    said = _DOT.join([case.name, *filter(None, case.words)])
    text = "\n".join(textwrap.wrap(said, width, subsequent_indent=" " * 2 * _INDENT, break_on_hyphens=False))
    letters = len(case.name.replace(" ", ""))
    end = next(k for k in range(len(text) + 1) if len("".join(text[:k].split(" ")).replace("\n", "")) == letters)
    return Text.assemble((text[:end], "bold"), (text[end:], "dim"), no_wrap=True)


def _numbers(texts: Sequence[str], widths: Sequence[int]) -> Text:
    cells = [f"{text:>{width}}" for text, width in zip(texts, widths, strict=True)]
    return Text((" " * _INDENT + (" " * _BETWEEN).join(cells)).rstrip(), no_wrap=True)
