"""Catalogues of real satellites: files told apart by what is in them, and what was read and left out.

Three forms are read: OMM as JSON, OMM as CSV, and two- or three-line element sets. Anything else is refused by its
kind, the answers among it that CelesTrak gives in place of a catalogue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from obrii.errors import DataError, ModelError, ScenarioError
from obrii.orbits import omm, tle
from obrii.orbits.element_sets import ElementSet, LeftOut, believed, shown
from obrii.orbits.elements import Elements
from obrii.timegrid import instant

#: Days between element sets and a run beyond which a run is told so, and beyond which it is refused. Assumption: old
#: elements lose kilometres a day to drag, and satellites that hold their slot by thrust leave theirs sooner.
EPOCH_NOTICE_DAYS = 14.0
EPOCH_LIMIT_DAYS = 30.0

#: Share of the satellites of a catalogue that may lie beyond the limit: a few stale ones hardly show (assumption).
STALE_SHARE = 0.1

#: What CelesTrak is asked for.
OMM_JSON = "OMM as JSON"

#: The form of a file, what tells it, and what reads it.
_FORMS: tuple[tuple[str, Callable[[str], bool], Callable[[str, str], list[ElementSet]]], ...] = (
    (OMM_JSON, lambda text: text.lstrip().startswith(("[", "{")), omm.json_sets),
    ("OMM as CSV", omm.is_table, omm.csv_sets),
    ("two-line element sets", tle.has_element_lines, tle.element_sets),
)

#: How a file begins that is no text, and what it is.
_ARCHIVES = (
    (b"\x1f\x8b", "a gzip archive, to be unpacked first"),
    (b"PK\x03\x04", "a zip archive, to be unpacked first"),
    (b"\xff\xfe", "UTF-16 text, to be saved as UTF-8"),
    (b"\xfe\xff", "UTF-16 text, to be saved as UTF-8"),
)

#: How CelesTrak answers in place of a catalogue, with or without an error of HTTP, and what it means.
UNCHANGED = "GP data has not updated since your last successful download"
_ANSWERS = (
    (UNCHANGED, "which means that nothing is newer than what this address has downloaded"),
    ("Invalid query", "which means that it knows no such group"),
    ("No GP data found", "which means that it has no satellites of that query"),
)

_EXPECTED = "expected OMM as JSON or CSV, or two- or three-line element sets"


@dataclass(frozen=True)
class Catalog:
    """What a catalogue file holds.

    elements: one entry a satellite, in the order of the file; source: where it was read; form: "OMM as JSON", "OMM as
    CSV" or "two-line element sets"; sets: element sets in the file; left_out: those that are not among the satellites,
    by reason.
    """

    elements: Elements
    source: str
    form: str
    sets: int
    left_out: tuple[LeftOut, ...]

    def __len__(self) -> int:
        return len(self.elements)

    @property
    def epochs(self) -> tuple[np.datetime64, np.datetime64]:
        """Epoch of the oldest and of the newest set, UTC [datetime64[ns]]."""
        return self.elements.epoch.min(), self.elements.epoch.max()

    @property
    def summary(self) -> str:
        """A sentence: how many satellites, of which form and epochs, what is left out and why."""
        oldest, newest = (_seconds(epoch) for epoch in self.epochs)
        left_out = ", ".join(str(part) for part in self.left_out) or "nothing"
        satellites = "satellite" if len(self) == 1 else "satellites"
        return f"{len(self):,} {satellites} from {self.form}, epochs {oldest} to {newest}; left out: {left_out}"


def read(path: Path, gravity: str = "wgs72") -> Catalog:
    """The satellites of a catalogue file of any form, told by what is in it; of one satellite the newest set.

    Raises ScenarioError where the file cannot be read, DataError with path and place where it is no catalogue, is
    malformed, or says nonsense of most satellites.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = "no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise ScenarioError(f"{path}: {reason}; give the path of a catalogue of satellites") from error
    return parse(data, str(path), gravity)


