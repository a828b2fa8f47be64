"""What a variant adds: terminals in the field beyond those of intact, and how many of them have service.

They are a gain, and stated apart: nobody has lost a terminal that was not there, and what new terminals get makes up
for no loss of others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from obrii.results.carried import Carrying
from obrii.results.frame import Frame
from obrii.results.quantiles import FINE_BINS, fine_bins, fine_edges_s, quantiles


@dataclass(frozen=True)
class Added:
    """Terminals of planned groups, as far as they are in the field.

    Series (variant, time): terminals, served. In terminal seconds of the measured time, (variant, cell): field_s,
    served_s. delay_s: median and 95th percentile of `rtt` and `propagation_rtt` of those with service, (variant, 2)
    [s], NaN where there are none.
    """

    terminals: np.ndarray
    served: np.ndarray
    field_s: np.ndarray
    served_s: np.ndarray
    delay_s: dict[str, np.ndarray]


class AddedTally(Carrying):
    """Adds up what is added, block by block.

    measured (variant, time) bool: the steps that count of each variant.
    """

    CARRIES = ("_series", "_seconds", "_delays")

    def __init__(self, frame: Frame, measured: np.ndarray) -> None:
        self._frame, self._measured = frame, measured
        self._planned = np.flatnonzero(frame.planned)
        self._terminals = frame.terminals[self._planned]
        self._series = np.zeros((2, *measured.shape))
        self._seconds = np.zeros((2, len(measured), len(frame.cell)))
        self._delays = {name: np.zeros((len(measured), FINE_BINS)) for name in ("rtt", "propagation_rtt")}

    def add(self, steps: slice, variant: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Add what one variant left of a block of steps: present, served, rtt, propagation_rtt of all groups."""
        if not self._planned.size:
            return
        comes = arrays["present"][:, self._planned].any(axis=0)
        if not comes.any():
            return
        groups = self._planned[comes]
        up = arrays["served"][:, groups] == 1
        field = arrays["present"][:, groups, None].astype(np.float64) * self._terminals[comes]
        served = field * up
        weight_s = np.where(self._measured[variant, steps], self._frame.duration_s[steps], 0.0)
        for k, terminals in enumerate((field, served)):
            self._series[k, variant, steps] = terminals.sum(axis=(1, 2))
            self._seconds[k, variant] += np.einsum("t,tgc->c", weight_s, terminals)
        for name, histogram in self._delays.items():
            fine = fine_bins(arrays[name][:, groups][up])
            histogram[variant] += np.bincount(fine, (weight_s[:, None, None] * served)[up], FINE_BINS)

    def added(self) -> Added:
        """What has been added so far, as if it were the whole run."""
        return Added(
            terminals=self._series[0],
            served=self._series[1],
            field_s=self._seconds[0],
            served_s=self._seconds[1],
            delay_s={
                name: np.stack([quantiles(weight, fine_edges_s(), share) for share in (0.5, 0.95)], axis=1)
                for name, weight in self._delays.items()
            },
        )
