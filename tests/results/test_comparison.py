"""Variants of finished runs compared: what is measured, what the tables hold, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from obrii.errors import DataError, ObriiError
from obrii.results.comparison import DEFINITIONS, compare_runs
from obrii.results.comparison_summary import combined, content, definitions
from obrii.results.finished import open_run
from tests.results.made_up import START, Made, made_up


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up(4, variants=4, planned=1).finish(tmp_path_factory.mktemp("run"))


def test_a_run_is_opened_with_its_variants_and_tables(folder: Path) -> None:
    run = open_run(folder)
    assert run.variants == ["intact", "variant 1", "variant 2", "variant 3"]
    assert run.results["served"].shape[0] == 4
    assert {"cells", "countries", "towns"} <= set(run.tables)
    towns = run.table("towns")
    assert_array_equal(np.isin(towns["cell"], run.results["cell"].values), True)


def test_the_steps_that_count_are_those_of_the_run(folder: Path, tmp_path: Path) -> None:
    made = made_up(4, variants=4, planned=1)
    run = open_run(folder)
    for v, name in enumerate(run.variants):
        expected = made.acting[v] if v and made.acting[v].any() else np.ones(11, bool)
        assert_array_equal(run.acting(name), expected)
    assert run.acts("variant 1") and not run.acts("intact")
    never = open_run(replace(made, acting=np.zeros_like(made.acting)).finish(tmp_path / "never"))
    assert never.acting("variant 1").all() and not never.acts("variant 1")


def test_a_run_that_does_not_say_its_steps_is_run_again(folder: Path) -> None:
    run = open_run(folder)
    variants = [{k: v for k, v in part.items() if k != "measured_steps"} for part in run.summary["variants"]]
    with pytest.raises(DataError, match="does not say which steps are measured; run the scenario again"):
        replace(run, summary={**run.summary, "variants": variants}).acting("variant 1")


def test_only_events_whose_time_is_measured_are_told(folder: Path) -> None:
    run = open_run(folder)
    span = {"start": "2022-10-03T12:00:12Z", "end": "2022-10-03T13:00:12Z"}
    events = [
        {"name": "short", "kind": "core-off", **span, "measured": True},
        {"name": "long", "kind": "add", **span, "measured": False},
    ]
    variants = [{**part, "events": events} for part in run.summary["variants"]]
    run = replace(run, summary={**run.summary, "variants": variants})
    assert compare_runs(run, "intact", run, "variant 1").measured.events == ("short",)


def test_every_table_says_what_its_columns_are(folder: Path) -> None:
    run = open_run(folder)
    found = compare_runs(run, "intact", run, "variant 1", ["variant 2"])
    known = {name for part in DEFINITIONS.values() for name in part}
    assert {name for columns in found.tables.values() for name in columns} <= known
    assert list(found.tables) == [
        "area", "countries", "regions", "towns", "groups", "cells", "moves",
        "restored", "restored_countries", "restored_regions",
    ]  # fmt: skip
    assert found.measured.events == ("east off",) and found.measured.steps == int(run.acting("variant 1").sum())
    assert found.tables["regions"]["name"].tolist() == ["Kharkiv", "UA-65"]
    for columns in found.tables.values():
        assert len({len(values) for values in columns.values()}) == 1


def test_the_area_loses_what_the_summary_says(folder: Path) -> None:
    # The summary takes its means over the steps that the run says act; here they are made to be those of the events.
    made = made_up(9, variants=2)
    acting = np.array([np.ones(11, bool), made.frame.utc >= START + np.timedelta64(30, "s")])
    run = open_run(replace(made, acting=acting).finish(folder.parent / "summed"))
    area = compare_runs(run, "intact", run, "variant 1").tables["area"]
    variant = run.summary["variants"][1]
    assert 1.0 - area["share_lost"][0] == pytest.approx(variant["share_served_of_intact"], abs=1e-6)
    assert variant["acting_steps"] == run.acting("variant 1").sum()


def test_several_comparisons_stand_one_after_the_other(folder: Path) -> None:
    run = open_run(folder)
    every = [compare_runs(run, "intact", run, name) for name in run.variants[1:]]
    table = combined(every)["regions"]
    assert list(table)[:3] == ["variant_before", "variant_after", "region"]
    assert table["variant_after"].tolist() == [name for name in run.variants[1:] for _ in range(2)]
    said = json.loads(json.dumps(content(every), allow_nan=False))
    assert [part["after"]["variant"] for part in said["comparisons"]] == run.variants[1:]
    assert said["comparisons"][0]["area"]["terminals_lost_mean"] == every[0].tables["area"]["terminals_lost_mean"][0]
    assert said["comparisons"][0]["area"]["rate_kept"] is None and "cells" not in said["comparisons"][0]
    assert "restored" not in said["definitions"]
    assert "restored" in definitions([compare_runs(run, "intact", run, "variant 1", ["variant 2"])])


def test_what_an_option_restores_is_told_by_place(folder: Path) -> None:
    run = open_run(folder)
    tables = compare_runs(run, "intact", run, "variant 1", ["intact", "variant 1"]).tables
    assert tables["restored"]["share_restored"].tolist() == [1.0, 0.0]
    assert tables["restored"]["share_added"][0] == 0.0
    assert tables["restored_regions"]["option"].tolist() == ["intact", "intact", "variant 1", "variant 1"]


def elsewhere(made: Made, **changes: np.ndarray) -> Made:
    return replace(made, frame=replace(made.frame, **changes))


def test_two_runs_of_areas_that_overlap_are_compared_where_they_do_and_say_so(folder: Path, tmp_path: Path) -> None:
    made = made_up(4, variants=4, planned=1)
    cell = made.frame.cell.copy()
    cell[-2:] += np.uint64(1000)
    other = open_run(elsewhere(made, cell=cell).finish(tmp_path / "other"))
    found = compare_runs(open_run(folder), "intact", other, "intact")
    assert found.two_runs and len(found.tables["cells"]["cell"]) == 4
    assert found.notices[0].endswith("share 4 cells, 50% of both; only those count")
    assert found.measured.events == () and found.tables["area"]["share_lost"].tolist() == [0.0]


def test_runs_that_do_not_fit_are_refused_and_it_is_said_how(folder: Path, tmp_path: Path) -> None:
    made, run = made_up(4, variants=4, planned=1), open_run(folder)
    far = open_run(elsewhere(made, cell=made.frame.cell + np.uint64(1000)).finish(tmp_path / "far"))
    with pytest.raises(ObriiError, match=r"other areas, 6 cells of .* and 6 cells of .*, with no cell in common; "):
        compare_runs(run, "intact", far, "intact")
    late = open_run(elsewhere(made, utc=made.frame.utc + np.timedelta64(15, "s")).finish(tmp_path / "late"))
    with pytest.raises(ObriiError, match=r"other steps, 11 of .* from 2022-10-03T\d\d:00:12Z and 11 of .*:27Z; give"):
        compare_runs(run, "intact", late, "intact")
    with pytest.raises(ObriiError, match=r"no variant 'variant 11' in this run; did you mean 'variant 1'\?"):
        compare_runs(run, "intact", run, "variant 11")
    with pytest.raises(ObriiError, match=r"'intact' is compared with itself; name another variant, or another run"):
        compare_runs(run, "intact", run, "intact")


def test_what_is_not_a_finished_run_is_not_opened(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not the directory of a run; name one that `obrii run` left"):
        open_run(tmp_path)
    whole = made_up(4).finish(tmp_path / "run")
    record = json.loads((whole / "run.json").read_text())
    (whole / "run.json").write_text(json.dumps({**record, "complete": False}))
    with pytest.raises(DataError, match="did not come to its end; run the scenario again"):
        open_run(whole)
    (whole / "run.json").write_text(json.dumps(record))
    (whole / "summary.json").unlink()
    with pytest.raises(DataError, match=r"summary.json or results.zarr cannot be read"):
        open_run(whole)


def test_terminals_that_are_not_in_the_field_do_not_thin_out_gaps(folder: Path) -> None:
    run = open_run(folder)
    tables = compare_runs(run, "intact", run, "variant 1").tables
    groups, area = tables["groups"], tables["area"]
    there = groups["terminals_before_mean"] > 0.0
    assert not there.all()
    mean = np.average(groups["gaps_before_mean"][there], weights=groups["terminals_before_mean"][there])
    assert area["gaps_before_mean"][0] == pytest.approx(mean, abs=0.002)
