"""Places on the ground, their antennas, and cables that fail."""

from __future__ import annotations

import numpy as np

from obrii.errors import ScenarioError
from obrii.network import draws
from obrii.network.changes import Change
from obrii.scenario.stage import Stage
from obrii.scenario.target import Target


def sites_off(target: Target, stage: Stage) -> Change:
    """Sites off, by name, operator or country; all or some, drawn. No key means every site."""
    mask = sites(target, stage, np.ones(len(stage.sites), bool), "site")
    return Change({"site": target.drawn(mask, stage.sites.planned, "site")})


def gateways_off(target: Target, stage: Stage) -> Change:
    """Gateways off. No key means every gateway."""
    mask = sites(target, stage, stage.sites.role == "gateway", "gateway")
    return Change({"site": target.drawn(mask, stage.sites.planned, "site")})


def pops_off(target: Target, stage: Stage) -> Change:
    """Points of presence off. No key means every PoP."""
    mask = sites(target, stage, stage.sites.role == "pop", "PoP")
    return Change({"site": target.drawn(mask, stage.sites.planned, "site")})


def ground_off(target: Target, stage: Stage) -> Change:
    """The whole ground segment of countries: their gateways and PoPs, and so every fibre that ends there."""
    if "countries" not in target.keys:
        raise ScenarioError(f"{target.where}: says no countries; name those whose gateways and PoPs are off")
    return Change({"site": sites(target, stage, np.isin(stage.sites.role, ["gateway", "pop"]), "gateway or PoP")})


def antennas_off(target: Target, stage: Stage) -> Change:
    """Antennas of gateways off: so many of each, or a share of them; without either all of them."""
    gateways = sites(target, stage, stage.sites.role == "gateway", "gateway")
    count, share = target.count(), target.share()
    if count is not None and share is not None:
        raise ScenarioError(f"{target.where}: says how many by both of count and share; give one")
    mask = np.zeros(len(stage.sites.antenna_site), bool)
    for site in np.flatnonzero(gateways):
        own = stage.sites.antenna_site == site
        called = f"{target.where}: '{stage.sites.name[site]}'"
        if not own.any():
            raise ScenarioError(f"{called} has antennas without limit; give [[site]] antennas, or use 'gateways-off'")
        name = f"{target.name}: antenna"
        mask |= (
            own
            if count is share is None
            else draws.drawn(target.seed, name, own, count=count, share=share, where=called)
        )
    return Change({"antenna": mask})


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
    return Change({"fibre": target.drawn(mask, stage.sites.planned[ends].any(axis=1), "fibre")})


def sites(target: Target, stage: Stage, among: np.ndarray, what: str) -> np.ndarray:
    """Sites that a target means, (site,) bool, all of them among those of a sort."""
    every = stage.sites
    of_sort = every.name[among].tolist()
    for name in target.names("sites", every.name.tolist()) or []:
        if name not in of_sort:
            raise ScenarioError(f"{target.where}: sites: '{name}' is no {what}; name one of {', '.join(of_sort[:8])}")
    countries = sorted(set(every.country[among].tolist()) - {""})
    operators = [operator.name for operator in stage.scenario.operator]
    return np.asarray(
        among
        & target.narrow("sites", every.name)
        & target.narrow("countries", every.country, known=countries)
        & target.narrow("operator", every.operator, known=operators)
    )
