"""Lasers that fail while their satellites fly on."""

from __future__ import annotations

import numpy as np

from obrii.network.outages import Change
from obrii.scenario.events.target import Target
from obrii.scenario.stage import Stage

#: Which lasers `links` means.
LINKS = ("all", "cross-plane")


def off(target: Target, stage: Stage) -> Change:
    """Lasers off: all of them, or those between planes; of an operator or shell."""
    sky, lasers = stage.constellation, stage.lasers.links
    mask = (target.narrow("operator", sky.operator) & target.narrow("shell", sky.shell))[lasers.a]
    links = target.names("links", LINKS)
    if links is not None and "all" not in links:
        mask = mask & lasers.cross_plane
    return Change(laser=np.asarray(mask, bool))
