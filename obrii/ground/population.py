"""People of cells: places where they are known, and the rest of a country spread by area.

The towns of a country go to the cells they lie in; what the published total of the country (in Ukraine of the region)
holds beyond them is spread over its cells by area. Where the towns hold more than `TOWNS_AT_MOST` of the total, they
are scaled down to that. An assumption, crude where few places are known: cells without a town are all alike.
"""

from __future__ import annotations

import h3.api.numpy_int as h3
import numpy as np

from obrii.ground import gazetteer, polygons, regions

#: Largest share of a total that the towns may hold, so that somebody lives in every cell. Assumption: counts of towns
#: and totals are of different years, and towns sometimes exceed the total; villages below 500 people are not listed.
TOWNS_AT_MOST = 0.95


def people_of(ids: np.ndarray, country: np.ndarray) -> np.ndarray:
    """People of cells of one resolution: ids (cell,) u8 H3 ids, country (cell,) str; returns (cell,) f8.

    A cell without a country has none. Ukraine at resolution 5, and the world at resolution 3, come from tables that
    ship; at other resolutions Ukraine's follow from its table, and other countries' from the places that ship.

    >>> cells = regions.region_cells("UA-43", 5)
    >>> people_of(cells, np.full(len(cells), "UKR")).sum()
    np.float64(2353129.0)
    """
    people = np.zeros(len(ids))
    if not len(ids):
        return people
    resolution = h3.get_resolution(int(ids[0]))
    for code in np.unique(country):
        if code:
            here = country == code
            people[here] = _of_country(str(code), ids[here], resolution)
    return people


def spread(
    ids: np.ndarray, latitude_deg: np.ndarray, longitude_deg: np.ndarray, people: np.ndarray, total: float
) -> np.ndarray:
    """Lay the people of places, and the rest of a total by area, on cells.

    ids: (cell,) u8 H3 ids, sorted. latitude_deg, longitude_deg, people: (place,). Returns (cell,) f8, whose sum is the
    total. A place outside all cells goes to the nearest one.
    """
    if not len(ids):
        return np.zeros(0)
    home = gazetteer.home_cells(latitude_deg, longitude_deg, ids)
    placed = np.bincount(home, people, len(ids)).astype(np.float64)
    if placed.sum() > TOWNS_AT_MOST * total:
        placed *= TOWNS_AT_MOST * total / placed.sum()
    area = areas_km2(ids)
    return placed + (total - placed.sum()) * area / area.sum()


def areas_km2(ids: np.ndarray) -> np.ndarray:
    """Areas of cells: (cell,) f8 [km2], on the sphere that H3 uses."""
    return np.array([h3.cell_area(cell, "km^2") for cell in ids.tolist()])


def _of_country(code: str, ids: np.ndarray, resolution: int) -> np.ndarray:
    if resolution == regions.WORLD_RESOLUTION:
        known, _, people = regions.world_table()
        return _looked_up(ids, known, people)
    if code in regions.WITH_REGIONS:
        return _from_table(ids, resolution)
    known = regions.country_cells(code, resolution)
    places = gazetteer.places()
    here = (places.country == code) & ~places.section
    people = spread(
        known,
        places.latitude_deg[here],
        places.longitude_deg[here],
        places.people[here],
        float(regions.country_people()[code]),
    )
    return _looked_up(ids, known, people)


def _from_table(ids: np.ndarray, resolution: int) -> np.ndarray:
    """People of cells of a country with a region table: the table's, gathered into larger or dealt to smaller cells."""
    known, _, people = regions.region_table()
    if resolution == regions.TABLE_RESOLUTION:
        return _looked_up(ids, known, people)
    if resolution > regions.TABLE_RESOLUTION:
        parent = np.array([h3.cell_to_parent(cell, regions.TABLE_RESOLUTION) for cell in ids.tolist()], np.uint64)
        children = np.array([h3.cell_to_children_size(cell, resolution) for cell in parent.tolist()])
        return _looked_up(parent, known, people) / children
    coarse = regions.country_cells(regions.WITH_REGIONS[0], resolution)
    if not len(coarse):
        return np.zeros(len(ids))
    home = gazetteer.home_cells(*polygons.centres(known), coarse)
    return _looked_up(ids, coarse, np.bincount(home, people, len(coarse)))


def _looked_up(ids: np.ndarray, known: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The value of each id among sorted known ones, 0 where it is not there."""
    if not len(known):
        return np.zeros(len(ids))
    place = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return np.where(known[place] == ids, values[place], 0.0)
