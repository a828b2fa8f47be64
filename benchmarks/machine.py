"""What one core of this machine can do at most: the rates of its memory and of its arithmetic.

The least time of a work is what its bytes or its operations need at those rates, whichever is more. It is a floor that
nothing on this core goes below, not one that can be reached: it knows no latency, no branch and no division.
"""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import numba
import numpy as np

from benchmarks import time_paths, time_sight
from obrii.kernels import orbit
from obrii.links.visibility import observers, sight_lines
from obrii.network.snapshot import snapshot

#: Numbers of each of three arrays: far beyond any cache, and within the second one.
MEMORY, CACHE = 1 << 25, 1 << 14

#: Numbers kept in the first cache, and chains of operations on each: enough to hide the time of one operation.
LANES, ROUNDS = 1 << 10, 1 << 10

TIMES = 7


@numba.njit(error_model="numpy")
def _triad(a, b, c, factor, times):
    for _ in range(times):
        for i in range(a.size):
            a[i] = b[i] + factor * c[i]


@numba.njit(error_model="numpy", fastmath={"contract"})
def _chains(x, y, out, rounds):
    """Eight chains of eight multiplications and additions each on every number, out of registers."""
    for _ in range(rounds):
        for i in range(x.size):
            s, t = x[i], y[i]
            a, b, c, d, e, f, g, h = s, t, s + t, s - t, -s, -t, t - s, -s - t
            a, b, c, d, e, f, g, h = _fma(a, b, c, d, e, f, g, h, s, t)
            a, b, c, d, e, f, g, h = _fma(a, b, c, d, e, f, g, h, s, t)
            a, b, c, d, e, f, g, h = _fma(a, b, c, d, e, f, g, h, s, t)
            a, b, c, d, e, f, g, h = _fma(a, b, c, d, e, f, g, h, s, t)
            a, b, c, d, e, f, g, h = _fma(a, b, c, d, e, f, g, h, s, t)
            a, b, c, d, e, f, g, h = _fma(a, b, c, d, e, f, g, h, s, t)
            a, b, c, d, e, f, g, h = _fma(a, b, c, d, e, f, g, h, s, t)
            a, b, c, d, e, f, g, h = _fma(a, b, c, d, e, f, g, h, s, t)
            out[i] = ((a + b) + (c + d)) + ((e + f) + (g + h))


@numba.njit(inline="always", error_model="numpy", fastmath={"contract"})
def _fma(a, b, c, d, e, f, g, h, s, t):
    return a * s + t, b * s + t, c * s + t, d * s + t, e * s + t, f * s + t, g * s + t, h * s + t


#: Operations of `_chains` on a number: eight rounds of eight multiplications and additions; the rest is not counted.
_CHAIN_FLOP = 8 * 8 * 2


def seconds(work: Callable[[], Any]) -> float:
    """The median of the processor's time of some work, after one run to warm up."""
    work()
    taken = []
    for _ in range(TIMES):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return median(taken)


def stream_gb_s(count: int) -> float:
    """Bytes read and written together in a second, in thousand millions: a = b + factor c over float64."""
    a, b, c = np.zeros(count), np.ones(count), np.ones(count)
    times = max(1, MEMORY // count)
    return 3 * 8 * count * times / seconds(lambda: _triad(a, b, c, 3.0, times)) / 1e9


def gflop_s(dtype: type) -> float:
    """Multiplications and additions in a second, in thousand millions, a fused pair as two."""
    x, y = np.full(LANES, 0.5, dtype), np.full(LANES, 0.25, dtype)
    out = np.empty_like(x)
    return _CHAIN_FLOP * LANES * ROUNDS / seconds(lambda: _chains(x, y, out, ROUNDS)) / 1e9


@dataclass(frozen=True)
class Rates:
    """What one core can do: memory and cache [GB/s], float32 and float64 [Gflop/s]."""

    memory: float
    cache: float
    float32: float
    float64: float


@cache
def rates() -> Rates:
    """The rates of this machine, measured once a process."""
    return Rates(stream_gb_s(MEMORY), stream_gb_s(CACHE), gflop_s(np.float32), gflop_s(np.float64))


def measure() -> list[dict]:
    """One row a measurement: work, rival, figure, unit."""
    found = rates()
    rows = (
        ("memory, read and written together (three arrays of 268 MB)", found.memory, "GB/s"),
        ("second cache, read and written together (three arrays of 131 kB)", found.cache, "GB/s"),
        ("multiplications and additions in float32", found.float32, "Gflop/s"),
        ("multiplications and additions in float64", found.float64, "Gflop/s"),
    )
    return [
        {"work": work, "rival": "one core of this machine", "figure": round(figure, 1), "unit": unit}
        for work, figure, unit in rows
    ]


#: Seconds of the units of time that rows have.
_SECOND = {"ns": 1e-9, "ns a sight line": 1e-9, "ms": 1e-3, "ms CPU": 1e-3, "s": 1.0, "s CPU": 1.0}


#: Bytes that may stay in a cache and so go at its rate; assumption, the largest caches of one core are no larger.
CACHED = 16e6


@dataclass(frozen=True)
class Need:
    """What a work cannot do without: bytes in or out, operations in float32 and in float64."""

    bytes: float = 0.0
    flop32: float = 0.0
    flop64: float = 0.0

    def least(self, rates: Rates) -> tuple[float, str]:
        """The least time [s], and what sets it."""
        where, rate = ("memory", rates.memory) if self.bytes > CACHED else ("cache", rates.cache)
        arithmetic = (self.flop32 / rates.float32 + self.flop64 / rates.float64) / 1e9
        return max((self.bytes / rate / 1e9, where), (arithmetic, "arithmetic"))


@dataclass(frozen=True)
class Floor:
    """The needs of the works that a pattern names, and in words what is counted."""

    pattern: str
    need: Callable[[re.Match], Need]
    counts: str


def operations(function: str, source: str) -> int:
    """Operations in float that a function of `kernels.orbit` writes down for one satellite and instant.

    Every +, -, x, / and root outside an index counts as one, a function that is called as many as it holds.
    """
    known = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}

    def of(node: ast.AST) -> int:
        if isinstance(node, ast.Subscript):
            return 0
        inside = sum(map(of, ast.iter_child_nodes(node)))
        if isinstance(node, ast.For):
            # One loop turns four angles at once, another copies three coordinates.
            span = ast.unparse(node.iter)
            return sum(map(of, node.body)) * (4 if "LANES + lanes" in span else 3 if span == "range(3)" else 1)
        if isinstance(node, ast.BinOp):
            return inside + (not (isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant)))
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            called = sum(map(of, known[name].body)) if name in known else int(name in ("np.sqrt", "np.rint"))
            return inside + called
        return inside + isinstance(node, ast.AugAssign)

    return sum(map(of, known[function].body))


