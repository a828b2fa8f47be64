"""A run directory as it was left behind: the summary, typed, and the tables."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from obrii.errors import DataError
from obrii.report.palette import LOOKS
from obrii.report.quantities import instant
from obrii.report.rate_reading import Rates, parse_rates

#: Form of summary.json that this package writes and reads.
SCHEMA_VERSION = 1

#: State of a gateway that an event of a variant takes away.
LOST = "off in this variant"

#: State of a gateway that is not there in a variant.
PLANNED = "planned"

#: Part by which two counts of people may differ and still be those of the same people, as tables are rounded.
_SAME = 1e-3

#: Reason of cells where an operator does not offer its service.
NOT_OFFERED = "not-licensed"

#: Columns of tables of what changes from intact to another variant, as `results.differences` defines them.
_CHANGES = (
    "share_lost", "share_gained", "share_slower", "minutes_without_before", "minutes_without_after",
    "longest_gap_before_s", "longest_gap_after_s", "gaps_before_mean", "gaps_after_mean", "rtt_before_ms",
    "rtt_after_ms", "rtt_stretch", "rate_kept", "terminals_degraded_mean",
)  # fmt: skip
_TAKERS = ("operator", "gateway", "pop")

#: Tables that the report reads, and the columns it needs of each.
COLUMNS = {
    "series": ("variant", "time", "share_served", "rtt_median_ms"),
    "cells": (
        "variant", "cell", "latitude_deg", "longitude_deg", "country", "region", "people", "share_served", "reason",
    ),
    "regions": ("variant", "country", "region", "name", "people", "terminals", "share_served", "reason"),
    "countries": (
        "variant", "country", "name", "people", "terminals", "people_without_mean", "terminals_without_mean",
        "share_served", "reason",
    ),
    "towns": (
        "variant", "town", "country", "region", "latitude_deg", "longitude_deg", "people", "share_served",
        "longest_gap_s", "reason",
    ),
    "gateways": (
        "variant", "gateway", "country", "latitude_deg", "longitude_deg", "antennas", "state", "antennas_used_mean",
        "cells_served_mean", "halo_cells_served_mean",
    ),
    "pops": ("variant", "pop", "country", "latitude_deg", "longitude_deg", "cells_served_mean"),
    "compared_area": ("variant", *_CHANGES, *_TAKERS, "capacity_kept"),
    "compared_countries": ("variant", "country", "name", *_CHANGES, *_TAKERS),
    "compared_regions": ("variant", "region", "name", *_CHANGES, *_TAKERS),
    "compared_towns": ("variant", "town", "cell", *_CHANGES, *_TAKERS),
    "compared_groups": ("variant", "group", *_CHANGES),
    "compared_restored": ("loss", "option", "share_restored", "share_added"),
}  # fmt: skip


@dataclass(frozen=True)
class Without:
    """How many are without service: mean while an event acts, worst step and when, at least once; share of intact."""

    mean: float
    worst: float
    worst_at: str | None
    at_least_once: float
    share_mean: float


@dataclass(frozen=True)
class Added:
    """Terminals that a variant has beyond those of intact: mean in the field, and with service; median delay [ms]."""

    terminals: float = 0.0
    served: float = 0.0
    rtt_ms: float | None = None


@dataclass(frozen=True)
class Event:
    """One event of a variant, clipped to the run; measured: means are taken over its time; target: what it is aimed at,
    as the scenario says it; gives: it brings something, and takes nothing away."""

    name: str
    kind: str
    start: datetime
    end: datetime
    measured: bool = True
    target: dict[str, Any] = field(default_factory=dict)
    gives: bool = False


@dataclass(frozen=True)
class Pair:
    """Two places: share of the time with a way between them, and its least, median and greatest round trip [ms]."""

    name: str
    share: float
    rtt_ms: tuple[float, float, float] | None


@dataclass(frozen=True)
class Variant:
    """One variant as the summary states it."""

    name: str
    events: tuple[Event, ...]
    acting_steps: int
    people: Without
    terminals: Without
    share_served: float
    share_reachable: float
    rtt_ms: tuple[float | None, float | None]
    propagation_rtt_ms: tuple[float | None, float | None]
    satellites_used: float
    gateways_used: float
    main_reason: str | None
    reasons: dict[str, float]
    added: Added = Added()
    rates: Rates | None = None
    pairs: tuple[Pair, ...] = ()

    @property
    def measured(self) -> tuple[Event, ...]:
        """Events over whose time means are taken: those that take something away, else those that give."""
        return tuple(event for event in self.events if event.measured)


@dataclass(frozen=True)
class Summary:
    """summary.json; `variants` has intact first; `translation` has what the scenario says, by language and text."""

    title: str
    seed: int
    start: datetime
    end: datetime
    steps: int
    step_s: float
    people: float
    terminals: float
    cells: int
    assumptions: tuple[dict[str, str], ...]
    sources: tuple[dict[str, str], ...]
    never_people: float
    never_terminals: float
    never_cells: int
    variants: tuple[Variant, ...]
    usable_bps: float | None = None
    translation: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def intact(self) -> Variant:
        """The variant in which nothing is off."""
        return self.variants[0]

    @property
    def others(self) -> tuple[Variant, ...]:
        """Every variant in which something is off, or added."""
        return self.variants[1:]

    @property
    def pairs_alone(self) -> bool:
        """Whether the run is of pairs of places, and of no area."""
        return not self.cells and bool(self.intact.pairs)

    @property
    def adds(self) -> bool:
        """Whether any variant has terminals beyond those of intact."""
        return any(variant.added.terminals > 0.0 for variant in self.variants)

    @property
    def rated(self) -> bool:
        """Whether anybody gets a rate that is known."""
        return any(variant.rates is not None and variant.rates.busy.median_bps for variant in self.variants)

    @property
    def counts_terminals(self) -> bool:
        """Whether there are terminals to count; otherwise people are."""
        return self.terminals > 0

    @property
    def unit(self) -> str:
        """What is counted: terminals where there are any, else people."""
        return "terminals" if self.counts_terminals else "people"

    @property
    def ever_served(self) -> float:
        """How many of what is counted intact serves at some time of the run."""
        if self.counts_terminals:
            return self.terminals - self.never_terminals
        return self.people - self.never_people

    @property
    def served(self) -> float:
        """How many of what is counted intact serves, on average."""
        return max(0.0, self.ever_served - self.without(self.intact).mean)

    def without(self, variant: Variant) -> Without:
        """Who is without service in a variant: terminals where there are any, else people."""
        return variant.terminals if self.counts_terminals else variant.people


@dataclass(frozen=True)
class Run:
    """Summary and tables of a run directory; a table that was not written is empty."""

    summary: Summary
    tables: dict[str, pd.DataFrame]

    @property
    def many_countries(self) -> bool:
        """Whether the area is more than one country."""
        return bool(self.tables["countries"]["country"].nunique() > 1)

    @property
    def never_for_offer(self) -> bool:
        """Whether all who are never served live where the service is not offered."""
        cells = self.of("cells", self.summary.intact.name)
        here = cells[(cells["share_served"] <= 0.0) & (cells["reason"] == NOT_OFFERED)]
        return len(here) > 0 and bool(here["people"].sum() >= (1.0 - _SAME) * self.summary.never_people)

    def lost(self, variant: Variant, unit: str = "") -> float:
        """How many of those whom intact serves the variant does not, mean while an event acts: whoever gains service
        takes nothing from that. Where no comparison was left, how many more are without.

        unit: terminals or people; of `summary` where it is not said.
        """
        unit = unit or self.summary.unit
        rows, column = self.of("compared_area", variant.name), f"{unit}_lost_mean"
        if len(rows) and column in rows:
            return float(rows[column].iloc[0])
        before, after = (getattr(each, unit).mean for each in (self.summary.intact, variant))
        return max(0.0, float(after - before))

    def of(self, table: str, variant: str) -> pd.DataFrame:
        """The rows of a variant."""
        frame = self.tables[table]
        return frame[frame["variant"] == variant]


def names(frame: pd.DataFrame, language: str) -> pd.Series:
    """Names of places in a language, in English where the table has none."""
    column = f"name_{language}"
    return frame[column if column in frame.columns else "name"]


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries from column to value."""
    return [{str(column): value for column, value in row.items()} for row in frame.to_dict("records")]


