"""The whole experiment, read strictly from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from obrii.errors import ScenarioError, nearest
from obrii.scenario import presets, reader, settings
from obrii.scenario.capacity import Traffic, check_share
from obrii.scenario.extending import Extends, with_base
from obrii.scenario.fields import Name, Part, Whole
from obrii.scenario.parts import (
    INTACT,
    Area,
    Assumption,
    Delay,
    Event,
    Fibre,
    Operator,
    Output,
    Pair,
    Site,
    Terminals,
    Variant,
    twice,
)
from obrii.scenario.times import Time


def _language(code: str) -> str:
    if len(code) == 2 and code.isascii() and code.isalpha() and code.islower():
        return code
    raise ValueError("a language is two small letters of ISO 639-1, as 'uk'")


#: A language, by its code.
Language = Annotated[str, AfterValidator(_language)]


def _extending(schema: dict[str, Any]) -> None:
    """Let the JSON Schema know `extends`: a file that has it may leave out whatever the other scenario says."""
    either = [{"type": "string", "minLength": 1}, Extends.model_json_schema()]
    schema["properties"]["extends"] = {"description": Extends.__doc__, "anyOf": either}
    schema["anyOf"] = [{"required": schema.pop("required")}, {"required": ["extends"]}]


class Scenario(Part):
    """The whole experiment; read one with `Scenario.read`.

    translation: for a language, what the scenario says, from its own words; the report in that language says it so.

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

    model_config = ConfigDict(json_schema_extra=_extending)

    title: Name
    description: str = ""
    seed: Annotated[Whole, Field(ge=0)] = 1
    time: Time
    operator: Annotated[list[Operator], Field(min_length=1)]
    area: Area | None = None
    terminals: list[Terminals] = []
    site: list[Site] = []
    fibre: list[Fibre] = []
    pair: list[Pair] = []
    traffic: Traffic | None = None
    delay: Delay = Delay()
    output: Output = Output()
    assumption: list[Assumption] = []
    event: list[Event] = []
    variant: list[Variant] = []
    translation: dict[Language, dict[str, Name]] = {}

    _folder: Path = PrivateAttr(default_factory=Path)

    @model_validator(mode="after")
    def _names_fit(self) -> Scenario:
        for section in ("operator", "site", "terminals", "event", "variant"):
            names = [part.name for part in getattr(self, section)]
            if len(set(names)) < len(names):
                raise ValueError(f"two [[{section}]] are called '{twice(names)}'; give each its own name")
        operators = [part.name for part in self.operator]
        for site in self.site:
            if site.operator and site.operator not in operators:
                hint = nearest(site.operator, operators)
                raise ValueError(f"site '{site.name}': operator '{site.operator}' is not in this scenario{hint}")
        self.check_names()
        if self.terminals and all(group.state == "planned" for group in self.terminals):
            raise ValueError("[[terminals]]: all are planned, so that intact has nobody; leave one on")
        if self.terminals and self.area is None:
            raise ValueError("[[terminals]] need an [area] to stand in; add one")
        for k, pair in enumerate(self.pair, start=1):
            if pair.from_ == pair.to:
                raise ValueError(f"pair {k}: both ends are '{pair.to}'; name two places")
        events = [part.name for part in self.event]
        for variant in self.variant:
            if variant.name == INTACT:
                raise ValueError(f"variant '{INTACT}' is always there; give this one another name")
            for name in variant.events:
                if name not in events:
                    hint = nearest(name, events) or "; describe it in an [[event]]"
                    raise ValueError(f"variant '{variant.name}': no event is called '{name}'{hint}")
        try:
            settings.check(self)
        except ScenarioError as refused:
            raise ValueError(str(refused)) from None
        return self

    @model_validator(mode="after")
    def _demand_fits(self) -> Scenario:
        if self.traffic is None:
            for group in self.terminals:
                for key in ("busy_hour_bps", "peak_bps"):
                    if getattr(group, key) is not None:
                        raise ValueError(f"terminals '{group.name}': {key} means nothing without [traffic]; add one")
            return self
        if self.area is None:
            raise ValueError("[traffic] needs an [area] where somebody asks for something; add one")
        for group in self.terminals:
            busy_hour_bps = group.busy_hour_bps or self.traffic.busy_hour_bps
            try:
                check_share(busy_hour_bps, group.peak_bps or self.traffic.peak_bps)
            except ValueError as error:
                raise ValueError(f"terminals '{group.name}': {error}") from None
        for name in self.traffic.terminals:
            operators = [part.name for part in self.operator]
            if name not in operators:
                hint = nearest(name, operators)
                raise ValueError(f"traffic: terminals: operator '{name}' is not in this scenario{hint}")
        return self

    def check_names(self, where: str = "") -> None:
        """Refuse groups of terminals whose operators are not in the scenario; ValueError."""
        operators = [part.name for part in self.operator]
        for group in self.terminals:
            for name in group.operators:
                if name not in operators:
                    hint = nearest(name, operators)
                    raise ValueError(
                        f"{where}terminals '{group.name}': operator '{name}' is not in this scenario{hint}"
                    )

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
    def preset(cls, name: str) -> Scenario:
        """A scenario that ships with the package, by name.

        Raises ScenarioError with the nearest name where there is none.

        >>> Scenario.preset("ukraine-autumn-2022").title
        'Ukraine, autumn 2022'
        """
        return cls.read(presets.scenario_path(name))

    @classmethod
    def parse(cls, text: str, *, place: str = "scenario", folder: str | Path = ".") -> Scenario:
        """Read a scenario from TOML text; `place` names it in refusals, `folder` is where its paths start."""
        data = with_base(reader.parse_toml(text, place), place, Path(folder))
        try:
            scenario = cls.model_validate(data)
        except ValidationError as error:
            raise reader.refusal(error, data, cls, place, beside=("extends",)) from None
        return scenario.at(Path(folder))

    def at(self, folder: Path) -> Scenario:
        """The same scenario with its paths relative to another folder."""
        moved = self.model_copy()
        moved._folder = folder
        return moved

    def changed(self, data: dict[str, Any]) -> Scenario:
        """Another scenario from tables like those of this one, with paths relative to the same folder."""
        try:
            scenario = Scenario.model_validate(data)
        except ValidationError as error:
            raise reader.refusal(error, data, Scenario, "scenario") from None
        return scenario.at(self._folder)

    def resolved(self) -> str:
        """The scenario as TOML with every default written out."""
        return reader.write_toml(self.model_dump(mode="python", by_alias=True, exclude_none=True))
