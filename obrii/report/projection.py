"""From the globe to a flat map, for an area anywhere: across the antimeridian, over a pole, or the whole world.

    area up to a quarter of the globe          wider
    Lambert azimuthal equal-area               equal-area cylinder about the middle meridian
    about its middle                           (Lambert; standard parallel 30 degrees, as Behrmann has it)

Both keep areas, so a cell takes as much of the page as it takes of the Earth. J. P. Snyder, "Map Projections: A Working
Manual", USGS Professional Paper 1395 (1987), equations 24-2 to 24-4 and 10-1, 10-2, on a sphere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from obrii import frames

#: Reach of an area about its middle beyond which the cylinder is used [deg].
WIDEST_DEG = 60.0

#: Farthest from its middle that the azimuthal map is trusted [deg]: beyond, shapes fold over the rim.
_RIM_DEG = 120.0

_BEHRMANN = math.cos(math.radians(30.0))


@dataclass(frozen=True)
class Projection:
    """A flat map about a middle; lengths are in Earth radii, y grows to the south as on a page."""

    latitude_deg: float
    longitude_deg: float
    azimuthal: bool

    def flat(self, latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> np.ndarray:
        """Points on the map: latitude_deg, longitude_deg (point,); returns (point, 2) f8 in Earth radii.

        >>> Projection(0.0, 180.0, True).flat(np.array([0.0, 0.0]), np.array([179.0, -179.0])).round(4).tolist()
        [[-0.0175, -0.0], [0.0175, -0.0]]
        """
        east = np.radians((longitude_deg - self.longitude_deg + 180.0) % 360.0 - 180.0)
        north = np.radians(latitude_deg)
        if not self.azimuthal:
            return np.column_stack([east * _BEHRMANN, -np.sin(north) / _BEHRMANN])
        middle = math.radians(self.latitude_deg)
        cosine = math.sin(middle) * np.sin(north) + math.cos(middle) * np.cos(north) * np.cos(east)
        scale = np.sqrt(2.0 / np.maximum(1.0 + cosine, 1.0 + math.cos(math.radians(_RIM_DEG))))
        x = np.cos(north) * np.sin(east)
        y = math.cos(middle) * np.sin(north) - math.sin(middle) * np.cos(north) * np.cos(east)
        return np.column_stack([scale * x, -scale * y])

    @property
    def turn(self) -> float:
        """Width of the whole globe on a map that is cut along a meridian; 0 where there is no such cut."""
        return 0.0 if self.azimuthal else 2.0 * math.pi * _BEHRMANN

    def near(self, latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> np.ndarray:
        """Which points the map can be trusted with: (point,) bool."""
        if not self.azimuthal:
            return np.ones(len(latitude_deg), bool)
        return np.asarray(_apart_deg(self.latitude_deg, self.longitude_deg, latitude_deg, longitude_deg) < _RIM_DEG)


def fit(latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> Projection:
    """The projection that suits points: about the middle of all, azimuthal unless they reach too far.

    >>> fit(np.array([44.0, 52.0]), np.array([22.0, 40.0])).azimuthal
    True
    >>> fit(np.array([-10.0, 10.0, 0.0, 0.0]), np.array([0.0, 90.0, 180.0, -90.0])).azimuthal
    False
    """
    up = frames.up(latitude_deg, longitude_deg)
    # The middle of the box around the points, not of their weight: a map is a box.
    middle = (up.min(axis=1) + up.max(axis=1)) / 2.0
    length = float(np.linalg.norm(middle))
    if length < 1e-6:
        return Projection(0.0, 0.0, False)
    latitude = math.degrees(math.asin(middle[2] / length))
    longitude = math.degrees(math.atan2(middle[1], middle[0]))
    reach = float(_apart_deg(latitude, longitude, latitude_deg, longitude_deg).max())
    return Projection(latitude, longitude, reach <= WIDEST_DEG)


def _apart_deg(latitude: float, longitude: float, latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> np.ndarray:
    """Angle at the middle of the Earth between one point and others [deg]."""
    one = frames.up(np.array([latitude]), np.array([longitude]))
    cosine = (one * frames.up(latitude_deg, longitude_deg)).sum(axis=0)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
