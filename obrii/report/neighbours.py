"""What countries of the area feel of events that are aimed at others: nothing, or what changes most in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from obrii.report.causes import taking
from obrii.report.compared_columns import CHANGES, Column, Row, changed
from obrii.report.messages import Words
from obrii.report.reading import LOST as GATEWAY_LOST
from obrii.report.reading import Event, Run, Variant

#: Reasons that say that an event was aimed at the place itself.
_AIMED = ("switched-off", "not-listed", "not-licensed")

#: Kinds of events that are aimed at no country: at what flies, or at an operator as a whole.
_EVERYWHERE = {
    "ageing", "core-off", "lasers-off", "links-degraded", "operator-off", "satellites-off", "storm",
}  # fmt: skip

#: Neighbours that are named with what changes, at most.
_NAMED = 3


def neighbours(run: Run, variant: Variant) -> set[str]:
    """Codes of the countries of the area that the events of a variant are not aimed at; none where they are aimed at no
    country: at satellites, lasers or the operator as a whole."""
    aimed = _aimed(run, variant)
    return set(run.tables["countries"]["country"].unique()) - aimed if aimed and run.many_countries else set()


def felt(rows: Sequence[Row], named: Callable[[Row], str], words: Words) -> str:
    """What some neighbours feel: what changes most in each, those first that lose most; and how many feel nothing."""
    changing, quiet = [row for row in rows if changed(row)], [named(row) for row in rows if not changed(row)]
    said = [
        words.say("compared.neighbour", name=named(row), what=what_changes(row, CHANGES, words))
        for row in changing[:_NAMED]
    ]
    if len(changing) > _NAMED:
        said.append(words.say("compared.neighbours.more", count=words.exact(len(changing) - _NAMED)))
    if quiet:
        key = "compared.neighbours.named" if len(quiet) <= _NAMED else "compared.neighbours.quiet"
        said.append(words.say(key, names=words.listing(quiet), count=words.exact(len(quiet))))
    return "; ".join(said)


def what_changes(row: Row, order: Sequence[Column], words: Words) -> str:
    """The first of some columns in which a row changes, and by how much; one of them at least does."""
    column = next(column for column in (*order, *CHANGES) if column.changes(row))
    return words.say(f"compared.felt.{column.name}", value=column.says(row, words)[0])


def _aimed(run: Run, variant: Variant) -> set[str]:
    """Countries that the events of a variant are aimed at; none where one of them is aimed at everybody."""
    found = [_aimed_at(run, variant, event) for event in taking(variant)]
    return set().union(*found) if all(found) else set()


def _aimed_at(run: Run, variant: Variant, event: Event) -> set[str]:
    """Countries that one event is aimed at: those that it names, or those where what it names lies."""
    if event.kind in _EVERYWHERE:
        return set()
    target = event.target
    # Keys narrow each other: of a strip along a border, those of its countries that are named.
    named = set(_list(target, "countries") or target.get("strip", {}).get("border", ()))
    regions = run.of("regions", run.summary.intact.name)
    named |= set(regions["country"][regions["region"].isin(_list(target, "regions"))])
    for site in _list(target, "sites"):
        for kind in ("gateway", "pop"):
            rows = run.tables[f"{kind}s"]
            named |= set(rows["country"][(rows[kind] == site) | rows[kind].str.startswith(f"{site}, ")])
    return named or _told(run, variant)


def _told(run: Run, variant: Variant) -> set[str]:
    """Where an event names no country: countries whose terminals are taken out, or whose gateways are lost."""
    usual = run.of("cells", run.summary.intact.name).set_index("cell")["reason"]
    cells = run.of("cells", variant.name)
    new = cells["reason"].isin(_AIMED).to_numpy() & (cells["reason"].to_numpy() != usual[cells["cell"]].to_numpy())
    gateways = run.of("gateways", variant.name)
    return {*cells["country"][new], *gateways["country"][gateways["state"] == GATEWAY_LOST]}


def _list(target: Mapping[str, Any], key: str) -> list[Any]:
    """What a key of a target holds, one or several."""
    values = target.get(key, [])
    return list(values) if isinstance(values, list | tuple) else [values]
