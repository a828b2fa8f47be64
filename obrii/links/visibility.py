"""Who sees which satellite: true elevation over the ellipsoid, above a mask, within a range.

Sites are sorted once into a tree of compact blocks (`observers`); every step, a block spares its sites all satellites
that none of them can see (`sight_lines`). The blocks never change the result, only its cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from obrii import frames
from obrii.errors import ModelError, ScenarioError
from obrii.kernels import sight

#: A block of at most so many sites, within such an angle of its centre, is not cut further. Measured with 10,000 to
#: 41,162 cells and 10,000 satellites: 16 to 32 sites and 4 to 9 deg differ by less than runs of one of them, a fifth.
LEAF_SITES = 32
LEAF_RADIUS_RAD = np.radians(6.0)

#: What the kernel's float32 may be wrong by, several times over: sine, squared length, height and range.
#: A block is widened by it, so that rounding never hides a satellite that the try of the pair would find.
_SINE_SLACK = 2e-6
_SQUARE_SLACK = 2e-6
_HEIGHT_SLACK = 4e-6
_LENGTH_SLACK_M = 100.0


@dataclass(frozen=True)
class Blocks:
    """A tree of blocks of sites, in preorder; arrays are read-only.

    depth (node,) i8; begin, end (node,) i8, places of a leaf's sites, equal elsewhere; gate (10, node) f4, see
    `_gate`; site (place,) i8, the site at every place; high_m, low_m (3, place) f4 [m], whose sum is the position;
    up (3, place) f4; min_sine (place,) f4; max_range_m (place,) f4.
    """

    depth: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    gate: np.ndarray
    site: np.ndarray
    high_m: np.ndarray
    low_m: np.ndarray
    up: np.ndarray
    min_sine: np.ndarray
    max_range_m: np.ndarray

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
        blocks.depth, blocks.begin, blocks.end, blocks.gate, blocks.site, blocks.high_m, blocks.low_m, blocks.up,
        blocks.min_sine, blocks.max_range_m,
    )  # fmt: skip
    ptr = np.zeros((len(sky), len(observers) + 1), np.int64)
    found = np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.float32)
    levels = int(blocks.depth.max(initial=-1)) + 1
    if len(observers):
        sight.trace_sights(sky, levels, *tree, np.int32(first_satellite), False, ptr, *found)
    np.cumsum(ptr.ravel(), out=ptr.ravel())
    total = int(ptr[-1, -1]) if ptr.size else 0
    if total:
        found = np.empty(total, np.int32), np.empty(total, np.float32), np.empty(total, np.float32)
        sight.trace_sights(sky, levels, *tree, np.int32(first_satellite), True, ptr, *found)
    return Sights(ptr, *found)


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


def _blocks(xyz_m: np.ndarray, up: np.ndarray, min_sine: np.ndarray, max_range_m: np.ndarray) -> Blocks:
    """Sort sites into a tree, each node cut in up to four along the longest axes of its block."""
    radius = np.linalg.norm(xyz_m, axis=0)
    direction = xyz_m / radius
    # Lowest angle above the plane normal to the radius, not to the ellipsoid, at which a site may see a satellite.
    tilt = np.arccos(np.clip(np.sum(direction * up, axis=0), -1.0, 1.0))
    lowest = np.arcsin(np.maximum(min_sine - _SINE_SLACK, -1.0)) - tilt - _SINE_SLACK
    nodes = list(_tree(direction, np.arange(radius.size))) if radius.size else []
    size = np.array([sites.size if leaf else 0 for _, leaf, sites in nodes], np.int64)
    order = np.concatenate([sites for _, leaf, sites in nodes if leaf]) if nodes else np.empty(0, np.int64)
    gates = [_gate(direction[:, s], radius[s], lowest[s].min(), max_range_m[s].max()) for _, _, s in nodes]
    high_m = xyz_m[:, order].astype(np.float32)
    return Blocks(
        depth=np.array([depth for depth, _, _ in nodes], np.int64),
        begin=np.cumsum(size) - size,
        end=np.cumsum(size),
        gate=np.array(gates, np.float32).reshape(-1, 10).T,
        site=order,
        high_m=high_m,
        low_m=(xyz_m[:, order] - high_m).astype(np.float32),
        up=up[:, order].astype(np.float32),
        min_sine=min_sine[order].astype(np.float32),
        max_range_m=max_range_m[order].astype(np.float32),
    )


def _tree(direction: np.ndarray, sites: np.ndarray, depth: int = 0) -> Iterator[tuple[int, bool, np.ndarray]]:
    """Depth, whether it is a leaf, and sites of every node, parents first."""
    leaf = _compact(direction[:, sites])
    yield depth, leaf, sites
    if leaf:
        return
    for half in _halves(direction, sites):
        # Two cuts a level: a level costs a pass over its parent's list, and four parts make better use of it than two.
        quarters = [half] if _compact(direction[:, half]) else _halves(direction, half)
        for quarter in quarters:
            yield from _tree(direction, quarter, depth + 1)


def _compact(direction: np.ndarray) -> bool:
    """Whether sites are few and close enough to be a leaf."""
    if direction.shape[1] == 1:
        return True
    return direction.shape[1] <= LEAF_SITES and _cap(direction)[1] <= LEAF_RADIUS_RAD


def _halves(direction: np.ndarray, sites: np.ndarray) -> list[np.ndarray]:
    """Cut a block into two equal parts across its longest axis."""
    points = direction[:, sites]
    spread = points - points.mean(axis=1, keepdims=True)
    along = np.linalg.eigh(spread @ spread.T).eigenvectors[:, -1] @ points
    half = sites.size // 2
    order = np.argpartition(along, half)
    return [np.sort(sites[order[:half]]), np.sort(sites[order[half:]])]


def _cap(direction: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre and angular radius [rad] of a circle on the sphere around unit vectors (3, site)."""
    mean = direction.mean(axis=1)
    length = np.linalg.norm(mean)
    # Sites all around the Earth have no middle; any centre will do, as the circle is then the whole sphere.
    centre = mean / length if length > 1e-6 else direction[:, 0]
    return centre, float(np.arccos(np.clip((centre @ direction).min(), -1.0, 1.0)))


