"""A run that was stopped, however and wherever, goes on to the bytes of one that was not."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numba
import pytest

from obrii import Scenario, ScenarioError, blocks, cli
from obrii.results.directory import CHECKPOINT
from obrii.results.store import Store
from obrii.simulation import run
from tests.scenario.test_event_kinds import DENSE, with_events

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

#: Rates, terminals that are added, pairs, comparisons, an option, and an event that a first pass aims.
TEXT = with_events(
    "satellites-off {operator = 'one', most = 'loaded', count = 3}",
    "service-off {regions = ['UA-61']}",
    "add {groups = 'new', operator = 'two'}",
    text='pair = [{from = "Lviv", to = "Odesa", via = "sky"}]\n'
    + DENSE.replace("traffic = {}", "traffic = {growth = [2.0]}")
    .replace("planes = 36, satellites_per_plane = 22", "planes = 16, satellites_per_plane = 16")
    .replace("seconds = 60, step_s = 15", "seconds = 1500, step_s = 15"),
)
for name, events in (("aimed", ["0"]), ("loss", ["1"]), ("option", ["1", "2"])):
    TEXT += f'[[variant]]\nname = "{name}"\nevents = {json.dumps(events)}\n'

#: The same where steps remember each other.
REMEMBERING = TEXT.replace('name = "one"\n', 'name = "one"\nhysteresis_ms = 2.0\n', 1)

VARIANTS = 4

#: A command line that leaves a checkpoint after every block, and is killed in the middle of a block.
KILLED = """
import os, signal
from obrii import cli, simulation
from obrii.results.store import Store
simulation.run.__kwdefaults__["checkpoint_s"] = 0.0
write, left = Store.write, [LEFT]
def stop(self, *arguments):
    write(self, *arguments)
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
Store.write = stop
cli.main()
"""


class StoppedError(Exception):
    """Stands for whatever ends a run before its time."""


def digests(folder: Path) -> dict[str, str]:
    """Of every file that is compared byte for byte."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("run.json", "report.html")
    }


def stop_at(scenario: Scenario, folder: Path, steps: int, *, resume: bool, threads: int = 2) -> None:
    def progress(done: int, _: int) -> None:
        if done >= steps:
            raise StoppedError

    with pytest.raises(StoppedError):
        run(scenario, folder, resume=resume, checkpoint_s=0, progress=progress, threads=threads)


