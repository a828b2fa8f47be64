"""Shells, planes and slots found in real catalogues, against measurements made of them apart."""

from __future__ import annotations

from tests.truth import test_lattices
from tests.truth.test_lattices import STARLINK_2022, STARLINK_2024, STARLINK_2026
from validation.record import Effort, Finding, Validation

#: Catalogue, shell as we call it; planes, slots, phase factor as measured.
LATTICES = (
    (STARLINK_2022, "53.1deg-547km", (72, 18, 45)),
    (STARLINK_2022, "53.2deg-540km", (72, 18, 45)),
    (STARLINK_2024, "53.2deg-540km", (72, 18, 45)),
    (STARLINK_2024, "70.0deg-570km", (36, 16, 17)),
    (STARLINK_2026, "53.2deg-540km", (72, 18, 45)),
    (STARLINK_2026, "70.0deg-570km", (36, 16, 17)),
    (STARLINK_2026, "43.0deg-485km", (99, 51, 35)),
)

#: Catalogue, shells, satellites counted within 5 km of their height.
COUNTED = (
    (STARLINK_2022, ("53.1deg-547km",), 1467),
    (STARLINK_2022, ("53.2deg-540km",), 886),
    (STARLINK_2026, ("43.0deg-485km",), 3253),
    (STARLINK_2026, ("53.2deg-463km",), 831),
    (STARLINK_2026, ("53.2deg-471km", "53.2deg-475km"), 1892),
    (STARLINK_2026, ("53.2deg-540km",), 1308),
    (STARLINK_2026, ("70.0deg-570km",), 700),
    (STARLINK_2026, ("97.3deg-462km",), 390),
    (STARLINK_2026, ("97.4deg-546km",), 473),
)


def lattices(effort: Effort) -> Finding:
    """Shells whose planes, slots or phase factor are others than measured."""
    cases = LATTICES[: effort.of(1, None, None)]
    wrong = 0
    for name, called, measured in cases:
        shells = {shell.name: shell for shell in test_lattices.read(effort.folder, name)[1].shells}
        found = shells.get(called)
        wrong += found is None or (found.planes, found.slots, found.phase_factor) != measured
    return Finding(wrong, f"{len(cases)} shells of Starlink: 72 x 18 with F = 45, 36 x 16 with 17, 99 x 51 with 35")


def counts(effort: Effort) -> Finding:
    """Satellites of shells that are more, or fewer, than were counted near their height."""
    cases = COUNTED[: effort.of(1, None, None)]
    off = 0.0
    for name, called, counted in cases:
        shells = {shell.name: len(shell) for shell in test_lattices.read(effort.folder, name)[1].shells}
        off = max(off, abs(1 - sum(shells.get(one, 0) for one in called) / counted))
    return Finding(1e2 * off, f"{len(cases)} heights in catalogues of 2022-09 and 2026-05")


VALIDATIONS = (
    Validation(
        "planes, slots and phase factor of real catalogues", "circular statistics with the numbers given, made apart",
        "shells", 0, "Whole numbers.", lattices, needs_data=True,
    ),
    Validation(
        "satellites that hold a shell", "counts by mean height, made apart", "%", 3.0,
        "Of the satellites within 5 km of a height up to 2.8 % are on their way past it.", counts, needs_data=True,
    ),
)  # fmt: skip
