"""A plus-grid is a torus: its size, its diameter, what breaks it.

Closed forms for the graph product of a ring of P and a ring of S. Percolation: bond threshold 1/2 (Kesten, Commun.
Math. Phys. 74, 1980), site threshold 0.592746 (Newman and Ziff, Phys. Rev. Lett. 85, 2000), so 0.4073 lost; the shares
on a 72 x 22 torus are means of 60 draws of an independent program. SciPy and networkx are the witnesses.
"""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, shortest_path

from obrii.links.lasers import Links, laser_links
from obrii.orbits.shells import Shell
from tests.reference.lasers_plain import hops_on_torus

PLANES, SLOTS = 72, 22


def torus(planes: int = PLANES, slots: int = SLOTS, seam_shift: int = 0) -> Links:
    return laser_links(Shell("s", planes, slots, 53.0, altitude_m=550e3), "plus-grid", seam_shift)


def graph(links: Links, satellites: int, lit: np.ndarray | None = None) -> coo_array:
    a, b = (links.a, links.b) if lit is None else (links.a[lit], links.b[lit])
    return coo_array((np.ones(len(a)), (a, b)), shape=(satellites, satellites))


def hops_from_first(links: Links, satellites: int) -> np.ndarray:
    """Every satellite of a torus looks like the first, so its hop counts stand for all."""
    return shortest_path(graph(links, satellites), directed=False, unweighted=True, indices=0)


def parts(links: Links, alive: np.ndarray, lit: np.ndarray | None = None) -> np.ndarray:
    """Sizes of the connected parts of the satellites alive."""
    joined = alive[links.a] & alive[links.b]
    _, label = connected_components(graph(links, len(alive), joined if lit is None else joined & lit), directed=False)
    return np.unique(label[alive], return_counts=True)[1]


def ring_mean(m: int) -> float:
    """Sum of the hops from one place of a ring of m to all, over the number of places left out."""
    return m * m / 4 if m % 2 == 0 else (m * m - 1) / 4


@pytest.mark.parametrize(("planes", "slots"), [(72, 22), (36, 20), (5, 7), (6, 5), (3, 3)])
def test_links_diameter_and_mean_hops_are_those_of_a_torus(planes: int, slots: int) -> None:
    links = torus(planes, slots)
    hops = hops_from_first(links, planes * slots)
    mean = (slots * ring_mean(planes) + planes * ring_mean(slots)) / (planes * slots - 1)
    assert len(links) == 2 * planes * slots
    assert hops.max() == planes // 2 + slots // 2
    assert hops.sum() / (planes * slots - 1) == pytest.approx(mean, rel=1e-12)


def test_the_first_starlink_shell_has_3168_links_diameter_47_and_23_5148_hops_on_average() -> None:
    links = torus()
    hops = hops_from_first(links, PLANES * SLOTS)
    assert len(links) == 3168
    assert hops.max() == 47
    # Printed to four decimals.
    assert hops.sum() / (PLANES * SLOTS - 1) == pytest.approx(23.5148, abs=0.00005)


@pytest.mark.parametrize(("planes", "slots", "shift"), [(72, 22, 11), (72, 22, 5), (6, 20, 9), (4, 9, -2)])
def test_a_seam_shift_changes_the_ways_around_the_earth(planes: int, slots: int, shift: int) -> None:
    hops = hops_from_first(torus(planes, slots, shift), planes * slots)
    expected = [hops_on_torus(p, s, planes, slots, shift) for p in range(planes) for s in range(slots)]
    assert hops.tolist() == expected
    assert (hops != hops_from_first(torus(planes, slots), planes * slots)).any()


def test_a_seam_shift_of_half_a_ring_shortens_the_diameter() -> None:
    assert hops_from_first(torus(seam_shift=11), PLANES * SLOTS).max() < 47


def test_every_satellite_of_a_torus_has_four_lasers() -> None:
    for shift in (0, 7):
        links = torus(seam_shift=shift)
        assert (np.bincount(np.concatenate([links.a, links.b])) == 4).all()


