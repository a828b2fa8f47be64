"""Where on the ground an event is aimed at: countries, regions, cells, a polygon, a disc, a strip along a line."""

from __future__ import annotations

import numpy as np

from obrii.errors import ScenarioError
from obrii.ground import borders, near, polygons, regions
from obrii.ground import cells as ground_cells
from obrii.ground.cells import Cells
from obrii.scenario.events.target import Target
from obrii.scenario.places import OWN_RESOLUTION
from obrii.scenario.stage import Stage

#: Keys that say where.
KEYS = ("countries", "regions", "cells", "polygon", "near", "strip")

#: What `strip` holds: one of line and border, and its width.
_STRIP = ("line", "border", "width_km")


def cells(target: Target, stage: Stage) -> np.ndarray:
    """Cells of the area and its halo that a target means, (cell,) bool; refused where there are none."""
    if not len(stage.cells):
        raise ScenarioError(f"{target.where}: there is nobody to lose service in this scenario; add an [area]")
    mask = np.ones(len(stage.cells), bool)
    for key in KEYS:
        if key in target.keys:
            found = _OF_KEY[key](target, stage)
            if not found.any():
                raise ScenarioError(
                    f"{target.where}: {key} touches no cell of the area or around it; name what lies there"
                )
            mask &= found
    if not mask.any():
        given = " and ".join(key for key in KEYS if key in target.keys)
        raise ScenarioError(f"{target.where}: no cell of the area or around it fits {given} at once; name what does")
    return mask


def _countries(target: Target, stage: Stage) -> np.ndarray:
    codes = target.texts("countries") or []
    where = f"{target.where}: countries"
    return np.isin(stage.cells.country, [regions.check_country(code, where) for code in codes])


def _regions(target: Target, stage: Stage) -> np.ndarray:
    codes = target.texts("regions") or []
    where = f"{target.where}: regions"
    return np.isin(stage.cells.region, [regions.check_region(code, where) for code in codes])


def _listed(target: Target, stage: Stage) -> np.ndarray:
    area = stage.scenario.area
    resolution = OWN_RESOLUTION if area is None else area.resolution
    try:
        named = ground_cells.cells_of(cells=target.texts("cells") or [], resolution=resolution)
    except ScenarioError as error:
        raise ScenarioError(f"{target.where}: {error}") from None
    return np.isin(stage.cells.id, named.id)


def _polygon(target: Target, stage: Stage) -> np.ndarray:
    inside = np.zeros(len(stage.cells), bool)
    for file in target.texts("polygon") or []:
        outline = polygons.read(stage.scenario.folder / file, f"{target.where}: polygon")
        inside |= polygons.contains(outline, *_centres(stage.cells))
    return inside


def _near(target: Target, stage: Stage) -> np.ndarray:
    disc = target.near(stage.sites)
    return near.around(*_centres(stage.cells), *disc) if disc else np.ones(len(stage.cells), bool)


def _strip(target: Target, stage: Stage) -> np.ndarray:
    table = target.table("strip", _STRIP)
    inner = Target(f"{target.where}: strip", table)
    if ("line" in table) == ("border" in table):
        raise ScenarioError(f"{inner.where}: give line or border, one of the two, and width_km")
    width_km = inner.number("width_km")
    if width_km is None:
        raise ScenarioError(f"{inner.where}: 'width_km' is missing; say how wide it is")
    try:
        line = _border(inner) if "border" in table else _line(inner, stage)
    except ScenarioError as error:
        said = str(error)
        raise ScenarioError(said if said.startswith(inner.where) else f"{inner.where}: {said}") from None
    # Half of it lies on either side.
    return near.along(*_centres(stage.cells), line, width_km / 2.0)


def _line(inner: Target, stage: Stage) -> near.Line:
    line = inner.keys["line"]
    if isinstance(line, str):
        return borders.read(stage.scenario.folder / line, f"{inner.where}: line")
    return near.line(*np.array(inner.pairs("line")).reshape(-1, 2).T)


def _border(inner: Target) -> near.Line:
    code, *others = inner.texts("border") or [""]
    return borders.border(code, tuple(others)) if others else borders.land_border(code)


def _centres(cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    return cells.latitude_deg, cells.longitude_deg


_OF_KEY = {
    "countries": _countries, "regions": _regions, "cells": _listed, "polygon": _polygon, "near": _near, "strip": _strip,
}  # fmt: skip
