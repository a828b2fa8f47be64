"""Routes and their delays: Hypatia's Kuiper-630 step by step, the bound of one shell, SciPy's routes."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations, pairwise

import numpy as np
import xarray

import obrii
from benchmarks import time_paths
from obrii import Scenario, simulate
from obrii.constants import LIGHT_M_S
from obrii.frames import great_circle_m
from obrii.links.geometry import slant_range_m
from obrii.network.snapshot import snapshot
from obrii.routing.shortest import routes_to
from obrii.scenario.stage import stage
from tests.reference import hypatia_plain
from tests.truth.test_delay_bounds import TOWNS, bound_ms
from tests.truth.test_hypatia import EXAMPLE, NUMBER, PUBLISHED, satellites_on
from validation.record import Effort, Finding, Validation

#: Steps of the published run, and those that its own files show as out of reach of St Petersburg.
STEPS = 2000
UNREACHED = slice(1554, 1652)


@cache
def hypatia() -> xarray.Dataset:
    """Our run of Hypatia's scenario, 2,000 steps of three pairs."""
    return simulate(Scenario.read(EXAMPLE)).sel(variant="intact")


@cache
def _twin(effort: Effort) -> tuple[float, int, str]:
    """Worst round trip [ns] and ways that differ from the plain twin's, and what was tried."""
    steps = range(0, STEPS, effort.of(200, 1, 1))
    xyz_m = hypatia_plain.positions_m(0.1 * np.array(steps))
    worst_ns, wrong, joined = 0.0, 0, 0
    for pair in PUBLISHED:
        start, end = pair.split(" - ")
        rtt_s = hypatia()["pair_propagation_rtt"].sel(pair=pair).values
        routes = hypatia()["pair_route"].sel(pair=pair).values
        for step, places_m in zip(steps, xyz_m, strict=True):
            way = hypatia_plain.ways(places_m, start, end)
            if math.isnan(way.rtt_s) or math.isnan(rtt_s[step]):
                # A satellite within a metre of the limit of range is float32's to decide.
                wrong += math.isnan(way.rtt_s) != math.isnan(rtt_s[step]) and way.margin_m > 1.0
                continue
            worst_ns, joined = max(worst_ns, 1e9 * abs(float(rtt_s[step]) - way.rtt_s)), joined + 1
            wrong += satellites_on(routes[step]) != way.nodes
    return worst_ns, wrong, f"{len(steps):,} steps of three pairs, {joined:,} with a way"


def twin_round_trips(effort: Effort) -> Finding:
    """Round trips against the plain twin."""
    worst_ns, _, tried = _twin(effort)
    return Finding(worst_ns, tried)


def twin_ways(effort: Effort) -> Finding:
    """Ways, satellite by satellite, against the plain twin."""
    _, wrong, tried = _twin(effort)
    return Finding(wrong, tried)


def _published_ways(effort: Effort, stem: str) -> list[tuple[int, ...]]:
    """Satellites on the way at every step, from a file that says when the way changes."""
    ways: list[tuple[int, ...]] = [()] * STEPS
    for line in (effort.folder / "hypatia" / f"kuiper_630_networkx_path_{stem}").read_text("utf-8").split():
        when_ns, way = line.split(",")
        nodes = () if way == "Unreachable" else tuple(map(int, way.split("-")[1:-1]))
        first = round(int(when_ns) / 1e8)
        ways[first:] = [nodes] * (STEPS - first)
    return ways


@cache
def _published(effort: Effort) -> tuple[float, int, int, int, str]:
    """Worst round trip [us] where the ways are the same, steps away from any change with another way, steps with
    another way at all, steps reachable in one program alone, and what was compared."""
    worst_us, wrong, moved, alone, same_ways = 0.0, 0, 0, 0, 0
    for pair in PUBLISHED:
        low, high = sorted(pair.split(" - "), key=NUMBER.__getitem__)
        stem = f"{NUMBER[low]}_to_{NUMBER[high]}.txt"
        theirs_s = np.loadtxt(effort.folder / "hypatia" / f"kuiper_630_networkx_rtt_{stem}", delimiter=",")[:, 1] * 1e-9
        theirs_s[theirs_s == 0] = np.nan
        ours_s = hypatia()["pair_propagation_rtt"].sel(pair=pair).values
        forth = 1 if pair.startswith(low) else -1
        ours = [satellites_on(route)[::forth] for route in hypatia()["pair_route"].sel(pair=pair).values]
        theirs = _published_ways(effort, stem)
        same = np.array([one == other for one, other in zip(ours, theirs, strict=True)])
        changes = [k for ways in (ours, theirs) for k, (one, other) in enumerate(pairwise(ways), 1) if one != other]
        near = np.isin(np.arange(STEPS), [k + by for k in changes for by in (-1, 0, 1)])
        both = same & ~np.isnan(ours_s) & ~np.isnan(theirs_s)
        worst_us = max(worst_us, 1e6 * float(np.abs(ours_s - theirs_s)[both].max()))
        wrong, moved, same_ways = wrong + int((~same & ~near).sum()), moved + int((~same).sum()), same_ways + both.sum()
        alone = max(alone, int((np.isnan(ours_s) != np.isnan(theirs_s)).sum()))
    return worst_us, wrong, moved, alone, f"2,000 steps of three pairs, {same_ways:,} with the same way"


