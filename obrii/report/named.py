"""What the sentence below the headline names of the costliest case: places that fall silent, and the longest gap."""

from __future__ import annotations

from obrii.report.causes import TAKES_ALL, gives
from obrii.report.compared import about
from obrii.report.compared_columns import Row, number
from obrii.report.messages import Words
from obrii.report.neighbours import neighbours
from obrii.report.reading import Run, Variant, records
from obrii.report.story import WORTH_SAYING

#: Share lost from which a place is silent.
_SILENT = 0.99

#: Silent places, and places of the longest gap, that are named, at most.
_SILENT_NAMED, _GAP_NAMED = 5, 2


def clauses(run: Run, words: Words) -> list[str]:
    """What is named of the losses that are not of all, in the order in which it is said: clauses without a stop."""
    losing = [variant for variant in run.summary.others if _partial(run, variant)]
    losing.sort(key=lambda variant: -run.summary.without(variant).share_mean)
    return [said for said in (_silent(run, losing, words), _longest_gap(run, losing, words)) if said]


def _partial(run: Run, variant: Variant) -> bool:
    """Whether a variant takes some of what intact serves, and not all, and gives nothing."""
    return WORTH_SAYING <= run.summary.without(variant).share_mean < TAKES_ALL and not gives(variant)


def _silent(run: Run, losing: list[Variant], words: Words) -> str:
    """Countries of many that lose all in the costliest case in which any does, those first that lose most; those that
    its events are aimed at are no news."""
    if not run.many_countries:
        return ""
    lost = f"{run.summary.unit}_lost_mean"
    for variant in losing:
        near = neighbours(run, variant)
        rows = [row for row in _places(run, "countries", variant) if not near or row["country"] in near]
        found = [row for row in rows if number(row, "share_lost") >= _SILENT and number(row, lost) > 0.0]
        if found:
            found.sort(key=lambda row: -number(row, lost))
            names = [_called(row, words) for row in found]
            # Some names have an "and" within.
            said = ", ".join(names) if len(names) <= _SILENT_NAMED else words.first(names, _SILENT_NAMED)
            return _of_case("silent", variant, losing, words, places=said)
    return ""


def _longest_gap(run: Run, losing: list[Variant], words: Words) -> str:
    """How long the longest gap is, and where, in a run that is about gaps."""
    rows = {row["variant"]: row for row in records(run.tables["compared_area"])}
    found = [(number(rows[v.name], "longest_gap_after_s"), v) for v in losing if v.name in rows]
    if not found or about(list(rows.values())) != "gaps":
        return ""
    gap_s, variant = max(found, key=lambda each: each[0])
    if gap_s <= number(rows[variant.name], "longest_gap_before_s"):
        return ""
    kind = "countries" if run.many_countries else "regions"
    there = [
        _called(row, words)
        for row in _places(run, kind, variant)
        if number(row, "longest_gap_after_s") >= gap_s > number(row, "longest_gap_before_s")
    ]
    where = words.say("lead.gap.in", places=words.listing(there)) if 0 < len(there) <= _GAP_NAMED else ""
    return _of_case("gap", variant, losing, words, gap=words.duration(gap_s), where=where)


def _of_case(key: str, variant: Variant, losing: list[Variant], words: Words, **values: str) -> str:
    """A clause, with the name of its case where several lose something."""
    case = words.say("lead.of_case", variant=words.case(variant.name)) if len(losing) > 1 else ""
    return words.say(f"lead.{key}", case=case, **values)


def _places(run: Run, kind: str, variant: Variant) -> list[Row]:
    return records(run.of(f"compared_{kind}", variant.name))


def _called(row: Row, words: Words) -> str:
    """The name of a country or a region inside a sentence."""
    return words.country(str(row[f"name_{words.language}" if f"name_{words.language}" in row else "name"]))
