"""What an event is aimed at: keys narrow each other, lists are "or"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from obrii.errors import ScenarioError, nearest
from obrii.ground import gazetteer
from obrii.ground.sites import Sites
from obrii.network import draws

#: What `near` holds.
_NEAR = ("place", "radius_km")


@dataclass(frozen=True)
class Target:
    """The target table of an event.

    where: how every refusal begins; keys: the table; seed, name: of the draws that the event makes.
    """

    where: str
    keys: dict[str, Any]
    seed: int = 1
    name: str = ""

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

    def number(self, key: str) -> float | None:
        """The number under a key, above 0; None where the key is absent."""
        if key not in self.keys:
            return None
        value = self.keys[key]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0.0 < value < np.inf:
            raise ScenarioError(f"{self.where}: {key} is {value!r}; give a number above 0")
        return float(value)

    def share(self, key: str = "share") -> float | None:
        """The share under a key, 0 to 1; None where the key is absent."""
        if key not in self.keys:
            return None
        value = self.keys[key]
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ScenarioError(f"{self.where}: {key} is {value!r}; give a part of one, 0 to 1")
        return draws.check_share(float(value), self.where, key)

    def span(self, key: str) -> tuple[float, float] | None:
        """Two numbers under a key, the lower first; None where the key is absent."""
        if key not in self.keys:
            return None
        pairs = self.pairs(key, [self.keys[key]])
        return pairs[0] if pairs else None

    def pairs(self, key: str, values: Any = None) -> list[tuple[float, float]]:
        """Pairs of numbers under a key, [[a, b], ...]; nothing where the key is absent."""
        values = self.keys.get(key, []) if values is None else values
        whole = isinstance(values, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in values)
        if not whole or not all(
            isinstance(x, (int, float)) and not isinstance(x, bool) for pair in values for x in pair
        ):
            raise ScenarioError(f"{self.where}: {key} is {values!r}; give two numbers in brackets")
        return [(float(a), float(b)) for a, b in values]

    def near(self, sites: Sites) -> tuple[float, float, float] | None:
        """Latitude, longitude [deg] and radius [km] of a disc; None where the key is absent.

        Its place is a site's name, a town's, or [latitude, longitude].
        """
        if "near" not in self.keys:
            return None
        table = self.table("near", _NEAR)
        missing = [key for key in _NEAR if key not in table]
        if missing:
            raise ScenarioError(f"{self.where}: near: '{missing[0]}' is missing; give place and radius_km")
        inner = Target(f"{self.where}: near", table)
        radius_km = inner.number("radius_km") or 0.0
        place = table["place"]
        if isinstance(place, list):
            latitude, longitude = inner.pairs("place", [place])[0]
            if not (abs(latitude) <= 90.0 and -180.0 <= longitude <= 360.0):
                raise ScenarioError(f"{inner.where}: place {place} lies off the globe; give latitude, then longitude")
            return latitude, longitude, radius_km
        if place in sites.name.tolist():
            k = sites.name.tolist().index(place)
            return float(sites.latitude_deg[k]), float(sites.longitude_deg[k]), radius_km
        if not isinstance(place, str):
            raise ScenarioError(f"{inner.where}: place is {place!r}; give a name, or [latitude, longitude]")
        try:
            town = gazetteer.find(place)
        except ScenarioError as error:
            raise ScenarioError(f"{inner.where}: {error}") from None
        return town.latitude_deg, town.longitude_deg, radius_km

    def table(self, key: str, known: Sequence[str]) -> dict[str, Any]:
        """The table under a key, whose own keys are known."""
        value = self.keys[key]
        if not isinstance(value, dict):
            raise ScenarioError(f"{self.where}: {key} is {value!r}; give a table of {', '.join(known)}")
        for inner in value:
            if inner not in known:
                hint = nearest(inner, known) or f"; known are {', '.join(known)}"
                raise ScenarioError(f"{self.where}: {key}: unknown key '{inner}'{hint}")
        return value

    def narrow(self, key: str, labels: np.ndarray, known: Sequence[str] | None = None) -> np.ndarray:
        """Which entries carry one of the names under a key; all of them where the key is absent.

        labels: (n,) str. Returns (n,) bool.
        """
        names = self.names(key, list(dict.fromkeys(labels.tolist())) if known is None else known)
        return np.ones(len(labels), bool) if names is None else np.isin(labels, names)

    def drawn(self, mask: np.ndarray, planned: np.ndarray, what: str) -> np.ndarray:
        """As many of the members of a mask as `count` or `share` says; all of them where neither does.

        What is only planned is drawn where nothing else is meant. mask, planned (n,) bool; what: the axis, by the name
        of `network.changes.AXES`. Returns (n,) bool.
        """
        count, share = self.count(), self.share()
        if count is None and share is None:
            return mask
        among = mask & ~planned if (mask & ~planned).any() else mask
        return draws.drawn(self.seed, f"{self.name}: {what}", among, count=count, share=share, where=self.where)

    def count(self) -> int | None:
        """The whole number under `count`; None where the key is absent."""
        counts = self.numbers("count")
        if counts is None:
            return None
        if len(counts) > 1 or counts[0] < 1:
            raise ScenarioError(f"{self.where}: count is {self.keys['count']!r}; give one whole number above 0")
        return counts[0]

    def _list(self, key: str) -> list[Any] | None:
        if key not in self.keys:
            return None
        value = self.keys[key]
        values = list(value) if isinstance(value, list) else [value]
        if not values:
            raise ScenarioError(f"{self.where}: {key} is an empty list; name something or leave the key out")
        return values
