"""Towns: coordinates for a name, names for an area.

Places are those of GeoNames (CC BY 4.0) with 5,000 people or more, and all of Ukraine's with 500 or more. A place
within the disc that a bigger town's people would fill at `SECTION_PEOPLE_KM2` is marked as a section of it: it can be
found by name, but is neither listed nor counted beside the town.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import h3.api.numpy_int as h3
import numpy as np
import pyarrow.parquet

from obrii import frames
from obrii.errors import ScenarioError, nearest
from obrii.ground import neighbours, regions, shipped

#: People per square kilometre of a town, for the disc that tells its sections [1/km2]. Assumption: GeoNames does not
#: say which places are parts of others, and this density finds Kyiv's and Kharkiv's, and leaves Brovary and Irpin.
SECTION_PEOPLE_KM2 = 4_000.0

#: Smallest towns that a misspelt name is compared with [people]: what somebody may mean, not every village.
_HINT_PEOPLE = 20_000

#: Where every town has a name in Ukrainian, what such a name is made of, and its apostrophe.
_UKRAINE = "UKR"
_UKRAINIAN = re.compile("[а-яіїєґА-ЯІЇЄҐ '’-]+")
_APOSTROPHE = "’"

_COORDINATES = re.compile(r"\s*([+-]?\d+(?:\.\d*)?)\s*,\s*([+-]?\d+(?:\.\d*)?)\s*")


class Place(NamedTuple):
    """A point with a name; country is an alpha-3 code, empty at sea."""

    name: str
    latitude_deg: float
    longitude_deg: float
    country: str


@dataclass(frozen=True)
class Places:
    """Named places, largest first; arrays are read-only.

    name (place,) str; also (place,) str, other spellings between bars; country (place,) str, alpha-3; latitude_deg,
    longitude_deg (place,) f8; people (place,) f8; section (place,) bool: part of a bigger town.
    """

    name: np.ndarray
    also: np.ndarray
    country: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    people: np.ndarray
    section: np.ndarray


@dataclass(frozen=True)
class Towns:
    """Towns of an area, largest first; arrays are read-only.

    name (town,) str; country (town,) str; latitude_deg, longitude_deg (town,) f8; people (town,) f8;
    cell (town,) i8, index into the cells asked about.
    """

    name: np.ndarray
    country: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    people: np.ndarray
    cell: np.ndarray


@cache
def places() -> Places:
    """Every place that ships.

    >>> places().name[:3].tolist(), len(places().name) > 60_000
    (['Shanghai', 'Beijing', 'Shenzhen'], True)
    """
    table = pyarrow.parquet.read_table(files("obrii.ground").joinpath("tables/places.parquet"))
    columns = {name: table[name].to_numpy() for name in table.column_names}
    for name, dtype in (("latitude_deg", float), ("longitude_deg", float), ("people", float)):
        columns[name] = columns[name].astype(dtype).round(2)
    columns["country"] = columns["country"].astype("<U3")
    for column in columns.values():
        column.setflags(write=False)
    return Places(**columns)


def find(place: str) -> Place:
    """The place that a text names: a town, ``Town, CC3`` with its country, or ``latitude,longitude`` in degrees.

    Case and accents do not matter; of towns of one name the largest wins; large cities, and towns of Ukraine, are known
    by other spellings too. Raises `ScenarioError` with the nearest name.

    >>> find("Київ")
    Place(name='Kyiv', latitude_deg=50.45, longitude_deg=30.52, country='UKR')
    >>> find("Odessa, USA").country, find("Odessa").country
    ('USA', 'UKR')
    >>> find("48.5,35")
    Place(name='48.5, 35', latitude_deg=48.5, longitude_deg=35.0, country='UKR')
    """
    numbers = _COORDINATES.fullmatch(place)
    if numbers:
        return _point(place, float(numbers[1]), float(numbers[2]))
    town, _, country = (part.strip() for part in place.rpartition(", "))
    if town and country in regions.country_names():
        found = _named(town)
        found = found[places().country[found] == country]
    else:
        found = _named(place.strip())
    if not len(found):
        hint = _hint(place) or "; name a larger town near it, or write 'latitude,longitude' in degrees"
        raise ScenarioError(f"no place '{place}' is known here{hint}")
    best, known = found[0], places()
    return Place(
        str(known.name[best]),
        float(known.latitude_deg[best]),
        float(known.longitude_deg[best]),
        str(known.country[best]),
    )


def towns_in(ids: np.ndarray, at_least: float = 0.0) -> Towns:
    """Towns of at least so many people whose cell is among those given, largest first.

    ids: (cell,) u8 H3 ids of one resolution. A town whose cell has its centre at sea, or abroad, counts in the nearest
    cell of its country.

    >>> towns = towns_in(regions.region_cells("UA-43", 5), at_least=100_000)
    >>> towns.name.tolist()
    ['Sevastopol', 'Simferopol', 'Kerch', 'Yevpatoriia']
    """
    known = places()
    chosen, cell = [], []
    for country in np.unique(regions.countries_of(ids)):
        of_country = np.flatnonzero((known.country == country) & (known.people >= at_least) & ~known.section)
        if country and len(of_country):
            whole = regions.country_cells(country, h3.get_resolution(int(ids[0])))
            home = whole[home_cells(known.latitude_deg[of_country], known.longitude_deg[of_country], whole)]
            order = np.argsort(ids)
            at = order[np.minimum(np.searchsorted(ids, home, sorter=order), len(ids) - 1)]
            inside = ids[at] == home
            chosen.append(of_country[inside])
            cell.append(at[inside])
    index = np.concatenate(chosen) if chosen else np.empty(0, np.int64)
    largest_first = np.argsort(index)
    index = index[largest_first]
    at = np.concatenate(cell)[largest_first] if cell else np.empty(0, np.int64)
    fields = ("country", "latitude_deg", "longitude_deg", "people")
    columns = {field: getattr(known, field)[index] for field in fields} | {
        "name": known.name[index].astype(str),
        "cell": at,
    }
    for column in columns.values():
        column.setflags(write=False)
    return Towns(**columns)


def town_name(town: str, country: str, language: str = "en") -> str:
    """The name of a town in English (``en``) or Ukrainian (``uk``), as it is called here where no other is known.

    country: alpha-3 code. Towns of Ukraine have their own name as the first other spelling; some of other countries
    have one in `town-names.csv`.

    >>> [town_name(*town, "uk") for town in (("Kamianske", "UKR"), ("Nairobi", "KEN"), ("Gdynia", "POL"))]
    ['Кам’янське', 'Найробі', 'Gdynia']
    """
    return _ukrainian_names().get((town, country), town) if language == "uk" else town


def home_cells(latitude_deg: np.ndarray, longitude_deg: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Index of the cell that each point lies in, or of the nearest one.

    latitude_deg, longitude_deg: (point,). ids: (cell,) u8 H3 ids of one resolution, sorted, at least one.
    Returns (point,) i8.
    """
    resolution = h3.get_resolution(int(ids[0]))
    points = zip(latitude_deg.tolist(), longitude_deg.tolist(), strict=True)
    own = np.array([h3.latlng_to_cell(latitude, longitude, resolution) for latitude, longitude in points], np.uint64)
    home = np.minimum(np.searchsorted(ids, own), len(ids) - 1)
    astray = np.flatnonzero(ids[home] != own)
    if len(astray):
        centres = np.array([h3.cell_to_latlng(cell) for cell in ids.tolist()])
        tree = neighbours.tree(centres[:, 0], centres[:, 1])
        home[astray] = tree.query(frames.up(latitude_deg[astray], longitude_deg[astray]).T)[1]
    return home


