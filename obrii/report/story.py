"""Sentences from numbers: the one on top of the page, captions, and why one site decides so much."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from obrii import frames
from obrii.report.messages import Words
from obrii.report.reading import LOST, Run, Summary, Variant, names

#: Share of what intact serves from which a loss is worth a sentence, and from which it takes all.
WORTH_SAYING, TAKES_ALL = 0.005, 0.995

#: Change of the median delay that is worth a sentence, in parts of it.
_SLOWER = 0.1

#: Clauses of one sentence, and regions named in one clause, at most.
_CLAUSES, _NAMED = 2, 5

#: Share of what is served that one gateway carries when it is said to decide.
_DECIDES = 0.5

#: Share served below which a region counts as switched off whole.
_OFF = 0.01


class Site(NamedTuple):
    """The gateway that matters most in a variant: a title and paragraphs."""

    title: str
    paragraphs: list[str]


def lead(run: Run, words: Words) -> str:
    """The one sentence that says most: who loses the connection, and by what; and what a variant adds, if any does."""
    adding = [variant for variant in run.summary.others if variant.added.terminals > 0.0]
    if not adding:
        return _losing(run, words)
    most = max(adding, key=lambda variant: variant.added.served)
    gets_bps = added_bps(most)
    added = words.say(
        "lead.added" if gets_bps is None else "lead.added.rate",
        variant=words.case(most.name),
        served=words.aloud(most.added.served),
        added=words.aloud(most.added.terminals),
        rate=words.rate(gets_bps),
    )
    return f"{_losing(run, words)} {added}"


def added_bps(variant: Variant) -> float | None:
    """What half of the terminals that a variant adds get at least at the busy hour, where that is one group."""
    gets = variant.rates.added if variant.rates is not None else None
    return gets.median_bps if gets is not None else None


def _losing(run: Run, words: Words) -> str:
    """The sentence of losses."""
    summary = run.summary
    unit = summary.unit
    if not summary.others:
        return words.say(f"lead.intact.{unit}", **_intact(summary, words))
    losing = [variant for variant in summary.others if summary.without(variant).share_mean >= WORTH_SAYING]
    if not losing:
        return _slower(run, words)
    # What also adds terminals is told by what it adds, unless nothing else loses anything.
    losing = [variant for variant in losing if not variant.added.terminals] or losing
    # What is never served is no part of the whole that shares are of.
    never = summary.never_terminals if summary.counts_terminals else summary.never_people
    base = "all" if not never else "offered" if run.never_for_offer else "served"
    # A whole that is named by where the service is needs only an "it" for what is lost.
    who = "it" if base != "all" and not summary.counts_terminals else unit
    partly = _most_telling(run, [v for v in losing if summary.without(v).share_mean < TAKES_ALL])
    clauses = [
        words.say(
            "lead.next" if number else f"lead.first.{who}",
            lost=words.aloud(summary.lost(variant)),
            cause=_which(run, variant, words),
        )
        for number, variant in enumerate(partly)
    ]
    wholly = [cause(run, v, words) for v in losing if summary.without(v).share_mean >= TAKES_ALL]
    if wholly:
        causes = f" {words.say('lead.or')} ".join(dict.fromkeys(wholly))
        clauses.append(words.say("lead.all" if clauses else f"lead.whole.{who}", causes=causes))
    return words.say(f"lead.{unit}.{base}", whole=words.aloud(summary.ever_served), clauses=_clauses(clauses, words))


def _intact(summary: Summary, words: Words) -> dict[str, str]:
    whole = summary.terminals if summary.counts_terminals else summary.people
    return {"share": words.percent(summary.served / whole if whole else 0.0), "whole": words.aloud(whole)}


def _clauses(clauses: list[str], words: Words) -> str:
    *before, last = clauses
    return f"{words.say('lead.between').join(before)}{words.say('lead.last')}{last}" if before else last


def cause(run: Run, variant: Variant, words: Words) -> str:
    """What happens in a variant, as the end of a sentence."""
    kinds = {event.kind for event in variant.events}
    tell = _CAUSES.get(next(iter(kinds)), _named) if len(kinds) == 1 else _named
    return tell(run, variant, words)


def _which(run: Run, variant: Variant, words: Words) -> str:
    """The same with the name of the variant, where others have events of the same kind and their words are the same."""
    said = cause(run, variant, words)
    if _CAUSES.get(_kind(variant)) is not _by_kind or sum(_kind(v) == _kind(variant) for v in run.summary.others) < 2:
        return said
    return words.say("cause.which", cause=said, variant=words.case(variant.name))


def caption(run: Run, variant: Variant, words: Words) -> str:
    """What a map shows, in numbers."""
    added = variant.added
    if not added.terminals:
        return _lost(run, variant, words)
    said = {"added": words.count(added.terminals), "served": words.count(added.served)}
    gets_bps = added_bps(variant)
    given = {"rtt": added.rtt_ms is not None, "rate": gets_bps is not None}
    key = next((f"map.caption.added.{end}" for end in ("rate", "rtt") if given[end]), "map.caption.added")
    values = {"delay": words.milliseconds(added.rtt_ms), "rate": words.rate(gets_bps)}
    return _lost(run, variant, words) + words.say(key, **said, **values)


def _lost(run: Run, variant: Variant, words: Words) -> str:
    """What is lost on a map, in numbers."""
    summary = run.summary
    share = summary.without(variant).share_mean
    before, after = summary.intact.rtt_ms[0], variant.rtt_ms[0]
    if share < WORTH_SAYING and before and after and after / before - 1.0 > _SLOWER:
        return words.say(
            "map.caption.slower",
            who=_who([share], words),
            before=words.milliseconds(before),
            after=words.milliseconds(after),
        )
    if share <= 0.0:
        return words.say("map.caption.none")
    reason = words.say("map.reason", reason=words.reason(variant.main_reason)) if variant.main_reason else ""
    people = words.count(max(0.0, variant.people.mean - summary.intact.people.mean))
    said = {"people": people, "share": words.percent(share), "reason": reason}
    if not summary.counts_terminals:
        return words.say("map.caption.people", **said).rstrip()
    return words.say("map.caption.both", lost=words.count(summary.lost(variant)), **said).rstrip()


def one_site(run: Run, words: Words) -> Site | None:
    """Why one gateway decides so much, where gateways are lost; None where none are, or none decides."""
    losing = [v for v in run.summary.others if off_gateways(run, v.name)]
    found = _last_straw(run, losing) or _bears_most(run, losing)
    if found is None:
        return None
    variant, gateway = found
    rows = _carried(run, variant.name)
    first = rows[rows["gateway"] == gateway].iloc[0]
    share = first["cells_served_mean"] / rows["cells_served_mean"].sum()
    name = words.station(gateway)
    carries = words.say(
        "site.share",
        variant=words.case(variant.name),
        gateway=name,
        country=words.country_name(first["country"]),
        share=words.percent(round(share, 2)),
        used=words.mean(first["antennas_used_mean"]),
        all=words.exact(first["antennas"]),
        distance=words.count(float(_from_middle_m(run, rows[rows["gateway"] == gateway])[0]) / 1e3, 2),
    )
    lost_too = [
        words.say(
            "site.without",
            variant=words.case(other.name),
            before=words.percent(variant.share_served),
            after=words.percent(other.share_served),
        )
        for other in losing
        if off_gateways(run, variant.name) | {gateway} == off_gateways(run, other.name)
    ]
    assumed = [
        words.say("site.assumption", text=words.text(assumption["text"]))
        for assumption in run.summary.assumptions
        if name in assumption["text"]
    ]
    nearest = _nearest_other(run, rows[rows["gateway"] != gateway], words)
    paragraphs = [f"{carries} {nearest}", " ".join([words.say("site.limit"), *lost_too])]
    return Site(words.say("site.title", gateway=name), [*paragraphs, *assumed])


def _last_straw(run: Run, losing: list[Variant]) -> tuple[Variant, str] | None:
    """The variant and the one gateway of it with whose loss, in another variant, most is lost."""
    off = {variant.name: off_gateways(run, variant.name) for variant in losing}
    found = [
        (before.share_served - after.share_served, before, min(off[after.name] - off[before.name]))
        for before in losing
        for after in losing
        if off[before.name] < off[after.name] and len(off[after.name] - off[before.name]) == 1
    ]
    carried = {v.name: set(_carried(run, v.name)["gateway"].tolist()) for v in losing}
    told = [(fall, v, gateway) for fall, v, gateway in found if fall >= WORTH_SAYING and gateway in carried[v.name]]
    return max(told, key=lambda entry: entry[0])[1:] if told else None


def _bears_most(run: Run, losing: list[Variant]) -> tuple[Variant, str] | None:
    """The variant with fewest gateways lost and the gateway that then carries most of what is served."""
    carrying = [variant for variant in losing if len(_carried(run, variant.name))]
    if not carrying:
        return None
    variant = min(carrying, key=lambda v: len(off_gateways(run, v.name)))
    rows = _carried(run, variant.name)
    share = rows["cells_served_mean"].iloc[0] / rows["cells_served_mean"].sum()
    return (variant, str(rows["gateway"].iloc[0])) if share >= _DECIDES else None


def off_gateways(run: Run, variant: str) -> frozenset[str]:
    """Gateways that an event of a variant takes away."""
    rows = run.of("gateways", variant)
    return frozenset(rows["gateway"][rows["state"] == LOST].tolist())


def _carried(run: Run, variant: str) -> pd.DataFrame:
    rows = run.of("gateways", variant)
    rows = rows[(rows["state"] != LOST) & (rows["cells_served_mean"] > 0)]
    return rows.sort_values(["cells_served_mean", "gateway"], ascending=[False, True])


def _nearest_other(run: Run, others: pd.DataFrame, words: Words) -> str:
    """Which of the other gateways that carry something stands nearest to the middle of the area."""
    if not len(others):
        return words.say("site.alone")
    away_m = _from_middle_m(run, others)
    place = int(np.argmin(away_m))
    nearest = others.iloc[place]
    return words.say(
        "site.far",
        gateway=words.station(nearest["gateway"]),
        country=words.country_name(nearest["country"]),
        distance=words.count(away_m[place] / 1e3, 2),
    )


def _from_middle_m(run: Run, rows: pd.DataFrame) -> np.ndarray:
    """Distance over the ground from the middle of the area's cells to each row, (row,) [m]."""
    cells = run.of("cells", run.summary.intact.name)
    middle = frames.up(cells["latitude_deg"].to_numpy(float), cells["longitude_deg"].to_numpy(float)).mean(axis=1)
    latitude = np.degrees(np.arctan2(middle[2], np.hypot(middle[0], middle[1])))
    longitude = np.degrees(np.arctan2(middle[1], middle[0]))
    return frames.great_circle_m(
        latitude, longitude, rows["latitude_deg"].to_numpy(float), rows["longitude_deg"].to_numpy(float)
    )


