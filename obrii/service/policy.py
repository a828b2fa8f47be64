"""Who may be served, and from which PoP."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Homes:
    """Lists of home PoPs, each in the order in which one takes over from another."""

    lists: tuple[tuple[int, ...], ...]

    def now(self, pop_on: np.ndarray) -> np.ndarray:
        """The PoP that each list uses: the first of it that is on, -1 where none is.

        pop_on: (pop,) bool. Returns (list,) i4.

        >>> Homes(((0, 1), (2,))).now(np.array([False, True, False])).tolist()
        [1, -1]
        """
        return np.array([next((pop for pop in order if pop_on[pop]), -1) for order in self.lists], np.int32)
