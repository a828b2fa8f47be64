"""What whole constellations carry: order, totals and the worth of sites, against a published comparison."""

from __future__ import annotations

import math

from validation.record import Effort, Finding, Validation
from validation.throughput import SYSTEMS, asked_tbps, total_tbps

PAPER = "del Portillo, Cameron and Crawley, Acta Astronautica 159 (2019)"

#: Numbers of sites that are tried, besides those of the paper and twice as many.
FEW = (5, 10, 20, 30)


def _instants(effort: Effort) -> int:
    return effort.of(1, 6, 48)


def order(effort: Effort) -> Finding:
    """Pairs of systems that carry in another order than in the paper, each with the sites that it has there."""
    instants = _instants(effort)
    found = [total_tbps(system, instants, system.sites) for system in SYSTEMS]
    wrong = sum(found[i] >= found[j] for i in range(len(found)) for j in range(i + 1, len(found)))
    said = ", ".join(f"{system.name} {ours:.2f}" for system, ours in zip(SYSTEMS, found, strict=True))
    return Finding(wrong, f"{said} Tb/s, {instants} instants tried")


def totals(effort: Effort) -> Finding:
    """How far the totals are from those of the paper, at worst."""
    instants = _instants(effort)
    ratio = [total_tbps(system, instants, system.sites) / system.published_tbps for system in SYSTEMS]
    said = ", ".join(
        f"{each:.2f} times {system.published_tbps:g} Tb/s" for system, each in zip(SYSTEMS, ratio, strict=True)
    )
    return Finding(1e2 * max(abs(each - 1) for each in ratio), f"OneWeb, Telesat, SpaceX: {said}")


def growth(effort: Effort) -> Finding:
    """What twice the paper's sites add, at worst; no number where more sites ever carry less."""
    instants, worst, said = _instants(effort), 0.0, []
    for system in SYSTEMS:
        numbers = (*FEW, system.sites, 2 * system.sites)
        found = [total_tbps(system, instants, sites) for sites in numbers]
        if found != sorted(found):
            return Finding(math.nan, f"{system.name} carries less with more sites")
        worst = max(worst, found[-1] / found[-2] - 1)
        share = [f"{each / asked_tbps(system, instants):.0%}".replace("%", " %") for each in found]
        said.append(f"{system.name} {', '.join(share)} with {', '.join(map(str, numbers))} sites")
    return Finding(1e2 * worst, f"of what users ask of its satellites: {'; '.join(said)}")


VALIDATIONS = (
    Validation(
        "which of three constellations carries more", PAPER, "pairs out of order", 0,
        "The paper's own order, OneWeb below Telesat below SpaceX, each with the paper's number of sites.", order,
    ),
    Validation(
        "what three constellations carry in all", PAPER, "%", 100.0,
        "A factor of two. Of people we know towns and totals of countries: with those of towns of 50,000 alone, the "
        "totals fall by 13 to 19 %. Every satellite has its largest rate, from memory of the paper, in any weather, "
        "and may spend all of it on one place, where the paper has rain, beams and losses.", totals,
    ),
    Validation(
        "sites beyond those at which the total stops growing", PAPER, "% gained by twice as many", 1.0,
        "The paper finds its most with these sites: 71, 42 and 123. Lonely islands still add some where there are no "
        "lasers, or slow ones.", growth,
    ),
)  # fmt: skip
