"""What a run adds up to: people, times and delays against whole arrays added one number at a time."""

from __future__ import annotations

from functools import cache

import numpy as np

from obrii.results.metrics import CODES
from obrii.results.quantiles import FINE_S
from tests.reference import metrics_plain
from tests.results.made_up import made_up
from validation.record import Effort, Finding, Validation


def _apart(ours: np.ndarray, theirs: object) -> float:
    """The largest difference, as a share of the largest number."""
    plain = np.asarray(theirs, float)
    if not np.array_equal(np.isnan(ours), np.isnan(plain)):
        return float("nan")
    return float(np.nanmax(np.abs(ours - plain), initial=0.0) / max(float(np.nanmax(np.abs(plain), initial=0.0)), 1.0))


def _dense(found: dict, shape: tuple[int, ...]) -> np.ndarray:
    out = np.zeros(shape)
    for place, value in found.items():
        out[place] = value
    return out


@cache
def _made_up(effort: Effort) -> tuple[float, float, str]:
    """Worst share of a sum, worst quantile [bins], and what was tried."""
    runs = effort.of(2, 60, 2_000)
    sums, bins = 0.0, 0.0
    for seed in range(runs):
        run = made_up(seed, groups=1 + seed % 3, with_terminals=seed % 2 == 0)
        metrics = run.tally(1 + seed % 12).metrics()
        shape = metrics.never.shape
        for v, twin in enumerate(metrics_plain.add_up(run.frame, run.acting, run.runs, run.towns)):
            pairs = [
                (metrics.people_without[v], twin.people_without),
                (metrics.terminals_without[v], twin.terminals_without),
                (metrics.served[v], twin.served),
                (metrics.without_s[v], _dense(twin.without_s, (*shape, CODES))),
                (metrics.lost_s[v], _dense(twin.lost_s, (*shape, CODES))),
                (metrics.intact_s[v], _dense(twin.intact_s, shape)),
                (metrics.reachable_s[v], _dense(twin.reachable_s, shape)),
                (metrics.gap_s[v], list(twin.gap_s.values())),
            ]
            sums = max(sums, *(_apart(np.asarray(ours, float), theirs) for ours, theirs in pairs))
            for name, found in metrics.delay_s.items():
                for share, value in zip((0.5, 0.95), found[v], strict=True):
                    plain = metrics_plain.quantile(twin.delays[name], share)
                    if not np.isnan(plain):
                        bins = max(bins, abs(float(value) - plain) / FINE_S)
    return sums, bins, f"{runs:,} made-up runs of several variants and groups, in blocks of 1 to 12 steps"


def added_up(effort: Effort) -> Finding:
    """People and terminals without service, times without service by reason, gaps."""
    sums, _, tried = _made_up(effort)
    return Finding(1e9 * sums, tried)


def quantiles(effort: Effort) -> Finding:
    """Medians and 95th percentiles of delays."""
    _, bins, tried = _made_up(effort)
    return Finding(bins, tried)


VALIDATIONS = (
    Validation(
        "people, terminals and times without service, gaps", "one number at a time (`metrics_plain`)",
        "billionths", 1.0,
        "Weights are rounded to 2^-44 of their sum, times to float64.", added_up,
    ),
    Validation(
        "median and 95th percentile of delays", "sorted delays (`metrics_plain`)", "bins", 1.01,
        f"Delays are kept in bins of {1e3 * FINE_S:g} ms, and rounded to float32.", quantiles,
    ),
)  # fmt: skip
