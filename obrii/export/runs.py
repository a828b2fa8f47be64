"""The tables of a finished run, and what comparisons found, as files in a directory."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from obrii.export.files import check_formats, made_directory, write_tables, write_text
from obrii.results.comparison import Comparison
from obrii.results.comparison_summary import combined, definitions
from obrii.results.finished import FinishedRun

#: Name of the file that says what every number of a comparison means.
DEFINITIONS = "definitions.json"


def export_run(run: FinishedRun, directory: Path, formats: Sequence[str]) -> list[Path]:
    """Write every table of a run in other formats, and return the paths; as GeoJSON its cells, a map a variant."""
    wanted = check_formats(formats)
    return write_tables({name: run.table(name) for name in run.tables}, directory, wanted)


def export_comparisons(
    comparisons: Sequence[Comparison], directory: Path, formats: Sequence[str], said: Callable[[str], str] = str
) -> list[Path]:
    """Write the tables of some comparisons, and what every number means, and return the paths.

    A table has the rows of all comparisons; cells as GeoJSON have a map each. said: a meaning in the language of the
    reader.
    """
    wanted = check_formats(formats)
    meanings = {
        kind: {name: said(text) for name, text in texts.items()} for kind, texts in definitions(comparisons).items()
    }
    text = json.dumps(meanings, indent=1, ensure_ascii=False) + "\n"
    meaning = write_text(made_directory(directory) / DEFINITIONS, text)
    return [*write_tables(combined(comparisons), directory, wanted), meaning]
