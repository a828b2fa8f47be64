"""What is left of the service in countries, regions and towns: tables in the colours of the maps.

Of one country all regions, of many those that lose most; the towns that lose most in any case; the rest folded away.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from obrii.report import palette
from obrii.report.causes import TAKES_ALL
from obrii.report.markup import Markup, element, join
from obrii.report.messages import Words
from obrii.report.reading import Run, names, records
from obrii.report.story import WORTH_SAYING
from obrii.report.tables import scrolling

#: Countries and towns that stand open on the page, at most.
_OPEN = 15

#: Variants up to which a table need not take the width of the page, and beyond which it has little room for each.
_FEW, _MANY = 3, 7

#: What makes a town one and the same in all variants.
_TOWN = ("town", "country", "latitude_deg", "longitude_deg")

#: A place that a variant says nothing of.
_NOWHERE = {"share_served": math.nan, "reason": ""}


class _Place(NamedTuple):
    """A place: its row in intact, and its rows in the other variants, in their order."""

    intact: dict[str, Any]
    others: list[dict[str, Any]]

    @property
    def never_served(self) -> bool:
        """Whether not even intact serves it."""
        return not self.intact["share_served"] > 0.0

    def share_lost(self, among: Sequence[int]) -> float:
        """Largest share lost of what intact serves, among some of the other variants."""
        left = [self.others[number]["share_served"] for number in among]
        return max(0.0, 1.0 - min(filter(math.isfinite, left), default=1.0) / self.intact["share_served"])


def places(run: Run, words: Words) -> Markup:
    """All tables of places; nothing where there is no place, or no variant but intact."""
    if not run.summary.others:
        return Markup("")
    found = run.tables["regions"]["region"].ne("").any()
    if run.many_countries:
        by_area = join(_countries(run, words), _regions_folded(run, words) if found else "")
    else:
        by_area = _by_name(run, words, "region" if found else "country")
    return join(by_area, _towns(run, words))


def _countries(run: Run, words: Words) -> Markup:
    """Countries, those first in which most is lost; the rest, and those that are never served, folded away."""
    frame = run.tables["countries"]
    lost = f"{run.summary.unit}_without_mean"
    found = _matched(run, frame.assign(said=names(frame, words.language)), ("country",))
    telling = _telling(run)

    def most(place: _Place) -> float:
        return max(place.others[number].get(lost, 0.0) for number in telling) - float(place.intact[lost])

    served = [place for place in found if not place.never_served]
    served.sort(key=lambda place: (-most(place), words.order(place.intact["said"])))
    losing = sum(place.share_lost(telling) >= WORTH_SAYING for place in served)
    heads = _heads(run, "country")
    return join(
        element("h3", words.say("places.countries")),
        element("p", words.say(f"places.countries.text.{run.summary.unit}"), cls="quiet"),
        _folded(run, served, heads, min(losing, _OPEN), words, "countries"),
        _never(found, words, "places.never.countries"),
    )


def _regions_folded(run: Run, words: Words) -> Markup:
    """Regions of each country that has any, folded away."""
    frame = run.tables["regions"]
    parts = []
    for code in sorted(frame["country"][frame["region"] != ""].unique().tolist()):
        here = frame[(frame["country"] == code) & (frame["region"] != "")]
        said = words.say("places.regions.of", country=words.country_name(code))
        found = _alphabetical(run, here, "region", words)
        parts.append(element("details", element("summary", said), _table(run, found, _heads(run, "region"), words)))
    return join(parts)


def _by_name(run: Run, words: Words, kind: str) -> Markup:
    """Every region, or the country where no regions are known, by name."""
    frame = run.tables["regions" if kind == "region" else "countries"]
    frame = frame[frame[kind] != ""]
    if not len(frame):
        return Markup("")
    title = element("h3", words.say("places.regions" if kind == "region" else "places.countries"))
    return join(title, _table(run, _alphabetical(run, frame, kind, words), _heads(run, kind), words))


def _alphabetical(run: Run, frame: pd.DataFrame, kind: str, words: Words) -> list[_Place]:
    said = names(frame, words.language)
    ordered = frame.assign(said=said, order=said.map(words.order)).sort_values(["order", kind])
    return _matched(run, ordered, (kind,))


def _towns(run: Run, words: Words) -> Markup:
    """Share of the time that towns are served, and longest gap: those first that are most of what any case takes."""
    frame = run.tables["towns"]
    if not len(frame):
        return Markup("")
    said = [words.town(*town) for town in zip(frame["town"], frame["country"], strict=True)]
    frame = frame.assign(said=said).sort_values(["people", "town"], ascending=[False, True])
    found, heads = _matched(run, frame, _TOWN), ["places.town", "places.people"]
    served = [place for place in found if not place.never_served]
    part = _parts(served, _telling(run))
    order = sorted(range(len(served)), key=lambda number: -part[number])
    text = "places.towns.text.losses" if any(part) else "places.towns.text"
    return join(
        element("h3", words.say("places.towns")),
        element("p", words.say(text), cls="quiet"),
        _folded(run, [served[number] for number in order], heads, _OPEN, words, "towns"),
        _never(found, words, "places.never.towns"),
    )


def _parts(towns: Sequence[_Place], among: Sequence[int]) -> list[float]:
    """The largest part that each town is of what all towns lose, people by time, in any one of some variants.

    So the towns of a case that takes little stand as high as those of one that takes nearly all.
    """
    part = [0.0] * len(towns)
    for number in among:
        lost = [town.share_lost([number]) * town.intact["people"] for town in towns]
        whole = sum(lost)
        if whole > 0.0:
            part = [max(old, new / whole) for old, new in zip(part, lost, strict=True)]
    return part


def _matched(run: Run, frame: pd.DataFrame, key: Sequence[str]) -> list[_Place]:
    """Places in the order of the frame, with their rows in every variant."""
    known = {(row["variant"], *(row[part] for part in key)): row for row in records(frame)}
    return [
        _Place(
            row,
            [known.get((other.name, *(row[part] for part in key)), _NOWHERE) for other in run.summary.others],
        )
        for row in records(frame[frame["variant"] == run.summary.intact.name])
    ]


def _telling(run: Run) -> list[int]:
    """Numbers of the variants that tell places apart: those that do not take everything, or all where all do."""
    shares = [run.summary.without(variant).share_mean for variant in run.summary.others]
    return [number for number, share in enumerate(shares) if share < TAKES_ALL] or list(range(len(shares)))


def _heads(run: Run, kind: str) -> list[str]:
    return [f"places.{kind}", "places.people", *(["places.terminals"] if run.summary.counts_terminals else [])]


def _folded(run: Run, found: list[_Place], heads: list[str], shown: int, words: Words, kind: str) -> Markup:
    """The first places in a table, and the rest folded away."""
    first, rest = found[:shown], found[shown:]
    opened = _table(run, first, heads, words) if first else Markup("")
    if not rest:
        return opened
    said = words.say(f"places.more.{kind}" if first else f"places.all.{kind}", count=words.exact(len(rest)))
    return join(opened, element("details", element("summary", said), _table(run, rest, heads, words)))


def _never(found: list[_Place], words: Words, key: str) -> Markup:
    """Names of places that are never served, folded away."""
    never = sorted((place.intact["said"] for place in found if place.never_served), key=words.order)
    if not never:
        return Markup("")
    return element(
        "details",
        element("summary", words.say(key, count=words.exact(len(never)))),
        element("p", words.listing(never), cls="quiet"),
    )


def _table(run: Run, found: list[_Place], heads: list[str], words: Words) -> Markup:
    rows = []
    for place in found:
        name, never = element("th", place.intact["said"], scope="row"), place.never_served
        counts = [
            element("td", words.count(place.intact[head.removeprefix("places.")]), cls="count") for head in heads[1:]
        ]
        shares = [
            _share_cell(math.nan if never else row["share_served"], row["reason"], row.get("longest_gap_s", 0.0), words)
            for row in place.others
        ]
        rows.append(element("tr", name, counts, shares))
    columns = [element("th", words.say(heads[0]), scope="col")]
    columns += [element("th", words.say(head), scope="col", cls="count") for head in heads[1:]]
    columns += [element("th", words.variant(variant.name), scope="col") for variant in run.summary.others]
    count = len(run.summary.others)
    cls = "heat few" if count <= _FEW else "heat many" if count > _MANY else "heat"
    return scrolling(element("thead", element("tr", columns)), element("tbody", rows), cls=cls)


def _share_cell(share: float, reason: str, gap_s: float, words: Words) -> Markup:
    """A share on the colour that the maps give it."""
    if not math.isfinite(share):
        return element("td", words.say("places.never"), cls="never")
    level = palette.band(1.0 - share) if reason else -1
    gap = element("small", words.say("places.gap", gap=words.duration(gap_s))) if gap_s and share < 1.0 else ""
    if level < 0:
        return element("td", words.percent(share), gap, cls="full")
    style = f"background:{palette.shade(reason, level)};color:{palette.ink(reason, level)}"
    return element("td", words.percent(share), gap, style=style, cls="part")
