"""Nearest points on the ground, by their unit vectors.

scipy.spatial is loaded on first use: it takes a quarter of a second, and a run without an area does not need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from obrii import frames

if TYPE_CHECKING:
    from scipy.spatial import cKDTree


def tree(latitude_deg: np.ndarray, longitude_deg: np.ndarray) -> cKDTree:
    """A tree of points, to be asked with unit vectors (point, 3)."""
    from scipy.spatial import cKDTree

    return cKDTree(frames.up(latitude_deg, longitude_deg).T)
