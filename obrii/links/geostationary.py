"""The geostationary arc: sight lines that pass too near the satellites that stand over the equator are not used.

Seen from a site, the circle of geostationary satellites is a curve in the sky, and the zone to be kept free is all that
lies within an angle of it. With a site X from the Earth's axis and Z north of the equator, the circle of radius R is
where the line of sight x (away from the axis), y (east), z (north) meets the plane of the equator at R:

    z2 (R2 - X2 + Z2) + 2 X Z x z = Z2

so that z follows from x, and varies little with it. The same is true of the edges of the zone, the curves at the angle
north and south of the circle. As the sine of the elevation is a sum of shares of x and z, each edge is a curve
z = c0 + c1 sine + c2 sine2, a parabola through three of its points: right within 0.00002 deg.

Only what stands above the horizon counts. Elevation changes by no more than the angle between two directions, so that
whatever lies below the horizon is at least the mask away from any sight line: for an angle up to the mask, the whole
circle may stand for its visible part. For a wider angle the zone ends in a round cap about either end of that part.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from obrii.errors import ModelError, ScenarioError
from obrii.kernels import arc
from obrii.links.left import without
from obrii.links.visibility import Observers, Sights

#: Radius of the geostationary circle [m]: Kepler's third law at one turn a sidereal day, 7.292115e-5 rad/s, both that
#: and the gravitational parameter of WGS 84 (NIMA TR8350.2, 2000, table 3.1), rounded to 10 m.
ARC_RADIUS_M = 42_164_170.0

#: From this far along the equator on, no site on the ground sees the circle: acos(6378 / 42164) is 81.3 deg.
_FURTHEST_DEG = 81.5

#: At 90 deg the edges are points and no curves; this much nearer they are curves.
_WIDEST_DEG = 89.999

#: From here on, the edge away from the zenith comes near the point where all perpendiculars to the arc meet, 81 to
#: 90 deg off and below the horizon, and is no parabola.
_FOCUS_DEG = 80.0


@dataclass(frozen=True)
class ArcZone:
    """What sites keep free of links for geostationary satellites; arrays are read-only.

    angle_deg (site,) f8; visible (site,) bool: some of the arc stands above the horizon; capped (site,) bool: the angle
    is wider than the mask, so that the ends of the visible arc count; band (7, site) f4, ends (12, site) f4: the zone
    as `obrii.kernels.arc` takes it.
    """

    angle_deg: np.ndarray
    visible: np.ndarray
    capped: np.ndarray
    band: np.ndarray
    ends: np.ndarray

    def __post_init__(self) -> None:
        for array in vars(self).values():
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.angle_deg)


@dataclass(frozen=True)
class OutsideArc:
    """The sight lines that are left, and how many are not; arrays are read-only.

    dropped (time, site) i8: sight lines inside the zone.
    """

    sights: Sights
    dropped: np.ndarray

    def __post_init__(self) -> None:
        self.dropped.setflags(write=False)

    @property
    def blocked(self) -> np.ndarray:
        """Sites that saw satellites, all of them inside the zone, (time, site) bool."""
        return (self.dropped > 0) & (self.sights.count == 0)


def arc_zone(observers: Observers, angle_deg: ArrayLike) -> ArcZone:
    """The zone around the geostationary arc at every site.

    angle_deg: (site,) or one for all, 0 to 90; at 0 the zone is empty. SpaceX named 22 deg for user links (filing for
    1,110 km, as quoted in public discussion of its page 40) and 18 deg in a later reply; both are secondary sources.
    Exact within 0.001 deg for whatever stands above the horizon; beyond 80 deg, what stands below it counts as inside.
    Refuses an angle outside its range.

    >>> from obrii.links.visibility import observers
    >>> arc_zone(observers([50.45, 85.0], [30.52, 0.0], 0.0, 25.0), 22.0).visible.tolist()
    [True, False]
    """
    angle = np.asarray(angle_deg, float)
    if angle.shape not in ((), (len(observers),)):
        raise ScenarioError(
            f"geostationary arc: angle_deg has shape {angle.shape}; give one angle, or ({len(observers)},), one a site"
        )
    angle = np.broadcast_to(angle, len(observers)).copy()
    good = (angle >= 0.0) & (angle <= 90.0)
    if not good.all():
        bad = int(np.argmin(good))
        raise ScenarioError(
            f"geostationary arc: angle_deg of site {bad} is {angle[bad]:g}; it must be from 0 (off) to 90"
        )
    x_m, z_m = np.hypot(observers.xyz_m[0], observers.xyz_m[1]), observers.xyz_m[2]
    cosine, sine = np.hypot(observers.up[0], observers.up[1]), observers.up[2]
    # A point of the circle stands above the horizon where R cos(longitude) cos(latitude) exceeds this height.
    horizon_m, reach_m = x_m * cosine + z_m * sine, ARC_RADIUS_M * cosine
    visible = reach_m > horizon_m
    used = visible & (angle > 0.0)
    band = np.zeros((7, len(observers)))
    # No component is above 2 or below -2: nothing lies between these edges.
    band[1], band[4] = 2.0, -2.0
    band[0] = z_m
    band[1:, used] = _edges(x_m[used], z_m[used], cosine[used], sine[used], angle[used], observers.min_sine[used])
    end, along, _ = _arc(x_m, z_m, np.arccos(np.where(visible, horizon_m, reach_m) / reach_m))
    chord = 2.0 * np.sin(np.radians(angle) / 2.0)
    ends = np.concatenate([observers.xyz_m, observers.up[:2] / cosine, end, along, chord[None] ** 2])
    capped = used & (np.sin(np.radians(angle)) > observers.min_sine)
    return ArcZone(angle, visible, capped, band.astype(np.float32), ends.astype(np.float32))


def in_arc(sights: Sights, zone: ArcZone, xyz_m: np.ndarray, first_satellite: int = 0) -> np.ndarray:
    """Which sight lines lie inside the zone, (sight,) bool.

    xyz_m, first_satellite: those that the sight lines were found with. Whether one is inside depends on it alone.
    Refuses positions and zones that are not of these sight lines.
    """
    steps, sites = sights.ptr.shape[0], sights.ptr.shape[1] - 1
    if sites != len(zone):
        raise ModelError(f"geostationary arc: sights are of {sites} sites and the zone of {len(zone)}; use the same")
    if xyz_m.ndim != 3 or xyz_m.shape[:2] != (steps, 3):
        raise ModelError(f"geostationary arc: xyz_m has shape {xyz_m.shape}; it must be ({steps}, 3, satellite)")
    inside = np.zeros(sights.satellite.size, np.bool_)
    if not (zone.visible & (zone.angle_deg > 0.0)).any():
        return inside
    sky = np.ascontiguousarray(xyz_m, np.float32).view()
    sky.setflags(write=False)
    first = np.int32(first_satellite)
    known = arc.mark_band(
        sky, sights.ptr, sights.satellite, sights.range_m, sights.sin_elevation, first, zone.band, inside
    )
    if not known:
        raise ModelError(
            f"geostationary arc: sights name satellites outside {first_satellite} to "
            f"{first_satellite + xyz_m.shape[2] - 1}; give the positions that they were found with"
        )
    if zone.capped.any():
        arc.mark_caps(sky, sights.ptr, sights.satellite, sights.range_m, first, zone.capped, zone.ends, inside)
    return inside


def outside_arc(sights: Sights, zone: ArcZone, xyz_m: np.ndarray, first_satellite: int = 0) -> OutsideArc:
    """The sight lines outside the zone, in their order.

    xyz_m, first_satellite: those that the sight lines were found with. Refuses what `in_arc` refuses.

    >>> from obrii import frames
    >>> from obrii.links.visibility import observers, sight_lines
    >>> quito = observers([0.0], [-78.5], 0.0, 25.0)
    >>> overhead_and_north = frames.geodetic_to_cartesian(np.array([0.0, 5.0]), np.full(2, -78.5), np.full(2, 550e3))
    >>> sky = overhead_and_north[None].astype(np.float32)
    >>> left = outside_arc(sight_lines(quito, sky), arc_zone(quito, 22.0), sky)
    >>> left.sights.satellite.tolist(), left.dropped.tolist(), left.blocked.tolist()
    ([1], [[1]], [[False]])
    """
    inside = in_arc(sights, zone, xyz_m, first_satellite)
    outside = without(sights, inside)
    return OutsideArc(outside, sights.count - outside.count)


def _arc(x_m: np.ndarray, z_m: np.ndarray, longitude_rad: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Directions to points of the circle, along it eastward, and across it northward, (3, ...) each.

    x_m, z_m: of sites, as in the module's text; longitude_rad from the site's meridian; broadcastable. Components: away
    from the axis, east, north.
    """
    circle_x_m, circle_y_m = ARC_RADIUS_M * np.cos(longitude_rad), ARC_RADIUS_M * np.sin(longitude_rad)
    ray = np.stack(np.broadcast_arrays(circle_x_m - x_m, circle_y_m, -z_m))
    direction = ray / np.linalg.norm(ray, axis=0)
    onward = np.stack(np.broadcast_arrays(-circle_y_m, circle_x_m, np.zeros_like(z_m)))
    onward = onward - direction * np.sum(direction * onward, axis=0)
    along = onward / np.linalg.norm(onward, axis=0)
    return direction, along, np.cross(direction, along, axis=0)


