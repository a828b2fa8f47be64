"""What a scenario says of payloads and traffic: what follows from it, what it takes for granted, what is refused."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from obrii import ObriiError, Scenario
from obrii.ground import regions
from obrii.scenario import presets
from obrii.scenario.assumptions import assumptions, sources
from obrii.scenario.capacity import Payload, Traffic
from obrii.scenario.fleet import fleet
from obrii.scenario.payloads import payloads
from obrii.scenario.stage import Stage, stage

WORLD = """
title = "two shells over a region"
time  = {start = 2022-10-03T12:00:00Z, seconds = 60, step_s = 15}
area  = {regions = ["UA-46"], resolution = 5, halo_km = 300, halo_resolution = 3}
terminals = [{name = "most", count = 90}, {name = "clinic", count = 10}]
[[operator]]
name = "starlink"
lasers = "ring"
serves = {not_regions = ["UA-61"]}
[[operator.shell]]
name = "low"
planes = 3
satellites_per_plane = 4
inclination_deg = 53
altitude_m = 550e3
[[operator.shell]]
name = "high"
planes = 2
satellites_per_plane = 4
inclination_deg = 70
altitude_m = 600e3
[[site]]
name = "Wola"
role = "gateway"
latitude_deg = 51.8
longitude_deg = 20.8
antennas = 4
[[site]]
name = "Warsaw"
role = "pop"
latitude_deg = 52.2
longitude_deg = 21.0
[[site]]
name = "Vienna"
role = "pop"
latitude_deg = 48.2
longitude_deg = 16.4
[traffic]
"""
OPERATOR = 'name = "starlink"'
LOW, HIGH = "altitude_m = 550e3", "altitude_m = 600e3"
GROUPS = 'terminals = [{name = "most", count = 90}, {name = "clinic", count = 10}]'
OWN = "payload = {beams_per_satellite = 4, beam_rate_bps = 1e9, feeder_rate_bps = 3e9, laser_rate_bps = 2e9}"
CUT = "halo_km = 300, halo_resolution = 3"


def text(*changes: tuple[str, str]) -> str:
    world = WORLD
    for before, after in changes:
        assert before in world
        world = world.replace(before, after, 1)
    return world


def world(*changes: tuple[str, str]) -> Stage:
    return stage(Scenario.parse(text(*changes)))


def after(place: str, line: str) -> tuple[str, str]:
    return place, f"{place}\n{line}"


# --- Payloads ----------------------------------------------------------------------------------------------------


def test_without_a_payload_nothing_limits_a_rate_and_a_satellite_serves_128_cells() -> None:
    (found,) = world().payloads
    assert set(found.cells.tolist()) == {128} and len(found.cells) == 20
    assert len(found.laser_bps) and len(found.pop_bps) == 2
    for limits in (found.cell_bps, found.satellite_bps, found.feeder_bps, found.laser_bps, found.pop_bps):
        assert np.isinf(limits).all()


def test_what_a_shell_says_goes_before_what_the_operator_says() -> None:
    (found,) = world(after(OPERATOR, 'payload = "starlink-v1.5"'), after(HIGH, OWN)).payloads
    low, high = slice(0, 12), slice(12, 20)
    assert set(found.cells[low].tolist()) == {128} and set(found.cells[high].tolist()) == {32}
    assert set(found.satellite_bps[low].tolist()) == {20.2e9} and set(found.satellite_bps[high].tolist()) == {4e9}
    assert set(found.cell_bps[low].tolist()) == {10.1e9} and set(found.cell_bps[high].tolist()) == {4e9}
    assert set(found.feeder_bps[low].tolist()) == {19e9} and set(found.feeder_bps[high].tolist()) == {3e9}
    assert sorted(set(found.laser_bps.tolist())) == [2e9, 100e9]


def test_a_generation_goes_before_its_shell() -> None:
    generation = after(HIGH, '[[operator.generation]]\nname = "new"\nshells = ["high"]\n' + OWN)
    (found,) = world(after(OPERATOR, 'payload = "starlink-v2-mini"'), generation).payloads
    assert set(found.satellite_bps[:12].tolist()) == {96e9} and set(found.satellite_bps[12:].tolist()) == {4e9}


def test_cells_that_the_scenario_says_go_before_those_of_the_payload() -> None:
    here = world(after(OPERATOR, 'payload = "starlink-v1.5"\ncells_per_satellite = 7'))
    assert set(here.payloads[0].cells.tolist()) == {7} == set(here.networks[0].capacity.tolist())


def test_a_laser_is_as_fast_as_the_slower_of_its_ends() -> None:
    generation = after(HIGH, '[[operator.generation]]\nname = "slow"\nshells = ["low"]\n' + OWN)
    here = world(after(OPERATOR, 'payload = "starlink-v1.5"'), generation)
    (operator,) = here.scenario.operator
    flown = fleet(operator, here.scenario.folder, here.grid)
    # One slow satellite in each plane of four: two of the four lasers of the ring around it are slow.
    slow = np.arange(20) % 4 == 0
    mixed = replace(flown, generation=np.where(slow, "slow", ""))
    found = payloads(here.scenario, operator, mixed, here.ground)
    links = flown.lasers.links
    link_bps = found.link_bps(links.a, links.b)
    assert len(links) == 20 and np.array_equal(link_bps == 2e9, slow[links.a] | slow[links.b])
    assert (link_bps == 2e9).sum() == 10 and set(link_bps.tolist()) == {2e9, 100e9}


def test_a_pop_passes_on_what_its_site_says() -> None:
    (found,) = world(after('name = "Vienna"\nrole = "pop"', "rate_bps = 5e9")).payloads
    assert found.pop_bps.tolist() == [np.inf, 5e9]


def test_a_coarse_cell_stands_for_as_many_fine_ones() -> None:
    here = world()
    halo = here.cells.halo
    assert set(here.payloads[0].fan[~halo].tolist()) == {1.0} and set(here.payloads[0].fan[halo].tolist()) == {49.0}


def test_a_cell_never_has_more_beams_than_the_band_or_the_satellite() -> None:
    given = {"beam_rate_bps": 1e9, "feeder_rate_bps": 1e9}
    assert Payload(beams_per_satellite=16, reuse=4, **given).cell_bps == 4e9
    assert Payload(beams_per_satellite=3, reuse=1, **given).cell_bps == 3e9
    assert Payload(beams_per_satellite=16, reuse=4, beams_per_cell=2, **given).cell_bps == 2e9
    assert Payload(beams_per_satellite=16, satellite_rate_bps=5e9, **given).satellite_bps == 5e9


@pytest.mark.parametrize(
    ("name", "satellite_bps"), [("starlink-v1.5", 20.2e9), ("starlink-v2-mini", 96e9), ("oneweb", 7.2e9)]
)
def test_payloads_that_ship_carry_what_is_published(name: str, satellite_bps: float) -> None:
    """20.2 Gb/s: Pekhterev, SatMagazine, November 2021; 96 and 7.2 Gb/s: press (as the presets say)."""
    assert presets.payload(name).payload.satellite_bps == pytest.approx(satellite_bps)


@pytest.mark.parametrize("name", presets.payload_names())
def test_every_number_of_a_payload_that_ships_has_a_source(name: str) -> None:
    preset = presets.payload(name)
    assert set(preset.sources) == set(Payload.model_fields)
    assert all(preset.sources.values()) and preset.source


def test_payloads_are_listed_with_what_else_ships() -> None:
    found = presets.listed()["payload"]
    assert list(found) == presets.payload_names() and all(row["title"] and row["source"] for row in found.values())


def test_constellations_that_ship_have_payloads_that_ship() -> None:
    for name in presets.constellation_names():
        preset = presets.constellation(name)
        for payload in (preset.payload, *(shell.payload for shell in preset.shell)):
            assert payload is None or presets.payload(payload)
    mixed = presets.constellation("starlink-2026-05")
    assert {shell.payload or mixed.payload for shell in mixed.shell} == {"starlink-v1.5", "starlink-v2-mini"}


def test_an_operator_may_say_another_payload_than_its_preset() -> None:
    preset = ('lasers = "ring"', 'constellation = "starlink-2026-05"\npayload = "oneweb"')
    cut = WORLD[WORLD.index("[[operator.shell]]") : WORLD.index("[[site]]")]
    (found,) = world((cut, ""), preset).payloads
    assert set(found.satellite_bps.tolist()) == {7.2e9} and set(found.cells.tolist()) == {6400}


# --- Traffic -----------------------------------------------------------------------------------------------------


def test_without_traffic_there_is_no_demand() -> None:
    assert world(("[traffic]\n", "")).demand is None


def test_others_are_counted_when_the_run_starts_or_at_a_date_of_their_own() -> None:
    then = world(traffic('terminals = {starlink = "starlink@2022-10-03"}')).demand
    now, later = world().demand, world(traffic('terminals = {starlink = "starlink@2026-05-30"}')).demand
    assert then is not None and now is not None and later is not None
    assert then.others == pytest.approx(now.others, rel=0.01)
    assert later.others.sum() > 5 * now.others.sum()


def test_groups_ask_as_traffic_says_unless_they_say_otherwise() -> None:
    own = GROUPS.replace("count = 10", 'count = 10, priority = "critical", busy_hour_bps = 1e6, peak_bps = 2e6')
    found = world((GROUPS, own)).demand
    assert found is not None
    assert found.peak_bps.tolist() == [100e6, 2e6, 100e6] and found.busy_share.tolist() == [0.04, 0.5, 0.04]
    assert found.priority.tolist() == [1, 0, 1]
    assert found.terminals[:2].sum(axis=1) == pytest.approx([90, 10])
    assert (found.terminals * found.busy_share[:, None])[:2].sum(axis=1) == pytest.approx([3.6, 5])


def test_others_stand_in_the_halo_where_the_operator_may_serve_as_people_do() -> None:
    here = world()
    assert here.demand is not None
    halo, others = here.cells.halo, here.demand.others[0]
    barred = here.cells.region == "UA-61"
    assert barred.any() and not others[barred | ~halo].any()
    poland = halo & (here.cells.country == "POL")
    each = others[poland] / here.cells.people[poland]
    assert np.ptp(each) < 1e-12 * each.max()
    # All of Poland has some 4,700 by the table at that date.
    assert each[0] * regions.country_people()["POL"] == pytest.approx(4700, rel=0.02)
    assert np.array_equal(here.demand.terminals[-1], others)


@pytest.mark.parametrize("change", [("[traffic]", "[traffic]\nothers = false"), (OPERATOR, 'name = "unheard of"')])
def test_nobody_competes_where_the_scenario_says_so_or_nobody_was_counted(change: tuple[str, str]) -> None:
    found = world(change).demand
    assert found is not None and not found.others.any() and not found.terminals[-1].any()


def test_an_operator_of_another_name_may_have_the_terminals_of_a_table() -> None:
    named = world((OPERATOR, 'name = "other"'), ("[traffic]", '[traffic]\nterminals = {other = "starlink"}')).demand
    own = world().demand
    assert own is not None and named is not None and np.array_equal(own.others, named.others)


# --- What is taken for granted -----------------------------------------------------------------------------------


def test_every_default_and_every_number_of_a_payload_is_among_the_assumptions() -> None:
    scenario = Scenario.parse(text(after(OPERATOR, 'payload = "starlink-v1.5"'), after(HIGH, OWN)))
    rows = {row["key"]: row for row in assumptions(scenario)}
    for key in ("peak_bps", "busy_hour_bps", "usable_bps", "curve", "others"):
        assert "assumption" in rows[f"traffic.{key}"]["source"], key
    for key in Payload.model_fields:
        assert rows[f"payload.starlink-v1.5.{key}"]["source"] == presets.payload("starlink-v1.5").sources[key]
        assert rows[f"payload.starlink, high.{key}"]["value"]
    assert rows["payload.starlink, high.beam_rate_bps"]["source"] == "the scenario"
    assert rows["payload.starlink, high.beam_rate_bps"]["value"] == "1 Gb/s"
    assert "assumption" in rows["payload.starlink, high.channels"]["source"]
    assert rows["operator.cells_per_satellite"]["value"] == "32 or 128"
    what = [row["what"] for row in sources(scenario)]
    assert "terminals of starlink by country" in what and any("Starlink v1.5" in each for each in what)
    assert all(row["source"] for row in assumptions(scenario) + sources(scenario))


def test_satellites_without_a_payload_are_counted_with_those_that_have_one() -> None:
    scenario = Scenario.parse(text(after(HIGH, OWN)))
    (row,) = (row for row in assumptions(scenario) if row["key"] == "operator.cells_per_satellite")
    assert row["value"] == "32 or 128"
    whole = Scenario.parse(text(after(HIGH, OWN), after(LOW, OWN)))
    (row,) = (row for row in assumptions(whole) if row["key"] == "operator.cells_per_satellite")
    assert row["value"] == "32"


def test_a_run_without_traffic_lists_neither_demand_nor_payloads() -> None:
    keys = [row["key"] for row in assumptions(Scenario.parse(text(("[traffic]\n", ""))))]
    assert not [key for key in keys if re.match(r"traffic|payload|active", key)]


def test_what_the_scenario_says_itself_is_not_called_an_assumption() -> None:
    scenario = Scenario.parse(text(("[traffic]", "[traffic]\npeak_bps = 50e6")))
    (row,) = (row for row in assumptions(scenario) if row["key"] == "traffic.peak_bps")
    assert (row["value"], row["source"]) == ("50 Mb/s", "the scenario")


def test_a_resolved_scenario_says_the_defaults_of_traffic() -> None:
    resolved = Scenario.parse(text()).resolved()
    assert f"peak_bps = {Traffic().peak_bps}" in resolved
    assert Scenario.parse(resolved) == Scenario.parse(text())


# --- What is refused ---------------------------------------------------------------------------------------------


def payload(what: str) -> tuple[str, str]:
    given = {"beams_per_satellite": "16", "beam_rate_bps": "1e9", "feeder_rate_bps": "1e9"}
    key, _, value = what.partition(" = ")
    rows = ", ".join(f"{name} = {each}" for name, each in (given | {key: value}).items())
    return after(OPERATOR, f"payload = {{{rows}}}")


def traffic(what: str) -> tuple[str, str]:
    return "[traffic]", f"[traffic]\n{what}"


def group(what: str) -> tuple[str, str]:
    return "count = 10", f"count = 10, {what}"


REFUSED = {
    "a rate below nothing": (
        payload("beam_rate_bps = -1e9"),
        "operator 'starlink': payload: beam_rate_bps is -1000000000.0; it must be above 0",
    ),
    "a rate in gigabits": (
        payload("beam_rate_bps = 1.2"),
        "operator 'starlink': payload: beam_rate_bps is 1.2; it must be at least 1000; is it in bit/s?",
    ),
    "a rate beyond reason": (
        payload("feeder_rate_bps = 2e14"),
        "payload: feeder_rate_bps is 200000000000000.0; it must be at most 1e+13; is it in bit/s?",
    ),
    "more beams on a cell than channels": (
        payload("beams_per_cell = 9"),
        "payload: beams_per_cell is 9; channels x polarisations / reuse leave a cell 8 at once",
    ),
    "a cell without a beam": (
        payload("reuse = 17"),
        "payload: reuse is 17; with 8 channels and 2 polarisations a cell is left without a beam; give at most 16",
    ),
    "three polarisations": (payload("polarisations = 3"), "polarisations is 3; it must be 1 or 2"),
    "an unknown key of a payload": (
        payload("beam_rate = 3"),
        "payload: unknown key 'beam_rate'; did you mean 'beam_rate_bps'?",
    ),
    "a payload that is none": (after(OPERATOR, "payload = 5"), "payload is 5; it must be a table"),
    "a payload that does not ship": (
        after(OPERATOR, 'payload = "starlink-v15"'),
        "operator 'starlink': no payload is called 'starlink-v15'; did you mean 'starlink-v1.5'?",
    ),
    "a gateway without antennas": (
        ("antennas = 4", "antennas = 0"),
        "site 'Wola': a gateway without antennas carries nothing; leave the site out, give antennas, or switch it off",
    ),
    "less than no antennas": (("antennas = 4", "antennas = -1"), "site 'Wola': antennas is -1; it must be at least 0"),
    "a rate of a gateway": (
        ("antennas = 4", "rate_bps = 1e9"),
        "site 'Wola': rate_bps is of a PoP, and this is a gateway; a gateway is limited by its antennas",
    ),
    "a PoP in gigabits": (
        ('name = "Vienna"\nrole = "pop"', 'name = "Vienna"\nrole = "pop"\nrate_bps = 10'),
        "site 'Vienna': rate_bps is 10; it must be at least 1000; is it in bit/s?",
    ),
    "a priority that does not exist": (
        group('priority = "critcal"'),
        "terminals 'clinic': priority is 'critcal'; it must be 'critical' or 'normal'; did you mean 'critical'?",
    ),
    "an hour above the peak": (
        traffic("busy_hour_bps = 200e6"),
        "traffic: busy_hour_bps is 2e+08 and peak_bps 1e+08; a terminal cannot use more in the mean of an hour",
    ),
    "an hour of a group above the peak": (
        group("peak_bps = 1e6"),
        "terminals 'clinic': busy_hour_bps is 4e+06 and peak_bps 1e+06; a terminal cannot use more",
    ),
    "demand below nothing": (traffic("peak_bps = -1"), "traffic: peak_bps is -1; it must be above 0"),
    "demand beyond reason": (traffic("usable_bps = 1e14"), "it must be at most 1e+13; is it in bit/s?"),
    "growth of nothing": (traffic("growth = [0]"), "traffic: growth 1: it must be above 0"),
    "a curve that does not exist": (
        traffic('curve = "resident"'),
        "traffic: no curve is called 'resident'; did you mean 'residential'?",
    ),
    "a table that does not exist": (
        traffic('terminals = {starlink = "starlnk"}'),
        "no table of terminals is called 'starlnk'; did you mean 'starlink'?",
    ),
    "a table at what is no date": (
        traffic('terminals = {starlink = "starlink@autumn"}'),
        "traffic: terminals of 'starlink' are counted at 'autumn', which is no date; write it as 2022-10-03",
    ),
    "the table of an operator that does not exist": (
        traffic('terminals = {starlnk = "starlink"}'),
        "traffic: terminals: operator 'starlnk' is not in this scenario; did you mean 'starlink'?",
    ),
    "a rate of a group without traffic": (
        ("[traffic]", ""),
        "terminals 'clinic': peak_bps means nothing without [traffic]; add one",
    ),
    "traffic without an area": (
        (WORLD[WORLD.index("area") : WORLD.index("[[operator]]")], ""),
        "[traffic] needs an [area] where somebody asks for something; add one",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_capacity_and_demand_that_cannot_be_are_refused_in_one_sentence(case: str) -> None:
    change, sentence = REFUSED[case]
    more = (group("peak_bps = 50e6"),) if case == "a rate of a group without traffic" else ()
    with pytest.raises(ObriiError) as refusal:
        world(change, *more)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)
