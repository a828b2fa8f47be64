"""Who is drawn: some of many, without replacement, by a seed and the name of the draw.

Every place on an axis has a key of 64 random bits that hangs on the seed, the name and its number on the axis, and on
nothing else; who has the lowest keys goes first. So a draw does not hang on what else is drawn, or when; a larger share
holds the smaller one; and who stands at the end of an axis changes no key before it.

        candidates      0    2    3    5    6
        keys            7a   19   e0   44   8b
        order           2nd  0th  4th  1st  3rd       40 % are 2 and 5; 60 % are 2, 5 and 0
"""

from __future__ import annotations

import hashlib

import numpy as np

from obrii.errors import ScenarioError

#: Words of 32 bits of a digest that seed a draw beside the seed itself: the whole of SHA-256.
_DIGEST_WORDS = "<u4"

#: What a key is divided by for a chance, and the bits that a double cannot hold.
_CHANCES, _BITS_LOST = 2.0**53, np.uint64(11)


def keys(seed: int, name: str, length: int) -> np.ndarray:
    """Random keys of everything on an axis: (length,) u8.

    The raw stream of PCG64, which NumPy promises to keep, so that a seed means the same in every version. Raises
    ScenarioError for a seed below 0.

    >>> (keys(1, "storm", 3) == keys(1, "storm", 9)[:3]).all()
    np.True_
    """
    if seed < 0:
        raise ScenarioError(f"seed: {seed} is below 0; give 0 or a whole number above")
    words = np.frombuffer(hashlib.sha256(name.encode()).digest(), _DIGEST_WORDS)
    stream = np.random.PCG64(np.random.SeedSequence([seed, *words.tolist()]))
    # PCG64 gives one plain number where it is asked for none of them.
    return np.asarray(stream.random_raw(length), np.uint64) if length else np.empty(0, np.uint64)


def chances(seed: int, name: str, length: int) -> np.ndarray:
    """A chance for everything on an axis, evenly spread over 0 to below 1: (length,) f8.

    What has the probability p to be lost is lost where its chance is below p; a larger p loses the same ones and more.

    >>> chances(1, "storm", 2).round(3).tolist()
    [0.979, 0.712]
    """
    return (keys(seed, name, length) >> _BITS_LOST) / _CHANCES


def ranks(seed: int, name: str, candidates: np.ndarray) -> np.ndarray:
    """Who is drawn before whom: (n,) i8, 0 for the first, -1 for what is no candidate.

    candidates (n,) bool.

    >>> ranks(1, "storm", np.array([True, True, False, True])).tolist()
    [2, 1, -1, 0]
    """
    candidates = np.asarray(candidates, bool)
    order = np.argsort(keys(seed, name, len(candidates)), kind="stable")
    order = order[candidates[order]]
    found = np.full(len(candidates), -1, np.int64)
    found[order] = np.arange(len(order))
    return found


def first(rank: np.ndarray, share: float) -> np.ndarray:
    """Those who come first, so many that they are a share of all that have a rank: (n,) bool.

    rank (n,), as `ranks` gives it; share: 0 to 1. The number is rounded to the nearest, a half upwards.

    >>> first(np.array([1, 0, -1, 2]), 0.5).tolist()
    [True, True, False, False]
    """
    rank = np.asarray(rank)
    return (rank >= 0) & (rank < part(share, int((rank >= 0).sum())))


def part(share: float, among: int) -> int:
    """How many a share of some is: the nearest whole number, a half upwards.

    >>> part(0.1, 25), part(0.0, 25), part(1.0, 25)
    (3, 0, 25)
    """
    return int(np.floor(share * among + 0.5))


def drawn(
    seed: int,
    name: str,
    candidates: np.ndarray,
    *,
    count: int | None = None,
    share: float | None = None,
    where: str = "draw",
) -> np.ndarray:
    """Some of the candidates, as many as are asked for, all of them different: (n,) bool.

    candidates (n,) bool; count: how many, or share: which part of them, 0 to 1; where: how a refusal begins.

    Raises ScenarioError for a share outside 0 to 1, for more than there are, and where both or neither are given.

    >>> drawn(1, "storm", np.ones(1584, bool), count=792).sum()
    np.int64(792)
    >>> drawn(1, "storm", np.ones(1584, bool), share=5)
    Traceback (most recent call last):
    obrii.errors.ScenarioError: draw: share is 5, which is outside 0 to 1; was 0.05 meant?
    """
    candidates = np.asarray(candidates, bool)
    among = int(candidates.sum())
    if count is None and share is not None:
        count = part(check_share(share, where), among)
    elif count is None or share is not None:
        given = "neither" if count is None else "both"
        raise ScenarioError(f"{where}: says how many by {given} of count and share; give one")
    if not 0 <= count <= among:
        raise ScenarioError(
            f"{where}: asks for {count} of {among}; " + (f"give at most {among}" if count > 0 else "give 0 or more")
        )
    rank = ranks(seed, name, candidates)
    return np.asarray((rank >= 0) & (rank < count))


def check_share(share: float, where: str = "draw", what: str = "share") -> float:
    """The share itself, if it lies in 0 to 1; raises ScenarioError, with a hint where it looks like per cent.

    >>> check_share(-0.2)
    Traceback (most recent call last):
    obrii.errors.ScenarioError: draw: share is -0.2, which is outside 0 to 1; give a part of one
    """
    if not 0.0 <= share <= 1.0:
        meant = f"was {share / 100:g} meant?" if 1.0 < share <= 100.0 else "give a part of one"
        raise ScenarioError(f"{where}: {what} is {share:g}, which is outside 0 to 1; {meant}")
    return share
