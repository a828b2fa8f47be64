"""The graph of one slot: satellites, sites, and the links that are there now.

A snapshot is built from its own slot's ranges and masks and remembers nothing: a link that is absent in one slot may
come, or fail, in the next.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from obrii.errors import ScenarioError
from obrii.kernels import graph

#: Shortest light path of a link [m]. Assumption: far below any real link. It keeps sums of float32 lengths exact in
#: float64 (see `kernels.paths`), and no step is free.
MIN_LENGTH_M = 1.0


@dataclass(frozen=True)
class Snapshot:
    """Nodes and links of one slot in compressed rows; satellites come first, then sites; arrays are read-only.

    ptr (node+1,) i8: the row of node i is ptr[i] to ptr[i + 1]; node (edge,) i4: neighbours, ascending in a row, every
    link in both rows; length_m (edge,) f4: light path of the link [m], at least `MIN_LENGTH_M`; relays (node,) bool:
    may a packet pass through; n_satellites: how many of the nodes are satellites.
    """

    ptr: np.ndarray
    node: np.ndarray
    length_m: np.ndarray
    relays: np.ndarray
    n_satellites: int

    _DTYPES = {"ptr": np.int64, "node": np.int32, "length_m": np.float32, "relays": np.bool_}

    def __post_init__(self) -> None:
        for field, dtype in self._DTYPES.items():
            object.__setattr__(self, field, _array(getattr(self, field), dtype))
        n_nodes = len(self.relays)
        if not 0 <= self.n_satellites <= n_nodes:
            raise ScenarioError(f"snapshot: {self.n_satellites} satellites do not fit among {n_nodes} nodes")
        _check_rows("snapshot: ptr", self.ptr, n_nodes, len(self.node))
        _check_index("snapshot: node", self.node, n_nodes, "nodes")
        _check_shape("snapshot: length_m", self.length_m, self.node.shape)
        fair = (self.length_m >= MIN_LENGTH_M) & (self.length_m < np.inf)
        if not fair.all():
            edge = int(np.argmin(fair))
            raise ScenarioError(
                f"snapshot: a light path to node {self.node[edge]} is {self.length_m[edge]} m long;"
                f" it must be finite and at least {MIN_LENGTH_M} m"
            )

    def __len__(self) -> int:
        return len(self.relays)

    @property
    def n_sites(self) -> int:
        """How many of the nodes are sites; site i is node n_satellites + i."""
        return len(self) - self.n_satellites


def snapshot(
    n_satellites: int,
    laser_a: ArrayLike,
    laser_b: ArrayLike,
    laser_range_m: ArrayLike,
    site_ptr: ArrayLike,
    site_satellite: ArrayLike,
    site_range_m: ArrayLike,
    site_relays: ArrayLike,
    satellite_on: ArrayLike,
    laser_on: ArrayLike,
    site_on: ArrayLike,
) -> Snapshot:
    """The graph of one slot, from its lasers and sight lines; what is off has no links at all.

    laser_a, laser_b (laser,): satellites at both ends; laser_range_m (laser,) [m], NaN where the link is not there;
    site_ptr (site+1,), site_satellite (sight,), site_range_m (sight,) [m]: sight lines of site i are site_ptr[i] to
    site_ptr[i + 1]; site_relays (site,): may a packet pass through between two satellites; satellite_on (satellite,),
    laser_on (laser,), site_on (site,). Ranges are held as float32. Raises `ScenarioError` where shapes, indices or
    ranges cannot be.

    >>> s = snapshot(2, [0], [1], [2e6], [0, 1, 2], [0, 1], [6e5, 7e5], [False, False], [True] * 2, [True], [True] * 2)
    >>> [s.node[s.ptr[i] : s.ptr[i + 1]].tolist() for i in range(len(s))]
    [[1, 2], [0, 3], [0], [1]]
    >>> s.relays.tolist()
    [True, True, False, False]
    """
    a, b = _array(laser_a, np.int32), _array(laser_b, np.int32)
    laser_m, lit = _array(laser_range_m, np.float32), _array(laser_on, np.bool_)
    rows, seen = _array(site_ptr, np.int64), _array(site_satellite, np.int32)
    sight_m, relaying = _array(site_range_m, np.float32), _array(site_relays, np.bool_)
    satellites, sites = _array(satellite_on, np.bool_), _array(site_on, np.bool_)

    _check_shape("snapshot: satellite_on", satellites, (n_satellites,))
    for name, array in (("laser_b", b), ("laser_range_m", laser_m), ("laser_on", lit)):
        _check_shape(f"snapshot: {name}", array, a.shape)
    _check_index("snapshot: laser_a", a, n_satellites, "satellites")
    _check_index("snapshot: laser_b", b, n_satellites, "satellites")
    if (a == b).any():
        raise ScenarioError(f"snapshot: laser {int(np.argmax(a == b))} joins a satellite to itself, not to another")
    _check_shape("snapshot: site_relays", relaying, sites.shape)
    _check_rows("snapshot: site_ptr", rows, len(sites), len(seen))
    _check_index("snapshot: site_satellite", seen, n_satellites, "satellites")
    _check_shape("snapshot: site_range_m", sight_m, seen.shape)

    ptr = np.empty(n_satellites + len(sites) + 1, np.int64)
    node = np.empty(2 * (len(a) + len(seen)), np.int32)
    length_m = np.empty(len(node), np.float32)
    edges = graph.link_graph(a, b, laser_m, rows, seen, sight_m, satellites, lit, sites, ptr, node, length_m)
    relays = np.concatenate([np.ones(n_satellites, np.bool_), relaying])
    return Snapshot(ptr, node[:edges], length_m[:edges], relays, n_satellites)


def _array(values: ArrayLike, dtype: type) -> np.ndarray:
    # Always read-only: a kernel is compiled once more for arrays that may be written.
    array: np.ndarray = np.ascontiguousarray(values, dtype=dtype).view()
    array.setflags(write=False)
    return array


def _check_shape(where: str, array: np.ndarray, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ScenarioError(f"{where} has shape {array.shape}, not {shape}")


def _check_index(where: str, index: np.ndarray, count: int, what: str) -> None:
    if index.ndim != 1:
        raise ScenarioError(f"{where} has {index.ndim} axes, not one")
    if index.size and not (index.min() >= 0 and index.max() < count):
        wrong = index[(index < 0) | (index >= count)][0]
        raise ScenarioError(f"{where} names {wrong}, which is not among the {count} {what}")


def _check_rows(where: str, ptr: np.ndarray, rows: int, entries: int) -> None:
    _check_shape(where, ptr, (rows + 1,))
    if ptr[0] != 0 or ptr[-1] != entries or (ptr[1:] < ptr[:-1]).any():
        raise ScenarioError(f"{where} must rise from 0 to {entries}, the number of entries, and never fall")
