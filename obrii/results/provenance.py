"""How a result was made: what anyone needs to make it again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

#: Packages whose version can change a digit.
_PACKAGES = ("obrii", "numpy", "numba", "scipy", "sgp4")


def provenance(title: str, seed: int, scenario: str, inputs: Mapping[str, Path] | None = None) -> dict[str, str | int]:
    """Attributes of a dataset: title, seed, the resolved scenario as TOML, versions, hashes of files that it read.

    inputs: files by the name that the scenario calls them. Nothing here tells one machine or hour from another.

    >>> provenance("one shell", 1, "title = 'one shell'")["seed"]
    1
    """
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    made: dict[str, str | int] = {"title": title, "seed": seed, "scenario": scenario, "versions": versions}
    if inputs:
        made["inputs"] = ", ".join(f"{name} sha256:{_sha256(inputs[name])}" for name in sorted(inputs))
    return made


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
