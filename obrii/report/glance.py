"""The first picture of the page: a bar a variant, of who loses the connection or, where nobody does, of the delay."""

from __future__ import annotations

from typing import NamedTuple

from obrii.report import palette
from obrii.report.markup import Markup, element
from obrii.report.messages import Words
from obrii.report.reading import Run, Variant
from obrii.report.story import WORTH_SAYING, added_bps


class Bar(NamedTuple):
    """One bar: what it stands for, a line under that, its length of the whole, its colour, what it says, and how much
    of the whole something else makes up for."""

    name: str
    note: str
    length: float
    colour: str
    text: str
    back: float = 0.0


def glance(run: Run, words: Words) -> Markup:
    """Bars of what each variant takes of what intact serves; of the median delay where none takes anything."""
    summary = run.summary
    if not summary.others:
        return Markup("")
    if any(summary.without(variant).share_mean >= WORTH_SAYING for variant in summary.others):
        note = words.say(f"glance.note.{summary.unit}", whole=words.count(summary.served))
        listed = _losses(run, words)
        if any(bar.back for bar in listed):
            note = f"{note}. {words.say('glance.note.back')}"
        return _figure(words.say(f"glance.{summary.unit}"), note, bars(listed, "track"))
    return _figure(words.say("glance.rtt"), words.say("glance.rtt.note"), bars(_delays(run, words), "track bare"))


def bars(listed: list[Bar], track: str) -> Markup:
    """A list of bars; track: how the part beyond each bar looks."""
    rows = [
        element(
            "li",
            element("b", bar.name, element("small", bar.note) if bar.note else ""),
            element("span", [_part(part, colour) for part, colour in _parts(bar)], cls=track),
            element("em", bar.text),
        )
        for bar in listed
    ]
    return element("ul", rows, cls="bars")


def _parts(bar: Bar) -> list[tuple[float, str]]:
    """Lengths and colours of the parts of a bar, from the left."""
    whole = [(bar.back, palette.BACK), (bar.length - bar.back, bar.colour)]
    return [(length, colour) for length, colour in whole if length > 0] or whole[1:]


def _part(length: float, colour: str) -> Markup:
    return element("i", style=f"width:{100 * length:.1f}%;background:{colour}")


def _losses(run: Run, words: Words) -> list[Bar]:
    listed = []
    for variant in run.summary.others:
        share = min(1.0, run.summary.without(variant).share_mean)
        text = words.say("glance.of", lost=words.count(run.summary.lost(variant)), share=words.percent(share))
        name, note = words.variant(variant.name), _why(variant, words)
        # Terminals are told apart from those that are lost, so that only as many can make up for as many.
        back = variant.added.served / run.summary.served if run.summary.unit == "terminals" else 0.0
        listed.append(Bar(name, note, share, palette.strongest(variant.main_reason), text, min(share, back)))
    return listed


def _delays(run: Run, words: Words) -> list[Bar]:
    medians = [variant.rtt_ms[0] or 0.0 for variant in run.summary.variants]
    longest = max(medians) or 1.0
    return [
        Bar(
            words.variant(variant.name),
            _why(variant, words),
            median / longest,
            palette.DELAY,
            words.say("glance.ms", delay=words.milliseconds(variant.rtt_ms[0])),
        )
        for variant, median in zip(run.summary.variants, medians, strict=True)
    ]


def _figure(title: str, note: str, listed: Markup) -> Markup:
    return element("figure", element("figcaption", element("h2", title), element("span", note)), listed, cls="glance")


def _why(variant: Variant, words: Words) -> str:
    """The main reason of a variant, and from when to when the events act that are measured."""
    if not variant.events:
        return ""
    more = _adds(variant, words) if variant.added.terminals else ""
    start, end = min(event.start for event in variant.measured), max(event.end for event in variant.measured)
    span = {"start": words.clock(start), "end": words.clock(end)}
    if variant.main_reason is None:
        return words.say("time.event", **span) + more
    return words.say("glance.why", reason=words.reason(variant.main_reason), **span) + more


def _adds(variant: Variant, words: Words) -> str:
    """What a variant adds: terminals, those with a connection, and what they get."""
    gets_bps = added_bps(variant)
    return words.say(
        "glance.added" if gets_bps is None else "glance.added.rate",
        added=words.count(variant.added.terminals),
        served=words.count(variant.added.served),
        rate=words.rate(gets_bps),
    )
