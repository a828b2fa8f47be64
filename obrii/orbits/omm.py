"""Orbit mean-elements messages (OMM) as JSON and as CSV, the forms in which new catalogue numbers are published.

Keys are those of CCSDS 502.0-B-3, as CelesTrak and Space-Track write them; T. S. Kelso, "A new way to obtain GP data",
CelesTrak 2020. A value may be a number or its text. There is no checksum: a message that lacks a value, or has one that
is no number, is handed on as it is, for `element_sets` to leave out.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from obrii.errors import DataError
from obrii.orbits.element_sets import QUANTITIES, ElementSet, shown
from obrii.orbits.tle import ALPHA_5, SGP4_TYPES, catalogue_number

#: What each quantity is called in a message.
KEYS = {
    "drag term": "BSTAR",
    "inclination": "INCLINATION",
    "node": "RA_OF_ASC_NODE",
    "eccentricity": "ECCENTRICITY",
    "argument of perigee": "ARG_OF_PERICENTER",
    "mean anomaly": "MEAN_ANOMALY",
    "mean motion": "MEAN_MOTION",
}

#: Keys without which a table is none of messages.
REQUIRED = ("NORAD_CAT_ID", "EPOCH", *KEYS.values())

#: What a message may say of its frame and theory, if it says anything.
_ACCEPTED: dict[str, frozenset[str]] = {
    "CENTER_NAME": frozenset({"EARTH"}),
    "REF_FRAME": frozenset({"TEME"}),
    "TIME_SYSTEM": frozenset({"UTC"}),
    "MEAN_ELEMENT_THEORY": frozenset({"SGP4", "SGP/SGP4"}),
    "EPHEMERIS_TYPE": SGP4_TYPES,
}

_EPOCH = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?)Z?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_CATALOGUE_NUMBER = re.compile(rf"\d{{1,9}}|[{ALPHA_5}]\d{{4}}", re.ASCII)


def is_table(text: str) -> bool:
    """Whether a text begins with the header of a table of messages.

    >>> is_table("OBJECT_NAME,NORAD_CAT_ID,EPOCH"), is_table("name,latitude,longitude")
    (True, False)
    """
    header = text.lstrip().partition("\n")[0]
    return "," in header and any(key in header for key in ("NORAD_CAT_ID", "MEAN_MOTION"))


def json_sets(text: str, source: str) -> list[ElementSet]:
    """The sets of a JSON list of messages, or of one message.

    source: what errors call the text. Raises DataError where the text is no JSON, or is JSON of another kind.

    >>> one, = json_sets('''[{"OBJECT_NAME": "OBRII TEST 1", "EPOCH": "2022-10-03T12:00:00.000000", "NORAD_CAT_ID":
    ...   799500001, "MEAN_MOTION": 15.05491, "ECCENTRICITY": 1e-4, "INCLINATION": 53, "RA_OF_ASC_NODE": 10,
    ...   "ARG_OF_PERICENTER": 90, "MEAN_ANOMALY": 270, "BSTAR": 1e-4}]''', "example")
    >>> one.place, one.number
    ('message 1', 799500001)
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise DataError(
            f"{source}, line {error.lineno}: JSON that is malformed or cut off at column {error.colno}; "
            f"expected a whole file, so get it again"
        ) from None
    except (ValueError, RecursionError):
        raise DataError(f"{source}: JSON that is no catalogue; expected a list of OMM messages") from None
    messages = found if isinstance(found, list) else [found]
    if not messages:
        raise DataError(f"{source}: an empty list; expected at least one satellite")
    for k, message in enumerate(messages, 1):
        if not isinstance(message, dict):
            raise DataError(f"{source}, message {k}: JSON that is not OMM; expected an object of OMM keys and values")
    _require({key for message in messages for key in message}, f"JSON that begins '{shown(text)}' and", source)
    return [_element_set(message, f"message {k}") for k, message in enumerate(messages, 1)]


def csv_sets(text: str, source: str) -> list[ElementSet]:
    """The sets of a table with a header and a message in each row; empty rows count for nothing.

    source: what errors call the text. Raises DataError where the table lacks a column or a row is cut off.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] = []
    found: list[ElementSet] = []
    try:
        for row in reader:
            if not any(row):
                continue
            if not header:
                header = [key.strip() for key in row]
                _require(header, "a table that", source)
            elif len(row) != len(header):
                raise DataError(
                    f"{source}, line {reader.line_num}: found {len(row)} values; expected {len(header)}, as the "
                    f"header has"
                )
            else:
                found.append(_element_set(dict(zip(header, row, strict=True)), f"line {reader.line_num}"))
    except csv.Error as error:
        raise DataError(
            f"{source}, line {reader.line_num}: no row of comma-separated values ({error}); expected a whole file"
        ) from None
    if not found:
        raise DataError(f"{source}: a table without rows; expected at least one satellite")
    return found


def _require(keys: Sequence[str] | set[str], kind: str, source: str) -> None:
    missing = [key for key in REQUIRED if key not in keys]
    if missing:
        raise DataError(f"{source}: {kind} is not OMM; expected {', '.join(missing)} in it")


def _element_set(message: Mapping[str, Any], place: str) -> ElementSet:
    number = _catalogue_number(message.get("NORAD_CAT_ID"))
    values = tuple(_number(message.get(KEYS[quantity])) for quantity in QUANTITIES)
    epoch = _epoch(message.get("EPOCH"))
    called = message.get("OBJECT_NAME")
    name = called.strip() if isinstance(called, str) else ""
    return ElementSet(
        place=place,
        name=name or str(number),
        number=number,
        epoch=epoch,
        values=values,
        identity=name or str(values),
        foreign=_foreign(message),
    )


def _foreign(message: Mapping[str, Any]) -> str:
    for key, accepted in _ACCEPTED.items():
        value = message.get(key)
        said = "" if value is None else str(value).strip().upper()
        if said and said not in accepted:
            return f"{key} {said[:24]}, which is not SGP4 about the Earth"
    return ""


def _number(value: object) -> float:
    if isinstance(value, str):
        value = value.strip()
        return float(value) if _DECIMAL.fullmatch(value) else np.nan
    if isinstance(value, bool) or not isinstance(value, int | float):
        return np.nan
    try:
        return float(value)
    except OverflowError:
        return np.inf


def _catalogue_number(value: object) -> int:
    text = value.strip() if isinstance(value, str) else str(value) if type(value) is int else ""
    return catalogue_number(text) if _CATALOGUE_NUMBER.fullmatch(text) else -1


def _epoch(value: object) -> np.datetime64:
    written = _EPOCH.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        return np.datetime64(written[1] if written else "NaT", "ns")
    except ValueError:
        return np.datetime64("NaT", "ns")
