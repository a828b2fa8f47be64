"""Draw what the geostationary arc costs by latitude into docs/, and print the table beside it. It needs matplotlib.

python -m tools.arc_picture
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np

from obrii.links.geostationary import arc_zone, in_arc, outside_arc
from obrii.links.visibility import observers, sight_lines
from obrii.orbits.propagation import positions
from obrii.scenario.fleet import fleet
from obrii.scenario.parts import Operator
from obrii.timegrid import TimeGrid

mpl.use("Agg")
from matplotlib import pyplot

PICTURE = Path(__file__).parents[1] / "docs" / "geostationary-cost.png"

#: Who flies, above which elevation users look, and the angles compared; the first takes no account of the arc.
PRESET, MASK_DEG, ANGLES_DEG = "starlink-2022-09", 25.0, (0.0, 18.0, 22.0)

#: A day, in steps that are no part of a revolution, from as many places as make the mean smooth.
START, STEPS, STEP_S = np.datetime64("2022-10-03T12:00:00", "ns"), 180, 481
LATITUDES_DEG, LONGITUDES_DEG = np.arange(0.0, 81.0, 1.0), np.arange(0.0, 360.0, 15.0)

#: Directions of the whole sky above the mask.
DIRECTIONS = 40_000

#: Latitudes in the table, and how each angle is drawn. Colours by Okabe and Ito, which the colour-blind can tell apart.
TABLE_DEG = (0, 10, 20, 30, 40, 45, 50, 55, 60, 65, 70)
STYLES = (("#333333", ":"), ("#0072B2", "--"), ("#D55E00", "-"))


def sky_share() -> np.ndarray:
    """Share of the sky above the mask that lies in the zone, by solid angle, (angle, latitude)."""
    turn = np.arange(DIRECTIONS) + 0.5
    rise = np.sin(np.radians(MASK_DEG)) + (1.0 - np.sin(np.radians(MASK_DEG))) * turn / DIRECTIONS
    azimuth = np.pi * (1.0 + np.sqrt(5.0)) * turn
    level = np.sqrt(1.0 - rise * rise)
    out = np.zeros((len(ANGLES_DEG), LATITUDES_DEG.size))
    for k, latitude_deg in enumerate(LATITUDES_DEG):
        who = observers([latitude_deg], [0.0], 0.0, MASK_DEG)
        up, east = who.up[:, :1], np.array([[0.0], [1.0], [0.0]])
        north = np.cross(up, east, axis=0)
        ray = rise * up + level * (np.sin(azimuth) * east + np.cos(azimuth) * north)
        xyz_m = (who.xyz_m + 1e6 * ray).astype(np.float32)[None]
        sights = sight_lines(who, xyz_m)
        out[:, k] = [in_arc(sights, arc_zone(who, angle_deg), xyz_m).mean() for angle_deg in ANGLES_DEG]
    return out


def views() -> tuple[np.ndarray, np.ndarray]:
    """Mean satellites in view, and share of time and longitudes with none, (angle, latitude) each."""
    grid = TimeGrid.steps(START, step_s=STEP_S, seconds=STEP_S * STEPS)
    flown = fleet(Operator(name="starlink", constellation=PRESET), Path(), grid).propagator
    latitude_deg = np.repeat(LATITUDES_DEG, LONGITUDES_DEG.size)
    who = observers(latitude_deg, np.tile(LONGITUDES_DEG, LATITUDES_DEG.size), 0.0, MASK_DEG)
    zones = [arc_zone(who, angle_deg) for angle_deg in ANGLES_DEG]
    seen, none = np.zeros((2, len(ANGLES_DEG), LATITUDES_DEG.size))
    for at in grid.utc:
        xyz_m = positions(flown, np.array([at]))
        sights = sight_lines(who, xyz_m)
        for k, zone in enumerate(zones):
            count = outside_arc(sights, zone, xyz_m).sights.count.reshape(LATITUDES_DEG.size, -1)
            seen[k] += count.mean(axis=1) / STEPS
            none[k] += (count == 0).mean(axis=1) / STEPS
    return seen, none


def main() -> None:
    """Write the picture, and print the table as Markdown."""
    share, (seen, none) = sky_share(), views()
    figure, panels = pyplot.subplots(1, 3, figsize=(12.0, 4.2), layout="constrained")
    titles = ("sky above 25 deg that is kept free [%]", "satellites that may be used, mean", "time without any [%]")
    for axes, title, rows in zip(panels, titles, (100.0 * share, seen, 100.0 * none), strict=True):
        for angle_deg, row, (colour, line) in zip(ANGLES_DEG, rows, STYLES, strict=True):
            label = f"{angle_deg:g} deg clear of the arc" if angle_deg else "arc not considered"
            axes.plot(LATITUDES_DEG, row, color=colour, linestyle=line, linewidth=1.8, label=label)
        axes.set(title=title, xlabel="latitude, north or south [deg]", xlim=(0, 80), ylim=(0, None))
        axes.grid(color="#DDDDDD", linewidth=0.5)
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].legend(loc="lower left", bbox_to_anchor=(0.0, 0.05), frameon=False)
    figure.suptitle(f"What the geostationary arc costs: {PRESET}, {len(LONGITUDES_DEG) * STEPS:,} views a latitude")
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})
    print(
        "| latitude | sky, 18 deg | 22 deg | in view | 18 deg clear | 22 deg clear | none in view | none 22 deg clear |"
    )
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for latitude_deg in TABLE_DEG:
        k = int(np.searchsorted(LATITUDES_DEG, latitude_deg))
        shares = [f"{100.0 * value:.1f} %" for value in share[1:, k]]
        counts = [f"{value:.2f}" for value in seen[:, k]]
        gaps = [f"{100.0 * value:.1f} %" for value in (none[0, k], none[2, k])]
        print("| " + " | ".join([str(latitude_deg), *shares, *counts, *gaps]) + " |")


if __name__ == "__main__":
    main()
