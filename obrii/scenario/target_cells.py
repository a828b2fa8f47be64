"""Cells that a target means: of countries, regions, an outline, a disc, a strip along a line, or by their ids."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import h3.api.numpy_int as h3
import numpy as np

from obrii.errors import ScenarioError
from obrii.ground import borders, near, polygons, regions
from obrii.ground import cells as ground_cells
from obrii.ground.cells import Cells
from obrii.ground.sites import Sites
from obrii.scenario.target import Target

#: What `strip` holds: one of line and border, and its width.
_STRIP = ("line", "border", "width_km")


class Land(NamedTuple):
    """What lies there to be meant: cells, sites by whose names a disc may stand, and the folder of the scenario."""

    cells: Cells
    sites: Sites
    folder: Path


def lying(target: Target, land: Land) -> np.ndarray:
    """Cells that a target means, none of them where they lie elsewhere, (cell,) bool."""
    return _all(_masks(target, land), land)


def meant(target: Target, land: Land) -> np.ndarray:
    """Cells of the area and its halo that a target means, (cell,) bool; refused where there are none."""
    if not len(land.cells):
        raise ScenarioError(f"{target.where}: there is nobody to lose service in this scenario; add an [area]")
    masks = _masks(target, land)
    for key, mask in masks.items():
        if not mask.any():
            raise ScenarioError(f"{target.where}: {key} touches no cell of the area or around it; name what lies there")
    found = _all(masks, land)
    if not found.any():
        given = " and ".join(masks)
        raise ScenarioError(f"{target.where}: no cell of the area or around it fits {given} at once; name what does")
    return found


def _masks(target: Target, land: Land) -> dict[str, np.ndarray]:
    """Cells that each key of a target means by itself."""
    return {key: found(target, land) for key, found in _OF_KEY.items() if key in target.keys}


def _all(masks: dict[str, np.ndarray], land: Land) -> np.ndarray:
    return np.logical_and.reduce([np.ones(len(land.cells), bool), *masks.values()])


def _countries(target: Target, land: Land) -> np.ndarray:
    codes = target.texts("countries") or []
    where = f"{target.where}: countries"
    return np.isin(land.cells.country, [regions.check_country(code, where) for code in codes])


def _regions(target: Target, land: Land) -> np.ndarray:
    codes = target.texts("regions") or []
    where = f"{target.where}: regions"
    return np.isin(land.cells.region, [regions.check_region(code, where) for code in codes])


def _listed(target: Target, land: Land) -> np.ndarray:
    # Those of the area come first.
    resolution = h3.get_resolution(int(land.cells.id[0]))
    try:
        named = ground_cells.cells_of(cells=target.texts("cells") or [], resolution=resolution)
    except ScenarioError as error:
        raise ScenarioError(f"{target.where}: {error}") from None
    return np.isin(land.cells.id, named.id)


def _polygon(target: Target, land: Land) -> np.ndarray:
    inside = np.zeros(len(land.cells), bool)
    for file in target.texts("polygon") or []:
        outline = polygons.read(land.folder / file, f"{target.where}: polygon")
        inside |= polygons.contains(outline, *_centres(land.cells))
    return inside


def _near(target: Target, land: Land) -> np.ndarray:
    disc = target.near(land.sites)
    return near.around(*_centres(land.cells), *disc) if disc else np.ones(len(land.cells), bool)


def _strip(target: Target, land: Land) -> np.ndarray:
    table = target.table("strip", _STRIP)
    inner = Target(f"{target.where}: strip", table)
    if ("line" in table) == ("border" in table):
        raise ScenarioError(f"{inner.where}: give line or border, one of the two, and width_km")
    width_km = inner.number("width_km")
    if width_km is None:
        raise ScenarioError(f"{inner.where}: 'width_km' is missing; say how wide it is")
    try:
        line = _border(inner) if "border" in table else _line(inner, land)
    except ScenarioError as error:
        said = str(error)
        raise ScenarioError(said if said.startswith(inner.where) else f"{inner.where}: {said}") from None
    # Half of it lies on either side.
    return near.along(*_centres(land.cells), line, width_km / 2.0)


def _line(inner: Target, land: Land) -> near.Line:
    line = inner.keys["line"]
    if isinstance(line, str):
        return borders.read(land.folder / line, f"{inner.where}: line")
    return near.line(*np.array(inner.pairs("line")).reshape(-1, 2).T)


def _border(inner: Target) -> near.Line:
    code, *others = inner.texts("border") or [""]
    return borders.border(code, tuple(others)) if others else borders.land_border(code)


def _centres(cells: Cells) -> tuple[np.ndarray, np.ndarray]:
    return cells.latitude_deg, cells.longitude_deg


_OF_KEY: dict[str, Callable[[Target, Land], np.ndarray]] = {
    "countries": _countries, "regions": _regions, "cells": _listed, "polygon": _polygon, "near": _near, "strip": _strip,
}  # fmt: skip

#: Keys that say where.
KEYS = tuple(_OF_KEY)
