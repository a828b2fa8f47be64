"""What changes from one variant to another, for every group in every cell.

Terminals are counted one by one: those of a group that are in the field are its first ones, so that a terminal has
service on a side in a step if it is in the field there and its group is served in its cell.

    lost        served before and not after         both      served before and after
    gained      served after and not before         without   in the field, and not served

Times are seconds of one terminal: a group of which half are in the field counts half. Time without service and gaps are
those of terminals that are in the field on both sides, so that nobody who has been added makes up for what others miss.
A **gap** is a run of steps without service; a window, a step that is not measured, and one in which nobody of the group
is in the field on both sides end it.
Delays are compared over what both serve, each step with itself; rates over all that are in the field, where those
without service get nothing. What both serve is **degraded** where its rate at the busy hour falls below the one of use.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from obrii.errors import ScenarioError
from obrii.kernels import compare as kernels
from obrii.results.carried import Carrying
from obrii.results.metrics import Weights, weigh
from obrii.results.paired_delays import PairedDelays
from obrii.results.placed import Parts, parts_of
from obrii.results.rates import FLOAT32
from obrii.results.sides import STATIONS, Beside, Ground, Side
from obrii.schema import VARIABLES

#: A way counts as slower where it takes more than half as long again [assumption: what people notice in a call].
SLOWER = 1.5

#: Arrays that are compared beside `served`, where both sides have them.
MEASURES = ("rtt", "busy_rate")


@dataclass(frozen=True)
class Takeover:
    """Who carried whom, before and after: names of operators, gateways or PoPs.

    moves (from + 1, to + 1): terminal seconds, the last row for those without service before, the last column after;
    taken (part, to): terminal seconds of those that both serve and that another one carries after.
    """

    names: tuple[str, ...]
    moves: np.ndarray
    taken: np.ndarray


@dataclass(frozen=True)
class Difference:
    """What changes from one variant to another, over the measured time.

    ground, weights: what is compared, and what it counts; planned groups count terminals and no people. parts: of the
    cells, of which every place must be made. measured_s.
    In seconds: field_before_s, field_after_s (group,); served_before_s, served_after_s, both_s, slower_s (group, cell).
    Of what is in the field on both sides: stays_s (group,), served stays_before_s, stays_after_s (group, cell) [s];
    gaps_before, gaps_after (group, cell) i8: how many; longest_before_s, longest_after_s (group, cell): the longest
    [s]. delays: of what both serve; None without `rtt`. rate_before, rate_after (group, cell): what an active terminal
    gets at the busy hour, over time [bit]; None without `busy_rate`.
    degraded_s (group, cell): below the rate of use after and not before; None without rates, or without such a rate.
    takeovers: by kind of `STATIONS`, those that both have.
    """

    ground: Ground
    weights: Weights
    parts: Parts
    measured_s: float
    field_before_s: np.ndarray
    field_after_s: np.ndarray
    served_before_s: np.ndarray
    served_after_s: np.ndarray
    stays_s: np.ndarray
    stays_before_s: np.ndarray
    stays_after_s: np.ndarray
    both_s: np.ndarray
    slower_s: np.ndarray
    gaps_before: np.ndarray
    gaps_after: np.ndarray
    longest_before_s: np.ndarray
    longest_after_s: np.ndarray
    delays: PairedDelays | None
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
    before: Side,
    after: Side,
    measured: np.ndarray | None = None,
    usable_bps: float | None = None,
    parts: Callable[[Ground], Parts] | None = None,
) -> Difference:
    """What changes from one variant to another, of one run or of two.

    measured (time,) bool: the steps that count, as those in which an event acts; None for all. usable_bps: rate below
    which a terminal is degraded. parts: gives the least places that will be asked for; None for every cell on its own,
    which takes kilobytes a cell. Arrays are read block by block. Raises ScenarioError where the two cannot be laid
    side by side (`sides.Beside`), and where no step counts.

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
    names = {kind: beside.names(kind) for kind in STATIONS if beside.has(kind)}
    has = [name for name in MEASURES if beside.has(name)]
    least = parts_of(np.arange(len(ground.cell))) if parts is None else parts(ground)
    tally = Tally(ground, names, has, usable_bps, least)
    for steps in beside.steps():
        if not weight_s[steps].any():
            tally.pause()
            continue
        tally.add(weight_s[steps], begins(ground.window, steps), *beside.read(steps, ("served", *has, *names)))
    return tally.difference()


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


