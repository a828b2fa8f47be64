"""What events touch, when they act, how they compose, and which of them are refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from obrii import ObriiError, Scenario
from obrii.network.outages import Outages
from obrii.scenario import acting, events
from obrii.scenario.acting import Acting, acting_events
from obrii.scenario.stage import Stage, stage

#: Two operators over Lviv: one with lasers and two gateways, one planned with its own ground.
WORLD = """
title = "two operators over one region"
time  = {start = 2026-01-01T00:00:00Z, seconds = 60, step_s = 15}
area  = {regions = ["UA-46", "UA-61"], resolution = 4, halo_km = 0}
terminals = [
  {name = "homes", count = 90}, {name = "clinics", count = 10},
  {name = "new", count = 5, operators = ["two"], state = "planned"},
]
[[operator]]
name = "one"
lasers = "plus-grid"
shell = [
  {name = "low", planes = 6, satellites_per_plane = 8, inclination_deg = 53, altitude_m = 550e3},
  {name = "high", planes = 4, satellites_per_plane = 5, inclination_deg = 70, altitude_m = 570e3},
]
[[operator]]
name = "two"
state = "planned"
shell = [{name = "low", planes = 3, satellites_per_plane = 4, inclination_deg = 53, altitude_m = 1200e3}]
"""

SITES = """
Wola       one  gateway  POL  51.8  20.8  on
Kaunas     one  gateway  LTU  54.9  23.9  on
Cluj       one  gateway  ROU  46.8  23.6  planned
Frankfurt  one  pop      DEU  50.1   8.7  on
Warsaw     one  pop      POL  52.2  21.0  on
Brno       two  gateway  CZE  49.2  16.6  on
Vienna     two  pop      AUT  48.2  16.4  on
"""
for row in SITES.split("\n")[1:-1]:
    name, operator, role, country, latitude, longitude, state = row.split()
    WORLD += f'[[site]]\nname = "{name}"\noperator = "{operator}"\nrole = "{role}"\ncountry = "{country}"\n'
    WORLD += f'latitude_deg = {latitude}\nlongitude_deg = {longitude}\nstate = "{state}"\n'


def world(*what: str, folder: Path = Path(), text: str = WORLD) -> Stage:
    """The world with events called "0", "1", ... that each say "kind target"."""
    for k, one in enumerate(what):
        kind, target = one.split(" ", 1)
        text += f'[[event]]\nname = "{k}"\nkind = "{kind}"\ntarget = {target}\n'
    return stage(Scenario.parse(text, folder=folder))


def outages(here: Stage, names: tuple[str, ...]) -> Outages:
    """What is on while the events of these names act at their strongest."""
    return acting.outages(here, [Acting(name) for name in names])


def names_off(here: Stage) -> set[str]:
    """Sites that the second event puts out, after the first, by name."""
    return set(here.sites.name[outages(here, ("0",)).site & ~outages(here, ("0", "1")).site].tolist())


@pytest.mark.parametrize(
    ("what", "sites"),
    [
        ("sites-off {}", {"Wola", "Kaunas", "Frankfurt", "Warsaw", "Brno", "Vienna"}),
        ('sites-off {countries = ["POL"]}', {"Wola", "Warsaw"}),
        ('gateways-off {countries = ["POL", "LTU"]}', {"Wola", "Kaunas"}),
        ('gateways-off {operator = "one"}', {"Wola", "Kaunas"}),
        ('gateways-off {operator = "one", sites = "Wola"}', {"Wola"}),
        ('pops-off {countries = "POL"}', {"Warsaw"}),
        ('pops-off {sites = ["Vienna", "Frankfurt"]}', {"Vienna", "Frankfurt"}),
    ],
)
def test_sites_go_off_by_name_country_and_operator_keys_narrowing_each_other(what: str, sites: set[str]) -> None:
    # What is only planned is off already, so the second operator is added first.
    assert names_off(world("add {operator = 'two'}", what)) == sites


@pytest.mark.parametrize(
    ("what", "count"),
    [
        ("satellites-off {}", 80),
        ('satellites-off {operator = "one"}', 68),
        ('satellites-off {operator = "one", shell = "low"}', 48),
        ('satellites-off {operator = "one", shell = "low", planes = [0, 5]}', 16),
        ('satellites-off {operator = "one", satellites = [0, 1, 50]}', 3),
        ('satellites-off {shell = "high", satellites = 50}', 1),
    ],
)
def test_satellites_go_off_by_operator_shell_plane_and_index(what: str, count: int) -> None:
    here = world("add {operator = 'two'}", what)
    assert (outages(here, ("0",)).satellite & ~outages(here, ("0", "1")).satellite).sum() == count


@pytest.mark.parametrize(
    ("what", "lasers"),
    [
        ("lasers-off {}", 2 * 48 + 2 * 20),
        ('lasers-off {links = "all", shell = "high"}', 2 * 20),
        ('lasers-off {links = "cross-plane"}', 48 + 20),
        ('lasers-off {links = ["cross-plane"], shell = "low"}', 48),
    ],
)
def test_lasers_go_off_all_of_them_or_those_between_planes(what: str, lasers: int) -> None:
    # A plus-grid has a laser to the next satellite and one to the next plane, for every satellite.
    assert (~outages(world(what), ("0",)).laser).sum() == lasers


@pytest.mark.parametrize(
    ("what", "fibres"),
    [
        ("fibre-off {}", 3 * 2 + 1),
        ('fibre-off {fibres = "Wola - Warsaw"}', 1),
        ('fibre-off {fibres = ["Warsaw - Wola", "Kaunas - Frankfurt"]}', 2),
        ('fibre-off {sites = "Frankfurt"}', 3),
        ('fibre-off {countries = ["LTU"]}', 2),
        ('fibre-off {countries = ["LTU"], sites = ["Warsaw"]}', 1),
        ('fibre-off {operator = "two"}', 1),
    ],
)
def test_fibre_goes_off_by_its_name_either_way_round_by_an_end_or_by_a_country(what: str, fibres: int) -> None:
    # Every gateway of an operator, planned or not, has a fibre to every PoP of it.
    assert (~outages(world(what), ("0",)).fibre).sum() == fibres


def test_a_control_plane_goes_off_by_operator() -> None:
    here = world("core-off {}", "core-off {operator = 'one'}", "add {operator = 'two'}")
    assert not outages(here, ("0", "2")).core.any()
    one, two = outages(here, ("1", "2")).core
    assert not one.any() and two.all()


def test_what_is_planned_is_off_until_it_is_added() -> None:
    here = world("add {sites = 'Cluj'}", "add {operator = 'two'}")
    cluj = here.sites.name.tolist().index("Cluj")
    before, site, operator = (outages(here, names) for names in ((), ("0",), ("1",)))
    assert not (before.site[cluj] or before.there[cluj])
    assert site.site[cluj] and site.there[cluj]
    assert before.core[0].all() and not before.core[1].any() and np.array_equal(before.core, site.core)
    assert before.satellite.sum() == 68
    assert operator.core.all() and operator.satellite.all() and not operator.site[cluj]


def test_planned_groups_come_where_they_are_named_and_with_nothing_else() -> None:
    here = world("add {groups = ['new']}", "add {operator = 'two'}", "add {operator = 'two', groups = 'new'}")
    before, group, operator, both = (outages(here, names) for names in ((), ("0",), ("1",), ("2",)))
    assert before.present.tolist() == operator.present.tolist() == [True, True, False]
    assert group.present.all() and both.present.all()
    for part in ("satellite", "site", "there", "core"):
        assert np.array_equal(getattr(group, part), getattr(before, part))
        assert np.array_equal(getattr(both, part), getattr(operator, part))


def test_what_is_added_stays_off_where_another_event_puts_it_off() -> None:
    here = world("gateways-off {countries = ['ROU']}", "add {sites = 'Cluj'}")
    for names in (("0", "1"), ("1", "0")):
        assert not outages(here, names).site[here.sites.name.tolist().index("Cluj")]


def test_service_goes_off_by_operator_group_and_place() -> None:
    here = world(
        "service-off {operator = 'one'}",
        "service-off {groups = 'clinics', regions = ['UA-46']}",
        "service-off {regions = ['UA-46'], countries = 'UKR'}",
    )
    lviv = here.cells.region == "UA-46"
    assert lviv.any() and not lviv.all()
    by_operator, by_group, by_place = (outages(here, (name,)).service for name in "012")
    assert not by_operator[0].any() and by_operator[1].all()
    # Rows are homes, clinics, new ones, and anyone who may switch a dish on.
    assert by_group[:, [0, 2, 3]].all()
    assert (by_group[:, 1] == ~lviv).all()
    assert (by_place == ~lviv).all()


def test_polygons_and_cells_mean_the_cells_whose_centre_they_hold(tmp_path: Path) -> None:
    west = {"type": "Polygon", "coordinates": [[[20, 47], [24, 47], [24, 52], [20, 52]]]}
    (tmp_path / "west.json").write_text(json.dumps(west))
    plain = world()
    named = plain.cells.text[0]
    here = world("service-off {polygon = 'west.json'}", f"service-off {{cells = ['{named}']}}", folder=tmp_path)
    off = [~outages(here, (name,)).service.any(axis=(0, 1)) for name in "01"]
    inside = here.cells.longitude_deg < 24
    assert inside.any() and not inside.all()
    assert (off[0] == inside).all()
    assert off[1].nonzero()[0].tolist() == [0]


def test_the_order_of_events_in_the_file_does_not_matter() -> None:
    what = [
        "gateways-off {countries = ['ROU']}",
        "add {sites = 'Cluj'}",
        "satellites-off {operator = 'one', shell = 'low'}",
        "service-off {groups = 'clinics'}",
        "core-off {operator = 'two'}",
        "add {operator = 'two'}",
    ]
    forwards, backwards = (outages(world(*order), tuple("012345")) for order in (what, what[::-1]))
    for part in ("satellite", "laser", "site", "fibre", "core", "service", "there", "present", "listed", "antenna"):
        assert np.array_equal(getattr(forwards, part), getattr(backwards, part))


def timed(start: str | None, end: str | None) -> str:
    lines = [f"{key} = 2026-01-01T00:{value}Z" for key, value in (("start", start), ("end", end)) if value]
    return WORLD + "\n".join(
        ['[[event]]\nname = "dark"\nkind = "core-off"', *lines, '[[variant]]\nname = "v"\nevents = ["dark"]\n']
    )


@pytest.mark.parametrize(
    ("start", "end", "steps"),
    [
        (None, None, [0, 1, 2, 3]),
        ("00:15", None, [1, 2, 3]),
        ("00:15.001", None, [2, 3]),
        (None, "00:15", [0]),
        (None, "00:15.001", [0, 1]),
        ("00:15", "00:45", [1, 2]),
        ("00:40", "05:00", [3]),
    ],
)
def test_an_event_acts_on_the_steps_whose_start_lies_in_it(
    start: str | None, end: str | None, steps: list[int]
) -> None:
    scenario = Scenario.parse(timed(start, end))
    variant = scenario.variants()[1]
    acting = [k for k, at in enumerate(stage(scenario).grid.utc) if acting_events(scenario, variant, at)]
    assert acting == steps


@pytest.mark.parametrize(
    ("start", "end", "between"),
    [
        ("01:00", None, "from 2026-01-01T00:01:00Z until the end"),
        ("02:00", "03:00", "from 2026-01-01T00:02:00Z until 2026-01-01T00:03:00Z"),
        ("00:16", "00:30", "from 2026-01-01T00:00:16Z until 2026-01-01T00:00:30Z"),
        (None, "00:00", "from the start until 2026-01-01T00:00:00Z"),
    ],
)
def test_an_event_outside_the_run_is_refused(start: str | None, end: str | None, between: str) -> None:
    sentence = (
        f"event 'dark': no step of the run begins {between}; the run is 2026-01-01T00:00:00Z to 2026-01-01T00:01:00Z"
    )
    with pytest.raises(ObriiError) as refusal:
        stage(Scenario.parse(timed(start, end)))
    assert str(refusal.value) == sentence


def test_an_event_between_two_windows_of_a_run_is_outside_of_it() -> None:
    text = timed("10:00", "20:00").replace(
        "{start = 2026-01-01T00:00:00Z, seconds = 60, step_s = 15}",
        "{windows = [{start = 2026-01-01T00:00:00Z, slots = 4}, {start = 2026-01-01T01:00:00Z, slots = 4}]}",
    )
    with pytest.raises(ObriiError, match="no step of the run begins"):
        stage(Scenario.parse(text))


REFUSED = {
    "service-off {groups = 'clinic'}": "groups 'clinic' is not in this scenario; did you mean 'clinics'?",
    "service-off {regions = ['UA-30']}": "'UA-30' is the city of Kyiv, which lies inside a region; write 'UA-32'",
    "service-off {regions = ['UA-47']}": "regions: no region 'UA-47' in ISO 3166-2 is known here; did you mean",
    "service-off {countries = ['UKN']}": "countries: no country 'UKN' in ISO 3166-1 alpha-3; did you mean 'UKR'?",
    "service-off {countries = ['KEN']}": "touches no cell of the area or around it; name what lies there",
    "service-off {cells = ['123']}": "'123' is no H3 cell",
    "service-off {polygon = 'nowhere.json'}": "nowhere.json",
    "service-off {polygon = 'crossed.json'}": "the outline crosses itself",
    "service-off {operator = 'three'}": "operator 'three' is not in this scenario",
    "service-off {group = 'clinics'}": "unknown target key 'group'; did you mean 'groups'?",
    "add {groups = ['homes']}": "groups: 'homes' is in the field already; write state = \"planned\" where it stands",
    "add {groups = ['newer']}": "groups 'newer' is not in this scenario; did you mean 'new'?",
    "service-off {regions = []}": "regions is an empty list; name something or leave the key out",
    "service-off {regions = [46]}": "regions holds 46; give names in quotes",
    "core-off {operator = 'on'}": "operator 'on' is not in this scenario; did you mean 'one'?",
    "gateways-off {countries = ['POLAND']}": "countries 'POLAND' is not in this scenario; did you mean 'POL'?",
    "gateways-off {sites = ['Warsaw']}": "sites: 'Warsaw' is no gateway; name one of Wola, Kaunas, Cluj, Brno",
    "pops-off {sites = ['Frankfort']}": "sites 'Frankfort' is not in this scenario; did you mean 'Frankfurt'?",
    "fibre-off {fibres = ['Wola - Vienna']}": "fibres 'Wola - Vienna' is not in this scenario; did you mean",
    "satellites-off {planes = [6], shell = 'low'}": "there is no plane 6; planes are 0 to 5",
    "satellites-off {planes = ['6']}": "planes holds '6'; give whole numbers",
    "satellites-off {satellites = [68]}": "no satellite has index or catalogue number 68 here; indices are 0 to 67",
    "satellites-off {operator = 'one', shell = 'mid'}": "shell 'mid' is not in this scenario",
    "lasers-off {operator = 'two'}": "'lasers-off' touches nothing of this scenario; name what is there",
    "gateways-off {operator = 'two', countries = 'POL'}": "'gateways-off' touches nothing of this scenario",
    "lasers-off {links = 'in-plane'}": "links 'in-plane' is not in this scenario",
    "add {}": "says nothing to add; name an operator, sites, countries, groups or lasers",
    "add {sites = 'Wola'}": "sites: 'Wola' is no planned site; name one of Cluj",
    "explode {}": "no kind of event is called 'explode'; known are service-off",
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_target_that_is_not_there_is_refused_in_one_sentence(what: str, tmp_path: Path) -> None:
    crossed = {"type": "Polygon", "coordinates": [[[20, 47], [24, 52], [24, 47], [20, 52]]]}
    (tmp_path / "crossed.json").write_text(json.dumps(crossed))
    here = world(what, folder=tmp_path)
    with pytest.raises(ObriiError) as refusal:
        events.change(here.scenario.event[0], here)
    assert str(refusal.value).startswith("event '0': ") and REFUSED[what] in str(refusal.value)
    assert "\n" not in str(refusal.value)
