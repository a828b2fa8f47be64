"""What three constellations carry in all, by the number of ground sites.

The systems of I. del Portillo, B. Cameron and E. Crawley, "A technical comparison of three low earth orbit satellite
constellation systems to provide global broadband", Acta Astronautica 159 (2019), 123-135. A tenth of all people ask for
300 kb/s each, of all satellites in view alike. A satellite passes on what its beams carry, to antennas at sites, or to
its neighbours over lasers. The total is a maximum flow at an instant, as there [assumption: from memory].

The paper spreads people on a fine grid, lays weather over every link and searches sites for each number of them. Here
people stand in the middle of 11,596 cells, every link carries its most, and sites are chosen one by one: the order of
the systems and the trend with sites may be expected, the digits not.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from obrii import frames
from obrii.constants import EARTH_MEAN_RADIUS_M
from obrii.ground import gazetteer, polygons, regions
from obrii.links import lasers
from obrii.links.visibility import observers, sight_lines
from obrii.orbits.elements import join
from obrii.orbits.propagation import positions, propagator
from obrii.orbits.shells import Shell, constellation

#: As in the paper: lowest elevation of an antenna of a site, how many a site has, who asks, and for how much each.
GATEWAY_MASK_DEG = 10.0
ANTENNAS = 30
SHARE, ASKED_MBPS = 0.1, 0.3

#: Towns that may become sites: at least so many people, and so far from every larger one chosen [assumption: a few
#: hundred, on islands too].
TOWN_PEOPLE, APART_M = 20_000, 500e3

#: Begin of the orbits, instants at which sites are chosen, and minutes between instants [assumption: no multiple of a
#: revolution nor of a day]. Chosen at 2 instants, 71 sites of OneWeb bring down 99.7 % of what is asked; at 12, 99.9 %.
EPOCH = np.datetime64("2019-01-01T00:00:00", "ns")
CHOICES = 12
CHOICE_MIN, TRIAL_MIN, TRIAL_FROM_MIN = 173, 487, 91


@dataclass(frozen=True)
class System:
    """A constellation of the paper, whole Mb/s.

    satellite_mbps: the most that a satellite carries down to users, and that all antennas which follow it send up to
    it; followed_by: how many antennas those are; laser_mbps: of each laser, each way, 0 without lasers; sites,
    published_tbps: the most that the paper finds, and with how many sites.
    """

    name: str
    shells: tuple[Shell, ...]
    user_mask_deg: float
    satellite_mbps: int
    followed_by: int
    laser_mbps: int
    sites: int
    published_tbps: float

    @property
    def antenna_mbps(self) -> int:
        """What one antenna sends."""
        return self.satellite_mbps // self.followed_by


#: Planes, heights, inclinations, masks, lasers within a shell, sites and totals: the paper. Assumptions: the largest
#: rate of a satellite and how many antennas follow it, both of the paper but from memory; phase factors; planes of
#: Telesat's polar shell over 180 degrees; four lasers a satellite, at the middle one of the paper's three rates.
SYSTEMS = (
    System(
        "OneWeb",
        (Shell("oneweb", 18, 40, 87.9, 1200e3, pattern="star", phase_factor=9),),
        user_mask_deg=55.0, satellite_mbps=9_970, followed_by=1, laser_mbps=0, sites=71, published_tbps=1.56,
    ),
    System(
        "Telesat",
        (
            Shell("polar", 6, 12, 99.5, 1000e3, pattern="star", phase_factor=3),
            Shell("inclined", 5, 9, 37.4, 1248e3, phase_factor=1),
        ),
        user_mask_deg=20.0, satellite_mbps=38_680, followed_by=2, laser_mbps=10_000, sites=42, published_tbps=2.66,
    ),
    System(
        "SpaceX",
        (
            Shell("1150", 32, 50, 53.0, 1150e3, phase_factor=1),
            Shell("1110", 32, 50, 53.8, 1110e3, phase_factor=1),
            Shell("1130", 8, 50, 74.0, 1130e3, phase_factor=1),
            Shell("1275", 5, 75, 81.0, 1275e3, phase_factor=1),
            Shell("1325", 6, 75, 70.0, 1325e3, phase_factor=1),
        ),
        user_mask_deg=40.0, satellite_mbps=21_360, followed_by=1, laser_mbps=10_000, sites=123, published_tbps=23.7,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Sky:
    """A system at an instant.

    asked_mbps (satellite,) i4: what users ask of each, at most what it carries; range_m (town, satellite) f4, NaN where
    out of sight; laser_a, laser_b (laser,) i4, laser_range_m (laser,) f4, NaN where the Earth is between.
    """

    asked_mbps: np.ndarray
    range_m: np.ndarray
    laser_a: np.ndarray
    laser_b: np.ndarray
    laser_range_m: np.ndarray


@cache
def towns() -> np.ndarray:
    """Places that may become sites, the largest first: indices into `gazetteer.places`."""
    places = gazetteer.places()
    index = np.flatnonzero((places.people >= TOWN_PEOPLE) & ~places.section)
    where = frames.up(places.latitude_deg[index], places.longitude_deg[index])
    near = np.cos(APART_M / EARTH_MEAN_RADIUS_M)
    free, found = np.ones(len(index), bool), []
    for k in range(len(index)):
        if free[k]:
            found.append(k)
            free &= where[:, k] @ where < near
    return index[found]


@cache
def trial(system: System, instants: int) -> tuple[np.ndarray, tuple[Sky, ...]]:
    """Sites in the order in which they are chosen, and the system at as many other instants."""
    order = site_order(system, _skies(system, CHOICE_MIN * np.arange(CHOICES)))
    return order, _skies(system, TRIAL_FROM_MIN + TRIAL_MIN * np.arange(instants))


def site_order(system: System, skies: tuple[Sky, ...]) -> np.ndarray:
    """Towns, each next one that which brings down most of what is asked of satellites without a site yet.

    As if there were no lasers; an antenna lands the whole of a satellite, and those with most are landed first. What a
    town brings falls with every other that is chosen, so that only the best are looked at again.
    """
    most = ANTENNAS // system.followed_by
    left = [sky.asked_mbps.astype(float) for sky in skies]
    sees = [[np.flatnonzero(row) for row in np.isfinite(sky.range_m)] for sky in skies]

    def landed(town: int) -> list[np.ndarray]:
        rows = [row[town] for row in sees]
        return [row[np.argsort(-asked[row], kind="stable")[:most]] for asked, row in zip(left, rows, strict=True)]

    heap = [(-np.inf, town) for town in range(len(towns()))]
    order: list[int] = []
    while heap:
        _, town = heapq.heappop(heap)
        best = landed(town)
        brings = sum(float(asked[satellites].sum()) for asked, satellites in zip(left, best, strict=True))
        if heap and (-brings, town) > heap[0]:
            heapq.heappush(heap, (-brings, town))
            continue
        order.append(town)
        for asked, satellites in zip(left, best, strict=True):
            asked[satellites] = 0.0
    return np.array(order)


def flow_tbps(system: System, sky: Sky, sites: np.ndarray, laser_mbps: int) -> float:
    """The most that a system carries at an instant with some sites, by SciPy's maximum flow [Tb/s].

    An antenna may follow several satellites in parts, so that no plan of antennas carries more.
    """
    n, m = len(sky.asked_mbps), len(sites)
    site, satellite = np.nonzero(np.isfinite(sky.range_m[sites]))
    lit = np.isfinite(sky.laser_range_m) & (laser_mbps > 0)
    a, b = sky.laser_a[lit], sky.laser_b[lit]
    source, sink, every = 2 * n + m, 2 * n + m + 1, np.arange(n)
    # A satellite is two nodes, with all antennas that follow it between them.
    tail = np.concatenate([np.full(n, source), every, a, b, n + satellite, 2 * n + np.arange(m)])
    head = np.concatenate([every, n + every, b, a, 2 * n + site, np.full(m, sink)])
    followed = system.followed_by * system.antenna_mbps
    room = np.concatenate(
        [
            sky.asked_mbps,
            np.full(n, followed),
            np.full(2 * len(a), laser_mbps),
            np.full(len(site), followed),
            np.full(m, ANTENNAS * system.antenna_mbps),
        ]
    )
    graph = csr_matrix((room.astype(np.int32), (tail, head)), shape=(sink + 1, sink + 1))
    return float(maximum_flow(graph, source, sink).flow_value) / 1e6


def total_tbps(system: System, instants: int, sites: int, laser_mbps: int | None = None) -> float:
    """The mean of the flows over instants; laser_mbps: instead of the system's own."""
    order, skies = trial(system, instants)
    rate = system.laser_mbps if laser_mbps is None else laser_mbps
    return float(np.mean([flow_tbps(system, sky, order[:sites], rate) for sky in skies]))


