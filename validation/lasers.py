"""Lasers of a shell: a plus-grid is a torus, and its rays have the lengths of closed forms."""

from __future__ import annotations

from itertools import combinations

import networkx
import numpy as np

from obrii.links.lasers import Links, longest_clear_m, ranges
from obrii.network.snapshot import snapshot
from obrii.orbits.shells import Shell
from obrii.routing.shortest import routes_to
from tests.reference.lasers_plain import hops_on_torus, plus_grid, ray
from tests.truth import test_laser_truths
from tests.truth.test_torus import PLANES, SLOTS, parts, ring_mean, torus
from validation.record import Effort, Finding, Validation

#: Planes and satellites a plane: odd and even, licensed (FCC 21-48, Kuiper) and measured (72 x 18, 36 x 16, 99 x 51).
LATTICES = (
    (72, 22), (5, 7), (6, 5), (3, 3), (36, 20), (34, 34), (36, 36), (28, 28), (72, 18), (36, 16), (6, 58), (99, 51),
    (180, 31),
)  # fmt: skip


def hops(links: Links, satellites: int) -> np.ndarray:
    """Lasers on the way from satellite 0 to every satellite, by our own routes over links that are all 1 m long."""
    on = np.ones(satellites, bool)
    lasers = (links.a, links.b, np.ones(len(links)))
    graph = snapshot(satellites, *lasers, [0, 1], [0], [1.0], [False], on, np.ones(len(links), bool), [True])
    return np.asarray(routes_to(graph, [0]).distance_m[0, :satellites] - 1.0)


