"""Lasers that fail while their satellites fly on."""

from __future__ import annotations

import numpy as np

from obrii.errors import ScenarioError
from obrii.network.changes import Change
from obrii.scenario.events import satellites
from obrii.scenario.stage import Stage
from obrii.scenario.target import Target

#: Which lasers `links` means.
LINKS = ("all", "cross-plane")


def off(target: Target, stage: Stage) -> Change:
    """Lasers off: all of them, or those between planes; of an operator, shell, generation; all or some, drawn.

    A link is out while either end is, also where it is chosen after the event began. Of lasers that choose anew, a
    share is one of the satellites that have them.
    """
    links = stage.lasers.links
    satellite = satellites.named(target, stage)
    laser, ends = satellite[links.a], satellite & stage.lasers.chooses(len(satellite))
    which = target.names("links", LINKS)
    kinds = np.array([which is None or "all" in which, True])
    laser = laser & kinds[links.cross_plane.astype(np.intp)]
    if "count" in target.keys and ends.any():
        raise ScenarioError(
            f"{target.where}: these lasers choose anew at every instant, so that no count holds; give share"
        )
    if laser.any() or not ends.any():
        laser = target.drawn(laser, stage.satellite_planned[links.a], "laser")
    if ends.any():
        ends = target.drawn(ends, stage.satellite_planned, "satellite")
    return Change({"laser": laser, "laser_end": kinds[:, None] & ends})