def _most_telling(run: Run, variants: list[Variant]) -> list[Variant]:
    """The variants for the sentence: of each kind of event the one that takes most, largest first.

    Terminals switched off by a list are their own number said twice, so they only come where nothing else does.
    """
    worst: dict[str, Variant] = {}
    by_loss = sorted(variants, key=lambda v: -run.summary.without(v).share_mean)
    telling = [
        v for v in by_loss if _CAUSES.get(_kind(v)) is not _switched_off or len(_off_places(run, v)[1])
    ] or by_loss
    for variant in telling:
        worst.setdefault(_kind(variant), variant)
    chosen = list(worst.values())[:_CLAUSES]
    return sorted(chosen, key=lambda v: run.summary.without(v).share_mean)


def _kind(variant: Variant) -> str:
    return "+".join(sorted({event.kind for event in variant.events}))


def _slower(run: Run, words: Words) -> str:
    before = run.summary.intact.rtt_ms[0]
    who = _who([run.summary.without(variant).share_mean for variant in run.summary.others], words)
    slower = [v for v in run.summary.others if before and v.rtt_ms[0] and v.rtt_ms[0] / before - 1 > _SLOWER]
    if not slower:
        return words.say("lead.nothing", who=who)
    worst = max(slower, key=lambda v: v.rtt_ms[0] or 0.0)
    return words.say(
        "lead.kept",
        who=who,
        before=words.milliseconds(before),
        after=words.milliseconds(worst.rtt_ms[0]),
        cause=_which(run, worst, words),
    )


