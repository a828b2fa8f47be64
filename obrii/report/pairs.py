"""Two places and the way between them: for how much of the time there is one, and how long a packet takes."""

from __future__ import annotations

from obrii.report import palette
from obrii.report.glance import Bar, bars
from obrii.report.markup import Markup, element
from obrii.report.messages import Words
from obrii.report.reading import Pair, Run
from obrii.report.tables import scrolling

#: Pairs that the sentence on top names, at most.
_NAMED = 3


def lead(run: Run, words: Words) -> str:
    """The sentence on top of a run of pairs alone: how long the ways are when everything works."""
    found = sorted((pair for pair in run.summary.intact.pairs if pair.rtt_ms), key=_median)
    if not found:
        return words.say("pairs.lead.none")
    if len(found) <= _NAMED:
        ways = [words.say("pairs.way", pair=name(pair, words), delay=_delays(pair, words)[1]) for pair in found]
        return words.say("pairs.lead", ways=words.listing(ways))
    ends = [{"pair": name(pair, words), "delay": _delays(pair, words)[1]} for pair in (found[0], found[-1])]
    return words.say(
        "pairs.lead.range", first=words.say("pairs.way", **ends[0]), last=words.say("pairs.way", **ends[1])
    )


def picture(run: Run, words: Words) -> Markup:
    """A bar a pair and variant, of the median round trip."""
    every = [(variant, pair) for variant in run.summary.variants for pair in variant.pairs]
    longest = max((_median(pair) for _, pair in every), default=0.0) or 1.0
    listed = [
        Bar(
            name(pair, words),
            words.variant(variant.name) if run.summary.others else "",
            _median(pair) / longest,
            palette.DELAY,
            words.say("glance.ms", delay=_delays(pair, words)[1]),
        )
        for variant, pair in every
    ]
    title = element("h2", words.say("glance.rtt"))
    caption = element("figcaption", title, element("span", words.say("pairs.bars")))
    return element("figure", caption, bars(listed, "track bare"), cls="glance")


def table(run: Run, words: Words) -> Markup:
    """A row a pair and variant: share of the time with a way, and the least, median and greatest round trip."""
    several = bool(run.summary.others)
    heads = [element("th", words.say("pairs.pair"), scope="col")]
    heads += [element("th", words.say("table.variant"), scope="col", cls="words")] if several else []
    heads += [element("th", words.say(f"pairs.{key}"), scope="col") for key in ("share", "least", "median", "most")]
    rows = [
        element(
            "tr",
            element("th", name(pair, words), scope="row"),
            element("td", words.variant(variant.name), cls="words") if several else "",
            element("td", words.percent(pair.share)),
            [element("td", delay) for delay in _delays(pair, words)],
        )
        for place in range(len(run.summary.intact.pairs))
        for variant in run.summary.variants
        for pair in variant.pairs[place : place + 1]
    ]
    return scrolling(element("thead", element("tr", heads)), element("tbody", rows), cls="numbers")


def name(pair: Pair, words: Words) -> str:
    """The two places of a pair."""
    return " – ".join(words.text(end) for end in pair.name.split(" - ", 1))


def _median(pair: Pair) -> float:
    return pair.rtt_ms[1] if pair.rtt_ms else 0.0


def _delays(pair: Pair, words: Words) -> list[str]:
    """The least, median and greatest round trip, as they are written."""
    return [words.milliseconds(delay) for delay in (pair.rtt_ms or (None, None, None))]
