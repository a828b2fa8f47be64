"""Tables as files: Parquet and CSV, and cells as GeoJSON too, by format.

The same tables leave the same bytes. Parquet keeps NaN and whole numbers as they are; in CSV and GeoJSON what has no
value is empty or null, cells are hexadecimal, and times end in Z.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.csv
import pyarrow.parquet

from obrii.errors import ScenarioError, nearest
from obrii.export.geojson import cell_features, hexadecimal
from obrii.timegrid import instant

Columns = Mapping[str, np.ndarray]


def write_tables(tables: Mapping[str, Columns], directory: Path, formats: Sequence[str]) -> list[Path]:
    """Write every table in every format, and return the paths; maps hold cells alone, those of a variant each.

    tables: by name; one named `cells` has H3 ids under `cell`. Raises ScenarioError for a format that is not known, and
    where nothing can be written.
    """
    wanted = check_formats(formats)
    made_directory(directory)
    try:
        return [
            path
            for name, columns in tables.items()
            for each in wanted
            for path in FORMATS[each](columns, directory / name)
        ]
    except OSError as error:
        raise _unwritable(directory, error) from None


def check_formats(formats: Iterable[str]) -> list[str]:
    """The formats, each once; raises ScenarioError for one that is not known.

    >>> check_formats(["csv", "geojson", "csv"])
    ['csv', 'geojson']
    """
    for name in formats:
        if name not in FORMATS:
            hint = nearest(name, FORMATS) or f"; there are {', '.join(FORMATS)}"
            raise ScenarioError(f"export: no format '{name}'{hint}")
    return list(dict.fromkeys(formats))


def made_directory(directory: Path) -> Path:
    """The directory, made where it is not there; raises ScenarioError where it cannot be."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(directory, error) from None
    return directory


def write_text(path: Path, text: str) -> Path:
    """Write a file, and return its path; raises ScenarioError where it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from None
    return path


def _unwritable(path: Path, error: OSError) -> ScenarioError:
    return ScenarioError(f"{path}: cannot be written ({error.strerror or error}); name another directory")


def _parquet(columns: Columns, stem: Path) -> list[Path]:
    path = stem.with_name(f"{stem.name}.parquet")
    pyarrow.parquet.write_table(pyarrow.table(dict(columns)), path, compression="zstd")
    return [path]


def _csv(columns: Columns, stem: Path) -> list[Path]:
    path = stem.with_name(f"{stem.name}.csv")
    named = {name: pyarrow.array(_words(name, values), from_pandas=True) for name, values in columns.items()}
    pyarrow.csv.write_csv(pyarrow.table(named), path)
    return [path]


def _geojson(columns: Columns, stem: Path) -> list[Path]:
    """Cells of each variant after, or each variant, in a map of their own."""
    if stem.name != "cells":
        return []
    label = next(columns[name] for name in ("variant_after", "variant") if name in columns)
    names = list(dict.fromkeys(label.tolist()))
    stems = _file_names(names)
    return [
        write_text(
            stem.with_name(f"cells-{stems[name]}.geojson"),
            cell_features({key: values[label == name] for key, values in columns.items()}),
        )
        for name in names
    ]


def _words(name: str, values: np.ndarray) -> np.ndarray:
    """Values as a person reads them."""
    if name == "cell":
        return hexadecimal(values)
    if values.dtype.kind == "M":
        return np.array([instant(each) for each in values], np.str_)
    return values


def _file_names(names: Sequence[str]) -> dict[str, str]:
    """Parts of file names for some names: letters and digits of any language, each part once.

    >>> _file_names(["east off", "east, off", "схід вимкнено"])
    {'east off': 'east-off', 'east, off': 'east-off-2', 'схід вимкнено': 'схід-вимкнено'}
    """
    found: dict[str, str] = {}
    for name in names:
        plain = re.sub(r"\W+", "-", name).strip("-") or "variant"
        count, unique = 1, plain
        while unique in found.values():
            count += 1
            unique = f"{plain}-{count}"
        found[name] = unique
    return found


#: How to write a table under a name without an ending, by format; what a format does not hold leaves no file.
FORMATS: dict[str, Callable[[Columns, Path], list[Path]]] = {"parquet": _parquet, "csv": _csv, "geojson": _geojson}
