"""Satellites that fail."""

from __future__ import annotations

import numpy as np

from obrii.errors import ScenarioError
from obrii.network.outages import Change
from obrii.scenario.events.target import Target
from obrii.scenario.stage import Stage


def off(target: Target, stage: Stage) -> Change:
    """Satellites off, with all their links. No key means every satellite."""
    sky = stage.constellation
    mask = target.narrow("operator", sky.operator) & target.narrow("shell", sky.shell)
    planes = target.numbers("planes")
    if planes is not None:
        missing = sorted(set(planes) - set(sky.plane[mask].tolist()) | {plane for plane in planes if plane < 0})
        if missing:
            most = int(sky.plane[mask].max(initial=-1))
            span = f"planes are 0 to {most}" if most >= 0 else "a catalogue shows no planes"
            raise ScenarioError(f"{target.where}: there is no plane {missing[0]}; {span}")
        mask &= np.isin(sky.plane, planes)
    numbers = target.numbers("satellites")
    if numbers is not None:
        mask &= _numbered(target, stage, numbers, mask)
    return Change({"satellite": mask})


def _numbered(target: Target, stage: Stage, numbers: list[int], among: np.ndarray) -> np.ndarray:
    """Satellites by number: a catalogue number where the elements have it, else the index that ends the name."""
    index, catalogue = stage.satellite_index, stage.constellation.elements.catalogue_id
    named = np.zeros(len(index), bool)
    for number in numbers:
        found = (catalogue == number) if (catalogue == number).any() else (index == number)
        if number < 0 or not (found & among).any():
            raise ScenarioError(
                f"{target.where}: no satellite has index or catalogue number {number} here; "
                f"indices are 0 to {int(index[among].max(initial=0))}"
            )
        named |= found
    return named
