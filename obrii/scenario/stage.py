"""What a scenario sets up once, before any time passes: satellites, sites, lasers and who may see whom.

A `Stage` is everything that does not change from step to step nor from variant to variant.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

from obrii.errors import ModelError, ScenarioError
from obrii.ground.sites import Sites
from obrii.links import lasers
from obrii.links.visibility import Observers, observers
from obrii.orbits import catalog, propagation, shells
from obrii.orbits.elements import Constellation, join
from obrii.scenario import parts as sections
from obrii.scenario import presets
from obrii.scenario.fields import utc64
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Operator
from obrii.timegrid import TimeGrid, instant

#: Range within which no satellite ever comes: the limit of a site that is not to see any [m].
_BLIND_M = 1.0


@dataclass(frozen=True)
class LaserLinks:
    """Lasers of all shells on one axis.

    links: which satellites of all operators; max_range_m (laser,) f8, inf where only the Earth limits.
    """

    links: lasers.Links
    max_range_m: np.ndarray

    def __len__(self) -> int:
        return len(self.links)

    def ranges(self, xyz_m: np.ndarray) -> np.ndarray:
        """Range of every laser [m], NaN where the Earth or its own reach forbids it, (time, laser) f4.

        xyz_m: (time, 3, satellite) f4, Earth-fixed.
        """
        range_m = lasers.ranges(self.links, xyz_m)
        return np.where(range_m <= self.max_range_m, range_m, np.float32(np.nan))


@dataclass(frozen=True)
class Stage:
    """The world of a scenario.

    constellation: satellites of all operators on one axis; first (operator + 1,): where each operator's begin;
    propagators, observers: one an operator; the observers are all sites, blind where a site is not this operator's.
    """

    scenario: Scenario
    grid: TimeGrid
    constellation: Constellation
    first: np.ndarray
    propagators: tuple[propagation.Propagator, ...]
    lasers: LaserLinks
    sites: Sites
    site_observers: tuple[Observers, ...]

    @cached_property
    def satellite_index(self) -> np.ndarray:
        """Index of every satellite within its operator, (satellite,) i4: the number that ends its name."""
        return np.concatenate([np.arange(n, dtype=np.int32) for n in np.diff(self.first)])

    def node_name(self, node: int) -> str:
        """Name of a node of the graph: a satellite's operator and index, or a site's name."""
        satellites = len(self.constellation)
        if node >= satellites:
            return str(self.sites.name[node - satellites])
        return f"{self.constellation.operator[node]} {self.satellite_index[node]}"


def stage(scenario: Scenario) -> Stage:
    """Set up the world of a scenario; the last few are remembered.

    Raises ScenarioError, DataError or ModelError, each with what to do instead.
    """
    return _stage(scenario.model_dump_json(by_alias=True), str(scenario.folder.resolve()))


@lru_cache(maxsize=4)
def _stage(text: str, folder: str) -> Stage:
    scenario = Scenario.model_validate_json(text)
    grid = scenario.time.grid()
    built = [_fleet(operator, Path(folder), grid) for operator in scenario.operator]
    fleets = [fleet for fleet, _ in built]
    first = np.concatenate([[0], np.cumsum([len(fleet) for fleet in fleets])])
    sites = _sites(scenario)
    propagators = tuple(propagation.propagator(fleet.elements) for fleet in fleets)
    for fleet, propagator in zip(fleets, propagators, strict=True):
        _refuse_decayed(fleet, propagator, grid)
    return Stage(
        scenario=scenario,
        grid=grid,
        constellation=join(fleets),
        first=first,
        propagators=propagators,
        lasers=_joined([_shifted(links, int(at)) for (_, links), at in zip(built, first, strict=False)]),
        sites=sites,
        site_observers=tuple(_site_observers(sites, operator) for operator in scenario.operator),
    )


def _fleet(operator: Operator, folder: Path, grid: TimeGrid) -> tuple[Constellation, LaserLinks]:
    if operator.constellation is None:
        return _shells(operator, operator.shell, grid)
    path = folder / operator.constellation
    if operator.constellation in presets.constellation_names():
        return _shells(operator, presets.constellation(operator.constellation).shell, grid)
    if path.suffix or path.exists():
        return _catalogue(operator, path, grid)
    raise presets.unknown_constellation(operator.constellation, f"operator '{operator.name}'")


def _catalogue(operator: Operator, path: Path, grid: TimeGrid) -> tuple[Constellation, LaserLinks]:
    if operator.lasers not in (None, "none"):
        raise ScenarioError(
            f"operator '{operator.name}': lasers '{operator.lasers}' need shells with planes and slots, which the file "
            f'{path.name} does not say; use lasers = "none" or a preset'
        )
    elements = catalog.read_tle(path, gravity=operator.gravity).elements
    catalog.check_epoch(elements, grid.start, grid.end)
    count = len(elements)
    none = np.full(count, -1, np.int32)
    fleet = Constellation(elements, np.full(count, operator.name), np.full(count, ""), none, none)
    return fleet, _no_lasers()


def _shells(operator: Operator, parts: list[sections.Shell], grid: TimeGrid) -> tuple[Constellation, LaserLinks]:
    fleets, links, first = [], [], 0
    for part in parts:
        shell = shells.Shell(
            name=part.name,
            planes=part.planes,
            satellites_per_plane=part.satellites_per_plane,
            inclination_deg=part.inclination_deg,
            altitude_m=part.altitude_m,
            mean_motion_rev_day=part.mean_motion_rev_day,
            pattern=part.pattern,
            phasing=part.phasing,
            phase_factor=part.phase_factor,
            first_node_deg=part.first_node_deg,
            first_anomaly_deg=part.first_anomaly_deg,
            eccentricity=part.eccentricity,
        )
        epoch = grid.start if part.epoch is None else utc64(part.epoch)
        fleets.append(shells.constellation(shell, operator.name, epoch, gravity=operator.gravity))
        pattern = part.lasers or operator.lasers or "none"
        seam = next((s for s in (part.seam_shift, operator.seam_shift) if s is not None), lasers.NATURAL)
        found = lasers.laser_links(shell, pattern, seam_shift=seam)
        reach = part.laser_range_m or operator.laser_range_m or np.inf
        links.append(_shifted(LaserLinks(found, np.full(len(found), reach)), first))
        first += len(fleets[-1])
    return join(fleets), _joined(links)


def _shifted(part: LaserLinks, first: int) -> LaserLinks:
    """Lasers of satellites that stand further along a longer axis."""
    links = part.links
    return LaserLinks(lasers.Links(links.a + first, links.b + first, links.cross_plane), part.max_range_m)


def _joined(parts: list[LaserLinks]) -> LaserLinks:
    fields = ("a", "b", "cross_plane")
    links = lasers.Links(*(np.concatenate([getattr(part.links, field) for part in parts]) for field in fields))
    return LaserLinks(links, np.concatenate([part.max_range_m for part in parts]))


def _no_lasers() -> LaserLinks:
    none = np.zeros(0, np.int32)
    return LaserLinks(lasers.Links(none, none, np.zeros(0, np.bool_)), np.zeros(0))


def _sites(scenario: Scenario) -> Sites:
    sites = scenario.site
    return Sites(
        name=np.array([site.name for site in sites], np.str_),
        latitude_deg=np.array([site.latitude_deg for site in sites]),
        longitude_deg=np.array([site.longitude_deg for site in sites]),
        altitude_m=np.array([site.altitude_m for site in sites]),
        role=np.array([site.role for site in sites], np.str_),
        operator=np.array([site.operator for site in sites], np.str_),
        country=np.array([site.country for site in sites], np.str_),
        min_elevation_deg=np.array([np.nan if s.min_elevation_deg is None else s.min_elevation_deg for s in sites]),
        antennas=np.array([-1 if site.antennas is None else site.antennas for site in sites]),
        relay=np.array([site.relay for site in sites], np.bool_),
        planned=np.array([site.state == "planned" for site in sites], np.bool_),
    )


def _site_observers(sites: Sites, operator: Operator) -> Observers:
    masks = {
        "gateway": operator.gateway_min_elevation_deg,
        "terminal": operator.user_min_elevation_deg,
        "pop": 0.0,
    }
    of_role = np.array([masks[role] for role in sites.role.tolist()], np.float64)
    mask = np.where(np.isnan(sites.min_elevation_deg), of_role, sites.min_elevation_deg)
    reach = np.full(len(sites), np.inf if operator.max_range_m is None else operator.max_range_m)
    blind = (sites.role == "pop") | ((sites.operator != "") & (sites.operator != operator.name))
    return observers(sites.latitude_deg, sites.longitude_deg, sites.altitude_m, mask, np.where(blind, _BLIND_M, reach))


def _refuse_decayed(fleet: Constellation, propagator: propagation.Propagator, grid: TimeGrid) -> None:
    ends = np.array([grid.start, grid.utc[-1]])
    gone = np.flatnonzero(np.isnan(propagation.positions(propagator, ends)).any(axis=(0, 1)))
    if gone.size:
        name = fleet.elements.name[gone[0]]
        others = f" (and {gone.size - 1} others)" if gone.size > 1 else ""
        raise ModelError(
            f"satellite '{name}'{others} of '{fleet.operator[gone[0]]}' has no orbit between "
            f"{instant(grid.start)} and {instant(grid.end)}: it decayed or its elements are absurd; "
            f"take it out of the file or choose another time"
        )
