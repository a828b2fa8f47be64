"""What the sentence on top says of the cause: in words for every kind of event, in every language."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from obrii.report import causes, headline
from obrii.report.messages import MESSAGES, Words
from obrii.report.reading import Event, Run, Variant, read_run
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
    said = causes.cause(changed, variant, words)
    assert variant.name not in said and said.startswith(("when ", "коли "))
    assert said in headline.lead(changed, words)


def test_the_ground_of_countries_is_named_by_them(run: Run) -> None:
    changed = of_kind(run, "ground-off", 3)
    said = causes.cause(changed, changed.summary.others[0], Words())
    assert said == "when all gateways and points of presence in Lithuania and Poland are lost"


def test_one_of_several_with_the_same_cause_is_told_by_its_name(run: Run) -> None:
    said = headline.lead(of_kind(run, "storm", 1, 3), Words())
    assert "when a geomagnetic storm brings satellites down (“south and east off”)." in said
    assert "(“" not in headline.lead(of_kind(run, "storm", 3), Words())


def with_events(run: Run, place: int, *events: tuple[str, str, dict[str, object]]) -> Variant:
    """A variant with other events: name, kind, target."""
    variant = run.summary.variants[place]
    start, end = variant.events[0].start, variant.events[0].end
    return replace(variant, events=tuple(Event(name, kind, start, end, target=target) for name, kind, target in events))


def among(run: Run, *variants: Variant) -> Run:
    return Run(replace(run.summary, variants=(run.summary.intact, *variants)), run.tables)


def test_two_kinds_are_told_together_and_more_of_them_by_the_name_of_the_case(run: Run) -> None:
    storm = ("drag", "storm", {"operator": "starlink"})
    haze = ("haze", "links-degraded", {"min_elevation_deg": 45})
    both = with_events(run, 3, storm, haze, haze)
    drag, links = "a geomagnetic storm brings satellites of Starlink down", "radio links reach no lower than 45°"
    assert causes.cause(among(run, both), both, Words()) == f"when {drag} and when {links}"
    more = with_events(run, 3, storm, haze, ("lasers", "lasers-off", {}))
    assert causes.cause(among(run, more), more, Words()) == f"in the case “{more.name}”"


def test_several_events_of_a_kind_are_told_by_the_kind_and_one_by_its_target(run: Run) -> None:
    planes = [(f"plane {k}", "satellites-off", {"planes": [k]}) for k in range(3)]
    one, three = with_events(run, 3, planes[0]), with_events(run, 3, *planes)
    assert causes.cause(among(run, one), one, Words()) == "when one plane fails"
    assert causes.cause(among(run, three), three, Words()) == "when satellites fail"


def test_where_two_cases_are_told_alike_their_names_tell_them_apart(run: Run) -> None:
    first, second = (with_events(run, place, ("plane", "satellites-off", {"planes": [1]})) for place in (1, 3))
    other = with_events(run, 3, ("planes", "satellites-off", {"planes": [1, 2]}))
    assert f"when one plane fails (“{first.name}”)" in headline.lead(among(run, first, second), Words())
    assert "(“" not in headline.lead(among(run, first, other), Words())


def test_a_case_that_gives_something_does_not_lead_unless_nothing_else_is_lost(run: Run) -> None:
    lost = with_events(run, 1, ("core", "core-off", {"operator": "starlink"}))
    given = with_events(run, 3, ("storm", "storm", {}), ("more", "add", {"sites": ["Cluj"]}))
    given = replace(given, events=(given.events[0], replace(given.events[1], gives=True)))
    said = headline.lead(among(run, lost, given), Words())
    assert "when the core of Starlink fails" in said and "geomagnetic" not in said
    assert "when a geomagnetic storm brings satellites down" in headline.lead(among(run, given), Words())
