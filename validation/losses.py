"""Random losses: against percolation theory on large lattices, and against networkx on Hypatia's Kuiper."""

from __future__ import annotations

import math
from functools import cache

import networkx
import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from obrii import Scenario, serve_block, sky_block
from obrii.links.lasers import Links
from obrii.network.snapshot import Snapshot, snapshot
from obrii.scenario.acting import Acting, outages
from obrii.scenario.stage import stage
from tests.reference import hypatia_plain
from tests.truth.test_hypatia import EXAMPLE, PUBLISHED
from tests.truth.test_torus import torus
from validation.record import Effort, Finding, Validation

#: Share of bonds and of sites that an infinite square lattice loses when it breaks: H. Kesten, Communications in
#: Mathematical Physics 74 (1980); M. E. J. Newman and R. M. Ziff, Physical Review Letters 85 (2000).
BOND_LOST, SITE_LOST = 0.5, 1 - 0.592746

#: Where the lattice breaks, its largest part grows as L^(2 - 5/48) with its side: the exponents of two dimensions, D.
#: Stauffer and A. Aharony, "Introduction to Percolation Theory" (1994), table 2.
EXPONENT = 5 / 48

#: Satellites lost of 72 x 22, the mean share of the survivors in the largest part, and how far one draw strays.
LARGEST = ((0.2, 0.998, 0.0017), (0.3, 0.983, 0.008), (0.4, 0.74, 0.18), (0.45, 0.34, 0.14))

#: Draws behind the published means.
PUBLISHED_DRAWS = 60


def left(links: Links, satellite_on: np.ndarray, laser_on: np.ndarray) -> Snapshot:
    """The graph of what is on, with links of any one length."""
    here = (len(satellite_on), links.a, links.b, np.full(len(links), 1e6, np.float32))
    return snapshot(*here, [0], [], [], [], satellite_on, laser_on, [])


def largest(graph: Snapshot) -> int:
    """Satellites in the largest connected part of a graph."""
    edges = csr_matrix((np.ones(len(graph.node), np.int8), graph.node, graph.ptr), shape=(len(graph), len(graph)))
    return int(np.bincount(connected_components(edges, directed=False)[1]).max())


def survivors(effort: Effort) -> Finding:
    """The largest part of the survivors on 72 x 22, in deviations of the difference of two means."""
    links, total, draws = torus(), 72 * 22, effort.of(60, 2_000, 50_000)
    rng, worst = np.random.default_rng(9), 0.0
    for lost, mean, stray in LARGEST:
        shares = []
        for _ in range(draws):
            on = np.ones(total, bool)
            on[rng.choice(total, round(lost * total), replace=False)] = False
            shares.append(largest(left(links, on, np.ones(len(links), bool))) / on.sum())
        # The published means are rounded to three digits, or to two.
        rounding = 0.0005 if mean > 0.9 else 0.005
        deviation = stray * math.sqrt(1 / PUBLISHED_DRAWS + 1 / draws)
        worst = max(worst, max(abs(float(np.mean(shares)) - mean) - rounding, 0.0) / deviation)
    return Finding(worst, f"20, 30, 40 and 45 % of 72 x 22 lost, {draws:,} draws each")


def _sides(effort: Effort) -> tuple[int, int]:
    return effort.of((16, 64), (32, 128), (128, 512))


def _lattices(effort: Effort) -> str:
    return " and ".join(f"{side} x {side}" for side in _sides(effort))


def _breaks_at(effort: Effort, of_lasers: bool, near: float) -> float:
    """The share lost at which the largest parts of two lattices, each scaled to its size, are alike."""
    rng = np.random.default_rng(10)
    sides, draws = _sides(effort), effort.of(100, 200, 1_000)
    # Where the larger of the two goes from nearly whole to nearly broken: the width shrinks as its side to the 3/4.
    beside = 0.45 * sides[1] ** -0.75 * np.linspace(-1, 1, 5)
    scaled = []
    for side in sides:
        links = torus(side, side)
        total = np.zeros(len(beside))
        for _ in range(draws):
            # One number for each satellite or laser, so that who loses more loses the same and others.
            number = rng.random(len(links) if of_lasers else side * side)
            for k, lost in enumerate(near + beside):
                on = [np.ones(side * side, bool), np.ones(len(links), bool)]
                on[of_lasers] = number >= lost
                total[k] += largest(left(links, *on))
        scaled.append(total / draws / side ** (2 - EXPONENT))
    crossings = np.roots(np.polyfit(beside, np.log(scaled[1] / scaled[0]), 2))
    return near + float(crossings[np.argmin(np.abs(crossings))].real)


def lasers_lost(effort: Effort) -> Finding:
    """The share of lasers whose loss breaks a large lattice."""
    found = _breaks_at(effort, of_lasers=True, near=BOND_LOST)
    return Finding(
        abs(found - BOND_LOST), f"{_lattices(effort)} lattices, scaled to their size, are alike at {found:.4f} lost"
    )


def satellites_lost(effort: Effort) -> Finding:
    """The share of satellites whose loss breaks a large lattice."""
    found = _breaks_at(effort, of_lasers=False, near=SITE_LOST)
    return Finding(
        abs(found - SITE_LOST), f"{_lattices(effort)} lattices, scaled to their size, are alike at {found:.4f} lost"
    )


