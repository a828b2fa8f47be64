"""Links that carry less, or no longer reach so low, while an event acts.

                       capacity_share                      the lowest sight line that is used
    no event                 1                                       own mask
    half as strong    half way to what is left        half way up to min_elevation_deg
    in full           what is left                     min_elevation_deg, or the own mask where that is higher

Of several that touch a link the smallest share and the highest mask hold: storms are not known to multiply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from obrii.kernels.raised import mark_low

#: Sine of a mask that is none: below that of any elevation.
_NO_MASK = -2.0

#: Which of some satellites fly where an event is meant, of their positions (3, satellite).
Over = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Degraded:
    """What one event does to links; arrays are read-only.

    cell (cell,), site (site,) bool: places whose links to satellites are touched; satellite (satellite,) bool: the
    other ends of those; laser (satellite,) bool: ends of lasers that are touched; capacity_share: part of what a link
    carries that is left; min_elevation_deg: what stands lower is out of sight; strength: 0 to 1; over, laser_over:
    which satellites are where they are meant, None where that does not matter.
    """

    cell: np.ndarray
    site: np.ndarray
    satellite: np.ndarray
    laser: np.ndarray
    capacity_share: float = 1.0
    min_elevation_deg: float = -90.0
    strength: float = 1.0
    over: Over | None = None
    laser_over: Over | None = None

    def __post_init__(self) -> None:
        for part in fields(self)[:4]:
            array = np.array(getattr(self, part.name), np.bool_)
            array.setflags(write=False)
            object.__setattr__(self, part.name, array)

    @property
    def moves(self) -> bool:
        """Whether what it touches hangs on where satellites fly."""
        return self.over is not None or self.laser_over is not None

    @property
    def share(self) -> float:
        """Part of what a link carries that is left now.

        >>> nothing = np.zeros(0)
        >>> Degraded(nothing, nothing, nothing, nothing, capacity_share=0.5, strength=0.5).share
        0.75
        """
        return 1.0 - self.strength * (1.0 - self.capacity_share)

    def at(self, strength: float, xyz_m: np.ndarray | None = None) -> Degraded:
        """The same at an instant: so strong, and with satellites at xyz_m (3, satellite), None for nowhere."""
        return replace(
            self,
            strength=strength,
            satellite=_there(self.satellite, self.over, xyz_m),
            laser=_there(self.laser, self.laser_over, xyz_m),
            over=None,
            laser_over=None,
        )

    def mask_sine(self, own_sine: np.ndarray) -> np.ndarray:
        """Sines of the masks of places that are touched, of those of their own (place,), -inf without one."""
        target_sine = np.sin(np.radians(self.min_elevation_deg))
        own_deg = np.degrees(np.arcsin(np.maximum(own_sine, -1.0)))
        now_deg = own_deg + self.strength * (self.min_elevation_deg - own_deg)
        now_sine = np.sin(np.radians(now_deg)) if self.strength < 1.0 else np.full(len(own_sine), target_sine)
        return np.where(target_sine > own_sine, np.maximum(now_sine, own_sine), own_sine)


@dataclass(frozen=True)
class Raised:
    """Masks that one event raises: sine (place,) f4, -2 where it raises none; satellite (satellite,) bool: seen over
    them."""

    sine: np.ndarray
    satellite: np.ndarray


def raised(worse: Sequence[Degraded], of: str, own_sine: np.ndarray, satellites: slice) -> tuple[Raised, ...]:
    """What events raise of the masks of an operator's places, nothing of those that raise none.

    of: "cell" or "site"; own_sine (place,) f8: sines of their own masks; satellites: where the operator's stand on the
    axis of all.
    """
    found = []
    for each in worse:
        touched, satellite = getattr(each, of), each.satellite[satellites]
        sine = np.where(touched, each.mask_sine(own_sine), own_sine)
        higher = sine > own_sine
        if satellite.any() and higher.any():
            found.append(Raised(np.where(higher, sine, _NO_MASK).astype(np.float32), satellite))
    return tuple(found)


def below(masks: Sequence[Raised], ptr: np.ndarray, satellite: np.ndarray, sin_elevation: np.ndarray) -> np.ndarray:
    """Which sight lines stand below any of some masks, (sight,) bool.

    ptr (time, place + 1): those of each place; satellite, sin_elevation (sight,).
    """
    low = np.zeros(len(satellite), np.bool_)
    lowest, touched = (np.stack([getattr(mask, name) for mask in masks]) for name in ("sine", "satellite"))
    for array in (lowest, touched):
        array.setflags(write=False)
    mark_low(ptr, satellite, sin_elevation, lowest, touched, low)
    return low


def link_share(worse: Sequence[Degraded], of: str, place: np.ndarray, satellite: np.ndarray) -> np.ndarray:
    """Part that is left of what links carry, from a place to a satellite of all, (link,) each: (link,) f8."""
    share = np.ones(len(place))
    for each in worse:
        touched = getattr(each, of)[place] & each.satellite[satellite]
        share = np.where(touched, np.minimum(share, each.share), share)
    return share


def laser_share(worse: Sequence[Degraded], satellites: slice) -> np.ndarray:
    """Part that is left of what the lasers of some satellites carry, (satellite,) f8."""
    share = np.ones(satellites.stop - satellites.start)
    for each in worse:
        share = np.where(each.laser[satellites], np.minimum(share, each.share), share)
    return share


def _there(satellite: np.ndarray, over: Over | None, xyz_m: np.ndarray | None) -> np.ndarray:
    if over is None:
        return satellite
    members = np.flatnonzero(satellite)
    there = np.zeros(len(satellite), np.bool_)
    if xyz_m is not None:
        there[members] = over(xyz_m[:, members])
    return there
