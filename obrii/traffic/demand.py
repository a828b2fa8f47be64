"""Who asks for how much: terminals by group and cell, and how many of them are active when."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from obrii.traffic import curves


@dataclass(frozen=True)
class Demand:
    """What terminals ask for on all cells of a run: area, halo, own cells of pairs; arrays are read-only.

    terminals (group + 1, cell) f8: a row a group of the area, and last the terminals of others, who compete around the
    area and are not reported: the sum of others (operator, cell) f8, those of each operator; busy_share (group + 1,)
    f8: share of them that is active in the busiest hour; peak_bps (group + 1,) f8: what an active one uses at most;
    priority (group + 1,) i1: whose turn it is, the lower first; hourly (24,) f8: demand at each full hour of local
    solar time, as a share of the busiest; longitude_deg (cell,) f8; growth: times the terminals of the area to try.

    >>> given = {"busy_share": [0.04, 0.1], "peak_bps": [1e8, 5e7], "priority": [1, 1], "longitude_deg": [30, 20]}
    >>> demand = Demand([[25, 0], [0, 50]], others=[[0, 50]], hourly=curves.curve("residential"), **given)
    >>> demand.hour_share(np.datetime64("2022-10-03T02:00:00", "ns")).round(3).tolist()
    [0.25, 0.263]
    """

    terminals: np.ndarray
    others: np.ndarray
    busy_share: np.ndarray
    peak_bps: np.ndarray
    priority: np.ndarray
    hourly: np.ndarray
    longitude_deg: np.ndarray
    growth: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name != "growth":
                dtype = np.int8 if field.name == "priority" else np.float64
                array: np.ndarray = np.ascontiguousarray(getattr(self, field.name), dtype=dtype)
                array.setflags(write=False)
                object.__setattr__(self, field.name, array)

    def hour_share(self, utc: np.datetime64) -> np.ndarray:
        """Active terminals at an instant as a share of those in the busiest hour, by local solar time, (cell,) f8."""
        return curves.shares(self.hourly, self._ahead_h, utc)

    @cached_property
    def stands(self) -> np.ndarray:
        """Where terminals of each group stand, (group, cell) bool."""
        return self.terminals[:-1] > 0

    @cached_property
    def _ahead_h(self) -> np.ndarray:
        return curves.ahead_h(self.longitude_deg)
