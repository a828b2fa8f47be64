"""Cells as polygons of GeoJSON (RFC 7946), with numbers as their properties; any map program opens it.

A cell across the antimeridian, or around a pole, is cut there, as section 3.1.9 asks; rings run against the clock.
Cells are named in hexadecimal digits, because their numbers have more of them than JSON carries.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import h3.api.numpy_int as h3
import numpy as np
import shapely

from obrii.ground import polygons

#: Decimals of degrees that are kept: a tenth of a metre on the ground.
_DECIMALS = 6

#: Half a turn of longitude [deg]: a cell that reaches further lies across the antimeridian, or around a pole.
_HALF_TURN_DEG = 180.0


def cell_features(columns: Mapping[str, np.ndarray]) -> str:
    """A FeatureCollection, a polygon a cell: `columns` has the H3 id of each under `cell`, all else are properties.

    What is NaN is null.

    >>> cells = {"cell": np.array([0x85283473FFFFFFF], np.uint64), "share_lost": np.array([0.25])}
    >>> feature = json.loads(cell_features(cells))["features"][0]
    >>> feature["properties"], feature["geometry"]["type"], len(feature["geometry"]["coordinates"][0])
    ({'cell': '85283473fffffff', 'share_lost': 0.25}, 'Polygon', 7)
    """
    named = {name: [_plain(value) for value in values.tolist()] for name, values in columns.items()}
    named["cell"] = hexadecimal(columns["cell"]).tolist()
    features = [
        _text({"type": "Feature", "geometry": outline(cell), "properties": dict(zip(named, row, strict=True))})
        for cell, row in zip(columns["cell"].tolist(), zip(*named.values(), strict=True), strict=True)
    ]
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(features) + "\n]}\n"


def outline(cell: int) -> dict[str, Any]:
    """The geometry of a cell: a Polygon, or a MultiPolygon where it is cut.

    >>> outline(h3.latlng_to_cell(0.0, 180.0, 3))["type"]
    'MultiPolygon'
    """
    ring = [[longitude, latitude] for latitude, longitude in h3.cell_to_boundary(cell)]
    longitudes = [point[0] for point in ring]
    if max(longitudes) - min(longitudes) <= _HALF_TURN_DEG:
        return {"type": "Polygon", "coordinates": [_closed(ring)]}
    cut = polygons.read({"type": "Polygon", "coordinates": [ring]}, f"cell {cell:x}")
    # Around a pole the pieces touch where the ring began: on the grid of rounded numbers they become one.
    whole = shapely.union_all(cut.geoms, grid_size=10.0**-_DECIMALS)
    parts = [shapely.geometry.polygon.orient(part).exterior.coords[:-1] for part in shapely.get_parts(whole)]
    return {"type": "MultiPolygon", "coordinates": [[_closed([list(point) for point in part])] for part in parts]}


def hexadecimal(cell: np.ndarray) -> np.ndarray:
    """H3 ids as people write them: (cell,) u8 to (cell,) str.

    >>> hexadecimal(np.array([0x85283473FFFFFFF], np.uint64)).tolist()
    ['85283473fffffff']
    """
    return np.array([f"{value:x}" for value in cell.tolist()], np.str_)


def _closed(ring: list[list[float]]) -> list[list[float]]:
    rounded = [[round(value, _DECIMALS) + 0.0 for value in point] for point in ring]
    return [*rounded, rounded[0]]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
