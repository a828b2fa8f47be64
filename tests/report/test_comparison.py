"""Comparisons in the terminal: what stands where, in any width and language."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from obrii.report.comparison import print_comparisons
from obrii.report.messages import MESSAGES
from obrii.results.comparison import Comparison, compare_runs
from obrii.results.finished import FinishedRun, open_run
from tests.results.made_up import made_up


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    return open_run(made_up(4, variants=4, planned=1).finish(tmp_path_factory.mktemp("run")))


def one(run: FinishedRun, after: str = "variant 1", options: tuple[str, ...] = ()) -> Comparison:
    return compare_runs(run, "intact", run, after, options)


def with_numbers(comparison: Comparison, table: str, **numbers: float) -> Comparison:
    """The comparison with some columns of a table set to a number, or a word."""
    columns = comparison.tables[table]
    count = len(next(iter(columns.values())))
    changed = {**columns, **{name: np.full(count, number) for name, number in numbers.items()}}
    return replace(comparison, tables={**comparison.tables, table: changed})


def rated(comparison: Comparison) -> Comparison:
    numbers = {"terminals_degraded_mean": 1234.0, "rate_kept": 0.625}
    for table in ("area", "countries", "regions"):
        comparison = with_numbers(comparison, table, **numbers)
    return replace(with_numbers(comparison, "area", capacity_kept=0.5), usable_bps=10e6)


def printed(comparisons: list[Comparison], width: int = 80, language: str = "en") -> str:
    console = Console(file=io.StringIO(), width=width, no_color=True)
    print_comparisons(comparisons, console, language=language)
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", sorted(MESSAGES))
@pytest.mark.parametrize("width", [80, 120, 200])
def test_any_terminal_and_language_shows_every_number(run: FinishedRun, width: int, language: str) -> None:
    large = {"terminals_lost_mean": 19_990.0, "longest_gap_after_s": 5400.0, "gateway": "Wola Krobowska, POL"}
    single = with_numbers(rated(one(run, options=("variant 2",))), "area", **large)
    for comparisons in ([single], [single, rated(one(run, "variant 3"))]):
        text = printed(comparisons, width, language)
        assert max(map(len, text.splitlines())) <= width and "…" not in text
        for word in ("20", "1", "Krobowska", "--definitions"):
            assert word in text
    assert "62.5" in printed([single]) and "50\u202f%" in printed([single])


def test_one_comparison_shows_the_places_that_lose_most_first(run: FinishedRun) -> None:
    found = one(run)
    text = printed([found], 200)
    lost = found.tables["countries"]["terminals_lost_mean"]
    names = found.tables["countries"]["name"][np.argsort(-lost)].tolist()
    places = [text.index(name) for name in ["The whole area", *names] if name in text]
    assert len(places) == 1 + len(names) and places == sorted(places)
    assert "Intact → Variant 1" in text and f"of {found.measured.of} steps" in text


def test_a_neighbour_where_nothing_changes_still_has_its_row(run: FinishedRun) -> None:
    found = one(run)
    none = dict.fromkeys(
        ("terminals_lost_mean", "terminals_gained_mean", "terminals_degraded_mean", "share_slower"), 0.0
    )
    still = with_numbers(found, "countries", **none)
    text = printed([still], 200)
    for name in found.tables["countries"]["name"].tolist():
        assert name in text
    many = {name: np.repeat(values, 10) for name, values in still.tables["countries"].items()}
    text = printed([replace(still, tables={**still.tables, "countries": many})], 200)
    left_out = len(many["country"]) - 8
    assert f"Countries where nothing changes and that are not shown: {left_out}." in text and "-o writes" not in text


def test_several_comparisons_are_a_row_each(run: FinishedRun) -> None:
    text = printed([one(run, name) for name in run.variants[1:]])
    assert "Against: Intact" in text and "The whole area" not in text
    for name in ("Variant 1", "Variant 2", "Variant 3"):
        assert name in text


def test_without_rates_none_are_shown(run: FinishedRun) -> None:
    text = printed([one(run)])
    assert "degraded" not in text and "kept" not in text
    with_rates = " ".join(printed([rated(one(run))]).split())
    assert "degraded" in with_rates and "1,230" in with_rates and "Capacity kept in the area: 50" in with_rates


def test_without_terminals_people_are_counted(tmp_path: Path) -> None:
    bare = open_run(made_up(4, with_terminals=False).finish(tmp_path / "bare"))
    text = printed([compare_runs(bare, "intact", bare, "variant 1", ["variant 2"])])
    assert "terminals" not in text and "people" in text


def test_what_an_option_restores_stands_below(run: FinishedRun) -> None:
    text = printed([one(run, options=("intact", "variant 2"))])
    below = text[text.index("What restores the loss") :]
    assert "100\u202f%" in below and "Variant 2" in below


def test_two_runs_are_told_apart(run: FinishedRun) -> None:
    found = replace(one(run), after=replace(one(run).after, run="other"))
    assert f"Intact, {run.path} → Variant 1, other" in printed([found], 400)


def test_what_the_scenario_says_in_a_language_is_said_in_it(run: FinishedRun) -> None:
    found = replace(one(run), translation={"uk": {"variant 1": "варіант перший"}})
    assert "Варіант перший" in printed([found], language="uk") and "Variant 1" in printed([found])


def test_names_in_brackets_are_not_taken_for_markup(run: FinishedRun) -> None:
    assert "[bold]a[/bold]" in printed([with_numbers(one(run), "area", gateway="[bold]a[/bold]")], 200)
