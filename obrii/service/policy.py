"""Who may be served, by whom, and from which PoP."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Light in vacuum is this much faster than in fibre: 2c/3, the field's usual figure [assumption]; ITU-T G.652 fibre
#: has an index of 1.468.
FIBRE_SLOWDOWN = 1.5


@dataclass(frozen=True)
class Homes:
    """Lists of home PoPs, each in the order in which one takes over from another."""

    lists: tuple[tuple[int, ...], ...]

    def now(self, pop_on: np.ndarray) -> np.ndarray:
        """The PoP that each list uses: the first of it that is on, -1 where none is.

        pop_on: (pop,) bool. Returns (list,) i4.

        >>> Homes(((0, 1), (2,))).now(np.array([False, True, False])).tolist()
        [1, -1]
        """
        return np.array([next((pop for pop in order if pop_on[pop]), -1) for order in self.lists], np.int32)


@dataclass(frozen=True)
class Network:
    """What one operator has on the ground, and whom it may serve.

    gateways (gateway,), pops (pop,): site indices; antennas (gateway,) i4, -1 without limit; antenna_span (2, gateway)
    i8: from and to where those of each stand on the axis of all, of which those without limit have none; cable_m
    (pop, gateway) f8, length of fibre; first_fibre: where its fibres begin on the axis of all fibres, one PoP after
    another; homes: lists of PoPs; home (cell,) i4: the list of each cell; group_home (group, cell) i4: the list of each
    group's terminals in the cells of the area; licensed (cell,) bool, before any event; capacity (satellite,) i4: cells
    that each can serve; lasers: whether it has any.
    """

    gateways: np.ndarray
    pops: np.ndarray
    antennas: np.ndarray
    antenna_span: np.ndarray
    cable_m: np.ndarray
    first_fibre: int
    homes: Homes
    home: np.ndarray
    group_home: np.ndarray
    licensed: np.ndarray
    capacity: np.ndarray
    lasers: bool

    def antennas_on(self, antenna_on: np.ndarray) -> np.ndarray:
        """How many antennas of each gateway are on, -1 without limit, (gateway,) i4.

        antenna_on (antenna,) bool, of all operators.
        """
        begin, end = np.concatenate([[0], np.cumsum(antenna_on)])[self.antenna_span]
        return np.where(self.antennas < 0, -1, end - begin).astype(np.int32)

    def fibre_m(self, site_on: np.ndarray, fibre_on: np.ndarray) -> np.ndarray:
        """Light path of equal delay of every fibre, inf where it or an end of it is off, (pop, gateway) f8 [m].

        site_on (site,) bool; fibre_on (fibre,) bool, of all operators.
        """
        on = fibre_on[self.first_fibre : self.first_fibre + self.cable_m.size].reshape(self.cable_m.shape)
        on = on & site_on[self.pops][:, None] & site_on[self.gateways]
        return np.where(on, FIBRE_SLOWDOWN * self.cable_m, np.inf)
