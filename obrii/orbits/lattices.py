"""The shells of a real catalogue, found without being told: who flies together, in which planes, in which slots.

Satellites that hold one height and inclination are a layer. A layer is a shell where the satellites of a plane keep
even slots: those that wait on a parking orbit, or pass, hold the height alike, yet fly in trains or anyhow. Planes are
then a lattice over 360 degrees (delta), even steps over some 180 (star), or irregular: as many as there are, where they
are. A layer without a lattice beside a larger lattice of the same inclination is a group on its way, and no shell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from obrii.constants import TWO_PI
from obrii.orbits import periods
from obrii.orbits.elements import Elements
from obrii.orbits.planes import lattice, secular
from obrii.orbits.shells import HIGHEST_M, LOWEST_M, SLOT_REACH, mean_altitude_m

#: How far satellites of one layer may be from its height [m] and inclination [deg]. Each kilometre moves a satellite by
#: 1.2 degrees a day along its orbit. In the catalogues of 2022 to 2026 99 % of those nearer are within 800 m, and the
#: inclinations of a shell within 0.04 degrees, while shells are 0.14 degrees or 4.5 km apart.
HELD_M, HELD_DEG = 1000.0, 0.1

#: Fewest satellites of a layer. Assumption: fewer say nothing of their slots.
FEWEST = 10

#: Eccentricity up to which an orbit is that of a shell. Assumption: those of the catalogues are below 0.001.
_CIRCULAR = 0.01

#: Evidence from which a lattice is believed [nats]: see `periods`; a draw without one reaches 6, one in hundreds.
_BELIEVED = 10.0

#: How far satellites of a plane may bunch, and fewest slots: above, they are a train on its way. Assumption: trains of
#: the catalogues reach 0.8 and more, and the emptiest shells 0.1.
_BUNCHED, _FEWEST_SLOTS = 0.5, 3

#: Distance from a plane of the lattice up to which a satellite has its number [steps]. Assumption: beyond it drifts.
_PLANE_REACH = 0.35

#: Fewest satellites of a plane outside a lattice. Assumption: fewer are on their way.
_FEWEST_IN_PLANE = 3

#: Part of the coherence within planes that Walker's phasing must keep, else planes are phased each for itself.
_WALKER_SHARE = 0.75

#: Most metres between neighbours of layers that are one plane each and together a shell, and the fewest of them: OneWeb
#: flies its twelve planes 4 km apart in height (catalogue of 2026-05-30); one may be missing.
_STAGGERED_M, _STAGGERED_FEWEST = 9000.0, 3

#: What a star is: inclination from the pole [deg], degrees its planes are spread over, fewest planes, and how far one
#: may be from its even step. Walker, "Satellite constellations", JBIS 37 (1984): planes over 180 degrees.
_POLAR_DEG, _STAR_DEG, _STAR_PLANES, _STAR_STRAY = 10.0, (150.0, 210.0), 4, 0.15

#: The patterns of planes.
DELTA, STAR, IRREGULAR = "delta", "star", "irregular"


@dataclass(frozen=True)
class FoundShell:
    """A shell of a catalogue; arrays are read-only.

    name: inclination and height; pattern: `DELTA`, `STAR` or `IRREGULAR`; planes: of the whole lattice, filled or not;
    slots: of most planes; phase_factor: Walker's F, -1 where planes are phased each for itself; node_rad, anomaly_rad
    (plane,) f8: of slot 0, at the epoch; slots_of_plane (plane,) i4; coherence_node, coherence_slot: 0 to 1, of all
    satellites; satellites (member,) i4: index in the catalogue, ascending; plane (member,) i4, -1 between planes;
    position (member,) f8 [slot], from 0 to below the slots of the plane, NaN between planes; slot (member,) i4, -1
    further than `SLOT_REACH` from a slot or where a nearer satellite holds it.
    """

    name: str
    inclination_deg: float
    altitude_m: float
    pattern: str
    planes: int
    slots: int
    phase_factor: int
    coherence_node: float
    coherence_slot: float
    node_rad: np.ndarray
    anomaly_rad: np.ndarray
    slots_of_plane: np.ndarray
    satellites: np.ndarray
    plane: np.ndarray
    position: np.ndarray
    slot: np.ndarray

    def __post_init__(self) -> None:
        whole = ("slots_of_plane", "satellites", "plane", "slot")
        for field in ("node_rad", "anomaly_rad", "position", *whole):
            array = np.ascontiguousarray(getattr(self, field), np.int32 if field in whole else np.float64)
            array.setflags(write=False)
            object.__setattr__(self, field, array)

    def __len__(self) -> int:
        return len(self.satellites)


@dataclass(frozen=True)
class _Sky:
    """Where every satellite is at one instant; each (satellite,)."""

    node: np.ndarray
    latitude: np.ndarray
    altitude_m: np.ndarray
    inclination_deg: np.ndarray


class _Phases(NamedTuple):
    """Where slots are: Walker's F or -1; coherence; slot 0 of each plane [rad]; position of each satellite [slot]."""

    factor: int
    coherence: float
    anomaly_rad: np.ndarray
    position: np.ndarray


