"""What terminals get in one step of a variant, from all operators: rates, loads, and what binds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from obrii import schema
from obrii.results.frame import RANKS
from obrii.scenario.stage import Stage
from obrii.service.slot import Offer
from obrii.traffic.demand import Demand
from obrii.traffic.payload import Payloads
from obrii.traffic.rates import OTHERS, Flows, Served, flows, followed_bps

#: Steps at which a run asks what more terminals would get, spread evenly over it [assumption: enough for a mean].
GROWTH_STEPS = 12

#: What terminals get, (group, cell), and what stands there for those without service.
_OF_TERMINALS = {"rate": np.float32(np.nan), "busy_rate": np.float32(np.nan), "bottleneck": np.int8(-1)}


def rates(
    world: Stage,
    demand: Demand,
    offers: list[Offer],
    terminals: Mapping[str, np.ndarray],
    present: np.ndarray,
    limit_bps: np.ndarray | None,
    step: int,
    memory: dict[tuple[Any, ...], Any],
) -> dict[str, np.ndarray]:
    """Everything that a step of a variant says of rates, by the names of `schema`.

    terminals: what those of each group get in each cell of the area, (group, cell), by name; present (group,): share of
    each group that is in the field; limit_bps (operator, group + 1, cell): what a terminal gets at most, None where
    nothing is limited; step: of the run; memory: what variants share of a block.
    """
    shape = terminals["reason"].shape
    out = {name: np.full(shape, nothing) for name, nothing in _OF_TERMINALS.items()}
    parts = []
    for k, (offer, payloads) in enumerate(zip(offers, world.payloads, strict=True)):
        users = [
            k in operators and there > 0
            for operators, there in zip(world.ground.groups.operators, present, strict=True)
        ]
        served = _served(offer, terminals, demand.stands, users)
        key = (
            "rates",
            k,
            step,
            *offer.on.serves,
            present.tobytes(),
            b"" if limit_bps is None else limit_bps[k].tobytes(),
            *(b"".join(map(bytes, part[1:])) for part in served),
        )
        if key not in memory:
            asked = _Asked(demand, present, limit_bps, k, step in _sampled(len(world.grid)), world)
            memory[key] = asked.of(offer, payloads, flows(offer, payloads, served, demand.others[k] > 0), step)
        found, where = memory[key]
        for name in _OF_TERMINALS:
            out[name][where] = found[name]
        parts.append(found)
    for name in parts[0].keys() - _OF_TERMINALS.keys():
        join = np.stack if "operator_name" in schema.VARIABLES[name].axes else np.concatenate
        out[name] = join([part[name] for part in parts])
    return out


@dataclass(frozen=True)
class _Asked:
    """What terminals ask of one operator in a step.

    present, limit_bps: as for `rates`; k: the operator; grown: more are tried.
    """

    demand: Demand
    present: np.ndarray
    limit_bps: np.ndarray | None
    k: int
    grown: bool
    world: Stage

    def of(
        self, offer: Offer, payloads: Payloads, flow: Flows, step: int
    ) -> tuple[dict[str, np.ndarray], tuple[np.ndarray, np.ndarray]]:
        """What the flows get and the operator's parts carry; and where the terminals stand that are reported."""
        demand = self.demand
        mine = flow.group != OTHERS
        group, cell = flow.group[mine], flow.cell[mine]
        # Of those who are not reported, only the users of this operator compete for it.
        terminals = np.empty(len(flow))
        terminals[mine] = demand.terminals[group, cell] * self.present[group]
        terminals[~mine] = demand.others[self.k, flow.cell[~mine]]
        busy = terminals * demand.busy_share[flow.group]
        peak_bps, priority = demand.peak_bps[flow.group], demand.priority[flow.group]
        most_bps = np.full(len(flow), np.inf)
        if self.limit_bps is not None:
            # Others have the group -1, and so what anyone has.
            most_bps = self.limit_bps[self.k][flow.group, flow.cell]
            peak_bps = np.minimum(peak_bps, most_bps)
        then = flow.allocate(busy, peak_bps, priority)
        gateways, pops = flow.landed_bps(then, busy, len(offer.network.gateways), len(offer.network.pops))
        found = {
            "rate": then.rate_bps[mine],
            "busy_rate": then.rate_bps[mine],
            "bottleneck": flow.bottlenecks(then)[mine],
            "busy_load": np.array(_total(busy[mine] * then.rate_bps[mine])),
            "capacity": np.array(0.0 if np.isfinite(payloads.satellite_bps).all() else np.nan),
            "gateway_busy_load": gateways,
            "gateway_capacity": followed_bps(offer, payloads),
            "pop_busy_load": pops,
            "growth_rate": np.full((len(demand.growth), len(RANKS)), np.nan),
        }
        if len(group):
            hour_share = demand.hour_share(self.world.grid.utc[step])[flow.cell]
            found["rate"] = flow.allocate(busy * hour_share, peak_bps, priority).rate_bps[mine]
            if np.isfinite(found["capacity"]):
                every, all_they_get = np.where(mine, terminals, busy), np.where(mine, most_bps, peak_bps)
                most = flow.allocate(every, all_they_get, priority)
                found["capacity"] = np.array(_total(every[mine] * most.rate_bps[mine]))
        for g, times in enumerate(demand.growth if self.grown else ()):
            more = flow.allocate(np.where(mine, times, 1.0) * busy, peak_bps, priority)
            found["growth_rate"][g] = self._ranks(group, cell, more.rate_bps[mine])
        return found, (group, cell)

    def _ranks(self, group: np.ndarray, cell: np.ndarray, rate_bps: np.ndarray) -> np.ndarray:
        """Rates by rank of all terminals that the operator could serve, (rank,); those without service have 0."""
        area = self.world.ground.area
        users = np.array([self.k in operators for operators in self.world.ground.groups.operators])
        of_all = np.zeros((len(users), area))
        of_all[group, cell] = rate_bps
        weight = (self.demand.terminals[:-1, :area] * (users * self.present)[:, None]).ravel()
        order = np.argsort(of_all, axis=None, kind="stable")
        upto = np.cumsum(weight[order])
        if not upto[-1] > 0:
            return np.full(len(RANKS), np.nan)
        return np.asarray(of_all.ravel()[order[np.searchsorted(upto, np.multiply(RANKS, upto[-1]))]])


def _served(offer: Offer, terminals: Mapping[str, np.ndarray], stands: np.ndarray, users: list[bool]) -> list[Served]:
    """Cells in which this operator serves terminals of each group, with satellites and PoPs in its own indices.

    stands (group, cell) bool: where terminals are; users: groups that may use the operator.
    """
    operator, first_satellite, _, first_pop = offer.first.tolist()
    found = []
    for group in np.flatnonzero(users).tolist():
        served_by = terminals["operator"][group]
        cells = np.flatnonzero((served_by == operator) & stands[group, : len(served_by)])
        satellite, pop = terminals["satellite"][group, cells], terminals["pop"][group, cells]
        found.append((group, cells, satellite - first_satellite, pop - first_pop))
    return found


def _total(values: np.ndarray) -> float:
    # Cells without active terminals have no rate.
    return float(np.nansum(values))


@lru_cache(maxsize=8)
def _sampled(steps: int) -> frozenset[int]:
    """Steps of a run at which more terminals are tried."""
    return frozenset(np.linspace(0, steps - 1, min(steps, GROWTH_STEPS)).round().astype(int).tolist())
