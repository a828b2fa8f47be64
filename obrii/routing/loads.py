"""What a matrix of traffic puts on each link when it all goes the least-delay way."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from obrii.errors import ScenarioError
from obrii.kernels import walks
from obrii.network.snapshot import Snapshot
from obrii.routing.shortest import Routes


def loads(snapshot: Snapshot, routes: Routes, demand: ArrayLike) -> np.ndarray:
    """The load of every edge, each direction of a link for itself, in the unit of the demand: (edge,) f8.

    snapshot: whose edges are meant; routes: over it, or over what `edges.masked` left of it; demand (site, k): from
    each site to each destination of the routes, finite and not negative. What has no way loads nothing. Raises
    `ScenarioError` where shapes or demands cannot be, or a route takes a link that the snapshot does not have.

    >>> from obrii.network.snapshot import snapshot
    >>> from obrii.routing.shortest import routes_to
    >>> s = snapshot(2, [0], [1], [2e6], [0, 1, 2], [0, 1], [6e5, 7e5], [False, False], [True] * 2, [True], [True] * 2)
    >>> loads(s, routes_to(s, [0, 1]), [[0.0, 5e6], [3e6, 0.0]]).tolist()
    [5000000.0, 3000000.0, 3000000.0, 5000000.0, 5000000.0, 3000000.0]
    """
    wanted = np.ascontiguousarray(demand, np.float64).view()
    wanted.setflags(write=False)
    if wanted.shape != (snapshot.n_sites, len(routes.destination)) or routes.next_hop.shape[1] != len(snapshot):
        raise ScenarioError(
            f"loads: demand has shape {wanted.shape} and routes are for {routes.next_hop.shape[1]} nodes; for"
            f" {len(snapshot)} nodes it must be ({snapshot.n_sites}, {len(routes.destination)})"
        )
    if not ((wanted >= 0.0) & (wanted < np.inf)).all():
        raise ScenarioError("loads: a demand is negative or not finite; give 0 where nothing is sent")
    load = np.zeros(len(snapshot.node))
    if walks.add_loads(snapshot.ptr, snapshot.node, routes.next_hop, _sites(snapshot), wanted, load):
        raise ScenarioError("loads: a route takes a link that is not in the snapshot; give routes of this snapshot")
    return load


def _sites(snapshot: Snapshot) -> np.ndarray:
    return np.arange(snapshot.n_satellites, len(snapshot), dtype=np.int32)
