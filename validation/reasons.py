"""Why a cell has no service, whatever is switched off or lost: against sets of satellites, gateways and cables."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from obrii.schema import REASON_NAME
from tests.reference.small_world import EVENTS, STEPS, build, filters
from validation.record import Effort, Finding, Validation

#: What the sets do not know: whether antennas or beams suffice for those who could be reached.
BEYOND_SETS = ("served", "no-antenna", "no-beam")


def reasons(effort: Effort) -> Finding:
    """Cells with another reason than the sets give."""
    rng, wrong, judged = np.random.default_rng(15), 0, 0
    draws, names, found = effort.of(6, 400, 20_000), sorted(EVENTS), set()
    with TemporaryDirectory() as folder:
        world = build(Path(folder))
        for _ in range(draws):
            acting = set(rng.choice(names, rng.integers(0, 7), replace=False).tolist())
            answer = world.serve(acting)
            for (group, name), step in product(enumerate(("most", "few")), range(STEPS)):
                ours = [REASON_NAME[code] for code in answer["reason"][step, group].tolist()]
                for mine, yours in zip(ours, filters(world, acting, name, step), strict=True):
                    wrong += not (mine == yours or (yours == "reachable" and mine in BEYOND_SETS))
                judged, found = judged + len(ours), found | set(ours)
    tried = (
        f"{draws:,} draws of up to six of {len(names)} events, {judged:,} judgements, {len(found)} different reasons"
    )
    return Finding(wrong, tried)


VALIDATIONS = (
    Validation(
        "why a cell has no service", "sets of satellites, gateways, cables and cells (`small_world`)", "cells", 0,
        "None may differ. Whether antennas and beams suffice for whom can be reached, the sets do not know.", reasons,
    ),
)  # fmt: skip
