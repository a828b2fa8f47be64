"""Bars on top of the page: what is lost, and what is added beside that."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from obrii.report import palette
from obrii.report.glance import Bar, bars, glance
from obrii.report.messages import Words
from obrii.report.reading import Added, Run, read_run
from tests.report import synthetic


def parts(bar: Bar) -> list[tuple[str, str]]:
    return re.findall(r"width:([\d.]+)%;background:(#\w+)", str(bars([bar], "track")))


def test_a_bar_is_as_long_as_the_loss():
    assert parts(Bar("off", "", 0.25, "#c84008", "5")) == [("25.0", "#c84008")]


def test_what_is_added_is_a_bar_of_its_own_and_takes_nothing_from_the_loss():
    assert parts(Bar("off", "", 1.0, "#c84008", "20", added=0.4)) == [("100.0", "#c84008"), ("40.0", palette.BACK)]


def test_what_a_bar_is_part_of_is_as_long_as_it_is_on_the_scale_of_the_picture():
    # As many as are lost are half of those that are added: the loss is all of its track, and half of the scale.
    drawn = str(bars([Bar("off", "", 0.5, "#c84008", "20", added=1.0, whole=0.5)], "track"))
    assert '<span class="track" style="width:50.0%"><i style="width:100.0%' in drawn
    assert f"width:100.0%;background:{palette.BACK}" in drawn


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read_run(synthetic.ukraine(tmp_path_factory.mktemp("ukraine")))


def test_more_added_than_served_lengthens_the_scale_of_all_bars(run: Run) -> None:
    off = run.summary.others[-1]
    served = run.summary.served
    more = replace(off, name="more", added=Added(3.0 * served, 3.0 * served, None))
    changed = Run(replace(run.summary, variants=(run.summary.intact, off, more)), run.tables)
    drawn = str(glance(changed, Words()))
    assert drawn.count('class="track" style="width:33.3%"') == 2
    assert f"width:100.0%;background:{palette.BACK}" in drawn


def test_where_nobody_loses_the_bars_are_of_what_is_added(run: Run) -> None:
    still = run.summary.intact
    cases = [replace(still, name=f"{n}", added=Added(n, s, None)) for n, s in ((1e4, 1e4), (4e4, 2e4))]
    changed = Run(replace(run.summary, variants=(still, *cases)), run.tables)
    drawn = str(glance(changed, Words()))
    assert Words().say("glance.gain") in drawn and "20,000 · 50" in drawn
    # Ten thousand of forty; and half of forty.
    assert re.findall(r"width:([\d.]+)%", drawn) == ["25.0", "100.0", "50.0"]


def test_no_loss_is_a_bar_of_no_length():
    assert parts(Bar("off", "", 0.0, "#c84008", "0")) == [("0.0", "#c84008")]
