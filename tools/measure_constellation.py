"""Measure the presets as flown from catalogues. For maintainers; nothing here runs when the package does.

    OBRII_DATA=... python -m tools.measure_constellation

A satellite belongs to a shell where it holds the shell's height within a kilometre; what raises, lowers or stands apart
is left out and counted. The shells of 2022 are told, those of 2026 are found.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from obrii.orbits.catalog import Catalog, read
from obrii.orbits.duty import DIRECT_TO_CELL, LOWERING, OPERATIONAL, RAISING, duties
from obrii.orbits.lattices import FoundShell
from obrii.orbits.planes import lattice, secular
from obrii.orbits.shells import SLOT_REACH, mean_altitude_m

PRESET = Path(__file__).parents[1] / "obrii" / "scenario" / "presets" / "constellations" / "starlink-2022-09.toml"
CATALOGUE = Path("tle") / "starlink_2022-09-14.tle"

#: Instant of the angles in the preset, UTC: near the middle of the epochs in the catalogue.
EPOCH = np.datetime64("2022-09-14T12:00:00", "ns")

#: How far a satellite may be from the height of its shell and hold its place there [m]. Each kilometre moves it by 1.2
#: degrees a day along the orbit. In this catalogue 1 km parts two kinds: 99 % of those nearer are within 300 m.
HELD_M = 1000.0

#: How far a satellite may be from a slot and be written in it [slots]. Assumption: it is on its way back to the slot.
#: Others are written as they stand, to `DECIMALS` of a slot.
IN_SLOT = 0.02
DECIMALS = 2


@dataclass(frozen=True)
class Group:
    """Satellites of one inclination, all that the catalogue holds."""

    name: str
    lowest_deg: float
    highest_deg: float


@dataclass(frozen=True)
class Search:
    """A shell to look for: where it is known to be, and the planes and slots that its satellites turn out to fit."""

    name: str
    group: str
    altitude_m: float
    planes: int
    slots: int
    remark: str


GROUPS = (
    Group("53.05 deg", 52.0, 53.13),
    Group("53.2 deg", 53.13, 54.0),
    Group("70 deg", 69.0, 71.0),
    Group("97.6 deg", 97.0, 98.5),
)

SEARCHES = (
    Search("gen1-1", "53.05 deg", 547.5e3, 72, 18, "licensed at 53.0 degrees and 550 km as 72 planes of 22"),
    Search("gen1-2", "53.2 deg", 540e3, 72, 18, "licensed at 540 km as 72 planes of 22; being filled"),
    Search(
        "gen1-3", "70 deg", 570e3, 36, 14, "licensed as 36 planes of 20; two planes and a first satellite of a third"
    ),
    Search("gen1-3-575km", "70 deg", 575e3, 1, 14, "the rest of that third plane, held 5 km above the others"),
    Search("gen1-4", "97.6 deg", 560e3, 6, 36, "licensed as 6 planes of 58, which two planes 120 degrees apart fit"),
)

_TITLE = "Starlink as it flew on 2022-09-14: {here:,} satellites of {there:,} held their places"
_SOURCE = (
    "CelesTrak catalogue of 2022-09-14; measured: node and argument of latitude of every satellite carried to one "
    "instant by SGP4, then planes, slots and phase factor by circular statistics"
)
_HEAD = """\
# Written by tools/measure_constellation.py; do not edit by hand. Angles are those of the epoch.
# A satellite counts where its mean altitude is within {held_km:g} km of its shell's. filled says, plane by plane, where
# they are, in slots of 360 degrees / satellites_per_plane: whole within {in_slot:g} of a slot, else to {step:g}.
# Left out as raising, lowering or apart: {left_out}.
# Version 1.0 of the satellites, most of the first shell, carries what v1.5 does but for lasers [assumption].
"""


#: The latest preset: its shells are found in the catalogue, and none is named beforehand.
FOUND_PRESET = PRESET.with_name("starlink-2026-05.toml")
FOUND_CATALOGUE = Path("tle") / "starlink_2026-05-30.tle"
FOUND_EPOCH = np.datetime64("2026-05-30T10:00:00", "ns")

_FOUND_TITLE = "Starlink as it flew on 2026-05-30: {here:,} satellites of {there:,} held their places"
_FOUND_SOURCE = (
    "CelesTrak catalogue of 2026-05-30; measured: node and argument of latitude of every satellite carried to one "
    "instant by SGP4, then shells, planes, slots and phase factor by likelihood (obrii.orbits.lattices)"
)
_FOUND_HEAD = """\
# Written by tools/measure_constellation.py; do not edit by hand. Angles are those of the epoch.
# The operator was lowering its satellites from some 550 km to some 480 that year: some shells empty, others fill.
# A satellite counts where its mean altitude is within {held_km:g} km of its shell's. filled says, plane by plane, where
# they are, in slots of 360 degrees / satellites_per_plane: whole within {in_slot:g} of a slot, else to {step:g}.
# Between slots are those further than {reach:g} of a slot from one, or beside another that is nearer to it.
# A shell is named by inclination and height; planes that keep no lattice are shells of their own.
# Left out: {left_out}, by the rules of obrii/orbits/duty.py.
# Which shells still hold v1.5 is an assumption: those where they were launched to, and the first to be lowered.
"""

#: What satellites carry, by name of a payload preset, and shells of 2026 that carry another [assumption].
PAYLOAD, FOUND_PAYLOAD = "starlink-v1.5", "starlink-v2-mini"
OLDER = ("53.2deg-463km", "53.2deg-540km", "70.0deg-570km", "97.4deg-546km")


@dataclass(frozen=True)
class Layout:
    """A shell as a preset writes it; filled: plane by plane, ascending; payload: a name, empty for that of all."""

    name: str
    remark: str
    planes: int
    slots: int
    inclination_deg: float
    altitude_m: float
    phase_factor: int
    first_node_rad: float
    first_anomaly_rad: float
    coherence_node: float
    coherence_slot: float
    between: int
    filled: list[list[float]]
    payload: str = ""


def main() -> None:
    """Write the presets."""
    folder = Path(os.environ["OBRII_DATA"])
    for preset, catalogue, write in ((PRESET, CATALOGUE, text), (FOUND_PRESET, FOUND_CATALOGUE, found_text)):
        preset.write_text(write(read(folder / catalogue)), encoding="utf-8")
        print(f"{preset.name}: {preset.stat().st_size / 1e3:.0f} kB")


def text(catalogue: Catalog) -> str:
    """Return the preset of 2022 as TOML: shells that were known, looked for where they were."""
    elements = catalogue.elements
    node, latitude = secular(elements, EPOCH)
    altitude_m = mean_altitude_m(elements.mean_motion, elements.inclination, elements.eccentricity)
    inclination_deg = np.degrees(elements.inclination)
    members = {
        group.name: (group.lowest_deg < inclination_deg) & (inclination_deg < group.highest_deg) for group in GROUPS
    }
    layouts, used = [], dict.fromkeys(members, 0)
    for search in SEARCHES:
        held = members[search.group] & (abs(altitude_m - search.altitude_m) < HELD_M)
        found = lattice(node[held], latitude[held], search.planes, search.slots)
        filled = positions(found.plane, found.position, search.planes, search.slots)
        layouts.append(
            Layout(
                name=search.name,
                remark=search.remark,
                planes=search.planes,
                slots=search.slots,
                inclination_deg=float(np.median(inclination_deg[held])),
                altitude_m=float(np.median(altitude_m[held])),
                phase_factor=found.phase_factor,
                first_node_rad=found.first_node_rad,
                first_anomaly_rad=found.first_anomaly_rad,
                coherence_node=found.coherence_node,
                coherence_slot=found.coherence_slot,
                between=sum(isinstance(position, float) for plane in filled for position in plane),
                filled=filled,
            )
        )
        used[search.group] += int(held.sum())
    left_out = ", ".join(
        f"{int(member.sum()) - used[name]:,} of {int(member.sum()):,} at {name}" for name, member in members.items()
    )
    return _preset(_TITLE, _SOURCE, _HEAD, len(catalogue), left_out, PAYLOAD, layouts, EPOCH)


def found_text(catalogue: Catalog) -> str:
    """Return the preset of 2026 as TOML: what the catalogue shows."""
    found = duties(catalogue.elements, FOUND_EPOCH)
    layouts, apart = [], 0
    for k, shell in enumerate(found.shells):
        at_work = (found.state[shell.satellites] == OPERATIONAL) & (found.shell[shell.satellites] == k)
        apart += int((at_work & (shell.plane < 0)).sum())
        at_work &= shell.plane >= 0
        if at_work.any():
            layouts += _layouts(shell, at_work)
    count = {state: int((found.state == state).sum()) for state in (RAISING, LOWERING, DIRECT_TO_CELL)}
    left_out = ", ".join(f"{number} {state}" for state, number in count.items()) + f", {apart} between planes"
    layouts = [replace(layout, payload=PAYLOAD if layout.name in OLDER else "") for layout in layouts]
    return _preset(
        _FOUND_TITLE, _FOUND_SOURCE, _FOUND_HEAD, len(catalogue), left_out, FOUND_PAYLOAD, layouts, FOUND_EPOCH
    )


def _layouts(shell: FoundShell, at_work: np.ndarray) -> list[Layout]:
    """Return a shell as one layout, or each plane as its own where they are no Walker lattice."""
    if shell.phase_factor >= 0:
        return [_layout(shell, shell.name, at_work, 0, shell.planes)]
    each = np.unique(shell.plane[at_work]).tolist()
    return [_layout(shell, f"{shell.name}-plane-{k}", at_work & (shell.plane == k), k, 1) for k in each]


def _layout(shell: FoundShell, name: str, members: np.ndarray, first: int, planes: int) -> Layout:
    slots = int(shell.slots_of_plane[first])
    filled = positions(shell.plane[members] - first, shell.position[members], planes, slots)
    return Layout(
        name=name,
        remark=f"{sum(map(bool, filled))} of {planes} planes hold some" if planes > 1 else "a plane of its own",
        planes=planes,
        slots=slots,
        inclination_deg=shell.inclination_deg,
        altitude_m=shell.altitude_m,
        phase_factor=max(0, shell.phase_factor),
        first_node_rad=float(shell.node_rad[first]),
        first_anomaly_rad=float(shell.anomaly_rad[first]),
        coherence_node=shell.coherence_node,
        coherence_slot=shell.coherence_slot,
        between=int((shell.slot[members] < 0).sum()),
        filled=filled,
    )


def _preset(
    title: str,
    source: str,
    head: str,
    total: int,
    left_out: str,
    payload: str,
    layouts: list[Layout],
    epoch: np.datetime64,
) -> str:
    here = sum(len(plane) for layout in layouts for plane in layout.filled)
    begin = head.format(
        held_km=HELD_M / 1e3, in_slot=IN_SLOT, step=10.0**-DECIMALS, reach=SLOT_REACH, left_out=left_out
    )
    sections = "".join(_section(layout, epoch) for layout in layouts)
    top = f'title   = "{title.format(here=here, there=total)}"\nsource  = "{source}"\npayload = "{payload}"\n'
    return f"{top}\n{begin}{sections}"


def _section(layout: Layout, epoch: np.datetime64) -> str:
    payload = f'payload              = "{layout.payload}"\n' if layout.payload else ""
    return f"""
