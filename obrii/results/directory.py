"""The directory of a run: who may write there, and whether what lies there is whole.

run.json        complete or not, wall time, host, progress: the only file that differs between two equal runs
results.zarr    the arrays, under another name until the last of them is written
tables/         a Parquet file a kind of thing
summary.json    the answer
report.html     the answer, to be read; report.uk.html, the same in Ukrainian
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from obrii.errors import ScenarioError

#: The file that marks a directory as a run's.
RECORD = "run.json"

#: The arrays, and what they are called until they are whole.
ARRAYS, UNFINISHED_ARRAYS = "results.zarr", "results.zarr.part"

#: Everything else that a run leaves behind.
SUMMARY, TABLES, REPORTS = "summary.json", "tables", ("report.html", "report.uk.html")


class RunDirectory:
    """A directory while a run fills it; from the first moment to `finish` its record says that it is not complete.

    Raises ScenarioError where the path is a file, cannot be written, or holds something that is not a run. What an
    earlier run left there is removed; files that no run writes stay.
    """

    def __init__(self, path: Path, steps: int) -> None:
        self.path = path
        self._steps = steps
        self._started = datetime.now(UTC)
        self._clock = time.monotonic()
        try:
            _check(path)
            path.mkdir(parents=True, exist_ok=True)
            self._record(complete=False, steps_done=0)
            for name in (SUMMARY, *REPORTS, TABLES, ARRAYS, UNFINISHED_ARRAYS):
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

    def _record(self, *, complete: bool, steps_done: int) -> None:
        record = {
            "program": "obrii",
            "complete": complete,
            "started": f"{self._started:%Y-%m-%dT%H:%M:%SZ}",
            "wall_s": round(time.monotonic() - self._clock, 3),
            "steps": self._steps,
            "steps_done": steps_done,
            "host": platform.node(),
            "system": platform.platform(),
            "processors": os.cpu_count(),
            "python": platform.python_version(),
        }
        # Written beside and renamed, so that nobody ever reads half of it.
        beside = self.path / f"{RECORD}.part"
        beside.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        beside.replace(self.path / RECORD)


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
