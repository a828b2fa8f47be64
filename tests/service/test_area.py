"""What terminals of an area get from operators together: groups, homes, preferences, lasers, what is planned."""

from __future__ import annotations

from functools import cache

import numba
import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from obrii import Scenario, serve_block, sky_block
from obrii.scenario.parts import Variant
from obrii.scenario.stage import stage
from obrii.schema import REASON_CODE
from obrii.sky import Sky

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

LIGHT_M_S = 299_792_458.0

Answer = dict[str, np.ndarray]

AREA = """
title = "test"
time  = {start = 2026-01-01T00:00:00Z, seconds = 480, step_s = 120}
area  = {regions = ["UA-46", "UA-61", "UA-63"], resolution = 4, halo_km = 0}
"""

OPERATOR = """
[[operator]]
name = "NAME"
OPTIONS
[[operator.shell]]
name = "s"
planes = 18
satellites_per_plane = 12
inclination_deg = 53
altitude_m = 550e3
phase_factor = 5
first_node_deg = NODE
"""


def operator(name: str, options: str = "", node: int = 0) -> str:
    return OPERATOR.replace("NAME", name).replace("OPTIONS", options).replace("NODE", str(node))


def site(name: str, role: str, latitude: float, longitude: float, more: str = "") -> str:
    place = f"latitude_deg = {latitude}\nlongitude_deg = {longitude}\n{more}\n"
    return f'[[site]]\nname = "{name}"\nrole = "{role}"\n{place}'


def event(name: str, kind: str, target: str) -> str:
    return f'[[event]]\nname = "{name}"\nkind = "{kind}"\ntarget = {target}\n'


@cache
def sky_of(text: str) -> Sky:
    scenario = Scenario.parse(text)
    return sky_block(scenario, slice(0, len(stage(scenario).grid)))


def serve(text: str, *names: str) -> Answer:
    return serve_block(sky_of(text), Variant(name="drawn", events=list(names)))


def reasons(answer: Answer) -> list[set[str]]:
    """The reasons that occur in each group, by name."""
    names = {code: name for name, code in REASON_CODE.items()}
    return [
        {names[int(code)] for code in np.unique(answer["reason"][:, group])}
        for group in range(answer["reason"].shape[1])
    ]


# --- Two operators -----------------------------------------------------------------------------------------------

TWO = (
    AREA
    + 'terminals = [{name = "one", count = 1, operators = ["one"]}, {name = "two", count = 1, operators = ["two"]}, '
    + '{name = "one, two", count = 1}, {name = "two, one", count = 1, operators = ["two", "one"]}]\n'
    + operator("one", "user_min_elevation_deg = 45\ncells_per_satellite = 6")
    + operator("two", "user_min_elevation_deg = 40\ncells_per_satellite = 5", node=7)
    + site("Wola", "gateway", 51.8, 20.8, 'operator = "one"\nantennas = 1')
    + site("Kaunas", "gateway", 54.9, 23.9, 'operator = "one"\nantennas = 1')
    + site("Frankfurt", "pop", 50.1, 8.7, 'operator = "one"')
    + site("Muallim", "gateway", 40.3, 29.5, 'operator = "two"\nantennas = 2')
    + site("Sofia", "pop", 42.7, 23.3, 'operator = "two"')
    + event("Sofia", "pops-off", '{sites = ["Sofia"]}')
    + event("Poland", "gateways-off", '{sites = ["Wola"]}')
    + event("core of one", "core-off", '{operator = "one"}')
    + event("one in Lviv", "service-off", '{operator = "one", regions = ["UA-46"]}')
    + event("all cores", "core-off", "{}")
)


