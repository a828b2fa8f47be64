"""Links that are degraded: against the same in plain Python, and how strength and several events go together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.network.degraded import Degraded, below, laser_share, link_share, raised
from tests.reference import degraded_plain

PLACES, SATELLITES = 5, 6
shares, strengths = st.floats(0.01, 1.0), st.floats(0.0, 1.0)


@st.composite
def events(draw: st.DrawFn) -> degraded_plain.Event:
    places = draw(st.sets(st.integers(0, PLACES - 1)))
    satellites = draw(st.sets(st.integers(0, SATELLITES - 1)))
    # Half a degree off the sight lines, which are at whole ones, where it acts in full.
    mask_deg = draw(st.integers(1, 88)) + 0.5
    return degraded_plain.Event(places, satellites, draw(shares), mask_deg, draw(strengths))


def member(of: set[int], count: int) -> np.ndarray:
    return np.isin(np.arange(count), sorted(of))


def made(event: degraded_plain.Event) -> Degraded:
    satellite = member(event.satellites, SATELLITES)
    place = member(event.places, PLACES)
    made = Degraded(place, place, satellite, satellite, event.share, event.mask_deg)
    return made.at(event.strength)


sights = st.lists(
    st.tuples(st.integers(0, PLACES - 1), st.integers(0, SATELLITES - 1), st.integers(26, 90)), max_size=30
)


@given(st.lists(events(), max_size=4), sights)
def test_masks_and_shares_are_those_of_the_plain_twin(
    found: list[degraded_plain.Event], lines: list[tuple[int, int, int]]
) -> None:
    worse = [made(event) for event in found]
    lines = sorted(lines)
    place, satellite, elevation_deg = np.array(lines, int).reshape(-1, 3).T
    sine = np.sin(np.radians(elevation_deg)).astype(np.float32)
    own = np.full(PLACES, np.sin(np.radians(25.0)))
    ptr = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=PLACES))])[None]
    masks = raised(worse, "cell", own, slice(0, SATELLITES))
    left = ~below(masks, ptr, satellite.astype(np.int32), sine) if masks else np.ones(len(lines), bool)
    expected = degraded_plain.seen(found, 25.0, lines)
    # Where a mask on its way up comes within rounding of a sight line, either answer is right.
    near = [abs(degraded_plain.mask_deg(found, 25.0, p, s) - e) < 1e-3 for p, s, e in lines]
    assert [a for a, close in zip(left.tolist(), near, strict=True) if not close] == [
        b for b, close in zip(expected, near, strict=True) if not close
    ]
    carried = link_share(worse, "site", place, satellite)
    assert carried == pytest.approx([degraded_plain.share(found, p, s) for p, s, _ in lines], abs=1e-12)
    every = set(range(PLACES))
    of_lasers = [degraded_plain.share([e._replace(places=every) for e in found], 0, s) for s in range(SATELLITES)]
    assert laser_share(worse, slice(0, SATELLITES)) == pytest.approx(of_lasers, abs=1e-12)


@given(events(), sights)
def test_at_no_strength_nothing_is_touched(event: degraded_plain.Event, lines: list[tuple[int, int, int]]) -> None:
    gone = [made(event._replace(strength=0.0))]
    place, satellite, _ = np.array(lines, int).reshape(-1, 3).T
    assert raised(gone, "cell", np.full(PLACES, np.sin(np.radians(25.0))), slice(0, SATELLITES)) == ()
    assert (link_share(gone, "cell", place, satellite) == 1.0).all()
    assert (laser_share(gone, slice(0, SATELLITES)) == 1.0).all()


@given(events(), strengths, strengths)
def test_a_stronger_one_leaves_less(event: degraded_plain.Event, one: float, other: float) -> None:
    weak, strong = (made(event._replace(strength=each)) for each in sorted((one, other)))
    own = np.sin(np.radians(np.array([-90.0, -5.0, 0.0, 25.0, 60.0])))
    own[0] = -np.inf
    assert (weak.mask_sine(own) <= strong.mask_sine(own)).all() and (weak.mask_sine(own) >= own).all()
    assert weak.share >= strong.share


def test_satellites_that_move_are_touched_where_they_fly() -> None:
    some = np.array([True, True, False])
    moving = Degraded(some, some, some, some, 0.5, 40.0, over=lambda xyz_m: xyz_m[0] > 0, laser_over=None)
    assert moving.moves and not moving.at(1.0, None).moves
    now = moving.at(1.0, np.array([[-1.0, 1.0, 1.0]] * 3))
    assert now.satellite.tolist() == [False, True, False] and now.laser.tolist() == some.tolist()
    assert not moving.at(1.0, None).satellite.any()
