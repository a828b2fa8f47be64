"""The sheet that every map of a report is drawn on: what is in its frame, and the land and borders behind.

┌─────────────────────────┐   the frame holds the area, and the gateways around it as long as
│  ▲ gateway   neighbour  │   they do not make the area small; height and width stay within
│     ⬡⬡⬡⬡⬡               │   what suits both a page and a telephone
│    ⬡⬡⬡⬡⬡⬡  neighbour    │
└─────────────────────────┘
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from obrii.ground import regions, shipped
from obrii.report.projection import SOUTH_END_DEG, Projection

#: Width of every map in its own units; the height follows from the frame.
WIDTH = 2000.0

#: How much larger than the area a frame may become to hold gateways.
_LARGEST = 1.4

#: Least and greatest height of a frame in widths of it, and the one below which a map takes the width of the page.
_FLATTEST, _TALLEST, _WIDE = 0.40, 1.08, 1.0 / 1.6

#: Room around what is in the frame, in parts of its larger side; and on a map that is cut along a meridian.
_MARGIN, _MARGIN_CUT = 0.05, 0.015

#: Part of the width of the globe from which a frame takes all of it.
_NEARLY_ALL = 0.85

#: Room around a station for its disc, in parts of the largest frame.
_BESIDE = 0.04

#: Smallest frame [Earth radii]: 60 km, so that a single cell is not drawn as large as the page.
_SMALLEST = 0.01

#: Longitude from which an edge of an outline is the cut along the antimeridian, and no border [deg].
_CUT_DEG = 179.99

#: Longest step along an outline on a map that is cut, where meridians bend [deg].
_STEP_DEG = 2.0

#: Points of an outline that a map of the whole globe does without, at most so far off [units of the sheet].
_COARSE = 0.8


@dataclass(frozen=True)
class Sheet:
    """A projection and a frame: west and north edges and the length of a unit in Earth radii; height in units."""

    projection: Projection
    west: float
    north: float
    unit: float
    height: float

    @property
    def wide(self) -> bool:
        """Whether the map takes the width of the page: as it is flat, or holds so much of the globe that it is cut."""
        return self.height < WIDTH * _WIDE or not self.projection.azimuthal

    def on(self, flat: np.ndarray) -> np.ndarray:
        """Points of the projection in units of the sheet, (point, 2)."""
        return (flat - [self.west, self.north]) / self.unit

    def at(self, latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> np.ndarray:
        """Points of the globe in units of the sheet, (point, 2)."""
        return self.on(self.projection.flat(latitude_deg, longitude_deg))

    def sea(self) -> np.ndarray:
        """The part of the frame that is the globe, (corner, 2) in units of the sheet."""
        frame = np.array([[0.0, 0.0], [WIDTH, 0.0], [WIDTH, self.height], [0.0, self.height]])
        if self.projection.azimuthal:
            return frame
        globe = shapely.Polygon(self.on(self.projection.globe()))
        return shapely.get_coordinates(shapely.intersection(globe, shapely.Polygon(frame)))[:-1]

    def holds(self, points: np.ndarray) -> np.ndarray:
        """Which points, in units of the sheet, lie in the frame."""
        x, y = points.T
        return (x >= 0) & (x <= WIDTH) & (y >= 0) & (y <= self.height)


@dataclass(frozen=True)
class Neighbour:
    """A country in the frame: its code, land and borders in units of the sheet."""

    code: str
    land: shapely.Geometry
    borders: shapely.Geometry


def lay(corners: np.ndarray, stations: np.ndarray, onto: Projection) -> Sheet:
    """The sheet for an area and the stations around it: corners of cells and stations, (point, 2) on the projection.

    Stations come in order of how much they matter; one that would make the area small is left out of the frame. A map
    that is cut is large enough without them.
    """
    low, high = corners.min(axis=0), corners.max(axis=0)
    margin = _MARGIN
    if not onto.azimuthal:
        low, high, margin = *_of_globe(low, high, onto.globe()), _MARGIN_CUT
    limit = _LARGEST * max(float((high - low).max()), _SMALLEST)
    beside = _BESIDE * limit
    for station in stations if onto.azimuthal else ():
        lower, higher = np.minimum(low, station - beside), np.maximum(high, station + beside)
        if float((higher - lower).max()) <= limit:
            low, high = lower, higher
    side = max(float((high - low).max()), _SMALLEST)
    low, high = low - margin * side, high + margin * side
    middle, (width, height) = (low + high) / 2.0, high - low
    width = max(width, height / _TALLEST)
    height = max(height, width * _FLATTEST)
    unit = width / WIDTH
    return Sheet(onto, float(middle[0] - width / 2), float(middle[1] - height / 2), unit, float(height / unit))


def _of_globe(low: np.ndarray, high: np.ndarray, globe: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The frame of what takes nearly the width of the globe is the globe, from the northernmost cell on."""
    west, east = globe[:, 0].min(), globe[:, 0].max()
    if high[0] - low[0] < _NEARLY_ALL * (east - west):
        return low, high
    return np.array([west, low[1]]), np.array([east, globe[:, 1].max()])


