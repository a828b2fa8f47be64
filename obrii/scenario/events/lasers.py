"""Lasers that fail while their satellites fly on."""

from __future__ import annotations

from obrii.network.outages import Change
from obrii.scenario.events.target import Target
from obrii.scenario.stage import Stage

#: Which lasers `links` means.
LINKS = ("all", "cross-plane")


def off(target: Target, stage: Stage) -> Change:
    """Lasers off: all of them, or those between planes; of an operator or shell."""
    sky, links = stage.constellation, stage.lasers.links
    mask = (target.narrow("operator", sky.operator) & target.narrow("shell", sky.shell))[links.a]
    which = target.names("links", LINKS)
    if which is not None and "all" not in which:
        mask = mask & links.cross_plane
    return Change({"laser": mask})
