"""How long terminals stay with a satellite: handovers from step to step, and the time that each satellite serves.

Steps are compared within a window only. A run whose steps do not remember each other chooses anew in every step, and
so overstates handovers and understates times.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from obrii.constants import NANOSECONDS
from obrii.errors import ModelError
from obrii.kernels import tallies
from obrii.results.carried import Arrays, Carrying, there

#: Seconds of an hour.
_HOUR_S = 3600.0


class Following(Carrying):
    """Follows who serves, from block to block: memory is a block's and one step's of every variant.

    utc (time,) datetime64[ns], window (time,), duration_s (time,): the steps of the run.

    >>> utc = np.array(["2026-01-01T00:00:00", "2026-01-01T00:00:15", "2026-01-01T00:00:30"], "datetime64[ns]")
    >>> following = Following(utc, np.zeros(3, int), np.full(3, 15.0))
    >>> found = following.add(slice(0, 3), 0, np.array([7, 7, 8]).reshape(3, 1, 1))
    >>> {name: array.ravel().tolist() for name, array in found.items()}
    {'handover': [-1, 0, 1], 'serving_s': [15.0, 30.0, 15.0]}
    """

    def __init__(self, utc: np.ndarray, window: np.ndarray, duration_s: np.ndarray) -> None:
        self._start_s = (utc - utc[:1]) / np.timedelta64(1, "ns") / NANOSECONDS
        self._duration_s = duration_s
        self._begins = np.diff(window, prepend=window[:1] - 1) != 0
        # Of each variant: the satellites of the last step that was added, and since when they have served.
        self._last: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def add(self, steps: slice, variant: int, satellite: np.ndarray) -> dict[str, np.ndarray]:
        """The arrays `handover` and `serving_s` of a block, of the shape of satellite (time, group, cell), -1 for none.

        Blocks of a variant come in order.
        """
        if variant not in self._last:
            self._last[variant] = np.full(satellite.shape[1:], -1, satellite.dtype), np.zeros(satellite.shape[1:])
        elif self._last[variant][0].shape != satellite.shape[1:]:
            raise ModelError(f"handovers: (group, cell) {satellite.shape[1:]}; before {self._last[variant][0].shape}")
        handover, serving_s = np.empty(satellite.shape, np.int8), np.empty(satellite.shape, np.float32)
        # Times are counted from the start of the run, so that they are the same however the run is cut into blocks.
        of_steps = (self._start_s[steps], self._duration_s[steps], self._begins[steps])
        tallies.follow(*of_steps, satellite, *self._last[variant], handover, serving_s)
        return {"handover": handover, "serving_s": serving_s}

    def carried(self) -> Arrays:
        """Satellites of the last step that was added, and since when they have served, of every variant so far."""
        return {
            f"{name}.{variant}": array
            for variant, last in self._last.items()
            for name, array in zip(("satellite", "since_s"), last, strict=True)
        }

    def carry_on(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Go on from what was carried."""
        self._last = {}
        while (satellite := arrays.get(f"satellite.{len(self._last)}")) is not None:
            since_s = there(f"since_s.{len(self._last)}", arrays, np.float64, *satellite.shape)
            self._last[len(self._last)] = satellite, since_s


class HandoverTally(Carrying):
    """Adds up handovers and times of service, weighted by the terminals of groups in cells.

    weight (group, cell): what each counts; memory does not grow with the length of a run.
    """

    CARRIES = ("_changes", "_known_s", "_serving", "_served_s")

    def __init__(self, variants: int, weight: np.ndarray) -> None:
        self._weight = weight.ravel()
        self._changes, self._known_s = np.zeros(variants), np.zeros(variants)
        self._serving, self._served_s = np.zeros(variants), np.zeros(variants)

    def add(self, variant: int, measured_s: np.ndarray, handover: np.ndarray, serving_s: np.ndarray) -> None:
        """Add a block: measured_s (time,) how long each step counts; the arrays (time, group, cell) of `Following`."""
        handover, serving_s = (np.ascontiguousarray(each).reshape(len(each), -1) for each in (handover, serving_s))
        sums = np.empty((len(measured_s), 4))
        tallies.sum_stays(handover, serving_s, self._weight, sums)
        self._changes[variant] += (measured_s > 0) @ sums[:, 0]
        self._known_s[variant] += measured_s @ sums[:, 1]
        self._serving[variant] += measured_s @ sums[:, 2]
        self._served_s[variant] += measured_s @ sums[:, 3]

    def per_hour(self) -> np.ndarray:
        """Handovers an hour of a terminal that has service, (variant,), NaN where none has it in two steps running."""
        return _HOUR_S * _ratio(self._changes, self._known_s)

    def serving_s(self) -> np.ndarray:
        """How long, on average over terminals and time, the satellite that serves has served so far, (variant,)."""
        return _ratio(self._serving, self._served_s)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
