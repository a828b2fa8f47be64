"""The kernel that answers every cell agrees with its twin, on drawn slots and on one operator after another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from obrii.kernels.answer import answer, carried
from obrii.service.slot import CODES, TERMINAL_ARRAYS, blank, code_of_level
from tests.reference import answer_plain

LIGHT = 299_792_458.0
#: Results are kept in float32: seven digits of a number of seconds.
FLOAT32 = 2e-7


def drawn(seed: int) -> tuple[list[dict], dict, tuple]:
    """Cells and an operator, for the twin and for the kernel."""
    rng = np.random.default_rng(seed)
    cells, satellites, gateways, pops, lists = 6, 4, 3, 2, 2
    sights = [np.flatnonzero(rng.random(satellites) < 0.6) for _ in range(cells)]
    ranges = [rng.uniform(5e5, 2e6, len(seen)).astype(np.float32) for seen in sights]
    chosen = np.array([rng.choice(seen) if len(seen) and rng.random() < 0.7 else -1 for seen in sights], np.int32)
    gateway = rng.integers(-1, gateways, (pops, satellites)).astype(np.int32)
    way_m = np.where((gateway >= 0) & (rng.random(gateway.shape) < 0.9), rng.uniform(5e5, 5e6, gateway.shape), np.inf)
    passed = rng.integers(1, 4, gateway.shape).astype(np.int32)
    fibre_m = rng.uniform(0, 3e6, (pops, gateways))
    home, home_pop = rng.integers(0, lists, cells).astype(np.int32), rng.integers(-1, pops, lists).astype(np.int32)
    pop = rng.integers(-1, pops, cells).astype(np.int32)
    furthest = np.array([rng.integers(0, 5) if len(seen) else rng.integers(-2, 0) for seen in sights], np.int8)
    followed, permitted, licensed, listed, core = (rng.random(cells) < share for share in (0.5, 0.8, 0.9, 0.9, 0.9))
    lasers, hop_m = bool(rng.random() < 0.5), 1e4
    first = np.array([1, 10, 20, 30], np.int32)
    near = np.sort(rng.choice(9, satellites, replace=False)).astype(np.int32)
    operator = {
        "home_pop": home_pop.tolist(),
        "gateway": {(p, s): int(gateway[p, s]) for p in range(pops) for s in range(satellites)},
        "way": {(p, s): float(way_m[p, s]) for p in range(pops) for s in range(satellites)},
        "passed": {(p, s): int(passed[p, s]) for p in range(pops) for s in range(satellites)},
        "fibre": {(p, g): float(fibre_m[p, g]) for p in range(pops) for g in range(gateways)},
        "lasers": lasers, "hop_m": hop_m, "floor_s": 8e-3, "processing_s": 5e-5, "light": LIGHT,
        "first": first.tolist(), "near": near.tolist(),
    }  # fmt: skip
    plain = [
        {
            "permitted": permitted[c], "licensed": licensed[c], "listed": listed[c], "core": core[c],
            "home": int(home[c]), "chosen": int(chosen[c]),
            "pop": int(pop[c]), "furthest": int(furthest[c]), "followed": followed[c],
            "sights": dict(zip(sights[c].tolist(), ranges[c].tolist(), strict=True)),
        }
        for c in range(cells)
    ]  # fmt: skip
    ptr = np.concatenate([[0], np.cumsum([len(seen) for seen in sights])])
    arguments = (
        permitted, licensed, listed, home, home_pop, chosen, pop, furthest, followed, ptr,
        near[np.concatenate(sights)], np.concatenate(ranges), gateway, way_m, passed, fibre_m,
        code_of_level(lasers), CODES, core, hop_m, 8e-3, 5e-5, LIGHT, first, near,
    )  # fmt: skip
    return plain, operator, arguments


@given(seeds=st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=3))
def test_every_cell_gets_what_the_twin_says_from_one_operator_after_another(seeds: list[int]) -> None:
    out = blank(6)
    expected = [{name: array[c].item() for name, array in out.items()} for c in range(6)]
    for seed in seeds:
        cells, operator, arguments = drawn(seed)
        answer(*arguments, *out.values())
        expected = [answer_plain.answer(cell, operator, so_far) for cell, so_far in zip(cells, expected, strict=True)]
    for c in range(6):
        for name in TERMINAL_ARRAYS:
            found = out[name][c].item()
            assert found == pytest.approx(expected[c][name], rel=FLOAT32, nan_ok=True), (c, name)


@given(seed=st.integers(0, 2**32 - 1))
def test_cells_are_counted_at_the_gateway_they_come_down_at(seed: int) -> None:
    rng = np.random.default_rng(seed)
    chosen, pop = rng.integers(-1, 4, 9).astype(np.int32), rng.integers(-1, 2, 9).astype(np.int32)
    gateway = rng.integers(-1, 3, (2, 4)).astype(np.int32)
    cells, halo, carrying = np.empty(3, np.int32), np.empty(3, np.int32), np.empty(4, np.bool_)
    satellites = carried(chosen, pop, gateway, 5, cells, halo, carrying)
    expected = answer_plain.carried(chosen.tolist(), pop.tolist(), gateway.tolist(), 5, 3)
    assert (cells.tolist(), halo.tolist(), satellites) == expected