def size(effort: Effort) -> Finding:
    """Links and diameter without a seam shift."""
    off = 0.0
    lattices = LATTICES[: effort.of(4, 13, 13)]
    for planes, slots in lattices:
        links = torus(planes, slots)
        diameter = hops(links, planes * slots).max()
        off = max(off, abs(len(links) - 2 * planes * slots), abs(diameter - planes // 2 - slots // 2))
    return Finding(off, f"{len(lattices)} lattices from 3 x 3 to {max(lattices)[0]} planes")


def mean_hops(effort: Effort) -> Finding:
    """Mean hops without a seam shift, by our own routes."""
    off = 0.0
    lattices = LATTICES[: effort.of(4, 13, 13)]
    for planes, slots in lattices:
        others = planes * slots - 1
        mean = (slots * ring_mean(planes) + planes * ring_mean(slots)) / others
        off = max(off, abs(hops(torus(planes, slots), planes * slots).sum() / others - mean))
    return Finding(off, f"the same {len(lattices)} lattices; 72 x 22 has 23.5148")


def seam_shifts(effort: Effort) -> Finding:
    """Hops to every satellite with a seam shift."""
    cases = effort.of(
        [(6, 20, 9), (4, 9, -2)],
        [(72, 22, 5), (72, 22, 11), (34, 34, 17), (36, 16, 7), (12, 49, 20), (6, 20, 9), (4, 9, -2)],
        [(planes, slots, shift) for planes, slots in LATTICES for shift in range(slots)],
    )
    off = 0.0
    for planes, slots, shift in cases:
        found = hops(torus(planes, slots, shift), planes * slots)
        expected = [
            hops_on_torus(plane, slot, planes, slots, shift) for plane in range(planes) for slot in range(slots)
        ]
        off = max(off, float(np.abs(found - expected).max()))
    return Finding(off, f"diameter, mean and every single way of {len(cases)} lattices with shifts")


def pattern(effort: Effort) -> Finding:
    """Links that a plus-grid has too many or too few, with and without a seam."""
    off, count = 0, 0
    for planes, slots in LATTICES[: effort.of(4, 11, 13)]:
        for shift in range(-1, min(slots, 5)):
            links = torus(planes, slots, shift)
            ours = dict(zip(zip(links.a.tolist(), links.b.tolist()), links.cross_plane.tolist()))
            expected = plus_grid(planes, slots, shift)
            off += len(ours.items() ^ expected.items())
            count += len(expected)
    return Finding(off, f"{count:,} links, and which of them join two planes")


def connectivity(effort: Effort) -> Finding:
    """Fewest satellites and fewest lasers that disconnect a torus."""
    lattices = effort.of([(6, 5)], [(6, 5), (8, 8), (12, 7), (10, 11)], [(6, 5), (8, 8), (12, 7), (16, 11), (36, 16)])
    off = 0
    for planes, slots in lattices:
        links = torus(planes, slots)
        whole = networkx.Graph(zip(links.a.tolist(), links.b.tolist(), strict=True))
        off = max(off, abs(networkx.node_connectivity(whole) - 4), abs(networkx.edge_connectivity(whole) - 4))
    return Finding(off, f"{', '.join(f'{p} x {s}' for p, s in lattices)}: four of either")


def cuts(effort: Effort) -> Finding:
    """Parts that are left of 72 x 22 when planes, neighbours or all cross-plane lasers are lost."""
    links, off = torus(), 0
    whole = np.ones((PLANES, SLOTS), bool)
    pairs = list(combinations(range(PLANES), 2))[:: effort.of(200, 1, 1)]
    for one, other in pairs:
        alive = whole.copy()
        alive[[one, other]] = False
        expected = 1 if other - one in (1, PLANES - 1) else 2
        off = max(off, abs(len(parts(links, alive.ravel())) - expected))
    rng = np.random.default_rng(7)
    draws = effort.of(20, 1_000, 50_000)
    for _ in range(draws):
        alive = whole.ravel().copy()
        here = rng.integers(len(alive))
        near = np.concatenate([links.b[links.a == here], links.a[links.b == here]])
        alive[rng.choice(near, 3, replace=False)] = False
        off = max(off, len(parts(links, alive)) - 1)
    planes_alone = parts(links, whole.ravel(), ~links.cross_plane)
    off = max(off, abs(len(planes_alone) - PLANES))
    return Finding(off, f"{len(pairs):,} pairs of planes, {draws:,} draws of three neighbours, no cross-plane lasers")


def lengths(effort: Effort) -> Finding:
    """Longest clear links and neighbours in a plane, in last digits printed."""
    off = [
        abs(longest_clear_m(1e3 * altitude) / 1e3 - longest) / 0.1
        for altitude, longest in ((550, 5013.9), (630, 5440.1), (1200, 7925.8))
    ]
    shell = Shell("s", PLANES, SLOTS, 53.0, altitude_m=550e3, phase_factor=17)
    links = torus()
    along = ranges(links, test_laser_truths.round_positions(shell))[0][~links.cross_plane]
    off.append(float(np.abs(along / 1e3 - 1969.9).max()) / 0.1)
    return Finding(max(off), "clear of 80 km at 550, 630 and 1,200 km; 1,584 neighbours in planes of 22")


def rays(effort: Effort) -> Finding:
    """Links that are lit or not, and ranges, against the triangle of two satellites and the Earth's centre."""
    rng, count = np.random.default_rng(8), effort.of(500, 50_000, 500_000)
    direction = rng.normal(size=(3, 2 * count))
    xyz_m = rng.uniform(6_700e3, 7_700e3, 2 * count) * direction / np.linalg.norm(direction, axis=0)
    xyz_m[:, count:] = xyz_m[:, :count] + rng.normal(size=(3, count)) * rng.uniform(1e5, 4e6, count)
    xyz_m = xyz_m.astype(np.float32)
    pairs = Links(np.arange(count), np.arange(count) + count, np.zeros(count, bool))
    found = ranges(pairs, xyz_m[None], max_range_m=6_000e3)[0]
    wrong, lit = 0, 0
    for k, (a, b) in enumerate(zip(xyz_m[:, :count].T.tolist(), xyz_m[:, count:].T.tolist(), strict=True)):
        # A ray within 10 m of the limit may go either way in float32.
        surely, perhaps = (ray(a, b, 6_451e3 + by, 6_000e3 - by) for by in (10.0, -10.0))
        wrong += not (perhaps != perhaps if np.isnan(found[k]) else abs(found[k] - perhaps) < 1.0)
        wrong += np.isnan(found[k]) and surely == surely
        lit += not np.isnan(found[k])
    return Finding(wrong, f"{count:,} pairs of satellites, of which {lit:,} see each other")


VALIDATIONS = (
    Validation(
        "links and diameter of a plus-grid", "closed form of a torus", "", 0, "Whole numbers.", size
    ),
    Validation(
        "mean hops of a plus-grid, by our own routes", "closed form of a torus", "hops", 1e-9, "Sums of whole numbers.",
        mean_hops,
    ),
    Validation(
        "a plus-grid with a seam shift", "trying how often a way goes around the Earth (`lasers_plain`)", "hops", 0,
        "Whole numbers.", seam_shifts,
    ),
    Validation(
        "which satellites a plus-grid links", "link by link in plain Python (`lasers_plain`)", "links", 0,
        "Whole numbers.", pattern,
    ),
    Validation(
        "fewest losses that disconnect a torus", "networkx (maximum flow), and theory: four", "", 0, "Whole numbers.",
        connectivity,
    ),
    Validation(
        "what the loss of planes, neighbours and cross-plane lasers leaves of 72 x 22", "theory", "parts", 0,
        "Whole numbers.", cuts,
    ),
    Validation(
        "longest clear link, neighbours in a plane", "closed forms on a round Earth", "last digits", 0.5,
        "Half of the last digit printed.", lengths,
    ),
    Validation(
        "which rays pass above the air, and their lengths", "the triangle with the Earth's centre (`lasers_plain`)",
        "pairs", 0, "None may differ but those within 10 m of a limit; ranges to 1 m, as float32 keeps them.", rays,
    ),
)  # fmt: skip
