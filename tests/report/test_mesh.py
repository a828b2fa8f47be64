"""Cells as a mesh, and maps of any part of the globe."""

from __future__ import annotations

import h3
import h3.api.numpy_int as h3_int
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from obrii.report import mesh, projection
from obrii.report.labels import Box, Room

PLACES = {"Kyiv": (50.45, 30.52), "Fiji": (-17.7, 179.9), "pole": (89.9, 0.0), "equator": (0.0, 0.0)}


def disk(place: str, radius: int, resolution: int = 5) -> np.ndarray:
    cells = h3.grid_disk(h3.latlng_to_cell(*PLACES[place], resolution), radius)
    return np.array(sorted(map(h3.str_to_int, cells)), np.uint64)


def plan(ids: np.ndarray) -> tuple[projection.Projection, mesh.Mesh]:
    centres = np.array([h3_int.cell_to_latlng(cell) for cell in ids.tolist()])
    onto = projection.fit(centres[:, 0], centres[:, 1])
    return onto, mesh.build(ids, onto)


def polygon(cell: int, onto: projection.Projection) -> shapely.Polygon:
    boundary = np.array(h3_int.cell_to_boundary(cell))
    return shapely.Polygon(onto.flat(boundary[:, 0], boundary[:, 1]))


def even_odd(built: mesh.Mesh, chosen: np.ndarray) -> shapely.Geometry:
    shape: shapely.Geometry = shapely.Polygon()
    for ring in built.rings(chosen):
        shape = shapely.symmetric_difference(shape, shapely.Polygon(built.corners[ring]))
    return shape


@pytest.mark.parametrize("place", PLACES)
def test_the_rim_of_a_disk_is_one_ring_around_all_its_cells(place: str) -> None:
    ids = disk(place, 6)
    onto, built = plan(ids)
    rings = built.rings(np.ones(len(ids), bool))
    assert len(rings) == 1
    area = sum(polygon(cell, onto).area for cell in ids.tolist())
    assert shapely.Polygon(built.corners[rings[0]]).area == pytest.approx(area, rel=1e-9)


@settings(max_examples=20)
@given(data=st.data(), place=st.sampled_from(sorted(PLACES)))
def test_the_rim_of_any_set_of_cells_is_that_of_their_union(data: st.DataObject, place: str) -> None:
    # The plain twin joins the polygons of the cells one by one.
    ids = disk(place, 3)
    onto, built = plan(ids)
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=len(ids), max_size=len(ids))))
    plain = shapely.union_all([polygon(cell, onto) for cell in ids[chosen].tolist()])
    assert (
        shapely.symmetric_difference(even_odd(built, chosen), plain).area < 1e-9 * polygon(int(ids[0]), onto).area * 100
    )


def test_cells_across_an_edge_of_the_icosahedron_leave_no_gap() -> None:
    # The twelve pentagons sit on its corners; cells around them have up to ten corners at this resolution.
    centre = h3.get_pentagons(5)[0]
    ids = np.array(sorted(map(h3.str_to_int, h3.grid_disk(centre, 4))), np.uint64)
    _, built = plan(ids)
    assert max(len(h3_int.cell_to_boundary(cell)) for cell in ids.tolist()) > 6
    assert len(built.rings(np.ones(len(ids), bool))) == 1


@pytest.mark.parametrize("place", PLACES)
def test_lines_between_places_are_all_edges_between_them_once(place: str) -> None:
    ids = disk(place, 5)
    _, built = plan(ids)
    label = np.arange(len(ids)) % 3
    drawn = [tuple(sorted(pair)) for line in built.lines(label) for pair in zip(line[:-1].tolist(), line[1:].tolist())]
    both = (built.left >= 0) & (built.right >= 0)
    between = built.edges[both & (label[built.left] != label[built.right])]
    assert sorted(drawn) == sorted(map(tuple, between.tolist()))


def test_the_map_of_an_area_across_the_antimeridian_is_in_one_piece() -> None:
    _, built = plan(disk("Fiji", 20))
    assert np.ptp(built.corners[:, 0]) < 0.15


@pytest.mark.parametrize("azimuthal", [True, False])
def test_a_map_keeps_areas(azimuthal: bool) -> None:
    onto = projection.Projection(30.0, 20.0, azimuthal)
    for latitude in (-20.0, 5.0, 60.0):
        step = 0.01
        north, east = np.array([0, 0, step, step]), np.array([0, step, step, 0])
        corners = onto.flat(latitude + north, 40.0 + east)
        true = np.radians(step) * (np.sin(np.radians(latitude + step)) - np.sin(np.radians(latitude)))
        # The sides of the square bend a little: the chord misses 1e-6 of its area at this size.
        assert shapely.Polygon(corners).area == pytest.approx(true, rel=1e-5)


def test_the_globe_has_the_shape_that_its_authors_give_it() -> None:
    # Šavrič, Patterson and Jenny (2019): the equator is 2.05458 times as long as the middle meridian, and the line of a
    # pole 0.59247 of it; five digits are given.
    onto = projection.Projection(0.0, 11.0, False)
    (east, _), (_, north), (pole, _) = onto.flat_east(np.array([0.0, 90.0, 90.0]), np.array([180.0, 0.0, 180.0]))
    assert east / -north == pytest.approx(2.05458, abs=5e-6)
    assert pole / east == pytest.approx(0.59247, abs=5e-6)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 600), st.text("abc", min_size=1, max_size=14)), max_size=25))
def test_names_never_run_into_each_other_or_out_of_the_map(wanted: list[tuple[float, float, str]]) -> None:
    room = Room(1000.0, 600.0)
    placed = [room.place(text, x, y, 20.0, 8.0) for x, y, text in wanted]
    assert len(room.taken) == sum(label is not None for label in placed)
    for number, box in enumerate(room.taken):
        assert box.west >= 0 and box.north >= 0 and box.east <= 1000 and box.south <= 600
        assert not any(box.meets(other) for other in room.taken[:number])


def test_touching_boxes_do_not_meet() -> None:
    assert not Box(0, 0, 1, 1).meets(Box(1, 0, 2, 1))
