"""Places on the ground that fail."""

from __future__ import annotations

from obrii.network.outages import Change
from obrii.scenario.events.target import Target
from obrii.scenario.stage import Stage


def off(target: Target, stage: Stage) -> Change:
    """Sites off, by name or operator. No key means every site."""
    sites = stage.sites
    return Change(site=target.narrow("operator", sites.operator) & target.narrow("sites", sites.name))


def gateways_off(target: Target, stage: Stage) -> Change:
    """Gateways off, by name or operator. No key means every gateway."""
    sites = stage.sites
    gateway = sites.role == "gateway"
    named = target.narrow("sites", sites.name, known=sites.name[gateway].tolist())
    return Change(site=gateway & named & target.narrow("operator", sites.operator))
