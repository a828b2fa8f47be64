"""Over lasers too, what can be reached does not ask for antennas, and losing satellites never adds to it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from obrii import Scenario, serve_block, sky_block
from obrii.scenario.acting import Acting, outages
from obrii.scenario.parts import Variant
from obrii.scenario.stage import stage

TEXT = """
title = "test"
time  = {start = 2026-01-01T00:00:00Z, seconds = 240, step_s = 120}
area  = {regions = ["UA-46", "UA-63"], resolution = 4, halo_km = 0}
[[operator]]
name = "one"
lasers = "plus-grid"
[[operator.shell]]
name = "s"
planes = 18
satellites_per_plane = 12
inclination_deg = 53
altitude_m = 550e3
phase_factor = 5
[[site]]
name = "Muallim"
role = "gateway"
latitude_deg = 40.3
longitude_deg = 29.5
antennas = 1
[[site]]
name = "Sofia"
role = "pop"
latitude_deg = 42.7
longitude_deg = 23.3
[[event]]
name = "cross"
kind = "lasers-off"
target = {links = "cross-plane"}
[[event]]
name = "all"
kind = "lasers-off"
"""
TEXT += "".join(f'[[event]]\nname = "{k}"\nkind = "satellites-off"\ntarget = {{planes = [{k}]}}\n' for k in range(18))


LOSSES = [(), ("cross",), ("all",), *((lasers, str(plane)) for plane in range(0, 18, 3) for lasers in ("cross", "all"))]


@pytest.mark.parametrize("pattern", ["plus-grid", "nearest-3"])
@pytest.mark.parametrize("names", LOSSES, ids=" and ".join)
def test_over_lasers_a_cell_is_reachable_if_its_satellites_hang_together_with_a_gateway(
    names: tuple[str, ...], pattern: str
) -> None:
    scenario = Scenario.parse(TEXT.replace("plus-grid", pattern))
    here, sky = stage(scenario), sky_block(scenario, slice(0, 2))
    got = serve_block(sky, Variant(name="x", events=list(names)))["reachable"][:, 0]
    off, links, n = outages(here, [Acting(name) for name in names]), sky.links, len(here.constellation)
    for step in range(2):
        keep = np.isfinite(sky.laser_range_m[step]) & sky.lit(off) & off.satellite[links.a] & off.satellite[links.b]
        _, part = connected_components(coo_array((np.ones(keep.sum()), (links.a[keep], links.b[keep])), shape=(n, n)))
        seen = sky.site_sights[0]
        down = seen.satellite[seen.of(step, 0)]
        good = off.satellite & np.isin(part, part[down[off.satellite[down]]])
        cells = sky.cell_sights[0]
        expected = [bool(good[cells.satellite[cells.of(step, c)]].any()) for c in range(here.ground.area)]
        assert got[step].astype(bool).tolist() == expected
