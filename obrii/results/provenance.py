"""How a result was made: what anyone needs to make it again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

#: Packages whose version can change a digit.
_PACKAGES = ("obrii", "numpy", "numba", "scipy", "sgp4")

#: Of what a run is made: how it is said that another one was made of something else, and what its parts are set off by.
_KINDS = {
    "scenario": ("another scenario", "\n"),
    "inputs": ("other input files", ", "),
    "versions": ("other versions of programs", ", "),
}


def provenance(title: str, seed: int, scenario: str, inputs: Mapping[str, Path] | None = None) -> dict[str, str | int]:
    """Attributes of a dataset: title, seed, the resolved scenario as TOML, versions, hashes of files that it read.

    inputs: files by the name that the scenario calls them. Nothing here tells one machine or hour from another.

    >>> provenance("one shell", 1, "title = 'one shell'")["seed"]
    1
    """
    of = made(scenario, inputs or {})
    attributes: dict[str, str | int] = {"title": title, "seed": seed, "scenario": scenario, "versions": of["versions"]}
    return attributes | ({"inputs": of["inputs"]} if inputs else {})


def made(scenario: str, inputs: Mapping[str, Path]) -> dict[str, str]:
    """Of what a run is made: the resolved scenario, versions, files; where all are equal, so is every byte of results.

    >>> sorted(made("title = 'one shell'", {}))
    ['inputs', 'scenario', 'versions']
    """
    return {
        "scenario": scenario,
        "versions": ", ".join(f"{name} {version(name)}" for name in _PACKAGES),
        "inputs": ", ".join(f"{name} sha256:{_sha256(inputs[name])}" for name in sorted(inputs)),
    }


def differing(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[str, str] | None:
    """How two runs were made of something else: in words, and what only the first has; None where they are alike.

    >>> differing(made("hours = 1", {}), made("hours = 2", {}))
    ('another scenario', 'hours = 1')
    """
    for kind, (words, separator) in _KINDS.items():
        if then.get(kind) != now[kind]:
            other = now[kind].split(separator)
            return words, next((part for part in then.get(kind, "").split(separator) if part not in other), "")
    return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
