"""TOML in and out, and what a refusal of it says: where, what, and what instead."""

from __future__ import annotations

import re
import tomllib
import types
import typing
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel, ValidationError

from obrii.errors import ScenarioError, nearest

_TIME = "it must be a time in UTC, written as 2026-05-30T12:00:00Z"

#: How a limit that pydantic checks reads in a sentence, by its error type.
_LIMITS = {
    "greater_than": "it must be above {gt:g}",
    "greater_than_equal": "it must be at least {ge:g}",
    "less_than": "it must be below {lt:g}",
    "less_than_equal": "it must be at most {le:g}",
    "finite_number": "it must be finite",
    "literal_error": "it must be {expected}",
    "string_type": "it must be text in quotes",
    "string_too_short": "it must not be empty",
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "datetime_from_date_parsing": _TIME,
    "bool_type": "it must be true or false",
    "list_type": "it must be a list",
    "dict_type": "it must be a table",
    "model_type": "it must be a table",
    "too_short": "it must not be empty",
}


def read_text(path: Path) -> str:
    """The text of a file; refused where it cannot be read."""
    if path.is_dir():
        raise ScenarioError(f"{path}: is a folder; give a scenario file (TOML)")
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        here = [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else []
        raise ScenarioError(f"{path}: no such file{nearest(path.name, here)}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: cannot be read as UTF-8 text ({error}); give a scenario file (TOML)") from None


def parse_toml(text: str, place: str) -> dict[str, Any]:
    """TOML text as tables; refused with line and column where it is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{place}: not TOML: {error}") from None


def write_toml(data: dict[str, Any]) -> str:
    """Tables as TOML text."""
    return tomli_w.dumps(data)


def refusal(
    error: ValidationError, data: Any, model: type[BaseModel], place: str, beside: tuple[str, ...] = ()
) -> ScenarioError:
    """The first thing wrong with `data`, as one sentence with its place in the file.

    beside: keys of the file that were taken from it before it became a `model`.
    """
    # An unknown key is the likeliest cause of a missing one: say it first.
    first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
    where, key, known = _locate(first["loc"], data, model)
    if len(first["loc"]) == 1:
        known = [*known, *beside]
    prefix = ": ".join([place, *where])
    kind, value = first["type"], first.get("input")
    if kind == "extra_forbidden":
        return ScenarioError(f"{prefix}: unknown key '{key}'{nearest(key, known) or _listed(known)}")
    if kind == "missing":
        return ScenarioError(f"{prefix}: '{key}' is missing")
    what = f"{key} is {_shown(value)}; " if key else ""
    if kind in _LIMITS:
        limit = _LIMITS[kind].format(**first.get("ctx", {}))
        hint = (
            nearest(value, re.findall(r"'(.*?)'", limit)) if kind == "literal_error" and isinstance(value, str) else ""
        )
        return ScenarioError(f"{prefix}: {what}{limit}{hint}")
    reason = first["msg"].removeprefix("Value error, ")
    if kind == "value_error" and (not key or isinstance(value, (dict, list))):
        return ScenarioError(f"{prefix}: {reason}" if not key else f"{prefix}: {key}: {reason}")
    return ScenarioError(f"{prefix}: {what}{reason[0].lower()}{reason[1:]}")


def _locate(loc: tuple[int | str, ...], data: Any, model: type[BaseModel]) -> tuple[list[str], str, list[str]]:
    """Places on the way down (named where they have a name), the last key, and the keys known there."""
    where: list[str] = []
    known = _keys(model)
    current: type[BaseModel] | None = model
    key = ""
    for part in loc:
        if isinstance(part, str) and isinstance(data, dict) and (part in data or part in known):
            if key:
                where.append(key)
            key, data = part, data.get(part)
            current = _model_of(current, part) if current else None
            known = _keys(current) if current and isinstance(data, (dict, list)) else known
        elif isinstance(part, int) and isinstance(data, list):
            data = data[part]
            named = data.get("name") if isinstance(data, dict) else None
            where.append(f"{key} '{named}'" if named else f"{key} {part + 1}")
            key = ""
        elif isinstance(part, str) and not isinstance(data, (dict, list)):
            break  # the name of a member of a union, or of a validator: not a place in the file
    return where, key, known


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_of(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    for name, field in model.model_fields.items():
        if key in (name, field.alias):
            return _find_model(field.annotation)
    return None


def _find_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    return next(filter(None, map(_find_model, typing.get_args(annotation))), None)


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}'"
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return "a table" if isinstance(value, dict) else "a list" if isinstance(value, list) else str(value)


def _listed(known: list[str]) -> str:
    return "; known are " + ", ".join(known)
