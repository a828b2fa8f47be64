"""Service that the operator switches off while everything flies."""

from __future__ import annotations

import numpy as np

from obrii.errors import ScenarioError
from obrii.ground import cells as ground_cells
from obrii.ground import polygons, regions
from obrii.network.outages import Change
from obrii.scenario.events.target import Target
from obrii.scenario.places import OWN_RESOLUTION
from obrii.scenario.stage import Stage


def off(target: Target, stage: Stage) -> Change:
    """Permission withdrawn: by country, region, cells, polygon, group, operator; no key means everywhere."""
    operators = np.array([operator.name for operator in stage.scenario.operator])
    groups = stage.ground.groups.name
    of_group = np.append(target.narrow("groups", groups), "groups" not in target.keys)
    where = _cells(target, stage)
    if not where.any():
        raise ScenarioError(f"{target.where}: touches no cell of the area or around it; name what lies there")
    mask = target.narrow("operator", operators)[:, None, None] & of_group[:, None] & where
    return Change({"service": mask})


def core_off(target: Target, stage: Stage) -> Change:
    """The control plane off: no service at all, while everything flies. No key means every operator."""
    operators = np.array([operator.name for operator in stage.scenario.operator])
    return Change({"core": target.narrow("operator", operators)})


def _cells(target: Target, stage: Stage) -> np.ndarray:
    """Cells of the area and its halo that a target means, (cell,) bool."""
    cells = stage.cells
    mask = np.ones(len(cells), bool)
    for key, labels, check in (
        ("countries", cells.country, regions.check_country),
        ("regions", cells.region, regions.check_region),
    ):
        codes = target.texts(key)
        if codes is not None:
            mask &= np.isin(labels, [check(code, f"{target.where}: {key}") for code in codes])
    listed = target.texts("cells")
    if listed is not None:
        area = stage.scenario.area
        try:
            named = ground_cells.cells_of(cells=listed, resolution=OWN_RESOLUTION if area is None else area.resolution)
        except ScenarioError as error:
            raise ScenarioError(f"{target.where}: {error}") from None
        mask &= np.isin(cells.id, named.id)
    files = target.texts("polygon")
    if files is not None:
        inside = np.zeros(len(cells), bool)
        for file in files:
            outline = polygons.read(stage.scenario.folder / file, f"{target.where}: polygon")
            inside |= polygons.contains(outline, cells.latitude_deg, cells.longitude_deg)
        mask &= inside
    return mask
