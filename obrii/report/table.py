"""The table in the terminal: a row a variant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from obrii.report.bottlenecks import bottleneck
from obrii.report.messages import Words
from obrii.report.narrow import Case, narrow
from obrii.report.pairs import name
from obrii.report.quantities import MISSING
from obrii.report.rate_reading import Gets
from obrii.report.reading import Pair, Summary, Variant, Without, parse_summary

#: Columns of a terminal from which the table of variants, and that of rates, is one with columns; and columns that are
#: then left at least for the case and the reason.
_BROAD, _BROAD_RATES, _LEFT = 150, 100, 40

#: Heads of the numbers of a pair.
_WAYS = ("terminal.pairs.share", "terminal.pairs.rtt")

#: People of an area from which the table counts them in millions.
_MILLIONS = 1e6


def print_table(summary: dict[str, Any], console: Console, *, language: str = "en") -> None:
    """Print a row a variant: who is without service, what is left, how slow, what is in use, and why; and one of rates.

    summary: as summary.json holds it. In a narrow terminal the numbers of a variant stand under its name.
    """
    read = parse_summary(summary)
    words = Words(language, read.translation.get(language))
    title = words.text(read.title)
    if read.pairs_alone:
        console.print(Text(title, "bold"))
    else:
        cases = [_case(read, variant, words) for variant in read.variants]
        console.print(_table(title, _head(read, words), cases, console.width, _BROAD))
    if read.intact.pairs:
        ways = [_way(pair, variant, words) for variant in read.variants for pair in variant.pairs]
        head = Case(words.say("pairs.pair"), [words.say("table.variant")], [words.say(key) for key in _WAYS])
        console.print(_table(words.say("terminal.pairs"), head, ways, console.width, 0))
    if read.rated:
        rates = [_rates(variant, words) for variant in read.variants if variant.rates is not None]
        console.print(_table(words.say("terminal.rates"), _rates_head(read, words), rates, console.width, _BROAD_RATES))
        console.print(Text(words.say("terminal.rates.note"), "dim"))
    note = "terminal.pairs.note" if read.pairs_alone else "terminal.note"
    console.print(Text(words.say(note), "dim"))


def _table(title: str, head: Case, cases: list[Case], width: int, least: int) -> Table | Group:
    """A table where the terminal is wide enough, else a line a case with its numbers under it."""
    columns = [[case.numbers[place] for case in cases] for place in range(len(head.numbers))]
    heads = [text.split("\n") for text in head.numbers]
    taken = sum(2 + max(map(len, [*lines, *column])) for lines, column in zip(heads, columns, strict=True))
    if width < max(least, taken + _LEFT):
        shorter = [case._replace(numbers=[text.replace(" / ", "/") for text in case.numbers]) for case in cases]
        return narrow(title, head, shorter, width)
    table = Table(
        title=Text(title, "bold"),
        box=SIMPLE_HEAD,
        title_justify="left",
        padding=(0, 1),
        pad_edge=False,
    )
    table.add_column(head.name, vertical="top")
    for text in head.numbers:
        table.add_column(text, justify="right", no_wrap=True)
    for text in head.words:
        table.add_column(text)
    for case in cases:
        said = zip_longest(case.words, head.words)
        table.add_row(Text(case.name, "bold"), *case.numbers, *(Text(text or MISSING, "dim") for text, _ in said))
    return table


def _head(read: Summary, words: Words) -> Case:
    keys = ["terminal.terminals"] if read.counts_terminals else []
    keys.append("terminal.people.millions" if read.people >= _MILLIONS else "terminal.people")
    keys += ["terminal.share", "terminal.rtt", "terminal.light", "terminal.in_use"]
    said = [words.say("table.reason"), *([words.say("table.added")] if read.adds else [])]
    return Case(words.say("table.variant"), said, [words.say(key) for key in keys])


def _case(read: Summary, variant: Variant, words: Words) -> Case:
    people = words.millions if read.people >= _MILLIONS else words.count
    numbers = [_without(variant.terminals, words.count)] if read.counts_terminals else []
    numbers.append(_without(variant.people, people))
    numbers.append(words.percent(variant.share_served))
    numbers += [_pair(words.milliseconds, pair) for pair in (variant.rtt_ms, variant.propagation_rtt_ms)]
    numbers.append(_pair(words.mean, (variant.satellites_used, variant.gateways_used)))
    said = [words.reason(variant.main_reason) if variant.main_reason else ""]
    added = variant.added
    if added.terminals:
        said.append(words.say("terminal.adds", added=words.count(added.terminals), served=words.count(added.served)))
    return Case(words.variant(variant.name), said, numbers)


def _way(pair: Pair, variant: Variant, words: Words) -> Case:
    """A pair in a variant: for how much of the time there is a way, and how long it is."""
    rtt = _pair(words.milliseconds, pair.rtt_ms or (None, None, None))
    return Case(name(pair, words), [words.variant(variant.name)], [words.percent(pair.share), rtt])


def _rates_head(read: Summary, words: Words) -> Case:
    keys = ("terminal.busy", "terminal.now", "terminal.degraded", "terminal.kept")
    said = [words.say(key, usable=words.rate(read.usable_bps)) for key in keys]
    return Case(words.say("table.variant"), [words.say("rates.binding")], said)


def _rates(variant: Variant, words: Words) -> Case:
    """Rates at the busy hour and during the run, who is degraded, capacity kept, what binds."""
    rates = variant.rates
    assert rates is not None
    numbers = [_gets(gets, words) for gets in (rates.busy, rates.now)]
    numbers += [words.count(rates.degraded), words.kept(rates.kept)]
    first = bottleneck(rates, words)
    return Case(words.variant(variant.name), ["" if first == MISSING else first], numbers)


def _gets(gets: Gets, words: Words) -> str:
    return " / ".join(words.megabits(bps) for bps in (gets.median_bps, gets.low_bps))


def _without(without: Without, written: Callable[[float], str]) -> str:
    return " / ".join(written(number) for number in (without.mean, without.worst, without.at_least_once))


def _pair(written: Callable[[float], str], pair: Sequence[Any]) -> str:
    return " / ".join(written(number) for number in pair)
