"""What variants set otherwise: as if the scenario said so itself, to the bit; shared where equal; refused with why."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from typing import Any

import numba
import pytest
import xarray

from obrii import Scenario, ScenarioError, serve_block, simulate, sky_block
from obrii.results.metrics import Tally
from obrii.results.summary import summary
from obrii.scenario import axes, settings
from obrii.scenario.assumptions import assumptions
from obrii.scenario.model import Scenario as Model
from obrii.scenario.parts import Delay, Operator, Terminals
from obrii.scenario.stage import stage
from tests.service.test_area import AREA, TWO, operator, site

runs = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

#: Two operators as elsewhere; the second sees the arc, and has lasers of limited reach to gateways out of sight.
TEXT = TWO.replace('name = "two"\nuser', 'name = "two"\nlasers = "plus-grid"\nlaser_acquire_s = 60\nuser', 1)
assert TEXT != TWO


def variant(name: str, value: Any, events: str = "[]") -> str:
    text = json.dumps(value)
    if isinstance(value, dict):
        text = "{" + ", ".join(f"{key} = {json.dumps(part)}" for key, part in value.items()) + "}"
    return f'[[variant]]\nname = "set"\nevents = {events}\nset = {{"{name}" = {text}}}\n'


def said(name: str, value: Any) -> Scenario:
    """The scenario that says itself what a variant would set."""
    data = Scenario.parse(TEXT).model_dump(by_alias=True)
    section, _, rest = name.partition(".")
    if section == "delay":
        data[section][rest] = value
    else:
        called, _, key = rest.rpartition(".")
        next(part for part in data[section] if part["name"] == called)[key] = value
    return Scenario.model_validate(data)


@cache
def intact(scenario_text: str) -> xarray.Dataset:
    return simulate(Scenario.parse(scenario_text)).sel(variant="intact", drop=True)


def same(a: xarray.Dataset, b: xarray.Dataset) -> bool:
    # Routes are as wide as the longest of any variant.
    hops = min(data.sizes.get("hop", 0) for data in (a, b))
    a, b = (data.isel(hop=slice(hops)) if "hop" in data.dims else data for data in (a, b))
    return all(a[name].values.tobytes() == b[name].values.tobytes() for name in a.data_vars)


CASES: dict[str, Any] = {
    "operator.one.user_min_elevation_deg": 30,
    "operator.two.user_min_elevation_deg": 55,
    "operator.one.gateway_min_elevation_deg": 10,
    "operator.two.gateway_min_elevation_deg": 50,
    "operator.one.max_range_m": 900e3,
    "operator.two.user_arc_deg": 30,
    "operator.one.gateway_arc_deg": 40,
    "operator.two.laser_range_m": 1500e3,
    "operator.one.cells_per_satellite": 2,
    "operator.two.home_pops": {"default": ["Sofia"]},
    "operator.one.serves": {"not_regions": ["UA-46"]},
    "operator.one.hysteresis_ms": 3.0,
    "terminals.one, two.operators": ["two"],
    "delay.access_floor_ms": 0.5,
    "delay.processing_per_hop_ms": 4.0,
    "delay.fibre_route_factor": 2.5,
}


@runs
@pytest.mark.parametrize("name", CASES)
def test_a_setting_is_what_the_scenario_would_be_that_says_so_itself_to_the_bit(name: str) -> None:
    value = CASES[name]
    results = simulate(Scenario.parse(TEXT + variant(name, value)))
    alone = simulate(said(name, value)).sel(variant="intact", drop=True)
    assert same(results.sel(variant="set", drop=True), alone)
    assert same(results.sel(variant="intact", drop=True), intact(TEXT))
    # Otherwise nothing would have been tried; the second operator has only one PoP.
    assert same(alone, intact(TEXT)) == (name == "operator.two.home_pops")


@runs
def test_a_policy_brings_the_margin_that_it_has_where_a_scenario_says_it() -> None:
    text = TWO.replace("antennas = 1", "antennas = 8").replace(
        "user_min_elevation_deg = 45", "user_min_elevation_deg = 10"
    )
    text = text.replace("cells_per_satellite = 6", "cells_per_satellite = 60")
    results = simulate(Scenario.parse(text + variant("operator.one.policy", "highest-elevation")))
    said_so = text.replace("cells_per_satellite = 60", 'cells_per_satellite = 60\npolicy = "highest-elevation"')
    alone = simulate(Scenario.parse(said_so)).sel(variant="intact", drop=True)
    assert same(results.sel(variant="set", drop=True), alone)
    assert not same(alone, results.sel(variant="intact", drop=True))


@runs
def test_a_setting_of_what_is_there_already_changes_nothing_and_is_the_same_world() -> None:
    scenario = Scenario.parse(TEXT + variant("operator.one.user_min_elevation_deg", 45))
    assert stage(scenario).of(scenario.variant[0]) is stage(scenario)
    results = simulate(scenario)
    assert same(results.sel(variant="set", drop=True), results.sel(variant="intact", drop=True))


@runs
def test_a_variant_may_set_several_things_and_have_events_too() -> None:
    more = '[[variant]]\nname = "set"\nevents = ["Poland"]\n[variant.set]\n'
    more += '"operator.one.user_min_elevation_deg" = 30\n"operator.two.cells_per_satellite" = 2\n'
    results = simulate(Scenario.parse(TEXT + more)).sel(variant="set", drop=True)
    plain = TEXT.replace("user_min_elevation_deg = 45", "user_min_elevation_deg = 30").replace(
        "cells_per_satellite = 5", "cells_per_satellite = 2"
    )
    expected = simulate(Scenario.parse(plain + '[[variant]]\nname = "set"\nevents = ["Poland"]\n'))
    assert same(results, expected.sel(variant="set", drop=True))


@runs
def test_variants_share_what_their_settings_leave_equal_whatever_their_order() -> None:
    text = TEXT + variant("operator.two.user_min_elevation_deg", 55)
    scenario = Scenario.parse(text)
    forwards, backwards = (sky_block(scenario, slice(0, 4)) for _ in range(2))
    world = stage(scenario).of(scenario.variant[0])
    assert world.site_observers[0] is not None and world.constellation is not None
    first = [serve_block(forwards, each) for each in scenario.variants()]
    second = [serve_block(backwards, each) for each in scenario.variants()[::-1]][::-1]
    for a, b in zip(first, second, strict=True):
        assert all(a[name].tobytes() == b[name].tobytes() for name in a)
    # The first operator's ways and schedules are made once for both variants.
    of_operator = [[key for key in forwards.memory if key[0] == k] for k in (0, 1)]
    assert len(of_operator[1]) == 2 * len(of_operator[0])


@runs
def test_looser_limits_of_a_variant_widen_the_halo_for_it_alone() -> None:
    text = AREA.replace("halo_km = 0", "halo_km = 400, halo_resolution = 2")
    text += operator("one", 'cells_per_satellite = 3\nserves = {countries = ["UKR"]}')
    text += site("Wola", "gateway", 51.8, 20.8) + site("Frankfurt", "pop", 50.1, 8.7)
    both = 'serves = {countries = ["UKR", "POL"]}'
    results = simulate(Scenario.parse(text + variant("operator.one.serves", {"countries": ["UKR", "POL"]})))
    direct = simulate(Scenario.parse(text.replace('serves = {countries = ["UKR"]}', both)))
    alone = simulate(Scenario.parse(text))
    assert same(results.sel(variant="set", drop=True), direct.sel(variant="intact", drop=True))
    assert same(results.sel(variant="intact", drop=True), alone.sel(variant="intact", drop=True))
    served = results["halo_cells_served"].sum(("time", "gateway_name"))
    assert served.sel(variant="set") > served.sel(variant="intact")


@runs
def test_ways_over_the_sky_and_pairs_follow_the_settings() -> None:
    text = TEXT + '[[pair]]\nfrom = "Lviv"\nto = "Odesa"\nvia = "sky"\n[[pair]]\nfrom = "Lviv"\nto = "Odesa"\n'
    for name, value in (("operator.two.user_min_elevation_deg", 60), ("delay.processing_per_hop_ms", 4.0)):
        results = simulate(Scenario.parse(text + variant(name, value))).sel(variant="set", drop=True)
        key = name.rpartition(".")[2]
        if name.startswith("delay"):
            plain = f"delay = {{{key} = {value}}}\n" + text
        else:
            plain = text.replace("user_min_elevation_deg = 40", f"user_min_elevation_deg = {value}")
        assert same(results, simulate(Scenario.parse(plain)).sel(variant="intact", drop=True))


def test_settings_are_written_out_in_the_resolved_scenario_and_told_in_assumptions_and_summary() -> None:
    scenario = Scenario.parse(TEXT + variant("operator.two.user_min_elevation_deg", 55))
    assert tomllib.loads(scenario.resolved())["variant"][0]["set"] == {"operator.two.user_min_elevation_deg": 55}
    assert Scenario.parse(scenario.resolved()) == scenario
    row = assumptions(scenario)[-1]
    assert row["key"] == "operator.two.user_min_elevation_deg"
    assert row["text"] == "In the case “set” this is 55 instead of 40."
    world = stage(scenario)
    frame = axes.frame(world)
    content = summary(Tally(frame, axes.acting(world)).metrics(), frame, axes.notes(world, [[], []]))
    assert [part["settings"] for part in content["variants"]] == [{}, {"operator.two.user_min_elevation_deg": 55}]
    schema = Model.model_json_schema(by_alias=True)["$defs"]["Variant"]["properties"]["set"]
    assert schema["type"] == "object" and "pattern" in schema["propertyNames"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("operator.two.constellation", "oneweb", "cannot be set; all variants share one sky; make it another operator"),
        ("operator.two.shell", [], "cannot be set; all variants share one sky"),
        ("operator.two.lasers", "ring", "cannot be set; all variants share the lasers and where they point"),
        ("operator.two.ground", "oneweb-2025", "cannot be set; all variants share the sites"),
        ("operator.two.state", "on", "cannot be set; an event of kind 'add' brings what is planned"),
        ("terminals.one.listed", False, "cannot be set; all variants share one list; make those who are on it a group"),
        ("terminals.one.count", 5, "cannot be set; results of all variants count the same terminals"),
        ("time.hours", 3, "'time.hours' cannot be set; all variants share it; make it a run of its own"),
        ("area.halo_km", 3, "'area.halo_km' cannot be set; all variants share it"),
        ("seed", 3, "'seed' cannot be set; all variants share it"),
        ("operators.two.user_min_elevation_deg", 3, "nothing is called 'operators'; did you mean 'operator'?"),
        ("operator.twoo.policy", "x", "no [[operator]] is called 'twoo'; did you mean 'two'?"),
        ("operator.policy", "x", "no [[operator]] is called ''; write operator.NAME.KEY"),
        (
            "operator.two.user_min_elevation",
            3,
            "unknown key 'user_min_elevation'; did you mean 'user_min_elevation_",
        ),
        (
            "operator.two.user_min_elevation_deg",
            95,
            "set: operator.two: user_min_elevation_deg is 95; it must be be",
        ),
        ("operator.two.user_min_elevation_deg", "high", "user_min_elevation_deg is 'high'; it must be a number"),
        ("operator.two.serves", {"country": ["UKR"]}, "serves: unknown key 'country'; did you mean 'countries'?"),
        ("terminals.one.operators", ["three"], "terminals 'one': operator 'three' is not in this scenario"),
        ("delay.fibre_route_factor", 0.5, "set: delay: fibre_route_factor is 0.5; it must be at least 1"),
        ("traffic.peak_bps", 1e6, "'traffic.peak_bps' cannot be set; the scenario has no [traffic]"),
    ],
)
def test_what_cannot_be_set_is_refused_with_place_and_reason(name: str, value: Any, sentence: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        Scenario.parse(TEXT + variant(name, value))
    said = str(refusal.value)
    assert said.startswith("scenario: variant 'set': set: ") and sentence in said
    assert "\n" not in said


def test_every_key_of_a_section_that_can_be_set_is_set_by_a_test_or_refused() -> None:
    # A key that is new here must say which: computed again for a variant, or shared by all and refused.
    tried = {"payload", "policy", "policy_margin_ms", "home", "priority", "busy_hour_bps", "peak_bps"}
    tried |= {name.rpartition(".")[2] for name in CASES}
    for section, part in (("operator", Operator), ("terminals", Terminals), ("delay", Delay)):
        assert set(part.model_fields) <= tried | set(settings.REFUSED[section]), section
