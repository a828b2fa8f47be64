"""Two sites and the least way between them over satellites and lasers alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii import schema
from obrii.constants import LIGHT_M_S
from obrii.network.snapshot import Snapshot
from obrii.routing.shortest import path, routes_to


@dataclass(frozen=True)
class Way:
    """One way: light_s, there and back; relays: nodes between the ends; nodes, both ends included."""

    light_s: float
    relays: int
    nodes: tuple[int, ...]


def ways(graph: Snapshot, ends: np.ndarray, hop_m: float) -> list[Way | None]:
    """The least way of each pair of sites; None where there is none.

    ends (pair, 2): site indices; hop_m: cost of each node passed through, as a light path [m].
    """
    targets, which = np.unique(ends[:, 1], return_inverse=True)
    routes = routes_to(graph, targets, hop_m=hop_m)
    found: list[Way | None] = []
    for k, start in enumerate(ends[:, 0]):
        node = graph.n_satellites + int(start)
        length_m = float(routes.distance_m[which[k], node])
        if np.isnan(length_m):
            found.append(None)
            continue
        nodes = tuple(path(routes, int(which[k]), node))
        relays = len(nodes) - 2
        found.append(Way(2.0 * (length_m - relays * hop_m) / LIGHT_M_S, relays, nodes))
    return found


def reason(
    ends: np.ndarray,
    ptr: np.ndarray,
    satellite: np.ndarray,
    blocked: np.ndarray,
    site_on: np.ndarray,
    satellite_on: np.ndarray,
    lasers: bool,
) -> int:
    """Why two sites have no way: the filter after which one of them had nothing left, in the order of `REASONS`.

    ends (2,); ptr (site + 1,), satellite (sight,): sight lines of the sites; blocked (site,) bool: what a site sees all
    stands by the geostationary arc; site_on (site,), satellite_on (satellite,)
    bool; lasers: whether any satellite has some.
    """
    seen = [satellite[ptr[site] : ptr[site + 1]] for site in ends]
    if not site_on[ends].all():
        return schema.REASON_CODE["switched-off"]
    for site, satellites in zip(ends, seen, strict=True):
        if not len(satellites):
            return schema.REASON_CODE["geostationary-arc" if blocked[site] else "below-mask"]
    if not all(satellite_on[satellites].any() for satellites in seen):
        return schema.REASON_CODE["satellite-off"]
    return schema.REASON_CODE["no-laser-path" if lasers else "no-gateway-in-sight"]
