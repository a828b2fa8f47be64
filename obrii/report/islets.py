"""Places too small to be seen on a map, such as islands: a dot each, of one size on the page whatever the map's scale.

    cells that touch each other are one place      ⬡⬡⬡ ⬡      two places, of which one is small
    a place shorter than a few pixels has a dot        ●      in the colour of its cells, on top of all

A dot is a line of no length with a round end, whose width does not scale with the map; a place that is small on a
small map only has the width that maps of that size give it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from obrii.report import palette
from obrii.report.markup import Markup, element
from obrii.report.mesh import Mesh
from obrii.report.sheet import WIDTH, Sheet

#: Length under which a place has a dot on every map, and on small ones: 4 pixels of a map that is 700 wide, and of one
#: that is 300 wide [units of the sheet].
_TINY, _SMALL = 4.0 * WIDTH / 700.0, 4.0 * WIDTH / 300.0

#: Classes of the dots of a place, and of the rims under them, by whether it is small on every map.
_STYLES = {True: ("islet-rim", "islet"), False: ("islet-rim small", "islet small")}


@dataclass(frozen=True)
class Islets:
    """Small places: place (cell,) i8, -1 for cells of larger ones; x, y in units of the sheet (place, 2) f8; tiny
    (place,) bool: on every map, not on small ones alone."""

    place: np.ndarray
    at: np.ndarray
    tiny: np.ndarray

    def dots(self, lost: np.ndarray, reason: np.ndarray, reasons: tuple[str, ...]) -> Markup:
        """Dots in the colours of what the cells of each place lose on average; lost, reason (cell,) as in `Cover`."""
        inside = self.place >= 0
        place = self.place[inside]
        by_reason = np.zeros((len(self.at), len(reasons)))
        np.add.at(by_reason, (place, reason[inside]), np.where(reason[inside] > 0, lost[inside], 0.0))
        mean = by_reason.sum(axis=1) / np.maximum(np.bincount(place, minlength=len(self.at)), 1)
        main = by_reason.argmax(axis=1)
        looks = [(palette.band(part), index if palette.band(part) >= 0 else 0) for part, index in zip(mean, main)]
        drawn = []
        # What is lost longest comes last, on top of its neighbours.
        for level, index in sorted(set(looks)):
            colour = palette.shade(reasons[index], level)
            for tiny, (rim, dot) in _STYLES.items():
                chosen = np.array([look == (level, index) for look in looks]) & (self.tiny == tiny)
                if chosen.any():
                    shape = "".join(f"M{x} {y}h0" for x, y in np.rint(self.at[chosen]).astype(int).tolist())
                    drawn += [element("path", d=shape, cls=rim), element("path", d=shape, cls=dot, stroke=colour)]
        return element("g", drawn)

    def added(self, share: np.ndarray) -> Markup:
        """A smaller dot on each place to which terminals are added; share (cell,) as in `Cover`."""
        has = np.zeros(len(self.at), bool)
        has[self.place[(self.place >= 0) & (share > 0.0)]] = True
        drawn = []
        for tiny, (_, dot) in _STYLES.items():
            chosen = has & (self.tiny == tiny)
            if chosen.any():
                shape = "".join(f"M{x} {y}h0" for x, y in np.rint(self.at[chosen]).astype(int).tolist())
                drawn.append(element("path", d=shape, cls=f"{dot} added", stroke=palette.BACK))
        return element("g", drawn) if drawn else Markup("")


def find(mesh: Mesh, sheet: Sheet, centres: np.ndarray) -> Islets:
    """The small places of a map; centres (cell, 2) f8, in units of the sheet.

    A cell that the map tears apart is in no mesh, and a place of its own.
    """
    count = len(centres)
    both = (mesh.left >= 0) & (mesh.right >= 0)
    touching = coo_array((np.ones(both.sum()), (mesh.left[both], mesh.right[both])), (count, count))
    places, label = connected_components(touching, directed=False)
    low, high = np.full((places, 2), np.inf), np.full((places, 2), -np.inf)
    corners = sheet.on(mesh.corners)
    for cells in (mesh.left, mesh.right):
        ends = mesh.edges[cells >= 0]
        for side in (0, 1):
            np.minimum.at(low, label[cells[cells >= 0]], corners[ends[:, side]])
            np.maximum.at(high, label[cells[cells >= 0]], corners[ends[:, side]])
    length = np.where(np.isfinite(low), high - low, 0.0).max(axis=1)
    members = np.bincount(label, minlength=places)
    at = np.column_stack([np.bincount(label, centres[:, axis], places) / members for axis in (0, 1)])
    small = (length < _SMALL) & sheet.holds(at)
    number = np.where(small, np.cumsum(small) - 1, -1)
    return Islets(number[label], at[small], length[small] < _TINY)
