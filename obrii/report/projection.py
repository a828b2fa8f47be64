"""From the globe to a flat map, for an area anywhere: across the antimeridian, over a pole, or the whole world.

    area up to a quarter of the globe          wider
    Lambert azimuthal equal-area               Equal Earth about a middle meridian, cut along
    about its middle                           the one opposite; it ends at 60 degrees south

Both keep areas, so a cell takes as much of the page as it takes of the Earth. J. P. Snyder, "Map Projections: A Working
Manual", USGS Professional Paper 1395 (1987), equations 24-2 to 24-4, on a sphere; B. Šavrič, T. Patterson and B. Jenny,
"The Equal Earth map projection", International Journal of Geographical Information Science 33 (2019) 454-465.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from obrii import frames

#: Reach of an area about its middle beyond which Equal Earth is used [deg].
WIDEST_DEG = 60.0

#: Latitude at which a wide map ends in the south [deg]: the Antarctic Treaty (1959), article VI, begins there.
SOUTH_END_DEG = -60.0

#: Farthest from its middle that the azimuthal map is trusted [deg]: beyond, shapes fold over the rim.
_RIM_DEG = 120.0

#: Middle meridian of a map of places all around the globe [deg]: cut through the Bering Strait, which parts least.
_WORLD_MIDDLE_DEG = 11.0

#: Distance of the middle of a box around points from that of the Earth, in radii, under which they lie all around it.
_ALL_AROUND = 0.2

#: Corners along each side of the rim.
_RIM_STEPS = 76

#: Coefficients of Equal Earth, from the paper.
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796


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
        return self.flat_east(latitude_deg, (longitude_deg - self.longitude_deg + 180.0) % 360.0 - 180.0)

    def flat_east(self, latitude_deg: np.ndarray, east_deg: np.ndarray) -> np.ndarray:
        """The same with longitudes counted from the middle, -180 to 180: so that both sides of the cut can be told.

        >>> Projection(0.0, 11.0, False).flat_east(np.zeros(2), np.array([-180.0, 180.0])).round(4).tolist()
        [[-2.7066, -0.0], [2.7066, -0.0]]
        """
        east, north = np.radians(east_deg), np.radians(latitude_deg)
        return self._azimuthal(north, east) if self.azimuthal else _equal_earth(north, east)

    def near(self, latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> np.ndarray:
        """Which points the map can be trusted with: (point,) bool."""
        if not self.azimuthal:
            return np.ones(len(latitude_deg), bool)
        return np.asarray(_apart_deg(self.latitude_deg, self.longitude_deg, latitude_deg, longitude_deg) < _RIM_DEG)

    def globe(self) -> np.ndarray:
        """The rim of a map that is cut, down to its southern end: (corner, 2) f8 in Earth radii, clockwise."""
        down = np.linspace(90.0, SOUTH_END_DEG, _RIM_STEPS)
        sides = [self.flat_east(down, np.full(len(down), side)) for side in (180.0, -180.0)]
        return np.vstack([sides[0], sides[1][::-1]])

    def ends(self, latitude_deg: np.ndarray) -> np.ndarray:
        """Which points lie beyond the southern end of the map: (point,) bool."""
        return np.asarray((latitude_deg < SOUTH_END_DEG) & (not self.azimuthal))

    def _azimuthal(self, north: np.ndarray, east: np.ndarray) -> np.ndarray:
        middle = math.radians(self.latitude_deg)
        cosine = math.sin(middle) * np.sin(north) + math.cos(middle) * np.cos(north) * np.cos(east)
        scale = np.sqrt(2.0 / np.maximum(1.0 + cosine, 1.0 + math.cos(math.radians(_RIM_DEG))))
        x = np.cos(north) * np.sin(east)
        y = math.cos(middle) * np.sin(north) - math.sin(middle) * np.cos(north) * np.cos(east)
        return np.column_stack([scale * x, -scale * y])


def fit(latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> Projection:
    """The projection that suits points: about the middle of all, azimuthal unless they reach too far.

    >>> fit(np.array([44.0, 52.0]), np.array([22.0, 40.0])).azimuthal
    True
    >>> fit(np.array([-10.0, 10.0, 0.0, 0.0]), np.array([0.0, 90.0, 180.0, -90.0]))
    Projection(latitude_deg=0.0, longitude_deg=11.0, azimuthal=False)
    """
    up = frames.up(latitude_deg, longitude_deg)
    # The middle of the box around the points, not of their weight: a map is a box.
    middle = (up.min(axis=1) + up.max(axis=1)) / 2.0
    length = float(np.linalg.norm(middle))
    if length < _ALL_AROUND:
        return Projection(0.0, _WORLD_MIDDLE_DEG, False)
    latitude = math.degrees(math.asin(middle[2] / length))
    longitude = math.degrees(math.atan2(middle[1], middle[0]))
    reach = float(_apart_deg(latitude, longitude, latitude_deg, longitude_deg).max())
    return Projection(latitude, longitude, True) if reach <= WIDEST_DEG else Projection(0.0, longitude, False)


def _equal_earth(north: np.ndarray, east: np.ndarray) -> np.ndarray:
    theta = np.arcsin(math.sqrt(3.0) / 2.0 * np.sin(north))
    square = theta * theta
    sixth = square**3
    slope = 9.0 * _A4 * sixth * square + 7.0 * _A3 * sixth + 3.0 * _A2 * square + _A1
    y = theta * (_A4 * sixth * square + _A3 * sixth + _A2 * square + _A1)
    return np.column_stack([2.0 / math.sqrt(3.0) * east * np.cos(theta) / slope, -y])


def _apart_deg(latitude: float, longitude: float, latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> np.ndarray:
    """Angle at the middle of the Earth between one point and others [deg]."""
    one = frames.up(np.array([latitude]), np.array([longitude]))
    cosine = (one * frames.up(latitude_deg, longitude_deg)).sum(axis=0)
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
