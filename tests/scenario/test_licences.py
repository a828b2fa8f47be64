"""A licence as an event: as if `serves` had said it while it acts, and as if nothing were at any other time."""

from __future__ import annotations

import json
from pathlib import Path

import numba
import numpy as np
import pytest

from obrii import ObriiError, Scenario, serve_block, simulate, sky_block
from obrii.scenario import acting
from obrii.scenario.acting import Acting
from obrii.scenario.parts import Variant
from obrii.scenario.stage import Stage, stage
from obrii.schema import REASON_CODE

runs = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

#: A part of the region Lviv.
OUTLINE = {"type": "Polygon", "coordinates": [[[23.0, 49.3], [24.6, 49.3], [24.6, 50.2], [23.0, 50.2]]]}

#: Terminals in three regions, by a file, so that they stand where they stand whoever may serve there.
POSTS = "latitude_deg,longitude_deg,count\n49.84,24.03,30\n49.30,23.90,4\n49.55,25.59,20\n48.92,24.71,6\n"

#: Two operators that satellites are too few for, over three regions and around them.
WORLD = """
title = "licences"
time  = {start = 2026-01-01T00:00:00Z, seconds = 960, step_s = 240}
area  = {regions = ["UA-46", "UA-61", "UA-26"], resolution = 4, halo_km = 500, halo_resolution = 2}
traffic = {}
terminals = [
  {name = "homes", csv = "posts.csv"},
  {name = "new", count = 50, operators = ["two"], state = "planned"},
]
site = [
  {name = "Wola", operator = "one", role = "gateway", latitude_deg = 51.8, longitude_deg = 20.8, antennas = 2},
  {name = "Kaunas", operator = "one", role = "gateway", latitude_deg = 54.9, longitude_deg = 23.9, antennas = 1},
  {name = "Warsaw", operator = "one", role = "pop", latitude_deg = 52.2, longitude_deg = 21.0},
  {name = "Brno", operator = "two", role = "gateway", latitude_deg = 49.2, longitude_deg = 16.6, antennas = 2},
  {name = "Vienna", operator = "two", role = "pop", latitude_deg = 48.2, longitude_deg = 16.4},
]
[[operator]]
name = "one"
cells_per_satellite = 5
serves = SERVES_ONE
shell = [{name = "s", planes = 24, satellites_per_plane = 16, inclination_deg = 53, altitude_m = 550e3}]
[[operator]]
name = "two"
cells_per_satellite = 4
serves = SERVES_TWO
shell = [{name = "s", planes = 12, satellites_per_plane = 12, inclination_deg = 60, altitude_m = 1200e3}]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("licences")
    (place / "posts.csv").write_text(POSTS)
    (place / "outline.json").write_text(json.dumps(OUTLINE))
    return place


def scenario(folder: Path, *events: str, one: str = "{}", two: str = "{not_regions = ['UA-61']}") -> Scenario:
    """The world with events called "0", "1", ... that each say "kind target", and maybe times after a bar."""
    text = WORLD.replace("SERVES_ONE", one).replace("SERVES_TWO", two)
    for k, each in enumerate(events):
        kind, _, rest = each.partition(" ")
        target, _, times = rest.partition("|")
        text += f'[[event]]\nname = "{k}"\nkind = "{kind}"\ntarget = {target}\n' + times.replace(";", "\n") + "\n"
    return Scenario.parse(text, folder=folder)


def serve(of: Scenario, *names: str) -> dict[str, np.ndarray]:
    return serve_block(sky_block(of, slice(0, 4)), Variant(name="v", events=list(names)))


def licensed(here: Stage, *names: str, strength: float = 1.0) -> np.ndarray:
    return acting.outages(here, [Acting(name, strength) for name in names]).licensed


#: What an operator serves, what is granted, and what it serves then.
GRANTS = {
    "a region": ("one", "{not_regions = ['UA-61']}", "{operator = 'one', regions = 'UA-61'}", "{}"),
    "a region of two": (
        "one",
        "{not_regions = ['UA-61', 'UA-26']}",
        "{operator = 'one', regions = ['UA-26']}",
        "{not_regions = ['UA-61']}",
    ),
    "an outline": ("two", "{not_polygons = ['outline.json']}", "{operator = 'two', polygon = 'outline.json'}", "{}"),
    "the area": (
        "one",
        "{countries = ['POL']}",
        "{operator = 'one', countries = 'UKR'}",
        "{countries = ['POL', 'UKR']}",
    ),
    "neighbours": (
        "one",
        "{countries = ['UKR']}",
        "{operator = 'one', countries = ['POL', 'SVK', 'ROU']}",
        "{countries = ['UKR', 'POL', 'SVK', 'ROU']}",
    ),
    "all of the second operator": (
        "two",
        "{countries = ['POL']}",
        "{operator = 'two', countries = ['UKR']}",
        "{countries = ['POL', 'UKR']}",
    ),
}  # fmt: skip


@runs
@pytest.mark.parametrize("what", GRANTS)
def test_a_licence_from_the_start_is_as_if_serves_had_said_it(what: str, folder: Path) -> None:
    who, before, target, after = GRANTS[what]
    narrow = scenario(folder, f"licence-granted {target}", **{who: before})
    granted, wide, intact = serve(narrow, "0"), serve(scenario(folder, **{who: after})), serve(narrow)
    # Planned terminals of two may stand elsewhere in the two files, and are not there without being added.
    for name, values in wide.items():
        assert granted[name].tobytes() == values.tobytes(), name
    # It is no law of nothing: terminals are served that were not, or what others got is taken.
    assert any(granted[name].tobytes() != values.tobytes() for name, values in intact.items())


@runs
@pytest.mark.parametrize("what", sorted(GRANTS.keys() - {"all of the second operator"}))
def test_in_intact_nothing_is_otherwise_than_without_the_event(what: str, folder: Path) -> None:
    who, before, target, _ = GRANTS[what]
    with_it = serve(scenario(folder, f"licence-granted {target}", **{who: before}))
    for name, values in serve(scenario(folder, **{who: before})).items():
        assert with_it[name].tobytes() == values.tobytes(), name


@runs
def test_cells_that_are_newly_licensed_take_beams_from_others(folder: Path) -> None:
    of = scenario(folder, "licence-granted {operator = 'one', countries = 'UKR'}", one="{countries = ['POL', 'ROU']}")
    assert sum(serve(of, "0")["halo_cells_served"].ravel()) < sum(serve(of)["halo_cells_served"].ravel())


@runs
def test_a_licence_counts_from_its_start_to_its_end_and_leaves_no_trace(folder: Path) -> None:
    times = "|start = 2026-01-01T00:02:00Z; end = 2026-01-01T00:10:00Z"
    target = "{operator = 'one', regions = 'UA-61'}"
    one = "{not_regions = ['UA-61']}"
    of = scenario(folder, f"licence-granted {target}{times}", f"licence-granted {target}", one=one)
    intact, while_it_acts, always = serve(of), serve(of, "0"), serve(of, "1")
    for name, values in while_it_acts.items():
        assert values[[0, 3]].tobytes() == intact[name][[0, 3]].tobytes()
        assert values[[1, 2]].tobytes() == always[name][[1, 2]].tobytes()


@runs
def test_service_that_is_switched_off_again_leaves_all_others_what_they_had_before_the_licence(folder: Path) -> None:
    region = "regions = 'UA-61'"
    of = scenario(
        folder, f"licence-granted {{{region}}}", f"service-off {{{region}}}",
        one="{not_regions = ['UA-61']}",
    )  # fmt: skip
    intact, off, back = serve(of), serve(of, "0", "1"), serve(of, "1", "0")
    here = stage(of).cells.region[: stage(of).ground.area] == "UA-61"
    for name, values in intact.items():
        assert off[name].tobytes() == back[name].tobytes()
        if name == "reason":
            # Off wins, and says who switched off; where service is not offered there is nothing to switch off.
            assert (values[..., here] == REASON_CODE["not-licensed"])[:, 0].all()
            assert (off[name][..., here] == REASON_CODE["switched-off"])[:, 0].all()
            assert (off[name][..., ~here] == values[..., ~here]).all()
        else:
            assert off[name].tobytes() == values.tobytes(), name


def test_licences_add_up_and_come_cell_by_cell_with_a_ramp(folder: Path) -> None:
    here = stage(
        scenario(
            folder,
            "licence-granted {operator = 'two', regions = ['UA-46', 'UA-61']}",
            "licence-granted {near = {place = 'Ternopil', radius_km = 80}}",
            "licence-granted {strip = {border = ['UKR', 'POL'], width_km = 120}}",
            one="{not_regions = ['UA-61', 'UA-46']}",
            two="{countries = ['POL']}",
        )
    )
    none, wide, disc, strip = licensed(here), licensed(here, "0"), licensed(here, "1"), licensed(here, "2")
    assert (licensed(here, "0", "1") == (wide | disc)).all() and (licensed(here, "1", "0") == (wide | disc)).all()
    assert (disc & ~wide)[0].any() and (disc & ~none)[1].any() and not (wide & ~none)[0].any()
    assert (strip & ~none)[0].any() and not (strip & ~none & ~np.isin(here.cells.region, ["UA-46", "UA-61"]))[0].any()
    # Only cells that are new are members, so that half of the licence is half of them.
    half = licensed(here, "0", strength=0.5) & ~none
    assert half[1].sum() == pytest.approx((wide & ~none)[1].sum() / 2, abs=0.5)
    assert not (half & ~licensed(here, "0", strength=0.8)).any()


def test_planned_terminals_stand_where_a_licence_lets_them_and_those_in_the_field_where_they_stood(
    folder: Path,
) -> None:
    text = WORLD.replace('{name = "homes", csv = "posts.csv"}', '{name = "homes", count = 90, operators = ["one"]}')
    text = text.replace("SERVES_ONE", "{not_regions = ['UA-61']}").replace("SERVES_TWO", "{countries = ['POL']}")
    with pytest.raises(ObriiError, match="terminals 'new': nobody lives where its operators may serve"):
        stage(Scenario.parse(text))
    grant = '[[event]]\nname = "granted"\nkind = "licence-granted"\ntarget = {regions = ["UA-61"]}\n'
    ground = stage(Scenario.parse(text + grant)).ground
    homes, new = (set(ground.cells.region[: ground.area][count > 0].tolist()) for count in ground.groups.count)
    assert homes == {"UA-46", "UA-26"} and new == {"UA-61"}
    standing = text.replace(', state = "planned"', "")
    with pytest.raises(ObriiError, match="terminals 'new': nobody lives where its operators may serve"):
        stage(Scenario.parse(standing + grant))


@runs
def test_added_terminals_of_a_licensed_operator_have_service_only_with_the_licence(folder: Path) -> None:
    of = scenario(folder, "add {groups = 'new'}", "licence-granted {regions = 'UA-61'}", two="{countries = ['POL']}")
    new = stage(of).ground.groups.name.tolist().index("new")
    count = stage(of).ground.groups.count[new] > 0
    added, both = serve(of, "0"), serve(of, "0", "1")
    assert (added["reason"][:, new][:, count] == REASON_CODE["not-licensed"]).all()
    assert (both["reason"][:, new][:, count] != REASON_CODE["not-licensed"]).all()
    assert both["served"][:, new][:, count].any()


def test_a_variant_that_serves_less_is_granted_it_back(folder: Path) -> None:
    text = WORLD.replace("SERVES_ONE", "{not_regions = ['UA-61']}").replace("SERVES_TWO", "{}")
    text += '[[event]]\nname = "granted"\nkind = "licence-granted"\ntarget = {operator = "one", countries = ["UKR"]}\n'
    text += '[[variant]]\nname = "less"\nevents = ["granted"]\n'
    text += 'set = {"operator.one.serves" = {not_regions = ["UA-61", "UA-26"]}}\n'
    of = Scenario.parse(text, folder=folder)
    here = stage(of)
    acting.check(here)
    narrowed = here.of(of.variant[0])
    assert licensed(narrowed, "granted")[0].all() and not licensed(narrowed)[0].all()
    assert licensed(here)[0].sum() > licensed(narrowed)[0].sum()


REFUSED = {
    "{}": "who is named may serve there already; name what `serves` leaves out",
    "{operator = 'two', regions = 'UA-46'}": "who is named may serve there already",
    "{operator = 'too', regions = 'UA-61'}": "operator 'too' is not in this scenario; did you mean 'two'?",
    "{operator = 'two', countries = 'KEN'}": "countries touches no cell of the area or around it; name what lies there",
    "{operator = 'two', regions = 'UA-99'}": "regions: no region 'UA-99'",
    "{operator = 'two', near = {place = 'Nairobi', radius_km = 9}}": "near touches no cell of the area or around it",
    "{operator = 'two', region = 'UA-61'}": "unknown target key 'region'; did you mean 'regions'?",
    "{operator = 'two', groups = 'new'}": "unknown target key 'groups'",
    "{operator = 'two', regions = 'UA-61', near = {place = 'Lviv', radius_km = 30}}": "fits regions and near at once",
}


@pytest.mark.parametrize("target", REFUSED)
def test_a_licence_that_means_nothing_is_refused_in_one_sentence(target: str, folder: Path) -> None:
    two = "{}" if target == "{}" else "{not_regions = ['UA-61']}"
    with pytest.raises(ObriiError) as refusal:
        simulate(scenario(folder, f"licence-granted {target}", two=two))
    assert str(refusal.value).startswith("event '0': ") and REFUSED[target] in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_around_the_area_only_what_is_granted_is_looked_at_besides_what_is_served(folder: Path) -> None:
    narrow = {"one": "{countries = ['UKR']}", "two": "{countries = ['UKR']}"}
    plain = stage(scenario(folder, **narrow)).cells
    near_by = stage(
        scenario(folder, "licence-granted {near = {place = [51.0, 22.5], radius_km = 150}}", **narrow)
    ).cells
    assert set(plain.country.tolist()) == {"UKR"} and set(near_by.country.tolist()) == {"UKR", "POL"}
    new = near_by.country == "POL"
    away_km = np.hypot((near_by.latitude_deg - 51.0) * 111.2, (near_by.longitude_deg - 22.5) * 70.0)
    assert new.any() and away_km[new].max() < 155
