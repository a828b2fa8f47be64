"""Events aimed at the satellites that matter most: who they are, and what losing them does."""

from __future__ import annotations

import networkx as nx
import numba
import numpy as np
import pytest

from obrii import ObriiError, Scenario, serve_block, simulate, sky_block
from obrii.aimed import aimed
from obrii.blocks import BLOCK_STEPS
from obrii.routing.centrality import betweenness
from obrii.scenario.parts import INTACT, Variant
from obrii.scenario.stage import stage
from tests.scenario.test_event_kinds import DENSE, RICH, with_events

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

TEXT = with_events(
    "satellites-off {operator = 'one', most = 'loaded', count = 3}",
    "satellites-off {operator = 'one', most = 'central', count = 40, shell = 'low'}",
    "satellites-off {operator = 'one', count = 3}",
    text=DENSE.replace("satellites_per_plane = 22", "satellites_per_plane = 10").replace(
        "seconds = 60, step_s = 15", "seconds = 1800, step_s = 120"
    ),
)
for name in "012":
    TEXT += f'[[variant]]\nname = "v{name}"\nevents = ["{name}"]\n'


def test_the_most_loaded_serve_most_terminals_in_intact() -> None:
    scenario = aimed(Scenario.parse(TEXT))
    here = stage(scenario)
    terminals: dict[int, float] = {}
    for steps in here.grid.blocks(BLOCK_STEPS):
        serving = serve_block(sky_block(scenario, steps), Variant(name=INTACT))["satellite"]
        for (_, group, cell), satellite in np.ndenumerate(serving):
            if satellite >= 0:
                terminals[int(satellite)] = terminals.get(int(satellite), 0.0) + here.ground.groups.count[group, cell]
    best = sorted(terminals, key=lambda satellite: (-terminals[satellite], satellite))[:3]
    assert scenario.event[0].target == {"operator": "one", "most": "loaded", "satellites": sorted(best)}
    # Once it is known who they are, nothing is found again.
    assert aimed(scenario) is scenario


def test_losing_the_most_loaded_costs_more_than_losing_any_three() -> None:
    results = simulate(Scenario.parse(TEXT))
    intact = results["satellite"].sel(variant="intact").values
    moved = {
        name: int(((intact >= 0) & (results["satellite"].sel(variant=name).values != intact)).sum())
        for name in ("v0", "v2")
    }
    assert moved["v0"] > moved["v2"]


@pytest.mark.parametrize("seed", range(4))
def test_betweenness_is_that_of_networkx(seed: int) -> None:
    rng = np.random.default_rng(seed)
    graph = nx.gnm_random_graph(24, 50, seed=seed)
    a, b = np.array(graph.edges, np.int32).T
    range_m = rng.uniform(1e5, 5e6, len(a)).astype(np.float32)
    for (one, other), length in zip(graph.edges, range_m, strict=True):
        graph.edges[one, other]["metres"] = float(length)
    expected = nx.betweenness_centrality(graph, weight="metres", normalized=False)
    # Each pair is counted both ways, and no two ways are as long as each other.
    assert betweenness(24, a, b, range_m, np.arange(24)).tolist() == [2 * expected[node] for node in range(24)]


def test_the_most_central_lie_on_most_ways_of_others() -> None:
    # Within a minute ways hardly change, so that one instant tells who lies on them.
    scenario = aimed(Scenario.parse(TEXT.replace("seconds = 1800, step_s = 120", "seconds = 15, step_s = 15")))
    central = np.array(scenario.event[1].target["satellites"])
    here, sky = stage(scenario), sky_block(scenario, slice(0, 1))
    count = len(here.constellation)
    passing = betweenness(count, sky.links.a, sky.links.b, sky.laser_range_m[0], np.arange(count), 50e-6 * 299_792_458)
    low = np.flatnonzero((here.constellation.operator == "one") & (here.constellation.shell == "low"))
    others = np.setdiff1d(low, central)
    assert len(central) == 40 and np.isin(central, low).all()
    assert passing[central].min() >= passing[others].max() > 0


REFUSED = {
    "most = 'laoded', count = 3": "most is 'laoded'; it is one of loaded, central",
    "most = 'loaded'": "asks for no count; give count, at most 68",
    "most = 'loaded', count = 99": "asks for 99 of 68; give count, at most 68",
    "most = 'loaded', count = 3, share = 0.1": "most goes with count, not with share; leave one of the two out",
}


@pytest.mark.parametrize("what", REFUSED)
def test_an_aim_that_means_nothing_is_refused(what: str) -> None:
    with pytest.raises(ObriiError) as refusal:
        simulate(Scenario.parse(with_events(f"satellites-off {{operator = 'one', {what}}}")))
    assert str(refusal.value) == f"event '0': {REFUSED[what]}"


def test_an_aim_without_lasers_or_without_a_first_pass_is_refused() -> None:
    with pytest.raises(ObriiError, match="no ways pass through satellites without lasers"):
        simulate(
            Scenario.parse(
                with_events(
                    "satellites-off {operator = 'one', most = 'central', count = 3}",
                    text=RICH.replace('"plus-grid"', '"none"'),
                )
            )
        )
    scenario = Scenario.parse(TEXT)
    with pytest.raises(ObriiError, match="most is known when intact has been run; use simulate, run or trace"):
        serve_block(sky_block(scenario, slice(0, 1)), scenario.variant[0])
