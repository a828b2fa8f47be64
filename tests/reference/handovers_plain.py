"""Handovers and times with a satellite, one terminal at a time, for reading."""

from __future__ import annotations

import math

import numpy as np


def follow(window: list[int], duration_s: list[float], satellite: list[int]) -> tuple[list[int], list[float]]:
    """Of one terminal: 1 where its satellite is another than in the step before, 0 the same, -1 not known; and how long
    the same one has served at the end of each step, NaN where none does."""
    handover, serving_s = [], []
    for step, now in enumerate(satellite):
        first = step == 0 or window[step] != window[step - 1]
        before = -1 if first else satellite[step - 1]
        handover.append(-1 if now < 0 or before < 0 else int(now != before))
        longer = serving_s[-1] if now >= 0 and now == before else 0.0
        serving_s.append(longer + duration_s[step] if now >= 0 else math.nan)
    return handover, serving_s


def arrays(window: np.ndarray, duration_s: np.ndarray, satellite: np.ndarray) -> dict[str, np.ndarray]:
    """The arrays of a whole run from its satellites, (time, group, cell)."""
    handover, serving_s = np.empty(satellite.shape, np.int8), np.empty(satellite.shape, np.float32)
    for group in range(satellite.shape[1]):
        for cell in range(satellite.shape[2]):
            found = follow(window.tolist(), duration_s.tolist(), satellite[:, group, cell].tolist())
            handover[:, group, cell], serving_s[:, group, cell] = found
    return {"handover": handover, "serving_s": serving_s}