def test_no_three_satellites_and_no_three_lasers_disconnect_a_torus_and_four_do() -> None:
    links = torus(6, 5)
    whole = networkx.Graph(zip(links.a.tolist(), links.b.tolist(), strict=True))
    assert networkx.node_connectivity(whole) == 4
    assert networkx.edge_connectivity(whole) == 4


def test_no_three_satellites_drawn_disconnect_the_whole_shell(rng: np.random.Generator) -> None:
    links = torus()
    for _ in range(60):
        alive = np.ones(PLANES * SLOTS, bool)
        # Neighbours of one satellite, less one, are the likeliest to cut something off.
        here = rng.integers(len(alive))
        near = np.concatenate([links.b[links.a == here], links.a[links.b == here]])
        alive[rng.choice(near, 3, replace=False)] = False
        assert len(parts(links, alive)) == 1


def test_two_planes_split_the_torus_exactly_when_they_are_not_adjacent() -> None:
    links = torus()
    for other in range(1, PLANES):
        alive = np.ones((PLANES, SLOTS), bool)
        alive[[0, other]] = False
        assert len(parts(links, alive.ravel())) == (1 if other in (1, PLANES - 1) else 2)


def test_without_cross_plane_lasers_the_shell_falls_into_its_planes() -> None:
    links = torus()
    found = parts(links, np.ones(PLANES * SLOTS, bool), ~links.cross_plane)
    assert found.tolist() == [SLOTS] * PLANES


@pytest.mark.parametrize(
    # One draw spreads by 0.0017, 0.008, 0.18 and 0.14; two means of 60 differ by less than three deviations of 0.18 of
    # that each, and the rows are rounded.
    ("lost", "largest", "tolerance"),
    [(0.2, 0.998, 0.0015), (0.3, 0.983, 0.005), (0.4, 0.74, 0.1), (0.45, 0.34, 0.08)],
)
def test_the_largest_part_of_the_survivors_is_as_published(
    lost: float, largest: float, tolerance: float, rng: np.random.Generator
) -> None:
    links, total = torus(), PLANES * SLOTS
    shares = []
    for _ in range(60):
        alive = np.ones(total, bool)
        alive[rng.choice(total, round(lost * total), replace=False)] = False
        shares.append(parts(links, alive).max() / alive.sum())
    assert np.mean(shares) == pytest.approx(largest, abs=tolerance)


def test_the_shell_breaks_about_where_half_of_its_lasers_are_lost(rng: np.random.Generator) -> None:
    links, total = torus(), PLANES * SLOTS

    def largest(lost: float) -> float:
        draws = [parts(links, np.ones(total, bool), rng.random(len(links)) >= lost).max() for _ in range(20)]
        return float(np.mean(draws)) / total

    # A tenth either side of the threshold of the infinite lattice, the torus is clearly whole and clearly broken.
    assert largest(0.4) > 0.85
    assert largest(0.6) < 0.1


def test_rings_alone_are_as_many_parts_as_planes() -> None:
    links = laser_links(Shell("s", PLANES, SLOTS, 53.0, altitude_m=550e3), "ring")
    assert len(links) == PLANES * SLOTS
    assert parts(links, np.ones(PLANES * SLOTS, bool)).tolist() == [SLOTS] * PLANES


@pytest.mark.parametrize(("planes", "slots"), [(6, 8), (4, 6)])
def test_three_lasers_a_satellite_make_a_brick_wall_that_no_two_satellites_disconnect(planes: int, slots: int) -> None:
    # A honeycomb on a torus: cubic, bipartite, vertex-transitive, so as connected as it has links (Mader, Arch. Math.
    # 21, 1970; Watkins, J. Comb. Theory 8, 1970: at least 2 (3 + 1) / 3, which is 3).
    links = laser_links(Shell("s", planes, slots, 53.0, altitude_m=550e3), "three")
    wall = networkx.Graph(zip(links.a.tolist(), links.b.tolist(), strict=True))
    assert len(links) == 3 * planes * slots // 2
    assert networkx.is_bipartite(wall)
    assert networkx.node_connectivity(wall) == 3