def parse(data: bytes, source: str, gravity: str = "wgs72") -> Catalog:
    """The satellites of what a catalogue file holds; of one satellite the newest set.

    source: what messages call it. Raises DataError.

    >>> catalog = parse(b'''OBRII TEST 1
    ... 1 99001U 22001A   22276.50000000  .00000000  00000+0  10000-3 0  9991
    ... 2 99001  53.0000  10.0000 0001000  90.0000 270.0000 15.05491000    15''', "example")
    >>> len(catalog), str(catalog.elements.name[0]), catalog.form
    (1, 'OBRII TEST 1', 'two-line element sets')
    """
    for prefix, what in _ARCHIVES:
        if data.startswith(prefix):
            raise _foreign(source, what)
    if b"\0" in data:
        raise _foreign(source, "binary data")
    text = data.decode("utf-8-sig", errors="replace")
    what = _no_catalogue(text)
    if what:
        raise _foreign(source, what)
    form, reader = next(((name, reader) for name, tells, reader in _FORMS if tells(text)), ("", None))
    if reader is None:
        kind = "a table of comma-separated values" if _first_line(text).count(",") >= 3 else "text"
        raise _foreign(source, f"{kind} that begins '{_first_line(text)}'")
    sets = reader(text, source)
    elements, left_out = believed(sets, source, gravity)
    return Catalog(elements, source, form, len(sets), left_out)


def check_epoch(
    elements: Elements, utc_start: np.datetime64, utc_end: np.datetime64, limit_days: float = EPOCH_LIMIT_DAYS
) -> str | None:
    """Refuse a run too far from the epochs of its element sets, and say where some are far.

    utc_start, utc_end: of the run, datetime64; limit_days: as far as either may lie from the epochs of nine satellites
    in ten, inf for any. Returns a notice, or None where all are within 14 days. Raises ModelError.
    """
    away_days = np.maximum(abs(utc_start - elements.epoch), abs(utc_end - elements.epoch)) / np.timedelta64(1, "D")
    stale = int((~(away_days <= limit_days)).sum())
    if stale > STALE_SHARE * len(elements):
        median = np.sort(elements.epoch)[(len(elements) - 1) // 2]
        raise ModelError(
            f"elements: {stale:,} of {len(elements):,} satellites have their epoch more than {limit_days:g} days from "
            f"the run, {_seconds(utc_start)} to {_seconds(utc_end)}, with a median of {_seconds(median)}; take a "
            f"catalogue of the run's date or move the run"
        )
    old = int((away_days > EPOCH_NOTICE_DAYS).sum())
    if not old:
        return None
    furthest = int(away_days.argmax())
    return (
        f"elements: {old:,} of {len(elements):,} satellites have their epoch more than {EPOCH_NOTICE_DAYS:g} days from "
        f"the run, {elements.name[furthest]} as much as {away_days[furthest]:.0f} days, so that their places along the "
        f"orbit are a guess"
    )


def _seconds(utc: np.datetime64) -> str:
    return instant(utc.astype("datetime64[s]"))


def _foreign(source: str, what: str) -> DataError:
    return DataError(f"{source}: no catalogue of satellites but {what}; {_EXPECTED}")


def _no_catalogue(text: str) -> str:
    """What a text is that is certainly no catalogue; nothing where it may be one."""
    begin = text.lstrip()
    line = _first_line(text)
    if not begin:
        return "nothing at all"
    # CelesTrak breaks the lines of its answers anywhere.
    said = shown(begin)
    for answer, meaning in _ANSWERS:
        if said.startswith(answer):
            return f"the answer of CelesTrak '{said}', {meaning}"
    if begin.startswith("<"):
        kind = "a web page" if "<html" in begin[:2_000].lower() or "<!doctype html" in line.lower() else "XML"
        return f"{kind} that begins '{line}'"
    if begin.startswith("CCSDS_OMM_VERS") and "=" in line:
        return f"OMM as lines of keys and values, which begins '{line}'"
    return ""


def _first_line(text: str) -> str:
    return shown(next((line for line in text.splitlines() if line.strip()), ""))
