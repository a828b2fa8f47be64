"""Borders and lines on a map: who shares which, and what lies along them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from obrii.errors import DataError, ScenarioError
from obrii.ground import borders, near
from obrii.ground.cells import cells_of


def string(*points: tuple[float, float]) -> dict:
    return {"type": "LineString", "coordinates": list(points)}


def test_both_sides_of_a_border_share_it() -> None:
    for one, other in (("UKR", "POL"), ("KEN", "TZA"), ("UA-63", "UA-14"), ("UA-63", "RUS")):
        ours, theirs = borders.border(one, (other,)), borders.border(other, (one,))
        assert ours.length_km == pytest.approx(theirs.length_km)
        assert ours.length_km < borders.border(one).length_km


def test_the_neighbours_of_ukraine_are_seven() -> None:
    assert borders.bordering("UKR") == ("BLR", "HUN", "MDA", "POL", "ROU", "RUS", "SVK")
    assert borders.bordering("UA-43") == ("UA-65",)
    assert borders.bordering("FJI") == ()


def test_the_land_border_is_the_sum_of_what_is_shared_with_each() -> None:
    each = sum(borders.border("UKR", (other,)).length_km for other in borders.bordering("UKR"))
    assert borders.land_border("UKR").length_km == pytest.approx(each)


def test_regions_that_lie_on_a_border_share_it_among_them() -> None:
    # Poland's with Ukraine: Volyn, Lviv, and a corner of Transcarpathia, and nobody else.
    parts = [borders.border(region, ("POL",)).length_km for region in ("UA-07", "UA-21", "UA-46")]
    assert sum(parts) == pytest.approx(borders.border("UKR", ("POL",)).length_km)
    with pytest.raises(ScenarioError, match="border: UA-63 and POL share none"):
        borders.border("UA-63", ("POL",))


def test_a_strip_along_a_border_has_two_sides() -> None:
    cells = cells_of(countries=["UKR", "POL"])
    strip = near.along(cells.latitude_deg, cells.longitude_deg, borders.border("UKR", ("POL",)), 20.0)
    sides = {code: int((strip & (cells.country == code)).sum()) for code in ("UKR", "POL")}
    # 369 km of map by 20 km on either side are 7,380 km2, of cells of some 250 km2: 29 or so, and corners more.
    assert set(sides.values()) <= set(range(25, 41))
    wide = near.along(cells.latitude_deg, cells.longitude_deg, borders.border("UKR", ("POL",)), 60.0)
    assert not (strip & ~wide).any()
    # The towns at the border lie in it, and the capitals far off.
    assert near.distance_km(np.array([50.45, 49.78]), np.array([30.52, 22.77]), borders.border("UKR", ("POL",)))[1] < 10


def test_nobody_has_a_border_where_the_map_is_cut() -> None:
    # Fiji lies on both sides of the antimeridian; Antarctica's outline runs along it and along the pole.
    antimeridian = np.linspace(-89.0, 89.0, 60)
    for code, far_deg in (("FJI", 30.0), ("ATA", -86.0)):
        distance = near.distance_km(np.array([far_deg]), np.array([180.0]), borders.border(code))
        assert distance[0] > 100.0
    assert near.distance_km(antimeridian[:1], np.array([180.0]), borders.border("ATA"))[0] > 100.0


def test_an_edge_of_a_map_is_straight_on_the_map() -> None:
    # The 49th parallel, drawn by two points. A great circle of half a degree strays from it by 60 m at most:
    # R (d lambda)^2 sin(2 phi) / 16 with 0.5 degrees at 45 north.
    parallel = borders.read(string((-123, 49), (-95, 49)))
    points = np.linspace(-123, -95, 200)
    assert near.distance_km(np.full(200, 49.0), points, parallel).max() < 0.06
    length_km = 28 * np.pi / 180 * 6371.0 * np.cos(np.radians(49.0))
    assert parallel.length_km == pytest.approx(length_km, rel=1e-5)


def test_a_drawn_line_goes_the_short_way_across_the_antimeridian() -> None:
    for end in (-179, 181):
        line = borders.read(string((179, -17), (end, -17)))
        assert line.length_km < 250
        assert near.along(np.full(2, -17.0), np.array([180.0, -180.0]), line, 1.0).all()


def test_lines_are_read_from_files_features_and_collections(tmp_path: Path) -> None:
    one, other = (
        string((30, 50), (31, 50)),
        {"type": "MultiLineString", "coordinates": [[[40, 10], [41, 10], [42, 11]]]},
    )
    both = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": one}, {"type": "GeometryCollection", "geometries": [other]}],
    }
    file = tmp_path / "line.geojson"
    file.write_text(json.dumps(both), encoding="utf-8")
    found = borders.read(file)
    assert found.length_km == pytest.approx(borders.read(one).length_km + borders.read(other).length_km)


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        ({"type": "Polygon", "coordinates": []}, ScenarioError, "'Polygon' is no line; give a LineString"),
        ({"type": "FeatureCollection", "features": []}, ScenarioError, "holds no LineString; draw the line as one"),
        (string((30, 50)), ScenarioError, "1 points are no line"),
        (string((30, 95), (31, 50)), ScenarioError, "lies off the globe; GeoJSON writes longitude first"),
        ({"type": "LineString", "coordinates": ["a", "b"]}, DataError, "holds no list of [longitude, latitude]"),
        ({"type": "LineString"}, DataError, "a GeoJSON LineString without its parts"),
        ({"type": "Feature", "geometry": 3}, DataError, "a GeoJSON Feature without its parts"),
    ],
)
def test_what_is_no_line_is_refused_with_the_remedy(content: dict, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match="^front: .*" + re.escape(said)):
        borders.read(content, "front")


def test_a_file_that_is_none_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"line '.*none': .*; name a GeoJSON file"):
        borders.read(tmp_path / "none")
    for text, said in (("{", "not JSON"), ("[]", "not a GeoJSON object")):
        (tmp_path / "line").write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=said):
            borders.read(tmp_path / "line")


@pytest.mark.parametrize(
    ("code", "others", "said"),
    [
        ("KEN", ("UKR",), "KEN and UKR share none; KEN has one with ETH, SOM, SSD, TZA, UGA"),
        ("UKN", (), "no country 'UKN' in ISO 3166-1 alpha-3; did you mean 'UKR'?"),
        ("UKR", ("POR",), "no country 'POR'"),
        ("UA-30", (), "'UA-30' is the city of Kyiv, which lies inside a region; write 'UA-32'"),
    ],
)
def test_a_border_that_is_not_there_is_refused_with_those_that_are(code, others, said: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)):
        borders.border(code, others)


def test_an_island_has_no_land_border() -> None:
    with pytest.raises(ScenarioError, match="border: FJI shares none with anybody"):
        borders.land_border("FJI")
