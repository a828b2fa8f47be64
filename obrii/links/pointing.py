"""Lasers of many shells and operators on one axis: who points at whom, and which of those links are there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from obrii.kernels.laser import grant_in_order
from obrii.links.lasers import Links, ranges
from obrii.links.nearest import nearest_links

#: No lasers at all.
NO_LINKS = Links(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.bool_))


@dataclass(frozen=True)
class Chosen:
    """Satellites that point their lasers at the nearest of each other, anew at every instant.

    satellite (k,) i8: which of all, ascending; terminals (k,) i4: lasers of each; plane (k,) i8: links within one are
    not cross-plane, -1 where it is not known; max_range_m, inf where only the Earth limits; clearance_m: lowest ray.
    """

    satellite: np.ndarray
    terminals: np.ndarray
    plane: np.ndarray
    max_range_m: float
    clearance_m: float

    def at(self, xyz_m: np.ndarray) -> tuple[Links, np.ndarray]:
        """Links of a block of instants, and their ranges as `nearest_links` gives them."""
        links, range_m = nearest_links(
            xyz_m[:, :, self.satellite], self.terminals, self.max_range_m, self.clearance_m, plane=self.plane
        )
        return Links(self.satellite[links.a], self.satellite[links.b], links.cross_plane), range_m


@dataclass(frozen=True)
class LaserLinks:
    """Lasers of many shells on one axis.

    links: those of fixed patterns; max_range_m (laser,) f8, inf where only the Earth limits; clearance_m (laser,) f8,
    of the lowest ray over a round Earth; chosen: satellites that choose anew.
    """

    links: Links
    max_range_m: np.ndarray
    clearance_m: np.ndarray
    chosen: tuple[Chosen, ...] = ()

    def at(self, xyz_m: np.ndarray) -> tuple[Links, np.ndarray]:
        """All links of a block of instants, and their ranges [m], NaN where one is not there, (time, laser) f4.

        xyz_m: (time, 3, satellite) f4, Earth-fixed. Links are fixed ones, then those chosen at any instant of the
        block; which are there at an instant, and how long they are, does not depend on the others of the block.
        """
        parts = [(self.links, self._fixed_m(xyz_m)), *(each.at(xyz_m) for each in self.chosen)]
        if len(parts) == 1:
            return parts[0]
        return joined([links for links, _ in parts]), np.concatenate([range_m for _, range_m in parts], axis=1)

    def chooses(self, satellites: int) -> np.ndarray:
        """Which of so many satellites have lasers that choose, (satellite,) bool."""
        chooses = np.zeros(satellites, np.bool_)
        for each in self.chosen:
            chooses[each.satellite[each.terminals > 0]] = True
        return chooses

    def shifted(self, first: int) -> LaserLinks:
        """The same lasers of satellites that stand further along a longer axis."""
        links = Links(self.links.a + first, self.links.b + first, self.links.cross_plane)
        chosen = tuple(replace(each, satellite=each.satellite + first) for each in self.chosen)
        return LaserLinks(links, self.max_range_m, self.clearance_m, chosen)

    def _fixed_m(self, xyz_m: np.ndarray) -> np.ndarray:
        """Ranges of the fixed links."""
        range_m = np.empty((len(xyz_m), len(self.links)), np.float32)
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


def laser_links_of(links: Links, max_range_m: float | None, clearance_m: float) -> LaserLinks:
    """Lasers of one reach, None where only the Earth limits, and one lowest ray."""
    reach_m = np.inf if max_range_m is None else max_range_m
    return LaserLinks(links, np.full(len(links), reach_m), np.full(len(links), clearance_m))


def on_axis(links: Links, others: Links, range_m: np.ndarray) -> np.ndarray:
    """Ranges of some links, (time, laser), put where the same satellites are joined on another axis, NaN elsewhere.

    >>> on_axis(Links([0, 1], [1, 2], [False] * 2), Links([1, 4], [2, 5], [False] * 2), np.array([[2.0, 3.0]])).tolist()
    [[nan, 2.0]]
    """
    if links is others:
        return range_m
    wanted, had = (each.a.astype(np.int64) << 32 | each.b for each in (links, others))
    order = np.argsort(had)
    place = np.searchsorted(had, wanted, sorter=order)
    index = np.append(order, -1)[place]
    found = (index >= 0) & (np.append(had, -1)[index] == wanted)
    out = np.full((len(range_m), len(links)), np.nan, range_m.dtype)
    out[:, found] = range_m[:, index[found]]
    return out


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
    parts = [laser_links_of(NO_LINKS, None, 0.0), *parts]
    return LaserLinks(
        joined([part.links for part in parts]),
        np.concatenate([part.max_range_m for part in parts]),
        np.concatenate([part.clearance_m for part in parts]),
        tuple(each for part in parts for each in part.chosen),
    )


def joined(parts: list[Links]) -> Links:
    """Links on one axis, in order."""
    return Links(*(np.concatenate([getattr(part, field) for part in parts]) for field in ("a", "b", "cross_plane")))
