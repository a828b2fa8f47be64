"""What a run itself leaves of comparisons: each variant against intact, as the blocks pass, and what options restore.

Tables, all over the measured steps of the variant, variant after variant in the order of the run; NUMBERS are the
columns of `differences.DEFINITIONS`, those of `restored` the columns of `restored.DEFINITIONS`:

    compared_area        variant, NUMBERS, capacity_kept
    compared_countries   variant, country, name, name_uk, NUMBERS
    compared_regions     variant, region, name, name_uk, NUMBERS
    compared_towns       variant, town, cell, latitude_deg, longitude_deg, NUMBERS
    compared_groups      variant, group, NUMBERS without operator, gateway, pop
    compared_moves       variant, kind, before, after, terminals_mean
    compared_restored, compared_restored_countries, compared_restored_regions
                         loss, of a place its code, name, name_uk; option; then what is restored

The last three are there where the scenario has an **option**: a variant with the events of another one, the loss, and
such as give something, or settings. summary.json has the row of the area under `compared` of every variant but intact,
and the rows of compared_restored under `options`; null where there is no number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from obrii.results import restored
from obrii.results.carried import Carrying
from obrii.results.compare import MEASURES, Difference, Tally, begins
from obrii.results.differences import by, by_cell, by_country, by_group, by_region, by_town, moves
from obrii.results.frame import Frame
from obrii.results.placed import Parts, parts_of
from obrii.results.sides import STATIONS, Ground, ground_of
from obrii.results.summary import SHARE, Notes

Columns = dict[str, np.ndarray]

#: What the names of these tables begin with.
PREFIX = "compared_"

#: Label of the one place that is the whole area.
_WHOLE = "whole area"


@dataclass(frozen=True)
class Known:
    """What places are called: names, in English and Ukrainian by code of country or region; town (town,) str and
    town_cell (town,) u8, H3, each once.
    """

    names: Mapping[str, tuple[str, str]]
    town: np.ndarray
    town_cell: np.ndarray

    def parts(self, ground: Ground) -> Parts:
        """Parts of the cells that countries, regions and towns are made of."""
        of_town = np.where(np.isin(ground.cell, self.town_cell), np.arange(len(ground.cell)), -1)
        return parts_of(ground.country, ground.region, of_town)


def known_places(names: Mapping[str, tuple[str, str]], town: np.ndarray, cell: np.ndarray) -> Known:
    """What places are called, from towns of which some may stand there more than once."""
    _, first = np.unique(np.array([town, cell.astype(str)]), axis=1, return_index=True)
    first = np.sort(first)
    return Known(names, town[first], cell[first].astype(np.uint64))


class Comparing(Carrying):
    """Compares every variant with intact, and options with their loss, while a run goes on.

    frame: axes of the run; measured (variant, time) bool: steps that count of each variant; notes: its towns, the names
    of its places, and its options.
    """

    CARRIES = ("_tallies", "_capacity", "_restored")

    def __init__(self, frame: Frame, measured: np.ndarray, notes: Notes) -> None:
        ground = ground_of(frame)
        towns = notes.towns
        cell = frame.cell[towns.cell] if len(towns) else np.empty(0, np.uint64)
        self._known = known_places(notes.names, towns.name, cell)
        self._frame, self._weight_s = frame, measured * frame.duration_s
        parts = self._known.parts(ground)
        of_kind = {"operator": frame.operators, "gateway": frame.gateways.name, "pop": frame.pops.name}
        names = {kind: tuple(map(str, of_kind[kind])) for kind in STATIONS}
        has = MEASURES if frame.usable_bps is not None else ("rtt",)
        self._names = ("served", "present", *has, *STATIONS)
        others = range(1, len(frame.variants))
        self._tallies = {v: Tally(ground, names, has, frame.usable_bps, parts) for v in others}
        self._capacity = np.full(measured.shape, np.nan)
        of_loss: dict[str, list[str]] = {}
        for loss, option in notes.options:
            of_loss.setdefault(loss, []).append(option)
        index = {name: v for v, name in enumerate(frame.variants)}
        self._losses = {index[loss]: [index[option] for option in found] for loss, found in of_loss.items()}
        self._restored = {
            loss: restored.RestoredTally(ground, tuple(frame.variants[v] for v in found))
            for loss, found in self._losses.items()
        }
        self._intact: Mapping[str, np.ndarray] = {}
        self._sides: dict[int, Mapping[str, np.ndarray]] = {}

    def add(self, steps: slice, variant: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Add what one variant left of a block of steps; blocks come in order, and in each intact before all others."""
        if "capacity" in arrays:
            self._capacity[variant, steps] = arrays["capacity"].sum(axis=-1)
        if variant == 0:
            self._intact = {name: arrays[name] for name in self._names}
        elif self._weight_s[variant, steps].any():
            weight_s = self._weight_s[variant, steps]
            self._tallies[variant].add(weight_s, begins(self._frame.window, steps), self._intact, arrays)
        else:
            self._tallies[variant].pause()
        self._sides[variant] = {name: arrays[name] for name in ("served", "present")}
        if variant < len(self._frame.variants) - 1:
            return
        for loss, options in self._losses.items():
            weight_s = self._weight_s[loss, steps]
            if weight_s.any():
                self._restored[loss].add(weight_s, *(self._sides[v] for v in (0, loss, *options)))
        # Nothing of a block is held on to while the next one is computed.
        self._intact, self._sides = {}, {}

    def tables(self) -> dict[str, Columns]:
        """All tables of a run, by name."""
        each = []
        for v, tally in self._tallies.items():
            capacity = self._capacity[0], self._capacity[v]
            found = difference_tables(tally.difference(), self._known, capacity_kept(self._weight_s[v], *capacity))
            each.append(_named("variant", self._frame.variants[v], found))
        again = [
            _named("loss", self._frame.variants[loss], restored_tables(tally.restored(), self._known))
            for loss, tally in self._restored.items()
        ]
        return {PREFIX + name: columns for name, columns in {**_together(each), **_together(again)}.items()}


