"""Which share of a loss an option restores: a second operator, a new gateway, lasers switched on.

Three variants beside each other: `intact` before the loss, the one with the loss, and one with the loss and the option.
**Restored** is what intact serves, the loss takes, and the option serves again, terminal by terminal and step by step.
**Added** is what the option serves and intact does not: other terminals, which make up for the loss of a place, though
not for that of those who lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from obrii.errors import ScenarioError
from obrii.kernels import compare as kernels
from obrii.results.carried import Carrying
from obrii.results.compare import check_measured, weights_of
from obrii.results.metrics import Weights
from obrii.results.placed import by_label, ratio
from obrii.results.sides import Beside, Ground, Side
from obrii.results.summary import PEOPLE, SHARE, TERMINALS

#: What every column is.
DEFINITIONS = {
    "terminals_lost_mean": "Terminals that intact serves and the loss takes, in the mean of the measured time.",
    "terminals_restored_mean": "Those of them that the option serves again in the same step, mean.",
    "terminals_added_mean": "Terminals that the option serves and intact does not in the same step, mean.",
    "people_lost_mean": "People of the cell times the share of its terminals that the loss takes, mean.",
    "people_restored_mean": "People of the cell times the share of its terminals that are restored, mean.",
    "share_restored": "Restored over lost.",
    "share_added": "Added over lost: what other terminals make up for, above 1 where there are more of them.",
}


@dataclass(frozen=True)
class Restored:
    """What options restore of a loss over the measured time, (option, group, cell) [s]; lost_s is the same for each.

    options: names; ground, weights: as in `compare.Difference`.
    """

    ground: Ground
    weights: Weights
    measured_s: float
    options: tuple[str, ...]
    lost_s: np.ndarray
    restored_s: np.ndarray
    added_s: np.ndarray


def restored(intact: Side, loss: Side, options: Mapping[str, Side], measured: np.ndarray | None = None) -> Restored:
    """What each of some options restores of a loss.

    options: by name; measured (time,) bool: the steps that count, None for all. Raises ScenarioError as
    `compare.compare` does, and without an option.
    """
    if not options:
        raise ScenarioError("compare: no option is given; name one or more that may restore the loss")
    beside = Beside((intact, loss, *options.values()))
    weight_s = check_measured(beside.ground, measured)
    tally = RestoredTally(beside.ground, tuple(options))
    for steps in beside.steps():
        if weight_s[steps].any():
            tally.add(weight_s[steps], *beside.read(steps, ("served",)))
    return tally.restored()


class RestoredTally(Carrying):
    """Adds up what options restore of one loss, block by block: ground, names of the options."""

    CARRIES = ("_measured_s", "_total_s")

    def __init__(self, ground: Ground, options: tuple[str, ...]) -> None:
        self._ground, self._options = ground, options
        self._measured_s = 0.0
        self._total_s = np.zeros((3, len(options), *ground.terminals.shape))

    def add(self, weight_s: np.ndarray, *sides: Mapping[str, np.ndarray]) -> None:
        """Add a block: how long each step counts; of intact, the loss and each option served and present."""
        self._measured_s += float(weight_s.sum())
        intact, loss, *options = (np.ascontiguousarray(side["served"], np.int8) for side in sides)
        field = [np.asarray(side["present"], np.float64) for side in sides]
        for k, option in enumerate(options):
            lost_s, restored_s, added_s = self._total_s[:, k]
            each = np.stack([*field[:2], field[2 + k]])
            kernels.restore(weight_s, each, intact, loss, option, lost_s, restored_s, added_s)

    def restored(self) -> Restored:
        """What has been added, as the whole."""
        return Restored(self._ground, weights_of(self._ground), self._measured_s, self._options, *self._total_s)


def by(restored: Restored, label: np.ndarray, name: str = "place") -> dict[str, np.ndarray]:
    """Columns of `DEFINITIONS`, a row an option and place: option, the place under its name, and what they add up to.

    label (cell,) str: place of each cell, empty for none. Places are sorted, and options in their order.
    """
    names, places = by_label(label, restored.lost_s.shape[1:])
    weights = restored.weights
    weight = places.weight(weights)
    terminals, people = weights.terminals / restored.measured_s, weights.people / restored.measured_s

    def sums(counted: np.ndarray, values: np.ndarray) -> np.ndarray:
        """(option, group, cell) to (option * place,)."""
        return np.concatenate([places.sums(counted * of_option) for of_option in values])

    lost_s, restored_s = restored.lost_s, restored.restored_s
    columns = {
        "terminals_lost_mean": (sums(terminals, lost_s), TERMINALS),
        "terminals_restored_mean": (sums(terminals, restored_s), TERMINALS),
        "terminals_added_mean": (sums(terminals, restored.added_s), TERMINALS),
        "people_lost_mean": (sums(people, lost_s), PEOPLE),
        "people_restored_mean": (sums(people, restored_s), PEOPLE),
        "share_restored": (ratio(sums(weight, restored_s), sums(weight, lost_s)), SHARE),
        "share_added": (ratio(sums(weight, restored.added_s), sums(weight, lost_s)), SHARE),
    }
    return {
        "option": np.repeat(np.array(restored.options, np.str_), len(names)),
        name: np.tile(names, len(restored.options)),
        **{column: np.round(values, decimals) + 0.0 for column, (values, decimals) in columns.items()},
    }
