"""Groups of terminals that share a fate: how many of each stand in every cell."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h3.api.numpy_int as h3
import numpy as np

from obrii import frames
from obrii.errors import DataError, ScenarioError
from obrii.ground import gazetteer, polygons

#: Columns of a file of places.
COLUMNS = ("latitude_deg", "longitude_deg", "count")


_DTYPES: dict[str, Any] = {
    "name": np.str_, "count": np.float64, "home": np.str_, "planned": np.bool_, "listed": np.bool_, "of": np.int64,
    "part_of": np.str_,
}  # fmt: skip


@dataclass(frozen=True)
class Groups:
    """Terminals by group and cell; arrays are read-only.

    name (group,) str; operators: for each group the indices of its operators, the preferred first; count
    (group, cell) f8, expected terminals (a share of one where few are spread over many cells); home (group,) str, the
    country whose PoPs they use, empty for that of the cell; planned (group,) bool: not in the field until added; listed
    (group,) bool: let in where only listed ones are; of (group,) i8, part_of (group,) str: which of the groups of the
    scenario each is, or is a part of, and its name; events: of each, those that touch this part of its group alone.
    """

    name: np.ndarray
    operators: tuple[tuple[int, ...], ...]
    count: np.ndarray
    home: np.ndarray
    planned: np.ndarray
    listed: np.ndarray
    of: np.ndarray
    part_of: np.ndarray
    events: tuple[frozenset[str], ...]

    def __post_init__(self) -> None:
        for field, dtype in _DTYPES.items():
            array = np.ascontiguousarray(getattr(self, field), dtype=dtype)
            array.setflags(write=False)
            object.__setattr__(self, field, array)

    def __len__(self) -> int:
        return len(self.name)


def spread(count: float, weight: np.ndarray, where: str) -> np.ndarray:
    """Terminals laid on cells in proportion to a weight, (cell,) f8.

    Raises ScenarioError, naming `where`, if no cell has any weight.

    >>> spread(10, np.array([3.0, 1.0, 0.0]), "terminals").tolist()
    [7.5, 2.5, 0.0]
    """
    total = weight.sum()
    if not total > 0:
        raise ScenarioError(
            f"{where}: nobody lives where its operators may serve, so nothing is spread; use spread = 'area' or csv"
        )
    return count * weight / total


@dataclass(frozen=True)
class Placed:
    """Terminals on cells, and what had to be moved there.

    count (cell,) f8; places, terminals: how many of each stood outside the area, on water or over a border; away_m: how
    far the farthest of them stood from the centre of the cell that it counts in.
    """

    count: np.ndarray
    places: int
    terminals: float
    away_m: float


def from_places(path: Path, ids: np.ndarray, within_km: float = 50.0) -> Placed:
    """Terminals of a CSV file of places, laid on the cells they stand in.

    path: columns latitude_deg, longitude_deg, count; ids (cell,) u8 H3 ids of one resolution, sorted; within_km: how
    far outside the area a place may stand, at most, to count in its nearest cell [assumption].
    Raises ScenarioError where there is no file, DataError with the line where a row is wrong.
    """
    latitude, longitude, count, line = _rows(path)
    home = gazetteer.home_cells(latitude, longitude, ids)
    away_m = frames.great_circle_m(latitude, longitude, *polygons.centres(ids[home]))
    resolution = h3.get_resolution(int(ids[0]))
    points = zip(latitude.tolist(), longitude.tolist(), strict=True)
    own = np.array([h3.latlng_to_cell(*point, resolution) for point in points], np.uint64)
    moved = own != ids[home]
    far = moved & (away_m > 1e3 * within_km)
    if far.any():
        row = int(np.argmax(far))
        raise DataError(
            f"{path.name}: line {line[row]:g}: {latitude[row]:g}, {longitude[row]:g} is more than {within_km:g} km "
            f"outside the area; move it or widen the area"
        )
    laid = np.bincount(home, count, len(ids)).astype(np.float64)
    return Placed(laid, int(moved.sum()), float(count[moved].sum()), float(away_m[moved].max(initial=0.0)))


def _rows(path: Path) -> np.ndarray:
    """Latitude, longitude, count and line of every row, (4, row)."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
            if missing:
                raise DataError(f"{path.name}: line 1: no column '{missing[0]}'; columns are {', '.join(COLUMNS)}")
            rows = [(*_row(path, reader.line_num, row), reader.line_num) for row in reader]
    except FileNotFoundError:
        raise ScenarioError(f"{path}: no such file; give a CSV of {', '.join(COLUMNS)}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read as UTF-8 text ({error})") from None
    if not rows:
        raise DataError(f"{path.name}: holds no place; give at least one row of {', '.join(COLUMNS)}")
    return np.array(rows).T


def _row(path: Path, line: int, row: dict[str, str]) -> tuple[float, float, float]:
    try:
        latitude, longitude, count = (float(row[column]) for column in COLUMNS)
    except (TypeError, ValueError):
        raise DataError(f"{path.name}: line {line}: {list(row.values())}; give three numbers") from None
    if not (abs(latitude) <= 90 and -180 <= longitude <= 360 and 0 <= count < np.inf):
        raise DataError(f"{path.name}: line {line}: latitude is -90 to 90, longitude -180 to 360, count from 0")
    return latitude, longitude, count
