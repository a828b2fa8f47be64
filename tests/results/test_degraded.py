"""What both variants serve counts as degraded where its rate falls below the one of use, terminal by terminal."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from obrii.results import differences
from obrii.results.compare import compare
from obrii.results.sides import Side
from obrii.results.store import Memory
from tests.results.made_up import KEEP, made_up

USABLE_BPS = 10e6


@settings(max_examples=5)
@given(seed=st.integers(0, 10_000))
def test_degraded_are_those_that_fall_below_the_rate_of_use(seed: int) -> None:
    made = made_up(seed, variants=2, planned=1)
    memory = Memory(made.frame, keep=KEEP, attributes={})
    for block in made.blocks(4):
        memory.write(*block)
    data = memory.dataset()
    served = data["served"].values == 1
    # Exactly the rate of use is enough, as an array of 32 bits holds it.
    rate = np.random.default_rng(seed).choice(np.array([1e6, USABLE_BPS, 5e7], np.float32), served.shape)
    data = data.assign(busy_rate=(data["served"].dims, np.where(served, rate, np.float32(np.nan))))
    found = compare(Side(data), Side(data, "variant 1"), None, USABLE_BPS)
    expected = np.zeros(served.shape[2:])
    for t, seconds in enumerate(made.frame.duration_s):
        for g, c in np.ndindex(*expected.shape):
            both = served[0, t, g, c] and served[1, t, g, c]
            if both and rate[1, t, g, c] < 9e6 and not rate[0, t, g, c] < 9e6:
                expected[g, c] += seconds
    assert found.degraded_s is not None
    assert_allclose(found.degraded_s, expected)
    groups = differences.by_group(found)["terminals_degraded_mean"]
    terminals = np.nan_to_num(made.frame.terminals)
    assert_allclose(groups, (terminals * expected).sum(axis=1) / made.frame.duration_s.sum(), atol=0.006)


def test_without_rates_or_a_rate_of_use_nobody_says_who_is_degraded() -> None:
    made = made_up(3, variants=2)
    memory = Memory(made.frame, keep=KEEP, attributes={})
    for block in made.blocks(4):
        memory.write(*block)
    data = memory.dataset()
    found = compare(Side(data), Side(data, "variant 1"), None, USABLE_BPS)
    assert found.degraded_s is None
    assert np.isnan(differences.by_group(found)["terminals_degraded_mean"]).all()
