"""What can go wrong, as a tree.

    ObriiError
    ├── ScenarioError   a file or an argument says something impossible
    ├── DataError       an input file is malformed: path, line, what was expected
    └── ModelError      a physical precondition fails: satellite below ground, epoch too far

A message says where, what, and what instead, in one sentence.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

#: Letters that a short form has at least: fewer begin too many words.
_SHORT_FORM = 4


class ObriiError(Exception):
    """Anything this package refuses to do."""


class ScenarioError(ObriiError):
    """A scenario file or an argument says something impossible."""


class DataError(ObriiError):
    """An input file is malformed."""


class ModelError(ObriiError):
    """A physical precondition of a model fails."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint ``; did you mean '...'?``, or nothing where no known word is near.

    A word that a known one begins with is its short form, and goes before a slip of the pen.

    >>> nearest("min_elevaton_deg", ["min_elevation_deg", "name"])
    "; did you mean 'min_elevation_deg'?"
    >>> nearest("starlink-2023", ["starlink-2026", "starlink-2023-10"])
    "; did you mean 'starlink-2023-10'?"
    >>> nearest("zzz", ["name"])
    ''
    """
    by_lower = {name.lower(): name for name in known}
    longer = [name for name in by_lower if len(word) >= _SHORT_FORM and name.startswith(word.lower())]
    found = longer or difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return f"; did you mean '{by_lower[min(found, key=len)]}'?" if found else ""