class Tally(Carrying):
    """Adds up two sides, block by block; of the run it keeps a few numbers a group and cell.

    ground: what is compared; names: of each kind of `STATIONS` that both sides tell; has: arrays of `MEASURES` that
    both have; usable_bps: rate below which a terminal is degraded; parts: the least places that will be asked for.
    """

    CARRIES = (
        "_measured_s", "_field_s", "_stays_s", "_served_s", "_of_stays_s", "_both_s", "_slower_s", "_gaps",
        "_longest_s", "_now_s", "_delays", "_rate", "_degraded_s", "_moves", "_taken",
    )  # fmt: skip

    def __init__(
        self,
        ground: Ground,
        names: Mapping[str, tuple[str, ...]],
        has: Collection[str],
        usable_bps: float | None,
        parts: Parts,
    ) -> None:
        shape = ground.terminals.shape
        self._ground, self._weights, self._parts = ground, weights_of(ground), parts
        self._measured_s = 0.0
        self._field_s, self._stays_s = np.zeros((2, shape[0])), np.zeros(shape[0])
        self._served_s, self._both_s, self._slower_s = np.zeros((2, *shape)), np.zeros(shape), np.zeros(shape)
        self._of_stays_s = np.zeros((2, *shape))
        self._gaps, self._longest_s = np.zeros((2, *shape), np.int64), np.zeros((2, *shape))
        self._now_s = np.zeros((2, *shape))
        self._delays = PairedDelays(self._weights, parts) if "rtt" in has else None
        self._rate = np.zeros((2, *shape)) if "busy_rate" in has else None
        self._usable_bps = None if usable_bps is None else (1.0 - FLOAT32) * usable_bps
        self._degraded_s = np.zeros(shape)
        self._names = dict(names)
        self._moves = {kind: np.zeros((len(of) + 1,) * 2) for kind, of in self._names.items()}
        self._taken = {kind: np.zeros((parts.count, len(of) + 1)) for kind, of in self._names.items()}

    def add(
        self,
        weight_s: np.ndarray,
        begins: np.ndarray,
        before: Mapping[str, np.ndarray],
        after: Mapping[str, np.ndarray],
    ) -> None:
        """Add a block: how long each step counts, whether a window begins with it, and the arrays of both sides.

        Of a side: served, `MEASURES` and `STATIONS` as far as they are wanted, (time, group, cell), and present (time,
        group). For a block in which nothing counts `pause` is enough.
        """
        sides = (before, after)
        field = np.stack([np.asarray(side["present"], np.float64) for side in sides])
        served = (_block(before, "served"), _block(after, "served"))
        self._measured_s += float(weight_s.sum())
        stays = np.minimum(*field)
        self._field_s += weight_s @ field
        self._stays_s += weight_s @ stays
        for k in range(2):
            kernels.service(
                weight_s, begins, field[k], stays, served[k], self._served_s[k], self._of_stays_s[k], self._gaps[k],
                self._longest_s[k], self._now_s[k],
            )  # fmt: skip
        kernels.both_served(weight_s, field, *served, self._both_s)
        if self._delays is not None:
            rtt_s = (_block(before, "rtt"), _block(after, "rtt"))
            self._delays.add(weight_s, field, served, rtt_s, SLOWER, self._slower_s)
        if self._rate is not None:
            rate_bps = (_block(before, "busy_rate"), _block(after, "busy_rate"))
            usable_bps = np.float32(-np.inf if self._usable_bps is None else self._usable_bps)
            kernels.rates(weight_s, field, *served, *rate_bps, usable_bps, self._rate, self._degraded_s)
        for kind in self._names:
            carried = (_block(before, kind, np.int16), _block(after, kind, np.int16))
            moves, taken = np.zeros_like(self._moves[kind]), np.zeros_like(self._taken[kind])
            kernels.carriers(weight_s, field, *served, *carried, self._parts.part, self._weights.main, moves, taken)
            self._moves[kind] += moves
            self._taken[kind] += taken

    def pause(self) -> None:
        """Let a block pass in which no step counts: it ends all gaps."""
        self._now_s[:] = 0.0

    def difference(self) -> Difference:
        """What has been added, as the whole."""
        rated = self._rate is not None
        return Difference(
            ground=self._ground,
            weights=self._weights,
            parts=self._parts,
            measured_s=self._measured_s,
            field_before_s=self._field_s[0],
            field_after_s=self._field_s[1],
            served_before_s=self._served_s[0],
            served_after_s=self._served_s[1],
            stays_s=self._stays_s,
            stays_before_s=self._of_stays_s[0],
            stays_after_s=self._of_stays_s[1],
            both_s=self._both_s,
            slower_s=self._slower_s,
            gaps_before=self._gaps[0],
            gaps_after=self._gaps[1],
            longest_before_s=self._longest_s[0],
            longest_after_s=self._longest_s[1],
            delays=self._delays,
            rate_before=None if self._rate is None else self._rate[0],
            rate_after=None if self._rate is None else self._rate[1],
            degraded_s=self._degraded_s if rated and self._usable_bps is not None else None,
            takeovers={
                kind: Takeover(names, self._moves[kind], self._taken[kind][:, :-1])
                for kind, names in self._names.items()
            },
        )


def _block(side: Mapping[str, np.ndarray], name: str, dtype: type | None = None) -> np.ndarray:
    """An array of a side as kernels take it."""
    return np.ascontiguousarray(side[name], dtype or VARIABLES[name].dtype)


def begins(window: np.ndarray, steps: slice) -> np.ndarray:
    """Steps of a block with which a window begins, (time,) bool; window (time,) of the whole run."""
    before = window[steps.start - 1] if steps.start else window[0] - 1
    return np.asarray(np.diff(window[steps], prepend=before) != 0)
