"""What is on at an instant: masks over everything that can fail, composed from what each event touches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

import numpy as np

from obrii.network.changes import Change

#: What is no mask of on and off: shares from 0 to 1, and rates.
_NUMBERS = ("present", "limit_bps")


@dataclass(frozen=True)
class Outages:
    """What is on at an instant in a variant; arrays are read-only.

    satellite (satellite,); laser (laser,): links of fixed patterns; site (site,); fibre (fibre,); core (operator,
    group + 1, cell): the control plane; service (operator, group + 1, cell): permission; the last row of both is for
    anyone who may switch a dish on; there (site,): the site exists, on or off, as a planned one does not until it is
    added; laser_end (2, satellite): lasers of satellites that choose their links anew, within their plane and to other
    planes, so that a link which is chosen while an event acts is out too; listed (operator, group + 1, cell): terminals
    that the operator lets in; antenna (antenna,): of gateways with so many, one site after another; licensed
    (operator, cell): where each may serve. Each bool. present
    (group,) f8: share of the terminals that are in the field; limit_bps (operator, group + 1, cell) f8: what one
    terminal gets at most, None where nothing is limited.
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
    listed: np.ndarray
    antenna: np.ndarray
    licensed: np.ndarray
    limit_bps: np.ndarray | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if value is not None:
                dtype = np.dtype(np.float64 if field.name in _NUMBERS else np.bool_)
                if _settled(value, dtype):
                    continue
                array = np.array(value, dtype=dtype)
                array.setflags(write=False)
                object.__setattr__(self, field.name, array)


def _settled(value: object, dtype: np.dtype) -> bool:
    """Whether nobody can write into an array of the right kind, so that it may be shared."""
    return isinstance(value, np.ndarray) and value.dtype == dtype and value.base is None and not value.flags.writeable


def compose(base: Outages, changes: Iterable[Change]) -> Outages:
    """What is on while all `changes` hold, in whatever order they come.

    What is added is on, unless something else switches it off: off while any event says so. Of several limits the
    lowest holds.

    >>> base = Outages(*[np.ones(2)] * 12)
    >>> compose(base, [Change({"satellite": np.array([True, False])})]).satellite.tolist()
    [False, True]
    """
    changes = list(changes)
    on = {field.name: getattr(base, field.name) for field in fields(base)}
    for change in changes:
        if change.adds:
            for name, mask in change.masks.items():
                on[name] = np.maximum(on[name], mask)
    for change in changes:
        if not change.adds:
            for name, mask in change.masks.items():
                if name in _NUMBERS:
                    limit_bps = np.where(mask, change.limit_bps, np.inf)
                    on[name] = limit_bps if on[name] is None else np.minimum(on[name], limit_bps)
                else:
                    on[name] = on[name] & ~mask
    return replace(base, **on)
