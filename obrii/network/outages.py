"""What is off at an instant: masks over everything that can fail, composed from what each event touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True)
class Outages:
    """What is on at an instant in a variant; arrays are read-only.

    satellite_on (satellite,) bool; laser_on (laser,) bool; site_on (site,) bool.
    """

    satellite_on: np.ndarray
    laser_on: np.ndarray
    site_on: np.ndarray

    def __post_init__(self) -> None:
        for field in fields(self):
            array = np.ascontiguousarray(getattr(self, field.name), dtype=np.bool_)
            array.setflags(write=False)
            object.__setattr__(self, field.name, array)


@dataclass(frozen=True)
class Change:
    """What one event touches: the masks it switches off. A mask that is None is not touched.

    satellite (satellite,) bool; laser (laser,) bool; site (site,) bool.
    """

    satellite: np.ndarray | None = None
    laser: np.ndarray | None = None
    site: np.ndarray | None = None


def compose(base: Outages, changes: Iterable[Change]) -> Outages:
    """What is left on of `base` while all `changes` hold: off while any of them says so, in any order.

    >>> base = Outages(np.ones(3), np.ones(0), np.ones(0))
    >>> compose(base, [Change(satellite=np.array([True, False, False]))]).satellite_on.tolist()
    [False, True, True]
    """
    on = {name: getattr(base, f"{name}_on").copy() for name in ("satellite", "laser", "site")}
    for change in changes:
        for name, mask in on.items():
            touched = getattr(change, name)
            if touched is not None:
                mask &= ~touched
    return Outages(on["satellite"], on["laser"], on["site"])