class Command:
    """The command line, in this process, with a checkpoint after every block."""

    def __init__(self, patch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._patch, self._capsys = patch, capsys
        patch.setitem(run.__kwdefaults__, "checkpoint_s", 0.0)
        patch.setattr(cli, "state", dict(cli.state))

    def __call__(self, *arguments: str | Path, stop: tuple[int, int] = (0, 0)) -> tuple[int, str, str]:
        """Exit code, stdout and stderr; stop: after how many variants of blocks it gets which signal."""
        left, number = stop
        write = Store.write

        def stopping(store: Store, *of_block: Any) -> None:
            nonlocal left
            write(store, *of_block)
            left -= 1
            if left == 0:
                os.kill(os.getpid(), number)

        with self._patch.context() as patch, pytest.raises(SystemExit) as ended:
            patch.setattr(sys, "argv", ["obrii", *map(str, arguments)])
            patch.setattr(Store, "write", stopping)
            cli.main()
        said = self._capsys.readouterr()
        return int(str(ended.value.code)), said.out, said.err


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    # Started in the background of a script, tests ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield Command(monkeypatch, capsys)
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that nobody stopped."""
    folder = tmp_path_factory.mktemp("whole") / "out"
    run(Scenario.parse(TEXT), folder)
    assert not (folder / CHECKPOINT).exists()
    return folder


def test_a_run_that_is_stopped_again_and_again_leaves_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    scenario = Scenario.parse(TEXT)
    for steps, threads in ((24, 1), (72, 2), (100, 1)):
        stop_at(scenario, tmp_path / "out", steps, resume=steps > 24, threads=threads)
    seen = []
    summary = run(scenario, tmp_path / "out", resume=True, progress=lambda done, total: seen.append((done, total)))
    # All blocks were done, and what comes after them was not.
    assert seen == [(100, 100)]
    assert digests(tmp_path / "out") == digests(whole)
    assert summary == json.loads((whole / "summary.json").read_text())


def test_where_steps_remember_each_other_they_still_do(tmp_path: Path) -> None:
    scenario = Scenario.parse(REMEMBERING)
    run(scenario, tmp_path / "whole")
    stop_at(scenario, tmp_path / "out", 48, resume=False, threads=1)
    run(scenario, tmp_path / "out", resume=True)
    assert digests(tmp_path / "out") == digests(tmp_path / "whole")


def test_satellites_that_a_first_pass_has_found_are_not_looked_for_again(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_at(Scenario.parse(TEXT), tmp_path / "out", 72, resume=False)
    monkeypatch.setattr("obrii.simulation.aims", None)
    run(Scenario.parse(TEXT), tmp_path / "out", resume=True)
    assert digests(tmp_path / "out") == digests(whole)


def test_what_was_stopped_while_it_was_finishing_goes_on(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise StoppedError

    with monkeypatch.context() as patch:
        # Arrays have their name already, tables have not been written.
        patch.setattr("obrii.simulation.tables.write", stop)
        with pytest.raises(StoppedError):
            run(Scenario.parse(TEXT), tmp_path / "out", checkpoint_s=0)
    assert (tmp_path / "out" / "results.zarr").exists() and (tmp_path / "out" / CHECKPOINT).exists()
    run(Scenario.parse(TEXT), tmp_path / "out", resume=True)
    assert digests(tmp_path / "out") == digests(whole)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_command_that_is_named_goes_on_after_a_signal(
    whole: Path, tmp_path: Path, command: Command, number: int, code: int
) -> None:
    (tmp_path / "world.toml").write_text(TEXT)
    arguments = ("run", str(tmp_path / "world.toml"), "-o", str(tmp_path / "out"), "--json")
    # In the middle of the third block, and again in the middle of the fourth.
    ended, out, said = command(*arguments, stop=(2 * VARIANTS + 2, number))
    assert (ended, out) == (code, ""), said
    assert f"obrii: stopped before the end, and 48 steps are kept; go on with: {named(arguments)}\n" in said
    ended, _, said = command(*arguments, "--resume", stop=(VARIANTS + 2, number))
    assert ended == code
    assert f"and 72 steps are kept; go on with: {named(arguments)}\n" in said
    assert json.loads((tmp_path / "out" / "run.json").read_text())["complete"] is False
    ended, out, said = command(*arguments, "--resume")
    assert ended == 0, said
    assert json.loads(out) == json.loads((whole / "summary.json").read_text())
    assert digests(tmp_path / "out") == digests(whole)
    assert (tmp_path / "out" / "report.html").exists()


def named(arguments: tuple[str, ...]) -> str:
    return shlex.join(("obrii", *arguments, "--resume"))


def test_a_run_that_was_killed_goes_on(whole: Path, tmp_path: Path) -> None:
    (tmp_path / "world.toml").write_text(TEXT)
    script = KILLED.replace("LEFT", str(2 * VARIANTS + 2))
    killed = subprocess.run(
        [sys.executable, "-c", script, "run", str(tmp_path / "world.toml"), "-o", str(tmp_path / "out")],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    run(Scenario.parse(TEXT), tmp_path / "out", resume=True)
    assert digests(tmp_path / "out") == digests(whole)


def test_a_finished_run_is_shown_and_not_computed(whole: Path, tmp_path: Path, command: Command) -> None:
    (tmp_path / "world.toml").write_text(TEXT)
    before = (whole / "run.json").read_bytes()
    ended, out, said = command("run", tmp_path / "world.toml", "-o", whole, "--resume", stop=(1, signal.SIGKILL))
    assert ended == 0, said
    assert f"notice: {whole} holds this run, finished: nothing is computed\n" in said
    assert "report.html" in out and (whole / "run.json").read_bytes() == before


def test_without_resume_a_run_begins_anew_and_says_what_it_might_have_done(tmp_path: Path, command: Command) -> None:
    (tmp_path / "world.toml").write_text(TEXT)
    stop_at(Scenario.parse(TEXT), tmp_path / "out", 48, resume=False)
    ended, _, said = command("run", tmp_path / "world.toml", "-o", tmp_path / "out", stop=(1, signal.SIGINT))
    assert ended == 130
    assert "out held an unfinished run, 48 of its steps kept; this one begins anew" in said
    # Nothing is kept of the new one, and nothing is left of the old one.
    assert "and nothing half done reads as whole; again: obrii run" in said and "--resume\n" not in said
    assert not (tmp_path / "out" / CHECKPOINT).exists()


def test_after_a_crash_the_trace_is_shown_and_what_goes_on(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "world.toml").write_text(TEXT)
    monkeypatch.setattr("obrii.simulation.tables.write", full)
    with pytest.raises(OSError, match="No space left"):
        command("run", tmp_path / "world.toml", "-o", tmp_path / "out")
    assert "and 100 steps are kept; go on with: obrii run" in capsys.readouterr().err


def test_what_cannot_go_on_is_one_sentence_and_leaves_what_there_is(tmp_path: Path) -> None:
    scenario, folder = Scenario.parse(TEXT), tmp_path / "out"
    with pytest.raises(ScenarioError, match="out: holds no run to go on with; begin one there without --resume"):
        run(scenario, folder, resume=True)
    assert not folder.exists()
    stop_at(scenario, folder, 48, resume=False)
    before = digests(folder)
    other = Scenario.parse(TEXT.replace("seconds = 1500", "seconds = 1515"))
    with pytest.raises(ScenarioError, match=r"a run of another scenario, which has `seconds = 1500\.0`; go on with"):
        run(other, folder, resume=True)
    (folder / CHECKPOINT).write_bytes((folder / CHECKPOINT).read_bytes()[:-100])
    with pytest.raises(ScenarioError, match=rf"{CHECKPOINT}: is damaged \(.*\); begin the run anew without --resume"):
        run(scenario, folder, resume=True)
    (folder / CHECKPOINT).unlink()
    with pytest.raises(ScenarioError, match="was stopped before its first checkpoint; begin it anew"):
        run(scenario, folder, resume=True)
    assert {**digests(folder), CHECKPOINT: before[CHECKPOINT]} == before


def test_files_that_a_scenario_reads_are_part_of_it(tmp_path: Path) -> None:
    line = {"type": "Polygon", "coordinates": [[[23, 49], [26, 49], [26, 51], [23, 49]]]}
    (tmp_path / "strip.json").write_text(json.dumps(line))
    text = TEXT.replace("{regions = ['UA-61']}", "{polygon = 'strip.json'}")
    scenario = Scenario.parse(text, folder=tmp_path)
    stop_at(scenario, tmp_path / "out", 24, resume=False)
    line["coordinates"][0][1] = [27, 49]
    (tmp_path / "strip.json").write_text(json.dumps(line))
    with pytest.raises(ScenarioError, match=r"a run of other input files, which has `strip\.json sha256:"):
        run(Scenario.parse(text, folder=tmp_path), tmp_path / "out", resume=True)


def test_the_blocks_are_those_that_these_tests_count_with() -> None:
    assert blocks.BLOCK_STEPS == 24 and len(Scenario.parse(TEXT).variants()) == VARIANTS
