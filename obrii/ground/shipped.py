"""The tables that ship with the package, as columns of text.

Every file lies in `obrii/ground/tables`, is written by `tools/compile_ground.py` or kept by hand, and is described with
its source and licence in `docs/ground-data.md`.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np


def columns(table: str) -> dict[str, np.ndarray]:
    """Columns of a table that ships, by their names: each (row,) str, in the order of the file.

    table: file name without its ending, as ``regions``.

    >>> columns("regions")["region"][:2].tolist()
    ['UA-05', 'UA-07']
    """
    text = files("obrii.ground").joinpath(f"tables/{table}.csv").read_text(encoding="utf-8")
    names, *rows = csv.reader(text.splitlines())
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}


@cache
def outlines() -> dict[str, list[list[list[int]]]]:
    """Outlines of the countries as they are stored: by alpha-3 code, polygons of rings of steps.

    A ring is ``[x, y, dx, dy, dx, dy, ...]`` in hundredths of a degree of longitude and latitude; the first ring
    of a polygon is its outer one. `regions.country_outline` makes shapes of them.
    """
    text = files("obrii.ground").joinpath("tables/countries.json").read_text(encoding="utf-8")
    stored: dict[str, Any] = json.loads(text)
    return stored["countries"]
