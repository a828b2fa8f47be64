"""What rates take for granted: the demand of terminals, and every number of the payloads in use."""

from __future__ import annotations

from collections.abc import Iterator

from obrii.ground import subscribers
from obrii.scenario import presets
from obrii.scenario.asking import table_of
from obrii.scenario.capacity import Payload, Traffic
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Operator
from obrii.scenario.payloads import CELLS_PER_SATELLITE, Chosen, chosen
from obrii.traffic import curves

Row = dict[str, str]

_UNITS = ((1e9, "Gb/s"), (1e6, "Mb/s"), (1e3, "kb/s"))

#: What each key of a payload means, with where a default comes from.
_PAYLOAD: dict[str, tuple[str, str]] = {
    "beams_per_satellite": ("Beams that a satellite has down to its users.", ""),
    "cells_per_beam": ("Cells that a beam serves in turn.", "assumption"),
    "channels": ("Channels of the band to users.", "assumption: Starlink's"),
    "polarisations": ("Polarisations of each channel.", "assumption: Starlink's"),
    "reuse": ("Neighbouring cells that share the channels and polarisations among them.", "assumption"),
    "beams_per_cell": ("Beams on one cell at once, at most.", "assumption: channels x polarisations / reuse"),
    "beam_rate_bps": ("What one beam carries.", ""),
    "satellite_rate_bps": ("What all beams of a satellite carry.", "assumption: all its beams at once"),
    "feeder_rate_bps": ("What one antenna of a gateway sends up to a satellite.", ""),
    "laser_rate_bps": ("What a laser carries, each way.", "100 Gb/s sustained: Brashears, SPIE, January 2024"),
}

#: What each key of [traffic] that is a rate means, and where its default comes from.
_TRAFFIC = {
    "peak_bps": (
        "An active terminal uses at most this.",
        "assumption: what one download fills, below the median of measured downloads, some 200 Mb/s (operator, 2025)",
    ),
    "busy_hour_bps": (
        "In the mean of its busiest hour a terminal asks for this.",
        "assumption: 587 GB a month and subscriber (OpenVault, United States, end of 2022) with 7 % of a day in its "
        "busiest hour are 3 Mb/s; more since",
    ),
    "usable_bps": ("A connection of less than this is not counted as of use.", "assumption: one film in high quality"),
}


def rows(scenario: Scenario) -> list[Row]:
    """Rows of key, value, text, source; none where no rates are computed."""
    traffic = scenario.traffic
    if traffic is None:
        return []
    return [*_of_traffic(scenario, traffic), *_of_payloads(scenario)]


def cells_said(scenario: Scenario) -> str:
    """Cells a satellite, of operators of which the scenario says them or whose satellites have no payload, in words."""
    return _cells(
        scenario,
        {
            operator.name: {operator.cells_per_satellite or CELLS_PER_SATELLITE}
            for operator in scenario.operator
            if operator.cells_per_satellite is not None or not chosen(operator)
        },
    )


def cells_of_payloads(scenario: Scenario) -> str:
    """Cells a satellite, of all other operators, in words; empty where there are none."""
    return _cells(
        scenario,
        {
            operator.name: {each.payload.cells for each in chosen(operator).values()} | _without_payload(operator)
            for operator in scenario.operator
            if operator.cells_per_satellite is None and chosen(operator)
        },
    )


def _without_payload(operator: Operator) -> set[int]:
    """Cells of those satellites of an operator that have no payload while others have one."""
    found = chosen(operator)
    shells = operator.shell and all(("shell", shell.name) in found for shell in operator.shell)
    return set() if shells or ("all", "") in found else {CELLS_PER_SATELLITE}


def _cells(scenario: Scenario, counts: dict[str, set[int]]) -> str:
    words = {name: " or ".join(map(str, sorted(cells))) for name, cells in counts.items()}
    return ", ".join(cells if len(scenario.operator) == 1 else f"{name} {cells}" for name, cells in words.items())


def sources(scenario: Scenario) -> list[dict[str, str]]:
    """Where payloads and counts of terminals come from: rows of what, source."""
    traffic = scenario.traffic
    if traffic is None:
        return []
    found = []
    for operator in scenario.operator:
        for name in dict.fromkeys(each.name for each in chosen(operator).values()):
            if name in presets.payload_names():
                preset = presets.payload(name)
                found.append({"what": f"payload of {operator.name}: {preset.title}", "source": preset.source})
        table = table_of(traffic, operator)
        if table:
            found.append({"what": f"terminals of {operator.name} by country", "source": subscribers.source(table)})
    return found


