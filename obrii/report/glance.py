"""The first picture of the page: a bar a variant, of who loses the connection or, where nobody does, of the delay."""

from __future__ import annotations

from typing import NamedTuple

from obrii.report import palette
from obrii.report.markup import Markup, element
from obrii.report.messages import Words
from obrii.report.reading import Run, Variant
from obrii.report.story import WORTH_SAYING


class Bar(NamedTuple):
    """One bar: the variant, its length of the whole, its colour, and what it says."""

    variant: Variant
    length: float
    colour: str
    text: str


def glance(run: Run, words: Words) -> Markup:
    """Bars of what each variant takes of what intact serves; of the median delay where none takes anything."""
    summary = run.summary
    if not summary.others:
        return Markup("")
    if any(summary.without(variant).share_mean >= WORTH_SAYING for variant in summary.others):
        unit = "terminals" if summary.counts_terminals else "people"
        whole = summary.terminals if summary.counts_terminals else summary.people
        served = words.count(whole - summary.without(summary.intact).mean)
        note = words.say("glance.note", whole=words.say(f"whole.{unit}", whole=served))
        return _figure(words.say(f"glance.{unit}"), note, "track", _losses(run, words), words)
    return _figure(words.say("glance.rtt"), words.say("glance.rtt.note"), "track bare", _delays(run, words), words)


def _losses(run: Run, words: Words) -> list[Bar]:
    bars = []
    for variant in run.summary.others:
        share = min(1.0, run.summary.without(variant).share_mean)
        text = words.say("glance.of", lost=words.count(run.summary.lost(variant)), share=words.percent(share))
        bars.append(Bar(variant, share, palette.strongest(variant.main_reason), text))
    return bars


def _delays(run: Run, words: Words) -> list[Bar]:
    medians = [variant.rtt_ms[0] or 0.0 for variant in run.summary.variants]
    longest = max(medians) or 1.0
    return [
        Bar(
            variant,
            median / longest,
            palette.DELAY,
            words.say("glance.ms", delay=words.milliseconds(variant.rtt_ms[0])),
        )
        for variant, median in zip(run.summary.variants, medians, strict=True)
    ]


def _figure(title: str, note: str, track: str, bars: list[Bar], words: Words) -> Markup:
    rows = [
        element(
            "li",
            element("b", words.variant(bar.variant.name), _why(bar.variant, words)),
            element("span", element("i", style=f"width:{100 * bar.length:.1f}%;background:{bar.colour}"), cls=track),
            element("em", bar.text),
        )
        for bar in bars
    ]
    caption = element("figcaption", element("h2", title), element("span", note))
    return element("figure", caption, element("ul", rows), cls="glance")


def _why(variant: Variant, words: Words) -> Markup:
    """The main reason of a variant, and from when to when its events act."""
    if not variant.events:
        return Markup("")
    start, end = min(event.start for event in variant.events), max(event.end for event in variant.events)
    span = {"start": words.clock(start), "end": words.clock(end)}
    if variant.main_reason is None:
        return element("small", words.say("time.event", **span))
    return element("small", words.say("glance.why", reason=words.reason(variant.main_reason), **span))
