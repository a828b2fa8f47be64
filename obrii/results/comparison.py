"""Two variants of finished runs compared, as tables: the area, countries, regions, towns, groups, cells, who took over.

The measured time is that of `obrii run`: the steps in which an event of the variant after acts that takes something
away, else one that gives, or else the whole run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from obrii.errors import DataError, ScenarioError
from obrii.results import compare, differences, restored
from obrii.results.compared import (
    PREFIX,
    Columns,
    Known,
    capacity_kept,
    difference_tables,
    known_places,
    restored_tables,
)
from obrii.results.finished import FinishedRun
from obrii.results.sides import Side
from obrii.timegrid import instant

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
    one: FinishedRun, before: str, other: FinishedRun, after: str, options: Sequence[str] = (), *, cells: bool = True
) -> Comparison:
    """Compare a variant of a run with one of the same or another run.

    options: variants of the run after, that may restore what is lost; cells: with a table of cells, for which arrays
    are read even where the run has left all other tables. Raises ScenarioError for a variant that is not there, one
    compared with itself, and runs of other steps or areas.
    """
    if one.path.resolve() == other.path.resolve() and before == after:
        raise ScenarioError(f"{one.path}: '{before}' is compared with itself; name another variant, or another run")
    sides = one.side(before), other.side(after)
    beside = {name: other.side(name) for name in options}
    common, in_both = _check_alike(one, other)
    acting = other.acting(after)
    usable_bps = other.summary.get("usable_bps")
    duration_s = np.asarray(one.results["duration_s"].values)
    known = _known(one)
    plain = one.path == other.path and before == one.variants[0] and not cells
    left = _left(one, after, options) if plain else {}
    tables = left or _compared(sides, known, acting, usable_bps, cells=cells)
    if options and "restored" not in tables:
        tables |= restored_tables(restored.restored(*sides, beside, acting), known)
    events = tuple(dict.fromkeys(event["name"] for event in other.events(after) if event.get("measured", True)))
    measured_s = float((acting * duration_s).sum())
    measured = Measured(int(acting.sum()), len(acting), measured_s, events if other.acts(after) else ())
    notices = []
    if in_both < 1.0:
        notices.append(f"{one.path} and {other.path} share {common} cells, {in_both:.0%} of both; only those count")
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


def _check_alike(one: FinishedRun, other: FinishedRun) -> tuple[int, float]:
    """Cells that two runs both have, and their share of all; ScenarioError where they cannot be laid side by side."""
    if one.path == other.path:
        return len(one.results["cell"]), 1.0
    steps = [_steps(run) for run in (one, other)]
    same = all(np.array_equal(one.results[name].values, other.results[name].values) for name in ("time", "duration_s"))
    if not same:
        raise ScenarioError(
            f"{one.path} and {other.path}: other steps, {steps[0]} and {steps[1]}; give both runs the same [time]"
        )
    cells = [np.asarray(run.results["cell"].values, np.uint64) for run in (one, other)]
    both = int(np.isin(cells[0], cells[1]).sum())
    if not both:
        areas = [f"{len(of)} cells of {_countries(run)}" for of, run in zip(cells, (one, other), strict=True)]
        raise ScenarioError(
            f"{one.path} and {other.path}: other areas, {areas[0]} and {areas[1]}, with no cell in common; "
            "compare runs of the same area and resolution"
        )
    return both, both / (len(cells[0]) + len(cells[1]) - both)


def _steps(run: FinishedRun) -> str:
    utc, duration_s = run.results["time"].values, run.results["duration_s"].values
    return f"{len(utc)} of {duration_s[0]:g} s from {instant(utc[0])}"


def _countries(run: FinishedRun) -> str:
    codes = sorted({code for code in run.results["country"].values.tolist() if code})
    return ", ".join(codes[:3]) + (f" and {len(codes) - 3} more" if len(codes) > 3 else "") if codes else "the sea"


def _compared(
    sides: tuple[Side, Side], known: Known, acting: np.ndarray, usable_bps: float | None, *, cells: bool
) -> dict[str, Columns]:
    """Tables of a comparison from the arrays of both sides."""
    found = compare.compare(*sides, acting, usable_bps, None if cells else known.parts)
    return difference_tables(found, known, _capacity_kept(sides, acting, found.ground.duration_s), cells=cells)


def _left(run: FinishedRun, after: str, options: Sequence[str]) -> dict[str, Columns]:
    """Tables of a comparison with intact that the run itself left; none where it did not.

    Those of options only if it left all of them.
    """
    names = [name for name in run.tables if name.startswith(PREFIX)]
    if PREFIX + "area" not in names:
        return {}
    found = {}
    for name in ("area", "countries", "regions", "towns", "groups", "moves"):
        columns = run.table(PREFIX + name)
        mine = np.flatnonzero(columns.pop("variant") == after)
        found[name] = {key: values[mine] for key, values in columns.items()}
    for name in ("restored", "restored_countries", "restored_regions"):
        columns = run.table(PREFIX + name) if options and PREFIX + name in names else {}
        mine = columns.pop("loss") == after if columns else np.zeros(0, bool)
        if set(options) <= set(columns["option"][mine].tolist() if columns else []) and options:
            rows = np.concatenate([np.flatnonzero(mine & (columns["option"] == option)) for option in options])
            found[name] = {key: values[rows] for key, values in columns.items()}
    return found


def _capacity_kept(sides: tuple[Side, Side], acting: np.ndarray, duration_s: np.ndarray) -> np.ndarray:
    if not all("capacity" in side.results for side in sides):
        return np.array([np.nan])
    before, after = (side.results["capacity"][side.index].values.sum(axis=-1) for side in sides)
    return capacity_kept(acting * duration_s, before, after)


def _known(run: FinishedRun) -> Known:
    """What a run calls its places."""
    names: dict[str, tuple[str, str]] = {}
    for table, key in (("countries", "country"), ("regions", "region")):
        known = run.table(table)
        rows = zip(*(known[name].tolist() for name in (key, "name", "name_uk")), strict=True)
        names |= {code: (english or code, ukrainian or code) for code, english, ukrainian in rows if code}
    towns = run.table("towns")
    if "cell" not in towns:
        raise DataError(f"{run.path}: its towns have no cells; run the scenario again with this version")
    return known_places(names, towns["town"], towns["cell"])


#: What each column of each kind of table is.
DEFINITIONS = {
    "places": PLACES,
    "differences": {**differences.DEFINITIONS, **OF_AREA},
    "moves": differences.MOVES,
    "restored": restored.DEFINITIONS,
}
