"""Which sight lines are left, and which part of what links carry, while several events degrade links; for reading."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Event(NamedTuple):
    """What an event does: to links from which places to which satellites, how much is left, how strong it is now."""

    places: set[int]
    satellites: set[int]
    share: float
    mask_deg: float
    strength: float


def mask_deg(events: Sequence[Event], own_deg: float, place: int, satellite: int) -> float:
    """The lowest elevation at which a place uses a satellite [deg]."""
    found = own_deg
    for event in events:
        if place in event.places and satellite in event.satellites and event.mask_deg > own_deg:
            found = max(found, own_deg + event.strength * (event.mask_deg - own_deg))
    return found


def share(events: Sequence[Event], place: int, satellite: int) -> float:
    """Part of what a link carries that is left."""
    left = [1.0 - e.strength * (1.0 - e.share) for e in events if place in e.places and satellite in e.satellites]
    return min(left, default=1.0)


def seen(events: Sequence[Event], own_deg: float, sights: Sequence[tuple[int, int, float]]) -> list[bool]:
    """Which sight lines of place, satellite and elevation [deg] are left."""
    return [
        math.sin(math.radians(elevation_deg)) >= math.sin(math.radians(mask_deg(events, own_deg, place, satellite)))
        for place, satellite, elevation_deg in sights
    ]