def folded(name: str) -> str:
    """A name without case, accents and apostrophes, to compare.

    >>> folded("Chornomors’k"), folded("Córdoba"), folded("Київ") == folded("КИЇВ")
    ('chornomorsk', 'cordoba', True)
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum() or letter == " ")


@cache
def _ukrainian_names() -> dict[tuple[str, str], str]:
    """Ukrainian names by name and country; the largest town of a name wins."""
    known, kept = places(), shipped.columns("town-names")
    found = dict(
        zip(zip(kept["town"].tolist(), kept["country"].tolist(), strict=True), kept["uk"].tolist(), strict=True)
    )
    at_home = known.country == _UKRAINE
    for name, also in zip(known.name[at_home].tolist(), known.also[at_home].tolist(), strict=True):
        first = also.partition("|")[0]
        if _UKRAINIAN.fullmatch(first):
            found.setdefault((name, _UKRAINE), first.replace("'", _APOSTROPHE))
    return found


@cache
def _spellings() -> dict[str, list[int]]:
    """Places by folded name and other spelling, largest first."""
    index: dict[str, list[int]] = {}
    for number, (name, also) in enumerate(zip(places().name.tolist(), places().also.tolist(), strict=True)):
        for spelling in (name, *also.split("|")) if also else (name,):
            index.setdefault(folded(spelling), []).append(number)
    return index


def _named(name: str) -> np.ndarray:
    return np.array(_spellings().get(folded(name), []), np.int64)


def _point(text: str, latitude_deg: float, longitude_deg: float) -> Place:
    if abs(latitude_deg) > 90.0 or abs(longitude_deg) > 180.0:
        raise ScenarioError(f"place '{text}' lies off the globe; write latitude, then longitude, in degrees")
    cell = h3.latlng_to_cell(latitude_deg, longitude_deg, regions.TABLE_RESOLUTION)
    country = str(regions.countries_of(np.array([cell], np.uint64))[0])
    return Place(f"{latitude_deg:g}, {longitude_deg:g}", latitude_deg, longitude_deg, country)


def _hint(place: str) -> str:
    initial = folded(place)[:1]
    known = places()
    large = known.name[: int(np.searchsorted(-known.people, -_HINT_PEOPLE))].tolist()
    return nearest(place, (name for name in reversed(large) if folded(name)[:1] == initial))
