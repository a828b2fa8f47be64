"""What an operator flies: satellites from shells, presets or catalogue files, and their lasers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from obrii.constants import LASER_CLEARANCE_M, TWO_PI
from obrii.errors import ModelError
from obrii.links import lasers
from obrii.links.pointing import LaserLinks, join_lasers, laser_links_of
from obrii.orbits import catalog, fetch, propagation, shells
from obrii.orbits.duty import OPERATIONAL, duties
from obrii.orbits.elements import Constellation, join
from obrii.orbits.lattices import DELTA, FoundShell
from obrii.scenario import presets
from obrii.scenario.fields import utc64
from obrii.scenario.parts import Lasers, Operator, Shell
from obrii.timegrid import TimeGrid, instant

#: Patterns that ask for no common phase of the planes.
_WITHOUT_PHASE = ("none", "ring", "nearest-grid")

#: What begins the name of a catalogue that `obrii fetch` keeps.
CELESTRAK = "celestrak:"


@dataclass(frozen=True)
class Fleet:
    """Satellites of one operator, what propagates them, their lasers, and what to know of the file they come from."""

    constellation: Constellation
    propagator: propagation.Propagator
    lasers: LaserLinks
    notices: tuple[str, ...]


def fleet(operator: Operator, folder: Path, grid: TimeGrid) -> Fleet:
    """The satellites of an operator over a run.

    folder: where its files are; grid: a shell without an epoch starts at the start of the run.
    Raises ScenarioError for a constellation that is not there, DataError for a malformed file, ModelError for one whose
    epoch is far from the run or whose satellites have no orbit in it.
    """
    satellites, links, said = _satellites(operator, folder, grid)
    propagator = propagation.propagator(satellites.elements)
    _refuse_decayed(satellites, propagator, grid)
    return Fleet(satellites, propagator, links, tuple(f"operator '{operator.name}': {each}" for each in said))


def _satellites(operator: Operator, folder: Path, grid: TimeGrid) -> tuple[Constellation, LaserLinks, list[str]]:
    if operator.constellation is None:
        return _shells(operator, operator.shell, grid)
    if operator.constellation in presets.constellation_names():
        return _shells(operator, presets.constellation(operator.constellation).shell, grid)
    group = operator.constellation.removeprefix(CELESTRAK)
    cached = group != operator.constellation
    path = fetch.cached(group, fetch.default_cache()) if cached else folder / operator.constellation
    if cached or path.suffix or path.exists():
        return _catalogue(operator, path, grid)
    raise presets.unknown_constellation(operator.constellation, f"operator '{operator.name}'")


def _catalogue(operator: Operator, path: Path, grid: TimeGrid) -> tuple[Constellation, LaserLinks, list[str]]:
    found = catalog.read(path, gravity=operator.gravity)
    elements = found.elements
    notice = catalog.check_epoch(elements, grid.start, grid.end, limit_days=operator.epoch_limit_days)
    said = [found.summary] if found.left_out else []
    said += [notice] if notice else []
    # Judged when the elements were taken: carried on for weeks, a lattice blurs.
    found_duty = duties(elements, np.sort(elements.epoch)[len(elements) // 2])
    flies = (found_duty.state == OPERATIONAL) | (operator.fly == "all")
    said += _idle(found_duty.state, flies)
    names = np.array([*(shell.name for shell in found_duty.shells), ""])
    satellites = Constellation(
        elements.take(flies),
        np.full(int(flies.sum()), operator.name),
        names[found_duty.shell[flies]],
        found_duty.plane[flies],
        found_duty.slot[flies],
    )
    index = np.where(flies, np.cumsum(flies) - 1, -1)
    parts = [_found_lasers(operator, shell, index) for shell in found_duty.shells]
    return satellites, join_lasers(parts), said


def _found_lasers(operator: Operator, shell: FoundShell, index: np.ndarray) -> LaserLinks:
    """Lasers of a shell of a catalogue: between satellites in slots, where planes of as many slots keep step.

    index (satellite,): place of each satellite of the catalogue among those that fly, -1 where it does not.
    """
    pattern = operator.lasers or "none"
    where = f"operator '{operator.name}'"
    if shell.phase_factor < 0 and pattern not in _WITHOUT_PHASE:
        # Slots of planes that are phased each for itself have no partners of the same number.
        pattern = "ring" if pattern != "none" else pattern
    in_step = (shell.plane >= 0) & (shell.slots_of_plane[shell.plane] == shell.slots)
    here = index[shell.satellites]
    links = lasers.lattice_links(
        shell.plane,
        np.where(in_step & (here >= 0), shell.slot, -1),
        shell.planes,
        shell.slots,
        pattern,
        max(shell.phase_factor, 0),
        star=shell.pattern != DELTA,
        seam_shift=lasers.NATURAL if operator.seam_shift is None else operator.seam_shift,
        inclination_deg=shell.inclination_deg,
        phase_slots=shell.anomaly_rad * shell.slots / TWO_PI,
        name=where,
    )
    ends = np.sort(np.stack([here[links.a], here[links.b]]), axis=0)
    order = np.lexsort(ends[::-1])
    found = lasers.Links(ends[0, order], ends[1, order], links.cross_plane[order])
    return laser_links_of(found, operator.laser_range_m, _clearance_m(operator))


def _idle(state: np.ndarray, flies: np.ndarray) -> list[str]:
    """What to say of satellites of a file that are not in service: raising, lowering, or for telephones alone."""
    kinds, counts = np.unique(state[~flies], return_counts=True)
    if not len(kinds):
        return []
    listed = ", ".join(f"{count} {kind}" for kind, count in zip(kinds, counts, strict=True))
    return [
        f'{int(flies.sum())} of {len(state)} satellites are in service; left out as {listed} (fly = "all" keeps them)'
    ]


def _shells(operator: Operator, parts: list[Shell], grid: TimeGrid) -> tuple[Constellation, LaserLinks, list[str]]:
    fleets, links, first = [], [], 0
    for part in parts:
        shell = shells.Shell(
            name=part.name,
            planes=part.planes,
            satellites_per_plane=part.satellites_per_plane,
            inclination_deg=part.inclination_deg,
            altitude_m=part.altitude_m,
            mean_motion_rev_day=part.mean_motion_rev_day,
            pattern=part.pattern,
            phasing=part.phasing,
            phase_factor=part.phase_factor,
            first_node_deg=part.first_node_deg,
            first_anomaly_deg=part.first_anomaly_deg,
            eccentricity=part.eccentricity,
            filled=None if part.filled is None else tuple(tuple(plane) for plane in part.filled),
        )
        epoch = grid.start if part.epoch is None else utc64(part.epoch)
        fleets.append(shells.constellation(shell, operator.name, epoch, gravity=operator.gravity))
        seam = next((s for s in (part.seam_shift, operator.seam_shift) if s is not None), lasers.NATURAL)
        found = lasers.laser_links(shell, part.lasers or operator.lasers or "none", seam_shift=seam)
        reach_m = part.laser_range_m or operator.laser_range_m
        links.append(laser_links_of(found, reach_m, _clearance_m(part, operator)).shifted(first))
        first += len(fleets[-1])
    return join(fleets), join_lasers(links), []


def _clearance_m(*said: Lasers) -> float:
    """Lowest height of a ray, by the first that says one [m]."""
    return next((each.laser_clearance_m for each in said if each.laser_clearance_m is not None), LASER_CLEARANCE_M)


def _refuse_decayed(satellites: Constellation, propagator: propagation.Propagator, grid: TimeGrid) -> None:
    found = propagation.status(propagator, np.array([grid.start, grid.utc[-1]]))
    gone = np.flatnonzero(found)
    if gone.size:
        others = f" (and {gone.size - 1} more)" if gone.size > 1 else ""
        why = propagation.STATUS[int(found[gone[0]])]
        raise ModelError(
            f"operator '{satellites.operator[gone[0]]}': satellite '{satellites.elements.name[gone[0]]}'{others} has "
            f"no orbit between {instant(grid.start)} and {instant(grid.end)}: {why}; "
            f"take it out of the file or choose another time"
        )
