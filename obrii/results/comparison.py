"""Two variants of finished runs compared, as tables: the area, countries, regions, towns, groups, cells, who took over.

The measured time is that of `obrii run`: the steps in which an event of the variant after acts, or else the whole run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from obrii.errors import DataError, ScenarioError
from obrii.results import compare, differences, restored
from obrii.results.differences import by, by_cell, by_country, by_group, by_region, by_town, moves
from obrii.results.finished import FinishedRun
from obrii.results.sides import Side
from obrii.results.summary import SHARE
from obrii.timegrid import instant

Columns = dict[str, np.ndarray]

#: Columns of a table that say what a row is about, and are no numbers of the comparison.
PLACES = {
    "country": "Country, ISO 3166-1 alpha-3.",
    "region": "Region, ISO 3166-2.",
    "name": "Name of the country or region in English.",
    "name_uk": "Its name in Ukrainian.",
    "town": "Town; its numbers are those of its cell.",
    "group": "Group of terminals.",
    "cell": "Hexagon of H3: a whole number in Parquet, hexadecimal digits elsewhere.",
    "latitude_deg": "Latitude of the centre of the cell.",
    "longitude_deg": "Longitude of the centre of the cell.",
    "kind": "What carries: operator, gateway or PoP.",
    "option": "Variant that may restore the loss.",
}

#: What the table of the whole area has beyond those of places.
OF_AREA = {
    "capacity_kept": (
        "What all terminals would get together at the busy hour if each were active and used all it got after, over "
        "the same before."
    ),
}

#: Label of the one place that is the whole area.
_WHOLE = "whole area"


@dataclass(frozen=True)
class Case:
    """One side of a comparison: the run, as its directory is called, and the variant."""

    run: str
    variant: str


@dataclass(frozen=True)
class Measured:
    """The time over which a comparison is taken: steps that count, of how many, their length in all [s], and events of
    the variant after that act in them; none where it is the whole run."""

    steps: int
    of: int
    seconds: float
    events: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """What changes from one variant to another: tables by name, their columns as `DEFINITIONS` of `differences`, of
    `restored` and `PLACES` say; usable_bps: rate below which a terminal is degraded; notices: what a user should know;
    translation: what the scenarios say, by language and text.
    """

    before: Case
    after: Case
    measured: Measured
    tables: dict[str, Columns]
    usable_bps: float | None = None
    notices: tuple[str, ...] = ()
    translation: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def two_runs(self) -> bool:
        """Whether the sides are of different runs."""
        return self.before.run != self.after.run


def compare_runs(
    one: FinishedRun, before: str, other: FinishedRun, after: str, options: Sequence[str] = ()
) -> Comparison:
    """Compare a variant of a run with one of the same or another run.

    options: variants of the run after, that may restore what is lost. Raises ScenarioError for a variant that is not
    there, one compared with itself, and runs of other steps or areas.
    """
    if one.path.resolve() == other.path.resolve() and before == after:
        raise ScenarioError(f"{one.path}: '{before}' is compared with itself; name another variant, or another run")
    sides = one.side(before), other.side(after)
    in_both = _check_alike(one, other)
    acting = other.acting(after)
    usable_bps = other.summary.get("usable_bps")
    found = compare.compare(*sides, acting, usable_bps)
    every = np.full(len(found.ground.cell), _WHOLE)
    area = {**by(found, every, "area"), "capacity_kept": _capacity_kept(sides, acting, found.ground.duration_s)}
    tables = {
        "area": _without(area, "area"),
        "countries": _named(by_country(found), one, "country", "countries"),
        "regions": _named(by_region(found), one, "region", "regions"),
        "towns": _towns(found, one),
        "groups": by_group(found),
        "cells": by_cell(found),
        "moves": _moves(found),
        **_restored(one, sides, {name: other.side(name) for name in options}, acting),
    }
    events = tuple(dict.fromkeys(event["name"] for event in other.events(after)))
    measured = Measured(int(acting.sum()), len(acting), found.measured_s, events if other.acts(after) else ())
    notices = []
    if in_both < 1.0:
        notices.append(f"{one.path} and {other.path} share {len(every)} cells, {in_both:.0%} of both; only those count")
    if one.summary.get("usable_bps") != usable_bps:
        notices.append(f"a terminal is degraded below the rate of use of {other.path}, on both sides")
    return Comparison(
        before=Case(str(one.path), before),
        after=Case(str(other.path), after),
        measured=measured,
        tables=tables,
        usable_bps=usable_bps,
        notices=tuple(notices),
        translation=_translation(one, other),
    )


def _translation(*runs: FinishedRun) -> dict[str, dict[str, str]]:
    """What the scenarios of some runs say in other languages, by language and English text."""
    found: dict[str, dict[str, str]] = {}
    for run in runs:
        for language, texts in run.summary.get("translation", {}).items():
            found[language] = {**found.get(language, {}), **texts}
    return found


def _check_alike(one: FinishedRun, other: FinishedRun) -> float:
    """Share of all cells of two runs that both have; raises ScenarioError where they cannot be laid side by side."""
    if one.path == other.path:
        return 1.0
    steps = [_steps(run) for run in (one, other)]
    same = all(np.array_equal(one.results[name].values, other.results[name].values) for name in ("time", "duration_s"))
    if not same:
        raise ScenarioError(
            f"{one.path} and {other.path}: other steps, {steps[0]} and {steps[1]}; give both runs the same [time]"
        )
    cells = [np.asarray(run.results["cell"].values, np.uint64) for run in (one, other)]
    both = np.isin(cells[0], cells[1]).sum()
    if not both:
        areas = [f"{len(of)} cells of {_countries(run)}" for of, run in zip(cells, (one, other), strict=True)]
        raise ScenarioError(
            f"{one.path} and {other.path}: other areas, {areas[0]} and {areas[1]}, with no cell in common; "
            "compare runs of the same area and resolution"
        )
    return float(both / (len(cells[0]) + len(cells[1]) - both))


def _steps(run: FinishedRun) -> str:
    utc, duration_s = run.results["time"].values, run.results["duration_s"].values
    return f"{len(utc)} of {duration_s[0]:g} s from {instant(utc[0])}"


def _countries(run: FinishedRun) -> str:
    codes = sorted({code for code in run.results["country"].values.tolist() if code})
    return ", ".join(codes[:3]) + (f" and {len(codes) - 3} more" if len(codes) > 3 else "") if codes else "the sea"


def _capacity_kept(sides: tuple[Side, Side], acting: np.ndarray, duration_s: np.ndarray) -> np.ndarray:
    """Capacity after over that before in the steps that count, (1,); NaN without rates."""
    if not all("capacity" in side.results for side in sides):
        return np.array([np.nan])
    weight_s = acting * duration_s
    before, after = (weight_s @ side.results["capacity"][side.index].values.sum(axis=-1) for side in sides)
    return np.round([after / before if before > 0.0 else np.nan], SHARE)


def _named(columns: Columns, run: FinishedRun, key: str, table: str) -> Columns:
    """Places with the names that the run gives them beside their codes."""
    known = run.table(table)
    rows = [dict(zip(known[key].tolist(), known[name].tolist(), strict=True)) for name in ("name", "name_uk")]
    codes = columns[key].tolist()
    names = {
        name: np.array([row.get(code) or code for code in codes], np.str_)
        for name, row in zip(("name", "name_uk"), rows, strict=True)
    }
    return {key: columns[key], **names, **_without(columns, key)}


def _towns(found: compare.Difference, run: FinishedRun) -> Columns:
    known = run.table("towns")
    if "cell" not in known:
        raise DataError(f"{run.path}: its towns have no cells; run the scenario again with this version")
    _, first = np.unique(np.array([known["town"], known["cell"].astype(str)]), axis=1, return_index=True)
    first = np.sort(first)
    return by_town(found, known["town"][first], known["cell"][first].astype(np.uint64))


def _moves(found: compare.Difference) -> Columns:
    """Who carried whom, of every kind that is known, one after the other."""
    of_kinds = {kind: moves(found, kind) for kind in found.takeovers}
    kinds = [np.full(len(columns["before"]), kind) for kind, columns in of_kinds.items()]
    empty = {"before": np.empty(0, np.str_), "after": np.empty(0, np.str_), "terminals_mean": np.empty(0)}
    return {
        "kind": np.concatenate([np.empty(0, np.str_), *kinds]),
        **{name: np.concatenate([none, *(of[name] for of in of_kinds.values())]) for name, none in empty.items()},
    }


def _restored(
    run: FinishedRun, sides: tuple[Side, Side], options: dict[str, Side], acting: np.ndarray
) -> dict[str, Columns]:
    """Tables of what options restore; none without options."""
    if not options:
        return {}
    found = restored.restored(*sides, options, acting)
    ground = found.ground
    every = np.full(len(ground.cell), _WHOLE)
    return {
        "restored": _without(restored.by(found, every, "area"), "area"),
        "restored_countries": _named(restored.by(found, ground.country, "country"), run, "country", "countries"),
        "restored_regions": _named(restored.by(found, ground.region, "region"), run, "region", "regions"),
    }


def _without(columns: Columns, key: str) -> Columns:
    return {name: values for name, values in columns.items() if name != key}


#: What each column of each kind of table is.
DEFINITIONS = {
    "places": PLACES,
    "differences": {**differences.DEFINITIONS, **OF_AREA},
    "moves": differences.MOVES,
    "restored": restored.DEFINITIONS,
}
