"""What terminals get from one operator, cell by cell, to be read."""

from __future__ import annotations

from typing import Any

from obrii.schema import REASON_CODE

BLOCKED, BELOW, OFF, NO_GATEWAY, GATEWAY_OFF, NO_FIBRE, LIVE = -2, -1, 0, 1, 2, 3, 4


def answer(cell: dict[str, Any], operator: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """What a cell has after one more operator was asked.

    cell: permitted, licensed, listed, core, home, chosen, pop, furthest, followed, sights {satellite: range}. operator:
    home_pop, gateway and way and passed {(pop, satellite)}, fibre {(pop, gateway)}, lasers, hop_m, floor_s,
    processing_s, light, first. before: what the cell has so far; `reason` is -1 at first.
    """
    after = dict(before)
    if cell["furthest"] == LIVE:
        after["reachable"] = 1
    if before["reason"] == 0:
        return after
    pop, satellite = operator["home_pop"][cell["home"]], cell["chosen"]
    gateway = operator["gateway"].get((pop, satellite), -1) if satellite >= 0 and pop >= 0 else -1
    why = _why(cell, operator, pop, serves=gateway >= 0 and operator["way"][pop, satellite] < float("inf"))
    if why != "served":
        after["reason"] = max(before["reason"], REASON_CODE[why])
        return after
    satellites = operator["passed"][pop, satellite]
    metres = cell["sights"][satellite] + operator["way"][pop, satellite] - operator["hop_m"] * (satellites - 1)
    light_s = 2 * metres / operator["light"]
    number, first_satellite, first_gateway, first_pop = operator["first"]
    return after | {
        "reason": 0,
        "operator": number,
        "satellite": first_satellite + operator["near"][satellite],
        "gateway": first_gateway + gateway,
        "pop": first_pop + pop,
        "hops": satellites + 1,
        "propagation_rtt": light_s,
        "fibre_rtt": 2 * operator["fibre"][pop, gateway] / operator["light"],
        "rtt": light_s + operator["floor_s"] + 2 * operator["processing_s"] * satellites,
    }


def _why(cell: dict[str, Any], operator: dict[str, Any], pop: int, *, serves: bool) -> str:
    """The first thing in the way, in the order of the filters."""
    if not cell["core"]:
        return "core-off"
    if not cell["licensed"]:
        return "not-licensed"
    if not cell["listed"]:
        return "not-listed"
    if not cell["permitted"]:
        return "switched-off"
    if serves:
        return "served"
    level = cell["furthest"]
    if level == BLOCKED:
        return "geostationary-arc"
    if level == BELOW:
        return "below-mask"
    if level == OFF:
        return "satellite-off"
    if level == NO_GATEWAY:
        return "no-laser-path" if operator["lasers"] else "no-gateway-in-sight"
    if level == GATEWAY_OFF:
        return "gateway-off"
    if level == NO_FIBRE or pop < 0:
        return "pop-off" if cell["pop"] < 0 or pop < 0 else "fibre-off"
    return "no-beam" if cell["followed"] else "no-antenna"


def carried(
    chosen: list[int], pop: list[int], gateway: list[list[int]], area: int, gateways: int
) -> tuple[list[int], list[int], int]:
    """Cells of the area and of the halo at each gateway, and how many satellites carry the area."""
    within, around, satellites = [0] * gateways, [0] * gateways, set()
    for cell, (s, p) in enumerate(zip(chosen, pop, strict=True)):
        if s < 0 or p < 0 or gateway[p][s] < 0:
            continue
        if cell < area:
            within[gateway[p][s]] += 1
            satellites.add(s)
        else:
            around[gateway[p][s]] += 1
    return within, around, len(satellites)