def neighbours(sheet: Sheet) -> list[Neighbour]:
    """Countries in the frame, sorted by code, cut at its edge."""
    frame = (0.0, 0.0, WIDTH, sheet.height)
    found = []
    for code in sorted(shipped.outlines()):
        pieces = [piece for polygon in regions.country_outline(code).geoms for piece in _pieces(sheet, polygon)]
        land = [shapely.clip_by_rect(shape, *frame) for shape, _ in pieces]
        land = [shape for shape in land if not shape.is_empty]
        if land:
            borders = [shapely.clip_by_rect(line, *frame) for _, line in pieces]
            found.append(Neighbour(code, shapely.union_all(land), shapely.union_all(borders)))
    return found


def rings_of(shape: shapely.Geometry) -> Iterator[np.ndarray]:
    """Every ring of the polygons of a shape, and every line of it: each (point, 2)."""
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon):
            for ring in (part.exterior, *part.interiors):
                yield shapely.get_coordinates(ring)[:-1]
        elif isinstance(part, shapely.LineString):
            yield shapely.get_coordinates(part)
        elif isinstance(part, shapely.GeometryCollection):
            yield from rings_of(part)


def _pieces(sheet: Sheet, polygon: shapely.Polygon) -> Iterator[tuple[shapely.Geometry, shapely.Geometry]]:
    """The polygon and its borders on the sheet; in pieces where the map is cut."""
    rings = [shapely.get_coordinates(ring) for ring in (polygon.exterior, *polygon.interiors)]
    longitude_deg, latitude_deg = rings[0].T
    if not sheet.projection.near(latitude_deg, longitude_deg).all():
        return
    if not sheet.projection.azimuthal:
        yield from _cut_pieces(sheet, rings)
        return
    placed = [sheet.at(ring[:, 1], ring[:, 0]) for ring in rings]
    (west, north), (east, south) = placed[0].min(axis=0), placed[0].max(axis=0)
    if east < 0 or west > WIDTH or south < 0 or north > sheet.height:
        return
    shape = shapely.Polygon(placed[0], placed[1:])
    lines = [line for on, ring in zip(placed, rings, strict=True) for line in _uncut(on, ring[:, 0])]
    yield _valid(shape), shapely.MultiLineString(lines)


def _cut_pieces(sheet: Sheet, rings: list[np.ndarray]) -> Iterator[tuple[shapely.Geometry, shapely.Geometry]]:
    """The same on a map that is cut: each part in degrees from the middle, clipped at the cut, then placed."""
    east = [np.column_stack([ring[:, 0] - sheet.projection.longitude_deg, ring[:, 1]]) for ring in rings]
    shape = _valid(shapely.Polygon(east[0], east[1:]))
    drawn = [line for on, ring in zip(east, rings, strict=True) for line in _uncut(on, ring[:, 0])]
    lines = shapely.MultiLineString(drawn)
    west, _, east, _ = shape.bounds
    for turn in (-360.0, 0.0, 360.0):
        if east + turn < -180.0 or west + turn > 180.0:
            continue
        window = (-180.0 - turn, SOUTH_END_DEG, 180.0 - turn, 90.0)
        part, line = shapely.clip_by_rect(shape, *window), shapely.clip_by_rect(lines, *window)
        if not part.is_empty:
            yield _valid(_placed(sheet, part, turn)), _placed(sheet, line, turn)


def _placed(sheet: Sheet, shape: shapely.Geometry, turn: float) -> shapely.Geometry:
    """A shape in degrees from the middle, a turn of the globe away, on the sheet."""
    fine = shapely.segmentize(shape, _STEP_DEG)
    placed = shapely.transform(
        fine, lambda point: sheet.on(sheet.projection.flat_east(point[:, 1], point[:, 0] + turn))
    )
    return shapely.simplify(placed, _COARSE)


def _valid(shape: shapely.Geometry) -> shapely.Geometry:
    return shape if shape.is_valid else shapely.make_valid(shape)


def _uncut(ring: np.ndarray, longitude_deg: np.ndarray) -> list[np.ndarray]:
    """The ring as lines, without the edges along the antimeridian where outlines are cut."""
    at_cut = np.abs(longitude_deg) > _CUT_DEG
    breaks = np.flatnonzero(at_cut[:-1] & at_cut[1:]) + 1
    return [line for line in np.split(ring, breaks) if len(line) > 1]
