"""What the sentence on top says of the cause: in words for every kind of event, in every language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from obrii.report import story
from obrii.report.messages import MESSAGES, Words
from obrii.report.reading import Run, read_run
from obrii.scenario.events import KINDS
from tests.report import synthetic


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    directory: Path = synthetic.ukraine(tmp_path_factory.mktemp("ukraine"))
    return read_run(directory)


def of_kind(run: Run, kind: str, *places: int) -> Run:
    """The run with the kind of the events of some variants changed, and with no variants beside these and intact."""
    variants = [run.summary.variants[place] for place in places]
    changed = [replace(v, events=tuple(replace(event, kind=kind) for event in v.events)) for v in variants]
    return Run(replace(run.summary, variants=(run.summary.intact, *changed)), run.tables)


# What adds is told by what it adds; points of presence are named, and none is lost in the made-up run.
@pytest.mark.parametrize("language", sorted(MESSAGES))
@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"add", "pops-off"}))
def test_every_kind_of_event_has_words_of_its_own(run: Run, kind: str, language: str) -> None:
    words = Words(language)
    changed = of_kind(run, kind, 1 if kind == "service-off" else 3)
    (variant,) = changed.summary.others
    said = story.cause(changed, variant, words)
    assert variant.name not in said and said.startswith(("when ", "коли "))
    assert said in story.lead(changed, words)


def test_the_ground_of_countries_is_named_by_them(run: Run) -> None:
    changed = of_kind(run, "ground-off", 3)
    said = story.cause(changed, changed.summary.others[0], Words())
    assert said == "when all gateways and points of presence in Lithuania and Poland are lost"


def test_one_of_several_with_the_same_cause_is_told_by_its_name(run: Run) -> None:
    said = story.lead(of_kind(run, "storm", 1, 3), Words())
    assert "when a geomagnetic storm brings satellites down (“south and east off”)." in said
    assert "(“" not in story.lead(of_kind(run, "storm", 3), Words())
