"""Towns: found by the names that people use, and listed with the cell they lie in."""

from __future__ import annotations

import numpy as np
import pytest

from obrii.errors import ScenarioError
from obrii.ground import gazetteer, regions
from obrii.ground.cells import cells_of


@pytest.mark.parametrize("spelling", ["Kyiv", "kyiv", "Київ", "КИЇВ", "Kiev", " Kyiv ", "Kyiv, UKR"])
def test_the_capital_is_found_by_all_its_names(spelling: str) -> None:
    assert gazetteer.find(spelling) == ("Kyiv", 50.45, 30.52, "UKR")


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Frankfurt", "Frankfurt am Main", "DEU"),
        ("São Paulo", "São Paulo", "BRA"),
        ("sao paulo", "São Paulo", "BRA"),
        ("Cologne", "Köln", "DEU"),
        ("Newark", "Newark", "USA"),
        ("Odessa", "Odesa", "UKR"),
        ("Odessa, USA", "Odessa", "USA"),
        ("Кам'янець-Подільський", "Kamianets-Podilskyi", "UKR"),
        ("Mykolayiv", "Mykolaiv", "UKR"),
        ("Запоріжжя", "Zaporizhzhia", "UKR"),
        ("Izmail", "Izmail", "UKR"),
        ("Simferopol", "Simferopol", "UKR"),
    ],
)
def test_a_town_is_found_by_other_spellings(text: str, name: str, country: str) -> None:
    found = gazetteer.find(text)
    assert (found.name, found.country) == (name, country)


def test_of_towns_of_one_name_the_largest_wins() -> None:
    found = gazetteer.find("Paris")
    known = gazetteer.places()
    namesakes = known.people[known.name == "Paris"]
    assert found.country == "FRA"
    assert len(namesakes) > 1


@pytest.mark.parametrize(
    ("text", "place"),
    [("50.45,30.52", (50.45, 30.52, "UKR")), (" -1.3 , 36.8 ", (-1.3, 36.8, "KEN")), ("30,-40", (30.0, -40.0, ""))],
)
def test_coordinates_are_a_place(text: str, place: tuple) -> None:
    found = gazetteer.find(text)
    assert (found.latitude_deg, found.longitude_deg, found.country) == place


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Kharkow Oblast", "write 'latitude,longitude'"),
        ("Kharkivv", "did you mean 'Kharkiv'"),
        ("Kyiv, POL", "no place 'Kyiv, POL'"),
        ("", "write 'latitude,longitude'"),
        ("91,0", "off the globe"),
        ("0,181", "off the globe"),
    ],
)
def test_an_unknown_place_is_refused_with_a_hint(text: str, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        gazetteer.find(text)


def test_towns_of_ukraine_come_largest_first_with_their_cells() -> None:
    cells = cells_of(countries=["UKR"])
    towns = gazetteer.towns_in(cells.id, at_least=250_000)
    assert towns.name[:4].tolist() == ["Kyiv", "Kharkiv", "Odesa", "Dnipro"]
    assert {"Mariupol", "Sevastopol", "Simferopol", "Kherson", "Luhansk"} <= set(towns.name.tolist())
    assert (np.diff(towns.people) <= 0).all()
    apart = np.hypot(
        cells.latitude_deg[towns.cell] - towns.latitude_deg, cells.longitude_deg[towns.cell] - towns.longitude_deg
    )
    # The centre of a cell of resolution 5 is 10 km from its corners; on a coast the nearest may be the next.
    assert apart.max() < 0.3


def test_districts_are_not_towns_of_their_own() -> None:
    listed = set(gazetteer.towns_in(regions.country_cells("UKR", 5), at_least=50_000).name.tolist())
    assert {"Saltivka", "Obolon", "Darnytsia", "Pravyi Bereh"}.isdisjoint(listed)
    assert {"Brovary", "Irpin", "Makiivka"} <= listed
    assert gazetteer.find("Saltivka").country == "UKR"


def test_every_town_of_a_country_is_in_one_region() -> None:
    whole = gazetteer.towns_in(regions.country_cells("UKR", 5))
    parts = [gazetteer.towns_in(regions.region_cells(code, 5)).name for code in regions.region_names()]
    assert sorted(np.concatenate(parts).tolist()) == sorted(whole.name.tolist())


def test_cells_in_any_order_keep_their_towns() -> None:
    ids = regions.region_cells("UA-63", 5)
    towns, turned = gazetteer.towns_in(ids), gazetteer.towns_in(ids[::-1])
    assert towns.name.tolist() == turned.name.tolist()
    np.testing.assert_array_equal(ids[towns.cell], ids[::-1][turned.cell])


def test_the_sea_has_no_towns() -> None:
    atlantic = np.array([0x85192C27FFFFFFF], np.uint64)
    assert len(gazetteer.towns_in(atlantic).name) == 0
    assert len(gazetteer.towns_in(np.empty(0, np.uint64)).name) == 0


def test_ukraine_has_its_places_crimea_included() -> None:
    known = gazetteer.places()
    assert (known.country == "UKR").sum() > 5_000
    assert known.people[known.country == "UKR"].min() >= 500
    assert known.people.min() >= 500
    assert {"Simferopol", "Kerch", "Yalta"} <= set(known.name[known.country == "UKR"].tolist())
