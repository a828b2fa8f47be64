"""Delays of what two variants both serve, before and after, for places that cells belong to.

Histograms are kept for the parts that places are made of: a cell takes kilobytes. Whether a part counts its terminals,
its people or its cells alike hangs on the place that it is looked at for, so that all that may be asked for is counted;
where every cell is a part of its own, seconds are, and weighed when a place is asked for.
"""

from __future__ import annotations

import numpy as np

from obrii.kernels import compare as kernels
from obrii.results.metrics import Weights
from obrii.results.placed import KINDS, Parts, Placed
from obrii.results.quantiles import PER_S, Histograms, coarse_edges_s, coarse_of_fine, quantiles, sums


class PairedDelays(Histograms):
    """Histograms of delays on two sides, over the bins that have been used so far."""

    GROWTH = 16

    def __init__(self, weights: Weights, parts: Parts) -> None:
        groups, cells = weights.share.shape
        self._weights, self._parts = weights, parts
        self._later = parts.count == cells
        self._least = _least_kind(weights, parts)
        kinds = KINDS[self._least :]
        every = [np.ones((groups, cells))] if self._later else [getattr(weights, kind) for kind in kinds]
        self._counted = np.ascontiguousarray(np.stack(every, axis=-1))
        super().__init__(2, groups * parts.count, self._counted.shape[-1])

    def add(
        self,
        time_s: np.ndarray,
        field: np.ndarray,
        served: tuple[np.ndarray, np.ndarray],
        rtt_s: tuple[np.ndarray, np.ndarray],
        slower: float,
        out_slower_s: np.ndarray,
    ) -> None:
        """Add a block: arguments as those of `kernels.compare.delays`, of both sides."""
        low_s, high_s = kernels.delay_bounds(time_s, field, *rtt_s)
        if not low_s <= high_s:
            return
        bin_of = coarse_of_fine()
        bins = [int(bin_of[min(int(max(end_s * PER_S, 0.0)), len(bin_of) - 1)]) for end_s in (low_s, high_s)]
        self.cover(bins[0], bins[1] + 1)
        kernels.delays(
            time_s, field, *served, *rtt_s, np.float32(slower), PER_S, bin_of, self._low, self._parts.part,
            self._counted, out_slower_s, self._weight,
        )  # fmt: skip

    def medians(self, places: Placed) -> np.ndarray:
        """Median delay of places before and after, (2, place) [s], NaN where there is none.

        Raises ModelError where the places are not made of whole parts.
        """
        if not places.count or not places.place.size:
            return np.full((2, places.count), np.nan)
        row_place = self._parts.places(places)
        rows = np.flatnonzero(row_place >= 0)
        label = row_place[rows]
        if self._later:
            # A part is a cell, wherever it stands among the parts.
            weight = places.weight(self._weights)[:, np.argsort(self._parts.part)]
            kind, factor = np.zeros(len(rows), np.int64), weight.ravel()[rows]
        else:
            kind, factor = places.kind(self._weights)[label] - self._least, np.ones(len(rows))
        edges_s = coarse_edges_s()[self._low : self._low + self._weight.shape[2] + 1]
        found = [sums(side[rows, :, kind] * factor[:, None], label, places.count) for side in self._weight]
        return np.array([quantiles(weight, edges_s, 0.5) for weight in found])


def _least_kind(weights: Weights, parts: Parts) -> int:
    """The least that a part or a group counts, on `KINDS`; what is made of several of them counts no less."""
    shape = weights.share.shape
    groups = Placed(np.broadcast_to(np.arange(shape[0])[:, None], shape), shape[0])
    cells = Placed(np.broadcast_to(parts.part, shape), parts.count)
    return int(min(places.kind(weights).min(initial=len(KINDS) - 1) for places in (groups, cells)))
