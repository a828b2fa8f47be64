"""What a run carries from block to block goes through a file and comes back whole, or is refused."""

from __future__ import annotations

import copy
import json
import zipfile
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from obrii.errors import ModelError, ScenarioError
from obrii.results import tables
from obrii.results.carried import Carrying
from obrii.results.checkpoint import Checkpoints, Found, finished, steps_kept
from obrii.results.compared import Comparing
from obrii.results.directory import CHECKPOINT, RunDirectory
from obrii.results.handovers import Following
from obrii.results.metrics import Tally
from obrii.results.paired import PairTally
from obrii.results.store import Store
from tests.results.made_up import KEEP, Made, made_up

MADE = {"scenario": "hours = 1\nstep_s = 15", "inputs": "a.csv sha256:00", "versions": "obrii 1, numpy 2"}


class Laid:
    """Everything that adds up a made-up run, laid out anew."""

    def __init__(self, directory: Path, run: Made, size: int) -> None:
        self.run, self.directory = run, directory
        frame = run.frame
        self.place = RunDirectory(directory, len(frame.utc), made=MADE, resume=directory.exists())
        self.store = Store(directory, frame, keep=KEEP, block=size, attributes={})
        self.tally = Tally(frame, run.acting, np.array(run.towns, np.int64))
        self.comparing = Comparing(frame, self.tally.measured, run.notes())
        self.pairs = PairTally(frame, self.tally.measured)
        self.following = Following(frame.utc, frame.window, frame.duration_s)

    @property
    def carrying(self) -> dict[str, Carrying]:
        names = ("store", "tally", "comparing", "pairs", "following")
        return {name: getattr(self, name) for name in names}

    def add(self, steps: slice, variant: int, arrays: dict[str, np.ndarray]) -> None:
        arrays = {**arrays, **self.following.add(steps, variant, arrays["satellite"])}
        self.store.write(steps, variant, arrays)
        for each in (self.tally, self.comparing, self.pairs):
            each.add(steps, variant, arrays)

    def checkpoints(self) -> Checkpoints:
        return Checkpoints(self.directory, self.carrying, self.store.settle, MADE, {"aims": {}}, every_s=0)

    def finish(self) -> dict[str, bytes]:
        """Bytes of all files but the record."""
        self.store.close()
        tables.write(self.directory, self.tally, self.run.frame, self.run.notes(), None, self.comparing, self.pairs)
        self.place.finish()
        every = sorted(self.directory.rglob("*"))
        return {
            str(path.relative_to(self.directory)): path.read_bytes()
            for path in every
            if path.is_file() and path.name != "run.json"
        }


def by_block(run: Made, size: int) -> Iterator[list[tuple[slice, int, dict[str, np.ndarray]]]]:
    """The variants of each block."""
    blocks, variants = list(run.blocks(size)), len(run.runs)
    for k in range(0, len(blocks), variants):
        yield blocks[k : k + variants]


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1000), size=st.integers(1, 5), planned=st.integers(0, 1), data=st.data())
def test_a_run_that_stops_anywhere_and_goes_on_leaves_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, seed: int, size: int, planned: int, data: st.DataObject
) -> None:
    run = made_up(seed, planned=planned)
    folder = tmp_path_factory.mktemp("run")
    whole = Laid(folder / "whole", run, size)
    blocks = list(by_block(run, size))
    for block in blocks:
        for part in block:
            whole.add(*part)
    expected = whole.finish()
    kept = data.draw(st.integers(1, len(blocks)), "blocks before the checkpoint")
    beyond = data.draw(st.integers(0, 2), "variants added after it")
    first = Laid(folder / "part", run, size)
    for block in blocks[:kept]:
        for part in block:
            first.add(*part)
    first.checkpoints().offer(blocks[kept - 1][0][0].stop)
    for part in (blocks[kept] if kept < len(blocks) else [])[:beyond]:
        first.add(*part)
    if kept == len(blocks) and beyond:
        # What comes after the last block was reached too, and only the end of it was not.
        first.store.close()
    assert steps_kept(folder / "part") == blocks[kept - 1][0][0].stop
    other = Laid(folder / "part", run, size)
    found = Found(folder / "part", MADE)
    assert found.known == {"aims": {}}
    found.fill(other.carrying)
    for block in blocks[kept:]:
        for part in block:
            other.add(*part)
    assert other.finish() == expected
    assert not (folder / "part" / CHECKPOINT).exists() and finished(folder / "part", MADE)