def difference_tables(
    found: Difference, known: Known, capacity: np.ndarray, *, cells: bool = False
) -> dict[str, Columns]:
    """Tables of one comparison; cells: with one of cells, where every cell is a part of its own."""
    area = by(found, np.full(len(found.ground.cell), _WHOLE), "area")
    return {
        "area": {**_without(area, "area"), "capacity_kept": capacity},
        "countries": _called(by_country(found), "country", known),
        "regions": _called(by_region(found), "region", known),
        "towns": by_town(found, known.town, known.town_cell),
        "groups": by_group(found),
        **({"cells": by_cell(found)} if cells else {}),
        "moves": _moves(found),
    }


def restored_tables(found: restored.Restored, known: Known) -> dict[str, Columns]:
    """Tables of what options restore of one loss."""
    ground = found.ground
    every = restored.by(found, np.full(len(ground.cell), _WHOLE), "area")
    return {
        "restored": _without(every, "area"),
        "restored_countries": _called(restored.by(found, ground.country, "country"), "country", known),
        "restored_regions": _called(restored.by(found, ground.region, "region"), "region", known),
    }


def capacity_kept(weight_s: np.ndarray, before_bps: np.ndarray, after_bps: np.ndarray) -> np.ndarray:
    """Capacity after over that before in the steps that count, (1,); NaN without rates.

    weight_s (time,): how long each step counts; before_bps, after_bps (time,): of all operators together.
    """
    before, after = weight_s @ before_bps, weight_s @ after_bps
    return np.round([after / before if before > 0.0 else np.nan], SHARE)


def _called(columns: Columns, key: str, known: Known) -> Columns:
    """Places with their names beside their codes."""
    names = [known.names.get(code, (code, code)) for code in columns[key].tolist()]
    of_language = np.array(names, np.str_).reshape(-1, 2)
    beside = {"name": of_language[:, 0], "name_uk": of_language[:, 1]}
    return {key: columns[key], **beside, **_without(columns, key)}


def _moves(found: Difference) -> Columns:
    """Who carried whom, of every kind that is known, one after the other."""
    of_kinds = {kind: moves(found, kind) for kind in found.takeovers}
    kinds = [np.full(len(columns["before"]), kind) for kind, columns in of_kinds.items()]
    empty = {"before": np.empty(0, np.str_), "after": np.empty(0, np.str_), "terminals_mean": np.empty(0)}
    return {
        "kind": np.concatenate([np.empty(0, np.str_), *kinds]),
        **{name: np.concatenate([none, *(of[name] for of in of_kinds.values())]) for name, none in empty.items()},
    }


def _without(columns: Columns, key: str) -> Columns:
    return {name: values for name, values in columns.items() if name != key}


def _named(key: str, name: str, tables: Mapping[str, Columns]) -> dict[str, Columns]:
    """Tables with the name of a variant in front of every row."""
    found = {}
    for table, columns in tables.items():
        rows = len(next(iter(columns.values())))
        found[table] = {key: np.full(rows, name), **columns}
    return found


def _together(parts: list[dict[str, Columns]]) -> dict[str, Columns]:
    """Tables of several comparisons, one after the other."""
    return {
        table: {name: np.concatenate([part[table][name] for part in parts]) for name in columns}
        for table, columns in (parts[0] if parts else {}).items()
    }
