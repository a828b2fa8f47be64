"""Laser links between satellites: who points at whom, and how long the ray is.

A pattern over planes and slots is fixed for the life of a shell; a link is out while its ray passes too low or is too
long. The ray clears the ground by 80 km over a round Earth of 6371 km: 73 km above the ellipsoid at the equator and
94 km at the poles. `links.nearest` has links that are chosen anew at every instant.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from obrii.constants import EARTH_MEAN_RADIUS_M, LASER_CLEARANCE_M, TWO_PI
from obrii.errors import ScenarioError, nearest
from obrii.kernels.laser import laser_ranges
from obrii.orbits.shells import NODES_OVER_DEG, PHASING, Shell, constellation

#: Word for the seam shift that continues a shell's own phasing around the Earth.
NATURAL = "natural"

#: Slots ahead in a plane up to which a satellite looks for a partner. Assumption: it bridges one empty slot.
REACH_SLOTS = 2


@dataclass(frozen=True)
class Links:
    """Laser links, each once and in ascending order of (a, b); arrays are read-only.

    a, b (laser,) i4: satellites of the shell, a < b; cross_plane (laser,) bool: they fly in different planes.
    """

    a: np.ndarray
    b: np.ndarray
    cross_plane: np.ndarray

    def __post_init__(self) -> None:
        for field, dtype in (("a", np.int32), ("b", np.int32), ("cross_plane", np.bool_)):
            array = np.ascontiguousarray(getattr(self, field), dtype)
            array.setflags(write=False)
            object.__setattr__(self, field, array)

    def __len__(self) -> int:
        return len(self.a)

    def lit(self, on: np.ndarray) -> np.ndarray:
        """Links both of whose ends have their lasers on, (laser,) bool.

        on (2, satellite) bool: the lasers of each satellite within its plane, and those to other planes.

        >>> Links([0, 1], [1, 2], [False, True]).lit(np.array([[True, True, True], [True, False, True]])).tolist()
        [True, False]
        """
        within, across = on
        return np.where(self.cross_plane, across[self.a] & across[self.b], within[self.a] & within[self.b])

    def take(self, index: np.ndarray | slice) -> Links:
        """Some of the links, by index or mask."""
        return Links(self.a[index], self.b[index], self.cross_plane[index])


def laser_links(shell: Shell, pattern: str, seam_shift: int | str = 0) -> Links:
    """The links of a shell in one of `PATTERNS`.

    seam_shift: slots by which the links from the last plane to plane 0 lead, or "natural" for `natural_seam_shift`;
    a star shell has no such links. Satellites that `filled` places between slots have no lasers; for empty slots see
    `lattice_links`. Raises ScenarioError.

    >>> links = laser_links(Shell("s", 72, 22, 53.0, 550e3), "plus-grid")
    >>> len(links), int(links.cross_plane.sum())
    (3168, 1584)
    """
    slots = shell.satellites_per_plane
    if shell.filled is None:
        plane, slot = np.divmod(np.arange(shell.slots), slots)
    else:
        satellites = constellation(shell, shell.name, np.datetime64("2000-01-01"))
        plane, slot = satellites.plane, satellites.slot
    star = shell.pattern == "star"
    _check(f"shell '{shell.name}'", pattern, seam_shift, star)
    shift = natural_seam_shift(shell) if seam_shift == NATURAL else int(seam_shift)
    phase_slots = PHASING[shell.phasing](shell, np.arange(shell.planes)) * slots / 360.0
    lattice = _Lattice(
        _places(plane, slot, shell.planes, slots),
        _leads(phase_slots, slots, NODES_OVER_DEG[shell.pattern], shell.inclination_deg),
        star,
        shift,
    )
    return _links(lattice, pattern, plane)


def lattice_links(
    plane: np.ndarray,
    slot: np.ndarray,
    planes: int,
    slots: int,
    pattern: str,
    phase_factor: int = 0,
    star: bool = False,
    seam_shift: int | str = NATURAL,
    reach_slots: int = REACH_SLOTS,
    inclination_deg: float = 90.0,
    phase_slots: np.ndarray | None = None,
    name: str = "lattice",
) -> Links:
    """The links of satellites in some slots of a lattice, in one of `PATTERNS`; of a full one, those of its shell.

    plane, slot (satellite,) i4: a satellite outside 0 to planes or slots has no lasers, and of two in one place only
    the first has; planes, slots: of the whole lattice. Where the next slot of a plane is empty, the link goes to the
    next satellite ahead, at most reach_slots away; where the partner in the next plane is missing, there is none.
    phase_factor: Walker's F; seam_shift: as `laser_links` takes it. For "nearest-grid" alone: inclination_deg, where
    90 compares arguments of latitude alone; phase_slots (plane,) f8, argument of latitude of slot 0 of every plane
    [slot], where Walker's F does not tell. name: for messages. Raises ScenarioError.

    >>> links = lattice_links(np.zeros(3), np.array([0, 1, 3]), 1, 6, "ring")
    >>> links.a.tolist(), links.b.tolist()
    ([0, 1], [1, 2])
    """
    _check(name, pattern, seam_shift, star)
    plane, slot = (np.asarray(number, np.int64) for number in (plane, slot))
    phase = phase_factor * np.arange(planes) / planes if phase_slots is None else np.asarray(phase_slots, float)
    lattice = _Lattice(
        _places(plane, slot, planes, slots),
        _leads(phase, slots, NODES_OVER_DEG["star" if star else "delta"], inclination_deg),
        star,
        phase_factor % slots if seam_shift == NATURAL else int(seam_shift),
        reach_slots,
    )
    return _links(lattice, pattern, plane)


def acquired(range_now_m: np.ndarray, range_before_m: np.ndarray) -> np.ndarray:
    """Ranges of the links that have had their time to acquire, NaN elsewhere, (time, laser) f4 [m].

    range_now_m, range_before_m (time, laser) [m]: of the same links at each instant and at an instant as much earlier
    as acquiring takes, NaN where a link is not there. What was there at both is taken to have been there between.

    >>> acquired(np.array([[1e6, 2e6]]), np.array([[np.nan, 3e6]])).tolist()
    [[nan, 2000000.0]]
    """
    return np.where(np.isnan(range_before_m), np.nan, range_now_m).astype(np.float32)


def natural_seam_shift(shell: Shell) -> int:
    """Slots by which the seam must lead so that it looks like every other pair of planes.

    A plane more would stand where plane 0 stands, and its slot s at 360 (s + F) / S degrees: on slot s + F of plane 0.
    Half-odd phasing gains nothing over an even number of planes, and half a slot, which no shift repairs, over an odd.

    >>> natural_seam_shift(Shell("s", 72, 22, 53.0, 550e3, phase_factor=25))
    3
    """
    return shell.phase_factor % shell.satellites_per_plane


def ranges(
    links: Links,
    positions: np.ndarray,
    max_range_m: float = math.inf,
    clearance_m: float = LASER_CLEARANCE_M,
    earth_radius_m: float = EARTH_MEAN_RADIUS_M,
) -> np.ndarray:
    """Range of every link at every instant [m], NaN where the ray is blocked or too long: (time, laser) f4.

    positions: (time, 3, satellite) [m], taken as f4; max_range_m: of the laser itself; clearance_m: of the ray over a
    round Earth of earth_radius_m.

    >>> pair = np.array([[[6921e3, 6921e3], [-1e6, 1e6], [0.0, 0.0]]])
    >>> ranges(Links([0], [1], [False]), pair).tolist()
    [[2000000.0]]
    """
    xyz = np.ascontiguousarray(positions, np.float32)
    out = np.empty((len(xyz), len(links)), np.float32)
    for step, row in zip(xyz, out, strict=True):
        laser_ranges(step, links.a, links.b, float(earth_radius_m + clearance_m), float(max_range_m), row)
    return out


def longest_clear_m(
    altitude_m: float, clearance_m: float = LASER_CLEARANCE_M, earth_radius_m: float = EARTH_MEAN_RADIUS_M
) -> float:
    """Longest link between two satellites of one height whose ray clears the air, over a round Earth [m].

    >>> round(longest_clear_m(550e3) / 1e3, 1)
    5013.9
    """
    return 2.0 * math.sqrt((earth_radius_m + altitude_m) ** 2 - (earth_radius_m + clearance_m) ** 2)


@dataclass(frozen=True)
class _Lattice:
    """Who is where on a lattice, and how its planes meet.

    satellite (plane, slot) i8: -1 where none; lead_slots (plane,) f8: by how much a slot of the next plane flies ahead
    of the same slot of this one; star: no links over the seam; seam_slots: lead in slots over the seam; reach_slots.
    """

    satellite: np.ndarray
    lead_slots: np.ndarray
    star: bool
    seam_slots: int
    reach_slots: int = REACH_SLOTS


def _check(where: str, pattern: str, seam_shift: int | str, star: bool) -> None:
    if pattern not in PATTERNS:
        known = ", ".join(PATTERNS)
        raise ScenarioError(
            f"{where}: lasers is {pattern!r}; it must be one of {known}{nearest(str(pattern), PATTERNS)}"
        )
    if seam_shift == NATURAL:
        return
    if isinstance(seam_shift, bool) or not isinstance(seam_shift, (int, np.integer)):
        raise ScenarioError(f"{where}: seam_shift is {seam_shift!r}; it must be a whole number or '{NATURAL}'")
    if seam_shift and star:
        raise ScenarioError(f"{where}: seam_shift is {seam_shift}; a star has no links over its seam: 0")
    if seam_shift and pattern == "nearest-grid":
        raise ScenarioError(f"{where}: seam_shift is {seam_shift}; lasers 'nearest-grid' find their own: '{NATURAL}'")


def _places(plane: np.ndarray, slot: np.ndarray, planes: int, slots: int) -> np.ndarray:
    """Satellite at every (plane, slot), -1 where none."""
    satellite = np.full((planes, slots), -1)
    # Backwards, so that the first of two in one place is written last.
    inside = np.flatnonzero((plane >= 0) & (plane < planes) & (slot >= 0) & (slot < slots))[::-1]
    satellite[plane[inside], slot[inside]] = inside
    return satellite


def _leads(phase_slots: np.ndarray, slots: int, nodes_over_deg: float, inclination_deg: float) -> np.ndarray:
    """By how many slots the next plane flies ahead of every plane, (plane,).

    Two circles of one inclination i, with nodes W apart, are nearest on average over a revolution, in the mean of the
    squared distance, where the lead in argument of latitude is -2 atan(cos i tan(W / 2)): counted from there.
    """
    step_rad = math.radians(nodes_over_deg) / len(phase_slots)
    east_rad = 2.0 * math.atan2(
        math.cos(math.radians(inclination_deg)) * math.sin(step_rad / 2), math.cos(step_rad / 2)
    )
    return np.roll(phase_slots, -1) - phase_slots + east_rad * slots / TWO_PI


def _links(lattice: _Lattice, pattern: str, plane: np.ndarray) -> Links:
    """Links of a pattern, each once, without those that lack an end or meet themselves."""
    ends = np.sort(PATTERNS[pattern](lattice), axis=0)
    a, b = np.unique(ends[:, (ends[0] >= 0) & (ends[0] != ends[1])], axis=1)
    return Links(a, b, plane[a] != plane[b])


def _ahead(lattice: _Lattice) -> np.ndarray:
    """Ends of the links to the next satellite ahead in the plane, (2, laser); -1 where none is in reach."""
    here = lattice.satellite
    ahead = np.full_like(here, -1)
    for slots in range(lattice.reach_slots, 0, -1):
        there = np.roll(here, -slots, axis=1)
        ahead = np.where(there >= 0, there, ahead)
    return np.stack([here.ravel(), ahead.ravel()])


def _beside(lattice: _Lattice, offset_slots: np.ndarray) -> np.ndarray:
    """Ends of the links to a slot of the next plane, (2, plane, slot); -1 where a slot is empty.

    offset_slots (plane,): slot there less slot here. The last plane of a delta meets plane 0. In a star they fly
    against each other: no link there, while the last plane keeps its links ahead.
    """
    here = lattice.satellite
    planes, slots = here.shape
    plane = np.arange(planes - 1 if lattice.star or planes == 1 else planes)[:, None]
    there = here[(plane + 1) % planes, (np.arange(slots) + offset_slots[plane]) % slots]
    return np.stack([here[: len(plane)], there])


def _equal_slots(lattice: _Lattice, seam_slots: int) -> np.ndarray:
    """Offsets of `_beside` that keep the slot, but over the seam."""
    offset_slots = np.zeros(len(lattice.satellite), np.int64)
    offset_slots[-1] = seam_slots
    return offset_slots


def _none(lattice: _Lattice) -> np.ndarray:
    return np.empty((2, 0), np.int64)


def _plus_grid(lattice: _Lattice) -> np.ndarray:
    """The ring, and the same slot of the next plane and of the one before."""
    beside = _beside(lattice, _equal_slots(lattice, lattice.seam_slots))
    return np.concatenate([_ahead(lattice), beside.reshape(2, -1)], axis=1)


def _nearest_grid(lattice: _Lattice) -> np.ndarray:
    """The ring, and the slots of the next plane and of the one before that fly nearest.

    Of two as near, the one whose number is nearer.
    """
    lead_slots = lattice.lead_slots
    offset_slots = -(np.sign(lead_slots) * np.ceil(np.abs(lead_slots) - 0.5)).astype(np.int64)
    return np.concatenate([_ahead(lattice), _beside(lattice, offset_slots).reshape(2, -1)], axis=1)


def _three(lattice: _Lattice) -> np.ndarray:
    """The ring, and one satellite of the plane beside: in turn along each plane, in the next and in the one before.

    Where plane + slot is even, the same slot of the next plane, which so points back. Around the Earth the turns may
    not meet: over the seam a partner that has its link already is left for the one a slot behind it. Satellites still
    alone then take a plus-grid partner that is alone too, so that wherever one is left over, its partners have three.
    """
    planes, slots = lattice.satellite.shape
    plane, slot = np.indices((planes, slots))
    even, inner = (plane + slot) % 2 == 0, plane < planes - 1
    same, behind = (_beside(lattice, _equal_slots(lattice, lattice.seam_slots - back)) for back in (0, 1))
    alone = np.ones(lattice.satellite.max() + 1, np.bool_)
    found = [_ahead(lattice)]
    # No satellite stands twice in one of these turns.
    for beside, turn in (
        (same, inner & even),
        (same, ~inner & even),
        (behind, ~inner & even),
        (same, inner & ~even),
        (same, ~inner),
    ):
        ends = beside[:, turn[: beside.shape[1]]]
        ends = ends[:, (ends >= 0).all(axis=0)]
        ends = ends[:, alone[ends].all(axis=0)]
        alone[ends] = False
        found.append(ends)
    return np.concatenate(found, axis=1)


#: Ways to point the lasers of a lattice for good: from the lattice to the ends of the links, (2, laser).
PATTERNS: dict[str, Callable[[_Lattice], np.ndarray]] = {
    "none": _none,
    "ring": _ahead,
    "three": _three,
    "plus-grid": _plus_grid,
    "nearest-grid": _nearest_grid,
}
