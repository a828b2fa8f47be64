"""Areas drawn as polygons: read from GeoJSON, checked, and filled with cells.

A cell belongs to an area when its centre lies within. Outlines are kept between -180 and 180 degrees of longitude: a
polygon that crosses the antimeridian, or goes around a pole, is cut there when it is read.

                outer ring                           what is refused, each with its remedy
        ┌───────────────────────┐
        │   ┌──────┐            │        a ring that crosses itself
        │   │ hole │      x     │        a hole outside its outer ring (a mainland written as a hole of an islet)
        │   └──────┘            │        an area without a single cell
        └───────────────────────┘
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import h3.api.numpy_int as h3
import numpy as np
import shapely
from shapely.affinity import translate

from obrii.errors import DataError, ScenarioError

#: How far the cells below a cell reach from its centre, in average edge lengths of its resolution. Measured over the
#: descendants of cells of resolutions 0 to 6, four levels down: at most 1.122.
_REACH_EDGES = 1.15

#: Full turn of longitude [deg], and the meridian where outlines are cut.
_TURN_DEG, _EDGE_DEG = 360.0, 180.0
_WORLD = shapely.box(-_EDGE_DEG, -90.0, _EDGE_DEG, 90.0)


def read(source: str | Path | Mapping[str, Any], what: str = "polygon") -> shapely.MultiPolygon:
    """Outline of an area from GeoJSON (RFC 7946): longitude and latitude in degrees.

    source: path of a file, or the object itself: a Polygon, MultiPolygon, Feature, FeatureCollection or
    GeometryCollection. what: how a refusal calls it. Rings may be wound either way, and left open. An edge longer than
    180 degrees of longitude goes the short way, across the antimeridian.

    Raises `DataError` where there is no file or no GeoJSON, `ScenarioError` where the shape makes no sense: a ring that
    crosses itself, a hole outside its outer ring, a latitude beyond 90.

    >>> fiji = read({"type": "Polygon", "coordinates": [[[177, -19], [-178, -19], [-178, -16], [177, -16]]]})
    >>> fiji.bounds, fiji.area
    ((-180.0, -19.0, 180.0, -16.0), 15.0)
    """
    if isinstance(source, str | Path):
        what = f"{what} '{source}'"
        source = load(Path(source), what)
    parts = [part for rings in shapes(source, "Polygon", "area", what) for part in _shape(rings, what)]
    if not parts:
        raise ScenarioError(f"{what}: holds no Polygon or MultiPolygon; draw the area as one of them")
    return _multipolygon(shapely.union_all(parts))


def contains(outline: shapely.MultiPolygon, latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> np.ndarray:
    """Which points lie within an outline: latitude_deg, longitude_deg (point,); returns (point,) bool."""
    shapely.prepare(outline)
    return shapely.contains_xy(outline, longitude_deg, latitude_deg)


def cells_inside(outline: shapely.MultiPolygon, resolution: int) -> np.ndarray:
    """Cells of a resolution whose centre lies within an outline: (cell,) u8 H3 ids, sorted; may be empty.

    Walks down from the 122 cells of resolution 0 and keeps what the outline may touch.

    >>> len(cells_inside(read({"type": "Polygon", "coordinates": [[[30, 50], [31, 50], [31, 51], [30, 51]]]}), 5))
    34
    """
    shapely.prepare(outline)
    ids = np.sort(np.asarray(h3.get_res0_cells(), np.uint64))
    for level in range(resolution):
        ids = h3.uncompact_cells(ids[_touches(outline, ids, level)], level + 1)
        if not len(ids):
            return np.empty(0, np.uint64)
    return np.sort(ids[contains(outline, *centres(ids))])


def centres(ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres of cells: latitude_deg and longitude_deg, each (cell,) f8."""
    both = np.array([h3.cell_to_latlng(cell) for cell in ids.tolist()]).reshape(-1, 2)
    return np.ascontiguousarray(both[:, 0]), np.ascontiguousarray(both[:, 1])


def _touches(outline: shapely.MultiPolygon, ids: np.ndarray, level: int) -> np.ndarray:
    """Which cells may hold, below them, a centre within the outline; errs towards yes."""
    latitude, longitude = centres(ids)
    reach = np.degrees(_REACH_EDGES * h3.average_hexagon_edge_length(level, "km") / _H3_RADIUS_KM)
    widest = np.minimum(np.abs(latitude) + reach, 90.0)
    half = np.full(len(ids), _EDGE_DEG)
    free = widest < 89.0
    half[free] = np.minimum(reach / np.cos(np.radians(widest[free])), _EDGE_DEG)
    touched = np.zeros(len(ids), bool)
    for turn in (-_TURN_DEG, 0.0, _TURN_DEG):
        west, east = longitude - half + turn, longitude + half + turn
        touched |= shapely.intersects(outline, shapely.box(west, latitude - reach, east, latitude + reach))
    return touched


#: Radius of the sphere that H3 lays its cells on [km]: the authalic radius of WGS 84, from H3's documentation.
_H3_RADIUS_KM = 6_371.007_180_918_475


