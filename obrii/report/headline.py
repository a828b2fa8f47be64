"""The head of the page in words: one sentence of what the cases cost, and one of what they silence, restore and add."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from obrii.report import growth, growth_chart, named
from obrii.report.causes import TAKES_ALL, brief, by_results, cause, gives, off_places, taking
from obrii.report.messages import Words
from obrii.report.quantities import NARROW
from obrii.report.reading import Event, Run, Summary, Variant, records
from obrii.report.story import SLOWER, WORTH_SAYING, added_bps, nobody

#: Letters that the sentence of losses has at most: four lines of large type on a wide page.
LONGEST = 230

#: Clauses of losses that are not of all, at most; and the part by which two may differ and still be told by the larger.
_CLAUSES, _ALIKE = 2, 0.2

#: Numbers of added terminals that are told one by one, at most.
_COUNTS = 3

#: Part of what is added from which all of it has a connection.
_ALL = 0.9995


def lead(run: Run, words: Words) -> str:
    """The one sentence that says most: who loses the connection, and by what, the costliest case first; where nobody
    does, whose way is longer; else what is added."""
    summary = run.summary
    if not summary.others:
        return _grown(run, words) or words.say(f"lead.intact.{summary.unit}", **_intact(summary, words))
    losing = [variant for variant in summary.others if summary.without(variant).share_mean >= WORTH_SAYING]
    if losing:
        # What also gives something is told by what it gives, unless nothing else loses anything.
        return _losing(run, [variant for variant in losing if not gives(variant)] or losing, words)
    return (
        _slower(run, words)
        or _given(run, words)
        or _grown(run, words)
        or words.say("lead.nothing", who=nobody(summary.others, run, words))
    )


def more(run: Run, words: Words) -> str:
    """The sentence below it: what is named of the losses, and what all cases together add and restore, as much as there
    is room for; where how many there can be is the sentence above, who has a connection. None where there is nothing of
    that to say."""
    above, said = lead(run, words), _given(run, words)
    if not run.summary.others and above == _grown(run, words):
        return words.say(f"lead.intact.{run.summary.unit}", **_intact(run.summary, words))
    if said == above:
        return ""
    told: list[str] = []
    for clause in named.clauses(run, words):
        tried = _joined([*told, clause], said, words)
        if len(tried) <= LONGEST:
            told.append(clause)
    return _joined(told, said, words) if told else said


def _joined(clauses: Sequence[str], given: str, words: Words) -> str:
    """Clauses and a sentence as one sentence."""
    said = words.say("lead.between").join(clauses)
    # What is given never begins with a name.
    rest = f"{words.say('lead.between')}{given[:1].lower()}{given[1:]}" if given else "."
    return f"{said[:1].upper()}{said[1:]}{rest}"


def slower(run: Run) -> list[Variant]:
    """Variants with a longer way, that is worth a sentence where nobody loses the connection."""
    before = run.summary.intact.rtt_ms[0]
    return [v for v in run.summary.others if before and v.rtt_ms[0] and v.rtt_ms[0] / before - 1 > SLOWER]


def _intact(summary: Summary, words: Words) -> dict[str, str]:
    whole = summary.terminals if summary.counts_terminals else summary.people
    return {"share": words.percent(summary.served / whole if whole else 0.0), "whole": words.aloud(whole)}


def _losing(run: Run, losing: Sequence[Variant], words: Words) -> str:
    """As many clauses as there is room for: what takes all, then what takes most of what is left to say."""
    whole: list[str] = []
    part: list[tuple[Variant, str]] = []
    shares = {variant.name: run.summary.without(variant).share_mean for variant in losing}

    def fits(also_whole: Sequence[str] = (), also_part: Sequence[tuple[Variant, str]] = ()) -> bool:
        nothing = not whole and not part
        return nothing or len(_sentence(run, [*whole, *also_whole], [*part, *also_part], words)) <= LONGEST

    for said in dict.fromkeys(cause(run, v, words) for v in losing if shares[v.name] >= TAKES_ALL):
        if fits(also_whole=[said]):
            whole.append(said)
    for variant in _most_telling(run, [v for v in losing if shares[v.name] < TAKES_ALL], words):
        share = shares[variant.name]
        if len(part) == _CLAUSES or any(share > (1.0 - _ALIKE) * shares[told.name] for told, _ in part):
            continue
        ways: tuple[Callable[[Run, Variant, Words], str], ...] = (_which, brief)
        tried = [(variant, said(run, variant, words)) for said in ways]
        # The first is told however long it is, in the fewest words where it is too long.
        found = next((each for each in tried if fits(also_part=[each])), None)
        if not whole and not part and len(_sentence(run, [], [tried[0]], words)) > LONGEST:
            found = tried[-1]
        part += [found] if found else []
    return _sentence(run, whole, part, words)


def _sentence(run: Run, whole: Sequence[str], part: Sequence[tuple[Variant, str]], words: Words) -> str:
    """The sentence of losses: causes of losses of all, and variants with the cause of each."""
    summary = run.summary
    unit = summary.unit
    # What is never served is no part of the whole that shares are of.
    never = summary.never_terminals if summary.counts_terminals else summary.never_people
    base = "all" if not never else "offered" if run.never_for_offer else "served"
    # A whole that is named by where the service is needs only an "it" for what is lost.
    who = "it" if base != "all" and not summary.counts_terminals else unit
    clauses = [words.say(f"lead.whole.{who}", causes=f" {words.say('lead.or')} ".join(whole))] if whole else []
    for variant, said in part:
        key = "lead.next" if clauses else f"lead.first.{who}"
        clauses.append(words.say(key, lost=words.aloud(run.lost(variant)), cause=said))
    *before, last = clauses
    said = f"{words.say('lead.between').join(before)}{words.say('lead.last')}{last}" if before else last
    return words.say(f"lead.{unit}.{base}", whole=words.aloud(summary.ever_served), clauses=said)


def _which(run: Run, variant: Variant, words: Words) -> str:
    """The cause with the name of the variant, where the words for another are the same."""
    said = cause(run, variant, words)
    others = [other for other in run.summary.others if other is not variant and not gives(other)]
    if by_results(variant) or all(cause(run, other, words) != said for other in others):
        return said
    return words.say("cause.which", cause=said, variant=words.case(variant.name))


def _most_telling(run: Run, variants: Sequence[Variant], words: Words) -> list[Variant]:
    """The variants in the order in which they are told: of each kind of event the one that takes most, the largest
    first, then others that are told in other words.

    Terminals switched off by a list are their own number said twice, so they only come where nothing else does.
    """
    by_loss = sorted(variants, key=lambda v: -run.summary.without(v).share_mean)
    telling = [v for v in by_loss if _kind(v) != "service-off" or len(off_places(run, v)[1])] or by_loss
    worst: dict[str, Variant] = {}
    causes: dict[str, Variant] = {}
    for variant in telling:
        worst.setdefault(_kind(variant), variant)
        causes.setdefault(cause(run, variant, words), variant)
    return [*worst.values(), *(variant for variant in causes.values() if variant not in worst.values())]


def _kind(variant: Variant) -> str:
    return "+".join(sorted({event.kind for event in taking(variant)}))


def _slower(run: Run, words: Words) -> str:
    """Whose way is longer, where nobody loses; nothing where no way is."""
    found = slower(run)
    if not found:
        return ""
    before, worst = run.summary.intact.rtt_ms[0], max(found, key=lambda v: v.rtt_ms[0] or 0.0)
    return words.say(
        "lead.kept",
        who=nobody(run.summary.others, run, words),
        before=words.milliseconds(before),
        after=words.milliseconds(worst.rtt_ms[0]),
        cause=_which(run, worst, words),
    )


def _grown(run: Run, words: Words) -> str:
    """Up to how many terminals half of them get a rate that is of use, operator by operator, as many as there is room
    for; nothing where more were not tried."""
    usable_bps = run.summary.usable_bps
    said: list[str] = []
    for line in growth.lines(run, words) if usable_bps is not None else ():
        how, count = growth_chart.most(line.terminals, line.half_bps, usable_bps or 0.0)
        said.append(words.say(f"lead.growth.{how}", line=line.name, count=words.aloud(count)))
    while said:
        clauses = words.say("lead.between").join(said)
        sentence = words.say("lead.growth", usable=words.rate(usable_bps), clauses=clauses)
        if len(sentence) <= LONGEST:
            return sentence
        said.pop()
    return ""


def _given(run: Run, words: Words) -> str:
    """What cases add, how many of that are served and what they get, and what is restored of a loss."""
    adding = [variant for variant in run.summary.others if variant.added.terminals > 0.0]
    frame = run.tables["compared_restored"]
    back = [row for row in records(frame) if row["share_restored"] >= WORTH_SAYING]
    clauses = [_added(run, adding, words)] if adding else []
    if back:
        least, most = (of(row["share_restored"] for row in back) for of in (min, max))
        best = max(back, key=lambda row: row["share_restored"])
        same = {row["option"] for row in back} == {variant.name for variant in adding}
        key = "range" if least < most else "same" if same else "one"
        clauses.append(
            words.say(
                f"lead.restored.{key}",
                least=words.percent(least),
                most=words.percent(most),
                variant=words.case(best["option"]),
            )
        )
    elif any(run.summary.without(variant).share_mean >= WORTH_SAYING for variant in adding):
        clauses.append(words.say("lead.added.without"))
    said = words.say("lead.between").join(clauses)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def _added(run: Run, adding: Sequence[Variant], words: Words) -> str:
    """The clause of added terminals, by their number."""
    of_count: dict[str, list[Variant]] = {}
    for variant in sorted(adding, key=lambda v: v.added.terminals):
        of_count.setdefault(words.aloud(variant.added.terminals), []).append(variant)
    every = [variant.added.served >= _ALL * variant.added.terminals for variant in adding]
    if all(every):
        key, counts = "all" if len(of_count) > 1 else "one", list(of_count)
    else:
        key, counts = "some", []
        for count, those in of_count.items():
            served = dict.fromkeys(words.aloud(v.added.served) for v in sorted(those, key=lambda v: v.added.served))
            counts.append(words.say("lead.added.of", served=_span(list(served)), terminals=count))
    said = words.say(f"lead.added.{key}", terminals=_either(counts, words))
    return f"{words.say('lead.added.where', how=_how(adding, words))}{said}{_rates(list(of_count.values()), words)}"


def _how(adding: Sequence[Variant], words: Words) -> str:
    """By what terminals come: an operator, a licence, or anything."""
    events = [event for variant in adding for event in variant.events if event.gives]
    names = {event.target.get("operator") for event in events}
    if all(any(_licence(event) for event in variant.events) for variant in adding):
        return words.say("lead.added.licence")
    operator = names.pop() if len(names) == 1 else None
    return (
        words.say("lead.added.operator", operator=words.operator(operator))
        if isinstance(operator, str)
        else (words.say("lead.added.any"))
    )


def _licence(event: Event) -> bool:
    return event.kind == "licence-granted"


def _rates(of_count: Sequence[Sequence[Variant]], words: Words) -> str:
    """What half of the added terminals get at least, number by number; nothing where that is not known of all."""
    said = []
    for those in of_count:
        bps = sorted(bps for bps in map(added_bps, those) if bps is not None)
        if len(bps) < len(those):
            return ""
        said.append(list(dict.fromkeys(words.rate(each) for each in (bps[0], bps[-1]))))
    units = {each.rpartition(NARROW)[2] for rates in said for each in rates}
    if len(units) == 1:
        bare = [_span([each.rpartition(NARROW)[0] for each in rates]) for rates in said]
        rates = f"{_either(list(dict.fromkeys(bare)), words)}{NARROW}{units.pop()}"
    else:
        rates = _either(list(dict.fromkeys(map(_span, said))), words)
    return words.say("lead.added.rate", rates=rates)


def _span(ends: Sequence[str]) -> str:
    """A text, or two as the ends of a span."""
    return "–".join(dict.fromkeys((ends[0], ends[-1])))


def _either(items: Sequence[str], words: Words) -> str:
    """Several things of which one is meant; where they are many, the first and the last."""
    if len(items) > _COUNTS:
        return words.say("lead.added.to", first=items[0], last=items[-1])
    *before, last = items
    return f"{', '.join(before)} {words.say('lead.or')} {last}" if before else last
