"""What the terminals of an area get in one slot, from all operators together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii import schema
from obrii.kernels.landing import LIVE
from obrii.routing.waydown import UNLIMITED
from obrii.service.policy import Network
from obrii.service.slot import OnOfOperator, Slot, delays, reasons


@dataclass(frozen=True)
class Offer:
    """What one operator has for an area in a slot: slot, on, network; slant_m (cell,) f8, range from every cell to the
    satellite that carries it, NaN where none does; first_satellite, first_gateway, first_pop: where its own begin on
    the axes of all operators."""

    slot: Slot
    on: OnOfOperator
    network: Network
    slant_m: np.ndarray
    first_satellite: int
    first_gateway: int
    first_pop: int


def terminals(
    offers: list[Offer], operators: tuple[tuple[int, ...], ...], area: int, floor_s: float, processing_s: float
) -> dict[str, np.ndarray]:
    """What every group gets in every cell of the area, by the names of `schema`, (group, cell) each.

    operators: those of each group, the preferred first: the first that serves is used, and where none does the reason
    is that of the one that got furthest; area: reported cells, the first of all; floor_s, processing_s: of a round trip
    and terminal, and of a satellite one way.
    """
    out = _blank(len(operators), area)
    for k, offer in enumerate(offers):
        holds = [group for group, mine in enumerate(operators) if k in mine]
        out["reachable"][holds] |= (offer.slot.schedule.furthest[:area] == LIVE).astype(np.int8)
    answers = [_answer(offer, area, floor_s, processing_s) for offer in offers]
    for group, mine in enumerate(operators):
        reason = out["reason"][group]
        for k in mine:
            why, values = answers[k]
            won = (why[group] == 0) & (reason != 0)
            for name, array in values.items():
                out[name][group][won] = array[group][won]
            out["operator"][group][won] = k
            better = won | ((reason != 0) & (why[group] > reason))
            reason[better] = why[group][better]
    out["served"] = (out["reason"] == 0).astype(np.int8)
    return out


def gateways(offer: Offer, area: int) -> dict[str, np.ndarray]:
    """What the gateways of one operator carry in a slot, (gateway,) each: antennas_used, cells_served,
    halo_cells_served; and how many satellites carry the area, satellites_used."""
    found, network = offer.slot.schedule, offer.network
    count = len(network.gateways)
    carried = found.satellite >= 0
    gateway = found.gateway[np.maximum(offer.slot.pop, 0), np.maximum(found.satellite, 0)]
    within = np.arange(len(carried)) < area
    pointing = np.where(network.antennas < 0, UNLIMITED, network.antennas) - offer.slot.way.free
    if not network.lasers:
        follows = found.gateway.max(axis=0, initial=-1)
        pointing = pointing + np.bincount(follows[follows >= 0], minlength=count)
    return {
        "antennas_used": pointing,
        "cells_served": np.bincount(gateway[carried & within], minlength=count),
        "halo_cells_served": np.bincount(gateway[carried & ~within], minlength=count),
        "satellites_used": np.array(len(np.unique(found.satellite[carried & within]))),
    }


def _answer(offer: Offer, area: int, floor_s: float, processing_s: float) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Reason and values of one operator for every group, (group, cell) each, in indices of all operators."""
    cells, lists = slice(0, area), offer.network.group_home
    cost = delays(offer.slot, offer.on, cells, lists, offer.slant_m[cells], floor_s, processing_s)
    satellite = np.broadcast_to(offer.slot.schedule.satellite[cells] + offer.first_satellite, lists.shape)
    return reasons(offer.slot, offer.on, offer.network, cells, offer.on.service[:-1, cells], cost.served), {
        "satellite": satellite,
        "gateway": cost.gateway + offer.first_gateway,
        "pop": cost.pop + offer.first_pop,
        "hops": cost.hops,
        "propagation_rtt": cost.propagation_rtt,
        "fibre_rtt": cost.fibre_rtt,
        "rtt": cost.rtt,
    }


def _blank(groups: int, area: int) -> dict[str, np.ndarray]:
    """Arrays of nobody served; the reason -1 stands before all others, until the first operator has had its say."""
    names = (
        "reason", "reachable", "operator", "satellite", "gateway", "pop", "hops", "propagation_rtt", "fibre_rtt", "rtt",
    )  # fmt: skip
    out = {}
    for name in names:
        dtype = np.dtype(schema.VARIABLES[name].dtype)
        empty = np.nan if dtype.kind == "f" else 0 if name == "reachable" else -1
        out[name] = np.full((groups, area), empty, dtype)
    return out
