"""The directory of a run: who may write there, and whether what lies there is whole.

run.json        complete or not, wall time, host, progress: the only file that differs between two equal runs
checkpoint.zip  of an unfinished run, from where it goes on
results.zarr    the arrays, under another name until the last of them is written
tables/         a Parquet file a kind of thing
summary.json    the answer
report.html     the answer, to be read; report.uk.html, the same in Ukrainian
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from obrii.errors import ScenarioError

#: The file that marks a directory as a run's.
RECORD = "run.json"

#: The arrays, and what they are called until they are whole.
ARRAYS, UNFINISHED_ARRAYS = "results.zarr", "results.zarr.part"

#: What an unfinished run goes on from, and what the next of these is called until it is whole.
CHECKPOINT, UNFINISHED_CHECKPOINT = "checkpoint.zip", "checkpoint.zip.part"

#: Everything else that a run leaves behind.
SUMMARY, TABLES, REPORTS = "summary.json", "tables", ("report.html", "report.uk.html")


class RunDirectory:
    """A directory while a run fills it; from the first moment to `finish` its record says that it is not complete.

    made: of what the run was made, by kind, as text. resume: leave the arrays and the checkpoint of the run that lies
    there. Raises ScenarioError where the path is a file, cannot be written, or holds something that is not a run. What
    an earlier run left there is removed otherwise; files that no run writes stay.
    """

    def __init__(self, path: Path, steps: int, *, made: Mapping[str, str] | None = None, resume: bool = False) -> None:
        self.path = path
        self._steps = steps
        self._made = {kind: digest(text) for kind, text in (made or {}).items()}
        self._started, self._wall_s, self._steps_done = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", 0.0, 0
        self._clock = time.monotonic()
        try:
            _check(path)
            path.mkdir(parents=True, exist_ok=True)
            if resume:
                self._go_on()
            self._record(complete=False, steps_done=self._steps_done)
            going = () if resume else (CHECKPOINT, ARRAYS, UNFINISHED_ARRAYS)
            for name in (*going, UNFINISHED_CHECKPOINT, SUMMARY, *REPORTS, TABLES):
                _remove(path / name)
        except OSError as error:
            raise ScenarioError(
                f"{path}: cannot be written ({error.strerror or error}); name another directory for the results"
            ) from None

    def progress(self, steps_done: int) -> None:
        """Note how many steps are done."""
        self._record(complete=False, steps_done=steps_done)

    def finish(self) -> None:
        """Say that everything has been written."""
        self._record(complete=True, steps_done=self._steps)
        _remove(self.path / CHECKPOINT)

    def _go_on(self) -> None:
        """Keep the time at which the run began, and how long it has taken so far."""
        record = _read(self.path)
        if isinstance(began := record.get("started"), str):
            self._started = began
        if isinstance(wall_s := record.get("wall_s"), float):
            self._wall_s = wall_s
        if isinstance(steps_done := record.get("steps_done"), int):
            self._steps_done = steps_done

    def _record(self, *, complete: bool, steps_done: int) -> None:
        record = {
            "program": "obrii",
            "complete": complete,
            "started": self._started,
            "wall_s": round(self._wall_s + time.monotonic() - self._clock, 3),
            "steps": self._steps,
            "steps_done": steps_done,
            "host": platform.node(),
            "system": platform.platform(),
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            "made": self._made,
        }
        # Written beside and renamed, so that nobody ever reads half of it.
        beside = self.path / f"{RECORD}.part"
        beside.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        beside.replace(self.path / RECORD)


def digest(content: bytes | str) -> str:
    """SHA-256 of some bytes, or of a text, in hexadecimal.

    >>> digest("abc")[:16]
    'ba7816bf8f01cfea'
    """
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def settled(files: Iterable[Path]) -> None:
    """Wait until files lie on the disk under their names, whatever happens to the machine then."""
    files = sorted(files)
    for path in files:
        # Some systems settle only what is open for writing.
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    for folder in sorted({path.parent for path in files}) if hasattr(os, "O_DIRECTORY") else ():
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def begun(path: Path) -> bool:
    """Whether a directory holds a run, finished or not."""
    return _read(path).get("program") == "obrii"


def made_of(path: Path) -> dict[str, str]:
    """Of what the run in a directory was made: a digest by kind; nothing where its record does not say."""
    made = _read(path).get("made")
    return {str(kind): str(each) for kind, each in made.items()} if isinstance(made, dict) else {}


def complete(path: Path) -> bool:
    """Whether a directory holds a run that came to its end.

    >>> complete(Path("no such directory"))
    False
    """
    return _read(path).get("complete") is True


def _check(path: Path) -> None:
    if path.is_dir():
        if any(path.iterdir()) and _read(path).get("program") != "obrii":
            raise ScenarioError(
                f"{path}: holds files that are not a run's, which are not overwritten; name an empty or new directory"
            )
    elif path.exists():
        raise ScenarioError(f"{path}: is a file; name a directory for the results")


def _read(path: Path) -> dict[str, Any]:
    """The record of a directory; empty where there is none, or where it is somebody else's."""
    try:
        record = json.loads((path / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
