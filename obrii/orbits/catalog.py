"""Catalogues of real satellites: files of two- and three-line element sets, every line checked before it is believed.

The format has no version and no header, and a flipped digit still parses, so lengths, line numbers, checksums, numbers
and ranges are judged here and not by the propagator. D. Vallado and P. Cefola, "Two-line element sets - practice and
use", IAC 2012; the letters of catalogue numbers from 100,000 on (Alpha-5) are as Space-Track publishes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from obrii.constants import EARTH_MU_M3_S2, EARTH_RADIUS_M, MINUTES_PER_DAY, SECONDS_PER_DAY, TWO_PI
from obrii.errors import DataError, ModelError, ScenarioError
from obrii.orbits.elements import Elements
from obrii.timegrid import instant

#: Characters of an element line, without what ends the line.
LINE_LENGTH = 69

#: Days between element sets and a run beyond which places along the orbit are a guess. Assumption: old elements lose
#: kilometres a day to drag, and satellites that hold their slot by thrust leave theirs sooner.
EPOCH_LIMIT_DAYS = 30.0

#: First letters of catalogue numbers from 100,000 on: A is 10, and I and O are left out.
ALPHA_5 = "ABCDEFGHJKLMNPQRSTUVWXYZ"

#: A file that is none: how it begins, what it is, what to do.
_BEGINS = (
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"PK\x03\x04", "a zip archive; unpack it first"),
    (b"\xff\xfe", "UTF-16 text; save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text; save it as UTF-8"),
    (b"<", "a web page or XML; download the catalogue as text, FORMAT=TLE"),
    (b"{", "JSON; download the catalogue as text, FORMAT=TLE"),
    (b"[", "JSON; download the catalogue as text, FORMAT=TLE"),
)


@dataclass(frozen=True)
class Catalog:
    """What an element file holds.

    elements: one entry a satellite, in the order of the file; source: where it was read; sets: element sets in the
    file, more than there are satellites where older sets of the same satellite were left out.
    """

    elements: Elements
    source: str
    sets: int

    def __len__(self) -> int:
        return len(self.elements)


def read_tle(path: Path, gravity: str = "wgs72") -> Catalog:
    """The satellites of a file of two- or three-line element sets; of one satellite the newest set.

    Raises ScenarioError where the file cannot be read, DataError with path and line where it is malformed.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = "no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise ScenarioError(f"{path}: {reason}; give the path of a file of two-line element sets") from error
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    for prefix, kind in _BEGINS:
        if start.startswith(prefix):
            raise DataError(f"{path}: no file of two-line element sets but {kind}")
    if b"\0" in data:
        raise DataError(f"{path}: no file of two-line element sets but binary data; give a text file")
    return parse_tle(data.decode("utf-8-sig", errors="replace"), str(path), gravity)


def parse_tle(text: str, source: str, gravity: str = "wgs72") -> Catalog:
    """The satellites of a text of two- or three-line element sets; of one satellite the newest set.

    source: what messages call the text. A satellite without a name is called by its catalogue number. Raises DataError.

    >>> text = '''OBRII TEST 1
    ... 1 99001U 22001A   22276.50000000  .00000000  00000+0  10000-3 0  9991
    ... 2 99001  53.0000  10.0000 0001000  90.0000 270.0000 15.05491000    15'''
    >>> catalog = parse_tle(text, "example")
    >>> str(catalog.elements.name[0]), str(catalog.elements.epoch[0])[:19]
    ('OBRII TEST 1', '2022-10-03T12:00:00')
    """
    lines = [line.rstrip() for line in text.splitlines()]
    if not any(line.startswith(("1 ", "2 ")) for line in lines):
        raise DataError(f"{source}: no file of two-line element sets but {_looks_like(lines)}")
    newest: dict[int, _ElementSet] = {}
    sets = 0
    for found in _element_sets(lines, source):
        sets += 1
        known = newest.get(found.number)
        if known is not None and known.epoch == found.epoch and known.identity != found.identity:
            raise DataError(
                f"{source}, line {found.line}: catalogue number {found.number} is already that of another satellite at "
                f"the same epoch, line {known.line}; expected one number a satellite"
            )
        if known is None or known.epoch <= found.epoch:
            newest[found.number] = found
    return Catalog(_elements(list(newest.values()), gravity), source, sets)


