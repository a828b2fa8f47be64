"""A run of pairs of places tells of the ways between them, and says nothing of an area that is not there."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from obrii.report.page import report
from obrii.report.table import print_table
from tests.report import synthetic
from tests.report.reader import Reader


def pair(name: str, share: float, *rtt_ms: float) -> dict[str, Any]:
    keys = ("rtt_min_ms", "rtt_median_ms", "rtt_max_ms")
    return {"pair": name, "share_served": share, **dict(zip(keys, rtt_ms or [None] * 3, strict=True))}


WAYS = [pair("Lviv - Odesa", 1.0, 12.0, 15.0, 21.0), pair("Lviv - Pole", 0.95, 69.0, 74.0, 78.0), pair("A - B", 0.0)]


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """A run of pairs alone, intact and one other variant."""
    directory = synthetic.small(tmp_path)
    path = directory / "summary.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content |= {"cells": 0, "people": 0.0, "terminals": 0.0, "step_s": 0.1}
    content["never_served"] = {"cells": 0, "people": 0.0, "terminals": 0.0}
    for variant in content["variants"]:
        variant["pairs"] = WAYS
    path.write_text(json.dumps(content), encoding="utf-8")
    for table in (directory / "tables").iterdir():
        table.unlink()
    return directory


def printed(directory: Path, width: int, language: str = "en") -> str:
    console = Console(file=io.StringIO(), width=width, no_color=True)
    content = json.loads((directory / "summary.json").read_text(encoding="utf-8"))
    print_table(content, console, language=language)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_the_page_says_how_long_the_ways_are_and_for_how_much_of_the_time(pairs: Path) -> None:
    words = Reader(report(pairs).read_text(encoding="utf-8")).words
    for said in ("15\u00a0ms on Lviv – Odesa and 74\u00a0ms on Lviv – Pole", "95\u202f%", "every 0.1\u00a0s", "A – B"):
        assert said in words
    for said in ("without service", "0 cells", "Served, of intact"):
        assert said not in words


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_terminal_has_a_row_a_pair_and_nothing_of_an_area(pairs: Path, width: int, language: str) -> None:
    text = printed(pairs, width, language)
    assert max(map(len, text.splitlines())) <= width and "…" not in text
    assert "12/15/21" in text.replace(" / ", "/") and "Lviv – Pole" in text
    assert "people" not in text and "люди" not in text


def test_a_run_with_an_area_tells_of_its_pairs_too(tmp_path: Path) -> None:
    directory = synthetic.small(tmp_path)
    path = directory / "summary.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["variants"][0]["pairs"] = WAYS
    path.write_text(json.dumps(content), encoding="utf-8")
    words = Reader(report(directory).read_text(encoding="utf-8")).words
    assert "How long the way is between two places" in words and "What each case costs" in words
    assert "Lviv – Odesa" in printed(directory, 80) and "people" in printed(directory, 80)
