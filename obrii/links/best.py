"""The best few satellites of every site: least range and way down, for as many sites as a planet has cells."""

from __future__ import annotations

import numpy as np

from obrii.errors import ModelError
from obrii.kernels import best
from obrii.links.visibility import Observers


def best_satellites(
    observers: Observers, xyz_m: np.ndarray, way_m: np.ndarray | None = None, k: int = 3
) -> tuple[np.ndarray, np.ndarray]:
    """The k satellites in sight of every site that are the least way off, range and way down together, best first.

    xyz_m: (time, 3, satellite) f4, Earth-fixed [m], NaN where a satellite is not; way_m: (satellite,) [m], from the
    satellite on, 0 or more, inf where there is none and the satellite is no use; None for 0. Returns satellite
    (time, k, place) i4, -1 where fewer are in sight, and score_m (time, k, place) f4, inf there.

    Sites come in the order of the blocks that `observers` sorted them into: column p is of site
    `observers.blocks.site[p]`, and `satellite[:, :, observers.blocks.place]` is in the caller's own order. In sight is
    what `sight_lines` lists, and a score its range plus the way, as float32: right to 5e-7 of itself. Equal scores fall
    to the satellite of lower number. Equal to trying every pair, to the bit. Raises `ModelError` for arrays that do
    not fit.

    >>> from obrii import frames
    >>> from obrii.links.visibility import observers
    >>> kyiv = observers([50.45], [30.52], 0.0, 25.0)
    >>> above = frames.geodetic_to_cartesian(np.full(3, 50.45), np.array([30.52, 33.0, 90.0]), np.full(3, 550e3))
    >>> satellite, score_m = best_satellites(kyiv, above[None].astype(np.float32), np.array([9e5, 1e5, 0.0]), k=3)
    >>> satellite[0, :, 0].tolist(), score_m[0, :, 0].round(-3).tolist()
    ([1, 0, -1], [680000.0, 1450000.0, inf])
    """
    if xyz_m.ndim != 3 or xyz_m.shape[1] != 3:
        raise ModelError(f"best satellites: xyz_m has shape {xyz_m.shape}; positions are (time, 3, satellite)")
    sky = np.ascontiguousarray(xyz_m, np.float32)
    way = np.zeros(sky.shape[2], np.float32) if way_m is None else np.ascontiguousarray(way_m, np.float32)
    if way.shape != sky.shape[2:]:
        raise ModelError(
            f"best satellites: way_m has shape {way.shape}; give ({sky.shape[2]},), one for each satellite"
        )
    if not (way >= 0.0).all():
        bad = int(np.argmin(way >= 0.0))
        raise ModelError(f"best satellites: way_m of satellite {bad} is {way[bad]:g}; a way is 0 or more, inf for none")
    if k < 1:
        raise ModelError(f"best satellites: k is {k}; ask for 1 or more")
    blocks = observers.blocks
    satellite = np.empty((len(sky), k, len(observers)), np.int32)
    score_m = np.empty(satellite.shape, np.float32)
    best.choose_best(
        _read_only(sky), _read_only(way), int(blocks.depth.max(initial=-1)) + 1, blocks.depth, blocks.begin, blocks.end,
        blocks.bound, blocks.look, satellite, score_m.view(np.int32),
    )  # fmt: skip
    return _read_only(satellite), _read_only(score_m)


def _read_only(array: np.ndarray) -> np.ndarray:
    """A view that cannot be written through."""
    view = array.view()
    view.setflags(write=False)
    return view
