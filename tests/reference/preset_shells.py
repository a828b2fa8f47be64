"""The shells of a constellation that ships, made again from its numbers."""

from __future__ import annotations

import numpy as np

from obrii.orbits.shells import Shell
from obrii.scenario import presets


def preset_shells(name: str) -> list[Shell]:
    """Return shells with their places filled as they flew, at the epochs that the preset gives."""
    fields = ("name", "planes", "satellites_per_plane", "inclination_deg", "altitude_m", "phase_factor")
    angles = ("first_node_deg", "first_anomaly_deg")
    return [
        Shell(
            **{field: getattr(part, field) for field in fields + angles},
            epoch=np.datetime64(part.epoch.replace(tzinfo=None)),
            filled=tuple(map(tuple, part.filled)),
        )
        for part in presets.constellation(name).shell
    ]
