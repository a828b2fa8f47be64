"""How the lasers of an operator's satellites point, by what operator, shell and generation say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from obrii.constants import LASER_CLEARANCE_M, TWO_PI
from obrii.errors import ScenarioError, nearest
from obrii.links import lasers
from obrii.links.lasers import PATTERNS
from obrii.links.nearest import NEAREST
from obrii.links.pointing import Chosen, LaserLinks, join_lasers, laser_links_of, limited
from obrii.orbits.elements import Constellation
from obrii.orbits.lattices import DELTA, FoundShell
from obrii.orbits.shells import Shell
from obrii.scenario.generations import generations, terminals
from obrii.scenario.parts import MOST_LASERS, Lasers, Operator

#: Patterns that ask for no common phase of the planes.
_WITHOUT_PHASE = ("none", "ring", "nearest-grid")


@dataclass(frozen=True)
class Pointed:
    """The lasers of an operator's satellites.

    links; has_lasers: whether any satellite has one, with or without a partner; generation (satellite,) str.
    """

    links: LaserLinks
    has_lasers: bool
    generation: np.ndarray


@dataclass(frozen=True)
class _Rule:
    """What holds for the lasers of some satellites: of the first that says it, or of nobody."""

    pattern: str
    seam_shift: int | str
    max_range_m: float | None
    clearance_m: float
    terminals: int


def shell_lasers(
    operator: Operator, said: Sequence[Lasers], shells: Sequence[Shell], satellites: Constellation
) -> Pointed:
    """Lasers of shells laid out by rule.

    said: what each shell says of its lasers; satellites: of all shells, in order.
    Raises ScenarioError for a pattern that is not there, and what `generations` refuses.
    """
    rules = [_rule(each, operator) for each in said]
    for each, shell, rule in zip(said, shells, rules, strict=True):
        _check(f"operator '{operator.name}': shell '{shell.name}'", each, rule)
    counts = [len(shell) for shell in shells]
    generation = generations(operator, satellites)
    has = terminals(operator, generation, np.repeat([rule.terminals for rule in rules], counts))
    first = np.concatenate([[0], np.cumsum(counts)])
    parts, any_lasers, together = [], False, np.zeros(len(satellites), np.bool_)
    for each, rule, shell, low, high in zip(said, rules, shells, first[:-1].tolist(), first[1:].tolist(), strict=True):
        here = slice(low, high)
        any_lasers |= _points(rule, has[here])
        if rule.pattern in PATTERNS:
            found = lasers.laser_links(shell, rule.pattern, seam_shift=rule.seam_shift)
            found = limited(found, has[here], satellites.plane[here], satellites.slot[here])
            parts.append(laser_links_of(found, rule.max_range_m, rule.clearance_m).shifted(low))
        elif each.lasers is None:
            together[here] = True
        else:
            parts.append(_chosen(rule, satellites, has, np.arange(low, high)))
    if together.any():
        # Shells that leave it to their operator choose among each other too.
        parts.append(_chosen(_rule(operator), satellites, has, np.flatnonzero(together)))
    return Pointed(join_lasers(parts), any_lasers, generation)


def catalogue_lasers(
    operator: Operator, shells: Sequence[FoundShell], satellites: Constellation, index: np.ndarray
) -> Pointed:
    """Lasers of the shells that a catalogue shows.

    index (satellite,): place of each satellite of the catalogue among those that fly, -1 where it does not.
    Raises ScenarioError as `shell_lasers` does.
    """
    rule = _rule(operator)
    generation = generations(operator, satellites)
    has = terminals(operator, generation, np.full(len(satellites), rule.terminals))
    _check(f"operator '{operator.name}'", operator, rule)
    if rule.pattern in NEAREST:
        found = _chosen(rule, satellites, has, np.arange(len(satellites)))
        return Pointed(found, _points(rule, has), generation)
    parts = []
    for shell in shells:
        # A satellite without lasers leaves its place empty, so that those beside it may see past it.
        here = index[shell.satellites]
        here = np.where((here >= 0) & (has[here] > 0), here, -1)
        links = limited(_found_links(operator, rule, shell, here), has, satellites.plane, satellites.slot)
        parts.append(laser_links_of(links, rule.max_range_m, rule.clearance_m))
    return Pointed(join_lasers(parts), _points(rule, has), generation)


def _rule(*said: Lasers) -> _Rule:
    def first(name: str, default: Any) -> Any:
        return next((getattr(each, name) for each in said if getattr(each, name) is not None), default)

    return _Rule(
        first("lasers", "none"),
        first("seam_shift", lasers.NATURAL),
        first("laser_range_m", None),
        first("laser_clearance_m", LASER_CLEARANCE_M),
        first("lasers_per_satellite", MOST_LASERS),
    )


def _points(rule: _Rule, has: np.ndarray) -> bool:
    """Whether any of some satellites has a laser that points at others, whether or not one is there."""
    return rule.pattern != "none" and bool(has.any())


def _check(where: str, said: Lasers, rule: _Rule) -> None:
    """Refuse a pattern that is not there, and what does not go with links that are chosen anew.

    said: of the shell itself, or of its operator where there is none.
    """
    known = (*PATTERNS, *NEAREST)
    if rule.pattern not in known:
        raise ScenarioError(
            f"{where}: lasers is '{rule.pattern}'; it must be one of {', '.join(known)}{nearest(rule.pattern, known)}"
        )
    if rule.pattern not in NEAREST:
        return
    if rule.seam_shift != lasers.NATURAL:
        raise ScenarioError(
            f"{where}: seam_shift is {rule.seam_shift}; lasers '{rule.pattern}' know no seam: '{lasers.NATURAL}'"
        )
    for key in ("laser_range_m", "laser_clearance_m"):
        if said.lasers is None and getattr(said, key) is not None:
            raise ScenarioError(
                f"{where}: {key} of a shell whose lasers '{rule.pattern}' are chosen among all shells of the operator; "
                "give the shell its own lasers, or the operator the limit"
            )


def _chosen(rule: _Rule, satellites: Constellation, has: np.ndarray, among: np.ndarray) -> LaserLinks:
    """Lasers of some satellites that choose the nearest of each other; has (satellite,): lasers of each."""
    _, shell = np.unique(satellites.shell, return_inverse=True)
    plane = shell * (int(satellites.plane.max(initial=0)) + 1) + satellites.plane
    chosen = Chosen(
        satellite=among,
        terminals=np.minimum(has[among], NEAREST[rule.pattern]),
        plane=np.where(satellites.plane >= 0, plane, -1)[among],
        max_range_m=np.inf if rule.max_range_m is None else rule.max_range_m,
        clearance_m=rule.clearance_m,
    )
    return replace(join_lasers([]), chosen=(chosen,))


def _found_links(operator: Operator, rule: _Rule, shell: FoundShell, here: np.ndarray) -> lasers.Links:
    """Links of a shell of a catalogue: between satellites in slots, where planes of as many slots keep step.

    here (satellite,): place of each satellite of the shell among those that fly, -1 where it has no lasers.
    """
    pattern = rule.pattern
    if shell.phase_factor < 0 and pattern not in _WITHOUT_PHASE:
        # Slots of planes that are phased each for itself have no partners of the same number.
        pattern = "ring"
    in_step = (shell.plane >= 0) & (shell.slots_of_plane[shell.plane] == shell.slots)
    links = lasers.lattice_links(
        shell.plane,
        np.where(in_step & (here >= 0), shell.slot, -1),
        shell.planes,
        shell.slots,
        pattern,
        max(shell.phase_factor, 0),
        star=shell.pattern != DELTA,
        seam_shift=rule.seam_shift,
        inclination_deg=shell.inclination_deg,
        phase_slots=shell.anomaly_rad * shell.slots / TWO_PI,
        name=f"operator '{operator.name}'",
    )
    ends = np.sort(np.stack([here[links.a], here[links.b]]), axis=0)
    order = np.lexsort(ends[::-1])
    return lasers.Links(ends[0, order], ends[1, order], links.cross_plane[order])
