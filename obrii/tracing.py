"""One way through the sky, hop by hop."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from obrii import frames, schema
from obrii.aimed import aimed
from obrii.blocks import BLOCK_STEPS, serve_after, serve_block
from obrii.constants import LIGHT_M_S
from obrii.errors import ScenarioError, nearest
from obrii.scenario.acting import check
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Variant
from obrii.scenario.stage import Stage, stage
from obrii.service.policy import FIBRE_SLOWDOWN
from obrii.sky import Sky, sky_block


@dataclass(frozen=True)
class Hop:
    """A place on the way and the link that led there; the first place has no link.

    name; kind: "terminal", "satellite", "gateway", "pop" or "place"; catalogue: the satellite's name in its element
    file, or empty; range_m, delay_s: of the link before it, one way, a straight line or a cable.
    """

    name: str
    kind: str
    catalogue: str
    range_m: float
    delay_s: float


@dataclass(frozen=True)
class Trace:
    """A pair at one step in one variant; without a way `hops` is empty and the times are NaN."""

    pair: str
    variant: str
    utc: np.datetime64
    served: bool
    reason: str
    propagation_rtt_s: float
    rtt_s: float
    hops: tuple[Hop, ...]


def trace(scenario: Scenario, pair: str, *, step: int = 0, variant: str = "intact") -> Trace:
    """Follow one pair at one step.

    pair: its name, "Manila - Dalian"; step: index in the run's time grid; variant: its name.
    Raises ScenarioError where the pair or the variant is not in the scenario.

    >>> from obrii import Scenario, trace
    >>> world = Scenario.parse('''
    ... title = "overhead"
    ... time = {start = 2026-01-01T00:00:00Z, seconds = 15, step_s = 15}
    ... delay = {access_floor_ms = 0, processing_per_hop_ms = 0}
    ... site = [{name = "Lviv", latitude_deg = 49.84, longitude_deg = 24.03},
    ...         {name = "Odesa", latitude_deg = 46.48, longitude_deg = 30.73}]
    ... pair = [{from = "Lviv", to = "Odesa", via = "sky"}]
    ... [[operator]]
    ... name = "test"
    ... lasers = "plus-grid"
    ... shell = [{name = "s", planes = 36, satellites_per_plane = 20, inclination_deg = 70, altitude_m = 570e3}]
    ... ''')
    >>> [hop.kind for hop in trace(world, "Lviv - Odesa").hops]
    ['terminal', 'satellite', 'terminal']
    """
    scenario = aimed(scenario)
    world = stage(scenario)
    check(world)
    chosen = find_variant(scenario, variant)
    names = [p.name for p in scenario.pair]
    if pair not in names:
        raise ScenarioError(f"pair '{pair}' is not in this scenario{nearest(pair, names)}")
    if len(names) > 1:
        only = [p for p in scenario.model_dump(by_alias=True)["pair"] if f"{p['from']} - {p['to']}" == pair]
        return trace(
            scenario.changed({**scenario.model_dump(by_alias=True), "pair": only}), pair, step=step, variant=variant
        )
    kept = None
    if world.remembers:
        # From where the window begins, as the run came to this step.
        begin = int(np.argmax(world.grid.window == world.grid.window[step]))
        for steps in (slice(k, min(k + BLOCK_STEPS, step)) for k in range(begin, step, BLOCK_STEPS)):
            _, kept = serve_after(sky_block(scenario, steps), chosen, kept)
    sky = sky_block(scenario, slice(step, step + 1))
    arrays = {k: v[0, 0] for k, v in serve_block(sky, chosen, kept).items() if k.startswith("pair_")}
    return Trace(
        pair=pair,
        variant=variant,
        utc=world.grid.utc[step],
        served=bool(arrays["pair_served"]),
        reason=schema.REASON_NAME[int(arrays["pair_reason"])],
        propagation_rtt_s=float(arrays["pair_propagation_rtt"]),
        rtt_s=float(arrays["pair_rtt"]),
        hops=_hops(world.of(chosen), sky, [int(node) for node in arrays["pair_route"] if node >= 0]),
    )


def find_variant(scenario: Scenario, name: str) -> Variant:
    """The variant of a name; ScenarioError with the nearest one where there is none."""
    variants = {variant.name: variant for variant in scenario.variants()}
    if name not in variants:
        hint = nearest(name, variants) or f"; there are {', '.join(variants)}"
        raise ScenarioError(f"no variant is called '{name}'{hint}")
    return variants[name]


def with_pair(scenario: Scenario, start: str, end: str, via: str | None) -> tuple[Scenario, str]:
    """The scenario with only the pair between two places, and the pair's name.

    A place is a site's name, a town's, or "lat,lon". via: "sky" or "pop"; by default that of the scenario's own pair of
    these places, else "pop" where there is one.
    """
    same = [pair.via for pair in scenario.pair if {pair.from_, pair.to} == {start, end}]
    has_pop = any(operator.ground for operator in scenario.operator) or any(s.role == "pop" for s in scenario.site)
    chosen = via or (same[0] if same else "pop" if has_pop else "sky")
    data = scenario.model_dump(by_alias=True)
    data["pair"] = [{"from": start, "to": end, "via": chosen}]
    return scenario.changed(data), f"{start} - {end}"


def _hops(world: Stage, sky: Sky, nodes: list[int]) -> tuple[Hop, ...]:
    """The places of the only pair's way, each with the link that led there."""
    if not nodes:
        return ()
    pair, names = world.ground.pairs[0], world.scenario.pair[0]
    if pair.via == "sky":
        return tuple(_hop(world, sky, nodes, k) for k in range(len(nodes)))
    cells = world.cells
    terminal = Hop(names.from_, "terminal", "", 0.0, 0.0)
    up_m = float(np.linalg.norm(_xyz(world, sky, nodes[0]) - cells.xyz_m[:, pair.start]))
    first = replace(_hop(world, sky, nodes, 0), range_m=up_m, delay_s=up_m / LIGHT_M_S)
    sites, satellites = world.sites, len(world.constellation)
    pop = nodes[-1] - satellites
    away_m = frames.great_circle_m(sites.latitude_deg[pop], sites.longitude_deg[pop], *pair.point_deg)
    last = _fibre(names.to, "place", world.scenario.delay.fibre_route_factor * float(away_m))
    cable_m = world.cable_m(nodes[-2] - satellites, pop)
    return (
        terminal,
        first,
        *(_hop(world, sky, nodes, k) for k in range(1, len(nodes) - 1)),
        _fibre(world.node_name(nodes[-1]), "pop", cable_m),
        last,
    )


def _fibre(name: str, kind: str, cable_m: float) -> Hop:
    return Hop(name, kind, "", cable_m, FIBRE_SLOWDOWN * cable_m / LIGHT_M_S)


def _hop(world: Stage, sky: Sky, nodes: list[int], k: int) -> Hop:
    """One node of a way over the sky, after the straight line that led there."""
    node = nodes[k]
    range_m = float(np.linalg.norm(_xyz(world, sky, node) - _xyz(world, sky, nodes[k - 1]))) if k else 0.0
    site = node - len(world.constellation)
    catalogued = site < 0 and world.constellation.elements.catalogue_id[node] >= 0
    return Hop(
        name=world.node_name(node),
        kind="satellite" if site < 0 else str(world.sites.role[site]),
        catalogue=str(world.constellation.elements.name[node]) if catalogued else "",
        range_m=range_m,
        delay_s=range_m / LIGHT_M_S,
    )


def _xyz(world: Stage, sky: Sky, node: int) -> np.ndarray:
    site = node - len(world.constellation)
    return world.sites.xyz_m[:, site] if site >= 0 else sky.xyz_m[0, :, node].astype(np.float64)
