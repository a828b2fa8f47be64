"""Two- and three-line element sets: fixed columns, every line checked before it is believed.

The format has no version and no header, and a flipped digit still parses, so lengths, line numbers, checksums and
numbers are judged here and not by the propagator. D. Vallado and P. Cefola, "Two-line element sets - practice and use",
IAC 2012; the letters of catalogue numbers from 100,000 on (Alpha-5) are as Space-Track publishes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from obrii.errors import DataError
from obrii.orbits.element_sets import QUANTITIES, ElementSet

#: Characters of an element line, without what ends the line.
LINE_LENGTH = 69

#: First letters of catalogue numbers from 100,000 on: A is 10, and I and O are left out.
ALPHA_5 = "ABCDEFGHJKLMNPQRSTUVWXYZ"

#: Ephemeris types that SGP4 is for: 0 and blank in published sets, 2 and 3 of old for SGP4 and SDP4. 4 is SGP4-XP,
#: whose elements mean something else.
SGP4_TYPES = frozenset(" 023")

#: Column of the ephemeris type in line 1, counted from 1.
_TYPE_COLUMN = 63


@dataclass(frozen=True)
class _Field:
    """A number in fixed columns, counted from 1, first to last: how it is written and read."""

    name: str
    columns: tuple[int, int]
    pattern: re.Pattern[str]
    number: Callable[[str], float]


def catalogue_number(text: str) -> int:
    """A catalogue number of digits, or of Alpha-5.

    >>> catalogue_number(" 5544"), catalogue_number("A0001")
    (5544, 100001)
    """
    letter = ALPHA_5.find(text[0])
    return int(text) if letter < 0 else (letter + 10) * 10_000 + int(text[1:])


def _epoch_year(text: str) -> float:
    # Years 57 to 99 are those of the first satellites, 1957 on.
    year = int(text)
    return year + (2000 if year < 57 else 1900)


def _assumed_point(text: str) -> float:
    return float("0." + text.replace(" ", "0"))


def _assumed_point_and_power(text: str) -> float:
    power = int(text[6:].replace(" ", "+"))
    return float(f"{text[0].strip()}0.{text[1:6].replace(' ', '0')}e{power}")


def _field(name: str, first: int, last: int, pattern: str, number: Callable[[str], float]) -> _Field:
    return _Field(name, (first, last), re.compile(pattern, re.ASCII), number)


_NUMBER = _field("catalogue number", 3, 7, rf" *\d+|[{ALPHA_5}]\d{{4}}", catalogue_number)
_FIELDS = {
    "1": (
        _NUMBER,
        _field("epoch year", 19, 20, r"[ \d]\d", _epoch_year),
        _field("epoch day", 21, 32, r" *\d+\.\d{8}", float),
        _field("drag term", 54, 61, r"[ +-][ \d]{5}[ +-]\d", _assumed_point_and_power),
    ),
    "2": (
        _NUMBER,
        _field("inclination", 9, 16, r" *\d+\.\d{4}", float),
        _field("node", 18, 25, r" *\d+\.\d{4}", float),
        _field("eccentricity", 27, 33, r"[ \d]{6}\d", _assumed_point),
        _field("argument of perigee", 35, 42, r" *\d+\.\d{4}", float),
        _field("mean anomaly", 44, 51, r" *\d+\.\d{4}", float),
        _field("mean motion", 53, 63, r" *\d+\.\d{8}", float),
    ),
}
_CHECKSUM = bytes(int(chr(code)) if chr(code) in "0123456789" else int(chr(code) == "-") for code in range(256))


def has_element_lines(text: str) -> bool:
    """Whether a text holds anything that looks like a line of an element set."""
    return any(line.startswith(("1 ", "2 ")) for line in text.splitlines())


def element_sets(text: str, source: str) -> list[ElementSet]:
    """The sets of a text, each a name or none, then line 1, then line 2; empty lines count for nothing.

    source: what messages call the text. A satellite without a name is called by its catalogue number. Raises DataError
    with the line where one is malformed, missing, swapped or of another satellite.

    >>> text = '''OBRII TEST 1
    ... 1 99001U 22001A   22276.50000000  .00000000  00000+0  10000-3 0  9991
    ... 2 99001  53.0000  10.0000 0001000  90.0000 270.0000 15.05491000    15'''
    >>> one, = element_sets(text, "example")
    >>> one.place, one.name, one.number, str(one.epoch)[:19]
    ('line 2', 'OBRII TEST 1', 99001, '2022-10-03T12:00:00')
    """
    found: list[ElementSet] = []
    lines = [line.rstrip() for line in text.splitlines()]
    name, first = "", 0
    for k, line in enumerate(lines):
        if not line:
            continue
        if first:
            found.append(_element_set(lines, first - 1, k, name, source))
            name, first = "", 0
        elif line.startswith("1 "):
            first = k + 1
        elif name or line.startswith("2 "):
            raise DataError(f"{source}, line {k + 1}: found '{line[:24]}'; expected line 1 of an element set")
        else:
            name = line.removeprefix("0 ").strip()
    if first or name:
        missing = 2 if first else 1
        raise DataError(
            f"{source}, line {len(lines)}: the file ends in the middle of an element set; expected line {missing} of it"
        )
    return found


def _element_set(lines: list[str], k_one: int, k_two: int, name: str, source: str) -> ElementSet:
    one, two = lines[k_one], lines[k_two]
    where = f"{source}, line {k_two + 1}"
    values = _read_line(one, "1", f"{source}, line {k_one + 1}") | _read_line(two, "2", where)
    if two[2:7] != one[2:7]:
        raise DataError(f"{where}: catalogue number is '{two[2:7]}'; expected '{one[2:7]}' of line {k_one + 1}")
    number, kind = int(values["catalogue number"]), one[_TYPE_COLUMN - 1]
    return ElementSet(
        place=f"line {k_one + 1}",
        name=name or str(number),
        number=number,
        epoch=_epoch(values["epoch year"], values["epoch day"]),
        values=tuple(values[quantity] for quantity in QUANTITIES),
        identity=name or one + two,
        foreign="" if kind in SGP4_TYPES else f"ephemeris type {kind}, which is not SGP4",
    )


def _read_line(line: str, digit: str, where: str) -> dict[str, float]:
    """The numbers of a line 1 or 2, by the name of the field."""
    if not line.startswith(digit + " "):
        raise DataError(f"{where}: found '{line[:24]}'; expected line {digit} of an element set")
    if len(line) != LINE_LENGTH or not line.isascii():
        raise DataError(f"{where}: found {len(line)} characters; expected {LINE_LENGTH}, all of them ASCII")
    checksum = str(sum(line[:-1].encode().translate(_CHECKSUM)) % 10)
    if line[-1] != checksum:
        raise DataError(f"{where}: checksum is '{line[-1]}'; expected {checksum} for the characters before it")
    values = {}
    for field in _FIELDS[digit]:
        first, last = field.columns
        text = line[first - 1 : last]
        if not field.pattern.fullmatch(text):
            raise DataError(f"{where}: {field.name} is '{text}'; expected a number in columns {first} to {last}")
        values[field.name] = field.number(text)
    return values


def _epoch(year: float, day: float) -> np.datetime64:
    """The instant of a day of a year, NaT where the year has no such day."""
    if not 1.0 <= day < 367.0:
        return np.datetime64("NaT", "ns")
    # Eight decimals of a day are whole multiples of 864,000 ns.
    return np.datetime64(f"{year:.0f}-01-01", "ns") + np.timedelta64((round(day * 1e8) - 10**8) * 864_000, "ns")
