"""Satellites that grow old: shares by closed forms, members seeded and nested in time."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from obrii.errors import ScenarioError
from obrii.network.ageing import DAYS_PER_YEAR, LIFETIME_YEARS, RATE_PER_DAY, alive, chance_alive, last_day

ages = st.lists(st.floats(0, 3000), min_size=1, max_size=20).map(np.array)
rates = st.floats(0, 0.01)
lifetimes = st.one_of(
    st.none(), st.tuples(st.floats(0, 8), st.floats(0, 8)).map(lambda both: (min(both), max(both)))
)  # fmt: skip


def plain_chance(age: float, days: int, rate: float, lifetime: tuple[float, float] | None) -> float:
    """Day by day: who is left of a satellite's chance after each day's failures and retirements."""
    left = 1.0
    for day in range(days):
        left *= 1.0 - rate
        if lifetime is not None:
            first, last = (years * DAYS_PER_YEAR for years in lifetime)
            today, tomorrow = age + day, age + day + 1
            if tomorrow >= last:
                return 0.0
            if tomorrow > first:
                left *= (last - tomorrow) / (last - max(today, first))
    return left


@given(st.floats(0, 2500), st.integers(1, 400), rates, lifetimes)
def test_the_chance_is_what_is_left_day_by_day(age: float, days: int, rate: float, lifetime) -> None:
    found = chance_alive(np.array([age]), days, rate, lifetime)[0]
    assert found == pytest.approx(plain_chance(age, days, rate, lifetime), abs=1e-9)


@given(st.integers(0, 999), ages, rates, lifetimes)
def test_who_is_lost_by_a_date_is_lost_by_every_later_one(seed, age_days, rate, lifetime) -> None:
    there = alive(last_day(seed, "x", age_days, rate, lifetime), np.linspace(0, 4000, 30))
    assert not (there[1:] & ~there[:-1]).any()


@given(st.integers(0, 999), ages, rates, rates, lifetimes)
def test_a_higher_rate_ends_every_satellite_no_later(seed, age_days, one, other, lifetime) -> None:
    low, high = sorted((one, other))
    assert (last_day(seed, "x", age_days, high, lifetime) <= last_day(seed, "x", age_days, low, lifetime)).all()


@pytest.mark.parametrize("age_years", [0.0, 3.0, 4.5])
def test_a_drawn_fleet_shrinks_as_the_chances_say(age_years: float) -> None:
    # Of 4,000 satellites a share p has a standard deviation of sqrt(p (1 - p) / 4000), at most 0.0079.
    age_days = np.full(4000, age_years * DAYS_PER_YEAR)
    days = np.arange(0, 7) * DAYS_PER_YEAR
    found = alive(last_day(1, "fleet", age_days), days).mean(axis=1)
    assert_allclose(found, chance_alive(np.full(7, age_days[0]), days), atol=5 * 0.0079)
    assert found[0] == 1.0
    assert found[-1] == 0.0


def test_0_0128_per_cent_a_day_are_4_6_per_cent_a_year() -> None:
    assert RATE_PER_DAY == 0.000128
    assert chance_alive(np.zeros(1), DAYS_PER_YEAR, lifetime_years=None)[0] == pytest.approx(1 - 0.0457, abs=1e-4)


def test_between_4_and_6_years_the_rest_is_brought_down() -> None:
    assert LIFETIME_YEARS == (4.0, 6.0)
    years = np.array([4.0, 5.0, 6.0])
    assert_allclose(chance_alive(np.zeros(3), years * DAYS_PER_YEAR, 0.0), [1.0, 0.5, 0.0], atol=1e-12)
    assert alive(last_day(1, "x", np.zeros(50), 0.0), years * DAYS_PER_YEAR).sum(axis=1)[[0, 2]].tolist() == [50, 0]


def test_a_lifetime_may_be_to_the_day_and_who_is_older_is_brought_down_at_once() -> None:
    age_days = np.array([0.0, 4.9, 5.0, 9.0]) * DAYS_PER_YEAR
    assert chance_alive(age_days, 0.0, 0.0, (5.0, 5.0)).tolist() == [1.0, 1.0, 0.0, 0.0]
    assert last_day(1, "x", age_days, 0.0, (5.0, 5.0)).round(6).tolist() == [1826.2125, 36.52425, 0.0, 0.0]


def test_without_rate_and_lifetime_satellites_last_for_ever() -> None:
    assert last_day(1, "x", np.zeros(2), 0.0, None).tolist() == [np.inf, np.inf]
    assert alive(last_day(1, "x", np.zeros(2), 0.0, None), np.array([1e9])).all()
    assert not alive(last_day(1, "x", np.zeros(2), 1.0, None), np.array([0.0])).any()


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"rate_per_day": 0.01 * 128}, "rate_per_day is 1.28, which is outside 0 to 1; was 0.0128 meant?"),
        ({"rate_per_day": -1e-4}, "rate_per_day is -0.0001"),
        ({"lifetime_years": (6.0, 4.0)}, "lifetime_years is 6 to 4; give the shorter first"),
        ({"lifetime_years": (-1.0, 4.0)}, "lifetime_years is -1 to 4"),
    ],
)
def test_what_is_no_ageing_is_refused(given_: dict, said: str) -> None:
    for function in (
        lambda **more: chance_alive(np.zeros(1), 1.0, **more),
        lambda **m: last_day(1, "x", np.zeros(1), **m),
    ):
        with pytest.raises(ScenarioError, match="^ageing: " + re.escape(said)):
            function(**given_)
