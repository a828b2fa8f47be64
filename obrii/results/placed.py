"""Groups in cells put together into places: countries, regions, strips, cells, groups; and what a place counts.

A place counts its terminals; its people where it has no terminals; its cells alike where it has neither.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii.errors import ScenarioError
from obrii.results.metrics import Weights


@dataclass(frozen=True)
class Placed:
    """Places of groups in cells: place (group, cell) i8, index of a place, -1 for none; count: how many places."""

    place: np.ndarray
    count: int

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sums of values that broadcast to (group, cell) over every place: (place,) f8."""
        keep = self.place >= 0
        return np.bincount(self.place[keep], np.broadcast_to(values, self.place.shape)[keep], self.count)

    def highest(self, values: np.ndarray) -> np.ndarray:
        """The highest of values (group, cell) from 0 up in every place: (place,) f8."""
        found = np.zeros(self.count)
        keep = self.place >= 0
        np.maximum.at(found, self.place[keep], values[keep])
        return found

    def weight(self, weights: Weights) -> np.ndarray:
        """What a group in a cell counts in its place: (group, cell) f8."""
        weight = weights.share
        for heavier in (weights.people, weights.terminals):
            has = np.append(self.sums(heavier) > 0.0, False)
            weight = np.where(has[self.place], heavier, weight)
        return weight


def by_label(label: np.ndarray, shape: tuple[int, ...]) -> tuple[np.ndarray, Placed]:
    """Places by the label of each cell: their labels, sorted, and the places.

    label (cell,) str, empty for no place; shape: (group, cell). Raises ScenarioError where a cell has none.

    >>> names, places = by_label(np.array(["b", "", "a"]), (1, 3))
    >>> names.tolist(), places.place.tolist()
    (['a', 'b'], [[1, -1, 0]])
    """
    label = np.asarray(label, np.str_)
    if label.shape != shape[1:]:
        raise ScenarioError(f"compare: {label.size} labels for {shape[1]} cells; give one a cell, empty for none")
    names = np.unique(label[label != ""])
    place = np.where(label == "", -1, np.searchsorted(names, label))
    return names, Placed(np.broadcast_to(place, shape), len(names))


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part over whole, NaN where there is no whole.

    >>> ratio(np.array([1.0, 0.0]), np.array([4.0, 0.0])).tolist()
    [0.25, nan]
    """
    return np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole > 0.0)
