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
from obrii.report.projection import Projection

#: Width of every map in its own units; the height follows from the frame.
WIDTH = 2000.0

#: How much larger than the area a frame may become to hold gateways.
_LARGEST = 1.4

#: Least and greatest height of a frame in widths of it.
_FLATTEST, _TALLEST = 0.62, 1.08

#: Room around what is in the frame, in parts of its larger side.
_MARGIN = 0.05

#: Room around a station for its disc, in parts of the largest frame.
_BESIDE = 0.04

#: Smallest frame [Earth radii]: 60 km, so that a single cell is not drawn as large as the page.
_SMALLEST = 0.01

#: Longitude from which an edge of an outline is the cut along the antimeridian, and no border [deg].
_CUT_DEG = 179.99


@dataclass(frozen=True)
class Sheet:
    """A projection and a frame: west and north edges and the length of a unit in Earth radii; height in units."""

    projection: Projection
    west: float
    north: float
    unit: float
    height: float

    def on(self, flat: np.ndarray) -> np.ndarray:
        """Points of the projection in units of the sheet, (point, 2)."""
        return (flat - [self.west, self.north]) / self.unit

    def at(self, latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> np.ndarray:
        """Points of the globe in units of the sheet, (point, 2)."""
        return self.on(self.projection.flat(latitude_deg, longitude_deg))

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

    Stations come in order of how much they matter; one that would make the area small is left out of the frame.
    """
    low, high = corners.min(axis=0), corners.max(axis=0)
    limit = _LARGEST * max(float((high - low).max()), _SMALLEST)
    beside = _BESIDE * limit
    for station in stations:
        lower, higher = np.minimum(low, station - beside), np.maximum(high, station + beside)
        if float((higher - lower).max()) <= limit:
            low, high = lower, higher
    side = max(float((high - low).max()), _SMALLEST)
    low, high = low - _MARGIN * side, high + _MARGIN * side
    middle, (width, height) = (low + high) / 2.0, high - low
    width = max(width, height / _TALLEST)
    height = max(height, width * _FLATTEST)
    unit = width / WIDTH
    return Sheet(onto, float(middle[0] - width / 2), float(middle[1] - height / 2), unit, float(height / unit))


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
    """The polygon and its borders on the sheet, once for each turn of the globe that reaches the frame."""
    outer = shapely.get_coordinates(polygon.exterior)
    if not sheet.projection.near(outer[:, 1], outer[:, 0]).all():
        return
    degrees = [outer, *(shapely.get_coordinates(ring) for ring in polygon.interiors)]
    turn = sheet.projection.turn / sheet.unit
    rings = [_unwrapped(sheet.at(ring[:, 1], ring[:, 0]), turn) for ring in degrees]
    x, y = rings[0].T
    if y.max() < 0 or y.min() > sheet.height:
        return
    for shift in (-turn, 0.0, turn) if turn else (0.0,):
        if x.max() + shift >= 0 and x.min() + shift <= WIDTH:
            moved = [ring + np.array([shift, 0.0]) for ring in rings]
            shape = shapely.Polygon(moved[0], moved[1:])
            lines = [line for ring, place in zip(moved, degrees, strict=True) for line in _uncut(ring, place[:, 0])]
            yield shape if shape.is_valid else shapely.make_valid(shape), shapely.MultiLineString(lines)


def _unwrapped(ring: np.ndarray, turn: float) -> np.ndarray:
    """The ring with x that runs on where the map is cut."""
    if not turn:
        return ring
    step = np.diff(ring[:, 0], prepend=ring[0, 0])
    x = ring[:, 0] - np.cumsum(np.round(step / turn)) * turn
    return np.column_stack([x, ring[:, 1]])


def _uncut(ring: np.ndarray, longitude_deg: np.ndarray) -> list[np.ndarray]:
    """The ring as lines, without the edges along the antimeridian where outlines are cut."""
    at_cut = np.abs(longitude_deg) > _CUT_DEG
    breaks = np.flatnonzero(at_cut[:-1] & at_cut[1:]) + 1
    return [line for line in np.split(ring, breaks) if len(line) > 1]
