"""Ways down over lasers: reach and delay of cells against networkx, with much of the sky lost."""

from __future__ import annotations

import math
from functools import cache

import networkx
import numpy as np

from obrii import Scenario, serve_block, sky_block
from obrii.frames import great_circle_m
from obrii.scenario.stage import Stage, stage
from tests.reference import lasers_plain, reach_plain
from tests.reference.reach_plain import Places
from validation.record import Effort, Finding, Validation

PLANES, SLOTS, PHASE_FACTOR = 72, 22, 17

#: The home of each country's cells, as the scenario says.
HOME = {"UKR": "Frankfurt", "KEN": "Frankfurt", "BRA": "Sao Paulo"}

#: Three gateways far apart, so that most ways pass over several lasers; room and antennas for all.
WORLD = f"""
title = "three countries over lasers"
time  = {{start = 2026-01-01T00:00:00Z, seconds = 7200, step_s = 60}}
area  = {{countries = ["UKR", "KEN", "BRA"], resolution = 3, halo_km = 0}}
delay = {{access_floor_ms = 0, processing_per_hop_ms = 0}}
site = [
  {{name = "Madrid", role = "gateway", latitude_deg = 40.4, longitude_deg = -3.7}},
  {{name = "Singapore", role = "gateway", latitude_deg = 1.3, longitude_deg = 103.8}},
  {{name = "Johannesburg", role = "gateway", latitude_deg = -26.2, longitude_deg = 28.0}},
  {{name = "Frankfurt", role = "pop", latitude_deg = 50.1, longitude_deg = 8.7}},
  {{name = "Sao Paulo", role = "pop", latitude_deg = -23.5, longitude_deg = -46.6}},
]
[[operator]]
name = "test"
lasers = "plus-grid"
cells_per_satellite = 100_000
home_pops = {{default = ["Frankfurt"], BRA = ["Sao Paulo"]}}
[[operator.shell]]
name = "s"
planes = {PLANES}
satellites_per_plane = {SLOTS}
inclination_deg = 53
altitude_m = 550e3
phase_factor = {PHASE_FACTOR}
"""

#: Lowest that a ray passes [m]: 80 km over a round Earth of 6371 km.
CLEAR_M = 6_451e3

LIGHT_M_S = 299_792_458.0


@cache
def _compared(effort: Effort) -> tuple[int, float, str]:
    """Cells whose reach is wrong, worst round trip [ns], and what was tried."""
    rng, total = np.random.default_rng(12), PLANES * SLOTS
    shares, draws = (0.0, 0.2, 0.4, 0.5, 0.6), effort.of(1, 4, 100)
    lost = [
        sorted(rng.choice(total, round(share * total), replace=False).tolist())
        for share in shares
        for _ in range(draws)
    ]
    text = WORLD
    for k, satellites in enumerate(lost):
        if satellites:
            text += f'[[event]]\nname = "{k}"\nkind = "satellites-off"\ntarget = {{satellites = {satellites}}}\n'
        text += f'[[variant]]\nname = "{k}"\nevents = {[str(k)] if satellites else []}\n'
    scenario = Scenario.parse(text)
    world = stage(scenario)
    satellites = reach_plain.propagate(world.constellation.elements)
    wrong, worst_ns, reached, judged = 0, 0.0, 0, 0
    for step in effort.of((7,), (0, 41, 97), tuple(range(0, 120, 10))):
        sky = sky_block(scenario, slice(step, step + 1))
        xyz_m = reach_plain.positions_m(satellites, world.grid.utc[step])
        for k, off in enumerate(lost):
            answer = {name: array[0] for name, array in serve_block(sky, scenario.variants()[k + 1]).items()}
            theirs_s = _round_trips_s(world, xyz_m, set(off))
            ours_s = answer["propagation_rtt"][0]
            wrong += int((answer["reachable"][0].astype(bool) != np.isfinite(theirs_s)).sum())
            both = np.isfinite(theirs_s) & np.isfinite(ours_s)
            worst_ns = max(worst_ns, 1e9 * float(np.abs(ours_s - theirs_s)[both].max(initial=0.0)))
            reached, judged = reached + int(both.sum()), judged + len(theirs_s)
    return (
        wrong,
        worst_ns,
        f"{len(lost)} draws of 0 to 60 % of 1,584 satellites; {reached:,} of {judged:,} cells reached",
    )


