"""Laws of events, of whatever kind: they compose in any order, go without a trace, and take more the stronger they are.

On the small world (`tests.reference.small_world`), with every kind that is not only on and off; and random losses of a
shell against what chance and geometry say, and against networkx.
"""

from __future__ import annotations

import math
from dataclasses import fields
from pathlib import Path

import networkx as nx
import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obrii import Scenario, serve_block, sky_block
from obrii.network.changes import AXES, Change
from obrii.network.outages import Outages
from obrii.scenario.acting import Acting, acting_events, outages
from obrii.scenario.parts import Variant
from obrii.scenario.stage import stage
from tests.reference import changes_plain
from tests.reference.small_world import SKY, World, build

runs = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

KUIPER = (Path(__file__).parents[2] / "examples" / "hypatia-kuiper-630.toml").read_text()

#: Kind and target of events that take a part of something, or hang on the moment.
PARTS = {
    "share of the satellites": ("satellites-off", "{share = 0.4}"),
    "a few satellites": ("satellites-off", "{count = 30}"),
    "over the region": ("satellites-off", "{near = {place = 'Lviv', radius_km = 1500}}"),
    "high latitudes": ("satellites-off", "{latitude_deg = [48, 60], share = 0.5}"),
    "old ones": ("ageing", "{rate_per_day = 0.9, age_years = [0, 0]}"),
    "low ones": ("storm", "{shares = [[540, 0.5], [560, 0.2]]}"),
    "one gateway": ("gateways-off", "{count = 1}"),
    "antennas": ("antennas-off", "{countries = ['POL', 'LTU'], share = 1}"),
    "a PoP": ("pops-off", "{count = 1}"),
    "half of the fibres": ("fibre-off", "{share = 0.5}"),
    "core in part": ("core-off", "{left = 0.4}"),
    "share of the few": ("service-off", "{groups = 'few', share = 0.25}"),
    "near Lviv": ("service-off", "{near = {place = 'Lviv', radius_km = 70}}"),
    "not listed": ("listed-only", "{refused_share = 0.1, regions = 'UA-63'}"),
    "planned": ("add", "{sites = ['Cluj']}"),
    "licence": ("licence-granted", "{regions = 'UA-61'}"),
    "licence near Ternopil": ("licence-granted", "{near = {place = 'Ternopil', radius_km = 60}}"),
    "haze": ("links-degraded", "{min_elevation_deg = 55, near = {place = 'Lviv', radius_km = 300}}"),
    "haze over low ones": ("links-degraded", "{min_elevation_deg = 65, altitude_km = [540, 555]}"),
}
#: Those of them that give.
GIVING = {"planned", "licence", "licence near Ternopil"}
#: Times of a second event of each sort: it comes and goes between the first step of four and the last.
SLOWLY = "start = 2026-01-01T00:02:00Z\nend = 2026-01-01T00:10:00Z\nramp_s = 300\nrecovery_s = 100"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build(tmp_path_factory.mktemp("world"), PARTS, SLOWLY)


