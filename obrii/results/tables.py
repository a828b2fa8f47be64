"""The tables of a run: a row a thing and variant, as Parquet; and the summary, which is written last.

Shares are 0 to 1, of the measured time (`metrics`); a value that is not there is NaN. Where a place has terminals they
are counted, else its people, else its cells alike. Terminals that a variant adds have columns of their own and count in
no other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet

from obrii import schema
from obrii.errors import ModelError
from obrii.results.compared import Comparing
from obrii.results.comparison_summary import rows
from obrii.results.directory import SUMMARY, TABLES
from obrii.results.frame import Frame, Stations
from obrii.results.metrics import Metrics, Tally
from obrii.results.paired import PairTally
from obrii.results.quantiles import sums
from obrii.results.rate_summary import of_gateways, of_growth, of_pops, of_variant
from obrii.results.rates import RateTally
from obrii.results.summary import (
    MEAN,
    MILLISECONDS,
    PEOPLE,
    SECONDS,
    SHARE,
    TERMINALS,
    Notes,
    main_reasons,
    summary,
)

#: Columns of a table by name; all of one length.
Columns = Mapping[str, Any]


@dataclass(frozen=True)
class Places:
    """Countries, or regions, that the cells of a run belong to.

    label (cell,): place of each; country, region: code of each place, region empty for a country; weight (group, cell)
    and (place,): what is counted there.
    """

    label: np.ndarray
    country: np.ndarray
    region: np.ndarray
    weight: np.ndarray

    def __len__(self) -> int:
        return len(self.country)

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Sums over the groups and cells of every place: (group, cell, ...) to (place, ...)."""
        return sums(values.sum(axis=0), self.label, len(self))


def write(
    directory: Path,
    tally: Tally,
    frame: Frame,
    notes: Notes,
    rate_tally: RateTally | None = None,
    comparing: Comparing | None = None,
    pairs: PairTally | None = None,
) -> dict[str, Any]:
    """Write every table, then summary.json, and return the content of the latter.

    rate_tally: of a run with rates; comparing: of one with several variants; pairs: of one with pairs. The same run
    leaves the same bytes.
    """
    metrics = tally.metrics()
    content = summary(metrics, frame, notes)
    rates = None if rate_tally is None else rate_tally.rates()
    if rates is not None:
        content["usable_bps"] = frame.usable_bps
        for v, part in enumerate(content["variants"]):
            part["rates"] = of_variant(rates, frame, v)
    folder = directory / TABLES
    folder.mkdir(parents=True, exist_ok=True)
    columns_of = tables(metrics, frame, notes, content)
    if rates is not None:
        columns_of["growth"] = of_growth(rates, frame)
        for name, more in (("gateways", of_gateways(rates)), ("pops", of_pops(rates))):
            columns_of[name] = {**columns_of[name], **more}
    if comparing is not None:
        compared = comparing.tables()
        columns_of |= compared
        for row in rows(compared["compared_area"]):
            part = content["variants"][frame.variants.index(row.pop("variant"))]
            part["compared"] = row
        if "compared_restored" in compared:
            content["options"] = rows(compared["compared_restored"])
    if pairs is not None:
        of_pairs = pairs.rows()
        columns_of["pairs"] = {key: [row[key] for row in of_pairs] for key in of_pairs[0]}
        for row in of_pairs:
            content["variants"][frame.variants.index(row.pop("variant"))].setdefault("pairs", []).append(row)
    for name, columns in columns_of.items():
        pyarrow.parquet.write_table(pyarrow.table(dict(columns)), folder / f"{name}.parquet", compression="zstd")
    beside = directory / f"{SUMMARY}.part"
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1, sort_keys=True)
    beside.write_text(text + "\n", encoding="utf-8")
    beside.replace(directory / SUMMARY)
    return content


def tables(metrics: Metrics, frame: Frame, notes: Notes, content: Mapping[str, Any]) -> dict[str, Columns]:
    """Columns of every table, by name; content: the summary."""
    frame = frame.standing()
    expected = (len(frame.variants), len(frame.gateways))
    if notes.gateway_state.shape != expected:
        raise ModelError(f"notes: gateway_state has shape {notes.gateway_state.shape}; expected {expected}")
    by_country = _places(metrics, frame.country, np.full(len(frame.cell), ""))
    by_region = _places(metrics, frame.country, frame.region)
    countries = dict(_of_places(metrics, frame, notes, by_country))
    del countries["region"]
    return {
        "variants": _of_variants(content["variants"]),
        "series": _of_steps(metrics, frame),
        "cells": _of_cells(metrics, frame),
        "regions": _of_places(metrics, frame, notes, by_region),
        "countries": countries,
        "towns": _of_towns(metrics, frame, notes),
        "gateways": _of_gateways(metrics, frame, notes),
        "pops": _of_pops(metrics, frame),
    }


