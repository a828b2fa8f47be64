"""What a run adds up to, from whole arrays, one number at a time: for reading, and to check `results.metrics`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass
class Plain:
    """One variant: counts, seconds by key, series, delays with their weights."""

    measured_s: float = 0.0
    people_without: list[float] = field(default_factory=list)
    terminals_without: list[float] = field(default_factory=list)
    served: list[float] = field(default_factory=list)
    without_s: dict[tuple[int, int, int], float] = field(default_factory=lambda: defaultdict(float))
    lost_s: dict[tuple[int, int, int], float] = field(default_factory=lambda: defaultdict(float))
    intact_s: dict[tuple[int, int], float] = field(default_factory=lambda: defaultdict(float))
    reachable_s: dict[tuple[int, int], float] = field(default_factory=lambda: defaultdict(float))
    delays: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    delays_of_cell: dict[int, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    delays_of_step: list[list[tuple[float, float]]] = field(default_factory=list)
    gap_s: dict[int, float] = field(default_factory=dict)
    gateways_used: float = 0.0
    satellites_used: float = 0.0
    of_gateways: dict[tuple[str, int], float] = field(default_factory=lambda: defaultdict(float))
    pop_cells: dict[int, float] = field(default_factory=lambda: defaultdict(float))


def shares(terminals: np.ndarray) -> np.ndarray:
    """The part of each cell that each group is."""
    groups, cells = terminals.shape
    out = np.zeros((groups, cells))
    for cell in range(cells):
        whole = sum(terminals[group, cell] for group in range(groups))
        for group in range(groups):
            out[group, cell] = terminals[group, cell] / whole if whole > 0 else 1 / groups
    return out


def never_served(intact: dict[str, np.ndarray]) -> set[tuple[int, int]]:
    """Groups in cells that intact serves in no step."""
    steps, groups, cells = intact["served"].shape
    return {
        (g, c)
        for g in range(groups)
        for c in range(cells)
        if not any(intact["served"][t, g, c] == 1 for t in range(steps))
    }


def quantile(pairs: list[tuple[float, float]], share: float) -> float:
    """The lowest value at which a share of the weight is reached; NaN of nothing."""
    whole = sum(weight for _, weight in pairs)
    if not whole > 0:
        return float("nan")
    upto = 0.0
    for value, weight in sorted(pairs):
        upto += weight
        if upto >= share * whole * (1 - 1e-9):
            return value
    return sorted(pairs)[-1][0]


def add_up(frame: Any, acting: np.ndarray, runs: list[dict[str, np.ndarray]], towns: list[int]) -> list[Plain]:
    """Every variant of a run, from its whole arrays."""
    return [_variant(frame, acting, runs, variant, towns) for variant in range(len(runs))]


@dataclass
class PlainAdded:
    """What one variant adds: terminals and those with service by step, their seconds by cell, delays with weights."""

    terminals: list[float] = field(default_factory=list)
    served: list[float] = field(default_factory=list)
    field_s: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    served_s: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    delays: list[tuple[float, float]] = field(default_factory=list)


def add_up_planned(frame: Any, measured: np.ndarray, run: dict[str, np.ndarray], variant: int) -> PlainAdded:
    """The planned groups of a variant, from its whole arrays; measured (variant, time) bool."""
    out = PlainAdded()
    for t in range(len(frame.utc)):
        seconds = float(frame.duration_s[t]) if measured[variant, t] else 0.0
        there = served = 0.0
        for g in range(len(frame.groups)):
            if not frame.planned[g]:
                continue
            for c in range(len(frame.cell)):
                terminals = float(run["present"][t, g]) * frame.terminals[g, c]
                there += terminals
                out.field_s[c] += terminals * seconds
                if run["served"][t, g, c] == 1:
                    served += terminals
                    out.served_s[c] += terminals * seconds
                    out.delays.append((float(run["rtt"][t, g, c]), terminals * seconds))
        out.terminals.append(there)
        out.served.append(served)
    return out


def _variant(
    frame: Any, acting: np.ndarray, runs: list[dict[str, np.ndarray]], variant: int, towns: list[int]
) -> Plain:
    run, intact = runs[variant], runs[0]
    steps, groups, cells = run["served"].shape
    share, never = shares(frame.terminals), never_served(intact)
    main = frame.terminals
    if not main.sum() > 0:
        main = share * frame.people
    if not main.sum() > 0:
        main = share
    whole_run = variant == 0 or not acting[variant].any()
    out = Plain()
    gap_now = dict.fromkeys(towns, 0.0)
    out.gap_s = dict.fromkeys(towns, 0.0)
    for t in range(steps):
        measured = whole_run or bool(acting[variant, t])
        seconds = float(frame.duration_s[t]) if measured else 0.0
        out.measured_s += seconds
        people = terminals = served = 0.0
        of_step = []
        for g in range(groups):
            for c in range(cells):
                is_served = run["served"][t, g, c] == 1
                if not is_served and (g, c) not in never:
                    people += frame.people[c] * share[g, c]
                    terminals += frame.terminals[g, c]
                if is_served and (g, c) not in never:
                    served += main[g, c]
                if is_served:
                    of_step.append((float(run["rtt"][t, g, c]), main[g, c]))
                if not measured:
                    continue
                reason = int(run["reason"][t, g, c])
                if not is_served:
                    out.without_s[g, c, reason] += seconds
                    if intact["served"][t, g, c] == 1:
                        out.lost_s[g, c, reason] += seconds
                if intact["served"][t, g, c] == 1:
                    out.intact_s[g, c] += seconds
                if run["reachable"][t, g, c] == 1:
                    out.reachable_s[g, c] += seconds
                if is_served:
                    for name in ("rtt", "propagation_rtt"):
                        out.delays[name].append((float(run[name][t, g, c]), main[g, c] * seconds))
                    out.delays_of_cell[c].append((float(run["rtt"][t, g, c]), share[g, c] * seconds))
        out.people_without.append(people)
        out.terminals_without.append(terminals)
        out.served.append(served)
        out.delays_of_step.append(of_step)
        out.gateways_used += seconds * sum(1 for cells_there in run["cells_served"][t] if cells_there > 0)
        out.satellites_used += seconds * sum(run["satellites_used"][t].tolist())
        for name in ("antennas_used", "cells_served", "halo_cells_served"):
            for gateway, value in enumerate(run[name][t].tolist()):
                out.of_gateways[name, gateway] += seconds * value
        for pop in range(len(frame.pops)):
            out.pop_cells[pop] += seconds * sum(
                1 for c in range(cells) if any(run["pop"][t, g, c] == pop for g in range(groups))
            )
        for cell in towns:
            anybody = any(run["served"][t, g, cell] == 1 and share[g, cell] > 0 for g in range(groups))
            if t and frame.window[t] != frame.window[t - 1]:
                gap_now[cell] = 0.0
            gap_now[cell] = 0.0 if anybody or not measured else gap_now[cell] + seconds
            out.gap_s[cell] = max(out.gap_s[cell], gap_now[cell])
    return out
