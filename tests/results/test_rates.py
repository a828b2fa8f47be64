"""What rates add up to, against sums and sorted lists of the whole run at once."""

from __future__ import annotations

import numpy as np
import pytest

from obrii import schema
from obrii.results.frame import RANKS, Frame, Stations
from obrii.results.rate_summary import of_gateways, of_growth, of_pops, of_variant
from obrii.results.rates import RateTally

#: A bin of the histograms is a per cent wide.
BIN = 0.01

STEPS, GROUPS, CELLS = 7, 2, 5


def stations(*names: str) -> Stations:
    n = len(names)
    return Stations(names, ["test"] * n, ["POL"] * n, np.zeros(n), np.zeros(n), np.full(n, 8), np.zeros(n, bool))


@pytest.fixture
def frame(rng) -> Frame:
    return Frame(
        variants=("intact", "less"),
        utc=np.datetime64("2026-01-01", "ns") + np.arange(STEPS) * np.timedelta64(15, "s"),
        window=np.zeros(STEPS),
        duration_s=np.where(np.arange(STEPS) < 4, 15.0, 30.0),
        groups=("homes", "hospitals"),
        terminals=rng.uniform(0.0, 9.0, (GROUPS, CELLS)) * (rng.random((GROUPS, CELLS)) < 0.8),
        cell=np.arange(CELLS),
        latitude_deg=np.zeros(CELLS),
        longitude_deg=np.zeros(CELLS),
        country=["UKR"] * CELLS,
        region=[""] * CELLS,
        people=np.ones(CELLS),
        operators=("test",),
        gateways=stations("Wola", "Muallim"),
        pops=stations("Frankfurt"),
        growth=(1.0, 10.0),
        users=np.array([[True, False]]),
        usable_bps=10e6,
    )


def drawn(rng, frame: Frame) -> dict[str, np.ndarray]:
    """Arrays of a variant over the whole run."""
    shape = (STEPS, GROUPS, CELLS)
    rate = np.where((rng.random(shape) < 0.7) & (frame.terminals > 0), 10 ** rng.uniform(5, 9, shape), np.nan)
    growth = np.full((STEPS, 1, 2, len(RANKS)), np.nan)
    growth[[0, 3, 6]] = rng.uniform(1e6, 1e8, (3, 1, 2, len(RANKS)))
    return {
        "rate": (2.0 * rate).astype("f4"),
        "busy_rate": rate.astype("f4"),
        "bottleneck": np.where(np.isnan(rate), -1, rng.integers(0, 6, shape)).astype("i1"),
        "gateway": np.where(np.isnan(rate), -1, rng.integers(0, 2, shape)).astype("i2"),
        "busy_load": rng.uniform(0, 1e10, (STEPS, 1)),
        "capacity": rng.uniform(1e10, 1e11, (STEPS, 1)),
        "gateway_busy_load": rng.uniform(0, 1e10, (STEPS, 2)).astype("f4"),
        "gateway_capacity": rng.uniform(0, 1e11, (STEPS, 2)).astype("f4"),
        "pop_busy_load": rng.uniform(0, 1e10, (STEPS, 1)).astype("f4"),
        "growth_rate": growth.astype("f4"),
        "present": np.ones((STEPS, GROUPS), "f4"),
    }


def below(values: np.ndarray, weight: np.ndarray, share: float) -> float:
    """The value below which a share of the weight lies, from a sorted list."""
    order = np.argsort(values)
    upto = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(upto, share * upto[-1])])


@pytest.mark.parametrize("block", [1, 3, 7])
def test_rates_of_a_run_add_up_block_by_block(frame, rng, block):
    measured = np.array([np.ones(STEPS, bool), np.arange(STEPS) >= 2])
    runs = [drawn(rng, frame), drawn(rng, frame)]
    tally = RateTally(frame, measured, frame.terminals)
    for start in range(0, STEPS, block):
        steps = slice(start, min(start + block, STEPS))
        for v, arrays in enumerate(runs):
            tally.add(steps, v, {name: array[steps] for name, array in arrays.items()})
    rates = tally.rates()
    for v, arrays in enumerate(runs):
        said, weight_s = of_variant(rates, frame, v), frame.duration_s * measured[v]
        weight = weight_s[:, None, None] * frame.terminals
        rate, has = arrays["busy_rate"], ~np.isnan(arrays["busy_rate"]) & (weight > 0)
        for name, share in (("median", 0.5), ("p10", 0.1)):
            expected = below(rate[has], weight[has], share)
            assert said["busy_bps"][name] == pytest.approx(expected, rel=BIN)
            assert said["now_bps"][name] == pytest.approx(2 * expected, rel=BIN)
        low = np.where(has & (rate < 10e6), weight, 0.0).sum() / weight_s.sum()
        assert said["degraded_terminals"] == pytest.approx(low, abs=0.005)
        assert said["busy_load_bps"] == pytest.approx(np.average(arrays["busy_load"][:, 0], weights=weight_s), abs=1)
        kept = [np.average(run["capacity"][:, 0], weights=weight_s) for run in (arrays, runs[0])]
        assert said["capacity_kept"] == pytest.approx(kept[0] / kept[1], abs=1e-6)
        bound = {
            name: weight[has & (arrays["bottleneck"] == flag)].sum() / weight[has].sum()
            for name, flag in schema.BOTTLENECK.items()
            if flag > 0
        }
        assert said["bottlenecks"] == pytest.approx({name: part for name, part in bound.items() if part}, abs=1e-6)
        assert said["bottleneck"] == max(bound, key=bound.__getitem__)
        at = [weight[has & (arrays["bottleneck"] == 3) & (arrays["gateway"] == g)].sum() for g in range(2)]
        assert said["bottleneck_gateway"] == frame.gateways.name[int(np.argmax(at))]
        assert of_gateways(rates)["busy_load_mean_bps"][2 * v] == pytest.approx(
            np.average(arrays["gateway_busy_load"][:, 0], weights=weight_s), abs=1
        )
        assert of_pops(rates)["busy_load_mean_bps"][v] == pytest.approx(
            np.average(arrays["pop_busy_load"][:, 0], weights=weight_s), abs=1
        )
        sampled = arrays["growth_rate"][[k for k in (0, 3, 6) if measured[v, k]], 0].mean(axis=0)
        assert [each["median_bps"] for each in said["growth"]["test"]] == pytest.approx(sampled[:, 1], rel=1e-6)
        homes = frame.terminals[0].sum()
        assert [each["terminals"] for each in said["growth"]["test"]] == pytest.approx([homes, 10 * homes], abs=0.01)
    assert of_growth(rates, frame)["times"].tolist() == [1.0, 10.0] * 2
    assert of_growth(rates, frame)["terminals"] == pytest.approx([homes, 10 * homes] * 2, abs=0.01)


def test_where_nobody_has_service_there_are_no_rates(frame):
    tally = RateTally(frame, np.ones((2, STEPS), bool), frame.terminals)
    said = of_variant(tally.rates(), frame, 0)
    assert said["busy_bps"] == {"median": None, "p10": None}
    assert (said["bottleneck"], said["bottleneck_gateway"], said["capacity_kept"], said["growth"]) == (
        None,
        None,
        None,
        {},
    )
