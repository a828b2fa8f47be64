"""What the terminal says of variants compared."""

from __future__ import annotations

COMPARISON: dict[str, str] = {
    "compare.title": "{before} → {after}",
    "compare.title.many": "Against: {before}",
    "compare.side": "{variant}, {run}",
    "compare.where": "Where",
    "compare.area": "The whole area",
    # Heads of columns, a line a number.
    "compare.terminals": "terminals\nlost:\ngained:",
    "compare.terminals.rated": "terminals\nlost:\ngained:\ndegraded:",
    "compare.people": "people\nlost:\ngained:",
    "compare.without": "minutes\nwithout,\nbefore:\nafter:",
    "compare.gap": "longest\ngap,\nbefore:\nafter:",
    "compare.rtt": "RTT, ms,\nbefore:\nafter:",
    "compare.slower": "slower\nby half",
    "compare.slower.rate": "slower\nby half:\nrate kept:",
    "compare.slower.capacity": "slower\nby half:\ncapacity\nkept:",
    "compare.took": "taken over by",
    "compare.took.narrow": "taken over by {names}",
    "compare.took.operator": "{name}",
    "compare.took.gateway": "gateway {name}",
    "compare.took.pop": "PoP {name}",
    # Below the table.
    "compare.more": "Places that change and are not shown: {count}; -o writes all.",
    "compare.same": "Countries where nothing changes and that are not shown: {count}.",
    "compare.note": "Over the measured time of the variant after, {time}: {steps} of {of} steps.",
    "compare.note.whole": "Over the whole run, {time}.",
    "compare.note.many": "Each over its own measured time; --after VARIANT shows one place by place.",
    "compare.note.rates": "Degraded: less than {usable} at the busy hour.",
    "compare.kept": "Capacity kept in the area: {kept}.",
    "compare.means": "--definitions says what every number means.",
    # Kinds of numbers, before what each of them means.
    "compare.kind.general": "general",
    "compare.kind.places": "places",
    "compare.kind.differences": "differences",
    "compare.kind.moves": "moves",
    "compare.kind.restored": "restored",
    # What restores a loss.
    "compare.restored.terminals": "What restores the loss; terminals lost: {lost}",
    "compare.restored.people": "What restores the loss; people without it: {lost}",
    "compare.option": "Option",
    "compare.back": "restored",
    "compare.share": "of the loss",
    "compare.added": "added",
}
