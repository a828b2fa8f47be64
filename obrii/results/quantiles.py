"""Quantiles of delays from histograms, so that memory does not grow with the length of a run.

    fine      bins of 0.05 ms up to 2 s: the whole run, and every step
    coarse    bins half a per cent wide made of whole fine ones: every cell, and whatever cells add up to

Within a bin values are taken as evenly spread; a quantile is at most a bin from the true one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np

from obrii.errors import ModelError
from obrii.kernels import tallies
from obrii.results.carried import Carrying, there

#: Width of a fine bin [s], and how many there are; what is longer counts in the last.
FINE_S, FINE_BINS = 0.05e-3, 40_000

#: Width of a coarse bin as a part of its value; nowhere less than a fine one.
COARSE = 0.005

#: Part of the whole weight that rounding may cost a sum.
_ROUNDING = 1e-12

#: Fine bins a second, as delays are held.
PER_S = np.float32(1.0 / FINE_S)


@cache
def coarse_of_fine() -> np.ndarray:
    """Coarse bin of every fine bin, (fine,) i8."""
    logarithm = np.floor(np.log((np.arange(FINE_BINS) + 1.0) * FINE_S) / np.log1p(COARSE))
    return np.unique(logarithm, return_inverse=True)[1].astype(np.int64)


@cache
def fine_edges_s() -> np.ndarray:
    """Edges of the fine bins, (fine + 1,) [s]."""
    return np.arange(FINE_BINS + 1) * FINE_S


@cache
def coarse_edges_s() -> np.ndarray:
    """Edges of the coarse bins, (coarse + 1,) [s]."""
    first = np.flatnonzero(np.diff(coarse_of_fine(), prepend=-1))
    return np.append(first, FINE_BINS) * FINE_S


def fine_bins(delay_s: np.ndarray) -> np.ndarray:
    """Fine bin of every delay, i8; none may be NaN.

    >>> fine_bins(np.array([0.0, 0.06e-3, 9.0], "f4")).tolist()
    [0, 1, 39999]
    """
    return np.clip(delay_s * delay_s.dtype.type(1.0 / FINE_S), 0, FINE_BINS - 1).astype(np.int64)


def quantiles(weight: np.ndarray, edges: np.ndarray, share: float) -> np.ndarray:
    """The value below which a share of the weight lies, for every histogram.

    weight (row, bin); edges (bin + 1,) in the unit of the answer. Returns (row,), NaN where there is no weight.

    >>> quantiles(np.array([[0, 2, 2], [0, 0, 0]]), np.array([0.0, 1.0, 2.0, 3.0]), 0.5).tolist()
    [2.0, nan]
    """
    if not weight.size:
        return np.full(len(weight), np.nan)
    upto = np.cumsum(weight, axis=1)
    total = upto[:, -1]
    target = share * total
    bins = np.minimum((upto < (target - _ROUNDING * total)[:, None]).sum(axis=1), weight.shape[1] - 1)
    rows = np.arange(len(weight))
    inside = np.where(weight[rows, bins] > 0, weight[rows, bins], 1.0)
    part = np.clip((target - upto[rows, bins] + weight[rows, bins]) / inside, 0.0, 1.0)
    return np.where(total > 0, edges[bins] + part * (edges[bins + 1] - edges[bins]), np.nan)


def sums(values: np.ndarray, label: np.ndarray, places: int) -> np.ndarray:
    """Sums over the cells of every place: (cell, ...) to (place, ...).

    label (cell,): place of each cell; every place has one.

    >>> sums(np.array([1.0, 2.0, 4.0]), np.array([1, 0, 1]), 2).tolist()
    [2.0, 5.0]
    """
    order = np.argsort(label, kind="stable")
    return np.add.reduceat(values[order], np.searchsorted(label[order], np.arange(places)), axis=0)


def widened(weight: np.ndarray, low: int, bins: tuple[int, int], growth: int) -> tuple[int, np.ndarray]:
    """Histograms so wide that they hold some coarse bins, after the bin with which they begin.

    weight (side, row, bin, ...), whose bins begin with low; bins: the first that must be there, and the one after the
    last; growth: bins by which they grow at a time.

    >>> low, wider = widened(np.ones((1, 1, 3)), 4, (2, 5), 4)
    >>> low, wider[0, 0].tolist()
    (0, [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0])
    """
    width = weight.shape[2]
    old_low, old_high = (low, low + width) if width else (bins[0], bins[0])
    if bins[0] >= old_low and bins[1] <= old_high:
        return low, weight
    new_low = min(old_low, bins[0] // growth * growth)
    new_high = min(max(old_high, -(-bins[1] // growth) * growth), len(coarse_edges_s()) - 1)
    wider = np.zeros((*weight.shape[:2], new_high - new_low, *weight.shape[3:]))
    # Rows that nothing has come to, as of groups that are never there, stay untouched, and take no memory.
    used = np.flatnonzero(weight.any(axis=(0, *range(2, weight.ndim))))
    wider[:, used, old_low - new_low : old_low - new_low + width] = weight[:, used]
    return new_low, wider


class Histograms(Carrying):
    """Histograms (side, row, bin, ...) over the coarse bins used so far, which grow by so many at a time."""

    CARRIES = ("_low", "_weight")
    GROWTH = 64

    def __init__(self, sides: int, rows: int, *kinds: int) -> None:
        self._low = 0
        self._weight = np.zeros((sides, rows, 0, *kinds))

    def cover(self, low: int, high: int) -> None:
        """Widen the histograms so that they hold the bins from low to below high."""
        self._low, self._weight = widened(self._weight, self._low, (low, high), self.GROWTH)

    def carry_on(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Go on from what was carried, over as many bins as that took."""
        low, width = int(there("low", arrays, np.int64)), arrays["weight"].shape[2]
        if low < 0 or low + width > len(coarse_edges_s()) - 1:
            raise ModelError(f"low: {width} bins from {low}; expected at most {len(coarse_edges_s()) - 1}")
        if width:
            self.cover(low, low + width)
        super().carry_on(arrays)


class CellDelays(Histograms):
    """Histograms of the delay of every cell in every variant, over the bins that have been used so far.

    The bins of a run are few, some 150 from 30 to 60 ms, so that a cell takes a kilobyte a variant.
    """

    def add(self, variant: int, up: np.ndarray, delay_s: np.ndarray, share: np.ndarray, weight_s: np.ndarray) -> None:
        """Add the delays of a block.

        up bool, delay_s f4 (time, terminals), group after group: who has service, and how long the way is; share
        (terminals,) of their cells; weight_s (time,): how long each step counts.
        """
        _, first, last = tallies.delay_span(up, delay_s, weight_s > 0, PER_S, FINE_BINS - 1)
        if last < first:
            return
        low, high = (int(coarse_of_fine()[end]) for end in (first, last))
        self.cover(low, high + 1)
        found = np.empty(self._weight.shape[1:])
        tallies.count_cell_delays(up, delay_s, share, weight_s, PER_S, coarse_of_fine(), self._low, found)
        self._weight[variant] += found

    def medians(self, variant: int, label: np.ndarray, weight: np.ndarray, places: int) -> np.ndarray:
        """Median delay of places that cells belong to, (place,) [s].

        label (cell,): place of each cell, as `sums` has it; weight (cell,): what each cell counts.
        """
        together = sums(self._weight[variant] * weight[:, None], label, places)
        return quantiles(together, coarse_edges_s()[self._low : self._low + together.shape[1] + 1], 0.5)
