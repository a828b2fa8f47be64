"""What comes into service: what is planned, and where an operator is granted a licence."""

from __future__ import annotations

import numpy as np

from obrii.errors import ScenarioError
from obrii.network.changes import Change
from obrii.scenario import target_cells
from obrii.scenario.events import ground
from obrii.scenario.stage import Stage
from obrii.scenario.target import Target


def add(target: Target, stage: Stage) -> Change:
    """What is planned comes into service: sites by name or country, all that an operator plans, groups, lasers.

    Groups of terminals come only where they are named, so that one operator may come with few terminals or with many;
    with deliver_per_day so many of each group come into the field a day, until all of them have.
    """
    naming = set(target.keys) - {"deliver_per_day"}
    if not naming:
        raise ScenarioError(
            f"{target.where}: says nothing to add; name an operator, sites, countries, groups or lasers"
        )
    mask = ground.sites(target, stage, stage.sites.planned, "planned site") & (not naming <= {"groups", "lasers"})
    operators = np.array([operator.name for operator in stage.scenario.operator])
    planned = np.array([operator.state == "planned" for operator in stage.scenario.operator])
    core = planned & target.narrow("operator", operators) if "operator" in target.keys else np.zeros(len(planned), bool)
    present = _groups(target, stage)
    lasers = _lasers(target, stage)
    if not (mask.any() or core.any() or present.any() or lasers.any()):
        raise ScenarioError(f'{target.where}: nothing of that is planned; write state = "planned" where it stands')
    masks = {
        "satellite": np.repeat(core, np.diff(stage.first)),
        "site": mask,
        "there": mask,
        "core": np.tile(core[:, None, None], (len(present) + 1, len(stage.cells))),
        "present": present,
        "laser": lasers[stage.lasers.links.a],
        "laser_end": np.stack([lasers & stage.lasers.chooses(len(lasers))] * 2),
    }
    return Change(masks, adds=True, per_day=_per_day(target, stage))


def licence(target: Target, stage: Stage) -> Change:
    """A licence granted: an operator may serve what its `serves` leaves out; the cells there take beams as others do.

    Planned groups that are spread stand there too, and come with `add`; groups in the field stand where they would
    without it. Others around the area have no terminals there. With a ramp it comes cell by cell. A licence withdrawn
    is `service-off` over the place, which frees the beams too.
    """
    operators = target.narrow("operator", np.array([operator.name for operator in stage.scenario.operator]))
    mask = operators[:, None] & target_cells.meant(target, stage.land)
    new = mask & ~np.stack([network.licensed for network in stage.networks])
    if not new.any():
        raise ScenarioError(f"{target.where}: who is named may serve there already; name what `serves` leaves out")
    return Change({"licensed": new}, adds=True)


def _groups(target: Target, stage: Stage) -> np.ndarray:
    """Groups of terminals that a target names, (group,) bool; none where it names none."""
    groups = stage.ground.groups
    for name in target.names("groups", groups.part_of.tolist()) or []:
        if name not in groups.part_of[groups.planned]:
            raise ScenarioError(
                f"{target.where}: groups: '{name}' is in the field already; write state = \"planned\" where it stands"
            )
    return target.narrow("groups", groups.part_of) & ("groups" in target.keys)


def _lasers(target: Target, stage: Stage) -> np.ndarray:
    """Satellites whose planned lasers a target switches on, (satellite,) bool."""
    if "lasers" not in target.keys:
        return np.zeros(len(stage.constellation), bool)
    known = [operator.name for operator in stage.scenario.operator if operator.laser_state == "planned"]
    names = target.names("lasers", [operator.name for operator in stage.scenario.operator]) or []
    for name in names:
        if name not in known:
            raise ScenarioError(
                f"{target.where}: lasers: those of '{name}' are not planned; write laser_state = \"planned\""
            )
    return np.isin(stage.constellation.operator, names)


def _per_day(target: Target, stage: Stage) -> np.ndarray | None:
    """Share of each group that is delivered a day, (group,) f8; None where all come at once."""
    rate = target.number("deliver_per_day")
    if rate is None:
        return None
    if "groups" not in target.keys:
        raise ScenarioError(f"{target.where}: deliver_per_day is of terminals; name groups")
    groups = stage.ground.groups
    of_group = groups.count.sum(axis=1)
    # The parts of a group come at the same pace.
    whole = np.array([of_group[groups.part_of == name].sum() for name in groups.part_of.tolist()])
    return np.divide(rate, whole, out=np.ones(len(whole)), where=whole > 0)
