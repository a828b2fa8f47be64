"""What each satellite of a catalogue does: at work in its place, on its way up or down, or direct-to-cell.

Elements say where a satellite is and how drag or thrust moved it of late, not what it is for; the rules here are
guesses from the shells that the others fly. At work is who holds the height and inclination of a shell, in a slot or
between two. They cannot tell a satellite that failed in its place, nor a spare held beside its shell, which counts as
on its way; up or down is a guess too where it neither climbs nor falls fast. A catalogue of several operators misleads
them, for each satellite is compared with all near its inclination.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii.orbits.elements import Elements
from obrii.orbits.lattices import HELD_M, IRREGULAR, FoundShell, find_shells
from obrii.orbits.planes import climb_m_day
from obrii.orbits.shells import mean_altitude_m

#: What a satellite does.
OPERATIONAL, RAISING, LOWERING, DIRECT_TO_CELL = "operational", "raising", "lowering", "direct-to-cell"

#: Climb or fall from which a satellite passes through a shell [m/day]. Assumption: of those that hold their place in
#: the catalogues of 2022 to 2026 999 in 1000 move less; thrust raises others by 7 to 16 km a day.
_PASSES_M_DAY = 3000.0

#: Climb of a satellite on its way up [m/day]. Assumption: as thrust gives, and no satellite that waits.
_CLIMBS_M_DAY = 500.0

#: Direct-to-cell shells are below this height, and so far below another shell of their inclination [m]. Starlink's fly
#: at 355 to 360 km, under its shells from 460 km up (catalogue of 2026-05-30, by their names); assumption in between.
_DIRECT_TO_CELL_M, _BELOW_SHELL_M = 400e3, 50e3

#: Inclinations that belong together [deg]: of shells one above the other, and of a launch and what it is meant for.
#: Assumption: OneWeb's satellites stray by 1.2 degrees, and operators' inclinations are 9 apart.
_SAME_DEG, _MEANT_DEG = 0.25, 2.0


@dataclass(frozen=True)
class Duty:
    """What every satellite does, and its place; arrays are read-only.

    shells: found in the catalogue; state (satellite,) str, `OPERATIONAL`, `RAISING`, `LOWERING` or `DIRECT_TO_CELL`;
    shell (satellite,) i4: index into shells; plane, slot (satellite,) i4: there, no two satellites in one slot of a
    plane; each -1 where there is none, as of all on their way.
    """

    shells: tuple[FoundShell, ...]
    state: np.ndarray
    shell: np.ndarray
    plane: np.ndarray
    slot: np.ndarray

    def __post_init__(self) -> None:
        for field, dtype in (("state", np.str_), ("shell", np.int32), ("plane", np.int32), ("slot", np.int32)):
            array = np.ascontiguousarray(getattr(self, field), dtype)
            array.setflags(write=False)
            object.__setattr__(self, field, array)


def duties(elements: Elements, epoch: np.datetime64) -> Duty:
    """What every satellite of a catalogue does.

    epoch: UTC, datetime64, as `find_shells` takes it. Who holds a shell is operational, or direct-to-cell in a lattice
    far below another, unless climbing or falling by 3 km a day. Who does not is raising or lowering: above every shell
    of the inclination, lowering; else by climb or fall where that is fast; else raising if the catalogue number is
    newer than those of half the satellites at work, or there is none. Where no shell has the inclination, nothing is
    known against a satellite, and one that neither climbs nor falls is operational.

    >>> from obrii.orbits.elements import join_elements
    >>> from obrii.orbits.shells import Shell, constellation
    >>> day = np.datetime64("2026-05-30")
    >>> shells = Shell("s", 12, 8, 53.0, 550e3, phase_factor=5, first_node_deg=3.0), Shell("low", 1, 1, 53.0, 300e3)
    >>> elements = join_elements([constellation(shell, "acme", day).elements for shell in shells])
    >>> found = duties(elements, day)
    >>> found.state[-2:].tolist(), found.plane[-2:].tolist(), found.slot[-2:].tolist()
    (['operational', 'raising'], [11, -1], [7, -1])
    """
    shells = find_shells(elements, epoch)
    climb = climb_m_day(elements)
    state = np.full(len(elements), OPERATIONAL, "<U14")
    shell, plane, slot = np.full((3, len(elements)), -1)
    for k, found in enumerate(shells):
        held = abs(climb[found.satellites]) <= _PASSES_M_DAY
        here = found.satellites[held]
        shell[here], plane[here], slot[here] = k, found.plane[held], found.slot[held]
        state[here] = DIRECT_TO_CELL if _direct_to_cell(found, shells) else OPERATIONAL
    rest = np.flatnonzero(shell < 0)
    state[rest] = _on_their_way(elements.take(rest), climb[rest], shells, elements.catalogue_id)
    return Duty(shells, state, shell, plane, slot)


def operational(elements: Elements, epoch: np.datetime64) -> np.ndarray:
    """Which satellites are at work in their place, as `duties` finds: (satellite,) bool.

    >>> from obrii.orbits.shells import Shell, constellation
    >>> day = np.datetime64("2026-05-30")
    >>> operational(constellation(Shell("one", 1, 1, 53.0, 550e3), "acme", day).elements, day).tolist()
    [True]
    """
    return duties(elements, epoch).state == OPERATIONAL


def _direct_to_cell(found: FoundShell, shells: tuple[FoundShell, ...]) -> bool:
    return (
        found.pattern != IRREGULAR
        and found.altitude_m < _DIRECT_TO_CELL_M
        and any(
            abs(other.inclination_deg - found.inclination_deg) <= _SAME_DEG
            and other.altitude_m > found.altitude_m + _BELOW_SHELL_M
            for other in shells
        )
    )


def _on_their_way(
    elements: Elements, climb: np.ndarray, shells: tuple[FoundShell, ...], numbers: np.ndarray
) -> np.ndarray:
    """What satellites do that hold no shell, (satellite,) str; numbers: of the whole catalogue."""
    state = np.full(len(elements), OPERATIONAL, "<U14")
    height_m = mean_altitude_m(elements.mean_motion, elements.inclination, elements.eccentricity)
    tilt_deg = np.array([found.inclination_deg for found in shells])
    compared = abs(np.degrees(elements.inclination)[:, None] - tilt_deg) <= _MEANT_DEG
    # Satellites compared with the same shells share the highest of them, and the middle number of those at work there.
    for row in np.unique(compared, axis=0):
        beside = [found for found, one in zip(shells, row.tolist(), strict=True) if one]
        if not beside:
            continue
        here = (compared == row).all(axis=1)
        above = height_m > max(found.altitude_m for found in beside) + HELD_M
        middle = np.median(np.concatenate([numbers[found.satellites] for found in beside]))
        old = (elements.catalogue_id >= 0) & (elements.catalogue_id <= middle) & ~(climb > _CLIMBS_M_DAY)
        state[here] = np.where(above | old, LOWERING, RAISING)[here]
    state[(state == OPERATIONAL) & (climb > _PASSES_M_DAY)] = RAISING
    state[~(climb >= -_PASSES_M_DAY)] = LOWERING
    return state
