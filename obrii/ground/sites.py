"""Places with equipment: gateways, points of presence, terminals of pairs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from obrii import frames
from obrii.errors import ScenarioError

#: What a site is for. A PoP has no antenna: it is reached over fibre.
ROLES = ("gateway", "pop", "terminal")


@dataclass(frozen=True)
class Sites:
    """Named places on the ground, one entry a site; arrays are read-only.

    name (site,) str; latitude_deg, longitude_deg (site,) f8; altitude_m (site,) f8 over WGS 84; role (site,) str of
    `ROLES`; operator (site,) str, empty for any; country (site,) str, ISO 3166-1 alpha-3 or empty;
    min_elevation_deg (site,) f8, NaN where the operator's mask of the role holds; antennas (site,) i4, -1 without
    limit; relay (site,) bool: may a packet pass through between two satellites; planned (site,) bool.
    """

    name: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    altitude_m: np.ndarray
    role: np.ndarray
    operator: np.ndarray
    country: np.ndarray
    min_elevation_deg: np.ndarray
    antennas: np.ndarray
    relay: np.ndarray
    planned: np.ndarray

    _DTYPES = {
        "name": np.str_, "latitude_deg": np.float64, "longitude_deg": np.float64, "altitude_m": np.float64,
        "role": np.str_, "operator": np.str_, "country": np.str_, "min_elevation_deg": np.float64,
        "antennas": np.int32, "relay": np.bool_, "planned": np.bool_,
    }  # fmt: skip

    def __post_init__(self) -> None:
        for field, dtype in self._DTYPES.items():
            array: np.ndarray = np.ascontiguousarray(getattr(self, field), dtype=dtype)
            if array.shape != (len(self.name),):
                raise ScenarioError(f"sites: {field} has shape {array.shape}, not ({len(self.name)},)")
            array.setflags(write=False)
            object.__setattr__(self, field, array)

    @property
    def first_antenna(self) -> np.ndarray:
        """Where the antennas of each gateway begin on the axis of all, (site + 1,) i8; those without limit have none.

        A site that is no gateway has none either.
        """
        return np.concatenate([[0], np.cumsum(np.maximum(self.antennas, 0) * (self.role == "gateway"))])

    @cached_property
    def antenna_site(self) -> np.ndarray:
        """Site of every antenna of a gateway that has so many, (antenna,) i8."""
        return np.repeat(np.arange(len(self)), np.diff(self.first_antenna))

    def __len__(self) -> int:
        return len(self.name)

    @cached_property
    def xyz_m(self) -> np.ndarray:
        """Earth-fixed positions, (3, site) f8 [m]."""
        return frames.geodetic_to_cartesian(self.latitude_deg, self.longitude_deg, self.altitude_m)

    @cached_property
    def up(self) -> np.ndarray:
        """Unit vectors away from the ellipsoid, (3, site) f8."""
        return frames.up(self.latitude_deg, self.longitude_deg)
