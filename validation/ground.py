"""People and cells: totals against published ones, borders against Natural Earth's own file."""

from __future__ import annotations

import json

import h3.api.numpy_int as h3
import numpy as np
import shapely

from obrii.ground import polygons, population, regions
from obrii.ground.cells import cells_of
from validation.record import Effort, Finding, Validation

#: People of Ukraine on 1 January 2022 without Crimea and Sevastopol, and of those two on 1 January 2014. State
#: Statistics Service of Ukraine.
UKRAINE, CRIMEA = 41_167_335, 1_967_259 + 385_870

#: Area of Ukraine [km2]. State Statistics Service of Ukraine.
UKRAINE_KM2 = 603_549

#: Areas of its regions [km2], with Kyiv and Sevastopol in UA-32 and UA-43. State Statistics Service of Ukraine, written
#: down from memory; they add up to the country's area less 12 km2.
REGION_KM2 = {
    "UA-05": 26_513, "UA-07": 20_144, "UA-09": 26_684, "UA-12": 31_914, "UA-14": 26_517, "UA-18": 29_832,
    "UA-21": 12_777, "UA-23": 27_180, "UA-26": 13_900, "UA-32": 28_967, "UA-35": 24_588, "UA-43": 26_945,
    "UA-46": 21_833, "UA-48": 24_598, "UA-51": 33_310, "UA-53": 28_748, "UA-56": 20_047, "UA-59": 23_834,
    "UA-61": 13_823, "UA-63": 31_415, "UA-65": 28_461, "UA-68": 20_645, "UA-71": 20_900, "UA-74": 31_865,
    "UA-77": 8_097,
}  # fmt: skip

#: Land of the Earth [km2]. CIA World Factbook: 148.94 million.
LAND_KM2 = 148.94e6

#: Countries as we have them and as Natural Earth, who draws who holds the ground, where `docs/ground-data.md` says that
#: they differ: Crimea, Svalbard, French Guiana, Somaliland, the north of Cyprus.
OTHERWISE = {("UKR", "RUS"), ("SJM", "NOR"), ("GUF", "FRA"), ("SOM", "SOL"), ("CYP", "CYN")}


def ukraine(effort: Effort) -> Finding:
    """People of Ukraine, and of all its regions."""
    cells = cells_of(countries=["UKR"])
    crimea = cells.region == "UA-43"
    off = [abs(cells.people[~crimea].sum() - UKRAINE), abs(cells.people[crimea].sum() - CRIMEA)]
    totals = regions.region_people()
    off += [abs(cells.people[cells.region == code].sum() - total) for code, total in totals.items()]
    return Finding(float(max(off)), f"41,167,335 people without Crimea, 2,353,129 there, {len(totals)} regions")


def resolutions(effort: Effort) -> Finding:
    """People of countries at other resolutions of cells."""
    countries = effort.of(["UKR", "FJI"], ["UKR", "POL", "KEN", "FJI", "BRA"], sorted(regions.country_people()))
    totals, off = regions.country_people(), 0.0
    tried: set[str] = set()
    tried_at = effort.of((4,), (3, 4), (3, 4, 5))
    for code in countries:
        for resolution in tried_at:
            if len(regions.country_cells(code, resolution)):
                people = cells_of(countries=[code], resolution=resolution).people.sum()
                off, tried = max(off, abs(float(people) - totals[code])), tried | {code}
    return Finding(off, f"{len(tried)} countries, resolution {', '.join(map(str, tried_at))}")


def world(effort: Effort) -> Finding:
    """People of every country that has a cell at resolution 3."""
    _, country, people = regions.world_table()
    totals = regions.country_people()
    known = np.unique(country).tolist()
    off = [abs(float(people[country == code].sum()) - totals[code]) for code in known]
    return Finding(max(off), f"{len(known)} countries, {int(people.sum()):,} people")


def cell_count(effort: Effort) -> Finding:
    """Cells of Ukraine, with and without Crimea."""
    cells = cells_of(countries=["UKR"])
    mainland = int((cells.region != "UA-43").sum())
    return Finding(
        max(abs(len(cells) - 2_466), abs(mainland - 2_360)), "2,466 cells at resolution 5, 2,360 without Crimea"
    )


