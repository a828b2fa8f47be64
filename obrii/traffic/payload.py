"""What the satellites, lasers and PoPs of one operator can carry, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True)
class Payloads:
    """Limits of everything that one operator has, inf where there is none; arrays are read-only.

    cells (satellite,) i4: cells that each serves at a time; cell_bps (satellite,) f8: what its beams on one cell carry;
    satellite_bps (satellite,) f8: what all of them carry; feeder_bps (satellite,) f8: what one antenna of a gateway
    sends up to it; laser_bps (satellite,) f8: what each of its lasers carries, each way; pop_bps (pop,) f8: what each
    PoP passes on; all in bit/s. fan (cell,) f8: how many cells as fine as those of the area a cell stands for, so
    that the beams of a coarse cell of the halo carry fan x cell_bps; less where links are degraded.
    """

    cells: np.ndarray
    cell_bps: np.ndarray
    satellite_bps: np.ndarray
    feeder_bps: np.ndarray
    laser_bps: np.ndarray
    pop_bps: np.ndarray
    fan: np.ndarray

    def __post_init__(self) -> None:
        for field in fields(self):
            dtype = np.int32 if field.name == "cells" else np.float64
            array: np.ndarray = np.ascontiguousarray(getattr(self, field.name), dtype=dtype)
            array.setflags(write=False)
            object.__setattr__(self, field.name, array)

    @property
    def identity(self) -> bytes:
        """What tells these limits from others of the same operator."""
        return b"".join(getattr(self, field.name).tobytes() for field in fields(self))

    def link_bps(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """What links between some satellites and others carry, each way: as much as the slower end, (laser,) f8."""
        return np.minimum(self.laser_bps[a], self.laser_bps[b])
