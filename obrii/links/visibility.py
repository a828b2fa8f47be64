"""Who sees which satellite: true elevation over the ellipsoid, above a mask, within a range.

Sites are sorted once into a tree of compact blocks (`observers`); every step, a block spares its sites all satellites
that none of them can see (`sight_lines`). The blocks never change the result, only its cost.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from obrii import frames
from obrii.errors import ModelError, ScenarioError
from obrii.kernels import sight

#: A block of at most so many sites, within such an angle of its centre, is not cut further. Measured with 10,000 to
#: 41,162 cells and 10,000 satellites: 16 to 48 sites and 4 to 8 deg differ by less than runs of one of them, a tenth.
LEAF_SITES = 32
LEAF_RADIUS_RAD = np.radians(6.0)

#: What the kernel's float32 may be wrong by, several times over: sine, squared length, height and range.
#: A block is widened by it, so that rounding never hides a satellite that the try of the pair would find.
_SINE_SLACK = 2e-6
_SQUARE_SLACK = 2e-6
_HEIGHT_SLACK = 4e-6
_LENGTH_SLACK_M = 100.0

#: The same for the bounds of `kernels.best`, which adds the rest: as a share, as a sine, and of lengths.
_BOUND_SLACK = 1e-5
_BOUND_SLACK_M = 2.0


@dataclass(frozen=True)
class Blocks:
    """A tree of blocks of sites, in preorder; arrays are read-only.

    depth (node,) i8; begin, end (node,) i8, places of a leaf's sites, equal elsewhere; gate (10, node) f4, see
    `_gates`; bound (15, node) f4, see `_bounds`; site (place,) i8, the site at every place; leaf, place (site,) i4,
    node and place of every site; look (11, place) f4: position x, y, z rounded, x, y, z of what it was rounded by [m],
    up x, y, z, sine of the mask, range limit [m].
    """

    depth: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    gate: np.ndarray
    bound: np.ndarray
    site: np.ndarray
    leaf: np.ndarray
    place: np.ndarray
    look: np.ndarray

    def __post_init__(self) -> None:
        _freeze(self)


@dataclass(frozen=True)
class Observers:
    """Sites that look at the sky; arrays are read-only.

    xyz_m (3, site) f8, Earth-fixed [m]; up (3, site) f8, normal to the ellipsoid; min_sine (site,) f8, sine of the
    mask, -inf where there is none; max_range_m (site,) f8, inf where there is none; blocks: the sites as a tree.
    """

    xyz_m: np.ndarray
    up: np.ndarray
    min_sine: np.ndarray
    max_range_m: np.ndarray
    blocks: Blocks

    def __post_init__(self) -> None:
        _freeze(self)

    def __len__(self) -> int:
        return len(self.min_sine)


@dataclass(frozen=True)
class Sights:
    """Sight lines of a block of steps as ragged lists; arrays are read-only.

    ptr (time, site + 1) i8: the sights of a site at a step are ptr[step, site] to ptr[step, site + 1] of the flat
    arrays; satellite (sight,) i4, ascending within a site; range_m (sight,) f4 [m]; sin_elevation (sight,) f4.
    """

    ptr: np.ndarray
    satellite: np.ndarray
    range_m: np.ndarray
    sin_elevation: np.ndarray

    def __post_init__(self) -> None:
        _freeze(self)

    def of(self, step: int, site: int) -> slice:
        """Where the sights of a site at a step lie in the flat arrays."""
        return slice(int(self.ptr[step, site]), int(self.ptr[step, site + 1]))

    @property
    def count(self) -> np.ndarray:
        """Satellites in sight, (time, site) i8."""
        return np.diff(self.ptr, axis=1)


def observers(
    latitude_deg: ArrayLike,
    longitude_deg: ArrayLike,
    altitude_m: ArrayLike,
    min_elevation_deg: ArrayLike,
    max_range_m: ArrayLike = np.inf,
) -> Observers:
    """Sites with a mask and a range limit, sorted into blocks.

    latitude_deg, longitude_deg: (site,); altitude_m over WGS 84, min_elevation_deg in [-90, 90), max_range_m above 0:
    (site,) or one for all. A mask of -90 is no mask: the range alone limits, and a ray may pass through the Earth.
    Refuses a number outside its range.

    >>> len(observers([50.45, 48.46], [30.52, 35.05], 0.0, 25.0))
    2
    """
    latitude = np.asarray(latitude_deg, float)
    for name, values in (
        ("latitude_deg", latitude_deg),
        ("longitude_deg", longitude_deg),
        ("altitude_m", altitude_m),
        ("min_elevation_deg", min_elevation_deg),
        ("max_range_m", max_range_m),
    ):
        if latitude.ndim != 1 or np.shape(values) not in ((), latitude.shape):
            raise ScenarioError(
                f"observers: {name} has shape {np.shape(values)}; give (site,), as many as latitude_deg"
            )
    longitude, altitude, mask, longest = (
        np.broadcast_to(np.asarray(values, float), latitude.shape)
        for values in (longitude_deg, altitude_m, min_elevation_deg, max_range_m)
    )
    for name, values, good, remedy in (
        ("latitude_deg", latitude, np.abs(latitude) <= 90.0, "from -90 to 90"),
        ("longitude_deg", longitude, np.isfinite(longitude), "a number"),
        ("altitude_m", altitude, np.isfinite(altitude), "a number"),
        ("min_elevation_deg", mask, (mask >= -90.0) & (mask < 90.0), "from -90 (no mask) to below 90"),
        ("max_range_m", longest, longest > 0.0, "above 0, inf for no limit"),
    ):
        if not good.all():
            bad = int(np.argmin(good))
            raise ScenarioError(f"observers: {name} of site {bad} is {values[bad]:g}; it must be {remedy}")
    xyz_m, up = frames.geodetic_to_cartesian(latitude, longitude, altitude), frames.up(latitude, longitude)
    sine = np.where(mask <= -90.0, -np.inf, np.sin(np.radians(mask)))
    return Observers(xyz_m, up, sine, longest.copy(), _blocks(xyz_m, up, sine, longest))


def sight_lines(observers: Observers, xyz_m: np.ndarray, first_satellite: int = 0) -> Sights:
    """Every satellite above the mask and within the range limit of every site, at every step.

    xyz_m: (time, 3, satellite) f4, Earth-fixed [m], NaN where a satellite is not: it is never seen. Satellites are
    numbered from first_satellite. Equal to trying every pair: sine of elevation >= mask and range <= limit, both as
    stored, so that stricter limits may be applied afterwards to the stored values. Range and elevation are right to
    1 m in 2,000 km and 1e-6 in the sine, and do not depend on which other sites or satellites are asked for.

    >>> kyiv = observers([50.45], [30.52], 0.0, 25.0)
    >>> overhead = frames.geodetic_to_cartesian(np.array([50.45]), np.array([30.52]), np.array([550e3]))
    >>> sights = sight_lines(kyiv, overhead[None].astype(np.float32))
    >>> sights.satellite.tolist(), sights.range_m.round().tolist(), sights.sin_elevation.round(6).tolist()
    ([0], [550000.0], [1.0])
    """
    if xyz_m.ndim != 3 or xyz_m.shape[1] != 3:
        raise ModelError(f"sight lines: xyz_m has shape {xyz_m.shape}; positions are (time, 3, satellite)")
    sky = np.ascontiguousarray(xyz_m, np.float32).view()
    sky.setflags(write=False)
    blocks = observers.blocks
    tree = (
        int(blocks.depth.max(initial=-1)) + 1,
        blocks.depth, blocks.begin, blocks.end, blocks.gate, blocks.leaf, blocks.place, blocks.look,
    )  # fmt: skip
    ptr = np.zeros((len(sky), len(observers) + 1), np.int64)
    index, near, first = np.empty(0, np.int32), np.empty((3, 0), np.float32), np.int32(first_satellite)
    # Satellites, ranges and sines are rows of one array: from 4 MB on NumPy asks for large pages, and small ones cost
    # more than what is written to them. Room that is never written to is never taken from the system.
    found, progress = np.empty((3, 0), np.int32), np.zeros(4, np.int64)
    while True:
        rows = found[0], *found[1:].view(np.float32)
        sight.trace_sights(sky, *tree, first, index, near, progress, ptr, *rows)
        step, total, listed, most = progress.tolist()
        if step == len(sky):
            return Sights(ptr, *(row[:total] for row in rows))
        if listed > index.size:
            index, near = np.empty(listed * 5 // 4, np.int32), np.empty((3, listed * 5 // 4), np.float32)
        if total + most > found.shape[1]:
            wider = np.empty((3, total + most * (len(sky) - step)), np.int32)
            wider[:, :total] = found[:, :total]
            found = wider


def range_m(site_xyz_m: np.ndarray, satellite_xyz_m: np.ndarray) -> np.ndarray:
    """Straight distance between points, (3, ...) and (3, ...) broadcastable [m], in float64."""
    return np.linalg.norm(np.asarray(satellite_xyz_m, float) - site_xyz_m, axis=0)


def elevation_deg(site_xyz_m: np.ndarray, up: np.ndarray, satellite_xyz_m: np.ndarray) -> np.ndarray:
    """Angle of a satellite above the plane normal to `up` at a site, in float64.

    site_xyz_m, up, satellite_xyz_m: (3, ...) broadcastable. Returns (...) [deg].

    >>> float(elevation_deg(np.array([6378e3, 0, 0]), np.array([1.0, 0, 0]), np.array([7378e3, 1000e3, 0])).round(9))
    45.0
    """
    ray = np.asarray(satellite_xyz_m, float) - site_xyz_m
    above = np.sum(ray * up, axis=0)
    return np.degrees(np.arctan2(above, np.linalg.norm(ray - above * up, axis=0)))


def _rows(length: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Room for sights: satellite, range and sine.

    One array: from 4 MB on NumPy asks for large pages, and small ones cost more than what is written to them. Room that
    is never written to is never given by the system.
    """
    rows = np.empty((3, length), np.int32)
    return rows[0], rows[1].view(np.float32), rows[2].view(np.float32)


