"""The page: whole, safe, the same every time, and true to the tables, for runs of any kind."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from obrii.errors import DataError, ScenarioError
from obrii.report import headline, story
from obrii.report.messages import Words
from obrii.report.page import report
from obrii.report.reading import COLUMNS, read_run
from tests.report import synthetic
from tests.report.reader import Reader

LARGEST_PAGE_BYTES = 1_500_000


@pytest.fixture(scope="module")
def ukraine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthetic.ukraine(tmp_path_factory.mktemp("ukraine"))


@pytest.fixture(scope="module")
def page(ukraine: Path) -> str:
    return report(ukraine).read_text(encoding="utf-8")


def edit(directory: Path, change: Any) -> Path:
    """Change summary.json in place."""
    path = directory / "summary.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    return directory


def test_the_page_is_well_formed(page: str) -> None:
    Reader(page)


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    style = page[page.index("<style>") : page.index("</style>")]
    assert "@import" not in style and "url(" not in style
    loading = {"script", "link", "img", "iframe", "object", "embed", "audio", "video", "source", "base", "form"}
    for tag, name, value in Reader(page).attributes:
        assert tag not in loading
        assert name not in {"src", "srcset", "action", "ping", "background"} and not name.startswith("on")
        assert name != "href" or value.startswith("#")
        assert "url(" not in value or value.startswith("url(#")


def test_every_reference_inside_the_page_has_its_target(page: str) -> None:
    attributes = Reader(page).attributes
    ids = [value for _, name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    for _, name, value in attributes:
        target = value[1:] if name == "href" else value[5:-1] if value.startswith("url(#") else None
        assert target is None or target in ids


def test_the_page_is_small(page: str) -> None:
    assert len(page.encode()) < LARGEST_PAGE_BYTES


def test_the_same_tables_give_the_same_bytes(ukraine: Path, page: str) -> None:
    assert report(ukraine).read_text(encoding="utf-8") == page


def test_every_variant_region_and_town_is_on_the_page(ukraine: Path, page: str) -> None:
    run, words = read_run(ukraine), Words()
    said = Reader(page).words
    for variant in run.summary.variants:
        assert said.count(words.variant(variant.name)) >= 3
    for table, column in (("regions", "name"), ("towns", "town")):
        for name in run.tables[table][column].unique():
            assert name in said
    for gateway in run.tables["gateways"]["gateway"].unique():
        assert words.station(gateway) in said
    for part in (*run.summary.assumptions, *run.summary.sources):
        assert part["source"] in said


def test_no_number_says_more_than_it_knows(page: str) -> None:
    said = Reader(page).words
    assert re.findall(r"\d+\.\d{3,}", said) == []
    assert re.findall(r"\bnan\b|\bNone\b|\binf\b", said) == []
    # Four digits and more are grouped, save in years, in codes and in what summary.json brings as text.
    plain = [n for n in re.findall(r"(?<![\d\-.,/])\d{4,}(?![\d\-])", said) if not 1900 < int(n) < 2100]
    assert plain == []


def test_the_sentence_on_top_names_what_is_lost_and_by_what(ukraine: Path) -> None:
    # The costliest first; what there is no room for is left to the bars.
    said = headline.lead(read_run(ukraine), Words())
    assert said.startswith(
        "Of 20,000 satellite terminals, all lose their connection when the whole country is switched"
    )
    assert "or when the operator’s core fails; and about 15,000 when the gateways in" in said
    assert len(said) <= headline.LONGEST


def test_the_page_says_what_it_is_whose_borders_it_draws_and_how_to_run_it(page: str) -> None:
    said = Reader(page).words
    for text in ("not a reconstruction", "68/262", "Natural Earth", "obrii run", "RTT without queueing"):
        assert text in said


def test_one_site_is_explained_from_the_tables(ukraine: Path) -> None:
    site = story.one_site(read_run(ukraine), Words())
    assert site is not None and site.title == "Why Muallim decides so much"
    said = " ".join(site.paragraphs)
    assert "with 8 of its 8 antennas in use" in said
    assert "falls from 95.9" in said
    assert "not verified" in said


@pytest.mark.parametrize(
    "kind",
    [
        {"variants": 1},
        {"terminals": 0.0},
        {"with_regions": False},
        {"with_gateways": False},
        {"with_towns": False},
        {"variants": 1, "terminals": 0.0, "with_regions": False, "with_gateways": False, "with_towns": False},
        {"radius": 0},
        {"centre": (-17.7, 179.6)},
        {"centre": (89.0, 0.0)},
        {"centre": (0.0, 0.0), "resolution": 2, "radius": 40, "with_regions": False},
    ],
    ids=str,
)
def test_a_run_of_any_kind_has_a_page(tmp_path: Path, kind: dict[str, Any]) -> None:
    directory = synthetic.small(tmp_path, **kind)
    reader = Reader(report(directory).read_text(encoding="utf-8"))
    assert "A disk" in reader.words
    paths = [value for tag, name, value in reader.attributes if (tag, name) == ("path", "d")]
    assert not any("nan" in path or "inf" in path for path in paths)


def test_no_site_is_said_to_decide_where_many_share_the_load(ukraine: Path) -> None:
    run = read_run(ukraine)
    gateways = run.tables["gateways"]
    run.tables["gateways"] = gateways[~gateways["variant"].str.contains("Türkiye")].assign(cells_served_mean=100.0)
    assert story.one_site(run, Words()) is None


def test_text_of_a_scenario_is_escaped(tmp_path: Path) -> None:
    directory = synthetic.small(tmp_path, title="<script>alert(1)</script> & more")
    page = report(directory).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page and "North off &lt;1&gt;" in page and "Middle &lt;Town&gt; &amp; Co" in page


def test_tables_that_were_not_written_are_left_out(tmp_path: Path) -> None:
    directory = synthetic.small(tmp_path)
    for name in COLUMNS:
        (directory / "tables" / f"{name}.parquet").unlink(missing_ok=True)
    Reader(report(directory).read_text(encoding="utf-8"))


def test_where_nobody_loses_the_connection_the_delay_is_told(tmp_path: Path) -> None:
    def slower(content: dict[str, Any]) -> None:
        variant = content["variants"][1]
        for unit in ("people", "terminals"):
            variant[f"{unit}_without_service"].update(mean=0.0, worst=0.0, at_least_once=0.0, share_mean=0.0)
        variant.update(share_served_of_intact=1.0, main_reason=None, reasons={})
        variant["rtt_ms"] = {"median": 121.4, "p95": 140.0}
        variant["events"][0]["kind"] = "pops-off"

    directory = edit(synthetic.small(tmp_path), slower)
    pops = pd.read_parquet(directory / "tables" / "pops.parquet")
    pops.loc[pops["variant"] != "intact", "cells_served_mean"] = 0.0
    pops.to_parquet(directory / "tables" / "pops.parquet")
    said = Reader(report(directory).read_text(encoding="utf-8")).words
    assert "from 39 to 121 ms when the point of presence Frankfurt is lost." in said
    assert "How long a packet takes" in said


def test_terminals_that_a_variant_adds_are_a_gain_told_apart(tmp_path: Path) -> None:
    def adding(content: dict[str, Any]) -> None:
        for variant in content["variants"]:
            variant["added"] = {"terminals": 0.0, "served": 0.0, "rtt_ms": {"median": None}}
        content["variants"][2]["added"] = {"terminals": 10_000.0, "served": 9_870.0, "rtt_ms": {"median": 61.2}}

    plain = synthetic.ukraine(tmp_path / "plain")
    without = Reader(report(plain).read_text(encoding="utf-8")).words
    assert "added" not in without
    directory = edit(synthetic.ukraine(tmp_path / "adding"), adding)
    said = Reader(report(directory).read_text(encoding="utf-8")).words
    assert "Where terminals are added, 9,900 of 10,000 new terminals have a connection; those that lost theirs" in said
    assert "10,000 terminals are added, 9,870 with service: median RTT 61\u00a0ms." in said
    assert "They are a gain beside the losses" in said
    # Nobody is left but them.
    assert read_run(directory).summary.variants[2].rtt_ms[0] is None
    assert "39\u00a0ms intact, 61\u00a0ms while the event acts" in said
    # What is said of losses is what was said before, but for the sentence on top, which tells others.
    assert story.caption(read_run(plain), read_run(plain).summary.variants[1], Words()) in said


def test_a_long_run_is_drawn_with_few_points(tmp_path: Path) -> None:
    directory = synthetic.small(tmp_path)
    path = directory / "tables" / "series.parquet"
    series = pd.read_parquet(path)
    longer = []
    for _, rows in series.groupby("variant", sort=False):
        long = rows.iloc[np.arange(20_011) * len(rows) // 20_011].copy()
        long["time"] = rows["time"].iloc[0] + pd.to_timedelta(15 * np.arange(len(long)), unit="s")
        longer.append(long)
    pd.concat(longer).to_parquet(path)
    page = report(directory).read_text(encoding="utf-8")
    assert len(page.encode()) < 100_000
    assert "3 October 2022" in Reader(page).words


def test_a_directory_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="name the directory of a finished run"):
        report(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda content: content.update(schema_version=99), "schema_version is 99, not 1"),
        (lambda content: content.pop("seed"), "no 'seed'"),
        (lambda content: content["variants"][1].update(main_reason="bad luck"), "no reason 'bad luck' is known"),
    ],
)
def test_a_summary_of_another_kind_is_refused(tmp_path: Path, change: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        report(edit(synthetic.small(tmp_path), change))


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    directory = synthetic.small(tmp_path)
    path = directory / "tables" / "cells.parquet"
    pd.read_parquet(path).drop(columns="reason").to_parquet(path)
    with pytest.raises(DataError, match="no column 'reason'"):
        report(directory)


def test_cells_that_one_variant_lacks_are_refused(tmp_path: Path) -> None:
    directory = synthetic.small(tmp_path)
    path = directory / "tables" / "cells.parquet"
    pd.read_parquet(path).iloc[:-1].to_parquet(path)
    with pytest.raises(DataError, match="rows for 127 cells"):
        report(directory)


def test_a_language_that_is_not_there_is_refused(ukraine: Path) -> None:
    with pytest.raises(ScenarioError, match="no language 'xx'"):
        report(ukraine, language="xx")


def test_where_nothing_is_lost_no_title_speaks_of_losses(tmp_path: Path) -> None:
    def still(content: dict[str, Any]) -> None:
        intact = content["variants"][0]
        for variant in content["variants"][1:]:
            for key in ("people_without_service", "terminals_without_service", "share_served_of_intact"):
                variant[key] = intact[key]

    titles = {"table.title.changes", "maps.title.plain", "time.title.plain"}
    costs = {"table.title.costs", "maps.title.costs", "time.title.costs", "losses.title"}
    said = Reader(report(edit(synthetic.ukraine(tmp_path), still)).read_text(encoding="utf-8")).words
    assert all(Words().say(key) in said for key in titles)
    assert not any(Words().say(key) in said for key in costs)
