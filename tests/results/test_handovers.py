"""Handovers and times with a satellite are those of the plain twin, however a run is cut into blocks."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.results.handovers import Following, HandoverTally
from tests.reference import handovers_plain
from tests.results.made_up import made_up

seeds = st.integers(0, 10_000)
sizes = st.integers(1, 12)

START = np.datetime64("2026-01-01T00:00:00", "ns")


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Starts, windows and lengths of steps, and a few satellites that come and go, (time, group, cell)."""
    rng = np.random.default_rng(seed)
    steps = int(rng.integers(1, 14))
    window = np.sort(rng.integers(0, 3, steps)).astype(np.int32)
    step_s = float(rng.choice([15.0, 0.1, 1.0 / 3.0]))
    utc = START + np.rint((np.arange(steps) * step_s + 5_000 * window) * 1e9).astype("timedelta64[ns]")
    satellite = rng.integers(-1, 2, (steps, 2, 3)).astype(np.int32)
    # Often the same for some time.
    for step in range(1, steps):
        satellite[step] = np.where(rng.random((2, 3)) < 0.6, satellite[step - 1], satellite[step])
    return utc, window, np.full(steps, step_s), satellite


def followed(utc, window, duration_s, satellite, size: int) -> dict[str, np.ndarray]:
    """The arrays of a run that comes in blocks of a size."""
    following = Following(utc, window, duration_s)
    blocks = [slice(k, min(k + size, len(utc))) for k in range(0, len(utc), size)]
    found = [following.add(block, 0, satellite[block]) for block in blocks]
    return {name: np.concatenate([each[name] for each in found]) for name in found[0]}


@given(seeds, sizes)
def test_arrays_are_those_of_the_plain_twin(seed: int, size: int) -> None:
    utc, window, duration_s, satellite = drawn(seed)
    found = followed(utc, window, duration_s, satellite, size)
    plain = handovers_plain.arrays(window, duration_s, satellite)
    np.testing.assert_array_equal(found["handover"], plain["handover"])
    # float32 of sums up to some minutes; times are rounded to the nanosecond.
    np.testing.assert_allclose(found["serving_s"], plain["serving_s"], rtol=3e-7, atol=1e-8)


@given(seeds, sizes)
def test_the_size_of_blocks_changes_no_byte(seed: int, size: int) -> None:
    utc, window, duration_s, satellite = drawn(seed)
    found = followed(utc, window, duration_s, satellite, size)
    whole = followed(utc, window, duration_s, satellite, len(utc))
    assert {name: array.tobytes() for name, array in found.items()} == {n: a.tobytes() for n, a in whole.items()}


def test_variants_are_followed_apart() -> None:
    utc, window, duration_s, satellite = drawn(3)
    following = Following(utc, window, duration_s)
    for step in range(len(utc)):
        one = following.add(slice(step, step + 1), 0, satellite[step : step + 1])
        other = following.add(slice(step, step + 1), 1, satellite[step : step + 1] + 1)
    plain = handovers_plain.arrays(window, duration_s, satellite + 1)
    np.testing.assert_array_equal(other["handover"][0], plain["handover"][-1])
    np.testing.assert_array_equal(
        one["handover"][0], handovers_plain.arrays(window, duration_s, satellite)["handover"][-1]
    )


@given(seeds, sizes, st.booleans())
def test_what_a_run_tells_is_what_terminals_add_up_to(seed: int, size: int, with_terminals: bool) -> None:
    run = made_up(seed, with_terminals=with_terminals)
    tally = run.tally(size)
    metrics, weight = tally.metrics(), tally.weights.main
    for v, arrays in enumerate(run.runs):
        changes = hours = serving = served = 0.0
        for step in np.flatnonzero(tally.measured[v]):
            for place in np.ndindex(weight.shape):
                here, seconds = weight[place], run.frame.duration_s[step]
                changes += here * (arrays["handover"][step][place] == 1)
                hours += here * seconds / 3600 * (arrays["handover"][step][place] >= 0)
                if arrays["served"][step][place]:
                    serving += here * seconds * arrays["serving_s"][step][place]
                    served += here * seconds
        per_hour, mean_s = (a / b if b else math.nan for a, b in ((changes, hours), (serving, served)))
        assert metrics.handovers_per_hour[v] == pytest.approx(per_hour, rel=1e-9, nan_ok=True)
        assert metrics.serving_s[v] == pytest.approx(mean_s, rel=1e-9, nan_ok=True)


def test_where_nobody_is_served_there_are_neither_handovers_nor_times() -> None:
    tally = HandoverTally(1, np.ones((1, 1)))
    tally.add(0, np.array([15.0]), np.full((1, 1, 1), -1, np.int8), np.full((1, 1, 1), np.nan, np.float32))
    assert np.isnan(tally.per_hour()).all() and np.isnan(tally.serving_s()).all()
