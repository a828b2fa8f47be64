"""The kernels of grids against their plain twin, and against the general method, to the bit."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from obrii.kernels import lines, paths
from obrii.network.snapshot import Snapshot, snapshot
from tests.reference import lines_plain
from tests.reference.dijkstra import Sky, skies

hops_m = st.one_of(st.just(0.0), st.integers(1, 3).map(float), st.integers(1, 2**40).map(lambda step: step / 2**23))


@st.composite
def grids(draw) -> Sky:
    """A torus whose nodes are numbered at random and whose links may be gone, with a few sites."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    planes, slots = draw(st.sampled_from([(5, 6), (7, 5), (3, 8)]))
    share_off = draw(st.sampled_from([0.0, 0.1]))
    number = rng.permutation(planes * slots).reshape(planes, slots)
    pairs = np.concatenate([np.stack([number, np.roll(number, -1, axis)], -1).reshape(-1, 2) for axis in (0, 1)])
    few = draw(st.booleans())
    lasers = [(int(a), int(b), float(rng.integers(1, 5) if few else rng.uniform(3e5, 3e6))) for a, b in pairs]
    sights = [
        (site, int(seen), float(rng.uniform(5e5, 2e6)))
        for site in range(4)
        for seen in rng.choice(number.size, 3, replace=False)
    ]
    on = (rng.random(len(lasers)) >= share_off).tolist()
    return Sky(lasers, sights, (rng.random(4) < 0.2).tolist(), [True] * number.size, on, [True] * 4)


def laid(graph: Snapshot) -> tuple[np.ndarray, ...]:
    """Order, rank, first place of each line, and first line of each part."""
    order, rank = np.empty((2, len(graph)), np.int32)
    line_ptr, part_ptr = np.empty((2, len(graph) + 1), np.int32)
    count, parts = lines.lay_lines(graph.ptr, graph.node, graph.relays, order, rank, line_ptr, part_ptr)
    return order[: line_ptr[count]], rank, line_ptr[: count + 1], part_ptr[: parts + 1]


def stepped(graph: Snapshot, order, rank, line_ptr, hop_m: float, kind=np.float64) -> tuple[np.ndarray, ...]:
    """The outputs of `line_steps`."""
    out = (np.empty(len(order), np.int32), np.empty(len(order), kind), np.empty(len(order) + 1, np.int32))
    (place, back), step_m = np.empty((2, len(graph.node)), np.int32), np.empty(len(graph.node), kind)
    edges = (graph.ptr, graph.node, graph.length_m)
    lines.line_steps(*edges, order, rank, line_ptr, hop_m, *out, place, step_m, back)
    return *out, place, step_m, back


def settled_both(graph: Snapshot, hop_m: float, kind=np.float64) -> tuple[np.ndarray, np.ndarray]:
    """Distance of every node that relays to every node, (node, root), by lines and by the general method."""
    roots = np.arange(len(graph), dtype=np.int32)
    edges = (graph.ptr, graph.node, graph.length_m)
    order, rank, line_ptr, part_ptr = laid(graph)
    by_lines, entered = np.empty((len(order), len(roots)), kind), np.empty(len(order), np.bool_)
    paths.enter(*edges, rank, roots, by_lines, entered)
    steps = stepped(graph, order, rank, line_ptr, hop_m, kind)
    lines.settle_lines(part_ptr, line_ptr, *steps, entered, by_lines)
    plain_order, plain_rank = np.empty((2, len(graph)), np.int32)
    general = np.empty((paths.relay_order(*edges[:2], graph.relays, plain_order, plain_rank), len(roots)), kind)
    paths.enter(*edges, plain_rank, roots, general, entered)
    paths.settle(*edges, plain_order, plain_rank, hop_m, entered, general)
    return by_lines[rank[graph.relays]], general[plain_rank[graph.relays]]


@given(st.one_of(skies(), grids()))
def test_lines_equal_the_plain_twin(sky: Sky):
    order, rank, line_ptr, part_ptr = laid(snapshot(*sky.arguments()))
    plain, parts = lines_plain.lines(sky.graph(), sky.relays())
    assert [order[a:b].tolist() for a, b in itertools.pairwise(line_ptr)] == plain
    assert part_ptr.tolist() == [*parts, len(plain)]
    assert_array_equal(rank[order], np.arange(len(order)))
    assert (rank[~np.array(sky.relays(), bool)] == -1).all()


