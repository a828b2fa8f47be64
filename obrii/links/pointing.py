"""Lasers of many shells and operators on one axis: who points at whom, and which of those links are there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from obrii.kernels.laser import grant_in_order
from obrii.links.lasers import Links, ranges


@dataclass(frozen=True)
class LaserLinks:
    """Lasers of many shells on one axis.

    links: which satellites; max_range_m (laser,) f8, inf where only the Earth limits; clearance_m (laser,) f8, of the
    lowest ray over a round Earth.
    """

    links: Links
    max_range_m: np.ndarray
    clearance_m: np.ndarray

    def __len__(self) -> int:
        return len(self.links)

    def ranges(self, xyz_m: np.ndarray) -> np.ndarray:
        """Range of every laser [m], NaN where the Earth or its own reach forbids it, (time, laser) f4.

        xyz_m: (time, 3, satellite) f4, Earth-fixed.
        """
        range_m = np.empty((len(xyz_m), len(self)), np.float32)
        for clearance_m, alike, links in self._by_clearance:
            range_m[:, alike] = ranges(links, xyz_m, clearance_m=clearance_m)
        return np.where(range_m <= self.max_range_m, range_m, np.float32(np.nan))

    @cached_property
    def _by_clearance(self) -> list[tuple[float, slice | np.ndarray, Links]]:
        """Each lowest ray, the lasers that have it, and their links."""
        lowest_m = np.unique(self.clearance_m).tolist()
        if len(lowest_m) == 1:
            return [(lowest_m[0], slice(None), self.links)]
        alike = [self.clearance_m == clearance_m for clearance_m in lowest_m]
        return [(lowest_m[k], mask, self.links.take(mask)) for k, mask in enumerate(alike)]

    def shifted(self, first: int) -> LaserLinks:
        """The same lasers of satellites that stand further along a longer axis."""
        links = Links(self.links.a + first, self.links.b + first, self.links.cross_plane)
        return LaserLinks(links, self.max_range_m, self.clearance_m)


def laser_links_of(links: Links, max_range_m: float | None, clearance_m: float) -> LaserLinks:
    """Lasers of one reach, None where only the Earth limits, and one lowest ray."""
    reach_m = np.inf if max_range_m is None else max_range_m
    return LaserLinks(links, np.full(len(links), reach_m), np.full(len(links), clearance_m))


def limited(links: Links, terminals: np.ndarray, plane: np.ndarray, slot: np.ndarray) -> Links:
    """The links of a fixed pattern that are left where satellites have fewer lasers than it asks for.

    terminals (satellite,): lasers of each; plane, slot (satellite,): where they fly. Links within planes go first, then
    those across from every second place of the lattice, then the others, each in the order of the satellites
    [assumption: as the pattern of three lasers has it]. What is refused frees no partner for another link.

    >>> ring = Links([0, 0, 1, 2], [1, 3, 2, 3], [False] * 4)
    >>> limited(ring, np.array([2, 2, 0, 1]), np.zeros(4), np.arange(4)).b.tolist()
    [1, 3]
    """
    a, b, cross = links.a, links.b, links.cross_plane
    asked = np.bincount(np.concatenate([a, b]), minlength=len(terminals))
    if (asked <= terminals).all():
        return links
    odd = (plane[a] + slot[a]) % 2
    order = np.lexsort((b, a, odd, cross))
    most = int(terminals.max())
    used = (most - terminals).astype(np.int32)
    granted = np.empty(len(links), np.bool_)
    grant_in_order(a[order], b[order], most, used, granted)
    return links.take(np.sort(order[granted]))


def join_lasers(parts: list[LaserLinks]) -> LaserLinks:
    """Lasers of several shells or operators, in order.

    >>> part = laser_links_of(Links([0], [1], [False]), None, 80e3)
    >>> join_lasers([part, part.shifted(2)]).links.b.tolist()
    [1, 3]
    """
    none = np.zeros(0, np.int32)
    parts = [laser_links_of(Links(none, none, np.zeros(0, np.bool_)), None, 0.0), *parts]
    fields = ("a", "b", "cross_plane")
    return LaserLinks(
        Links(*(np.concatenate([getattr(part.links, field) for part in parts]) for field in fields)),
        np.concatenate([part.max_range_m for part in parts]),
        np.concatenate([part.clearance_m for part in parts]),
    )
