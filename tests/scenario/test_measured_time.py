"""Over which steps a variant is measured: while something is taken away, else while something is given."""

from __future__ import annotations

import json

import numpy as np

from obrii import Scenario
from obrii.scenario import acting, axes
from obrii.scenario.stage import stage
from tests.scenario.test_event_kinds import RICH, on, runs, with_events
from tests.scenario.test_events import WORLD

#: From the second step to the third of four, and from the second without end.
SHORT, LONG = "start = 2026-01-01T00:00:15Z\nend = 2026-01-01T00:00:30Z\n", "start = 2026-01-01T00:00:15Z\n"

LASTING = {
    "lost": ("core-off", '{operator = "one"}', SHORT),
    "lost slowly": ("satellites-off", '{operator = "one"}', SHORT + "recovery_s = 15\n"),
    "given": ("add", '{operator = "two"}', LONG),
    "given before": ("add", '{sites = "Cluj"}', "end = 2026-01-01T00:00:15Z\n"),
    "licensed": ("licence-granted", '{operator = "two", regions = "UA-61"}', LONG),
}

MEASURED = {
    (): [0, 1, 2, 3],
    ("lost",): [1],
    ("lost", "given"): [1],
    ("given", "lost", "licensed"): [1],
    ("lost slowly", "given"): [1, 2],
    ("lost", "lost slowly", "given before"): [1, 2],
    ("given",): [1, 2, 3],
    ("licensed", "given"): [1, 2, 3],
    ("given", "given before"): [0, 1, 2, 3],
    ("given before",): [0],
}


def test_steps_are_measured_while_something_is_taken_away_else_while_something_is_given() -> None:
    text = WORLD.replace('name = "two"\nstate', 'name = "two"\nserves = {not_regions = ["UA-61"]}\nstate')
    for name, (kind, target, times) in LASTING.items():
        text += f'[[event]]\nname = "{name}"\nkind = "{kind}"\ntarget = {target}\n{times}'
    for k, names in enumerate(MEASURED):
        text += f'[[variant]]\nname = "{k}"\nevents = {json.dumps(names)}\n'
    here = stage(Scenario.parse(text))
    acting.check(here)
    for row, spans, (names, steps) in zip(
        axes.acting(here)[1:], axes.notes(here, [[]] * (1 + len(MEASURED))).events[1:], MEASURED.items(), strict=True
    ):
        assert np.flatnonzero(row).tolist() == steps, names
        assert {span.name for span in spans} == set(names)
        losing = {name for name in names if name.startswith("lost")}
        assert {span.name for span in spans if span.measured} == (losing or set(names))


@runs
def test_steps_count_while_an_event_is_stronger_than_nothing_and_spans_tell_from_when_to_when() -> None:
    text = RICH.replace("seconds = 60", "seconds = 300")
    times = "|start = 2026-01-01T00:00:30Z; end = 2026-01-01T00:01:00Z; ramp_s = 15; recovery_s = 30"
    times += "; every_s = 120; times = 2"
    text = with_events(f"satellites-off {{share = 0.5}} {times}", text=text)
    text += '[[variant]]\nname = "twice"\nevents = ["0"]\n'
    here = stage(Scenario.parse(text))
    assert np.flatnonzero(axes.acting(here)[1]).tolist() == [3, 4, 5, 11, 12, 13]
    spans = axes.notes(here, [[], []]).events[1]
    assert [(str(span.start)[14:19], str(span.end)[14:19]) for span in spans] == [
        ("00:30", "01:30"),
        ("02:30", "03:30"),
    ]
    lost = [int((~on(here, "0", strength=s).satellite[:68]).sum()) for s in (0.0, 0.5, 1.0)]
    assert lost == [0, 17, 34]
