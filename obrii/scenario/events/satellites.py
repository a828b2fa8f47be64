"""Satellites that fail."""

from __future__ import annotations

import numpy as np

from obrii.errors import ScenarioError
from obrii.network.outages import Change
from obrii.scenario.events.target import Target
from obrii.scenario.stage import Stage


def chosen(target: Target, stage: Stage) -> np.ndarray:
    """The satellites that a target means, (satellite,) bool."""
    sky = stage.constellation
    mask = target.narrow("operator", sky.operator) & target.narrow("shell", sky.shell)
    planes = target.numbers("planes")
    if planes is not None:
        missing = sorted(set(planes) - set(sky.plane[mask].tolist()) | {p for p in planes if p < 0})
        if missing:
            most = int(sky.plane[mask].max(initial=-1))
            span = f"planes are 0 to {most}" if most >= 0 else "a catalogue shows no planes"
            raise ScenarioError(f"{target.where}: there is no plane {missing[0]}; {span}")
        mask &= np.isin(sky.plane, planes)
    numbers = target.numbers("satellites")
    if numbers is not None:
        index = stage.satellite_index
        known = sky.elements.catalogue_id
        named = np.zeros(len(sky), bool)
        for number in numbers:
            # A catalogue number where the elements have them, else the index that ends the satellite's name.
            found = (known == number) if (known == number).any() else (index == number)
            if number < 0 or not (found & mask).any():
                raise ScenarioError(
                    f"{target.where}: no satellite has index or catalogue number {number} here; "
                    f"indices are 0 to {int(index[mask].max(initial=0))}"
                )
            named |= found
        mask &= named
    return mask


def off(target: Target, stage: Stage) -> Change:
    """Satellites off, with all their links. No key means every satellite."""
    return Change(satellite=chosen(target, stage))
