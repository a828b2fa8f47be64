"""Walker shells on a round Earth, slot by slot: the twin of `obrii.orbits.shells`, for reading.

J. G. Walker, "Satellite constellations", JBIS 37 (1984): T satellites in P planes of S, nodes spread evenly over 360
degrees (delta) or 180 degrees (star), and each plane ahead of the one before it by F x 360 / T degrees.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

#: The round Earth of the published rows [km].
RADIUS_KM = 6371.0


class Place(NamedTuple):
    """Where a satellite stands: node and anomaly from the node, both in [0, 360)."""

    plane: int
    slot: int
    node_deg: float
    anomaly_deg: float


def places(
    planes: int, slots: int, spread_deg: float = 360.0, phase_factor: int = 0, half_odd: bool = False
) -> list[Place]:
    """The satellites of a shell, plane by plane, slot by slot."""
    total = planes * slots
    found = []
    for plane in range(planes):
        for slot in range(slots):
            node = spread_deg / planes * plane
            anomaly = 360.0 / slots * slot + 360.0 / total * phase_factor * plane
            if half_odd and plane % 2 == 1:
                anomaly += 360.0 / slots / 2
            found.append(Place(plane, slot, node % 360.0, anomaly % 360.0))
    return found


def direction(inclination_deg: float, node_deg: float, anomaly_deg: float) -> tuple[float, float, float]:
    """Unit vector from the centre to a satellite: along the orbit, tilted about the node, turned to the node."""
    i, node, u = map(math.radians, (inclination_deg, node_deg, anomaly_deg))
    x, y, z = math.cos(u), math.sin(u) * math.cos(i), math.sin(u) * math.sin(i)
    return x * math.cos(node) - y * math.sin(node), x * math.sin(node) + y * math.cos(node), z


def footprint_rad(altitude_km: float, mask_deg: float) -> float:
    """Central angle from the point below a satellite to where it stands at the mask."""
    mask = math.radians(mask_deg)
    return math.acos(RADIUS_KM * math.cos(mask) / (RADIUS_KM + altitude_km)) - mask


def mean_in_view(
    latitude_deg: float, satellites: int, inclination_deg: float, altitude_km: float, mask_deg: float
) -> float:
    """Satellites above the mask at a latitude, averaged over time.

    A satellite on a circle spends equal times at equal steps of u, the angle from its node, where its latitude is
    asin(sin i sin u). As the Earth turns and the node drifts, every longitude is as likely. So the share of time in
    view is the mean over u of the share of longitudes in reach at its latitude: by the cosine rule those within

        cos d = (cos lambda - sin latitude sin site) / (cos latitude cos site)

    of the site, d / pi of them; all where the right side is below -1, none where it is above 1. The mean is over
    200,000 midpoints, which gives six digits.
    """
    u = np.radians(360.0 * (np.arange(200_000) + 0.5) / 200_000)
    site = math.radians(latitude_deg)
    sin_latitude = math.sin(math.radians(inclination_deg)) * np.sin(u)
    cos_latitude = np.sqrt(1.0 - sin_latitude**2)
    cos_reach = math.cos(footprint_rad(altitude_km, mask_deg))
    cos_d = (cos_reach - sin_latitude * math.sin(site)) / (cos_latitude * math.cos(site))
    return satellites * float(np.mean(np.arccos(np.clip(cos_d, -1.0, 1.0)) / math.pi))
