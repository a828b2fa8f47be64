"""Shapes as the short text of an SVG path: whole units, steps from point to point."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np


def path(shapes: Iterable[np.ndarray], *, closed: bool) -> str:
    """Text of the attribute ``d``: shapes, each (point, 2) in units of the map, rounded to whole units.

    >>> path([np.array([[0.2, 0.0], [10.0, 0.0], [10.0, 5.4]])], closed=True)
    'M0 0l10 0 0 5z'
    """
    return "".join(_one(shape, closed) for shape in shapes)


def _one(shape: np.ndarray, closed: bool) -> str:
    points = np.rint(shape).astype(int)
    points = points[np.concatenate([[True], (np.diff(points, axis=0) != 0).any(axis=1)])]
    if len(points) < (3 if closed else 2):
        return ""
    pairs = np.diff(points, axis=0).tolist()
    steps = " ".join(f"{x} {y}" for x, y in pairs).replace(" -", "-")
    return f"M{points[0][0]} {points[0][1]}l{steps}{'z' if closed else ''}"
