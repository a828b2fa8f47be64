"""The sections of a scenario file: operators, shells, sites, areas, terminals, events, variants."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from obrii.constants import LASER_CLEARANCE_M
from obrii.errors import ScenarioError
from obrii.network.courses import Course, recovering
from obrii.scenario.capacity import PayloadOrName, Priority
from obrii.scenario.fields import (
    Arc,
    Count,
    Inclination,
    Latitude,
    LinkRate,
    Longitude,
    Mask,
    Name,
    NotNegative,
    Number,
    Part,
    Positive,
    Rate,
    State,
    Utc,
    Whole,
    utc64,
)

#: Word for the PoPs of an operator in the order of their distance.
NEAREST = "nearest"

#: The variant without events, which every run has.
INTACT = "intact"

#: How a cell chooses among satellites, by the names of `service.preference.POLICIES`.
Policy = Literal["least-path", "highest-elevation", "most-lasting", "least-loaded"]

#: How much longer than the best a way may be for a policy to choose it, one way [ms]: about what ranges differ by under
#: one satellite, 550 to 1,123 km at an altitude of 550 km and a mask of 25 deg, 1.9 ms [assumption].
POLICY_MARGIN_MS = 2.0


#: Lasers of a satellite that a pattern has use for.
MOST_LASERS = 4
LaserCount = Annotated[Whole, Field(ge=1, le=MOST_LASERS)]


class Lasers(Part):
    """What shells and operators both say about lasers."""

    lasers: str | None = None
    seam_shift: Whole | Literal["natural"] | None = None
    laser_range_m: Positive | None = None
    laser_clearance_m: NotNegative | None = None
    lasers_per_satellite: LaserCount | None = None


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
    filled: list[list[NotNegative]] | None = None
    payload: PayloadOrName | None = None
    source: str = ""

    @model_validator(mode="after")
    def _one_height(self) -> Shell:
        if (self.altitude_m is None) == (self.mean_motion_rev_day is None):
            raise ValueError("give altitude_m or mean_motion_rev_day, one of the two")
        return self


class Generation(Part):
    """Satellites of an operator that were built alike: by catalogue number, both ends included, by shell, or both.

    What it says goes before what operator and shell say.
    """

    name: Name
    catalogue_from: Count | None = None
    catalogue_to: Count | None = None
    shells: list[Name] = []
    lasers: Literal["none"] | None = None
    lasers_per_satellite: LaserCount | None = None
    payload: PayloadOrName | None = None

    @property
    def numbered(self) -> bool:
        """Whether catalogue numbers tell who is of it."""
        return self.catalogue_from is not None or self.catalogue_to is not None

    @model_validator(mode="after")
    def _some_satellites(self) -> Generation:
        if not self.numbered and not self.shells:
            raise ValueError("nothing says which satellites; give catalogue_from, catalogue_to, or shells")
        low, high = self.catalogue_from, self.catalogue_to
        if low is not None and high is not None and low > high:
            raise ValueError(f"catalogue_from {low} is beyond catalogue_to {high}; give them the other way round")
        if self.lasers is not None and self.lasers_per_satellite is not None:
            raise ValueError('give lasers = "none" or lasers_per_satellite, one of the two')
        return self


class Serves(Part):
    """Where an operator may serve: everywhere, unless something narrows it.

    countries: a dated table that ships, or codes; not_regions: ISO 3166-2; not_polygons: GeoJSON files.
    """

    countries: Name | list[Name] | None = None
    not_regions: list[Name] = []
    not_polygons: list[Name] = []


class Operator(Lasers):
    """A satellite operator: what it flies and the limits of its links.

    laser_state: planned lasers are off until an event of kind `add` names them; payload: of its satellites, where their
    shell or generation says nothing else; cells_per_satellite: those of the
    payload where nothing is said, 128 without one.
    """

    name: Name
    constellation: Name | None = None
    shell: list[Shell] = []
    generation: list[Generation] = []
    epoch_limit_days: Positive = 30.0
    fly: Literal["operational", "all"] = "operational"
    gravity: Literal["wgs72", "wgs84", "wgs72old"] = "wgs72"
    user_min_elevation_deg: Mask
    gateway_min_elevation_deg: Mask
    max_range_m: Positive | None = None
    user_arc_deg: Arc = 0.0
    gateway_arc_deg: Arc = 0.0
    ground: Name | None = None
    payload: PayloadOrName | None = None
    cells_per_satellite: Count | None = None
    laser_acquire_s: NotNegative = 0.0
    laser_state: State = "on"
    policy: Policy = "least-path"
    policy_margin_ms: NotNegative
    hysteresis_ms: NotNegative | None = None
    home_pops: dict[str, Annotated[list[Name], Field(min_length=1)]] = {"default": [NEAREST]}
    serves: Serves = Serves()
    state: State = "on"

    @model_validator(mode="before")
    @classmethod
    def _default_masks(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        mask = -90.0 if data.get("max_range_m") is not None else 25.0
        least = data.get("policy", "least-path") == "least-path"
        given = {
            "policy_margin_ms": 0.0 if least else POLICY_MARGIN_MS,
            "user_min_elevation_deg": mask,
            "gateway_min_elevation_deg": mask,
            "lasers": "none",
            "seam_shift": "natural",
            "laser_clearance_m": LASER_CLEARANCE_M,
        }
        return {**given, **data}

    @model_validator(mode="after")
    def _a_margin_to_choose_in(self) -> Operator:
        if self.policy == "least-path" and self.policy_margin_ms > 0:
            raise ValueError(
                f"policy_margin_ms is {self.policy_margin_ms:g}, and policy 'least-path' takes the least path alone; "
                f"leave it out, or name another policy"
            )
        return self

    @model_validator(mode="after")
    def _one_sky(self) -> Operator:
        if (self.constellation is None) == (not self.shell):
            raise ValueError("give constellation (a preset or a file) or [[operator.shell]], one of the two")
        for what, parts in (("shells", self.shell), ("generations", self.generation)):
            names = [part.name for part in parts]
            if len(set(names)) < len(names):
                raise ValueError(f"two {what} are called '{twice(names)}'; give each its own name")
        if (
            self.laser_state == "planned"
            and self.lasers == "none"
            and all(s.lasers in (None, "none") for s in self.shell)
        ):
            raise ValueError("laser_state is 'planned', and there are no lasers; name their pattern with lasers")
        return self


class Site(Part):
    """A place with equipment; rate_bps: what a PoP passes on to the internet, without limit where nothing is said."""

    name: Name
    latitude_deg: Latitude
    longitude_deg: Longitude
    altitude_m: Annotated[Number, Field(ge=-500, le=9_000)] = 0.0
    role: Literal["gateway", "pop", "terminal"] = "terminal"
    operator: str = ""
    country: str = ""
    min_elevation_deg: Mask | None = None
    antennas: Annotated[Whole, Field(ge=0)] | None = None
    rate_bps: LinkRate | None = None
    relay: bool = False
    state: State = "on"

    @model_validator(mode="after")
    def _carries_something(self) -> Site:
        if self.role == "gateway" and self.antennas == 0:
            raise ValueError(
                "a gateway without antennas carries nothing; leave the site out, give antennas, or switch it off with "
                "an event of kind 'gateways-off'"
            )
        if self.role != "pop" and self.rate_bps is not None:
            raise ValueError(f"rate_bps is of a PoP, and this is a {self.role}; a gateway is limited by its antennas")
        return self


class Fibre(Part):
    """A cable between a site and a PoP whose length is known; it replaces the assumed one."""

    a: Name
    b: Name
    length_km: Positive


class Area(Part):
    """The cells that are reported, and those around them that compete for the same satellites.

    countries: ISO 3166-1 alpha-3, or ["world"]; regions: ISO 3166-2; cells: H3 ids; polygon: a GeoJSON file.
    """

    countries: list[Name] = []
    regions: list[Name] = []
    cells: list[Name] = []
    polygon: Name | None = None
    resolution: Annotated[Whole, Field(ge=0, le=9)] = 5
    halo_km: NotNegative = 1900.0
    halo_resolution: Annotated[Whole, Field(ge=0, le=5)] = 3

    @model_validator(mode="after")
    def _something(self) -> Area:
        if not (self.countries or self.regions or self.cells or self.polygon):
            raise ValueError("it holds nothing; give countries, regions, cells or polygon")
        return self


class Terminals(Part):
    """A group of terminals that share a fate.

    operators: names, the first that serves is used; none for all; count: terminals in the area, spread by people or
    area where these operators may serve; or csv: a file of latitude_deg, longitude_deg and count; home: the country
    whose PoPs they use, instead of the one they stand in; listed: whether an event of kind `listed-only` lets them in;
    state: planned ones are not in the field until an event of
    kind `add` names them; priority: who is given what it asks first, where there is not enough for all; busy_hour_bps,
    peak_bps: what each asks, in place of what [traffic] says.
    """

    name: Name
    operators: list[Name] = []
    count: Count | None = None
    spread: Literal["people", "area"] = "people"
    csv: Name | None = None
    home: Name | None = None
    listed: bool = True
    state: State = "on"
    priority: Priority = "normal"
    busy_hour_bps: Rate | None = None
    peak_bps: Rate | None = None

    @model_validator(mode="after")
    def _one_count(self) -> Terminals:
        if (self.count is None) == (self.csv is None):
            raise ValueError("give count or csv, one of the two")
        return self


class Pair(Part):
    """Two places between which a packet is to go and come back.

    via "pop": terminal, satellite, gateway, PoP, fibre, place; via "sky": site to site over satellites alone.
    """

    from_: Name = Field(alias="from")
    to: Name
    via: Literal["pop", "sky"] = "pop"

    @property
    def name(self) -> str:
        """The pair as results call it."""
        return f"{self.from_} - {self.to}"


class Event(Part):
    """Something that goes off, from a start to an end, or comes.

    ramp_s: how long it takes to come, from start [s]; recovery_s: how long what is lost takes to come back, from end
    [s], or recovery: seconds after the end and share restored by then; every_s, times: after how long it comes again,
    and how often in all. `network.courses` draws them.
    """

    name: Name
    kind: Name
    target: dict[str, Any] = {}
    start: Utc | None = None
    end: Utc | None = None
    ramp_s: NotNegative | None = None
    recovery_s: NotNegative | None = None
    recovery: list[tuple[Number, Number]] | None = None
    every_s: Positive | None = None
    times: Whole | None = None

    @cached_property
    def course(self) -> Course:
        """How strong it is over time; ScenarioError where its times contradict each other."""
        return Course(
            start=None if self.start is None else utc64(self.start),
            end=None if self.end is None else utc64(self.end),
            ramp_s=self.ramp_s or 0.0,
            recovery=recovering(self.recovery_s or 0.0) if self.recovery is None else tuple(self.recovery),
            every_s=self.every_s,
            times=self.times,
            where=f"event '{self.name}'",
        )

    @model_validator(mode="after")
    def _in_order(self) -> Event:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ValueError(f"end {self.end:%Y-%m-%dT%H:%M:%SZ} is not after start {self.start:%Y-%m-%dT%H:%M:%SZ}")
        if self.recovery is not None and self.recovery_s is not None:
            raise ValueError("give recovery or recovery_s, one of the two")
        try:
            _ = self.course
        except ScenarioError as error:
            raise ValueError(str(error).removeprefix(f"event '{self.name}': ")) from None
        return self


class Variant(Part):
    """One fate of the same world: the events that happen in it, and what it sets otherwise.

    set: values by dotted name: operator.NAME.KEY, terminals.NAME.KEY, delay.KEY, traffic.KEY (`scenario.settings`).
    """

    name: Name
    events: list[str] = []
    set: Annotated[dict[str, Any], Field(json_schema_extra={"propertyNames": {"pattern": r"^[a-z]+\..+"}})] = {}


class Delay(Part):
    """What a round trip costs beyond the straight line; every default is an assumption.

    access_floor_ms: frames and scheduling of the user link, once a round trip and terminal: about 8 ms is what
    measured minima (LENS, October 2024) exceed geometry by. processing_per_hop_ms: a satellite's switching, each way.
    fibre_route_factor: how much longer a cable is than the great circle.
    """

    access_floor_ms: NotNegative = 8.0
    processing_per_hop_ms: NotNegative = 0.05
    fibre_route_factor: Annotated[Number, Field(ge=1)] = 1.5


class Assumption(Part):
    """Something the scenario takes for granted, in a sentence, and who says so; the report lists it."""

    text: Name
    source: str = ""


#: Arrays on (variant, time, group, cell) that a run can keep.
KEEPABLE = (
    "served", "reachable", "reason", "operator", "satellite", "gateway", "pop", "hops",
    "propagation_rtt", "fibre_rtt", "rtt", "handover", "serving_s", "rate", "busy_rate", "bottleneck",
)  # fmt: skip


class Output(Part):
    """What a run leaves behind on (variant, time, group, cell)."""

    keep: list[Literal[KEEPABLE]] = list(KEEPABLE)  # type: ignore[valid-type]


def twice(names: list[str]) -> str:
    return next(name for k, name in enumerate(names) if name in names[:k])
