"""Polygons: what GeoJSON may say, what is refused, and that filling with cells loses none and adds none."""

from __future__ import annotations

import json
from pathlib import Path

import h3
import h3.api.numpy_int as h3_int
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from obrii.errors import DataError, ScenarioError
from obrii.ground import polygons

SQUARE = [[30, 49], [32, 49], [32, 51], [30, 51], [30, 49]]
HOLE = [[30.5, 49.5], [31.5, 49.5], [31.5, 50.5], [30.5, 50.5], [30.5, 49.5]]


def polygon(*rings: list) -> dict:
    return {"type": "Polygon", "coordinates": list(rings)}


def test_every_kind_of_geojson_object_gives_the_same_cells() -> None:
    feature = {"type": "Feature", "properties": None, "geometry": polygon(SQUARE)}
    kinds = [
        polygon(SQUARE),
        {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
        feature,
        {"type": "FeatureCollection", "features": [feature]},
        {"type": "GeometryCollection", "geometries": [polygon(SQUARE)]},
    ]
    filled = [polygons.cells_inside(polygons.read(kind), 5).tolist() for kind in kinds]
    assert len(filled[0]) > 100
    assert all(cells == filled[0] for cells in filled)


def test_winding_and_an_open_ring_do_not_matter() -> None:
    expected = polygons.cells_inside(polygons.read(polygon(SQUARE, HOLE)), 5)
    for rings in ([SQUARE[::-1], HOLE], [SQUARE, HOLE[::-1]], [SQUARE[:-1], HOLE[:-1]]):
        np.testing.assert_array_equal(polygons.cells_inside(polygons.read(polygon(*rings)), 5), expected)


def test_a_hole_holds_no_cell_and_the_rest_holds_them_all() -> None:
    whole = set(polygons.cells_inside(polygons.read(polygon(SQUARE)), 5).tolist())
    hole = set(polygons.cells_inside(polygons.read(polygon(HOLE)), 5).tolist())
    rest = set(polygons.cells_inside(polygons.read(polygon(SQUARE, HOLE)), 5).tolist())
    assert hole
    assert rest == whole - hole


@given(
    west=st.floats(-179.9, 179.9),
    south=st.floats(-89.0, 80.0),
    width=st.floats(0.5, 60.0),
    height=st.floats(0.5, 8.0),
    resolution=st.integers(0, 4),
)
def test_a_box_holds_exactly_the_cells_with_a_centre_inside(
    west: float, south: float, width: float, height: float, resolution: int
) -> None:
    """All cells of the resolution are asked one by one; the box may cross the antimeridian."""
    east, north = west + width, south + height
    turned = east - 360.0 if east > 180.0 else east
    box = polygons.read(polygon([[west, south], [turned, south], [turned, north], [west, north]]))
    every = h3_int.uncompact_cells(h3_int.get_res0_cells(), min(resolution, 3))
    if resolution == 4:
        every = h3_int.uncompact_cells(every[::50], 4)
    latitude, longitude = polygons.centres(every)
    longitude = np.where(longitude < west, longitude + 360.0, longitude)
    expected = every[(latitude > south) & (latitude < north) & (longitude > west) & (longitude < east)]
    found = polygons.cells_inside(box, resolution)
    if resolution == 4:
        found = found[np.isin(found, every)]
    np.testing.assert_array_equal(found, np.sort(expected))


def test_filling_agrees_with_the_fill_of_h3() -> None:
    """The witness is the library's own polygon fill, which has the same rule: centre inside."""
    shape = polygons.read(polygon(SQUARE, HOLE))
    expected = h3.h3shape_to_cells(h3.geo_to_h3shape(polygon(SQUARE, HOLE)), 6)
    assert sorted(map(h3.str_to_int, expected)) == polygons.cells_inside(shape, 6).tolist()


def test_a_polygon_across_the_antimeridian_may_be_written_three_ways() -> None:
    jumping = polygon([[177, -19], [-178, -19], [-178, -16], [177, -16]])
    beyond = polygon([[177, -19], [182, -19], [182, -16], [177, -16]])
    east = [[177, -19], [180, -19], [180, -16], [177, -16]]
    west = [[-180, -19], [-178, -19], [-178, -16], [-180, -16]]
    cut = {"type": "MultiPolygon", "coordinates": [[east], [west]]}
    filled = [polygons.cells_inside(polygons.read(kind), 5).tolist() for kind in (jumping, beyond, cut)]
    assert len(filled[0]) > 500
    assert filled[0] == filled[1] == filled[2]


def test_a_hole_across_the_antimeridian_stays_a_hole() -> None:
    outer = [[170, -20], [-170, -20], [-170, -10], [170, -10]]
    hole = [[-179, -16], [179, -16], [179, -14], [-179, -14]]
    assert polygons.read(polygon(outer, hole)).area == pytest.approx(20 * 10 - 2 * 2)


def test_a_ring_around_a_pole_holds_the_pole() -> None:
    around = [[longitude, -70] for longitude in range(-180, 180, 10)]
    outline = polygons.read(polygon(around))
    assert outline.area == pytest.approx(360 * 20)
    assert polygons.contains(outline, np.array([-89.9, -60.0]), np.array([10.0, 10.0])).tolist() == [True, False]


def test_a_ring_cut_at_the_edge_of_the_map_is_taken_as_written() -> None:
    cap = [[-180, -90], [180, -90], [180, -70], [-180, -70]]
    assert polygons.read(polygon(cap)).area == pytest.approx(360 * 20)


def test_overlapping_parts_give_each_cell_once() -> None:
    shifted = [[x + 1, y] for x, y in SQUARE]
    both = polygons.cells_inside(polygons.read({"type": "MultiPolygon", "coordinates": [[SQUARE], [shifted]]}), 5)
    assert len(np.unique(both)) == len(both)


def test_a_ring_that_crosses_itself_is_refused_with_the_place() -> None:
    with pytest.raises(ScenarioError, match=r"^polygon: the outline crosses itself near longitude 31\.00, latitude 50"):
        polygons.read(polygon([[30, 49], [32, 51], [32, 49], [30, 51]]))


def test_a_mainland_written_as_a_hole_of_an_islet_is_refused() -> None:
    """Trap 10: such a region was silently empty in a published simulator."""
    islet = [[33, 46], [33.01, 46], [33.01, 46.01], [33, 46.01]]
    with pytest.raises(ScenarioError, match="hole 1 lies outside its outer ring; write it as a polygon of its own"):
        polygons.read(polygon(islet, SQUARE))


@pytest.mark.parametrize(
    ("shape", "error", "says"),
    [
        ({"type": "Point", "coordinates": [30, 50]}, ScenarioError, "'Point' is no area"),
        ({"type": "FeatureCollection", "features": []}, ScenarioError, "holds no Polygon"),
        ({"type": "Polygon"}, DataError, "without its parts"),
        ({"type": "FeatureCollection", "features": [5]}, DataError, "a GeoJSON object without its parts"),
        (polygon([[30, 50], [31, 50]]), ScenarioError, "2 points encloses nothing"),
        (polygon([[50, 30], [50, 31], [51, 131]]), ScenarioError, "longitude first"),
        (polygon([[30, 50], ["x", 50], [31, 51]]), DataError, "no list of"),
        (polygon(), DataError, "without a ring"),
    ],
)
def test_what_is_no_area_is_refused_in_one_sentence(shape: dict, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as refused:
        polygons.read(shape)
    assert "\n" not in str(refused.value)


def test_a_file_is_read_and_named_where_it_is_wrong(tmp_path: Path) -> None:
    good, broken, listed = tmp_path / "area.geojson", tmp_path / "broken.geojson", tmp_path / "list.json"
    good.write_text(json.dumps(polygon(SQUARE)))
    broken.write_text("{")
    listed.write_text("[]")
    assert polygons.read(good).area == pytest.approx(4.0)
    assert polygons.read(str(good)).equals(shapely.box(30, 49, 32, 51))
    for path, says in ((broken, "not JSON"), (listed, "not a GeoJSON object"), (tmp_path / "none", "No such file")):
        with pytest.raises(DataError, match=says) as refused:
            polygons.read(path)
        assert path.name in str(refused.value)
