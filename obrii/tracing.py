"""One way through the sky, hop by hop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from obrii import schema
from obrii.blocks import Sky, serve_block, sky_block
from obrii.constants import LIGHT_M_S
from obrii.errors import ScenarioError, nearest
from obrii.scenario.model import Scenario
from obrii.scenario.parts import Site, Variant
from obrii.scenario.stage import Stage, stage


@dataclass(frozen=True)
class Hop:
    """A place on the way and the link that led there; the first place has no link.

    name; kind: "site" or "satellite"; catalogue: the satellite's name in its element file, or empty;
    range_m, delay_s: of the link before it, one way.
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
    ... pair = [{from = "Lviv", to = "Odesa"}]
    ... [[operator]]
    ... name = "test"
    ... lasers = "plus-grid"
    ... shell = [{name = "s", planes = 36, satellites_per_plane = 20, inclination_deg = 70, altitude_m = 570e3}]
    ... ''')
    >>> [hop.kind for hop in trace(world, "Lviv - Odesa").hops]
    ['site', 'satellite', 'site']
    """
    world = stage(scenario)
    chosen = find_variant(scenario, variant)
    names = [p.name for p in scenario.pair]
    if pair not in names:
        raise ScenarioError(f"pair '{pair}' is not in this scenario{nearest(pair, names)}")
    sky = sky_block(scenario, slice(step, step + 1))
    arrays = {name: values[0, names.index(pair)] for name, values in serve_block(sky, chosen).items()}
    return Trace(
        pair=pair,
        variant=variant,
        utc=world.grid.utc[step],
        served=bool(arrays["pair_served"]),
        reason=schema.REASON_NAME[int(arrays["pair_reason"])],
        propagation_rtt_s=float(arrays["pair_propagation_rtt"]),
        rtt_s=float(arrays["pair_rtt"]),
        hops=_hops(world, sky, [int(node) for node in arrays["pair_route"] if node >= 0]),
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

    A place is a site's name or "lat,lon", which becomes a terminal of its own.
    """
    known = [site.name for site in scenario.site]
    added = [_place(place, known) for place in (start, end) if place not in known]
    same = [p for p in scenario.pair if {p.from_, p.to} == {start, end}]
    chosen = via or (same[0].via if same else "sky")
    data = scenario.model_dump(by_alias=True)
    data["site"] = [*data["site"], *(site.model_dump() for site in added)]
    data["pair"] = [{"from": start, "to": end, "via": chosen}]
    return scenario.changed(data), f"{start} - {end}"


def _place(place: str, known: list[str]) -> Site:
    parts = place.split(",")
    try:
        latitude_deg, longitude_deg = (float(part) for part in parts)
    except ValueError:
        hint = nearest(place, known) or f"; sites are {', '.join(known)}" if known else ""
        raise ScenarioError(f"no site is called '{place}'{hint}; a place is a site's name or lat,lon") from None
    if not (abs(latitude_deg) <= 90 and -180 <= longitude_deg <= 360):
        raise ScenarioError(f"place '{place}': latitude is -90 to 90 and longitude -180 to 360, in that order")
    return Site(name=place, latitude_deg=latitude_deg, longitude_deg=longitude_deg)


def _hops(world: Stage, sky: Sky, nodes: list[int]) -> tuple[Hop, ...]:
    satellites = len(world.constellation)
    xyz_m = [
        world.sites.xyz_m[:, node - satellites] if node >= satellites else sky.xyz_m[0, :, node].astype(np.float64)
        for node in nodes
    ]
    hops = []
    for k, node in enumerate(nodes):
        range_m = float(np.linalg.norm(xyz_m[k] - xyz_m[k - 1])) if k else 0.0
        satellite = node < satellites
        catalogued = satellite and world.constellation.elements.catalogue_id[node] >= 0
        hops.append(
            Hop(
                name=world.node_name(node),
                kind="satellite" if satellite else "site",
                catalogue=str(world.constellation.elements.name[node]) if catalogued else "",
                range_m=range_m,
                delay_s=range_m / LIGHT_M_S,
            )
        )
    return tuple(hops)
