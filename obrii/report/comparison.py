"""Variants compared, in the terminal: a row for each of several; of one the whole area, and the places that change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from obrii.report.compared_columns import took_over
from obrii.report.messages import Words
from obrii.results.comparison import Case, Comparison
from obrii.results.comparison_summary import rows

#: Columns of a terminal from which who took over has a column of its own.
_WIDE = 150

#: Places below the whole area.
_MOST = 8

#: Columns of a terminal that a name has at least.
_NAME = 16


def print_comparisons(comparisons: list[Comparison], console: Console, *, language: str = "en") -> None:
    """Print what changes from a variant to another, or to several others.

    Of one comparison there is a row for the area and for each of the places that change most: countries where the area
    has several, with those where nothing changes last, else regions. Of several there is a row each. Numbers before and
    after stand below each other.
    """
    first, wide = comparisons[0], console.width >= _WIDE
    words = Words(language, first.translation.get(language))
    area = [rows(each.tables["area"])[0] for each in comparisons]
    counted = (
        "terminals" if any(row["terminals_before_mean"] or row["terminals_after_mean"] for row in area) else "people"
    )
    rated = counted == "terminals" and any(row["terminals_degraded_mean"] is not None for row in area)
    if len(comparisons) == 1:
        title = words.say(
            "compare.title", before=_case(first, first.before, words), after=_case(first, first.after, words)
        )
        changed, same = _places(first, counted)
        shown = [*changed, *same][:_MOST]
        named = [(words.say("compare.area"), area[0]), *((row[_name(row, words)], row) for row in shown)]
        left_out = {
            "compare.more": len(changed[_MOST:]),
            "compare.same": len(changed + same) - max(len(changed), _MOST),
        }
        notes = [words.say(key, count=words.exact(count)) for key, count in left_out.items() if count > 0]
        notes.append(_note(first, words, area[0]))
    else:
        title = words.say("compare.title.many", before=_case(first, first.before, words))
        named = [(words.variant(each.after.variant), row) for each, row in zip(comparisons, area, strict=True)]
        notes = [words.say("compare.note.many")]
    if rated:
        notes.append(words.say("compare.note.rates", usable=words.rate(first.usable_bps)))
    columns = _columns(words, counted, rated, len(comparisons) > 1)
    console.print(Text(title, "bold"))
    table = _table()
    table.add_column("" if len(comparisons) > 1 else words.say("compare.where"), vertical="top", min_width=_NAME)
    for head, _ in columns:
        table.add_column(head, justify="right", no_wrap=True)
    if wide:
        table.add_column(words.say("compare.took"))
    for name, row in named:
        cells = [cell(row) for _, cell in columns]
        said, took = Text(name, "bold"), took_over(row, words)
        if wide:
            table.add_row(said, *cells, Text(took, "dim"))
        elif took:
            below = Text(words.say("compare.took.narrow", names=took), "dim")
            table.add_row(Text("\n").join([said, below]), *cells)
        else:
            table.add_row(said, *cells)
    console.print(table)
    if "restored" in first.tables:
        _print_restored(first, console, words, counted)
    console.print(Text(" ".join([*notes, words.say("compare.means")]), "dim"))


def _columns(words: Words, counted: str, rated: bool, many: bool) -> list[tuple[str, Callable[[dict[str, Any]], str]]]:
    """Heads of columns, and what stands in them for a row."""

    def below(written: Callable[[Any], str], *names: str) -> Callable[[dict[str, Any]], str]:
        return lambda row: "\n".join(written(row[name]) for name in names)

    counts = [f"{counted}_lost_mean", f"{counted}_gained_mean"]
    heads = {"counts": f"compare.{counted}", "slower": "compare.slower"}
    rates = []
    if rated:
        kind = "capacity" if many else "rate"
        heads = {"counts": "compare.terminals.rated", "slower": f"compare.slower.{kind}"}
        counts.append("terminals_degraded_mean")
        rates.append(f"{kind}_kept")
    found = [
        (heads["counts"], below(words.count, *counts)),
        ("compare.without", below(words.mean, "minutes_without_before", "minutes_without_after")),
        ("compare.gap", below(words.duration, "longest_gap_before_s", "longest_gap_after_s")),
        ("compare.rtt", below(words.milliseconds, "rtt_before_ms", "rtt_after_ms")),
        (heads["slower"], below(words.kept, "share_slower", *rates)),
    ]
    return [(words.say(key), cell) for key, cell in found]


def _places(comparison: Comparison, counted: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Countries where there are several, else regions, that lose, gain or change, those that lose most first; and
    countries where nothing changes, as neighbours want to know."""
    tables = comparison.tables
    several = len(tables["countries"]["country"]) > 1
    table = tables["countries"] if several else tables["regions"]
    weighed = [f"{counted}_lost_mean", f"{counted}_gained_mean", "terminals_degraded_mean", "share_slower"]
    changes = np.nan_to_num(np.array([table[name] for name in weighed]))
    every = rows(table)
    some = changes.any(axis=0)
    order = np.lexsort(-changes[::-1])
    same = np.flatnonzero(~some) if several else np.empty(0, np.int64)
    return [every[k] for k in order[some[order]].tolist()], [every[k] for k in same.tolist()]


def _name(row: dict[str, Any], words: Words) -> str:
    """The column with the name of a place in the language."""
    return f"name_{words.language}" if f"name_{words.language}" in row else "name"


def _case(comparison: Comparison, case: Case, words: Words) -> str:
    name = words.variant(case.variant)
    return words.say("compare.side", variant=name, run=case.run) if comparison.two_runs else name


def _note(comparison: Comparison, words: Words, area: dict[str, Any]) -> str:
    measured = comparison.measured
    key = "compare.note" if measured.events else "compare.note.whole"
    time, steps, of = words.duration(measured.seconds), words.exact(measured.steps), words.exact(measured.of)
    said = [words.say(key, time=time, steps=steps, of=of)]
    if area["capacity_kept"] is not None:
        said.append(words.say("compare.kept", kept=words.kept(area["capacity_kept"])))
    return " ".join(said)


def _print_restored(comparison: Comparison, console: Console, words: Words, counted: str) -> None:
    """Print a row an option: what it restores of the loss, and what it adds beside it."""
    options = rows(comparison.tables["restored"])
    lost = words.count(options[0][f"{counted}_lost_mean"])
    console.print(Text(words.say(f"compare.restored.{counted}", lost=lost), "bold"))
    table = _table()
    table.add_column(words.say("compare.option"))
    for key in ("compare.back", "compare.share", *(["compare.added"] if counted == "terminals" else [])):
        table.add_column(words.say(key), justify="right", no_wrap=True)
    for row in options:
        cells = [words.count(row[f"{counted}_restored_mean"]), words.percent(row["share_restored"])]
        beside = f"{words.count(row['terminals_added_mean'])} ({words.kept(row['share_added'])})"
        added = [beside if row["terminals_added_mean"] else words.count(0)] if counted == "terminals" else []
        table.add_row(Text(words.variant(row["option"]), "bold"), *cells, *added)
    console.print(table)


def _table() -> Table:
    return Table(box=SIMPLE_HEAD, padding=(0, 1), pad_edge=False, collapse_padding=True)