def load(path: Path, what: str) -> Mapping[str, Any]:
    """The outermost object of a GeoJSON file, whatever it holds; what: begins every refusal.

    Raises DataError where it cannot be read or is no object.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{what}: {error.strerror or error}; name a GeoJSON file") from error
    except ValueError as error:
        raise DataError(f"{what}: not JSON ({error}); give a GeoJSON file") from error
    if not isinstance(content, Mapping):
        raise DataError(f"{what}: not a GeoJSON object; its outermost value must have a 'type'")
    return content


_PARTS = {"FeatureCollection": "features", "GeometryCollection": "geometries", "Feature": "geometry"}


def shapes(item: Any, kind: str, noun: str, what: str) -> Iterator[Any]:
    """The coordinates of every shape of one kind, as Polygon or LineString, in a GeoJSON object, whatever holds them.

    noun: what such a shape is; what: begins every refusal. Raises ScenarioError for shapes of another kind.
    """
    found = "object"
    try:
        found = item["type"]
        if found in _PARTS:
            parts = item[_PARTS[found]]
            for part in [parts] if isinstance(parts, Mapping) else parts or []:
                yield from shapes(part, kind, noun, what)
        elif found == kind:
            yield item["coordinates"]
        elif found == f"Multi{kind}":
            yield from item["coordinates"]
        else:
            raise ScenarioError(f"{what}: '{found}' is no {noun}; give a {kind} or Multi{kind}, or a Feature of one")
    except (KeyError, TypeError) as error:
        raise DataError(f"{what}: a GeoJSON {found} without its parts; see RFC 7946, section 3") from error


def _shape(rings: Sequence[Any], what: str) -> list[shapely.Polygon]:
    """One polygon in parts between -180 and 180 degrees: unwrapped, checked, cut."""
    if not rings:
        raise DataError(f"{what}: a polygon without a ring; give its outer ring first")
    outer, *holes = [_unwrapped(_ring(ring, what)) for ring in rings]
    shell = shapely.Polygon(outer)
    _refuse_crossing(shell, what)
    placed = [_placed(hole, shell, what, number) for number, hole in enumerate(holes, start=1)]
    whole = shapely.Polygon(outer, placed)
    _refuse_crossing(whole, what)
    cut = [shapely.intersection(translate(whole, turn), _WORLD) for turn in (-_TURN_DEG, 0.0, _TURN_DEG)]
    return [part for piece in cut for part in _multipolygon(piece).geoms]


def _ring(points: Any, what: str) -> np.ndarray:
    """A ring as (point, 2) f8 of longitude and latitude, without the repeated last point."""
    try:
        ring = np.array([[float(point[0]), float(point[1])] for point in points])
    except (TypeError, ValueError, IndexError) as error:
        raise DataError(f"{what}: a ring is no list of [longitude, latitude]; see RFC 7946, section 3.1") from error
    if len(ring) and (ring[0] == ring[-1]).all():
        ring = ring[:-1]
    if len(ring) < 3:
        raise ScenarioError(f"{what}: a ring of {len(ring)} points encloses nothing; give three or more")
    if not np.isfinite(ring).all() or np.abs(ring[:, 1]).max() > 90.0 or np.abs(ring[:, 0]).max() > _TURN_DEG:
        raise ScenarioError(
            f"{what}: a point lies off the globe; GeoJSON writes longitude first, then latitude, in degrees"
        )
    return ring


def _unwrapped(ring: np.ndarray) -> np.ndarray:
    """The ring with longitudes that run on across the antimeridian; one around a pole is closed along the pole."""
    closed = np.vstack([ring, ring[:1]])
    step = np.diff(closed[:, 0])
    # A step of a whole turn is an edge along the rim of the map where the ring was cut there already, and nothing
    # at all where it crosses: as written, such a ring is in order or overlaps itself.
    if not ((np.abs(step) > _EDGE_DEG) & (np.abs(step) < _TURN_DEG)).any() and shapely.Polygon(ring).is_valid:
        return ring
    closed[1:, 0] -= np.cumsum(np.where(np.abs(step) > _EDGE_DEG, np.sign(step) * _TURN_DEG, 0.0))
    if np.isclose(closed[0, 0], closed[-1, 0]):
        return closed[:-1]
    pole = np.copysign(90.0, ring[:, 1].mean())
    return np.vstack([closed, [[closed[-1, 0], pole], [closed[0, 0], pole]]])


def _placed(hole: np.ndarray, shell: shapely.Polygon, what: str, number: int) -> np.ndarray:
    """The hole, turned to where the outer ring lies; refused where it is outside."""
    shapely.prepare(shell)
    for turn in (0.0, _TURN_DEG, -_TURN_DEG):
        moved = hole + np.array([turn, 0.0])
        if (
            shapely.covers(shell, shapely.Polygon(moved).representative_point())
            and shapely.intersects_xy(shell, moved).all()
        ):
            return moved
    raise ScenarioError(f"{what}: hole {number} lies outside its outer ring; write it as a polygon of its own")


def _refuse_crossing(shape: shapely.Polygon, what: str) -> None:
    if shape.is_valid:
        return
    reason = shapely.is_valid_reason(shape)
    found = re.search(r"\[(\S+) (\S+)\]", reason)
    place = f" near longitude {float(found[1]):.2f}, latitude {float(found[2]):.2f}" if found else ""
    raise ScenarioError(f"{what}: the outline crosses itself{place}; draw rings that do not")


def _multipolygon(shape: shapely.Geometry) -> shapely.MultiPolygon:
    """The polygons of a shape, without the points and lines that a cut leaves."""
    return shapely.MultiPolygon(
        [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon) and part.area > 0]
    )
