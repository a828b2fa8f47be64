"""A shell, as licensed or as found: planes, slots, height and phasing, made into orbital elements.

The altitude of a shell is its mean semi-major axis less the equatorial radius, as the operators fly it: in the public
catalogues of 2022 to 2026 the medians of the shells licensed at 540, 560, 570 and 630 km agree with it to 0.04 km.
SGP4 takes the Kozai mean motion, which differs from Kepler's third law by up to one part in a thousand; left out, a
shell would fly 0.3 km high at 53 deg, 3.0 km low at 97.6 deg and 6.4 km high over the equator. The mean distance from
the centre differs from the mean semi-major axis once more (-0.4 km at 53 deg, +4.5 km at 97.6 deg): SGP4 sees to it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from obrii.constants import EARTH_J2, EARTH_MU_M3_S2, EARTH_RADIUS_M, MINUTES_PER_DAY, TWO_PI
from obrii.errors import ScenarioError, nearest
from obrii.orbits.elements import Constellation, Elements

#: Lowest perigee and highest mean altitude of a shell [m]. Assumption: below 100 km nothing stays up, above 50,000 km
#: nothing is a shell; an altitude outside was written in another unit.
LOWEST_M, HIGHEST_M = 100e3, 50_000e3

#: Distance from a slot up to which a satellite has its number [slots]. Assumption: of the lattices that Starlink flew
#: on 2022-09-14, satellites in slots are within 0.04 of them, and those placed between slots 0.11 or more away.
SLOT_REACH = 0.1

#: Degrees over which the ascending nodes of the planes are spread. Walker, "Satellite constellations", JBIS 37 (1984).
NODES_OVER_DEG = {"delta": 360.0, "star": 180.0}


@dataclass(frozen=True)
class Shell:
    """Circular orbits of one height and inclination, in evenly spaced planes of evenly spaced slots.

    name; planes, satellites_per_plane: counts; inclination_deg: 0 to 180; altitude_m, mean semi-major axis less the
    equatorial radius, or instead mean_motion_rev_day, the Kozai mean motion as an element set writes it; pattern: how
    far the nodes are spread, one of `NODES_OVER_DEG`; phasing: offset of the slots from plane to plane, one of
    `PHASING`; phase_factor: Walker's F; first_node_deg, first_anomaly_deg: of satellite 0; eccentricity: the default
    keeps SGP4 away from an undefined perigee; epoch: UTC of these angles, else the caller's; filled: for each plane,
    where its satellites are, in slots from 0 to below satellites_per_plane, whole in a slot and broken between two,
    else every slot once.

    Raises ScenarioError, naming the shell, where a value is out of range.

    >>> kuiper = Shell("k1", 34, 34, 51.9, mean_motion_rev_day=14.80, phasing="half-odd")
    >>> len(kuiper), round(kuiper.height_m / 1e3, 1)
    (1156, 629.8)
    >>> len(Shell("half empty", 2, 18, 53.0, 550e3, filled=((0, 1, 2.26), ())))
    3
    """

    name: str
    planes: int
    satellites_per_plane: int
    inclination_deg: float
    altitude_m: float | None = None
    mean_motion_rev_day: float | None = None
    pattern: str = "delta"
    phase_factor: int = 0
    phasing: str = "walker"
    first_node_deg: float = 0.0
    first_anomaly_deg: float = 0.0
    eccentricity: float = 1e-7
    epoch: np.datetime64 | None = None
    filled: tuple[tuple[float, ...], ...] | None = None

    def __post_init__(self) -> None:
        for field in ("planes", "satellites_per_plane"):
            if not (_whole(getattr(self, field)) and getattr(self, field) >= 1):
                raise self._refusal(field, "a whole number from 1")
        for field, low, high in (("inclination_deg", 0.0, 180.0), ("eccentricity", 0.0, 0.999)):
            if not low <= getattr(self, field) <= high:
                raise self._refusal(field, f"from {low:g} to {high:g}")
        for field in ("first_node_deg", "first_anomaly_deg"):
            if not math.isfinite(getattr(self, field)):
                raise self._refusal(field, "finite")
        for field, known in (("pattern", NODES_OVER_DEG), ("phasing", PHASING)):
            if getattr(self, field) not in known:
                raise self._refusal(field, f"one of {', '.join(known)}" + nearest(str(getattr(self, field)), known))
        if not (_whole(self.phase_factor) and 0 <= self.phase_factor < self.planes):
            raise self._refusal("phase_factor", f"a whole number from 0 to {self.planes - 1}, planes less one")
        if self.phase_factor and self.phasing != "walker":
            raise self._refusal("phase_factor", f"left out: phasing '{self.phasing}' makes no use of it")
        self._check_height()
        if self.filled is not None:
            self._check_filled(self.filled)

    def _check_height(self) -> None:
        if (self.altitude_m is None) == (self.mean_motion_rev_day is None):
            raise ScenarioError(f"shell '{self.name}': give one of altitude_m and mean_motion_rev_day, and only one")
        field = "altitude_m" if self.mean_motion_rev_day is None else "mean_motion_rev_day"
        value = getattr(self, field)
        if not math.isfinite(value) or (field == "mean_motion_rev_day" and value <= 0):
            raise self._refusal(field, "finite and above 0")
        perigee_m = (EARTH_RADIUS_M + self.height_m) * (1.0 - self.eccentricity) - EARTH_RADIUS_M
        # A centimetre of grace: a circular shell at the limit itself has a perigee 0.7 m below it.
        if perigee_m < LOWEST_M - 1.0 or self.height_m > HIGHEST_M:
            raise self._refusal(
                field,
                f"such that the perigee lies above {LOWEST_M / 1e3:g} km and the mean altitude below "
                f"{HIGHEST_M / 1e3:g} km, not at {perigee_m / 1e3:.4g} and {self.height_m / 1e3:.4g} km",
            )

    def _check_filled(self, filled: tuple[tuple[float, ...], ...]) -> None:
        if len(filled) != self.planes:
            raise ScenarioError(
                f"shell '{self.name}': filled has {len(filled)} planes; it must have {self.planes}, as planes says"
            )
        if not any(filled):
            raise ScenarioError(f"shell '{self.name}': filled holds no satellite; it must hold at least one")
        for plane, positions in enumerate(filled):
            where = f"shell '{self.name}': filled, plane {plane}, holds"
            for position in positions:
                if not 0 <= position < self.satellites_per_plane:
                    raise ScenarioError(
                        f"{where} {position!r}; it must be from 0 to below {self.satellites_per_plane}, "
                        f"satellites_per_plane"
                    )
            if len(set(positions)) < len(positions):
                twice = next(position for position in positions if positions.count(position) > 1)
                raise ScenarioError(f"{where} {twice!r} twice; it must hold each position once")

    def _refusal(self, field: str, instead: str) -> ScenarioError:
        return ScenarioError(f"shell '{self.name}': {field} is {getattr(self, field)!r}; it must be {instead}")

    def __len__(self) -> int:
        return self.slots if self.filled is None else sum(map(len, self.filled))

    @property
    def slots(self) -> int:
        """Slots of all planes, filled or not."""
        return self.planes * self.satellites_per_plane

    @property
    def height_m(self) -> float:
        """Mean semi-major axis less the equatorial radius [m], whichever way the shell states it."""
        if self.altitude_m is not None:
            return float(self.altitude_m)
        return float(mean_altitude_m(self._kozai_rad_min(), math.radians(self.inclination_deg), self.eccentricity))

    def _kozai_rad_min(self) -> float:
        if self.mean_motion_rev_day is not None:
            return float(self.mean_motion_rev_day) * TWO_PI / MINUTES_PER_DAY
        radius_m = EARTH_RADIUS_M + self.height_m
        kozai = _kozai_excess(radius_m, math.radians(self.inclination_deg), self.eccentricity)
        return float(mean_motion_rad_min(self.height_m) * (1.0 + kozai))


def _walker_phase_deg(shell: Shell, plane: np.ndarray) -> np.ndarray:
    return shell.phase_factor * 360.0 / shell.slots * plane


def _half_odd_phase_deg(shell: Shell, plane: np.ndarray) -> np.ndarray:
    return 180.0 / shell.satellites_per_plane * (plane % 2)


#: Offset of the slots of every plane [deg]: Walker's F x 360 / T a plane, or half a slot on odd planes (Hypatia).
PHASING: dict[str, Callable[[Shell, np.ndarray], np.ndarray]] = {
    "walker": _walker_phase_deg,
    "half-odd": _half_odd_phase_deg,
}


def constellation(shell: Shell, operator: str, epoch: np.datetime64, gravity: str = "wgs72") -> Constellation:
    """The satellites of a shell, plane by plane in ascending position, without drag.

    epoch: UTC, unless the shell states its own. Node of plane p is first_node + spread x p / planes; mean anomaly at
    position s is first_anomaly + 360 s / satellites_per_plane + the phase of its plane (Walker 1984). Of a full shell,
    satellite = plane x satellites_per_plane + slot. Where `filled` places a satellite more than `SLOT_REACH` away from
    the nearest slot, its slot is -1.

    >>> pair = constellation(Shell("s", 2, 2, 53.0, 550e3, phase_factor=1), "acme", np.datetime64("2022-10-03"))
    >>> np.degrees(pair.elements.node).round(6).tolist(), np.degrees(pair.elements.mean_anomaly).round(6).tolist()
    ([0.0, 0.0, 180.0, 180.0], [0.0, 180.0, 90.0, 270.0])
    """
    plane, position = _places(shell)
    node_deg = shell.first_node_deg + NODES_OVER_DEG[shell.pattern] * plane / shell.planes
    anomaly_deg = (
        shell.first_anomaly_deg + 360.0 * position / shell.satellites_per_plane + PHASING[shell.phasing](shell, plane)
    )
    slot = np.rint(position)
    slot = np.where(abs(position - slot) <= SLOT_REACH, slot % shell.satellites_per_plane, -1)
    same = np.ones(len(shell))
    elements = Elements(
        epoch=np.full(len(shell), epoch if shell.epoch is None else shell.epoch, "datetime64[ns]"),
        bstar=0.0 * same,
        inclination=math.radians(shell.inclination_deg) * same,
        node=np.radians(node_deg % 360.0),
        eccentricity=shell.eccentricity * same,
        argument_of_perigee=0.0 * same,
        mean_anomaly=np.radians(anomaly_deg % 360.0),
        mean_motion=shell._kozai_rad_min() * same,
        catalogue_id=np.full(len(shell), -1),
        name=np.array([f"{operator} {k}" for k in range(len(shell))]),
        gravity=gravity,
    )
    return Constellation(elements, np.full(len(shell), operator), np.full(len(shell), shell.name), plane, slot)


def _places(shell: Shell) -> tuple[np.ndarray, np.ndarray]:
    """Plane of every satellite, and its position there in slots."""
    if shell.filled is None:
        plane, slot = np.divmod(np.arange(shell.slots), shell.satellites_per_plane)
        return plane, slot.astype(float)
    plane = np.repeat(np.arange(shell.planes), [len(positions) for positions in shell.filled])
    return plane, np.array([position for positions in shell.filled for position in sorted(positions)], float)


def mean_motion_rad_min(altitude_m: float | np.ndarray) -> np.ndarray:
    """Mean motion on a circle at a height over the equatorial radius, by Kepler's third law [rad/min].

    altitude_m: any shape. Returns the same shape.

    >>> float((mean_motion_rad_min(550e3) * 1440 / (2 * np.pi)).round(5))
    15.05491
    """
    return np.sqrt(EARTH_MU_M3_S2 / (EARTH_RADIUS_M + np.asarray(altitude_m, float)) ** 3) * 60.0


def mean_altitude_m(
    kozai_rad_min: float | np.ndarray, inclination_rad: float | np.ndarray, eccentricity: float | np.ndarray
) -> np.ndarray:
    """Mean semi-major axis less the equatorial radius, of SGP4 elements [m].

    kozai_rad_min: mean motion as `Elements` holds it [rad/min]; inclination_rad; eccentricity; each (satellite,).
    Hoots and Roehrich, "Models for propagation of NORAD element sets", Spacetrack Report 3 (1980), section 6, to
    first order in J2: under 12 m.

    >>> n = 15.0 * 2 * np.pi / 1440
    >>> [round(float(mean_altitude_m(n, np.radians(i), 0.0)) / 1e3, 1) for i in (0.0, 53.0, 97.6)]
    [573.2, 567.2, 563.9]
    """
    kozai_rad_s = np.asarray(kozai_rad_min, float) / 60.0
    radius_m = (EARTH_MU_M3_S2 / kozai_rad_s**2) ** (1.0 / 3.0)
    mean_rad_s = kozai_rad_s / (1.0 + _kozai_excess(radius_m, inclination_rad, eccentricity))
    return (EARTH_MU_M3_S2 / mean_rad_s**2) ** (1.0 / 3.0) - EARTH_RADIUS_M


def _kozai_excess(
    radius_m: float | np.ndarray, inclination_rad: float | np.ndarray, eccentricity: float | np.ndarray
) -> np.ndarray:
    """Share by which Kozai's mean motion exceeds Kepler's: the first-order pull of the Earth's flattening."""
    tilt = 3.0 * np.cos(inclination_rad) ** 2 - 1.0
    return 0.75 * EARTH_J2 * (EARTH_RADIUS_M / radius_m) ** 2 * tilt / (1.0 - np.asarray(eccentricity) ** 2) ** 1.5


def _whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)
