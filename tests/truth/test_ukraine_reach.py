"""The built-in scenario against brute force, cell by cell, whichever gateways are lost; and the laws of its variants.

The witness (`tests.reference.reach_plain`) tries every pair of cell and satellite and of gateway and satellite, with
positions from the sgp4 package (Brandon Rhodes' port of Vallado et al., AIAA 2006-6753).
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numba
import numpy as np
import pytest

import obrii
from obrii import Scenario, serve_block, sky_block
from obrii.orbits.elements import Elements
from obrii.scenario.parts import Variant
from obrii.scenario.stage import stage
from obrii.schema import REASON_CODE, VARIABLES
from tests.reference import reach_plain
from tests.reference.reach_plain import Places

PRESET = Path(obrii.__file__).parent / "scenario" / "presets" / "scenarios" / "ukraine-autumn-2022.toml"

# Three seconds: brute force, and the built-in scenario.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(numba.config.DISABLE_JIT, reason="millions of pairs; kernels are tried one by one elsewhere"),
]

#: Slots of the 480 that are tried; events begin at slot 120.
SLOTS = (3, 120, 207, 288, 371, 479)

#: What depends on how many terminals share the network, besides whether they are served.
OF_RATES = {name for name, variable in VARIABLES.items() if variable.units == "bit/s"} | {"bottleneck"}

#: Countries whose gateways each variant loses.
LOST = {
    "intact": (),
    "gateways in Poland and Lithuania lost": ("POL", "LTU"),
    "gateways in Poland, Lithuania and Türkiye lost": ("POL", "LTU", "TUR"),
}

#: What the engine's sine of elevation may be wrong by: 1e-6 as `sight_lines` promises (float32), and positions stored
#: in float32, half a metre in each coordinate, seen from no nearer than 500 km.
FLOAT32_SINE = 1e-6 + np.sqrt(3) * 0.5 / 500e3


class Look(NamedTuple):
    """One slot: sines of elevation (cell, satellite) and (gateway, satellite), and what the engine says by variant."""

    slot: int
    cell: np.ndarray
    gateway: np.ndarray
    engine: dict[str, dict[str, np.ndarray]]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario.read(PRESET)


@pytest.fixture(scope="module")
def cells(scenario: Scenario) -> Places:
    world = stage(scenario)
    of = slice(0, world.ground.area)
    mask = np.full(world.ground.area, scenario.operator[0].user_min_elevation_deg)
    return Places(world.cells.latitude_deg[of], world.cells.longitude_deg[of], np.zeros(len(mask)), mask)


@pytest.fixture(scope="module")
def gateways(scenario: Scenario) -> Places:
    sites = stage(scenario).sites
    of = (sites.role == "gateway") & (sites.operator == "starlink")
    own, usual = sites.min_elevation_deg[of], scenario.operator[0].gateway_min_elevation_deg
    mask = np.where(np.isnan(own), usual, own)
    return Places(sites.latitude_deg[of], sites.longitude_deg[of], sites.altitude_m[of], mask)


@pytest.fixture(scope="module")
def looks(scenario: Scenario, cells: Places, gateways: Places) -> list[Look]:
    world = stage(scenario)
    satellites = reach_plain.propagate(starlink(scenario))
    found = []
    for slot in SLOTS:
        sky = sky_block(scenario, slice(slot, slot + 1))
        engine = {v.name: standing(scenario, serve_block(sky, v)) for v in scenario.variants() if adds_nothing(v)}
        where_m = reach_plain.positions_m(satellites, world.grid.utc[slot])
        found.append(Look(slot, reach_plain.sines(cells, where_m), reach_plain.sines(gateways, where_m), engine))
    return found


def starlink(scenario: Scenario) -> Elements:
    """Satellites of the first operator; the second is planned."""
    world = stage(scenario)
    return world.constellation.elements.take(np.arange(len(world.constellation)) < world.first[1])


def adds_nothing(variant: Variant) -> bool:
    return not any("OneWeb" in event for event in variant.events)


def standing(scenario: Scenario, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What the groups get that are there in intact."""
    there = ~stage(scenario).ground.groups.planned
    return {name: values[:, there] if values.ndim == 3 else values for name, values in arrays.items()}


def on(scenario: Scenario, variant: str, slot: int) -> np.ndarray:
    """Gateways that are on, by the table and the countries lost from 12:30 on, (gateway,) bool."""
    sites = stage(scenario).sites
    of = (sites.role == "gateway") & (sites.operator == "starlink")
    lost = np.isin(sites.country[of], LOST[variant]) & (slot >= 120)
    return ~sites.planned[of] & ~lost


