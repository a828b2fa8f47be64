"""From a scenario to results: the only module that knows the whole order.

    sky_block(scenario, steps)   positions, sight lines, lasers of a block of steps, shared by every variant
    serve_block(sky, variant)    what is off, and the ways that are left, of one variant
    simulate(scenario)           the loop over blocks and variants

`sky_block` and `serve_block` are pure: the same arguments give the same arrays, in any thread or process.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import xarray

from obrii import schema
from obrii.constants import LIGHT_M_S
from obrii.links.visibility import Sights, sight_lines
from obrii.network.outages import Outages, compose
from obrii.network.snapshot import Snapshot, snapshot
from obrii.orbits import propagation
from obrii.results.provenance import provenance
from obrii.routing.shortest import path, routes_to
from obrii.scenario import events
from obrii.scenario.fields import utc64
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Variant
from obrii.scenario.stage import Stage, stage

#: Steps computed together: enough to keep calls cheap, few enough to keep a block in cache [assumption, measured].
BLOCK_STEPS = 64

#: Called after every block with the steps done and the steps in all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Sky:
    """What is overhead in a block of steps, before anything fails.

    xyz_m (time, 3, satellite) f4, Earth-fixed; laser_range_m (time, laser) f4, NaN where the Earth or the laser's
    reach forbids the link; site_sights: for each operator the sight lines of all sites.
    """

    scenario: Scenario
    steps: slice
    xyz_m: np.ndarray
    laser_range_m: np.ndarray
    site_sights: tuple[Sights, ...]


def sky_block(scenario: Scenario, steps: slice) -> Sky:
    """Positions, sight lines and lasers of a block of steps, for all variants."""
    world = stage(scenario)
    utc = world.grid.utc[steps]
    xyz_m = np.concatenate([propagation.positions(p, utc) for p in world.propagators], axis=2)
    return Sky(
        scenario=scenario,
        steps=steps,
        xyz_m=xyz_m,
        laser_range_m=world.lasers.ranges(xyz_m),
        site_sights=tuple(
            sight_lines(seen_from, np.ascontiguousarray(xyz_m[:, :, low:high]), first_satellite=int(low))
            for seen_from, low, high in zip(world.site_observers, world.first[:-1], world.first[1:], strict=True)
        ),
    )


def serve_block(sky: Sky, variant: Variant) -> dict[str, np.ndarray]:
    """What one variant leaves of a block of steps, as arrays by the names of `schema`, without the variant axis."""
    world = stage(sky.scenario)
    utc = world.grid.utc[sky.steps]
    pairs = _ends(world)
    routes: list[list[list[int]]] = []
    out = {
        "pair_reason": np.zeros((len(utc), len(pairs)), np.int8),
        "pair_propagation_rtt": np.full((len(utc), len(pairs)), np.nan),
        "pair_rtt": np.full((len(utc), len(pairs)), np.nan),
        "pair_hops": np.full((len(utc), len(pairs)), -1, np.int16),
    }
    off: dict[tuple[str, ...], Outages] = {}
    for step in range(len(utc)):
        acting = _acting(world.scenario, variant, utc[step])
        if acting not in off:
            off[acting] = outages(world, acting)
        routes.append(
            _pairs_at(world, sky, step, off[acting], pairs, {name: array[step] for name, array in out.items()})
        )
    out["pair_served"] = (out["pair_reason"] == 0).astype(np.int8)
    longest = max((len(route) for step_routes in routes for route in step_routes), default=0)
    out["pair_route"] = np.full((len(utc), len(pairs), longest), -1, np.int32)
    for step, step_routes in enumerate(routes):
        for k, route in enumerate(step_routes):
            out["pair_route"][step, k, : len(route)] = route
    return out


def simulate(scenario: Scenario, *, threads: int = 2, progress: Progress | None = None) -> xarray.Dataset:
    """Run every variant of a scenario over all its steps.

    threads: blocks computed at once; the results do not depend on it. Returns a Dataset on (variant, time, pair).

    >>> from obrii import Scenario, simulate
    >>> world = Scenario.parse('''
    ... title = "two towns under one shell"
    ... time = {start = 2026-01-01T00:00:00Z, seconds = 30, step_s = 15}
    ... [[operator]]
    ... name = "test"
    ... lasers = "plus-grid"
    ... shell = [{name = "s", planes = 36, satellites_per_plane = 20, inclination_deg = 70, altitude_m = 570e3}]
    ... [[site]]
    ... name = "Lviv"
    ... latitude_deg = 49.84
    ... longitude_deg = 24.03
    ... [[site]]
    ... name = "Odesa"
    ... latitude_deg = 46.48
    ... longitude_deg = 30.73
    ... [[pair]]
    ... from = "Lviv"
    ... to = "Odesa"
    ... ''')
    >>> results = simulate(world)
    >>> results["pair_served"].values.tolist()
    [[[1], [1]]]
    """
    world = stage(scenario)
    variants = scenario.variants()
    blocks = list(world.grid.blocks(BLOCK_STEPS))

    def run(steps: slice) -> list[dict[str, np.ndarray]]:
        sky = sky_block(scenario, steps)
        return [serve_block(sky, variant) for variant in variants]

    parts, done = [], 0
    with ThreadPoolExecutor(max_workers=threads) as pool:
        for steps, part in zip(blocks, pool.map(run, blocks), strict=True):
            parts.append(part)
            done += steps.stop - steps.start
            if progress is not None:
                progress(done, len(world.grid))
    return _dataset(world, variants, parts)


def outages(world: Stage, acting: tuple[str, ...]) -> Outages:
    """What is on while the events of these names act."""
    base = Outages(
        satellite_on=np.ones(len(world.constellation)),
        laser_on=np.ones(len(world.lasers)),
        site_on=~world.sites.planned,
    )
    return compose(base, [events.change(event, world) for event in world.scenario.event if event.name in acting])


def graph_at(world: Stage, sky: Sky, step: int, off: Outages) -> Snapshot:
    """The graph of one step of a block: satellites, then sites; only what is on."""
    ptr, satellite, range_m = _sights_at(sky, step)
    return snapshot(
        len(world.constellation),
        world.lasers.links.a,
        world.lasers.links.b,
        sky.laser_range_m[step],
        ptr,
        satellite,
        range_m,
        world.sites.relay,
        off.satellite_on,
        off.laser_on,
        off.site_on,
    )


def _acting(scenario: Scenario, variant: Variant, at: np.datetime64) -> tuple[str, ...]:
    """Events of a variant that act at an instant: those with at in [start, end)."""
    return tuple(
        event.name
        for event in scenario.event
        if event.name in variant.events
        and (event.start is None or utc64(event.start) <= at)
        and (event.end is None or at < utc64(event.end))
    )


def _ends(world: Stage) -> np.ndarray:
    """Sites at the ends of every pair, (pair, 2)."""
    index = {name: k for k, name in enumerate(world.sites.name.tolist())}
    return np.array([[index[pair.from_], index[pair.to]] for pair in world.scenario.pair], np.int64).reshape(-1, 2)


def _pairs_at(
    world: Stage, sky: Sky, step: int, off: Outages, pairs: np.ndarray, out: dict[str, np.ndarray]
) -> list[list[int]]:
    """Route every pair of one step; fill the arrays of the step and return the nodes of every way."""
    if not len(pairs):
        return []
    graph = graph_at(world, sky, step, off)
    delay = world.scenario.delay
    hop_m = delay.processing_per_hop_ms * 1e-3 * LIGHT_M_S
    ends, which = np.unique(pairs[:, 1], return_inverse=True)
    routes = routes_to(graph, ends, hop_m=hop_m)
    satellites = len(world.constellation)
    found: list[list[int]] = []
    for k, (start, _) in enumerate(pairs):
        node = satellites + int(start)
        length_m = float(routes.distance_m[which[k], node])
        if np.isnan(length_m):
            out["pair_reason"][k] = _reason(world, sky, step, off, pairs[k])
            found.append([])
            continue
        nodes = path(routes, int(which[k]), node)
        relays = len(nodes) - 2
        light_s = 2.0 * (length_m - relays * hop_m) / LIGHT_M_S
        floors = int((world.sites.role[pairs[k]] == "terminal").sum())
        out["pair_propagation_rtt"][k] = light_s
        out["pair_rtt"][k] = light_s + 1e-3 * (
            floors * delay.access_floor_ms + 2.0 * relays * delay.processing_per_hop_ms
        )
        out["pair_hops"][k] = len(nodes) - 1
        found.append(nodes)
    return found


def _reason(world: Stage, sky: Sky, step: int, off: Outages, ends: np.ndarray) -> int:
    """Why a pair has no way: the filter after which one of its ends had nothing left, in the order of `REASONS`."""
    ptr, satellite, _ = _sights_at(sky, step)
    seen = [satellite[ptr[site] : ptr[site + 1]] for site in ends]
    if not off.site_on[ends].all():
        return schema.REASON_CODE["switched-off"]
    if not all(len(satellites) for satellites in seen):
        return schema.REASON_CODE["below-mask"]
    if not all(off.satellite_on[satellites].any() for satellites in seen):
        return schema.REASON_CODE["satellite-off"]
    return schema.REASON_CODE["no-laser-path" if len(world.lasers) else "no-gateway-in-sight"]


def _sights_at(sky: Sky, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sight lines of all sites at one step, over all operators: ptr (site + 1,), satellite, range_m."""
    parts = [_row(sights, step) for sights in sky.site_sights]
    if len(parts) == 1:
        return parts[0]
    counts = np.stack([np.diff(ptr) for ptr, _, _ in parts])
    site = np.concatenate([np.repeat(np.arange(counts.shape[1]), count) for count in counts])
    order = np.argsort(site, kind="stable")
    ptr = np.concatenate([[0], np.cumsum(counts.sum(axis=0))])
    return ptr, np.concatenate([s for _, s, _ in parts])[order], np.concatenate([r for _, _, r in parts])[order]