def read_run(directory: Path) -> Run:
    """Read what the report needs of a run directory.

    Raises `DataError` where the summary is missing, of another schema, or a table lacks a column.
    """
    path = directory / "summary.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}; name the directory of a finished run") from error
    except ValueError as error:
        raise DataError(f"{path}: not JSON ({error}); run the scenario again") from error
    try:
        summary = parse_summary(content)
    except KeyError as error:
        raise DataError(f"{path}: no {error}; run the scenario again with this version") from error
    return Run(summary, {name: _table(directory / "tables" / f"{name}.parquet", name) for name in COLUMNS})


def parse_summary(content: dict[str, Any]) -> Summary:
    """The summary from its JSON; raises `KeyError` for a missing key, `DataError` for another schema."""
    if content["schema_version"] != SCHEMA_VERSION:
        raise DataError(
            f"summary.json: schema_version is {content['schema_version']}, not {SCHEMA_VERSION}; "
            "run the scenario again with this version"
        )
    never = content["never_served"]
    return Summary(
        title=content["title"],
        seed=content["seed"],
        start=instant(content["start"]),
        end=instant(content["end"]),
        steps=content["steps"],
        step_s=content["step_s"],
        people=content["people"],
        terminals=content["terminals"],
        cells=content["cells"],
        assumptions=tuple(content["assumptions"]),
        sources=tuple(content["sources"]),
        never_people=never["people"],
        never_terminals=never["terminals"],
        never_cells=never["cells"],
        variants=tuple(_variant(part) for part in content["variants"]),
        usable_bps=content.get("usable_bps"),
        translation=content.get("translation", {}),
    )


