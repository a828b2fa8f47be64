"""`obrii run`, `report`, `schema`: what they leave behind, what they refuse, and what Ctrl-C leaves."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
import xarray

from tests.cli.test_path import obrii

SHORT = """
extends = "ukraine-autumn-2022"
[time]
hours = 0.025
[[event]]
name = "south and east off"
start = 2022-10-03T12:00:42Z
[[event]]
name = "country off"
start = 2022-10-03T12:00:42Z
[[event]]
name = "gateways in Poland and Lithuania lost"
start = 2022-10-03T12:00:42Z
[[event]]
name = "gateways in Türkiye lost"
start = 2022-10-03T12:00:42Z
[[event]]
name = "the 1,300 off"
start = 2022-10-03T12:00:42Z
[[event]]
name = "core down"
start = 2022-10-03T12:00:42Z
end = 2022-10-03T12:01:12Z
[[event]]
name = "OneWeb with 1,000 terminals"
start = 2022-10-03T12:00:42Z
[[event]]
name = "OneWeb with 10,000 terminals"
start = 2022-10-03T12:00:42Z
[[event]]
name = "OneWeb with 40,000 terminals"
start = 2022-10-03T12:00:42Z
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short run of the built-in scenario."""
    place = tmp_path_factory.mktemp("run")
    (place / "short.toml").write_text(SHORT)
    done = obrii("run", place / "short.toml", "-o", place / "out", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads((place / "out" / "summary.json").read_text())
    return place / "out"


def test_the_summary_answers_for_every_variant(folder: Path) -> None:
    summary = json.loads((folder / "summary.json").read_text())
    variants = {variant["name"]: variant for variant in summary["variants"]}
    assert len(variants) == 11 and summary["cells"] == 2466 and summary["steps"] == 6
    assert summary["terminals"] == pytest.approx(20_000)
    assert variants["intact"]["terminals_without_service"]["mean"] == 0
    assert variants["country off"]["terminals_without_service"]["mean"] == pytest.approx(20_000)
    assert variants["core down"]["main_reason"] == "core-off"
    assert variants["1,300 of 20,000 terminals off"]["terminals_without_service"]["mean"] == pytest.approx(1_300)
    assert 0 < variants["south and east off"]["share_served_of_intact"] < 1
    assert variants["country off"]["added"]["terminals"] == 0
    for name, count in (("1,000", 1_000), ("10,000", 10_000), ("40,000", 40_000)):
        part = variants[f"country off, OneWeb with {name} terminals"]
        assert part["added"]["terminals"] == pytest.approx(count)
        assert part["terminals_without_service"] == variants["country off"]["terminals_without_service"]
    assert part["settings"] == {}
    assert variants["country off, OneWeb with 10,000 terminals, from 50° up"]["settings"] == {
        "operator.oneweb.user_min_elevation_deg": 50
    }
    # Crimea was never served: its people are stated apart, and nobody there is lost.
    assert summary["never_served"]["cells"] == 106
    assert summary["never_served"]["terminals"] == 0


def test_other_programs_open_what_is_left(folder: Path) -> None:
    arrays = xarray.open_zarr(folder / "results.zarr")
    assert arrays["served"].dims == ("variant", "time", "group", "cell")
    assert not (arrays["served"].sel(variant="country off").isel(time=-1) == 1).any()
    assert arrays["rtt"].attrs["units"] == "s" and "scenario" in arrays.attrs
    regions = pd.read_parquet(folder / "tables" / "regions.parquet")
    assert len(regions) == 11 * 25
    assert json.loads((folder / "run.json").read_text())["complete"] is True
    assert "<html" in (folder / "report.html").read_text()


@pytest.mark.slow
def test_same_seed_same_bytes_at_one_thread_and_two(folder: Path, tmp_path: Path) -> None:
    for threads in ("1", "2"):
        done = obrii("run", folder.parent / "short.toml", "-o", tmp_path / threads, "--threads", threads)
        assert done.returncode == 0, done.stderr
    one, two = (_digests(tmp_path / threads) for threads in ("1", "2"))
    assert one == two and len(one) > 100
    assert one == _digests(folder)


def test_the_terminal_shows_a_row_a_variant(folder: Path, tmp_path: Path) -> None:
    done = obrii("run", folder.parent / "short.toml", "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    for word in ("Intact", "Country off", "Core down", "report.html", "not a reconstruction"):
        assert word in " ".join(done.stdout.split()), word
    assert "Traceback" not in done.stderr


def test_the_report_is_written_in_ukrainian_beside_the_english_one(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "tables", tmp_path / "tables")
    for name in ("summary.json", "report.html"):
        shutil.copy(folder / name, tmp_path)
    done = obrii("report", tmp_path, "--lang", "uk")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("report.uk.html")
    assert "Україна, осінь 2022 року" in (tmp_path / "report.uk.html").read_text(encoding="utf-8")
    assert (tmp_path / "report.html").read_bytes() == (folder / "report.html").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "ukrain"), "no scenario is called 'ukrain'; "),
        (("run", "--lang", "ua"), "report: no language 'ua'; there are en, uk"),
        (("run", "nowhere.toml"), "nowhere.toml: no such file"),
        (("run", "-o", __file__), "is a file; name a directory"),
        (("run", "-o", str(Path(__file__).parent)), "holds files that are not a run's"),
        (("run", "-o", "/proc/obrii"), "/proc/obrii: cannot be written"),
        (("report", "nowhere"), "nowhere"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_exit_code_2(arguments: tuple[str, ...], sentence: str) -> None:
    done = obrii(*arguments)
    assert done.returncode == 2 and sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_ctrl_c_leaves_nothing_that_reads_as_whole(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "obrii", "run", "-o", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Started in the background of a script, tests ignore Ctrl-C, and what they start would too.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    ) as running:
        deadline = time.monotonic() + 120
        while not (tmp_path / "out" / "run.json").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=120)
    assert running.returncode == 130
    assert "again: obrii run" in said and "Traceback" not in said
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert "summary.json" not in left and "results.zarr" not in left and "report.html" not in left
    assert json.loads((tmp_path / "out" / "run.json").read_text())["complete"] is False


def test_the_schema_of_the_scenario_file_is_json_schema() -> None:
    schema = json.loads(obrii("schema").stdout)
    assert schema["properties"]["operator"]["type"] == "array"
    assert "cells_per_satellite" in schema["$defs"]["Operator"]["properties"]
    assert "without" in schema["properties"]["extends"]["anyOf"][1]["properties"]
    assert {"required": ["extends"]} in schema["anyOf"]


def _digests(folder: Path) -> dict[str, str]:
    """Of every file that is compared byte for byte."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    }
