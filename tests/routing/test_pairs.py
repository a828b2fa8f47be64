"""Pairs by way of a PoP: terminal, satellite, gateway, PoP, fibre, place, each length worked out by hand."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from obrii import ObriiError, Scenario, serve_block, sky_block
from obrii.scenario.parts import Variant
from obrii.scenario.stage import Stage, stage
from obrii.schema import REASON_CODE
from tests.reference import reach_plain

compiled = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

LIGHT_M_S = 299_792_458.0
#: Speed in fibre, 2c/3, along a cable half as long again as the great circle: the scenario's defaults.
CABLE_S_PER_M = 1.5 / (LIGHT_M_S * 2 / 3)
#: Positions and ranges in float32, under a metre over four links; delays of cells in float32, below 0.13 s [s].
ROUNDING_S = 2e-8

OPERATOR = """
[[operator]]
name = "NAME"
LASERS
[[operator.shell]]
name = "s"
planes = 36
satellites_per_plane = 20
inclination_deg = 53
altitude_m = 550e3
phase_factor = 11
"""

WORLD = (
    """
title = "test"
time  = {start = 2026-01-01T00:00:00Z, seconds = 480, step_s = 120}
area  = {regions = ["UA-46"], resolution = 4, halo_km = 0}
pair  = [
  {from = "Lviv", to = "Berlin, DEU"},
  {from = "Odesa", to = "Wola"},
  {from = "45.1,33.9", to = "50.45,30.52", via = "pop"},
  {from = "Lviv", to = "Odesa", via = "sky"},
]
"""
    + OPERATOR.replace("NAME", "one").replace("LASERS", 'lasers = "none"')
    + """
