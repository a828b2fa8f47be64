"""Who may be served and from which PoP: licences, home PoPs in their order, fibre that is known."""

from __future__ import annotations

import json
from pathlib import Path

import numba
import numpy as np
import pytest

from obrii import ObriiError, Scenario, serve_block, sky_block
from obrii.scenario.parts import Variant
from obrii.scenario.stage import Stage, stage
from obrii.schema import REASON_CODE
from obrii.service.policy import Homes

compiled = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

LIGHT_M_S = 299_792_458.0

WORLD = """
title = "test"
time  = {start = 2026-01-01T00:00:00Z, seconds = 240, step_s = 120}
area  = {regions = ["UA-46", "UA-61"], resolution = 4, halo_km = 600, halo_resolution = 2}
[[operator]]
name = "one"
shell = [{name = "s", planes = 36, satellites_per_plane = 20, inclination_deg = 53, altitude_m = 550e3}]
home_pops = {default = ["nearest"], UKR = ["Sofia", "Frankfurt", "nearest"]}
serves = {}
[[site]]
name = "Wola"
role = "gateway"
latitude_deg = 51.8
longitude_deg = 20.8
[[site]]
name = "Frankfurt, DEU"
role = "pop"
country = "DEU"
latitude_deg = 50.1
longitude_deg = 8.7
[[site]]
name = "Sofia"
role = "pop"
country = "BGR"
latitude_deg = 42.7
longitude_deg = 23.3
[[site]]
name = "Warsaw"
role = "pop"
country = "POL"
latitude_deg = 52.2
longitude_deg = 21.0
"""

#: PoPs in the order of the file, and their great-circle distance from Wola [m], by haversine on 6371 km.
POPS = {"Frankfurt, DEU": (50.1, 8.7), "Sofia": (42.7, 23.3), "Warsaw": (52.2, 21.0)}


def from_wola_m(name: str) -> float:
    latitude, longitude = np.radians(POPS[name])
    wola = np.radians([51.8, 20.8])
    h = np.sin((latitude - wola[0]) / 2) ** 2
    h += np.cos(latitude) * np.cos(wola[0]) * np.sin((longitude - wola[1]) / 2) ** 2
    return float(2 * 6371e3 * np.arcsin(np.sqrt(h)))


def world(text: str = WORLD, folder: Path = Path()) -> Stage:
    return stage(Scenario.parse(text, folder=folder))


def serve(*events: str, text: str = WORLD) -> dict[str, np.ndarray]:
    """What is left of the world while all events, "kind target" each, act."""
    for k, one in enumerate(events):
        kind, target = one.split(" ", 1)
        text += f'[[event]]\nname = "{k}"\nkind = "{kind}"\ntarget = {target}\n'
    scenario = Scenario.parse(text)
    return serve_block(sky_block(scenario, slice(0, 2)), Variant(name="x", events=[str(k) for k in range(len(events))]))


# --- Homes -------------------------------------------------------------------------------------------------------


def test_a_list_uses_the_first_of_its_pops_that_is_on() -> None:
    homes = Homes(((2, 0, 1), (1,), ()))
    assert homes.now(np.array([True, True, True])).tolist() == [2, 1, -1]
    assert homes.now(np.array([False, True, False])).tolist() == [1, 1, -1]
    assert homes.now(np.array([True, False, False])).tolist() == [0, -1, -1]


def test_a_pop_is_named_in_full_or_by_its_town_and_nearest_adds_the_others_by_distance() -> None:
    here = world()
    network = here.networks[0]
    lists = {
        country: network.homes.lists[network.home[np.argmax(here.cells.country == country)]]
        for country in ("UKR", "POL", "BGR")
    }
    assert lists == {"UKR": (1, 0, 2), "POL": (2, 0, 1), "BGR": (1, 2, 0)}


