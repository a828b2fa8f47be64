"""Shells found without being told: laid out by rule, emptied, jittered, with strays, they are found again as they were.

Where nothing keeps slots nothing is found, and nothing that a catalogue may hold makes the search fail.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from obrii.constants import MINUTES_PER_DAY, TWO_PI
from obrii.orbits import periods
from obrii.orbits.elements import Elements, join_elements
from obrii.orbits.lattices import DELTA, IRREGULAR, STAR, find_shells
from obrii.orbits.shells import SLOT_REACH, Shell, constellation

EPOCH = np.datetime64("2026-05-30T12:00:00", "ns")


def laid(planes: int, slots: int, inclination_deg: float = 53.0, altitude_m: float = 550e3, **more: object) -> Elements:
    shell = Shell("s", planes, slots, inclination_deg, altitude_m, **more)  # type: ignore[arg-type]
    return constellation(shell, "acme", EPOCH).elements


def shaken(elements: Elements, rng: np.random.Generator, node_deg: float, along_deg: float) -> Elements:
    """Satellites that stray, by so much in the mean."""
    return replace(
        elements,
        node=elements.node + np.radians(rng.normal(0, node_deg, len(elements))),
        mean_anomaly=elements.mean_anomaly + np.radians(rng.normal(0, along_deg, len(elements))),
    )


def anywhere(elements: Elements, count: int, rng: np.random.Generator) -> Elements:
    """Satellites of the same height and inclination in places that follow no rule."""
    some = elements.take(rng.integers(0, len(elements), count))
    node, anomaly = rng.uniform(0, TWO_PI, (2, count))
    return replace(some, node=node, mean_anomaly=anomaly)


@settings(max_examples=25)
@given(
    planes=st.integers(6, 30),
    slots=st.integers(4, 30),
    fill=st.floats(0.3, 1.0),
    strays=st.floats(0.0, 0.1),
    data=st.data(),
)
def test_a_shell_is_found_however_full_shaken_and_among_strays(
    planes: int, slots: int, fill: float, strays: float, data: st.DataObject
) -> None:
    # Fewer satellites say too little: planes may be empty by chance, which makes another lattice.
    slots = max(slots, round(4 / fill), 1 + 60 // planes)
    factor = data.draw(st.integers(0, planes - 1))
    rng = np.random.default_rng(data.draw(st.integers(0, 10_000)))
    whole = laid(
        planes,
        slots,
        phase_factor=factor,
        first_node_deg=rng.uniform(0, 360 / planes),
        first_anomaly_deg=rng.uniform(0, 360 / slots),
    )
    kept = np.flatnonzero(rng.random(len(whole)) < fill)
    if len(kept) < 60:
        kept = np.arange(len(whole))
    # As real shells: nodes within 0.2 degrees and slots within a fiftieth.
    flown = shaken(whole.take(kept), rng, min(0.2, 0.03 * 360 / planes), 0.02 * 360 / slots)
    (found,) = find_shells(join_elements([flown, anywhere(flown, int(strays * len(flown)), rng)]), EPOCH)
    assert (found.pattern, found.planes, found.slots, found.phase_factor) == (DELTA, planes, slots, factor)
    assert (found.slots_of_plane == slots).all()
    # Each satellite has its plane; the numbers may begin elsewhere, all by the same.
    here = np.searchsorted(found.satellites, np.arange(len(kept)))
    turned = (found.plane[here] - kept // slots) % planes
    assert len(set(turned[found.plane[here] >= 0].tolist())) == 1
    held = [(plane, slot) for plane, slot in zip(found.plane.tolist(), found.slot.tolist(), strict=True) if slot >= 0]
    assert len(set(held)) == len(held)
    # A twentieth may lie beyond the fifth of a degree allowed for, or give their slot to a stray that is nearer.
    assert (found.slot[here] >= 0).mean() > 0.9


def test_nodes_slots_and_positions_lie_where_the_satellites_are() -> None:
    elements = laid(12, 8, phase_factor=5, first_node_deg=7.0, first_anomaly_deg=11.0)
    (found,) = find_shells(elements, EPOCH)
    assert np.degrees(found.node_rad) == pytest.approx(7.0 + 30.0 * np.arange(12))
    assert np.degrees(found.anomaly_rad) == pytest.approx(11.0 + 5 * 360 / 96 * np.arange(12))
    along = found.anomaly_rad[found.plane] + found.position * TWO_PI / 8
    # The mean anomaly of a circle is its argument of latitude here; it comes through SGP4, to a millionth of a degree.
    assert np.exp(1j * along) == pytest.approx(np.exp(1j * elements.mean_anomaly), abs=1e-7)
    np.testing.assert_array_equal(found.satellites, np.arange(96))
    np.testing.assert_array_equal(found.slot, np.arange(96) % 8)


def test_two_satellites_of_one_slot_leave_it_to_the_nearer() -> None:
    filled = tuple((*map(float, range(8)), 3.04) if plane == 2 else tuple(map(float, range(8))) for plane in range(12))
    (found,) = find_shells(laid(12, 8, phase_factor=5, first_node_deg=7.0, filled=filled), EPOCH)
    assert found.slot[16:25].tolist() == [0, 1, 2, 3, -1, 4, 5, 6, 7]
    # The ninth pulls the lattice by a hundredth of what it strays.
    assert found.position[20] == pytest.approx(3.04, abs=1e-3)
    assert abs(found.position[20] - 3) < SLOT_REACH


def test_every_other_plane_empty_is_half_as_many_planes() -> None:
    filled = tuple(tuple(map(float, range(10))) if plane % 2 else () for plane in range(24))
    (found,) = find_shells(laid(24, 10, phase_factor=7, filled=filled), EPOCH)
    # Over half the planes the same lead a plane is twice that of a neighbour: F stays.
    assert (found.planes, found.slots, found.phase_factor) == (12, 10, 7)


def test_shells_of_one_inclination_are_told_apart_by_height_and_of_one_height_by_inclination() -> None:
    three = [laid(8, 10), laid(10, 9, altitude_m=555e3, phase_factor=3), laid(12, 7, 53.3, phase_factor=2)]
    found = find_shells(join_elements(three), EPOCH)
    assert [(s.name, s.planes, s.slots) for s in found] == [
        ("53.0deg-550km", 8, 10),
        ("53.0deg-555km", 10, 9),
        ("53.3deg-550km", 12, 7),
    ]


def test_planes_over_half_the_circle_are_a_star() -> None:
    # As Iridium: neighbours half a slot apart.
    (found,) = find_shells(laid(6, 11, 86.4, 780e3, pattern="star", phase_factor=3, first_node_deg=4.0), EPOCH)
    assert (found.pattern, found.planes, found.slots, found.phase_factor) == (STAR, 6, 11, 3)
    assert np.degrees(found.node_rad) == pytest.approx(4.0 + 30.0 * np.arange(6))


def test_planes_each_at_its_own_height_are_one_star() -> None:
    # As OneWeb, whose planes differ in slots too, and of which one is not there yet.
    planes = [
        laid(1, 48 if k % 3 else 45, 87.9, 1175e3 + 4e3 * k, first_node_deg=3.0 + 15.2 * k, first_anomaly_deg=0.7 * k)
        for k in range(12)
        if k != 5
    ]
    (found,) = find_shells(join_elements(planes), EPOCH)
    assert (found.pattern, found.planes, found.phase_factor, len(found)) == (STAR, 12, -1, sum(map(len, planes)))
    assert np.degrees(np.diff(found.node_rad)) == pytest.approx(15.2)
    assert found.slots_of_plane.tolist() == [48 if k % 3 else 45 for k in range(12)]


def test_few_planes_are_irregular_and_keep_their_slots() -> None:
    two = [laid(1, 14, 70.0, 570e3, first_node_deg=node, first_anomaly_deg=node / 20) for node in (241.9, 261.9)]
    (found,) = find_shells(join_elements(two), EPOCH)
    assert (found.pattern, found.planes, found.slots, found.phase_factor) == (IRREGULAR, 2, 14, -1)
    assert np.degrees(found.node_rad) == pytest.approx([241.9, 261.9])
    np.testing.assert_array_equal(found.slot, np.tile(np.arange(14), 2))


def test_planes_without_a_lattice_beside_a_shell_are_on_their_way(rng: np.random.Generator) -> None:
    groups = [laid(1, 20, 43.0, 446e3, first_node_deg=node, first_anomaly_deg=node) for node in rng.uniform(0, 360, 9)]
    alone = find_shells(join_elements(groups), EPOCH)
    assert [(s.pattern, s.planes, s.slots) for s in alone] == [(IRREGULAR, 9, 20)]
    beside = find_shells(join_elements([*groups, laid(28, 20, 43.0, 560e3, phase_factor=7)]), EPOCH)
    assert [s.name for s in beside] == ["43.0deg-560km"]


def test_trains_and_satellites_anywhere_are_no_shell(rng: np.random.Generator) -> None:
    train = tuple(tuple(0.25 * k + 3 * plane for k in range(20)) for plane in range(4))
    assert find_shells(laid(4, 30, altitude_m=350e3, filled=train), EPOCH) == ()
    assert find_shells(anywhere(laid(4, 30), 300, rng), EPOCH) == ()


def test_random_planes_and_places_show_little_evidence() -> None:
    # Of 600 such draws, of other seeds, the highest were 5.8 and 2.0 nats; a shell is believed from 10.
    rng = np.random.default_rng(7)
    for _ in range(20):
        planes, satellites = int(rng.integers(2, 60)), int(rng.integers(2, 40))
        plane = np.repeat(np.arange(planes), satellites)
        node = rng.uniform(0, TWO_PI, planes)[plane] + np.radians(rng.normal(0, 0.15, len(plane)))
        assert periods.plane_lattice(node % TWO_PI).evidence < 7.0
        assert periods.slot_count(plane, rng.uniform(0, TWO_PI, len(plane))).evidence < 7.0


@given(st.lists(st.floats(0.0, TWO_PI, exclude_max=True), min_size=1, max_size=40))
def test_clusters_are_what_gaps_between_neighbours_leave(node: list[float]) -> None:
    found = periods.clusters(np.array(node))
    # Read again, one by one round the circle.
    order = np.argsort(node, kind="stable").tolist()
    reach = np.radians(0.75)
    together = {(i, i) for i in order}
    for one, other in zip(order, order[1:] + order[:1], strict=True):
        if (node[other] - node[one]) % TWO_PI <= reach or (other == order[0] and len(node) == 1):
            together |= {(one, other), (other, one)}
    for one, other in together:
        assert found[one] == found[other] or one == other
    starts = sum((node[o] - node[i]) % TWO_PI > reach for i, o in zip(order, order[1:] + order[:1], strict=True))
    assert found.max() + 1 == max(1, starts) if len(node) > 1 else found.tolist() == [0]


def orbit(mean_motion: float, eccentricity: float, inclination_deg: float, node_deg: float, drag: float) -> Elements:
    one = laid(1, 1)
    return replace(
        one,
        mean_motion=np.array([mean_motion * TWO_PI / MINUTES_PER_DAY]),
        eccentricity=np.array([eccentricity]),
        inclination=np.radians([inclination_deg]),
        node=np.radians([node_deg]),
        bstar=np.array([drag]),
    )


ORBITS = st.builds(
    orbit,
    st.sampled_from([0.9, 1.0027, 2.0056, 13.0, 15.05, 15.9, 16.9]),
    st.sampled_from([0.0, 1e-4, 0.02, 0.7]),
    st.sampled_from([0.0, 0.05, 53.0, 63.4, 89.9, 97.6, 180.0]),
    st.floats(0.0, 360.0),
    st.sampled_from([0.0, -1e-2, 1e-3, 0.5]),
)


@given(st.lists(ORBITS, min_size=1, max_size=30))
def test_no_catalogue_makes_the_search_fail(orbits: list[Elements]) -> None:
    find_shells(join_elements(orbits), EPOCH)


@pytest.mark.parametrize("count", [0, 1, 25])
def test_none_one_and_many_alike_are_no_shell(count: int) -> None:
    assert find_shells(laid(1, 1).take(np.zeros(count, int)), EPOCH) == ()
