"""Cold start: import, help, and the first path with and without compiled code on disk."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCENARIO = ROOT / "examples" / "hypatia-kuiper-630.toml"

_OBRII = (sys.executable, "-c", "from obrii.cli import main; main()")
_HELP = (*_OBRII, "--help")
_PATH = (*_OBRII, "path", str(SCENARIO), "--from", "Manila", "--to", "Dalian", "--at", "0")

#: Runs of what takes under a second; the median counts.
REPEATS = 5


def measure() -> list[dict]:
    """Return wall and processor seconds of each start, a fresh process each time."""
    with tempfile.TemporaryDirectory() as cache:
        return [
            *_median("start Python and import nothing", "python", (sys.executable, "-c", "pass")),
            *_median("import obrii", "obrii", (sys.executable, "-c", "import obrii")),
            *_median("obrii --help", "obrii", _HELP),
            *_rows("first path, nothing compiled yet", "obrii", [_spent(_PATH, cache)]),
            *_median("first path, compiled before", "obrii", _PATH, cache),
        ]


def _median(work: str, rival: str, command: tuple[str, ...], cache: str | None = None) -> list[dict]:
    return _rows(work, rival, [_spent(command, cache) for _ in range(REPEATS)])


def _rows(work: str, rival: str, spent: list[tuple[float, float]]) -> list[dict]:
    wall_s, processor_s = (statistics.median(each) for each in zip(*spent))
    return [
        {"work": f"{work}, wall", "rival": rival, "figure": wall_s, "unit": "s"},
        {"work": f"{work}, processor", "rival": rival, "figure": processor_s, "unit": "s"},
    ]


def _spent(command: tuple[str, ...], cache: str | None = None) -> tuple[float, float]:
    """Return the wall and processor seconds of a command, with its own folder for compiled code if one is given."""
    environment = os.environ | ({"NUMBA_CACHE_DIR": cache} if cache else {})
    before, start = _processor_s(), time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start, _processor_s() - before


def _processor_s() -> float:
    """Return the processor seconds of all child processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
