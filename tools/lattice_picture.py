"""Draw the lattice that Starlink flew in September 2022 into docs/, from the catalogue. It needs matplotlib.

OBRII_DATA=... python -m tools.lattice_picture
"""

from __future__ import annotations

import os
from pathlib import Path

import matplotlib as mpl
import numpy as np

from obrii.constants import TWO_PI
from obrii.orbits.catalog import read
from obrii.orbits.duty import OPERATIONAL, duties
from obrii.orbits.planes import secular
from tools.measure_constellation import CATALOGUE, EPOCH

mpl.use("Agg")
from matplotlib import pyplot

PICTURE = Path(__file__).parents[1] / "docs" / "lattice-2022-09.png"

#: The shell drawn, and what is drawn around it: satellites of its inclination, wherever they are [deg].
SHELL, BESIDE_DEG = "53.1deg-547km", 0.08

#: Corner of the lattice drawn large: nodes and arguments of latitude [deg].
CORNER_DEG = (0.0, 62.0), (0.0, 122.0)

#: How each kind is drawn: colour and size. Colours by Okabe and Ito, which the colour-blind can tell apart.
SLOT, BETWEEN, AWAY = ("#0072B2", 7.0), ("#D55E00", 12.0), ("#999999", 10.0)


def main() -> None:
    """Write the picture."""
    elements = read(Path(os.environ["OBRII_DATA"]) / CATALOGUE).elements
    node_deg, latitude_deg = np.degrees(secular(elements, EPOCH))
    found = duties(elements, EPOCH)
    index, shell = next((k, one) for k, one in enumerate(found.shells) if one.name == SHELL)
    here = (found.shell == index) & (found.state == OPERATIONAL)
    beside = abs(np.degrees(elements.inclination) - shell.inclination_deg) < BESIDE_DEG
    kinds = (
        (here & (found.slot >= 0), SLOT, "in a slot"),
        (here & (found.slot < 0), BETWEEN, "between slots"),
        (beside & ~here, AWAY, "raising or lowering"),
    )
    figure, (whole, corner) = pyplot.subplots(1, 2, figsize=(12.0, 5.4), width_ratios=(3, 2), layout="constrained")
    slots = np.arange(shell.slots) * TWO_PI / shell.slots
    grid_deg = np.degrees((shell.anomaly_rad[:, None] + slots) % TWO_PI)
    grid_node_deg = np.repeat(np.degrees(shell.node_rad), shell.slots)
    corner.scatter(grid_node_deg, grid_deg.ravel(), s=90, facecolors="none", edgecolors="#BBBBBB", linewidths=0.8)
    for axes, larger in ((whole, 1.0), (corner, 3.0)):
        for kind, (colour, size), label in kinds:
            name = f"{label}: {int(kind.sum()):,}"
            axes.scatter(node_deg[kind], latitude_deg[kind], s=size * larger, c=colour, label=name, linewidths=0)
        axes.set_xlabel("right ascension of the ascending node [deg]")
        axes.set_ylabel("argument of latitude [deg]")
    whole.set(xlim=(0, 360), ylim=(0, 360), xticks=range(0, 361, 60), yticks=range(0, 361, 60))
    whole.set_title(
        f"{shell.planes} planes of {shell.slots} slots, F = {shell.phase_factor}: {len(shell):,} satellites"
    )
    whole.legend(loc="upper center", bbox_to_anchor=(0.5, -0.11), ncols=3, frameon=False, markerscale=2.0)
    corner.set(xlim=CORNER_DEG[0], ylim=CORNER_DEG[1])
    corner.set_title("a corner of it; rings are the slots")
    figure.suptitle("Starlink at 53.05 degrees and 547 km on 2022-09-14, 12:00 UTC")
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})
    print(f"{PICTURE.name}: {PICTURE.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