@pytest.mark.parametrize("variant", LOST)
def test_the_cells_that_can_be_reached_are_those_of_brute_force(
    scenario: Scenario, cells: Places, gateways: Places, looks: list[Look], variant: str
) -> None:
    for look in looks:
        working = on(scenario, variant, look.slot)

        def brute(lifted: float, look: Look = look, working: np.ndarray = working) -> np.ndarray:
            cell_sees = reach_plain.seen(cells, look.cell, lifted)
            return reach_plain.reachable(cell_sees, reach_plain.seen(gateways, look.gateway, lifted), working)

        surely, perhaps, plainly = brute(FLOAT32_SINE), brute(-FLOAT32_SINE), brute(0.0)
        for engine in look.engine[variant]["reachable"][0].astype(bool):
            assert (surely <= engine).all(), f"slot {look.slot}: a cell that can be reached is missing"
            assert (engine <= perhaps).all(), f"slot {look.slot}: a cell that cannot be reached is there"
            # Cells within rounding of a mask are rare: two in the 2,466 would already be chance.
            assert abs(int(engine.sum()) - int(plainly.sum())) <= (surely != perhaps).sum() <= 2


def test_losing_gateways_tells_the_variants_apart(looks: list[Look]) -> None:
    # Otherwise the test above would compare ones with ones.
    share = {v: np.mean([look.engine[v]["reachable"] for look in looks if look.slot >= 120]) for v in LOST}
    assert share["intact"] == 1.0
    assert 0.5 < share["gateways in Poland, Lithuania and Türkiye lost"] < 0.95


@pytest.mark.parametrize("variant", LOST)
def test_every_served_cell_sees_its_satellite_and_so_does_its_gateway(
    scenario: Scenario, cells: Places, gateways: Places, looks: list[Look], variant: str
) -> None:
    for look in looks:
        working = on(scenario, variant, look.slot)
        cell_sees = reach_plain.seen(cells, look.cell, -FLOAT32_SINE)
        gateway_sees = reach_plain.seen(gateways, look.gateway, -FLOAT32_SINE)
        arrays = {name: values[0] for name, values in look.engine[variant].items()}
        _, cell = np.nonzero(arrays["served"])
        satellite, gateway = (arrays[name][arrays["served"] == 1] for name in ("satellite", "gateway"))
        assert len(cell)
        assert cell_sees[cell, satellite].all()
        assert gateway_sees[gateway, satellite].all()
        assert working[gateway].all()


def test_what_is_out_of_reach_without_the_three_countries_saw_only_gateways_that_are_lost(
    scenario: Scenario, cells: Places, gateways: Places, looks: list[Look]
) -> None:
    variant = "gateways in Poland, Lithuania and Türkiye lost"
    for look in looks[1:]:
        arrays = {name: values[0, 0] for name, values in look.engine[variant].items()}
        lost = arrays["reason"] == REASON_CODE["gateway-off"]
        assert lost.any()
        cell_sees = reach_plain.seen(cells, look.cell)
        lands = reach_plain.seen(gateways, look.gateway)
        assert not reach_plain.reachable(cell_sees, lands, on(scenario, variant, look.slot))[lost].any()
        assert reach_plain.reachable(cell_sees, lands, on(scenario, "intact", look.slot))[lost].all()


def test_the_intact_network_serves_whoever_it_may_and_can_reach(scenario: Scenario, looks: list[Look]) -> None:
    licensed = stage(scenario).networks[0].licensed[: stage(scenario).ground.area]
    for look in looks:
        intact = look.engine["intact"]
        may = intact["reachable"][0, 0][licensed]
        assert intact["served"][0, 0][licensed].sum() >= 0.99 * may.sum()


#: Regions that each variant switches off; Crimea (UA-43) never had a licence, so that nothing is switched off there.
OFF = {
    "south and east off": ("UA-63", "UA-09", "UA-14", "UA-23", "UA-65"),
    "country off": tuple(f"UA-{number:02d}" for number in range(1, 100) if number != 43),
}


@pytest.mark.parametrize("variant", OFF)
def test_service_is_switched_off_in_exactly_the_cells_of_the_regions(
    scenario: Scenario, looks: list[Look], variant: str
) -> None:
    region = stage(scenario).cells.region[: stage(scenario).ground.area]
    inside = np.isin(region, OFF[variant])
    assert (inside | (region == "UA-43")).all() == (variant == "country off")
    for look in looks[1:]:
        before, after = look.engine["intact"], look.engine[variant]
        assert ((after["reason"] == REASON_CODE["switched-off"]) == inside).all()
        assert ((after["reason"] == REASON_CODE["not-licensed"]) == (region == "UA-43")).all()
        assert after["reachable"].tobytes() == before["reachable"].tobytes()


