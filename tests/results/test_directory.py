"""A run's directory is only ever a run's, and says whether it is whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from obrii.errors import ScenarioError
from obrii.results.directory import RunDirectory, complete
from obrii.results.provenance import provenance


def record(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((path / "run.json").read_text())
    return found


def test_a_run_is_complete_only_at_its_end(tmp_path: Path) -> None:
    place = RunDirectory(tmp_path / "a" / "b", steps=8)
    assert record(place.path)["complete"] is False
    place.progress(4)
    assert record(place.path)["steps_done"] == 4
    assert not complete(place.path)
    place.finish()
    assert complete(place.path)
    assert record(place.path)["steps_done"] == record(place.path)["steps"] == 8


def test_a_new_run_removes_what_an_earlier_one_left_and_nothing_else(tmp_path: Path) -> None:
    RunDirectory(tmp_path, steps=1).finish()
    for name in ("results.zarr/zarr.json", "results.zarr.part/served/c.0", "tables/cells.parquet"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("old")
    for name in ("summary.json", "report.html", "report.uk.html", "notes of mine.txt"):
        (tmp_path / name).write_text("old")
    RunDirectory(tmp_path, steps=1)
    assert {path.name for path in tmp_path.iterdir()} == {"run.json", "notes of mine.txt"}
    assert not complete(tmp_path)


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ScenarioError, match=r"file: is a file; name a directory"):
        RunDirectory(tmp_path / "file", steps=1)
    with pytest.raises(ScenarioError, match="cannot be written"):
        RunDirectory(tmp_path / "file" / "below", steps=1)


@pytest.mark.parametrize("text", ["{}", "[]", "not JSON", '{"program": "other"}'])
def test_what_is_not_a_run_is_not_overwritten(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(ScenarioError, match="holds files that are not a run's"):
        RunDirectory(tmp_path, steps=1)
    assert (tmp_path / "run.json").read_text() == text


def test_a_directory_that_refuses_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_text", refuse)
    with pytest.raises(ScenarioError, match=r"cannot be written \(Permission denied\); name another"):
        RunDirectory(tmp_path, steps=1)


def test_provenance_tells_files_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "elements.txt").write_text("abc")
    made = provenance("t", 1, "", {"elements.txt": tmp_path / "elements.txt"})
    # FIPS 180-4: the digest of "abc".
    assert str(made["inputs"]).endswith("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    assert "inputs" not in provenance("t", 1, "")