def _of_traffic(scenario: Scenario, traffic: Traffic) -> Iterator[Row]:
    defaults = Traffic()
    for key, (text, source) in _TRAFFIC.items():
        given = getattr(traffic, key)
        said = source if given == getattr(defaults, key) else "the scenario"
        yield _row(f"traffic.{key}", _rate(given), text, said)
    yield _row(
        "active share",
        f"{100.0 * traffic.busy_hour_bps / traffic.peak_bps:g} %",
        "So many of the terminals are active at once in their busiest hour, each at its peak; the others ask nothing.",
        "busy_hour_bps / peak_bps",
    )
    yield _row(
        "traffic.curve",
        traffic.curve,
        "Demand follows the hour of the day by the sun where a terminal stands.",
        curves.source(traffic.curve),
    )
    for group in scenario.terminals:
        for key in ("busy_hour_bps", "peak_bps"):
            own = getattr(group, key)
            if own is not None:
                yield _row(f"terminals.{group.name}.{key}", _rate(own), _TRAFFIC[key][0], "the scenario")
        if group.priority != "normal":
            text = "The terminals of this group are given what they ask before others are given anything."
            yield _row(f"terminals.{group.name}.priority", group.priority, text, "the scenario")
    yield from _of_others(scenario, traffic)
    yield _row(
        "direction",
        "to the users",
        "Rates are of traffic to the users; what they send is not computed.",
        "assumption: downloads are the most of it",
    )
    yield _row(
        "beams hop",
        "within a slot",
        "Beams of a satellite are shared among its cells without loss; only what a cell and a satellite carry limits.",
        "McNaughton, Management Science 6 (1959); assumption: no time is lost in hopping",
    )


def _of_others(scenario: Scenario, traffic: Traffic) -> Iterator[Row]:
    tables = {operator.name: table_of(traffic, operator) for operator in scenario.operator}
    counted = [name for name, table in tables.items() if table]
    if not traffic.others or not counted:
        why = "the scenario" if not traffic.others else "assumption: no table of its terminals by country ships"
        yield _row("traffic.others", "none", "Around the area nobody asks for anything.", why)
        return
    yield _row(
        "traffic.others",
        ", ".join(f"{name} by table {tables[name]}" for name in counted),
        "Terminals of the countries around compete with those of the area; those of a country stand as its people do, "
        "and countries without a figure share the rest of the world's by people.",
        "assumption: figures scaled to the start of the run; see sources",
    )
    for name in tables.keys() - set(counted):
        yield _row("traffic.others", f"{name} none", f"Around the area nobody asks {name} for anything.", "assumption")


def _of_payloads(scenario: Scenario) -> Iterator[Row]:
    in_use = {each.name: each for operator in scenario.operator for each in chosen(operator).values()}
    for each in in_use.values():
        yield from _of_payload(each)
    for operator in scenario.operator:
        if not chosen(operator):
            text = "Nothing limits the rates of its satellites: it has no payload."
            yield _row(f"operator.{operator.name}.payload", "none", text, "assumption")


def _of_payload(each: Chosen) -> Iterator[Row]:
    preset = bool(each.sources)
    for key, (text, default) in _PAYLOAD.items():
        left_out = not preset and getattr(each.payload, key) == Payload.model_fields[key].default
        said = each.sources.get(key, "") if preset else default if left_out else "the scenario"
        yield _row(f"payload.{each.name}.{key}", _value(each.payload, key), text, said or "assumption")


def _value(payload: Payload, key: str) -> str:
    if key == "beams_per_cell":
        return f"{payload.cell_bps / payload.beam_rate_bps:.0f}"
    if key == "satellite_rate_bps":
        return _rate(payload.satellite_bps)
    value = getattr(payload, key)
    return _rate(value) if key.endswith("_bps") else str(value)


def _rate(bps: float) -> str:
    """A rate as people write it.

    >>> _rate(20.2e9), _rate(4e6), _rate(1e3)
    ('20.2 Gb/s', '4 Mb/s', '1 kb/s')
    """
    unit, word = next((each for each in _UNITS if bps >= each[0]), (1.0, "bit/s"))
    return f"{bps / unit:g} {word}"


def _row(key: str, value: str, text: str, source: str) -> Row:
    return {"key": key, "value": value, "text": text, "source": source}
