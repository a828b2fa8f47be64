"""Every case against everything working: columns that say something, places alike in one row, neighbours."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from obrii.report import compared
from obrii.report import compared_columns as columns
from obrii.report.messages import MESSAGES, Words
from obrii.report.neighbours import felt, neighbours
from obrii.report.page import report
from obrii.report.reading import COLUMNS, Run, read_run
from obrii.results.comparison import OF_AREA
from obrii.results.differences import DEFINITIONS
from obrii.results.restored import DEFINITIONS as RESTORED
from tests.report import synthetic
from tests.report.reader import Reader

#: A place in which nothing changes.
STILL: dict[str, Any] = {
    **dict.fromkeys(DEFINITIONS, 0.0),
    **{"rtt_before_ms": 30.0, "rtt_after_ms": 30.0, "rtt_stretch": 1.0, "rate_kept": 1.0, "capacity_kept": 1.0},
    **{"operator": "", "gateway": "", "pop": ""},
}

#: What is lost in the north, all the time that is measured [min].
MEASURED_MIN = 90.0
LOST = {
    "share_lost": 1.0, "minutes_without_after": MEASURED_MIN, "longest_gap_after_s": 5400.0, "gaps_after_mean": 1.0,
    "rtt_before_ms": math.nan, "rtt_after_ms": math.nan, "rtt_stretch": math.nan, "rate_kept": 0.0,
}  # fmt: skip
SLOWER = {"rtt_after_ms": 77.0, "rtt_stretch": 2.5667, "share_slower": 0.9, "gateway": "Muallim, TUR"}


def with_changes(
    directory: Path,
    area: list[dict[str, Any]],
    regions: dict[str, dict[str, Any]] | None = None,
    countries: dict[str, dict[str, Any]] | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """The run with tables of changes, a row of the area a variant, and the same places in each."""
    names = [variant.name for variant in read_run(directory).summary.others]
    north_and_south = {"North": LOST, "South": {}} if regions is None else regions
    places: dict[str, list[dict[str, Any]]] = {
        "area": [{"variant": name, **STILL, **row} for name, row in zip(names, area, strict=True)],
        "regions": [
            {"variant": name, "region": f"XX-{place[:1]}", "name": place, "name_uk": place, **STILL, **row}
            for name in names
            for place, row in north_and_south.items()
        ],
        "countries": [
            {"variant": name, "country": code, "name": code, "name_uk": code, **STILL, **row}
            for name in names
            for code, row in (countries or {}).items()
        ],
        "restored": [
            {"loss": loss, "option": option, **dict.fromkeys(RESTORED, 0.0), "share_added": 0.5}
            for option, loss in (options or {}).items()
        ],
    }
    for name, rows in places.items():
        if rows:
            pd.DataFrame(rows).to_parquet(directory / "tables" / f"compared_{name}.parquet")
    return directory


def section(directory: Path, language: str = "en") -> str:
    """What the section says."""
    text = report(directory, language=language).read_text(encoding="utf-8")
    return Reader(text.split('<section id="places">')[1].split("</section>")[0]).words


def test_the_columns_that_are_read_are_those_of_a_comparison() -> None:
    for table, names in COLUMNS.items():
        if table.startswith("compared_") and table != "compared_restored":
            known = {"variant", "country", "region", "town", "group", "name", "cell", *DEFINITIONS, *OF_AREA}
            assert set(names) <= known


@pytest.mark.parametrize("language", sorted(MESSAGES))
def test_who_loses_what_is_told_of_the_area_and_of_places(tmp_path: Path, language: str) -> None:
    area = {"minutes_without_after": 45.0, "longest_gap_after_s": 5400.0, "share_lost": 0.5, "capacity_kept": 0.5}
    directory = with_changes(synthetic.small(tmp_path), [area])
    said = section(directory, language)
    words = Words(language)
    for key in ("compared.title.loss", "compared.minutes", "compared.longest", "compared.capacity"):
        assert words.say(key) in said
    for key in ("compared.gaps", "compared.slower", "compared.took", "compared.restored", "compared.neighbours"):
        assert words.say(key) not in said.split(words.say("compared.places"))[0]
    assert words.say("compared.headline.quiet", names="South") in said
    page = Reader((directory / words_page(language)).read_text(encoding="utf-8")).words
    assert words.text(DEFINITIONS["minutes_without_after"]) in page


def words_page(language: str) -> str:
    return "report.html" if language == "en" else f"report.{language}.html"


def test_places_that_change_alike_stand_in_one_row(tmp_path: Path) -> None:
    three = {"North": LOST, "West": LOST, "East": LOST, "South": {}}
    said = section(with_changes(synthetic.small(tmp_path), [{"share_lost": 0.7, "minutes_without_after": 70}], three))
    assert "North, West and East" in said and "South: nothing changes." in said


def test_cases_whose_places_change_alike_stand_together(tmp_path: Path) -> None:
    area = [{"share_lost": 0.5, "minutes_without_after": 45.0}] * 2
    text = report(with_changes(synthetic.small(tmp_path, variants=3), area)).read_text(encoding="utf-8")
    assert text.count('<details class="case">') == 1
    assert "North off &lt;1&gt;; North off &lt;2&gt;" in text


def test_a_run_with_delay_alone_is_about_delay_and_one_with_gaps_about_gaps(tmp_path: Path) -> None:
    both = {"North": SLOWER, "South": SLOWER}
    said = section(with_changes(synthetic.small(tmp_path / "slower"), [SLOWER], both))
    assert said.startswith(Words().say("compared.title.delay"))
    assert (
        "30 → 77" in said and "× 2.6" in said and "gateway Muallim" in said and "Everywhere: 90\u202f% slower" in said
    )
    gaps = {"gaps_before_mean": 0.8, "gaps_after_mean": 5.7, "share_lost": 0.05, "longest_gap_after_s": 4140.0}
    said = section(with_changes(synthetic.small(tmp_path / "gaps"), [gaps], {"North": gaps, "South": {}}))
    assert said.startswith(Words().say("compared.title.gaps"))
    assert "0.8 → 5.7" in said and "North: longest gap 1\u00a0h 9\u00a0min" in said


def test_what_an_option_restores_and_adds_is_told_of_the_loss(tmp_path: Path) -> None:
    area = [{"share_lost": 0.5, "minutes_without_after": 45.0}] * 2
    directory = with_changes(synthetic.small(tmp_path, variants=3), area, options={"north off <2>": "north off <1>"})
    said = section(directory)
    assert "0\u202f% restored" in said and "50\u202f% added" in said and "of “north off <1>”" in said


def test_columns_in_which_nothing_changes_are_left_out_and_what_is_the_same_is_said_once() -> None:
    words = Words()
    rows = [{**STILL, **LOST, "minutes_without_after": minutes, "measured_min": 90.0} for minutes in (10.0, 20.0, 30.0)]
    asked = (columns.MINUTES, columns.LONGEST, columns.SLOWER, columns.DEGRADED)
    assert columns.shown(asked, rows, words) == ([columns.MINUTES], [columns.LONGEST])
    # Of two rows a column is shorter than a sentence.
    assert columns.shown(asked, rows[:2], words) == ([columns.MINUTES, columns.LONGEST], [])
    same = [{**row, "minutes_without_after": 10.0} for row in rows]
    assert columns.shown(asked, same, words)[0] == [columns.MINUTES]


@pytest.mark.parametrize("column", columns.CHANGES, ids=lambda column: column.name)
def test_no_change_is_no_change_in_any_column_and_where_there_is_no_number(column: columns.Column) -> None:
    nothing = {name: value if isinstance(value, str) else math.nan for name, value in STILL.items()}
    for row in (STILL, nothing):
        told = {**row, "measured_min": 90.0, "most_gaps": 0.0}
        assert not column.changes(told) and not columns.changed(told)
        assert 0.0 <= column.part(told) <= 1.0
        assert "nan" not in "".join(column.says(told, Words()))


def test_a_place_that_is_never_served_is_not_said_to_lose_nothing(tmp_path: Path) -> None:
    never = {"minutes_without_before": MEASURED_MIN, "minutes_without_after": MEASURED_MIN}
    # The events of a made-up run act in three quarters of its two hours.
    area = [{"share_lost": 1.0, "minutes_without_after": 90.0}]
    said = section(with_changes(synthetic.small(tmp_path), area, {"North": LOST, "Never": never, "South": {}}))
    assert "Never" not in said.split(Words().say("compared.all"))[0] and "South: nothing changes." in said


def of_two_countries(directory: Path) -> Run:
    """A run over Ukraine and Moldova, of which the north, in Ukraine, is switched off."""
    synthetic.small(directory)
    for name in ("cells", "countries"):
        path = directory / "tables" / f"{name}.parquet"
        table = pd.read_parquet(path)
        if name == "cells":
            table["country"] = np.where(table["region"] == "XX-N", "UKR", "MDA")
        else:
            table = pd.concat([table, table.assign(country="MDA", name="Moldova", name_uk="Молдова")])
        table.to_parquet(path)
    return read_run(directory)


def test_neighbours_are_those_that_no_event_is_aimed_at(tmp_path: Path) -> None:
    run = of_two_countries(tmp_path)
    (variant,) = run.summary.others
    assert neighbours(run, variant) == {"MDA"}
    cells = run.tables["cells"]
    run.tables["cells"] = cells.assign(reason=cells["reason"].replace("switched-off", "no-beam"))
    assert neighbours(run, variant) == set()
    gateways = run.tables["gateways"]
    run.tables["gateways"] = gateways.assign(state="off in this variant")
    assert neighbours(run, variant) == {"MDA", "UKR"}


@pytest.mark.parametrize(
    ("kind", "target", "near"),
    [
        ("service-off", {"countries": ["MDA"]}, {"UKR"}),
        ("service-off", {"countries": "MDA", "strip": {"border": ["MDA", "UKR"], "width_km": 20}}, {"UKR"}),
        ("service-off", {"strip": {"border": ["MDA", "UKR"], "width_km": 20}}, set()),
        ("licence-granted", {"countries": ["UKR"]}, {"MDA"}),
        ("pops-off", {"sites": ["Chisinau"]}, {"UKR"}),
        ("pops-off", {"sites": ["Chisinau, MDA"]}, {"UKR"}),
        # What flies, and what an operator has as a whole, is aimed at nobody's country.
        ("satellites-off", {"share": 0.1}, set()),
        ("lasers-off", {}, set()),
        ("core-off", {"operator": "starlink"}, set()),
        ("links-degraded", {"near": {"place": "Kyiv", "radius_km": 100}}, set()),
    ],
)
def test_whom_an_event_is_aimed_at_is_what_it_says_it_is(
    tmp_path: Path, kind: str, target: dict[str, object], near: set[str]
) -> None:
    run = of_two_countries(tmp_path)
    (variant,) = run.summary.others
    run.tables["pops"] = run.tables["pops"].assign(pop="Chisinau, MDA", country="MDA").head(1)
    event = replace(variant.events[0], kind=kind, target=target)
    assert neighbours(run, replace(variant, events=(event,))) == near
    # Beside what takes all, nobody is a neighbour.
    core = replace(event, kind="core-off", target={})
    assert neighbours(run, replace(variant, events=(event, core))) == set()


def test_a_neighbour_that_feels_nothing_is_said_to(tmp_path: Path) -> None:
    of_two_countries(tmp_path)
    area = [{"share_lost": 0.5, "minutes_without_after": 45.0}]
    said = section(with_changes(tmp_path, area, countries={"UKR": LOST, "MDA": {}}))
    assert "Moldova: nothing changes" in said.split(Words().say("compared.places"))[0]


def test_of_many_neighbours_those_that_lose_most_are_named_and_the_others_counted() -> None:
    rows = [{**STILL, "name": f"N{k}", "measured_min": 90.0, "share_lost": 0.1 * (k < 5)} for k in range(12)]
    said = felt(rows, lambda row: row["name"], Words())
    assert said.startswith("N0: 10\u202f% of the service lost; N1:")
    assert "something changes in 2 more" in said and said.endswith("nothing changes in 7 others")


def test_a_run_without_tables_of_changes_says_how_to_have_them(tmp_path: Path) -> None:
    said = section(synthetic.small(tmp_path))
    assert "obrii compare DIR" in said
    assert compared.compared(read_run(tmp_path), Words()) == ""
