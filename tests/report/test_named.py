"""The sentence below the headline names what falls silent and the longest gap; the headline, how many there can be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from obrii.report import headline, named
from obrii.report.growth import lines
from obrii.report.growth_chart import most
from obrii.report.messages import MESSAGES, Words
from obrii.report.reading import Event, Run, Variant, read_run
from tests.report import synthetic, synthetic_rates, synthetic_world
from tests.report.test_compared import STILL

WORDS = Words()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read_run(synthetic_world.world(tmp_path_factory.mktemp("world")))


@pytest.fixture(scope="module")
def ukraine(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read_run(synthetic.ukraine(tmp_path_factory.mktemp("ukraine")))


def losing(run: Run, share: float = 0.3, kind: str = "lasers-off", target: dict[str, Any] | None = None) -> Variant:
    """A case that takes a share of what intact serves."""
    case = run.summary.others[0]
    event = Event("off", kind, run.summary.start, run.summary.end, True, target or {})
    without = replace(run.summary.without(case), share_mean=share)
    return replace(case, name=f"{share} off", events=(event,), **{run.summary.unit: without})


def with_changes(run: Run, cases: list[Variant], kind: str, places: dict[str, dict[str, Any]], **area: float) -> Run:
    """The run with only these cases, and tables of changes: the same places in each."""
    key, lost = {"countries": "country", "regions": "region"}[kind], f"{run.summary.unit}_lost_mean"
    rows = [
        {
            "variant": case.name,
            key: code,
            "name": code,
            "name_uk": code,
            **STILL,
            lost: row.get("share_lost", 0.0),
            **row,
        }
        for case in cases
        for code, row in places.items()
    ]
    whole = pd.DataFrame([{"variant": case.name, **STILL, **area} for case in cases])
    tables = {**run.tables, f"compared_{kind}": pd.DataFrame(rows), "compared_area": whole}
    return Run(replace(run.summary, variants=(run.summary.intact, *cases)), tables)


ISLANDS = {f"Island {n}": {"share_lost": 1.0} for n in range(7)}


@pytest.mark.parametrize("language", sorted(MESSAGES))
def test_countries_that_lose_all_are_named_and_all_is_still_one_short_sentence(world: Run, language: str) -> None:
    words = Words(language)
    places = {**ISLANDS, "Mainland": {"share_lost": 0.9}, "Other": {}}
    found = with_changes(world, [losing(world)], "countries", places)
    said = headline.more(found, words)
    assert "Island 4" in said and "Island 5" not in said and "Mainland" not in said and "Other" not in said
    assert said.endswith(".") and ". " not in said and len(said) <= headline.LONGEST
    assert " 2 more" in said or "ще 2" in said


def test_the_case_is_named_where_several_lose_and_nothing_is_where_none_is_silent(world: Run) -> None:
    both = [losing(world, 0.1), losing(world, 0.3)]
    found = with_changes(world, both, "countries", {"Island": {"share_lost": 1.0}})
    assert headline.more(found, WORDS) == "Silent throughout in the case “0.3 off”: Island."
    assert named.clauses(with_changes(world, both, "countries", {"Island": {"share_lost": 0.98}}), WORDS) == []


def test_a_country_that_is_switched_off_or_in_which_nobody_is_counted_is_no_news(world: Run) -> None:
    codes = world.tables["countries"]["country"].unique().tolist()
    off = losing(world, kind="service-off", target={"countries": codes[:1]})
    places = {code: {"share_lost": 1.0} for code in codes[:2]}
    assert named.clauses(with_changes(world, [off], "countries", places), WORDS) == [f"silent throughout: {codes[1]}"]
    empty = {code: {"share_lost": 1.0, f"{world.summary.unit}_lost_mean": 0.0} for code in codes[:2]}
    assert named.clauses(with_changes(world, [losing(world)], "countries", empty), WORDS) == []


def test_what_takes_all_names_nothing(world: Run) -> None:
    assert named.clauses(with_changes(world, [losing(world, 1.0)], "countries", ISLANDS), WORDS) == []


@pytest.mark.parametrize("language", sorted(MESSAGES))
def test_a_run_about_gaps_tells_the_longest_and_where(ukraine: Run, language: str) -> None:
    gaps = {"share_lost": 0.06, "gaps_after_mean": 5.7, "longest_gap_before_s": 600.0, "longest_gap_after_s": 4140.0}
    places = {"North": gaps, "South": {**gaps, "longest_gap_after_s": 3900.0}}
    found = with_changes(ukraine, [losing(ukraine, 0.06)], "regions", places, **gaps)
    words = Words(language)
    said = headline.more(found, words)
    assert words.duration(4140.0) in said and "North" in said and "South" not in said
    rare = with_changes(ukraine, [losing(ukraine, 0.06)], "regions", places, **{**gaps, "gaps_after_mean": 1.0})
    assert headline.more(rare, words) == ""
    same = with_changes(ukraine, [losing(ukraine, 0.06)], "regions", places, **{**gaps, "longest_gap_before_s": 4140.0})
    assert headline.more(same, words) == ""


@pytest.mark.parametrize("language", sorted(MESSAGES))
def test_where_nothing_is_lost_the_headline_is_how_many_there_can_be(tmp_path: Path, language: str) -> None:
    found = read_run(synthetic_rates.add_rates(synthetic.ukraine(tmp_path)))
    alone = Run(replace(found.summary, variants=(found.summary.intact,)), found.tables)
    words, usable_bps = Words(language), alone.summary.usable_bps
    assert usable_bps is not None
    said, below = headline.lead(alone, words), headline.more(alone, words)
    told = lines(alone, words)
    assert told and words.rate(usable_bps) in said and len(said) <= headline.LONGEST
    for line in told:
        assert line.name in said and words.aloud(most(line.terminals, line.half_bps, usable_bps)[1]) in said
    assert below == headline.lead(Run(replace(alone.summary, usable_bps=None), alone.tables), words)
