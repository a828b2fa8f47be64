"""Draws without replacement as one reads them: a hat of numbered tickets, the lowest first."""

from __future__ import annotations

import hashlib

import numpy as np


def tickets(seed: int, name: str, length: int) -> list[int]:
    """The ticket of everything on an axis, one after the other."""
    digest = hashlib.sha256(name.encode()).digest()
    words = [int.from_bytes(digest[k : k + 4], "little") for k in range(0, 32, 4)]
    stream = np.random.PCG64(np.random.SeedSequence([seed, *words]))
    return [int(stream.random_raw()) for _ in range(length)]


def order(seed: int, name: str, candidates: list[bool]) -> list[int]:
    """Numbers of the candidates, in the order in which they are drawn."""
    ticket = tickets(seed, name, len(candidates))
    return sorted((k for k, there in enumerate(candidates) if there), key=lambda k: (ticket[k], k))