def _of_variants(variants: list[dict[str, Any]]) -> Columns:
    """The summary of every variant in one row; a share for every reason; of rates what is one number."""
    rows = [
        _flat(
            {
                **_without_lists(part),
                "events": "; ".join(event["name"] for event in part["events"]),
                "settings": "; ".join(f"{name} = {json.dumps(value)}" for name, value in part["settings"].items()),
            }
        )
        for part in variants
    ]
    for row, part in zip(rows, variants, strict=True):
        row |= {f"reasons_{reason}": part["reasons"].get(reason, 0.0) for reason in schema.REASONS}
    types = {
        "name": "string",
        "events": "string",
        "settings": "string",
        "main_reason": "string",
        "acting_steps": "int64",
    }
    types |= {"rates_bottleneck": "string", "rates_bottleneck_gateway": "string"}
    return {
        key: pyarrow.array(
            [row[key] for row in rows], types.get(key, "string" if key.endswith("worst_at") else "float64")
        )
        for key in rows[0]
    }


def _without_lists(part: Mapping[str, Any]) -> dict[str, Any]:
    """A variant of the summary, without its list of steps, and without what is a list or a table of rates."""
    part = {key: value for key, value in part.items() if key != "measured_steps"}
    rates = part.get("rates")
    if rates is None:
        return part
    tables_of_rates = ("bottlenecks", "groups", "growth")
    return {**part, "rates": {key: value for key, value in rates.items() if key not in tables_of_rates}}


