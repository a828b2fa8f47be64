"""Courses of events: how they come, hold, go, come back, and what overlapping ones take."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from obrii.errors import ScenarioError
from obrii.network import draws
from obrii.network.courses import Course, recovering, strength, taken
from obrii.network.outages import Change, Outages, compose
from tests.reference import courses_plain

DAY = np.datetime64("2025-07-24T00:00:00", "ns")


def at(seconds: float | np.ndarray) -> np.ndarray:
    return DAY + np.asarray(seconds, "timedelta64[s]")


def between(start: int, end: int, **more) -> Course:
    return Course(at(start)[()], at(end)[()], **more)


def everything_on(satellites: int) -> Outages:
    masks = [field.name for field in fields(Outages) if field.name != "limit_bps"]
    return Outages(**{name: np.ones(satellites if name == "satellite" else 1, bool) for name in masks})


@st.composite
def courses(draw) -> Course:
    """A course within the first ten minutes or so of a day."""
    start, lasts = draw(st.integers(0, 200)), draw(st.integers(1, 200))
    ramp = draw(st.integers(0, lasts))
    times = sorted(draw(st.lists(st.integers(0, 150), max_size=4)))
    shares = sorted(draw(st.lists(st.sampled_from([0.0, 0.2, 0.5, 1.0]), min_size=len(times), max_size=len(times))))
    repeat = draw(st.booleans())
    return between(
        start,
        start + lasts,
        ramp_s=float(ramp),
        recovery=tuple(zip(map(float, times), shares, strict=True)),
        every_s=float(lasts + draw(st.integers(0, 200))) if repeat else None,
        times=draw(st.integers(1, 4)) if repeat else None,
    )


@given(courses())
def test_strength_is_the_strongest_of_all_times_that_it_comes(course: Course) -> None:
    seconds = np.arange(0, 1500, 7)
    plain = [
        courses_plain.strength(
            float(second),
            start=float((course.start - DAY) / np.timedelta64(1, "s")),
            lasts=course.lasts_s,
            ramp=course.ramp_s,
            recovery=course.recovery,
            every=course.every_s,
            times=course.times or 1,
        )
        for second in seconds
    ]
    assert_allclose(strength(course, at(seconds)), plain, atol=1e-12)


@given(courses())
def test_strength_is_a_share_and_nothing_before_the_start(course: Course) -> None:
    found = strength(course, at(np.arange(-100, 2000, 11)))
    assert ((found >= 0.0) & (found <= 1.0)).all()
    assert (strength(course, course.start - np.arange(1, 50).astype("timedelta64[s]")) == 0.0).all()


@given(courses())
def test_a_course_without_an_end_of_its_turns_is_one_of_many(course: Course) -> None:
    if course.every_s is None:
        return
    seconds = at(np.arange(0, 1500, 13))
    assert_allclose(strength(replace(course, times=None), seconds), strength(replace(course, times=9999), seconds))


def test_an_event_acts_at_its_start_and_no_longer_at_its_end() -> None:
    assert strength(between(10, 20), at([9, 10, 19, 20])).tolist() == [0.0, 1.0, 1.0, 0.0]


def test_without_start_and_end_an_event_holds_throughout() -> None:
    assert strength(Course(), at(np.arange(5))).tolist() == [1.0] * 5
    assert strength(Course(end=at(3)[()], recovery=recovering(2.0)), at(np.arange(6))).tolist() == [1, 1, 1, 1, 0.5, 0]
    assert strength(Course(start=at(3)[()]), at(np.arange(5))).tolist() == [0, 0, 0, 1, 1]


def test_a_part_may_come_back_at_once_and_a_part_never() -> None:
    course = between(0, 10, recovery=((0.0, 0.5), (10.0, 0.75)))
    assert strength(course, at([9, 10, 15, 20, 9999])).tolist() == [1.0, 0.5, 0.375, 0.25, 0.25]


def test_an_event_that_comes_back_adds_to_what_the_last_one_left() -> None:
    course = between(0, 10, recovery=((0.0, 0.5),), every_s=20.0, times=2)
    assert strength(course, at([5, 15, 25, 35])).tolist() == [1.0, 0.5, 1.0, 0.5]


def test_the_outage_of_24_july_2025_leaves_16_per_cent_for_135_to_150_minutes() -> None:
    # Traffic fell from 19:13 UTC and began to return at 21:28 (Kentik), after 2.5 h in all (the operator); 16 % of
    # normal were left (NetBlocks). Terminals are counted in whole ones: 10,000 of them to a hundredth of a per cent.
    course = Course(
        np.datetime64("2025-07-24T19:13"), np.datetime64("2025-07-24T21:28"), recovery=recovering(15 * 60.0)
    )
    members = draws.drawn(1, "core", np.ones(10_000, bool), share=0.84)
    rank = draws.ranks(1, "core", members)
    minutes = np.datetime64("2025-07-24T19:00") + np.arange(180) * np.timedelta64(1, "m")
    on = np.array([10_000 - taken(rank, now).sum() for now in strength(course, minutes)])
    assert set(on[:13].tolist()) == {10_000}
    assert (on == 1600).sum() == 136  # 19:13 to 21:28, when the return begins.
    assert (on < 10_000).sum() == 150
    assert (np.diff(on[13:]) >= 0).all()


@given(st.integers(0, 99), st.floats(0, 1), st.floats(0, 1))
def test_a_ramp_takes_the_same_members_in_the_same_order(seed: int, one: float, other: float) -> None:
    rank = draws.ranks(seed, "ramp", np.arange(50) % 3 > 0)
    low, high = (taken(rank, now) for now in sorted((one, other)))
    assert not (low & ~high).any()
    assert not high[rank < 0].any()


@given(st.lists(courses(), min_size=1, max_size=4), st.permutations(range(4)))
def test_overlapping_events_leave_off_what_any_of_them_takes(together: list[Course], order: list[int]) -> None:
    base = everything_on(30)
    rank = [draws.ranks(1, f"event {k}", np.arange(30) % (k + 2) > 0) for k in range(len(together))]
    for instant in at(np.arange(0, 900, 60)):
        changes = [
            Change({"satellite": taken(mine, strength(course, instant[None])[0])})
            for mine, course in zip(rank, together, strict=True)
        ]
        off = {k for change in changes for k in np.flatnonzero(change.masks["satellite"]).tolist()}
        on = compose(base, [changes[k] for k in order if k < len(changes)]).satellite
        assert set(np.flatnonzero(~on).tolist()) == off


def test_one_event_that_ends_restores_nothing_that_another_still_holds() -> None:
    both = (between(0, 100), between(50, 150))
    base = everything_on(4)
    members = (np.array([1, 1, 1, 0], bool), np.array([0, 1, 1, 1], bool))

    def on(second: int) -> list[bool]:
        return compose(
            base,
            [
                Change({"satellite": taken(draws.ranks(1, "x", of), strength(course, at([second]))[0])})
                for course, of in zip(both, members, strict=True)
            ],
        ).satellite.tolist()

    assert on(25) == [False, False, False, True]
    assert on(75) == [False] * 4
    assert on(125) == [True, False, False, False]
    assert on(175) == [True] * 4


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"end": at(0)[()]}, "ends at 2025-07-24T00:00:00Z, before it starts"),
        ({"end": at(60)[()]}, "before it starts"),
        ({"ramp_s": 61.0}, "its ramp takes 61 s and it ends after 60 s, so that recovery comes before the loss"),
        ({"ramp_s": -1.0}, "ramp_s is -1; give 0 or more seconds"),
        ({"ramp_s": float("nan")}, "ramp_s is nan"),
        ({"start": None, "ramp_s": 1.0}, "has a ramp and no start"),
        ({"start": None, "every_s": 99.0}, "has every_s and no start"),
        ({"end": None, "recovery": ((1.0, 1.0),)}, "has a recovery and no end"),
        ({"end": None, "every_s": 99.0}, "has every_s and no end"),
        ({"recovery": ((-60.0, 1.0),)}, "recovery at -60 s comes before the loss ends"),
        ({"recovery": ((60.0, 0.5), (30.0, 1.0))}, "recovery goes from 60 s back to 30 s"),
        ({"recovery": ((60.0, 0.5), (90.0, 0.2))}, "recovery falls from 0.5 to 0.2"),
        ({"recovery": ((60.0, 50),)}, "recovery is 50, which is outside 0 to 1; was 0.5 meant?"),
        ({"every_s": 59.0}, "comes back every 59 s and lasts 60 s"),
        ({"every_s": 90.0, "times": 0}, "times is 0; give 1 or more"),
        ({"times": 2}, "times without every_s"),
    ],
)
def test_times_that_contradict_each_other_are_refused_with_the_remedy(asked: dict, said: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape("event 'x': ") + ".*" + re.escape(said)):
        Course(**({"start": at(60)[()], "end": at(120)[()], "where": "event 'x'"} | asked))
