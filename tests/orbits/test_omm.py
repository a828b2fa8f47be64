"""OMM as JSON and CSV: the same satellites as by element lines, and what is left out or refused with what words.

Witnesses are the sgp4 package's own readers of element lines and of OMM; the satellites are made up.
"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sgp4 import exporter, omm
from sgp4.api import WGS72, Satrec

from obrii.errors import DataError
from obrii.orbits.catalog import Catalog, parse, read
from obrii.orbits.element_sets import LeftOut
from obrii.orbits.elements import Elements

MESSAGE: dict[str, Any] = {
    "OBJECT_NAME": "OBRII TEST 1",
    "OBJECT_ID": "2022-001A",
    "EPOCH": "2022-10-03T12:00:00.000000",
    "MEAN_MOTION": 15.05491,
    "ECCENTRICITY": 0.0001,
    "INCLINATION": 53.0,
    "RA_OF_ASC_NODE": 10.0,
    "ARG_OF_PERICENTER": 90.0,
    "MEAN_ANOMALY": 270.0,
    "EPHEMERIS_TYPE": 0,
    "CLASSIFICATION_TYPE": "U",
    "NORAD_CAT_ID": 99001,
    "ELEMENT_SET_NO": 999,
    "REV_AT_EPOCH": 1,
    "BSTAR": 0.0001,
    "MEAN_MOTION_DOT": 0,
    "MEAN_MOTION_DDOT": 0,
}

#: The same satellite as element lines.
LINES = (
    "1 99001U 22001A   22276.50000000  .00000000  00000+0  10000-3 0  9991",
    "2 99001  53.0000  10.0000 0001000  90.0000 270.0000 15.05491000    15",
)

ARRAYS = (
    "epoch", "bstar", "inclination", "node", "eccentricity", "argument_of_perigee", "mean_anomaly", "mean_motion",
    "catalogue_id", "name",
)  # fmt: skip


def as_json(*messages: object) -> bytes:
    return json.dumps(messages).encode()


def as_csv(*messages: dict[str, Any]) -> bytes:
    file = io.StringIO(newline="")
    table = csv.DictWriter(file, messages[0].keys())
    table.writeheader()
    table.writerows(messages)
    return file.getvalue().encode()


def changed(**values: object) -> dict[str, Any]:
    return MESSAGE | values


def assert_equal(ours: Elements, theirs: Elements) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name), err_msg=name)


@given(
    st.integers(0, 99_999),
    st.integers(0, 36_499_999_999),
    st.tuples(st.sampled_from([-1, 1]), st.integers(10_000, 99_999), st.integers(-6, 0)),
    st.integers(0, 1_799_999),
    st.tuples(*[st.integers(0, 3_599_999)] * 3),
    st.integers(0, 300_000),
    st.integers(1_200_000_000, 1_550_000_000),
)
def test_lines_json_and_csv_give_the_same_satellites_to_the_bit(
    number: int,
    day: int,
    drag: tuple[int, int, int],
    inclination: int,
    angles: tuple[int, int, int],
    eccentricity: int,
    motion: int,
) -> None:
    # Every number as the digits that element lines have; the epoch, whole multiples of 864 microseconds, by sgp4.
    degrees = [f"{angle / 1e4:.4f}" for angle in (inclination, *angles)]
    one = f"1 {number:05d}U 22001A   22{1 + day / 1e8:012.8f}  .00000000  00000+0 "
    one += f"{' -'[drag[0] < 0]}{drag[1]:05d}{drag[2]:+d} 0  999"
    two = f"2 {number:05d} {degrees[0]:>8} {degrees[1]:>8} {eccentricity:07d} {degrees[2]:>8} {degrees[3]:>8} "
    two += f"{motion / 1e8:11.8f}    1"
    lines = [line + str(sum(int(c) if c.isdigit() else c == "-" for c in line) % 10) for line in (one, two)]
    witness = Satrec.twoline2rv(*lines, WGS72)
    midnight = np.datetime64("2022-01-01", "us")
    written = changed(
        NORAD_CAT_ID=number,
        EPOCH=str(midnight + np.timedelta64(day * 864, "us")),
        BSTAR=f"{drag[0] * drag[1]}E{drag[2] - 5}",
        INCLINATION=float(degrees[0]),
        RA_OF_ASC_NODE=float(degrees[1]),
        ARG_OF_PERICENTER=float(degrees[2]),
        MEAN_ANOMALY=float(degrees[3]),
        ECCENTRICITY=f".{eccentricity:07d}",
        MEAN_MOTION=motion / 1e8,
    )
    by_lines = parse("\n".join(("OBRII TEST 1", *lines)).encode(), "lines").elements
    assert_equal(parse(as_json(written), "json").elements, by_lines)
    assert_equal(parse(as_csv(written), "csv").elements, by_lines)

    # The package's own message has binary fractions, converted twice, in place of the digits.
    exported = parse(as_json(exporter.export_omm(witness, "OBRII TEST 1")), "sgp4").elements
    for name in ARRAYS[1:8]:
        np.testing.assert_allclose(getattr(exported, name), getattr(by_lines, name), rtol=1e-14, err_msg=name)
    # Its epoch is a Julian date in one double, to 40 microseconds.
    assert abs(exported.epoch - by_lines.epoch)[0] < np.timedelta64(50, "us")


def test_the_sgp4_package_reads_the_same_from_our_table() -> None:
    (fields,) = omm.parse_csv(io.StringIO(as_csv(MESSAGE).decode()))
    witness = Satrec()
    omm.initialize(witness, fields)
    ours = parse(as_csv(MESSAGE), "x").elements
    for name, theirs in (("bstar", "bstar"), ("inclination", "inclo"), ("mean_anomaly", "mo"), ("node", "nodeo")):
        assert getattr(ours, name)[0] == pytest.approx(getattr(witness, theirs), rel=1e-14)
    assert ours.mean_motion[0] == pytest.approx(witness.no_kozai, rel=1e-14)
    assert ours.catalogue_id[0] == witness.satnum


@pytest.mark.data
@pytest.mark.parametrize("file", ["starlink_2022-09-14", "oneweb_2026-05-30"])
def test_a_real_catalogue_written_as_messages_is_the_same(data: Path, file: str) -> None:
    catalog = read(data / "tle" / f"{file}.tle")
    lines = (data / "tle" / f"{file}.tle").read_text().splitlines()
    messages = [
        changed(
            OBJECT_NAME=lines[k].strip(),
            EPOCH=str(catalog.elements.epoch[k // 3].astype("datetime64[us]")),
            NORAD_CAT_ID=int(lines[k + 1][2:7]),
            BSTAR=f"{lines[k + 1][53]}.{lines[k + 1][54:59]}e{lines[k + 1][59:61]}".strip(),
            INCLINATION=lines[k + 2][8:16].strip(),
            RA_OF_ASC_NODE=float(lines[k + 2][17:25]),
            ECCENTRICITY=f".{lines[k + 2][26:33]}",
            ARG_OF_PERICENTER=float(lines[k + 2][34:42]),
            MEAN_ANOMALY=float(lines[k + 2][43:51]),
            MEAN_MOTION=float(lines[k + 2][52:63]),
        )
        for k in range(0, len(lines), 3)
    ]
    for found, form in ((parse(as_json(*messages), "x"), "OMM as JSON"), (parse(as_csv(*messages), "x"), "OMM as CSV")):
        assert_equal(found.elements, catalog.elements)
        assert (found.form, found.sets, found.left_out) == (form, catalog.sets, ())


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\r\n\r\n"])
@pytest.mark.parametrize("suffix", ["tle", "json", "csv", "txt"])
def test_the_form_is_told_by_content_and_marks_and_line_ends_do_not_matter(
    tmp_path: Path, suffix: str, mark: bytes
) -> None:
    forms = {
        "OMM as JSON": (as_json(MESSAGE), json.dumps([MESSAGE], indent=1).replace("\n", "\r\n").encode()),
        "OMM as CSV": (as_csv(MESSAGE), as_csv(MESSAGE).replace(b"\r\n", b"\n"), as_csv(MESSAGE) + b"\r\n\r\n"),
        "two-line element sets": ("\n".join(LINES).encode(), "\r\n".join(("OBRII TEST 1", *LINES)).encode()),
    }
    for form, contents in forms.items():
        for content in contents:
            file = tmp_path / f"x.{suffix}"
            file.write_bytes(mark + content)
            catalog = read(file)
            assert (catalog.form, len(catalog), catalog.source) == (form, 1, str(file))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (5, 5),
        ("00005", 5),
        (999_999_999, 999_999_999),
        ("799500766", 799_500_766),
        ("A0001", 100_001),
        (100_953, 100_953),
    ],
)
def test_catalogue_numbers_have_up_to_nine_digits_or_a_letter(written: object, number: int) -> None:
    message = changed(NORAD_CAT_ID=written)
    for content in (as_json(message), as_csv(message)):
        assert parse(content, "x").elements.catalogue_id.tolist() == [number]


def test_a_message_may_be_alone_have_text_for_numbers_more_keys_and_no_name() -> None:
    texts = {key: str(value) for key, value in MESSAGE.items()} | {
        "EPOCH": "2022-10-03T12:00:00Z",
        "COMMENT": "MADE UP",
    }
    texts |= {"MEAN_ELEMENT_THEORY": "SGP4", "CENTER_NAME": "EARTH", "REF_FRAME": "TEME", "TIME_SYSTEM": "UTC"}
    expected = parse(as_json(MESSAGE), "x").elements
    assert_equal(parse(json.dumps(texts).encode(), "x").elements, expected)
    assert_equal(parse(as_csv(texts), "x").elements, expected)
    for nameless in (None, "", " "):
        assert parse(as_json(changed(OBJECT_NAME=nameless)), "x").elements.name.tolist() == ["99001"]


def test_of_one_satellite_the_newest_message_is_kept() -> None:
    new = changed(EPOCH="2022-10-04T00:00:00", MEAN_ANOMALY=1.0)
    for order in ((MESSAGE, new), (new, MESSAGE), (new, MESSAGE, new)):
        for content in (as_json(*order), as_csv(*order)):
            catalog = parse(content, "x")
            assert np.degrees(catalog.elements.mean_anomaly) == pytest.approx([1.0])
            assert catalog.sets - len(catalog) == catalog.left_out[0].count == len(order) - 1
            assert catalog.left_out[0].reason == "older or repeated set of a satellite"


def test_two_satellites_under_one_number_are_refused() -> None:
    with pytest.raises(DataError, match=r"x, message 2: catalogue number 99001 is already that of .*, message 1; exp"):
        parse(as_json(MESSAGE, changed(OBJECT_NAME="OTHER")), "x")


SPOILT: list[tuple[str, object, str]] = [
    ("NORAD_CAT_ID", None, "catalogue number missing or not a whole number of at most nine digits"),
    ("NORAD_CAT_ID", -1, "catalogue number missing"),
    ("NORAD_CAT_ID", 1_000_000_000, "catalogue number missing"),
    ("NORAD_CAT_ID", "99001.0", "catalogue number missing"),
    ("NORAD_CAT_ID", "I0001", "catalogue number missing"),
    ("EPOCH", "", "epoch missing, no date, or not of the years 1957 to 2099"),
    ("EPOCH", "now", "epoch missing"),
    ("EPOCH", "NaT", "epoch missing"),
    ("EPOCH", "2022-13-03T12:00:00", "epoch missing"),
    ("EPOCH", "2022-10-03", "epoch missing"),
    ("EPOCH", "2101-10-03T12:00:00", "epoch missing"),
    ("EPOCH", "1858-11-17T00:00:00", "epoch missing"),
    ("MEAN_MOTION", "nan", "mean motion missing or not a finite number"),
    ("MEAN_MOTION", 0, "mean motion outside 0.005 to 99 turns a day"),
    ("MEAN_MOTION", -15.0, "mean motion outside"),
    ("MEAN_MOTION", 17.9, "perigee below the ground"),
    ("ECCENTRICITY", "1_000", "eccentricity missing"),
    ("ECCENTRICITY", -1e-4, "eccentricity outside 0 to 1"),
    ("ECCENTRICITY", 1.0, "perigee below the ground"),
    ("ECCENTRICITY", 1.5, "eccentricity outside 0 to 1"),
    ("INCLINATION", "53 deg", "inclination missing"),
    ("INCLINATION", 180.5, "inclination outside 0 to 180 deg"),
    ("RA_OF_ASC_NODE", None, "node missing"),
    ("ARG_OF_PERICENTER", "1e999", "argument of perigee missing"),
    ("MEAN_ANOMALY", 1e9, "mean anomaly outside -360 to 360 deg"),
    ("BSTAR", "", "drag term missing"),
    ("BSTAR", 1e6, "drag term outside -1000 to 1000"),
    ("EPHEMERIS_TYPE", 4, "EPHEMERIS_TYPE 4, which is not SGP4 about the Earth"),
]


@pytest.mark.parametrize(("key", "value", "reason"), SPOILT)
def test_a_message_that_says_nonsense_is_left_out_and_counted(key: str, value: object, reason: str) -> None:
    spoilt = changed(**{key: value, "OBJECT_NAME": "BAD"})
    others = [changed(NORAD_CAT_ID=number, OBJECT_NAME=str(number)) for number in (99_002, 99_003)]
    messages = (others[0], spoilt, others[1])
    for content, place in ((as_json(*messages), "message 2"), (as_csv(*messages), "line 3")):
        catalog: Catalog = parse(content, "x")
        assert catalog.elements.catalogue_id.tolist() == [99_002, 99_003]
        (left_out,) = catalog.left_out
        assert left_out.reason.startswith(reason)
        assert left_out == LeftOut(left_out.reason, 1, "BAD", place)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("MEAN_MOTION", float("nan"), "mean motion missing or not a finite number"),
        ("BSTAR", float("-inf"), "drag term missing or not a finite number"),
        ("INCLINATION", 10**400, "inclination missing or not a finite number"),
        ("ECCENTRICITY", True, "eccentricity missing or not a finite number"),
        ("MEAN_ANOMALY", [1], "mean anomaly missing or not a finite number"),
        ("NORAD_CAT_ID", True, "catalogue number missing"),
        ("EPOCH", 2022, "epoch missing"),
        ("MEAN_ELEMENT_THEORY", "SGP4-XP", "MEAN_ELEMENT_THEORY SGP4-XP, which is not SGP4 about the Earth"),
        ("CENTER_NAME", "MOON", "CENTER_NAME MOON, which is not SGP4 about the Earth"),
    ],
)
def test_json_has_more_kinds_of_nonsense(key: str, value: object, reason: str) -> None:
    other = changed(NORAD_CAT_ID=99_002, OBJECT_NAME="OTHER")
    catalog = parse(as_json(changed(**{key: value}), other), "x")
    assert len(catalog) == 1
    assert catalog.left_out[0].reason.startswith(reason)
    with pytest.raises(DataError, match="x: only 0 of 1 element sets can be used, and the rest cannot for "):
        parse(as_json(changed(**{key: value})), "x")


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in MESSAGE.items() if name != key}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[]", "x: an empty list; expected at least one satellite"),
        (b"[1, 2]", "x, message 1: JSON that is not OMM; expected an object of OMM keys and values"),
        (as_json(MESSAGE, "a"), "x, message 2: JSON that is not OMM"),
        (
            b'{"error": "slow down"}',
            'x: JSON that begins \'{"error": "slow down"}\' and is not OMM; expected NORAD_CAT_ID,',
        ),
        (as_json(without("BSTAR")), "and is not OMM; expected BSTAR in it"),
        (as_json(MESSAGE)[:-9], "x, line 1: JSON that is malformed or cut off at column 3"),
        (as_json(MESSAGE)[:200], "x, line 1: JSON that is malformed or cut off at column"),
        (as_json(MESSAGE) + as_json(MESSAGE), "x, line 1: JSON that is malformed or cut off"),
        (b"[" * 100_000, "x: JSON that is no catalogue; expected a list of OMM messages"),
        (b"[" + b"9" * 5_000 + b"]", "x: JSON that is no catalogue"),
        (as_csv(without("EPOCH")), "x: a table that is not OMM; expected EPOCH in it"),
        (as_csv(MESSAGE).splitlines()[0], "x: a table without rows; expected at least one satellite"),
        (as_csv(MESSAGE, MESSAGE)[:-30], "x, line 3: found 9 values; expected 17, as the header has"),
        (as_csv(MESSAGE).replace(b"OBRII", b'"OBRII'), "x, line 2: no row of comma-separated values (unexpected end"),
        (as_csv(MESSAGE)[:-2] + b",\r\n", "x, line 2: found 18 values; expected 17"),
    ],
)
def test_a_file_that_is_no_catalogue_of_messages_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(DataError) as refused:
        parse(content, "x")
    assert sentence in str(refused.value)
