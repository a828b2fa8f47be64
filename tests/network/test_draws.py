"""Draws without replacement: distinct, seeded, nested, and independent of the order of evaluation."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from obrii.errors import ScenarioError
from obrii.network import draws
from tests.reference import draws_plain

masks = st.lists(st.booleans(), max_size=40).map(lambda values: np.array(values, bool))
seeds = st.integers(0, 2**63)
names = st.text(max_size=12)
shares = st.floats(0.0, 1.0)


@given(seeds, names, masks)
def test_ranks_are_the_order_of_the_tickets(seed: int, name: str, candidates: np.ndarray) -> None:
    rank = draws.ranks(seed, name, candidates)
    plain = draws_plain.order(seed, name, candidates.tolist())
    assert_array_equal(rank[plain], np.arange(len(plain)))
    assert (rank[~candidates] == -1).all()


@given(seeds, names, masks, st.data())
def test_as_many_as_asked_are_drawn_and_all_are_candidates(seed, name, candidates, data) -> None:
    count = data.draw(st.integers(0, int(candidates.sum())))
    mask = draws.drawn(seed, name, candidates, count=count)
    assert mask.sum() == count
    assert not (mask & ~candidates).any()


@given(seeds, names, masks, shares, shares)
def test_a_larger_share_holds_the_smaller_one(seed, name, candidates, one: float, other: float) -> None:
    low, high = (draws.drawn(seed, name, candidates, share=share) for share in sorted((one, other)))
    assert not (low & ~high).any()
    assert_array_equal(low, draws.first(draws.ranks(seed, name, candidates), min(one, other)))


@given(seeds, names, masks, masks)
def test_who_joins_at_the_end_of_the_axis_changes_no_order(seed, name, candidates, more) -> None:
    before = draws.ranks(seed, name, candidates)
    after = draws.ranks(seed, name, np.append(candidates, more))[: len(candidates)]
    assert_array_equal(np.argsort(before[candidates]), np.argsort(after[candidates]))


@given(seeds, names, masks, st.data())
def test_who_leaves_the_candidates_changes_no_order_of_the_others(seed, name, candidates, data) -> None:
    stay = candidates & np.array(
        data.draw(st.lists(st.booleans(), min_size=len(candidates), max_size=len(candidates))), bool
    )
    before, after = draws.ranks(seed, name, candidates), draws.ranks(seed, name, stay)
    assert_array_equal(np.argsort(before[stay]), np.argsort(after[stay]))


def test_other_draws_change_nothing() -> None:
    everyone = np.ones(100, bool)
    alone = draws.drawn(3, "b", everyone, count=30)
    draws.drawn(3, "a", everyone, count=70)
    assert_array_equal(draws.drawn(3, "b", everyone, count=30), alone)


def test_names_and_seeds_tell_draws_apart() -> None:
    everyone = np.ones(200, bool)
    found = {draws.drawn(seed, name, everyone, share=0.5).tobytes() for seed in range(5) for name in ("a", "b", "ab")}
    assert len(found) == 15


def test_792_asked_are_792_distinct() -> None:
    # A published simulator drew with replacement: 792 asked, 623 distinct.
    assert draws.drawn(1, "half of a shell", np.ones(1584, bool), count=792).sum() == 792


def test_everyone_is_drawn_as_often_as_everyone_else() -> None:
    # 4,000 draws of 10 of 40: each is drawn 1,000 times in expectation, with a standard deviation of
    # sqrt(4000 x 1/4 x 3/4) = 27.4; five of them leave a false alarm in a million.
    everyone = np.ones(40, bool)
    times = sum(draws.drawn(seed, "fair", everyone, count=10).astype(int) for seed in range(4000))
    assert np.abs(times - 1000).max() < 5 * 27.4


def test_the_members_of_a_known_draw_stay_the_same() -> None:
    # The raw stream of PCG64 is the same in every version of NumPy: results of old runs can be made again.
    assert np.flatnonzero(draws.drawn(1, "storm", np.ones(20, bool), count=5)).tolist() == [6, 9, 13, 14, 19]


@given(seeds, names, st.integers(0, 50))
def test_chances_are_parts_of_one(seed: int, name: str, length: int) -> None:
    chance = draws.chances(seed, name, length)
    assert chance.shape == (length,)
    assert ((chance >= 0.0) & (chance < 1.0)).all()


def test_chances_are_evenly_spread() -> None:
    # The mean of 10,000 has a standard deviation of 1/sqrt(12 x 10,000) = 0.0029.
    assert abs(draws.chances(1, "even", 10_000).mean() - 0.5) < 5 * 0.0029


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"share": 5}, "share is 5, which is outside 0 to 1; was 0.05 meant?"),
        ({"share": 250.0}, "share is 250, which is outside 0 to 1; give a part of one"),
        ({"share": float("nan")}, "share is nan"),
        ({"count": 31}, "asks for 31 of 30; give at most 30"),
        ({"count": -1}, "asks for -1 of 30; give 0 or more"),
        ({}, "by neither of count and share; give one"),
        ({"count": 1, "share": 0.1}, "by both of count and share; give one"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_remedy(asked: dict, said: str) -> None:
    candidates = np.arange(40) < 30
    with pytest.raises(ScenarioError, match=re.escape(said)):
        draws.drawn(1, "x", candidates, **asked)


def test_a_seed_below_zero_is_refused() -> None:
    with pytest.raises(ScenarioError, match="seed: -1 is below 0"):
        draws.keys(-1, "x", 3)