@cache
def _kuiper(effort: Effort) -> tuple[float, int, int, str]:
    """Worst round trip [ns], pairs joined in one program alone, satellites by which largest parts differ, what was
    tried."""
    rng, total = np.random.default_rng(11), hypatia_plain.PLANES * hypatia_plain.SLOTS
    shares, draws = (0.02, 0.1, 0.2, 0.3, 0.4, 0.5), effort.of(1, 12, 400)
    steps = effort.of([700], [0, 700, 1400], list(range(0, 2000, 100)))
    lost = [
        sorted(rng.choice(total, round(share * total), replace=False).tolist())
        for share in shares
        for _ in range(draws)
    ]
    text = EXAMPLE.read_text("utf-8")
    for k, satellites in enumerate(lost):
        text += f'[[event]]\nname = "{k}"\nkind = "satellites-off"\ntarget = {{satellites = {satellites}}}\n'
        text += f'[[variant]]\nname = "{k}"\nevents = ["{k}"]\n'
    scenario = Scenario.parse(text)
    world = stage(scenario)
    worst_ns, wrong, parts, joined = 0.0, 0, 0, 0
    for step in steps:
        sky = sky_block(scenario, slice(step, step + 1))
        whole = _whole(hypatia_plain.positions_m(np.array([0.1 * step]))[0])
        for k, satellites in enumerate(lost):
            ours_s = serve_block(sky, scenario.variants()[k + 1])["pair_propagation_rtt"][0]
            graph = whole.copy()
            graph.remove_nodes_from(satellites)
            for pair, rtt_s in zip(PUBLISHED, ours_s.tolist(), strict=True):
                theirs_s = _round_trip_s(graph, *pair.split(" - "))
                wrong += math.isnan(rtt_s) != math.isnan(theirs_s)
                if not math.isnan(rtt_s) and not math.isnan(theirs_s):
                    worst_ns, joined = max(worst_ns, 1e9 * abs(rtt_s - theirs_s)), joined + 1
            off = outages(world, [Acting(str(k))])
            ours = largest(left(world.lasers.links, off.satellite, off.laser))
            flying = graph.subgraph(range(total))
            parts = max(parts, abs(ours - max(map(len, networkx.connected_components(flying)))))
    tried = (
        f"{len(lost)} draws of 2 to 50 % of satellites, {len(steps)} steps, {joined} of {3 * len(lost) * len(steps)} "
    )
    return worst_ns, wrong, parts, tried + "pairs joined"


def _whole(xyz_m: np.ndarray) -> networkx.Graph:
    """Satellites and cities of an instant, with all their links, as networkx has them."""
    graph = networkx.Graph()
    graph.add_nodes_from(range(len(xyz_m)))
    for a, b in hypatia_plain.lasers().tolist():
        graph.add_edge(a, b, weight=float(np.linalg.norm(xyz_m[a] - xyz_m[b])))
    for city, place in hypatia_plain.CITIES.items():
        away_m = np.linalg.norm(xyz_m - hypatia_plain.site_m(*place), axis=1)
        graph.add_node(city)
        for satellite in np.flatnonzero(away_m <= hypatia_plain.REACH_M).tolist():
            graph.add_edge(city, satellite, weight=float(away_m[satellite]))
    return graph


def _round_trip_s(graph: networkx.Graph, start: str, end: str) -> float:
    """There and back by light; NaN where there is no way. Cities do not relay, so the third one is left out."""
    without = graph.subgraph(node for node in graph if not isinstance(node, str) or node in (start, end))
    try:
        return 2 * networkx.dijkstra_path_length(without, start, end) / hypatia_plain.LIGHT_M_S
    except networkx.NetworkXNoPath:
        return math.nan


def kuiper_round_trips(effort: Effort) -> Finding:
    """Round trips over what is left."""
    worst_ns, _, _, tried = _kuiper(effort)
    return Finding(worst_ns, tried)


def kuiper_joined(effort: Effort) -> Finding:
    """Which pairs still have a way."""
    _, wrong, _, tried = _kuiper(effort)
    return Finding(wrong, tried)


def kuiper_parts(effort: Effort) -> Finding:
    """The largest part that is left of the satellites."""
    _, _, parts, tried = _kuiper(effort)
    return Finding(parts, tried.rpartition(",")[0])


VALIDATIONS = (
    Validation(
        "largest part of what is left of 72 x 22", "means of 60 draws of another program", "deviations", 3.0,
        "Of the difference of two means; four are compared, and the published ones are rounded.", survivors,
    ),
    Validation(
        "lasers lost at random until a lattice breaks", "percolation: a half of the bonds (Kesten 1980)",
        "of all lasers", 0.005, "Two lattices of a finite number of draws; three deviations of what the draws scatter.",
        lasers_lost,
    ),
    Validation(
        "satellites lost at random until a lattice breaks", "percolation: 0.4073 of the sites (Newman and Ziff 2000)",
        "of all satellites", 0.005,
        "Two lattices of a finite number of draws; three deviations of what the draws scatter.", satellites_lost,
    ),
    Validation(
        "round trips over Hypatia's Kuiper after random losses", "networkx over positions of the sgp4 package",
        "ns", 10.0, "Positions in float32 are off by up to 0.25 m a coordinate: 10 ns over ten links.",
        kuiper_round_trips,
    ),
    Validation(
        "which pairs are still joined after the losses", "networkx", "pairs", 0, "None may differ.", kuiper_joined
    ),
    Validation(
        "the largest part of Kuiper after the losses", "networkx", "satellites", 0, "None may differ.", kuiper_parts
    ),
)  # fmt: skip
