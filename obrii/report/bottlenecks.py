"""What keeps terminals from more, in words: the kind of it, and for antennas which gateway and how many."""

from __future__ import annotations

from obrii.report.messages import Words
from obrii.report.rate_reading import Rates


def bottleneck(rates: Rates, words: Words, antennas: int = -1) -> str:
    """What binds in a variant, in a few words; antennas: of its gateway, -1 where they are not told."""
    if rates.busy.median_bps is None:
        return words.say("rates.bottleneck.nobody")
    kind = _kind(rates, antennas)
    return words.say(f"rates.bottleneck.{kind}", **_values(rates, words, antennas))


def binds(rates: Rates, words: Words, antennas: int = -1) -> str:
    """What binds in a variant and how many it holds back, in a sentence."""
    kind = _kind(rates, antennas)
    return words.say(f"rates.binds.{kind}", **_values(rates, words, antennas))


def held(rates: Rates) -> float:
    """Share of the terminals that parts of the kind that binds hold back."""
    return rates.held.get(rates.bottleneck or "", 0.0)


def _kind(rates: Rates, antennas: int) -> str:
    """The end of a key: what binds, or nothing."""
    if rates.bottleneck == "antenna" and antennas < 0:
        return "antenna-uncounted"
    return rates.bottleneck or "nothing"


def _values(rates: Rates, words: Words, antennas: int) -> dict[str, str]:
    return {
        "share": words.percent(held(rates)),
        "gateway": words.station(rates.gateway or ""),
        "antennas": words.exact(antennas),
    }
