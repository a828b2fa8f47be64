"""Terminals of an operator by country at a date, from what has been published of countries and of the world.

Where figures of a country are missing, it shares what is left of the world's total with others like it, by people.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from obrii.errors import ScenarioError, nearest
from obrii.ground import regions, shipped


@dataclass(frozen=True)
class _Counted:
    """Figures of the world or of a country, by date: day (figure,) datetime64[D], ascending; terminals (figure,) f8."""

    day: np.ndarray
    terminals: np.ndarray


def tables() -> list[str]:
    """Operators whose terminals are counted here.

    >>> tables()
    ['starlink']
    """
    return sorted(set(shipped.columns("terminals")["operator"].tolist()))


def source(table: str) -> str:
    """Where the figures of an operator come from, in a sentence.

    >>> source("starlink")
    'statements of the operator, regulators, press; 27 of 46 figures from memory: assumption (docs/ground-data.md)'
    """
    rows = shipped.columns("terminals")
    sure = rows["confidence"][rows["operator"] == table]
    guessed = int((sure == "assumption").sum())
    return (
        f"statements of the operator, regulators, press; {guessed} of {len(sure)} figures from memory: assumption "
        "(docs/ground-data.md)"
    )


def world_total(table: str, date: np.datetime64) -> float:
    """Terminals of an operator in the world at a date: growth between figures is steady, none before and after them.

    Raises ScenarioError with the nearest name where there is no such table.

    >>> round(world_total("starlink", np.datetime64("2022-12-19")))
    1000000
    """
    return _at(_counts(table)[""], date)


def terminals_by_country(table: str, date: np.datetime64, served: Collection[str] | None = None) -> dict[str, float]:
    """Terminals of an operator in each country that it serves at a date, by alpha-3 code.

    table: an operator of `tables`; served: alpha-3 codes, None for those that it is known to have served about then. A
    country with figures has its share of the world's total, which goes straight from one of its dates to the next, and
    stays before and after them; countries without share what is left by people [assumption]. Should those with figures
    hold more than there is, they are scaled down to it. Raises ScenarioError where there is no such table or country.

    >>> found = terminals_by_country("starlink", np.datetime64("2022-10-14"), ["UKR", "USA", "POL"])
    >>> sorted(found), round(found["UKR"]), round(sum(found.values()))
    (['POL', 'UKR', 'USA'], 20000, 772064)
    """
    counts = _counts(table)
    total = _at(counts[""], date)
    countries = served_at(table, date) if served is None else sorted(set(served))
    for code in countries:
        regions.check_country(code, "served")
    known = {code: total * _share(counts[code], counts[""], date) for code in countries if code in counts}
    people = {code: regions.country_people()[code] for code in countries if code not in counts}
    inhabitants, counted = sum(people.values()), sum(known.values())
    if counted > total:
        known = {code: count * total / counted for code, count in known.items()}
    left = max(0.0, total - counted)
    return known | {code: left * each / inhabitants for code, each in people.items()}


def served_at(table: str, date: np.datetime64) -> list[str]:
    """Countries that an operator served, by the dated table that is nearest to a date; alpha-3 codes, sorted.

    >>> [len(served_at("starlink", np.datetime64(date))) for date in ("2022-01-01", "2030-01-01")]
    [40, 171]
    """
    dated = [name for name in regions.served_tables() if name.rsplit("-", 2)[0] == table]
    if not dated:
        return regions.with_cells()
    away = [abs(_days(date) - _days(np.datetime64(name.removeprefix(f"{table}-"), "D"))) for name in dated]
    return list(regions.served(dated[int(np.argmin(away))]))


@cache
def _counts(table: str) -> dict[str, _Counted]:
    """Figures by country, those of the world under ""."""
    if table not in tables():
        hint = nearest(table, tables()) or f"; there are {', '.join(tables())}"
        raise ScenarioError(f"no table of terminals is called '{table}'{hint}")
    rows = shipped.columns("terminals")
    found = {}
    for code in np.unique(rows["country"][rows["operator"] == table]).tolist():
        here = np.flatnonzero((rows["operator"] == table) & (rows["country"] == code))
        day = rows["date"][here].astype("datetime64[D]")
        order = np.argsort(day)
        found[code] = _Counted(day[order], rows["terminals"][here][order].astype(np.float64))
    return found


def _at(counted: _Counted, date: np.datetime64) -> float:
    return float(np.exp(np.interp(_days(date), _days(counted.day), np.log(counted.terminals))))


def _share(counted: _Counted, world: _Counted, date: np.datetime64) -> float:
    shares = [count / _at(world, day) for day, count in zip(counted.day, counted.terminals, strict=True)]
    return float(np.interp(_days(date), _days(counted.day), shares))


def _days(date: Any) -> Any:
    return (date - np.datetime64("2020-01-01")) / np.timedelta64(1, "D")
