"""What changes from one variant to another, for every group in every cell.

Terminals are counted one by one: those of a group that are in the field are its first ones, so that a terminal has
service on a side in a step if it is in the field there and its group is served in its cell.

    lost        served before and not after         both      served before and after
    gained      served after and not before         without   in the field, and not served

Times are seconds of one terminal: a group of which half are in the field counts half. A **gap** is a run of steps
without service; a window, a step that is not measured, and one in which nobody of the group is in the field end it.
Delays are compared over what both serve, each step with itself; rates over all that are in the field, where those
without service get nothing. What both serve is **degraded** where its rate at the busy hour falls below the one of use.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii.errors import ScenarioError
from obrii.results.metrics import Weights, weigh
from obrii.results.quantiles import CellDelays, fine_bins
from obrii.results.rates import FLOAT32
from obrii.results.sides import STATIONS, Beside, Ground, Side

#: A way counts as slower where it takes more than half as long again [assumption: what people notice in a call].
SLOWER = 1.5


@dataclass(frozen=True)
class Takeover:
    """Who carried whom, before and after: names of operators, gateways or PoPs.

    moves (from + 1, to + 1): terminal seconds, the last row for those without service before, the last column after;
    taken (cell, to): terminal seconds of those that both serve and that another one carries after.
    """

    names: tuple[str, ...]
    moves: np.ndarray
    taken: np.ndarray


@dataclass(frozen=True)
class Difference:
    """What changes from one variant to another, over the measured time.

    ground, weights: what is compared, and what it counts; planned groups count terminals and no people. measured_s.
    In seconds: field_before_s, field_after_s (group,); served_before_s, served_after_s, both_s, slower_s (group, cell).
    gaps_before, gaps_after (group, cell) i8: how many; longest_before_s, longest_after_s (group, cell): the longest
    [s]. delays: of what both serve, sides as variants and (group, cell) on one axis; None without `rtt`. rate_before,
    rate_after (group, cell): what an active terminal gets at the busy hour, over time [bit]; None without `busy_rate`.
    degraded_s (group, cell): below the rate of use after and not before; None without rates, or without such a rate.
    takeovers: by kind of `STATIONS`, those that both have.
    """

    ground: Ground
    weights: Weights
    measured_s: float
    field_before_s: np.ndarray
    field_after_s: np.ndarray
    served_before_s: np.ndarray
    served_after_s: np.ndarray
    both_s: np.ndarray
    slower_s: np.ndarray
    gaps_before: np.ndarray
    gaps_after: np.ndarray
    longest_before_s: np.ndarray
    longest_after_s: np.ndarray
    delays: CellDelays | None
    rate_before: np.ndarray | None
    rate_after: np.ndarray | None
    degraded_s: np.ndarray | None
    takeovers: dict[str, Takeover]

    @property
    def lost_s(self) -> np.ndarray:
        """Served before and not after, (group, cell) [s]."""
        return self.served_before_s - self.both_s

    @property
    def gained_s(self) -> np.ndarray:
        """Served after and not before, (group, cell) [s]."""
        return self.served_after_s - self.both_s


def compare(
    before: Side, after: Side, measured: np.ndarray | None = None, usable_bps: float | None = None
) -> Difference:
    """What changes from one variant to another, of one run or of two.

    measured (time,) bool: the steps that count, as those in which an event acts; None for all. usable_bps: rate below
    which a terminal is degraded. Arrays are read block by block. Raises ScenarioError where the two cannot be laid side
    by side (`sides.Beside`), and where no step counts.

    >>> import xarray
    >>> of_cells = {name: ("cell", [0.0, 1.0]) for name in ("latitude", "longitude", "people")}
    >>> of_cells |= {name: ("cell", ["UKR", "POL"]) for name in ("country", "region")}
    >>> of_steps = {"time": [0, 1], "window": ("time", [0, 0]), "duration_s": ("time", [15.0, 15.0])}
    >>> terminals = {"terminals": (("group", "cell"), [[4.0, 2.0]])}
    >>> results = xarray.Dataset(
    ...     {"served": (("variant", "time", "group", "cell"), [[[[1, 1]], [[1, 1]]], [[[0, 1]], [[1, 1]]]])},
    ...     {"variant": ["intact", "off"], "group": ["all"], "cell": [1, 2], **of_steps, **of_cells, **terminals},
    ... )
    >>> compare(Side(results), Side(results, "off")).lost_s.tolist()
    [[15.0, 0.0]]
    """
    beside = Beside((before, after))
    ground = beside.ground
    weight_s = check_measured(ground, measured)
    tally = _Tally(ground, beside, usable_bps)
    for steps, (one, other) in beside.blocks(tally.names):
        tally.add(weight_s[steps], _begins(ground.window, steps), one, other)
    return tally.difference(float(weight_s.sum()))


def check_measured(ground: Ground, measured: np.ndarray | None) -> np.ndarray:
    """How long every step counts, (time,) [s]; raises ScenarioError where none does."""
    if measured is None:
        return ground.duration_s
    measured = np.asarray(measured, bool)
    if measured.shape != ground.duration_s.shape or not measured.any():
        raise ScenarioError(
            f"compare: {int(measured.sum())} of {measured.size} steps count, of a run of {len(ground.duration_s)}; "
            "let one or more of them count"
        )
    return np.where(measured, ground.duration_s, 0.0)


def weights_of(ground: Ground) -> Weights:
    """What a group in a cell counts: planned groups their terminals, and neither people nor a share of the cell."""
    standing = weigh(ground.terminals[ground.standing], ground.people)
    whole = {name: np.zeros(ground.terminals.shape) for name in ("people", "share")}
    for name, values in whole.items():
        values[ground.standing] = getattr(standing, name)
    main = ground.terminals if ground.terminals.any() else whole["people"] if whole["people"].any() else whole["share"]
    return Weights(ground.terminals, whole["people"], whole["share"], main)


class _Gaps:
    """Counts gaps and measures the longest, block after block."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.count = np.zeros(shape, np.int64)
        self.longest_s = np.zeros(shape)
        self._now_s = np.zeros(shape)

    def add(self, weight_s: np.ndarray, begins: np.ndarray, out: np.ndarray) -> None:
        """out (time, group, cell) bool: without service in a step that counts."""
        for step, length_s in enumerate(weight_s.tolist()):
            before_s = 0.0 if begins[step] else self._now_s
            self.count += out[step] & (before_s == 0.0)
            self._now_s = np.where(out[step], before_s + length_s, 0.0)
            np.maximum(self.longest_s, self._now_s, out=self.longest_s)


