"""Measure the preset starlink-2022-09 from a catalogue. For maintainers; nothing here runs when the package does.

    OBRII_DATA=... python -m tools.measure_constellation

A satellite belongs to a shell where it holds the shell's height within a kilometre; what raises, lowers or stands apart
is left out and counted.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from obrii.orbits.catalog import Catalog, read
from obrii.orbits.planes import Lattice, lattice, secular
from obrii.orbits.shells import mean_altitude_m

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
"""


def main() -> None:
    """Write the preset."""
    PRESET.write_text(text(read(Path(os.environ["OBRII_DATA"]) / CATALOGUE)), encoding="utf-8")
    print(f"{PRESET.name}: {PRESET.stat().st_size / 1e3:.0f} kB")


def text(catalogue: Catalog) -> str:
    """Return the preset as TOML."""
    elements = catalogue.elements
    node, latitude = secular(elements, EPOCH)
    altitude_m = mean_altitude_m(elements.mean_motion, elements.inclination, elements.eccentricity)
    inclination_deg = np.degrees(elements.inclination)
    members = {
        group.name: (group.lowest_deg < inclination_deg) & (inclination_deg < group.highest_deg) for group in GROUPS
    }
    sections, used = [], dict.fromkeys(members, 0)
    for search in SEARCHES:
        held = members[search.group] & (abs(altitude_m - search.altitude_m) < HELD_M)
        found = lattice(node[held], latitude[held], search.planes, search.slots)
        sections.append(_section(search, found, np.median(inclination_deg[held]), np.median(altitude_m[held])))
        used[search.group] += int(held.sum())
    left_out = ", ".join(
        f"{int(member.sum()) - used[name]:,} of {int(member.sum()):,} at {name}" for name, member in members.items()
    )
    title = _TITLE.format(here=sum(used.values()), there=len(catalogue))
    head = _HEAD.format(held_km=HELD_M / 1e3, in_slot=IN_SLOT, step=10.0**-DECIMALS, left_out=left_out)
    return f'title  = "{title}"\nsource = "{_SOURCE}"\n\n{head}' + "".join(sections)


def _section(search: Search, found: Lattice, inclination_deg: float, altitude_m: float) -> str:
    filled = positions(found, search.planes, search.slots)
    between = sum(isinstance(position, float) for plane in filled for position in plane)
    return f"""
# {len(found.plane):,} satellites, {between} of them between slots; {search.remark}.
# Coherence of nodes {found.coherence_node:.3f}, of slots {found.coherence_slot:.3f}.
[[shell]]
name                 = "{search.name}"
planes               = {search.planes}
satellites_per_plane = {search.slots}
inclination_deg      = {inclination_deg:.3f}
altitude_m           = {altitude_m / 1e3:.2f}e3
phase_factor         = {found.phase_factor}
first_node_deg       = {np.degrees(found.first_node_rad):.3f}
first_anomaly_deg    = {np.degrees(found.first_anomaly_rad):.3f}
epoch                = {np.datetime_as_string(EPOCH, "s")}Z
filled = [
{"".join(f"  {plane},{chr(10)}" for plane in filled)}]
"""


def positions(found: Lattice, planes: int, slots: int) -> list[list[float]]:
    """Return where the satellites of each plane are, ascending, as the preset writes them."""
    filled: list[list[float]] = [[] for _ in range(planes)]
    for plane, position in zip(found.plane.tolist(), found.position.tolist(), strict=True):
        slot = round(position)
        filled[plane].append(slot % slots if abs(position - slot) < IN_SLOT else round(position, DECIMALS))
    return [sorted(plane) for plane in filled]


if __name__ == "__main__":
    main()
