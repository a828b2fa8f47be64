"""Comparisons as plain data: what `obrii compare --json` prints, and tables of several comparisons put together.

Rows of a table come comparison after comparison, with both variants in front. What has no value is null. The meaning
of every number goes with it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from obrii.results.compared import Columns
from obrii.results.comparison import DEFINITIONS, Case, Comparison

#: Form of the JSON; a key that changes its meaning or goes changes it.
SCHEMA_VERSION = 1

#: Tables that the JSON does not hold: a row a cell is for files.
_FOR_FILES = {"cells"}

#: What every number of a comparison has in common.
_GENERAL = {
    "before": "The variant that is compared with: intact, where nothing else is named.",
    "after": "The variant that is looked at.",
    "measured": (
        "The steps that count: those that start while an event of the variant after takes something away, until all "
        "of it is restored; where it only adds, while that acts; the whole run where no event does. Means, shares, "
        "gaps and delays are over these steps alone, on both sides."
    ),
    "counts": (
        "A place counts its terminals; its people where it has no terminals; its cells alike where it has neither."
    ),
}


def definitions(comparisons: Sequence[Comparison]) -> dict[str, dict[str, str]]:
    """What every number of some comparisons means, by kind of table and name of column."""
    usable = sorted({each.usable_bps for each in comparisons if each.usable_bps is not None})
    of_use = {"of use": f"{usable[0] / 1e6:g} Mb/s, as traffic.usable_bps of the scenario says."} if usable else {}
    found = {"general": {**_GENERAL, **of_use}, **DEFINITIONS}
    if not any("restored" in each.tables for each in comparisons):
        del found["restored"]
    return found


def content(comparisons: Sequence[Comparison]) -> dict[str, Any]:
    """What some comparisons say, as JSON holds it, all but the cells."""
    return {
        "schema_version": SCHEMA_VERSION,
        "comparisons": [
            {
                "before": _case(each.before),
                "after": _case(each.after),
                "measured": {
                    "steps": each.measured.steps,
                    "of": each.measured.of,
                    "seconds": each.measured.seconds,
                    "events": list(each.measured.events),
                },
                "usable_bps": each.usable_bps,
                "notices": list(each.notices),
                "area": rows(each.tables["area"])[0],
                **{name: rows(columns) for name, columns in each.tables.items() if name not in {"area", *_FOR_FILES}},
            }
            for each in comparisons
        ],
        "definitions": definitions(comparisons),
    }


def combined(comparisons: Sequence[Comparison]) -> dict[str, Columns]:
    """Tables of some comparisons, one after the other; variant_before and variant_after stand in front."""
    found: dict[str, Columns] = {}
    for name in comparisons[0].tables:
        parts = [_with_variants(each, name) for each in comparisons]
        found[name] = {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}
    return found


def rows(columns: Columns) -> list[dict[str, Any]]:
    """A table as a list of its rows; what has no value is None.

    >>> rows({"country": np.array(["UKR"]), "rtt_stretch": np.array([np.nan]), "people": np.array([5.0])})
    [{'country': 'UKR', 'rtt_stretch': None, 'people': 5.0}]
    """
    lists = {name: [_plain(value) for value in values.tolist()] for name, values in columns.items()}
    return [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _case(case: Case) -> dict[str, str]:
    return {"run": case.run, "variant": case.variant}


def _with_variants(comparison: Comparison, name: str) -> Columns:
    columns = comparison.tables[name]
    count = len(next(iter(columns.values())))
    sides = {"variant_before": comparison.before.variant, "variant_after": comparison.after.variant}
    return {**{key: np.full(count, variant) for key, variant in sides.items()}, **columns}