def find_shells(elements: Elements, epoch: np.datetime64) -> tuple[FoundShell, ...]:
    """The shells of a catalogue, by inclination and height; none where nothing keeps slots.

    epoch: UTC, datetime64, to which all are carried: best near the epochs of the elements, for those of satellites that
    are held by thrust hold for days. A few satellites in few planes fit many lattices: they are called irregular.

    >>> from obrii.orbits.shells import Shell, constellation
    >>> day = np.datetime64("2026-05-30")
    >>> elements = constellation(Shell("s", 12, 8, 53.0, 550e3, phase_factor=5), "acme", day).elements
    >>> [(s.name, s.pattern, s.planes, s.slots, s.phase_factor, len(s)) for s in find_shells(elements, day)]
    [('53.0deg-550km', 'delta', 12, 8, 5, 96)]
    """
    node, latitude = secular(elements, epoch)
    sky = _Sky(
        node,
        latitude,
        mean_altitude_m(elements.mean_motion, elements.inclination, elements.eccentricity),
        np.degrees(elements.inclination),
    )
    usable = np.isfinite(node + latitude) & (elements.eccentricity <= _CIRCULAR)
    usable &= (sky.altitude_m > LOWEST_M) & (sky.altitude_m < HIGHEST_M)
    found = [shell for group in _staggered(_layers(sky, usable), sky) if (shell := _shell(group, sky)) is not None]
    held = [shell for shell in found if not _on_its_way(shell, found)]
    return tuple(sorted(held, key=lambda shell: (round(shell.inclination_deg, 1), shell.altitude_m)))


def _layers(sky: _Sky, usable: np.ndarray) -> list[np.ndarray]:
    """Satellites that hold one height and inclination, the densest first, each in one layer."""
    left = np.flatnonzero(usable)
    layers = []
    while left.size >= FEWEST:
        place = np.stack([sky.altitude_m[left] / HELD_M, sky.inclination_deg[left] / HELD_DEG])
        height, tilt = np.floor(place).astype(np.int64)
        _, where, count = np.unique(10_000 * height + tilt, return_inverse=True, return_counts=True)
        if 2 * count.max() < FEWEST:
            break
        densest = where == count.argmax()
        held = densest
        for _ in range(5):
            middle = np.median(place[:, held], axis=1, keepdims=True)
            held = (abs(place - middle) <= 1.0).all(axis=0)
        if held.sum() >= FEWEST:
            layers.append(left[held])
        left = left[~(held | densest)]
    return layers


def _staggered(layers: list[np.ndarray], sky: _Sky) -> list[np.ndarray]:
    """Layers, those of one plane each joined where they follow each other in height."""
    planes = [np.bincount(periods.clusters(sky.node[layer])) for layer in layers]
    single = [layer for layer, size in zip(layers, planes, strict=True) if size.max() > 0.9 * size.sum()]
    single.sort(key=lambda layer: float(np.median(sky.altitude_m[layer])))
    chains: list[list[np.ndarray]] = []
    for layer in single:
        below = next((chain for chain in chains if _next_in_height(chain[-1], layer, sky)), None)
        if below is None:
            chains.append([layer])
        else:
            below.append(layer)
    joined = [np.sort(np.concatenate(chain)) for chain in chains if len(chain) >= _STAGGERED_FEWEST]
    taken = np.concatenate(joined) if joined else np.zeros(0, np.int64)
    return joined + [layer for layer in layers if not np.isin(layer[0], taken)]


