"""Where operators may serve: what they say themselves, and what events may grant."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from obrii.ground import polygons, regions
from obrii.ground.cells import Cells
from obrii.scenario import target_cells
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Serves
from obrii.scenario.target import Target
from obrii.scenario.target_cells import Land

#: The kind of event that lets an operator serve where it may not.
GRANT = "licence-granted"


def licensed(serves: Serves, cells: Cells, folder: Path) -> np.ndarray:
    """Where an operator may serve, (cell,) bool."""
    allowed = np.ones(len(cells), bool)
    countries = served_countries(serves)
    if countries is not None:
        allowed &= np.isin(cells.country, countries)
    for code in serves.not_regions:
        allowed &= cells.region != regions.check_region(code, "serves: not_regions")
    for name in serves.not_polygons:
        outline = polygons.read(folder / name, "serves: not_polygons")
        allowed &= ~polygons.contains(outline, cells.latitude_deg, cells.longitude_deg)
    return allowed


def served_countries(serves: Serves) -> list[str] | None:
    """Codes of the countries an operator may serve; None for all of them."""
    if serves.countries is None:
        return None
    if isinstance(serves.countries, str):
        return list(regions.served(serves.countries))
    return [regions.check_country(code, "serves: countries") for code in serves.countries]


def granted(scenario: Scenario, land: Land) -> np.ndarray:
    """Where events of a scenario may let each operator serve, in a variant or in none, (operator, cell) bool."""
    names = np.array([operator.name for operator in scenario.operator])
    found = np.zeros((len(names), len(land.cells)), bool)
    for event in scenario.event:
        if event.kind == GRANT:
            target = Target(f"event '{event.name}'", event.target)
            found |= target.narrow("operator", names)[:, None] & target_cells.lying(target, land)
    return found
