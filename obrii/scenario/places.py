"""The ground of a scenario: sites of tables and files, cells and their halo, groups of terminals."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import h3.api.numpy_int as h3
import numpy as np

from obrii.errors import ScenarioError, nearest
from obrii.ground import cells as ground_cells
from obrii.ground import gazetteer, regions, site_tables, terminals
from obrii.ground.cells import Cells
from obrii.ground.sites import Sites
from obrii.ground.terminals import Groups
from obrii.scenario.licences import GRANT, granted, licensed, served_countries
from obrii.scenario.model import Scenario
from obrii.scenario.parted import portions
from obrii.scenario.parts import Area, Site, Terminals
from obrii.scenario.settings import all_varied
from obrii.scenario.target_cells import Land

#: Resolution of the own cell of a pair's terminal where there is no area.
OWN_RESOLUTION = 5


#: Word for every country, in place of a list of them.
WORLD = "world"

#: Without [[terminals]] one group stands for anyone who may switch a dish on.
_ANYONE = Terminals(name="anyone", count=1)


@dataclass(frozen=True)
class PairPlaces:
    """Where the ends of a pair are: a site (via "sky"), or a cell and a point (via "pop").

    via; start, end: site indices via "sky"; via "pop" start is a cell and end a row of `point_deg` (latitude,
    longitude).
    """

    via: str
    start: int
    end: int
    point_deg: tuple[float, float] = (np.nan, np.nan)


@dataclass(frozen=True)
class Ground:
    """Sites, cells and terminals of a scenario.

    sites: of all operators; cells: the area, then its halo, then own cells of pairs' terminals; area: how many of them
    are reported; groups: terminals on the cells of the area; pairs: where each pair begins and ends; notices: what a
    user should know of where terminals stand.
    """

    sites: Sites
    cells: Cells
    area: int
    groups: Groups
    pairs: tuple[PairPlaces, ...]
    notices: tuple[str, ...]


def ground(scenario: Scenario) -> Ground:
    """Lay out the ground of a scenario.

    Raises ScenarioError or DataError where something cannot be.
    """
    area = _area(scenario)
    sites = _sites(scenario)
    halo = _halo(scenario, area, sites)
    here = [*(part for part in (area, halo) if part is not None)]
    count = len(area) if area is not None else 0
    groups, notices = _groups(scenario, area, sites)
    extra_sites: list[Site] = []
    own: list[Cells] = []
    pairs = []
    standing = sum(len(part) for part in here)
    for k, pair in enumerate(scenario.pair, start=1):
        ends = [_find(place, sites, f"pair {k}") for place in (pair.from_, pair.to)]
        if pair.via == "sky":
            index = []
            for name, latitude_deg, longitude_deg, known in ends:
                if known < 0:
                    extra_sites.append(Site(name=name, latitude_deg=latitude_deg, longitude_deg=longitude_deg))
                    known = len(sites) + len(extra_sites) - 1
                index.append(known)
            pairs.append(PairPlaces("sky", index[0], index[1]))
            continue
        _, latitude_deg, longitude_deg, _ = ends[0]
        cell = _cell_at(area, latitude_deg, longitude_deg)
        if cell < 0:
            own.append(_own_cell(latitude_deg, longitude_deg))
            cell = standing + len(own) - 1
        pairs.append(PairPlaces("pop", cell, -1, (ends[1][1], ends[1][2])))
    return Ground(
        sites=_join_sites([sites, _of_parts(extra_sites)]) if extra_sites else sites,
        cells=_join_cells([*here, *own]),
        area=count,
        groups=groups,
        pairs=tuple(pairs),
        notices=notices,
    )


def _area(scenario: Scenario) -> Cells | None:
    area: Area | None = scenario.area
    if area is None:
        return None
    return ground_cells.cells_of(
        countries=regions.with_cells() if area.countries == [WORLD] else area.countries,
        regions=area.regions,
        cells=area.cells,
        polygon=None if area.polygon is None else scenario.folder / area.polygon,
        resolution=area.resolution,
    )


def _halo(scenario: Scenario, area: Cells | None, sites: Sites) -> Cells | None:
    """Cells around the area where any operator serves in any variant, or may come to."""
    if area is None or scenario.area is None or scenario.area.halo_km == 0:
        return None
    served: set[str] | None = set()
    for operator in (operator for each in all_varied(scenario) for operator in each.operator):
        countries = served_countries(operator.serves)
        served = None if countries is None or served is None else served | set(countries)
    resolution = min(scenario.area.halo_resolution, scenario.area.resolution)
    grants = any(event.kind == GRANT for event in scenario.event)
    halo = ground_cells.halo(area, scenario.area.halo_km, resolution, None if grants else served)
    if not grants or served is None:
        return halo
    around = granted(scenario, Land(area.followed_by(halo), sites, scenario.folder))[:, len(area) :]
    return halo.only(np.isin(halo.country, list(served)) | around.any(axis=0))


def _sites(scenario: Scenario) -> Sites:
    own = _of_parts(scenario.site, [operator.name for operator in scenario.operator])
    if len(scenario.operator) > 1 and (scenario.area or any(pair.via == "pop" for pair in scenario.pair)):
        loose = own.name[(own.role != "terminal") & (own.operator == "")]
        if len(loose):
            raise ScenarioError(f"site '{loose[0]}': belongs to no operator; say which of the several with operator")
    tables: list[Sites] = []
    for operator in scenario.operator:
        if operator.ground is not None:
            table = site_tables.read(operator.ground, operator.name).sites
            tables.append(_told_apart(table, operator.name, [each.name for each in tables]))
    sites = _join_sites([own, *tables])
    names, count = np.unique(sites.name, return_counts=True)
    if (count > 1).any():
        raise ScenarioError(f"two sites are called '{names[count > 1][0]}'; give each its own name")
    # What a planned operator has on the ground is planned too.
    plans = [operator.name for operator in scenario.operator if operator.state == "planned"]
    return replace(sites, planned=sites.planned | np.isin(sites.operator, plans))


def _told_apart(table: Sites, operator: str, before: list[np.ndarray]) -> Sites:
    """Sites of a table of which those that another operator has too carry the name of theirs."""
    twice = np.isin(table.name, np.concatenate([np.empty(0, np.str_), *before]))
    with_operator = np.char.add(table.name, f" ({operator})")
    return replace(table, name=np.where(twice, with_operator, table.name))


def _of_parts(parts: list[Site], operators: list[str] | None = None) -> Sites:
    # A gateway or PoP that names no operator belongs to the only one there is.
    only = operators[0] if operators and len(operators) == 1 else ""
    return Sites(
        name=np.array([site.name for site in parts], np.str_),
        latitude_deg=np.array([site.latitude_deg for site in parts]),
        longitude_deg=np.array([site.longitude_deg for site in parts]),
        altitude_m=np.array([site.altitude_m for site in parts]),
        role=np.array([site.role for site in parts], np.str_),
        operator=np.array([site.operator or ("" if site.role == "terminal" else only) for site in parts], np.str_),
        country=np.array(
            [site.country and regions.check_country(site.country, f"site '{site.name}': country") for site in parts],
            np.str_,
        ),
        min_elevation_deg=np.array([np.nan if s.min_elevation_deg is None else s.min_elevation_deg for s in parts]),
        antennas=np.array([-1 if site.antennas is None else site.antennas for site in parts]),
        relay=np.array([site.relay for site in parts], np.bool_),
        planned=np.array([site.state == "planned" for site in parts], np.bool_),
    )


def _groups(scenario: Scenario, area: Cells | None, sites: Sites) -> tuple[Groups, tuple[str, ...]]:
    """Groups of terminals, and what a user should know of where they stand."""
    if area is None:
        none = np.zeros(0)
        return Groups(none, (), np.zeros((0, 0)), none, none, none, none, none, ()), ()
    groups = scenario.terminals or [_ANYONE]
    parts = portions(scenario, groups)
    operators, home = _group_rules(scenario, [part.of for part in parts])
    may_come = granted(scenario, Land(area, sites, scenario.folder))
    counts, notices = zip(*[_count(scenario, group, area, may_come) for group in groups], strict=True)
    if scenario.terminals:
        _refuse_crowds(groups, counts, area)
    found = Groups(
        name=np.array([part.name for part in parts], np.str_),
        operators=operators,
        count=np.stack([counts[part.of] * part.share for part in parts]) * bool(scenario.terminals),
        home=np.array(home, np.str_),
        planned=np.array([groups[part.of].state == "planned" for part in parts]),
        listed=np.array([groups[part.of].listed for part in parts]),
        of=np.array([part.of for part in parts]),
        part_of=np.array([groups[part.of].name for part in parts], np.str_),
        events=tuple(part.events for part in parts),
    )
    return found, tuple(filter(None, notices))


def with_groups_of(ground: Ground, scenario: Scenario) -> Ground:
    """The same ground where groups of terminals use other operators, or are at home elsewhere, as a scenario says."""
    found = _group_rules(scenario, ground.groups.of.tolist())
    if found == (ground.groups.operators, tuple(ground.groups.home.tolist())):
        return ground
    return replace(ground, groups=replace(ground.groups, operators=found[0], home=np.array(found[1], np.str_)))


def _group_rules(scenario: Scenario, of: list[int]) -> tuple[tuple[tuple[int, ...], ...], tuple[str, ...]]:
    """For each group the indices of its operators, and the country of its home, empty for that of the cell.

    of: the entry of [[terminals]] that each group, or part of one, belongs to.
    """
    names = [operator.name for operator in scenario.operator]
    each = [(scenario.terminals or [_ANYONE])[k] for k in of]
    return (
        tuple(tuple(names.index(name) for name in group.operators or names) for group in each),
        tuple("" if g.home is None else regions.check_country(g.home, f"terminals '{g.name}': home") for g in each),
    )


def _refuse_crowds(groups: list[Terminals], counts: tuple[np.ndarray, ...], area: Cells) -> None:
    """Refuse more terminals than people: those in the field together, and each planned group beside them."""
    people, standing = area.people.sum(), 0.0
    for group, count in zip(groups, counts, strict=True):
        total = standing + count.sum()
        if 0 < people < total:
            beside = " with the groups before it" if standing else ""
            raise ScenarioError(
                f"terminals '{group.name}':{beside} {total:,.0f} terminals, and {people:,.0f} people live in the area; "
                f"give at most one a person"
            )
        standing = standing if group.state == "planned" else total


def _count(scenario: Scenario, group: Terminals, area: Cells, may_come: np.ndarray) -> tuple[np.ndarray, str]:
    """Terminals of a group in each cell: of a file where they stand, else spread where its operators may serve.

    may_come (operator, cell) bool: where events may let them serve, so that planned terminals wait there too; those in
    the field stand as if no event were. Beside them what a user should know of it, if anything.
    """
    where = f"terminals '{group.name}'"
    if group.csv is not None:
        placed = terminals.from_places(scenario.folder / group.csv, area.id)
        if not placed.count.any():
            raise ScenarioError(f"{where}: {group.csv} counts no terminal; give a count above 0")
        if not placed.places:
            return placed.count, ""
        return placed.count, (
            f"{where}: {placed.places} of the places in {group.csv} ({placed.terminals:g} terminals) stand outside the "
            f"area's cells, on water or over its border, and count in the nearest one, whose middle is at most "
            f"{placed.away_m / 1e3:.0f} km away"
        )
    may = np.zeros(len(area), bool)
    for operator, comes in zip(scenario.operator, may_come, strict=True):
        if not group.operators or operator.name in group.operators:
            may |= licensed(operator.serves, area, scenario.folder) | (comes & (group.state == "planned"))
    weight = area.people if group.spread == "people" else area.area_km2
    return terminals.spread(float(group.count or 0), np.where(may, weight, 0.0), where), ""


def _find(place: str, sites: Sites, where: str) -> tuple[str, float, float, int]:
    """Name, latitude, longitude of a place and its index where it is a site, else -1."""
    names = sites.name.tolist()
    if place in names:
        k = names.index(place)
        return place, float(sites.latitude_deg[k]), float(sites.longitude_deg[k]), k
    try:
        town = gazetteer.find(place)
    except ScenarioError as unknown:
        hint = nearest(place, names)
        raise ScenarioError(f"{where}: no site is called '{place}'{hint}" if hint else f"{where}: {unknown}") from None
    return place, town.latitude_deg, town.longitude_deg, -1


def _cell_at(area: Cells | None, latitude_deg: float, longitude_deg: float) -> int:
    if area is None:
        return -1
    cell = h3.latlng_to_cell(latitude_deg, longitude_deg, h3.get_resolution(int(area.id[0])))
    found = np.flatnonzero(area.id == cell)
    return int(found[0]) if len(found) else -1


def _own_cell(latitude_deg: float, longitude_deg: float) -> Cells:
    """The unreported cell of a pair's terminal outside the area, centred on the terminal."""
    cell = np.array([h3.latlng_to_cell(latitude_deg, longitude_deg, OWN_RESOLUTION)], np.uint64)
    return Cells(
        id=cell,
        latitude_deg=np.array([latitude_deg]),
        longitude_deg=np.array([longitude_deg]),
        area_km2=np.zeros(1),
        country=regions.countries_of(cell),
        region=regions.regions_of(cell),
        people=np.zeros(1),
        halo=np.ones(1, bool),
    )


def _join_cells(parts: list[Cells]) -> Cells:
    if not parts:
        empty = np.zeros(0)
        return Cells(empty, empty, empty, empty, empty.astype(str), empty.astype(str), empty, empty.astype(bool))
    joined = parts[0]
    for part in parts[1:]:
        joined = joined.followed_by(part)
    return joined


def _join_sites(parts: list[Sites]) -> Sites:
    return Sites(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Sites)})
