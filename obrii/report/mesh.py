"""Cells as a mesh: corners and edges shared, so that the rim of any set of cells comes without seams.

    ⬡⬡⬡            an edge between two cells of a set is left out,
     ⬡⬡    →  ⬠    an edge between the set and the rest is kept and chained into rings

Cells that lie across an edge of the icosahedron have more corners than six; rings take as many as there are.
"""

from __future__ import annotations

from dataclasses import dataclass

import h3.api.numpy_int as h3
import numpy as np

from obrii import frames
from obrii.report.projection import Projection

#: Decimals of a unit vector to which corners of neighbours agree: 6 mm on the ground.
_CORNER_DECIMALS = 9


@dataclass(frozen=True)
class Mesh:
    """Corners (corner, 2) f8, on the map; edges (edge, 2) i8 of corners, the cell left of each and the one right of it
    (edge,) i8, -1 where there is none."""

    corners: np.ndarray
    edges: np.ndarray
    left: np.ndarray
    right: np.ndarray

    def rings(self, chosen: np.ndarray) -> list[np.ndarray]:
        """Closed rings around a set of cells, outer ones and holes: chosen (cell,) bool; each ring (corner,) i8."""
        inside = np.append(chosen, False)
        left, right = inside[self.left], inside[self.right]
        forward, backward = self.edges[left & ~right], self.edges[right & ~left][:, ::-1]
        follows = dict(np.vstack([forward, backward]).tolist())
        rings = []
        while follows:
            start, corner = next(iter(follows.items()))
            ring = [start]
            del follows[start]
            while corner != start:
                ring.append(corner)
                corner = follows.pop(corner)
            rings.append(np.array(ring))
        return rings

    def lines(self, label: np.ndarray) -> list[np.ndarray]:
        """Open lines between cells of different labels: label (cell,) int; each line (corner,) i8."""
        both = (self.left >= 0) & (self.right >= 0)
        between = self.edges[both & (label[self.left] != label[self.right])]
        touching: dict[int, list[int]] = {}
        for index, ends in enumerate(between.tolist()):
            for corner in ends:
                touching.setdefault(corner, []).append(index)
        unused = set(range(len(between)))
        # Ends of lines first, so that a line is not begun in its middle; closed loops come last.
        starts = [corner for corner, near in touching.items() if len(near) != 2]
        lines = []
        for start in [*starts, *touching]:
            while any(index in unused for index in touching[start]):
                lines.append(_walk(start, between, touching, unused))
        return lines


def build(ids: np.ndarray, projection: Projection) -> Mesh:
    """The mesh of cells on a map: ids (cell,) u8 H3 ids. Cells that the map tears apart are left out of it."""
    boundaries = [np.array(h3.cell_to_boundary(cell)) for cell in ids.tolist()]
    sizes = np.array([len(boundary) for boundary in boundaries])
    points = np.concatenate(boundaries) if boundaries else np.empty((0, 2))
    unit = frames.up(points[:, 0], points[:, 1]).T.round(_CORNER_DECIMALS) + 0.0
    _, first, corner = np.unique(unit, axis=0, return_index=True, return_inverse=True)
    corner = corner.reshape(-1)
    corners = projection.flat(points[first, 0], points[first, 1])
    begins = np.cumsum(sizes) - sizes
    following = np.arange(len(points)) + 1
    following[begins + sizes - 1] = begins
    cell = np.repeat(np.arange(len(ids)), sizes)
    torn = np.abs(corners[corner, 0] - corners[corner[following], 0]) > np.pi / 2
    whole = ~np.isin(cell, np.unique(cell[torn]))
    start, end, cell = corner[whole], corner[following][whole], cell[whole]
    edges, place = np.unique(np.sort(np.column_stack([start, end]), axis=1), axis=0, return_inverse=True)
    left, right = np.full(len(edges), -1), np.full(len(edges), -1)
    along = start < end
    left[place.reshape(-1)[along]] = cell[along]
    right[place.reshape(-1)[~along]] = cell[~along]
    return Mesh(corners, edges, left, right)


def _walk(start: int, edges: np.ndarray, touching: dict[int, list[int]], unused: set[int]) -> np.ndarray:
    """Follow edges from a corner until they end or branch; takes them out of `unused`."""
    line = [start]
    while True:
        onward = [index for index in touching[line[-1]] if index in unused]
        if not onward or (len(line) > 1 and len(touching[line[-1]]) != 2):
            return np.array(line)
        unused.remove(onward[0])
        a, b = edges[onward[0]].tolist()
        line.append(b if a == line[-1] else a)
