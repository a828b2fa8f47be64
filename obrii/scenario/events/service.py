"""Service that the operator withdraws, limits, or loses control of, while everything flies."""

from __future__ import annotations

import numpy as np

from obrii.errors import ScenarioError
from obrii.ground import regions
from obrii.network.changes import Change
from obrii.scenario import target_cells
from obrii.scenario.stage import Stage
from obrii.scenario.target import Target


def off(target: Target, stage: Stage) -> Change:
    """Permission withdrawn, for whom and where the keys say; no key means for everyone, everywhere."""
    return Change({"service": _whom(target, stage)})


def listed_only(target: Target, stage: Stage) -> Change:
    """Only listed terminals are let in, less those of them that are refused by mistake.

    Cells are scheduled as before, and pairs count as listed.
    """
    groups = stage.ground.groups
    refused = ~groups.listed | np.array([target.name in events for events in groups.events], bool)
    if not refused.any():
        raise ScenarioError(
            f"{target.where}: every terminal is listed; write listed = false in [[terminals]], or give refused_share"
        )
    return Change({"listed": _on_axes(target, stage, np.append(refused, False)[:, None])})


def limit(target: Target, stage: Stage) -> Change:
    """A rate that no terminal of the target gets more than, whatever it asks for."""
    if stage.demand is None:
        raise ScenarioError(f"{target.where}: limits rates, and the scenario has none; add [traffic]")
    limit_bps = target.number("limit_bps")
    if limit_bps is None:
        raise ScenarioError(f"{target.where}: 'limit_bps' is missing; say what is left to one terminal, in bit/s")
    return Change({"limit_bps": _whom(target, stage)}, limit_bps=limit_bps)


def core_off(target: Target, stage: Stage) -> Change:
    """The control plane off: no service, while everything flies, but for the share of the terminals that is `left`.

    Cells are scheduled as long as any is left, and pairs are among them.
    """
    left = target.share("left")
    if left == 1.0:
        raise ScenarioError(f"{target.where}: left is 1, so that nothing is lost; give less")
    if left and not stage.scenario.terminals:
        raise ScenarioError(f"{target.where}: left is of terminals, and there are none; add [[terminals]]")
    groups = stage.ground.groups
    lost = np.array([not left or target.name in events for events in groups.events], bool)
    if left and not lost.any():
        raise ScenarioError(f"{target.where}: no terminals are of the operator that is named; name one that some use")
    return Change({"core": _everywhere(_operators(target, stage), np.append(lost, not left), stage)})


def operator_off(target: Target, stage: Stage) -> Change:
    """An operator gone: its control plane, satellites and sites."""
    if "operator" not in target.keys:
        raise ScenarioError(f"{target.where}: says no operator; name who is gone")
    mask = _operators(target, stage)
    names = [operator.name for operator, gone in zip(stage.scenario.operator, mask, strict=True) if gone]
    return Change(
        {
            "core": _everywhere(mask, np.ones(len(stage.ground.groups) + 1, bool), stage),
            "satellite": np.isin(stage.constellation.operator, names),
            "site": np.isin(stage.sites.operator, names),
        }
    )


def _operators(target: Target, stage: Stage) -> np.ndarray:
    return target.narrow("operator", np.array([operator.name for operator in stage.scenario.operator]))


def _everywhere(operators: np.ndarray, groups: np.ndarray, stage: Stage) -> np.ndarray:
    """Operators (operator,) and groups (group + 1,) in every cell, (operator, group + 1, cell) bool."""
    return np.repeat((operators[:, None] & groups)[:, :, None], len(stage.cells), axis=2)


def _whom(target: Target, stage: Stage) -> np.ndarray:
    """Terminals that the keys mean, (operator, group + 1, cell) bool; the last row is for anyone."""
    groups = stage.ground.groups
    named = target.narrow("groups", groups.part_of)
    if "share" in target.keys:
        if not stage.scenario.terminals:
            raise ScenarioError(f"{target.where}: share is of terminals, and there are none; add [[terminals]]")
        named &= np.array([target.name in events for events in groups.events], bool)
        if not target.share():
            raise ScenarioError(f"{target.where}: share is 0, so that nobody is touched; give more")
        if not named.any():
            raise ScenarioError(f"{target.where}: no terminals are of whom it names; name an operator that some use")
    anyone = not target.keys.keys() & {"groups", "share"}
    of_group = np.append(named, anyone)[:, None]
    codes = target.texts("home")
    if codes is not None:
        known = [regions.check_country(code, f"{target.where}: home") for code in codes]
        own = np.append(groups.home, "")[:, None]
        at_home = np.where(own == "", stage.cells.country, own)
        of_group = of_group & np.isin(at_home, known)
        if not of_group.any():
            raise ScenarioError(f"{target.where}: nobody is at home in {', '.join(known)} here; name where somebody is")
    return _on_axes(target, stage, of_group)


def _on_axes(target: Target, stage: Stage, of_group: np.ndarray) -> np.ndarray:
    """Rows of groups, (group + 1, cell or 1) bool, laid on (operator, group + 1, cell) where the target lies."""
    return _operators(target, stage)[:, None, None] & of_group & target_cells.meant(target, stage.land)