def _gate(direction: np.ndarray, radius_m: np.ndarray, lowest_rad: float, longest_m: float) -> list[float]:
    """The part of the sky that a block of sites may see: x, y, z, slack, flat, lean, roof, low2, slope, offset.

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
    centre, rho = _cap(direction)
    rho += _SINE_SLACK
    middle = float(radius_m.mean())
    spread = np.linalg.norm(direction * radius_m - (middle * centre)[:, None], axis=0).max()
    reach = longest_m * (1.0 + _SINE_SLACK) + spread + _LENGTH_SLACK_M
    low = radius_m.min() * np.cos(lowest_rad)
    flat, lean = low * np.cos(lowest_rad - rho), np.sin(lowest_rad - rho)
    # The angle from c is below 90 deg - e + rho; where that nears a straight angle the block sees the whole sky.
    if np.pi / 2.0 - lowest_rad + rho > np.radians(150.0):
        flat, lean, low = -np.inf, 0.0, 0.0
    roof = 1.0 - np.copysign(_SQUARE_SLACK, lean)
    offset = (middle * middle - reach * reach) / (2.0 * middle)
    return [*centre, _HEIGHT_SLACK / middle, flat, lean, roof, low * low, 1.0 / (2.0 * middle), offset]


def _freeze(record: object) -> None:
    """Make the arrays of a frozen dataclass contiguous and read-only."""
    for field in fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray):
            array = np.ascontiguousarray(value).view()
            array.setflags(write=False)
            object.__setattr__(record, field.name, array)
