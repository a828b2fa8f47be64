"""The built-in scenario: 480 slots, every variant, halo, rates; CPU time of all and of one more variant, memory.

No other program answers this question, so there is no rival: Hypatia, StarPerf and CosmoSim cannot switch a region off.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from obrii import Scenario
from obrii.blocks import BLOCK_STEPS, serve_block
from obrii.report.page import report
from obrii.scenario.stage import stage
from obrii.simulation import run
from obrii.sky import sky_block

NAME = "ukraine-autumn-2022"


def measure() -> list[dict[str, Any]]:
    """CPU seconds, all threads together, after one warm-up block; then the command as users run it, and its memory."""
    scenario = Scenario.preset(NAME)
    world = stage(scenario)
    blocks = list(world.grid.blocks(BLOCK_STEPS))
    variants = scenario.variants()
    for variant in variants:
        serve_block(sky_block(scenario, blocks[0]), variant)

    sky_s, variant_s = 0.0, dict.fromkeys((variant.name for variant in variants), 0.0)
    for steps in blocks:
        began = time.process_time()
        sky = sky_block(scenario, steps)
        sky_s += time.process_time() - began
        for variant in variants:
            began = time.process_time()
            serve_block(sky, variant)
            variant_s[variant.name] += time.process_time() - began
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        run(scenario, Path(folder) / "run")
        run_s = time.process_time() - began
        began = time.process_time()
        report(Path(folder) / "run")
        report_s = time.process_time() - began
        user_s, system_s, wall_s, peak_mib = _as_users_run_it(Path(folder) / "command")
    rows = [
        (f"simulation: sky and {len(variants)} variants", sky_s + sum(variant_s.values()), "s CPU"),
        ("sky, shared by all variants", sky_s, "s CPU"),
        *((f"variant: {name}", seconds, "s CPU") for name, seconds in variant_s.items()),
        ("run: simulation, arrays, tables, summary", run_s, "s CPU"),
        ("report", report_s, "s CPU"),
        ("command `obrii run`, report included: user", user_s, "s CPU"),
        ("command `obrii run`, report included: system", system_s, "s CPU"),
        ("command `obrii run`, report included", wall_s, "s"),
        ("peak memory of the command", peak_mib, "MiB"),
    ]
    return [{"work": work, "rival": "obrii", "figure": figure, "unit": unit} for work, figure, unit in rows]


def _as_users_run_it(folder: Path) -> tuple[float, float, float, float]:
    """User and system time [s] and wall time [s] of the whole command in a process of its own, and its memory [MiB]."""
    command = [sys.executable, "-m", "obrii", "run", NAME, "--output", str(folder)]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return usage.ru_utime, usage.ru_stime, wall_s, usage.ru_maxrss / 1024


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:10.2f} {row['unit']:6} {row['work']}")