@pytest.mark.parametrize(
    "names", [(), ("Sofia",), ("Poland",), ("core of one",), ("one in Lviv",), ("Poland", "Sofia"), ("all cores",)]
)
def test_a_group_of_two_operators_takes_the_first_that_serves_or_the_reason_of_the_one_that_got_furthest(
    names: tuple[str, ...],
) -> None:
    answer = serve(TWO, *names)
    alone = {
        name: {k: values[:, group] for k, values in answer.items() if values.ndim == 3}
        for group, name in enumerate(("one", "two"))
    }
    for group, (first, second) in ((2, ("one", "two")), (3, ("two", "one"))):
        a, b = alone[first], alone[second]
        takes_a = a["served"] == 1
        takes_b = ~takes_a & (b["served"] == 1)
        for name in alone["one"]:
            mine = answer[name][:, group]
            assert np.array_equal(mine[takes_a], a[name][takes_a])
            assert np.array_equal(mine[takes_b], b[name][takes_b]) or name == "reachable"
        nobody = ~takes_a & ~takes_b
        # Reasons are numbered in the order of the filters: the greater got further.
        assert np.array_equal(answer["reason"][:, group][nobody], np.maximum(a["reason"], b["reason"])[nobody])
        assert (answer["reachable"][:, group] == (a["reachable"] | b["reachable"])).all()


def test_two_operators_leave_cells_to_each_other() -> None:
    # Otherwise the test above would be one of a single operator.
    operators = serve(TWO)["operator"][:, 2]
    assert {0, 1} <= set(np.unique(operators).tolist())
    assert "core-off" not in set.union(*reasons(serve(TWO)))


def test_satellites_gateways_and_pops_are_counted_over_all_operators() -> None:
    answer, here = serve(TWO), stage(sky_of(TWO).scenario)
    by_second = answer["operator"] == 1
    assert by_second.any()
    assert (answer["satellite"][by_second] >= here.first[1]).all()
    assert set(np.unique(answer["gateway"][by_second]).tolist()) == {2}
    assert set(np.unique(answer["pop"][by_second]).tolist()) == {1}
    assert answer["satellites_used"].shape == (4, 2) and answer["antennas_used"].shape == (4, 3)


# --- Homes -------------------------------------------------------------------------------------------------------

HOMES = (
    AREA
    + 'terminals = [{name = "here", count = 1}, {name = "guests", count = 1, home = "DEU"}]\n'
    + operator("one", 'home_pops = {default = ["Warsaw", "Sofia"], DEU = ["Frankfurt"]}')
    + site("Wola", "gateway", 51.8, 20.8)
    + site("Muallim", "gateway", 40.3, 29.5)
    + site("Warsaw", "pop", 52.2, 21.0)
    + site("Frankfurt", "pop", 50.1, 8.7)
    + site("Sofia", "pop", 42.7, 23.3)
    + event("Warsaw", "pops-off", '{sites = ["Warsaw"]}')
    + event("Sofia", "pops-off", '{sites = ["Sofia"]}')
    + event("Frankfurt", "pops-off", '{sites = ["Frankfurt"]}')
    + event("fibre to Frankfurt", "fibre-off", '{sites = ["Frankfurt"]}')
)


def test_a_group_that_is_at_home_elsewhere_uses_the_pops_of_its_home() -> None:
    answer = serve(HOMES)
    assert [set(np.unique(answer["pop"][:, group]).tolist()) - {-1} for group in (0, 1)] == [{0}, {1}]
    served = (answer["served"] == 1).all(axis=1)
    assert served.any()
    assert (answer["satellite"][:, 0][served] == answer["satellite"][:, 1][served]).all()


def test_a_group_whose_own_pop_is_off_is_told_so_and_cannot_be_reached() -> None:
    answer = serve(HOMES, "Frankfurt")
    assert reasons(answer)[1] <= {"below-mask", "no-gateway-in-sight", "pop-off"}
    assert "pop-off" in reasons(answer)[1]
    assert not answer["reachable"][:, 1].any()
    assert np.array_equal(answer["reason"][:, 0], serve(HOMES)["reason"][:, 0])


def test_a_group_without_fibre_to_its_own_pop_is_told_so_and_cannot_be_reached() -> None:
    answer = serve(HOMES, "fibre to Frankfurt")
    assert "fibre-off" in reasons(answer)[1] and "no-beam" not in reasons(answer)[1]
    assert not answer["reachable"][:, 1].any()
    assert answer["reachable"][:, 0].any()


