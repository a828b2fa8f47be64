"""Cells of an area, and the halo around it that competes for the same satellites.

A cell is a hexagon of H3 (Uber, Apache-2.0); it belongs to an area when its centre lies within.

        ·   ·   ·   ·        halo: coarse, a footprint wide, only where the operator serves, not reported
      ·   ▪▪▪▪▪   ·          area: fine, reported
        · ▪▪▪▪▪▪ ·
      ·   ▪▪▪▪   ·
        ·   ·   ·   ·
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h3 as h3_text
import h3.api.numpy_int as h3
import numpy as np

from obrii import frames
from obrii.constants import EARTH_MEAN_RADIUS_M
from obrii.errors import ScenarioError
from obrii.ground import neighbours, polygons, population, regions

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

#: Finest resolution for areas: cells of 0.1 km2, far below an operator's own of some 250 km2.
FINEST_RESOLUTION = 9

#: Farthest that the centre of a cell lies from that of its coarser ancestor [km], with room: resolutions 3 and 0.
_STRAY_KM = 100.0


@dataclass(frozen=True)
class Cells:
    """Hexagons of the ground, sorted by id, area before halo where both are; arrays are read-only.

    id (cell,) u8, H3; latitude_deg, longitude_deg (cell,) f8, of the centres; area_km2 (cell,) f8; country (cell,) str,
    alpha-3, empty at sea; region (cell,) str, ISO 3166-2 or empty; people (cell,) f8; halo (cell,) bool.
    """

    id: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    area_km2: np.ndarray
    country: np.ndarray
    region: np.ndarray
    people: np.ndarray
    halo: np.ndarray

    _DTYPES = {
        "id": np.uint64, "latitude_deg": np.float64, "longitude_deg": np.float64, "area_km2": np.float64,
        "country": np.str_, "region": np.str_, "people": np.float64, "halo": np.bool_,
    }  # fmt: skip

    def __post_init__(self) -> None:
        for field, dtype in self._DTYPES.items():
            array: np.ndarray = np.ascontiguousarray(getattr(self, field), dtype=dtype)
            if array.shape != (len(self.id),):
                raise ScenarioError(f"cells: {field} has shape {array.shape}, not ({len(self.id)},)")
            array.setflags(write=False)
            object.__setattr__(self, field, array)

    def __len__(self) -> int:
        return len(self.id)

    @cached_property
    def text(self) -> list[str]:
        """H3 ids as people write them, in hexadecimal."""
        return [h3_text.int_to_str(cell) for cell in self.id.tolist()]

    @cached_property
    def xyz_m(self) -> np.ndarray:
        """Earth-fixed positions of the centres on the ellipsoid, (3, cell) f8 [m]."""
        return frames.geodetic_to_cartesian(self.latitude_deg, self.longitude_deg, np.zeros(len(self)))

    @cached_property
    def up(self) -> np.ndarray:
        """Unit vectors away from the ellipsoid, (3, cell) f8."""
        return frames.up(self.latitude_deg, self.longitude_deg)

    def only(self, chosen: np.ndarray) -> Cells:
        """Some of these cells, chosen (cell,) bool."""
        return Cells(**{f.name: getattr(self, f.name)[chosen] for f in fields(Cells)})

    def followed_by(self, other: Cells) -> Cells:
        """These cells and then others, as an area and its halo."""
        return Cells(**{f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(Cells)})


def cells_of(
    countries: Sequence[str] = (),
    regions: Sequence[str] = (),
    cells: Sequence[str] = (),
    polygon: str | Path | Mapping[str, Any] | None = None,
    resolution: int = 5,
) -> Cells:
    """Cells of an area: everything that any of the arguments holds, each cell once.

    countries: alpha-3 codes. regions: ISO 3166-2 codes, where a table ships. cells: H3 ids in hexadecimal. polygon:
    GeoJSON file or object (`polygons.read`). resolution: 0 to `FINEST_RESOLUTION`; 5 has cells of 253 km2 on average.

    Raises `ScenarioError` for a code that does not exist, and for a country, region or polygon without a single cell.

    >>> ukraine = cells_of(countries=["UKR"])
    >>> len(ukraine), int(ukraine.people.sum()), len(np.unique(ukraine.region))
    (2466, 43520464, 25)
    """
    _check_resolution("area", resolution)
    parts = [
        *(_country(code, resolution) for code in countries),
        *(_region(code, resolution) for code in regions),
        _listed(cells, resolution),
    ]
    if polygon is not None:
        inside = polygons.cells_inside(polygons.read(polygon), resolution)
        parts.append(_some(inside, "polygon", resolution))
    ids = np.unique(np.concatenate(parts))
    if not len(ids):
        raise ScenarioError("area: holds nothing; give countries, regions, cells or a polygon")
    return _described(ids, halo=False)


def halo(area: Cells, halo_km: float, resolution: int = 3, countries_served: Collection[str] | None = None) -> Cells:
    """Cells around an area, whose terminals compete for the same satellites.

    area: cells of one resolution. halo_km: how far a centre may lie from the nearest centre of the area, along a great
    circle [km]. resolution: at most the area's. countries_served: alpha-3 codes, None for all land. No cell of the halo
    has its centre within the area. Returns cells sorted by id, all with halo set; there may be none.

    >>> around = halo(cells_of(countries=["UKR"]), 1900.0, 3, ["POL", "ROU"])
    >>> sorted(set(around.country.tolist())), bool(around.halo.all())
    (['POL', 'ROU'], True)
    """
    of_area = h3.get_resolution(int(area.id[0]))
    _check_resolution("halo", resolution)
    if not halo_km >= 0.0:
        raise ScenarioError(f"halo_km: {halo_km} is no distance; give 0 or more kilometres")
    if resolution > of_area:
        raise ScenarioError(f"halo_resolution: {resolution} is finer than the area's {of_area}; give {of_area} or less")
    for code in countries_served or ():
        regions.check_country(code, "countries_served")
    tree = neighbours.tree(area.latitude_deg, area.longitude_deg)
    ids = _near(tree, halo_km, resolution, countries_served)
    within = np.array([h3.cell_to_center_child(cell, of_area) for cell in ids.tolist()], np.uint64)
    ids = ids[~np.isin(within, area.id)]
    country = regions.countries_of(ids)
    wanted = country != ""
    if countries_served is not None:
        wanted &= np.isin(country, list(countries_served))
    return _described(ids[wanted], halo=True)


def _near(tree: cKDTree, halo_km: float, resolution: int, countries: Collection[str] | None) -> np.ndarray:
    """Land cells with a centre within a distance of the points of a tree of unit vectors, sorted; coarse ones first."""
    level = min(resolution, regions.WORLD_RESOLUTION)
    if level == regions.WORLD_RESOLUTION:
        known, country, _ = regions.world_table()
        # Finer cells may belong to another country than the coarse one around them, so that only coarse ones narrow.
        narrow = countries is not None and resolution == level
        ids = known[np.isin(country, list(countries or ()))] if narrow else _all(level)
    else:
        ids = _all(level)
    if resolution > level:
        ids = h3.uncompact_cells(_within(tree, ids, halo_km + _STRAY_KM), resolution)
    return np.sort(_within(tree, ids, halo_km))


def _all(resolution: int) -> np.ndarray:
    return np.sort(h3.uncompact_cells(h3.get_res0_cells(), resolution))


def _within(tree: cKDTree, ids: np.ndarray, distance_km: float) -> np.ndarray:
    """Those cells whose centre lies within a great-circle distance of a point of the tree."""
    if not len(ids):
        return ids
    angle = min(distance_km * 1e3 / EARTH_MEAN_RADIUS_M, np.pi)
    chord, _ = tree.query(frames.up(*polygons.centres(ids)).T)
    return ids[chord <= 2.0 * np.sin(angle / 2.0)]


def _country(code: str, resolution: int) -> np.ndarray:
    regions.check_country(code)
    return _some(regions.country_cells(code, resolution), f"country '{code}'", resolution)


def _region(code: str, resolution: int) -> np.ndarray:
    regions.check_region(code)
    return _some(regions.region_cells(code, resolution), f"region '{code}'", resolution)


def _listed(cells: Sequence[str], resolution: int) -> np.ndarray:
    for cell in cells:
        if not h3_text.is_valid_cell(cell):
            raise ScenarioError(f"cells: '{cell}' is no H3 cell; write its 15 hexadecimal digits")
        if h3_text.get_resolution(cell) != resolution:
            found = h3_text.get_resolution(cell)
            raise ScenarioError(f"cells: '{cell}' is of resolution {found}, the area of {resolution}; make them alike")
    return np.array([h3_text.str_to_int(cell) for cell in cells], np.uint64)


def _some(ids: np.ndarray, what: str, resolution: int) -> np.ndarray:
    if not len(ids):
        raise ScenarioError(
            f"{what}: holds no centre of a cell at resolution {resolution}; draw it larger or take a finer one"
        )
    return ids


def _check_resolution(what: str, resolution: int) -> None:
    if not 0 <= resolution <= FINEST_RESOLUTION:
        raise ScenarioError(
            f"{what}: resolution {resolution} is outside 0 to {FINEST_RESOLUTION}; 5 has cells of 253 km2"
        )


def _described(ids: np.ndarray, halo: bool) -> Cells:
    latitude, longitude = polygons.centres(ids)
    country = regions.countries_of(ids)
    return Cells(
        id=ids,
        latitude_deg=latitude,
        longitude_deg=longitude,
        area_km2=population.areas_km2(ids),
        country=country,
        region=regions.regions_of(ids),
        people=population.people_of(ids, country),
        halo=np.full(len(ids), halo),
    )
