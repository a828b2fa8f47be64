"""The summary and the tables of a run say the same, in the form that was promised, in the same bytes each time."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obrii import schema
from obrii.errors import ModelError
from obrii.results import tables
from obrii.results.metrics import Tally
from obrii.results.summary import summary
from tests.reference import metrics_plain
from tests.results.made_up import Made, made_up

COLUMNS = {
    "variants": None,
    "series": "variant time people_without terminals_without share_served terminals_added "
    "terminals_added_served rtt_median_ms",
    "cells": "variant cell latitude_deg longitude_deg country region people terminals share_served share_reachable "
    "reason rtt_median_ms terminals_added added_share_served",
    "regions": "variant country region name name_uk people terminals people_without_mean terminals_without_mean "
    "share_served terminals_added_mean terminals_added_served_mean rtt_median_ms reason",
    "countries": "variant country name name_uk people terminals people_without_mean terminals_without_mean "
    "share_served terminals_added_mean terminals_added_served_mean rtt_median_ms reason",
    "towns": "variant town country region cell latitude_deg longitude_deg people share_served longest_gap_s "
    "rtt_median_ms reason",
    "gateways": "variant gateway operator country latitude_deg longitude_deg antennas state antennas_used_mean "
    "cells_served_mean halo_cells_served_mean",
    "pops": "variant pop operator country latitude_deg longitude_deg cells_served_mean",
}

#: Telling a run costs more than adding it up.
few = settings(max_examples=20)

#: Half of the last decimal that a table or the summary keeps of people, times the rows of a table.
ROUNDING = 0.05 * 10


def told(run: Made, size: int = 4) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """Summary and tables of a run without writing them."""
    metrics, notes = run.tally(size).metrics(), run.notes()
    content = summary(metrics, run.frame, notes)
    return content, {
        name: pd.DataFrame({key: np.asarray(values) for key, values in columns.items()})
        for name, columns in tables.tables(metrics, run.frame, notes, content).items()
    }


def test_pandas_reads_every_table_with_the_promised_columns(tmp_path: Path) -> None:
    run = made_up()
    run.leave(tmp_path)
    assert {path.stem for path in (tmp_path / "tables").iterdir()} == set(COLUMNS)
    rows = {"series": 11, "cells": 6, "towns": 3, "gateways": 3, "pops": 2, "variants": 1}
    for name, columns in COLUMNS.items():
        frame = pd.read_parquet(tmp_path / "tables" / f"{name}.parquet")
        assert columns is None or list(frame.columns) == columns.split()
        assert len(frame) == 3 * rows[name] if name in rows else len(frame) % 3 == 0
    cells = pd.read_parquet(tmp_path / "tables" / "cells.parquet")
    assert cells["cell"].dtype == np.uint64
    series = pd.read_parquet(tmp_path / "tables" / "series.parquet")
    assert series["time"].dtype == "datetime64[ns]"
    assert set(cells["reason"]) <= {"", *schema.REASONS}


def test_the_summary_has_the_promised_form(tmp_path: Path) -> None:
    returned = made_up().leave(tmp_path)
    text = (tmp_path / "summary.json").read_text(encoding="utf-8")
    assert json.loads(text) == returned
    assert text.endswith("}\n")
    assert list(json.loads(text)) == sorted(returned)
    assert returned["schema_version"] == 1
    assert (returned["start"], returned["steps"], returned["cells"]) == ("2022-10-03T12:00:12Z", 11, 6)
    intact, other = returned["variants"][:2]
    assert intact["events"] == [] and intact["acting_steps"] == 11
    assert intact["share_served_of_intact"] == 1.0
    # An event that lasts longer than the run is told as far as the run goes.
    assert other["events"][0] == {
        "name": "east off", "kind": "service-off", "start": "2022-10-03T12:00:42Z", "end": returned["end"],
        "gives": False, "measured": True, "target": {},
    }  # fmt: skip
    assert set(other["people_without_service"]) == {"mean", "worst", "worst_at", "at_least_once", "share_mean"}
    assert set(other["reasons"]) <= set(schema.REASONS)
    assert returned["never_served"].keys() == {"people", "terminals", "cells"}


@few
@given(seed=st.integers(0, 10_000), size=st.integers(1, 12), with_terminals=st.booleans())
def test_the_size_of_blocks_changes_nothing_that_is_told(seed: int, size: int, with_terminals: bool) -> None:
    run = made_up(seed, with_terminals=with_terminals)
    content, frames = told(run, size)
    whole_content, whole_frames = told(run, 11)
    assert json.dumps(content) == json.dumps(whole_content)
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, whole_frames[name], check_exact=True)


def test_the_same_run_leaves_the_same_bytes(tmp_path: Path) -> None:
    run = made_up()
    for name in ("once", "again"):
        run.leave(tmp_path / name)
    for path in (tmp_path / "once").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(tmp_path / "once")).read_bytes()


@few
@given(seed=st.integers(0, 10_000))
def test_regions_add_up_to_countries_and_countries_to_the_whole(seed: int) -> None:
    content, frames = told(made_up(seed))
    for part in content["variants"]:
        for key in ("people", "terminals"):
            sums = [
                frame[frame["variant"] == part["name"]][f"{key}_without_mean"].sum()
                for frame in (frames["regions"], frames["countries"])
            ]
            mean = part[f"{key}_without_service"]["mean"]
            np.testing.assert_allclose(sums, mean, atol=ROUNDING)
            everyone = frames["regions"][frames["regions"]["variant"] == part["name"]][key].sum()
            np.testing.assert_allclose(everyone, content[key], atol=ROUNDING)


@few
@given(seed=st.integers(0, 10_000), with_terminals=st.booleans())
def test_the_mean_is_at_most_the_worst_and_the_worst_at_most_all_who_ever_were(seed: int, with_terminals: bool) -> None:
    content, _ = told(made_up(seed, with_terminals=with_terminals))
    for part in content["variants"]:
        for key in ("people", "terminals"):
            counts = part[f"{key}_without_service"]
            assert 0.0 <= counts["mean"] <= counts["worst"] + 1e-9
            assert counts["worst"] <= counts["at_least_once"] + 1e-9
            assert counts["at_least_once"] <= content[key] - content["never_served"][key] + 0.2
            assert (counts["worst_at"] is None) == (counts["worst"] == 0.0)
        assert 0.0 <= part["share_served_of_intact"] <= 1.0
        assert sum(part["reasons"].values()) == pytest.approx(1.0 if part["reasons"] else 0.0, abs=1e-5)


@few
@given(seed=st.integers(0, 10_000))
def test_the_summary_is_what_the_plain_twin_says(seed: int) -> None:
    run = made_up(seed)
    content, frames = told(run)
    never = metrics_plain.never_served(run.runs[0])
    share = metrics_plain.shares(run.frame.terminals)
    terminals = run.frame.terminals
    assert content["never_served"]["terminals"] == pytest.approx(sum(terminals[p] for p in never), abs=0.01)
    both = [c for c in range(6) if all((g, c) in never for g in range(2))]
    assert content["never_served"]["cells"] == len(both)
    for v, twin in enumerate(metrics_plain.add_up(run.frame, run.acting, run.runs, run.towns)):
        part = content["variants"][v]
        intact_s = sum(terminals[p] * s for p, s in twin.intact_s.items())
        by_reason = np.zeros(len(schema.REASONS) + 1)
        for (g, c, code), seconds in twin.lost_s.items():
            by_reason[code] += terminals[g, c] * seconds
        lost = by_reason.sum() / intact_s if intact_s else 0.0
        assert part["terminals_without_service"]["share_mean"] == pytest.approx(lost, abs=1e-6)
        if v and by_reason.any():
            assert part["main_reason"] == schema.REASON_NAME[int(by_reason.argmax())]
        once = {(g, c) for (g, c, _), seconds in twin.without_s.items() if seconds} - never
        assert part["terminals_without_service"]["at_least_once"] == pytest.approx(
            sum(terminals[p] for p in once), abs=0.01
        )
        people_s = sum(
            share[g, c] * run.frame.people[c] * s for (g, c, _), s in twin.without_s.items() if (g, c) not in never
        )
        assert part["people_without_service"]["mean"] == pytest.approx(people_s / twin.measured_s, abs=0.06)
        cells = frames["cells"][frames["cells"]["variant"] == part["name"]]
        out_s = [sum(share[g, c] * s for (g, c, _), s in twin.without_s.items() if c == k) for k in range(6)]
        np.testing.assert_allclose(cells["share_served"], 1 - np.array(out_s) / twin.measured_s, atol=1e-6)
        assert [reason == "" for reason in cells["reason"]] == [seconds == 0 for seconds in out_s]


@few
@given(seed=st.integers(0, 10_000))
def test_what_is_added_is_told_apart_and_the_same_everywhere(seed: int) -> None:
    content, frames = told(made_up(seed, planned=1))
    plain, _ = told(made_up(seed, planned=1, variants=1))
    assert content["terminals"] == plain["terminals"]
    for part in content["variants"]:
        added = part["added"]
        assert 0.0 <= added["served"] <= added["terminals"]
        # Terminals are told to the hundredth.
        assert added["share_served"] * added["terminals"] == pytest.approx(added["served"], abs=0.011)
        assert (added["rtt_ms"]["median"] is None) == (added["served"] == 0.0)
        for name in ("regions", "countries"):
            rows = frames[name][frames[name]["variant"] == part["name"]]
            np.testing.assert_allclose(rows["terminals_added_mean"].sum(), added["terminals"], atol=0.05)
            np.testing.assert_allclose(rows["terminals_added_served_mean"].sum(), added["served"], atol=0.05)
    assert content["variants"][0]["added"]["terminals"] == 0.0


def test_a_place_never_served_has_a_reason_and_no_share() -> None:
    run = made_up()
    here = run.frame.region == "UA-63"
    assert here.any()
    for arrays in run.runs:
        for name, value in (("served", 0), ("reason", 2), ("rtt", np.nan), ("propagation_rtt", np.nan), ("pop", -1)):
            arrays[name][:, :, here] = value
    rows = told(run)[1]["regions"].query("region == 'UA-63'")
    assert set(rows["reason"]) == {"not-licensed"}
    assert rows["share_served"].isna().all()
    assert (rows["people_without_mean"] == 0.0).all()
    assert set(rows["name_uk"]) == {"Харківська область"}


def test_a_variant_whose_events_never_act_is_measured_over_the_whole_run() -> None:
    run = made_up()
    idle = replace(run, acting=np.zeros_like(run.acting), runs=[run.runs[0]] * 3)
    content, _ = told(idle)
    intact, other = content["variants"][:2]
    assert other["acting_steps"] == 0
    assert other["people_without_service"] == intact["people_without_service"]


def test_a_run_in_which_nothing_is_served_is_told_without_numbers_that_are_not_there(tmp_path: Path) -> None:
    run = made_up()
    for arrays in run.runs:
        arrays["served"][:], arrays["reason"][:], arrays["pop"][:] = 0, 1, -1
        arrays["rtt"][:] = arrays["propagation_rtt"][:] = np.nan
    content = run.leave(tmp_path)
    part = content["variants"][0]
    assert part["rtt_ms"] == {"median": None, "p95": None}
    assert part["share_served_of_intact"] == 0.0
    assert part["main_reason"] is None
    assert content["never_served"]["cells"] == 6


@pytest.mark.parametrize("empty", [{"groups": 0, "cells": 0}, {"gateways": 0, "pops": 0}])
def test_a_run_without_cells_or_gateways_is_told_too(tmp_path: Path, empty: dict[str, int]) -> None:
    content = made_up(**empty).leave(tmp_path)
    assert len(content["variants"]) == 3
    for name in COLUMNS:
        pd.read_parquet(tmp_path / "tables" / f"{name}.parquet")


def test_a_state_of_gateways_that_nobody_knows_is_refused() -> None:
    run = made_up()
    with pytest.raises(ModelError, match="a gateway is 'broken'"):
        replace(run.notes(), gateway_state=np.full((3, 3), "broken"))
    with pytest.raises(ModelError, match="gateway_state has shape"):
        tables.write(
            Path(),
            Tally(run.frame, run.acting),
            run.frame,
            replace(run.notes(), gateway_state=np.full((3, 2), "on")),
        )
