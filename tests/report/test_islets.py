"""Places too small to be seen on a map have a dot, and cells that are never served look as they do in intact."""

from __future__ import annotations

import re

import h3.api.numpy_int as h3
import numpy as np
import pytest

from obrii.report import cover, islets, mesh, palette, projection, sheet
from obrii.report.reading import Run, read_run
from tests.report import synthetic

RESOLUTION = 5


def drawn(*places: tuple[float, float, int]) -> tuple[islets.Islets, np.ndarray]:
    """Small places among discs of cells: latitude, longitude, rings around the middle; and the disc of each cell."""
    discs = [h3.grid_disk(h3.latlng_to_cell(latitude, longitude, RESOLUTION), k) for latitude, longitude, k in places]
    ids = np.concatenate(discs)
    disc = np.repeat(np.arange(len(discs)), [len(cells) for cells in discs])
    order = np.argsort(ids)
    centres = np.array([h3.cell_to_latlng(cell) for cell in ids[order].tolist()])
    onto = projection.fit(centres[:, 0], centres[:, 1])
    net = mesh.build(ids[order], onto)
    page = sheet.lay(net.corners, np.empty((0, 2)), onto)
    return islets.find(net, page, page.at(centres[:, 0], centres[:, 1])), disc[order]


MAINLAND, ISLAND, ATOLL = (10.0, 20.0, 25), (-12.0, 60.0, 0), (2.0, -30.0, 1)


def test_islands_have_a_dot_each_and_mainlands_none() -> None:
    found, disc = drawn(MAINLAND, ISLAND, ATOLL)
    assert (found.place[disc == 0] == -1).all()
    assert [len(set(found.place[disc == k].tolist())) for k in (1, 2)] == [1, 1]
    assert len(found.at) == 2


def test_where_everything_is_large_there_is_no_dot() -> None:
    found, _ = drawn(MAINLAND)
    assert len(found.at) == 0
    assert found.dots(np.zeros(len(found.place)), np.zeros(len(found.place), int), ("",)) == "<g></g>"


@pytest.mark.parametrize(("lost", "level"), [(0.0, -1), (0.2, 1), (1.0, 3)])
def test_a_dot_has_the_colour_of_what_its_cells_lose(lost: float, level: int) -> None:
    found, disc = drawn(MAINLAND, ISLAND)
    here = np.where(disc == 1, lost, 0.0)
    text = str(found.dots(here, np.where(here > 0.0, 1, 0), ("", "switched-off")))
    assert re.findall(r'stroke="(#\w+)"', text) == [palette.shade("switched-off" if lost else "", level)]


def test_an_island_to_which_terminals_are_added_has_a_green_dot_on_its_own() -> None:
    found, disc = drawn(MAINLAND, ISLAND, ATOLL)
    text = str(found.added(np.where(disc == 2, 0.3, 0.0)))
    assert re.findall(r'stroke="(#\w+)"', text) == [palette.BACK] and text.count("h0") == 1
    assert str(found.added(np.where(disc == 0, 0.3, 0.0))) == ""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read_run(synthetic.ukraine(tmp_path_factory.mktemp("ukraine")))


def test_what_fails_where_nobody_is_ever_served_changes_nothing_on_the_map(run: Run) -> None:
    intact, *others = [variant.name for variant in run.summary.variants]
    cells = run.tables["cells"]
    never = cells["cell"][(cells["variant"] == intact) & (cells["share_served"] <= 0.0)]
    assert len(never)
    hit = cells["cell"].isin(never) & (cells["variant"] != intact)
    failing = cells.assign(reason=cells["reason"].where(~hit, "core-off"))
    tables = {**run.tables, "cells": failing}
    found = cover.cover(Run(run.summary, tables))
    assert found is not None
    dark = np.isin(found.id, never.to_numpy(np.uint64))
    for name in others:
        assert (found.reason[name][dark] == found.reason[intact][dark]).all()
