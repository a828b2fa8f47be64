"""Terminals that a variant adds, over the colour of what is lost: green dots, in size as those terminals are in number.

The part of a place that dots cover, over what dots that touch would cover, is the share that added terminals with
service are of those that have service when everything works. The colour of the loss stays to be seen around them, as
nobody who lost gets a connection back. A white ring tells dots from any colour, for readers of any colour vision.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from obrii.report import palette
from obrii.report.markup import Markup, element

#: Shares that dots are drawn for; a share between is drawn as the nearest.
SHARES = (0.05, 0.15, 0.30, 0.50, 0.75, 1.00)

#: Side of the square of a dot, and width of the ring around it, in units of a map.
_TILE, _RING = 64.0, 11.0

#: Places in `SHARES` of the dots in a legend.
_KEY = (0, 2, 3, 5)


def levels(share: np.ndarray) -> np.ndarray:
    """Place in `SHARES` of each share, -1 where nothing is added.

    >>> levels(np.array([0.0, 0.05, 0.499, 0.501, 7.0])).tolist()
    [-1, 0, 3, 3, 5]
    """
    middles = (np.array(SHARES[1:]) + SHARES[:-1]) / 2.0
    return np.where(share > 0.0, np.searchsorted(middles, share, side="right"), -1)


def fill(level: int) -> str:
    """Fill that lays the dots of a level over a colour."""
    return f"url(#added-{level})"


def patterns(drawn: Iterable[int], scale: float = 1.0) -> Markup:
    """Definitions of the dots of some levels, to stand once on a page; scale: of their squares."""
    size = None if scale == 1.0 else f"scale({scale:g})"
    tiles = [
        element(
            "pattern", _dot(level, _TILE / 2.0), id=f"added-{level}", width=_TILE, height=_TILE,
            patternUnits="userSpaceOnUse", patternTransform=size,
        )
        for level in sorted(set(drawn))
    ]  # fmt: skip
    return element("defs", tiles)


def swatch(reason: str | None) -> Markup:
    """Dots of some sizes over the colour of a reason, for a legend."""
    boxes = [element("rect", width=_TILE * len(_KEY), height=_TILE, fill=palette.strongest(reason))]
    boxes += [_dot(level, _TILE * (place + 0.5)) for place, level in enumerate(_KEY)]
    return element("svg", boxes, viewBox=f"0 0 {_TILE * len(_KEY):g} {_TILE:g}", cls="swatch", aria_hidden="true")


def _dot(level: int, x: float) -> Markup:
    radius = _TILE / 2.0 * SHARES[level] ** 0.5
    return element(
        "circle", cx=x, cy=_TILE / 2.0, r=round(radius, 1), fill=palette.BACK, stroke="#fff", stroke_width=_RING,
        paint_order="stroke",
    )  # fmt: skip