def asked_tbps(system: System, instants: int) -> float:
    """What users ask of satellites, at most what each carries: the total if sites were everywhere."""
    return float(np.mean([sky.asked_mbps.sum() for sky in trial(system, instants)[1]])) / 1e6


def _skies(system: System, minute: np.ndarray) -> tuple[Sky, ...]:
    utc = EPOCH + minute * np.timedelta64(1, "m")
    flown = join([constellation(shell, system.name, EPOCH) for shell in system.shells])
    xyz_m = positions(propagator(flown.elements), utc)
    links = _links(system)
    laser_m = lasers.ranges(links, xyz_m)
    asked, range_m = _asked_mbps(system, xyz_m), _ranges_m(xyz_m)
    return tuple(Sky(asked[t], range_m[t], links.a, links.b, laser_m[t]) for t in range(len(utc)))


def _links(system: System) -> lasers.Links:
    """Four lasers of every satellite, all within its shell, also where the system has none."""
    first = np.cumsum([0, *(len(shell) for shell in system.shells)])
    parts = [
        lasers.laser_links(shell, "plus-grid", 0 if shell.pattern == "star" else lasers.NATURAL)
        for shell in system.shells
    ]
    a, b = (np.concatenate([getattr(part, end) + k for part, k in zip(parts, first)]) for end in "ab")
    return lasers.Links(a, b, np.concatenate([part.cross_plane for part in parts]))


