"""A run is added up as its plain twin adds it, whatever the blocks, and its sums fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.errors import ModelError
from obrii.results.frame import Frame
from obrii.results.metrics import CODES, Tally
from obrii.results.quantiles import COARSE, FINE_S, coarse_of_fine
from obrii.schema import VARIABLES
from tests.reference import handovers_plain, metrics_plain
from tests.results.made_up import KEEP, START, Made, made_up, stations

seeds = st.integers(0, 10_000)
sizes = st.integers(1, 12)

#: Weights are rounded to 2^-44 of their sum, times to f8.
CLOSE: dict[str, Any] = {"rtol": 1e-9, "atol": 1e-6}


def dense(found: dict[Any, float], shape: tuple[int, ...]) -> np.ndarray:
    out = np.zeros(shape)
    for place, value in found.items():
        out[place] = value
    return out


@given(seed=seeds, size=sizes, groups=st.integers(1, 3), with_terminals=st.booleans())
def test_a_run_is_added_up_as_the_plain_twin_adds_it(seed: int, size: int, groups: int, with_terminals: bool) -> None:
    run = made_up(seed, groups=groups, with_terminals=with_terminals)
    metrics = run.tally(size).metrics()
    plain = metrics_plain.add_up(run.frame, run.acting, run.runs, run.towns)
    never = metrics_plain.never_served(run.runs[0])
    shape = metrics.never.shape
    assert {tuple(place) for place in np.argwhere(metrics.never).tolist()} == never
    for v, twin in enumerate(plain):
        assert metrics.measured_s[v] == twin.measured_s
        np.testing.assert_allclose(metrics.people_without[v], twin.people_without, **CLOSE)
        np.testing.assert_allclose(metrics.terminals_without[v], twin.terminals_without, **CLOSE)
        np.testing.assert_allclose(metrics.served[v], twin.served, **CLOSE)
        np.testing.assert_array_equal(metrics.without_s[v], dense(twin.without_s, (*shape, CODES)))
        np.testing.assert_array_equal(metrics.lost_s[v], dense(twin.lost_s, (*shape, CODES)))
        np.testing.assert_array_equal(metrics.intact_s[v], dense(twin.intact_s, shape))
        np.testing.assert_array_equal(metrics.reachable_s[v], dense(twin.reachable_s, shape))
        np.testing.assert_array_equal(metrics.gap_s[v], list(twin.gap_s.values()))
        np.testing.assert_allclose(metrics.gateways_used[v] * twin.measured_s, twin.gateways_used, **CLOSE)
        np.testing.assert_allclose(metrics.satellites_used[v] * twin.measured_s, twin.satellites_used, **CLOSE)
        for (name, gateway), total in twin.of_gateways.items():
            np.testing.assert_allclose(metrics.gateway_means[name][v, gateway] * twin.measured_s, total, **CLOSE)
        np.testing.assert_allclose(metrics.pop_cells[v] * twin.measured_s, list(twin.pop_cells.values()), **CLOSE)


@given(seed=seeds, size=sizes)
def test_quantiles_of_delays_lie_within_a_bin_of_those_of_sorted_delays(seed: int, size: int) -> None:
    run = made_up(seed)
    tally = run.tally(size)
    metrics = tally.metrics()
    cells = len(run.frame.cell)
    for v, twin in enumerate(metrics_plain.add_up(run.frame, run.acting, run.runs, run.towns)):
        for name, found in metrics.delay_s.items():
            for share, value in zip((0.5, 0.95), found[v], strict=True):
                np.testing.assert_allclose(value, metrics_plain.quantile(twin.delays[name], share), atol=1.01 * FINE_S)
        of_steps = [metrics_plain.quantile(pairs, 0.5) for pairs in twin.delays_of_step]
        np.testing.assert_allclose(metrics.rtt_median_s[v], of_steps, atol=1.01 * FINE_S)
        of_cells = [metrics_plain.quantile(twin.delays_of_cell[c], 0.5) for c in range(cells)]
        medians = metrics.cell_delays.medians(v, np.arange(cells), np.ones(cells), cells)
        np.testing.assert_allclose(medians, of_cells, rtol=1.01 * COARSE, atol=1.01 * FINE_S)


def without_planned(run: Made) -> Made:
    """The same run of the groups of intact alone."""
    kept = ~run.frame.planned
    runs = [
        {name: array[:, kept] if "group" in VARIABLES[name].axes else array for name, array in arrays.items()}
        for arrays in run.runs
    ]
    for whole, arrays in zip(run.runs, runs, strict=True):
        # The cells of a PoP are those of all groups.
        arrays["pop"] = whole["pop"]
    return replace(run, frame=run.frame.standing(), runs=runs)


@given(seed=seeds, size=sizes, with_terminals=st.booleans())
def test_planned_groups_count_in_no_number_but_what_is_added(seed: int, size: int, with_terminals: bool) -> None:
    run = made_up(seed, planned=2, with_terminals=with_terminals)
    found, expected = run.tally(size).metrics(), without_planned(run).tally(size).metrics()
    for name in ("never", "without_s", "lost_s", "intact_s", "reachable_s", "people_without", "terminals_without",
                 "served", "rtt_median_s", "satellites_used", "gateways_used", "gap_s", "pop_cells"):  # fmt: skip
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name), err_msg=name)
    assert not found.added.terminals[0].any()
    assert not expected.added.field_s.any()


@given(seed=seeds, size=sizes)
def test_what_is_added_is_what_the_plain_twin_adds(seed: int, size: int) -> None:
    run = made_up(seed, planned=2)
    metrics = run.tally(size).metrics()
    cells = range(len(run.frame.cell))
    for v, arrays in enumerate(run.runs):
        twin = metrics_plain.add_up_planned(run.frame, metrics.measured, arrays, v)
        np.testing.assert_allclose(metrics.added.terminals[v], twin.terminals, **CLOSE)
        np.testing.assert_allclose(metrics.added.served[v], twin.served, **CLOSE)
        np.testing.assert_allclose(metrics.added.field_s[v], [twin.field_s[c] for c in cells], **CLOSE)
        np.testing.assert_allclose(metrics.added.served_s[v], [twin.served_s[c] for c in cells], **CLOSE)
        for share, value in zip((0.5, 0.95), metrics.added.delay_s["rtt"][v], strict=True):
            np.testing.assert_allclose(value, metrics_plain.quantile(twin.delays, share), atol=1.01 * FINE_S)


def test_coarse_bins_are_in_order_and_hold_whole_fine_ones() -> None:
    steps = np.diff(coarse_of_fine())
    assert coarse_of_fine()[0] == 0
    assert set(steps.tolist()) == {0, 1}


def test_a_delay_beyond_the_last_bin_counts_in_the_last() -> None:
    run = made_up()
    for each in run.runs:
        each["rtt"] = np.where(each["served"] == 1, np.float32(7.0), np.float32(np.nan))
    median = run.tally().metrics().delay_s["rtt"][0, 0]
    assert 2.0 - FINE_S <= median <= 2.0


@given(seed=seeds)
def test_a_variant_like_intact_loses_nothing(seed: int) -> None:
    run = made_up(seed)
    same = replace(run, runs=[run.runs[0]] * 3)
    metrics = same.tally().metrics()
    assert not metrics.lost_s.any()
    np.testing.assert_array_equal(metrics.people_without[1], metrics.people_without[0])


def one_cell(served: list[list[int]], window: list[int] | None = None, acting: list[int] | None = None) -> Made:
    """A run of one group in one cell of 10 people and 4 terminals, from what each variant serves in each step."""
    steps = len(served[0])
    frame = Frame(
        variants=("intact", *(f"variant {k}" for k in range(1, len(served)))),
        utc=START + 15 * np.arange(steps).astype("timedelta64[s]"),
        window=np.array(window or [0] * steps),
        duration_s=np.full(steps, 15.0),
        groups=("all",),
        terminals=np.array([[4.0]]),
        cell=np.array([1]),
        latitude_deg=np.array([50.0]),
        longitude_deg=np.array([30.0]),
        country=np.array(["UKR"]),
        region=np.array(["UA-63"]),
        people=np.array([10.0]),
        operators=("starlink",),
        gateways=stations(1, "gateway"),
        pops=stations(1, "pop"),
    )
    runs = []
    for row in served:
        up = np.array(row, np.int8).reshape(-1, 1, 1)
        delay_s = np.where(up, np.float32(0.04), np.float32(np.nan))
        zeros = np.zeros((steps, 1), np.int32)
        followed = handovers_plain.arrays(frame.window, frame.duration_s, up - 1)
        runs.append({
            "served": up, "reason": np.where(up, 0, 4).astype(np.int8), "reachable": up, "rtt": delay_s,
            "propagation_rtt": delay_s, "pop": (up - 1).astype(np.int16), "cells_served": zeros,
            "antennas_used": zeros.astype(np.int16), "halo_cells_served": zeros, "satellites_used": zeros, **followed,
        })  # fmt: skip
    acts = np.array([acting or [1] * steps] * len(served), bool)
    return Made(frame, acts, runs, [0])


def test_what_intact_never_serves_is_no_loss_even_where_a_variant_serves_it() -> None:
    metrics = one_cell([[0, 0, 0], [0, 1, 0]]).tally(1).metrics()
    assert metrics.never.tolist() == [[True]]
    assert metrics.people_without.tolist() == [[0.0, 0.0, 0.0]] * 2
    assert metrics.served.tolist() == [[0.0, 0.0, 0.0]] * 2
    assert not metrics.lost_s.any()


def test_what_intact_serves_late_in_a_run_is_without_service_before() -> None:
    # A block at a time, nobody knows at first whether the cell is ever served.
    metrics = one_cell([[0, 0, 1], [0, 1, 0]]).tally(1).metrics()
    assert metrics.people_without.tolist() == [[10.0, 10.0, 0.0], [10.0, 0.0, 10.0]]
    assert metrics.lost_s[1].sum() == 15.0


def test_means_are_over_the_steps_in_which_an_event_acts() -> None:
    metrics = one_cell([[1, 1, 1, 1], [1, 0, 0, 1]], acting=[0, 1, 1, 0]).tally(3).metrics()
    assert metrics.measured_s.tolist() == [60.0, 30.0]
    assert metrics.acting_steps.tolist() == [4, 2]
    assert metrics.without_s[1].sum() == 30.0


def test_the_longest_gap_ends_with_its_window() -> None:
    served = [[1] * 6, [1, 0, 0, 0, 0, 1]]
    for size in (1, 2, 4, 6):
        assert one_cell(served).tally(size).metrics().gap_s.tolist() == [[0.0], [60.0]]
        assert one_cell(served, window=[0, 0, 0, 1, 1, 1]).tally(size).metrics().gap_s.tolist() == [[0.0], [30.0]]


def test_a_gap_counts_only_while_an_event_acts() -> None:
    made = one_cell([[1] * 5, [0, 0, 0, 0, 1]], acting=[0, 1, 1, 1, 1])
    assert made.tally(2).metrics().gap_s.tolist() == [[0.0], [45.0]]


def test_blocks_out_of_turn_are_refused() -> None:
    blocks = list(made_up().blocks(4))
    run = made_up()
    tally = Tally(run.frame, run.acting)
    with pytest.raises(ModelError, match="out of turn"):
        tally.add(*blocks[1])
    tally.add(*blocks[0])
    with pytest.raises(ModelError, match="out of turn"):
        tally.add(*blocks[0])


@pytest.mark.parametrize(
    ("name", "value", "what"), [("reason", 3, "served and reason"), ("rtt", np.nan, "served and rtt")]
)
def test_arrays_that_contradict_each_other_are_refused(name: str, value: float, what: str) -> None:
    run = made_up()
    steps, variant, block = next(run.blocks(11))
    broken = {**block, name: np.full_like(block[name], value)}
    with pytest.raises(ModelError, match=what):
        Tally(run.frame, run.acting).add(steps, variant, broken)


def test_a_run_without_cells_adds_up_to_nothing() -> None:
    run = made_up(groups=0, cells=0)
    assert run.tally().metrics().people_without.sum() == 0.0
    assert {name.partition("_")[0] for name in run.frame.arrays(KEEP)} == {"pair"}
