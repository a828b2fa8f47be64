"""Countries and regions: codes, names, outlines, and which cells belong to them.

Countries go by ISO 3166-1 alpha-3, regions by ISO 3166-2. A cell belongs to the country that its centre lies in. Where
a region table ships (Ukraine), a country is the union of its regions and outlines only draw; elsewhere the outline of
Natural Earth decides. Crimea is Ukraine's, as the United Nations General Assembly has it (resolution 68/262).
"""

from __future__ import annotations

from functools import cache

import h3 as h3_text
import h3.api.numpy_int as h3
import numpy as np
import shapely

from obrii.errors import ScenarioError, nearest
from obrii.ground import polygons, shipped

#: Resolution of the region tables, and of the table of the whole world.
TABLE_RESOLUTION, WORLD_RESOLUTION = 5, 3

#: Countries with a region table.
WITH_REGIONS = ("UKR",)

#: Codes of cities that lie inside a region: not regions of their own here.
CITIES = {"UA-30": ("the city of Kyiv", "UA-32"), "UA-40": ("the city of Sevastopol", "UA-43")}


@cache
def country_names(language: str = "en") -> dict[str, str]:
    """Names of countries by alpha-3 code, in English (``en``) or Ukrainian (``uk``).

    >>> country_names()["UKR"], country_names("uk")["POL"], len(country_names())
    ('Ukraine', 'Польща', 250)
    """
    file, column = {"en": ("countries", "name"), "uk": ("country-names", "uk")}[language]
    table = shipped.columns(file)
    return dict(zip(table["country"].tolist(), table[column].tolist(), strict=True))


@cache
def country_people() -> dict[str, int]:
    """People of countries by alpha-3 code; the sum of its regions where a country has a region table."""
    table = shipped.columns("countries")
    return dict(zip(table["country"].tolist(), map(int, table["people"].tolist()), strict=True))


@cache
def region_names(language: str = "en") -> dict[str, str]:
    """Names of regions by ISO 3166-2 code, in English (``en``) or Ukrainian (``uk``).

    >>> region_names()["UA-65"], region_names("uk")["UA-65"]
    ('Kherson', 'Херсонська область')
    """
    table = shipped.columns("regions")
    return dict(zip(table["region"].tolist(), table[{"en": "name", "uk": "name_uk"}[language]].tolist(), strict=True))


@cache
def region_people() -> dict[str, int]:
    """People of regions as published, by ISO 3166-2 code."""
    table = shipped.columns("regions")
    return dict(zip(table["region"].tolist(), map(int, table["people"].tolist()), strict=True))


def served_tables() -> list[str]:
    """Names of the dated tables of countries that an operator served.

    >>> served_tables()
    ['oneweb-2025', 'starlink-2022-10', 'starlink-2026-08']
    """
    return sorted(set(shipped.columns("serves")["table"].tolist()))


@cache
def served(table: str) -> tuple[str, ...]:
    """Countries that an operator served at a date, by the name of a dated table; alpha-3 codes, sorted.

    Raises `ScenarioError` where there is no such table.

    >>> "UKR" in served("starlink-2022-10"), "TUR" in served("starlink-2022-10")
    (True, False)
    """
    rows = shipped.columns("serves")
    found = rows["country"][rows["table"] == table]
    if not len(found):
        tables = served_tables()
        raise ScenarioError(f"serves: no table '{table}'{nearest(table, tables) or '; there are ' + ', '.join(tables)}")
    return tuple(sorted(found.tolist()))


def with_cells() -> list[str]:
    """Codes of the countries that have cells, alpha-3, sorted.

    >>> len(with_cells()) > 170, "UKR" in with_cells()
    (True, True)
    """
    _, country, _ = world_table()
    return sorted(set(country.tolist()) - {""})


def check_country(code: str, where: str = "countries") -> str:
    """The code itself, if it is an alpha-3 code of a country; raises `ScenarioError` with the nearest one.

    >>> check_country("UKN")
    Traceback (most recent call last):
    obrii.errors.ScenarioError: countries: no country 'UKN' in ISO 3166-1 alpha-3; did you mean 'UKR'?
    """
    if code in country_names():
        return code
    table = shipped.columns("countries")
    for column, word in (("alpha2", code.upper()), ("name", code)):
        match = np.flatnonzero(np.char.lower(table[column]) == word.lower())
        if len(match):
            hint = f"; did you mean '{table['country'][match[0]]}'?"
            break
    else:
        # Of the codes that are as near, the populous country is meant more often than an island.
        people = country_people()
        hint = nearest(code, sorted(people, key=lambda known: people[known]))
    raise ScenarioError(f"{where}: no country '{code}' in ISO 3166-1 alpha-3{hint}")


def check_region(code: str, where: str = "regions") -> str:
    """The code itself, if cells of this region are known; raises `ScenarioError` with a hint.

    >>> check_region("UA-30")
    Traceback (most recent call last):
    obrii.errors.ScenarioError: regions: 'UA-30' is the city of Kyiv, which lies inside a region; write 'UA-32'
    """
    if code in region_names():
        return code
    if code in CITIES:
        city, region = CITIES[code]
        raise ScenarioError(f"{where}: '{code}' is {city}, which lies inside a region; write '{region}'")
    called = {name.lower(): known for language in ("en", "uk") for known, name in region_names(language).items()}
    if code.lower() in called:
        hint = f"; did you mean '{called[code.lower()]}'?"
    else:
        hint = nearest(code, region_names()) or f"; tables ship for {', '.join(WITH_REGIONS)}, elsewhere give a polygon"
    raise ScenarioError(f"{where}: no region '{code}' in ISO 3166-2 is known here{hint}")


