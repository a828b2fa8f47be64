"""Every scenario that ships, run for a step and said in Ukrainian: nothing else is left on the page or in tables."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.console import Console

from obrii import Scenario
from obrii.report import headline
from obrii.report.comparison import print_comparisons
from obrii.report.growth import lines
from obrii.report.growth_chart import most
from obrii.report.messages import MESSAGES, Words
from obrii.report.page import report
from obrii.report.quantities import NARROW
from obrii.report.reading import Run, read_run
from obrii.report.story import added_bps
from obrii.report.table import print_table
from obrii.results.comparison import compare_runs
from obrii.results.finished import open_run
from obrii.scenario import presets
from obrii.scenario.stage import stage
from obrii.simulation import run
from tests.report.reader import Reader
from tests.report.test_ukrainian import EXAMPLES, LATIN, OF_EXAMPLES, latin

SHIPPED = {
    **{path.stem: path for path in EXAMPLES},
    **{name: presets.scenario_path(name) for name in presets.scenario_names()},
}

#: What a source of satellites' places is called in Python, and numbers of licences.
OF_SOURCES = latin("obrii.orbits.lattices SAT-MOD")


def for_a_step(scenario: Scenario) -> Scenario:
    """The same scenario over its first step, with all its events at work."""
    data = scenario.model_dump(by_alias=True, exclude_none=True)
    time = {key: data["time"][key] for key in ("start", "step", "step_s") if key in data["time"]}
    data["time"] = {**time, **({"seconds": time["step_s"]} if "step_s" in time else {"slots": 1})}
    for event in data["event"]:
        if event["kind"] != "ageing":  # which counts from when launches ended
            for key in ("start", "end", "ramp_s", "recovery_s", "recovery", "repeat_s"):
                event.pop(key, None)
    return scenario.changed(data)


def the_head_is_short_and_true(found: Run) -> None:
    """The sentence on top has four lines at most in either language, and its numbers are those of the summary."""
    if found.summary.pairs_alone:
        return
    for language in MESSAGES:
        words = Words(language, found.summary.translation.get(language))
        lead, more = headline.lead(found, words), headline.more(found, words)
        assert len(lead) <= headline.LONGEST and len(more) <= headline.LONGEST
        assert all(said.endswith(".") and ". " not in said for said in (lead, more) if said)
        losses = {words.aloud(found.lost(variant)) for variant in found.summary.others}
        about = {"en": "about", "uk": "приблизно"}[language]
        usable_bps = found.summary.usable_bps
        for line in lines(found, words) if usable_bps is not None else ():
            losses.add(words.aloud(most(line.terminals, line.half_bps, usable_bps)[1]))
        told = re.findall(rf"{about} ((?:<.)?\d[\d,.\u202f]*\d|\d)", lead)
        assert set(told) <= {re.match(r"[<\u202f\d,.]+", loss)[0] for loss in losses}  # type: ignore[index]
        adding = [variant for variant in found.summary.others if variant.added.terminals > 0.0]
        assert all(words.aloud(variant.added.terminals) in f"{lead} {more}" for variant in adding)
        gets = [words.rate(bps).split(NARROW)[0] for bps in map(added_bps, adding) if bps is not None]
        if len(gets) == len(adding):
            assert all(number in f"{lead} {more}" for number in gets)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(SHIPPED))
def test_a_scenario_that_ships_is_said_in_ukrainian_but_for_names_and_what_is_typed(name: str, tmp_path: Path) -> None:
    scenario = for_a_step(Scenario.read(SHIPPED[name]))
    summary = run(scenario, tmp_path)
    the_head_is_short_and_true(read_run(tmp_path))
    console = Console(file=io.StringIO(), width=200)
    print_table(summary, console, language="uk")
    if scenario.variant and scenario.area:
        found = open_run(tmp_path)
        both = [compare_runs(found, "intact", found, variant.name) for variant in scenario.variant[:2]]
        print_comparisons(both, console, language="uk")
        print_comparisons(both[:1], console, language="uk")
    page = Reader(report(tmp_path, language="uk").read_text(encoding="utf-8")).words
    names = latin(" ".join([*stage(scenario).sites.name, *(row["key"] for row in summary["assumptions"])]))
    assert latin(page) - LATIN - OF_EXAMPLES - OF_SOURCES - names == set()
    printed = {"VARIANT", "definitions", "after", "o"}
    assert latin(console.file.getvalue()) - LATIN - OF_EXAMPLES - printed - names == set()  # type: ignore[attr-defined]
