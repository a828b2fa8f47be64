"""Draw how the cost of a step grows: benchmarks/growth.png, from the figures in benchmarks/RESULTS.md.

    python -m tools.growth_picture [PAGE]

PAGE is another page of results, such as what `python -m benchmarks.collect time_growth` prints. It needs matplotlib.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
RESULTS, PICTURE = BENCHMARKS / "RESULTS.md", BENCHMARKS / "growth.png"

#: What grows, panel by panel.
AXES = ("satellites", "cells", "sites")

#: A row of the table: what is done, how many of what, time.
_ROW = re.compile(r"^\| (.+): ([\d,]+) (satellites|cells|sites) \| obrii \| ([\d.,]+) \| ms \|", re.MULTILINE)

#: Colour and mark of each work by its first word: colours that differ in lightness too (Okabe and Ito, "Color Universal
#: Design", 2008).
_STYLE = {"positions": ("#0072B2", "o"), "sights": ("#D55E00", "s"), "routes": ("#007A5A", "^")}
_INK, _FAINT = "#333333", "#C8C8C8"

Series = dict[str, list[tuple[int, float]]]


def read(page: str) -> dict[str, Series]:
    """Return the series of each axis: from what is done to sizes and times [ms].

    >>> read("| sights: 1,000 cells | obrii | 2.5 | ms |  |")
    {'cells': {'sights': [(1000, 2.5)]}}
    """
    found: dict[str, Series] = defaultdict(lambda: defaultdict(list))
    for work, count, axis, figure in _ROW.findall(page):
        found[axis][work].append((int(count.replace(",", "")), float(figure.replace(",", ""))))
    return {axis: dict(series) for axis, series in found.items()}


def draw(found: dict[str, Series]) -> None:
    """Draw a panel for each axis, both scales logarithmic, all of one height."""
    plt.rcParams.update({"font.size": 9, "text.color": _INK, "axes.labelcolor": _INK})
    figure, panels = plt.subplots(1, len(AXES), figsize=(10, 3.8), sharey=True, layout="constrained")
    for panel, axis in zip(panels, AXES, strict=True):
        _panel(panel, axis, found.get(axis, {}))
    panels[0].set_ylabel("time of a step on one core [ms]")
    panels[0].yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    figure.savefig(PICTURE, dpi=130, metadata={"Software": None})


def _panel(panel: Axes, axis: str, series: Series) -> None:
    panel.set(xscale="log", yscale="log", xlabel=axis)
    panel.grid(which="major", color=_FAINT, linewidth=0.4)
    panel.spines[["top", "right"]].set_visible(False)
    for work, sizes in series.items():
        colour, mark = _STYLE[work.split()[0]]
        counts, times = zip(*sorted(sizes), strict=True)
        panel.plot(counts, times, color=colour, marker=mark, markersize=4, linewidth=1.6, label=work)
        # In proportion to the largest, for the eye to compare.
        ends = counts[0], counts[-1]
        panel.plot(ends, [times[-1] * count / counts[-1] for count in ends], color=colour, linewidth=0.8, linestyle=":")
    panel.plot([], [], color=_INK, linewidth=0.8, linestyle=":", label="in proportion")
    panel.set_xticks([count for count, _ in next(iter(series.values()))][::2])
    panel.minorticks_off()
    panel.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    panel.legend(loc="upper left", frameon=False, fontsize=8)


def main() -> None:
    """Draw the picture from the page named on the command line, or from the page of results."""
    page = Path(sys.argv[1]) if len(sys.argv) > 1 else RESULTS
    found = read(page.read_text(encoding="utf-8"))
    if set(found) != set(AXES):
        sys.exit(f"{page}: holds no rows of benchmarks/time_growth.py; run `make bench` first")
    draw(found)


if __name__ == "__main__":
    main()
