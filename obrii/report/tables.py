"""The tables of the page: variants, places and gateways."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from obrii.ground import regions
from obrii.report import palette
from obrii.report.markup import Markup, element, join
from obrii.report.messages import Words
from obrii.report.quantities import MISSING
from obrii.report.reading import LOST, Run, Variant, Without, names, records
from obrii.report.story import off_gateways

#: Towns that stand open on the page, and gateways in the table, at most.
_OPEN_TOWNS, _MOST_GATEWAYS = 15, 12

#: People of an area from which the table counts them in millions.
_MILLIONS = 1e6

#: What makes a town one and the same in all variants.
_TOWN = ("town", "country", "latitude_deg", "longitude_deg")

#: A place that a variant says nothing of.
_NOWHERE = {"share_served": math.nan, "reason": "", "longest_gap_s": 0.0}


def variants_table(run: Run, words: Words) -> Markup:
    """A row a variant: who is without service, what is left, how slow, what is in use, and why."""
    terminals = run.summary.counts_terminals
    groups = [
        ("table.variant", ()),
        *([("table.terminals", ("table.mean", "table.worst", "table.once"))] if terminals else []),
        (_people_head(run), ("table.mean", "table.worst", "table.once")),
        ("table.share", ()),
        ("table.rtt", ("table.median", "table.p95")),
        ("table.light", ("table.median", "table.p95")),
        ("table.in_use", ("table.satellites", "table.gateways")),
        ("table.reason", ()),
    ]
    above = [
        element("th", words.say(key), scope="colgroup", colspan=len(parts), cls="group")
        if parts
        else element("th", words.say(key), scope="col", rowspan=2, cls="words" if key == "table.reason" else None)
        for key, parts in groups
    ]
    below = [element("th", words.say(part), scope="col") for _, parts in groups for part in parts]
    rows = [_variant_row(run, variant, words) for variant in run.summary.variants]
    return scrolling(
        element("thead", element("tr", above), element("tr", below)), element("tbody", rows), cls="numbers"
    )


def _variant_row(run: Run, variant: Variant, words: Words) -> Markup:
    people = words.millions if run.summary.people >= _MILLIONS else words.count
    cells = _without(variant.terminals, words.count) if run.summary.counts_terminals else []
    cells += _without(variant.people, people)
    cells.append(words.percent(variant.share_served))
    cells += [words.milliseconds(delay) for delay in (*variant.rtt_ms, *variant.propagation_rtt_ms)]
    cells += [words.mean(variant.satellites_used), words.mean(variant.gateways_used)]
    return element(
        "tr",
        element("th", words.variant(variant.name), scope="row"),
        [element("td", text) for text in cells],
        element("td", words.reason(variant.main_reason), cls="words"),
    )


def _people_head(run: Run) -> str:
    return "table.people.millions" if run.summary.people >= _MILLIONS else "table.people"


def _without(without: Without, written: Callable[[float], str]) -> list[str]:
    return [written(number) for number in (without.mean, without.worst, without.at_least_once)]


def regions_table(run: Run, words: Words) -> Markup:
    """Share of the service that is left in every region, or country where no regions are known; a column a variant."""
    frame = run.tables["regions"]
    frame = frame[frame["region"] != ""]
    kind = "region" if len(frame) else "country"
    frame = frame if len(frame) else run.tables["countries"]
    if not len(frame) or not run.summary.others:
        return Markup("")
    places = frame[frame["variant"] == run.summary.intact.name]
    places = places.assign(said=names(places, words.language)).sort_values(["said", kind])
    known = {(row["variant"], row[kind]): row for row in records(frame)}
    heads = [f"places.{kind}", "places.people", *(["places.terminals"] if run.summary.counts_terminals else [])]
    rows = []
    for place in records(places):
        shares = [
            _share_cell(row["share_served"], row["reason"], words)
            for row in (known.get((variant.name, place[kind]), _NOWHERE) for variant in run.summary.others)
        ]
        numbers = [element("td", words.count(place[head.removeprefix("places.")]), cls="count") for head in heads[1:]]
        rows.append(element("tr", element("th", place["said"], scope="row"), numbers, shares))
    title = element("h3", words.say("places.regions" if kind == "region" else "places.countries"))
    return join(title, scrolling(_head(run, heads, words), element("tbody", rows), cls="heat"))


def towns_table(run: Run, words: Words) -> Markup:
    """Share of the time that towns are served and their longest gap; a column a variant."""
    frame = run.tables["towns"]
    if not len(frame) or not run.summary.others:
        return Markup("")
    intact = frame[frame["variant"] == run.summary.intact.name]
    known = {(row["variant"], *(row[part] for part in _TOWN)): row for row in records(frame)}
    rows = []
    for town in records(intact.sort_values(["people", "town"], ascending=[False, True])):
        cells = []
        for variant in run.summary.others:
            row = known.get((variant.name, *(town[part] for part in _TOWN)), _NOWHERE)
            share = row["share_served"] if town["share_served"] > 0.0 else math.nan
            cells.append(_share_cell(share, row["reason"], words, row["longest_gap_s"] if share < 1.0 else 0.0))
        name, people = element("th", town["town"], scope="row"), element("td", words.count(town["people"]), cls="count")
        rows.append(element("tr", name, people, cells))
    head = _head(run, ["places.town", "places.people"], words)
    opened = scrolling(head, element("tbody", rows[:_OPEN_TOWNS]), cls="heat")
    rest = rows[_OPEN_TOWNS:]
    more = element(
        "details",
        element("summary", words.say("places.more", count=words.exact(len(rest)))),
        scrolling(head, element("tbody", rest), cls="heat"),
    )
    title, text = words.say("places.towns"), words.say("places.towns.text")
    return join(element("h3", title), element("p", text, cls="quiet"), opened, more if rest else "")


def gateways_table(run: Run, words: Words) -> Markup:
    """Antennas in use and cells carried of every gateway, before and after gateways are lost."""
    frame = run.tables["gateways"]
    shown = [run.summary.intact, *(v for v in run.summary.others if off_gateways(run, v.name))]
    frame = frame[frame["variant"].isin([variant.name for variant in shown])]
    active = frame[(frame["cells_served_mean"] > 0) | (frame["state"] == LOST)]
    if not len(active):
        return Markup("")
    # What is lost stands first, then what carries most.
    lost = active["gateway"][active["state"] == LOST].unique()
    weight = active.groupby("gateway")["cells_served_mean"].max()
    order = sorted(weight.index, key=lambda name: (name not in lost, -weight[name], name))[:_MOST_GATEWAYS]
    known = {(row["variant"], row["gateway"]): row for row in records(frame)}
    rows = [
        element(
            "tr",
            element("th", words.station(name), element("small", _country(frame, name)), scope="row"),
            [_load_cell(known.get((variant.name, name)), words) for variant in shown],
        )
        for name in order
    ]
    heads = [element("th", words.say("gateways.gateway"), scope="col")]
    heads += [element("th", words.variant(variant.name), scope="col") for variant in shown]
    return scrolling(element("thead", element("tr", heads)), element("tbody", rows), cls="loads")


def scrolling(*parts: Markup, cls: str) -> Markup:
    """A table that scrolls sideways in its own box where the page is narrow."""
    return element("div", element("table", parts, cls=cls), cls="scroll", tabindex=0)


def _head(run: Run, heads: Sequence[str], words: Words) -> Markup:
    counts = ("places.people", "places.terminals")
    first = [element("th", words.say(key), scope="col", cls="count" if key in counts else None) for key in heads]
    others = [element("th", words.variant(variant.name), scope="col") for variant in run.summary.others]
    return element("thead", element("tr", first, others))


def _share_cell(share: float, reason: str, words: Words, gap_s: float = 0.0) -> Markup:
    """A share on the colour that the maps give it."""
    if not math.isfinite(share):
        return element("td", words.say("places.never"), cls="never")
    level = palette.band(1.0 - share) if reason else -1
    gap = element("small", words.say("places.gap", gap=words.duration(gap_s))) if gap_s else ""
    if level < 0:
        return element("td", words.percent(share), gap, cls="full")
    style = f"background:{palette.shade(reason, level)};color:{palette.ink(reason, level)}"
    return element("td", words.percent(share), gap, style=style, cls="part")


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
        element("small", words.say("gateways.cells", cells=words.count(cells))),
    )


def _country(frame: pd.DataFrame, gateway: str) -> str:
    code = str(frame["country"][frame["gateway"] == gateway].iloc[0])
    return regions.country_names().get(code, code)
