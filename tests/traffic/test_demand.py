"""Who is active when: the busy hour everywhere, a day that follows the sun, and shapes that ship."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii import ScenarioError
from obrii.traffic import curves
from obrii.traffic.demand import Demand

HOURLY = curves.curve("residential")


def utc(hour: float) -> np.datetime64:
    return np.datetime64("2022-10-03T00:00:00", "ns") + np.timedelta64(round(hour * 3.6e12), "ns")


def made(terminals: np.ndarray, longitude_deg: np.ndarray, hourly: np.ndarray = HOURLY) -> Demand:
    rows = len(terminals)
    return Demand(
        terminals=terminals,
        others=terminals[-1:],
        busy_share=np.linspace(0.02, 0.2, rows),
        peak_bps=np.full(rows, 1e8),
        priority=np.ones(rows),
        hourly=hourly,
        longitude_deg=longitude_deg,
    )


def plain_share(hour: float) -> float:
    """Demand at an hour of local solar time, between two entries of the table by hand."""
    before = int(hour // 1) % 24
    part = hour % 1
    return float(HOURLY[before] * (1 - part) + HOURLY[(before + 1) % 24] * part)


@given(hour=st.floats(0, 23.99), longitude_deg=st.floats(-180, 360))
def test_active_terminals_follow_the_sun(hour: float, longitude_deg: float) -> None:
    demand = made(np.ones((1, 1)), np.array([longitude_deg]))
    expected = plain_share((hour + longitude_deg / 15.0) % 24.0)
    assert demand.hour_share(utc(hour))[0] == pytest.approx(expected, rel=1e-9)


def test_nobody_asks_for_more_than_in_the_busy_hour_and_somebody_always_does() -> None:
    longitude_deg = np.linspace(-180, 180, 50)
    demand = made(np.ones((3, 50)), longitude_deg)
    for hour in np.linspace(0, 24, 97):
        share = demand.hour_share(utc(hour))
        assert (share <= 1.0 + 1e-12).all() and (share > 0.2).all()


def test_the_busiest_hour_comes_at_its_own_time_in_every_place() -> None:
    # 21 h by the sun is 19 h UTC at 30 degrees east.
    demand = made(np.ones((2, 1)), np.array([30.0]))
    assert demand.hour_share(utc(19.0)) == pytest.approx(1.0)
    assert demand.hour_share(utc(7.0)).max() < 1.0


def test_flat_demand_is_that_of_the_busy_hour_all_day() -> None:
    demand = made(np.ones((2, 4)), np.arange(4.0), curves.curve("flat"))
    assert all((demand.hour_share(utc(hour)) == 1.0).all() for hour in (0.0, 4.2, 23.9))


@pytest.mark.parametrize("name", curves.names())
def test_a_shape_covers_the_day_and_its_busiest_hour_is_one(name: str) -> None:
    shape = curves.curve(name)
    assert shape.shape == (24,) and shape.max() == 1.0 and shape.min() > 0
    assert curves.source(name)


def test_seven_per_cent_of_a_residential_day_are_asked_in_its_busiest_hour() -> None:
    # What busy_hour_bps is derived with (docs/ground-data.md).
    assert HOURLY.max() / HOURLY.sum() == pytest.approx(0.071, abs=0.002)


def test_a_shape_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="no curve is called 'residental'; did you mean 'residential'"):
        curves.curve("residental")
