"""What lies near: within a distance of a place, of a line, or of a border.

Distances run over the ground of a round Earth of 6371 km, as all distances over the ground do here (`frames`): at most
0.6 % from those over the ellipsoid. They are exact along the whole of a line, not only at its points:

                 · in          reach_km ├──┤
         ────────────────────────────┐
            a      in ·              │ · in        · out
                                     b
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from obrii import frames
from obrii.constants import EARTH_MEAN_RADIUS_M
from obrii.errors import ScenarioError
from obrii.ground import neighbours

#: Longest piece that lines are cut into before they are searched [km]: short, so that few pieces are tried for a point.
_PIECE_KM = 25.0

#: Radius of the Earth [km].
_RADIUS_KM = EARTH_MEAN_RADIUS_M / 1e3

#: Room for rounding where pieces are sought [unit chord], 6 mm.
_ROOM = 1e-9

#: Length below which a piece is a point [rad], 6 micrometres.
_SHORT = 1e-12


@dataclass(frozen=True)
class Line:
    """Pieces of great circles on the ground; arrays are read-only.

    a, b (3, piece) f8: unit vectors of both ends of every piece. Pieces need not hang together. What is laid out by
    `line` is cut into pieces of at most 25 km.
    """

    a: np.ndarray
    b: np.ndarray

    def __post_init__(self) -> None:
        for name in ("a", "b"):
            array = np.array(getattr(self, name), np.float64)
            if array.ndim != 2 or array.shape[0] != 3 or array.shape != np.shape(self.a):
                raise ScenarioError(f"line: {name} has shape {array.shape}; both ends are (3, piece) alike")
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def __len__(self) -> int:
        return self.a.shape[1]

    @property
    def length_km(self) -> float:
        """Length of all pieces together [km]."""
        return float(_RADIUS_KM * _angle(self.a, self.b).sum())


def line(latitude_deg: Sequence[float] | np.ndarray, longitude_deg: Sequence[float] | np.ndarray) -> Line:
    """The line from point to point along great circles, the short way round.

    latitude_deg, longitude_deg (point,): two points or more; longitudes may be of any turn. Raises ScenarioError for
    fewer, for a latitude beyond 90, and for two points opposite each other, between which every way is as short.

    >>> round(line([50.0, 50.0], [179.0, -179.0]).length_km)
    143
    """
    latitude, longitude = np.asarray(latitude_deg, float), np.asarray(longitude_deg, float)
    if latitude.shape != longitude.shape or latitude.ndim != 1 or len(latitude) < 2:
        raise ScenarioError(f"line: {latitude.size} latitudes and {longitude.size} longitudes; give two points or more")
    _check_points(latitude, longitude, "line")
    points = frames.up(latitude, longitude)
    return joined(points[:, :-1], points[:, 1:])


def joined(a: np.ndarray, b: np.ndarray) -> Line:
    """The line of pieces between points, cut to at most 25 km: a, b (3, piece), unit vectors of both ends."""
    angle = _angle(a, b)
    if (angle > np.pi - _ROOM).any():
        raise ScenarioError("line: two points in a row lie opposite each other; give one between them")
    count = np.maximum(np.ceil(angle * _RADIUS_KM / _PIECE_KM), 1).astype(np.int64)
    of = np.repeat(np.arange(len(count)), count)
    step = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count)
    ends = [_between(a[:, of], b[:, of], angle[of], (step + k) / count[of]) for k in (0, 1)]
    return Line(*ends)


def distance_km(latitude_deg: np.ndarray, longitude_deg: np.ndarray, of: Line, within_km: float = np.inf) -> np.ndarray:
    """How far points lie from the nearest point of a line: (point,) f8 [km].

    latitude_deg, longitude_deg (point,). within_km: what is certainly farther is not measured, and comes out as inf.
    Cross-track and along-track distance: E. Williams, "Aviation formulary", 1.47.

    >>> equator = line([0.0, 0.0], [10.0, 40.0])
    >>> distance_km(np.array([1.0, -2.0]), np.array([20.0, 40.0]), equator).round(2).tolist()
    [111.19, 222.39]
    """
    points = frames.up(np.asarray(latitude_deg, float), np.asarray(longitude_deg, float))
    found = np.full(points.shape[1], np.inf)
    if not len(of) or not points.shape[1]:
        return found
    middle = of.a + of.b
    middle /= np.linalg.norm(middle, axis=0)
    half = 0.5 * float(_angle(of.a, of.b).max())
    pieces = neighbours.tree(*_place(middle))
    chord, _ = pieces.query(points.T)
    # No piece whose middle is farther than the nearest middle and half a piece can be the nearest piece.
    farthest = 2.0 * np.arcsin(np.clip(chord / 2.0, 0.0, 1.0)) + half
    near = np.flatnonzero(farthest - 2.0 * half <= within_km / _RADIUS_KM + _ROOM)
    reach = 2.0 * np.sin(np.minimum(farthest[near], np.pi) / 2.0) + _ROOM
    tried = pieces.query_ball_point(points[:, near].T, reach)
    counts = np.array([len(each) for each in tried], np.int64)
    if not len(near):
        return found
    piece = np.concatenate([np.asarray(each, np.int64) for each in tried])
    point = points[:, np.repeat(near, counts)]
    angle = _to_piece(point, of.a[:, piece], of.b[:, piece])
    found[near] = _RADIUS_KM * np.minimum.reduceat(angle, np.cumsum(counts) - counts)
    return found


def along(latitude_deg: np.ndarray, longitude_deg: np.ndarray, of: Line, reach_km: float) -> np.ndarray:
    """Which points lie within a distance of a line, on either side: (point,) bool.

    latitude_deg, longitude_deg (point,); reach_km: how far from the line a point may lie [km]. One side of a border is
    what of it belongs to a country: ``along(...) & (cells.country == "POL")``.

    Raises ScenarioError for a reach that is no distance.

    >>> meridian = line([40.0, 50.0], [30.0, 30.0])
    >>> along(np.array([45.0, 45.0, 45.0]), np.array([30.2, 29.8, 30.3]), meridian, 20.0).tolist()
    [True, True, False]
    """
    _check_reach(reach_km)
    return distance_km(latitude_deg, longitude_deg, of, reach_km) <= reach_km


def around(
    latitude_deg: np.ndarray,
    longitude_deg: np.ndarray,
    centre_latitude_deg: float,
    centre_longitude_deg: float,
    radius_km: float,
) -> np.ndarray:
    """Which points lie within a distance of a place: (point,) bool.

    latitude_deg, longitude_deg (point,); the place's latitude and longitude [deg]; radius_km: how far a point may lie
    from it [km]. Raises ScenarioError for a radius that is no distance, and for a place off the globe.

    >>> around(np.array([50.0, 52.0]), np.array([30.5, 30.5]), 50.45, 30.52, 100.0).tolist()
    [True, False]
    """
    _check_reach(radius_km, "radius_km")
    _check_points(np.array([centre_latitude_deg]), np.array([centre_longitude_deg]), "place")
    apart_m = frames.great_circle_m(latitude_deg, longitude_deg, centre_latitude_deg, centre_longitude_deg)
    return np.asarray(apart_m <= radius_km * 1e3)


def _check_reach(reach_km: float, what: str = "reach_km") -> None:
    if not reach_km > 0.0:
        raise ScenarioError(f"{what}: {reach_km:g} is no distance; give kilometres above 0")


def _check_points(latitude_deg: np.ndarray, longitude_deg: np.ndarray, what: str) -> None:
    """Refuse points that are not on the globe."""
    wrong = ~((np.abs(latitude_deg) <= 90.0) & np.isfinite(longitude_deg))
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise ScenarioError(
            f"{what}: latitude {latitude_deg[at]:g}, longitude {longitude_deg[at]:g} lies off the globe; give degrees"
        )


def _angle(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Angle between unit vectors, (3, n) each [rad]; exact for near and for opposite ones."""
    return np.asarray(2.0 * np.arctan2(np.linalg.norm(a - b, axis=0), np.linalg.norm(a + b, axis=0)))