def country_area(effort: Effort) -> Finding:
    """Area of the cells of Ukraine."""
    found = float(cells_of(countries=["UKR"]).area_km2.sum())
    return Finding(1e2 * abs(found / UKRAINE_KM2 - 1), f"{found:,.0f} km² in cells, {UKRAINE_KM2:,} published")


def region_areas(effort: Effort) -> Finding:
    """Areas of the cells of each region of Ukraine."""
    cells = cells_of(countries=["UKR"])
    off = {code: cells.area_km2[cells.region == code].sum() / area - 1 for code, area in REGION_KM2.items()}
    worst = max(off, key=lambda code: abs(off[code]))
    middle = 1e2 * np.median(np.abs(list(off.values())))
    return Finding(1e2 * abs(off[worst]), f"{len(off)} regions; the median is {middle:.1f} %, the worst is {worst}")


def land_area(effort: Effort) -> Finding:
    """Area of the land cells of the world."""
    found = float(population.areas_km2(regions.world_table()[0]).sum())
    return Finding(1e2 * abs(found / LAND_KM2 - 1), f"{found / 1e6:.1f} million km² in cells of resolution 3")


def borders(effort: Effort) -> Finding:
    """Cells whose country is another than the outlines of Natural Earth say."""
    file = effort.folder / "geo" / "ne_50m_countries_min.geojson"
    features = json.loads(file.read_text("utf-8"))["features"]
    named = [feature["properties"] for feature in features]
    code = np.array([each["iso_a3_eh"] if each["iso_a3_eh"] != "-99" else each["adm0_a3"] for each in named])
    resolution = effort.of(2, 3, 4)
    cells = np.sort(h3.uncompact_cells(h3.get_res0_cells(), resolution))
    latitude, longitude = polygons.centres(cells)
    tree = shapely.STRtree([shapely.geometry.shape(feature["geometry"]) for feature in features])
    point, outline = tree.query(shapely.points(longitude, latitude), predicate="within")
    theirs = np.full(len(cells), "", "<U3")
    theirs[point] = np.where(code[outline] == "KOS", "XKX", code[outline])
    differ = [pair for pair in zip(regions.countries_of(cells).tolist(), theirs.tolist()) if pair[0] != pair[1]]
    unexplained = [pair for pair in differ if pair not in OTHERWISE]
    known = len(differ) - len(unexplained)
    tried = f"{len(cells):,} cells of resolution {resolution}; {known} more differ as `ground-data.md` says they do"
    return Finding(1e2 * len(unexplained) / len(cells), tried)


VALIDATIONS = (
    Validation(
        "people of Ukraine and its regions", "State Statistics Service of Ukraine, 2022 and 2014", "people", 0,
        "Totals are kept to the person; who lives where within a region is an assumption.", ukraine,
    ),
    Validation(
        "people of countries at other resolutions", "GeoNames, table of countries", "people", 1e-3,
        "Nobody is lost or counted twice, but for rounding; that the totals are right is GeoNames' claim.", resolutions,
    ),
    Validation(
        "people of all countries with a cell", "GeoNames, table of countries", "people", 0,
        "Nobody is lost or counted twice. Countries too small for a cell of resolution 3 have no people.", world,
    ),
    Validation(
        "cells of Ukraine", "counted apart with outlines of its regions", "cells", 0, "Whole numbers.", cell_count
    ),
    Validation(
        "area of Ukraine", "State Statistics Service of Ukraine", "%", 2.0,
        "Cells follow the rim to half a cell, and H3's areas are those of a sphere.", country_area,
    ),
    Validation(
        "areas of the regions of Ukraine", "State Statistics Service of Ukraine", "%", 10.0,
        "A region has some 40 cells of 243 km² on its rim; of Kherson the published area holds bays and estuaries. "
        "An outline read wrongly, such as a mainland as the hole of an islet, misses nearly all.", region_areas,
    ),
    Validation(
        "area of all land", "CIA World Factbook", "%", 3.0,
        "Cells of 12,000 km² miss small islands, and large lakes are land or not by the map.", land_area,
    ),
    Validation(
        "which country a cell belongs to", "outlines of Natural Earth 1:50 million, point by point", "% of cells", 0.1,
        "Our outlines are rounded to 0.01°, so that a centre within a kilometre of a border may change sides.", borders,
        needs_data=True,
    ),
)  # fmt: skip
