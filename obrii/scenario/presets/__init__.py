"""What ships ready to use, by name: a table of files, read on demand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from obrii.errors import ScenarioError, nearest
from obrii.ground import regions, site_tables
from obrii.scenario import reader
from obrii.scenario.capacity import Payload, PayloadOrName
from obrii.scenario.fields import Part
from obrii.scenario.parts import Shell

_FOLDER = Path(__file__).parent


class ConstellationPreset(Part):
    """Shells that ship with the package, and where their numbers come from.

    payload: of satellites whose shell says nothing else, where an operator says nothing else.
    """

    title: str
    source: str
    payload: PayloadOrName | None = None
    shell: list[Shell]


class PayloadPreset(Part):
    """A payload that ships with the package, and where its numbers come from: all of them, and by key."""

    title: str
    source: str
    payload: Payload
    sources: dict[str, str]


def constellation_names() -> list[str]:
    """Names of the constellations that ship.

    >>> len(constellation_names()), constellation_names()[:4]
    (9, ['iridium', 'kuiper', 'oneweb', 'oneweb-2025'])
    """
    return sorted(path.stem for path in (_FOLDER / "constellations").glob("*.toml"))


@cache
def constellation(name: str) -> ConstellationPreset:
    """A constellation that ships, by name; ScenarioError with the nearest name where there is none.

    >>> sum(shell.planes * shell.satellites_per_plane for shell in constellation("starlink-gen1").shell)
    4408
    """
    path = _FOLDER / "constellations" / f"{name}.toml"
    if name not in constellation_names():
        raise unknown_constellation(name, "presets")
    data: dict[str, Any] = reader.parse_toml(reader.read_text(path), path.name)
    try:
        return ConstellationPreset.model_validate(data)
    except ValidationError as error:
        raise reader.refusal(error, data, ConstellationPreset, path.name) from None


def payload_names() -> list[str]:
    """Names of the payloads that ship.

    >>> payload_names()
    ['kuiper', 'oneweb', 'starlink-v1.5', 'starlink-v2-mini', 'telesat']
    """
    return sorted(path.stem for path in (_FOLDER / "payloads").glob("*.toml"))


@cache
def payload(name: str, where: str = "presets") -> PayloadPreset:
    """A payload that ships, by name; ScenarioError with the nearest name where there is none.

    >>> payload("starlink-v1.5").payload.satellite_bps
    20200000000.0
    """
    if name not in payload_names():
        hint = nearest(name, payload_names()) or f"; presets are {', '.join(payload_names())}"
        raise ScenarioError(f"{where}: no payload is called '{name}'{hint}")
    path = _FOLDER / "payloads" / f"{name}.toml"
    data: dict[str, Any] = reader.parse_toml(reader.read_text(path), path.name)
    try:
        return PayloadPreset.model_validate(data)
    except ValidationError as error:
        raise reader.refusal(error, data, PayloadPreset, path.name) from None


def scenario_names() -> list[str]:
    """Names of the scenarios that ship.

    >>> scenario_names()
    ['ukraine-autumn-2022']
    """
    return sorted(path.stem for path in (_FOLDER / "scenarios").glob("*.toml"))


def scenario_path(name: str) -> Path:
    """The file of a scenario that ships; ScenarioError with the nearest name where there is none."""
    if name not in scenario_names():
        hint = (
            nearest(name, scenario_names()) or f"; presets are {', '.join(scenario_names())}, and a file ends in .toml"
        )
        raise ScenarioError(f"no scenario is called '{name}'{hint}")
    return _FOLDER / "scenarios" / f"{name}.toml"


def unknown_constellation(name: str, place: str) -> ScenarioError:
    """The refusal of a constellation that is neither a preset nor a file."""
    known = constellation_names()
    hint = nearest(name, known) or f"; presets are {', '.join(known)}"
    return ScenarioError(f"{place}: constellation '{name}' is neither a preset nor a file{hint}")


def listed() -> dict[str, dict[str, dict[str, str]]]:
    """Everything that ships, by kind and name: title and source of each."""
    constellations = {name: constellation(name) for name in constellation_names()}
    payloads = {name: payload(name) for name in payload_names()}
    scenarios = {name: reader.parse_toml(reader.read_text(scenario_path(name)), name) for name in scenario_names()}
    return {
        "scenario": {name: {"title": data["title"], "source": ""} for name, data in scenarios.items()},
        "constellation": {n: {"title": p.title, "source": p.source} for n, p in constellations.items()},
        "payload": {n: {"title": p.title, "source": p.source} for n, p in payloads.items()},
        "ground": {
            name: {"title": title, "source": "docs/ground-data.md"} for name, title in site_tables.PRESETS.items()
        },
        "serves": {
            name: {"title": f"{len(regions.served(name))} countries", "source": "docs/ground-data.md"}
            for name in regions.served_tables()
        },
    }
