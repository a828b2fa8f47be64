"""What is on at an instant: masks over everything that can fail, composed from what each event touches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

import numpy as np


@dataclass(frozen=True)
class Outages:
    """What is on at an instant in a variant; arrays are read-only.

    satellite (satellite,); laser (laser,): links of fixed patterns; site (site,); fibre (fibre,); core (operator,): the
    control plane; service (operator, group + 1, cell): permission, the last row for anyone who may switch a dish on;
    there (site,): the site exists, on or off, as a planned one does not until it is added; present (group,): its
    terminals are in the field; laser_end (2, satellite): lasers of satellites that choose their links anew, within
    their plane and to other planes, so that a link which is chosen while an event acts is out too. Each bool.
    """

    satellite: np.ndarray
    laser: np.ndarray
    site: np.ndarray
    fibre: np.ndarray
    core: np.ndarray
    service: np.ndarray
    there: np.ndarray
    present: np.ndarray
    laser_end: np.ndarray

    def __post_init__(self) -> None:
        for field in fields(self):
            array = np.array(getattr(self, field.name), dtype=np.bool_)
            array.setflags(write=False)
            object.__setattr__(self, field.name, array)


@dataclass(frozen=True)
class Change:
    """What one event touches: masks by the names of `Outages`, switched off, or on where `adds`."""

    masks: Mapping[str, np.ndarray]
    adds: bool = False


def compose(base: Outages, changes: Iterable[Change]) -> Outages:
    """What is on while all `changes` hold, in whatever order they come.

    What is added is on, unless something else switches it off: off while any event says so.

    >>> one = np.ones(2, bool)
    >>> base = Outages(one, one, one, one, one, one, one, one, one)
    >>> compose(base, [Change({"satellite": np.array([True, False])})]).satellite.tolist()
    [False, True]
    """
    changes = list(changes)
    on = {field.name: getattr(base, field.name).copy() for field in fields(base)}
    for change in changes:
        if change.adds:
            for name, mask in change.masks.items():
                on[name] |= mask
    for change in changes:
        if not change.adds:
            for name, mask in change.masks.items():
                on[name] &= ~mask
    return replace(base, **on)
