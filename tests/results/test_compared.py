"""Comparisons that a run makes while its blocks pass: the same as those made of its arrays afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from obrii.errors import ModelError
from obrii.results import compare as comparing_arrays
from obrii.results import differences
from obrii.results.compare import compare
from obrii.results.comparison import Columns, compare_runs
from obrii.results.finished import FinishedRun, open_run
from obrii.results.placed import parts_of
from obrii.results.sides import Side
from tests.results.made_up import Made, made_up

OPTIONS = (("variant 1", "variant 3"), ("variant 1", "variant 2"))


def same(one: dict[str, Columns], other: dict[str, Columns]) -> None:
    assert list(one) == list(other)
    for name, columns in one.items():
        assert list(columns) == list(other[name]), name
        for column, values in columns.items():
            assert_array_equal(values, other[name][column], err_msg=f"{name}: {column}")


def made(seed: int = 4, planned: int = 1, with_terminals: bool = True) -> Made:
    return made_up(seed, variants=4, planned=planned, with_terminals=with_terminals).with_acting_events()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """A run that has left comparisons."""
    one = made()
    return open_run(one.finish(tmp_path_factory.mktemp("run"), comparing=one.comparing(options=OPTIONS)))


@settings(max_examples=10)
@given(seed=st.integers(0, 10_000), planned=st.integers(0, 1), with_terminals=st.booleans())
def test_places_are_the_same_from_whatever_parts_they_are_made(seed: int, planned: int, with_terminals: bool) -> None:
    one = made_up(seed, variants=2, steps=5, planned=planned, with_terminals=with_terminals)
    frame, results = one.frame, one.results()
    sides = Side(results), Side(results, "variant 1")
    parts = parts_of(frame.country, frame.region)
    cells, fewer = compare(*sides), compare(*sides, parts=lambda ground: parts)
    for by in (differences.by_country, differences.by_region, differences.by_group):
        same({"": by(cells)}, {"": by(fewer)})


@settings(max_examples=2)
@given(seed=st.integers(0, 10_000), planned=st.integers(0, 1), with_terminals=st.booleans(), size=st.integers(1, 11))
def test_a_run_leaves_what_its_arrays_say_whatever_its_blocks(
    tmp_path_factory: pytest.TempPathFactory, seed: int, planned: int, with_terminals: bool, size: int
) -> None:
    one = made(seed, planned, with_terminals)
    plain = open_run(one.finish(tmp_path_factory.mktemp("plain")))
    tables = one.comparing(size, OPTIONS).tables()
    for variant, options in (("variant 1", ["variant 3", "variant 2"]), ("variant 3", [])):
        found = compare_runs(plain, "intact", plain, variant, options, cells=False).tables
        for name, columns in found.items():
            left = dict(tables[f"compared_{name}"])
            mine = left.pop("loss" if name.startswith("restored") else "variant") == variant
            same({name: columns}, {name: {key: values[mine] for key, values in left.items()}})


def test_what_a_run_has_left_is_read_and_not_computed_again(run: FinishedRun, monkeypatch: pytest.MonkeyPatch) -> None:
    computed = compare_runs(run, "intact", run, "variant 1", ["variant 2"]).tables
    monkeypatch.setattr(comparing_arrays, "compare", None)
    read = compare_runs(run, "intact", run, "variant 1", ["variant 2"], cells=False).tables
    del computed["cells"]
    same(computed, read)
    with pytest.raises(TypeError):
        compare_runs(run, "variant 2", run, "variant 1", cells=False)
    # An option that the scenario does not name as one is looked up in the arrays, and the rest is read.
    other = compare_runs(run, "intact", run, "variant 2", ["intact"], cells=False).tables
    assert other["restored"]["option"].tolist() == ["intact"]


def test_steps_in_which_a_ramp_has_not_begun_count_neither_in_the_run_nor_in_the_comparison(tmp_path: Path) -> None:
    # The event begins with the first step and has no strength in it: the run does not count that step.
    made = made_up(8, variants=2)
    acting = np.ones_like(made.acting)
    acting[1, :3] = acting[1, -1] = False
    made = replace(made, acting=acting)
    run = open_run(made.finish(tmp_path, comparing=made.comparing()))
    assert run.summary["variants"][1]["measured_steps"] == [[3, 10]]
    left, computed = (compare_runs(run, "intact", run, "variant 1", cells=cells) for cells in (False, True))
    assert left.measured == computed.measured and left.measured.steps == 7
    for name, columns in left.tables.items():
        for key, values in columns.items():
            assert_array_equal(values, computed.tables[name][key])


def test_the_summary_holds_the_area_of_each_variant_and_what_options_restore(run: FinishedRun) -> None:
    summary = run.summary
    assert "compared" not in summary["variants"][0]
    for part in summary["variants"][1:]:
        area = compare_runs(run, "intact", run, part["name"]).tables["area"]
        assert list(part["compared"]) == sorted(area)
        assert part["compared"]["terminals_lost_mean"] == area["terminals_lost_mean"][0]
        assert part["compared"]["rate_kept"] is None
    assert [(each["loss"], each["option"]) for each in summary["options"]] == list(OPTIONS)
    assert {"share_restored", "share_added"} <= set(summary["options"][0])
    json.dumps(summary, allow_nan=False)


def test_a_run_without_options_has_no_tables_of_them(tmp_path: Path) -> None:
    one = made()
    left = open_run(one.finish(tmp_path / "run", comparing=one.comparing()))
    assert "compared_area" in left.tables and "compared_restored" not in left.tables
    assert "options" not in left.summary


def test_gaps_go_on_from_block_to_block_and_end_where_nothing_is_measured() -> None:
    one = made_up(1, variants=2, steps=8, groups=1, cells=1, windows=1)
    one.runs[0]["served"][:], one.runs[1]["served"][:] = 1, 0
    one.runs[0]["rtt"][:] = 0.05
    measured = np.array([1, 1, 1, 0, 0, 1, 1, 1], bool)
    one = replace(one, acting=np.array([np.ones(8, bool), measured]))
    for size in (1, 2, 3, 5, 8):
        groups = one.comparing(size).tables()["compared_groups"]
        assert groups["longest_gap_after_s"].tolist() == [45.0] and groups["gaps_after_mean"].tolist() == [2.0]


def test_places_that_cut_through_parts_are_refused() -> None:
    one = made()
    frame, results = one.frame, one.results()
    found = compare(Side(results), Side(results, "variant 1"), parts=lambda ground: parts_of(ground.country))
    assert len(differences.by_country(found)["country"]) == len(set(frame.country) - {""})
    with pytest.raises(ModelError, match="not made of whole parts; compare with a part a cell"):
        differences.by_cell(found)
