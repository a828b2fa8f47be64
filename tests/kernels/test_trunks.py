"""The links that traffic takes, against a plain twin on drawn trees."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from obrii.kernels.trunks import laser_rows, lay_trunks
from tests.reference.trunks_plain import lasers_of, trunk


@st.composite
def trees(draw):
    """Satellites that each hang on an earlier one by a laser or come down themselves, a tree for each PoP."""
    count = draw(st.integers(1, 12))
    pops = draw(st.integers(1, 3))
    onward = [[draw(st.integers(-1, s - 1)) for s in range(count)] for _ in range(pops)]
    pairs = sorted({(min(s, t), max(s, t)) for row in onward for s, t in enumerate(row) if t >= 0})
    pairs = draw(st.permutations(pairs))
    turned = [pair[::-1] if draw(st.booleans()) else pair for pair in pairs]
    asked = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, pops - 1)), max_size=8))
    return onward, turned, asked


@given(trees())
def test_trunks_hold_the_links_of_a_walk_to_the_pop(tree):
    onward, pairs, asked = tree
    count = len(onward[0])
    a, b = np.array(pairs, np.int32).reshape(-1, 2).T.copy()
    ptr = np.empty(count + 1, np.int32)
    to, laser = np.empty((2, 2 * len(pairs)), np.int32)
    laser_rows(a, b, ptr, to, laser)
    satellite, pop = np.array(asked, np.int32).reshape(-1, 2).T.copy()
    first = (5, 100, 200, 300)
    out_ptr = np.empty(len(asked) + 1, np.int64)
    args = (satellite, pop, np.array(onward, np.int32), ptr, to, laser, *first, out_ptr)
    entries = lay_trunks(*args, np.empty(0, np.int32))
    link = np.empty(entries, np.int32)
    assert lay_trunks(*args, link) == entries
    lasers = lasers_of(a.tolist(), b.tolist())
    expected = [trunk(s, p, onward, lasers, first) for s, p in asked]
    assert [link[i:j].tolist() for i, j in pairwise(out_ptr)] == expected


def test_a_laser_is_two_links_one_each_way():
    ptr = np.empty(4, np.int32)
    to, laser = np.empty((2, 4), np.int32)
    laser_rows(np.array([0, 1], np.int32), np.array([1, 2], np.int32), ptr, to, laser)
    assert ptr.tolist() == [0, 1, 3, 4]
    assert to.tolist() == [1, 0, 2, 1]
    assert laser.tolist() == [1, 0, 3, 2]
