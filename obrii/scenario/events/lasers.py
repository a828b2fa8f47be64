"""Lasers that fail while their satellites fly on."""

from __future__ import annotations

import numpy as np

from obrii.network.outages import Change
from obrii.scenario.events.target import Target
from obrii.scenario.stage import Stage

#: Which lasers `links` means.
LINKS = ("all", "cross-plane")


def off(target: Target, stage: Stage) -> Change:
    """Lasers off: all of them, or those between planes; of an operator or shell.

    A link is out while either end is, also where it is chosen after the event began.
    """
    sky, links = stage.constellation, stage.lasers.links
    satellite = target.narrow("operator", sky.operator) & target.narrow("shell", sky.shell)
    laser, ends = satellite[links.a], satellite & stage.lasers.chooses(len(sky))
    which = target.names("links", LINKS)
    kinds = np.array([which is None or "all" in which, True])
    return Change({"laser": laser & kinds[links.cross_plane.astype(np.intp)], "laser_end": kinds[:, None] & ends})
