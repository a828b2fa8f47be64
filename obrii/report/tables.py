"""The tables of the page that say numbers: variants, and gateways before and after some are lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from obrii.report.causes import off_gateways
from obrii.report.markup import Markup, element, join
from obrii.report.messages import Words
from obrii.report.quantities import MISSING
from obrii.report.reading import LOST, Run, Variant, Without, records

#: Gateways in the table, and cases beside intact, at most.
_MOST_GATEWAYS, _MOST_CASES = 12, 5

#: People of an area from which the table counts them in millions.
_MILLIONS = 1e6


def variants_table(run: Run, words: Words) -> Markup:
    """A row a variant: who is without service, what is left, how slow, what is in use, and why."""
    terminals = run.summary.counts_terminals
    groups = [
        ("table.variant", ()),
        *([("table.terminals", ("table.mean", "table.worst", "table.once"))] if terminals else []),
        (_people_head(run), ("table.mean", "table.worst", "table.once")),
        *([("table.added", ("table.field", "table.connected"))] if run.summary.adds else []),
        ("table.share", ()),
        ("table.rtt", ("table.median", "table.p95")),
        ("table.light", ("table.median", "table.p95")),
        ("table.in_use", ("table.satellites", "table.gateways")),
    ]
    above = [
        element("th", words.say(key), scope="colgroup", colspan=len(parts), cls="group")
        if parts
        else element("th", words.say(key), _second(key, words), scope="col", rowspan=2)
        for key, parts in groups
    ]
    below = [element("th", words.say(part), scope="col") for _, parts in groups for part in parts]
    rows = [_variant_row(run, variant, words) for variant in run.summary.variants]
    cls = "numbers dense" if run.summary.adds else "numbers"
    return scrolling(element("thead", element("tr", above), element("tr", below)), element("tbody", rows), cls=cls)


def _variant_row(run: Run, variant: Variant, words: Words) -> Markup:
    people = words.millions if run.summary.people >= _MILLIONS else words.count
    cells = _without(variant.terminals, words.count) if run.summary.counts_terminals else []
    cells += _without(variant.people, people)
    if run.summary.adds:
        added = variant.added
        cells += [words.count(number) for number in (added.terminals, added.served)] if added.terminals else ["", ""]
    cells.append(words.percent(variant.share_served))
    cells += [words.milliseconds(delay) for delay in (*variant.rtt_ms, *variant.propagation_rtt_ms)]
    cells += [words.mean(variant.satellites_used), words.mean(variant.gateways_used)]
    reason = element("small", words.reason(variant.main_reason)) if variant.main_reason else ""
    return element(
        "tr",
        element("th", words.variant(variant.name), reason, scope="row"),
        [element("td", text) for text in cells],
    )


def _second(key: str, words: Words) -> Markup:
    """What stands small under the name of a case."""
    return element("small", words.say("table.reason")) if key == "table.variant" else Markup("")


def _people_head(run: Run) -> str:
    return "table.people.millions" if run.summary.people >= _MILLIONS else "table.people"


def _without(without: Without, written: Callable[[float], str]) -> list[str]:
    return [written(number) for number in (without.mean, without.worst, without.at_least_once)]


def gateways_table(run: Run, words: Words) -> Markup:
    """Antennas in use and cells carried of every gateway, before and after gateways are lost."""
    frame = run.tables["gateways"]
    shown = cases(run)
    frame = frame[frame["variant"].isin([variant.name for variant in shown])]
    active = frame[(frame["cells_served_mean"] > 0) | (frame["state"] == LOST)]
    if not len(active):
        return Markup("")
    # What is lost stands first, then what carries most; half of the rows at least are for those that take over.
    lost = set(active["gateway"][active["state"] == LOST])
    weight = active.groupby("gateway")["cells_served_mean"].max()
    order = sorted(weight.index, key=lambda name: (-weight[name], name))
    gone = [name for name in order if name in lost][: _MOST_GATEWAYS // 2]
    listed = [*gone, *(name for name in order if name not in lost)][:_MOST_GATEWAYS]
    more = words.say("gateways.more", count=words.exact(len(order) - len(listed)))
    known = {(row["variant"], row["gateway"]): row for row in records(frame)}
    rows = [
        element(
            "tr",
            gateway_name(frame, name, words),
            [_load_cell(known.get((variant.name, name)), words) for variant in shown],
        )
        for name in listed
    ]
    table = scrolling(gateway_heads(shown, words), element("tbody", rows), cls="loads")
    return join(table, element("p", more, cls="quiet") if len(order) > len(listed) else "")


def cases(run: Run) -> list[Variant]:
    """Intact, and the variants to tell gateways of: those that lose some, else those in which others carry."""
    losing = [variant for variant in run.summary.others if off_gateways(run, variant.name)]
    return [run.summary.intact, *(losing or _changing(run))[:_MOST_CASES]]


def gateway_heads(shown: list[Variant], words: Words) -> Markup:
    """The head of a table of gateways by case."""
    heads = [element("th", words.say("gateways.gateway"), scope="col")]
    heads += [element("th", words.variant(variant.name), scope="col") for variant in shown]
    return element("thead", element("tr", heads))


def gateway_name(frame: pd.DataFrame, gateway: str, words: Words) -> Markup:
    """The name of a gateway and its country, at the head of a row."""
    code = str(frame["country"][frame["gateway"] == gateway].iloc[0])
    country = element("small", words.country_name(code))
    return element("th", words.station(gateway), country, scope="row")


def _changing(run: Run) -> list[Variant]:
    """Variants in which other gateways carry than in intact, though none is lost, and something is still served."""
    frame = run.tables["gateways"]
    usual = set(_carrying(frame, run.summary.intact.name))
    others = [(variant, set(_carrying(frame, variant.name))) for variant in run.summary.others]
    return [variant for variant, carrying in others if carrying and carrying != usual]


def _carrying(frame: pd.DataFrame, variant: str) -> list[str]:
    return frame["gateway"][(frame["variant"] == variant) & (frame["cells_served_mean"] > 0)].tolist()


def scrolling(*parts: Markup, cls: str) -> Markup:
    """A table that scrolls sideways in its own box where the page is narrow."""
    return element("div", element("table", parts, cls=cls), cls="scroll", tabindex=0)


def _load_cell(row: dict[str, Any] | None, words: Words) -> Markup:
    """Antennas in use as a bar and in words, and cells carried."""
    if row is None:
        return element("td", MISSING)
    if row["state"] == LOST:
        return element("td", element("span", words.say("gateways.lost"), cls="lost"))
    used, antennas, cells = row["antennas_used_mean"], row["antennas"], row["cells_served_mean"]
    if not cells > 0:
        return element("td", element("span", words.say("gateways.idle"), cls="quiet"))
    part = min(1.0, used / antennas) if antennas > 0 else 1.0
    return element(
        "td",
        element("span", element("i", style=f"width:{100 * part:.0f}%"), cls="bar"),
        words.say("gateways.antennas", used=words.mean(used), all=words.exact(antennas)),
        element("small", words.counted("gateways.cells", cells)),
    )
