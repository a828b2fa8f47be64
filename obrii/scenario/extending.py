"""What a scenario takes from another: all of it but what it leaves out, with its own tables laid over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationError

from obrii.errors import ScenarioError, nearest
from obrii.scenario import presets, reader
from obrii.scenario.fields import Name, Part

#: What `without` says of a section that is left out whole.
_ALL = "all"


def _all_or_names(value: Any) -> Any:
    if value == _ALL or (isinstance(value, list) and value and all(isinstance(name, str) for name in value)):
        return value
    raise ValueError(f'it must be "{_ALL}", or a list of names')


class Extends(Part):
    """The scenario that a file builds on: a preset's name or a file, and what of it is left out, by section."""

    scenario: Name
    without: dict[str, Annotated[Literal["all"] | list[Name], BeforeValidator(_all_or_names)]] = {}


class _Extending(Part):
    """The key of a file that says so, checked before there is a scenario."""

    extends: Extends


def with_base(data: dict[str, Any], place: str, folder: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """The tables of a file laid over what it takes of the scenario that it extends, if it extends any.

    above: files that extend this one. Raises ScenarioError for a scenario, section or name that is not there.
    """
    if "extends" not in data:
        return data
    said = data["extends"]
    given = {"extends": {"scenario": said} if isinstance(said, str) else said}
    try:
        extends = _Extending.model_validate(given).extends
    except ValidationError as error:
        raise reader.refusal(error, given, _Extending, place) from None
    path = _path(extends.scenario, place, folder)
    if path in above:
        raise ScenarioError(f"{place}: extends {path.name}, which extends this file; let one of them stand alone")
    base = reader.parse_toml(reader.read_text(path), path.name)
    base = with_base(base, path.name, path.parent, (*above, path))
    own = {key: value for key, value in data.items() if key != "extends"}
    return laid_over(own, _left(base, extends, place))


def _path(name: str, place: str, folder: Path) -> Path:
    """The file of a scenario that is extended: a preset, or a file beside the one that extends it."""
    if name.endswith(".toml"):
        return (folder / name).resolve()
    try:
        return presets.scenario_path(name)
    except ScenarioError as refused:
        raise ScenarioError(f"{place}: extends: {refused}") from None


def _left(base: dict[str, Any], extends: Extends, place: str) -> dict[str, Any]:
    """The tables of a scenario without those that are left out."""
    left = dict(base)
    for section, names in extends.without.items():
        where = f"{place}: extends: without"
        if section not in base:
            hint = nearest(section, base) or f"; it has {', '.join(base)}"
            raise ScenarioError(f"{where}: {extends.scenario} has no '{section}'{hint}")
        if names == _ALL:
            del left[section]
            continue
        if not _named(base[section]):
            raise ScenarioError(f'{where}: {section} has no parts with names; leave it out whole: {section} = "{_ALL}"')
        known = [part["name"] for part in base[section]]
        for name in names:
            if name not in known:
                hint = nearest(name, known) or f"; there are {', '.join(known)}"
                raise ScenarioError(f"{where}: no {section} of {extends.scenario} is called '{name}'{hint}")
        left[section] = [part for part in base[section] if part["name"] not in names]
    return left


def laid_over(data: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    """A scenario's tables laid over those of another.

    Tables are merged key by key; of lists of tables, those with the same name are merged and others are added; all else
    is replaced.

    >>> laid_over({"seed": 2, "site": [{"name": "a", "x": 1}]}, {"title": "t", "site": [{"name": "a", "y": 0}]})
    {'title': 't', 'site': [{'name': 'a', 'y': 0, 'x': 1}], 'seed': 2}
    """
    out = dict(base)
    for key, value in data.items():
        below = out.get(key)
        if isinstance(value, dict) and isinstance(below, dict):
            out[key] = laid_over(value, below)
        elif _named(value) and _named(below):
            by_name = {part["name"]: part for part in below or []}
            for part in value:
                by_name[part["name"]] = laid_over(part, by_name.get(part["name"], {}))
            out[key] = list(by_name.values())
        else:
            out[key] = value
    return out


def _named(value: Any) -> bool:
    """A list of tables that all have a name."""
    return isinstance(value, list) and bool(value) and all(isinstance(p, dict) and "name" in p for p in value)
