"""Gateways and points of presence of real operators: the tables of sites that ship, by name and date.

A row is name, role, country, coordinates to 0.01 degrees, antennas, mask, state, source; `docs/ground-data.md` explains
the sources. Antennas that nobody counted are the operator's typical site, and their source says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii.errors import ScenarioError, nearest
from obrii.ground import shipped
from obrii.ground.sites import Sites

#: Tables that ship, and what each shows.
PRESETS = {
    "starlink-2023-10": "Starlink, the community's map of October 2023: sites live, presumed live, built or granted",
    "starlink-2026": "Starlink, lists of March and April 2026: sites with antennas built, or that work by a list",
    "oneweb-2025": "OneWeb, gateways and points of presence published in 2025",
}


@dataclass(frozen=True)
class SiteTable:
    """Sites of a preset, and the source of each: sites; source (site,) str, read-only."""

    sites: Sites
    source: np.ndarray


def read(preset: str, operator: str = "") -> SiteTable:
    """The sites of a table that ships.

    preset: one of `PRESETS`. operator: name that every site carries. Gateways come first, each role by name.
    Raises `ScenarioError` where there is no such table.

    >>> sites = read("starlink-2023-10", "starlink").sites
    >>> kaunas = sites.name.tolist().index("Kaunas, LTU")
    >>> str(sites.role[kaunas]), int(sites.antennas[kaunas]), float(sites.latitude_deg[kaunas])
    ('gateway', 8, 54.88)
    """
    if preset not in PRESETS:
        hint = nearest(preset, PRESETS) or f"; there are {', '.join(PRESETS)}"
        raise ScenarioError(f"ground: no table of sites '{preset}'{hint}")
    table = shipped.columns(preset)
    mask = table["min_elevation_deg"]
    count = len(mask)
    sites = Sites(
        name=table["name"],
        latitude_deg=table["latitude_deg"].astype(np.float64),
        longitude_deg=table["longitude_deg"].astype(np.float64),
        altitude_m=np.zeros(count),
        role=table["role"],
        operator=np.full(count, operator),
        country=table["country"],
        min_elevation_deg=np.where(mask == "", "nan", mask).astype(np.float64),
        antennas=table["antennas"].astype(np.int32),
        relay=np.zeros(count, bool),
        planned=table["state"] == "planned",
    )
    source = table["source"]
    source.setflags(write=False)
    return SiteTable(sites, source)