# {sum(map(len, layout.filled)):,} satellites, {layout.between} of them between slots; {layout.remark}.
# Coherence of nodes {layout.coherence_node:.3f}, of slots {layout.coherence_slot:.3f}.
[[shell]]
name                 = "{layout.name}"
planes               = {layout.planes}
satellites_per_plane = {layout.slots}
inclination_deg      = {layout.inclination_deg:.3f}
altitude_m           = {layout.altitude_m / 1e3:.2f}e3
phase_factor         = {layout.phase_factor}
first_node_deg       = {np.degrees(layout.first_node_rad):.3f}
first_anomaly_deg    = {np.degrees(layout.first_anomaly_rad):.3f}
epoch                = {np.datetime_as_string(epoch, "s")}Z
{payload}filled = [
{"".join(f"  {plane},{chr(10)}" for plane in layout.filled)}]
"""


def positions(plane: np.ndarray, position: np.ndarray, planes: int, slots: int) -> list[list[float]]:
    """Return where the satellites of each plane are, ascending, as the preset writes them.

    Of two that would be written alike the second moves on by a step of the last decimal.
    """
    filled: list[list[float]] = [[] for _ in range(planes)]
    for k, place in zip(plane.tolist(), position.tolist(), strict=True):
        slot = round(place)
        written = slot % slots if abs(place - slot) < IN_SLOT else round(place, DECIMALS) % slots
        while written in filled[k]:
            written = round(written + 10.0**-DECIMALS, DECIMALS) % slots
        filled[k].append(written)
    return [sorted(here) for here in filled]


if __name__ == "__main__":
    main()
