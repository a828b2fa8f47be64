"""Who asks for how much in a run: groups of the area, and terminals of others around it."""

from __future__ import annotations

import numpy as np

from obrii.errors import ScenarioError
from obrii.ground import regions, subscribers
from obrii.ground.cells import Cells
from obrii.scenario.capacity import PRIORITY_CLASS, Traffic
from obrii.scenario.licences import served_countries
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Operator, Terminals
from obrii.scenario.places import Ground
from obrii.service.policy import Network
from obrii.traffic.curves import curve
from obrii.traffic.demand import Demand


def demand(scenario: Scenario, ground: Ground, networks: tuple[Network, ...], date: np.datetime64) -> Demand | None:
    """What terminals ask for; None without [traffic].

    networks: of each operator, for where it may serve; date: at which terminals of others are counted.
    """
    traffic = scenario.traffic
    if traffic is None:
        return None
    cells = ground.cells
    # A group that asks as [traffic] says stands for anyone where there are no terminals, and for others.
    groups = scenario.terminals or [Terminals(name="anyone", count=1)]
    asking = [*(groups[k] for k in ground.groups.of.tolist()), Terminals(name="others", count=1)]
    peak_bps = np.array([group.peak_bps or traffic.peak_bps for group in asking])
    busy_hour_bps = np.array([group.busy_hour_bps or traffic.busy_hour_bps for group in asking])
    others = np.stack(
        [
            _others(traffic, operator, cells, network.licensed, date)
            for operator, network in zip(scenario.operator, networks, strict=True)
        ]
    )
    terminals = np.zeros((len(asking), len(cells)))
    terminals[:-1, : ground.area] = ground.groups.count
    terminals[-1] = others.sum(axis=0)
    return Demand(
        terminals=terminals,
        others=others,
        busy_share=busy_hour_bps / peak_bps,
        peak_bps=peak_bps,
        priority=np.array([PRIORITY_CLASS[group.priority] for group in asking]),
        hourly=curve(traffic.curve),
        longitude_deg=cells.longitude_deg,
        growth=tuple(traffic.growth),
    )


def table_of(traffic: Traffic, operator: Operator) -> str:
    """The table of terminals by country that an operator's others are counted by, empty where there is none."""
    if not traffic.others:
        return ""
    own_name = operator.name if operator.name in subscribers.tables() else ""
    return traffic.terminals.get(operator.name, own_name).partition("@")[0]


def counted_on(traffic: Traffic, operator: Operator, date: np.datetime64) -> np.datetime64:
    """The date at which an operator's others are counted: that after the "@" of their table, else the one given.

    Raises ScenarioError for what is no date.
    """
    given = traffic.terminals.get(operator.name, "").partition("@")[2]
    try:
        return np.datetime64(given, "D") if given else date
    except ValueError:
        raise ScenarioError(
            f"traffic: terminals of '{operator.name}' are counted at '{given}', which is no date; write it as "
            f"{date.astype('datetime64[D]')}"
        ) from None


def _others(
    traffic: Traffic, operator: Operator, cells: Cells, licensed: np.ndarray, date: np.datetime64
) -> np.ndarray:
    """Terminals of an operator outside the area, by people of cells where it may serve, (cell,) f8.

    Those of a country lie on it in proportion to its people, in the run or not, so that cells of the halo have theirs.
    """
    table = table_of(traffic, operator)
    if not table:
        return np.zeros(len(cells))
    # A scenario may serve fewer countries or more than the operator did: its terminals stood where it did.
    dated = isinstance(operator.serves.countries, str)
    of_country = subscribers.terminals_by_country(
        table, counted_on(traffic, operator, date), served_countries(operator.serves) if dated else None
    )
    people = regions.country_people()
    codes, country = np.unique(cells.country, return_inverse=True)
    each = np.array([of_country.get(code, 0.0) / max(people.get(code, 0), 1) for code in codes.tolist()])
    return np.where(cells.halo & licensed, each[country] * cells.people, 0.0)