def _round_trips_s(world: Stage, xyz_m: np.ndarray, off: set[int]) -> np.ndarray:
    """There and back from every cell to its PoP by the shortest way down, NaN where there is none."""
    graph = networkx.DiGraph()
    for a, b in lasers_plain.plus_grid(PLANES, SLOTS, PHASE_FACTOR % SLOTS):
        length_m = lasers_plain.ray(xyz_m[a].tolist(), xyz_m[b].tolist(), CLEAR_M, math.inf)
        if not math.isnan(length_m) and a not in off and b not in off:
            graph.add_edge(a, b, weight=length_m)
            graph.add_edge(b, a, weight=length_m)
    sites = world.sites
    of_gateways = np.flatnonzero(sites.role == "gateway")
    seen, away_m = _seen(sites.latitude_deg[of_gateways], sites.longitude_deg[of_gateways], xyz_m)
    for row, gateway in enumerate(of_gateways.tolist()):
        for satellite in set(np.flatnonzero(seen[row]).tolist()) - off:
            graph.add_edge(str(sites.name[gateway]), satellite, weight=float(away_m[row, satellite]))
        for pop in np.flatnonzero(sites.role == "pop").tolist():
            ends = [(sites.latitude_deg[site], sites.longitude_deg[site]) for site in (pop, gateway)]
            # Fibre carries light at 2c/3 along half as much again as the great circle: the scenario's defaults.
            cable_m = 1.5 * 1.5 * float(great_circle_m(*ends[0], *ends[1]))
            graph.add_edge(str(sites.name[pop]), str(sites.name[gateway]), weight=cable_m)
    seen, away_m = _seen(world.cells.latitude_deg, world.cells.longitude_deg, xyz_m)
    found = np.full(len(world.cells), np.nan)
    for home in sorted(set(HOME.values())):
        down = networkx.single_source_dijkstra_path_length(graph, home)
        way_m = np.array([down.get(satellite, np.inf) for satellite in range(len(xyz_m))])
        for cell in np.flatnonzero([HOME[country] == home for country in world.cells.country.tolist()]).tolist():
            least_m = np.min((away_m[cell] + way_m)[seen[cell]], initial=np.inf)
            found[cell] = 2 * least_m / LIGHT_M_S if np.isfinite(least_m) else np.nan
    return found


def _seen(latitude_deg: np.ndarray, longitude_deg: np.ndarray, xyz_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What stands above 25 degrees at each place, and how far away everything is [m], (place, satellite)."""
    nothing = np.zeros(len(latitude_deg))
    places = Places(latitude_deg, longitude_deg, nothing, nothing + 25.0)
    away_m = np.linalg.norm(reach_plain.feet_m(places)[:, None] - xyz_m, axis=2)
    return reach_plain.seen(places, reach_plain.sines(places, xyz_m)), away_m


def reach(effort: Effort) -> Finding:
    """Cells that have a way down over lasers."""
    wrong, _, tried = _compared(effort)
    return Finding(wrong, tried)


def round_trips(effort: Effort) -> Finding:
    """Light time over the shortest way down, fibre included."""
    _, worst_ns, tried = _compared(effort)
    return Finding(worst_ns, tried)


VALIDATIONS = (
    Validation(
        "which cells can be reached over lasers", "networkx, every pair of cell and satellite (`reach_plain`)",
        "cells", 0,
        "None may differ; no pair here is within rounding of a mask.", reach,
    ),
    Validation(
        "round trips over lasers, gateways and fibre", "networkx over positions of the sgp4 package", "ns", 30.0,
        "Ways down are kept in float32, 1 m in 10,000 km, and delays too: 15 ns from a quarter of a second on.",
        round_trips,
    ),
)  # fmt: skip