def test_guests_are_served_where_the_pops_of_the_country_are_off() -> None:
    answer = serve(HOMES, "Warsaw", "Sofia")
    assert not answer["served"][:, 0].any() and "pop-off" in reasons(answer)[0]
    assert answer["served"][:, 1].any()
    assert (answer["served"][:, 1] <= answer["reachable"][:, 1]).all()


# --- Planned -----------------------------------------------------------------------------------------------------

PLANNED = (
    AREA
    + operator("one", "gateway_min_elevation_deg = 35")
    + operator("two", 'state = "planned"', node=7)
    + site("Wola", "gateway", 51.8, 20.8, 'operator = "one"')
    + site("Warsaw", "pop", 52.2, 21.0, 'operator = "one"')
    + site("Odesa", "gateway", 46.5, 30.7, 'operator = "one"\nstate = "planned"')
    + site("Kyiv", "pop", 50.45, 30.5, 'operator = "one"\nstate = "planned"')
    + site("Muallim", "gateway", 40.3, 29.5, 'operator = "two"\nstate = "planned"')
    + site("Sofia", "pop", 42.7, 23.3, 'operator = "two"\nstate = "planned"')
    + event("gateway", "add", '{sites = ["Odesa"]}')
    + event("pop", "add", '{sites = ["Kyiv"]}')
    + event("operator", "add", '{operator = "two"}')
    + event("gateways", "gateways-off", '{operator = "one"}')
)


def without_planned() -> str:
    text = AREA + operator("one", "gateway_min_elevation_deg = 35")
    return text + site("Wola", "gateway", 51.8, 20.8) + site("Warsaw", "pop", 52.2, 21.0)


def test_what_is_planned_does_nothing_until_it_is_added() -> None:
    planned, plain = serve(PLANNED), serve(without_planned())
    for name in ("reason", "reachable", "served", "satellite", "gateway", "hops", "propagation_rtt", "rtt"):
        assert planned[name].tobytes() == plain[name].tobytes()
    assert not planned["antennas_used"][:, 1:].any()


def test_a_gateway_that_is_added_reaches_cells_that_none_reached() -> None:
    before, after = serve(PLANNED), serve(PLANNED, "gateway")
    assert (after["reachable"] >= before["reachable"]).all()
    assert after["reachable"].sum() > before["reachable"].sum()
    assert after["cells_served"][:, 1].any()


def test_a_pop_that_is_added_near_by_becomes_the_home_and_shortens_the_fibre_of_some() -> None:
    before, after = serve(PLANNED, "gateway"), serve(PLANNED, "gateway", "pop")
    # Of [nearest], the middle of the area lies nearer to Kyiv than to Warsaw.
    assert set(np.unique(before["pop"]).tolist()) == {-1, 0}
    assert set(np.unique(after["pop"]).tolist()) == {-1, 1}


def test_an_operator_that_is_added_serves_without_the_other() -> None:
    nobody = serve(PLANNED, "gateways")
    assert not nobody["served"].any()
    second = serve(PLANNED, "gateways", "operator")
    assert set(np.unique(second["operator"]).tolist()) == {-1, 1}
    assert second["satellites_used"][:, 0].sum() == 0 < second["satellites_used"][:, 1].sum()


# --- Lasers ------------------------------------------------------------------------------------------------------

LASERS = (
    AREA
    + "delay = {access_floor_ms = 5, processing_per_hop_ms = 0.3}\n"
    + operator("one", 'lasers = "plus-grid"')
    + site("Perth", "gateway", -31.95, 115.86)
    + site("Sydney", "pop", -33.87, 151.21)
    + event("lasers", "lasers-off", "{}")
    + event("cross-plane", "lasers-off", '{links = "cross-plane"}')
    + event("gateway", "gateways-off", "{}")
    + event("planes", "satellites-off", "{planes = [1, 4, 9, 12]}")
)


