"""The ground that a scenario lays out: area, halo, groups of terminals, sites, places of pairs; and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from obrii import ObriiError, Scenario
from obrii.scenario.places import Ground, ground

AREA = 'area = {regions = ["UA-46", "UA-61"], resolution = 4, halo_km = 0}'
SERVES = "serves = {}"
WORLD = f"""
title = "test"
time  = {{start = 2026-01-01T00:00:00Z, seconds = 60, step_s = 15}}
{AREA}
terminals = []
[[operator]]
name = "one"
{SERVES}
shell = [{{name = "s", planes = 3, satellites_per_plane = 4, inclination_deg = 53, altitude_m = 550e3}}]
[[site]]
name = "Wola"
role = "gateway"
country = "POL"
latitude_deg = 51.8
longitude_deg = 20.8
[[site]]
name = "Warsaw"
role = "pop"
latitude_deg = 52.2
longitude_deg = 21.0
"""


def laid_out(*changes: tuple[str, str], folder: Path = Path()) -> Ground:
    """The ground of the world after some of its text has been replaced."""
    text = WORLD
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return ground(Scenario.parse(text, folder=folder))


def terminals(what: str) -> tuple[str, str]:
    return "terminals = []", f"terminals = [{what}]"


# --- Terminals ---------------------------------------------------------------------------------------------------


def test_without_terminals_one_group_stands_for_anyone_and_counts_none() -> None:
    groups = laid_out().groups
    assert groups.name.tolist() == ["anyone"] and groups.operators == ((0,),)
    assert groups.count.sum() == 0


def test_terminals_are_spread_by_people_or_by_area_and_all_of_them_arrive() -> None:
    here = laid_out(terminals('{name = "a", count = 1000}, {name = "b", count = 10, spread = "area"}'))
    by_people, by_area = here.groups.count
    assert by_people.sum() == pytest.approx(1000) and by_area.sum() == pytest.approx(10)
    assert by_people / here.cells.people == pytest.approx(np.full(here.area, 1000 / here.cells.people.sum()))
    assert by_area / here.cells.area_km2 == pytest.approx(np.full(here.area, 10 / here.cells.area_km2.sum()))


def test_terminals_of_a_file_stand_where_it_says(tmp_path: Path) -> None:
    (tmp_path / "posts.csv").write_text(
        "latitude_deg,longitude_deg,count\n49.84,24.03,3\n49.55,25.59,2\n49.84,24.03,1\n"
    )
    here = laid_out(terminals('{name = "a", csv = "posts.csv", home = "DEU"}'), folder=tmp_path)
    assert here.groups.home.tolist() == ["DEU"]
    assert sorted(here.groups.count[0][here.groups.count[0] > 0].tolist()) == [2, 4]
    most = int(np.argmax(here.groups.count[0]))
    # A cell of resolution 4 is some 26 km from corner to corner and more across: Lviv lies within half of that.
    assert abs(here.cells.latitude_deg[most] - 49.84) < 0.3 and here.cells.region[most] == "UA-46"


def test_terminals_on_water_count_in_the_nearest_cell_and_this_is_said(tmp_path: Path) -> None:
    coast = (AREA, 'area = {regions = ["UA-51"], resolution = 5, halo_km = 0}')
    # Off Odesa: 15 km out in the Black Sea; the other place stands in the city.
    (tmp_path / "posts.csv").write_text("latitude_deg,longitude_deg,count\n46.40,30.95,3\n46.48,30.73,2\n")
    here = laid_out(coast, terminals('{name = "a", csv = "posts.csv"}'), folder=tmp_path)
    assert here.groups.count.sum() == 5 and (here.cells.country[here.groups.count[0] > 0] == "UKR").all()
    (notice,) = here.notices
    assert notice.startswith("terminals 'a': 1 of the places in posts.csv (3 terminals) stand outside the area's cells")
    (tmp_path / "posts.csv").write_text("latitude_deg,longitude_deg,count\n45.0,32.0,3\n")
    with pytest.raises(ObriiError, match="line 2: 45, 32 is more than 50 km outside the area; move it or widen"):
        laid_out(coast, terminals('{name = "a", csv = "posts.csv"}'), folder=tmp_path)


def test_a_place_far_from_the_middle_of_its_own_large_cell_stands_in_it(tmp_path: Path) -> None:
    large = (AREA, 'area = {countries = ["UKR"], resolution = 2, halo_km = 0}')
    (tmp_path / "posts.csv").write_text("latitude_deg,longitude_deg,count\n49.84,24.03,3\n49.0,33.4,1\n50.45,30.52,1\n")
    here = laid_out(large, terminals('{name = "a", csv = "posts.csv"}'), folder=tmp_path)
    assert here.groups.count.sum() == 5 and here.notices == ()


def test_terminals_that_stand_well_need_no_notice() -> None:
    assert laid_out(terminals('{name = "a", count = 10}')).notices == ()


def test_planned_groups_are_alternatives_and_not_counted_together() -> None:
    people = int(laid_out().cells.people.sum())
    one = f'count = {people - 10}, state = "planned"'
    here = laid_out(terminals(f'{{name = "a", count = 5}}, {{name = "b", {one}}}, {{name = "c", {one}}}'))
    assert here.groups.count.sum() == pytest.approx(2 * people - 15)


LINES = {
    "no column": ("latitude_deg,longitude,count\n1,2,3\n", "posts.csv: line 1: no column 'longitude_deg'"),
    "not a number": ("latitude_deg,longitude_deg,count\n49.8,24,1\n49.8,east,1\n", "posts.csv: line 3: "),
    "too few": ("latitude_deg,longitude_deg,count\n49.8,24\n", "posts.csv: line 2: "),
    "less than none": ("latitude_deg,longitude_deg,count\n49.8,24,-1\n", "posts.csv: line 2: latitude is -90 to 90"),
    "off the globe": ("latitude_deg,longitude_deg,count\n94.8,24,1\n", "posts.csv: line 2: latitude is -90 to 90"),
    "far away": (
        "latitude_deg,longitude_deg,count\n49.8,24,1\n-1.3,36.8,1\n",
        "posts.csv: line 3: -1.3, 36.8 is more than",
    ),
    "no row": ("latitude_deg,longitude_deg,count\n", "posts.csv: holds no place"),
    "nobody": ("latitude_deg,longitude_deg,count\n49.8,24,0\n", "terminals 'a': posts.csv counts no terminal"),
    "no file": (None, "posts.csv: no such file"),
}


@pytest.mark.parametrize("case", LINES)
def test_a_file_of_terminals_is_refused_with_its_line(case: str, tmp_path: Path) -> None:
    content, sentence = LINES[case]
    if content is not None:
        (tmp_path / "posts.csv").write_text(content)
    with pytest.raises(ObriiError) as refusal:
        laid_out(terminals('{name = "a", csv = "posts.csv"}'), folder=tmp_path)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)


# --- Sites -------------------------------------------------------------------------------------------------------


def test_a_gateway_that_names_no_operator_belongs_to_the_only_one() -> None:
    assert laid_out().sites.operator.tolist() == ["one", "one"]


def test_what_a_planned_operator_has_on_the_ground_is_planned_too() -> None:
    for own in ('name = "one"\nstate = "planned"', 'name = "one"\nstate = "planned"\nground = "oneweb-2025"'):
        assert laid_out(('name = "one"', own)).sites.planned.all()
    assert not laid_out().sites.planned.any()


def test_a_table_of_sites_and_own_sites_stand_side_by_side() -> None:
    sites = laid_out(('name = "one"', 'name = "one"\nground = "oneweb-2025"')).sites
    assert {"Wola", "Warsaw"} < set(sites.name.tolist())
    assert set(sites.operator.tolist()) == {"one"}


# --- Area --------------------------------------------------------------------------------------------------------


def test_a_site_of_two_tables_carries_the_name_of_the_second_operator() -> None:
    second = """[[operator]]
