"""Variants of runs side by side: the same steps, groups and cells of each, block by block.

Two variants of one run always fit. Those of two runs fit where they look at the same instants; cells and groups are
found by id and name. A group that only one of them has is not in the field in the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xarray

from obrii.errors import ScenarioError, nearest
from obrii.results.frame import Frame

#: Arrays that tell what serves: name of the array, and of the axis that it counts on.
STATIONS = {"operator": "operator_name", "gateway": "gateway_name", "pop": "pop_name"}

#: Steps that are looked at together, where the results were not stored in blocks.
_BLOCK = 64

#: What stands where a group is not in the field, by kind of number.
_NOTHING = {"f": np.nan, "i": -1}


@dataclass(frozen=True)
class Side:
    """One variant of a run: its results, as `Store.dataset` gives them, and the variant's name.

    Raises ScenarioError for a variant that is not there, and for results without `served`.
    """

    results: xarray.Dataset
    variant: str = "intact"

    def __post_init__(self) -> None:
        known = self.words("variant")
        if self.variant not in known:
            hint = nearest(self.variant, known) or f"; there are {', '.join(known)}"
            raise ScenarioError(f"compare: no variant '{self.variant}' in these results{hint}")
        if "served" not in self.results:
            raise ScenarioError('compare: the results do not hold "served"; run with it in output.keep')

    @property
    def index(self) -> int:
        """Where the variant stands on its axis."""
        return self.words("variant").index(self.variant)

    def words(self, name: str) -> list[str]:
        """Names along an axis; none where the results have no such axis."""
        return list(map(str, self.results[name].values.tolist())) if name in self.results.coords else []


@dataclass(frozen=True)
class Ground:
    """What is the same on all sides; arrays are read-only.

    groups: names; standing (group,) bool: there in intact of the first side; terminals (group, cell) f8; cell (cell,)
    u8, H3; latitude_deg, longitude_deg, people (cell,) f8; country, region (cell,) str; window (time,) i4; duration_s
    (time,) f8.
    """

    groups: tuple[str, ...]
    standing: np.ndarray
    terminals: np.ndarray
    cell: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    country: np.ndarray
    region: np.ndarray
    people: np.ndarray
    window: np.ndarray
    duration_s: np.ndarray


class Beside:
    """Several variants beside each other: what they share, and their arrays block by block.

    Raises ScenarioError where they look at other instants, share no cell, or have other terminals in a group.
    """

    def __init__(self, sides: Sequence[Side]) -> None:
        self._sides = tuple(sides)
        first = self._sides[0].results
        for side in self._sides[1:]:
            _check_times(first, side.results)
        groups = tuple(dict.fromkeys(name for side in self._sides for name in side.words("group")))
        ids = [np.asarray(side.results["cell"].values, np.uint64) for side in self._sides]
        common = ids[0][np.all([np.isin(ids[0], other) for other in ids], axis=0)]
        if not len(common):
            raise ScenarioError("compare: the two runs have no cell in common; compare runs of the same area")
        self._cells = [_places(common, own) for own in ids]
        self._groups = [np.array([_find(side.words("group"), name) for name in groups]) for side in self._sides]
        self._index = [side.index for side in self._sides]
        known = {kind: {word: k for k, word in enumerate(self.names(kind))} for kind in STATIONS}
        self._own = [
            {kind: np.array([known[kind][word] for word in side.words(axis)]) for kind, axis in STATIONS.items()}
            for side in self._sides
        ]
        of_first = {name: _coordinate(first, name)[self._cells[0]] for name in _OF_CELLS}
        self.ground = Ground(
            groups=groups,
            standing=self._standing(),
            terminals=self._terminals(groups),
            cell=common,
            latitude_deg=of_first["latitude"],
            longitude_deg=of_first["longitude"],
            country=of_first["country"],
            region=of_first["region"],
            people=of_first["people"],
            window=np.asarray(first["window"].values),
            duration_s=np.asarray(first["duration_s"].values, np.float64),
        )

    def has(self, name: str) -> bool:
        """Whether all sides have an array."""
        return all(name in side.results for side in self._sides)

    def names(self, kind: str) -> tuple[str, ...]:
        """What any side counts on the axis of a kind of `STATIONS`, each once."""
        return tuple(dict.fromkeys(name for side in self._sides for name in side.words(STATIONS[kind])))

    def steps(self) -> Iterator[slice]:
        """Steps of each block, as the results were stored."""
        count = len(self.ground.duration_s)
        chunks = self._sides[0].results["served"].encoding.get("chunks") or (1, _BLOCK)
        for low in range(0, count, int(chunks[1])):
            yield slice(low, min(low + int(chunks[1]), count))

    def read(self, steps: slice, names: Sequence[str]) -> list[dict[str, np.ndarray]]:
        """The arrays of each side by name in a block: (time, group, cell), and `present` (time, group) f8.

        What counts stations counts on the axis of `names`, whatever each side's own axis is.
        """
        return [self._read(k, steps, names) for k in range(len(self._sides))]

    def _read(self, k: int, steps: slice, names: Sequence[str]) -> dict[str, np.ndarray]:
        side, group = self._sides[k], self._groups[k]
        there = group >= 0
        out = {}
        for name in names:
            # Without its coordinates an array is read in half the time.
            block = side.results[name].variable[self._index[k], steps].values
            # Most often both sides have the same groups and cells, and nothing has to be copied.
            if not _in_order(group, block.shape[1]):
                block = block[:, group]
                block[:, ~there] = _NOTHING[block.dtype.kind]
            if not _in_order(self._cells[k], block.shape[2]):
                block = block[:, :, self._cells[k]]
            if name in STATIONS and not _in_order(self._own[k][name], len(self._own[k][name])):
                block = np.append(self._own[k][name], -1)[block]
            out[name] = block
        present = np.ones((steps.stop - steps.start, len(group)))
        if "present" in side.results:
            present = side.results["present"].variable[self._index[k], steps].values[:, group].astype(np.float64)
        out["present"] = present * there
        return out

    def _standing(self) -> np.ndarray:
        """Groups that are in the field at the start of intact of the first side."""
        results, group = self._sides[0].results, self._groups[0]
        there = group >= 0
        if "present" not in results:
            return there
        return np.asarray(there & (results["present"][0, 0].values[group] > 0))

    def _terminals(self, groups: Sequence[str]) -> np.ndarray:
        """Terminals of every group, (group, cell), which all sides that have the group must agree on."""
        out = np.full((len(groups), len(self._cells[0])), np.nan)
        for side, group, cells in zip(self._sides, self._groups, self._cells, strict=True):
            terminals = np.asarray(side.results["terminals"].values, np.float64)
            for g in np.flatnonzero(group >= 0).tolist():
                own = terminals[group[g], cells]
                if not np.isnan(out[g]).all() and not np.array_equal(out[g], own):
                    raise ScenarioError(
                        f"compare: group '{groups[g]}' has other terminals in the two runs; put the same ones there"
                    )
                out[g] = own
        return out


_OF_CELLS = ("latitude", "longitude", "country", "region", "people")


def ground_of(frame: Frame) -> Ground:
    """What is the same in all variants of one run."""
    return Ground(
        groups=frame.groups,
        standing=~frame.planned,
        terminals=frame.terminals,
        cell=frame.cell,
        latitude_deg=frame.latitude_deg,
        longitude_deg=frame.longitude_deg,
        country=frame.country,
        region=frame.region,
        people=frame.people,
        window=frame.window,
        duration_s=frame.duration_s,
    )


def _coordinate(results: xarray.Dataset, name: str) -> np.ndarray:
    values = results[name].values
    return values if values.dtype.kind in "fiu" else np.array(values.tolist(), np.str_)


def _check_times(one: xarray.Dataset, other: xarray.Dataset) -> None:
    for name in ("time", "window", "duration_s"):
        if not np.array_equal(one[name].values, other[name].values):
            raise ScenarioError("compare: the two runs look at other instants; give both the same [time]")


def _places(wanted: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Index of each wanted id among a side's own, every one of which is there."""
    order = np.argsort(own, kind="stable")
    return np.asarray(order[np.searchsorted(own[order], wanted)])


def _in_order(index: np.ndarray, count: int) -> bool:
    """Whether an index names everything in its own order."""
    return len(index) == count and bool((index == np.arange(count)).all())


def _find(names: Sequence[str], name: str) -> int:
    return names.index(name) if name in names else -1
