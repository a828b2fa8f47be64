"""Cells of an area and of its halo: all of them, once, and nobody else's."""

from __future__ import annotations

import h3
import h3.api.numpy_int as h3_int
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.constants import EARTH_MEAN_RADIUS_M
from obrii.errors import ScenarioError
from obrii.ground import polygons, regions
from obrii.ground.cells import Cells, cells_of, halo

BOX = {"type": "Polygon", "coordinates": [[[30, 49], [32, 49], [32, 51], [30, 51], [30, 49]]]}


@pytest.fixture(scope="module")
def ukraine() -> Cells:
    return cells_of(countries=["UKR"])


def test_ukraine_with_and_without_crimea(ukraine: Cells) -> None:
    assert len(ukraine) == 2_466
    assert (ukraine.region != "UA-43").sum() == 2_360
    assert set(ukraine.country.tolist()) == {"UKR"}
    assert not ukraine.halo.any()
    # The country has 603,549 km2 (State Statistics Service); cells follow its rim, on H3's sphere.
    assert ukraine.area_km2.sum() == pytest.approx(603_549, rel=0.02)


def test_cells_are_sorted_unique_and_read_only(ukraine: Cells) -> None:
    assert (np.diff(ukraine.id.astype(np.int64)) > 0).all()
    assert ukraine.text[0] == h3.int_to_str(int(ukraine.id[0]))
    with pytest.raises(ValueError, match="read-only"):
        ukraine.people[0] = 1.0


def test_places_of_cells_are_those_of_h3(ukraine: Cells) -> None:
    assert h3.cell_to_latlng(ukraine.text[7]) == (ukraine.latitude_deg[7], ukraine.longitude_deg[7])
    assert ukraine.xyz_m.shape == ukraine.up.shape == (3, len(ukraine))
    assert np.linalg.norm(ukraine.xyz_m, axis=0).min() > 6.3e6


@given(st.lists(st.sampled_from(sorted(regions.region_names())), min_size=1, max_size=6))
def test_an_area_is_the_union_of_its_parts_each_cell_once(codes: list[str]) -> None:
    area = cells_of(regions=codes)
    assert set(area.region.tolist()) == set(codes)
    assert len(area) == sum(len(regions.region_cells(code, 5)) for code in set(codes))
    assert len(np.unique(area.id)) == len(area)


def test_a_country_and_its_region_together_are_the_country(ukraine: Cells) -> None:
    both = cells_of(countries=["UKR", "UKR"], regions=["UA-43"], cells=[ukraine.text[3]])
    np.testing.assert_array_equal(both.id, ukraine.id)


def test_cells_of_a_polygon_know_country_and_region() -> None:
    area = cells_of(polygon=BOX)
    np.testing.assert_array_equal(area.id, polygons.cells_inside(polygons.read(BOX), 5))
    assert "UA-32" in area.region.tolist()
    assert set(area.country.tolist()) == {"UKR"}


def test_finer_and_coarser_cells_belong_to_the_same_regions() -> None:
    fine = cells_of(regions=["UA-77"], resolution=6)
    assert {h3.cell_to_parent(cell, 5) for cell in fine.text} == set(cells_of(regions=["UA-77"]).text)
    coarse = cells_of(countries=["UKR"], resolution=4)
    assert set(coarse.region.tolist()) == set(regions.region_names())


def test_listed_cells_are_taken_as_they_are(ukraine: Cells) -> None:
    area = cells_of(cells=[ukraine.text[9], ukraine.text[5], ukraine.text[9]])
    assert area.text == [ukraine.text[5], ukraine.text[9]]


