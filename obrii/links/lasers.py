"""Laser links between the satellites of a shell: who points at whom, and how long the ray is.

A pattern is fixed for the life of a shell; a link is out while its ray passes too low or is too long. The ray clears
the ground by 80 km over a round Earth of 6371 km: 73 km above the ellipsoid at the equator and 94 km at the poles.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from obrii.constants import EARTH_MEAN_RADIUS_M, LASER_CLEARANCE_M
from obrii.errors import ScenarioError, nearest
from obrii.kernels.laser import laser_ranges
from obrii.orbits.shells import Shell

#: Word for the seam shift that continues a shell's own phasing around the Earth.
NATURAL = "natural"


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


def laser_links(shell: Shell, pattern: str, seam_shift: int | str = 0) -> Links:
    """The links of a shell in one of `PATTERNS`.

    seam_shift: slots by which the links from the last plane to plane 0 lead, or "natural" for `natural_seam_shift`;
    a star shell has no such links. A shell with `filled` takes the pattern "none" alone. Raises ScenarioError.

    >>> links = laser_links(Shell("s", 72, 22, 53.0, 550e3), "plus-grid")
    >>> len(links), int(links.cross_plane.sum())
    (3168, 1584)
    """
    if pattern not in PATTERNS:
        known = ", ".join(PATTERNS)
        raise ScenarioError(
            f"shell '{shell.name}': lasers is {pattern!r}; it must be one of {known}{nearest(str(pattern), PATTERNS)}"
        )
    if shell.filled is not None and pattern != "none":
        raise ScenarioError(
            f"shell '{shell.name}': lasers is '{pattern}'; it must be none, for a pattern needs every slot filled and "
            f"this shell says which are"
        )
    ends = np.sort(PATTERNS[pattern](shell, _seam_slots(shell, seam_shift)), axis=0)
    a, b = np.unique(ends[:, ends[0] != ends[1]], axis=1)
    return Links(a, b, a // shell.satellites_per_plane != b // shell.satellites_per_plane)


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


def _seam_slots(shell: Shell, seam_shift: int | str) -> int:
    if seam_shift == NATURAL:
        return natural_seam_shift(shell)
    if isinstance(seam_shift, bool) or not isinstance(seam_shift, (int, np.integer)):
        raise ScenarioError(
            f"shell '{shell.name}': seam_shift is {seam_shift!r}; it must be a whole number or '{NATURAL}'"
        )
    if seam_shift and shell.pattern == "star":
        raise ScenarioError(f"shell '{shell.name}': seam_shift is {seam_shift}; a star has no links over its seam: 0")
    return int(seam_shift)


def _none(shell: Shell, seam_shift: int) -> np.ndarray:
    return np.empty((2, 0), np.int64)


def _plus_grid(shell: Shell, seam_shift: int) -> np.ndarray:
    """Ends of the links to the satellite ahead and to the same slot of the next plane, as (2, laser).

    The last plane of a delta shell meets plane 0, shifted. In a star they fly against each other: no link there,
    while the last plane keeps its links ahead. A lone satellite or plane meets itself, which the caller drops.
    """
    planes, slots = shell.planes, shell.satellites_per_plane
    satellite = np.arange(len(shell))
    plane, slot = np.divmod(satellite, slots)
    ahead = plane * slots + (slot + 1) % slots
    beside = (plane + 1) % planes * slots + (slot + seam_shift * (plane == planes - 1)) % slots
    across = np.full(len(shell), planes > 1) if shell.pattern == "delta" else plane < planes - 1
    return np.concatenate([[satellite, ahead], [satellite[across], beside[across]]], axis=1)


#: Ways to point the lasers of a shell: from (shell, seam shift) to the ends of the links, (2, laser).
PATTERNS: dict[str, Callable[[Shell, int], np.ndarray]] = {"none": _none, "plus-grid": _plus_grid}