def published_round_trips(effort: Effort) -> Finding:
    """Round trips against the published files."""
    worst_us, _, _, _, tried = _published(effort)
    return Finding(worst_us, tried)


def published_ways(effort: Effort) -> Finding:
    """Ways against the published files."""
    _, wrong, moved, _, _ = _published(effort)
    return Finding(
        wrong, f"6,000 steps; {moved} differ within a step of a change of way, where a link enters or leaves"
    )


def published_reach(effort: Effort) -> Finding:
    """Steps that are reachable in one of the two programs alone."""
    _, _, _, alone, _ = _published(effort)
    return Finding(alone, "2,000 steps of each pair; a satellite stands 23 m from the limit at 165.1 s")


def extremes(effort: Effort) -> Finding:
    """First, least, greatest and mean round trips as published, over steps reachable in both."""
    theirs = np.ones(STEPS, bool)
    theirs[UNREACHED] = False
    worst_us = 0.0
    for pair, (first_ns, least, most, mean, unreachable) in PUBLISHED.items():
        rtt_ms = hypatia()["pair_propagation_rtt"].sel(pair=pair).values * 1e3
        both = rtt_ms[theirs] if unreachable else rtt_ms
        figures = ((rtt_ms[0], first_ns * 1e-6), (both.min(), least), (both.max(), most), (both.mean(), mean))
        worst_us = max(worst_us, *(1e3 * abs(float(ours) - published) for ours, published in figures))
    return Finding(worst_us, "four figures of three pairs")


def range_limit(effort: Effort) -> Finding:
    """How far beyond the limit of access any first or last link is, on every route used."""
    scenario = Scenario.read(EXAMPLE)
    world, beyond_m, count = stage(scenario), -math.inf, 0
    n = len(world.constellation)
    for step in range(0, STEPS, effort.of(500, 4, 1)):
        xyz_m = obrii.sky_block(scenario, slice(step, step + 1)).xyz_m[0].astype(float)
        for route in hypatia()["pair_route"].isel(time=step).values:
            nodes = route[route >= 0]
            for site, satellite in ((nodes[0], nodes[1]), (nodes[-1], nodes[-2])) if len(nodes) else ():
                away_m = np.linalg.norm(xyz_m[:, satellite] - world.sites.xyz_m[:, site - n])
                beyond_m, count = max(beyond_m, float(away_m) - hypatia_plain.REACH_M), count + 1
    return Finding(beyond_m, f"{count:,} links between cities and satellites")


def bounds(effort: Effort) -> Finding:
    """The bound's own closed form, and fibre beside it, against published figures."""
    off = [abs(bound_ms(km) - ms) / 0.01 for km, ms in ((5_570.0, 41.11), (10_848.0, 78.49))]
    return Finding(max(off), "5,570 and 10,848 km over 550 km and 25°")


def below_bound(effort: Effort) -> Finding:
    """How far below the bound any route of a shell is, in per cent of it; above it where negative."""
    pairs = list(combinations(TOWNS, 2))
    site = '[[site]]\nname = "{}"\nlatitude_deg = {}\nlongitude_deg = {}\n'
    scenario = Scenario.parse(
        f'title = "one shell"\ntime = {{start = 2026-01-01T00:00:00Z, seconds = {effort.of(1_200, 5_760, 86_400)}, '
        "step_s = 60}\npair = [" + ", ".join(f'{{from = "{a}", to = "{b}", via = "sky"}}' for a, b in pairs) + "]\n"
        '[[operator]]\nname = "s"\nlasers = "plus-grid"\n[[operator.shell]]\nname = "550"\nplanes = 72\n'
        "satellites_per_plane = 22\ninclination_deg = 53\naltitude_m = 550e3\nphase_factor = 17\n"
        + "".join(site.format(name, *at) for name, at in TOWNS.items())
    )
    rtt_ms = 1e3 * simulate(scenario)["pair_propagation_rtt"].sel(variant="intact").values
    below, count = -math.inf, 0
    for k, (a, b) in enumerate(pairs):
        distance_km = float(great_circle_m(*TOWNS[a], *TOWNS[b])) / 1e3
        # The bound is for ways longer than two footprints.
        if distance_km > 2_500:
            below = max(below, 1 - float(np.nanmin(rtt_ms[:, k])) / bound_ms(distance_km))
            count += int(np.isfinite(rtt_ms[:, k]).sum())
    return Finding(1e2 * below, f"{count:,} ways between eight towns more than 2,500 km apart, 72 x 22 with F = 17")


