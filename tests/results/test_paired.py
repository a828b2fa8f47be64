"""What pairs go through over a run."""

from __future__ import annotations

import json
from pathlib import Path

import numba
import numpy as np
import pandas as pd
import pytest

from obrii import Scenario
from obrii.simulation import run

TEXT = """
title = "two pairs"
time = {start = 2026-01-01T00:00:00Z, seconds = 300}
site = [
  {name = "Lviv", latitude_deg = 49.84, longitude_deg = 24.03},
  {name = "Odesa", latitude_deg = 46.48, longitude_deg = 30.73},
  {name = "Pole", latitude_deg = 89.0, longitude_deg = 0.0},
]
pair = [{from = "Lviv", to = "Odesa", via = "sky"}, {from = "Lviv", to = "Pole", via = "sky"}]
[[operator]]
name = "one"
lasers = "plus-grid"
shell = [{name = "low", altitude_m = 550_000, inclination_deg = 53, planes = 72, satellites_per_plane = 22}]
[[event]]
name = "dark"
kind = "lasers-off"
start = 2026-01-01T00:02:30Z
[[variant]]
name = "no lasers"
events = ["dark"]
"""


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="a whole run; kernels are tried one by one elsewhere")
def test_a_run_tells_how_long_the_way_of_each_pair_is_and_for_how_much_of_the_time(tmp_path: Path) -> None:
    content = run(Scenario.parse(TEXT), tmp_path)
    assert content == json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    intact, dark = (variant["pairs"] for variant in content["variants"])
    near, polar = intact
    assert near["pair"] == "Lviv - Odesa" and near["share_served"] == 1.0
    # Light over 790 km of ground and 550 km up and down takes over 2 * (790 km / c) = 5.3 ms there and back.
    assert 5.3 < near["rtt_min_ms"] <= near["rtt_median_ms"] <= near["rtt_max_ms"] < 60.0
    # No satellite of a shell at 53 degrees is ever seen from the pole.
    assert polar == {
        "pair": "Lviv - Pole", "share_served": 0.0, "rtt_min_ms": None, "rtt_median_ms": None, "rtt_max_ms": None,
    }  # fmt: skip
    assert dark[0]["share_served"] <= 1.0
    table = pd.read_parquet(tmp_path / "tables" / "pairs.parquet")
    assert table["variant"].tolist() == ["intact", "intact", "no lasers", "no lasers"]
    assert np.isnan(table["rtt_min_ms"].to_numpy(float)).tolist()[1]
