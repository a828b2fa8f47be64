"""What satellites of a catalogue do, by rules that are stated where they stand: at work, up, down, direct-to-cell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.orbits.duty import DIRECT_TO_CELL, LOWERING, OPERATIONAL, RAISING, duties, operational
from obrii.orbits.elements import Elements, join_elements
from obrii.orbits.shells import Shell, constellation
from tests.orbits.test_lattices import EPOCH, ORBITS, laid


def numbered(elements: Elements, first: int) -> Elements:
    return replace(elements, catalogue_id=first + np.arange(len(elements)))


def dragged(elements: Elements, bstar: float) -> Elements:
    return replace(elements, bstar=np.full(len(elements), bstar))


SHELL = numbered(laid(12, 8, phase_factor=5), 50_000)


def states(*others: Elements) -> list[str]:
    return duties(join_elements([SHELL, *others]), EPOCH).state[len(SHELL) :].tolist()


def test_satellites_of_a_shell_are_at_work_in_their_places() -> None:
    found = duties(SHELL, EPOCH)
    assert set(found.state.tolist()) == {OPERATIONAL}
    assert set(found.shell.tolist()) == {0}
    assert len(set(zip(found.plane.tolist(), found.slot.tolist(), strict=True))) == len(SHELL) == len(found.shells[0])


def test_new_ones_below_rise_and_old_ones_sink() -> None:
    low = laid(1, 3, altitude_m=350e3)
    assert states(numbered(low, 51_000), numbered(low, 49_000)) == [RAISING] * 3 + [LOWERING] * 3
    # Without a number there is no age: from below one rises.
    assert states(low) == [RAISING] * 3


def test_what_climbs_fast_rises_and_what_falls_fast_sinks_whatever_its_age() -> None:
    # 0.2 a day at this height: 8 km up, and as much down.
    low = laid(1, 1, altitude_m=400e3)
    assert states(numbered(dragged(low, -5e-2), 49_000), numbered(dragged(low, 5e-2), 51_000)) == [RAISING, LOWERING]


def test_above_every_shell_one_sinks() -> None:
    assert states(numbered(laid(1, 1, altitude_m=560e3), 51_000)) == [LOWERING]


def test_one_that_passes_through_a_shell_is_not_at_work() -> None:
    place = SHELL.take(np.array([0]))
    kept = SHELL.take(np.arange(1, len(SHELL)))
    found = duties(join_elements([kept, dragged(place, -0.3)]), EPOCH)
    assert found.state[-1] == RAISING
    assert (found.shell[-1], found.plane[-1], found.slot[-1]) == (-1, -1, -1)
    assert set(found.state[:-1].tolist()) == {OPERATIONAL}


def test_a_lattice_far_below_another_is_direct_to_cell_and_alone_is_not() -> None:
    low = laid(10, 12, altitude_m=358e3, phase_factor=3)
    assert states(low) == [DIRECT_TO_CELL] * 120
    assert operational(low, EPOCH).all()


def test_a_satellite_that_no_shell_resembles_is_taken_as_at_work() -> None:
    assert states(laid(1, 1, 97.6, 560e3), dragged(laid(1, 1, 97.6, 400e3), 5e-2)) == [OPERATIONAL, LOWERING]


def test_one_without_an_orbit_sinks() -> None:
    assert states(dragged(laid(1, 1, 97.6, 120e3), 50.0)) == [LOWERING]


@given(st.lists(ORBITS, min_size=1, max_size=20), st.booleans())
def test_no_catalogue_makes_the_rules_fail(orbits: list[Elements], beside: bool) -> None:
    everyone = join_elements([*orbits, *([SHELL] if beside else [])])
    found = duties(everyone, EPOCH)
    assert set(found.state.tolist()) <= {OPERATIONAL, RAISING, LOWERING, DIRECT_TO_CELL}
    assert ((found.shell >= 0) | ((found.plane == -1) & (found.slot == -1))).all()


def test_an_empty_catalogue_has_no_duties() -> None:
    assert len(operational(SHELL.take(np.zeros(0, int)), EPOCH)) == 0


@pytest.mark.parametrize("planes", [1, 3])
def test_trains_alone_are_taken_as_at_work(planes: int) -> None:
    train = Shell("t", planes, 90, 53.0, 350e3, filled=(tuple(map(float, range(20))),) * planes)
    assert operational(constellation(train, "acme", EPOCH).elements, EPOCH).all()