def _next_in_height(low: np.ndarray, high: np.ndarray, sky: _Sky) -> bool:
    height_m, inclination_deg = (
        abs(float(np.median(of[high]) - np.median(of[low]))) for of in (sky.altitude_m, sky.inclination_deg)
    )
    return height_m <= _STAGGERED_M and inclination_deg <= HELD_DEG


def _shell(group: np.ndarray, sky: _Sky) -> FoundShell | None:
    """The shell that a layer is, or None where its satellites keep no slots."""
    node, latitude = sky.node[group], sky.latitude[group]
    altitude_m, inclination_deg = (float(np.median(of[group])) for of in (sky.altitude_m, sky.inclination_deg))
    pattern, node_rad, plane = _planes(node, inclination_deg)
    slots_of_plane, coherence = _slots(plane, latitude, len(node_rad), pattern)
    if not slots_of_plane.any():
        return None
    own = _each_plane(plane, latitude, slots_of_plane)
    walker = None if pattern == IRREGULAR else _walker(plane, latitude, slots_of_plane)
    # Over few planes some factor always fits; over many it keeps the coherence of the planes, or there is none.
    phases = walker if walker is not None and walker.coherence >= _WALKER_SHARE * coherence**0.5 else own
    around = len(node_rad) * node if pattern == DELTA else (node - node_rad[plane])[plane >= 0]
    return FoundShell(
        name=f"{inclination_deg:.1f}deg-{altitude_m / 1e3:.0f}km",
        inclination_deg=inclination_deg,
        altitude_m=altitude_m,
        pattern=pattern,
        planes=len(node_rad),
        slots=int(np.bincount(slots_of_plane).argmax()),
        phase_factor=phases.factor,
        coherence_node=float(abs(np.exp(1j * around).mean())),
        coherence_slot=phases.coherence,
        node_rad=np.mod(node_rad, TWO_PI),
        anomaly_rad=phases.anomaly_rad,
        slots_of_plane=slots_of_plane,
        satellites=group,
        plane=plane,
        position=phases.position,
        slot=_numbers(plane, phases.position, slots_of_plane),
    )


def _planes(node: np.ndarray, inclination_deg: float) -> tuple[str, np.ndarray, np.ndarray]:
    """Pattern, node of each plane, and the plane of each satellite or -1."""
    cluster = periods.clusters(node)
    full = np.flatnonzero(np.bincount(cluster) >= _FEWEST_IN_PLANE)
    centre = np.array([np.angle(np.exp(1j * node[cluster == k]).mean()) for k in full])
    if abs(inclination_deg - 90.0) <= _POLAR_DEG and len(full) >= _STAR_PLANES:
        star = _star(centre)
        if star is not None:
            away = _turn(node[:, None] - star)
            plane = abs(away).argmin(axis=1)
            near = abs(away).min(axis=1) <= _PLANE_REACH * _turn(star[1] - star[0])
            return STAR, star, np.where(near, plane, -1)
    found = periods.plane_lattice(node)
    if found.evidence >= _BELIEVED:
        step = TWO_PI / found.number
        begin = found.first_rad % step
        place = (node - begin) / step
        plane = np.where(abs(place - np.rint(place)) <= _PLANE_REACH, np.rint(place) % found.number, -1)
        return DELTA, begin + step * np.arange(found.number), plane.astype(np.int64)
    order = np.argsort(np.mod(centre, TWO_PI))
    number = np.full(cluster.max() + 1, -1)
    number[full[order]] = np.arange(len(full))
    return IRREGULAR, centre[order], number[cluster]


def _star(centre: np.ndarray) -> np.ndarray | None:
    """Nodes of a star's planes [rad], those without satellites between, or None where planes make none."""
    around = np.sort(np.mod(centre, TWO_PI))
    gap = np.diff(around, append=around[0] + TWO_PI)
    start = (int(gap.argmax()) + 1) % len(around)
    nodes = np.unwrap(np.roll(around, -start))
    step = float(np.roll(gap, -start)[:-1].min())
    for _ in range(3):
        number = np.rint((nodes - nodes[0]) / step)
        step, first = np.polyfit(number, nodes, 1)
    planes = int(number[-1]) + 1
    stray = abs(nodes - first - step * number).max() / step
    low_deg, high_deg = _STAR_DEG
    even = stray <= _STAR_STRAY and len(set(number.tolist())) == len(number)
    spread = low_deg <= np.degrees(step * planes) <= high_deg
    return first + step * np.arange(planes) if even and spread and planes >= _STAR_PLANES else None


