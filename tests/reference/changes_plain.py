"""The members of an event that are off while it is only so strong, for reading."""

from __future__ import annotations

import math
from typing import Any

from obrii.network import draws


def part(mask: list[Any], axis: int, strength: float, seed: int, name: str) -> list[Any]:
    """A mask of nested lists, of which only the first members along an axis are left.

    A member is a place on the axis where the mask says anything. Those with the lowest keys come first.
    """
    places = _length(mask, axis)
    members = [place for place in range(places) if _anything(mask, axis, place)]
    keys = draws.keys(seed, name, places).tolist()
    members.sort(key=lambda place: keys[place])
    first = set(members[: math.floor(strength * len(members) + 0.5)])
    return _left(mask, axis, first)


def _length(mask: list[Any], axis: int) -> int:
    return len(mask) if axis == 0 else _length(mask[0], axis - 1)


def _anything(mask: list[Any], axis: int, place: int) -> bool:
    if axis == 0:
        return _holds(mask[place])
    return any(_anything(row, axis - 1, place) for row in mask)


def _holds(part: Any) -> bool:
    return any(map(_holds, part)) if isinstance(part, list) else part


def _left(mask: list[Any], axis: int, first: set[int]) -> list[Any]:
    if axis == 0:
        return [row if place in first else _nothing(row) for place, row in enumerate(mask)]
    return [_left(row, axis - 1, first) for row in mask]


def _nothing(part: Any) -> Any:
    return [_nothing(each) for each in part] if isinstance(part, list) else False