def _blocks(xyz_m: np.ndarray, up: np.ndarray, min_sine: np.ndarray, max_range_m: np.ndarray) -> Blocks:
    """Sort sites into a tree, each node cut in up to four along the longest axes of its block."""
    radius = np.linalg.norm(xyz_m, axis=0)
    direction = xyz_m / radius
    # Lowest angle above the plane normal to the radius, not to the ellipsoid, at which a site may see a satellite.
    tilt = np.arccos(np.clip(np.sum(direction * up, axis=0), -1.0, 1.0))
    lowest = np.arcsin(np.maximum(min_sine - _SINE_SLACK, -1.0)) - tilt - _SINE_SLACK
    order, depth, first, last, is_leaf = _tree(direction)
    gate, bound = np.empty((10, depth.size), np.float32), np.empty((15, depth.size), np.float32)
    for level in range(depth.max(initial=-1) + 1):
        nodes = np.flatnonzero(depth == level)
        places, start = _places(first[nodes], last[nodes])
        s = order[places]
        gate[:, nodes] = _gates(direction[:, s], radius[s], lowest[s], max_range_m[s], start)
        bound[:, nodes] = _bounds(xyz_m[:, s], up[:, s], min_sine[s], max_range_m[s], start)
    size = np.where(is_leaf, last - first, 0)
    place = np.argsort(order)
    rounded_m = xyz_m.astype(np.float32)
    return Blocks(
        depth=depth,
        begin=np.cumsum(size) - size,
        end=np.cumsum(size),
        gate=gate,
        bound=bound,
        site=order,
        leaf=np.repeat(np.arange(size.size), size)[place].astype(np.int32),
        place=place.astype(np.int32),
        look=np.stack([*rounded_m, *(xyz_m - rounded_m), *up, min_sine, max_range_m])[:, order].astype(np.float32),
    )


