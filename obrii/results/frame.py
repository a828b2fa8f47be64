"""What the axes of a run stand for: variants, steps, groups, cells, operators, gateways, PoPs, pairs.

Whoever lays out the run builds one `Frame`; what the run leaves behind is labelled with it and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from obrii import schema
from obrii.errors import ModelError

#: Axis on which gateways lie.
_GATEWAY_AXIS = schema.VARIABLES["antennas_used"].axes[-1]

#: Shares of the terminals below the one whose rate is told, where a run asks what more terminals would get: the worst
#: tenth, and the middle.
RANKS = (0.1, 0.5)

#: Axis of an array whose length is known only at the end of a run.
HOP = "hop"


def _fix(record: Any, dtypes: dict[str, type], length: int) -> None:
    """Make the arrays of a frozen record contiguous and read-only, all of one length."""
    for name, dtype in dtypes.items():
        array: np.ndarray = np.ascontiguousarray(getattr(record, name), dtype=dtype)
        if array.shape != (length,):
            raise ModelError(f"{type(record).__name__.lower()}: {name} has shape {array.shape}; expected ({length},)")
        array.setflags(write=False)
        object.__setattr__(record, name, array)


@dataclass(frozen=True)
class Stations:
    """Gateways or PoPs, in the order of their axis; arrays are read-only.

    name, operator, country (station,) str; latitude_deg, longitude_deg (station,) f8; antennas (station,) i4, -1
    without limit; planned (station,) bool.
    """

    name: np.ndarray
    operator: np.ndarray
    country: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    antennas: np.ndarray
    planned: np.ndarray

    _DTYPES = {
        "name": np.str_, "operator": np.str_, "country": np.str_, "latitude_deg": np.float64,
        "longitude_deg": np.float64, "antennas": np.int32, "planned": np.bool_,
    }  # fmt: skip

    def __post_init__(self) -> None:
        _fix(self, self._DTYPES, len(self.name))

    def __len__(self) -> int:
        return len(self.name)


#: No station at all.
NO_STATIONS = Stations(*[np.empty(0)] * 7)


@dataclass(frozen=True)
class Towns:
    """Towns of the area that are told apart, largest first; arrays are read-only.

    name, country, region (town,) str; latitude_deg, longitude_deg, people (town,) f8; cell (town,) i8, index on the
    cell axis.
    """

    name: np.ndarray
    country: np.ndarray
    region: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    people: np.ndarray
    cell: np.ndarray

    _DTYPES = {
        "name": np.str_, "country": np.str_, "region": np.str_, "latitude_deg": np.float64,
        "longitude_deg": np.float64, "people": np.float64, "cell": np.int64,
    }  # fmt: skip

    def __post_init__(self) -> None:
        _fix(self, self._DTYPES, len(self.name))

    def __len__(self) -> int:
        return len(self.name)


#: No town at all.
NO_TOWNS = Towns(*[np.empty(0)] * 7)


@dataclass(frozen=True)
class Coordinate:
    """Values along the axes of a run: name, axes, values, and attributes as the CF conventions write them."""

    name: str
    axes: tuple[str, ...]
    values: np.ndarray
    attributes: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The axes of a run; arrays are read-only.

    variants: names, intact first; utc (time,) datetime64[ns], start of every step; window (time,) i4; duration_s
    (time,) f8; groups: names; terminals (group, cell) f8; planned (group,) bool: not there in intact; cell (cell,) u8,
    H3, only cells that are reported; latitude_deg, longitude_deg, people (cell,) f8; country, region (cell,) str, empty
    where there is none; operators, pairs: names; gateways, pops: as the arrays index them; satellites, sites: names, in
    the order of the indices in `satellite` and `pair_route`; growth: how many times the terminals of the area
    `growth_rate` is for; users (operator, group) bool: whom an operator may serve; usable_bps: rate below which a
    terminal counts as degraded, None where the run has no rates.
    """

    variants: tuple[str, ...]
    utc: np.ndarray
    window: np.ndarray
    duration_s: np.ndarray
    groups: tuple[str, ...] = ()
    terminals: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    planned: np.ndarray = field(default_factory=lambda: np.zeros(0, np.bool_))
    cell: np.ndarray = field(default_factory=lambda: np.zeros(0))
    latitude_deg: np.ndarray = field(default_factory=lambda: np.zeros(0))
    longitude_deg: np.ndarray = field(default_factory=lambda: np.zeros(0))
    country: np.ndarray = field(default_factory=lambda: np.zeros(0, np.str_))
    region: np.ndarray = field(default_factory=lambda: np.zeros(0, np.str_))
    people: np.ndarray = field(default_factory=lambda: np.zeros(0))
    operators: tuple[str, ...] = ()
    gateways: Stations = NO_STATIONS
    pops: Stations = NO_STATIONS
    pairs: tuple[str, ...] = ()
    satellites: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    growth: tuple[float, ...] = ()
    users: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.bool_))
    usable_bps: float | None = None

    _OF_STEPS = {"utc": "datetime64[ns]", "window": np.int32, "duration_s": np.float64}
    _OF_CELLS = {
        "cell": np.uint64, "latitude_deg": np.float64, "longitude_deg": np.float64, "country": np.str_,
        "region": np.str_, "people": np.float64,
    }  # fmt: skip

    def __post_init__(self) -> None:
        _fix(self, self._OF_STEPS, len(self.utc))  # type: ignore[arg-type]
        _fix(self, self._OF_CELLS, len(self.cell))
        terminals = np.array(self.terminals, np.float64)
        if terminals.shape != (len(self.groups), len(self.cell)):
            raise ModelError(
                f"frame: terminals has shape {terminals.shape}; expected ({len(self.groups)}, {len(self.cell)})"
            )
        terminals.setflags(write=False)
        object.__setattr__(self, "terminals", terminals)
        # Where nothing is said, every group is there.
        object.__setattr__(self, "planned", self.planned if len(self.planned) else np.zeros(len(self.groups)))
        _fix(self, {"planned": np.bool_}, len(self.groups))

    def standing(self) -> Frame:
        """The same axes with only the groups that are there in intact: those that can lose something."""
        if not self.planned.any():
            return self
        kept = ~self.planned
        return replace(
            self,
            groups=tuple(name for name, stays in zip(self.groups, kept.tolist(), strict=True) if stays),
            terminals=self.terminals[kept],
            planned=self.planned[kept],
        )

    def length(self, axis: str) -> int:
        """How long an axis of the registry is; that of hops is not known before the end of a run, and counts as 1.

        >>> t = np.array(["2022-10-03T12:00:12", "2022-10-03T12:00:27"], "datetime64[ns]")
        >>> Frame(variants=("intact",), utc=t, window=np.zeros(2), duration_s=np.full(2, 15.0)).length("time")
        2
        """
        return {
            "variant": len(self.variants),
            "time": len(self.utc),
            "group": len(self.groups),
            "cell": len(self.cell),
            "operator_name": len(self.operators),
            _GATEWAY_AXIS: len(self.gateways),
            "pop_name": len(self.pops),
            "growth": len(self.growth),
            "rank": len(RANKS),
            "pair": len(self.pairs),
            HOP: 1,
        }[axis]

    def arrays(self, keep: Collection[str]) -> tuple[str, ...]:
        """Names of the arrays that the run leaves behind, in the order of the registry.

        keep: those on (variant, time, group, cell) that are wanted; smaller ones are kept wherever their axes are not
        empty. Without a cell there is nothing but pairs.
        """
        chosen = []
        for name, variable in schema.VARIABLES.items():
            if variable.axes[0] != "variant" or not all(self.length(axis) for axis in variable.axes):
                continue
            if name in schema.OF_TRAFFIC and self.usable_bps is None:
                continue
            wanted = name in keep if "cell" in variable.axes else "pair" in variable.axes or len(self.cell)
            if wanted:
                chosen.append(name)
        return tuple(chosen)

    def shape(self, name: str, steps: int, hops: int = 1) -> tuple[int, ...]:
        """Shape of an array of the registry over so many steps, without the variant axis."""
        given = {"time": steps, HOP: hops}
        return tuple(given.get(axis, self.length(axis)) for axis in schema.VARIABLES[name].axes[1:])

    def coordinates(self) -> list[Coordinate]:
        """What stands along every axis that is not empty."""
        north = {"units": "degrees_north", "standard_name": "latitude"}
        east = {"units": "degrees_east", "standard_name": "longitude"}
        found = [
            _words("variant", ("variant",), self.variants, "What is off or added; intact is neither."),
            Coordinate("time", ("time",), self.utc, {"definition": "Start of the step, UTC."}),
            Coordinate("window", ("time",), self.window, schema.attributes("window")),
            Coordinate("duration_s", ("time",), self.duration_s, schema.attributes("duration_s")),
            _words("group", ("group",), self.groups, "Terminals that share a fate."),
            _number("terminals", ("group", "cell"), self.terminals, "Terminals of the group in the cell."),
            _number("cell", ("cell",), self.cell, "H3 id of the cell."),
            Coordinate("latitude", ("cell",), self.latitude_deg, {**north, "definition": "Centre of the cell."}),
            Coordinate("longitude", ("cell",), self.longitude_deg, {**east, "definition": "Centre of the cell."}),
            _words("country", ("cell",), self.country, "ISO 3166-1 alpha-3, empty at sea."),
            _words("region", ("cell",), self.region, "ISO 3166-2, empty where no table of regions ships."),
            _number("people", ("cell",), self.people, "People who live in the cell."),
            _words("operator_name", ("operator_name",), self.operators, "Operators, in the order of the scenario."),
            *_of_stations("gateway", _GATEWAY_AXIS, self.gateways),
            _number("gateway_antennas", (_GATEWAY_AXIS,), self.gateways.antennas, "Antennas, -1 without limit."),
            *_of_stations("pop", "pop_name", self.pops),
            _number("growth", ("growth",), np.array(self.growth), "Times the terminals of the area."),
            _number("rank", ("rank",), np.array(RANKS if self.growth else ()), "Share of terminals that get less."),
            _words("pair", ("pair",), self.pairs, "Two places between which a packet goes and comes back."),
            _words("satellite_name", ("satellite_name",), self.satellites, "Satellites, as `satellite` counts them."),
            _words("site_name", ("site_name",), self.sites, "Sites, as `pair_route` counts them after the satellites."),
        ]
        return [coordinate for coordinate in found if coordinate.values.size]


def _words(name: str, axes: tuple[str, ...], words: Any, definition: str) -> Coordinate:
    return Coordinate(name, axes, np.array(words, np.str_), {"definition": definition})


def _number(name: str, axes: tuple[str, ...], values: np.ndarray, definition: str) -> Coordinate:
    return Coordinate(name, axes, values, {"units": "1", "definition": definition})


def _of_stations(kind: str, axis: str, stations: Stations) -> list[Coordinate]:
    """Names and whereabouts of gateways or PoPs along their axis."""
    what = {"gateway": "Gateways", "pop": "Points of presence"}[kind]
    where = (axis,)
    return [
        _words(f"{kind}_name", where, stations.name, f"{what}, as `{kind}` counts them."),
        _words(f"{kind}_operator", where, stations.operator, "Operator that it belongs to."),
        _words(f"{kind}_country", where, stations.country, "ISO 3166-1 alpha-3."),
        Coordinate(f"{kind}_latitude", where, stations.latitude_deg, {"units": "degrees_north"}),
        Coordinate(f"{kind}_longitude", where, stations.longitude_deg, {"units": "degrees_east"}),
    ]