def shortest_m(sky: Sky, names: tuple[str, ...], step: int) -> np.ndarray:
    """Length of the least way from every satellite to the gateway, by SciPy; a hop costs its time as a path [m]."""
    here = stage(sky.scenario)
    links, count = here.lasers.links, len(here.constellation)
    on = np.ones(count, bool)
    if "planes" in names:
        on[np.isin(here.constellation.plane, [1, 4, 9, 12])] = False
    keep = np.isfinite(sky.laser_range_m[step]) & on[links.a] & on[links.b]
    keep &= "lasers" not in names
    if "cross-plane" in names:
        keep &= ~links.cross_plane
    a, b, length_m = links.a[keep], links.b[keep], sky.laser_range_m[step][keep].astype(float)
    sights = sky.site_sights[0].of(step, 0)
    down = sky.site_sights[0].satellite[sights]
    down_m = sky.site_sights[0].range_m[sights].astype(float)
    hop_m = 0.3e-3 * LIGHT_M_S
    # From the gateway outwards, each satellite after the first pays for the one before it.
    rows, columns = np.concatenate([a, b, np.full(len(down), count)]), np.concatenate([b, a, down])
    cost = np.concatenate([length_m + hop_m, length_m + hop_m, np.where(on[down], down_m, np.inf)])
    graph = coo_array((cost, (rows, columns)), shape=(count + 1, count + 1)).tocsr()
    return dijkstra(graph, indices=count)[:count]


@pytest.mark.parametrize("names", [(), ("cross-plane",), ("planes",)])
def test_out_of_sight_of_every_gateway_lasers_carry_each_cell_along_the_least_way(names: tuple[str, ...]) -> None:
    answer, sky = serve(LASERS, *names), sky_of(LASERS)
    sights, hop_s = sky.cell_sights[0], 0.3e-3
    here = stage(sky.scenario)
    sea, land = (np.radians([here.sites.latitude_deg[k], here.sites.longitude_deg[k]]) for k in (0, 1))
    cosine = np.sin(sea[0]) * np.sin(land[0]) + np.cos(sea[0]) * np.cos(land[0]) * np.cos(sea[1] - land[1])
    fibre_s = 2 * 1.5 * 6371e3 * np.arccos(cosine) / (LIGHT_M_S * 2 / 3)
    for step in range(4):
        way_m = shortest_m(sky, names, step)
        for cell in range(here.ground.area):
            seen = sights.of(step, cell)
            total_m = sights.range_m[seen] + way_m[sights.satellite[seen]]
            best_m = total_m.min(initial=np.inf)
            if not np.isfinite(best_m):
                assert not answer["reachable"][step, 0, cell]
                continue
            hops = int(answer["hops"][step, 0, cell])
            assert hops > 2
            light_s = 2 * (best_m / LIGHT_M_S - hop_s * (hops - 2)) + fibre_s
            # 2 ns for float32 in each of some twenty links and in the result.
            assert answer["propagation_rtt"][step, 0, cell] == pytest.approx(light_s, abs=4e-8)
            assert answer["rtt"][step, 0, cell] == pytest.approx(light_s + 5e-3 + 2 * hop_s * (hops - 1), abs=4e-8)


@pytest.mark.parametrize("more", ["lasers", "cross-plane", "gateway", "planes"])
@pytest.mark.parametrize("lost", [(), ("planes",), ("cross-plane",), ("planes", "cross-plane")])
def test_losing_lasers_or_satellites_never_makes_a_cell_reachable(lost: tuple[str, ...], more: str) -> None:
    assert (serve(LASERS, *lost, more)["reachable"] <= serve(LASERS, *lost)["reachable"]).all()


def test_without_lasers_nothing_reaches_a_gateway_out_of_sight() -> None:
    assert reasons(serve(LASERS))[0] == {"served"}
    for names in (("lasers",), ("gateway",), ("lasers", "gateway")):
        assert reasons(serve(LASERS, *names))[0] == {"no-laser-path"}


def test_an_operator_that_never_had_lasers_sees_no_gateway_instead() -> None:
    text = LASERS.replace('lasers = "plus-grid"', 'lasers = "none"')
    assert reasons(serve(text))[0] == {"no-gateway-in-sight"}
