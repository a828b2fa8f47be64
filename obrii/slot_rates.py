"""What terminals get in one step of a variant, from all operators: rates, loads, and what binds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from obrii import schema
from obrii.kernels.asked import ask, spread
from obrii.network.degraded import Degraded
from obrii.results.frame import RANKS
from obrii.scenario.stage import Stage
from obrii.service.slot import Offer
from obrii.traffic.degraded import left
from obrii.traffic.demand import Demand
from obrii.traffic.payload import Payloads
from obrii.traffic.rates import Flows, flows, followed_bps, served_by

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
    worse: tuple[Degraded, ...],
    step: int,
    memory: dict[tuple[Any, ...], Any],
) -> dict[str, np.ndarray]:
    """Everything that a step of a variant says of rates, by the names of `schema`.

    terminals: what those of each group get in each cell of the area, (group, cell), by name; present (group,): share of
    each group that is in the field; limit_bps (operator, group + 1, cell): what a terminal gets at most, None where
    nothing is limited; worse: links that are degraded; step: of the run; memory: what variants share of a block.
    """
    shape = terminals["reason"].shape
    out = {name: np.full(shape, nothing) for name, nothing in _OF_TERMINALS.items()}
    parts = []
    for k, (offer, payloads) in enumerate(zip(offers, world.payloads, strict=True)):
        users = np.flatnonzero(_users(world, k) * present).astype(np.int32)
        served = served_by(offer, terminals, demand.stands, users, demand.others[k])
        carried = left(payloads, offer, worse) if worse else payloads
        # Variants that share all that decides a schedule share the schedule itself, and who competes and which PoPs
        # cells have follows from it.
        key = (
            "rates",
            k,
            step,
            id(offer.slot),
            b"" if carried is payloads else carried.identity,
            present[users].tobytes(),
            b"" if limit_bps is None else limit_bps[k].tobytes(),
            users.tobytes(),
            np.searchsorted(served.group[: served.reported], users).tobytes(),
            served.cell[: served.reported].tobytes(),
        )
        if key not in memory:
            hour = ("hour", step)
            if hour not in memory:
                memory[hour] = demand.hour_share(world.grid.utc[step])
            asked = _Asked(demand, present, limit_bps, k, step in _sampled(len(world.grid)), world)
            memory[key] = asked.of(offer, carried, flows(offer, carried, served), memory[hour]), offer.slot
        found, _ = memory[key]
        reported = slice(served.reported)
        spread(
            served.group[reported],
            served.cell[reported],
            *(found[name] for name in _OF_TERMINALS),
            *(out[name] for name in _OF_TERMINALS),
        )
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

    def of(self, offer: Offer, payloads: Payloads, flow: Flows, hour_share: np.ndarray) -> dict[str, np.ndarray]:
        """What the reported flows get, (flow,), and what the operator's parts carry.

        hour_share (cell,): active terminals as a share of those in the busiest hour.
        """
        demand, served = self.demand, flow.served
        mine = slice(served.reported)
        # Others have the group -1, and so what anyone has.
        limit_bps = np.empty((0, 0)) if self.limit_bps is None else self.limit_bps[self.k]
        priority = demand.priority[served.group]
        busy, now, peak_bps, every, most_bps = np.empty((5, len(flow)))
        ask(
            served.group, served.cell, served.reported, demand.terminals, demand.others[self.k], self.present,
            demand.busy_share, demand.peak_bps, hour_share, limit_bps, busy, now, peak_bps, every, most_bps,
        )  # fmt: skip
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
        if served.reported:
            found["rate"] = flow.allocate(now, peak_bps, priority).rate_bps[mine]
            if np.isfinite(found["capacity"]):
                most = flow.allocate(every, most_bps, priority)
                found["capacity"] = np.array(_total(every[mine] * most.rate_bps[mine]))
        for g, times in enumerate(demand.growth if self.grown else ()):
            grown = busy.copy()
            grown[mine] *= times
            more = flow.allocate(grown, peak_bps, priority)
            found["growth_rate"][g] = self._ranks(served.group[mine], served.cell[mine], more.rate_bps[mine])
        return found

    def _ranks(self, group: np.ndarray, cell: np.ndarray, rate_bps: np.ndarray) -> np.ndarray:
        """Rates by rank of all terminals that the operator could serve, (rank,); those without service have 0."""
        area = self.world.ground.area
        users = _users(self.world, self.k)
        of_all = np.zeros((len(users), area))
        of_all[group, cell] = rate_bps
        weight = (self.demand.terminals[:-1, :area] * (users * self.present)[:, None]).ravel()
        order = np.argsort(of_all, axis=None, kind="stable")
        upto = np.cumsum(weight[order])
        if not upto[-1] > 0:
            return np.full(len(RANKS), np.nan)
        return np.asarray(of_all.ravel()[order[np.searchsorted(upto, np.multiply(RANKS, upto[-1]))]])


def _users(world: Stage, k: int) -> np.ndarray:
    """Groups that may use an operator, (group,) bool."""
    return np.array([k in operators for operators in world.ground.groups.operators])


def _total(values: np.ndarray) -> float:
    # Cells without active terminals have no rate.
    return float(np.nansum(values))


@lru_cache(maxsize=8)
def _sampled(steps: int) -> frozenset[int]:
    """Steps of a run at which more terminals are tried."""
    return frozenset(np.linspace(0, steps - 1, min(steps, GROWTH_STEPS)).round().astype(int).tolist())
