"""Policies and hysteresis in whole runs: who is chosen, for how long, and that nothing else decides."""

from __future__ import annotations

from functools import cache
from typing import get_args

import numba
import numpy as np
import pytest
import xarray

from obrii import Scenario, serve_block, simulate, sky_block
from obrii.links.visibility import Observers, Sights, observers, sight_lines
from obrii.orbits import propagation
from obrii.scenario.parts import Policy, Variant
from obrii.scenario.stage import stage
from obrii.service.preference import AHEAD_S, POLICIES, time_in_sight_s
from obrii.timegrid import nanoseconds
from obrii.tracing import trace

compiled = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

LIGHT_M_MS = 299_792.458

WORLD = """
title = "test"
time  = {TIME}
area  = {regions = ["UA-46"], resolution = 4, halo_km = 300, halo_resolution = 3}
terminals = [{name = "all", count = 100}]
site = [
  {name = "Wola", role = "gateway", latitude_deg = 51.8, longitude_deg = 20.8, antennas = 4},
  {name = "Cluj", role = "gateway", latitude_deg = 46.8, longitude_deg = 23.6, antennas = 4},
  {name = "Warsaw", role = "pop", latitude_deg = 52.2, longitude_deg = 21.0},
]
event = [
  {name = "Wola lost", kind = "gateways-off", target = {sites = ["Wola"]}, start = 2026-01-01T00:05:00Z},
  {name = "planes lost", kind = "satellites-off", target = {planes = [1, 9, 30]}, end = 2026-01-01T00:07:00Z},
]
variant = [{name = "a", events = ["Wola lost"]}, {name = "b", events = ["Wola lost", "planes lost"]}]
[[operator]]
name = "one"
cells_per_satellite = PLACES
OPTIONS
[[operator.shell]]
name = "s"
planes = 36
satellites_per_plane = 20
inclination_deg = 53
altitude_m = 550e3
epoch = 2026-01-01T00:00:00Z
"""
TEN_MINUTES = 'start = 2026-01-01T00:00:00Z, seconds = 600, step = "slot"'
TWO_WINDOWS = """
windows = [{start = 2026-01-01T00:00:00Z, seconds = 150}, {start = 2026-01-01T00:05:00Z, seconds = 150}], step_s = 15
""".strip()


#: Places and antennas for all, and gateways that see every satellite which the cells see.
PLENTY = "gateway_min_elevation_deg = 0\n"


def written(options: str = "", time: str = TEN_MINUTES) -> str:
    text = (
        WORLD.replace("TIME", time).replace("OPTIONS", options).replace("PLACES", "1000" if PLENTY in options else "30")
    )
    return text.replace(", antennas = 4", "") if PLENTY in options else text


def scenario(options: str = "", time: str = TEN_MINUTES) -> Scenario:
    return Scenario.parse(written(options, time))


@cache
def run(options: str = "", time: str = TEN_MINUTES) -> xarray.Dataset:
    return simulate(scenario(options, time), threads=1)


def test_the_words_of_a_scenario_are_those_of_the_table() -> None:
    assert get_args(Policy) == tuple(POLICIES)


def left_by_sgp4(
    flying: propagation.Propagator, at: np.ndarray, who: Observers, sights: Sights, step_s: float = 0.5
) -> np.ndarray:
    """How long every satellite in sight stays there, looked at every half second, by SGP4, (sight,) [s]."""
    site = np.repeat(np.arange(len(who)), sights.count[0])
    left, seen, after_s = np.full(len(site), np.nan), np.ones(len(site), bool), 0.0
    while seen.any():
        after_s += step_s
        there_m = propagation.positions(flying, at + nanoseconds(after_s))[0, :, sights.satellite].T.astype(float)
        ray = there_m - who.xyz_m[:, site]
        away_m = np.linalg.norm(ray, axis=0)
        high = np.sum(ray * who.up[:, site], axis=0) >= who.min_sine[site] * away_m
        sees = high & (away_m <= who.max_range_m[site])
        left[seen & ~sees] = after_s - 0.5 * step_s
        seen &= sees
    return left


