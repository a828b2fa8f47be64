"""What a run takes for granted and where its numbers come from, as the report lists them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from obrii.ground import site_tables
from obrii.scenario import event_assumptions, presets, rate_assumptions, settings
from obrii.scenario.model import Scenario
from obrii.service.policy import FIBRE_SLOWDOWN


@dataclass(frozen=True)
class _Line:
    """One assumption of the model: the key that sets it, its value, a sentence, a source, and whether it matters."""

    key: str
    value: Callable[[Scenario], str]
    text: str
    source: str
    holds: Callable[[Scenario], bool] = lambda scenario: True


def _operators(field: str) -> Callable[[Scenario], str]:
    def value(scenario: Scenario) -> str:
        values = [getattr(operator, field) for operator in scenario.operator]
        words = [f"{value:g}" if isinstance(value, float | int) else str(value or "none") for value in values]
        if len(words) == 1:
            return words[0]
        return ", ".join(f"{operator.name} {word}" for operator, word in zip(scenario.operator, words, strict=True))

    return value


def _has_area(scenario: Scenario) -> bool:
    return scenario.area is not None


_LINES = (
    _Line(
        "delay.access_floor_ms",
        lambda s: f"{s.delay.access_floor_ms:g} ms",
        "Frames and scheduling of the user link cost this much in every round trip.",
        "assumption: what measured minima exceed geometry by, LENS, October 2024",
    ),
    _Line(
        "delay.processing_per_hop_ms",
        lambda s: f"{s.delay.processing_per_hop_ms:g} ms",
        "Each satellite on the way costs this much, each way.",
        "assumption",
    ),
    _Line(
        "delay.fibre_route_factor",
        lambda s: f"{s.delay.fibre_route_factor:g}",
        "Fibre is longer than the great circle by this factor.",
        "assumption",
    ),
    _Line(
        "fibre speed",
        lambda s: f"c / {FIBRE_SLOWDOWN:g}",
        "Light in fibre is slower than in vacuum.",
        "assumption: the field's usual 2c/3",
    ),
    _Line(
        "queueing",
        lambda s: "none",
        "Nobody waits in a queue: round trips are without queueing, which measurements are not.",
        "assumption",
    ),
    _Line(
        "operator.user_min_elevation_deg",
        _operators("user_min_elevation_deg"),
        "Terminals use satellites at least this high above the horizon [deg].",
        "FCC 21-48 for Starlink; else the scenario",
    ),
    _Line(
        "operator.gateway_min_elevation_deg",
        _operators("gateway_min_elevation_deg"),
        "Gateways use satellites at least this high above the horizon [deg], unless a site has its own limit.",
        "FCC 21-48 for Starlink; else the scenario",
    ),
    _Line(
        "operator.user_arc_deg",
        _operators("user_arc_deg"),
        "Terminals keep this far from the geostationary arc [deg]; 0 takes no account of it.",
        "filings for Starlink name 22 deg for users and 18 for gateways (secondary sources)",
    ),
    _Line(
        "operator.cells_per_satellite",
        rate_assumptions.cells_said,
        "A satellite serves at most so many cells at a time.",
        "assumption: 16 beams, 8 cells in turn",
        lambda s: _has_area(s) and bool(rate_assumptions.cells_said(s)),
    ),
    _Line(
        "operator.cells_per_satellite",
        rate_assumptions.cells_of_payloads,
        "A satellite serves at most so many cells at a time.",
        "assumption: beams of its payload x cells that each serves in turn",
        lambda s: _has_area(s) and bool(rate_assumptions.cells_of_payloads(s)),
    ),
    _Line(
        "every cell scheduled",
        lambda s: "yes",
        "Every cell of the area takes its place on a satellite, with or without terminals: a dish may be switched on "
        "anywhere.",
        "assumption",
        _has_area,
    ),
    _Line(
        "area.halo_km",
        lambda s: f"{s.area.halo_km:g} km" if s.area else "",
        "Cells of served countries this far around the area compete for the same satellites and antennas, at a coarser "
        "resolution.",
        "assumption: two footprints",
        lambda s: s.area is not None and s.area.halo_km > 0,
    ),
    _Line(
        "slots",
        lambda s: "independent",
        "The schedule of a slot does not remember the one before: handovers are overstated, and the times that one "
        "satellite serves understated.",
        "assumption",
        lambda s: _has_area(s) and any(operator.hysteresis_ms is None for operator in s.operator),
    ),
    _Line(
        "operator.hysteresis_ms",
        _operators("hysteresis_ms"),
        "A cell keeps the satellite of the slot before while that has a live way and room, and the way is at most this "
        "much longer than the best, one way [ms].",
        "assumption",
        lambda s: _has_area(s) and any(operator.hysteresis_ms is not None for operator in s.operator),
    ),
    _Line(
        "operator.policy",
        _operators("policy"),
        "How a cell chooses among satellites with room: the least whole path, or the highest, the most lasting or the "
        "least loaded among those whose path is not much longer.",
        "assumption: operators do not publish how they choose",
        _has_area,
    ),
    _Line(
        "operator.policy_margin_ms",
        _operators("policy_margin_ms"),
        "So much longer than the best may the path be that a policy chooses, one way [ms].",
        "assumption: ranges under one satellite at 550 km differ by 1.9 ms",
        lambda s: _has_area(s) and any(operator.policy != "least-path" for operator in s.operator),
    ),
    _Line(
        "antennas",
        lambda s: "8",
        "A gateway whose antennas nobody counted has as many as a typical site.",
        "assumption: typical site of the community map of 2023-10-10",
        lambda s: any(operator.ground for operator in s.operator),
    ),
    _Line(
        "Earth",
        lambda s: "WGS 84",
        "The Earth turns by mean sidereal time alone: UT1 is taken as UTC.",
        "wrong by less than 50 m (IERS Bulletin A)",
    ),
)


def assumptions(scenario: Scenario) -> list[dict[str, str]]:
    """Everything taken for granted: what the scenario says, then what the model says.

    Returns rows of key, value, text, source.
    """
    own = [{"key": "scenario", "value": "", "text": each.text, "source": each.source} for each in scenario.assumption]
    model = [
        {"key": line.key, "value": line.value(scenario), "text": line.text, "source": line.source}
        for line in _LINES
        if line.holds(scenario)
    ]
    return own + model + event_assumptions.rows(scenario) + rate_assumptions.rows(scenario) + _settings(scenario)


def _settings(scenario: Scenario) -> list[dict[str, str]]:
    """What variants set otherwise."""
    return [
        {
            "key": name,
            "value": settings.shown(value),
            "text": f"In the case “{variant.name}” this is {settings.shown(value)} instead of "
            f"{settings.shown(settings.value_in(scenario, name))}.",
            "source": "the scenario",
        }
        for variant in scenario.variant
        for name, value in variant.set.items()
    ]


def sources(scenario: Scenario) -> list[dict[str, str]]:
    """Where satellites, sites, people and borders come from: rows of what, source."""
    rows = []
    for operator in scenario.operator:
        if operator.constellation in presets.constellation_names():
            preset = presets.constellation(str(operator.constellation))
            rows.append({"what": f"satellites of {operator.name}: {preset.title}", "source": preset.source})
        elif operator.constellation:
            rows.append({"what": f"satellites of {operator.name}", "source": operator.constellation})
        if operator.ground:
            rows.append({"what": f"sites of {operator.name}", "source": site_tables.PRESETS[operator.ground]})
    if scenario.area is not None:
        rows += [
            {"what": "places and people", "source": "GeoNames (geonames.org), CC BY 4.0; published totals of regions"},
            {"what": "outlines", "source": "Natural Earth, public domain, with Crimea in Ukraine (UN GA 68/262)"},
            {"what": "cells", "source": "H3, a hierarchical hexagonal grid (Uber Technologies, Apache-2.0)"},
        ]
    return rows + rate_assumptions.sources(scenario)