@given(st.one_of(skies(), grids()), hops_m)
def test_steps_along_and_across_equal_the_plain_twin(sky: Sky, hop_m: float):
    graph = snapshot(*sky.arguments())
    order, rank, line_ptr, _ = laid(graph)
    line, ahead_m, ptr, place, step_m, back = stepped(graph, order, rank, line_ptr, hop_m)
    plain, _ = lines_plain.lines(sky.graph(), sky.relays())
    ahead, across = lines_plain.steps(sky.graph(), sky.relays(), plain, hop_m)
    assert_array_equal(line, np.repeat(np.arange(len(line_ptr) - 1), np.diff(line_ptr)))
    assert ahead_m.tolist() == [ahead.get(node, math.inf) for node in order.tolist()]
    count = ptr[-1]
    tail, head = np.repeat(np.arange(len(order)), np.diff(ptr)), place[:count]
    assert dict(zip(zip(order[tail].tolist(), order[head].tolist()), step_m[:count].tolist())) == across
    assert_array_equal(tail[back[:count]], head)
    assert_array_equal(head[back[:count]], tail)


@given(st.one_of(skies(), grids()), hops_m)
def test_lines_settle_at_the_distances_of_the_general_method_to_the_bit(sky: Sky, hop_m: float):
    by_lines, general = settled_both(snapshot(*sky.arguments()), hop_m)
    assert by_lines.tobytes() == general.tobytes()


@given(st.one_of(skies(), grids()), st.integers(0, 3))
def test_lines_of_float32_settle_at_the_same_distances_where_their_sums_are_exact(sky: Sky, steps: int):
    # In whole metres, and no way as long as 2^24 m.
    graph = snapshot(*sky.arguments())
    graph = replace(graph, length_m=np.ceil(graph.length_m) % 2**18 + 1)
    exact, _ = settled_both(graph, steps)
    by_lines, general = settled_both(graph, steps, np.float32)
    assert by_lines.tobytes() == general.tobytes() == exact.astype(np.float32).tobytes()


def test_the_lines_of_a_whole_torus_are_its_rings(rng):
    planes, slots = 6, 7
    number = rng.permutation(planes * slots).reshape(planes, slots)
    pairs = np.concatenate([np.stack([number, np.roll(number, -1, axis)], -1).reshape(-1, 2) for axis in (0, 1)])
    on = [True] * number.size
    graph = snapshot(number.size, *pairs.T, [5.0] * len(pairs), [0], [], [], [], on, [True] * len(pairs), [])
    order, _, line_ptr, part_ptr = laid(graph)
    found = {frozenset(order[a:b].tolist()) for a, b in itertools.pairwise(line_ptr)}
    assert found in ({frozenset(row) for row in number.tolist()}, {frozenset(row) for row in number.T.tolist()})
    assert part_ptr.tolist() == [0, len(found)]


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="too many nodes without compilation")
@pytest.mark.parametrize("lost", [0.0, 0.02, 0.3])
def test_over_a_shell_with_losses_lines_settle_at_the_distances_of_the_general_method(rng, lost: float):
    planes, slots = 40, 22
    number = rng.permutation(planes * slots).reshape(planes, slots)
    pairs = np.concatenate([np.stack([number, np.roll(number, -1, axis)], -1).reshape(-1, 2) for axis in (0, 1)])
    ptr, seen = np.arange(0, 20 * 8 + 1, 8), rng.permutation(number.size)[: 20 * 8]
    sights = (ptr, seen, rng.uniform(5e5, 2e6, len(seen)), rng.random(20) < 0.2)
    masks = tuple(rng.random(count) >= lost for count in (number.size, len(pairs), 20))
    graph = snapshot(number.size, *pairs.T, rng.uniform(3e5, 3e6, len(pairs)), *sights, *masks)
    by_lines, general = settled_both(graph, 1234.5)
    assert by_lines.tobytes() == general.tobytes()
