"""`obrii path`, `presets`, `resolve`: output and exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "hypatia-kuiper-630.toml"


def obrii(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "obrii", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300
    )


def ends(start: str = "Manila", end: str = "Dalian") -> tuple[str, ...]:
    return ("--from", start, "--to", end)


def test_one_instant_as_json_says_every_hop() -> None:
    done = obrii("path", EXAMPLE, *ends(), "--at", "0", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["served"] is True and found["reason"] is None
    assert found["propagation_rtt_ms"] == pytest.approx(29.423137758, abs=1e-3)  # Hypatia, IMC 2020
    assert found["rtt_ms"] == found["propagation_rtt_ms"]
    assert [hop["name"] for hop in found["hops"]] == ["Manila", "kuiper 184", "kuiper 183", "kuiper 217", "Dalian"]
    assert sum(hop["ms"] for hop in found["hops"]) * 2 == pytest.approx(found["propagation_rtt_ms"], abs=1e-5)
    assert all(hop["km"] / hop["ms"] == pytest.approx(299.792458, abs=1e-3) for hop in found["hops"][1:])


def test_one_instant_as_a_table_names_every_hop() -> None:
    done = obrii("path", EXAMPLE, *ends(), "--at", "2000-01-01T00:00:00Z")
    assert done.returncode == 0, done.stderr
    assert "kuiper 183" in done.stdout and "29.423 ms" in done.stdout


def test_the_way_is_said_in_ukrainian_too() -> None:
    once = obrii("path", EXAMPLE, *ends(), "--at", "0", "--lang", "uk")
    assert once.returncode == 0, once.stderr
    assert "туди й назад: 29,423 мс без черг" in once.stdout and "Усе працює" in once.stdout
    whole = obrii("path", EXAMPLE, *ends("Manila", "St Petersburg"), "--lang", "uk").stdout
    assert "2\u202f000 кроків, зв’язок є на 1\u202f903" in whole and "шляху немає: " in whole
    names = {"Manila", "Dalian", "St", "Petersburg", "kuiper", "T", "Z"}
    assert set(re.findall("[A-Za-z]+", once.stdout + whole)) <= names


def test_the_reverse_way_is_as_long() -> None:
    there = json.loads(obrii("path", EXAMPLE, *ends(), "--at", "50", "--json").stdout)
    back = json.loads(obrii("path", EXAMPLE, *ends("Dalian", "Manila"), "--at", "50", "--json").stdout)
    assert there["propagation_rtt_ms"] == pytest.approx(back["propagation_rtt_ms"], abs=1e-9)


def test_a_whole_run_as_json_has_the_series_and_its_extremes() -> None:
    found = json.loads(obrii("path", EXAMPLE, *ends("Manila", "St Petersburg"), "--json").stdout)
    assert found["steps"] == 2000 and found["steps_served"] == 1903
    assert len(found["series"]["rtt_ms"]) == 2000
    assert found["propagation_rtt_ms"]["min"] == pytest.approx(69.412, abs=1.5e-3)
    assert found["series"]["reason"][1600] == "no-laser-path" or found["series"]["reason"][1600] == "below-mask"
    assert found["paths"][0]["hops"][1] == "kuiper 184"


def test_a_place_may_be_a_latitude_and_a_longitude() -> None:
    done = obrii("path", EXAMPLE, "--from", "14.6042,120.9822", "--to", "Dalian", "--at", "0", "--json")
    assert json.loads(done.stdout)["propagation_rtt_ms"] == pytest.approx(29.423137758, abs=1e-3)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("path", "nowhere.toml", *ends(), "--at", "0"), "nowhere.toml: no such file"),
        (("path", EXAMPLE, *ends("Manyla"), "--at", "0"), "no site is called 'Manyla'; did you mean 'Manila'?"),
        (("path", EXAMPLE, *ends(), "--at", "200"), "lies outside the run"),
        (("path", EXAMPLE, *ends(), "--at", "soon"), "--at 'soon': give seconds from the start, or UTC"),
        (("path", EXAMPLE, *ends(), "--at", "nan"), "give a finite number"),
        (("path", EXAMPLE, *ends(), "--variant", "intakt"), "no variant is called 'intakt'; did you mean 'intact'?"),
        (("path", EXAMPLE, *ends("91,0"), "--at", "0"), "lies off the globe"),
        (("path", EXAMPLE, *ends(), "--at", "0", "--via", "moon"), "via"),
        (("path",), "Missing argument"),
        (("resolve", EXAMPLE.parent), "is a folder"),
        (("preset",), "No such command"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(arguments: tuple[str | Path, ...], sentence: str) -> None:
    done = obrii(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1 and "Traceback" not in done.stderr
    assert done.stdout == ""


def test_debug_shows_the_trace() -> None:
    done = obrii("--debug", "path", "nowhere.toml", *ends())
    assert "Traceback" in done.stderr


def test_presets_are_listed_with_their_sources() -> None:
    found = json.loads(obrii("presets", "--json").stdout)["constellation"]
    assert {"kuiper", "oneweb", "starlink-gen1"} <= set(found)
    assert all(preset["source"] for preset in found.values())


def test_a_preset_is_named_wherever_a_scenario_is_asked_for() -> None:
    assert obrii("resolve", "ukraine-autumn-2022").stdout.startswith('title = "Ukraine, autumn 2022"')
    done = obrii("path", "ukraine-autumn-2022", *ends("Kharkiv", "Warsaw"), "--at", "0")
    assert done.returncode == 0 and "round trip" in done.stdout, done.stderr
    assert "did you mean 'ukraine-autumn-2022'?" in obrii("resolve", "ukraine-autum-2022").stderr


def test_resolve_writes_what_it_can_read_again(tmp_path: Path) -> None:
    first = obrii("resolve", EXAMPLE).stdout
    (tmp_path / "again.toml").write_text(first)
    assert obrii("resolve", tmp_path / "again.toml").stdout == first