@cache
def region_table() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cells of the region tables: ids (cell,) u8 sorted, region (cell,) str, people (cell,) f8."""
    table = shipped.columns("cells-ukr-5")
    ids = _ids(table["cell"])
    order = np.argsort(ids)
    return _locked(ids[order]), _locked(table["region"][order]), _locked(table["people"][order].astype(np.float64))


@cache
def world_table() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Land cells of the world at `WORLD_RESOLUTION`: ids (cell,) u8 sorted, country (cell,) str, people (cell,) f8."""
    table = shipped.columns("cells-world-3")
    ids = _ids(table["cell"])
    order = np.argsort(ids)
    return _locked(ids[order]), _locked(table["country"][order]), _locked(table["people"][order].astype(np.float64))


def regions_of(ids: np.ndarray) -> np.ndarray:
    """Region of cells of one resolution: ids (cell,) u8; returns (cell,) str, empty where no region is known."""
    known, region, _ = region_table()
    place, found = _look_up(_at(ids, TABLE_RESOLUTION), known)
    return np.where(found, region[place], "")


def countries_of(ids: np.ndarray) -> np.ndarray:
    """Country of cells of one resolution: ids (cell,) u8; returns (cell,) str, empty at sea.

    >>> tyrol, off_orkney = 0x851F8A97FFFFFFF, 0x85192C27FFFFFFF
    >>> countries_of(np.array([tyrol, off_orkney], np.uint64)).tolist()
    ['AUT', '']
    """
    if not len(ids):
        return np.empty(0, "<U3")
    if h3.get_resolution(int(ids[0])) <= WORLD_RESOLUTION:
        known, country, _ = world_table()
        place, found = _look_up(_at(ids, WORLD_RESOLUTION), known)
        return np.where(found, country[place], "")
    return countries_by_outline(ids)


def countries_by_outline(ids: np.ndarray) -> np.ndarray:
    """Country of cells by region tables and outlines alone: as `countries_of`, which looks up coarse cells instead."""
    countries = np.where(regions_of(ids) != "", WITH_REGIONS[0], "").astype("<U3")
    left = np.flatnonzero(countries == "")
    latitude, longitude = polygons.centres(ids[left])
    for code in shipped.outlines() if len(left) else ():
        if code not in WITH_REGIONS:
            outline = country_outline(code)
            west, south, east, north = outline.bounds
            near = (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
            inside = np.flatnonzero(near)[polygons.contains(outline, latitude[near], longitude[near])]
            countries[left[inside]] = code
    return countries


@cache
def country_cells(code: str, resolution: int) -> np.ndarray:
    """Cells of a country at a resolution: (cell,) u8 H3 ids, sorted; empty where no centre lies in it.

    >>> len(country_cells("UKR", 5)), len(country_cells("KEN", 5))
    (2466, 2216)
    """
    check_country(code)
    if code in WITH_REGIONS:
        of_country = np.concatenate([region_cells(region, resolution) for region in region_names()])
        return _locked(np.sort(of_country))
    if code not in shipped.outlines():
        return _locked(np.empty(0, np.uint64))
    ids = polygons.cells_inside(country_outline(code), resolution)
    return _locked(ids[regions_of(ids) == ""])


@cache
def region_cells(code: str, resolution: int) -> np.ndarray:
    """Cells of a region at a resolution: (cell,) u8 H3 ids, sorted.

    >>> len(region_cells("UA-43", 5))
    106
    """
    check_region(code)
    known, region, _ = region_table()
    ids = known[region == code]
    if resolution >= TABLE_RESOLUTION:
        return _locked(np.sort(h3.uncompact_cells(ids, resolution)))
    coarse = np.unique(np.array([h3.cell_to_parent(cell, resolution) for cell in ids.tolist()], np.uint64))
    return _locked(coarse[regions_of(coarse) == code])


@cache
def country_outline(code: str) -> shapely.MultiPolygon:
    """Outline of a country, to draw: Natural Earth, scale 1:50 million, longitude and latitude in degrees.

    Raises `ScenarioError` where the map at that scale shows no such country.
    """
    check_country(code)
    if code not in shipped.outlines():
        raise ScenarioError(f"countries: '{code}' is too small for the map that ships; give a polygon")
    parts = [
        shapely.Polygon(_ring(outer), [_ring(hole) for hole in holes]) for outer, *holes in shipped.outlines()[code]
    ]
    return shapely.MultiPolygon(parts)


@cache
def region_outline(code: str) -> shapely.MultiPolygon:
    """Outline of a region, to draw: the rim of its cells, longitude and latitude in degrees."""
    cells = [h3_text.int_to_str(cell) for cell in region_cells(code, TABLE_RESOLUTION).tolist()]
    return polygons.read(h3_text.cells_to_h3shape(cells, tight=False).__geo_interface__, f"region '{code}'")


def _at(ids: np.ndarray, resolution: int) -> np.ndarray:
    """The ancestor of each cell at a resolution, or the descendant that has the same centre."""
    if not len(ids) or h3.get_resolution(int(ids[0])) == resolution:
        return ids
    finer = h3.get_resolution(int(ids[0])) > resolution
    step = h3.cell_to_parent if finer else h3.cell_to_center_child
    return np.array([step(cell, resolution) for cell in ids.tolist()], np.uint64)


def _look_up(ids: np.ndarray, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Index of each id in sorted known ids, and whether it is there."""
    place = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return place, known[place] == ids


def _ring(steps: list[int]) -> np.ndarray:
    return np.cumsum(np.reshape(steps, (-1, 2)), axis=0) / 100.0


def _ids(text: np.ndarray) -> np.ndarray:
    return np.array([int(cell, 16) for cell in text.tolist()], np.uint64)


def _locked(array: np.ndarray) -> np.ndarray:
    """The array, read-only: what is cached is shared."""
    array.setflags(write=False)
    return array
