"""Which of the satellites within reach a cell takes: a table of policies, each a rank of every sight line.

The least path alone decides by default. Other policies choose among the satellites whose whole path is at most a margin
longer than the best with room: the highest in the sky, the one that stays longest, or the one with the most room left.
With hysteresis a cell first of all keeps the satellite that it had in the step before, as long as that has a live way
and room, and its path is at most so much longer than the best. What operators really do is not published; in measured
choices of Starlink the higher of the satellites in sight are preferred (Tanveer et al., "Making Sense of
Constellations", CoNEXT 2023).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from obrii.constants import EARTH_ECCENTRICITY_2, EARTH_RADIUS_M
from obrii.kernels.lasting import circles, lasting
from obrii.links.visibility import Observers, Sights

#: How fast the Earth turns [rad/s]. WGS 84, NIMA TR8350.2 (2000), table 3.1.
EARTH_TURN_RAD_S = 7.292_115e-5

#: From the two places that give a satellite's great circle, one to the other [s]: long enough for float32 positions,
#: half a metre wrong, to give the direction to 1e-5, short enough for the circle to be that of the moment.
AHEAD_S = 10.0

#: What cells had before the first step, or what an operator without hysteresis remembers.
NOTHING = np.empty(0, np.int32)

#: Ranks of a policy that has none.
UNRANKED = np.empty(0, np.float32)

for _array in (NOTHING, UNRANKED):
    _array.setflags(write=False)


@dataclass(frozen=True)
class View:
    """What the cells of an operator see in a block of steps.

    observers: the cells; sights: their sight lines; xyz_m (time, 3, satellite) f4, Earth-fixed [m]; later: makes the
    same for so many seconds later.
    """

    observers: Observers
    sights: Sights
    xyz_m: np.ndarray
    later: Callable[[float], np.ndarray]


@dataclass(frozen=True)
class Choice:
    """How an operator chooses among satellites.

    policy: of `POLICIES`; margin_m: how much longer than the best a whole path may be, one way [m]; hysteresis_m: the
    same for the satellite of the step before, None where steps do not remember each other.
    """

    policy: str = "least-path"
    margin_m: float = 0.0
    hysteresis_m: float | None = None

    @property
    def remembers(self) -> bool:
        """Whether a step depends on the one before it."""
        return self.hysteresis_m is not None

    @property
    def by_load(self) -> bool:
        """Whether the satellite with the least part of its places taken is preferred, which changes cell by cell."""
        return self.policy == "least-loaded"

    @property
    def plain(self) -> bool:
        """Whether the least path alone decides, but for what is kept."""
        return self.policy == "least-path"

    def ranks(self, view: View) -> np.ndarray:
        """Rank of every sight line, the larger the better, (sight,) f4; empty where the policy has none."""
        return POLICIES[self.policy](view)


#: What an operator chooses by that says nothing else.
LEAST_PATH = Choice()


def _unranked(view: View) -> np.ndarray:
    return UNRANKED


def _elevation(view: View) -> np.ndarray:
    """Sine of the elevation over the ellipsoid, as sight lines hold it."""
    return view.sights.sin_elevation


def _lasting(view: View) -> np.ndarray:
    return time_in_sight_s(view.observers, view.sights, view.xyz_m, view.later(AHEAD_S), AHEAD_S)


#: The rank that each policy gives sight lines.
POLICIES: dict[str, Callable[[View], np.ndarray]] = {
    "least-path": _unranked,
    "highest-elevation": _elevation,
    "most-lasting": _lasting,
    "least-loaded": _unranked,
}


def time_in_sight_s(
    observers: Observers, sights: Sights, xyz_m: np.ndarray, later_m: np.ndarray, wait_s: float
) -> np.ndarray:
    """How long each satellite in sight stays above the mask and within the range limit, on its great circle.

    xyz_m, later_m: (time, 3, satellite) f4 [m], Earth-fixed, the second wait_s later; satellites as sights number them.
    Returns (sight,) f4 [s], inf where nothing limits sight. See `kernels.lasting` for the formula; on low orbits it is
    right to 2 s, but for passes that hardly rise above the mask.
    """
    left_s = np.full(len(sights.satellite), np.inf, np.float32)
    bounds = [make(observers) for limited, make in _BOUNDS if limited(observers)]
    orbit = np.empty((xyz_m.shape[2], 8), np.float32)
    for step, ptr in enumerate(sights.ptr if bounds else ()):
        circles(xyz_m[step], later_m[step], wait_s, EARTH_TURN_RAD_S * wait_s, orbit)
        for bound in bounds:
            lasting(ptr, sights.satellite, orbit, bound, EARTH_TURN_RAD_S, left_s)
    return left_s


def _mask_bound(observers: Observers) -> np.ndarray:
    """What `kernels.lasting` needs of the masks, (8, site) f4.

    The normal of the ellipsoid at a site meets the axis at a point c, a length p below the site. Seen from there, what
    stands at the mask e at a distance d is at the angle arccos(p cos e / d) - e from the zenith.
    """
    up, sine = observers.up, np.maximum(observers.min_sine, -1.0)
    normal_m = EARTH_RADIUS_M / np.sqrt(1.0 - EARTH_ECCENTRICITY_2 * up[2] ** 2)
    below_m = np.sum(observers.xyz_m * up, axis=0) + EARTH_ECCENTRICITY_2 * normal_m * up[2] ** 2
    axis_m = observers.xyz_m[2] - below_m * up[2]
    flat = below_m * (1.0 - sine**2)
    zero = np.zeros(len(observers))
    rows = [*up, up[2] * axis_m + flat, zero, sine, axis_m**2 - below_m * flat, axis_m]
    return np.array(rows, np.float32)


def _range_bound(observers: Observers) -> np.ndarray:
    """What `kernels.lasting` needs of the range limits, (8, site) f4: the law of cosines at the Earth's centre."""
    away_m = np.linalg.norm(observers.xyz_m, axis=0)
    zero = np.zeros(len(observers))
    nearest_m = 0.5 * (away_m - observers.max_range_m**2 / away_m)
    return np.array([*(observers.xyz_m / away_m), nearest_m, 0.5 / away_m, zero, zero, zero], np.float32)


#: Bounds of sight: whether any site has one, and what the kernel needs of it.
_BOUNDS: tuple[tuple[Callable[[Observers], bool], Callable[[Observers], np.ndarray]], ...] = (
    (lambda observers: bool(np.any(observers.min_sine > -1.0)), _mask_bound),
    (lambda observers: bool(np.any(np.isfinite(observers.max_range_m))), _range_bound),
)
