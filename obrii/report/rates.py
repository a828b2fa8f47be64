"""What each person gets: rates of every variant, who is degraded, the capacity that is kept, and what binds."""

from __future__ import annotations

from obrii.report.bottlenecks import binds, bottleneck, held
from obrii.report.causes import TAKES_ALL
from obrii.report.markup import Markup, element, join
from obrii.report.messages import Words
from obrii.report.rate_reading import Gets
from obrii.report.reading import Run, Variant
from obrii.report.tables import scrolling

#: What is explained beside the numbers, in order.
_DEFINED = ("rate", "busy", "degraded", "capacity", "binding")

#: What is said of rates at the busy hour, and during the run.
_GETS = ("rates.median", "rates.low")


def rates_told(run: Run, words: Words) -> Markup:
    """The sentences, the table and what its numbers mean."""
    usable = words.rate(run.summary.usable_bps)
    terms = [
        element(
            "div",
            element("dt", words.say(f"rates.mean.{key}", usable=usable)),
            element("dd", words.say(f"rates.mean.{key}.text", usable=usable)),
        )
        for key in _DEFINED
    ]
    return join(
        [element("p", sentence, cls="said") for sentence in sentences(run, words)],
        rates_table(run, words),
        element("dl", terms),
    )


def sentences(run: Run, words: Words) -> list[str]:
    """What terminals get when everything works and what binds them; and the case that leaves least of the capacity."""
    said = [_lead(run, words)]
    worst = _worst(run)
    if worst is not None and worst.rates is not None:
        gets = worst.rates.busy
        said.append(
            words.say(
                "rates.case.alike" if _alike(gets, words) else "rates.case",
                variant=words.case(worst.name),
                kept=words.kept(worst.rates.kept),
                median=words.rate(gets.median_bps),
                low=words.rate(gets.low_bps),
            )
        )
    return said


def rates_table(run: Run, words: Words) -> Markup:
    """A row a variant: rates, who is degraded, capacity kept as a bar, and what binds."""
    usable = words.rate(run.summary.usable_bps)
    groups = (("rates.case.head", ()), ("rates.busy", _GETS), ("rates.now", _GETS))
    single = ("rates.degraded", "rates.capacity", "rates.binding")
    above = [
        element("th", words.say(key), scope="colgroup", colspan=len(parts), cls="group")
        if parts
        else element("th", words.say(key), scope="col", rowspan=2)
        for key, parts in groups
    ]
    above += [
        element(
            "th",
            words.say(key, usable=usable),
            scope="col",
            rowspan=2,
            cls=None if key == "rates.degraded" else "words",
        )
        for key in single
    ]
    below = [element("th", words.say(part), scope="col") for _, parts in groups for part in parts]
    rows = [_row(run, variant, words) for variant in run.summary.variants]
    return scrolling(
        element("thead", element("tr", above), element("tr", below)), element("tbody", rows), cls="numbers rates"
    )


def _row(run: Run, variant: Variant, words: Words) -> Markup:
    rates = variant.rates
    name = element("th", words.variant(variant.name), scope="row")
    if rates is None:
        return element("tr", name)
    gets = [bps for pair in (rates.busy, rates.now) for bps in (pair.median_bps, pair.low_bps)]
    part = min(1.0, rates.kept or 0.0)
    kept = element(
        "td",
        element("span", element("i", style=f"width:{100 * part:.0f}%"), cls="bar"),
        words.kept(rates.kept),
        element("small", words.rate(rates.capacity_bps)) if rates.capacity_bps else "",
        cls="words",
    )
    share = held(rates)
    bound = element("small", words.say("rates.held", share=words.percent(share))) if share else ""
    return element(
        "tr",
        name,
        [element("td", words.rate(bps)) for bps in gets],
        element("td", words.count(rates.degraded)),
        kept,
        element("td", bottleneck(rates, words, _antennas(run, variant.name, rates.gateway)), bound, cls="words"),
    )


def _lead(run: Run, words: Words) -> str:
    intact = run.summary.intact.rates
    if intact is None or intact.busy.median_bps is None:
        return words.say("rates.lead.nobody")
    first = binds(intact, words, _antennas(run, run.summary.intact.name, intact.gateway))
    median, low = words.rate(intact.busy.median_bps), words.rate(intact.busy.low_bps)
    key = "rates.lead.alike" if _alike(intact.busy, words) else "rates.lead"
    return words.say(key, median=median, low=low, binds=first)


def _alike(gets: Gets, words: Words) -> bool:
    """Whether half of the terminals and nine in ten get the same, as it is written."""
    return words.rate(gets.median_bps) == words.rate(gets.low_bps)


def _worst(run: Run) -> Variant | None:
    """The variant that leaves least of the capacity, of those that leave some, lose some, and add nothing."""
    left = [
        (variant.rates.kept, number, variant)
        for number, variant in enumerate(run.summary.others)
        if variant.rates is not None
        and variant.rates.busy.median_bps is not None
        and variant.rates.kept is not None
        and variant.rates.kept < TAKES_ALL
        and not variant.added.terminals
    ]
    return min(left)[2] if left else None


def _antennas(run: Run, variant: str, gateway: str | None) -> int:
    """Antennas of a gateway, -1 where nobody says."""
    rows = run.of("gateways", variant)
    found = rows["antennas"][rows["gateway"] == gateway].tolist()
    return int(found[0]) if found else -1
