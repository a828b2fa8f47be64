"""Two or three variants compared terminal by terminal, step by step.

Every group in a cell is four quarters; of a group whose share p is in the field, those are quarters 0 to 4p.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

QUARTERS = 4
Run = dict[str, np.ndarray]


def in_field(run: Run, t: int, g: int, quarter: int) -> bool:
    return quarter < QUARTERS * float(run["present"][t, g])


def has_service(run: Run, t: int, g: int, c: int, quarter: int) -> bool:
    return in_field(run, t, g, quarter) and run["served"][t, g, c] == 1


@dataclass
class Plain:
    """Seconds by (group, cell), and who carried whom by (kind, before, after) in seconds times weight."""

    field_s: list[dict] = field(default_factory=lambda: [defaultdict(float), defaultdict(float)])
    served_s: list[dict] = field(default_factory=lambda: [defaultdict(float), defaultdict(float)])
    stays_s: dict = field(default_factory=lambda: defaultdict(float))
    of_stays_s: list[dict] = field(default_factory=lambda: [defaultdict(float), defaultdict(float)])
    both_s: dict = field(default_factory=lambda: defaultdict(float))
    slower_s: dict = field(default_factory=lambda: defaultdict(float))
    gaps: list[dict] = field(default_factory=lambda: [defaultdict(list), defaultdict(list)])
    moves: dict = field(default_factory=lambda: defaultdict(float))


def compare(
    sides: tuple[Run, Run],
    names: dict[str, list[str]],
    duration_s: np.ndarray,
    window: np.ndarray,
    measured: np.ndarray,
    weight: np.ndarray,
    slower: float,
) -> Plain:
    plain = Plain()
    steps, groups, cells = sides[0]["served"].shape
    for g in range(groups):
        for c in range(cells):
            for k, run in enumerate(sides):
                gap = 0.0
                for t in range(steps):
                    if t and window[t] != window[t - 1]:
                        gap = 0.0
                    stays = all(each["present"][t, g] > 0 for each in sides)
                    out = measured[t] and stays and run["served"][t, g, c] != 1
                    if out and gap == 0.0:
                        plain.gaps[k][g, c].append(0.0)
                    gap = gap + duration_s[t] if out else 0.0
                    if out:
                        plain.gaps[k][g, c][-1] = gap
            for t in np.flatnonzero(measured).tolist():
                for quarter in range(QUARTERS):
                    part_s = duration_s[t] / QUARTERS
                    up = [has_service(run, t, g, c, quarter) for run in sides]
                    stays = all(in_field(run, t, g, quarter) for run in sides)
                    plain.stays_s[g, c] += part_s * stays
                    for k, run in enumerate(sides):
                        plain.field_s[k][g, c] += part_s * in_field(run, t, g, quarter)
                        plain.served_s[k][g, c] += part_s * up[k]
                        plain.of_stays_s[k][g, c] += part_s * (stays and up[k])
                    if all(up):
                        plain.both_s[g, c] += part_s
                        before_s, after_s = (run["rtt"][t, g, c] for run in sides)
                        plain.slower_s[g, c] += part_s * bool(after_s > np.float32(slower) * before_s)
                    if any(up):
                        for kind, known in names.items():
                            who = [
                                known[run[kind][t, g, c]] if there and run[kind][t, g, c] >= 0 else ""
                                for run, there in zip(sides, up, strict=True)
                            ]
                            plain.moves[kind, *who] += part_s * weight[g, c]
    return plain


def restored(intact: Run, loss: Run, option: Run, duration_s: np.ndarray) -> tuple[dict, dict, dict]:
    """Seconds lost, restored and added, by (group, cell)."""
    lost, again, added = defaultdict(float), defaultdict(float), defaultdict(float)
    steps, groups, cells = intact["served"].shape
    for t in range(steps):
        for g in range(groups):
            for c in range(cells):
                for quarter in range(QUARTERS):
                    before, left, then = (has_service(run, t, g, c, quarter) for run in (intact, loss, option))
                    part_s = duration_s[t] / QUARTERS
                    lost[g, c] += part_s * (before and not left)
                    again[g, c] += part_s * (before and not left and then)
                    added[g, c] += part_s * (then and not before)
    return lost, again, added
