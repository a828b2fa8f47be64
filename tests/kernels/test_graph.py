"""The kernel link_graph, as `snapshot` calls it, against its plain twin `linked`."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from obrii.network.snapshot import snapshot
from tests.reference.dijkstra import Sky, skies


@given(skies())
def test_rows_hold_the_links_that_are_there_and_on_with_neighbours_ascending(sky: Sky):
    made = snapshot(*sky.arguments())
    for node, neighbours in sky.graph().items():
        row = slice(made.ptr[node], made.ptr[node + 1])
        assert made.node[row].tolist() == sorted(neighbours)
        assert made.length_m[row].tolist() == [neighbours[each] for each in sorted(neighbours)]


@given(skies())
def test_every_link_stands_in_both_rows(sky: Sky):
    made = snapshot(*sky.arguments())
    tail = np.repeat(np.arange(len(made)), np.diff(made.ptr))
    edges = set(zip(tail.tolist(), made.node.tolist(), made.length_m.tolist()))
    assert edges == {(b, a, length_m) for a, b, length_m in edges}
    assert len(edges) == len(made.node)


def test_a_sky_without_anything_is_a_graph_without_anything():
    made = snapshot(0, [], [], [], [0], [], [], [], [], [], [])
    assert made.ptr.tolist() == [0]
    assert made.node.size == made.length_m.size == len(made) == 0
