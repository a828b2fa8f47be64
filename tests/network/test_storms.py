"""What storms take: by altitude, seeded, and nested in their strength."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.errors import ScenarioError
from obrii.network.storms import FEBRUARY_2022, chance_to_fall, fallen

altitudes = st.lists(st.floats(100, 1500), min_size=1, max_size=30).map(np.array)


def test_a_storm_takes_of_a_launch_to_210_km_what_that_of_february_2022_took() -> None:
    # Kataoka et al. (2022): 38 of 49. Over 400 draws the mean has a standard deviation of sqrt(49 p q / 400) = 0.15.
    taken = [fallen(seed, "storm", np.full(49, 210.0)).sum() for seed in range(400)]
    assert abs(np.mean(taken) - 38.0) < 5 * 0.15
    assert not fallen(1, "storm", np.full(5000, 550.0)).any()


@given(altitudes)
def test_who_flies_higher_is_as_safe_or_safer(altitude_km: np.ndarray) -> None:
    chance = chance_to_fall(np.sort(altitude_km))
    assert (np.diff(chance) <= 0.0).all()
    assert ((chance >= 0.0) & (chance <= 1.0)).all()


@given(st.integers(0, 999), altitudes, st.floats(0, 1))
def test_a_weaker_storm_takes_some_of_the_same(seed: int, altitude_km: np.ndarray, strength: float) -> None:
    weaker = tuple((height, share * strength) for height, share in FEBRUARY_2022)
    low, high = (fallen(seed, "storm", altitude_km, shares) for shares in (weaker, FEBRUARY_2022))
    assert not (low & ~high).any()


def test_what_has_no_altitude_has_fallen() -> None:
    assert fallen(1, "storm", np.array([np.nan]), ((0.0, 0.0),)).tolist() == [True]


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((), "shares is empty"),
        (((340.0, 0.1), (210.0, 0.8)), "out of order; write the lowest first"),
        (((210.0, 0.8), (210.0, 0.1)), "out of order"),
        (((210.0, 80),), "share lost is 80, which is outside 0 to 1; was 0.8 meant?"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(shares, said: str) -> None:
    with pytest.raises(ScenarioError, match="^storm: .*" + re.escape(said)):
        chance_to_fall(np.array([210.0]), shares)
