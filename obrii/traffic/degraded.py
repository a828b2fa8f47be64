"""What the payloads of one operator carry in a slot while links are degraded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from obrii.network.degraded import Degraded, laser_share, link_share
from obrii.service.slot import Offer
from obrii.traffic.payload import Payloads


def left(payloads: Payloads, offer: Offer, worse: Sequence[Degraded]) -> Payloads:
    """What is left of what one operator's payloads carry; the same ones where nothing of them is touched.

    Beams on a cell carry the share that is left of the link to its satellite, antennas that of theirs, lasers that of
    their worse end. A satellite's beams are spread evenly over the cells that it serves, so that all of them together
    carry the mean of what is left to these [assumption].
    """
    schedule = offer.slot.schedule
    _, low, _, _ = offer.first.tolist()
    satellites = slice(low, low + schedule.way_m.shape[1])
    served = np.flatnonzero(schedule.satellite >= 0)
    serving = schedule.satellite[served]
    of_cell = link_share(worse, "cell", served, low + serving)
    follows = np.where(schedule.passed == 1, schedule.gateway, -1).max(axis=0, initial=-1)
    followed = np.flatnonzero(follows >= 0)
    of_feeder = link_share(worse, "site", offer.network.gateways[follows[followed]], low + followed)
    lasers = laser_share(worse, satellites)
    if (of_cell == 1.0).all() and (of_feeder == 1.0).all() and (lasers == 1.0).all():
        return payloads
    fan, feeder_bps = payloads.fan.copy(), payloads.feeder_bps.copy()
    fan[served] *= of_cell
    feeder_bps[followed] *= of_feeder
    whole = np.bincount(serving, payloads.fan[served], len(lasers))
    share = np.bincount(serving, fan[served], len(lasers)) / np.where(whole > 0.0, whole, 1.0)
    return replace(
        payloads,
        fan=fan,
        satellite_bps=payloads.satellite_bps * np.where(whole > 0.0, share, 1.0),
        feeder_bps=feeder_bps,
        laser_bps=payloads.laser_bps * lasers,
    )
