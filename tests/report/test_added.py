"""Added terminals in pictures: dots and areas as large as their number, and variants that look the same drawn once."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from obrii.report import added, charts, palette
from obrii.report.alike import alike, figure
from obrii.report.cover import cover
from obrii.report.markup import Markup
from obrii.report.messages import Words
from obrii.report.page import report
from obrii.report.reading import Run, read_run
from tests.report import synthetic
from tests.report.reader import Reader

#: Share of what intact serves that three variants add, of which two look the same.
SHARES = (0.5, 2.0, 0.5)


def adding(directory: Path, shares: tuple[float, ...] = SHARES) -> Path:
    """A run whose variants take the north, and add terminals with service everywhere, as so large a share of intact."""
    directory = synthetic.small(directory, variants=len(shares) + 1)
    path = directory / "summary.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    names = [variant["name"] for variant in content["variants"]]
    of_intact = dict(zip(names, (0.0, *shares), strict=True))
    for variant in content["variants"]:
        count = of_intact[variant["name"]] * content["terminals"]
        variant["added"] = {"terminals": count, "served": count, "rtt_ms": {"median": 40.0 if count else None}}
    path.write_text(json.dumps(content), encoding="utf-8")
    for name, column in (("cells", "terminals_added"), ("series", "terminals_added_served")):
        table = pd.read_parquet(directory / "tables" / f"{name}.parquet")
        share = table["variant"].map(of_intact)
        table[column] = share * (table["terminals"] if name == "cells" else content["terminals"])
        table["added_share_served"] = np.where(share > 0, 1.0, np.nan)
        if name == "series":
            table["share_served"] = np.where(table["variant"] == "intact", 1.0, 0.4)
        table.to_parquet(directory / "tables" / f"{name}.parquet")
    return directory


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return read_run(adding(tmp_path))


def test_dots_cover_as_much_of_a_place_as_their_share() -> None:
    for level, share in enumerate(added.SHARES):
        drawn = str(added.patterns([level]))
        radius = float(drawn.split(' r="')[1].split('"')[0])
        side = float(drawn.split(' width="')[1].split('"')[0])
        # Dots that touch stand for all.
        assert (2 * radius / side) ** 2 == pytest.approx(share, abs=0.01)


def test_the_nearest_share_is_drawn_and_nothing_where_nothing_is_added() -> None:
    found = added.levels(np.array([0.0, 1e-9, *added.SHARES, np.inf]))
    assert found.tolist() == [-1, 0, *range(len(added.SHARES)), len(added.SHARES) - 1]


def test_dots_can_be_told_from_every_colour_by_their_ring() -> None:
    # Success criterion 1.4.11 of the Web Content Accessibility Guidelines 2.1 asks for 3.
    assert palette.contrast(palette.BACK, "#fff") >= 3.0


def test_a_cell_is_told_what_it_gains_of_what_intact_serves(run: Run) -> None:
    found = cover(run)
    assert found is not None
    for variant, share in zip(run.summary.variants, (0.0, *SHARES), strict=True):
        np.testing.assert_allclose(found.added[variant.name], share)


def test_maps_and_time_lines_that_look_the_same_are_drawn_once_and_name_all(tmp_path: Path) -> None:
    text = report(adding(tmp_path)).read_text(encoding="utf-8")
    reader = Reader(text)
    for section in ("maps", "time"):
        part = text.split(f'<section id="{section}">')[1].split("</section>")[0]
        assert part.count("<figure>") == 2
        titles = re.findall(r"<figure><h\d>(.*?)</h\d>", part)
        assert [title.count("<span>") for title in titles] == [2, 1]
    assert "1,000 added (200\u202f%)" in reader.words
    assert "added terminals with service; where dots touch" in reader.words


def test_what_is_added_stands_in_the_missing_part_alone(run: Run) -> None:
    words = Words()
    half, all_of_it = (str(charts.panel(run, [variant], words)) for variant in run.summary.others[:2])
    # The curve of what is served is at 40 %; half as many again end at 90 %, twice as many at the top.
    for drawn, top in ((half, 0.9), (all_of_it, 1.0)):
        area = drawn.split(f'fill="{palette.BACK}"')[0].rsplit('d="', 1)[1]
        first = int(area.removeprefix("M").split(" ")[1].split("l")[0].split("-")[0])
        assert first == pytest.approx(10 * (26 + 110 * (1 - top)), abs=1)


def test_a_run_that_adds_nothing_shows_nothing_of_it(tmp_path: Path) -> None:
    text = report(synthetic.small(tmp_path)).read_text(encoding="utf-8")
    assert "added-" not in text and palette.BACK not in text.split("</style>")[1] and "added" not in Reader(text).words


def test_what_is_said_of_variants_alike_is_said_once_as_far_as_it_is_the_same(run: Run) -> None:
    one, _, other = run.summary.others
    (group,) = alike([one, other], lambda variant: 1)
    said = {one.name: "All of it is lost. Half is added.", other.name: "All of it is lost. A third is added."}
    words = Reader(figure(group, Markup(""), lambda variant: said[variant.name], Words())).words
    assert words.count("All of it is lost.") == 1
    assert words.count("Half is added.") == 1 and words.count("A third is added.") == 1
    same = Reader(figure(group, Markup(""), lambda variant: "Nobody loses service.", Words())).words
    assert same.count("Nobody loses service.") == 1