def _between(a: np.ndarray, b: np.ndarray, angle: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Points a part of the way from a to b along great circles, (3, n)."""
    sine = np.sin(angle)
    whole = np.where(sine > 0.0, sine, 1.0)
    back = np.where(sine > 0.0, np.sin((1.0 - part) * angle) / whole, 1.0 - part)
    forth = np.where(sine > 0.0, np.sin(part * angle) / whole, part)
    found = back * a + forth * b
    return np.asarray(found / np.linalg.norm(found, axis=0))


def _to_piece(point: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Angle from points to pieces of great circles, (3, n) each [rad]."""
    # The difference of near points is exact, and so is the pole of a short piece; one shorter still is a point.
    pole = np.cross(a, b - a, axis=0)
    length = np.linalg.norm(pole, axis=0)
    long = length > _SHORT
    # Beside the piece where the foot of the point lies between both ends, else beyond one of them.
    beside = long & (_dot(np.cross(pole, a, axis=0), point) >= 0) & (_dot(np.cross(b, pole, axis=0), point) >= 0)
    sine = _dot(pole, point) / np.where(long, length, 1.0)
    to_end = np.minimum(_angle(point, a), _angle(point, b))
    return np.where(beside, np.abs(np.arcsin(np.clip(sine, -1.0, 1.0))), to_end)


def _place(xyz: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Latitude and longitude of unit vectors (3, n) [deg]."""
    x, y, z = xyz
    return np.degrees(np.arctan2(z, np.hypot(x, y))), np.degrees(np.arctan2(y, x))


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray((a * b).sum(axis=0))
