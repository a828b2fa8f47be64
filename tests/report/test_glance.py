"""Bars on top of the page: what is lost, and what is added beside that."""

from __future__ import annotations

import re

from obrii.report import palette
from obrii.report.glance import Bar, bars


def parts(bar: Bar) -> list[tuple[str, str]]:
    return re.findall(r"width:([\d.]+)%;background:(#\w+)", str(bars([bar], "track")))


def test_a_bar_is_as_long_as_the_loss():
    assert parts(Bar("off", "", 0.25, "#c84008", "5")) == [("25.0", "#c84008")]


def test_what_is_added_is_a_bar_of_its_own_and_takes_nothing_from_the_loss():
    assert parts(Bar("off", "", 1.0, "#c84008", "20", added=0.4)) == [("100.0", "#c84008"), ("40.0", palette.BACK)]


def test_no_loss_is_a_bar_of_no_length():
    assert parts(Bar("off", "", 0.0, "#c84008", "0")) == [("0.0", "#c84008")]
