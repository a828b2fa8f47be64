"""How long one more variant of the built-in scenario takes, without rates: one of every kind of event, and hard ones.

480 slots over Ukraine and the countries around it, and two operators. Every event holds from the first slot to the
last, unless it says otherwise. The sky and `intact` are there already, as in a run. Events on lasers are those of the
same scenario with lasers on every satellite of Starlink. No other program asks such questions, so there is no rival.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import Any

from obrii import Scenario
from obrii.blocks import BLOCK_STEPS, serve_block
from obrii.scenario.events import KINDS
from obrii.scenario.parts import Variant
from obrii.scenario.stage import stage
from obrii.sky import Sky, sky_block

NAME = "ukraine-autumn-2022"

#: Kinds of events that do nothing without rates.
WITH_RATES = {"service-limit"}

#: Variants by what they lose: kinds of events, and their targets.
LOSSES: dict[str, dict[str, dict[str, Any]]] = {
    "country off": {"service-off": {"countries": ["UKR"]}},
    "service off for a tenth of the terminals": {"service-off": {"share": 0.1}},
    "only listed terminals, a tenth of them refused": {"listed-only": {"refused_share": 0.1}},
    "core off": {"core-off": {"operator": "starlink"}},
    "core off, 16 % of the terminals left": {"core-off": {"operator": "starlink", "left": 0.16}},
    "operator gone": {"operator-off": {"operator": "starlink"}},
    "10 % of the satellites off": {"satellites-off": {"operator": "starlink", "share": 0.1}},
    "50 % of the satellites off": {"satellites-off": {"operator": "starlink", "share": 0.5}},
    "90 % of the satellites off": {"satellites-off": {"operator": "starlink", "share": 0.9}},
    "satellites off over 45 to 50 degrees": {"satellites-off": {"latitude_deg": [45, 50]}},
    "satellites off near Frankfurt": {"satellites-off": {"near": {"place": "Frankfurt", "radius_km": 1000}}},
    "satellites off below 545 km": {"satellites-off": {"altitude_km": [0, 545]}},
    "one shell off": {"satellites-off": {"operator": "starlink", "shell": "gen1-4"}},
    "storm": {"storm": {"operator": "starlink", "shares": [[500, 0.5], [600, 0.1]]}},
    "ageing, after up to five years": {"ageing": {"operator": "starlink", "lifetime_years": [0, 5]}},
    "half of the sites off": {"sites-off": {"operator": "starlink", "share": 0.5}},
    "gateways in Poland and Lithuania off": {"gateways-off": {"countries": ["POL", "LTU"]}},
    "half of the gateways off": {"gateways-off": {"operator": "starlink", "share": 0.5}},
    "90 % of the gateways off": {"gateways-off": {"operator": "starlink", "share": 0.9}},
    "gateways in five countries off": {"gateways-off": {"countries": ["DEU", "POL", "LTU", "ITA", "FRA"]}},
    "PoP in Frankfurt off": {"pops-off": {"sites": ["Frankfurt"]}},
    "ground in Germany and Poland off": {"ground-off": {"countries": ["DEU", "POL"]}},
    "half of the antennas off": {"antennas-off": {"operator": "starlink", "share": 0.5}},
    "80 % of the antennas off": {"antennas-off": {"operator": "starlink", "share": 0.8}},
    "half of the fibres off": {"fibre-off": {"operator": "starlink", "share": 0.5}},
    "masks of 40 degrees around Lviv": {
        "links-degraded": {"min_elevation_deg": 40, "near": {"place": "Lviv", "radius_km": 300}}
    },
    "licence for Crimea": {"licence-granted": {"operator": "starlink", "regions": ["UA-43"]}},
    "OneWeb with 10,000 terminals": {"add": {"operator": "oneweb", "groups": ["OneWeb, 10,000"]}},
    "country off, OneWeb with 10,000 terminals": {
        "service-off": {"operator": "starlink", "countries": ["UKR"]},
        "add": {"operator": "oneweb", "groups": ["OneWeb, 10,000"]},
    },
    "terminals of OneWeb, 50,000 a day": {
        "add": {"operator": "oneweb", "groups": ["OneWeb, 10,000"], "deliver_per_day": 50_000}
    },
    "satellites fail and come back": {"satellites-off": {"operator": "starlink", "share": 0.3}},
}

#: The same, where satellites of Starlink have lasers.
LASER_LOSSES: dict[str, dict[str, dict[str, Any]]] = {
    "all lasers off": {"lasers-off": {}},
    "lasers between planes off": {"lasers-off": {"links": "cross-plane"}},
    "10 % of the lasers off": {"lasers-off": {"share": 0.1}},
    "10 % of the satellites off": {"satellites-off": {"operator": "starlink", "share": 0.1}},
    "satellites off over 45 to 50 degrees": {"satellites-off": {"latitude_deg": [45, 50]}},
    "half of the gateways off": {"gateways-off": {"operator": "starlink", "share": 0.5}},
}

#: Times of events, by variant, where they do not hold all the time.
COURSES: dict[str, dict[str, Any]] = {
    "satellites fail and come back": {
        "start": "2022-10-03T12:10:00Z",
        "ramp_s": 1800,
        "end": "2022-10-03T13:00:00Z",
        "recovery_s": 2400,
    },
}


def scenario(name: str, kinds: dict[str, dict[str, Any]], lasers: str = "none") -> Scenario:
    """The built-in scenario with one other variant, and without rates."""
    built_in = Scenario.preset(NAME)
    data = built_in.model_dump(mode="python", by_alias=True, exclude_none=True)
    del data["traffic"]
    data["operator"][0]["lasers"] = lasers
    course = COURSES.get(name, {})
    data["event"] = [
        {"name": f"{name}: {kind}", "kind": kind, "target": target, **course} for kind, target in kinds.items()
    ]
    data["variant"] = [{"name": name, "events": [event["name"] for event in data["event"]]}]
    return built_in.changed(data)


def skies(scenario: Scenario, like: list[Sky]) -> list[Sky]:
    """The sky of all blocks, and what `intact` leaves in its memory; like: of a scenario in which the same flies."""
    found = [replace(sky, scenario=scenario, memory={}) for sky in like]
    found = found or [sky_block(scenario, steps) for steps in stage(scenario).grid.blocks(BLOCK_STEPS)]
    for sky in found:
        serve_block(sky, Variant(name="intact"))
    return found


def remembered(sky: Sky) -> Sky:
    """The same sky with a memory of its own, so that no run leaves anything for the next."""
    memory = {key: dict(kept) if isinstance(kept, dict) else kept for key, kept in sky.memory.items()}
    return replace(sky, memory=memory)


def seconds(skies: list[Sky], variant: Variant) -> float:
    """CPU time of one variant over all blocks."""
    taken = 0.0
    for sky in map(remembered, skies):
        began = time.process_time()
        serve_block(sky, variant)
        taken += time.process_time() - began
    return taken


def cases(names: list[str]) -> Iterator[tuple[str, list[Sky], Variant]]:
    """Every variant whose name holds one of some texts, or every one: its name, the sky, and the variant."""
    for where, losses, lasers in (("", LOSSES, "none"), (", over lasers", LASER_LOSSES, "plus-grid")):
        overhead: list[Sky] = []
        for name, kinds in losses.items():
            if not names or any(each in name + where for each in names):
                made = scenario(name, kinds, lasers)
                overhead = skies(made, overhead)
                yield name + where, overhead, made.variant[0]


def measure() -> list[dict[str, Any]]:
    """One row a variant: CPU seconds, the median of three runs over all slots."""
    measured = {kind for losses in (LOSSES, LASER_LOSSES) for kinds in losses.values() for kind in kinds}
    missing = KINDS.keys() - measured - WITH_RATES
    if missing:
        raise AssertionError(f"no variant has an event of kind {', '.join(sorted(missing))}")
    return [
        {"work": f"a further variant: {name}", "rival": "obrii", "figure": figure(overhead, variant), "unit": "s CPU"}
        for name, overhead, variant in cases([])
    ]


def figure(skies: list[Sky], variant: Variant, times: int = 3) -> float:
    """The median of the CPU time of some runs, after a block to warm up."""
    serve_block(remembered(skies[0]), variant)
    return median(seconds(skies, variant) for _ in range(times))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only variants whose names hold one of these")
    for name, overhead, variant in cases(parser.parse_args().names):
        print(f"{figure(overhead, variant):8.3f} s CPU  {name}", flush=True)
