"""Whole runs of pairs: variants, events in time, laws, and random losses against networkx."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import numpy as np
import pytest
import xarray

from obrii import Scenario, serve_block, simulate, sky_block
from obrii.scenario.acting import Acting, outages
from obrii.scenario.stage import stage
from obrii.sky import graph_at
from obrii.tracing import trace

EXAMPLE = Path(__file__).parents[1] / "examples" / "hypatia-kuiper-630.toml"
KUIPER = EXAMPLE.read_text().replace("seconds = 200", "seconds = 2")
PAIRS = ("Manila - Dalian", "Manila - St Petersburg", "St Petersburg - Dalian")


def with_losses(text: str, **targets: str) -> Scenario:
    """The scenario with an event and a variant of its own for each target: name = "kind target"."""
    for name, what in targets.items():
        kind, target = what.split(" ", 1)
        text += f'\n[[event]]\nname = "{name}"\nkind = "{kind}"\ntarget = {target}\n'
        text += f'[[variant]]\nname = "{name}"\nevents = ["{name}"]\n'
    return Scenario.parse(text)


def test_everything_on_equals_intact_to_the_bit() -> None:
    text = KUIPER + '[[variant]]\nname = "nothing happens"\nevents = []\n'
    results = simulate(Scenario.parse(text))
    xarray.testing.assert_identical(
        results.sel(variant="intact", drop=True), results.sel(variant="nothing happens", drop=True)
    )


def test_an_event_acts_on_the_steps_that_start_within_it_and_on_no_other() -> None:
    text = KUIPER + (
        '[[event]]\nname = "dark"\nkind = "sites-off"\ntarget = {sites = ["Dalian"]}\n'
        'start = 2000-01-01T00:00:00.5Z\nend = 2000-01-01T00:00:01Z\n[[variant]]\nname = "dark"\nevents = ["dark"]\n'
    )
    results = simulate(Scenario.parse(text))
    served = results["pair_served"].sel(variant="dark", pair="Manila - Dalian").values
    assert np.flatnonzero(served == 0).tolist() == [5, 6, 7, 8, 9]
    dark = results["pair_reason"].sel(variant="dark", pair="Manila - Dalian").values
    meanings = dict(zip(results["pair_reason"].flag_meanings.split(), results["pair_reason"].flag_values, strict=True))
    assert set(dark[5:10]) == {meanings["switched-off"]}
    # Off and on again is the identity.
    intact = results["pair_rtt"].sel(variant="intact").values
    assert np.array_equal(results["pair_rtt"].sel(variant="dark").values[10:], intact[10:], equal_nan=True)


def test_overlapping_events_are_off_while_any_holds() -> None:
    text = KUIPER
    for name, start, end in (("first", "00.3", "01"), ("second", "00.7", "01.5")):
        text += (
            f'[[event]]\nname = "{name}"\nkind = "sites-off"\ntarget = {{sites = "Dalian"}}\n'
            f"start = 2000-01-01T00:00:{start}Z\nend = 2000-01-01T00:00:{end}{'.0' if len(end) == 2 else ''}Z\n"
        )
    text += '[[variant]]\nname = "both"\nevents = ["first", "second"]\n'
    served = simulate(Scenario.parse(text))["pair_served"].sel(variant="both", pair="Manila - Dalian").values
    assert np.flatnonzero(served == 0).tolist() == list(range(3, 15))


def test_a_link_that_is_absent_at_the_start_can_be_used_and_lost_later() -> None:
    # Trap 7 of simulators that freeze the graph at t = 0: here a satellite first used 18 s into the run fails at 20 s.
    text = EXAMPLE.read_text().replace("seconds = 200", "seconds = 30").replace("step_s  = 0.1", "step_s = 1")
    text += (
        '[[event]]\nname = "late"\nkind = "satellites-off"\ntarget = {satellites = [218]}\n'
        'start = 2000-01-01T00:00:20Z\n[[variant]]\nname = "late"\nevents = ["late"]\n'
    )
    results = simulate(Scenario.parse(text)).sel(pair="Manila - Dalian")
    uses = (results["pair_route"] == 218).any("hop")
    assert not uses.sel(variant="intact").values[0]
    assert uses.sel(variant="intact").values[20]
    assert uses.sel(variant="late").values[19]
    assert not uses.sel(variant="late").values[20:].any()
    assert (
        results["pair_rtt"].sel(variant="late").values[20:] > results["pair_rtt"].sel(variant="intact").values[20:]
    ).any()


def test_losing_anything_never_shortens_a_way() -> None:
    scenario = with_losses(
        KUIPER,
        planes="satellites-off {planes = [5, 6]}",
        some="satellites-off {satellites = [184, 144, 217, 700]}",
        cross="lasers-off {links = 'cross-plane'}",
        all="lasers-off {links = 'all'}",
    )
    results = simulate(scenario)
    rtt = results["pair_rtt"].fillna(np.inf)
    assert (rtt >= rtt.sel(variant="intact") - 1e-12).all()
    assert (results["pair_served"] <= results["pair_served"].sel(variant="intact")).all()
    # Without cross-plane lasers the shell falls apart into its planes: only pairs under one plane are left.
    assert results["pair_served"].sel(variant="all").values.sum() == 0


@pytest.mark.parametrize("draw", range(3))
def test_random_losses_agree_with_networkx_on_the_same_graph(draw: int) -> None:
    rng = np.random.default_rng(draw)
    scenario = with_losses(
        KUIPER,
        satellites=f"satellites-off {{satellites = {sorted(rng.choice(1156, 120, replace=False).tolist())}}}",
        planes=f"satellites-off {{planes = {sorted(rng.choice(34, 4, replace=False).tolist())}}}",
        cross="lasers-off {links = 'cross-plane'}",
    )
    world = stage(scenario)
    sky = sky_block(scenario, slice(3, 4))
    for variant in scenario.variants():
        found = serve_block(sky, variant)
        lost = set(np.flatnonzero(~outages(world, [Acting(name) for name in variant.events]).satellite).tolist())
        graph = nx.Graph()
        keep_cross = variant.name != "cross"
        links = world.lasers.links
        for a, b, cross, range_m in zip(links.a, links.b, links.cross_plane, sky.laser_range_m[0], strict=True):
            if not {int(a), int(b)} & lost and (keep_cross or not cross):
                graph.add_edge(int(a), int(b), weight=float(range_m))
        for k, pair in enumerate(scenario.pair):
            both = graph.copy()
            for end in (pair.from_, pair.to):
                site = world.sites.name.tolist().index(end)
                for satellite in range(1156):
                    away_m = np.linalg.norm(sky.xyz_m[0, :, satellite].astype(float) - world.sites.xyz_m[:, site])
                    if away_m <= 1_260_000 and satellite not in lost:
                        both.add_edge(end, satellite, weight=float(away_m))
            try:
                expected_s = 2 * nx.dijkstra_path_length(both, pair.from_, pair.to) / 299_792_458.0
            except (nx.NetworkXNoPath, nx.NodeNotFound):
                expected_s = np.nan
            # 2 ns: ranges of the graph are kept in float32 (0.12 m at 2,000 km, up to ten links).
            assert found["pair_propagation_rtt"][0, k] == pytest.approx(expected_s, abs=2e-9, nan_ok=True)


def test_results_do_not_depend_on_threads_nor_on_the_size_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = with_losses(KUIPER, planes="satellites-off {planes = [5]}")
    one = simulate(scenario, threads=1)
    xarray.testing.assert_identical(one, simulate(scenario, threads=2))
    monkeypatch.setattr("obrii.simulation.BLOCK_STEPS", 7)
    xarray.testing.assert_identical(one, simulate(scenario, threads=2))


def test_windows_keep_apart() -> None:
    text = KUIPER.replace(
        "start   = 2000-01-01T00:00:00Z\nseconds = 2",
        "windows = [{start = 2000-01-01T00:00:00Z, seconds = 1}, {start = 2000-01-01T06:00:00Z, seconds = 1}]",
    )
    results = simulate(Scenario.parse(text))
    assert results.sizes["time"] == 20
    assert results["window"].values.tolist() == [0] * 10 + [1] * 10
    alone = simulate(Scenario.parse(KUIPER.replace("seconds = 2", "seconds = 1")))
    assert np.array_equal(results["pair_rtt"].values[:, :10], alone["pair_rtt"].values, equal_nan=True)


def test_several_operators_share_one_graph_of_their_own_lasers() -> None:
    text = EXAMPLE.read_text().replace("seconds = 200", "seconds = 1")
    second = '[[operator]]\nname = "oneweb"\nconstellation = "oneweb"\nuser_min_elevation_deg = 55\n'
    both = simulate(Scenario.parse(text.replace("[[site]]", second + "\n[[site]]", 1)))
    alone = simulate(Scenario.parse(text))
    # OneWeb has no lasers: it cannot make any of these ways shorter, as each needs several satellites.
    assert np.array_equal(both["pair_rtt"].values, alone["pair_rtt"].values, equal_nan=True)


def test_a_trace_is_the_same_way_as_the_run_took() -> None:
    scenario = Scenario.parse(KUIPER)
    results = simulate(scenario)
    for pair in PAIRS:
        found = trace(scenario, pair, step=7)
        assert found.rtt_s == results["pair_rtt"].sel(variant="intact", pair=pair).values[7]
        assert len(found.hops) == results["pair_hops"].sel(variant="intact", pair=pair).values[7] + 1
        light_s = 2 * sum(hop.delay_s for hop in found.hops)
        assert light_s == pytest.approx(found.propagation_rtt_s, abs=2e-9)


def test_processing_and_floor_are_added_and_can_move_the_way() -> None:
    text = KUIPER.replace("access_floor_ms       = 0", "access_floor_ms = 8").replace(
        "processing_per_hop_ms = 0", "processing_per_hop_ms = 0.5"
    )
    results = simulate(Scenario.parse(text)).sel(variant="intact", pair="Manila - Dalian").isel(time=0)
    relays = int(results["pair_hops"]) - 1
    extra_ms = (float(results["pair_rtt"]) - float(results["pair_propagation_rtt"])) * 1e3
    # Two terminals, and each satellite's switching both ways.
    assert extra_ms == pytest.approx(2 * 8 + 2 * 0.5 * relays, abs=1e-6)


def test_the_graph_of_a_step_holds_no_link_that_is_too_long() -> None:
    scenario = Scenario.parse(KUIPER)
    world, sky = stage(scenario), sky_block(scenario, slice(0, 2))
    graph = graph_at(world, sky, 1, outages(world, ()))
    sites = np.repeat(np.arange(len(graph.ptr) - 1), np.diff(graph.ptr)) >= len(world.constellation)
    assert graph.length_m[sites].max() <= 1_260_000
    # Laser links of this shell clear 80 km: Hypatia (IMC 2020) gives 5,440 km as the longest at 630 km.
    assert graph.length_m.max() < 5_440_100