[[site]]
name = "Wola"
role = "gateway"
latitude_deg = 51.8
longitude_deg = 20.8
antennas = 20
[[site]]
name = "Frankfurt"
role = "pop"
latitude_deg = 50.1
longitude_deg = 8.7
"""
)

#: What the gazetteer says of the towns, to 0.01 deg, and the other ends.
PLACES = {
    "Lviv": (49.84, 24.02),
    "Berlin": (52.52, 13.41),
    "Odesa": (46.49, 30.74),
    "Wola": (51.8, 20.8),
    "Frankfurt": (50.1, 8.7),
    "a point": (45.1, 33.9),
    "another": (50.45, 30.52),
}


def parsed(text: str, *events: str) -> Scenario:
    for k, one in enumerate(events):
        kind, target = one.split(" ", 1)
        text += f'[[event]]\nname = "{k}"\nkind = "{kind}"\ntarget = {target}\n'
    return Scenario.parse(text)


def serve(*events: str, text: str = WORLD) -> dict[str, np.ndarray]:
    """What is left of the world while all events, "kind target" each, act."""
    scenario = parsed(text, *events)
    names = [event.name for event in scenario.event]
    return serve_block(sky_block(scenario, slice(0, 4)), Variant(name="x", events=names))


def cable_s(a: str, b: str) -> float:
    """Light time one way through the assumed cable between two places: haversine on 6371 km."""
    (one, west), (other, east) = np.radians(PLACES[a]), np.radians(PLACES[b])
    h = np.sin((other - one) / 2) ** 2 + np.cos(one) * np.cos(other) * np.sin((east - west) / 2) ** 2
    return float(CABLE_S_PER_M * 2 * 6371e3 * np.arcsin(np.sqrt(h)))


def foot_m(latitude_deg: float, longitude_deg: float) -> np.ndarray:
    one = np.ones(1)
    return reach_plain.feet_m(reach_plain.Places(latitude_deg * one, longitude_deg * one, 0 * one, 25 * one))[0]


def up_and_down_s(here: Stage, step: int, satellite: int, terminal: tuple[float, float]) -> float:
    """Light time one way from a terminal over a satellite to Wola, with positions from the sgp4 package."""
    satellites = reach_plain.propagate(here.constellation.elements)
    where_m = reach_plain.positions_m(satellites, here.grid.utc[step])[satellite]
    return float(sum(np.linalg.norm(where_m - foot_m(*end)) for end in (terminal, PLACES["Wola"])) / LIGHT_M_S)


@compiled
def test_a_pair_from_within_the_area_is_its_cell_and_the_fibre_onwards() -> None:
    answer, here = serve(), stage(parsed(WORLD))
    cell = int(
        np.argmin(
            np.hypot(here.cells.latitude_deg - 49.84, (here.cells.longitude_deg - 24.02) * 0.645)[: here.ground.area]
        )
    )
    assert here.ground.pairs[0].start == cell
    onwards_s = 2 * cable_s("Frankfurt", "Berlin")
    assert (answer["pair_served"][:, 0] == 1).all()
    for name in ("propagation_rtt", "rtt"):
        expected = answer[name][:, 0, cell] + onwards_s
        assert answer[f"pair_{name}"][:, 0] == pytest.approx(expected, abs=ROUNDING_S)
    # Up, down, fibre to the PoP, fibre to the place.
    assert (answer["pair_hops"][:, 0] == 4).all()
    first = len(here.constellation)
    route = answer["pair_route"][:, 0]
    assert route[:, 0].tolist() == answer["satellite"][:, 0, cell].tolist()
    assert (route[:, 1:] == [first, first + 1]).all()


@compiled
@pytest.mark.parametrize(("pair", "terminal", "place"), [(1, "Odesa", "Wola"), (2, "a point", "another")])
def test_a_pair_from_outside_the_area_starts_where_its_terminal_stands(pair: int, terminal: str, place: str) -> None:
    answer, here = serve(), stage(parsed(WORLD))
    served = np.flatnonzero(answer["pair_served"][:, pair])
    assert served.size
    for step in served:
        satellite = int(answer["pair_route"][step, pair, 0])
        sky_s = 2 * up_and_down_s(here, int(step), satellite, PLACES[terminal])
        fibre_s = 2 * cable_s("Wola", "Frankfurt") + 2 * cable_s("Frankfurt", place)
        light_s = sky_s + fibre_s
        assert answer["pair_propagation_rtt"][step, pair] == pytest.approx(light_s, abs=ROUNDING_S)
        # 8 ms for the user link, 0.05 ms in the satellite either way.
        assert answer["pair_rtt"][step, pair] == pytest.approx(light_s + 8.1e-3, abs=ROUNDING_S)


@compiled
def test_a_terminal_outside_the_area_is_not_reported_among_its_cells() -> None:
    answer, here = serve(), stage(parsed(WORLD))
    assert answer["served"].shape[2] == here.ground.area == len(here.cells) - 2
    assert here.cells.region[-2:].tolist() == ["UA-51", "UA-43"]


@compiled
@pytest.mark.parametrize(
    ("event", "off", "reason"),
    [
        ("service-off {regions = ['UA-51']}", [False, True, False], "switched-off"),
        ("service-off {countries = ['UKR']}", [True, True, True], "switched-off"),
        ("core-off {}", [True, True, True], "core-off"),
        ("gateways-off {}", [True, True, True], "gateway-off"),
        ("pops-off {}", [True, True, True], "pop-off"),
        ("fibre-off {}", [True, True, True], "fibre-off"),
        ("satellites-off {}", [True, True, True], "satellite-off"),
    ],
)
def test_a_pair_has_the_reason_of_the_cell_of_its_terminal(event: str, off: list[bool], reason: str) -> None:
    answer = serve(event)
    assert ((answer["pair_reason"][:, :3] == REASON_CODE[reason]) == off).all()
    dead = answer["pair_served"] == 0
    assert np.isnan(answer["pair_rtt"][dead]).all() and np.isnan(answer["pair_propagation_rtt"][dead]).all()
    assert (answer["pair_hops"][dead] == -1).all() and (answer["pair_route"][dead] == -1).all()


@compiled
def test_a_pair_over_the_sky_needs_neither_gateway_nor_pop_nor_permission() -> None:
    before, after = serve(), serve("gateways-off {}", "pops-off {}", "service-off {}")
    # Wola may pass nothing on between satellites, so that only the satellite that sees both ends counts.
    assert before["pair_served"][:, 3].any()
    assert np.array_equal(before["pair_rtt"][:, 3], after["pair_rtt"][:, 3], equal_nan=True)


@compiled
def test_of_two_operators_the_first_that_serves_carries_the_pair() -> None:
    second = OPERATOR.replace("NAME", "two").replace("LASERS", 'lasers = "none"')
    text = WORLD.replace("[[site]]", second + "[[site]]", 1)
    for role in ("gateway", "pop"):
        text = text.replace(f'role = "{role}"', f'role = "{role}"\noperator = "one"')
    for name, role, latitude, longitude in (("Cluj", "gateway", 46.8, 23.6), ("Sofia", "pop", 42.7, 23.3)):
        place = f"latitude_deg = {latitude}\nlongitude_deg = {longitude}\n"
        text += f'[[site]]\nname = "{name}"\noperator = "two"\nrole = "{role}"\n{place}'
    alone, both, without = serve(), serve(text=text), serve("core-off {operator = 'one'}", text=text)
    assert np.array_equal(both["pair_rtt"][:, 0], alone["pair_rtt"][:, 0])
    here = stage(parsed(text))
    served = without["pair_served"][:, 0] == 1
    assert served.any()
    route = without["pair_route"][:, 0][served]
    assert (route[:, 0] >= here.first[1]).all()
    names = {here.node_name(int(node)) for node in route[:, 1:].flat}
    assert names == {"Cluj", "Sofia"}


WITHOUT_AREA = WORLD.replace('area  = {regions = ["UA-46"], resolution = 4, halo_km = 0}\n', "")


@compiled
def test_pairs_need_no_area_and_their_cells_can_be_switched_off_one_by_one() -> None:
    here = stage(parsed(WITHOUT_AREA))
    assert here.ground.area == 0 and len(here.cells) == 3
    answer = serve(text=WITHOUT_AREA)
    assert "served" not in answer and answer["pair_served"][:, :2].any()
    one_off = serve(f"service-off {{cells = ['{here.cells.text[1]}']}}", text=WITHOUT_AREA)
    switched = one_off["pair_reason"][:, :3] == REASON_CODE["switched-off"]
    assert (switched == [False, True, False]).all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (('to = "Wola"', 'to = "Wolla"'), "pair 2: no site is called 'Wolla'; did you mean 'Wola'?"),
        (('from = "Odesa"', 'from = "Nowhereville"'), "pair 2: no place 'Nowhereville' is known here"),
        (('from = "45.1,33.9"', 'from = "95.1,33.9"'), "pair 3: "),
        (('to = "Wola"', 'to = "Odesa"'), "pair 2: both ends are 'Odesa'; name two places"),
        (('via = "pop"', 'via = "pipe"'), "via is 'pipe'; it must be 'pop' or 'sky'"),
        (('role = "pop"', 'role = "terminal"'), "operator 'one': has no PoP, so no way ends in the internet"),
    ],
)
def test_a_pair_that_cannot_be_is_refused_in_one_sentence(change: tuple[str, str], sentence: str) -> None:
    assert change[0] in WORLD
    with pytest.raises(ObriiError) as refusal:
        stage(parsed(WORLD.replace(*change)))
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)
