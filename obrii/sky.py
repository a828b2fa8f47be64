"""What is overhead in a block of steps: positions, sight lines and lasers, shared by every variant."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from obrii.kernels.landing import number_seen
from obrii.links import lasers
from obrii.links.geostationary import outside_arc
from obrii.links.left import without
from obrii.links.pointing import on_axis
from obrii.links.visibility import Sights, sight_lines
from obrii.network.degraded import Degraded, Raised, below, raised
from obrii.network.outages import Outages
from obrii.network.snapshot import Snapshot, snapshot
from obrii.orbits import propagation
from obrii.routing.waydown import Landings, landings
from obrii.scenario.model import Scenario
from obrii.scenario.stage import Stage, stage
from obrii.service.preference import View
from obrii.timegrid import nanoseconds


@dataclass(frozen=True)
class Near:
    """The satellites of one operator that any cell sees in a block, numbered among themselves.

    number (satellite,) i4, ascending from 0, -1 for those that no cell sees; landings: of each step, in numbers of all
    its satellites.
    """

    number: np.ndarray
    landings: tuple[Landings, ...]
    _ways: dict[int, Landings] = field(default_factory=dict, repr=False, compare=False)

    def at(self, step: int, lasers: bool) -> tuple[np.ndarray, np.ndarray, Landings]:
        """The satellites that count (near,) i4, numbers of all among these (satellite,), and landings in these numbers.

        lasers: whether ways go on over lasers, so that all count. If not, one that no cell sees carries nothing.
        """
        if lasers:
            return self._all, self._all, self.landings[step]
        if step not in self._ways:
            ways = self.landings[step]
            ptr, gateway, range_m = _rows(ways.ptr, self._some, ways.gateway, ways.range_m)
            self._ways[step] = Landings(ptr, gateway, range_m)
        return self._some, self.number, self._ways[step]

    @cached_property
    def _all(self) -> np.ndarray:
        return _fixed(np.arange(len(self.number), dtype=np.int32))

    @cached_property
    def _some(self) -> np.ndarray:
        return _fixed(np.flatnonzero(self.number >= 0).astype(np.int32))


@dataclass(frozen=True)
class Sky:
    """What is overhead in a block of steps, before anything fails.

    xyz_m (time, 3, satellite) f4, Earth-fixed; links: of fixed patterns, then all that are chosen in any step of the
    block; laser_operator (laser,) i8; laser_range_m (time, laser) f4, NaN where a link is not there, for the Earth, the
    laser's reach or another choice; for each operator: site_sights, of all sites; cell_sights, of all cells;
    site_blocked, cell_blocked (time, site or cell) bool, all satellites in sight stand by the geostationary arc;
    cell_rank: of the sight lines of cells, (sight,) f4, empty where the operator's policy ranks none; landings of each
    step, in indices of the operator's own satellites and gateways; and near: which satellites cells see at all. memory:
    ways down and schedules that variants share, by everything that they depend on.
    """

    scenario: Scenario
    steps: slice
    xyz_m: np.ndarray
    links: lasers.Links
    laser_operator: np.ndarray
    laser_range_m: np.ndarray
    site_sights: tuple[Sights, ...]
    site_blocked: tuple[np.ndarray, ...]
    cell_sights: tuple[Sights, ...]
    cell_blocked: tuple[np.ndarray, ...]
    cell_rank: tuple[np.ndarray, ...]
    landings: tuple[tuple[Landings, ...], ...]
    near: tuple[Near, ...]
    memory: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    def lit(self, off: Outages) -> np.ndarray:
        """Links whose lasers nothing has switched off, (laser,) bool."""
        fixed = len(off.laser)
        if fixed == len(self.links):
            return off.laser
        return np.concatenate([off.laser, self.links.take(slice(fixed, None)).lit(off.laser_end)])


def sky_block(scenario: Scenario, steps: slice) -> Sky:
    """Positions, sight lines and lasers of a block of steps, for all variants."""
    world = stage(scenario)
    utc = world.grid.utc[steps]
    own_m = [propagation.positions(propagator, utc) for propagator in world.propagators]
    xyz_m = np.concatenate(own_m, axis=2)
    links, laser_range_m = _lasers(world, utc, xyz_m)
    seen = [_seen(world, k, own, utc) for k, own in enumerate(own_m)]
    return Sky(
        scenario=scenario,
        steps=steps,
        xyz_m=xyz_m,
        links=links,
        laser_operator=world.operator_of(links.a),
        laser_range_m=laser_range_m,
        **_by_name(seen),
    )


def as_seen(sky: Sky, world: Stage) -> Sky:
    """The sky under what a variant sets otherwise: what is seen over other limits is found again, all else is shared.

    world: of the variant. The result is that of a scenario that says the same, to the bit.
    """
    base = stage(sky.scenario)
    if world is base:
        return sky
    utc = world.grid.utc[sky.steps]
    seen = []
    for k, (low, high) in enumerate(itertools.pairwise(world.first.tolist())):
        if world.looks[k] == base.looks[k]:
            seen.append(_Seen(**{part.name: getattr(sky, part.name)[k] for part in fields(_Seen)}))
            continue
        looks = ("looks", k, world.looks[k])
        if looks not in sky.memory:
            sky.memory[looks] = _seen(world, k, sky.xyz_m[:, :, low:high], utc)
        seen.append(sky.memory[looks])
    if world.reaches == base.reaches:
        return replace(sky, **_by_name(seen))
    reach = ("reach", *world.reaches)
    if reach not in sky.memory:
        sky.memory[reach] = _lasers(world, utc, sky.xyz_m)
    links, laser_range_m = sky.memory[reach]
    return replace(
        sky,
        links=links,
        laser_operator=world.operator_of(links.a),
        laser_range_m=laser_range_m,
        **_by_name(seen),
    )


def under_masks(sky: Sky, world: Stage, worse: Sequence[Degraded], steps: slice) -> tuple[Sky, tuple[bytes, ...]]:
    """The sky of some steps of a block while events raise masks; in other steps nothing is seen of what they touch.

    worse: what the events do in all of these steps. The result is that of an operator with such masks, to the bit.
    Also returns of each operator what decides it, empty where no mask of it is raised, and all is as it was.
    """
    if not worse:
        return sky, (b"",) * len(world.networks)
    seen, decides = [], []
    for k, (low, high) in enumerate(itertools.pairwise(world.first.tolist())):
        site, cell = (
            raised(worse, of, observers[k].min_sine, slice(low, high))
            for of, observers in (("site", world.site_observers), ("cell", world.cell_observers))
        )
        decides.append(b"".join(part.tobytes() for mask in (*site, *cell) for part in (mask.sine, mask.satellite)))
        old = _Seen(**{part.name: getattr(sky, part.name)[k] for part in fields(_Seen)})
        if not decides[-1]:
            seen.append(old)
            continue
        key = ("raised", k, world.looks[k], steps.start, steps.stop, len(site), decides[-1])
        if key not in sky.memory:
            sky.memory[key] = _raised(world, k, old, sky, steps, site, cell)
        seen.append(sky.memory[key])
    return (sky if not any(decides) else replace(sky, **_by_name(seen))), tuple(decides)


def _raised(
    world: Stage, k: int, old: _Seen, sky: Sky, steps: slice, site: tuple[Raised, ...], cell: tuple[Raised, ...]
) -> _Seen:
    """What sites and cells of one operator see above raised masks, in some steps of a block."""
    own_m = np.ascontiguousarray(sky.xyz_m[steps, :, world.first[k] : world.first[k + 1]])
    later = partial(_later, world.propagators[k], world.grid.utc[sky.steps][steps])
    count, gateways = len(sky.xyz_m), world.networks[k].gateways
    parts = []
    for observers, zone, masks, sights, blocked in (
        (world.site_observers[k], world.site_zones[k], site, old.site_sights, old.site_blocked),
        (world.cell_observers[k], world.cell_zones[k], cell, old.cell_sights, old.cell_blocked),
    ):
        if not masks:
            parts.append((sights, blocked))
            continue
        if zone.angle_deg.any():
            # What stood by the arc is among what is left out of sight lines, and may be so low that it does not count.
            now = outside_arc(_above(masks, sight_lines(observers, own_m)), zone, own_m)
            blocked = np.zeros_like(blocked)
            blocked[steps] = now.blocked
            parts.append((_placed(now.sights, steps, count), blocked))
        else:
            parts.append((_placed(_above(masks, _cut(sights, steps)), steps, count), blocked))
    (site_sights, site_blocked), (cell_sights, cell_blocked) = parts
    rank = old.cell_rank
    if cell:
        observers = world.cell_observers[k]
        sine = np.max([observers.min_sine, *(mask.sine for mask in cell)], axis=0)
        view = View(replace(observers, min_sine=sine), _cut(cell_sights, steps), own_m, later)
        rank = world.choices[k].ranks(view)
    found = list(old.landings)
    for step in range(count)[steps] if site else ():
        found[step] = landings(own_m.shape[2], *_at_sites(site_sights, step, gateways))
    # What stood too low before is not seen now, so that the numbers hold whatever the masks.
    near = Near(old.near.number, tuple(found)) if site else old.near
    return _Seen(site_sights, site_blocked, cell_sights, cell_blocked, rank, tuple(found), near)


def _above(masks: Sequence[Raised], sights: Sights) -> Sights:
    """The sight lines that stand above raised masks."""
    return without(sights, below(masks, sights.ptr, sights.satellite, sights.sin_elevation))


def _cut(sights: Sights, steps: slice) -> Sights:
    """The sight lines of some steps."""
    ptr = sights.ptr[steps]
    within = slice(ptr[0, 0], ptr[-1, -1])
    return Sights(ptr - ptr[0, 0], sights.satellite[within], sights.range_m[within], sights.sin_elevation[within])


def _placed(sights: Sights, steps: slice, count: int) -> Sights:
    """Sight lines of some steps as those of a block of so many, none in the others."""
    ptr = np.zeros((count, sights.ptr.shape[1]), np.int64)
    ptr[steps] = sights.ptr
    ptr[steps.stop :] = sights.ptr[-1, -1]
    return replace(sights, ptr=ptr)


@dataclass(frozen=True)
class _Seen:
    """What the sites and cells of one operator see, as `Sky` has it."""

    site_sights: Sights
    site_blocked: np.ndarray
    cell_sights: Sights
    cell_blocked: np.ndarray
    cell_rank: np.ndarray
    landings: tuple[Landings, ...]
    near: Near


def _seen(world: Stage, k: int, own_m: np.ndarray, utc: np.ndarray) -> _Seen:
    """Sight lines of one operator: own_m, the places of its satellites."""
    site, cell = (
        outside_arc(sight_lines(observers, own_m), zone, own_m)
        for observers, zone in (
            (world.site_observers[k], world.site_zones[k]),
            (world.cell_observers[k], world.cell_zones[k]),
        )
    )
    later = partial(_later, world.propagators[k], utc)
    gateways = world.networks[k].gateways
    ways = tuple(landings(own_m.shape[2], *_at_sites(site.sights, step, gateways)) for step in range(len(utc)))
    number = np.empty(own_m.shape[2], np.int32)
    number_seen(cell.sights.satellite, number)
    return _Seen(
        site_sights=site.sights,
        site_blocked=site.blocked,
        cell_sights=cell.sights,
        cell_blocked=cell.blocked,
        cell_rank=world.choices[k].ranks(View(world.cell_observers[k], cell.sights, own_m, later)),
        landings=ways,
        near=Near(_fixed(number), ways),
    )


def _by_name(seen: list[_Seen]) -> dict[str, Any]:
    return {part.name: tuple(getattr(each, part.name) for each in seen) for part in fields(_Seen)}


def _later(propagator: propagation.Propagator, utc: np.ndarray, wait_s: float) -> np.ndarray:
    return propagation.positions(propagator, utc + nanoseconds(wait_s))


def _lasers(world: Stage, utc: np.ndarray, xyz_m: np.ndarray) -> tuple[lasers.Links, np.ndarray]:
    """Links of a block, and the ranges of those that are there, and were there as long before as acquiring takes."""
    links, now_m = world.lasers.at(xyz_m)
    acquire_s = np.array([operator.laser_acquire_s for operator in world.scenario.operator])
    for wait_s in np.unique(acquire_s[acquire_s > 0]):
        before = [propagation.positions(propagator, utc - nanoseconds(wait_s)) for propagator in world.propagators]
        had_m = on_axis(links, *world.lasers.at(np.concatenate(before, axis=2)))
        now_m = np.where(acquire_s[world.operator_of(links.a)] == wait_s, lasers.acquired(now_m, had_m), now_m)
    return links, now_m


def graph_at(world: Stage, sky: Sky, step: int, off: Outages) -> Snapshot:
    """The graph of one step of a block: satellites, then sites; only what is on."""
    ptr, satellite, range_m = sights_at(world, sky, step)
    return snapshot(
        len(world.constellation),
        sky.links.a,
        sky.links.b,
        sky.laser_range_m[step],
        ptr,
        satellite,
        range_m,
        world.sites.relay,
        off.satellite,
        sky.lit(off),
        off.site,
    )


def sights_at(world: Stage, sky: Sky, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sight lines of all sites at one step, over all operators: ptr (site + 1,), satellite of all, range_m."""
    parts_of = [at_step(sights, step) for sights in sky.site_sights]
    parts = [
        (ptr, satellite + np.int32(low), away)
        for (ptr, satellite, away), low in zip(parts_of, world.first, strict=False)
    ]
    if len(parts) == 1:
        return parts[0]
    counts = np.stack([np.diff(ptr) for ptr, _, _ in parts])
    site = np.concatenate([np.repeat(np.arange(counts.shape[1]), count) for count in counts])
    order = np.argsort(site, kind="stable")
    ptr = np.concatenate([[0], np.cumsum(counts.sum(axis=0))])
    return ptr, np.concatenate([s for _, s, _ in parts])[order], np.concatenate([r for _, _, r in parts])[order]


def at_step(sights: Sights, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sight lines of all sites at one step: ptr (site + 1,) from 0, satellite, range_m."""
    low, high = sights.ptr[step, 0], sights.ptr[step, -1]
    return sights.ptr[step] - low, sights.satellite[low:high], sights.range_m[low:high]


def rank_at(sights: Sights, rank: np.ndarray, step: int) -> np.ndarray:
    """Ranks of the sight lines of one step, as `at_step` gives these."""
    return rank[sights.ptr[step, 0] : sights.ptr[step, -1]]


def _at_sites(sights: Sights, step: int, sites: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sight lines of some sites at one step, in their order: ptr (k + 1,), satellite, range_m."""
    return _rows(sights.ptr[step], sites, sights.satellite, sights.range_m)


def _rows(
    ptr: np.ndarray, row: np.ndarray, node: np.ndarray, range_m: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Some rows of a ragged list, in their order: ptr (k + 1,), node, range_m."""
    begin, end = ptr[row], ptr[row + 1]
    first = np.concatenate([[0], np.cumsum(end - begin)])
    index = np.arange(first[-1]) + np.repeat(begin - first[:-1], end - begin)
    return first, node[index], range_m[index]


def _fixed(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array
