"""Mean orbital elements of many satellites, and what constellation they form."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from obrii.errors import ModelError

#: Models of gravity that SGP4 knows, as the sgp4 package names them.
GRAVITY = ("wgs72", "wgs84", "wgs72old")


@dataclass(frozen=True)
class Elements:
    """SGP4 mean elements (TEME, Kozai mean motion), one entry a satellite; arrays are read-only.

    epoch (satellite,) datetime64[ns] UTC; bstar (satellite,) f8 [1/earth radii]; inclination, node,
    argument_of_perigee, mean_anomaly (satellite,) f8 [rad]; eccentricity (satellite,) f8;
    mean_motion (satellite,) f8 [rad/min]; catalogue_id (satellite,) i8, -1 where there is none;
    name (satellite,) str; gravity: one of `GRAVITY`.
    """

    epoch: np.ndarray
    bstar: np.ndarray
    inclination: np.ndarray
    node: np.ndarray
    eccentricity: np.ndarray
    argument_of_perigee: np.ndarray
    mean_anomaly: np.ndarray
    mean_motion: np.ndarray
    catalogue_id: np.ndarray
    name: np.ndarray
    gravity: str = "wgs72"

    def __post_init__(self) -> None:
        if self.gravity not in GRAVITY:
            raise ModelError(f"elements: gravity '{self.gravity}' is not one of {', '.join(GRAVITY)}")
        dtypes: dict[str, Any] = {"epoch": "datetime64[ns]", "catalogue_id": np.int64, "name": np.str_}
        for field in _array_fields(self):
            array: np.ndarray = np.ascontiguousarray(getattr(self, field), dtype=dtypes.get(field, np.float64))
            if array.shape != np.shape(self.epoch) or array.ndim != 1:
                raise ModelError(f"elements: {field} has shape {array.shape}; every array is (satellite,) alike")
            array.setflags(write=False)
            object.__setattr__(self, field, array)

    def __len__(self) -> int:
        return len(self.epoch)

    def take(self, index: np.ndarray) -> Elements:
        """The elements of some satellites, by index or mask."""
        return replace(self, **{field: getattr(self, field)[index] for field in _array_fields(self)})


@dataclass(frozen=True)
class Constellation:
    """Elements and the place of every satellite in its operator's pattern; arrays are read-only.

    elements; operator (satellite,) str; shell (satellite,) str; plane, slot (satellite,) i4, -1 where a
    catalogue shows none.
    """

    elements: Elements
    operator: np.ndarray
    shell: np.ndarray
    plane: np.ndarray
    slot: np.ndarray

    def __post_init__(self) -> None:
        for field, dtype in (("operator", np.str_), ("shell", np.str_), ("plane", np.int32), ("slot", np.int32)):
            array = np.ascontiguousarray(getattr(self, field), dtype=dtype)
            if array.shape != (len(self.elements),):
                raise ModelError(f"constellation: {field} has shape {array.shape}, not ({len(self.elements)},)")
            array.setflags(write=False)
            object.__setattr__(self, field, array)

    def __len__(self) -> int:
        return len(self.elements)


def join_elements(parts: list[Elements]) -> Elements:
    """Several sets of elements as one; all must share a model of gravity."""
    if len({part.gravity for part in parts}) > 1:
        raise ModelError("elements: sets with different gravity cannot be joined; keep them apart")
    arrays = {field: np.concatenate([getattr(p, field) for p in parts]) for field in _array_fields(parts[0])}
    return Elements(**arrays, gravity=parts[0].gravity)


def join(parts: list[Constellation]) -> Constellation:
    """Several constellations on one axis, in order."""
    return Constellation(
        join_elements([part.elements for part in parts]),
        *(np.concatenate([getattr(p, f) for p in parts]) for f in ("operator", "shell", "plane", "slot")),
    )


def _array_fields(elements: Elements) -> list[str]:
    return [field.name for field in fields(elements) if field.name != "gravity"]
