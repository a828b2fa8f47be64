"""The files that a scenario reads: whatever it names that lies there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from obrii.orbits import fetch
from obrii.scenario.fleet import CELESTRAK
from obrii.scenario.model import Scenario


def inputs(scenario: Scenario) -> dict[str, Path]:
    """Every file that a scenario may read, by the name that it has there: catalogues, outlines, lines, tables.

    A word that happens to be the name of a file counts too: better one too many than a change that nobody sees.

    >>> from obrii import Scenario
    >>> inputs(Scenario.preset("ukraine-autumn-2022"))
    {}
    """
    found = {}
    for word in _words(scenario.model_dump(mode="python", by_alias=True, exclude_none=True)):
        group = word.removeprefix(CELESTRAK)
        path = fetch.cached(group, fetch.default_cache()) if group != word else scenario.folder / word
        # Unlike a path, this knows that no file is called by a word that no file can be called by.
        if os.path.isfile(path):  # noqa: PTH113
            found[word] = path
    return found


def _words(value: Any) -> Iterator[str]:
    """Every text in tables and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _words(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _words(each)