@compiled
@pytest.mark.parametrize(
    ("lost", "used"),
    [
        ([], "Sofia"),
        (["Sofia"], "Frankfurt, DEU"),
        (["Sofia", "Frankfurt, DEU"], "Warsaw"),
        (["Frankfurt, DEU"], "Sofia"),
        (["Warsaw"], "Sofia"),
    ],
)
def test_home_pops_take_over_from_one_another_in_order_and_their_fibre_shows(lost: list[str], used: str) -> None:
    answer = serve(*([f"pops-off {{sites = {json.dumps(lost)}}}"] if lost else []))
    assert (answer["served"] == 1).all()
    assert (answer["pop"] == list(POPS).index(used)).all()
    # 2c/3 along half as much again as the great circle, there and back.
    fibre_s = 2 * 1.5 * from_wola_m(used) / (LIGHT_M_S * 2 / 3)
    # Results are kept in float32: 1 ns in 16 ms.
    assert answer["fibre_rtt"] == pytest.approx(np.full(answer["fibre_rtt"].shape, fibre_s), abs=1e-9)


@compiled
def test_with_no_pop_left_the_reason_is_the_pop_and_with_no_fibre_left_the_fibre() -> None:
    gone, cut = serve("pops-off {}"), serve("fibre-off {}")
    assert (gone["reason"] == REASON_CODE["pop-off"]).all() and not gone["reachable"].any()
    assert (cut["reason"] == REASON_CODE["fibre-off"]).all() and not cut["reachable"].any()
    both = serve("pops-off {}", "fibre-off {}")
    assert (both["reason"] == REASON_CODE["pop-off"]).all()


@compiled
def test_a_gateway_that_is_off_comes_before_a_pop_that_is_off() -> None:
    assert (serve("pops-off {}", "gateways-off {}")["reason"] == REASON_CODE["gateway-off"]).all()


@compiled
def test_a_fibre_whose_length_is_known_replaces_the_assumed_one() -> None:
    answer = serve(text=WORLD + '[[fibre]]\na = "Sofia"\nb = "Wola"\nlength_km = 2_000\n')
    expected = np.full(answer["fibre_rtt"].shape, 2 * 2e6 / (LIGHT_M_S * 2 / 3))
    assert answer["fibre_rtt"] == pytest.approx(expected, abs=2e-9)


# --- Licences ----------------------------------------------------------------------------------------------------

OUTLINE = {"type": "Polygon", "coordinates": [[[23.0, 49.3], [24.6, 49.3], [24.6, 50.2], [23.0, 50.2]]]}


@pytest.mark.parametrize(
    ("serves", "meant"),
    [
        ("{}", lambda cells: np.ones(len(cells), bool)),
        ('{countries = ["UKR", "ROU"]}', lambda cells: np.isin(cells.country, ["UKR", "ROU"])),
        ('{not_regions = ["UA-46"]}', lambda cells: cells.region != "UA-46"),
        ('{countries = ["UKR"], not_regions = ["UA-61"]}', lambda c: (c.country == "UKR") & (c.region != "UA-61")),
        (
            '{not_polygons = ["outline.json"]}',
            lambda c: (
                ~((c.longitude_deg > 23) & (c.longitude_deg < 24.6) & (c.latitude_deg > 49.3) & (c.latitude_deg < 50.2))
            ),
        ),
    ],
    ids=["everywhere", "countries", "not regions", "both", "not polygons"],
)
def test_a_licence_is_narrowed_by_countries_regions_and_polygons(serves: str, meant: object, tmp_path: Path) -> None:
    (tmp_path / "outline.json").write_text(json.dumps(OUTLINE))
    here = world(WORLD.replace("serves = {}", f"serves = {serves}"), tmp_path)
    assert callable(meant)
    expected = meant(here.cells)
    assert expected.any()
    assert here.networks[0].licensed.tolist() == expected.tolist()
    # Where nobody may serve around the area, nobody competes.
    if "countries" in serves:
        assert set(here.cells.country[here.cells.halo].tolist()) <= {"UKR", "ROU"}


