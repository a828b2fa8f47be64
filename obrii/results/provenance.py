"""How a result was made: what anyone needs to make it again."""

from __future__ import annotations

from importlib.metadata import version

#: Packages whose version can change a digit.
_PACKAGES = ("obrii", "numpy", "numba", "scipy", "sgp4")


def provenance(title: str, seed: int, scenario: str) -> dict[str, str | int]:
    """Attributes of a dataset: title, seed, the resolved scenario as TOML, versions of the packages."""
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return {"title": title, "seed": seed, "scenario": scenario, "versions": versions}
