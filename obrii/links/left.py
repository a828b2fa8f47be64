"""Sight lines that are left where some are not to be used."""

from __future__ import annotations

import numpy as np

from obrii.kernels import arc
from obrii.links.visibility import Sights


def without(sights: Sights, marked: np.ndarray) -> Sights:
    """The sight lines that are not marked, in their order; marked (sight,) bool.

    >>> sights = Sights(np.array([[0, 2, 3]]), *(np.array([4, 7, 4], kind) for kind in ("i4", "f4", "f4")))
    >>> left = without(sights, np.array([True, False, False]))
    >>> left.ptr.tolist(), left.satellite.tolist()
    ([[0, 1, 2]], [7, 4])
    """
    kept = marked.size - int(np.count_nonzero(marked))
    if kept == marked.size:
        return sights
    ptr = np.empty(sights.ptr.shape, np.int64)
    left = np.empty(kept, np.int32), np.empty(kept, np.float32), np.empty(kept, np.float32)
    arc.drop_marked(sights.ptr, marked, sights.satellite, sights.range_m, sights.sin_elevation, ptr, *left)
    return Sights(ptr, *left)