def _asked_mbps(system: System, xyz_m: np.ndarray) -> np.ndarray:
    """What users ask of satellites, of all in view alike, (time, satellite), cut to what one carries."""
    ids, _, people = regions.world_table()
    sights = sight_lines(observers(*polygons.centres(ids), 0.0, system.user_mask_deg), xyz_m)
    asked = np.zeros((len(xyz_m), xyz_m.shape[2]))
    for row, ptr, count in zip(asked, sights.ptr, sights.count, strict=True):
        each = np.repeat(SHARE * ASKED_MBPS * people / np.maximum(count, 1), count)
        row += np.bincount(sights.satellite[ptr[0] : ptr[-1]], each, len(row))
    # Whole Mb/s, as the flow counts: half a megabit of a satellite of gigabits.
    return np.rint(np.minimum(asked, system.satellite_mbps)).astype(np.int32)


def _ranges_m(xyz_m: np.ndarray) -> np.ndarray:
    """From every town to every satellite in sight of it, (time, town, satellite) f4 [m]."""
    places, index = gazetteer.places(), towns()
    sights = sight_lines(
        observers(places.latitude_deg[index], places.longitude_deg[index], 0.0, GATEWAY_MASK_DEG), xyz_m
    )
    range_m = np.full((len(xyz_m), len(index), xyz_m.shape[2]), np.nan, np.float32)
    for step, ptr, count in zip(range_m, sights.ptr, sights.count, strict=True):
        part = slice(ptr[0], ptr[-1])
        step[np.repeat(np.arange(len(index)), count), sights.satellite[part]] = sights.range_m[part]
    return range_m