def equal(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    """Whether two answers are the same to the bit."""
    return one.keys() == other.keys() and all(one[name].tobytes() == other[name].tobytes() for name in one)


def on(world: World, names: set[str], step: int = 1, strength: float = 1.0) -> dict[str, np.ndarray]:
    """What is on while events act, by name."""
    acting = [Acting(name, strength, days=0.5) for name in sorted(names)]
    off = outages(world.stage, acting, world.sky.xyz_m[step])
    return {field.name: getattr(off, field.name) for field in fields(Outages) if field.name != "limit_bps"}


some = st.sets(st.sampled_from(sorted(PARTS)), max_size=6)


@runs
@settings(max_examples=15)
@given(st.permutations(sorted(PARTS)), st.integers(2, 8))
def test_events_of_any_kind_compose_in_any_order(world: World, names: list[str], count: int) -> None:
    assert equal(world.serve(names[:count]), world.serve(names[:count][::-1]))


@runs
@given(some, some)
def test_what_several_leave_on_is_what_each_leaves_on(world: World, one: set[str], other: set[str]) -> None:
    one, other = one - GIVING, other - GIVING
    both, first, second = on(world, one | other), on(world, one), on(world, other)
    for name, mask in both.items():
        assert (mask == np.minimum(first[name], second[name])).all(), name


@runs
@given(some, st.floats(0, 1), st.floats(0, 1))
def test_a_stronger_event_takes_the_same_ones_and_more(world: World, names: set[str], s: float, t: float) -> None:
    weak, strong = (on(world, names - GIVING, strength=each) for each in sorted((s, t)))
    assert all((strong[name] <= weak[name]).all() for name in weak)


@runs
@pytest.mark.parametrize("name", PARTS)
def test_what_is_over_leaves_no_trace(world: World, name: str) -> None:
    intact, while_off, slowly = world.serve([]), world.serve([f"{name} for a while"]), world.serve([f"{name} slowly"])
    for array, values in intact.items():
        assert values[[0, 3]].tobytes() == while_off[array][[0, 3]].tobytes()
        assert values[[0, 3]].tobytes() == slowly[array][[0, 3]].tobytes()
    acting = [
        [
            each.strength
            for each in acting_events(world.stage.scenario, Variant(name="v", events=[f"{name} slowly"]), at)
        ]
        for at in world.stage.grid.utc
    ]
    assert acting == [[], [pytest.approx(120 / 300)], [1.0], []]


@runs
def test_what_is_restored_while_another_event_still_holds_stays_off(world: World) -> None:
    short, long = "odd planes for a while", "share of the satellites"
    both, alone = world.serve([short, long]), world.serve([long])
    for array, values in both.items():
        assert values[[0, 3]].tobytes() == alone[array][[0, 3]].tobytes()
    acting = [
        [each.name for each in acting_events(world.stage.scenario, Variant(name="v", events=[short, long]), at)]
        for at in world.stage.grid.utc
    ]
    assert [len(names) for names in acting] == [1, 2, 2, 1]
    assert short in SKY or short.removesuffix(" for a while") in SKY


@st.composite
def changes(draw) -> Change:
    """A change of one to three masks over small axes."""
    shapes = {part: [2] * 3 if AXES[part][0] == 2 else [2, 5] if AXES[part][0] == 1 else [5] for part in AXES}
    for part, (axis, _) in AXES.items():
        shapes[part][axis] = 5
    parts = draw(st.sets(st.sampled_from(sorted(AXES)), min_size=1, max_size=3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    masks = {part: rng.random(shapes[part]) < 0.6 for part in sorted(parts)}
    return Change(masks, seed=draw(st.integers(0, 9)), name=draw(st.sampled_from(["a", "b"])))


@given(changes(), st.floats(0, 1))
def test_a_part_of_a_change_is_what_the_twin_says(change: Change, strength: float) -> None:
    found = change.at(strength).masks
    for part, mask in change.masks.items():
        axis, what = AXES[part]
        expected = changes_plain.part(mask.tolist(), axis, strength, change.seed, f"{change.name}: {what}")
        assert found[part].tolist() == expected


# Random losses of a shell.

SHELL = """
title = "a shell"
seed = SEED
time = {start = 2026-01-01T00:00:00Z, seconds = 3600, step_s = 600}
site = [
  {name = "a", latitude_deg = 49, longitude_deg = 31}, {name = "b", latitude_deg = -12, longitude_deg = 140},
  {name = "c", latitude_deg = 35, longitude_deg = -80}, {name = "d", latitude_deg = 5, longitude_deg = 60},
]
pair = [{from = "a", to = "b", via = "sky"}, {from = "c", to = "d", via = "sky"}]
[[operator]]
name = "test"
shell = [{name = "s", planes = 24, satellites_per_plane = 22, inclination_deg = 53, altitude_m = 550e3}]
[[event]]
name = "some"
kind = "satellites-off"
target = {share = 0.2}
[[event]]
name = "a quarter of the planes, side by side"
kind = "satellites-off"
target = {planes = [0, 1, 2, 3, 4, 5]}
"""


def in_view(text: str, seed: int, name: str | None) -> np.ndarray:
    """Satellites that are on over each site at each step, (step, site)."""
    scenario = Scenario.parse(text.replace("SEED", str(seed)))
    here, sky = stage(scenario), sky_block(scenario, slice(0, 6))
    on_now = outages(here, [Acting(name)] if name else []).satellite
    sights = sky.site_sights[0]
    return np.array(
        [[on_now[sights.satellite[sights.ptr[t, s] : sights.ptr[t, s + 1]]].sum() for s in range(4)] for t in range(6)]
    )


@runs
def test_the_mean_in_view_after_random_losses_is_what_is_left_of_all() -> None:
    whole = in_view(SHELL, 0, None).sum()
    left = [in_view(SHELL, seed, "some").sum() / whole for seed in range(24)]
    # 106 of 528, without replacement: each satellite stays with 1 - 106/528, whatever is seen of it; of 24 draws the
    # mean is within four of its own standard deviations.
    expected = 1 - math.floor(0.2 * 528 + 0.5) / 528
    assert np.mean(left) == pytest.approx(expected, abs=4 * np.std(left) / math.sqrt(24))
    assert np.std(left) < 0.05


@runs
def test_planes_side_by_side_leave_a_gap_where_scattered_losses_leave_none() -> None:
    # As many satellites, a quarter: the gap of six planes side by side lets some see nobody, at some step; brute force
    # over the positions says who, and scattered losses of the same number leave more in view at the worst.
    text = SHELL.replace("{share = 0.2}", "{count = 132}")
    together = in_view(text, 1, "a quarter of the planes, side by side")
    scattered = in_view(text, 1, "some")
    scenario = Scenario.parse(text.replace("SEED", "1"))
    here, sky = stage(scenario), sky_block(scenario, slice(0, 6))
    by_hand = np.zeros((6, 4), int)
    for step in range(6):
        for site in range(4):
            up = here.sites.xyz_m[:, site]
            latitude, longitude = np.radians(here.sites.latitude_deg[site]), np.radians(here.sites.longitude_deg[site])
            zenith = [
                np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)
            ]  # fmt: skip
            for satellite in range(6 * 22, 24 * 22):
                away = sky.xyz_m[step, :, satellite].astype(float) - up
                by_hand[step, site] += np.dot(away, zenith) / np.linalg.norm(away) >= math.sin(math.radians(25))
    assert (together == by_hand).all()
    intact = in_view(text, 1, None)
    assert ((intact - together) / intact).max() > 0.9 > ((intact - scattered) / intact).max()
    assert together.min() < scattered.min()


@runs
@pytest.mark.parametrize("seed", range(3))
def test_ways_after_random_losses_on_the_kuiper_model_are_those_of_networkx(seed: int) -> None:
    text = f"seed = {seed}\n" + KUIPER.replace("seconds = 200", "seconds = 1")
    for name, what in {"tenth": "satellites-off {share = 0.1}", "lasers": "lasers-off {share = 0.2}"}.items():
        kind, target = what.split(" ", 1)
        text += f'\n[[event]]\nname = "{name}"\nkind = "{kind}"\ntarget = {target}\n'
        text += f'[[variant]]\nname = "{name}"\nevents = ["{name}"]\n'
    scenario = Scenario.parse(text)
    here, sky = stage(scenario), sky_block(scenario, slice(2, 3))
    links, sites = here.lasers.links, here.sites.name.tolist()
    for variant in scenario.variants()[1:]:
        off = outages(here, [Acting(name) for name in variant.events])
        assert (~off.satellite).sum() == (116 if variant.name == "tenth" else 0)
        assert (~off.laser).sum() == (462 if variant.name == "lasers" else 0)
        graph = nx.Graph()
        for a, b, lit, range_m in zip(links.a, links.b, off.laser, sky.laser_range_m[0], strict=True):
            if lit and off.satellite[a] and off.satellite[b] and np.isfinite(range_m):
                graph.add_edge(int(a), int(b), weight=float(range_m))
        answer = serve_block(sky, variant)
        for k, pair in enumerate(scenario.pair):
            both = graph.copy()
            for end in (pair.from_, pair.to):
                away_m = np.linalg.norm(sky.xyz_m[0].astype(float) - here.sites.xyz_m[:, [sites.index(end)]], axis=0)
                for satellite in np.flatnonzero((away_m <= 1_260_000) & off.satellite):
                    both.add_edge(end, int(satellite), weight=float(away_m[satellite]))
            try:
                length_m, way = nx.single_source_dijkstra(both, pair.from_, pair.to)
            except (nx.NetworkXNoPath, nx.NodeNotFound):
                assert answer["pair_served"][0, k] == 0
                continue
            # 2 ns: ranges of the graph are kept in float32 (0.12 m at 2,000 km, up to ten links).
            assert answer["pair_propagation_rtt"][0, k] == pytest.approx(2 * length_m / 299_792_458.0, abs=2e-9)
            route = answer["pair_route"][0, k]
            assert [node for node in route.tolist() if 0 <= node < 1156] == way[1:-1]