def _variant(part: dict[str, Any]) -> Variant:
    added = part.get("added")
    events = tuple(
        Event(
            e["name"],
            e["kind"],
            instant(e["start"]),
            instant(e["end"]),
            e.get("measured", True),
            e.get("target", {}),
            e.get("gives", False),
        )
        for e in part["events"]
    )
    _known([part["main_reason"] or "", *part["reasons"]], "summary.json")
    return Variant(
        name=part["name"],
        events=events,
        acting_steps=part["acting_steps"],
        people=Without(**part["people_without_service"]),
        terminals=Without(**part["terminals_without_service"]),
        share_served=part["share_served_of_intact"],
        share_reachable=part["share_reachable"],
        rtt_ms=(part["rtt_ms"]["median"], part["rtt_ms"]["p95"]),
        propagation_rtt_ms=(part["propagation_rtt_ms"]["median"], part["propagation_rtt_ms"]["p95"]),
        satellites_used=part["satellites_used_mean"],
        gateways_used=part["gateways_used_mean"],
        main_reason=part["main_reason"] or None,
        reasons=part["reasons"],
        added=Added(added["terminals"], added["served"], added["rtt_ms"]["median"]) if added else Added(),
        rates=parse_rates(part.get("rates")),
        pairs=tuple(_pair(pair) for pair in part.get("pairs", ())),
    )


def _pair(part: dict[str, Any]) -> Pair:
    rtt_ms = (part["rtt_min_ms"], part["rtt_median_ms"], part["rtt_max_ms"])
    return Pair(part["pair"], part["share_served"], None if None in rtt_ms else rtt_ms)


def _table(path: Path, name: str) -> pd.DataFrame:
    if not path.exists():
        return pd.DataFrame(columns=list(COLUMNS[name]))
    frame = pd.read_parquet(path)
    missing = [column for column in COLUMNS[name] if column not in frame.columns]
    if missing:
        raise DataError(f"{path}: no column '{missing[0]}'; run the scenario again with this version")
    if "reason" in COLUMNS[name]:
        frame["reason"] = frame["reason"].astype(object).where(frame["reason"].notna(), "").astype(str)
        _known(np.unique(frame["reason"].to_numpy(str)).tolist(), str(path))
    return frame


def _known(reasons: list[str], where: str) -> None:
    unknown = sorted(set(reasons) - set(LOOKS) - {""})
    if unknown:
        raise DataError(f"{where}: no reason '{unknown[0]}' is known; run the scenario again with this version")
