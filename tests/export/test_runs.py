"""Runs and comparisons as files: other programs read what was written, and the same input leaves the same bytes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from obrii.errors import ScenarioError
from obrii.export.files import write_tables
from obrii.export.runs import export_comparisons, export_run
from obrii.results.comparison import Comparison, compare_runs
from obrii.results.finished import FinishedRun, open_run
from tests.results.made_up import made_up


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    return open_run(made_up(4, variants=3, cells=7).on_the_ground().finish(tmp_path_factory.mktemp("run")))


@pytest.fixture(scope="module")
def comparisons(run: FinishedRun) -> list[Comparison]:
    return [compare_runs(run, "intact", run, name, ["variant 2"]) for name in run.variants[1:]]


def test_comparisons_are_written_in_every_format(comparisons: list[Comparison], tmp_path: Path) -> None:
    paths = export_comparisons(comparisons, tmp_path / "deep" / "out", ["parquet", "csv", "geojson"])
    names = {path.name for path in paths}
    assert all(path.exists() for path in paths) and names == {path.name for path in paths[0].parent.iterdir()}
    tables = comparisons[0].tables
    assert names == {
        *(f"{name}.{ending}" for name in tables for ending in ("parquet", "csv")),
        "cells-variant-1.geojson", "cells-variant-2.geojson", "definitions.json",
    }  # fmt: skip


def test_csv_says_what_parquet_says(comparisons: list[Comparison], tmp_path: Path) -> None:
    export_comparisons(comparisons, tmp_path, ["parquet", "csv"])
    for name in comparisons[0].tables:
        exact = pd.read_parquet(tmp_path / f"{name}.parquet")
        text = pd.read_csv(tmp_path / f"{name}.csv", keep_default_na=False, na_values={c: [""] for c in numbers(exact)})
        if "cell" in exact:
            exact["cell"] = [f"{cell:x}" for cell in exact["cell"]]
        pd.testing.assert_frame_equal(text, exact.astype(dict.fromkeys(numbers(exact), float)), check_dtype=False)


def numbers(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame if frame[name].dtype.kind == "f"]


def test_a_map_has_the_cells_of_its_variant(comparisons: list[Comparison], tmp_path: Path) -> None:
    export_comparisons(comparisons, tmp_path, ["geojson"])
    for comparison in comparisons:
        text = (tmp_path / f"cells-{comparison.after.variant.replace(' ', '-')}.geojson").read_text(encoding="utf-8")
        features = json.loads(text)["features"]
        table = comparison.tables["cells"]
        assert [each["properties"]["cell"] for each in features] == [f"{cell:x}" for cell in table["cell"].tolist()]
        assert [each["properties"]["terminals_lost_mean"] for each in features] == table["terminals_lost_mean"].tolist()


def test_definitions_cover_every_column(comparisons: list[Comparison], tmp_path: Path) -> None:
    export_comparisons(comparisons, tmp_path, ["parquet"])
    said = json.loads((tmp_path / "definitions.json").read_text(encoding="utf-8"))
    known = {name for part in said.values() for name in part}
    for name in comparisons[0].tables:
        columns = set(pd.read_parquet(tmp_path / f"{name}.parquet").columns)
        assert columns - {"variant_before", "variant_after"} <= known
    assert "measured" in said["general"]


def test_the_same_comparison_leaves_the_same_bytes(comparisons: list[Comparison], tmp_path: Path) -> None:
    found = []
    for folder in ("one", "two"):
        paths = export_comparisons(comparisons, tmp_path / folder, ["parquet", "csv", "geojson"])
        found.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths})
    assert found[0] == found[1]


def test_a_run_is_written_for_other_programs(run: FinishedRun, tmp_path: Path) -> None:
    paths = export_run(run, tmp_path, ["csv", "geojson"])
    assert {path.suffix for path in paths} == {".csv", ".geojson"}
    assert {path.stem for path in paths if path.suffix == ".csv"} == set(run.tables)
    series = pd.read_csv(tmp_path / "series.csv", parse_dates=["time"])
    assert (
        series["time"].dt.tz_localize(None) == pd.read_parquet(run.path / "tables" / "series.parquet")["time"]
    ).all()
    features = json.loads((tmp_path / "cells-intact.geojson").read_text(encoding="utf-8"))["features"]
    assert len(features) == 7 and {"share_served", "reason", "people"} <= set(features[0]["properties"])


def test_what_cannot_be_written_is_one_sentence(run: FinishedRun, tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no format 'geojsn'; did you mean 'geojson'"):
        export_run(run, tmp_path, ["geojsn"])
    (tmp_path / "file").write_text("")
    with pytest.raises(ScenarioError, match="file: cannot be written"):
        export_run(run, tmp_path / "file", ["csv"])
    (tmp_path / "area.csv").mkdir()
    with pytest.raises(ScenarioError, match="cannot be written"):
        write_tables({"area": {"people": np.zeros(1)}}, tmp_path, ["csv"])
