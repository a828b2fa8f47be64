"""The most cells that satellites and antennas can serve in a slot, by solvers that know nothing of our scheduler."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_matrix
from scipy.sparse.csgraph import maximum_flow


@dataclass(frozen=True)
class Choices:
    """Who could be carried by whom in a slot.

    cell, satellite (use,): cells and the satellites that they see and that could land them; pop (cell,) of each cell;
    lander, gateway (landing,): satellites and gateways in their sight; fibre (pop, gateway) bool; antennas (gateway,)
    inf without limit; satellites: how many; capacity (satellite,): cells that each can serve.
    """

    cell: np.ndarray
    satellite: np.ndarray
    pop: np.ndarray
    lander: np.ndarray
    gateway: np.ndarray
    fibre: np.ndarray
    antennas: np.ndarray
    satellites: int
    capacity: np.ndarray


def flow(slot: Choices) -> int:
    """The most cells if an antenna followed every satellite: a maximum flow, by SciPy."""
    cells = len(slot.pop)
    source, first, sink = cells, cells + 1, cells + 1 + slot.satellites
    tail = np.concatenate([np.full(cells, source), slot.cell, first + np.arange(slot.satellites)])
    head = np.concatenate([np.arange(cells), first + slot.satellite, np.full(slot.satellites, sink)])
    room = np.concatenate([np.ones(cells + len(slot.cell)), slot.capacity]).astype(np.int32)
    graph = csr_matrix((room, (tail, head)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(graph, source, sink).flow_value)


def programme(slot: Choices, whole: bool) -> float:
    """The most cells of any pointing of the antennas, by HiGHS; not whole: the linear bound above it.

    One unknown for each use, and one for each landing: whether an antenna there follows the satellite. Linear, an
    antenna may follow several satellites in parts, so that no schedule serves more than the bound.
    """
    uses, landings, cells = len(slot.cell), len(slot.lander), len(slot.pop)
    if not uses or not landings:
        return 0.0
    use, landing = np.arange(uses), uses + np.arange(landings)
    # A cell uses a satellite only where a gateway that follows it has fibre to the cell's PoP.
    order = np.argsort(slot.lander, kind="stable")
    begin = np.searchsorted(slot.lander[order], np.arange(slot.satellites + 1))
    count = np.diff(begin)[slot.satellite]
    of_use = np.repeat(use, count)
    step = np.arange(len(of_use)) - np.repeat(np.cumsum(count) - count, count)
    at = order[begin[slot.satellite[of_use]] + step]
    leads = slot.fibre[slot.pop[slot.cell[of_use]], slot.gateway[at]]
    blocks = (
        (cells, [(slot.cell, use, 1.0)], np.ones(cells)),
        (slot.satellites, [(slot.lander, landing, 1.0)], np.ones(slot.satellites)),
        (
            slot.satellites,
            [(slot.satellite, use, 1.0), (slot.lander, landing, -slot.capacity[slot.lander].astype(float))],
            np.zeros(slot.satellites),
        ),
        (len(slot.antennas), [(slot.gateway, landing, 1.0)], slot.antennas),
        (uses, [(use, use, 1.0), (of_use[leads], uses + at[leads], -1.0)], np.zeros(uses)),
    )
    rows, columns, values, most, first = [], [], [], [], 0
    for height, entries, limit in blocks:
        for row, column, value in entries:
            rows.append(first + row)
            columns.append(column)
            values.append(np.full(len(row), value))
        most.append(limit)
        first += height
    matrix = coo_array(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(first, uses + landings)
    )
    found = milp(
        np.concatenate([-np.ones(uses), np.zeros(landings)]),
        constraints=LinearConstraint(matrix.tocsc(), ub=np.concatenate(most)),
        integrality=np.full(uses + landings, int(whole)),
        bounds=Bounds(0, 1),
    )
    return -float(found.fun)
