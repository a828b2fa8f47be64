"""Places on the ground and cables that fail, and what is added."""

from __future__ import annotations

import numpy as np

from obrii.errors import ScenarioError
from obrii.network.outages import Change
from obrii.scenario.events.target import Target
from obrii.scenario.stage import Stage


def sites_off(target: Target, stage: Stage) -> Change:
    """Sites off, by name, operator or country. No key means every site."""
    return Change({"site": _chosen(target, stage, np.ones(len(stage.sites), bool), "site")})


def gateways_off(target: Target, stage: Stage) -> Change:
    """Gateways off. No key means every gateway."""
    return Change({"site": _chosen(target, stage, stage.sites.role == "gateway", "gateway")})


def pops_off(target: Target, stage: Stage) -> Change:
    """Points of presence off. No key means every PoP."""
    return Change({"site": _chosen(target, stage, stage.sites.role == "pop", "PoP")})


def fibre_off(target: Target, stage: Stage) -> Change:
    """Fibres off: by name "A - B", by a site at either end, by the country of either end; no key means every fibre."""
    names, ends = stage.sites.name, stage.fibre_ends
    mask = np.ones(len(ends), bool)
    wanted = target.names(
        "fibres", [f"{names[a]} - {names[b]}" for a, b in ends] + [f"{names[b]} - {names[a]}" for a, b in ends]
    )
    if wanted is not None:
        both = {f"{names[a]} - {names[b]}": k for k, (a, b) in enumerate(ends)}
        both |= {f"{names[b]} - {names[a]}": k for k, (a, b) in enumerate(ends)}
        mask &= np.isin(np.arange(len(ends)), [both[name] for name in wanted])
    for key, labels in (("sites", names), ("countries", stage.sites.country), ("operator", stage.sites.operator)):
        mask &= target.narrow(key, labels)[ends].any(axis=1)
    return Change({"fibre": mask})


def add(target: Target, stage: Stage) -> Change:
    """What is planned comes into service: sites by name or country, all that an operator plans, groups by name.

    Groups of terminals come only where they are named, so that one operator may come with few terminals or with many.
    """
    if not target.keys:
        raise ScenarioError(f"{target.where}: says nothing to add; name an operator, sites, countries or groups")
    mask = _chosen(target, stage, stage.sites.planned, "planned site") & (set(target.keys) != {"groups"})
    operators = np.array([operator.name for operator in stage.scenario.operator])
    planned = np.array([operator.state == "planned" for operator in stage.scenario.operator])
    core = planned & target.narrow("operator", operators) if "operator" in target.keys else np.zeros(len(planned), bool)
    present = _planned_groups(target, stage)
    if not (mask.any() or core.any() or present.any()):
        raise ScenarioError(f'{target.where}: nothing of that is planned; write state = "planned" where it stands')
    satellite = np.repeat(core, np.diff(stage.first))
    return Change({"satellite": satellite, "site": mask, "there": mask, "core": core, "present": present}, adds=True)


def _planned_groups(target: Target, stage: Stage) -> np.ndarray:
    """Groups of terminals that a target names, (group,) bool; none where it names none."""
    groups = stage.ground.groups
    for name in target.names("groups", groups.name.tolist()) or []:
        if name not in groups.name[groups.planned]:
            raise ScenarioError(
                f"{target.where}: groups: '{name}' is in the field already; write state = \"planned\" where it stands"
            )
    return target.narrow("groups", groups.name) & ("groups" in target.keys)


def _chosen(target: Target, stage: Stage, among: np.ndarray, what: str) -> np.ndarray:
    """Sites that a target means, (site,) bool, all of them among those of a sort."""
    sites = stage.sites
    of_sort = sites.name[among].tolist()
    for name in target.names("sites", sites.name.tolist()) or []:
        if name not in of_sort:
            raise ScenarioError(f"{target.where}: sites: '{name}' is no {what}; name one of {', '.join(of_sort[:8])}")
    countries = sorted(set(sites.country[among].tolist()) - {""})
    operators = [operator.name for operator in stage.scenario.operator]
    return np.asarray(
        among
        & target.narrow("sites", sites.name)
        & target.narrow("countries", sites.country, known=countries)
        & target.narrow("operator", sites.operator, known=operators)
    )