@compiled
@pytest.mark.parametrize("mask_deg, reach_m", [(25.0, np.inf), (40.0, np.inf), (-90.0, 1.2e6)])
def test_a_time_in_sight_is_the_time_until_sgp4_takes_the_satellite_out_of_sight(
    mask_deg: float, reach_m: float
) -> None:
    world = stage(scenario())
    flying, at = world.propagators[0], world.grid.utc[:1]
    rng = np.random.default_rng(5)
    who = observers(rng.uniform(-58, 58, 60), rng.uniform(-180, 180, 60), 0.0, mask_deg, reach_m)
    now_m, later_m = (propagation.positions(flying, at + nanoseconds(after)) for after in (0.0, AHEAD_S))
    sights = sight_lines(who, now_m)
    found = time_in_sight_s(who, sights, now_m, later_m, AHEAD_S)
    left = left_by_sgp4(flying, at, who, sights)
    assert len(left) > 100
    # Half a step of looking; the bulge of the Earth raises and lowers orbits by some kilometres, which a circle of one
    # radius does not know, worth half a second; passes that hardly rise above the mask another second.
    assert np.abs(found - left).max() < 2.0
    assert np.median(np.abs(found - left)) < 0.3


def chosen(options: str) -> list[dict[str, np.ndarray]]:
    """What the cells of a run see and which of that they got, at four steps."""
    what = scenario(options)
    sky, world = sky_block(what, slice(0, 40)), stage(what)
    got = serve_block(sky, Variant(name="intact", events=[]))
    sights, area, rows = sky.cell_sights[0], world.ground.area, []
    left_s = time_in_sight_s(
        world.cell_observers[0],
        sights,
        propagation.positions(world.propagators[0], world.grid.utc),
        propagation.positions(world.propagators[0], world.grid.utc + nanoseconds(AHEAD_S)),
        AHEAD_S,
    )
    for step in (0, 13, 26, 39):
        for cell in range(area):
            here = sights.of(step, cell)
            taken = got["satellite"][step, 0, cell]
            rows.append(
                {
                    "taken": np.flatnonzero(sights.satellite[here] == taken),
                    "sine": sights.sin_elevation[here],
                    "left_s": left_s[here],
                }
            )
    return rows


@compiled
@pytest.mark.parametrize("policy, rank", [("highest-elevation", "sine"), ("most-lasting", "left_s")])
def test_with_places_and_antennas_for_all_the_highest_rank_is_taken(policy: str, rank: str) -> None:
    # A margin as wide as any way.
    rows = chosen(f'{PLENTY}policy = "{policy}"\npolicy_margin_ms = 100\n')
    assert len(rows) == 48
    for row in rows:
        assert row[rank][row["taken"]] == row[rank].max()


@compiled
def test_a_way_is_never_longer_than_the_best_by_more_than_the_margin() -> None:
    # With plenty for all the best way is that of the least path.
    best = run(PLENTY)["propagation_rtt"].sel(variant="intact").values
    for policy in ("highest-elevation", "most-lasting", "least-loaded"):
        for margin_ms in (0.0, 0.3, 2.0):
            options = f'{PLENTY}policy = "{policy}"\npolicy_margin_ms = {margin_ms}\n'
            longer_ms = 1e3 * (run(options)["propagation_rtt"].sel(variant="intact").values - best)
            # There and back, and float32 of some 10 ms.
            assert longer_ms.min() > -1e-5 and longer_ms.max() < 2.0 * margin_ms + 1e-5


@compiled
def test_the_least_loaded_spread_cells_over_satellites() -> None:
    most = {}
    for policy in ("least-path", "least-loaded"):
        satellite = run(f'policy = "{policy}"')["satellite"].sel(variant="intact").values
        most[policy] = np.mean([np.bincount(row[row >= 0]).max() for row in satellite.reshape(len(satellite), -1)])
    assert most["least-loaded"] < 0.8 * most["least-path"]


def handovers(results: xarray.Dataset, variant: str = "intact") -> int:
    """Changes from one satellite to another from step to step."""
    satellite = results["satellite"].sel(variant=variant).values
    before, after = satellite[:-1], satellite[1:]
    return int(((before >= 0) & (after >= 0) & (before != after)).sum())


