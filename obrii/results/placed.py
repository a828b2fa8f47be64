"""Groups in cells put together into places: countries, regions, strips, cells, groups; and what a place counts.

A place counts its terminals; its people where it has no terminals; its cells alike where it has neither.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii.errors import ModelError, ScenarioError
from obrii.results.metrics import Weights

#: What a place may count, the lightest first: each gives way to the next where the place has any of that.
KINDS = ("share", "people", "terminals")


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

    def kind(self, weights: Weights) -> np.ndarray:
        """What each place counts, (place,) i8 on `KINDS`."""
        kind = np.zeros(self.count, np.int64)
        for k, name in enumerate(KINDS[1:], start=1):
            kind[self.sums(getattr(weights, name)) > 0.0] = k
        return kind

    def weight(self, weights: Weights) -> np.ndarray:
        """What a group in a cell counts in its place: (group, cell) f8."""
        kind = np.append(self.kind(weights), 0)[self.place]
        return np.choose(kind, [getattr(weights, name) for name in KINDS])


@dataclass(frozen=True)
class Parts:
    """The least parts that places are made of: part (cell,) i8, index of a part; count: how many parts."""

    part: np.ndarray
    count: int

    def places(self, places: Placed) -> np.ndarray:
        """Place of every group in every part, (group * part,) i8; ModelError where places cut through parts."""
        groups = len(places.place)
        found = np.full((groups, self.count), -1)
        found[:, self.part] = places.place
        if (found[:, self.part] != places.place).any():
            raise ModelError("compare: places are not made of whole parts; compare with a part a cell")
        return found.ravel()


def parts_of(*labels: np.ndarray) -> Parts:
    """Cells that are alike in every label, (cell,) each, are one part.

    >>> parts_of(np.array(["b", "b", "a"]), np.array([0, 1, 1])).part.tolist()
    [1, 2, 0]
    """
    key = np.zeros(len(labels[0]), np.int64)
    for label in labels:
        known, place = np.unique(label, return_inverse=True)
        key = key * len(known) + place
    known, part = np.unique(key, return_inverse=True)
    return Parts(part, len(known))


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
