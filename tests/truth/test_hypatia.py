"""Hypatia's Kuiper-630, number for number.

S. Kassing, D. Bhattacherjee, A. B. Aguas, J. E. Saethre, A. Singla, "Exploring the 'Internet from space' with Hypatia",
IMC 2020, and the test data published with its program (snkas/hypatia, satgenpy): paths and round-trip times of three
pairs, every 0.1 s for 200 s.

Two witnesses. The plain twin computes the same physics in NumPy and SciPy: we must agree with it to 10 ns, which is
what positions kept in float32 (at most 0.36 m a coordinate, 1.2 ns a link end) add up to over ten links. The published
files come from another program whose ranges are tens of metres off: there 1 us (300 m over a round trip) is the
tolerance, and a step may differ where a link enters or leaves the 1,260 km of access, which its own error moves by at
most one step.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import xarray

import obrii
from obrii.constants import LIGHT_M_S
from obrii.scenario.stage import stage
from tests.reference import hypatia_plain

EXAMPLE = Path(__file__).parents[2] / "examples" / "hypatia-kuiper-630.toml"
TWIN_S = 10e-9
OTHER_PROGRAM_S = 1e-6

#: Pair, round trip at t = 0 [ns], min, max, mean [ms] as published, steps out of reach as published.
PUBLISHED = {
    "Manila - Dalian": (29_423_137.758, 25.230, 48.165, 40.144, 0),
    "Manila - St Petersburg": (76_846_048.722, 69.412, 77.629, 74.059, 98),
    "St Petersburg - Dalian": (63_203_866.535, 58.737, 63.985, 60.321, 98),
}
#: Hypatia's numbers of the cities, as its files are called.
NUMBER = {"Manila": 1173, "St Petersburg": 1229, "Dalian": 1241}


@pytest.fixture(scope="module")
def results() -> xarray.Dataset:
    return obrii.simulate(obrii.Scenario.read(EXAMPLE)).sel(variant="intact")


def satellites_on(route: np.ndarray) -> tuple[int, ...]:
    return tuple(int(node) for node in route if 0 <= node < 34 * 34)


def test_the_first_step_is_what_hypatia_published(results: xarray.Dataset) -> None:
    for pair, (first_ns, *_) in PUBLISHED.items():
        assert results["pair_propagation_rtt"].sel(pair=pair).values[0] == pytest.approx(
            first_ns * 1e-9, abs=OTHER_PROGRAM_S
        )
    at_start = results["pair_route"].isel(time=0)
    assert satellites_on(at_start.sel(pair="Manila - Dalian").values) == (184, 183, 217)
    assert satellites_on(at_start.sel(pair="St Petersburg - Dalian").values) == (144, 178, 212, 246, 280, 281, 282, 283)


def test_the_table_of_extremes_is_what_hypatia_published(results: xarray.Dataset) -> None:
    # Tolerance: half the last digit of the table (0.5 us) and the other program's 1 us, over steps reachable in both: a
    # satellite stands 23 m from the limit at t = 165.1 s, where we reach it and the other program does not.
    theirs = np.ones(2000, bool)
    theirs[1554:1652] = False
    for pair, (_, least, most, mean, unreachable) in PUBLISHED.items():
        rtt_ms = results["pair_propagation_rtt"].sel(pair=pair).values * 1e3
        assert np.isnan(rtt_ms).sum() == (97 if unreachable else 0)
        both = rtt_ms[theirs] if unreachable else rtt_ms
        figures = (both.min(), both.max(), both.mean())
        assert figures == pytest.approx((least, most, mean), abs=1.5e-3), pair
    ours_ms = results["pair_propagation_rtt"].sel(pair="Manila - St Petersburg").values * 1e3
    assert np.nanmax(ours_ms) == pytest.approx(77.634, abs=1.5e-3)


@pytest.mark.slow
def test_every_step_agrees_with_the_plain_twin(results: xarray.Dataset) -> None:
    seconds = np.arange(2000) * 0.1
    xyz_m = hypatia_plain.positions_m(seconds)
    for pair in PUBLISHED:
        start, end = pair.split(" - ")
        rtt_s = results["pair_propagation_rtt"].sel(pair=pair).values
        routes = results["pair_route"].sel(pair=pair).values
        for step in range(2000):
            way = hypatia_plain.ways(xyz_m[step], start, end)
            if way.margin_m < 1.0 and np.isnan(way.rtt_s) != np.isnan(rtt_s[step]):
                continue  # a satellite within a metre of the limit: float32 decides
            assert rtt_s[step] == pytest.approx(way.rtt_s, abs=TWIN_S, nan_ok=True), (pair, step)
            assert satellites_on(routes[step]) == way.nodes, (pair, step)


@pytest.mark.data
@pytest.mark.parametrize("pair", list(PUBLISHED))
def test_every_step_agrees_with_the_published_files(results: xarray.Dataset, data: Path, pair: str) -> None:
    start, end = pair.split(" - ")
    low, high = sorted([start, end], key=NUMBER.__getitem__)
    stem = f"{NUMBER[low]}_to_{NUMBER[high]}.txt"
    folder = data / "hypatia"
    published_s = np.loadtxt(folder / f"kuiper_630_networkx_rtt_{stem}", delimiter=",")[:, 1] * 1e-9
    published_s[published_s == 0] = np.nan
    paths = _published_paths(folder / f"kuiper_630_networkx_path_{stem}")
    rtt_s = results["pair_propagation_rtt"].sel(pair=pair).values
    assert len(rtt_s) == len(published_s)
    ours = [satellites_on(route) for route in results["pair_route"].sel(pair=pair).values]
    if start != low:
        ours = [nodes[::-1] for nodes in ours]
    both = ~np.isnan(rtt_s) & ~np.isnan(published_s)
    worst = np.abs(rtt_s - published_s)
    same = np.array([a == b for a, b in zip(ours, paths, strict=True)])
    # At most one step either side of a change of path, where a link enters or leaves the limit.
    changes = {k for k in range(1, 2000) if paths[k] != paths[k - 1]} | {
        k for k in range(1, 2000) if ours[k] != ours[k - 1]
    }
    near_change = np.array([any(k + d in changes for d in (-1, 0, 1)) for k in range(2000)])
    assert (worst[both & ~near_change] < OTHER_PROGRAM_S).all()
    assert same[~near_change].all()
    assert (np.isnan(rtt_s) != np.isnan(published_s)).sum() <= 1
    assert (~same).sum() <= 2 * len(changes)
    assert np.nanmin(worst[both & same]) >= 0 and np.nanmax(worst[both & same]) < OTHER_PROGRAM_S


def test_every_link_used_is_within_its_limit(results: xarray.Dataset) -> None:
    # Hypatia's own presets are not what they say (trap 1 of ours): so the limit is asserted on every link used.
    world = stage(obrii.Scenario.read(EXAMPLE))
    sky = obrii.sky_block(obrii.Scenario.read(EXAMPLE), slice(0, 2000, 1))
    n = len(world.constellation)
    for pair in range(3):
        for step in range(0, 2000, 50):
            route = [int(node) for node in results["pair_route"].isel(pair=pair).values[step] if node >= 0]
            for node, site in ((route[1], route[0]), (route[-2], route[-1])) if route else ():
                range_m = np.linalg.norm(sky.xyz_m[step, :, node].astype(float) - world.sites.xyz_m[:, site - n])
                assert range_m <= hypatia_plain.REACH_M
            length_m = sum(
                np.linalg.norm(_xyz(world, sky, step, a) - _xyz(world, sky, step, b))
                for a, b in itertools.pairwise(route)
            )
            rtt_s = results["pair_propagation_rtt"].isel(pair=pair).values[step]
            assert np.isnan(rtt_s) if not route else rtt_s == pytest.approx(2 * length_m / LIGHT_M_S, abs=TWIN_S)


def _xyz(world, sky, step: int, node: int) -> np.ndarray:
    n = len(world.constellation)
    return world.sites.xyz_m[:, node - n] if node >= n else sky.xyz_m[step, :, node].astype(float)


def _published_paths(file: Path) -> list[tuple[int, ...]]:
    """The path at every step, without its ends; empty where unreachable."""
    at: list[tuple[int, ...]] = [()] * 2000
    for line in file.read_text().split():
        when_ns, path = line.split(",")
        nodes = () if path == "Unreachable" else tuple(int(node) for node in path.split("-")[1:-1])
        for step in range(round(int(when_ns) / 1e8), 2000):
            at[step] = nodes
    return at
