"""The head of the page: one short sentence of what the cases cost, and one of all that they add and restore."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from obrii.report import headline
from obrii.report.messages import MESSAGES, Words
from obrii.report.rate_reading import Gets, GroupRates, Rates
from obrii.report.reading import Added, Event, Run, Variant, read_run
from tests.report import synthetic

WORDS = Words()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read_run(synthetic.ukraine(tmp_path_factory.mktemp("ukraine")))


def adding(
    run: Run, count: float, rate_bps: float | None, *, served: float = 1.0, kind: str = "add", **target
) -> Variant:
    """A case in which the country is off and terminals are added."""
    off = next(variant for variant in run.summary.others if run.summary.without(variant).share_mean > 0.99)
    event = off.events[0]
    more = Event("more", kind, event.start, event.end, False, target, gives=True)
    gets = Gets(rate_bps, rate_bps)
    rates = Rates(gets, gets, 0.0, None, None, {}, None, None, (GroupRates("new", True, gets, gets),), ())
    return replace(
        off,
        name=f"off, {count:,.0f} more",
        events=(*off.events, more),
        added=Added(count, served * count, 30.0),
        rates=None if rate_bps is None else rates,
    )


def with_cases(run: Run, *variants: Variant) -> Run:
    return Run(replace(run.summary, variants=(*run.summary.variants, *variants)), run.tables)


@pytest.mark.parametrize("language", sorted(MESSAGES))
def test_the_sentence_on_top_is_one_and_short_however_many_cases_there_are(run: Run, language: str) -> None:
    words = Words(language)
    added = [adding(run, count, 1e11 / count, operator="oneweb") for count in (1e3, 1e4, 4e4)]
    changed = with_cases(run, *added)
    assert headline.lead(changed, words) == headline.lead(run, words)
    for said in (headline.lead(changed, words), headline.more(changed, words)):
        assert len(said) <= headline.LONGEST and said.endswith(".") and said.count(". ") == 0


def test_what_costs_most_comes_first_and_alike_losses_are_told_once(run: Run) -> None:
    partly = [v for v in run.summary.others if 0.0 < run.summary.without(v).share_mean < 0.995]
    worst = max(partly, key=lambda v: run.summary.without(v).share_mean)
    like = replace(
        worst, name="like it", terminals=replace(worst.terminals, share_mean=0.9 * worst.terminals.share_mean)
    )
    alone = Run(replace(run.summary, variants=(run.summary.intact, worst)), run.tables)
    storm = replace(like, events=tuple(replace(event, kind="storm") for event in like.events))
    assert headline.lead(with_cases(alone, storm), WORDS) == headline.lead(alone, WORDS)
    assert "about" in headline.lead(alone, WORDS)


def test_all_that_is_added_is_told_and_not_the_last_case_alone(run: Run) -> None:
    rates = {1e3: 1e8, 1e4: 2.3e7, 4e4: 5.8e6}
    changed = with_cases(run, *(adding(run, count, bps, operator="oneweb") for count, bps in rates.items()))
    assert headline.more(changed, WORDS) == (
        "With OneWeb, all of 1,000, 10,000 or 40,000 new terminals have a connection: at least 100, 23 or "
        "5.8\u202fMb/s for half of them at the busy hour; those that lost theirs stay without."
    )
    four = with_cases(changed, adding(run, 2e5, 1e6, operator="oneweb"))
    assert "all of 1,000 to 200,000 new terminals" in headline.more(four, WORDS)
    twice = with_cases(changed, adding(run, 1e4, 2.6e7, operator="oneweb"))
    assert "at least 100, 23–26 or 5.8\u202fMb/s" in headline.more(twice, WORDS)


def test_who_of_the_added_has_no_connection_is_not_said_to_have_one(run: Run) -> None:
    changed = with_cases(run, adding(run, 1e3, None, operator="oneweb"), adding(run, 1e4, None, served=0.5))
    assert headline.more(changed, WORDS) == (
        "Where terminals are added, 1,000 of 1,000 or 5,000 of 10,000 new terminals have a connection; those that lost "
        "theirs stay without."
    )


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ((0.4,), "With OneWeb, all 1,000 new terminals have a connection; 40\u202f% of what is lost is given back."),
        ((0.1, 0.4), "10\u202f% to 40\u202f% of what is lost is given back, most in the case “option 1”."),
    ],
)
def test_what_is_restored_is_told_with_what_is_added(run: Run, shares: tuple[float, ...], said: str) -> None:
    added = [adding(run, 1e3, None, operator="oneweb")] if len(shares) == 1 else []
    names = [added[0].name] if added else [f"option {k}" for k in range(len(shares))]
    options = pd.DataFrame({"loss": "off", "option": names, "share_restored": shares, "share_added": 0.0})
    changed = with_cases(run, *added)
    assert headline.more(Run(changed.summary, {**run.tables, "compared_restored": options}), WORDS) == said


def test_where_nobody_loses_what_is_added_is_the_sentence(run: Run) -> None:
    still = replace(run.summary.intact, name="licensed")
    given = adding(run, 1e4, 2e7, kind="licence-granted")
    case = replace(still, events=given.events[-1:], added=given.added, rates=given.rates)
    changed = Run(replace(run.summary, variants=(run.summary.intact, case)), run.tables)
    assert headline.lead(changed, WORDS) == (
        "With a licence, all 10,000 new terminals have a connection: at least 20\u202fMb/s for half of them at the "
        "busy hour."
    )
    assert headline.more(changed, WORDS) == ""


@pytest.mark.parametrize("column", ["terminals_lost_mean", "people_lost_mean"])
def test_who_gains_service_takes_nothing_from_what_others_lose(run: Run, column: str) -> None:
    case = run.summary.others[0]
    unit = column.removesuffix("_lost_mean")
    better = replace(case, **{unit: replace(getattr(case, unit), mean=0.0)})
    left = pd.DataFrame({"variant": [case.name], column: [9100.8]})
    assert Run(run.summary, {**run.tables, "compared_area": left}).lost(better, unit) == 9100.8
    assert run.lost(better, unit) == 0.0


def test_without_additions_nothing_stands_below_the_sentence(run: Run, tmp_path: Path) -> None:
    assert headline.more(run, WORDS) == ""
