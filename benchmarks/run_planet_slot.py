"""One slot of a planet, by stages: 10,000 satellites with lasers, 10,000 cells, 150 gateways, 40 PoPs and rates.

The sky is that of the five shells of Starlink's first licence, and three made up to fill ten thousand. No
other program schedules cells, antennas and rates of a planet together, so there is no rival.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from obrii import Scenario, serve_block, sky_block
from obrii.ground import regions, site_tables
from obrii.ground.cells import cells_of
from obrii.scenario.parts import Variant
from obrii.scenario.stage import stage

SHELLS = (
    (550e3, 53.0, 72, 22), (540e3, 53.2, 72, 22), (570e3, 70.0, 36, 20), (560e3, 97.6, 6, 58), (560e3, 97.6, 4, 43),
    (525e3, 53.0, 28, 100), (530e3, 43.0, 28, 99), (535e3, 33.0, 2, 10),
)  # fmt: skip

#: Of each sort of place, how many are drawn; terminals, somewhat more than there are in 2026.
CELLS, GATEWAYS, POPS, TERMINALS = 10_000, 150, 40, 12_000_000

TEXT = """
title = "a slot of a planet"
time = {start = 2026-05-30T12:00:00Z, seconds = 180, step_s = 15}
event = [{name = "Germany off", kind = "gateways-off", target = {countries = ["DEU"]}}]
variant = [{name = "Germany off", events = ["Germany off"]}]
"""

STEPS = 12


OPERATOR = """
[[operator]]
name = "starlink"
lasers = "plus-grid"
payload = "starlink-v2-mini"
shell = [{name = "s", planes = 2, satellites_per_plane = 2, inclination_deg = 53, altitude_m = 550e3}]
"""


def planet() -> Scenario:
    """The scenario of the benchmark."""
    rng = np.random.default_rng(1)
    land = cells_of(countries=regions.with_cells(), resolution=3)
    cells = np.sort(rng.choice(len(land), CELLS, replace=False))
    table = site_tables.read("starlink-2026").sites
    sites: list[dict[str, Any]] = []
    for role, count in (("gateway", GATEWAYS), ("pop", POPS)):
        for k in np.sort(rng.choice(np.flatnonzero(table.role == role), count, replace=False)).tolist():
            texts = {name: str(getattr(table, name)[k]) for name in ("name", "role", "country")}
            where = {name: float(getattr(table, name)[k]) for name in ("latitude_deg", "longitude_deg")}
            antennas = {"antennas": int(table.antennas[k])} if role == "gateway" else {}
            sites.append({**texts, **where, **antennas})
    data = Scenario.parse(TEXT + OPERATOR).model_dump(mode="python", by_alias=True, exclude_none=True)
    data["operator"][0]["shell"] = [
        {"name": f"s{k}", "altitude_m": height, "inclination_deg": tilt, "planes": planes, "satellites_per_plane": each}
        for k, (height, tilt, planes, each) in enumerate(SHELLS)
    ]
    data["site"] = sites
    data["area"] = {"cells": [land.text[k] for k in cells], "resolution": 3, "halo_km": 0}
    data["traffic"] = {}
    data["terminals"] = [{"name": "all", "count": TERMINALS}]
    return Scenario.parse(TEXT + OPERATOR).changed(data)


def measure() -> list[dict[str, Any]]:
    """CPU time a slot, median over blocks of two slots, after one to warm up."""
    scenario = planet()
    data = scenario.model_dump(mode="python", by_alias=True, exclude_none=True)
    del data["traffic"]
    without_rates = scenario.changed(data)
    blocks = [slice(k, k + 2) for k in range(0, STEPS, 2)]
    figures: dict[str, list[float]] = {}
    for steps in blocks:
        sky, seconds = _timed(sky_block, scenario, steps)
        figures.setdefault("sky: positions, sight lines, lasers, landings", []).append(seconds)
        plain = sky_block(without_rates, steps)
        for label, variant in (("one variant", Variant(name="intact")), ("a further variant", scenario.variant[0])):
            _, bare_s = _timed(serve_block, plain, variant)
            _, all_s = _timed(serve_block, sky, variant)
            figures.setdefault(f"{label}: ways down, schedule, what terminals get", []).append(bare_s)
            figures.setdefault(f"{label}: the same with rates", []).append(all_s)
    sky_ms, _, one_ms, _, further_ms = (1e3 * median(each[1:]) / 2 for each in figures.values())
    size = f"{len(stage(scenario).constellation):,} satellites, {CELLS:,} cells, {GATEWAYS} gateways, {POPS} PoPs"
    rows = [(work, 1e3 * median(each[1:]) / 2) for work, each in figures.items()]
    rows.append(("slot with one variant, everything", sky_ms + one_ms))
    rows.append(("further variant, everything", further_ms))
    return [{"work": f"{work} ({size})", "rival": "obrii", "figure": ms, "unit": "ms CPU"} for work, ms in rows]


def _timed(work: Callable[..., Any], *arguments: Any) -> tuple[Any, float]:
    began = time.process_time()
    found = work(*arguments)
    return found, time.process_time() - began


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:10.2f} {row['unit']:6} {row['work']}")
