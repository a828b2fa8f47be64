"""Laws of the service in an area, whatever is switched off or lost.

Events of a small world (`tests.reference.small_world`) are drawn, and what is left is compared with a second opinion
and with what other draws leave.
"""

from __future__ import annotations

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obrii import serve_block
from obrii.scenario.acting import Acting, outages
from obrii.schema import REASON_CODE, REASON_NAME
from tests.reference import reach_plain
from tests.reference.small_world import (
    ADD,
    CORE,
    EVENTS,
    FIBRE,
    GATEWAYS,
    POPS,
    SERVICE,
    SKY,
    STEPS,
    World,
    build,
    cells_of,
    filters,
    satellites_off,
    sites_of,
    switched_off,
)

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

LIGHT_M_S = 299_792_458.0
#: Positions and ranges in float32 (under a metre over four links) and delays in float32 (below 0.13 s) [s].
ROUNDING_S = 1e-8


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return build(tmp_path_factory.mktemp("world"))


def equal(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    """Whether two answers are the same to the bit."""
    return one.keys() == other.keys() and all(one[name].tobytes() == other[name].tobytes() for name in one)


some = st.sets(st.sampled_from(sorted(EVENTS)), max_size=6)
losses = st.sets(st.sampled_from(sorted(SKY | GATEWAYS | POPS)), max_size=4)
switches = st.sets(st.sampled_from(sorted(SERVICE | CORE)), max_size=4)


@given(some)
def test_every_cell_has_the_reason_that_sets_of_satellites_give(world: World, names: set[str]) -> None:
    answer = world.serve(names)
    for group, name in enumerate(("most", "few")):
        for step in range(STEPS):
            reasons = [REASON_NAME[code] for code in answer["reason"][step, group].tolist()]
            for mine, yours in zip(reasons, filters(world, names, name, step), strict=True):
                assert mine == yours or (yours == "reachable" and mine in ("served", "no-antenna", "no-beam"))


@given(some)
def test_what_can_be_reached_is_what_satellites_gateways_pops_and_fibre_leave(world: World, names: set[str]) -> None:
    physical = names - set(SERVICE) - set(CORE)
    answer = world.serve(names)
    for step in range(STEPS):
        # The licence is no matter of geometry either.
        plain = [why in ("reachable", "not-licensed") for why in filters(world, physical, "most", step)]
        licensed = world.region != "UA-61"
        for reachable in answer["reachable"][step]:
            assert reachable[licensed].tolist() == np.array(plain)[licensed].tolist()


def test_every_reason_of_the_small_world_occurs(world: World) -> None:
    # Otherwise the laws here would be laws of nothing.
    lost = [
        [],
        ["core"],
        ["country"],
        ["odd planes"],
        ["Poland", "Lithuania"],
        ["Lithuania", "Türkiye"],
        ["Frankfurt", "Warsaw"],
    ]
    found = {
        code for names in [*lost, ["fibre to Frankfurt"]] for code in np.unique(world.serve(names)["reason"]).tolist()
    }
    # Groups that need a list, arcs kept free and lasers are no part of this world.
    missing = {"not-listed", "geostationary-arc", "no-laser-path"}
    assert {REASON_NAME[code] for code in found} == set(REASON_CODE) - missing


@given(some)
def test_whoever_has_no_service_has_one_reason_and_no_way_and_whoever_has_service_has_none(
    world: World, names: set[str]
) -> None:
    answer = world.serve(names)
    served = answer["served"].astype(bool)
    assert ((answer["reason"] == 0) == served).all()
    assert np.isin(answer["reason"], list(REASON_NAME)).all()
    assert (answer["reachable"][served] == 1).all()
    for name in ("operator", "satellite", "gateway", "pop", "hops"):
        assert ((answer[name] >= 0) == served).all()
    for name in ("propagation_rtt", "fibre_rtt", "rtt"):
        assert (np.isfinite(answer[name]) == served).all()


@given(switches, losses)
def test_what_can_be_reached_is_the_same_to_the_bit_whatever_service_is_off(
    world: World, off: set[str], lost: set[str]
) -> None:
    assert world.serve(off | lost)["reachable"].tobytes() == world.serve(lost)["reachable"].tobytes()


@given(losses, losses)
def test_losing_more_never_makes_a_cell_reachable(world: World, lost: set[str], more: set[str]) -> None:
    assert (world.serve(lost | more)["reachable"] <= world.serve(lost)["reachable"]).all()


@given(st.sets(st.sampled_from(sorted(SKY | GATEWAYS | FIBRE)), max_size=4), st.sampled_from(sorted(FIBRE)))
def test_losing_fibre_never_makes_a_cell_reachable(world: World, lost: set[str], more: str) -> None:
    # A PoP may: when the first of a list is lost the next takes over, which may still have the fibre.
    assert (world.serve(lost | {more})["reachable"] <= world.serve(lost)["reachable"]).all()


def test_a_pop_that_cannot_be_reached_gives_way_only_when_it_is_off(world: World) -> None:
    # Home PoPs come in order, and the first that is on is used, reached or not.
    assert not world.serve(["fibre to Frankfurt"])["reachable"].any()
    both = world.serve(["fibre to Frankfurt", "Frankfurt"])
    assert both["reachable"].any()
    assert set(np.unique(both["pop"]).tolist()) == {-1, 1}


@settings(max_examples=20)
@given(st.permutations(sorted(EVENTS)), st.integers(0, 6))
def test_events_compose_in_any_order(world: World, names: list[str], count: int) -> None:
    assert equal(world.serve(names[:count]), world.serve(names[:count][::-1]))


@given(some, some)
def test_what_several_events_leave_on_is_what_each_of_them_leaves_on(
    world: World, one: set[str], other: set[str]
) -> None:
    one, other = one - set(ADD), other - set(ADD)
    both, first, second = (
        outages(world.stage, [Acting(name) for name in names]) for names in (one | other, one, other)
    )
    for part in ("satellite", "laser", "site", "fibre", "core", "service"):
        assert (getattr(both, part) == getattr(first, part) & getattr(second, part)).all()


def test_a_variant_in_which_nothing_happens_is_the_intact_one(world: World) -> None:
    intact = serve_block(world.sky, world.stage.scenario.variants()[0])
    assert equal(world.serve([]), intact)


@pytest.mark.parametrize("name", EVENTS)
def test_off_and_on_again_is_the_identity(world: World, name: str) -> None:
    intact, off, while_off = world.serve([]), world.serve([name]), world.serve([f"{name} for a while"])
    for array, values in while_off.items():
        # The event acts on the second and the third of the four steps.
        assert values[[0, 3]].tobytes() == intact[array][[0, 3]].tobytes()
        assert values[[1, 2]].tobytes() == off[array][[1, 2]].tobytes()


@pytest.mark.parametrize("name", SERVICE)
def test_switched_off_appears_in_exactly_the_cells_that_were_meant(world: World, name: str) -> None:
    answer = world.serve([name])
    # A cell without a licence was never served, so that nothing can be switched off there.
    licensed = world.region != "UA-61"
    for group, of in enumerate(("most", "few")):
        meant = switched_off(world, [name], of) & licensed
        assert ((answer["reason"][:, group] == REASON_CODE["switched-off"]) == meant).all()
    assert (answer["reason"] == REASON_CODE["switched-off"]).any()
    assert (answer["reason"] != REASON_CODE["switched-off"]).any()


@given(st.sets(st.sampled_from(sorted(SERVICE)), min_size=1, max_size=3), losses)
def test_outside_of_what_is_switched_off_only_capacity_changes(world: World, off: set[str], lost: set[str]) -> None:
    before, after = world.serve(lost)["reason"], world.serve(off | lost)["reason"]
    changed = (before != after) & (after != REASON_CODE["switched-off"])
    capacity = [REASON_CODE[name] for name in ("served", "no-antenna", "no-beam")]
    assert np.isin(before[changed], capacity).all()
    assert np.isin(after[changed], capacity).all()


@given(losses)
def test_switching_one_group_off_leaves_the_other_as_it_was_to_the_bit(world: World, lost: set[str]) -> None:
    before, after = world.serve(lost), world.serve(lost | {"few"})
    for array, values in after.items():
        if values.ndim == 3:
            assert values[:, 0].tobytes() == before[array][:, 0].tobytes()
        else:
            assert values.tobytes() == before[array].tobytes()
    assert not after["served"][:, 1].any()


@given(some)
def test_no_gateway_has_more_antennas_in_use_than_it_has(world: World, names: set[str]) -> None:
    answer = world.serve(names)
    network = world.stage.networks[0]
    limited = network.antennas >= 0
    assert (answer["antennas_used"] >= 0).all()
    assert (answer["antennas_used"][:, limited] <= network.antennas[limited]).all()
    off = satellites_off(names)
    for step in range(STEPS):
        served = answer["served"][step] == 1
        pairs = {
            *zip(answer["satellite"][step][served].tolist(), answer["gateway"][step][served].tolist(), strict=True)
        }
        assert len({satellite for satellite, _ in pairs}) == len(pairs), "two gateways follow one satellite"
        assert not off & {satellite for satellite, _ in pairs}
        follows = np.bincount([gateway for _, gateway in pairs], minlength=len(network.gateways))
        assert (follows <= answer["antennas_used"][step]).all()
        # Nothing switches the first group off alone, so that it stands for every cell that is carried.
        assert answer["satellites_used"][step, 0] == len(pairs)
        carried = answer["gateway"][step, 0][served[0]]
        assert np.bincount(carried, minlength=len(network.gateways)).tolist() == answer["cells_served"][step].tolist()


@given(some)
def test_no_satellite_carries_more_cells_than_it_can_halo_and_all(world: World, names: set[str]) -> None:
    answer = world.serve(names)
    capacity = world.stage.scenario.operator[0].cells_per_satellite
    # Where a gateway has one antenna, all that comes down there comes from one satellite.
    down = answer["cells_served"] + answer["halo_cells_served"]
    assert (down <= capacity * answer["antennas_used"]).all()
    for step in range(STEPS):
        carried = answer["satellite"][step, 0]
        assert np.bincount(carried[carried >= 0], minlength=1).max() <= capacity


def test_the_halo_takes_part(world: World) -> None:
    assert world.serve([])["halo_cells_served"].any()


@given(some)
def test_light_time_is_two_slants_and_the_fibre_both_ways(world: World, names: set[str]) -> None:
    answer = world.serve(names)
    here = world.stage
    cells, gateways, pops = cells_of(here), sites_of(here, "gateway"), sites_of(here, "pop")
    step, group, cell = np.nonzero(answer["served"])
    satellite, gateway, pop = (answer[name][step, group, cell] for name in ("satellite", "gateway", "pop"))
    where_m = world.position_m[step, satellite]
    up_m = np.linalg.norm(where_m - reach_plain.feet_m(cells)[cell], axis=1)
    down_m = np.linalg.norm(where_m - reach_plain.feet_m(gateways)[gateway], axis=1)
    # Fibre carries light at 2c/3, and is half as long again as the great circle: the scenario's defaults.
    fibre_s = 2 * 1.5 * great_circle_m(gateways, gateway, pops, pop) / (LIGHT_M_S * 2 / 3)
    assert answer["fibre_rtt"][step, group, cell] == pytest.approx(fibre_s, abs=ROUNDING_S)
    light_s = 2 * (up_m + down_m) / LIGHT_M_S + fibre_s
    assert answer["propagation_rtt"][step, group, cell] == pytest.approx(light_s, abs=ROUNDING_S)
    # A floor of 8 ms for the user link, and 0.05 ms in the satellite on either way.
    assert answer["rtt"][step, group, cell] == pytest.approx(light_s + 8e-3 + 2 * 0.05e-3, abs=ROUNDING_S)
    assert (answer["hops"][step, group, cell] == 2).all()


def great_circle_m(a: reach_plain.Places, at_a: np.ndarray, b: reach_plain.Places, at_b: np.ndarray) -> np.ndarray:
    """Haversine on a sphere of 6371 km."""
    one, other = np.radians(a.latitude_deg[at_a]), np.radians(b.latitude_deg[at_b])
    turn = np.radians(b.longitude_deg[at_b] - a.longitude_deg[at_a])
    h = np.sin((other - one) / 2) ** 2 + np.cos(one) * np.cos(other) * np.sin(turn / 2) ** 2
    return 2 * 6371e3 * np.arcsin(np.sqrt(h))