def _who(shares: list[float], words: Words) -> str:
    """Nobody, or almost nobody, by the shares that are lost."""
    return words.say("lead.hardly" if max(shares) > 0.0 else "lead.nobody")


def _off_places(run: Run, variant: Variant) -> tuple[str, pd.DataFrame]:
    """What is switched off whole: countries where there are many, else regions."""
    kinds = ("countries", "regions") if run.many_countries else ("regions",)
    for kind in kinds:
        rows = run.of(kind, variant.name)
        off = rows[(rows["reason"] == "switched-off") & (rows["share_served"] < _OFF)]
        if len(off):
            break
    return kind, off


def _switched_off(run: Run, variant: Variant, words: Words) -> str:
    if run.summary.without(variant).share_mean >= TAKES_ALL:
        return words.say("cause.area" if run.many_countries else "cause.country")
    kind, off = _off_places(run, variant)
    if not len(off):
        return words.say("cause.named", variant=words.case(variant.name))
    if len(off) > _NAMED:
        count = len(run.of(kind, variant.name))
        return words.say(f"cause.{kind}.many", count=words.exact(len(off)), all=words.exact(count))
    return words.say(
        "cause.regions",
        regions=words.places(
            [words.country(name) for name in sorted(names(off, words.language).tolist(), key=words.order)]
        ),
    )


