"""What one event touches, and how much of that at an instant.

at full strength      members of every axis     satellites, sites, cells, ...
at a part of it       the first of them         by an order that hangs on seed and event alone (`draws.ranks`)
at an instant         those over a place now, those that have ended by now, the terminals delivered by now
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from obrii.network import draws
from obrii.network.degraded import Degraded

#: For each mask of `Outages` the axis along which its members come one after another, and what that axis holds: masks
#: over the same things come in the same order.
AXES: dict[str, tuple[int, str]] = {
    "satellite": (0, "satellite"),
    "laser": (0, "laser"),
    "laser_end": (1, "satellite"),
    "site": (0, "site"),
    "there": (0, "site"),
    "antenna": (0, "antenna"),
    "fibre": (0, "fibre"),
    "core": (2, "cell"),
    "service": (2, "cell"),
    "listed": (2, "cell"),
    "licensed": (1, "cell"),
    "limit_bps": (2, "cell"),
    "present": (0, "group"),
}


@dataclass(frozen=True)
class Change:
    """What one event touches: masks by the names of `Outages`, switched off, or on where `adds`.

    seed, name: of the draw that puts members in order; limit_bps: the rate that is left to the members of the mask
    `limit_bps`; over: of (3, k) f4 positions [m], Earth-fixed, which satellites are where they are meant, (k,) bool;
    last_day (satellite,) f8: days from the start of the event after which each is off; per_day (group,) f8: share of
    each group that comes into the field a day; worse: links that it degrades, which are no members and have no order:
    all of them are touched, the less the weaker it is. None where the event knows no such thing.
    """

    masks: Mapping[str, np.ndarray]
    adds: bool = False
    seed: int = 0
    name: str = ""
    limit_bps: float = np.inf
    over: Callable[[np.ndarray], np.ndarray] | None = None
    last_day: np.ndarray | None = None
    per_day: np.ndarray | None = None
    worse: Degraded | None = None
    ranks: dict[str, np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    @property
    def moves(self) -> bool:
        """Whether what it touches hangs on where satellites fly, so that it differs from step to step."""
        return self.over is not None or (self.worse is not None and self.worse.moves)

    @property
    def grows(self) -> bool:
        """Whether what it touches hangs on how long it has held."""
        return self.last_day is not None or self.per_day is not None

    def at(self, strength: float = 1.0, days: float = 0.0, xyz_m: np.ndarray | None = None) -> Change:
        """What it touches at an instant.

        strength: share of the members, 0 to 1; days: since it started; xyz_m (3, satellite): where satellites are now,
        None for nowhere.

        >>> storm = Change({"satellite": np.array([True, True, False, True])}, seed=1, name="storm")
        >>> storm.at(0.7).masks["satellite"].tolist()
        [False, True, False, True]
        """
        masks = dict(self.masks)
        if self.over is not None:
            # Only members are looked at: to find the points below all satellites takes longer than to serve a step.
            members = np.flatnonzero(masks["satellite"])
            there = np.zeros(len(masks["satellite"]), bool)
            if xyz_m is not None:
                there[members] = self.over(xyz_m[:, members])
            masks["satellite"] = there
        if self.last_day is not None:
            masks["satellite"] = masks["satellite"] & (self.last_day <= days)
        if strength < 1.0:
            masks = {part: self._part(part, mask, strength) for part, mask in masks.items()}
        if self.per_day is not None:
            masks["present"] = masks["present"] * np.minimum(self.per_day * days, 1.0)
        worse = None if self.worse is None else self.worse.at(strength, xyz_m)
        return replace(self, masks=masks, worse=worse, ranks={})

    def _part(self, part: str, mask: np.ndarray, strength: float) -> np.ndarray:
        """The first members of a mask: as many of all that the event has on that axis as it is strong."""
        axis, what = AXES[part]
        others = tuple(k for k in range(mask.ndim) if k != axis)
        if part not in self.ranks:
            members = np.asarray(self.masks[part].any(axis=others))
            self.ranks[part] = draws.ranks(self.seed, f"{self.name}: {what}", members)
        first = draws.first(self.ranks[part], strength)
        return np.asarray(mask & np.expand_dims(first, others))
