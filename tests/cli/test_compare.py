"""`obrii compare` and `export`: what they print and write, and what they refuse."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import pandas as pd
import pytest

from obrii.cli import main
from tests.cli.test_path import obrii
from tests.results.made_up import made_up


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs, `one` and `two`, of the same area and steps."""
    place = tmp_path_factory.mktemp("runs")
    made_up(4, variants=3, cells=7).on_the_ground().finish(place / "one")
    made_up(4, variants=4, cells=7).on_the_ground().finish(place / "two")
    return place


@pytest.fixture
def said(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> object:  # a function from arguments to (code, stdout, stderr)
    monkeypatch.chdir(folder)

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["obrii", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


def test_a_run_alone_compares_every_variant_with_intact(said) -> None:
    code, out, err = said("compare", "one")
    assert code == 0, err
    assert "Against: Intact" in out and "Variant 1" in out and "Variant 2" in out


def test_a_process_of_its_own_says_the_same(said, folder: Path) -> None:
    done = obrii("compare", folder / "one", "--after", "variant 1", "--json")
    assert done.returncode == 0, done.stderr
    here = json.loads(said("compare", "one", "--after", "variant 1", "--json")[1])
    there = json.loads(done.stdout)
    assert there["comparisons"][0]["area"] == here["comparisons"][0]["area"]


def test_json_has_every_number_with_its_definition(said) -> None:
    arguments = ("compare", "one", "--before", "variant 1", "--after", "variant 2", "--restores", "intact", "--json")
    code, out, err = said(*arguments)
    assert code == 0, err
    found = json.loads(out)
    (one,) = found["comparisons"]
    assert (one["before"]["variant"], one["after"]["variant"]) == ("variant 1", "variant 2")
    assert one["measured"]["events"] == ["east off"] and one["measured"]["steps"] <= one["measured"]["of"]
    assert one["restored"][0]["option"] == "intact"
    meanings = {name for part in found["definitions"].values() for name in part}
    assert set(one["area"]) <= meanings and {name for row in one["regions"] for name in row} <= meanings


def test_definitions_are_said_when_asked(said) -> None:
    code, out, _ = said("compare", "one", "--definitions")
    assert code == 0
    for word in ("measured: The steps that count", "share_lost: Lost over", "capacity_kept:", "moves"):
        assert word in out


def test_definitions_are_said_in_ukrainian_too(said, tmp_path: Path) -> None:
    code, out, _ = said("compare", "one", "--definitions", "--lang", "uk", "-o", tmp_path, "--format", "csv")
    assert code == 0
    assert "share_lost: Частка втраченого від того, що має зв’язок у варіанті «до»." in out
    assert "Lost" not in (tmp_path / "definitions.json").read_text(encoding="utf-8")


def test_files_are_written_and_named(said, tmp_path: Path) -> None:
    code, out, err = said("compare", "one", "-o", tmp_path, "--format", "parquet", "--format", "csv")
    assert code == 0, err
    assert str(tmp_path / "regions.csv") in out and "geojson" not in out
    table = pd.read_parquet(tmp_path / "regions.parquet")
    assert table["variant_after"].unique().tolist() == ["variant 1", "variant 2"]
    assert (tmp_path / "definitions.json").exists()


@pytest.mark.parametrize(
    ("arguments", "sides"),
    [
        ((), ("intact", "intact")),
        (("--after", "variant 1"), ("variant 1", "variant 1")),
        (("--before", "variant 2"), ("variant 2", "variant 2")),
        (("--before", "intact", "--after", "variant 3"), ("intact", "variant 3")),
    ],
)
def test_two_runs_are_compared_in_the_variant_that_is_named(said, arguments, sides) -> None:
    code, out, err = said("compare", "one", "two", *arguments, "--json")
    assert code == 0, err
    (found,) = json.loads(out)["comparisons"]
    assert (found["before"]["variant"], found["after"]["variant"]) == sides
    assert (found["before"]["run"], found["after"]["run"]) == ("one", "two")


def test_a_run_is_written_as_csv_and_maps(said, tmp_path: Path) -> None:
    code, out, err = said("export", "one", "-o", tmp_path, "--format", "csv")
    assert code == 0, err
    assert str(tmp_path / "cells.csv") in out and len(pd.read_csv(tmp_path / "cells.csv")) == 21


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("compare", "nowhere"), "nowhere: is not the directory of a run"),
        (("export", "nowhere"), "nowhere: is not the directory of a run"),
        (("compare", "one", "nowhere"), "nowhere: is not the directory of a run"),
        (("compare", "one", "--after", "variant 11"), "one: no variant 'variant 11' in this run; did you mean '"),
        (("compare", "one", "--before", "zzz"), "there are intact, variant 1, variant 2"),
        (("compare", "one", "--after", "intact"), "'intact' is compared with itself"),
        (("compare", "one", "--after", "variant 1", "--restores", "varant 2"), "did you mean 'variant 2'?"),
        (("compare", "one", "--restores", "variant 2"), "--restores needs the variant that loses"),
        (("compare", "one", "--format", "csv"), "say where with -o OUT"),
        (("compare", "one", "-o", "o", "--format", "shapefile"), "no format 'shapefile'; there are parquet, csv"),
        (("compare", "one", "-o", "one/run.json"), "one/run.json: cannot be written"),
        (("compare", "one", "two", "--before", "variant 3"), "one: no variant 'variant 3' in this run"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_sentence_and_exit_code_2(said, arguments: tuple[str, ...], sentence: str) -> None:
    code, out, err = said(*arguments)
    assert code == 2 and sentence in err and out == ""
    assert err.startswith("obrii: ") and err.count("\n") == 1


def test_a_run_with_intact_alone_asks_for_another(said, folder: Path) -> None:
    made_up(4, variants=1).finish(folder / "alone")
    code, _, err = said("compare", "alone")
    assert code == 2 and "alone: holds 'intact' alone; name another run to compare it with" in err


PAGE = Path(__file__).parents[2] / "docs" / "comparing.md"


def test_every_command_on_the_page_can_be_run(said, folder: Path, tmp_path: Path) -> None:
    # Directories and variants of the page stand for those of the made-up runs.
    stand_in = {
        "obrii-ukraine-autumn-2022": "one", "obrii-more-gateways": "two",
        "south and east off": "variant 1", "country off": "variant 1",
        "country off, OneWeb with 10,000 terminals": "variant 2",
    }  # fmt: skip
    commands = re.findall(r"^ {4}(obrii (?:compare|export) .+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(commands) >= 5
    for command in commands:
        words = [stand_in.get(word, word) for word in shlex.split(command, comments=True)[1:]]
        if "-o" in words:
            words[words.index("-o") + 1] = str(tmp_path)
        code, out, err = said(*words)
        assert code == 0 and out, (command, err)
