"""Bars on top of the page: what is lost, and how much of that something else makes up for."""

from __future__ import annotations

import re

from obrii.report import palette
from obrii.report.glance import Bar, bars


def parts(bar: Bar) -> list[tuple[str, str]]:
    return re.findall(r"width:([\d.]+)%;background:(#\w+)", str(bars([bar], "track")))


def test_a_bar_is_as_long_as_the_loss():
    assert parts(Bar("off", "", 0.25, "#c84008", "5")) == [("25.0", "#c84008")]


def test_what_is_added_takes_its_part_of_the_loss_from_the_left():
    assert parts(Bar("off", "", 1.0, "#c84008", "20", back=0.4)) == [("40.0", palette.BACK), ("60.0", "#c84008")]


def test_a_loss_that_is_made_up_for_altogether_keeps_no_colour_of_its_reason():
    assert parts(Bar("off", "", 0.5, "#c84008", "20", back=0.5)) == [("50.0", palette.BACK)]


def test_no_loss_is_a_bar_of_no_length():
    assert parts(Bar("off", "", 0.0, "#c84008", "0")) == [("0.0", "#c84008")]
