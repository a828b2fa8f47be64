"""What the page and the terminal say of rates, where a run has them; a run without says nothing of the kind."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from obrii.report import growth, headline, rates
from obrii.report.bottlenecks import binds, bottleneck
from obrii.report.growth_chart import most
from obrii.report.messages import Words
from obrii.report.page import report
from obrii.report.rate_reading import parse_rates
from obrii.report.reading import Run, read_run
from obrii.report.table import print_table
from obrii.schema import BOTTLENECK
from tests.report import synthetic, synthetic_rates
from tests.report.reader import Reader

LARGEST_PAGE_BYTES = 1_500_000
WORDS = Words()


@pytest.fixture(scope="module")
def rated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthetic_rates.add_rates(synthetic.ukraine(tmp_path_factory.mktemp("rated")))


@pytest.fixture(scope="module")
def run(rated: Path) -> Run:
    return read_run(rated)


@pytest.fixture(scope="module")
def page(rated: Path) -> str:
    return report(rated).read_text(encoding="utf-8")


def section(page: str, name: str) -> str:
    """Return what a section of the page says."""
    found = re.search(rf'<section id="{name}">.*?</section>', page, re.DOTALL)
    assert found
    return Reader(found[0]).words


def edit(directory: Path, change: Any) -> Path:
    """Change summary.json in place."""
    path = directory / "summary.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    return directory


def test_a_run_without_traffic_says_nothing_of_rates(tmp_path: Path) -> None:
    plain = report(synthetic.small(tmp_path)).read_text(encoding="utf-8")
    assert 'id="rates"' not in plain and 'id="growth"' not in plain
    assert "b/s" not in Reader(plain).words and "busy hour" not in Reader(plain).words


def test_a_page_with_rates_is_whole_and_small(page: str) -> None:
    attributes = Reader(page).attributes
    ids = [value for _, name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert len(page.encode()) < LARGEST_PAGE_BYTES
    assert not any("nan" in value or "inf" in value for _, name, value in attributes if name in ("points", "d", "x"))
    assert not re.findall(r"\d+\.\d{3,}|\bnan\b|\bNone\b|\binf\b", Reader(page).words)


def test_the_sentence_says_what_terminals_get_and_what_binds(run: Run) -> None:
    lead, case = rates.sentences(run, WORDS)
    assert lead == (
        "At the busy hour half of the terminals with a connection get at least 100\u202fMb/s, and one in ten gets less "
        "than 61\u202fMb/s. What binds first are the antennas of gateways, most of all the 8 at Muallim: they hold "
        "back 24\u202f% of the terminals."
    )
    worst = min(
        (v for v in run.summary.others if v.rates.busy.median_bps and not v.added.terminals), key=lambda v: v.rates.kept
    )
    assert case.startswith(f"In the case “{worst.name}”, {WORDS.percent(worst.rates.kept)} of the capacity is kept;")


def test_where_half_and_nine_in_ten_get_the_same_it_is_said_once(tmp_path: Path) -> None:
    def alike(content: dict[str, Any]) -> None:
        for part in content["variants"]:
            part["rates"]["busy_bps"]["p10"] = part["rates"]["busy_bps"]["median"]
            part["rates"].update(bottlenecks={}, bottleneck=None, bottleneck_gateway=None)

    lead, case = rates.sentences(read_run(edit(synthetic_rates.add_rates(synthetic.small(tmp_path)), alike)), WORDS)
    assert "at least nine in ten of the terminals with a connection get 100\u202fMb/s. Nothing binds" in lead
    assert case.endswith("at least nine in ten get 100\u202fMb/s at the busy hour.")


@pytest.mark.parametrize("kind", [name for name, flag in BOTTLENECK.items() if flag > 0])
def test_every_bottleneck_is_named(kind: str) -> None:
    found = parse_rates(synthetic_rates.rates(1.0, bottleneck=kind, bottlenecks={kind: 0.5}))
    assert found is not None
    for antennas in (8, -1):
        assert "50\u202f%" in binds(found, WORDS, antennas)
        assert ("8" in bottleneck(found, WORDS, antennas)) == (kind == "antenna" and antennas == 8)
    nobody = parse_rates(synthetic_rates.rates(0.0))
    assert nobody is not None and bottleneck(nobody, WORDS) == "–"


def test_every_variant_has_a_row_of_rates(run: Run, page: str) -> None:
    said = section(page, "rates")
    for variant in run.summary.variants:
        assert WORDS.variant(variant.name) in said
        assert WORDS.kept(variant.rates.kept) in said
    for text in ("Busy hour", "Capacity kept", "Terminals under 10\u202fMb/s", "What binds first", "61\u202fMb/s"):
        assert text in said


def test_capacity_above_that_of_intact_is_said_and_its_bar_is_full(tmp_path: Path) -> None:
    def more(content: dict[str, Any]) -> None:
        content["variants"][1]["rates"]["capacity_kept"] = 1.034

    page = report(edit(synthetic_rates.add_rates(synthetic.small(tmp_path)), more)).read_text(encoding="utf-8")
    assert "103\u202f%" in section(page, "rates")
    assert not re.search(r"width:1[0-9][1-9]%", page)


def test_loads_of_gateways_stand_before_and_after(run: Run, page: str) -> None:
    said = section(page, "gateways")
    assert "How full gateways are at the busy hour" in said
    for row in run.of("gateways", "intact").itertuples():
        if row.busy_load_mean_bps > 0:
            assert f"{WORDS.rate(row.busy_load_mean_bps)} of {WORDS.rate(row.capacity_mean_bps)}" in said


def test_gateways_are_sorted_by_load_and_the_idle_are_left_out(run: Run, tmp_path: Path) -> None:
    directory = synthetic_rates.add_rates(synthetic.ukraine(tmp_path))
    table = directory / "tables" / "gateways.parquet"
    gateways = pd.read_parquet(table)
    idle = gateways["gateway"] == "Marsala, ITA"
    gateways.loc[idle, ["busy_load_mean_bps", "cells_served_mean"]] = 0.0
    gateways.to_parquet(table)
    said = section(report(directory).read_text(encoding="utf-8"), "gateways").split("How full gateways are")[1]
    named = [WORDS.station(name) for name in gateways["gateway"].unique() if WORDS.station(name) in said]
    assert "Marsala" not in said and len(named) == 6
    loads = gateways.groupby("gateway")["busy_load_mean_bps"].max().drop("Marsala, ITA")
    first, last = (WORDS.station(pick()) for pick in (loads.idxmax, loads.idxmin))
    assert said.index(first) < said.index(last)


def test_a_variant_that_adds_an_operator_has_a_line_of_its_own(run: Run, page: str) -> None:
    starlink, oneweb = growth.lines(run, WORDS)
    assert (starlink.name, oneweb.name) == ("Starlink", "OneWeb")
    assert (starlink.here, oneweb.here) == ((20_000.0,), (10_000.0,))
    said = section(page, "growth")
    assert "How many terminals UKR can have" in said
    assert f"as long as there are no more than about {crossing(20_000.0, 40e6, 4e6)} terminals" in said
    assert page.count('class="chart growth"') == 2


def crossing(terminals: float, before_bps: float, after_bps: float) -> str:
    """Return where a line from ten to a hundred times the terminals falls under 10 Mb/s, as it is said."""
    return WORDS.aloud(10 * terminals * 10 ** (np.log(before_bps / 10e6) / np.log(before_bps / after_bps)))


def test_lines_of_one_operator_that_agree_are_one(tmp_path: Path) -> None:
    def twice(content: dict[str, Any]) -> None:
        for number, count in ((1, 1_000.0), (3, 10_000.0)):
            points = [
                {"times": n, "terminals": n * count, "median_bps": 1e11 / (n * count), "p10_bps": 5e10 / (n * count)}
                for n in (1.0, 10.0, 100.0)
            ]
            content["variants"][number]["rates"]["growth"] = {"kuiper": points}

    directory = edit(synthetic_rates.add_rates(synthetic.ukraine(tmp_path)), twice)
    found = {line.name: line for line in growth.lines(read_run(directory), WORDS)}
    assert set(found) == {"Starlink", "OneWeb", "Kuiper"}
    assert found["Kuiper"].terminals.tolist() == [1e3, 1e4, 1e5, 1e6]
    assert found["Kuiper"].here == (1e3, 1e4)


@given(st.lists(st.floats(1e5, 1e9), min_size=2, max_size=8), st.floats(1e6, 1e8))
def test_a_line_is_of_use_up_to_the_number_and_not_beyond(bps: list[float], usable_bps: float) -> None:
    terminals, rate_bps = np.geomspace(1e3, 1e6, len(bps)), np.sort(bps)[::-1]
    how, count = most(terminals, rate_bps, usable_bps)
    if how != "about":
        assert (rate_bps[-1] >= usable_bps) == (how == "more") and (rate_bps[0] < usable_bps) == (how == "fewer")
        return
    at = np.exp(np.interp(np.log(count), np.log(terminals), np.log(rate_bps)))
    assert at == pytest.approx(usable_bps, rel=1e-6)


@pytest.mark.parametrize("share", [1e-9, 0.01, 0.2, 1e3])
def test_any_rates_can_be_drawn_and_said(tmp_path: Path, share: float) -> None:
    def grown(content: dict[str, Any]) -> None:
        for part in content["variants"]:
            points = synthetic_rates.growth(20_000.0, share)
            part["rates"]["growth"] = {"starlink": [{**point, "p10_bps": 0.0} for point in points]}

    directory = edit(synthetic_rates.add_rates(synthetic.small(tmp_path)), grown)
    page = report(directory).read_text(encoding="utf-8")
    said = section(page, "growth")
    assert "Nine in ten do not, not even with 10,000." in said
    assert ("the most that was tried" in said, "the fewest that were tried" in said) == (share > 1, share < 0.1)
    assert not any("nan" in value or "inf" in value for _, _, value in Reader(page).attributes)


def test_where_more_terminals_were_not_tried_there_is_no_picture(tmp_path: Path) -> None:
    def none(content: dict[str, Any]) -> None:
        for part in content["variants"]:
            part["rates"]["growth"] = {}

    page = report(edit(synthetic_rates.add_rates(synthetic.small(tmp_path)), none)).read_text(encoding="utf-8")
    assert 'id="growth"' not in page and 'id="rates"' in page


def test_what_is_added_is_told_with_its_rate(run: Run, page: str) -> None:
    assert headline.more(run, WORDS) == (
        "Where terminals are added, 9,800 of 10,000 new terminals have a connection: at least 12\u202fMb/s for half of "
        "them at the busy hour; those that lost theirs stay without."
    )
    said = Reader(page).words
    assert "9,800 of 10,000 added terminals have a connection, 12\u202fMb/s at the busy hour" in said
    assert (
        " 10,000 terminals are added, 9,800 with service: 12\u202fMb/s at the busy hour, median RTT 61\u00a0ms." in said
    )


@pytest.mark.parametrize("width", [80, 120, 200])
def test_the_terminal_has_a_row_of_rates_for_every_variant(rated: Path, width: int) -> None:
    console = Console(file=io.StringIO(), width=width, no_color=True)
    print_table(json.loads((rated / "summary.json").read_text(encoding="utf-8")), console)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(map(len, text.splitlines())) <= width and "…" not in text
    for word in ("Rates, Mb/s", "100/61", "12/6.1", "Muallim", "capacity"):
        assert word in text.replace(" / ", "/")


def test_where_nobody_is_counted_there_are_no_rates(tmp_path: Path) -> None:
    def nobody(content: dict[str, Any]) -> None:
        for part in content["variants"]:
            part["rates"] = synthetic_rates.rates(0.0, growth={})

    directory = edit(synthetic_rates.add_rates(synthetic.small(tmp_path, terminals=0.0)), nobody)
    assert 'id="rates"' not in report(directory).read_text(encoding="utf-8")
