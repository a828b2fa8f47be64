"""Which sight lines stand below masks that events raise."""

from __future__ import annotations

import numpy as np

from obrii.kernels.jit import kernel


@kernel
def mark_low(ptr, satellite, sine, lowest, touched, out_low) -> None:
    """Mark the sights that stand below any mask that touches their satellite; leave the others as they are.

    ptr (time, place + 1); satellite, sine (sight) number, sine of the elevation; lowest (mask, place) sine of each
    mask, -1 or less where there is none; touched (mask, satellite) bool: seen over it; out_low (sight) bool.
    """
    for mask in range(lowest.shape[0]):
        # Most events touch every satellite, and few places: neither is asked sight by sight.
        every = touched[mask].all()
        for step in range(ptr.shape[0]):
            for place in range(ptr.shape[1] - 1):
                least = lowest[mask, place]
                if least <= -1.0:
                    continue
                # Unsigned, because numba lets a signed index count from the end.
                begin, end = np.uint64(ptr[step, place]), np.uint64(ptr[step, place + 1])
                if every:
                    for k in range(begin, end):
                        out_low[k] |= sine[k] < least
                else:
                    for k in range(begin, end):
                        out_low[k] |= (sine[k] < least) & touched[mask, np.uint32(satellite[k])]
