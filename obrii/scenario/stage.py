"""What a scenario sets up once, before any time passes: satellites, sites, cells, and who may see whom.

A `Stage` is everything that does not change from step to step nor from variant to variant.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from obrii import frames
from obrii.constants import LIGHT_M_S
from obrii.errors import ScenarioError, nearest
from obrii.ground import regions
from obrii.ground.cells import Cells
from obrii.ground.sites import Sites
from obrii.links.geostationary import ArcZone, arc_zone
from obrii.links.pointing import LaserLinks, join_lasers
from obrii.links.visibility import Observers, observers
from obrii.network.courses import strength
from obrii.orbits import propagation
from obrii.orbits.elements import Constellation, join
from obrii.scenario import places
from obrii.scenario.asking import demand
from obrii.scenario.fields import utc64
from obrii.scenario.fleet import Fleet, fleet
from obrii.scenario.licences import licensed
from obrii.scenario.model import Scenario
from obrii.scenario.parts import NEAREST, Operator, Variant
from obrii.scenario.payloads import payloads
from obrii.scenario.settings import SIGHT, all_varied, identity, varied
from obrii.scenario.target_cells import Land
from obrii.service.policy import Homes, Network
from obrii.service.preference import Choice
from obrii.service.slot import Costs
from obrii.timegrid import TimeGrid, instant
from obrii.traffic.demand import Demand
from obrii.traffic.payload import Payloads

#: Range within which no satellite ever comes: the limit of a site that is not to see any [m].
_BLIND_M = 1.0


@dataclass(frozen=True, eq=False)
class Stage:
    """The world of a scenario.

    constellation: satellites of all operators on one axis; first (operator + 1,): where each operator's begin;
    generation (satellite,) str: its name, empty where there is none;
    propagators, site_observers, cell_observers, networks, payloads: one an operator; site_observers are all sites,
    blind where a site is not this operator's; cell_observers are all cells; site_zones, cell_zones: what each keeps
    free around the geostationary arc; demand: None without [traffic]; notices: what a user should know of the files;
    fleets: one an operator; settings: equal for variants that set the same, empty for those that set nothing;
    variants: worlds of variants that set something, as they come up.
    """

    scenario: Scenario
    grid: TimeGrid
    constellation: Constellation
    first: np.ndarray
    propagators: tuple[propagation.Propagator, ...]
    lasers: LaserLinks
    generation: np.ndarray
    ground: places.Ground
    site_observers: tuple[Observers, ...]
    cell_observers: tuple[Observers, ...]
    site_zones: tuple[ArcZone, ...]
    cell_zones: tuple[ArcZone, ...]
    networks: tuple[Network, ...]
    payloads: tuple[Payloads, ...]
    demand: Demand | None
    notices: tuple[str, ...]
    fleets: tuple[Fleet, ...]
    settings: str = ""
    variants: dict[str, Stage] = field(default_factory=dict, repr=False, compare=False)

    def of(self, variant: Variant) -> Stage:
        """The same world as a variant sets it; where it sets nothing otherwise, this one."""
        settings = identity(variant)
        if settings and settings not in self.variants:
            scenario = varied(self.scenario, variant)
            self.variants[settings] = self if scenario is self.scenario else self._as(scenario, settings)
        return self.variants[settings] if settings else self

    def _as(self, scenario: Scenario, settings: str) -> Stage:
        fleets = [
            old if new.laser_range_m == before.laser_range_m else fleet(new, self.scenario.folder, self.grid)
            for old, new, before in zip(self.fleets, scenario.operator, self.scenario.operator, strict=True)
        ]
        found = _assembled(scenario, self.grid, fleets, places.with_groups_of(self.ground, scenario))
        return replace(found, settings=settings)

    @cached_property
    def looks(self) -> tuple[tuple[Any, ...], ...]:
        """What decides the sight lines of each operator, and how its cells choose among them."""
        return tuple(
            (*(getattr(operator, key) for key in SIGHT if key != "laser_range_m"), choice.policy)
            for operator, choice in zip(self.scenario.operator, self.choices, strict=True)
        )

    @cached_property
    def reaches(self) -> tuple[float | None, ...]:
        """Reach of the lasers of each operator that its shells do not say, None where only the Earth limits [m]."""
        return tuple(operator.laser_range_m for operator in self.scenario.operator)

    @cached_property
    def rules(self) -> tuple[str, ...]:
        """What decides the ways down and the schedule of each operator, besides what is on and who is served."""
        hop_ms = self.scenario.delay.processing_per_hop_ms
        return tuple(f"{each.model_dump_json(exclude={'serves'})} {hop_ms}" for each in self.scenario.operator)

    def operator_of(self, satellite: np.ndarray) -> np.ndarray:
        """Operators of some satellites, (k,) i8."""
        return np.searchsorted(self.first, satellite, side="right") - 1

    @cached_property
    def operator_on(self) -> np.ndarray:
        """Operators that are there from the start, (operator,) bool; the others are planned."""
        return np.array([operator.state == "on" for operator in self.scenario.operator])

    @cached_property
    def costs(self) -> Costs:
        """What a round trip costs besides light."""
        delay = self.scenario.delay
        return Costs(1e-3 * delay.access_floor_ms, 1e-3 * delay.processing_per_hop_ms)

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """How the cells of each operator choose among satellites."""
        one_ms = 1e-3 * LIGHT_M_S
        return tuple(
            Choice(
                policy=operator.policy,
                margin_m=one_ms * operator.policy_margin_ms,
                hysteresis_m=None if operator.hysteresis_ms is None else one_ms * operator.hysteresis_ms,
            )
            for operator in self.scenario.operator
        )

    @cached_property
    def remembers(self) -> bool:
        """Whether any step of any variant depends on the one before it, so that blocks must come in order."""
        operators = [operator for each in all_varied(self.scenario) for operator in each.operator]
        return len(self.cells) > 0 and any(operator.hysteresis_ms is not None for operator in operators)

    @property
    def sites(self) -> Sites:
        """Sites of all operators."""
        return self.ground.sites

    @property
    def cells(self) -> Cells:
        """Cells of the area, its halo, and of pairs."""
        return self.ground.cells

    @property
    def land(self) -> Land:
        """What targets mean by where it lies."""
        return Land(self.cells, self.sites, self.scenario.folder)

    @cached_property
    def satellite_index(self) -> np.ndarray:
        """Index of every satellite within its operator, (satellite,) i4: the number that ends its name."""
        return np.concatenate([np.arange(n, dtype=np.int32) for n in np.diff(self.first)])

    @cached_property
    def satellite_planned(self) -> np.ndarray:
        """Satellites of operators that are planned, (satellite,) bool."""
        return np.repeat(~self.operator_on, np.diff(self.first))

    @cached_property
    def fibre_ends(self) -> np.ndarray:
        """Sites at the ends of every fibre, gateway and PoP, (fibre, 2)."""
        ends = ((np.tile(n.gateways, len(n.pops)), np.repeat(n.pops, len(n.gateways))) for n in self.networks)
        return np.concatenate([np.stack(pair, axis=1) for pair in ends])

    def cable_m(self, gateway: int, pop: int) -> float:
        """Length of the fibre between a gateway and a PoP, by their sites [m]."""
        for network in self.networks:
            found = network.cable_m[np.ix_(network.pops == pop, network.gateways == gateway)]
            if found.size:
                return float(found[0, 0])
        raise ScenarioError(f"no fibre joins '{self.sites.name[gateway]}' and '{self.sites.name[pop]}'")

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
    scenario = Scenario.model_validate_json(text).at(Path(folder))
    grid = scenario.time.grid()
    _refuse_outside(scenario, grid)
    fleets = [fleet(operator, scenario.folder, grid) for operator in scenario.operator]
    return _assembled(scenario, grid, fleets, places.ground(scenario))


def _assembled(scenario: Scenario, grid: TimeGrid, fleets: list[Fleet], ground: places.Ground) -> Stage:
    first = np.concatenate([[0], np.cumsum([len(f.constellation) for f in fleets])])
    carried = tuple(payloads(scenario, *each, ground) for each in zip(scenario.operator, fleets, strict=True))
    networks = _networks(scenario, ground, fleets, carried)
    site_observers = tuple(_site_observers(ground.sites, operator) for operator in scenario.operator)
    cell_observers = tuple(_cell_observers(ground.cells, operator) for operator in scenario.operator)
    return Stage(
        scenario=scenario,
        grid=grid,
        constellation=join([f.constellation for f in fleets]),
        first=first,
        propagators=tuple(f.propagator for f in fleets),
        lasers=join_lasers([f.lasers.shifted(int(at)) for f, at in zip(fleets, first, strict=False)]),
        generation=np.concatenate([f.generation for f in fleets]),
        ground=ground,
        site_observers=site_observers,
        cell_observers=cell_observers,
        site_zones=tuple(
            arc_zone(seen_from, _arcs_deg(ground.sites, operator))
            for seen_from, operator in zip(site_observers, scenario.operator, strict=True)
        ),
        cell_zones=tuple(
            arc_zone(seen_from, operator.user_arc_deg)
            for seen_from, operator in zip(cell_observers, scenario.operator, strict=True)
        ),
        networks=networks,
        payloads=carried,
        demand=demand(scenario, ground, networks, grid.start),
        notices=(*(notice for f in fleets for notice in f.notices), *ground.notices),
        fleets=tuple(fleets),
    )


def _refuse_outside(scenario: Scenario, grid: TimeGrid) -> None:
    """Refuse an event that would act on no step of the run."""
    for event in scenario.event:
        if not strength(event.course, grid.utc).any():
            since = "the start" if event.start is None else instant(utc64(event.start))
            until = "the end" if event.end is None else instant(utc64(event.end))
            raise ScenarioError(
                f"event '{event.name}': no step of the run begins from {since} until {until}; the run is "
                f"{instant(grid.start)} to {instant(grid.end)}"
            )


def _site_observers(sites: Sites, operator: Operator) -> Observers:
    masks = {"gateway": operator.gateway_min_elevation_deg, "terminal": operator.user_min_elevation_deg, "pop": 0.0}
    of_role = np.array([masks[role] for role in sites.role.tolist()], np.float64)
    mask = np.where(np.isnan(sites.min_elevation_deg), of_role, sites.min_elevation_deg)
    blind = (sites.role == "pop") | ((sites.operator != "") & (sites.operator != operator.name))
    reach = np.where(blind, _BLIND_M, _reach_m(operator))
    return observers(sites.latitude_deg, sites.longitude_deg, sites.altitude_m, mask, reach)


def _cell_observers(cells: Cells, operator: Operator) -> Observers:
    height_m = np.zeros(len(cells))
    return observers(
        cells.latitude_deg, cells.longitude_deg, height_m, operator.user_min_elevation_deg, _reach_m(operator)
    )


def _arcs_deg(sites: Sites, operator: Operator) -> np.ndarray:
    """Angle around the geostationary arc that the links of each site keep out of, by its role, (site,)."""
    of_role = {"gateway": operator.gateway_arc_deg, "terminal": operator.user_arc_deg, "pop": 0.0}
    return np.array([of_role[role] for role in sites.role.tolist()], np.float64)


def _reach_m(operator: Operator) -> float:
    return np.inf if operator.max_range_m is None else operator.max_range_m


def _networks(
    scenario: Scenario, ground: places.Ground, fleets: list[Fleet], carried: tuple[Payloads, ...]
) -> tuple[Network, ...]:
    found: list[Network] = []
    for operator, flown, each in zip(scenario.operator, fleets, carried, strict=True):
        first = sum(network.cable_m.size for network in found)
        found.append(_network(scenario, ground, operator, first, each.cells, flown.has_lasers))
    return tuple(found)


def _network(
    scenario: Scenario, ground: places.Ground, operator: Operator, first_fibre: int, capacity: np.ndarray, lasers: bool
) -> Network:
    sites, cells = ground.sites, ground.cells
    own = sites.operator == operator.name
    gateways = np.flatnonzero(own & (sites.role == "gateway"))
    pops = np.flatnonzero(own & (sites.role == "pop"))
    if len(cells) and not len(gateways):
        raise ScenarioError(
            f"operator '{operator.name}': has no gateways, so nobody can be served; give ground = a preset, "
            f'or [[site]] with role = "gateway"'
        )
    if len(cells) and not len(pops):
        raise ScenarioError(
            f"operator '{operator.name}': has no PoP, so no way ends in the internet; give [[site]] with role = \"pop\""
        )
    cable_m = scenario.delay.fibre_route_factor * frames.great_circle_m(
        sites.latitude_deg[pops][:, None],
        sites.longitude_deg[pops][:, None],
        sites.latitude_deg[gateways][None, :],
        sites.longitude_deg[gateways][None, :],
    )
    _replace_known_fibres(scenario, sites, gateways, pops, cable_m)
    countries = cells.country[: ground.area]
    homes = _Homes(operator, sites, pops, cells)
    of_cell = np.array([homes.index(country) for country in cells.country.tolist()], np.int32)
    of_group = np.array(
        [[homes.index(home or country) for country in countries.tolist()] for home in ground.groups.home.tolist()],
        np.int32,
    ).reshape(len(ground.groups), ground.area)
    return Network(
        gateways=gateways,
        pops=pops,
        antennas=sites.antennas[gateways],
        antenna_span=sites.first_antenna[np.stack([gateways, gateways + 1])],
        cable_m=cable_m,
        first_fibre=first_fibre,
        homes=Homes(tuple(homes.lists)),
        home=of_cell,
        group_home=of_group,
        licensed=licensed(operator.serves, cells, scenario.folder),
        capacity=capacity,
        lasers=lasers,
    )


class _Homes:
    """Home lists of one operator as cells ask for them, each list once."""

    def __init__(self, operator: Operator, sites: Sites, pops: np.ndarray, cells: Cells) -> None:
        self.lists: list[tuple[int, ...]] = []
        self._operator, self._sites, self._pops, self._cells = operator, sites, pops, cells
        self._known: dict[str, int] = {}
        for country, names in operator.home_pops.items():
            if country != "default":
                regions.check_country(country, f"operator '{operator.name}': home_pops")
            for name in names if len(pops) else ():
                self._pops_of(name, country)

    def index(self, country: str) -> int:
        """Number of the list of a country."""
        if country not in self._known:
            home_pops = self._operator.home_pops
            named = home_pops.get(country) or home_pops.get("default") or [NEAREST]
            order = tuple(dict.fromkeys(pop for name in named for pop in self._pops_of(name, country)))
            if order not in self.lists:
                self.lists.append(order)
            self._known[country] = self.lists.index(order)
        return self._known[country]

    def _pops_of(self, name: str, country: str) -> list[int]:
        """PoPs that a word of a list means: one of that name or town, or all of them by distance."""
        names = self._sites.name[self._pops].tolist()
        if name != NEAREST:
            towns = [known.rpartition(", ")[0] or known for known in names]
            if name in names or name in towns:
                return [names.index(name) if name in names else towns.index(name)]
            hint = nearest(name, [*names, *towns]) or f"; there are {', '.join(sorted(towns))}"
            raise ScenarioError(f"operator '{self._operator.name}': home_pops: no PoP is called '{name}'{hint}")
        # From the middle of the country's cells in this run: the same order for the whole country.
        if not len(self._cells):
            return list(range(len(self._pops)))
        here = self._cells.country == country
        middle = (self._cells.xyz_m[:, here] if here.any() else self._cells.xyz_m).mean(axis=1)
        away = np.linalg.norm(self._sites.xyz_m[:, self._pops] - middle[:, None], axis=0)
        return [int(pop) for pop in np.argsort(away, kind="stable")]


def _replace_known_fibres(
    scenario: Scenario, sites: Sites, gateways: np.ndarray, pops: np.ndarray, cable_m: np.ndarray
) -> None:
    index = {name: k for k, name in enumerate(sites.name.tolist())}
    for fibre in scenario.fibre:
        for end in (fibre.a, fibre.b):
            if end not in index:
                raise ScenarioError(f"fibre '{fibre.a} - {fibre.b}': no site is called '{end}'{nearest(end, index)}")
        a, b = index[fibre.a], index[fibre.b]
        if {sites.role[a], sites.role[b]} != {"gateway", "pop"} or sites.operator[a] != sites.operator[b]:
            raise ScenarioError(
                f"fibre '{fibre.a} - {fibre.b}': joins no gateway and PoP of one operator; name one of each"
            )
        for gateway, pop in ((a, b), (b, a)):
            cable_m[np.ix_(pops == pop, gateways == gateway)] = 1e3 * fibre.length_km