name = "two"
ground = "oneweb-2025"
shell = [{name = "s", planes = 3, satellites_per_plane = 4, inclination_deg = 53, altitude_m = 550e3}]
[[operator]]
"""
    own = ('name = "Wola"', 'name = "Wola"\noperator = "one"'), ('name = "Warsaw"', 'name = "Warsaw"\noperator = "one"')
    both = laid_out(("[[operator]]\n", second), ('name = "one"\n', 'name = "one"\nground = "oneweb-2025"\n'), *own)
    names = both.sites.name[both.sites.operator != ""].tolist()
    assert len(set(names)) == len(names)
    assert {"Almargem, PRT", "Almargem, PRT (one)"} < set(names)


def test_an_area_is_everything_that_its_keys_hold_each_cell_once(tmp_path: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[24, 49], [27, 49], [27, 51], [24, 51]]]}
    (tmp_path / "square.json").write_text(json.dumps(square))
    regions = laid_out().cells
    with_square = laid_out((AREA, AREA.replace("{", '{polygon = "square.json", ')), folder=tmp_path)
    inside = (with_square.cells.longitude_deg > 24) & (with_square.cells.longitude_deg < 27)
    inside &= (with_square.cells.latitude_deg > 49) & (with_square.cells.latitude_deg < 51)
    assert len(np.unique(with_square.cells.id)) == with_square.area == len(with_square.cells)
    assert (np.isin(with_square.cells.id, regions.id) | inside).all()
    assert set(regions.id.tolist()) < set(with_square.cells.id.tolist())


def test_the_halo_is_where_some_operator_may_serve() -> None:
    around = (AREA, AREA.replace("halo_km = 0", "halo_km = 500, halo_resolution = 2"))
    everywhere = laid_out(around).cells
    some = laid_out(around, (SERVES, 'serves = {countries = ["UKR", "POL"]}')).cells
    assert set(some.country[some.halo].tolist()) == {"UKR", "POL"}
    assert {"BLR", "HUN", "UKR", "POL"} < set(everywhere.country[everywhere.halo].tolist())


# --- What cannot be ----------------------------------------------------------------------------------------------

CROSSED = {"type": "Polygon", "coordinates": [[[20, 47], [24, 52], [24, 47], [20, 52]]]}
#: Trap 10: a mainland that is written as a hole of an islet, so that next to nothing is inside.
ISLET = {
    "type": "Polygon",
    "coordinates": [
        [[30.0, 46.0], [30.01, 46.0], [30.01, 46.01], [30.0, 46.01]],
        [[31.0, 47.0], [35.0, 47.0], [35.0, 50.0], [31.0, 50.0]],
    ],
}
SPECK = {"type": "Polygon", "coordinates": [[[30.0, 46.0], [30.01, 46.0], [30.01, 46.01], [30.0, 46.01]]]}


def area(what: str) -> tuple[str, str]:
    return 'regions = ["UA-46", "UA-61"]', what


REFUSED = {
    "a country that does not exist": (
        area('countries = ["UKN"]'),
        "countries: no country 'UKN' in ISO 3166-1 alpha-3; did you mean 'UKR'?",
    ),
    "a country by its other code": (
        area('countries = ["UA"]'),
        "no country 'UA' in ISO 3166-1 alpha-3; did you mean 'UKR'?",
    ),
    "a region that does not exist": (
        area('regions = ["UA-47"]'),
        "regions: no region 'UA-47' in ISO 3166-2 is known here",
    ),
    "a region by its name": (
        area('regions = ["Kherson"]'),
        "no region 'Kherson' in ISO 3166-2 is known here; did you mean 'UA-65'?",
    ),
    "a city within a region": (
        area('regions = ["UA-30"]'),
        "'UA-30' is the city of Kyiv, which lies inside a region; write 'UA-32'",
    ),
    "a region without a cell": (
        (AREA, 'area = {regions = ["UA-77"], resolution = 1}'),
        "region 'UA-77': holds no centre of a cell at resolution 1",
    ),
    "a country without a cell": (
        area('countries = ["VAT"]'),
        "country 'VAT': holds no centre of a cell at resolution 4",
    ),
    "a polygon without a cell": (area('polygon = "speck.json"'), "polygon: holds no centre of a cell at resolution 4"),
    "a mainland written as a hole of an islet": (
        area('polygon = "islet.json"'),
        "hole 1 lies outside its outer ring; write it as a polygon of its own",
    ),
    "a polygon that crosses itself": (
        area('polygon = "crossed.json"'),
        "the outline crosses itself near longitude 22.00",
    ),
    "a polygon that is not there": (area('polygon = "nowhere.json"'), "nowhere.json"),
    "a cell that is none": (area('cells = ["8411"]'), "cells: '8411' is no H3 cell; write its 15 hexadecimal digits"),
    "nothing": (area("countries = []"), "area: it holds nothing; give countries, regions, cells or polygon"),
    "zero terminals": (terminals('{name = "a", count = 0}'), "terminals 'a': count is 0; it must be at least 1"),
    "fewer than zero": (terminals('{name = "a", count = -3}'), "terminals 'a': count is -3; it must be at least 1"),
    "half a terminal": (
        terminals('{name = "a", count = 0.5}'),
        "terminals 'a': count is 0.5; it must be a whole number",
    ),
    "no count": (terminals('{name = "a"}'), "terminals 'a': give count or csv, one of the two"),
    "a home that does not exist": (
        terminals('{name = "a", count = 1, home = "UKN"}'),
        "terminals 'a': home: no country 'UKN'",
    ),
    "more terminals than people": (
        terminals('{name = "a", count = 4_000_000}'),
        "terminals 'a': 4,000,000 terminals, and 3,467,214 people live in the area; give at most one a person",
    ),
    "groups that are more than the people": (
        terminals('{name = "a", count = 3_000_000}, {name = "b", count = 1_000_000}'),
        "terminals 'b': with the groups before it 4,000,000 terminals, and 3,467,214 people live in the area",
    ),
    "a file with more terminals than people": (
        terminals('{name = "a", csv = "crowd.csv"}'),
        "terminals 'a': 5,000,000 terminals, and 3,467,214 people live in the area",
    ),
    "an operator that does not exist": (
        terminals('{name = "a", count = 1, operators = ["on"]}'),
        "terminals 'a': operator 'on' is not in this scenario; did you mean 'one'?",
    ),
    "two groups of one name": (
        terminals('{name = "a", count = 1}, {name = "a", count = 2}'),
        "two [[terminals]] are called 'a'",
    ),
    "terminals where nobody may serve": (
        (
            f'terminals = []\n[[operator]]\nname = "one"\n{SERVES}',
            'terminals = [{name = "a", count = 1}]\n[[operator]]\nname = "one"\nserves = {countries = ["POL"]}',
        ),
        "terminals 'a': nobody lives where its operators may serve",
    ),
    "terminals without an area": (
        (f"{AREA}\nterminals = []", 'terminals = [{name = "a", count = 1}]'),
        "[[terminals]] need an [area] to stand in",
    ),
    "a site in a country that does not exist": (
        ('country = "POL"', 'country = "POLAND"'),
        "site 'Wola': country: no country 'POLAND' in ISO 3166-1 alpha-3; did you mean",
    ),
    "two sites of one name": (('name = "Warsaw"', 'name = "Wola"'), "two [[site]] are called 'Wola'"),
    "a table of sites that does not exist": (
        (SERVES, 'ground = "starlink-2023-1"'),
        "ground: no table of sites 'starlink-2023-1'; did you mean 'starlink-2023-10'?",
    ),
    "a gateway that nobody owns": (
        (
            '[[site]]\nname = "Wola"',
            '[[operator]]\nname = "two"\nconstellation = "oneweb"\nground = "oneweb-2025"\n[[site]]\nname = "Wola"',
        ),
        "site 'Wola': belongs to no operator; say which of the several with operator",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_ground_that_cannot_be_is_refused_in_one_sentence(case: str, tmp_path: Path) -> None:
    for name, shape in (("crossed", CROSSED), ("islet", ISLET), ("speck", SPECK)):
        (tmp_path / f"{name}.json").write_text(json.dumps(shape))
    (tmp_path / "crowd.csv").write_text("latitude_deg,longitude_deg,count\n49.84,24.03,5000000\n")
    change, sentence = REFUSED[case]
    with pytest.raises(ObriiError) as refusal:
        laid_out(change, folder=tmp_path)
    assert sentence in str(refusal.value)
    assert "\n" not in str(refusal.value)
