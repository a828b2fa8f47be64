"""How long satellites stay in sight and terminals with a satellite: against looking again and again."""

from __future__ import annotations

import numpy as np

from obrii.links.visibility import observers, sight_lines
from obrii.orbits import propagation
from obrii.scenario.stage import stage
from obrii.service.preference import AHEAD_S, time_in_sight_s
from obrii.timegrid import nanoseconds
from tests.reference import handovers_plain
from tests.results.test_handovers import drawn, followed
from tests.service.test_preference import left_by_sgp4
from validation.record import Effort, Finding, Validation
from validation.service import preset


def in_sight(effort: Effort) -> Finding:
    """Until when satellites of the built-in scenario are seen from all over the Earth."""
    sites, rng, worst, tried = effort.of(20, 200, 2_000), np.random.default_rng(7), 0.0, 0
    world = stage(preset())
    flying, at = world.propagators[0], world.grid.utc[:1]
    now_m, later_m = (propagation.positions(flying, at + nanoseconds(after)) for after in (0.0, AHEAD_S))
    for mask_deg, reach_m in ((25.0, np.inf), (40.0, np.inf), (-90.0, 1.1e6)):
        latitude = np.degrees(np.arcsin(rng.uniform(-1, 1, sites)))
        who = observers(latitude, rng.uniform(-180, 180, sites), 0.0, mask_deg, reach_m)
        sights = sight_lines(who, now_m)
        found = time_in_sight_s(who, sights, now_m, later_m, AHEAD_S)
        worst = max(worst, float(np.abs(found - left_by_sgp4(flying, at, who, sights)).max()))
        tried += len(found)
    return Finding(worst, f"{tried:,} satellites in sight above 25 and 40 deg, and within 1,100 km")


def handovers(effort: Effort) -> Finding:
    """Handovers, and times with a satellite, of drawn runs in blocks."""
    runs, off, told = effort.of(20, 2_000, 50_000), 0, 0
    for seed in range(runs):
        utc, window, duration_s, satellite = drawn(seed)
        plain = handovers_plain.arrays(window, duration_s, satellite)
        found = followed(utc, window, duration_s, satellite, size=1 + seed % 12)
        off += sum(int((~np.isclose(found[name], plain[name], rtol=1e-6, equal_nan=True)).sum()) for name in plain)
        told += satellite.size
    return Finding(off, f"{runs:,} drawn runs in blocks of 1 to 12 steps, {told:,} steps of terminals")


VALIDATIONS = (
    Validation(
        "how long a satellite stays in sight", "SGP4, looked at every half second", "s", 2.0,
        "Half a step of looking; the Earth's bulge moves orbits by some kilometres, and a circle does not know: half a "
        "second, more where a pass hardly rises above the mask.", in_sight,
    ),
    Validation(
        "handovers, and how long a satellite serves", "one terminal at a time (`handovers_plain`)", "wrong", 0,
        "None may differ.", handovers,
    ),
)  # fmt: skip