def _flat(part: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested keys joined by an underscore."""
    out: dict[str, Any] = {}
    for key, value in part.items():
        out |= _flat(value, f"{prefix}{key}_") if isinstance(value, Mapping) else {prefix + key: value}
    return out


def _of_steps(metrics: Metrics, frame: Frame) -> Columns:
    variants = len(frame.variants)
    usual = (metrics.served[0] * frame.duration_s).sum() / frame.duration_s.sum()
    return {
        "variant": np.repeat(frame.variants, len(frame.utc)),
        "time": np.tile(frame.utc, variants),
        "people_without": _column(metrics.people_without, PEOPLE),
        "terminals_without": _column(metrics.terminals_without, TERMINALS),
        "share_served": _column(_ratio(metrics.served, usual), SHARE),
        "terminals_added": _column(metrics.added.terminals, TERMINALS),
        "terminals_added_served": _column(metrics.added.served, TERMINALS),
        "rtt_median_ms": _column(1e3 * metrics.rtt_median_s, MILLISECONDS),
    }


def _of_cells(metrics: Metrics, frame: Frame) -> Columns:
    variants, cells = len(frame.variants), len(frame.cell)
    every = np.arange(cells)
    served, reason, rtt_s = _cell_service(metrics, every)
    reachable_s = (metrics.reachable_s * metrics.weights.share).sum(axis=1)
    return {
        "variant": np.repeat(frame.variants, cells),
        "cell": np.tile(frame.cell, variants),
        "latitude_deg": np.tile(frame.latitude_deg, variants),
        "longitude_deg": np.tile(frame.longitude_deg, variants),
        "country": np.tile(frame.country, variants),
        "region": np.tile(frame.region, variants),
        "people": _column(np.tile(frame.people, variants), PEOPLE),
        "terminals": _column(np.tile(frame.terminals.sum(axis=0), variants), MEAN),
        "share_served": _column(served, SHARE),
        "share_reachable": _column(reachable_s / metrics.measured_s[:, None], SHARE),
        "reason": reason.ravel(),
        "rtt_median_ms": _column(1e3 * rtt_s, MILLISECONDS),
        "terminals_added": _column(metrics.added.field_s / metrics.measured_s[:, None], MEAN),
        "added_share_served": _column(_ratio(metrics.added.served_s, metrics.added.field_s), SHARE),
    }


def _of_towns(metrics: Metrics, frame: Frame, notes: Notes) -> Columns:
    towns, variants = notes.towns, len(frame.variants)
    served, reason, rtt_s = _cell_service(metrics, towns.cell)
    return {
        "variant": np.repeat(frame.variants, len(towns)),
        "town": np.tile(towns.name, variants),
        "country": np.tile(towns.country, variants),
        "region": np.tile(towns.region, variants),
        "cell": np.tile(frame.cell[towns.cell], variants),
        "latitude_deg": np.tile(towns.latitude_deg, variants),
        "longitude_deg": np.tile(towns.longitude_deg, variants),
        "people": np.tile(towns.people, variants),
        "share_served": _column(served, SHARE),
        "longest_gap_s": _column(metrics.gap_s, SECONDS),
        "rtt_median_ms": _column(1e3 * rtt_s, MILLISECONDS),
        "reason": reason.ravel(),
    }


def _cell_service(metrics: Metrics, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Share served, main reason and median delay of some cells, each (variant, cell)."""
    share = metrics.weights.share[:, cell]
    out_s = np.einsum("vgck,gc->vck", metrics.without_s[:, :, cell], share)
    every = np.arange(metrics.never.shape[1])
    rtt_s = [
        metrics.cell_delays.medians(v, every, np.ones(len(every)), len(every))[cell] for v in range(len(metrics.served))
    ]
    served = 1.0 - out_s.sum(axis=-1) / metrics.measured_s[:, None]
    return served, main_reasons(out_s), np.array(rtt_s)


def _places(metrics: Metrics, country: np.ndarray, region: np.ndarray) -> Places:
    codes = np.stack([country, region], axis=1)
    found, label = np.unique(codes, axis=0, return_inverse=True)
    label = label.reshape(-1)
    plain = Places(label, found[:, 0], found[:, 1], metrics.weights.share)
    weights = metrics.weights
    weight = weights.share
    for heavier in (weights.people, weights.terminals):
        weight = np.where((plain.sums(heavier) > 0)[label], heavier, weight)
    return Places(label, found[:, 0], found[:, 1], weight)


def _of_places(metrics: Metrics, frame: Frame, notes: Notes, places: Places) -> Columns:
    variants, weights, counted = range(len(frame.variants)), metrics.weights, ~metrics.never
    out_s = metrics.without_s.sum(axis=-1) * counted

    def mean(weight: np.ndarray) -> np.ndarray:
        return np.array([places.sums(out_s[v] * weight) / metrics.measured_s[v] for v in variants])

    by_code = places.weight[..., None]
    lost_s = np.array([places.sums(metrics.lost_s[v] * by_code) for v in variants])
    out_by_code_s = np.array([places.sums(metrics.without_s[v] * counted[..., None] * by_code) for v in variants])
    all_by_code_s = np.array([places.sums(metrics.without_s[v] * by_code) for v in variants])
    intact_s = np.array([places.sums(metrics.intact_s[v] * places.weight) for v in variants])
    added, added_served = (
        np.array([sums(metrics_s[v], places.label, len(places)) for v in variants])
        for metrics_s in (metrics.added.field_s, metrics.added.served_s)
    )
    of_cell = places.weight.sum(axis=0)
    rtt_s = [metrics.cell_delays.medians(v, places.label, of_cell, len(places)) for v in variants]
    code = np.where(places.region == "", places.country, places.region).tolist()
    names = np.array([notes.names.get(each, (each, each)) for each in code], np.str_).reshape(-1, 2)
    people, terminals = places.sums(weights.people), places.sums(weights.terminals)
    return {
        "variant": np.repeat(frame.variants, len(places)),
        "country": np.tile(places.country, len(variants)),
        "region": np.tile(places.region, len(variants)),
        "name": np.tile(names[:, 0], len(variants)),
        "name_uk": np.tile(names[:, 1], len(variants)),
        "people": _column(np.tile(people, len(variants)), PEOPLE),
        "terminals": _column(np.tile(terminals, len(variants)), TERMINALS),
        "people_without_mean": _column(mean(weights.people), PEOPLE),
        "terminals_without_mean": _column(mean(weights.terminals), TERMINALS),
        "share_served": _column(_ratio(intact_s - lost_s.sum(axis=-1), intact_s), SHARE),
        "terminals_added_mean": _column(added / metrics.measured_s[:, None], TERMINALS),
        "terminals_added_served_mean": _column(added_served / metrics.measured_s[:, None], TERMINALS),
        "rtt_median_ms": _column(1e3 * np.array(rtt_s), MILLISECONDS),
        "reason": main_reasons(lost_s, out_by_code_s, all_by_code_s).ravel(),
    }


def _of_gateways(metrics: Metrics, frame: Frame, notes: Notes) -> Columns:
    return {
        **_of_stations(frame, "gateway", frame.gateways),
        "antennas": np.tile(frame.gateways.antennas.astype(np.int64), len(frame.variants)),
        "state": notes.gateway_state.astype(np.str_).ravel(),
        **{f"{name}_mean": _column(means, MEAN) for name, means in metrics.gateway_means.items()},
    }


def _of_pops(metrics: Metrics, frame: Frame) -> Columns:
    return {**_of_stations(frame, "pop", frame.pops), "cells_served_mean": _column(metrics.pop_cells, MEAN)}


def _of_stations(frame: Frame, kind: str, stations: Stations) -> dict[str, Any]:
    times = len(frame.variants)
    return {
        "variant": np.repeat(frame.variants, len(stations)),
        kind: np.tile(stations.name, times),
        "operator": np.tile(stations.operator, times),
        "country": np.tile(stations.country, times),
        "latitude_deg": np.tile(stations.latitude_deg, times),
        "longitude_deg": np.tile(stations.longitude_deg, times),
    }


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part over whole, NaN where there is no whole."""
    return np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole > 0)


def _column(values: np.ndarray, decimals: int) -> np.ndarray:
    """A column of rounded numbers, variants one after the other; adding zero turns -0.0 into 0.0."""
    return np.round(np.asarray(values, np.float64).ravel(), decimals) + 0.0
