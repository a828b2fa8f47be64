"""Countries and regions: whose a cell is, by tables and outlines that ship."""

from __future__ import annotations

import json
from pathlib import Path

import h3.api.numpy_int as h3
import numpy as np
import pytest

from obrii.errors import ScenarioError
from obrii.ground import polygons, regions, shipped


def country_at(latitude_deg: float, longitude_deg: float, resolution: int = 5) -> str:
    return str(
        regions.countries_of(np.array([h3.latlng_to_cell(latitude_deg, longitude_deg, resolution)], np.uint64))[0]
    )


def test_ukraine_has_2466_cells_and_2360_without_crimea() -> None:
    ukraine, crimea = regions.country_cells("UKR", 5), regions.region_cells("UA-43", 5)
    assert len(ukraine) == 2_466
    assert len(np.setdiff1d(ukraine, crimea)) == 2_360


def test_regions_partition_the_country() -> None:
    for resolution in (4, 5, 6):
        parts = [regions.region_cells(code, resolution) for code in regions.region_names()]
        together = np.concatenate(parts)
        assert len(np.unique(together)) == len(together)
        np.testing.assert_array_equal(np.sort(together), regions.country_cells("UKR", resolution))


@pytest.mark.data
def test_cells_of_every_region_lie_in_its_published_outline(data: Path) -> None:
    """The outlines have no stated licence, so that only the cells ship: this is where they come from."""
    features = json.loads((data / "geo" / "ukraine_oblasts.geojson").read_text())["features"]
    assert len(features) == 25
    for feature in features:
        cells = polygons.cells_inside(polygons.read(feature), 5)
        np.testing.assert_array_equal(cells, regions.region_cells(feature["properties"]["iso_3166_2"], 5))


@pytest.mark.data
def test_cells_of_a_country_are_those_of_natural_earth(data: Path) -> None:
    """The table that ships is rounded to 0.01 degrees, a kilometre; cells at the border may differ, 1 in 100."""
    features = json.loads((data / "geo" / "ne_50m_countries_min.geojson").read_text())["features"]
    for feature in features:
        code = feature["properties"]["iso_a3"]
        if code in ("KEN", "POL", "MDA", "TUR"):
            original = polygons.cells_inside(polygons.read(feature), 5)
            assert len(np.setxor1d(original, regions.country_cells(code, 5))) <= 0.01 * len(original) + 2


@pytest.mark.parametrize(
    ("town", "latitude_deg", "longitude_deg", "country"),
    [
        ("Simferopol", 44.95, 34.10, "UKR"),
        ("Kerch, east of the city", 45.38, 36.40, "UKR"),
        ("Sevastopol", 44.60, 33.60, "UKR"),
        ("Donetsk", 48.00, 37.80, "UKR"),
        ("Krasnodar, across the strait", 45.04, 38.98, "RUS"),
        ("Kyrenia's mountains", 35.30, 33.35, "CYP"),
        ("Hargeisa", 9.56, 44.06, "SOM"),
        ("Pristina", 42.66, 21.16, "XKX"),
        ("Cayenne's forest", 4.00, -53.00, "GUF"),
        ("Longyearbyen", 78.20, 15.80, "SJM"),
        ("Chukotka, beyond the antimeridian", 66.50, -176.00, "RUS"),
        ("Taveuni, at the antimeridian", -16.85, -179.97, "FJI"),
        ("the South Pole", -89.90, 0.00, "ATA"),
        ("the Atlantic", 30.00, -40.00, ""),
    ],
)
def test_a_place_is_in_its_country(town: str, latitude_deg: float, longitude_deg: float, country: str) -> None:
    assert country_at(latitude_deg, longitude_deg, 7) == country, town


def test_crimea_is_drawn_in_ukraine() -> None:
    outline = regions.country_outline("UKR")
    # Simferopol, Kerch; the strait to the east is nobody's.
    assert polygons.contains(outline, np.array([44.957, 45.357, 45.3]), np.array([34.11, 36.475, 36.6])).tolist() == [
        True,
        True,
        False,
    ]


def test_russia_and_fiji_lie_on_both_sides_of_the_antimeridian() -> None:
    for code in ("RUS", "FJI"):
        _, longitude = polygons.centres(regions.country_cells(code, 5))
        assert (longitude > 170).any()
        assert (longitude < -170).any()


