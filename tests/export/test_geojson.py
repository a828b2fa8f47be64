"""Cells as GeoJSON: what RFC 7946 asks for, the antimeridian and the poles, and numbers as they are."""

from __future__ import annotations

import json

import h3.api.numpy_int as h3
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from obrii.export.geojson import cell_features, outline
from obrii.ground import polygons

RESOLUTION = 3

places = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def shape(geometry: dict) -> shapely.Geometry:
    return shapely.from_geojson(json.dumps(geometry))


@settings(max_examples=60)
@given(place=places)
@example(place=(90.0, 0.0))
@example(place=(-90.0, 0.0))
@example(place=(-16.0, 180.0))
def test_an_outline_holds_the_centre_and_no_neighbour(place: tuple[float, float]) -> None:
    cell = h3.latlng_to_cell(*place, RESOLUTION)
    drawn = shape(outline(cell))
    assert drawn.is_valid and drawn.bounds[0] >= -180.0 and drawn.bounds[2] <= 180.0
    ids = np.array(h3.grid_disk(cell, 1))
    latitude, longitude = polygons.centres(ids)
    inside = shapely.contains_xy(drawn, longitude, latitude)
    assert inside.tolist() == (ids == cell).tolist()


@settings(max_examples=60)
@given(place=places)
def test_rings_are_closed_and_run_against_the_clock(place: tuple[float, float]) -> None:
    geometry = outline(h3.latlng_to_cell(*place, RESOLUTION))
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for (ring,) in parts:
        assert ring[0] == ring[-1] and len(ring) >= 4
        assert shapely.LinearRing(ring).is_ccw


@pytest.mark.parametrize("latitude", [-60.0, 0.0, 45.0, 80.0])
def test_a_cell_across_the_antimeridian_is_two_parts(latitude: float) -> None:
    cell = h3.latlng_to_cell(latitude, 180.0, RESOLUTION)
    drawn = shape(outline(cell))
    assert drawn.geom_type == "MultiPolygon" and len(drawn.geoms) == 2
    assert sorted(part.bounds[0] < 0.0 for part in drawn.geoms) == [False, True]
    # The same cell drawn from 0 to 360 degrees is as large.
    whole = shapely.Polygon([(longitude % 360.0, latitude) for latitude, longitude in h3.cell_to_boundary(cell)])
    assert drawn.area == pytest.approx(whole.area, rel=1e-6)


@pytest.mark.parametrize("latitude", [-90.0, 90.0])
def test_a_cell_around_a_pole_reaches_it_from_every_side(latitude: float) -> None:
    drawn = shape(outline(h3.latlng_to_cell(latitude, 0.0, RESOLUTION)))
    west, south, east, north = drawn.bounds
    assert (west, east) == (-180.0, 180.0) and latitude in (south, north)
    around = np.linspace(-179.5, 179.5, 72)
    assert shapely.contains_xy(drawn, around, np.full(72, 0.9999 * latitude)).all()


def test_numbers_go_with_their_cell_and_what_is_missing_is_null() -> None:
    ids = np.array(h3.grid_disk(h3.latlng_to_cell(50.0, 30.0, 5), 1))
    columns = {
        "cell": ids,
        "share_lost": np.where(np.arange(len(ids)) % 2, np.nan, 0.125),
        "gateway": np.array([f"Gateway «{k}»" for k in range(len(ids))]),
    }
    found = json.loads(cell_features(columns))
    assert found["type"] == "FeatureCollection" and len(found["features"]) == 7
    for k, feature in enumerate(found["features"]):
        named = feature["properties"]
        assert named == {
            "cell": f"{ids[k]:x}",
            "share_lost": None if k % 2 else 0.125,
            "gateway": f"Gateway «{k}»",
        }
        assert int(named["cell"], 16) == ids[k] and h3.is_valid_cell(int(named["cell"], 16))
        assert shapely.contains_xy(shape(feature["geometry"]), *reversed(h3.cell_to_latlng(int(ids[k]))))


def test_no_cell_is_a_collection_of_nothing() -> None:
    assert json.loads(cell_features({"cell": np.empty(0, np.uint64)}))["features"] == []
