"""A finished run, opened: its arrays, its summary, its tables, and the steps over which a variant is measured."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
import xarray

from obrii.errors import DataError, ScenarioError, nearest
from obrii.results.directory import ARRAYS, RECORD, SUMMARY, TABLES, complete
from obrii.results.sides import Side
from obrii.results.summary import SCHEMA_VERSION


@dataclass(frozen=True)
class FinishedRun:
    """What a run left in its directory: path; results: the arrays, read when they are used; summary: summary.json."""

    path: Path
    results: xarray.Dataset
    summary: Mapping[str, Any]

    @property
    def variants(self) -> list[str]:
        """Names of the variants, intact first."""
        return [part["name"] for part in self.summary["variants"]]

    def side(self, variant: str) -> Side:
        """A variant, to be compared; raises ScenarioError where there is none of that name, or no `served`."""
        if variant not in self.variants:
            hint = nearest(variant, self.variants) or f"; there are {', '.join(self.variants)}"
            raise ScenarioError(f"{self.path}: no variant '{variant}' in this run{hint}")
        return Side(self.results, variant)

    def events(self, variant: str) -> list[dict[str, Any]]:
        """Events of a variant as they act within the run: name, kind, start, end, and whether that is measured."""
        return list(self._variant(variant)["events"])

    def acts(self, variant: str) -> bool:
        """Whether an event of a variant acts in any step that is measured for it."""
        part = self._variant(variant)
        return bool(part["events"] and part["acting_steps"])

    def acting(self, variant: str) -> np.ndarray:
        """Steps over which the run measured a variant, (time,) bool: in which an event acts that counts, all where none
        does; raises DataError where the run does not say."""
        out = np.zeros(len(self.results["time"]), bool)
        part = self._variant(variant)
        if "measured_steps" not in part:
            raise DataError(f"{self.path}: does not say which steps are measured; run the scenario again")
        for first, beyond in part["measured_steps"]:
            out[first:beyond] = True
        return out

    @property
    def tables(self) -> list[str]:
        """Names of the tables that the run left."""
        return sorted(path.stem for path in (self.path / TABLES).glob("*.parquet"))

    def table(self, name: str) -> dict[str, np.ndarray]:
        """Columns of a table of the run; raises DataError where it is not there."""
        path = self.path / TABLES / f"{name}.parquet"
        try:
            found = pyarrow.parquet.read_table(path)
        except (OSError, pyarrow.ArrowInvalid) as error:
            raise DataError(f"{path}: cannot be read ({error}); run the scenario again") from None
        return {column: _array(found[column]) for column in found.column_names}

    def _variant(self, name: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.summary["variants"][self.variants.index(name)]
        return found


def open_run(path: Path) -> FinishedRun:
    """Open the directory of a finished run.

    Raises DataError where there is none, where the run did not come to its end, or was left by another version.
    """
    if not (path / RECORD).exists():
        raise DataError(f"{path}: is not the directory of a run; name one that `obrii run` left")
    if not complete(path):
        raise DataError(f"{path}: holds a run that did not come to its end; run the scenario again")
    try:
        summary = json.loads((path / SUMMARY).read_text(encoding="utf-8"))
        results = xarray.open_zarr(path / ARRAYS)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: {SUMMARY} or {ARRAYS} cannot be read ({error}); run the scenario again") from None
    if summary.get("schema_version") != SCHEMA_VERSION:
        raise DataError(f"{path}: was left by another version; run the scenario again with this one")
    return FinishedRun(path, results, summary)


def _array(column: Any) -> np.ndarray:
    """A column as numpy has it: words as str, empty where there is none."""
    values = column.to_numpy()
    return np.array(["" if value is None else value for value in values], np.str_) if values.dtype == object else values
