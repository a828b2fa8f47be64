"""The rate that each person gets where links are shared: max-min fair, the most important first.

Nobody can be given more without taking it from somebody of the same priority who has no more than he has. Rates are of
an active terminal, so that a cell with many people on the same beam gives each of them less.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from obrii.errors import ScenarioError
from obrii.kernels import flows


@dataclass(frozen=True)
class Ways:
    """The links that flows pass. A flow is the terminals of one group in one cell; arrays are read-only.

    own (flow,) i4: link of the beams of its cell, which groups of the cell share, and which is in no trunk; trunk
    (flow,) i4: the rest of its way, which flows of the same satellite and PoP share; ptr (trunk + 1,) i8, link (way,)
    i4: the links of each trunk, in any order. own and trunk may be -1 where there is no flow. Raises `ScenarioError`
    where these do not fit each other.
    """

    own: np.ndarray
    trunk: np.ndarray
    ptr: np.ndarray
    link: np.ndarray

    def __post_init__(self) -> None:
        for name, kind in (("own", np.int32), ("trunk", np.int32), ("ptr", np.int64), ("link", np.int32)):
            array = _read(getattr(self, name), kind)
            if array.ndim != 1:
                raise ScenarioError(f"ways: {name} has shape {array.shape}; give a list of whole numbers")
            object.__setattr__(self, name, array)
        if self.own.shape != self.trunk.shape:
            raise ScenarioError(
                f"ways: there are {self.own.size} own links and {self.trunk.size} trunks; give each flow one of both"
            )
        if self.ptr.size == 0 or self.ptr[0] != 0 or self.ptr[-1] != self.link.size or (np.diff(self.ptr) < 0).any():
            raise ScenarioError(f"ways: ptr must rise from 0 to {self.link.size}, the number of links in all trunks")
        if (self.trunk >= self.ptr.size - 1).any() or (self.trunk < -1).any():
            raise ScenarioError(f"ways: a flow takes a trunk that is not among the {self.ptr.size - 1} of ptr")
        if (self.link < 0).any() or (self.own < -1).any():
            raise ScenarioError("ways: a link is less than 0; give the index of its capacity")
        cells = np.zeros(self.least_links + 1, np.bool_)
        cells[self.own] = True
        cells[-1] = False
        if cells[self.link].any():
            raise ScenarioError(
                f"ways: link {self.link[cells[self.link]][0]} is the own link of a cell and part of a trunk; leave it"
                " out of the trunk"
            )

    def __len__(self) -> int:
        return self.own.size

    @property
    def least_links(self) -> int:
        """One more than the highest link on any way."""
        return 1 + max(int(self.own.max(initial=-1)), int(self.link.max(initial=-1)))


@dataclass(frozen=True)
class Allocation:
    """Who gets what; arrays are read-only.

    rate_bps (flow,) f8: of one active terminal [bit/s], NaN where there is none; bottleneck (flow,) i4: the full link
    that keeps it from more, -1 where a terminal gets what it asks or there is none; load_bps (link,) f8 [bit/s].
    """

    rate_bps: np.ndarray
    bottleneck: np.ndarray
    load_bps: np.ndarray

    def __post_init__(self) -> None:
        for array in vars(self).values():
            array.setflags(write=False)


def allocate(
    ways: Ways, weight: ArrayLike, asked_bps: ArrayLike, priority: ArrayLike, capacity_bps: ArrayLike
) -> Allocation:
    """Share links among active terminals, max-min fair, each priority over what the ones before it leave.

    weight (flow,): active terminals, 0 where there is no flow; asked_bps (flow,): what one of them asks at most
    [bit/s], inf where it takes what it gets; priority (flow,): 0 is served first, 127 last; capacity_bps (link,)
    [bit/s], inf where a link is never full. All may be given as one number for all. Of several full links on a way the
    own one is the bottleneck, else the lowest. Raises `ScenarioError` where shapes or numbers cannot be, or somebody
    asks without limit over a way without limit.

    A beam of 90 Mbit/s with ten terminals and one with two, over a satellite of 120 Mbit/s; each asks for 25 Mbit/s.
    The ten fill their beam, and the two share what the satellite has left:

    >>> ways = Ways(own=[0, 1], trunk=[0, 0], ptr=[0, 1], link=[2])
    >>> found = allocate(ways, [10, 2], 25e6, 0, [90e6, 90e6, 120e6])
    >>> found.rate_bps.tolist(), found.bottleneck.tolist(), found.load_bps.tolist()
    ([9000000.0, 15000000.0], [0, 2], [90000000.0, 30000000.0, 120000000.0])
    """
    capacity = _read(capacity_bps, np.float64)
    if capacity.ndim == 0:
        capacity = _read(np.full(ways.least_links, capacity), np.float64)
    if capacity.ndim != 1 or capacity.size < ways.least_links:
        raise ScenarioError(
            f"allocation: capacity_bps has shape {capacity.shape}; ways need one for each of {ways.least_links} links"
        )
    terminals, asked = _each("weight", weight, ways), _each("asked_bps", asked_bps, ways)
    order = _each("priority", priority, ways)
    if not ((terminals >= 0.0) & (terminals < np.inf)).all():
        raise ScenarioError("allocation: a weight is negative or not finite; give 0 where there is no flow")
    if not ((asked >= 0.0).all() and (capacity >= 0.0).all()):
        raise ScenarioError("allocation: a rate asked or a capacity is negative or no number; give inf for no limit")
    if not ((order >= 0.0) & (order <= 127.0) & (order == np.floor(order))).all():
        raise ScenarioError("allocation: a priority is not a whole number from 0 to 127; give 0 to who comes first")
    if (terminals[(ways.own < 0) | (ways.trunk < 0)] > 0.0).any():
        raise ScenarioError("allocation: a flow has terminals and no way; give it a weight of 0")
    found = shared(ways.own, ways.trunk, ways.ptr, ways.link, terminals, asked, _read(order, np.int8), capacity)
    if np.isinf(found.rate_bps).any():
        raise ScenarioError(
            f"allocation: flow {int(np.isinf(found.rate_bps).argmax())} asks without limit over links without limit; "
            "limit one"
        )
    return found


def shared(
    own: np.ndarray,
    trunk: np.ndarray,
    ptr: np.ndarray,
    link: np.ndarray,
    weight: np.ndarray,
    asked_bps: np.ndarray,
    priority: np.ndarray,
    capacity_bps: np.ndarray,
) -> Allocation:
    """The same for arrays that are known to be right: those of `Ways`, weight, asked_bps f8, priority i1, capacity_bps.

    A rate is inf where somebody asks without limit over a way without limit.
    """
    rate, bound, load = np.empty(own.size), np.empty(own.size, np.int32), np.empty(capacity_bps.size)
    # Always read-only: a kernel is compiled once more for arrays that may be written.
    given = [array.view() for array in (own, trunk, ptr, link, weight, asked_bps, priority, capacity_bps)]
    for array in given:
        array.setflags(write=False)
    found = (rate, bound, load)
    flows.max_min(*(*given, *found))
    return Allocation(*found)


def _read(values: ArrayLike, kind: type) -> np.ndarray:
    array: np.ndarray = np.asarray(values, kind, order="C").view()
    array.setflags(write=False)
    return array


def _each(name: str, values: ArrayLike, ways: Ways) -> np.ndarray:
    given = np.asarray(values, np.float64)
    if given.shape == (len(ways),):
        return _read(given, np.float64)
    if given.shape:
        raise ScenarioError(
            f"allocation: {name} has shape {given.shape}; for {len(ways)} flows it must be ({len(ways)},)"
        )
    return _read(np.broadcast_to(given, (len(ways),)), np.float64)
