"""The table in the terminal."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from obrii.report.table import print_table
from tests.report import synthetic


@pytest.fixture(scope="module")
def ukraine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthetic.ukraine(tmp_path_factory.mktemp("ukraine"))


def printed(directory: Path, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, no_color=True)
    print_table(json.loads((directory / "summary.json").read_text(encoding="utf-8")), console)
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [80, 120, 200])
def test_a_row_a_variant_fits_any_terminal(ukraine: Path, width: int) -> None:
    text = printed(ukraine, width)
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    for word in ("Intact", "Country off", "Core down", "15,000", "24.9", "switched off by"):
        assert word in text
    assert "RTT without queueing" in text


@pytest.mark.parametrize("width", [80, 200])
def test_what_is_added_has_a_column_where_anything_is(tmp_path: Path, width: int) -> None:
    directory = synthetic.ukraine(tmp_path)
    content = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
    content["variants"][1]["added"] = {"terminals": 10_000.0, "served": 9_870.0, "rtt_ms": {"median": 61.0}}
    (directory / "summary.json").write_text(json.dumps(content), encoding="utf-8")
    text = printed(directory, width)
    assert max(map(len, text.splitlines())) <= width and "…" not in text
    assert "added" in text and "9,870" in text


def test_in_a_narrow_terminal_a_case_takes_two_lines(ukraine: Path) -> None:
    lines = [line for line in printed(ukraine, 80).splitlines() if line]
    cases = len(json.loads((ukraine / "summary.json").read_text(encoding="utf-8"))["variants"])
    rule = next(number for number, line in enumerate(lines) if set(line) == {"─"})
    note = next(number for number, line in enumerate(lines) if line.startswith("*"))
    assert note - rule - 1 == 2 * cases


@pytest.mark.parametrize("language", ["en", "uk"])
def test_no_number_and_no_head_is_cut_where_columns_need_a_second_line(ukraine: Path, language: str) -> None:
    console = Console(file=io.StringIO(), width=50, no_color=True)
    print_table(json.loads((ukraine / "summary.json").read_text(encoding="utf-8")), console, language=language)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert max(map(len, text.splitlines())) <= 50 and "…" not in text


def test_names_in_brackets_are_not_taken_for_markup(tmp_path: Path) -> None:
    assert "[bold]title[/bold]" in printed(synthetic.small(tmp_path, title="[bold]title[/bold]"), 120)


def test_without_terminals_people_are_counted(tmp_path: Path) -> None:
    text = printed(synthetic.small(tmp_path, terminals=0.0), 200)
    assert "terminals" not in text and "people" in text