def check_epoch(
    elements: Elements, utc_start: np.datetime64, utc_end: np.datetime64, limit_days: float = EPOCH_LIMIT_DAYS
) -> None:
    """Refuse a run too far from the epoch of its element sets, by their median.

    utc_start, utc_end: of the run, datetime64; limit_days: as far as either may lie. Raises ModelError.
    """
    median = np.sort(elements.epoch)[(len(elements) - 1) // 2]
    away = max(abs(utc_start - median), abs(utc_end - median)) / np.timedelta64(1, "s") / SECONDS_PER_DAY
    if away > limit_days:
        raise ModelError(
            f"elements: the median epoch is {instant(median.astype('datetime64[s]'))} and the run, "
            f"{instant(utc_start.astype('datetime64[s]'))} to {instant(utc_end.astype('datetime64[s]'))}, reaches "
            f"{away:.1f} days from it, {limit_days:g} are allowed; take a catalogue of that date or move the run"
        )


@dataclass(frozen=True)
class _ElementSet:
    """One set as it stands in the file; `identity` tells whether two sets of one number and epoch are one satellite."""

    line: int
    name: str
    number: int
    epoch: np.datetime64
    values: dict[str, float]
    identity: str


@dataclass(frozen=True)
class _Field:
    """A number in fixed columns, counted from 1, first to last: how it is written, read and bounded."""

    name: str
    columns: tuple[int, int]
    pattern: re.Pattern[str]
    number: Callable[[str], float]
    low: float
    high: float


def _catalogue_number(text: str) -> float:
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


def _field(name: str, first: int, last: int, pattern: str, number: Callable, low: float, high: float) -> _Field:
    return _Field(name, (first, last), re.compile(pattern, re.ASCII), number, low, high)


_NUMBER = _field("catalogue number", 3, 7, rf" *\d+|[{ALPHA_5}]\d{{4}}", _catalogue_number, 0, 339_999)
_FIELDS = {
    "1": (
        _NUMBER,
        _field("epoch year", 19, 20, r"[ \d]\d", _epoch_year, 1957, 2056),
        _field("epoch day", 21, 32, r" *\d+\.\d{8}", float, 1.0, 366.999_999_99),
        _field("drag term", 54, 61, r"[ +-][ \d]{5}[ +-]\d", _assumed_point_and_power, -1e9, 1e9),
    ),
    "2": (
        _NUMBER,
        _field("inclination", 9, 16, r" *\d+\.\d{4}", float, 0.0, 180.0),
        _field("node", 18, 25, r" *\d+\.\d{4}", float, 0.0, 360.0),
        _field("eccentricity", 27, 33, r"[ \d]{6}\d", _assumed_point, 0.0, 1.0),
        _field("argument of perigee", 35, 42, r" *\d+\.\d{4}", float, 0.0, 360.0),
        _field("mean anomaly", 44, 51, r" *\d+\.\d{4}", float, 0.0, 360.0),
        _field("mean motion", 53, 63, r" *\d+\.\d{8}", float, 1e-8, 99.0),
    ),
}
_CHECKSUM = bytes(int(chr(code)) if chr(code) in "0123456789" else int(chr(code) == "-") for code in range(256))


def _element_sets(lines: list[str], source: str) -> Iterator[_ElementSet]:
    """Walk the lines: a name or none, then line 1, then line 2; empty lines count for nothing."""
    name, first = "", 0
    for k, line in enumerate(lines):
        where = f"{source}, line {k + 1}"
        if not line:
            continue
        if first:
            one, two = lines[first - 1], line
            values = _read_line(one, "1", f"{source}, line {first}") | _read_line(two, "2", where)
            if two[2:7] != one[2:7]:
                raise DataError(f"{where}: catalogue number is '{two[2:7]}'; expected '{one[2:7]}' of line {first}")
            _check_perigee(values, where)
            number = int(values["catalogue number"])
            epoch = _epoch(values["epoch year"], values["epoch day"])
            yield _ElementSet(first, name or str(number), number, epoch, values, name or one + two)
            name, first = "", 0
        elif line.startswith("1 "):
            first = k + 1
        elif name or line.startswith("2 "):
            raise DataError(f"{where}: found '{line[:24]}'; expected line 1 of an element set")
        else:
            name = line.removeprefix("0 ").strip()
    if first or name:
        missing = 2 if first else 1
        raise DataError(
            f"{source}, line {len(lines)}: the file ends in the middle of an element set; expected line {missing} of it"
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
        value = values[field.name] = field.number(text)
        if not field.low <= value <= field.high:
            raise DataError(f"{where}: {field.name} is {text.strip()}; expected {field.low:.12g} to {field.high:.12g}")
    return values


def _check_perigee(values: dict[str, float], where: str) -> None:
    motion_rad_s = values["mean motion"] * TWO_PI / SECONDS_PER_DAY
    perigee_m = (EARTH_MU_M3_S2 / motion_rad_s**2) ** (1 / 3) * (1.0 - values["eccentricity"]) - EARTH_RADIUS_M
    if perigee_m <= 0.0:
        raise DataError(
            f"{where}: mean motion {values['mean motion']:.8g} and eccentricity {values['eccentricity']:.7g} put the "
            f"perigee at {perigee_m / 1e3:.0f} km; expected it above the ground"
        )


def _epoch(year: float, day: float) -> np.datetime64:
    # Eight decimals of a day are whole multiples of 864,000 ns.
    return np.datetime64(f"{year:.0f}-01-01", "ns") + np.timedelta64((round(day * 1e8) - 10**8) * 864_000, "ns")


def _elements(sets: list[_ElementSet], gravity: str) -> Elements:
    def column(name: str) -> np.ndarray:
        return np.array([one.values[name] for one in sets])

    return Elements(
        epoch=np.array([one.epoch for one in sets]),
        bstar=column("drag term"),
        inclination=np.radians(column("inclination")),
        node=np.radians(column("node")),
        eccentricity=column("eccentricity"),
        argument_of_perigee=np.radians(column("argument of perigee")),
        mean_anomaly=np.radians(column("mean anomaly")),
        mean_motion=column("mean motion") * TWO_PI / MINUTES_PER_DAY,
        catalogue_id=np.array([one.number for one in sets]),
        name=np.array([one.name for one in sets]),
        gravity=gravity,
    )


def _looks_like(lines: list[str]) -> str:
    begin = next((line for line in lines if line), "")
    if not begin:
        return "an empty file; download it again"
    if begin.count(",") >= 3:
        return "a table of comma-separated values; download the catalogue as text, FORMAT=TLE"
    return f"text that begins '{begin[:40]}'; download the catalogue as text, FORMAT=TLE"
