"""Tables of sites: what the scenarios rest on."""

from __future__ import annotations

import numpy as np
import pytest

from obrii.constants import EARTH_MEAN_RADIUS_M
from obrii.errors import ScenarioError
from obrii.ground import gazetteer, site_tables
from obrii.ground.sites import Sites


def nearest_gateways(sites: Sites, count: int) -> list[tuple[str, int]]:
    kyiv = gazetteer.find("Kyiv")
    latitude, longitude = np.radians(sites.latitude_deg), np.radians(sites.longitude_deg)
    there, east = np.radians(kyiv.latitude_deg), np.radians(kyiv.longitude_deg)
    cosine = np.sin(latitude) * np.sin(there) + np.cos(latitude) * np.cos(there) * np.cos(longitude - east)
    distance_km = np.arccos(cosine) * EARTH_MEAN_RADIUS_M / 1e3
    order = [i for i in np.argsort(distance_km) if sites.role[i] == "gateway"][:count]
    return [(str(sites.name[i]).partition(",")[0], round(distance_km[i])) for i in order]


def test_the_nearest_gateways_to_kyiv_in_2023_are_seven_of_eight_antennas() -> None:
    """Distances of the first three as an own count found them in the community's list: 667, 687, 1,077 km."""
    sites = site_tables.read("starlink-2023-10", "starlink").sites
    near = nearest_gateways(sites, 7)
    assert [name for name, _ in near] == [
        "Kaunas",
        "Wola Krobowska",
        "Muallim",
        "Aerzen",
        "Usingen",
        "Milano",
        "Marsala",
    ]
    assert [distance for _, distance in near[:3]] == pytest.approx([667, 687, 1_077], abs=2)
    names = {name for name, _ in near}
    antennas = {int(n) for n, name in zip(sites.antennas, sites.name, strict=True) if name.partition(",")[0] in names}
    assert antennas == {8}


def test_sofia_and_plana_come_with_the_list_of_2026() -> None:
    near = nearest_gateways(site_tables.read("starlink-2026").sites, 5)
    assert [name for name, _ in near] == ["Kaunas", "Wola Krobowska", "Sofia", "Plana", "Muallim"]


@pytest.mark.parametrize(
    ("preset", "gateways", "pops"), [("starlink-2023-10", 153, 23), ("starlink-2026", 254, 52), ("oneweb-2025", 40, 29)]
)
def test_every_table_is_whole(preset: str, gateways: int, pops: int) -> None:
    table = site_tables.read(preset, "any")
    sites = table.sites
    assert (sites.role == "gateway").sum() == gateways
    assert (sites.role == "pop").sum() == pops
    assert len(np.unique(sites.name)) == len(sites)
    assert (sites.antennas[sites.role == "gateway"] >= 1).all()
    assert (sites.antennas[sites.role == "pop"] == -1).all()
    assert (np.char.str_len(sites.country) == 3).all()
    assert set(sites.operator.tolist()) == {"any"}
    assert not sites.planned.any()
    assert (table.source != "").all()
    assert np.abs(sites.latitude_deg).max() < 85


def test_antennas_that_nobody_counted_are_called_an_assumption() -> None:
    for preset, typical in (("starlink-2023-10", 8), ("starlink-2026", 8), ("oneweb-2025", 16)):
        table = site_tables.read(preset)
        assumed = np.char.find(table.source, "assumption") >= 0
        assert assumed.any()
        assert set(table.sites.antennas[assumed].tolist()) == {typical}


def test_a_mask_is_written_only_where_it_is_not_the_operators() -> None:
    sites = site_tables.read("starlink-2023-10").sites
    own = sites.min_elevation_deg[~np.isnan(sites.min_elevation_deg)]
    assert sorted(own.tolist()) == [5.0, 5.0, 15.0]


def test_cities_that_home_rules_name_are_there() -> None:
    assert "Frankfurt" in site_tables.read("starlink-2023-10").sites.name
    now = site_tables.read("starlink-2026").sites
    assert {"Frankfurt", "Warsaw", "Sofia", "Nairobi"} <= set(now.name[now.role == "pop"].tolist())


def test_an_unknown_table_is_refused_with_the_nearest() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'starlink-2023-10'"):
        site_tables.read("starlnk-2023-10")
    with pytest.raises(ScenarioError, match="there are starlink-2023-10, starlink-2026, oneweb-2025"):
        site_tables.read("kuiper")
