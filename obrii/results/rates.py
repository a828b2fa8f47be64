"""What a run says of rates: what terminals get, how many are degraded, what is carried, and what holds it back.

Means are over the measured steps of a variant (`metrics`). A rate is that of an active terminal with service; terminals
without service have none and are counted elsewhere. **Degraded** is a terminal with service that gets less than the
usable rate at the busy hour. **Capacity kept** is the capacity of a variant over that of intact in the same steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from obrii import schema
from obrii.kernels import tallies
from obrii.results.carried import Carrying
from obrii.results.frame import RANKS, Frame

#: Edges of the bins of rates [bit/s]: a per cent wide, from 1 kb/s to 10 Gb/s; what is beyond counts in the outermost.
EDGES_BPS = 1e3 * 1.01 ** np.arange(1621)

#: Rounding of rates as a part of a rate: half of what float32 arrays hold.
FLOAT32 = 1e-6


@dataclass(frozen=True)
class Rates:
    """What the rates of a run add up to; the first axis is the variant.

    now, busy (variant, group, bin): terminal seconds by rate; most_bps (variant, group): the highest rate of all;
    degraded (variant, group): terminals, mean; load_bps, capacity_bps, kept (variant,): at the busy hour, and capacity
    over that of intact; bottleneck (variant, flag): terminal seconds by what binds, in the order of
    `schema.BOTTLENECK` from none on; at_antenna (variant, gateway): those bound by the antennas of a gateway;
    gateway_load_bps, gateway_capacity_bps (variant, gateway); pop_load_bps (variant, pop); growth_bps
    (variant, operator, growth, rank), NaN where nothing was sampled; growth_terminals (variant, operator): those in
    the field that the operator may serve, in the mean of what was sampled.
    """

    now: np.ndarray
    busy: np.ndarray
    most_bps: np.ndarray
    degraded: np.ndarray
    load_bps: np.ndarray
    capacity_bps: np.ndarray
    kept: np.ndarray
    bottleneck: np.ndarray
    at_antenna: np.ndarray
    gateway_load_bps: np.ndarray
    gateway_capacity_bps: np.ndarray
    pop_load_bps: np.ndarray
    growth_bps: np.ndarray
    growth_terminals: np.ndarray


class RateTally(Carrying):
    """Adds up rates block by block; memory does not grow with the length of a run, but for a number a step.

    measured (variant, time) bool: the steps that count of each variant.
    """

    CARRIES = (
        "_hist", "_most_bps", "_degraded", "_bottleneck", "_at_antenna", "_series", "_of_gateways", "_of_pops",
        "_growth", "_sampled", "_in_field",
    )  # fmt: skip

    def __init__(self, frame: Frame, measured: np.ndarray, terminals: np.ndarray) -> None:
        variants, groups = len(frame.variants), len(frame.groups)
        bins = len(EDGES_BPS) - 1
        self._frame, self._measured, self._terminals = frame, measured, terminals
        self._hist = {name: np.zeros((variants, groups, bins)) for name in ("rate", "busy_rate")}
        self._most_bps = np.zeros((variants, groups))
        self._degraded = np.zeros((variants, groups))
        self._bottleneck = np.zeros((variants, len(schema.BOTTLENECK) - 1))
        self._at_antenna = np.zeros((variants, len(frame.gateways)))
        self._series = {name: np.zeros((variants, len(frame.utc))) for name in ("busy_load", "capacity")}
        self._of_gateways = {
            name: np.zeros((variants, len(frame.gateways))) for name in ("gateway_busy_load", "gateway_capacity")
        }
        self._of_pops = np.zeros((variants, len(frame.pops)))
        shape = (variants, len(frame.operators), len(frame.growth), len(RANKS))
        self._growth, self._sampled = np.zeros(shape), np.zeros(shape)
        self._in_field = np.zeros(shape[:2])

    def add(self, steps: slice, variant: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Add what one variant left of a block of steps: arrays by name, without the variant axis."""
        weight_s = np.where(self._measured[variant, steps], self._frame.duration_s[steps], 0.0)
        for name, series in self._series.items():
            series[variant, steps] = arrays[name].sum(axis=1)
        for name, total in self._of_gateways.items():
            total[variant] += weight_s @ arrays[name]
        self._of_pops[variant] += weight_s @ arrays["pop_busy_load"]
        self._add_growth(variant, weight_s > 0, arrays)
        if not weight_s.any():
            return
        least_bps, per_bin = EDGES_BPS[0], np.log(EDGES_BPS[1] / EDGES_BPS[0])
        for name, histogram in self._hist.items():
            found = np.empty(histogram.shape[1:])
            got_bps, most_bps = np.ascontiguousarray(arrays[name]), self._most_bps[variant]
            tallies.bin_rates(got_bps, self._terminals, weight_s, least_bps, per_bin, found, most_bps)
            histogram[variant] += found
        usable_bps = np.float32((1.0 - FLOAT32) * (self._frame.usable_bps or 0.0))
        totals = (self._degraded[variant], self._bottleneck[variant], self._at_antenna[variant])
        parts = [np.empty(total.size) for total in totals]
        busy_bps, flag, gateway = (
            np.ascontiguousarray(arrays[name]) for name in ("busy_rate", "bottleneck", "gateway")
        )
        antenna = schema.BOTTLENECK["antenna"]
        tallies.sum_bounds(busy_bps, self._terminals, weight_s, usable_bps, flag, gateway, antenna, *parts)
        for total, part in zip(totals, parts, strict=True):
            total += part

    def _add_growth(self, variant: int, used: np.ndarray, arrays: Mapping[str, np.ndarray]) -> None:
        if not self._growth.size:
            return
        rate_bps = arrays["growth_rate"][used].astype(np.float64)
        sampled = ~np.isnan(rate_bps)
        self._growth[variant] += np.nansum(rate_bps, axis=0)
        self._sampled[variant] += sampled.sum(axis=0)
        of_groups = arrays["present"][used] * self._terminals.sum(axis=1)
        self._in_field[variant] += (sampled[..., 0, 0] * (of_groups @ self._frame.users.T)).sum(axis=0)

    def rates(self) -> Rates:
        """What has been added so far, as if it were the whole run."""
        weight_s = self._measured * self._frame.duration_s
        per_s = 1.0 / weight_s.sum(axis=1)
        load, capacity = ((self._series[name] * weight_s).sum(axis=1) * per_s for name in ("busy_load", "capacity"))
        of_intact = (self._series["capacity"][0] * weight_s).sum(axis=1) * per_s
        return Rates(
            now=self._hist["rate"],
            busy=self._hist["busy_rate"],
            most_bps=self._most_bps,
            degraded=self._degraded * per_s[:, None],
            load_bps=load,
            capacity_bps=capacity,
            kept=np.divide(capacity, of_intact, out=np.full(len(capacity), np.nan), where=of_intact > 0),
            bottleneck=self._bottleneck,
            at_antenna=self._at_antenna,
            gateway_load_bps=self._of_gateways["gateway_busy_load"] * per_s[:, None],
            gateway_capacity_bps=self._of_gateways["gateway_capacity"] * per_s[:, None],
            pop_load_bps=self._of_pops * per_s[:, None],
            growth_bps=np.divide(
                self._growth, self._sampled, out=np.full(self._growth.shape, np.nan), where=self._sampled > 0
            ),
            growth_terminals=self._in_field / np.maximum(self._sampled[..., :1, 0].sum(axis=2), 1.0),
        )
