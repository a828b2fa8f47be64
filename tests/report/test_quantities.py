"""Numbers as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from obrii.report.quantities import MISSING, Numbers

NUMBERS = Numbers()


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1_299.9999, "1,300"),
        (12_345_678, "12.3 million"),
        (1_000_000, "1 million"),
        (999_999, "1 million"),
        (999_400, "999,000"),
        (42.4, "42"),
        (0.2, "<\u202f1"),
        (0.0, "0"),
        (999_400_000, "999 million"),
        (999_600_000, "1 billion"),
        (1_234_567_890, "1.23 billion"),
        (7_575_712_372, "7.58 billion"),
        (None, MISSING),
        (math.nan, MISSING),
    ],
)
def test_counts_have_three_digits_that_carry_meaning(value: float | None, written: str) -> None:
    assert NUMBERS.count(value) == written


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.987, "98.7"), (1.0, "100"), (0.9996, ">\u202f99.9"), (0.0004, "<\u202f0.1"), (0.0, "0"), (1.0002, "100")],
)
def test_shares_are_never_rounded_to_all_or_nothing(share: float, written: str) -> None:
    assert NUMBERS.percent(share) == f"{written}\u202f%"


@given(st.floats(0.0, 1.0))
def test_only_all_reads_as_all_and_only_nothing_as_nothing(share: float) -> None:
    written = NUMBERS.percent(share)
    assert (written == "100\u202f%") == (share > 1.0 - 1e-10)
    assert (written == "0\u202f%") == (share < 1e-10)


@given(st.floats(0.0, 1e11))
def test_a_count_reads_back_within_half_a_percent(value: float) -> None:
    written = NUMBERS.count(value)
    if "<" in written:
        assert value < 0.5
    else:
        figure, *word = written.split()
        number = float(figure.replace(",", "")) * {"million": 1e6, "billion": 1e9}.get("".join(word), 1.0)
        assert abs(number - value) <= max(0.5, 0.005 * value) * (1 + 1e-9)


@given(st.floats(0.0, 1e6))
@example(215_970.0)  # sixty hours, which are no larger unit
def test_a_duration_never_has_sixty_minutes_or_seconds(seconds: float) -> None:
    figures, units = (NUMBERS.duration(seconds).split()[start::2] for start in (0, 1))
    assert not {("60", "min"), ("60", "s")} & set(zip(figures, units, strict=True))


def test_what_is_missing_is_a_dash() -> None:
    for write in (
        NUMBERS.exact,
        NUMBERS.percent,
        NUMBERS.milliseconds,
        NUMBERS.mean,
        NUMBERS.duration,
        NUMBERS.millions,
    ):
        assert write(None) == write(math.nan) == MISSING
