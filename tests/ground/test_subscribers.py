"""Terminals by country: published figures come back at their dates, and shares add up to the world's total."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii import ScenarioError
from obrii.ground import regions, shipped, subscribers

SERVED_2022 = regions.served("starlink-2022-10")
DAYS = st.dates(min_value=np.datetime64("2020-01-01").item(), max_value=np.datetime64("2030-01-01").item())


def at(text: str) -> np.datetime64:
    return np.datetime64(text, "ns")


def rows() -> list[tuple[str, str, float]]:
    table = shipped.columns("terminals")
    return list(
        zip(table["country"].tolist(), table["date"].tolist(), table["terminals"].astype(float).tolist(), strict=True)
    )


def test_a_published_figure_comes_back_at_its_date() -> None:
    # Figures are kept as shares of the world's total, and come back to rounding.
    for country, date, count in rows():
        found = (
            subscribers.terminals_by_country("starlink", at(date), [country])
            if country
            else {"": subscribers.world_total("starlink", at(date))}
        )
        assert found[country] == pytest.approx(count), (country, date)


def test_figures_that_were_read_somewhere_are_in_the_table() -> None:
    """The million of December 2022 and the two of September 2023 (operator); 20,000 in Ukraine (CNN, 2022-10-14); two
    million in the United States (operator's network update, July 2025)."""
    assert {
        ("", "2022-12-19", 1e6),
        ("", "2023-09-23", 2e6),
        ("UKR", "2022-10-14", 2e4),
        ("USA", "2025-07-31", 2e6),
    } <= set(rows())
    sure = shipped.columns("terminals")["confidence"]
    assert set(sure.tolist()) == {"published", "press", "derived", "assumption"} - {"derived"}


@given(day=DAYS, served=st.lists(st.sampled_from(sorted(regions.with_cells())), min_size=1, max_size=20))
def test_terminals_of_all_countries_served_add_up_to_the_world(day: object, served: list[str]) -> None:
    date = np.datetime64(str(day), "ns")
    found = subscribers.terminals_by_country("starlink", date, served)
    world = subscribers.world_total("starlink", date)
    assert set(found) == set(served) and min(found.values()) >= 0
    if set(served) - {country for country, *_ in rows()}:
        assert sum(found.values()) == pytest.approx(world)
    else:
        assert sum(found.values()) <= world * (1 + 1e-12)


def test_countries_without_a_figure_share_the_rest_by_people() -> None:
    found = subscribers.terminals_by_country("starlink", at("2022-10-03"), SERVED_2022)
    people = regions.country_people()
    known = {country for country, *_ in rows()}
    each = [found[code] / people[code] for code in SERVED_2022 if code not in known]
    assert np.ptp(each) < 1e-12 * max(each) and len(each) > 20
    # Nine in ten lived in North America and Ukraine's friends: 80 % in North America alone in May 2022 (Rest of World).
    share = (found["USA"] + found["CAN"] + found["MEX"]) / sum(found.values())
    assert 0.7 < share < 0.85


def test_more_terminals_stand_in_the_world_every_day() -> None:
    days = np.datetime64("2021-01-01", "ns") + np.arange(0, 2500, 30) * np.timedelta64(1, "D")
    totals = np.array([subscribers.world_total("starlink", day) for day in days])
    assert (np.diff(totals) >= 0).all()


def test_a_country_with_figures_has_no_more_where_the_operator_serves_no_other() -> None:
    found = subscribers.terminals_by_country("starlink", at("2025-07-31"), ["USA"])
    assert found == {"USA": pytest.approx(2e6)}


def test_without_a_list_the_countries_are_those_of_the_time() -> None:
    found = subscribers.terminals_by_country("starlink", at("2022-10-03"))
    assert set(found) == set(SERVED_2022)
    assert "NGA" in subscribers.terminals_by_country("starlink", at("2026-08-01"))


def test_a_table_or_country_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ScenarioError, match="no table of terminals is called 'starlnk'; did you mean 'starlink'"):
        subscribers.world_total("starlnk", at("2022-10-03"))
    with pytest.raises(ScenarioError, match="no country 'UKN'"):
        subscribers.terminals_by_country("starlink", at("2022-10-03"), ["UKN"])