@compiled
def test_a_cell_without_licence_says_so_whatever_else_is_off_but_the_core() -> None:
    text = WORLD.replace("serves = {}", 'serves = {not_regions = ["UA-46"]}')
    here = world(text)
    lviv = here.cells.region[: here.ground.area] == "UA-46"
    for events in ((), ("service-off {}",), ("satellites-off {}",), ("gateways-off {}", "pops-off {}")):
        reason = serve(*events, text=text)["reason"]
        assert (reason[..., lviv] == REASON_CODE["not-licensed"]).all()
        assert not (reason[..., ~lviv] == REASON_CODE["not-licensed"]).any()
    assert (serve("core-off {}", text=text)["reason"] == REASON_CODE["core-off"]).all()
    # A licence is no matter of what can be reached.
    assert serve(text=text)["reachable"].tobytes() == serve()["reachable"].tobytes()


# --- What cannot be ----------------------------------------------------------------------------------------------

REFUSED = {
    "a home PoP that is not there": (
        ("UKR = [", 'UKR = ["Sophia", '),
        "operator 'one': home_pops: no PoP is called 'Sophia'; did you mean 'Sofia'?",
    ),
    "a home PoP that is not there, of a country without a cell here": (
        ("UKR = [", 'KEN = ["Nairobi"], UKR = ['),
        "operator 'one': home_pops: no PoP is called 'Nairobi'; there are Frankfurt, Sofia, Warsaw",
    ),
    "home PoPs of a country that does not exist": (
        ("UKR = [", "UKN = ["),
        "operator 'one': home_pops: no country 'UKN' in ISO 3166-1 alpha-3; did you mean 'UKR'?",
    ),
    "no home PoP": (('UKR = ["Sofia", "Frankfurt", "nearest"]', "UKR = []"), "home_pops"),
    "a licence for a country that does not exist": (
        ("serves = {}", 'serves = {countries = ["UKN"]}'),
        "serves: countries: no country 'UKN' in ISO 3166-1 alpha-3; did you mean 'UKR'?",
    ),
    "a licence by a table that does not exist": (
        ("serves = {}", 'serves = {countries = "starlink-2022-11"}'),
        "serves: no table 'starlink-2022-11'; did you mean 'starlink-2022-10'?",
    ),
    "a licence but for a city": (
        ("serves = {}", 'serves = {not_regions = ["UA-30"]}'),
        "serves: not_regions: 'UA-30' is the city of Kyiv, which lies inside a region; write 'UA-32'",
    ),
    "a licence but for a polygon that is not there": (
        ("serves = {}", 'serves = {not_polygons = ["nowhere.json"]}'),
        "serves: not_polygons",
    ),
    "no gateway": (
        ('role = "gateway"', 'role = "terminal"'),
        "operator 'one': has no gateways, so nobody can be served; give ground = a preset, or [[site]] with role",
    ),
    "no PoP": (('role = "pop"', 'role = "terminal"'), "operator 'one': has no PoP, so no way ends in the internet"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_ground_and_licences_that_cannot_be_are_refused_in_one_sentence(case: str) -> None:
    (before, after), sentence = REFUSED[case]
    assert before in WORLD
    with pytest.raises(ObriiError) as refusal:
        world(WORLD.replace(before, after))
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("b", "sentence"),
    [
        ("Sophia", "fibre 'Wola - Sophia': no site is called 'Sophia'; did you mean 'Sofia'?"),
        ("Wola", "fibre 'Wola - Wola': joins no gateway and PoP of one operator; name one of each"),
    ],
)
def test_a_fibre_that_joins_no_gateway_and_pop_is_refused(b: str, sentence: str) -> None:
    with pytest.raises(ObriiError) as refusal:
        world(WORLD + f'[[fibre]]\na = "Wola"\nb = "{b}"\nlength_km = 9\n')
    assert str(refusal.value) == sentence


def test_a_planned_operator_needs_ground_of_its_own_too() -> None:
    second = '[[operator]]\nname = "two"\nstate = "planned"\n[[operator.shell]]\nname = "s"\nplanes = 3\n'
    second += "satellites_per_plane = 4\ninclination_deg = 53\naltitude_m = 550e3\n"
    text = WORLD.replace('role = "gateway"', 'role = "gateway"\noperator = "one"')
    text = text.replace('role = "pop"', 'role = "pop"\noperator = "one"')
    with pytest.raises(ObriiError, match="operator 'two': has no gateways, so nobody can be served"):
        world(text.replace("[[site]]", f"{second}[[site]]", 1))