def test_with_a_part_of_the_terminals_off_the_others_are_served_as_before_to_the_bit(looks: list[Look]) -> None:
    for look in looks[1:]:
        before, after = look.engine["intact"], look.engine["1,300 of 20,000 terminals off"]
        for name, values in after.items():
            if name in OF_RATES:
                continue  # Fewer terminals share the same beams.
            others = (slice(None), 0) if values.ndim == 3 else slice(None)
            assert values[others].tobytes() == before[name][others].tobytes()
        assert not after["served"][:, 1].any()


def test_before_and_after_its_event_a_variant_is_the_intact_one_to_the_bit(looks: list[Look]) -> None:
    # The control plane is down for half an hour: from slot 120 to 239.
    first, during, *_, last = looks
    assert (during.engine["core down"]["reason"] == REASON_CODE["core-off"]).all()
    for look, variants in ((first, list(first.engine)), (last, ["core down"])):
        for variant in variants:
            for name, values in look.engine[variant].items():
                assert values.tobytes() == look.engine["intact"][name].tobytes()


#: Masks of the terminals of the second operator, by variant, all with 10,000 of them.
MASK_DEG = {
    "country off, OneWeb with 10,000 terminals": 25.0,
    "country off, OneWeb with 10,000 terminals, from 50° up": 50.0,
}


@pytest.fixture(scope="module")
def second(scenario: Scenario) -> list[tuple[int, dict[str, dict[str, np.ndarray]]]]:
    """What the engine says of the second operator's variants and of the country off alone, by slot and variant."""
    chosen = [v for v in scenario.variants() if v.name in {*MASK_DEG, "intact", "country off"}]
    skies = [(slot, sky_block(scenario, slice(slot, slot + 1))) for slot in SLOTS]
    return [(slot, {v.name: serve_block(sky, v) for v in chosen}) for slot, sky in skies]


@pytest.mark.parametrize("variant", MASK_DEG)
def test_the_second_operator_reaches_and_serves_the_cells_of_brute_force(
    scenario: Scenario, second: list[tuple[int, dict[str, dict[str, np.ndarray]]]], variant: str
) -> None:
    world = stage(scenario)
    cells, sites = world.cells, world.sites
    of, down = slice(0, world.ground.area), (sites.role == "gateway") & (sites.operator == "oneweb")
    nothing = np.zeros(world.ground.area)
    looking = Places(cells.latitude_deg[of], cells.longitude_deg[of], nothing, nothing + MASK_DEG[variant])
    landing = Places(
        sites.latitude_deg[down], sites.longitude_deg[down], sites.altitude_m[down], np.full(int(down.sum()), 25.0)
    )
    satellites = reach_plain.propagate(
        world.constellation.elements.take(np.arange(len(world.constellation)) >= world.first[1])
    )
    group = world.ground.groups.name.tolist().index("OneWeb, 10,000")
    licensed, working = world.networks[1].licensed[of], np.ones(int(down.sum()), bool)
    for slot, engine in second[1:]:
        where_m = reach_plain.positions_m(satellites, world.grid.utc[slot])
        sines = reach_plain.sines(looking, where_m), reach_plain.sines(landing, where_m)
        surely, perhaps = (
            reach_plain.reachable(
                reach_plain.seen(looking, sines[0], by), reach_plain.seen(landing, sines[1], by), working
            )
            for by in (FLOAT32_SINE, -FLOAT32_SINE)
        )
        found = engine[variant]["reachable"][0, group] == 1
        assert (surely <= found).all() and (found <= perhaps).all()
        # Nothing is scarce: its fixed beams cover a footprint, and each gateway follows more than come by.
        assert np.array_equal(engine[variant]["served"][0, group] == 1, found & licensed)


def test_the_second_operator_takes_nothing_from_the_first_and_is_nowhere_before_it_comes(
    scenario: Scenario, second: list[tuple[int, dict[str, dict[str, np.ndarray]]]]
) -> None:
    planned = stage(scenario).ground.groups.planned
    assert planned.tolist() == [False, False, True, True, True]
    for slot, engine in second:
        for variant, arrays in engine.items():
            there = planned & (variant in MASK_DEG and slot >= 120)
            comes = np.array(["10,000" in name for name in stage(scenario).ground.groups.name.tolist()]) & there
            assert np.array_equal(arrays["present"][0] == 1.0, ~planned | comes)
            for name in ("served", "reachable", "reason"):
                assert (arrays[name][0, planned & ~comes] == -1).all()
            alone = engine["country off" if variant != "intact" else "intact"]
            for name, values in standing(scenario, arrays).items():
                if values.ndim == 3:
                    assert values.tobytes() == standing(scenario, alone)[name].tobytes()