def test_cells_of_neighbours_are_apart_and_found_again() -> None:
    cells = {code: regions.country_cells(code, 5) for code in ("UKR", "POL", "MDA", "SVK", "HUN", "ROU")}
    together = np.concatenate(list(cells.values()))
    assert len(np.unique(together)) == len(together)
    for code, ids in cells.items():
        assert (regions.countries_of(ids) == code).all()


def test_the_world_table_says_what_the_outlines_say() -> None:
    ids, country, _ = regions.world_table()
    assert len(np.unique(ids)) == len(ids) == 11_596
    some = slice(None, None, 7)
    np.testing.assert_array_equal(regions.countries_by_outline(ids[some]), country[some])
    np.testing.assert_array_equal(regions.countries_of(ids[some]), country[some])


def test_the_land_of_the_world_at_resolution_four_has_the_known_number_of_cells() -> None:
    """81,358 cells of resolution 4 have their centre in a Natural Earth polygon at 1:50 million, by an own count with
    other code. Rounding to 0.01 degrees moves a cell in a thousand at most."""
    total = sum(len(regions.country_cells(code, 4)) for code in shipped.outlines())
    assert total == pytest.approx(81_358, rel=1e-3)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("ukr", "did you mean 'UKR'"),
        ("UA", "did you mean 'UKR'"),
        ("Ukraine", "did you mean 'UKR'"),
        ("UKN", "did you mean 'UKR'"),
        ("QQQ", "no country 'QQQ'"),
    ],
)
def test_a_country_that_does_not_exist_is_refused_with_the_nearest(code: str, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        regions.country_cells(code, 5)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("UA-30", "'UA-30' is the city of Kyiv, which lies inside a region; write 'UA-32'"),
        ("UA-40", "'UA-40' is the city of Sevastopol, which lies inside a region; write 'UA-43'"),
        ("UA-8", "did you mean 'UA-68'|did you mean 'UA-18'|did you mean 'UA-48'"),
        ("PL-MZ", "tables ship for UKR, elsewhere give a polygon"),
    ],
)
def test_a_region_that_is_not_known_is_refused_with_the_remedy(code: str, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        regions.region_cells(code, 5)


def test_every_country_of_the_tables_has_a_name() -> None:
    names = regions.country_names()
    assert set(shipped.outlines()) <= set(names)
    assert set(regions.world_table()[1].tolist()) <= set(names)
    assert names["XKX"] == "Kosovo"
    assert "SCG" not in names


def test_region_names_come_in_two_languages() -> None:
    assert list(regions.region_names()) == list(regions.region_names("uk"))
    assert len(regions.region_names()) == 25
    assert set(regions.CITIES).isdisjoint(regions.region_names())


def test_outlines_of_regions_follow_their_cells() -> None:
    outline = regions.region_outline("UA-65")
    assert polygons.contains(outline, *polygons.centres(regions.region_cells("UA-65", 5))).all()
    assert not polygons.contains(outline, *polygons.centres(regions.region_cells("UA-48", 5))).any()


def test_who_was_served_is_dated() -> None:
    then, now = regions.served("starlink-2022-10"), regions.served("starlink-2026-08")
    assert {"UKR", "POL", "DEU", "MDA"} <= set(then)
    assert {"TUR", "BLR", "RUS", "SRB", "GEO", "ALB"}.isdisjoint(then)
    assert {"UKR", "GEO", "CYP", "KEN"} <= set(now)
    assert {"RUS", "BLR", "TUR"}.isdisjoint(now)
    assert "UKR" in regions.served("oneweb-2025")
    with pytest.raises(ScenarioError, match="did you mean 'starlink-2022-10'"):
        regions.served("starlink-2022-09")
    with pytest.raises(ScenarioError, match="there are oneweb-2025"):
        regions.served("kuiper")


def test_every_row_of_every_table_has_a_source() -> None:
    for table in ("serves", "regions", "starlink-2023-10", "starlink-2026", "oneweb-2025"):
        assert (shipped.columns(table)["source"] != "").all(), table
    countries = set(regions.country_names())
    for table in ("serves", "starlink-2023-10", "starlink-2026", "oneweb-2025"):
        assert set(shipped.columns(table)["country"].tolist()) <= countries, table