def _slots(plane: np.ndarray, latitude: np.ndarray, planes: int, pattern: str) -> tuple[np.ndarray, float]:
    """Slots of each plane, 0 of all where there are none, and the coherence within planes."""
    numbered = plane >= 0
    latitude = latitude[numbered]
    held, compact = np.unique(plane[numbered], return_inverse=True)
    if not held.size or periods.bunched(compact, latitude) > _BUNCHED:
        return np.zeros(planes, np.int64), 0.0
    alike = periods.slot_count(compact, latitude)
    if pattern == STAR:
        own = [
            periods.slot_count(np.zeros((compact == k).sum(), int), latitude[compact == k]) for k in range(len(held))
        ]
        sure = [one for one in own if one.evidence > 0 and one.number >= _FEWEST_SLOTS]
        if sum(one.evidence for one in sure) > max(alike.evidence, _BELIEVED):
            numbers = [one.number for one in sure]
            found = np.full(planes, max(numbers, key=numbers.count))
            found[held] = [one.number if one in sure else found[0] for one in own]
            return found, float(np.average([one.coherence for one in own], weights=np.bincount(compact)))
    if alike.evidence < _BELIEVED or alike.number < _FEWEST_SLOTS:
        return np.zeros(planes, np.int64), 0.0
    return np.full(planes, alike.number), alike.coherence


def _walker(plane: np.ndarray, latitude: np.ndarray, slots_of_plane: np.ndarray) -> _Phases | None:
    """Phases by Walker's rule, or None where planes differ in slots."""
    planes, slots, numbered = len(slots_of_plane), int(slots_of_plane[0]), plane >= 0
    if (slots_of_plane != slots).any():
        return None
    # Nodes made of the numbers begin half a step from 0, where none falls on the end of the circle.
    found = lattice(TWO_PI / planes * (plane[numbered] + 0.5), latitude[numbered], planes, slots)
    lead = found.phase_factor * TWO_PI / (planes * slots) * np.arange(planes)
    position = np.full(len(plane), np.nan)
    position[numbered] = found.position
    return _Phases(found.phase_factor, found.coherence_slot, np.mod(found.first_anomaly_rad + lead, TWO_PI), position)


def _each_plane(plane: np.ndarray, latitude: np.ndarray, slots_of_plane: np.ndarray) -> _Phases:
    """Phases of planes each for itself."""
    anomaly_rad, position, coherent = np.zeros(len(slots_of_plane)), np.full(len(plane), np.nan), 0.0
    for k in np.unique(plane[plane >= 0]).tolist():
        here = plane == k
        one = lattice(np.zeros(int(here.sum())), latitude[here], 1, int(slots_of_plane[k]))
        anomaly_rad[k], position[here] = one.first_anomaly_rad, one.position
        coherent += one.coherence_slot * here.sum()
    return _Phases(-1, coherent / int((plane >= 0).sum()), anomaly_rad, position)


def _numbers(plane: np.ndarray, position: np.ndarray, slots_of_plane: np.ndarray) -> np.ndarray:
    """Slot of each satellite, -1 between slots and where a nearer one holds it."""
    away = abs(position - np.rint(position))
    near = np.flatnonzero((plane >= 0) & (away <= SLOT_REACH))
    near = near[np.argsort(away[near], kind="stable")]
    slot = np.rint(position[near]).astype(np.int64) % slots_of_plane[plane[near]]
    _, first = np.unique(np.stack([plane[near], slot]), axis=1, return_index=True)
    numbers = np.full(len(plane), -1)
    numbers[near[first]] = slot[first]
    return numbers


def _on_its_way(shell: FoundShell, found: list[FoundShell]) -> bool:
    return shell.pattern == IRREGULAR and any(
        other.pattern != IRREGULAR
        and len(other) > len(shell)
        and abs(other.inclination_deg - shell.inclination_deg) <= HELD_DEG
        for other in found
    )


def _turn(angle: np.ndarray) -> np.ndarray:
    """An angle as one from -pi to below pi."""
    return (np.asarray(angle) + TWO_PI / 2) % TWO_PI - TWO_PI / 2
