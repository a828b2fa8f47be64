"""Links that are degraded while everything works: by storms in the ionosphere, by rain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from obrii.errors import ScenarioError
from obrii.ground import near, polygons, regions
from obrii.network.changes import Change
from obrii.network.degraded import Degraded
from obrii.scenario.events import satellites
from obrii.scenario.stage import Stage
from obrii.scenario.target import Target

#: Kinds of links, and the roles of sites at the lower end of the two that end on the ground.
LINKS = ("user", "gateway", "laser")
_ROLES = {"user": "terminal", "gateway": "gateway"}

#: Keys that say how much is left, and where the lower ends of links stand, or what satellites with lasers are over.
HOW = ("capacity_share", "min_elevation_deg")
WHERE = ("latitude_deg", "near", "countries", "polygon")


def degrade(target: Target, stage: Stage) -> Change:
    """Links that carry only `capacity_share` of what they do, and that nobody uses below `min_elevation_deg`.

    Links of users and gateways are touched where their lower ends stand, lasers where either of their satellites flies.
    A share of the packets lost is a share of the capacity lost. At half of its strength half of the capacity that goes
    is gone, and masks stand half way up from their own; of several events the smallest share and the highest mask hold.
    Nothing is given: what a storm or rain costs is for the scenario to say. Published is that in May 2024 loss and
    delay of Starlink rose little (Basak, Pal and Bhattacherjee, LEO-NET 2025); that at the peaks of two storms uplink
    loss rose by up to 60 % and rates fell by more than 10 Mb/s (the same, arXiv:2604.22685); and that rain in Oulu left
    62 % of the rate down and 48 % of that up (Asad Ullah et al., arXiv:2505.04772). Satellites that a storm brings down
    are an event of kind `storm`; the two go together.
    """
    links = target.names("links", LINKS) or ["user", "gateway"]
    capacity_share, min_elevation_deg = target.share("capacity_share"), target.number("min_elevation_deg")
    _refuse(target, stage, links, capacity_share, min_elevation_deg)
    satellite = satellites.named(target, stage)
    sites = stage.sites
    roles = [_ROLES[link] for link in links if link in _ROLES]
    at_site = np.isin(sites.role, roles) & _there(target, stage, sites.latitude_deg, sites.longitude_deg, sites.country)
    cells = stage.cells
    at_cell = _there(target, stage, cells.latitude_deg, cells.longitude_deg, cells.country)
    height = {key: target.keys[key] for key in ("altitude_km",) if key in target.keys}
    place = {key: target.keys[key] for key in satellites.FLYING if key in target.keys}
    worse = Degraded(
        cell=at_cell if "user" in links else np.zeros(len(cells)),
        site=at_site,
        satellite=satellite,
        laser=satellite if "laser" in links else np.zeros(len(satellite)),
        capacity_share=1.0 if capacity_share is None else capacity_share,
        min_elevation_deg=-90.0 if min_elevation_deg is None else min_elevation_deg,
        over=satellites.flying(replace(target, keys=height), stage),
        laser_over=satellites.flying(replace(target, keys=place), stage) if "laser" in links else None,
    )
    _refuse_nothing(target, stage, worse)
    return Change({}, worse=worse)


def _there(
    target: Target, stage: Stage, latitude_deg: np.ndarray, longitude_deg: np.ndarray, country: np.ndarray
) -> np.ndarray:
    """Places on the ground that a target means, (place,) bool."""
    mask = np.ones(len(latitude_deg), bool)
    band, disc = target.span("latitude_deg"), target.near(stage.sites)
    if band is not None:
        if not -90.0 <= band[0] <= band[1] <= 90.0:
            raise ScenarioError(f"{target.where}: latitude_deg is {list(band)}; give the south first, -90 to 90")
        mask &= (latitude_deg >= band[0]) & (latitude_deg <= band[1])
    if disc is not None and len(mask):
        mask &= near.around(latitude_deg, longitude_deg, *disc)
    codes = target.texts("countries")
    if codes is not None:
        where = f"{target.where}: countries"
        mask &= np.isin(country, [regions.check_country(code, where) for code in codes])
    files = target.texts("polygon")
    if files is not None:
        inside = np.zeros(len(mask), bool)
        for file in files:
            outline = polygons.read(stage.scenario.folder / file, f"{target.where}: polygon")
            inside |= polygons.contains(outline, latitude_deg, longitude_deg)
        mask &= inside
    return mask


def _refuse(
    target: Target, stage: Stage, links: list[str], capacity_share: float | None, min_elevation_deg: float | None
) -> None:
    if capacity_share is None and min_elevation_deg is None:
        raise ScenarioError(f"{target.where}: says nothing of what is left; give capacity_share or min_elevation_deg")
    if capacity_share == 0.0:
        raise ScenarioError(
            f"{target.where}: capacity_share is 0, and a link that carries nothing is off; give more, or name what is "
            f"off with an event of another kind"
        )
    if capacity_share == 1.0 and min_elevation_deg is None:
        raise ScenarioError(
            f"{target.where}: capacity_share is 1, which takes nothing; give less, or min_elevation_deg"
        )
    if min_elevation_deg is not None and min_elevation_deg >= 90.0:
        raise ScenarioError(f"{target.where}: min_elevation_deg is {min_elevation_deg:g}; give less than 90")
    if min_elevation_deg is None and stage.demand is None:
        raise ScenarioError(
            f"{target.where}: capacity_share alone changes nothing without rates; add [traffic], or give "
            f"min_elevation_deg"
        )
    if links == ["laser"] and min_elevation_deg is not None:
        raise ScenarioError(f"{target.where}: min_elevation_deg is of radio links, and these are lasers; leave it out")
    ground = [key for key in ("countries", "polygon") if key in target.keys]
    if "laser" in links and ground:
        raise ScenarioError(
            f"{target.where}: {ground[0]} is of places on the ground, where no laser ends; give latitude_deg or near"
        )


def _refuse_nothing(target: Target, stage: Stage, worse: Degraded) -> None:
    radio = (worse.cell.any() or worse.site.any()) and worse.satellite.any()
    ends = worse.laser & stage.lasers.chooses(len(worse.laser))
    if not radio and not worse.laser[stage.lasers.links.a].any() and not ends.any():
        raise ScenarioError(f"{target.where}: 'links-degraded' touches nothing of this scenario; name what is there")
