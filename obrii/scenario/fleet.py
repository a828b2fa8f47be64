"""What an operator flies: satellites from shells, presets or catalogue files, and their lasers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from obrii.errors import ModelError
from obrii.links.pointing import LaserLinks
from obrii.orbits import catalog, fetch, propagation, shells
from obrii.orbits.duty import OPERATIONAL, duties
from obrii.orbits.elements import Constellation, join
from obrii.scenario import presets
from obrii.scenario.fields import utc64
from obrii.scenario.lasers import Pointed, catalogue_lasers, shell_lasers
from obrii.scenario.parts import Operator, Shell
from obrii.timegrid import TimeGrid, instant

#: What begins the name of a catalogue that `obrii fetch` keeps.
CELESTRAK = "celestrak:"


@dataclass(frozen=True)
class Fleet:
    """Satellites of one operator, what propagates them, and their lasers.

    has_lasers: whether any of them has one, with or without a partner; generation (satellite,) str, empty where there
    is none; notices: what to know of the file they come from.
    """

    constellation: Constellation
    propagator: propagation.Propagator
    lasers: LaserLinks
    has_lasers: bool
    generation: np.ndarray
    notices: tuple[str, ...]


def fleet(operator: Operator, folder: Path, grid: TimeGrid) -> Fleet:
    """The satellites of an operator over a run.

    folder: where its files are; grid: a shell without an epoch starts at the start of the run.
    Raises ScenarioError for a constellation that is not there, DataError for a malformed file, ModelError for one whose
    epoch is far from the run or whose satellites have no orbit in it.
    """
    satellites, pointed, said = _satellites(operator, folder, grid)
    propagator = propagation.propagator(satellites.elements)
    _refuse_decayed(satellites, propagator, grid)
    return Fleet(
        satellites,
        propagator,
        pointed.links,
        pointed.has_lasers,
        pointed.generation,
        tuple(f"operator '{operator.name}': {each}" for each in said),
    )


def _satellites(operator: Operator, folder: Path, grid: TimeGrid) -> tuple[Constellation, Pointed, list[str]]:
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


def _catalogue(operator: Operator, path: Path, grid: TimeGrid) -> tuple[Constellation, Pointed, list[str]]:
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
    return satellites, catalogue_lasers(operator, found_duty.shells, satellites, index), said


def _idle(state: np.ndarray, flies: np.ndarray) -> list[str]:
    """What to say of satellites of a file that are not in service: raising, lowering, or for telephones alone."""
    kinds, counts = np.unique(state[~flies], return_counts=True)
    if not len(kinds):
        return []
    listed = ", ".join(f"{count} {kind}" for kind, count in zip(kinds, counts, strict=True))
    return [
        f'{int(flies.sum())} of {len(state)} satellites are in service; left out as {listed} (fly = "all" keeps them)'
    ]


def _shells(operator: Operator, parts: list[Shell], grid: TimeGrid) -> tuple[Constellation, Pointed, list[str]]:
    laid, fleets = [], []
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
        laid.append(shell)
    satellites = join(fleets)
    return satellites, shell_lasers(operator, parts, laid, satellites), []


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
