"""The table in the terminal: a row a variant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from obrii.report.bottlenecks import bottleneck
from obrii.report.messages import Words
from obrii.report.rate_reading import Gets
from obrii.report.reading import Summary, Without, parse_summary

#: Columns of a terminal from which the numbers of a cell stand on one line, and the reason in a column of its own; and
#: columns that are then left at least for the case and the reason.
_WIDE, _LEFT = 150, 24

#: People of an area from which the table counts them in millions.
_MILLIONS = 1e6


def print_table(summary: dict[str, Any], console: Console, *, language: str = "en") -> None:
    """Print a row a variant: who is without service, what is left, how slow, what is in use, and why; and one of rates.

    summary: as summary.json holds it. In a narrow terminal the numbers of a cell stand below each other.
    """
    read = parse_summary(summary)
    words = Words(language, read.translation.get(language))
    millions = read.people >= _MILLIONS
    people = words.millions if millions else words.count
    whom = ["terminal.terminals"] if read.counts_terminals else []
    whom.append("terminal.people.millions" if millions else "terminal.people")
    broad = [*whom, *(["terminal.added"] if read.adds else []), "terminal.share"]
    broad += ["terminal.rtt", "terminal.light", "terminal.in_use"]
    taken = sum(2 + max(map(len, words.say(key).split("\n"))) for key in broad)
    wide = console.width >= max(_WIDE, taken + _LEFT)
    keys = broad if wide else [*whom, "terminal.share", "terminal.delays", "terminal.in_use"]
    between = " / " if wide else "\n"
    table = Table(
        title=Text(words.text(read.title), "bold"),
        box=SIMPLE_HEAD,
        title_justify="left",
        padding=(0, 1),
        pad_edge=False,
    )
    table.add_column(words.say("table.variant"), vertical="top")
    for key in keys:
        table.add_column(words.say(key).replace(" / ", between), justify="right", no_wrap=True)
    if wide:
        table.add_column(words.say("table.reason"))
    for variant in read.variants:
        row = [_without(variant.terminals, words.count)] if read.counts_terminals else []
        row.append(_without(variant.people, people))
        added: list[str] = [words.count(count) for count in (variant.added.terminals, variant.added.served)]
        if read.adds and wide:
            row.append(added if variant.added.terminals else [""])
        row.append([words.percent(variant.share_served)])
        delays = [_pair(words.milliseconds, pair) for pair in (variant.rtt_ms, variant.propagation_rtt_ms)]
        row += [[pair] for pair in delays] if wide else [delays]
        row.append([words.mean(variant.satellites_used), words.mean(variant.gateways_used)])
        cells = [between.join(parts) for parts in row]
        name = Text(words.variant(variant.name), "bold")
        reason = Text(words.reason(variant.main_reason), "dim")
        if wide:
            table.add_row(name, *cells, reason)
        else:
            said = [name, reason] if variant.main_reason else [name]
            if variant.added.terminals:
                said.append(Text(words.say("terminal.adds", added=added[0], served=added[1]), "dim"))
            table.add_row(Text("\n").join(said), *cells)
            table.add_row()
    console.print(table)
    if read.rated:
        console.print(_rates(read, words))
        console.print(Text(words.say("terminal.rates.note"), "dim"))
    console.print(Text(words.say("terminal.note"), "dim"))


def _rates(read: Summary, words: Words) -> Table:
    """A row a variant: rates at the busy hour and during the run, who is degraded, capacity kept, what binds."""
    table = Table(
        title=Text(words.say("terminal.rates"), "bold"),
        box=SIMPLE_HEAD,
        title_justify="left",
        padding=(0, 1),
        pad_edge=False,
    )
    table.add_column(words.say("table.variant"), vertical="top")
    for key in ("terminal.busy", "terminal.now", "terminal.degraded", "terminal.kept"):
        said = words.say(key, usable=words.rate(read.usable_bps))
        table.add_column(said, justify="right", no_wrap=True)
    table.add_column(words.say("rates.binding"))
    for variant in read.variants:
        rates = variant.rates
        if rates is None:
            continue
        row = [_gets(gets, words) for gets in (rates.busy, rates.now)]
        row += [words.count(rates.degraded), words.kept(rates.kept)]
        table.add_row(Text(words.variant(variant.name), "bold"), *row, Text(bottleneck(rates, words), "dim"))
    return table


def _gets(gets: Gets, words: Words) -> str:
    return " / ".join(words.megabits(bps) for bps in (gets.median_bps, gets.low_bps))


def _without(without: Without, written: Callable[[float], str]) -> list[str]:
    return [written(number) for number in (without.mean, without.worst, without.at_least_once)]


def _pair(written: Callable[[float | None], str], pair: tuple[float | None, float | None]) -> str:
    return " / ".join(written(number) for number in pair)