def every_attribute(value: object, name: str) -> Iterator[tuple[str, Any, bool]]:
    """Name, value and whether it is carried, of each attribute of what carries and of all in it that does."""
    for attribute, each in vars(value).items():
        carried = attribute in type(value).CARRIES  # type: ignore[attr-defined]
        inner = each.items() if isinstance(each, dict) else [("", each)]
        if carried and any(isinstance(one, Carrying) for _, one in inner):
            for key, one in inner:
                yield from every_attribute(one, f"{name}.{attribute}{key}")
        else:
            yield f"{name}.{attribute}", each, carried


#: What is told by methods of its own, what is empty between two blocks or set by each of them, and what is no state.
KNOWN = {
    "store._gathered", "store._shards", "store._unsettled", "following._last", "tally._beyond", "tally._intact",
    "tally._never", "store._lock", "store._codec",
}  # fmt: skip


def test_whatever_a_block_changes_is_carried(tmp_path: Path) -> None:
    run = made_up(3, planned=1)
    laid = Laid(tmp_path / "run", run, 4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(laid.store, "_lock", None)
        patch.setattr(laid.store, "_codec", None)
        before = {
            name: copy.deepcopy(value)
            for each, carrying in laid.carrying.items()
            for name, value, carried in every_attribute(carrying, each)
            # Records are frozen, so that they need not be looked into.
            if not carried and name not in KNOWN and not is_dataclass(value)
        }
    for block in list(by_block(run, 4))[:2]:
        for part in block:
            laid.add(*part)
    after = {
        name: value for each, carrying in laid.carrying.items() for name, value, _ in every_attribute(carrying, each)
    }
    assert len(before) > 20
    for name, value in before.items():
        np.testing.assert_equal(after[name], value, err_msg=f"{name} changes from block to block; carry it")


def unfinished(directory: Path) -> tuple[Laid, Made]:
    run = made_up(5)
    laid = Laid(directory, run, 4)
    for part in next(by_block(run, 4)):
        laid.add(*part)
    laid.checkpoints().offer(4)
    return laid, run


def test_a_damaged_checkpoint_is_refused_or_as_good_as_whole(tmp_path: Path) -> None:
    laid, run = unfinished(tmp_path / "run")
    path = tmp_path / "run" / CHECKPOINT
    good = path.read_bytes()
    told = {name: each.carried() for name, each in laid.carrying.items()}
    rng = np.random.default_rng(1)
    refused = 0
    for at in rng.integers(0, len(good), 60).tolist():
        path.write_bytes(good[:at] + bytes([good[at] ^ 0xFF]) + good[at + 1 :])
        other = Laid(tmp_path / "run", run, 4)
        try:
            Found(tmp_path / "run", MADE).fill(other.carrying)
        except ScenarioError as error:
            assert "checkpoint.zip: is damaged (" in str(error) and "without --resume" in str(error)
            refused += 1
            continue
        np.testing.assert_equal({name: each.carried() for name, each in other.carrying.items()}, told)
    assert refused > 40
    for part in (b"", good[:100], good[: len(good) // 2], b"not a checkpoint"):
        path.write_bytes(part)
        with pytest.raises(ScenarioError, match="is damaged"):
            Found(tmp_path / "run", MADE)
        assert steps_kept(tmp_path / "run") == 0


def test_a_checkpoint_of_another_shape_or_of_objects_is_refused(tmp_path: Path) -> None:
    unfinished(tmp_path / "run")
    path = tmp_path / "run" / CHECKPOINT
    with zipfile.ZipFile(path) as file:
        text, arrays = json.loads(file.read("run.json")), file.read("arrays")
    for change in (
        {"arrays": [["tally.next", "|O", [3], [4]]]},
        {"arrays": [part for part in text["arrays"] if part[0] != "tally.served"]},
        {"arrays": [[*part[:2], [part[3][0] // 8], part[3]] for part in text["arrays"]]},
        {"arrays": 5},
        {"made": None},
    ):
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("run.json", json.dumps({**text, **change}))
            file.writestr("arrays", arrays)
        with pytest.raises(ScenarioError, match="is damaged"):
            Found(tmp_path / "run", MADE).fill(Laid(tmp_path / "run", made_up(5), 4).carrying)


def test_chunks_that_are_gone_are_missed(tmp_path: Path) -> None:
    run = made_up(5)
    laid = Laid(tmp_path / "run", run, 1)
    for block in list(by_block(run, 1))[:9]:
        for part in block:
            laid.add(*part)
    laid.checkpoints().offer(9)
    found = Found(tmp_path / "run", MADE)
    next((tmp_path / "run" / "results.zarr.part").glob("*/c.*")).unlink()
    with pytest.raises(ScenarioError, match=r"results\.zarr\.part: holds \d+ chunks of \d+ that were written"):
        found.fill(Laid(tmp_path / "run", run, 1).carrying)


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("scenario", "hours = 2\nstep_s = 15", "holds a run of another scenario, which has `hours = 1`; go on with"),
        ("scenario", "hours = 1\nstep_s = 15\nmore = 1", "holds a run of another scenario; go on with"),
        ("inputs", "a.csv sha256:01", "a run of other input files, which has `a.csv sha256:00`"),
        ("versions", "obrii 2, numpy 2", "a run of other versions of programs, which has `obrii 1`"),
    ],
)
def test_what_differs_is_said(tmp_path: Path, kind: str, text: str, sentence: str) -> None:
    laid, _ = unfinished(tmp_path / "run")
    with pytest.raises(ScenarioError, match=sentence):
        Found(tmp_path / "run", {**MADE, kind: text})
    assert not finished(tmp_path / "run", MADE)
    laid.place.finish()
    assert finished(tmp_path / "run", MADE)
    with pytest.raises(
        ScenarioError, match=f"holds a finished run of {sentence.split('run of ')[1].split(',')[0][:10]}"
    ):
        finished(tmp_path / "run", {**MADE, kind: text})


def test_where_there_is_nothing_to_go_on_from_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="nowhere: holds no run to go on with"):
        Found(tmp_path / "nowhere", MADE)
    RunDirectory(tmp_path / "run", 4)
    with pytest.raises(ScenarioError, match="was stopped before its first checkpoint"):
        Found(tmp_path / "run", MADE)


def test_checkpoints_come_no_more_often_than_asked_and_take_a_small_part_of_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr("obrii.results.checkpoint.time.monotonic", lambda: clock[0])

    class Slow(Carrying):
        left = 0

        def carried(self) -> dict[str, np.ndarray]:
            Slow.left += 1
            clock[0] += 3.0
            return {}

    tmp_path.mkdir(exist_ok=True)
    checkpoints = Checkpoints(tmp_path, {"slow": Slow()}, lambda: None, MADE, {}, every_s=5.0)
    for _ in range(1000):
        clock[0] += 1.0
        checkpoints.offer(1)
    # Three seconds each, five after the start, and then thirty apart.
    assert Slow.left == pytest.approx(1000 / 30, abs=2)


def test_state_of_another_layout_is_refused() -> None:
    run, other = made_up(1), made_up(1, cells=7)
    tallies = [Tally(each.frame, each.acting) for each in (run, other)]
    with pytest.raises(ModelError, match=r"expected"):
        tallies[1].carry_on(tallies[0].carried())
