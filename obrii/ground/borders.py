"""Lines on a map: drawn by a user, or the borders of countries and regions, and who shares which.

An edge of a map is straight in longitude and latitude (RFC 7946, section 3.1.1), so that the 49th parallel is a border
of two points; pieces of great circles follow it here to within 100 m. Where a map is cut, at the antimeridian and along
a pole, nobody has a border. The map that ships is drawn at 1:50 million, so that its borders are some kilometres off,
and shorter than on the ground, because they cut corners.

Two countries share the edges that both outlines have, point for point: so the map that ships draws them. So do two
regions, whose outlines are rims of cells. A region and a country share what the country of the region shares with the
other, as far as the region is the nearest one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from obrii import frames
from obrii.errors import DataError, ScenarioError
from obrii.ground import near, neighbours, polygons, regions, shipped

#: Longest step along an edge of a map [deg]: a great circle of this length strays from a parallel by 60 m at most.
_STEP_DEG = 0.5

#: Decimals of degrees to which points of two outlines are the same [assumption: a tenth of a metre].
_SAME = 6

_TURN_DEG, _EDGE_DEG = 360.0, 180.0


def read(source: str | Path | Mapping[str, Any], what: str = "line") -> near.Line:
    """A line from GeoJSON (RFC 7946): longitude first, then latitude, in degrees.

    source: path of a file, or the object itself: a LineString, a MultiLineString, or a Feature or collection of them.
    what: how a refusal calls it. An edge longer than 180 degrees of longitude goes the short way.

    Raises `DataError` where there is no file or no GeoJSON, `ScenarioError` where there is no line in it.

    >>> parallel = read({"type": "LineString", "coordinates": [[-123, 49], [-95, 49]]})
    >>> round(parallel.length_km)
    2043
    """
    if isinstance(source, str | Path):
        what = f"{what} '{source}'"
        source = polygons.load(Path(source), what)
    strings = [_points(string, what) for string in polygons.shapes(source, "LineString", "line", what)]
    if not strings:
        raise ScenarioError(f"{what}: holds no LineString; draw the line as one")
    edges = [edge for string in strings for edge in pairwise(string)]
    return _laid(np.array(edges).reshape(-1, 2, 2))


@cache
def border(code: str, others: tuple[str, ...] = ()) -> near.Line:
    """Border of a country or region, coasts too; or only what it shares with others.

    code, others: alpha-3 codes of countries, or ISO 3166-2 codes of regions where a table ships. Raises `ScenarioError`
    for a code that is not known, and for two that share no border.

    >>> round(border("POL", ("UKR",)).length_km), round(border("UKR", ("POL",)).length_km)
    (369, 369)
    >>> border("KEN", ("UKR",))
    Traceback (most recent call last):
    obrii.errors.ScenarioError: border: KEN and UKR share none; KEN has one with ETH, SOM, SSD, TZA, UGA
    """
    if not others:
        return _laid(_edges(code))
    return _laid(np.concatenate([_shared(code, other) for other in others]))


def land_border(code: str) -> near.Line:
    """The border that a country shares with any other, or a region with any other region.

    Raises `ScenarioError` where there is none, as an island has.

    >>> land_border("UKR").length_km < border("UKR").length_km
    True
    """
    others = bordering(code)
    if not others:
        raise ScenarioError(f"border: {code} shares none with anybody; leave the neighbour out for its coasts")
    return border(code, others)


@cache
def bordering(code: str) -> tuple[str, ...]:
    """Countries that share a border with a country, or regions with a region: codes, sorted.

    >>> bordering("UKR")
    ('BLR', 'HUN', 'MDA', 'POL', 'ROU', 'RUS', 'SVK')
    """
    _check(code)
    mine = _keys(_edges(code))
    return tuple(sorted(other for other in _alike(code) if other != code and not mine.isdisjoint(_keys(_edges(other)))))


def _shared(code: str, other: str) -> np.ndarray:
    """Edges that two share, (edge, 2, 2); refused where there are none."""
    _check(code)
    _check(other)
    if _is_region(code) != _is_region(other):
        region, country = (code, other) if _is_region(code) else (other, code)
        edges = _shared(regions.WITH_REGIONS[0], country)
        edges = edges[_nearest_region(edges.mean(axis=1)) == region]
        partners: tuple[str, ...] = ()
    else:
        edges, theirs = _edges(code), _keys(_edges(other))
        edges = edges[[key in theirs for key in _keys_in_order(edges)]]
        partners = bordering(code) if not len(edges) else ()
    if not len(edges):
        has = f"; {code} has one with {', '.join(partners)}" if partners else "; name one that it borders"
        raise ScenarioError(f"border: {code} and {other} share none{has}")
    return edges


@cache
def _edges(code: str) -> np.ndarray:
    """Edges of an outline, (edge, 2, 2) of longitude and latitude; without those where the map is cut."""
    outline = regions.region_outline(code) if _is_region(code) else regions.country_outline(code)
    rings = [np.asarray(ring.coords) for part in outline.geoms for ring in (part.exterior, *part.interiors)]
    edges = np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings])
    on_rim = (np.abs(edges[:, :, 0]) == _EDGE_DEG).all(axis=1) | (np.abs(edges[:, :, 1]) == 90.0).all(axis=1)
    return edges[~on_rim]


def _keys(edges: np.ndarray) -> set[tuple[tuple[float, ...], ...]]:
    return set(_keys_in_order(edges))


def _keys_in_order(edges: np.ndarray) -> Iterator[tuple[tuple[float, ...], ...]]:
    """Every edge as its two points, the western one first."""
    # Adding zero turns -0.0 into 0.0.
    for a, b in (np.round(edges, _SAME) + 0.0).tolist():
        yield (tuple(a), tuple(b)) if a < b else (tuple(b), tuple(a))


def _nearest_region(points: np.ndarray) -> np.ndarray:
    """Region whose cell lies nearest to each point: (point, 2) of longitude and latitude to (point,) str."""
    ids, region, _ = regions.region_table()
    tree = neighbours.tree(*polygons.centres(ids))
    return region[tree.query(frames.up(points[:, 1], points[:, 0]).T)[1]]


def _laid(edges: np.ndarray) -> near.Line:
    """Edges that are straight on a map, (edge, 2, 2) of longitude and latitude, as pieces of great circles."""
    start, step = edges[:, 0], edges[:, 1] - edges[:, 0]
    step[:, 0] -= _TURN_DEG * np.round(step[:, 0] / _TURN_DEG)
    count = np.maximum(np.ceil(np.abs(step).max(axis=1) / _STEP_DEG), 1).astype(np.int64)
    of = np.repeat(np.arange(len(edges)), count)
    k = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    low, high = (start[of] + step[of] * ((k + more) / count[of])[:, None] for more in (0, 1))
    return near.joined(frames.up(low[:, 1], low[:, 0]), frames.up(high[:, 1], high[:, 0]))


def _is_region(code: str) -> bool:
    return "-" in code


def _check(code: str) -> None:
    if _is_region(code):
        regions.check_region(code, "border")
    else:
        regions.check_country(code, "border")


def _alike(code: str) -> Sequence[str]:
    """Everything of the same sort as a code that has an outline."""
    return list(regions.region_names()) if _is_region(code) else list(shipped.outlines())


def _points(string: Any, what: str) -> np.ndarray:
    """The points of a line, (point, 2) of longitude and latitude."""
    try:
        points = np.array([[float(point[0]), float(point[1])] for point in string]).reshape(-1, 2)
    except (TypeError, ValueError, IndexError) as error:
        raise DataError(f"{what}: holds no list of [longitude, latitude]; see RFC 7946, section 3.1") from error
    if len(points) < 2:
        raise ScenarioError(f"{what}: {len(points)} points are no line; give two or more")
    if not np.isfinite(points).all() or np.abs(points[:, 1]).max() > 90.0 or np.abs(points[:, 0]).max() > _TURN_DEG:
        raise ScenarioError(
            f"{what}: a point lies off the globe; GeoJSON writes longitude first, then latitude, in degrees"
        )
    return points
