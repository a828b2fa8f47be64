"""The kernels of the ways down against their plain twin."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from obrii.kernels import landing
from tests.reference import waydown_plain
from tests.reference.dijkstra import linked
from tests.reference.waydown_plain import Ground, grounds


def frozen(values, dtype) -> np.ndarray:
    array = np.array(values, dtype)
    array.setflags(write=False)
    return array


def turned(ground: Ground) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gateways in sight of each satellite, by the kernels."""
    satellites, *rows = ground.rows()
    for array in rows:
        array.setflags(write=False)
    row_ptr, satellite, range_m = rows
    ptr = np.empty(satellites + 1, np.int64)
    landing.count_landings(row_ptr, satellite, ptr)
    gateway, out_range_m = np.empty(len(satellite), np.int32), np.empty(len(satellite), np.float32)
    landing.fill_landings(row_ptr, satellite, range_m, ptr, gateway, out_range_m)
    for array in (ptr, gateway, out_range_m):
        array.setflags(write=False)
    return ptr, gateway, out_range_m


@given(grounds())
def test_sights_of_gateways_turn_into_the_gateways_that_a_satellite_sees(ground: Ground):
    ptr, gateway, range_m = turned(ground)
    for s in range(len(ground.satellite_on)):
        here = slice(ptr[s], ptr[s + 1])
        assert dict(zip(gateway[here].tolist(), range_m[here].tolist())) == ground.seen(s)
        assert gateway[here].tolist() == sorted(ground.seen(s))


@given(st.lists(st.integers(0, 6)))
def test_satellites_in_sight_are_numbered_among_themselves(seen: list[int]):
    number = np.empty(7, np.int32)
    assert landing.number_seen(frozen(seen, np.int32), number) == len(set(seen))
    assert number.tolist() == waydown_plain.numbers(seen, 7)


@given(grounds())
def test_levels_equal_the_plain_twin(ground: Ground):
    ptr, gateway, _ = turned(ground)
    pops, satellites = len(ground.fibre_m), len(ground.satellite_on)
    found = np.full((pops + 1, satellites), -9, np.int8)
    masks = (frozen(on, np.bool_) for on in (ground.satellite_on, ground.gateway_there, ground.gateway_on))
    landing.levels(ptr, gateway, *masks, frozen(np.isfinite(ground.fibres()), np.bool_), found)
    for pop in range(pops + 1):
        known = [waydown_plain.level(ground, s, pop if pop < pops else None) for s in range(satellites)]
        assert found[pop].tolist() == known


@given(grounds(), st.randoms(use_true_random=False))
def test_antennas_follow_in_the_order_given_one_a_satellite(ground: Ground, random):
    ptr, gateway, _ = turned(ground)
    satellite = np.repeat(np.arange(len(ground.satellite_on), dtype=np.int32), np.diff(ptr))
    order = list(range(len(gateway)))
    random.shuffle(order)
    free = np.where(np.array(ground.antennas, int) < 0, 99, ground.antennas).astype(np.int32)
    left, entry = free.copy(), np.empty(len(ground.satellite_on), np.int32)
    on = (frozen(ground.satellite_on, np.bool_), frozen(ground.gateway_on, np.bool_))
    count = landing.feed(np.array(order, np.int64), gateway, satellite, *on, left, entry)
    followed: dict[int, int] = {}
    for k in order:
        s, g = int(satellite[k]), int(gateway[k])
        taken = sum(gateway[other] == g for other in followed.values())
        if ground.satellite_on[s] and ground.gateway_on[g] and s not in followed and taken < free[g]:
            followed[s] = k
    assert {s: k for s, k in enumerate(entry.tolist()) if k >= 0} == followed
    assert count == len(followed)
    assert_array_equal(free - left, np.bincount(gateway[list(followed.values())], minlength=len(free)))


