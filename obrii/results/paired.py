"""Pairs of places over a run: for how much of the time there is a way, and how long it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from obrii.results.carried import Carrying
from obrii.results.frame import Frame

#: Decimals that are kept of shares, and of milliseconds.
_SHARE, _MILLISECONDS = 6, 3


class PairTally(Carrying):
    """What pairs go through, step by step: measured (variant, time) bool, steps that count."""

    CARRIES = ("_rtt_s",)

    def __init__(self, frame: Frame, measured: np.ndarray) -> None:
        self._names = frame.pairs
        self._variants = frame.variants
        self._duration_s = np.where(measured, frame.duration_s, 0.0)
        self._rtt_s = np.full((*measured.shape, len(frame.pairs)), np.nan)

    def add(self, steps: slice, variant: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Take in a block of steps of a variant."""
        self._rtt_s[variant, steps] = np.where(arrays["pair_served"] == 1, arrays["pair_rtt"], np.nan)

    def rows(self) -> list[dict[str, Any]]:
        """A row a variant and pair: share of the time with a way, and the least, median and greatest round trip [ms].

        None where there is never a way.
        """
        return [
            {"variant": variant, "pair": pair, **self._row(v, k)}
            for v, variant in enumerate(self._variants)
            for k, pair in enumerate(self._names)
        ]

    def _row(self, variant: int, pair: int) -> dict[str, float | None]:
        duration_s, rtt_s = self._duration_s[variant], self._rtt_s[variant, :, pair]
        known = (duration_s > 0.0) & np.isfinite(rtt_s)
        share = duration_s[known].sum() / max(duration_s.sum(), np.finfo(float).tiny)
        found = [1e3 * of(rtt_s[known]) for of in (np.min, np.median, np.max)] if known.any() else [None] * 3
        ways = dict(zip(("rtt_min_ms", "rtt_median_ms", "rtt_max_ms"), found, strict=True))
        rounded = {key: None if ms is None else round(float(ms), _MILLISECONDS) for key, ms in ways.items()}
        return {"share_served": round(float(share), _SHARE), **rounded}
