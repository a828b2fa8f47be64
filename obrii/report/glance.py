"""The first picture of the page: a bar a variant, of who loses the connection or, where nobody does, of the delay."""

from __future__ import annotations

from typing import NamedTuple

from obrii.report import palette
from obrii.report.headline import slower
from obrii.report.intervals import DAY, interval
from obrii.report.markup import Markup, element
from obrii.report.messages import Words
from obrii.report.reading import Run, Variant
from obrii.report.story import WORTH_SAYING, added_bps


class Bar(NamedTuple):
    """One bar: what it stands for, a line under that, its length of the scale, its colour, and what it says; how much
    of the scale is as many as something adds, drawn under it, and what that says; and all that the bar is a part of."""

    name: str
    note: str
    length: float
    colour: str
    text: str
    added: float = 0.0
    more: str = ""
    whole: float = 1.0


def glance(run: Run, words: Words) -> Markup:
    """Bars of what each variant takes of what intact serves; where none takes anything, of the median delay, or of what
    variants add where no way is longer."""
    summary = run.summary
    if not summary.others:
        return Markup("")
    if any(summary.without(variant).share_mean >= WORTH_SAYING for variant in summary.others):
        note = words.say(f"glance.note.{summary.unit}", whole=words.count(summary.served))
        listed = _losses(run, words)
        if any(bar.added for bar in listed):
            restored = (run.tables["compared_restored"]["share_restored"] >= WORTH_SAYING).any()
            note = f"{note}. {words.say('glance.note.added' if restored else 'glance.note.back')}"
        return _figure(words.say(f"glance.{summary.unit}"), note, bars(listed, "track"))
    if summary.adds and not slower(run):
        return _figure(words.say("glance.gain"), words.say("glance.gain.note"), bars(_gains(run, words), "track pale"))
    return _figure(words.say("glance.rtt"), words.say("glance.rtt.note"), bars(_delays(run, words), "track bare"))


def bars(listed: list[Bar], track: str) -> Markup:
    """A list of bars; track: how the part beyond each bar looks."""
    rows = [
        element(
            "li",
            element("b", bar.name, element("small", bar.note) if bar.note else ""),
            element(
                "div",
                element("span", _part(bar.length / bar.whole, bar.colour), cls=track, style=_width(bar.whole)),
                element("span", _part(bar.added, palette.BACK), cls="track bare more") if bar.added > 0.0 else "",
            ),
            element("em", bar.text, element("small", bar.more) if bar.more else ""),
        )
        for bar in listed
    ]
    return element("ul", rows, cls="bars")


def _width(whole: float) -> str | None:
    """How wide what a bar is part of is drawn, where that is not all of the scale."""
    return f"width:{100 * whole:.1f}%" if whole < 1.0 else None


def _part(length: float, colour: str) -> Markup:
    return element("i", style=f"width:{100 * length:.1f}%;background:{colour}")


def _losses(run: Run, words: Words) -> list[Bar]:
    listed = []
    told: set[tuple[str, str]] = set()
    # One scale for all: what intact serves, or more where more are added.
    whole = run.summary.served / _scale(run)
    for variant in run.summary.others:
        share = min(1.0, run.summary.without(variant).share_mean)
        text = words.say("glance.of", lost=words.count(run.lost(variant)), share=words.percent(share))
        why, more, added = _why(run, variant, words), "", 0.0
        # A case that only adds terminals to one above has the same loss, whose reason need not be said again.
        again = (why, text) in told
        told.add((why, text))
        if variant.added.terminals:
            why = _adds(variant, words) if again else f"{why}; {_adds(variant, words)}"
            more = words.say("glance.more", served=words.count(variant.added.served))
            # Nobody who lost the connection has it back, so what is added is a bar of its own, of the same scale.
            added = variant.added.served / _scale(run) if run.summary.unit == "terminals" else 0.0
        colour = palette.strongest(variant.main_reason)
        listed.append(Bar(words.variant(variant.name), why, share * whole, colour, text, added, more, whole))
    return listed


def _scale(run: Run) -> float:
    """How many terminals or people the length of the picture stands for; none are taken as one."""
    added = [variant.added.served for variant in run.summary.others] if run.summary.counts_terminals else []
    return max(run.summary.served, *added, 1.0)


def _gains(run: Run, words: Words) -> list[Bar]:
    """What variants add, and how many of those have a connection."""
    adding = [variant for variant in run.summary.others if variant.added.terminals > 0.0]
    most = max(variant.added.terminals for variant in adding)
    return [
        Bar(
            words.variant(variant.name),
            _why(run, variant, words),
            variant.added.served / most,
            palette.BACK,
            words.say(
                "glance.of",
                lost=words.count(variant.added.served),
                share=words.percent(variant.added.served / variant.added.terminals),
            ),
            whole=variant.added.terminals / most,
        )
        for variant in adding
    ]


def _delays(run: Run, words: Words) -> list[Bar]:
    medians = [variant.rtt_ms[0] or 0.0 for variant in run.summary.variants]
    longest = max(medians) or 1.0
    return [
        Bar(
            words.variant(variant.name),
            _why(run, variant, words),
            median / longest,
            palette.DELAY,
            words.say("glance.ms", delay=words.milliseconds(variant.rtt_ms[0])),
        )
        for variant, median in zip(run.summary.variants, medians, strict=True)
    ]


def _figure(title: str, note: str, listed: Markup) -> Markup:
    return element("figure", element("figcaption", element("h2", title), element("span", note)), listed, cls="glance")


def _why(run: Run, variant: Variant, words: Words) -> str:
    """The main reason of a variant, and from when to when the events act that are measured."""
    if not variant.events:
        return ""
    start, end = min(event.start for event in variant.measured), max(event.end for event in variant.measured)
    span = interval(start, end, words, dated=run.summary.end - run.summary.start > DAY)
    if variant.main_reason is None:
        return words.say("glance.acts", span=span)
    return words.say("glance.why", reason=words.reason(variant.main_reason), span=span)


def _adds(variant: Variant, words: Words) -> str:
    """What a variant adds: terminals, those with a connection, and what they get."""
    gets_bps = added_bps(variant)
    return words.say(
        "glance.added" if gets_bps is None else "glance.added.rate",
        added=words.count(variant.added.terminals),
        served=words.count(variant.added.served),
        rate=words.rate(gets_bps),
    )