@given(st.integers(0, 2**32 - 1))
def test_a_satellite_comes_down_where_the_next_hops_lead(seed: int):
    rng = np.random.default_rng(seed)
    satellites, pops = int(rng.integers(1, 12)), int(rng.integers(1, 5))
    asked = np.flatnonzero(rng.random(pops) < 0.7)
    # A forest, numbered at random: each leads to one before it, or ends, or leads nowhere.
    next_hop = np.full((len(asked), satellites), -1, np.int32)
    distance_m = np.full((len(asked), satellites), np.nan)
    walks = {}
    for k in range(len(asked)):
        numbers = rng.permutation(satellites).tolist()
        for i, s in enumerate(numbers):
            to = int(rng.integers(-2, i)) if i else int(rng.integers(-2, 0))
            before = walks.get((k, numbers[to]), []) if to >= 0 else []
            if to == -1 or before:
                next_hop[k, s] = s if to == -1 else numbers[to]
                distance_m[k, s] = rng.uniform(1e6, 2e6)
                walks[k, s] = [s, *before]
    follows = rng.integers(0, 9, satellites, dtype=np.int32)
    way_m, (gateway, passed, onward) = np.empty((pops, satellites)), np.empty((3, pops, satellites), np.int32)
    landing.come_down(frozen(asked, np.int64), distance_m, next_hop, follows, way_m, gateway, passed, onward)
    for pop in range(pops):
        for s in range(satellites):
            k = asked.tolist().index(pop) if pop in asked else -1
            walk = walks.get((k, s), [])
            assert way_m[pop, s] == (distance_m[k, s] if walk else np.inf)
            assert gateway[pop, s] == (follows[walk[-1]] if walk else -1)
            assert passed[pop, s] == len(walk)
            assert onward[pop, s] == (walk[1] if len(walk) > 1 else -1)


@given(st.integers(1, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=20))
def test_what_hangs_together_has_the_lowest_satellite_of_its_part(
    satellites: int, lasers: list[tuple[int, int]]
) -> None:
    graph = nx.Graph()
    graph.add_nodes_from(range(satellites))
    graph.add_edges_from((a % satellites, b % satellites) for a, b in lasers if a % satellites != b % satellites)
    rows = [sorted(graph[s]) for s in range(satellites)]
    ptr = frozen(np.cumsum([0] + [len(row) for row in rows]), np.int64)
    part = np.empty(satellites, np.int32)
    landing.hang_together(ptr, frozen([other for row in rows for other in row], np.int32), part)
    expected = {s: min(together) for together in nx.connected_components(graph) for s in together}
    assert part.tolist() == [expected[s] for s in range(satellites)]


@given(grounds(), st.data())
def test_levels_over_lasers_equal_the_plain_twin(ground: Ground, data):
    ptr, gateway, _ = turned(ground)
    pops, satellites = len(ground.fibre_m), len(ground.satellite_on)
    on = [frozen(mask, np.bool_) for mask in (ground.satellite_on, ground.gateway_on)]
    rows = [sorted(row) for row in linked(ground.lasers, [], ground.satellite_on, ground.laser_on, []).values()]
    part, level = np.empty(satellites, np.int32), np.empty((pops + 1, satellites), np.int8)
    laser_ptr = frozen(np.cumsum([0] + [len(row) for row in rows]), np.int64)
    landing.hang_together(laser_ptr, frozen([other for row in rows for other in row], np.int32), part)
    asked = [pop for pop in range(pops) if data.draw(st.booleans())]
    fibre_m = ground.fibres()
    fibre_m.setflags(write=False)
    landing.levels_of_parts(part, ptr, gateway, *on, fibre_m, frozen(asked, np.int64), level)
    for pop in range(pops + 1):
        towards = pop if pop in asked else None
        assert level[pop].tolist() == [waydown_plain.level_over_lasers(ground, s, towards) for s in range(satellites)]


@given(st.integers(0, 2**32 - 1).map(np.random.default_rng))
def test_open_ways_end_where_antennas_follow_satellites_that_carry_a_cell(rng):
    pops, satellites = 2, 6
    is_open, used = rng.random(satellites) < 0.6, rng.integers(0, 2, satellites).astype(np.int32)
    gateway_of = np.where(is_open, rng.integers(-1, 3, satellites), -1).astype(np.int32)
    gateway = frozen(rng.integers(-1, 3, (pops, satellites)), np.int32)
    before_m = frozen(rng.choice([1e6, np.inf], (pops, satellites)), np.float64)
    way_m, ends = np.empty(before_m.shape), np.empty(gateway.shape, np.int32)
    landing.open_ways(is_open, before_m, way_m)
    assert_array_equal(way_m, np.where(is_open, 0.0, before_m))
    # Antennas that were pointed have settled some ways, and some of these reach no PoP.
    way_m[:, is_open] = rng.choice([2e6, np.inf], (pops, int(is_open.sum())))
    settled_m = way_m.copy()
    landing.close_ways(is_open, used, gateway_of, gateway, way_m, ends)
    for p, s in np.ndindex(pops, satellites):
        follows = gateway_of[s] if used[s] else -1
        lost = is_open[s] and follows < 0
        assert way_m[p, s] == (np.inf if lost else settled_m[p, s])
        assert ends[p, s] == (follows if is_open[s] and way_m[p, s] < np.inf else gateway[p, s])
