"""The lattice that a real shell flies: which plane and slot each satellite of a catalogue holds.

Every element set has its own epoch, and a satellite passes a slot in minutes, so the angles are first carried to one
instant. Nodes that repeat every 1/P of a circle point the same way once multiplied by P: the direction of their mean is
the first plane, and its length, the coherence, is 1 on a perfect lattice and near 0 without one (K. V. Mardia and
P. E. Jupp, "Directional Statistics", 2000, chapter 2). Slots follow in the same way, once the lead of every plane by
the phase factor is taken off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sgp4.api import WGS72, WGS72OLD, WGS84, Satrec

from obrii.constants import MINUTES_PER_DAY, NANOSECONDS, SECONDS_PER_DAY, TWO_PI
from obrii.orbits.elements import Elements

#: Distance from the mean within which satellites settle where the lattice begins, as a share of its step. Assumption:
#: wide enough for the pull of satellites placed between slots (0.02 in the catalogue of 2022-09-14), and narrower than
#: how far they stand from the slots there (0.11 and more).
_NEAR = 0.1

#: Instant from which the sgp4 package counts the days of an epoch.
_SGP4_EPOCH = np.datetime64("1949-12-31", "ns")

#: Minutes over which a climb is measured. Assumption: short enough for the fastest, long enough for the digits.
_HOUR_MIN = 60.0

_GRAVITY = {"wgs72": WGS72, "wgs84": WGS84, "wgs72old": WGS72OLD}


@dataclass(frozen=True)
class Lattice:
    """Planes and slots that fit some satellites, and the place of each; arrays are read-only.

    first_node_rad, first_anomaly_rad: of plane 0 and slot 0, less than a step from 0; phase_factor: Walker's F;
    coherence_node, coherence_slot: 0 to 1, of all satellites; plane (satellite,) i4; position (satellite,) f8 [slot],
    from 0 to below the number of slots.
    """

    first_node_rad: float
    phase_factor: int
    first_anomaly_rad: float
    coherence_node: float
    coherence_slot: float
    plane: np.ndarray
    position: np.ndarray

    def __post_init__(self) -> None:
        for field, dtype in (("plane", np.int32), ("position", np.float64)):
            array = np.ascontiguousarray(getattr(self, field), dtype)
            array.setflags(write=False)
            object.__setattr__(self, field, array)


def secular(elements: Elements, epoch: np.datetime64) -> tuple[np.ndarray, np.ndarray]:
    """Node and argument of latitude of every satellite at one instant, without the waves within a revolution.

    epoch: UTC, datetime64. Returns two (satellite,) f8 [rad] in [0, 2 pi): the mean elements that SGP4 itself carries
    along, with the drift of node, perigee and mean anomaly and with drag; NaN where it finds no orbit.
    Hoots and Roehrich, "Models for propagation of NORAD element sets", Spacetrack Report 3 (1980), section 6.

    >>> from obrii.orbits.shells import Shell, constellation
    >>> one = constellation(Shell("s", 1, 1, 53.0, 550e3), "acme", np.datetime64("2022-09-14")).elements
    >>> node, latitude = secular(one, np.datetime64("2022-09-15"))
    >>> np.degrees(node).round(2).tolist(), np.degrees(latitude).round(1).tolist()
    ([355.51], [23.1])
    """
    minutes = (epoch.astype("datetime64[ns]") - elements.epoch).astype(np.float64) / (60 * NANOSECONDS)
    angles = np.full((2, len(elements)), np.nan)
    for k, satellite in enumerate(_satellites(elements)):
        failure, _, _ = satellite.sgp4_tsince(minutes[k])
        if not failure:
            angles[:, k] = satellite.Om, satellite.om + satellite.mm
    node, latitude = np.mod(angles, TWO_PI)
    return node, latitude


def climb_m_day(elements: Elements) -> np.ndarray:
    """How fast every satellite climbs at its epoch, by the drag that its elements hold [m/day]; below 0 it sinks.

    Returns (satellite,) f8, of the mean semi-major axis; NaN where SGP4 finds no orbit. Thrust, which elements do not
    know, is in them as drag: of a satellite on its way up the drag is negative.

    >>> from dataclasses import replace
    >>> from obrii.orbits.shells import Shell, constellation
    >>> one = constellation(Shell("s", 1, 1, 53.0, 550e3), "acme", np.datetime64("2022-09-14")).elements
    >>> [round(float(climb_m_day(replace(one, bstar=np.array([drag])))[0])) for drag in (0.0, 3e-4)]
    [0, -27]
    """
    climb = np.full(len(elements), np.nan)
    for k, satellite in enumerate(_satellites(elements)):
        radii = []
        for minutes in (0.0, _HOUR_MIN):
            failure, _, _ = satellite.sgp4_tsince(minutes)
            radii.append(np.nan if failure else satellite.am * satellite.radiusearthkm)
        climb[k] = (radii[1] - radii[0]) * 1e3 * (MINUTES_PER_DAY / _HOUR_MIN)
    return climb


def _satellites(elements: Elements) -> Iterator[Satrec]:
    days = (elements.epoch - _SGP4_EPOCH).astype(np.float64) / (SECONDS_PER_DAY * NANOSECONDS)
    for k in range(len(elements)):
        satellite = Satrec()
        satellite.sgp4init(
            _GRAVITY[elements.gravity],
            "i",
            0,
            days[k],
            elements.bstar[k],
            0.0,
            0.0,
            elements.eccentricity[k],
            elements.argument_of_perigee[k],
            elements.inclination[k],
            elements.mean_anomaly[k],
            elements.mean_motion[k],
            elements.node[k],
        )
        yield satellite


def lattice(node: np.ndarray, argument_of_latitude: np.ndarray, planes: int, slots: int) -> Lattice:
    """The lattice of so many planes and slots that fits satellites best.

    node, argument_of_latitude: (satellite,) [rad] at one instant, as `secular` gives them; planes: over 360 degrees;
    slots: of a plane. The phase factor is the one that puts most satellites in slots, the smallest of those that do so
    alike, as where every other plane is empty. Satellites between slots keep their place there; they pull the
    coherence down, and not the lattice.

    >>> found = lattice(np.radians([10.0, 10.0, 190.0]), np.radians([5.0, 95.0, 140.0]), planes=2, slots=4)
    >>> found.phase_factor, found.plane.tolist(), found.position.round(9).tolist(), round(found.coherence_slot, 9)
    (1, [0, 0, 1], [0.0, 1.0, 1.0], 1.0)
    """
    first_node_rad, _ = _first(node, planes)
    plane = np.rint((node - first_node_rad) * planes / TWO_PI).astype(np.int64) % planes
    lead = np.arange(planes)[:, None] * plane * (TWO_PI / (planes * slots))
    fits = [_first(argument_of_latitude - one, slots) for one in lead]
    # Rounded, so that factors that fit alike are alike.
    factor = int(np.argmax([round(share, 9) for _, share in fits]))
    first_anomaly_rad, _ = fits[factor]
    anomaly = argument_of_latitude - lead[factor]
    position = np.mod((anomaly - first_anomaly_rad) * slots / TWO_PI, slots)
    return Lattice(
        first_node_rad=first_node_rad,
        phase_factor=factor,
        first_anomaly_rad=first_anomaly_rad,
        coherence_node=abs(_mean_direction(node, planes)),
        coherence_slot=abs(_mean_direction(anomaly, slots)),
        plane=plane,
        # A hair below 0 becomes the number of slots itself in floating point.
        position=np.where(position >= slots, 0.0, position),
    )


def _mean_direction(angle: np.ndarray, count: int) -> complex:
    return complex(np.exp(1j * count * angle).mean())


def _first(angle: np.ndarray, count: int) -> tuple[float, float]:
    """Where a lattice of `count` steps around the circle begins [rad], and the share of angles that lie on it.

    The beginning is in [0, 2 pi / count). An angle near the lattice counts as the cosine of its distance from it, a
    step being a full turn, and one in between as nothing.
    """
    step = TWO_PI / count
    begin = float(np.angle(_mean_direction(angle, count))) / count
    away = (angle - begin + step / 2) % step - step / 2
    near = abs(away) <= _NEAR * step
    if near.any():
        shift = float(away[near].mean())
        begin, away = begin + shift, away[near] - shift
    return begin % step, float(np.cos(count * away).sum()) / len(angle)
