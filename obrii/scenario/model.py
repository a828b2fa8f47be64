"""The sections of a scenario file, their defaults and their limits.

Keys of the file are the arguments of these classes, units in the name. Everything is frozen; `reader` turns a file
into a `Scenario` and refusals into sentences.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from obrii.errors import nearest
from obrii.scenario import reader
from obrii.timegrid import TimeGrid

#: The variant without events, which every run has.
INTACT = "intact"


class Part(BaseModel):
    """A section: frozen, without unknown keys, without nan or inf."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=True)


def _is_number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("it must be a number")
    return value


def _is_whole(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("it must be a whole number")
    return value


def _is_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("it must say that it is UTC: end it with Z")
    return value.astimezone(UTC)


Number = Annotated[float, BeforeValidator(_is_number)]
Whole = Annotated[int, BeforeValidator(_is_whole)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
Count = Annotated[Whole, Field(ge=1)]
Latitude = Annotated[Number, Field(ge=-90, le=90)]
Longitude = Annotated[Number, Field(ge=-180, le=360)]
Inclination = Annotated[Number, Field(ge=0, le=180)]
#: A mask of 90 degrees leaves one direction; -90 leaves all of them, for limits by range alone.
Mask = Annotated[Number, Field(ge=-90, lt=90)]
Utc = Annotated[datetime, AfterValidator(_is_utc)]
Name = Annotated[str, Field(min_length=1)]
State = Literal["on", "planned"]


def utc64(instant: datetime) -> np.datetime64:
    """A UTC datetime as datetime64[ns]."""
    return np.datetime64(instant.replace(tzinfo=None), "ns")


class Length(Part):
    """Where a window starts and how long it lasts: one of end, hours, seconds, slots."""

    start: Utc
    end: Utc | None = None
    hours: Positive | None = None
    seconds: Positive | None = None
    slots: Count | None = None

    @model_validator(mode="after")
    def _one_length(self) -> Length:
        given = [key for key in ("end", "hours", "seconds", "slots") if getattr(self, key) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of end, hours, seconds, slots; found {' and '.join(given) or 'none'}")
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"end {self.end:%Y-%m-%dT%H:%M:%SZ} is not after start {self.start:%Y-%m-%dT%H:%M:%SZ}")
        return self

    def grid(self, step_s: float | None) -> TimeGrid:
        """The steps of this window; `step_s` None for the operator's slots."""
        if self.slots is not None:
            first = TimeGrid.slots(utc64(self.start), seconds=15.0 * self.slots + 15.0)
            return first[: self.slots] if step_s is None else self._plain(step_s, step_s * self.slots)
        if self.end is not None:
            seconds = (self.end - self.start).total_seconds()
        else:
            seconds = self.seconds if self.seconds is not None else 3600.0 * (self.hours or 0.0)
        return TimeGrid.slots(utc64(self.start), seconds=seconds) if step_s is None else self._plain(step_s, seconds)

    def _plain(self, step_s: float, seconds: float) -> TimeGrid:
        return TimeGrid.steps(utc64(self.start), step_s=step_s, seconds=seconds)


class Time(Part):
    """The steps of a run: one window, or a list of them; the operator's slots, or plain steps."""

    start: Utc | None = None
    end: Utc | None = None
    hours: Positive | None = None
    seconds: Positive | None = None
    slots: Count | None = None
    windows: Annotated[list[Length], Field(min_length=1)] | None = None
    step: Literal["slot"] | None = None
    step_s: Positive | None = None

    @model_validator(mode="before")
    @classmethod
    def _default_step(cls, data: Any) -> Any:
        if isinstance(data, dict) and "step_s" not in data:
            return {"step": "slot", **data}
        return data

    @model_validator(mode="after")
    def _consistent(self) -> Time:
        if self.step is not None and self.step_s is not None:
            raise ValueError("give step or step_s, not both")
        if self.windows is not None and self.start is not None:
            raise ValueError("give start or windows, not both")
        self.parts()
        return self

    def parts(self) -> list[Length]:
        """The windows, also where there is only one."""
        if self.windows is not None:
            return list(self.windows)
        if self.start is None:
            raise ValueError("start is missing")
        return [
            Length(start=self.start, end=self.end, hours=self.hours, seconds=self.seconds, slots=self.slots),
        ]

    def grid(self) -> TimeGrid:
        """The steps of the run."""
        return TimeGrid(tuple(w for part in self.parts() for w in part.grid(self.step_s).windows))


class Lasers(Part):
    """What shells and operators both say about lasers."""

    lasers: str | None = None
    seam_shift: Whole | Literal["natural"] | None = None
    laser_range_m: Positive | None = None


class Shell(Lasers):
    """A shell of circular orbits, laid out by rule."""

    name: Name
    planes: Count
    satellites_per_plane: Count
    inclination_deg: Inclination
    altitude_m: Positive | None = None
    mean_motion_rev_day: Positive | None = None
    pattern: Literal["delta", "star"] = "delta"
    phasing: Literal["walker", "half-odd"] = "walker"
    phase_factor: Annotated[Whole, Field(ge=0)] = 0
    first_node_deg: Number = 0.0
    first_anomaly_deg: Number = 0.0
    eccentricity: Annotated[Number, Field(ge=0, lt=1)] = 1e-7
    epoch: Utc | None = None
    source: str = ""

    @model_validator(mode="after")
    def _one_height(self) -> Shell:
        if (self.altitude_m is None) == (self.mean_motion_rev_day is None):
            raise ValueError("give altitude_m or mean_motion_rev_day, one of the two")
        return self


class Operator(Lasers):
    """A satellite operator: what it flies and the limits of its links."""

    name: Name
    constellation: Name | None = None
    shell: list[Shell] = []
    gravity: Literal["wgs72", "wgs84", "wgs72old"] = "wgs72"
    user_min_elevation_deg: Mask
    gateway_min_elevation_deg: Mask
    max_range_m: Positive | None = None

    @model_validator(mode="before")
    @classmethod
    def _default_masks(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        mask = -90.0 if data.get("max_range_m") is not None else 25.0
        given = {"user_min_elevation_deg": mask, "gateway_min_elevation_deg": mask, "lasers": "none", "seam_shift": 0}
        return {**given, **data}

    @model_validator(mode="after")
    def _one_sky(self) -> Operator:
        if (self.constellation is None) == (not self.shell):
            raise ValueError("give constellation (a preset or a file) or [[operator.shell]], one of the two")
        names = [shell.name for shell in self.shell]
        if len(set(names)) < len(names):
            raise ValueError(f"two shells are called '{_twice(names)}'; give each its own name")
        return self


class Site(Part):
    """A place with equipment."""

    name: Name
    latitude_deg: Latitude
    longitude_deg: Longitude
    altitude_m: Annotated[Number, Field(ge=-500, le=9_000)] = 0.0
    role: Literal["gateway", "pop", "terminal"] = "terminal"
    operator: str = ""
    country: str = ""
    min_elevation_deg: Mask | None = None
    antennas: Annotated[Whole, Field(ge=0)] | None = None
    relay: bool = False
    state: State = "on"


class Pair(Part):
    """Two places between which a packet is to go and come back."""

    from_: Name = Field(alias="from")
    to: Name
    via: Literal["sky"] = "sky"

    @property
    def name(self) -> str:
        """The pair as results call it."""
        return f"{self.from_} - {self.to}"


class Event(Part):
    """Something that goes off, from a start to an end."""

    name: Name
    kind: Name
    target: dict[str, Any] = {}
    start: Utc | None = None
    end: Utc | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Event:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError(f"end {self.end:%Y-%m-%dT%H:%M:%SZ} is not after start {self.start:%Y-%m-%dT%H:%M:%SZ}")
        return self


class Variant(Part):
    """One fate of the same world: the events that happen in it."""

    name: Name
    events: list[str] = []


class Delay(Part):
    """What a round trip costs beyond light; every default is an assumption.

    access_floor_ms: frames and scheduling of the user link, once a round trip and terminal: about 8 ms is what
    measured minima (LENS, October 2024) exceed geometry by. processing_per_hop_ms: a satellite's switching, each way.
    """

    access_floor_ms: NotNegative = 8.0
    processing_per_hop_ms: NotNegative = 0.05


class Scenario(Part):
    """The whole experiment; read one with `Scenario.read`.

    >>> from obrii import Scenario
    >>> world = Scenario.parse('''
    ... title = "one shell"
    ... time = {start = 2026-01-01T00:00:00Z, seconds = 60}
    ... [[operator]]
    ... name = "test"
    ... shell = [{name = "s", planes = 4, satellites_per_plane = 6, inclination_deg = 53, altitude_m = 550e3}]
    ... ''')
    >>> world.operator[0].user_min_elevation_deg
    25.0
    """

    title: Name
    seed: Annotated[Whole, Field(ge=0)] = 1
    time: Time
    operator: Annotated[list[Operator], Field(min_length=1)]
    site: list[Site] = []
    pair: list[Pair] = []
    delay: Delay = Delay()
    event: list[Event] = []
    variant: list[Variant] = []

    _folder: Path = PrivateAttr(default_factory=Path)

    @model_validator(mode="after")
    def _names_fit(self) -> Scenario:
        for section in ("operator", "site", "event", "variant"):
            names = [part.name for part in getattr(self, section)]
            if len(set(names)) < len(names):
                raise ValueError(f"two [[{section}]] are called '{_twice(names)}'; give each its own name")
        operators = [part.name for part in self.operator]
        for site in self.site:
            if site.operator and site.operator not in operators:
                hint = nearest(site.operator, operators)
                raise ValueError(f"site '{site.name}': operator '{site.operator}' is not in this scenario{hint}")
        sites = [part.name for part in self.site]
        for k, pair in enumerate(self.pair, start=1):
            for end in (pair.from_, pair.to):
                if end not in sites:
                    raise ValueError(f"pair {k}: no site is called '{end}'{nearest(end, sites)}")
            if pair.from_ == pair.to:
                raise ValueError(f"pair {k}: both ends are '{pair.to}'; name two places")
        events = [part.name for part in self.event]
        for variant in self.variant:
            if variant.name == INTACT:
                raise ValueError(f"variant '{INTACT}' is always there; give this one another name")
            for name in variant.events:
                if name not in events:
                    raise ValueError(f"variant '{variant.name}': no event is called '{name}'{nearest(name, events)}")
        return self

    def variants(self) -> list[Variant]:
        """Every variant of the run, `intact` first."""
        return [Variant(name=INTACT), *self.variant]

    @property
    def folder(self) -> Path:
        """The folder that paths in the scenario are relative to."""
        return self._folder

    @classmethod
    def read(cls, path: str | Path) -> Scenario:
        """Read a scenario file (TOML), strictly.

        Raises ScenarioError with place, reason and the nearest valid key.
        """
        path = Path(path)
        return cls.parse(reader.read_text(path), place=path.name, folder=path.parent)

    @classmethod
    def parse(cls, text: str, *, place: str = "scenario", folder: str | Path = ".") -> Scenario:
        """Read a scenario from TOML text; `place` names it in refusals, `folder` is where its paths start."""
        data = reader.parse_toml(text, place)
        try:
            scenario = cls.model_validate(data)
        except ValidationError as error:
            raise reader.refusal(error, data, cls, place) from None
        scenario._folder = Path(folder)
        return scenario

    def changed(self, data: dict[str, Any]) -> Scenario:
        """Another scenario from tables like those of this one, with paths relative to the same folder."""
        try:
            scenario = Scenario.model_validate(data)
        except ValidationError as error:
            raise reader.refusal(error, data, Scenario, "scenario") from None
        scenario._folder = self._folder
        return scenario

    def resolved(self) -> str:
        """The scenario as TOML with every default written out."""
        return reader.write_toml(self.model_dump(mode="python", by_alias=True, exclude_none=True))


def _twice(names: list[str]) -> str:
    return next(name for k, name in enumerate(names) if name in names[:k])