def bent_pipe(effort: Effort) -> Finding:
    """Round trips up, down and back, in last digits printed."""
    off = [
        abs(4e3 * float(slant_range_m(altitude_m, elevation_deg)) / LIGHT_M_S - rtt_ms) / 1e-3
        for altitude_m, elevation_deg, rtt_ms in (
            (550e3, 90.0, 7.338),
            (550e3, 25.0, 14.987),
            (35_786e3, 90.0, 477.477),
        )
    ]
    return Finding(max(off), "550 km overhead and at 25°, geostationary overhead")


def scipy_distances(effort: Effort) -> Finding:
    """Distances from every satellite to every site that are not SciPy's to the last bit."""
    shells, sites = effort.of((time_paths.SHELL, 5), (time_paths.GRIDS, 192), (time_paths.GRIDS, 1_000))
    graph = snapshot(*time_paths.sky(shells, sites))
    ours = routes_to(graph, np.arange(sites)).distance_m[:, : graph.n_satellites]
    theirs, _ = time_paths.dijkstra(graph)
    differ = int((~((ours == theirs) | (np.isnan(ours) & np.isnan(theirs)))).sum())
    return Finding(differ, f"{ours.size:,} distances, {graph.n_satellites:,} satellites and {sites:,} sites")


VALIDATIONS = (
    Validation(
        "Hypatia's Kuiper-630: round trips", "plain twin in NumPy, SciPy and the sgp4 package (`hypatia_plain`)",
        "ns", 10.0, "Positions in float32 are off by up to 0.25 m a coordinate: 10 ns over ten links.",
        twin_round_trips,
    ),
    Validation(
        "Hypatia's Kuiper-630: ways", "the plain twin, `hypatia_plain`", "ways", 0,
        "None may differ; whether a satellite within 1 m of the limit of range is in reach, float32 decides.",
        twin_ways,
    ),
    Validation(
        "Hypatia's Kuiper-630: round trips as published", "Hypatia's files (Kassing et al., IMC 2020)", "µs", 1.0,
        "The other program's ranges are tens of metres off: 300 m over a round trip.", published_round_trips,
        needs_data=True,
    ),
    Validation(
        "Hypatia's Kuiper-630: ways as published", "Hypatia's files", "ways", 0,
        "None may differ but within a step of a change, which tens of metres move by a step.", published_ways,
        needs_data=True,
    ),
    Validation(
        "Hypatia's Kuiper-630: reach as published", "Hypatia's files", "steps out of 2,000", 1,
        "At 165.1 s a satellite stands 23 m from the limit, which the other program puts beyond it.", published_reach,
        needs_data=True,
    ),
    Validation(
        "Hypatia's Kuiper-630: first, least, greatest and mean as published", "Hypatia's files, rounded", "µs", 1.5,
        "Half of the last digit printed, and the other program's 1 µs.", extremes,
    ),
    Validation(
        "no link of a city is longer than its limit", "1,260 km, from positions and sites", "m", 1.0,
        "Positions in float32; negative is how far within the limit the longest is.", range_limit,
    ),
    Validation(
        "least delay over one shell, the bound itself", "closed form, worked out apart", "last digits", 0.5,
        "Half of the last digit printed.", bounds,
    ),
    Validation(
        "no route is faster than the bound", "closed form on a round Earth", "% below it", 0.5,
        "SGP4 over the ellipsoid differs from the round Earth by up to 0.5 % in distances; negative is slower.",
        below_bound,
    ),
    Validation(
        "bent pipe up, down and back", "closed form", "last digits", 0.5, "Half of the last digit printed.", bent_pipe
    ),
    Validation(
        "routes to every site over seven grids", "SciPy's Dijkstra", "distances", 0, "Identical to the last bit.",
        scipy_distances,
    ),
)  # fmt: skip
