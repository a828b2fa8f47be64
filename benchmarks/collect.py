"""Run every benchmark of this folder and write benchmarks/RESULTS.md.

A benchmark is a file `time_*.py`, `run_*.py` or `cold.py` with one function, `measure()`. It returns a list of rows
`{"work": str, "rival": str, "figure": float, "unit": str}`: what was done, by whom, how much it took. Our own rows have
the rival "obrii"; a rival's row is set against our row of the same work and unit, measured in the same process.
`machine.py` says what the machine can do at most, and how far from it our rows are.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import machine

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
RESULTS = FOLDER / "RESULTS.md"
OURS = "obrii"

#: Run in a process of its own, so that no benchmark finds the code of another already compiled and loaded.
_CHILD = (
    "import importlib, json, sys; rows = importlib.import_module(sys.argv[1]).measure(); "
    "open(sys.argv[2], 'w').write(json.dumps(rows))"
)

#: Drawn from the page by `python -m tools.growth_picture`, which needs matplotlib; shown below the table of this title.
PICTURE, PICTURED = FOLDER / "growth.png", FOLDER / "time_growth.py"

_HEAD = """# Results of the benchmarks

<!-- Written by `make bench`. Do not edit by hand. -->

The last column is the figure over our own figure for the same work in the same run: 3 means three times as much as
Obrii. A figure without a rival has no ratio.
"""


def benchmarks() -> list[Path]:
    """Return the benchmark files, cold start last."""
    return [*sorted(FOLDER.glob("time_*.py")), *sorted(FOLDER.glob("run_*.py")), FOLDER / "cold.py"]


def measure(file: Path) -> list[dict]:
    """Return the rows of one benchmark, run from the root of the repository in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.json"
        subprocess.run([sys.executable, "-c", _CHILD, f"benchmarks.{file.stem}", str(rows)], cwd=ROOT, check=True)
        return json.loads(rows.read_text(encoding="utf-8"))


def page(results: Iterable[tuple[Path, list[dict]]], limits: list[dict], far: list[dict], load: float) -> str:
    """Return the whole page as Markdown: the machine, a table for every benchmark, and the way left to the machine."""
    facts = "".join(f"| {name} | {value} |\n" for name, value in _circumstances(load).items())
    tables = "".join(f"\n## {_title(file)}\n\n{table(rows)}{_picture(file)}" for file, rows in results)
    most = f"\n## {_title(FOLDER / 'machine.py')}\n\n{table(limits)}"
    return f"{_HEAD}\n| measured on | |\n| --- | --- |\n{facts}{most}{tables}{distances(far)}"


def distances(far: list[dict]) -> str:
    """Return how far rows are from the machine's limit as a chapter of the page.

    >>> far = [{"work": "w", "figure": 6.0, "unit": "ms", "least": 2.0, "by": "memory", "times": 3.0, "counts": "a"}]
    >>> print(distances(far).splitlines()[-1])
    | w | 6 ms | 2 ms | memory | 3 | a |
    """
    lines = [
        "\n## How far rows are from the machine's limit\n",
        "The least time is what the bytes or the operations of the last column need on one core at the rates above,",
        "whichever is more. No program goes below it, and none has to reach it: it knows no latency, no branch and no",
        "search.\n",
        "| work | obrii | least | set by | times the least | counted |",
        "| --- | ---: | ---: | --- | ---: | --- |",
    ]
    for row in far:
        taken, least = (f"{_number(row[name])} {row['unit']}" for name in ("figure", "least"))
        lines.append(f"| {row['work']} | {taken} | {least} | {row['by']} | {_number(row['times'])} | {row['counts']} |")
    return "\n".join(lines) + "\n"


def table(rows: list[dict]) -> str:
    """Return the rows as a Markdown table, each rival set against our own row of the same work and unit.

    >>> rows = [{"work": "w", "rival": "obrii", "figure": 2.0, "unit": "s"},
    ...         {"work": "w", "rival": "loop", "figure": 9.0, "unit": "s"}]
    >>> print(table(rows).splitlines()[-1])
    | w | loop | 9 | s | 4.5 |
    """
    ours = {(row["work"], row["unit"]): row["figure"] for row in rows if row["rival"] == OURS}
    compared = {(row["work"], row["unit"]) for row in rows if row["rival"] != OURS}
    lines = ["| work | by | figure | unit | against obrii |", "| --- | --- | ---: | --- | ---: |"]
    for row in rows:
        key = row["work"], row["unit"]
        ratio = _number(row["figure"] / ours[key]) if key in compared and ours.get(key) else ""
        lines.append(f"| {row['work']} | {row['rival']} | {_number(row['figure'])} | {row['unit']} | {ratio} |")
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    """Three digits that mean something, and never a power of ten."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _circumstances(load: float) -> dict[str, str]:
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "scipy"))
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, load {load:.1f} at the start",
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": packages,
        "commit": _commit(),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
    }


def _processor() -> str:
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"


def _commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ":!benchmarks/RESULTS.md")
    return git("rev-parse", "--short", "HEAD") + (" and changes that are not committed" if changed else "")


def _picture(file: Path) -> str:
    shown = file == PICTURED and PICTURE.exists()
    return f"\n![Time of a step against satellites, cells and sites]({PICTURE.name})\n" if shown else ""


def _title(file: Path) -> str:
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or file.stem
    return text.splitlines()[0].rstrip(".")


def main() -> None:
    """Run the benchmarks named on the command line, or all of them; print each table, and write the page if all ran."""
    parser = argparse.ArgumentParser(description="Run the benchmarks and write benchmarks/RESULTS.md.")
    parser.add_argument("names", nargs="*", help="only these, by file name without .py; prints, and writes no page")
    names = parser.parse_args().names
    load = os.getloadavg()[0]
    results: list[tuple[Path, list[dict[str, Any]]]] = []
    for file in benchmarks():
        if names and file.stem not in names:
            continue
        results.append((file, measure(file)))
        print(f"\n## {_title(file)}\n\n{table(results[-1][1])}", flush=True)
    limits, far = machine.measure(), machine.distances(row for _, rows in results for row in rows)
    print(f"\n## {_title(FOLDER / 'machine.py')}\n\n{table(limits)}{distances(far)}", flush=True)
    if not names:
        RESULTS.write_text(page(results, limits, far, load), encoding="utf-8")
        print(f"written to {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
