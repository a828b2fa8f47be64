"""People of cells: published totals are kept to the person."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.ground import population, regions
from obrii.ground.cells import cells_of


def test_people_of_regions_add_up_to_the_published_totals() -> None:
    """State Statistics Service of Ukraine: 41,167,335 people on 1 January 2022 without Crimea and Sevastopol, which had
    1,967,259 and 385,870 on 1 January 2014."""
    totals = regions.region_people()
    assert sum(totals.values()) - totals["UA-43"] == 41_167_335
    assert totals["UA-43"] == 1_967_259 + 385_870
    ukraine = cells_of(countries=["UKR"])
    for code, total in totals.items():
        assert ukraine.people[ukraine.region == code].sum() == total
    assert regions.country_people()["UKR"] == sum(totals.values())


def test_somebody_lives_in_every_cell_of_ukraine_and_most_around_the_capital() -> None:
    ukraine = cells_of(countries=["UKR"])
    assert ukraine.people.min() > 0
    most = int(ukraine.people.argmax())
    assert ukraine.latitude_deg[most] == pytest.approx(50.45, abs=0.15)
    assert ukraine.longitude_deg[most] == pytest.approx(30.52, abs=0.15)


@pytest.mark.parametrize("resolution", [2, 3, 4, 6])
def test_ukraine_holds_as_many_people_at_any_resolution(resolution: int) -> None:
    ukraine = cells_of(countries=["UKR"], resolution=resolution)
    assert ukraine.people.sum() == pytest.approx(sum(regions.region_people().values()))


@pytest.mark.parametrize("code", ["KEN", "FJI"])
@pytest.mark.parametrize("resolution", [3, 4, 5])
def test_another_country_holds_its_published_total(code: str, resolution: int) -> None:
    country = cells_of(countries=[code], resolution=resolution)
    assert country.people.sum() == pytest.approx(regions.country_people()[code])


def test_a_part_of_a_country_holds_what_it_holds_in_the_whole() -> None:
    whole = cells_of(countries=["KEN"], resolution=4)
    part = cells_of(cells=whole.text[10:20], resolution=4)
    np.testing.assert_array_equal(part.people, whole.people[10:20])


def test_nobody_lives_at_sea() -> None:
    atlantic = cells_of(
        polygon={"type": "Polygon", "coordinates": [[[-40, 30], [-38, 30], [-38, 32], [-40, 32]]]}, resolution=4
    )
    assert set(atlantic.country.tolist()) == {""}
    assert not atlantic.people.any()


@given(
    people=st.lists(st.floats(0, 1e6), max_size=20),
    total=st.floats(0, 1e7),
    seed=st.integers(0, 2**32 - 1),
)
def test_spreading_keeps_the_total_and_leaves_no_cell_out(people: list[float], total: float, seed: int) -> None:
    ids = regions.region_cells("UA-77", 5)
    draw = np.random.default_rng(seed)
    latitude, longitude = draw.uniform(47.5, 48.7, len(people)), draw.uniform(24.5, 27.5, len(people))
    found = population.spread(ids, latitude, longitude, np.array(people), total)
    assert found.sum() == pytest.approx(total)
    # Cells of one region differ by a few per cent in area.
    assert (found >= 0.9 * (1 - population.TOWNS_AT_MOST) * total / len(ids)).all()


def test_a_town_lies_in_the_cell_that_shows_its_people() -> None:
    ids = regions.region_cells("UA-77", 5)
    found = population.spread(ids, np.array([48.29]), np.array([25.94]), np.array([250_000.0]), 900_000.0)
    rest = np.delete(found, found.argmax())
    assert found.max() > 250_000.0
    # The others share 650,000 by area alone, and cells of one region differ by little.
    assert rest.max() / rest.min() < 1.05