def _tree(direction: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Site at every place; depth, first and last place of every node, parents first, and whether it is a leaf."""
    order = np.arange(direction.shape[1])
    first = np.zeros(min(order.size, 1), np.int64)
    last = first + order.size
    levels: list[tuple[np.ndarray, ...]] = []
    while not levels or first.size:
        is_leaf = _compact(direction, order, first, last)
        levels.append((np.full(first.size, len(levels)), first, last, is_leaf))
        # Two cuts a level: a level costs a pass over its parent's list, and four parts make better use of it than two.
        first, last = _halves(direction, order, first[~is_leaf], last[~is_leaf])
        whole = _compact(direction, order, first, last)
        quarters = _halves(direction, order, first[~whole], last[~whole])
        first, last = (np.sort(np.append(kept[whole], cut)) for kept, cut in zip((first, last), quarters, strict=True))
    depth, first, last, is_leaf = (np.concatenate(parts) for parts in zip(*levels, strict=True))
    # Within a leaf sites keep the caller's order, so that neighbours there stay neighbours in memory.
    leaf = np.searchsorted(np.sort(first[is_leaf]), np.arange(order.size), side="right")
    order, preorder = order[np.lexsort((order, leaf))], np.lexsort((depth, first))
    return order, depth[preorder], first[preorder], last[preorder], is_leaf[preorder]


def _places(first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All places of some blocks, one block after another, and where each block starts among them."""
    size = last - first
    start = np.cumsum(size) - size
    return np.arange(size.sum()) + np.repeat(first - start, size), start


def _compact(direction: np.ndarray, order: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Whether the sites of each block are few and close enough to be a leaf."""
    few = last - first <= LEAF_SITES
    places, start = _places(first[few], last[few])
    few[few] = _caps(direction[:, order[places]], start)[1] <= LEAF_RADIUS_RAD
    return few | (last - first == 1)


def _halves(
    direction: np.ndarray, order: np.ndarray, first: np.ndarray, last: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """First and last places of two parts of each block, cut across its longest axis; sorts `order` in place."""
    size, (places, start) = last - first, _places(first, last)
    points = direction[:, order[places]]
    spread = points - np.repeat(np.add.reduceat(points, start, axis=1) / size, size, axis=1)
    square = np.add.reduceat(spread[:, None] * spread, start, axis=2)
    longest = np.linalg.eigh(square.transpose(2, 0, 1)).eigenvectors[:, :, -1].T
    along = np.sum(np.repeat(longest, size, axis=1) * points, axis=0)
    block = np.repeat(np.arange(size.size), size)
    # Whole rows of lanes where a block has some to spare, so that hardly a leaf leaves lanes empty.
    half = np.where(size > sight.LANES, (size // 2 + sight.LANES // 2) // sight.LANES * sight.LANES, size // 2)
    order[places] = order[places][np.lexsort((along, block))]
    return np.stack([first, first + half], axis=1).ravel(), np.stack([first + half, last], axis=1).ravel()


def _caps(direction: np.ndarray, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centres (3, block) and angular radii (block,) [rad] of circles on the sphere around blocks of unit vectors."""
    size = _sizes(direction, start)
    mean = np.add.reduceat(direction, start, axis=1) / size
    length = np.linalg.norm(mean, axis=0)
    # Sites all around the Earth have no middle; any centre will do, as the circle is then the whole sphere.
    centre = np.where(length > 1e-6, mean / np.maximum(length, 1e-6), direction[:, start])
    nearness = np.sum(np.repeat(centre, size, axis=1) * direction, axis=0)
    return centre, np.arccos(np.clip(np.minimum.reduceat(nearness, start), -1.0, 1.0))


def _gates(
    direction: np.ndarray, radius_m: np.ndarray, lowest_rad: np.ndarray, longest_m: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """The part of the sky that each block may see: x, y, z, slack, flat, lean, roof, low2, slope, offset.

    With X the satellite, r its distance from the Earth's centre, c the centre of the block, rho its angular radius,
    R its lowest site and e the lowest elevation of any: a satellite is seen from a site at most acos(R cos e / r) - e
    away, as seen from the Earth's centre, so that it lies within rho more of c. By the addition theorem, with
    k = R cos e,

        X.c >= k cos(e - rho) + sin(e - rho) sqrt(r2 - k2)                        flat, lean, low2

    and, with p the mean distance of the sites from the Earth's centre and D the longest range and the block's own
    radius, |X - p c| <= D is

        X.c >= r2 / (2 p) + (p2 - D2) / (2 p)                                     slope, offset

    Both are loosened by what float32 may be wrong by: slack times r2 on the left, roof times r2 under the root.
    """
    centre, rho = _caps(direction, start)
    rho, size = rho + _SINE_SLACK, _sizes(direction, start)
    middle = np.add.reduceat(radius_m, start) / size
    away = direction * radius_m - np.repeat(middle * centre, size, axis=1)
    spread = np.maximum.reduceat(np.linalg.norm(away, axis=0), start)
    reach = np.maximum.reduceat(longest_m, start) * (1.0 + _SINE_SLACK) + spread + _LENGTH_SLACK_M
    lowest = np.minimum.reduceat(lowest_rad, start)
    low = np.minimum.reduceat(radius_m, start) * np.cos(lowest)
    flat, lean = low * np.cos(lowest - rho), np.sin(lowest - rho)
    # The angle from c is below 90 deg - e + rho; where that nears a straight angle the block sees the whole sky.
    whole_sky = np.pi / 2.0 - lowest + rho > np.radians(150.0)
    flat, lean, low = (np.where(whole_sky, no, part) for no, part in ((-np.inf, flat), (0.0, lean), (0.0, low)))
    roof = 1.0 - np.copysign(_SQUARE_SLACK, lean)
    offset = (middle * middle - reach * reach) / (2.0 * middle)
    return np.stack([*centre, _HEIGHT_SLACK / middle, flat, lean, roof, low * low, 1.0 / (2.0 * middle), offset])


def _bounds(
    xyz_m: np.ndarray, up: np.ndarray, min_sine: np.ndarray, max_range_m: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """What `kernels.best` needs of each block, and proves its bounds by; all in metres but the sines.

    Centre x, y, z; axis x, y, z; how far its sites lie off the centre across the axis and along it; half the square of
    the greatest distance; for the lowest, then for the highest mask: lean, room; longest, shortest range limit.
    """
    size = _sizes(up, start)
    centre = (np.add.reduceat(xyz_m, start, axis=1) / size).astype(np.float32)
    axis = np.add.reduceat(up, start, axis=1)
    axis = np.where(np.linalg.norm(axis, axis=0) > 1e-6, axis, up[:, start])
    axis = (axis / np.linalg.norm(axis, axis=0)).astype(np.float32)
    away, axes = xyz_m - np.repeat(centre, size, axis=1), np.repeat(axis, size, axis=1)
    rise = np.sum(away * axes, axis=0)
    lengths = np.abs([np.linalg.norm(away - rise * axes, axis=0), rise, np.linalg.norm(away, axis=0)])
    across, along, farthest = np.maximum.reduceat(lengths, start, axis=1) * (1.0 + _BOUND_SLACK) + _BOUND_SLACK_M
    turn = np.maximum.reduceat(np.linalg.norm(up - axes, axis=0), start) + _BOUND_SLACK
    room = along + farthest * turn
    # No mask is a sine of -inf; -2 is below every sine too, and can be multiplied.
    lowest, highest = np.minimum.reduceat(sine := np.maximum(min_sine, -2.0), start), np.maximum.reduceat(sine, start)
    return np.stack([
        *centre, *axis, across, along, farthest * farthest / 2.0,
        lowest - turn, room + np.abs(lowest) * farthest, highest + turn, room + np.abs(highest) * farthest,
        np.maximum.reduceat(max_range_m, start), np.minimum.reduceat(max_range_m, start),
    ])  # fmt: skip


def _sizes(values: np.ndarray, start: np.ndarray) -> np.ndarray:
    """How many of the columns of values belong to each block."""
    return np.diff(start, append=values.shape[-1])


def _freeze(record: object) -> None:
    """Make the arrays of a frozen dataclass contiguous and read-only."""
    for field in fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            array = np.ascontiguousarray(value).view()
            array.setflags(write=False)
            object.__setattr__(record, field.name, array)
