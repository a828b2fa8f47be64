"""Obrii simulates satellite internet: who has a connection, how good it is, and what is left when a part is off.

The names below load their modules on first use, so that the command line answers at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from obrii.blocks import serve_block
    from obrii.errors import DataError, ModelError, ObriiError, ScenarioError
    from obrii.scenario.model import Scenario
    from obrii.simulation import simulate
    from obrii.sky import sky_block
    from obrii.timegrid import TimeGrid
    from obrii.tracing import trace

__version__ = "0.1.0"

_HOME = {
    "DataError": "obrii.errors",
    "ModelError": "obrii.errors",
    "ObriiError": "obrii.errors",
    "Scenario": "obrii.scenario.model",
    "ScenarioError": "obrii.errors",
    "TimeGrid": "obrii.timegrid",
    "serve_block": "obrii.blocks",
    "simulate": "obrii.simulation",
    "sky_block": "obrii.sky",
    "trace": "obrii.tracing",
}

__all__ = [
    "DataError",
    "ModelError",
    "ObriiError",
    "Scenario",
    "ScenarioError",
    "TimeGrid",
    "serve_block",
    "simulate",
    "sky_block",
    "trace",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'obrii' has no attribute '{name}'")


def __dir__() -> list[str]:
    return __all__