def _position(row: re.Match) -> Need:
    source = Path(orbit.__file__).read_text(encoding="utf-8")
    return Need(bytes=3 * (4 if row[1] == "32" else 8), flop64=operations("near_earth", source))


def _sights(row: re.Match) -> Need:
    latitude, longitude = time_sight.cells()[row[1]]
    xyz_m = time_sight.sky(int(row[2].replace(",", "")))
    pairs = sight_lines(observers(latitude, longitude, 0.0, time_sight.MASK_DEG), xyz_m).satellite.size
    # An index, a range and a sine of each pair; three differences of two parts, two products with sums, root, quotient.
    return Need(bytes=12 * pairs / time_sight.STEPS, flop32=18 * pairs / time_sight.STEPS)


def _judged(row: re.Match) -> Need:
    # A difference, two parabolas times the range, two comparisons.
    return Need(flop32=13)


def _routes(row: re.Match) -> Need:
    shells = time_paths.SHELL if row[2] == "72x22 torus" else time_paths.GRIDS
    return _routes_over(shells, int(row[1]))


def _routes_over(shells: list[tuple[int, int, float, float]], sites: int) -> Need:
    graph = snapshot(*time_paths.sky(shells, sites))
    # A distance and a next hop of each node and site; one addition and one comparison of each link either way.
    return Need(bytes=12 * len(graph) * sites, flop64=2 * len(graph.node) * sites)


FLOORS = (
    Floor(
        r"position, float(32|64),",
        _position, "operations written in the kernel, each as one; its result",
    ),
    Floor(
        r"sights of a step, [\d,]+ cells \((\w+)\) and ([\d,]+) satellites",
        _sights, "one try of each pair in sight; its index, range and sine",
    ),
    Floor(
        r"[\d,]+ sight lines above \d+ deg .* judged at \d+ deg$", _judged,
        "a difference and two parabolas of each sight line",
    ),
    Floor(
        r"next hops of every node to (\d+) sites .*\((72x22 torus|seven grids)\)",
        _routes, "each link tried once for each site; a distance and a next hop of each node and site",
    ),
    Floor(
        r"Hypatia's step",
        lambda _: _routes_over(time_paths.SHELL, 100), "its routes alone, as above",
    ),
)  # fmt: skip


def distances(rows: Iterable[dict]) -> list[dict]:
    """How far our own rows are from the floor, for those that have one: work, figure, unit, least, by, times, counts.

    least is in the unit of the row; by says what sets it: memory, cache or arithmetic.
    """
    found = []
    for row in rows:
        floor = next((each for each in FLOORS if re.match(each.pattern, row["work"])), None)
        if floor is None or row["rival"] != "obrii":
            continue
        least_s, by = floor.need(re.match(floor.pattern, row["work"])).least(rates())
        least = least_s / _SECOND[row["unit"]]
        found.append({**row, "least": least, "by": by, "times": row["figure"] / least, "counts": floor.counts})
    return found


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']:10.1f} {row['unit']:8} {row['work']}")
