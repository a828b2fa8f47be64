"""Element files: what is read, and what is refused with what words.

The witness of every number is the sgp4 package's own parser (AIAA 2006-6753 code); the element sets are made up.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sgp4.alpha5 import to_alpha5
from sgp4.api import WGS72, Satrec

from obrii.errors import DataError, ModelError, ScenarioError
from obrii.orbits.catalog import check_epoch, parse_tle, read_tle


def summed(line: str) -> str:
    """A line of 68 characters with its checksum: digits count for themselves, a minus for one."""
    return line + str(sum(int(c) if c.isdigit() else c == "-" for c in line) % 10)


def element_set(
    number: str = "99001",
    epoch: str = "22276.50000000",
    drag: str = " 10000-3",
    inclination: float = 53.0,
    node: float = 10.0,
    eccentricity: str = "0001000",
    perigee: float = 90.0,
    anomaly: float = 270.0,
    motion: float = 15.05491,
) -> tuple[str, str]:
    one = f"1 {number}U 22001A   {epoch}  .00000000  00000+0 {drag} 0  999"
    angles = f"{inclination:8.4f} {node:8.4f} {eccentricity} {perigee:8.4f} {anomaly:8.4f}"
    return summed(one), summed(f"2 {number} {angles} {motion:11.8f}    1")


ONE, TWO = element_set()


def text(*lines: str, end: str = "\n") -> str:
    return end.join(lines) + end


@given(
    st.integers(0, 339_999),
    st.integers(0, 99),
    st.integers(100_000_000, 36_599_999_999),
    st.integers(-99_999, 99_999),
    st.integers(-9, 1),
    st.integers(0, 1_800_000),
    st.tuples(*[st.integers(0, 3_600_000)] * 3),
    st.integers(0, 9_990_000),
)
def test_every_number_is_what_the_sgp4_package_reads(
    number: int,
    year: int,
    day: int,
    drag: int,
    power: int,
    inclination: int,
    angles: tuple[int, int, int],
    eccentricity: int,
) -> None:
    one, two = element_set(
        to_alpha5(number),
        f"{year:02d}{day / 1e8:012.8f}",
        f"{'-' if drag < 0 else ' '}{abs(drag):05d}{power:+d}",
        inclination / 1e4,
        angles[0] / 1e4,
        f"{eccentricity:07d}",
        angles[1] / 1e4,
        angles[2] / 1e4,
        # High enough for a perigee above the ground at every eccentricity drawn.
        motion=1e-6 if eccentricity > 5_000_000 else 4.5,
    )
    witness = Satrec.twoline2rv(one, two, WGS72)
    elements = parse_tle(text(one, two), "drawn").elements
    assert elements.catalogue_id.tolist() == [number] == [witness.satnum]
    for ours, theirs in (
        ("bstar", "bstar"),
        ("inclination", "inclo"),
        ("node", "nodeo"),
        ("eccentricity", "ecco"),
        ("argument_of_perigee", "argpo"),
        ("mean_anomaly", "mo"),
        ("mean_motion", "no_kozai"),
    ):
        assert getattr(elements, ours)[0] == pytest.approx(getattr(witness, theirs), rel=1e-14, abs=1e-300), ours
    days = elements.epoch.astype(np.int64)[0] / 86_400e9 + 2_440_587.5
    # A Julian date as one float resolves 40 microseconds.
    assert days == pytest.approx(witness.jdsatepoch + witness.jdsatepochF, abs=1e-9)


@pytest.mark.parametrize(
    ("epoch", "utc"),
    [
        ("57001.00000000", "1957-01-01T00:00:00"),
        ("56366.50000000", "2056-12-31T12:00:00"),
        ("00001.00000001", "2000-01-01T00:00:00.000864"),
        ("99365.99999999", "1999-12-31T23:59:59.999136"),
        (" 6 60.25000000", "2006-03-01T06:00:00"),
    ],
)
def test_epochs_are_exact_and_years_turn_at_57(epoch: str, utc: str) -> None:
    assert parse_tle(text(*element_set(epoch=epoch)), "x").elements.epoch[0] == np.datetime64(utc, "ns")


@pytest.mark.parametrize("end", ["\n", "\r\n", "   \n", "\n\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_marks_do_not_matter(tmp_path: Path, end: str, mark: str) -> None:
    file = tmp_path / "x.tle"
    file.write_bytes((mark + text("0 ALPHA", ONE, TWO, "BETA (B) ", *element_set("00005"), end=end)).encode())
    catalog = read_tle(file)
    assert catalog.elements.name.tolist() == ["ALPHA", "BETA (B)"]
    assert catalog.elements.catalogue_id.tolist() == [99001, 5]
    assert (len(catalog), catalog.sets, catalog.source) == (2, 2, str(file))


def test_a_file_may_end_without_a_newline_and_have_no_names() -> None:
    catalog = parse_tle(text(ONE, TWO).rstrip(), "x")
    assert catalog.elements.name.tolist() == ["99001"]


def test_of_one_satellite_the_newest_set_is_kept_in_its_place() -> None:
    old, new, other = element_set(), element_set(epoch="22277.00000000", node=11.0), element_set("99002")
    for order in (old + other + new, new + other + old):
        catalog = parse_tle(text(*order), "x")
        assert catalog.elements.catalogue_id.tolist() == [99001, 99002]
        assert np.degrees(catalog.elements.node) == pytest.approx([11.0, 10.0])
        assert catalog.sets == 3


def test_a_set_said_twice_counts_once_and_a_corrected_one_stands() -> None:
    assert len(parse_tle(text(ONE, TWO, ONE, TWO), "x")) == 1
    corrected = parse_tle(text("A", ONE, TWO, "A", *element_set(node=12.0)), "x").elements
    assert np.degrees(corrected.node) == pytest.approx([12.0])


def test_two_satellites_under_one_number_are_refused() -> None:
    with pytest.raises(DataError, match=r"x, line 5: catalogue number 99001 is already that of another .* line 2; exp"):
        parse_tle(text("A", ONE, TWO, "B", *element_set(node=12.0)), "x")
    with pytest.raises(DataError, match="x, line 3: catalogue number 99001"):
        parse_tle(text(ONE, TWO, *element_set(node=12.0)), "x")


@pytest.mark.parametrize("line", [0, 1])
def test_any_digit_that_flips_is_refused(line: int) -> None:
    # A checksum modulo ten catches every change of a single digit.
    for k, digit in enumerate((ONE, TWO)[line]):
        if digit.isdigit():
            lines = [ONE, TWO]
            lines[line] = lines[line][:k] + str((int(digit) + 1 + k % 9) % 10) + lines[line][k + 1 :]
            if lines[line] != (ONE, TWO)[line]:
                with pytest.raises(DataError, match=r"x, line [12]: "):
                    parse_tle(text(*lines), "x")


def changed(line: str, column: int, new: str) -> str:
    """A line with other characters from a column on, and a checksum that fits."""
    return summed((line[: column - 1] + new + line[column - 1 + len(new) :])[:68])


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([ONE[:-1], TWO], "x, line 1: found 68 characters; expected 69"),
        ([ONE, TWO + "0"], "x, line 2: found 70 characters; expected 69"),
        ([ONE, TWO[:20]], "x, line 2: found 20 characters; expected 69"),
        ([ONE[:-1] + "7", TWO], "x, line 1: checksum is '7'; expected 1"),
        ([ONE, TWO[:-1] + " "], "x, line 2: found 68 characters"),
        ([ONE, TWO[:-1] + "x"], "x, line 2: checksum is 'x'; expected 5"),
        ([TWO, ONE], f"x, line 1: found '{TWO[:24]}'; expected line 1 of an element set"),
        ([ONE, ONE], f"x, line 2: found '{ONE[:24]}'; expected line 2 of an element set"),
        (["A", "B", ONE, TWO], "x, line 2: found 'B'; expected line 1 of an element set"),
        (["A", ONE], "x, line 2: the file ends in the middle of an element set; expected line 2 of it"),
        ([ONE, TWO, "A"], "x, line 3: the file ends in the middle of an element set; expected line 1 of it"),
        ([ONE, element_set("99002")[1]], "x, line 2: catalogue number is '99002'; expected '99001' of line 1"),
        (
            [changed(ONE, 3, "I0001"), TWO],
            "x, line 1: catalogue number is 'I0001'; expected a number in columns 3 to 7",
        ),
        ([changed(ONE, 19, "2x"), TWO], "x, line 1: epoch year is '2x'; expected a number in columns 19 to 20"),
        ([changed(ONE, 21, "367.00000000"), TWO], "x, line 1: epoch day is 367.00000000; expected 1 to 366.99999999"),
        ([changed(ONE, 21, "000.50000000"), TWO], "x, line 1: epoch day is 000.50000000"),
        ([changed(ONE, 54, " 1.000-3"), TWO], "x, line 1: drag term is ' 1.000-3'"),
        ([ONE, changed(TWO, 9, "180.0001")], "x, line 2: inclination is 180.0001; expected 0 to 180"),
        ([ONE, changed(TWO, 9, "     nan")], "x, line 2: inclination is '     nan'"),
        ([ONE, changed(TWO, 18, "360.0001")], "x, line 2: node is 360.0001; expected 0 to 360"),
        ([ONE, changed(TWO, 27, "000.001")], "x, line 2: eccentricity is '000.001'"),
        ([ONE, changed(TWO, 35, " -1.0000")], "x, line 2: argument of perigee is ' -1.0000'"),
        ([ONE, changed(TWO, 44, "        ")], "x, line 2: mean anomaly is '        '"),
        ([ONE, changed(TWO, 53, " 0.00000000")], "x, line 2: mean motion is 0.00000000; expected 1e-08 to 99"),
        ([ONE, changed(TWO, 53, "17.90000000")], "put the perigee at -206 km; expected it above the ground"),
        ([ONE, changed(TWO, 27, "1000000")], "put the perigee at -143 km"),
        ([ONE[:20] + "\u0663" + ONE[21:], TWO], "x, line 1: found 69 characters; expected 69, all of them ASCII"),
    ],
)
def test_a_malformed_line_is_refused_with_place_finding_and_expectation(lines: list[str], sentence: str) -> None:
    with pytest.raises(DataError) as refused:
        parse_tle(text(*lines), "x")
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "an empty file"),
        (b"\n  \n", "an empty file"),
        (b"<!DOCTYPE html><html>", "a web page or XML"),
        (b'\n{"OBJECT_NAME": 1}', "JSON"),
        (b'[{"OBJECT_NAME": 1}]', "JSON"),
        (b"OBJECT_NAME,OBJECT_ID,EPOCH,MEAN_MOTION\nA,B,C,15\n", "a table of comma-separated values"),
        (b"\x1f\x8b\x08\x00", "a gzip archive; unpack it"),
        (b"PK\x03\x04...", "a zip archive; unpack it"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary data"),
        ("A\n".encode("utf-16"), "UTF-16 text; save it as UTF-8"),
        (b"No GP data found", "text that begins 'No GP data found'"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_its_kind(tmp_path: Path, content: bytes, kind: str) -> None:
    file = tmp_path / "x.tle"
    file.write_bytes(content)
    with pytest.raises(DataError) as refused:
        read_tle(file)
    assert str(refused.value).startswith(f"{file}: no file of two-line element sets but {kind}")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"none\.tle: no such file; give the path"):
        read_tle(tmp_path / "none.tle")
    with pytest.raises(ScenarioError, match="give the path of a file"):
        read_tle(tmp_path)


def test_a_run_far_from_its_elements_is_refused() -> None:
    elements = parse_tle(text(ONE, TWO), "x").elements
    at = np.datetime64("2022-10-03T12:00:00")
    day = np.timedelta64(1, "D")
    check_epoch(elements, at - 30 * day, at + 30 * day)
    check_epoch(elements, at + 90 * day, at + 91 * day, limit_days=91)
    for start, end in ((at, at + 31 * day), (at - 31 * day, at)):
        with pytest.raises(ModelError, match=r"median epoch is 2022-10-03T12:00:00Z .* reaches 31.0 days .* 30 are"):
            check_epoch(elements, start, end)


def test_one_old_set_does_not_move_the_median() -> None:
    old = element_set("99002", epoch="20001.00000000")
    third = element_set("99003", epoch="22277.00000000")
    elements = parse_tle(text(ONE, TWO, *old, *third), "x").elements
    check_epoch(elements, np.datetime64("2022-10-03"), np.datetime64("2022-10-04"))
    empty = np.datetime64("2022-10-03")
    with pytest.raises(ModelError):
        check_epoch(replace(elements, epoch=elements.epoch - np.timedelta64(400, "D")), empty, empty)


@pytest.mark.data
@pytest.mark.parametrize(
    ("file", "satellites"),
    [
        ("starlink_2022-09-14", 3_023),
        ("oneweb_2022-09-14", 426),
        ("starlink_2026-05-30", 10_395),
        ("oneweb_2026-05-30", 651),
        ("starlink_2024-12-15", 6_882),
        ("kuiper_2026-08-22", 391),
    ],
)
def test_real_catalogues_are_read_whole(data: Path, file: str, satellites: int) -> None:
    catalog = read_tle(data / "tle" / f"{file}.tle")
    assert (len(catalog), catalog.sets) == (satellites, satellites)
    elements = catalog.elements
    assert np.isfinite(elements.mean_motion).all()
    # Each file is a snapshot of the days around the date in its name.
    date = np.datetime64(file[-10:])
    assert (abs((elements.epoch - date) / np.timedelta64(1, "D")) < 3).all()
    lines = (data / "tle" / f"{file}.tle").read_text().splitlines()
    for k in range(0, satellites, 97):
        witness = Satrec.twoline2rv(lines[3 * k + 1], lines[3 * k + 2], WGS72)
        assert elements.catalogue_id[k] == witness.satnum
        assert elements.name[k] == lines[3 * k].strip()
        assert elements.mean_anomaly[k] == pytest.approx(witness.mo, rel=1e-14)
        assert elements.mean_motion[k] == pytest.approx(witness.no_kozai, rel=1e-14)
        assert math.isclose(elements.bstar[k], witness.bstar, rel_tol=1e-14)


@pytest.mark.data
@pytest.mark.parametrize(
    "file", ["ground/starlink_pops_2026-04.csv", "geo/ukraine_oblasts.geojson", "sgp4/tcppver.out"]
)
def test_other_files_of_the_data_folder_are_refused(data: Path, file: str) -> None:
    with pytest.raises(DataError, match="no file of two-line element sets"):
        read_tle(data / file)
