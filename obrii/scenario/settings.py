"""What a variant sets otherwise than the scenario: dotted names, which of them there are, and why others cannot be.

    operator.NAME.KEY   limits of its links, how it chooses and carries, its PoPs, where it may serve
    terminals.NAME.KEY  whose terminals they are, where they are at home, what they ask
    delay.KEY           what a round trip costs beyond light
    traffic.KEY         what terminals ask for

Variants share the sky: what is there, where it flies, and who stands where. What a setting changes is computed again
for the variant alone, as if the scenario said so itself, to the bit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic import ValidationError

from obrii.errors import ScenarioError, nearest
from obrii.scenario import reader
from obrii.scenario.fields import Part
from obrii.scenario.parts import Variant

if TYPE_CHECKING:
    from obrii.scenario.model import Scenario

#: Keys of an operator that decide its sight lines and the reach of its lasers.
SIGHT = (
    "user_min_elevation_deg", "gateway_min_elevation_deg", "max_range_m", "user_arc_deg", "gateway_arc_deg",
    "laser_range_m",
)  # fmt: skip

_ANOTHER_SKY = "all variants share one sky; make it another operator, and add it in a variant"
_OTHER_LASERS = "all variants share the lasers and where they point; make it another operator, or switch lasers off"
_NAME = "results go by this name"
_BY_EVENT = "an event of kind 'add' brings what is planned"
_WEIGHTS = "results of all variants count the same terminals; make it another group, planned, and add it in a variant"
_ONE_LIST = "all variants share one list; make those who are on it a group of their own"
_ONE_AXIS = "results of all variants are measured by it"

#: Why other keys cannot be set, by section.
REFUSED: dict[str, dict[str, str]] = {
    "operator": {
        "name": _NAME,
        "state": _BY_EVENT,
        "laser_state": _BY_EVENT,
        **dict.fromkeys(("constellation", "shell", "generation", "epoch_limit_days", "fly", "gravity"), _ANOTHER_SKY),
        **dict.fromkeys(
            ("lasers", "seam_shift", "laser_clearance_m", "laser_acquire_s", "lasers_per_satellite"), _OTHER_LASERS
        ),
        "ground": "all variants share the sites; write further ones as planned, and add them in a variant",
    },
    "terminals": {
        "name": _NAME,
        "state": _BY_EVENT,
        "listed": _ONE_LIST,
        **dict.fromkeys(("count", "spread", "csv"), _WEIGHTS),
    },
    "delay": {},
    "traffic": dict.fromkeys(("growth", "usable_bps"), _ONE_AXIS),
}

#: Why other sections cannot be set.
_OF_ALL = "all variants share it; make it a run of its own"


class _Place(NamedTuple):
    """Where a setting belongs: section, its place in a list or None, key, and where refusals say that it is."""

    section: str
    at: int | None
    key: str
    where: str


def check(scenario: Scenario) -> None:
    """Refuse settings of variants that there are not, or cannot be; ScenarioError with place and reason."""
    for variant in scenario.variant:
        varied(scenario, variant)


def varied(scenario: Scenario, variant: Variant) -> Scenario:
    """The scenario as a variant sets it; the same one where that changes nothing.

    Raises ScenarioError with place and reason where a name is not there, or a value cannot be.
    """
    changed: dict[tuple[str, int | None], dict[str, Any]] = {}
    for name, value in variant.set.items():
        place = _place(scenario, name, f"variant '{variant.name}': set")
        changed.setdefault((place.section, place.at), {})[place.key] = value
    update: dict[str, Any] = {}
    for (section, at), values in changed.items():
        parts = update.get(section, getattr(scenario, section))
        old: Part = parts if at is None else parts[at]
        new = _with(old, values, f"variant '{variant.name}': set: {_called(section, old)}")
        if new != old:
            update[section] = new if at is None else [*parts[:at], new, *parts[at + 1 :]]
    if not update:
        return scenario
    found = scenario.model_copy(update=update)
    found.check_names(f"variant '{variant.name}': set: ")
    return found


def all_varied(scenario: Scenario) -> list[Scenario]:
    """The scenario, and what each variant makes of it where it sets something."""
    found = [varied(scenario, variant) for variant in scenario.variant if variant.set]
    return [scenario, *(each for each in found if each is not scenario)]


def identity(variant: Variant) -> str:
    """A text that is equal for equal settings, and empty for none."""
    return json.dumps(variant.set, sort_keys=True) if variant.set else ""


def value_in(scenario: Scenario, name: str) -> Any:
    """What a scenario itself says under a dotted name."""
    place = _place(scenario, name, "set")
    part = getattr(scenario, place.section)
    return getattr(part if place.at is None else part[place.at], place.key)


def shown(value: Any) -> str:
    """A value as a scenario file holds it.

    >>> shown(50), shown("Frankfurt"), shown(["nearest"]), shown(None)
    ('50', 'Frankfurt', '["nearest"]', 'nothing')
    """
    if isinstance(value, Part):
        value = value.model_dump(mode="json", by_alias=True, exclude_none=True)
    if value is None:
        return "nothing"
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _place(scenario: Scenario, name: str, where: str) -> _Place:
    section, _, rest = name.partition(".")
    if section not in REFUSED:
        if section in type(scenario).model_fields:
            raise ScenarioError(f"{where}: '{name}' cannot be set; {_OF_ALL}")
        hint = nearest(section, REFUSED) or f"; names begin with {', '.join(REFUSED)}"
        raise ScenarioError(f"{where}: '{name}': nothing is called '{section}'{hint}")
    part = getattr(scenario, section)
    at = None
    if isinstance(part, list):
        called, _, rest = rest.rpartition(".")
        names = [each.name for each in part]
        if called not in names:
            hint = nearest(called, names) or f"; write {section}.NAME.KEY"
            raise ScenarioError(f"{where}: '{name}': no [[{section}]] is called '{called}'{hint}")
        at = names.index(called)
        part = part[at]
    if part is None:
        raise ScenarioError(f"{where}: '{name}' cannot be set; the scenario has no [{section}]")
    refused = REFUSED[section]
    known = [key for key in type(part).model_fields if key not in refused]
    if rest in refused:
        raise ScenarioError(f"{where}: '{name}' cannot be set; {refused[rest]}")
    if rest not in known:
        hint = nearest(rest, known) or f"; what can be set is {', '.join(known)}"
        raise ScenarioError(f"{where}: '{name}': unknown key '{rest}'{hint}")
    return _Place(section, at, rest, where)


def _with(part: Part, values: Mapping[str, Any], where: str) -> Part:
    """A section with other values of some keys."""
    data = part.model_dump(by_alias=True)
    if values.keys() >= {"policy"} and data.get("policy") == "least-path" and "policy_margin_ms" not in values:
        # The least path has no margin; another policy takes its own.
        del data["policy_margin_ms"]
    data |= values
    try:
        return type(part).model_validate(data)
    except ValidationError as error:
        raise reader.refusal(error, data, type(part), where) from None


def _called(section: str, part: Part) -> str:
    name = getattr(part, "name", "")
    return f"{section}.{name}" if name else section
