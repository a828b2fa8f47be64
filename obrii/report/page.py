"""The page: one file for somebody who has never seen the project, from the sentence on top to how to run it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from obrii.report import added, causes, charts, compared, headline, pairs, palette, places, story, tables
from obrii.report.alike import alike, figure
from obrii.report.glance import glance
from obrii.report.growth import growth_told
from obrii.report.loads import loads_table
from obrii.report.losses import most_lost
from obrii.report.maps import BROAD, LARGE, SMALL, Atlas, Size, atlas
from obrii.report.markup import Markup, element, join
from obrii.report.messages import Words, check
from obrii.report.rates import rates_told
from obrii.report.reading import Run, Variant, read_run
from obrii.report.style import STYLE

#: Name of the page in the run directory, by language.
REPORT_NAMES = {"en": "report.html", "uk": "report.uk.html"}

#: Stations outside the map that are named, at most.
_OUTSIDE = 8

#: What the definitions explain, in order.
_DEFINED = ("terminals", "people", "alone", "added", "share", "rtt", "light", "use", "reason", "cells")


def report(directory: Path, *, language: str = "en") -> Path:
    """Write the page of a run into its directory, and return where it is.

    directory: holds summary.json and tables/*.parquet. language: of every word on the page, one of `REPORT_NAMES`; each
    has a page of its own. The same tables give the same bytes. Raises `DataError` where the directory holds no finished
    run, `ScenarioError` for another language.
    """
    check(language)
    run = read_run(directory)
    words = Words(language, run.summary.translation.get(language))
    target = directory / REPORT_NAMES[language]
    target.write_text(page(run, words), encoding="utf-8", newline="\n")
    return target


def page(run: Run, words: Words) -> str:
    """The whole page as text."""
    drawn = atlas(run, words)
    numbers = tables.variants_table(run, words)
    alone, kind = run.summary.pairs_alone, _about(run)
    sections = [
        head(run, words),
        "" if alone else _section("numbers", words.say(f"table.title.{kind}"), words.say("table.note"), numbers),
        ways(run, words),
        maps(run, drawn, words) if drawn else "",
        countries(run, words),
        over_time(run, words),
        rates(run, words),
        by_place(run, words),
        gateways(run, words),
        "" if alone else definitions(run, words),
        assumptions(run, words),
        sources(run, words),
    ]
    title = f"{words.text(run.summary.title)} · Obrii"
    return "<!DOCTYPE html>\n" + element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("title", title),
            element("style", Markup(STYLE)),
        ),
        element("body", drawn.definitions() if drawn else "", element("main", sections)),
        lang=words.language,
    )


def head(run: Run, words: Words) -> Markup:
    """Title, the sentence and what is restored and added, what this is, and a bar a variant."""
    summary = run.summary
    if summary.counts_terminals:
        terminals = words.counted("terminals", summary.terminals)
    else:
        terminals = words.say("terminals.none")
    setting = words.say(
        "page.setting",
        span=words.span(summary.start, summary.end),
        step=words.duration(summary.step_s),
        cells=words.exact(summary.cells),
        people=words.count(summary.people),
        terminals=terminals,
    )
    if summary.pairs_alone:
        setting = words.say(
            "page.setting.pairs",
            span=words.span(summary.start, summary.end),
            step=words.duration(summary.step_s),
            pairs=words.exact(len(summary.intact.pairs)),
        )
    below = "" if summary.pairs_alone else headline.more(run, words)
    why = "offered" if run.never_for_offer else "served"
    never = words.say(
        f"page.never.{why}", people=words.count(summary.never_people), cells=words.exact(summary.never_cells)
    )
    return element(
        "header",
        element("p", words.say("page.kicker"), cls="kicker"),
        element("h1", words.text(summary.title)),
        element("p", pairs.lead(run, words) if summary.pairs_alone else headline.lead(run, words), cls="lead"),
        element("p", below, cls="also") if below else "",
        element("p", element("strong", words.say("page.note")), " ", setting, cls="note"),
        element("p", never, cls="note") if summary.never_cells else "",
        pairs.picture(run, words) if summary.pairs_alone else glance(run, words),
    )


def ways(run: Run, words: Words) -> Markup:
    """The way between two places, where the run has pairs."""
    if not run.summary.intact.pairs:
        return Markup("")
    return _section("pairs", words.say("pairs.title"), words.say("pairs.text"), pairs.table(run, words))


def maps(run: Run, drawn: Atlas, words: Words) -> Markup:
    """Before, large with the legend; after, a map a variant. Wide maps take the width of the page."""
    intact, wide = run.summary.intact, drawn.sheet.wide
    gateways, pops = (words.first(drawn.outside(table, intact), _OUTSIDE) for table in ("gateways", "pops"))
    beyond = drawn.beyond()
    end = {"cells": words.exact(len(beyond)), "people": words.count(beyond["people"].sum())}
    title = element("h3", words.say("maps.before" if run.summary.others else "maps.intact"))
    aside = [
        _legend(drawn, words),
        element("p", words.say("map.outside", gateways=gateways), cls="quiet") if gateways else "",
        element("p", words.say("map.pops", pops=pops), cls="quiet") if pops else "",
        element("p", words.say("map.end", **end), cls="quiet") if len(beyond) else "",
        element("p", words.say("map.gathered"), cls="quiet") if drawn.cover.gathered else "",
    ]
    pictures = _pictures(drawn, [intact], BROAD if wide else LARGE)
    if wide:
        before = join(title, element("div", pictures, element("div", aside), cls="before broad"))
    else:
        before = element("div", pictures, element("div", title, aside), cls="before")
    cards = [
        figure(
            variants,
            _pictures(drawn, variants, BROAD) if wide else drawn.picture(variants, SMALL),
            lambda variant: story.caption(run, variant, words),
            words,
        )
        for variants in drawn.drawn()[1:]
    ]
    said = words.say("maps.after" if len(cards) > 1 else "maps.after.one")
    after = join(element("h3", said), element("div", cards, cls="cards broad" if wide else "cards")) if cards else ""
    kind = "costs" if _about(run) == "costs" else "plain"
    return _section("maps", words.say(f"maps.title.{kind}"), words.say("maps.text"), before, after)


def _pictures(drawn: Atlas, variants: Sequence[Variant], size: Size) -> Markup:
    """The map of variants that look the same, twice: for a wide page, and for a narrow one."""
    return join(
        element("div", drawn.picture(variants, size), cls="wide"),
        element("div", drawn.picture(variants, SMALL), cls="narrow"),
    )


def _legend(drawn: Atlas, words: Words) -> Markup:
    rows = [(_swatches("", (-1,)), words.say("legend.served"))]
    shown = drawn.reasons_shown()
    rows += [(_swatches(reason, tuple(range(len(palette.BANDS)))), words.reason(reason)) for reason in shown]
    if drawn.adds():
        reason = next(variant.main_reason for variant in drawn.run.summary.others if variant.added.terminals)
        rows.append((added.swatch(reason), words.say("legend.added")))
    rows += [(drawn.mark(mark), words.say(f"legend.{mark}")) for mark in drawn.marks_shown()]
    return join(
        element("ul", [element("li", picture, element("span", text)) for picture, text in rows], cls="legend"),
        element("p", words.say("legend.shade"), cls="quiet") if shown else "",
    )


def _swatches(reason: str, levels: tuple[int, ...]) -> Markup:
    """The shades of a reason side by side, under its pattern."""
    side = 36
    boxes = [
        element("rect", x=side * place, width=side, height=side, fill=palette.shade(reason, level))
        for place, level in enumerate(levels)
    ]
    over = palette.pattern(reason) if reason else None
    if over:
        boxes.append(element("rect", width=side * len(levels), height=side, fill=over))
    return element("svg", boxes, viewBox=f"0 0 {side * 4} {side}", cls="swatch", aria_hidden="true")


def countries(run: Run, words: Words) -> Markup:
    """Which countries lose most, a list a variant, where the area is more than one and any loses."""
    if not run.many_countries or _about(run) != "costs":
        return Markup("")
    cards = [most_lost(run, variant, words) for variant in run.summary.others]
    text = words.say(f"losses.text.{run.summary.unit}")
    return _section("losses", words.say("losses.title"), text, element("div", cards, cls="cards lists"))


def over_time(run: Run, words: Words) -> Markup:
    """A panel a variant: share served over the run."""
    shown = [variant for variant in run.summary.others if len(run.of("series", variant.name)) > 1]
    if not shown:
        return Markup("")
    cards = [
        figure(variants, charts.panel(run, variants, words), lambda variant: _delay(run, variant, words), words, "h3")
        for variants in alike(shown, lambda variant: charts.looks(run, variant))
    ]
    text = [words.say("time.text"), *([words.say("time.text.added")] if run.summary.adds else [])]
    kind = "costs" if _about(run) == "costs" else "plain"
    return _section("time", words.say(f"time.title.{kind}"), " ".join(text), element("div", cards, cls="cards"))


def _delay(run: Run, variant: Variant, words: Words) -> str:
    before, after = run.summary.intact.rtt_ms[0], variant.rtt_ms[0]
    # Where nobody is left but who has been added, it is their delay.
    after = variant.added.rtt_ms if after is None else after
    return words.say(
        "time.no_rtt" if after is None else "time.rtt",
        before=words.milliseconds(before),
        after=words.milliseconds(after),
    )


def rates(run: Run, words: Words) -> Markup:
    """What each person gets, and how many there can be, where the run has rates."""
    if not run.summary.rated:
        return Markup("")
    grown = growth_told(run, words)
    return join(
        _section("rates", words.say("rates.title"), "", rates_told(run, words)),
        _section("growth", grown.title, "", grown.content) if grown else "",
    )


def by_place(run: Run, words: Words) -> Markup:
    """Countries or regions, and towns."""
    tables = places.places(run, words)
    changes = compared.compared(run, words)
    if not tables and not changes:
        return Markup("")
    if not changes:
        title = words.say("places.title.many" if run.many_countries else "places.title")
        return _section("places", title, "", tables, element("p", words.say("compared.absent"), cls="quiet"))
    every = element("details", element("summary", words.say("compared.all")), tables) if tables else ""
    return _section("places", compared.title(run, words), "", changes, every)


def gateways(run: Run, words: Words) -> Markup:
    """Who takes over, and why one site decides so much."""
    table = tables.gateways_table(run, words)
    if not table:
        return Markup("")
    site = story.one_site(run, words)
    why = element("aside", element("h3", site.title), [element("p", line) for line in site.paragraphs]) if site else ""
    lost = any(causes.off_gateways(run, variant.name) for variant in run.summary.others)
    title = words.say("gateways.title" if lost else "gateways.title.plain")
    return _section("gateways", title, words.say("gateways.text"), table, loads_table(run, words), why)


def definitions(run: Run, words: Words) -> Markup:
    """What each number means."""
    values = {
        "step": words.duration(run.summary.step_s),
        "counted": words.say(f"define.counted.{run.summary.unit}"),
    }
    left_out = {"alone"} if run.summary.counts_terminals else {"terminals", "people"}
    if not run.summary.adds:
        left_out.add("added")
    if not run.tables["gateways"]["halo_cells_served_mean"].sum() > 0:
        left_out.add("cells")
    terms = [
        element(
            "div",
            element("dt", words.say(f"define.{key}")),
            element("dd", words.say(f"define.{key}.text", **values)),
        )
        for key in _DEFINED
        if key not in left_out
    ]
    terms += [element("div", element("dt", head), element("dd", text)) for head, text in compared.defined(run, words)]
    return _section("definitions", words.say("define.title"), "", element("dl", terms))


def assumptions(run: Run, words: Words) -> Markup:
    """What is assumed, its value and where it comes from."""
    if not run.summary.assumptions:
        return Markup("")
    heads = [element("th", words.say(f"assume.{part}"), scope="col") for part in ("what", "value", "source")]
    rows = [
        element(
            "tr",
            element(
                "td",
                words.text(entry["text"]),
                element("small", element("code", words.text(entry["key"]))),
                cls="words",
            ),
            element("td", words.value(entry["value"])),
            element("td", words.text(entry["source"]), cls="words"),
        )
        for entry in run.summary.assumptions
    ]
    table = tables.scrolling(element("thead", element("tr", heads)), element("tbody", rows), cls="prose")
    return _section("assumptions", words.say("assume.title"), words.say("assume.text"), table)


def sources(run: Run, words: Words) -> Markup:
    """Sources, whose borders are drawn, and how to run it again."""
    entries = [
        element("li", element("b", words.text(entry["what"])), ": ", words.text(entry["source"]))
        for entry in run.summary.sources
    ]
    commands = "\n".join(words.say(f"rerun.{line}") for line in ("builtin", "own", "report"))
    return join(
        _section(
            "sources",
            words.say("source.title"),
            "",
            element("ul", entries) if entries else "",
            element("p", words.say("source.borders")),
            element("p", words.say("source.cells")),
        ),
        _section(
            "rerun",
            words.say("rerun.title"),
            words.say("rerun.text", seed=str(run.summary.seed)),
            element("pre", commands),
            element("p", words.say("rerun.tables"), cls="quiet"),
        ),
    )


def _about(run: Run) -> str:
    """What cases do, as titles say it: they cost somebody the connection, they change something, or there are none."""
    if not run.summary.others:
        return "intact"
    return "costs" if any(run.summary.without(v).share_mean > 0.0 for v in run.summary.others) else "changes"


def _section(name: str, title: str, text: str, *content: str) -> Markup:
    return element("section", element("h2", title), element("p", text) if text else "", content, id=name)