def _row(sights: Sights, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    low, high = sights.ptr[step, 0], sights.ptr[step, -1]
    return sights.ptr[step] - low, sights.satellite[low:high], sights.range_m[low:high]


def _dataset(world: Stage, variants: list[Variant], parts: list[list[dict[str, np.ndarray]]]) -> xarray.Dataset:
    coords = {
        "variant": [variant.name for variant in variants],
        "time": world.grid.utc,
        "pair": [pair.name for pair in world.scenario.pair],
    }
    longest = max(block["pair_route"].shape[-1] for part in parts for block in part)
    arrays = {}
    for name in parts[0][0]:
        per_variant = [
            np.concatenate([_widened(part[v][name], name, longest) for part in parts]) for v in range(len(variants))
        ]
        axes = schema.VARIABLES[name].axes
        arrays[name] = schema.label(name, np.stack(per_variant), **{a: c for a, c in coords.items() if a in axes})
    arrays["window"] = schema.label("window", world.grid.window, time=coords["time"])
    arrays["duration_s"] = schema.label("duration_s", world.grid.duration_s, time=coords["time"])
    return xarray.Dataset(
        arrays, attrs=provenance(world.scenario.title, world.scenario.seed, world.scenario.resolved())
    )


def _widened(array: np.ndarray, name: str, longest: int) -> np.ndarray:
    """Routes of a block padded to the longest of the run; other arrays as they are."""
    if name != "pair_route":
        return array
    return np.pad(array, ((0, 0), (0, 0), (0, longest - array.shape[-1])), constant_values=-1)
