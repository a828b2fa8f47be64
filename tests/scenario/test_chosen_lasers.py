"""Lasers that choose the nearest satellites anew at every instant, as words of a scenario."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from obrii import Scenario, ScenarioError, simulate, simulation, sky_block, trace
from obrii.constants import EARTH_MEAN_RADIUS_M, LIGHT_M_S
from obrii.scenario.acting import Acting, outages
from obrii.scenario.stage import stage
from obrii.sky import graph_at
from tests.reference import lasers_plain

#: Two shells that meet, seen every five minutes: most links are not there at the start.
TEXT = """
title = "nearest"
time = {start = 2026-01-01T00:00:00Z, seconds = 3000, step_s = 300}
delay = {access_floor_ms = 0, processing_per_hop_ms = 0}
pair = [{from = "Lviv", to = "Nairobi", via = "sky"}, {from = "Odesa", to = "Lviv", via = "sky"}]
site = [
  {name = "Lviv", latitude_deg = 49.84, longitude_deg = 24.03},
  {name = "Odesa", latitude_deg = 46.48, longitude_deg = 30.73},
  {name = "Nairobi", latitude_deg = -1.29, longitude_deg = 36.82},
]
[[operator]]
name = "one"
user_min_elevation_deg = 5
KEYS
shell = [
  {name = "low", planes = 4, satellites_per_plane = 18, inclination_deg = 53, altitude_m = 550e3, phase_factor = 3 LOW},
  {name = "high", planes = 5, satellites_per_plane = 7, inclination_deg = 87, altitude_m = 1200e3 HIGH},
]
"""
EVENTS = {
    "all": ("{}", lambda cross, shells: True),
    "cross": ('{links = "cross-plane"}', lambda cross, shells: cross),
    "low": ('{shell = "low"}', lambda cross, shells: "low" in shells),
    "high cross": ('{shell = "high", links = "cross-plane"}', lambda cross, shells: cross and "high" in shells),
}
for name, (target, _) in EVENTS.items():
    TEXT += f'[[event]]\nname = "{name}"\nkind = "lasers-off"\ntarget = {target}\nstart = 2026-01-01T00:05:00Z\n'
    TEXT += f'[[variant]]\nname = "{name}"\nevents = ["{name}"]\n'


def scenario(keys: str, low: str = "", high: str = "") -> Scenario:
    return Scenario.parse(TEXT.replace("KEYS", keys).replace("LOW", low).replace("HIGH", high))


def links_at(world: Scenario, step: int) -> dict[tuple[int, int], float]:
    """Links that are there at a step, and their ranges."""
    sky = sky_block(world, slice(0, step + 1))
    there = ~np.isnan(sky.laser_range_m[step])
    ends = zip(sky.links.a[there].tolist(), sky.links.b[there].tolist(), strict=True)
    return dict(zip(ends, sky.laser_range_m[step, there].tolist(), strict=True))


def plainly(
    world: Scenario, step: int, n: int | list[int], among: range, reach_m: float, lowest_m: float
) -> dict[tuple[int, int], float]:
    """The same by the plain twin, among some satellites that have n lasers, or each its own number."""
    xyz_m = sky_block(world, slice(step, step + 1)).xyz_m[0].astype(float).T.tolist()
    found = lasers_plain.nearest_n([xyz_m[k] for k in among], n, EARTH_MEAN_RADIUS_M + lowest_m, reach_m)
    return {(among[a], among[b]): away_m for (a, b), away_m in found.items()}


@pytest.mark.parametrize("step", [0, 3, 7])
def test_the_links_of_a_step_are_those_of_a_plain_choice(step: int) -> None:
    alike = scenario('lasers = "nearest-3"\nlaser_range_m = 4e6\nlaser_clearance_m = 300e3')
    assert links_at(alike, step) == plainly(alike, step, 3, range(107), 4e6, 300e3)
    apart = scenario('lasers = "nearest-3"', high=', lasers = "nearest-1", laser_range_m = 6e6')
    low = plainly(apart, step, 3, range(72), math.inf, 80e3)
    assert links_at(apart, step) == low | plainly(apart, step, 1, range(72, 107), 6e6, 80e3)
    assert len(low) > 90
    mixed = scenario('lasers = "ring"', high=', lasers = "nearest-2"')
    chosen = {pair: away_m for pair, away_m in links_at(mixed, step).items() if pair[0] >= 72}
    assert chosen == plainly(mixed, step, 2, range(72, 107), math.inf, 80e3)
    assert len(stage(mixed).lasers.links) == 72


@pytest.mark.parametrize("name", list(EVENTS))
def test_lasers_that_are_off_stay_off_where_links_come_that_were_not_there_at_first(name: str) -> None:
    # A trap of other simulators: links that are absent at the start never fail.
    world = scenario('lasers = "nearest-3"')
    here, sky, at_first = stage(world), sky_block(world, slice(0, 10)), links_at(world, 0)
    shell, plane = here.constellation.shell, here.constellation.plane
    for step in range(1, 10):
        graph = graph_at(here, sky, step, outages(here, [Acting(name)]))
        count = len(here.constellation)
        found = {
            (a, int(b)) for a in range(count) for b in graph.node[graph.ptr[a] : graph.ptr[a + 1]] if a < b < count
        }
        whole = set(plainly(world, step, 3, range(107), math.inf, 80e3))
        out = {
            (a, b)
            for a, b in whole
            if EVENTS[name][1](shell[a] != shell[b] or plane[a] != plane[b], {shell[a], shell[b]})
        }
        assert found == whole - out
        assert (out - set(at_first)) and (name == "all" or found)


def test_pairs_go_the_least_way_over_the_links_of_their_step_and_variant() -> None:
    world = scenario('lasers = "nearest-3"\nmax_range_m = 3000e3')
    results, here = simulate(world), stage(world)
    shell, plane = here.constellation.shell, here.constellation.plane
    reached = 0
    for variant in ("intact", *EVENTS):
        for step in range(10):
            graph = nx.Graph()
            for (a, b), away_m in plainly(world, step, 3, range(107), math.inf, 80e3).items():
                cross = shell[a] != shell[b] or plane[a] != plane[b]
                if step == 0 or variant == "intact" or not EVENTS[variant][1](cross, {shell[a], shell[b]}):
                    graph.add_edge(a, b, weight=away_m)
            sky = sky_block(world, slice(step, step + 1))
            xyz_m = sky.xyz_m[0].astype(float)
            for site, name in enumerate(here.sites.name.tolist()):
                for k in sky.site_sights[0].satellite[sky.site_sights[0].of(0, site)].tolist():
                    graph.add_edge(name, k, weight=float(np.linalg.norm(xyz_m[:, k] - here.sites.xyz_m[:, site])))
            for pair in world.pair:
                part = graph.copy()
                part.remove_nodes_from(set(here.sites.name.tolist()) - {pair.from_, pair.to})
                try:
                    expected_s = 2 * nx.dijkstra_path_length(part, pair.from_, pair.to) / LIGHT_M_S
                except (nx.NetworkXNoPath, nx.NodeNotFound):
                    expected_s = np.nan
                found = results["pair_propagation_rtt"].sel(variant=variant, pair=pair.name)[step]
                # 2 ns: ranges of the graph are kept in float32 (0.25 m at 4,000 km, a few links).
                assert float(found) == pytest.approx(expected_s, abs=2e-9, nan_ok=True)
                reached += not np.isnan(expected_s)
    assert 30 < reached < 100


def test_neither_blocks_nor_threads_change_what_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    world = scenario('lasers = "nearest-2"\nlaser_acquire_s = 300', high=', lasers = "nearest-4"')
    whole = simulate(world, threads=1)
    assert trace(world, "Odesa - Lviv", step=4, variant="cross").rtt_s == pytest.approx(
        float(whole["pair_rtt"].sel(variant="cross", pair="Odesa - Lviv")[4]), abs=0, nan_ok=True
    )
    monkeypatch.setattr(simulation, "BLOCK_STEPS", 3)
    assert simulate(world, threads=2).identical(whole)


def test_a_link_that_is_chosen_works_once_the_same_two_have_been_linked_for_long_enough() -> None:
    at_once, later = (scenario(f'lasers = "nearest-3"{more}') for more in ("", "\nlaser_acquire_s = 300"))
    links = [links_at(at_once, step) for step in range(8)]
    acquired = 0
    for step, (before, now) in enumerate(pairwise(links), start=1):
        expected = {pair: away_m for pair, away_m in now.items() if pair in before}
        assert links_at(later, step) == expected
        acquired += len(expected) < len(now)
    assert acquired == 7


@pytest.mark.parametrize(
    ("keys", "high", "sentence"),
    [
        ('lasers = "nearest-5"', "", "shell 'low': lasers is 'nearest-5'; it must be one of none, ring, three, plus"),
        ('lasers = "nearest-2"\nseam_shift = 1', "", "seam_shift is 1; lasers 'nearest-2' know no seam: 'natural'"),
        (
            'lasers = "nearest-2"', ", laser_range_m = 1e6",
            "shell 'high': laser_range_m of a shell whose lasers 'nearest-2' are chosen among all shells of the "
            "operator; give the shell its own lasers, or the operator the limit",
        ),
    ],
)  # fmt: skip
def test_what_does_not_go_with_links_that_are_chosen_is_refused(keys: str, high: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        stage(scenario(keys, high=high))
    assert sentence in str(refusal.value)


def test_an_operator_has_lasers_by_its_word_whoever_is_near() -> None:
    # Nobody is ever within a kilometre.
    world = scenario('lasers = "nearest-1"\nlaser_range_m = 1e3')
    assert stage(world).networks[0].lasers
    assert links_at(world, 3) == {}


def test_a_satellite_chooses_no_more_partners_than_it_has_lasers() -> None:
    world = scenario('lasers = "nearest-4"\ngeneration = [{name = "old", shells = ["high"], lasers = "none"}]')
    few = scenario('lasers = "nearest-4"\ngeneration = [{name = "old", shells = ["high"], lasers_per_satellite = 1}]')
    assert links_at(world, 2) == plainly(world, 2, 4, range(72), math.inf, 80e3)
    assert links_at(few, 2) == plainly(few, 2, [4] * 72 + [1] * 35, range(107), math.inf, 80e3)
    off = outages(stage(world), [Acting("all")])
    assert not off.laser_end[:, :72].any() and off.laser_end[:, 72:].all()


@pytest.mark.data
def test_satellites_of_a_catalogue_choose_among_all_that_have_lasers(data: Path) -> None:
    file = data / "tle" / "oneweb_2022-09-14.tle"
    world = Scenario.parse(
        'title = "t"\ntime = {start = 2022-09-15T12:00:00Z, seconds = 60, step_s = 15}\n'
        f'[[operator]]\nname = "oneweb"\nconstellation = "{file}"\nlasers = "nearest-2"\n'
        '[[operator.generation]]\nname = "first"\ncatalogue_to = 45500\nlasers = "none"\n'
    )
    among = np.flatnonzero(stage(world).generation == "")
    xyz_m = sky_block(world, slice(1, 2)).xyz_m[0].astype(float).T.tolist()
    found = lasers_plain.nearest_n([xyz_m[k] for k in among], 2, EARTH_MEAN_RADIUS_M + 80e3, math.inf)
    assert links_at(world, 1) == {(int(among[a]), int(among[b])): away_m for (a, b), away_m in found.items()}
    assert 100 < len(among) < len(stage(world).constellation)