@compiled
def test_hysteresis_saves_handovers_and_more_of_it_saves_more() -> None:
    counts = [handovers(run(options)) for options in ("", "hysteresis_ms = 0.2", "hysteresis_ms = 2")]
    assert counts[0] > counts[1] > counts[2] > 0


@compiled
def test_hysteresis_of_nothing_is_the_least_path() -> None:
    xarray.testing.assert_equal(run()["satellite"], run("hysteresis_ms = 0")["satellite"])


@compiled
def test_a_satellite_is_kept_while_it_has_a_live_way_and_its_way_is_not_much_longer() -> None:
    keep_ms = 1.0
    kept, best = run(f"{PLENTY}hysteresis_ms = {keep_ms}"), run(PLENTY)
    longer_ms = 1e3 * (kept["propagation_rtt"] - best["propagation_rtt"]).sel(variant="intact").values
    assert longer_ms.min() > -1e-5 and longer_ms.max() < 2 * keep_ms + 1e-5 and longer_ms.max() > keep_ms
    # Who changes, changes to the best.
    satellite = kept["satellite"].sel(variant="intact").values
    changed = satellite[1:] != satellite[:-1]
    assert (satellite[1:] == best["satellite"].sel(variant="intact").values[1:])[changed].all() and changed.any()


REMEMBERS = (
    "hysteresis_ms = 1",
    'policy = "most-lasting"\nhysteresis_ms = 3',
    'policy = "least-loaded"\nhysteresis_ms = 1',
)


@compiled
@pytest.mark.parametrize("options", REMEMBERS)
@pytest.mark.parametrize("size, threads", [(1, 1), (7, 2), (24, 3), (40, 2)])
def test_results_that_remember_do_not_depend_on_blocks_nor_threads(
    monkeypatch: pytest.MonkeyPatch, options: str, size: int, threads: int
) -> None:
    monkeypatch.setattr("obrii.simulation.BLOCK_STEPS", size)
    xarray.testing.assert_identical(simulate(scenario(options), threads=threads), run(options))


@compiled
@pytest.mark.parametrize("options", REMEMBERS)
def test_windows_do_not_remember_each_other(monkeypatch: pytest.MonkeyPatch, options: str) -> None:
    both = run(options, TWO_WINDOWS)
    assert both.sizes["time"] == 20
    alone = simulate(scenario(options, "start = 2026-01-01T00:05:00Z, seconds = 150, step_s = 15"))
    for name in ("satellite", "rtt"):
        np.testing.assert_array_equal(both[name].values[:, 10:], alone[name].values)
    monkeypatch.setattr("obrii.simulation.BLOCK_STEPS", 7)
    xarray.testing.assert_identical(simulate(scenario(options, TWO_WINDOWS)), both)


@compiled
def test_a_variant_without_events_is_intact_also_where_steps_are_remembered() -> None:
    text = written("hysteresis_ms = 1").replace("variant = [", 'variant = [{name = "nothing", events = []}, ')
    results = simulate(Scenario.parse(text))
    xarray.testing.assert_identical(results.sel(variant="intact", drop=True), results.sel(variant="nothing", drop=True))


@compiled
def test_a_trace_is_the_way_that_a_run_took_also_where_steps_are_remembered() -> None:
    pair = '\n[[pair]]\nfrom = "Lviv"\nto = "Kyiv"\nvia = "pop"\n'
    remembers = Scenario.parse(written(REMEMBERS[0], TWO_WINDOWS) + pair)
    results = simulate(remembers)["pair_rtt"].isel(pair=0)
    memoryless = simulate(Scenario.parse(written("", TWO_WINDOWS) + pair))["pair_rtt"].isel(pair=0)
    assert (results != memoryless).any()
    for variant in ("intact", "b"):
        for step in (0, 9, 10, 19):
            found = trace(remembers, "Lviv - Kyiv", step=step, variant=variant)
            assert found.rtt_s == results.sel(variant=variant).values[step]
