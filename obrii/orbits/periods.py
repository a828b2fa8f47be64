"""How many even steps round the circle some angles keep, where nobody says: planes by their nodes, slots in planes.

For every count the best lattice is laid through the angles, and counts are compared by likelihood: an angle belongs to
one of the steps, all alike, and strays from it a little, or to none. Each doubling of a count halves what a step
explains, so that of all multiples of the true count, which fit alike, the true one wins; a part of it leaves angles
unexplained, and loses. D. J. C. MacKay, "Information Theory, Inference, and Learning Algorithms" (2003), chapter 28.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from obrii.constants import TWO_PI

#: Highest counts looked for. Assumption: the densest lattice of the catalogues of 2022 to 2026 has 180 planes, and the
#: fullest planes licensed hold 120 satellites (Starlink Gen2, FCC 22-91).
MOST_PLANES, MOST_SLOTS = 240, 120

#: Share of angles that belong to no step. Assumption: of Starlink's planes a tenth of the satellites are on their way,
#: and up to a fifth of those in a plane stand between slots (catalogue of 2022-09-14).
_STRAY_NODES, _STRAY_SLOTS = 0.1, 0.2

#: How far angles may stray from their step [rad], tried one by one, and the most of it as a share of the step.
_SPREAD_RAD = np.radians(np.geomspace(0.02, 4.0, 16))
_WIDEST = 0.2

#: Distance from a step within which angles settle where it stands, as a share of the step; as in `planes`.
_NEAR = 0.1

#: Nodes closer than this are one plane, and a plane counts in full from so many satellites. Assumption: Starlink's
#: planes are 0.15 degrees wide or, unkept, up to 0.6, and a launch fills one with 20 or more.
_PLANE_DEG, _PLANE_SATELLITES = 0.75, 5


class Planes(NamedTuple):
    """Planes that share the circle: their number; node of the first [rad]; evidence for any lattice, in nats."""

    number: int
    first_rad: float
    evidence: float


class Slots(NamedTuple):
    """Slots of a plane: their number; coherence of the satellites in one plane, 0 to 1; evidence for any, in nats."""

    number: int
    coherence: float
    evidence: float


def plane_lattice(node: np.ndarray) -> Planes:
    """The number of planes over 360 degrees that nodes fit best.

    node: (satellite,) [rad]. Evidence is the logarithm of how much likelier the nodes are on a lattice than anywhere,
    each plane counting once however many satellites it holds, less what the choice among counts and places is worth:
    of 300 draws of 2 to 40 random planes none reached 5, and the lattices flown from 2022 to 2026 have 15 to 220.

    >>> plane_lattice(np.radians([3.0 + 360 / 14 * k for k in range(12) for _ in range(5)])).number
    14
    """
    weight = 1.0 / np.maximum(_crowd(node), _PLANE_SATELLITES)
    planes = float(weight.sum())
    counts = np.arange(1, MOST_PLANES + 1)
    coherence = abs((weight * np.exp(1j * counts[:, None] * node)).sum(1)) / planes
    best, found = -math.inf, Planes(1, 0.0, -math.inf)
    for count in counts[coherence >= min(0.25, 0.7 * coherence.max())].tolist():
        first_rad, away = _settle(node, count)
        gain, spread = _gain(away, count, _STRAY_NODES)
        likelihood = gain.sum(1)
        if likelihood.max() > best:
            best = float(likelihood.max())
            by_plane = (weight * gain).sum(1)
            k = int(by_plane.argmax())
            # What it is worth to choose where the lattice begins: the step against the error of the mean.
            choice = math.log(TWO_PI / count / (spread[k] * math.sqrt(TWO_PI / planes)))
            found = Planes(count, first_rad, float(by_plane[k]) - max(0.0, choice) - math.log(MOST_PLANES))
    return found


def slot_count(plane: np.ndarray, argument_of_latitude: np.ndarray) -> Slots:
    """The number of slots over 360 degrees that the satellites of planes fit best, however the planes are phased.

    plane: (satellite,) index from 0; argument_of_latitude: (satellite,) [rad]. Planes of one satellite say nothing.
    The coherence is that of all pairs within a plane, 0 by chance; evidence as of planes; a number of 1 is none found.

    >>> slot_count(np.repeat([0, 1], 5), np.radians([0, 60, 120, 180, 300, 5, 65, 125, 245, 305])).number
    6
    """
    size = np.bincount(plane).astype(float)
    pairs = float((size * (size - 1)).sum())
    found = Slots(1, 0.0, -math.inf)
    for count in range(1, MOST_SLOTS + 1 if pairs else 1):
        turned = np.exp(1j * count * argument_of_latitude)
        sums = np.bincount(plane, turned.real) + 1j * np.bincount(plane, turned.imag)
        coherence = float((abs(sums) ** 2 - size).sum()) / pairs
        if coherence < 0.2:
            continue
        gain, spread = _gain(_settle_planes(plane, argument_of_latitude, count, sums), count, _STRAY_SLOTS)
        # As above, of every plane that holds satellites.
        choice = np.log(TWO_PI / count * np.sqrt(size[size > 0]) / (spread[:, None] * math.sqrt(TWO_PI)))
        evidence = float((gain.sum(1) - np.maximum(0.0, choice).sum(1)).max()) - math.log(MOST_SLOTS)
        if evidence > found.evidence:
            found = Slots(count, coherence, evidence)
    return found


def bunched(plane: np.ndarray, argument_of_latitude: np.ndarray) -> float:
    """How far the satellites of a plane fly together in one part of it: 0 round the orbit, 1 in one place.

    >>> round(bunched(np.zeros(20, int), np.radians(np.arange(20.0))), 2)
    0.99
    """
    size = np.bincount(plane).astype(float)
    turned = np.exp(1j * argument_of_latitude)
    sums = abs(np.bincount(plane, turned.real) + 1j * np.bincount(plane, turned.imag)) ** 2
    pairs = float((size * (size - 1)).sum())
    return float((sums - size).sum()) / pairs if pairs else 0.0


def clusters(node: np.ndarray) -> np.ndarray:
    """Planes by neighbourhood alone: nodes less than 0.75 degrees from the next are one, numbered round the circle.

    node: (satellite,) [rad], at least one. Returns (satellite,) index.

    >>> clusters(np.radians([359.9, 0.1, 20.0, 20.2, 200.0])).tolist()
    [0, 0, 1, 1, 2]
    """
    order = np.argsort(node, kind="stable")
    gap = np.diff(node[order], append=node[order[0]] + TWO_PI) > math.radians(_PLANE_DEG)
    start = (int(np.flatnonzero(gap)[-1]) + 1) % len(node) if gap.any() else 0
    found = np.empty(len(node), np.int64)
    found[np.roll(order, -start)] = np.concatenate([[0], np.cumsum(np.roll(gap, -start)[:-1])])
    return found


def _crowd(node: np.ndarray) -> np.ndarray:
    """Satellites in the plane of each, itself included."""
    line = np.sort(np.mod(node, TWO_PI))
    line = np.concatenate([line - TWO_PI, line, line + TWO_PI])
    reach, here = math.radians(_PLANE_DEG) / 2, np.mod(node, TWO_PI)
    return np.searchsorted(line, here + reach, "right") - np.searchsorted(line, here - reach, "left")


def _settle(angle: np.ndarray, count: int) -> tuple[float, np.ndarray]:
    """Where the lattice begins, and how far each angle is from it."""
    none = np.zeros(len(angle), np.int64)
    turned = np.exp(1j * count * angle).sum()
    away = _settle_planes(none, angle, count, np.array([turned]))
    begin = float(np.angle(np.exp(1j * count * (angle - away)).sum())) / count
    return begin, away


def _settle_planes(plane: np.ndarray, angle: np.ndarray, count: int, sums: np.ndarray) -> np.ndarray:
    """How far angles are from the lattice of their own plane, which settles on those that are near it."""
    step = TWO_PI / count
    begin = np.angle(sums) / count
    for _ in range(2):
        away = (angle - begin[plane] + step / 2) % step - step / 2
        near = abs(away) <= _NEAR * step
        begin = begin + np.bincount(plane, away * near) / np.maximum(np.bincount(plane, near), 1)
    return (angle - begin[plane] + step / 2) % step - step / 2


def _gain(away: np.ndarray, count: int, stray: float) -> tuple[np.ndarray, np.ndarray]:
    """Logarithm of how much likelier each angle is on the lattice than anywhere, (spread, angle), and the spreads."""
    widest = _WIDEST * TWO_PI / count
    spread = _SPREAD_RAD[widest >= _SPREAD_RAD]
    bell = np.exp(-0.5 * (away / spread[:, None]) ** 2) / (spread[:, None] * math.sqrt(TWO_PI))
    return np.log((1.0 - stray) * bell * TWO_PI / count + stray), spread
