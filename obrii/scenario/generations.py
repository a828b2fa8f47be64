"""Satellites of an operator that were built alike, and how many lasers each of them has."""

from __future__ import annotations

import numpy as np

from obrii.errors import ScenarioError, nearest
from obrii.orbits.elements import Constellation
from obrii.scenario.parts import Generation, Operator


def generations(operator: Operator, satellites: Constellation) -> np.ndarray:
    """Name of every satellite's generation, empty where it is of none, (satellite,) str.

    Raises ScenarioError for a shell that is not there, for a generation that holds nothing that flies, and for a
    satellite of two.
    """
    found = np.full(len(satellites), len(operator.generation))
    for k, generation in enumerate(operator.generation):
        held = _held(operator, generation, satellites)
        twice = np.flatnonzero(held & (found < k))
        if len(twice):
            other = operator.generation[int(found[twice[0]])].name
            raise ScenarioError(
                f"operator '{operator.name}': generations '{other}' and '{generation.name}' both hold satellite "
                f"'{satellites.elements.name[twice[0]]}'{_more(len(twice) - 1)}; keep them apart"
            )
        found[held] = k
    return np.array([*(generation.name for generation in operator.generation), ""], np.str_)[found]


def terminals(operator: Operator, generation: np.ndarray, most: np.ndarray) -> np.ndarray:
    """How many lasers every satellite has, (satellite,) i4.

    generation: as `generations` gives them; most (satellite,): lasers of a satellite whose generation says nothing.
    """
    count = np.array(most, np.int32)
    for each in operator.generation:
        says = 0 if each.lasers == "none" else each.lasers_per_satellite
        if says is not None:
            count[generation == each.name] = says
    return count


def _held(operator: Operator, generation: Generation, satellites: Constellation) -> np.ndarray:
    """Satellites of a generation, (satellite,) bool."""
    where = f"operator '{operator.name}': generation '{generation.name}'"
    held = np.ones(len(satellites), np.bool_)
    shells = list(dict.fromkeys(satellites.shell.tolist()))
    for name in generation.shells:
        if name not in shells:
            hint = nearest(name, shells) or f"; there are {', '.join(each for each in shells if each)}"
            raise ScenarioError(f"{where}: no shell is called '{name}'{hint}")
    if generation.shells:
        held &= np.isin(satellites.shell, generation.shells)
    number = satellites.elements.catalogue_id
    if generation.numbered and not (number >= 0).any():
        raise ScenarioError(f"{where}: satellites laid out by rule have no catalogue numbers; name shells instead")
    if generation.catalogue_from is not None:
        held &= number >= generation.catalogue_from
    if generation.catalogue_to is not None:
        held &= (number >= 0) & (number <= generation.catalogue_to)
    if not held.any():
        span = f"; catalogue numbers are {number.min()} to {number.max()}" if generation.numbered else ""
        raise ScenarioError(f"{where}: holds no satellite that flies{span}")
    return held


def _more(count: int) -> str:
    return f" (and {count} more)" if count else ""
