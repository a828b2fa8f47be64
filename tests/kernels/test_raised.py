"""The kernel of raised masks, `mark_low`, against each sight line by itself."""

from __future__ import annotations

import numpy as np
import pytest

from obrii.kernels.raised import mark_low


@pytest.mark.parametrize("seed", range(6))
def test_a_sight_is_marked_where_it_stands_below_a_mask_of_its_place_that_touches_its_satellite(seed: int) -> None:
    rng = np.random.default_rng(seed)
    steps, places, satellites, masks = rng.integers(1, 6, 4).tolist()
    count = rng.integers(0, 5, (steps, places))
    ptr = np.zeros((steps, places + 1), np.int64)
    ends = np.cumsum(count).reshape(steps, places)
    ptr[:, 1:] = ends
    ptr[1:, 0] = ends[:-1, -1]
    total = int(count.sum())
    satellite, sine = rng.integers(0, satellites, total).astype(np.int32), rng.random(total).astype(np.float32)
    # Some stand exactly at the mask, which is not below it.
    lowest = rng.choice(np.append(sine, np.float32(0.5)), (masks, places)).astype(np.float32)
    lowest[rng.random((masks, places)) < 0.2] = -2.0
    touched = rng.random((masks, satellites)) < rng.choice([0.6, 1.0], (masks, 1))
    marked = rng.random(total) < 0.1
    expected = marked.copy()
    for step in range(steps):
        for place in range(places):
            for k in range(ptr[step, place], ptr[step, place + 1]):
                for mask in range(masks):
                    if touched[mask, satellite[k]] and sine[k] < lowest[mask, place]:
                        expected[k] = True
    for array in (ptr, satellite, sine, lowest, touched):
        array.setflags(write=False)
    mark_low(ptr, satellite, sine, lowest, touched, marked)
    assert (marked == expected).all()
