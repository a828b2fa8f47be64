"""What an event is aimed at: keys narrow each other, lists are "or"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from obrii.errors import ScenarioError, nearest


@dataclass(frozen=True)
class Target:
    """The target table of an event; `where` begins every refusal."""

    where: str
    keys: dict[str, Any]

    def names(self, key: str, known: Sequence[str]) -> list[str] | None:
        """The names under a key, each of them known; None where the key is absent."""
        values = self.texts(key)
        for value in values or []:
            if value not in known:
                raise ScenarioError(f"{self.where}: {key} '{value}' is not in this scenario{nearest(value, known)}")
        return values

    def texts(self, key: str) -> list[str] | None:
        """The texts under a key, whatever they say; None where the key is absent."""
        values = self._list(key)
        for value in values or []:
            if not isinstance(value, str):
                raise ScenarioError(f"{self.where}: {key} holds {value!r}; give names in quotes")
        return None if values is None else [str(value) for value in values]

    def numbers(self, key: str) -> list[int] | None:
        """The whole numbers under a key; None where the key is absent."""
        values = self._list(key)
        if values is None:
            return None
        for value in values:
            if isinstance(value, bool) or not isinstance(value, int):
                raise ScenarioError(f"{self.where}: {key} holds {value!r}; give whole numbers")
        return [int(value) for value in values]

    def narrow(self, key: str, labels: np.ndarray, known: Sequence[str] | None = None) -> np.ndarray:
        """Which entries carry one of the names under a key; all of them where the key is absent.

        labels: (n,) str. Returns (n,) bool.
        """
        names = self.names(key, list(dict.fromkeys(labels.tolist())) if known is None else known)
        return np.ones(len(labels), bool) if names is None else np.isin(labels, names)

    def _list(self, key: str) -> list[Any] | None:
        if key not in self.keys:
            return None
        value = self.keys[key]
        values = list(value) if isinstance(value, list) else [value]
        if not values:
            raise ScenarioError(f"{self.where}: {key} is an empty list; name something or leave the key out")
        return values
