"""The page for readers who see little or nothing of it: contrast, words for pictures, heads of tables, headings.

Web Content Accessibility Guidelines 2.2, level AA: 1.4.3 asks for a contrast of 4.5 of text and 3 of large text, 1.1.1
for words for pictures, 1.3.1 for heads of tables and headings in order, 3.1.1 for the language of the page.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest

from obrii.report import palette
from obrii.report.page import report
from obrii.report.style import STYLE
from tests.report import synthetic, synthetic_rates

LEAST = 4.5

#: Colours of text in the style sheet, and what each stands on: paper, pale boxes, cells of tables, land and sea.
WRITTEN = {
    "--ink": ["#fff", "--pale", "--served"],
    "--quiet": ["#fff", "--pale", "#eceef0", "#e6f0f7"],
    "--deep": ["#fff", "--pale"],
    "--strong": ["#fff"],
    "--gain": ["#fff", "--pale"],
}


@pytest.fixture(scope="module", params=["en", "uk"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    directory = synthetic_rates.add_rates(synthetic.ukraine(tmp_path_factory.mktemp("rated")))
    text = report(directory, language=request.param).read_text(encoding="utf-8")
    assert f'<html lang="{request.param}">' in text
    return text


def colour(name: str) -> str:
    """A colour of the style sheet by its name, or as it is written."""
    return dict(re.findall(r"(--\w+):(#\w+)", STYLE)).get(name, name)


@pytest.mark.parametrize(
    ("text", "under"), [(text, under) for text, all_under in WRITTEN.items() for under in all_under]
)
def test_text_can_be_read_on_what_it_stands_on(text: str, under: str) -> None:
    assert palette.contrast(colour(text), colour(under)) >= LEAST


def test_names_of_countries_can_be_read_on_land() -> None:
    written = re.search(r"\.map \.country\{fill:(#\w+)", STYLE)
    land = re.search(r"\.land\{fill:(#\w+)", STYLE)
    assert written and land and palette.contrast(written[1], land[1]) >= LEAST


@pytest.mark.parametrize("reason", palette.LOOKS)
def test_numbers_can_be_read_on_every_shade(reason: str) -> None:
    for level in range(len(palette.BANDS)):
        assert palette.contrast(palette.ink(reason, level), palette.shade(reason, level)) >= LEAST


def test_every_picture_has_words_or_is_hidden_from_those_who_listen(page: str) -> None:
    pictures = re.findall(r"<svg[^>]*>(?:<title>[^<]+</title>)?", page)
    assert pictures
    for picture in pictures:
        assert 'aria-hidden="true"' in picture or ('role="img"' in picture and "<title>" in picture), picture


def test_maps_of_what_is_lost_say_in_words_what_they_show(page: str) -> None:
    maps = re.findall(r'<svg[^>]*class="map [^>]*><title>[^<]+</title>(<desc>[^<]+</desc>)?', page)
    assert len([desc for desc in maps if desc]) >= len(maps) - 2  # The map of intact, large and small, loses nothing.


def test_every_head_of_a_table_says_of_what(page: str) -> None:
    heads = re.findall(r"<th\b[^>]*>", page)
    assert heads and all('scope="' in head for head in heads)
    for table in re.findall(r"<table.*?</table>", page, re.DOTALL):
        assert "<thead>" in table and "<th " in table


def test_headings_come_in_order(page: str) -> None:
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_what_scrolls_can_be_reached_by_keys(page: str) -> None:
    assert all('tabindex="0"' in box for box in re.findall(r'<div class="scroll"[^>]*>', page))


def test_a_plain_run_is_as_accessible(tmp_path: Path) -> None:
    page = report(synthetic.small(tmp_path)).read_text(encoding="utf-8")
    assert all('scope="' in head for head in re.findall(r"<th\b[^>]*>", page))