def _gateways_lost(run: Run, variant: Variant, words: Words) -> str:
    off = off_gateways(run, variant.name)
    if not off:
        return _named(run, variant, words)
    rows = run.of("gateways", variant.name)
    hit = rows["gateway"].isin(off)
    if len(off) == 1:
        return words.say("cause.gateway", gateway=words.station(min(off)))
    countries = sorted({words.country_name(code) for code in rows["country"][hit].tolist()}, key=words.order)
    spared = rows["country"][~hit].isin(rows["country"][hit]).any()
    if spared or len(countries) > _NAMED:
        return words.say("cause.gateways.many", count=words.exact(len(off)))
    return words.say("cause.gateways", countries=words.listing([words.country(name) for name in countries]))


def _ground_lost(run: Run, variant: Variant, words: Words) -> str:
    rows = run.of("gateways", variant.name)
    codes = rows["country"][rows["gateway"].isin(off_gateways(run, variant.name))].tolist()
    countries = sorted({words.country_name(code) for code in codes}, key=words.order)
    if not 0 < len(countries) <= _NAMED:
        return _by_kind(run, variant, words)
    return words.say("cause.ground.countries", countries=words.listing([words.country(name) for name in countries]))


def _pops_lost(run: Run, variant: Variant, words: Words) -> str:
    left = set(_used_pops(run, variant.name))
    gone = [pop for pop in _used_pops(run, run.summary.intact.name) if pop not in left]
    if not gone:
        return _named(run, variant, words)
    named = words.listing([words.station(pop) for pop in gone])
    return words.say("cause.pops", pops=named, count=words.exact(len(gone)))


def _used_pops(run: Run, variant: str) -> list[str]:
    rows = run.of("pops", variant)
    return sorted(rows["pop"][rows["cells_served_mean"] > 0].tolist())


def _named(run: Run, variant: Variant, words: Words) -> str:
    return words.say("cause.named", variant=words.case(variant.name))


def _by_kind(run: Run, variant: Variant, words: Words) -> str:
    return words.say(f"cause.{variant.events[0].kind}")


#: What to say of each kind of event.
_CAUSES = {
    "service-off": _switched_off,
    "gateways-off": _gateways_lost,
    "pops-off": _pops_lost,
    "core-off": _by_kind,
    "satellites-off": _by_kind,
    "lasers-off": _by_kind,
    "fibre-off": _by_kind,
    "sites-off": _by_kind,
    "ground-off": _ground_lost,
    "antennas-off": _by_kind,
    "storm": _by_kind,
    "ageing": _by_kind,
    "operator-off": _by_kind,
    "service-limit": _by_kind,
    "listed-only": _by_kind,
    "licence-granted": _by_kind,
}