def _edges(
    x_m: np.ndarray, z_m: np.ndarray, cosine: np.ndarray, sine: np.ndarray, angle_deg: np.ndarray, min_sine: np.ndarray
) -> np.ndarray:
    """Parabolas of the southern and of the northern edge of the zone, (6, site): c0, c1, c2 of each.

    x_m, z_m, cosine and sine of the latitude, angle_deg, min_sine: (site,).
    """
    # Across from points of the circle that are spread as Chebyshev's are, and on the meridian, where edges are highest.
    nearest = np.cos(np.radians(_FURTHEST_DEG))
    spread = nearest + (1.0 - nearest) * (1.0 + np.cos(np.pi * np.array([1.0, 3.0, 5.0]) / 6.0)) / 2.0
    direction, _, across = _arc(x_m, z_m, np.arccos(np.append(spread, 1.0))[:, None])
    width = np.radians(np.minimum(angle_deg, _WIDEST_DEG))
    # The edge away from the zenith bounds nothing where all of it stands below the mask.
    lowest = np.where(angle_deg > _FOCUS_DEG, np.maximum(min_sine, 0.0), min_sine)
    edges = []
    for side, far in ((-1.0, z_m >= 0.0), (1.0, z_m < 0.0)):
        x, _, z = np.cos(width) * direction + side * np.sin(width) * across
        rise = cosine * x + sine * z
        first, second = (z[1] - z[0]) / (rise[1] - rise[0]), (z[2] - z[1]) / (rise[2] - rise[1])
        bend = (second - first) / (rise[2] - rise[0])
        slope = first - bend * (rise[0] + rise[1])
        edge = np.stack([z[0] - rise[0] * (slope + bend * rise[0]), slope, bend])
        edges.append(np.where(far & (rise[3] < lowest), [[2.0 * side], [0.0], [0.0]], edge))
    return np.concatenate(edges)
