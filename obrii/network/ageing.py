"""Satellites that grow old while nobody launches any: some fail on any day, and the rest are brought down in time.

       1 ┤──.__                       failures: a share of those alive, every day
  alive  │     ‾‾──.__
         │            \\              retirement: evenly over the ages of the lifetime
       0 ┼─────────────\\───────►
                      4  6 years of age

Every satellite has the day on which it ends, drawn once: who is lost by a date is lost by every later one.
"""

from __future__ import annotations

import numpy as np

from obrii.errors import ScenarioError
from obrii.network import draws

#: Share of the satellites alive that fail on a day [assumption]: 1.1 of 8,600. One or two satellites of Starlink came
#: down each day in 2025, those that had served their time too (J. McDowell, EarthSky, October 2025).
RATE_PER_DAY = 1.28e-4

#: Ages at which the first and the last of a launch are brought down [years, assumption]: five years, for which they
#: are built and after which they are replaced (the same), and one more or less.
LIFETIME_YEARS = (4.0, 6.0)

#: Days in a year of the Gregorian calendar, on average.
DAYS_PER_YEAR = 365.2425


def chance_alive(
    age_days: np.ndarray,
    days: np.ndarray | float,
    rate_per_day: float = RATE_PER_DAY,
    lifetime_years: tuple[float, float] | None = LIFETIME_YEARS,
) -> np.ndarray:
    """Probability that satellites which are alive now are so after some days: as age_days and days broadcast, f8.

    age_days: ages now [days]; days: from now, 0 or more; rate_per_day: share of those alive that fail on a day;
    lifetime_years: ages between which they are brought down, evenly [years], None for never. One that is older than the
    last of them is brought down at once.

    Raises ScenarioError for a rate outside 0 to 1 and a lifetime that ends before it begins.

    >>> chance_alive(np.zeros(5), np.array([0, 1, 3, 5, 6]) * DAYS_PER_YEAR).round(3).tolist()
    [1.0, 0.954, 0.869, 0.396, 0.0]
    """
    _check(rate_per_day, lifetime_years)
    age_days, days = np.broadcast_arrays(np.asarray(age_days, float), np.asarray(days, float))
    unfailed = (1.0 - rate_per_day) ** days
    if lifetime_years is None:
        return unfailed
    first_days, last_days = (years * DAYS_PER_YEAR for years in lifetime_years)
    # Who is alive now has not been brought down yet: what is left of the lifetime counts as the whole of it.
    now = np.clip(age_days, first_days, last_days)
    then = np.clip(age_days + days, now, last_days)
    kept = np.divide(last_days - then, last_days - now, out=np.ones(days.shape), where=now < last_days)
    return np.where(age_days + days < last_days, unfailed * kept, 0.0)


def last_day(
    seed: int,
    name: str,
    age_days: np.ndarray,
    rate_per_day: float = RATE_PER_DAY,
    lifetime_years: tuple[float, float] | None = LIFETIME_YEARS,
) -> np.ndarray:
    """How long every satellite has left: (satellite,) f8 [days from now], inf for ever.

    seed, name: of the draw (`draws.chances`); age_days (satellite,): ages now [days]; the rest as in `chance_alive`,
    of which this is a drawing. A higher rate ends every satellite as early or earlier.

    >>> last_day(1, "ageing", np.zeros(3)).round(0).tolist()
    [2062.0, 1636.0, 1909.0]
    """
    _check(rate_per_day, lifetime_years)
    age_days = np.asarray(age_days, float)
    failing = draws.chances(seed, f"{name}: failures", len(age_days))
    # At a rate of 1 everyone fails at once; at next to none nobody ever does.
    with np.errstate(divide="ignore", over="ignore"):
        failed = np.log1p(-failing) / np.log1p(-rate_per_day) if rate_per_day else np.full(len(age_days), np.inf)
    if lifetime_years is None:
        return failed
    retiring = draws.chances(seed, f"{name}: retirement", len(age_days))
    first_days, last_days = (years * DAYS_PER_YEAR for years in lifetime_years)
    now = np.clip(age_days, first_days, last_days)
    retired = np.maximum(now + retiring * (last_days - now) - age_days, 0.0)
    return np.asarray(np.minimum(failed, retired))


def alive(last_day: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Who is alive after some days: (time, satellite) bool.

    last_day (satellite,), as the function of that name gives it; days (time,), from now.

    >>> alive(np.array([10.0, 400.0]), np.array([0.0, 10.0, 365.0])).tolist()
    [[True, True], [False, True], [False, True]]
    """
    return np.asarray(days, float)[:, None] < np.asarray(last_day)


def _check(rate_per_day: float, lifetime_years: tuple[float, float] | None) -> None:
    draws.check_share(rate_per_day, "ageing", "rate_per_day")
    if lifetime_years is not None and not 0.0 <= lifetime_years[0] <= lifetime_years[1] < np.inf:
        first, last = lifetime_years
        raise ScenarioError(f"ageing: lifetime_years is {first:g} to {last:g}; give the shorter first, 0 or more years")
