"""What a run adds up to, block by block: who had service, who had not and why, and how long the way was.

**Measured steps** of a variant are those in which one of its events acts that takes something away, restoration
included; where none does, one that gives; of intact, and of a variant whose events act in no step, the whole run.
Shares are shares of the measured time.

**Never served** is a group in a cell that intact serves in no step of the run. It counts neither as lost nor as without
service, whatever the variant, and is stated apart.

**Without service** are, in a step, all terminals without it, except those never served: also those that intact does not
serve in that step. **Lost** is what intact serves and the variant does not, in the same step; shares of what intact
serves are one minus lost over served by intact. What a variant serves beyond intact makes up for nothing.

**People** of a cell are spread over its groups as its terminals are; over all groups alike where it has none.

**Planned groups** of terminals are in none of this: intact has none of them, so that nobody loses them and no people
are theirs. What a variant adds of them is a gain, and stated apart (`added`).

Weights are whole multiples of a power of two, so that sums over groups and cells are exact in any order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from obrii import schema
from obrii.errors import ModelError
from obrii.kernels import tallies
from obrii.results.added import Added, AddedTally
from obrii.results.carried import Arrays, Carrying, there
from obrii.results.frame import Frame
from obrii.results.handovers import HandoverTally
from obrii.results.quantiles import FINE_BINS, PER_S, CellDelays, fine_edges_s, quantiles

#: Codes of `reason`, with 0 for served.
CODES = len(schema.REASONS) + 1

#: Bits of a weight beside the largest sum of weights: the rest of 53 is left for sums over time.
_WEIGHT_BITS = 44

#: Arrays of a block on (time, group, cell) that are added up.
_OF_TERMINALS = ("served", "reachable", "reason", "rtt", "propagation_rtt", "handover", "serving_s")

#: Arrays of a block on (time, gateway) of which means are taken.
OF_GATEWAYS = ("antennas_used", "cells_served", "halo_cells_served")


@dataclass(frozen=True)
class Weights:
    """What a group in a cell counts, each (group, cell) f8.

    terminals; people; share: of its cell; main: terminals, or people where the run has no terminals, or the share.
    """

    terminals: np.ndarray
    people: np.ndarray
    share: np.ndarray
    main: np.ndarray


@dataclass(frozen=True)
class Metrics:
    """What a run added up to; groups are those that stand in intact, and added is what planned ones got.

    never (group, cell) bool; acting_steps (variant,) i8, of intact all; measured (variant, time) bool and measured_s
    (variant,) where the means are taken; in seconds of the measured time, (variant, group, cell, code):
    without_s, by reason, and lost_s, the part that intact serves; (variant, group, cell): intact_s, served by intact,
    and reachable_s. Series (variant, time): people_without, terminals_without, served (main weight, without those never
    served), rtt_median_s. delay_s: median and 95th percentile of `rtt` and `propagation_rtt`, (variant, 2) [s], NaN
    where nothing is served. handovers_per_hour, serving_s (variant,): see `handovers`. Means over the measured time:
    satellites_used, gateways_used (variant,), gateway_means by name (variant, gateway), pop_cells (variant, pop).
    gap_s (variant, town): longest time in which nobody in the town's cell has service.
    """

    weights: Weights
    never: np.ndarray
    acting_steps: np.ndarray
    measured: np.ndarray
    measured_s: np.ndarray
    without_s: np.ndarray
    lost_s: np.ndarray
    intact_s: np.ndarray
    reachable_s: np.ndarray
    people_without: np.ndarray
    terminals_without: np.ndarray
    served: np.ndarray
    rtt_median_s: np.ndarray
    delay_s: dict[str, np.ndarray]
    handovers_per_hour: np.ndarray
    serving_s: np.ndarray
    satellites_used: np.ndarray
    gateways_used: np.ndarray
    gateway_means: dict[str, np.ndarray]
    pop_cells: np.ndarray
    gap_s: np.ndarray
    cell_delays: CellDelays
    added: Added


def weigh(terminals: np.ndarray, people: np.ndarray) -> Weights:
    """Weights of groups in cells: terminals (group, cell), people (cell,).

    >>> weigh(np.array([[3.0, 0.0], [1.0, 0.0]]), np.array([100.0, 10.0])).people.tolist()
    [[75.0, 5.0], [25.0, 5.0]]
    """
    groups = len(terminals)
    total = terminals.sum(axis=0)
    share = np.full(terminals.shape, 1.0 / max(groups, 1))
    np.divide(terminals, total, out=share, where=total > 0)
    share, terminals, shared = _exact(share), _exact(terminals), _exact(share * people)
    main = next((weight for weight in (terminals, shared) if weight.any()), share)
    return Weights(terminals, shared, share, main)


class Tally(Carrying):
    """Adds up a run; memory does not grow with its length, but for a few numbers a step.

    acting (variant, time) bool: steps in which an event of the variant acts that is measured; the row of intact does
    not matter.
    town_cell (town,): cells whose longest gap is wanted.
    """

    CARRIES = (
        "_added", "_seconds", "_reachable_s", "_served", "_rtt_median_s", "_delays", "_cell_delays", "_handovers",
        "_satellites", "_gateways", "_of_gateways", "_pop_cells", "_gap_s", "_gap_now_s", "_next",
    )  # fmt: skip

    def __init__(self, frame: Frame, acting: np.ndarray, town_cell: np.ndarray | None = None) -> None:
        variants, steps = acting.shape
        self._standing = np.flatnonzero(~frame.planned) if frame.planned.any() else slice(None)
        whole, frame = frame, frame.standing()
        self._frame = frame
        self._measured = np.array(acting, bool)
        self._measured[0] = True
        self._acting_steps = self._measured.sum(axis=1)
        self._measured[~self._measured.any(axis=1)] = True
        self._added = AddedTally(whole, self._measured)
        self._towns = np.zeros(0, np.int64) if town_cell is None else np.asarray(town_cell, np.int64)
        self.weights = weigh(frame.terminals, frame.people)
        flat = [getattr(self.weights, name).ravel() for name in ("people", "terminals", "main")]
        self._columns = np.stack(flat, axis=1)
        self._groups_cells = frame.terminals.size
        self._seconds = np.zeros((variants, self._groups_cells, 2, CODES))
        self._reachable_s = np.zeros((variants, self._groups_cells))
        self._served = np.zeros((variants, steps, 3))
        self._rtt_median_s = np.full((variants, steps), np.nan)
        self._delays = {name: np.zeros((variants, FINE_BINS)) for name in ("rtt", "propagation_rtt")}
        self._cell_delays = CellDelays(variants, len(frame.cell))
        self._handovers = HandoverTally(variants, self.weights.main)
        self._satellites = np.zeros(variants)
        self._gateways = np.zeros(variants)
        self._of_gateways = {name: np.zeros((variants, len(frame.gateways))) for name in OF_GATEWAYS}
        self._pop_cells = np.zeros((variants, len(frame.pops)))
        self._gap_s = np.zeros((variants, len(self._towns)))
        self._gap_now_s = np.zeros((variants, len(self._towns)))
        self._beyond: list[tuple[int, slice, np.ndarray, np.ndarray]] = []
        self._next = np.zeros(variants, np.int64)
        self._intact: np.ndarray = np.zeros((0, self._groups_cells), bool)
        self._never = np.zeros(self._groups_cells, bool)

    @property
    def measured(self) -> np.ndarray:
        """Steps of each variant over which means are taken, (variant, time) bool."""
        return self._measured

    def add(self, steps: slice, variant: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Add what one variant left of a block of steps: arrays by name, without the variant axis.

        Of those on (time, group, cell): served, reachable, reason, pop, rtt, propagation_rtt, handover, serving_s;
        those of `OF_GATEWAYS` where there are gateways; satellites_used; present. Blocks of a variant come in order,
        and intact's before those of others. Raises ModelError where they do not, or where service, reason and delay
        contradict each other.
        """
        if steps.start != self._next[variant] or (variant and self._next[0] != steps.stop):
            raise ModelError(
                f"tally: steps {steps.start} to {steps.stop} of variant {variant} come out of turn; add blocks in "
                "order, intact first"
            )
        self._next[variant] = steps.stop
        if not self._groups_cells:
            return
        self._add_stations(steps, variant, arrays)
        self._added.add(steps, variant, arrays)
        if isinstance(self._standing, np.ndarray):
            arrays = {name: arrays[name].take(self._standing, axis=1) for name in _OF_TERMINALS}
        reason, served, reachable = (self._flat(arrays[name]) for name in ("reason", "served", "reachable"))
        up = np.empty(reason.shape, np.bool_)
        if not tallies.sum_served(reason, served, self._columns, up, self._served[variant, steps]):
            raise ModelError("tally: served and reason contradict each other; what is not served has one reason")
        if variant == 0:
            self._intact = up
        self._add_beyond(steps, variant, up)
        of_variant = self._seconds[variant], self._reachable_s[variant]
        for span, duration_s in self._spans(steps, variant):
            tallies.count_codes(reason, reachable, self._intact, span.start, span.stop, duration_s, *of_variant)
        if variant == 0:
            self._never = self._seconds[0, :, :, 0].sum(axis=1) == 0
        self._add_delays(steps, variant, up, arrays)
        self._add_gaps(steps, variant, up)
        self._handovers.add(variant, self._weight_s(steps, variant), arrays["handover"], arrays["serving_s"])

    def carried(self) -> Arrays:
        """What the blocks so far have left, and beside it, end to end, what variants serve beyond intact."""
        place = [(variant, steps.start, steps.stop, len(which)) for variant, steps, which, _ in self._beyond]
        return super().carried() | {
            "beyond": np.array(place, np.int64).reshape(-1, 4),
            "beyond_which": np.concatenate([np.empty(0, np.int64), *(which for _, _, which, _ in self._beyond)]),
            "beyond_bits": np.concatenate([np.empty(0, np.uint8), *(bits.ravel() for *_, bits in self._beyond)]),
        }

    def carry_on(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Go on from what was carried; what lasts within a block alone is not."""
        super().carry_on(arrays)
        self._beyond, which, bits = [], arrays["beyond_which"], arrays["beyond_bits"]
        for variant, start, stop, count in there("beyond", arrays, np.int64, None, 4).tolist():
            rows = -(-(stop - start) // 8)
            packed = bits[: rows * count].reshape(rows, count)
            self._beyond.append((variant, slice(start, stop), which[:count], packed))
            which, bits = which[count:], bits[rows * count :]

    def metrics(self) -> Metrics:
        """What has been added so far, as if it were the whole run."""
        frame, variants = self._frame, len(self._measured)
        shape = (variants, len(frame.groups), len(frame.cell))
        measured_s = (self._measured * frame.duration_s).sum(axis=1)
        never = self._seconds[0, :, :, 0].sum(axis=1) == 0
        by_reason = self._seconds.copy()
        by_reason[..., 0] = 0.0
        # What a variant serves of what intact never does is taken out again: it was without service throughout.
        served = self._served.copy()
        for variant, steps, which, packed in self._beyond:
            bits = np.unpackbits(packed, axis=0, count=steps.stop - steps.start)
            served[variant, steps] -= (bits * never[which]) @ self._columns[which]
        possible = self._columns[~never].sum(axis=0)
        without = possible - served
        per_s = 1.0 / measured_s
        return Metrics(
            weights=self.weights,
            never=never.reshape(shape[1:]),
            acting_steps=self._acting_steps,
            measured=self._measured,
            measured_s=measured_s,
            without_s=by_reason.sum(axis=2).reshape(*shape, CODES),
            lost_s=by_reason[:, :, 1].reshape(*shape, CODES),
            intact_s=self._seconds[:, :, 1].sum(axis=2).reshape(shape),
            reachable_s=self._reachable_s.reshape(shape),
            people_without=without[..., 0],
            terminals_without=without[..., 1],
            served=served[..., 2],
            rtt_median_s=self._rtt_median_s,
            delay_s={
                name: np.stack([quantiles(weight, fine_edges_s(), share) for share in (0.5, 0.95)], axis=1)
                for name, weight in self._delays.items()
            },
            handovers_per_hour=self._handovers.per_hour(),
            serving_s=self._handovers.serving_s(),
            satellites_used=self._satellites * per_s,
            gateways_used=self._gateways * per_s,
            gateway_means={name: total * per_s[:, None] for name, total in self._of_gateways.items()},
            pop_cells=self._pop_cells * per_s[:, None],
            gap_s=self._gap_s,
            cell_delays=self._cell_delays,
            added=self._added.added(),
        )

    def _spans(self, steps: slice, variant: int) -> list[tuple[slice, float]]:
        """Stretches of measured steps of one length within a block: where in the block, and that length [s]."""
        duration_s = self._weight_s(steps, variant)
        first = np.flatnonzero(np.diff(duration_s, prepend=np.nan))
        ends = np.append(first[1:], len(duration_s))
        return [(slice(a, b), float(duration_s[a])) for a, b in zip(first, ends, strict=True) if duration_s[a] > 0]

    def _weight_s(self, steps: slice, variant: int) -> np.ndarray:
        """How long every step of a block is measured."""
        return np.where(self._measured[variant, steps], self._frame.duration_s[steps], 0.0)

    def _add_beyond(self, steps: slice, variant: int, up: np.ndarray) -> None:
        """Remember what a variant serves of what intact has not served so far: few, and seldom any."""
        never = np.flatnonzero(self._never) if variant else np.empty(0, np.int64)
        served = up[:, never]
        some = served.any(axis=0)
        if some.any():
            self._beyond.append((variant, steps, never[some], np.packbits(served[:, some], axis=0)))

    def _add_delays(self, steps: slice, variant: int, up: np.ndarray, arrays: Mapping[str, np.ndarray]) -> None:
        if not up.any():
            return
        weight_s = self._weight_s(steps, variant)
        every, bins = np.ones(len(up), np.bool_), (np.float32(PER_S), FINE_BINS - 1)
        for name, histogram in self._delays.items():
            delay_s = self._flat(arrays[name])
            agree, low, high = tallies.delay_span(up, delay_s, every, *bins)
            if not agree:
                raise ModelError(f"tally: served and {name} contradict each other; only what is served has a delay")
            found = np.empty((len(up), high + 1 - low))
            tallies.count_delays(up, delay_s, self.weights.main.ravel(), *bins, low, found)
            histogram[variant, low : high + 1] += weight_s @ found
            if name == "rtt":
                self._rtt_median_s[variant, steps] = quantiles(found, fine_edges_s()[low : high + 2], 0.5)
                self._cell_delays.add(variant, up, delay_s, self.weights.share.ravel(), weight_s)

    def _flat(self, values: np.ndarray) -> np.ndarray:
        """An array of a block on (time, terminals), group after group."""
        return np.ascontiguousarray(values).reshape(len(values), -1)

    def _by_group(self, values: np.ndarray) -> np.ndarray:
        return values.reshape(len(values), len(self._frame.groups), -1)

    def _add_stations(self, steps: slice, variant: int, arrays: Mapping[str, np.ndarray]) -> None:
        weight_s = self._weight_s(steps, variant)
        self._satellites[variant] += weight_s @ arrays["satellites_used"].sum(axis=1)
        if len(self._frame.gateways):
            self._gateways[variant] += weight_s @ (arrays["cells_served"] > 0).sum(axis=1)
            for name, total in self._of_gateways.items():
                total[variant] += weight_s @ arrays[name]
        cells = np.empty((len(weight_s), len(self._frame.pops)), np.int64)
        tallies.count_pops(np.ascontiguousarray(arrays["pop"]), cells)
        self._pop_cells[variant] += weight_s @ cells

    def _add_gaps(self, steps: slice, variant: int, up: np.ndarray) -> None:
        """Carry on the time for which nobody in a town's cell has had service; windows and other steps end it."""
        if not len(self._towns):
            return
        counts = self.weights.share[:, self._towns] > 0
        served = (self._by_group(up)[:, :, self._towns] & counts).any(axis=1)
        out = ~served & self._measured[variant, steps, None]
        duration_s = self._frame.duration_s[steps]
        upto_s = np.cumsum(duration_s)
        begins = self._begins(steps)
        # Time at which the last gap may have begun: where there was service, or a window began.
        since_s = np.where(out, np.where(begins, upto_s - duration_s, -np.inf)[:, None], upto_s[:, None])
        since_s[0] = np.maximum(since_s[0], -self._gap_now_s[variant])
        gap_s = upto_s[:, None] - np.maximum.accumulate(since_s, axis=0)
        self._gap_now_s[variant] = gap_s[-1]
        np.maximum(self._gap_s[variant], gap_s.max(axis=0), out=self._gap_s[variant])

    def _begins(self, steps: slice) -> np.ndarray:
        """Steps of a block with which a window begins."""
        window = self._frame.window
        before = window[steps.start - 1] if steps.start else -1
        return np.diff(window[steps], prepend=before) != 0


def _exact(weight: np.ndarray) -> np.ndarray:
    """Weights rounded to whole multiples of a power of two so fine that their sum has `_WEIGHT_BITS`."""
    total = float(weight.sum())
    if not total > 0.0:
        return weight
    unit = 2.0 ** (np.ceil(np.log2(total)) - _WEIGHT_BITS)
    return np.rint(weight / unit) * unit
