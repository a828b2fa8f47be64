"""What happens in a variant, as the end of a sentence: who loses what is told by its kind and by what it is aimed at.

Service, gateways and points of presence are told by what came of it, all else by what the event says.
"""

from __future__ import annotations

import pandas as pd

from obrii.report import targets
from obrii.report.messages import Words
from obrii.report.reading import LOST, Event, Run, Variant, names

#: Share of what intact serves from which a loss takes all.
TAKES_ALL = 0.995

#: Events that are told in one sentence, at most.
_TOGETHER = 2

#: Regions and countries named in one clause, at most.
_NAMED = 5

#: Share served below which a region counts as switched off whole.
_OFF = 0.01


def cause(run: Run, variant: Variant, words: Words) -> str:
    """What happens in a variant, as the end of a sentence."""
    events = taking(variant)
    kinds = {event.kind for event in events}
    if len(kinds) == 1 and (by_results := _BY_RESULTS.get(next(iter(kinds)))):
        return by_results(run, variant, words)
    named = {event.name: event for event in events}.values()
    if kinds & {*_BY_RESULTS, "add"} or not 0 < len(kinds) <= _TOGETHER:
        return _named(run, variant, words)
    # Several events of a kind are told by the kind alone.
    told = [targets.told(event, words) if len(named) <= _TOGETHER else None for event in named]
    said = [one or words.say(f"cause.{event.kind}") for one, event in zip(told, named, strict=True)]
    first, *others = dict.fromkeys(said)
    return words.say("told.both", first=first, second=others[0]) if others else first


def brief(run: Run, variant: Variant, words: Words) -> str:
    """The same in few words: how many regions or gateways there are, and not which."""
    kinds = {event.kind for event in taking(variant)}
    if kinds == {"service-off"} and run.summary.without(variant).share_mean < TAKES_ALL:
        kind, off = off_places(run, variant)
        if len(off) > 1:
            count = len(run.of(kind, variant.name))
            return words.say(f"cause.{kind}.many", count=words.exact(len(off)), all=words.exact(count))
    off_there = off_gateways(run, variant.name)
    if kinds == {"gateways-off"} and len(off_there) > 1:
        return words.say("cause.gateways.many", count=words.exact(len(off_there)))
    return cause(run, variant, words)


def by_results(variant: Variant) -> bool:
    """Whether a variant is told by what came of it, and not by what it is aimed at."""
    return {event.kind for event in taking(variant)} <= _BY_RESULTS.keys()


def taking(variant: Variant) -> list[Event]:
    """Events of a variant that take something away; all where each one gives."""
    return [event for event in variant.events if not event.gives] or list(variant.events)


def gives(variant: Variant) -> bool:
    """Whether a variant adds anything: terminals, or what serves them."""
    return variant.added.terminals > 0.0 or any(event.gives for event in variant.events)


def off_gateways(run: Run, variant: str) -> frozenset[str]:
    """Gateways that an event of a variant takes away."""
    rows = run.of("gateways", variant)
    return frozenset(rows["gateway"][rows["state"] == LOST].tolist())


def off_places(run: Run, variant: Variant) -> tuple[str, pd.DataFrame]:
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
    kind, off = off_places(run, variant)
    if not len(off):
        said = {targets.told(event, words) for event in taking(variant)}
        return (said.pop() if len(said) == 1 else None) or _named(run, variant, words)
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
        return words.say("cause.ground-off")
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


#: Kinds of events that are told by what came of them.
_BY_RESULTS = {
    "service-off": _switched_off,
    "gateways-off": _gateways_lost,
    "pops-off": _pops_lost,
    "ground-off": _ground_lost,
}
