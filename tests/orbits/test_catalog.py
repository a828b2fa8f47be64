"""Catalogue files: what is read, what is left out, and what is refused with what words.

The witness of every number is the sgp4 package's own parser (AIAA 2006-6753 code); the element sets are made up.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sgp4.alpha5 import to_alpha5
from sgp4.api import WGS72, Satrec

from obrii.errors import DataError, ModelError, ScenarioError
from obrii.orbits.catalog import Catalog, check_epoch, parse, read
from obrii.orbits.element_sets import LeftOut


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


def parsed(content: str, source: str) -> Catalog:
    return parse(content.encode(), source)


@given(
    st.integers(0, 339_999),
    st.integers(0, 99),
    st.integers(100_000_000, 36_599_999_999),
    st.integers(-99_999, 99_999),
    st.integers(-9, 1),
    st.integers(0, 1_800_000),
    st.tuples(*[st.integers(0, 3_600_000)] * 3),
    st.integers(0, 9_000_000),
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
        motion=0.25 if eccentricity > 5_000_000 else 4.5,
    )
    witness = Satrec.twoline2rv(one, two, WGS72)
    assume(witness.sgp4_tsince(0.0)[0] == 0)
    elements = parsed(text(one, two), "drawn").elements
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
    assert parsed(text(*element_set(epoch=epoch)), "x").elements.epoch[0] == np.datetime64(utc, "ns")


@pytest.mark.parametrize("end", ["\n", "\r\n", "   \n", "\n\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_marks_do_not_matter(tmp_path: Path, end: str, mark: str) -> None:
    file = tmp_path / "x.tle"
    file.write_bytes((mark + text("0 ALPHA", ONE, TWO, "BETA (B) ", *element_set("00005"), end=end)).encode())
    catalog = read(file)
    assert catalog.elements.name.tolist() == ["ALPHA", "BETA (B)"]
    assert catalog.elements.catalogue_id.tolist() == [99001, 5]
    assert (len(catalog), catalog.sets, catalog.source) == (2, 2, str(file))
    assert catalog.form == "two-line element sets"


def test_a_file_may_end_without_a_newline_and_have_no_names() -> None:
    catalog = parsed(text(ONE, TWO).rstrip(), "x")
    assert catalog.elements.name.tolist() == ["99001"]


def test_of_one_satellite_the_newest_set_is_kept_in_its_place() -> None:
    old, new, other = element_set(), element_set(epoch="22277.00000000", node=11.0), element_set("99002")
    for order in (old + other + new, new + other + old):
        catalog = parsed(text(*order), "x")
        assert catalog.elements.catalogue_id.tolist() == [99001, 99002]
        assert np.degrees(catalog.elements.node) == pytest.approx([11.0, 10.0])
        assert catalog.sets == 3
        assert [(part.reason, part.count, part.first) for part in catalog.left_out] == [
            ("older or repeated set of a satellite", 1, "99001")
        ]


def test_a_set_said_twice_counts_once_and_a_corrected_one_stands() -> None:
    assert len(parsed(text(ONE, TWO, ONE, TWO), "x")) == 1
    corrected = parsed(text("A", ONE, TWO, "A", *element_set(node=12.0)), "x").elements
    assert np.degrees(corrected.node) == pytest.approx([12.0])


def test_two_satellites_under_one_number_are_refused() -> None:
    with pytest.raises(DataError, match=r"x, line 5: catalogue number 99001 is already that of another .* line 2; exp"):
        parsed(text("A", ONE, TWO, "B", *element_set(node=12.0)), "x")
    with pytest.raises(DataError, match="x, line 3: catalogue number 99001"):
        parsed(text(ONE, TWO, *element_set(node=12.0)), "x")


@pytest.mark.parametrize("line", [0, 1])
def test_any_digit_that_flips_is_refused(line: int) -> None:
    # A checksum modulo ten catches every change of a single digit.
    for k, digit in enumerate((ONE, TWO)[line]):
        if digit.isdigit():
            lines = [ONE, TWO]
            lines[line] = lines[line][:k] + str((int(digit) + 1 + k % 9) % 10) + lines[line][k + 1 :]
            if lines[line] != (ONE, TWO)[line]:
                with pytest.raises(DataError, match=r"x, line [12]: "):
                    parsed(text(*lines), "x")


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
        ([changed(ONE, 54, " 1.000-3"), TWO], "x, line 1: drag term is ' 1.000-3'"),
        ([ONE, changed(TWO, 9, "     nan")], "x, line 2: inclination is '     nan'"),
        ([ONE, changed(TWO, 27, "000.001")], "x, line 2: eccentricity is '000.001'"),
        ([ONE, changed(TWO, 35, " -1.0000")], "x, line 2: argument of perigee is ' -1.0000'"),
        ([ONE, changed(TWO, 44, "        ")], "x, line 2: mean anomaly is '        '"),
        ([ONE[:20] + "\u0663" + ONE[21:], TWO], "x, line 1: found 69 characters; expected 69, all of them ASCII"),
    ],
)
def test_a_malformed_line_is_refused_with_place_finding_and_expectation(lines: list[str], sentence: str) -> None:
    with pytest.raises(DataError) as refused:
        parsed(text(*lines), "x")
    assert sentence in str(refused.value)


ABSURD = {
    "epoch missing, no date, or not of the years 1957 to 2099": (changed(ONE, 21, "367.00000000"), TWO),
    "drag term outside -1000 to 1000": (changed(ONE, 54, " 10000+5"), TWO),
    "inclination outside 0 to 180 deg": (ONE, changed(TWO, 9, "180.0001")),
    "node outside -360 to 360 deg": (ONE, changed(TWO, 18, "360.0001")),
    "mean motion outside 0.005 to 99 turns a day": (ONE, changed(TWO, 53, " 0.00100000")),
    "perigee below the ground": (ONE, changed(TWO, 53, "17.90000000")),
    "ephemeris type 4, which is not SGP4": (changed(ONE, 63, "4"), TWO),
    # Above the ground by Kepler, and below it by the Earth's flatness, which SGP4 knows.
    "no orbit by SGP4 at the epoch itself, mrt is less than 1.0 which indicates the satellite has decayed": element_set(
        eccentricity="0000000", perigee=0.0, anomaly=90.0, motion=17.04
    ),
}


@pytest.mark.parametrize("reason", ABSURD)
def test_an_absurd_satellite_is_left_out_and_counted(reason: str) -> None:
    fine = [line for number in ("99002", "99003") for line in element_set(number)]
    catalog = parsed(text("A", *ABSURD[reason], *fine[:2], "B", *ABSURD[reason], *fine[2:]), "x")
    assert catalog.elements.catalogue_id.tolist() == [99002, 99003]
    assert catalog.left_out == (LeftOut(reason, 2, "A", "line 2"),)
    assert catalog.summary == (
        "2 satellites from two-line element sets, epochs 2022-10-03T12:00:00Z to 2022-10-03T12:00:00Z; "
        f"left out: {reason}: 2 (first A in line 2)"
    )


@pytest.mark.parametrize("reason", ABSURD)
def test_a_file_of_which_less_than_half_can_be_used_is_refused(reason: str) -> None:
    with pytest.raises(DataError) as refused:
        parsed(text(ONE, TWO, "A", *ABSURD[reason], "B", *ABSURD[reason]), "x")
    assert str(refused.value) == (
        f"x: only 1 of 3 element sets can be used, and the rest cannot for {reason}: 2 (first A in line 4); "
        f"expected at least half"
    )
    with pytest.raises(DataError, match="x: only 0 of 1 element sets can be used"):
        parsed(text(*ABSURD[reason]), "x")


def test_older_sets_do_not_count_against_a_file() -> None:
    sets = [line for day in range(1, 10) for line in element_set(epoch=f"222{day}0.00000000")]
    catalog = parsed(text(*sets), "x")
    assert (len(catalog), catalog.sets, catalog.left_out[0].count) == (1, 9, 8)
    assert str(catalog.epochs[0])[:10] == "2022-10-17"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "nothing at all"),
        (b"\xef\xbb\xbf\n  \n", "nothing at all"),
        (b"<!DOCTYPE html><html>", "a web page that begins '<!DOCTYPE html><html>'"),
        (b"\r\n<?xml version='1.0'?>\n<html lang='en'>", "a web page that begins '<?xml version='1.0'?>'"),
        (b"<?xml version='1.0'?><ndm></ndm>", "XML that begins"),
        (b"CCSDS_OMM_VERS = 2.0\nCREATION_DATE = ", "OMM as lines of keys and values, which begins 'CCSDS_OMM_VERS"),
        (b"name,latitude,longitude,height\nA,B,C,15\n", "a table of comma-separated values that begins 'name,lat"),
        (b"\x1f\x8b\x08\x00", "a gzip archive, to be unpacked first"),
        (b"PK\x03\x04...", "a zip archive, to be unpacked first"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary data"),
        ("A\n".encode("utf-16"), "UTF-16 text, to be saved as UTF-8"),
        (b"Hello \x1b[31m\nyou", "text that begins 'Hello ?[31m'"),
        (
            b"No GP data found",
            "the answer of CelesTrak 'No GP data found', which means that it has no satellites of that query",
        ),
        (
            b'Invalid query: "GROUP=x&FORMAT=json" (GROUP=x not found)\r\n',
            "the answer of CelesTrak 'Invalid query: \"GROUP=x&FORMAT=json\" (GROUP=x not found)', which means that it "
            "knows no such group",
        ),
        (
            b"GP data has not updated since your last successful\ndownload of GROUP=active at 2026-08-31 15:13:07 UTC."
            b"\nData is updated once every 2 hours.\n",
            "the answer of CelesTrak 'GP data has not updated since your last successful download of GROUP=active at "
            "2026-08-31 15:13:07 UTC. Data is updated once every 2 hours.', which means that nothing is newer than",
        ),
    ],
)
def test_a_file_of_another_kind_is_refused_by_its_kind(tmp_path: Path, content: bytes, kind: str) -> None:
    for name in ("x.tle", "x.json", "x.csv"):
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(DataError) as refused:
            read(file)
        assert str(refused.value).startswith(f"{file}: no catalogue of satellites but {kind}")
        assert str(refused.value).endswith("; expected OMM as JSON or CSV, or two- or three-line element sets")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"none\.tle: no such file; give the path"):
        read(tmp_path / "none.tle")
    with pytest.raises(ScenarioError, match="give the path of a catalogue"):
        read(tmp_path)


def test_a_model_of_gravity_that_is_none_is_refused() -> None:
    with pytest.raises(ModelError, match="gravity 'flat' is not one of wgs72"):
        parse(text(ONE, TWO).encode(), "x", gravity="flat")


AT = np.datetime64("2022-10-03T12:00:00")
DAY = np.timedelta64(1, "D")


def test_a_run_far_from_its_elements_is_refused() -> None:
    elements = parsed(text(ONE, TWO), "x").elements
    for start, end in ((AT, AT + 31 * DAY), (AT - 31 * DAY, AT)):
        with pytest.raises(ModelError) as refused:
            check_epoch(elements, start, end)
        assert str(refused.value) == (
            f"elements: 1 of 1 satellites have their epoch more than 30 days from the run, {start}Z to {end}Z, with a "
            f"median of 2022-10-03T12:00:00Z; take a catalogue of the run's date or move the run"
        )
    with pytest.raises(ModelError):
        check_epoch(elements, AT, AT, limit_days=float("nan"))


def test_a_run_at_some_distance_is_told_so() -> None:
    elements = parsed(text("A", ONE, TWO), "x").elements
    assert check_epoch(elements, AT - 14 * DAY, AT + 14 * DAY) is None
    assert check_epoch(elements, AT, AT + 30 * DAY) == (
        "elements: 1 of 1 satellites have their epoch more than 14 days from the run, A as much as 30 days, so that "
        "their places along the orbit are a guess"
    )
    for limit_days in (4000, float("inf")):
        assert "A as much as 3650 days" in str(check_epoch(elements, AT, AT + 3650 * DAY, limit_days))


def test_a_few_stale_sets_are_told_and_more_than_a_tenth_refused() -> None:
    fresh = [line for number in range(99_002, 99_011) for line in element_set(str(number))]
    old = [line for number in (99_901, 99_902) for line in element_set(str(number), epoch="20001.00000000")]
    elements = parsed(text(*fresh, "OLD", *old[:2]), "x").elements
    assert str(check_epoch(elements, AT, AT + DAY)).startswith("elements: 1 of 10 satellites have their epoch more")
    with pytest.raises(ModelError, match="elements: 2 of 11 satellites have their epoch more than 30 days"):
        check_epoch(parsed(text(*fresh, *old), "x").elements, AT, AT + DAY)


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
    catalog = read(data / "tle" / f"{file}.tle")
    assert (len(catalog), catalog.sets, catalog.left_out) == (satellites, satellites, ())
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
    with pytest.raises(DataError, match=r"no catalogue of satellites but|is not OMM; expected NORAD_CAT_ID"):
        read(data / file)