class _Tally:
    """Adds up both sides."""

    def __init__(self, ground: Ground, beside: Beside, usable_bps: float | None) -> None:
        shape = ground.terminals.shape
        self._ground, self._weights = ground, weights_of(ground)
        self._field_s = np.zeros((2, shape[0]))
        self._served_s = np.zeros((2, *shape))
        self._both_s, self._slower_s = np.zeros(shape), np.zeros(shape)
        self._gaps = (_Gaps(shape), _Gaps(shape))
        self._delays = CellDelays(2, ground.terminals.size) if beside.has("rtt") else None
        self._rate = np.zeros((2, *shape)) if beside.has("busy_rate") else None
        self._usable_bps = None if usable_bps is None else (1.0 - FLOAT32) * usable_bps
        self._degraded_s = None if self._rate is None or usable_bps is None else np.zeros(shape)
        self._stations = {kind: beside.names(kind) for kind in STATIONS if beside.has(kind)}
        self._moves = {kind: np.zeros((len(of) + 1) ** 2) for kind, of in self._stations.items()}
        self._taken = {kind: np.zeros(shape[1] * (len(of) + 1)) for kind, of in self._stations.items()}
        arrays = ("served", *(["rtt"] if self._delays else []), *(["busy_rate"] if self._rate is not None else []))
        self.names = (*arrays, *self._stations)

    def add(
        self, weight_s: np.ndarray, begins: np.ndarray, one: dict[str, np.ndarray], other: dict[str, np.ndarray]
    ) -> None:
        """Add a block: how long each step counts, whether a window begins with it, and the arrays of both sides."""
        up = [side["served"] == 1 for side in (one, other)]
        field = [side["present"][:, :, None] for side in (one, other)]
        time_s = weight_s[:, None, None]
        both = np.where(up[0] & up[1], np.minimum(*field), 0.0)
        self._both_s += (both * time_s).sum(axis=0)
        for k in range(2):
            self._field_s[k] += weight_s @ field[k][:, :, 0]
            self._served_s[k] += (up[k] * field[k] * time_s).sum(axis=0)
            self._gaps[k].add(weight_s, begins, ~up[k] & (field[k] > 0.0) & (time_s > 0.0))
        if self._delays is not None:
            self._add_delays(both * time_s, one["rtt"], other["rtt"])
        if self._rate is not None:
            for k, side in enumerate((one, other)):
                self._rate[k] += (np.nan_to_num(side["busy_rate"].astype(np.float64)) * field[k] * time_s).sum(axis=0)
        if self._degraded_s is not None:
            fell = ~(one["busy_rate"] < self._usable_bps) & (other["busy_rate"] < self._usable_bps)
            self._degraded_s += (fell * both * time_s).sum(axis=0)
        of_terminals_s = time_s * self._weights.main
        for kind in self._stations:
            carried = [np.where(up[k], side[kind], -1) for k, side in enumerate((one, other))]
            self._add_moves(kind, carried, both * of_terminals_s, [up[k] * field[k] * of_terminals_s for k in range(2)])

    def _add_delays(self, both_s: np.ndarray, before_s: np.ndarray, after_s: np.ndarray) -> None:
        self._slower_s += np.where(after_s > SLOWER * before_s, both_s, 0.0).sum(axis=0)
        if self._delays is None or not both_s.any():
            return
        flat = (len(both_s), 1, -1)
        for k, rtt_s in enumerate((before_s, after_s)):
            # Where not both have service another delay stands in, with no weight.
            stand_in = rtt_s[both_s > 0.0][0]
            fine = fine_bins(np.where(both_s > 0.0, rtt_s, stand_in))
            self._delays.add(k, fine.reshape(flat), both_s.reshape(flat))

    def _add_moves(self, kind: str, carried: list[np.ndarray], both: np.ndarray, each: list[np.ndarray]) -> None:
        """Add who carries whom: terminal seconds (time, group, cell) of both, and of each side."""
        count = len(self._stations[kind]) + 1
        one, other = (np.where(side < 0, count - 1, side) for side in carried)
        nobody = np.full_like(one, count - 1)
        for start, end, weight in ((one, other, both), (one, nobody, each[0] - both), (nobody, other, each[1] - both)):
            some = weight > 0.0
            self._moves[kind] += np.bincount(start[some] * count + end[some], weight[some], count * count)
        moved = (one != other) & (both > 0.0)
        place = np.nonzero(moved)[2] * count + other[moved]
        self._taken[kind] += np.bincount(place, both[moved], len(self._taken[kind]))

    def difference(self, measured_s: float) -> Difference:
        """What has been added, as the whole."""
        takeovers = {}
        for kind, names in self._stations.items():
            count = len(names) + 1
            taken = self._taken[kind].reshape(-1, count)[:, :-1]
            takeovers[kind] = Takeover(names, self._moves[kind].reshape(count, count), taken)
        return Difference(
            ground=self._ground,
            weights=self._weights,
            measured_s=measured_s,
            field_before_s=self._field_s[0],
            field_after_s=self._field_s[1],
            served_before_s=self._served_s[0],
            served_after_s=self._served_s[1],
            both_s=self._both_s,
            slower_s=self._slower_s,
            gaps_before=self._gaps[0].count,
            gaps_after=self._gaps[1].count,
            longest_before_s=self._gaps[0].longest_s,
            longest_after_s=self._gaps[1].longest_s,
            delays=self._delays,
            rate_before=None if self._rate is None else self._rate[0],
            rate_after=None if self._rate is None else self._rate[1],
            degraded_s=self._degraded_s,
            takeovers=takeovers,
        )


def _begins(window: np.ndarray, steps: slice) -> np.ndarray:
    """Steps of a block with which a window begins."""
    before = window[steps.start - 1] if steps.start else window[0] - 1
    return np.asarray(np.diff(window[steps], prepend=before) != 0)