@pytest.mark.parametrize(
    ("area", "says"),
    [
        ({}, "area: holds nothing"),
        ({"countries": ["ukr"]}, "did you mean 'UKR'"),
        ({"regions": ["UA-30"]}, "write 'UA-32'"),
        ({"countries": ["MCO"]}, "country 'MCO': holds no centre of a cell at resolution 5"),
        ({"countries": ["TUV"]}, "country 'TUV': holds no centre of a cell"),
        ({"cells": ["nonsense"]}, "'nonsense' is no H3 cell"),
        ({"cells": ["841e62dffffffff"]}, "of resolution 4, the area of 5"),
        ({"countries": ["UKR"], "resolution": 12}, "resolution 12 is outside 0 to 9"),
        (
            {"polygon": {"type": "Polygon", "coordinates": [[[30, 50], [30.001, 50], [30.001, 50.001]]]}},
            "polygon: holds no centre of a cell",
        ),
    ],
)
def test_an_area_that_makes_no_sense_is_refused_in_one_sentence(area: dict, says: str) -> None:
    with pytest.raises(ScenarioError, match=says) as refused:
        cells_of(**area)
    assert "\n" not in str(refused.value)


def test_the_halo_is_every_served_land_cell_within_reach(ukraine: Cells) -> None:
    """By brute force: every cell of the world, and great circles to every cell of the area."""
    served = regions.served("starlink-2022-10")
    around = halo(ukraine, 1_900.0, 3, served)
    every = np.sort(h3_int.uncompact_cells(h3_int.get_res0_cells(), 3))
    country = regions.countries_of(every)
    every = every[np.isin(country, served)]
    latitude, longitude = (np.radians(angle)[:, None] for angle in polygons.centres(every))
    there, east = np.radians(ukraine.latitude_deg), np.radians(ukraine.longitude_deg)
    cosine = np.sin(latitude) * np.sin(there) + np.cos(latitude) * np.cos(there) * np.cos(longitude - east)
    near = np.arccos(np.clip(cosine, -1, 1)).min(axis=1) * EARTH_MEAN_RADIUS_M <= 1_900e3
    area = set(ukraine.text)
    outside = np.array([h3.cell_to_center_child(h3.int_to_str(cell), 5) not in area for cell in every.tolist()])
    np.testing.assert_array_equal(around.id, every[near & outside])
    assert around.halo.all()
    assert set(around.country.tolist()) <= set(served)
    assert "UKR" not in around.country


def test_around_a_region_the_rest_of_the_country_is_halo() -> None:
    area = cells_of(regions=["UA-09"])
    around = halo(area, 400.0, 3)
    assert {"UKR", "RUS"} <= set(around.country.tolist())
    assert "UA-09" not in around.region
    assert "UA-63" in around.region


def test_halos_at_other_resolutions_cover_the_same_ground(ukraine: Cells) -> None:
    areas = [halo(ukraine, 800.0, resolution, ["POL", "ROU", "MDA"]).area_km2.sum() for resolution in (2, 3, 4)]
    # A cell of resolution 2 is a quarter of Poland: only the order is asked of it.
    assert areas[0] == pytest.approx(areas[2], rel=0.4)
    assert areas[1] == pytest.approx(areas[2], rel=0.1)


def test_an_island_far_from_all_may_have_no_halo() -> None:
    lonely = halo(cells_of(countries=["FJI"]), 300.0, 3, ["UKR"])
    assert len(lonely) == 0
    assert len(cells_of(countries=["FJI"]).followed_by(lonely)) == 86


def test_halo_cells_follow_those_of_the_area(ukraine: Cells) -> None:
    around = halo(ukraine, 500.0, 3, ["POL"])
    both = ukraine.followed_by(around)
    assert len(both) == len(ukraine) + len(around)
    assert both.halo.tolist() == [False] * len(ukraine) + [True] * len(around)
    assert around.people.sum() > 1e6


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((-1.0, 3, None), "halo_km: -1.0 is no distance"),
        ((float("nan"), 3, None), "is no distance"),
        ((100.0, 6, None), "halo_resolution: 6 is finer than the area's 5"),
        ((100.0, 3, ["pol"]), "did you mean 'POL'"),
    ],
)
def test_a_halo_that_makes_no_sense_is_refused(ukraine: Cells, arguments: tuple, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        halo(ukraine, *arguments)
