"""Groups of terminals that are planned: nowhere in intact, and once added as if they had always been there."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from obrii import Scenario, ScenarioError, simulate
from obrii.schema import check
from tests.service.test_area import TWO, Answer, event, serve

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

GROUP = '{name = "two", count = 1, operators = ["two"]}'
PLANNED = TWO.replace(GROUP, GROUP.replace("}", ', state = "planned"}'))
PLANNED += event("comes", "add", '{groups = ["two"]}')
PLANNED += event("for a while", "add", '{groups = ["two"]}').replace(
    "target", "start = 2026-01-01T00:02:00Z\nend = 2026-01-01T00:06:00Z\ntarget"
)


def same(a: Answer, b: Answer, names: set[str] | None = None) -> None:
    for name in names or set(a):
        assert a[name].tobytes() == b[name].tobytes(), name


def test_a_planned_group_that_is_added_gets_what_it_would_have_got_from_the_start_to_the_bit() -> None:
    for names in ((), ("Sofia",), ("one in Lviv",)):
        same(serve(PLANNED, "comes", *names), serve(TWO, *names))


def test_a_planned_group_is_not_computed_until_it_comes_and_changes_nothing_for_others() -> None:
    absent, there = serve(PLANNED), serve(TWO)
    assert absent["present"].tolist() == [[1.0, 0.0, 1.0, 1.0]] * 4
    for name, values in absent.items():
        check(name, values[None])
        if values.ndim == 3:
            group = values[:, 1]
            assert np.isnan(group).all() if group.dtype.kind == "f" else (group == -1).all(), name
            others = [0, 2, 3]
            assert values[:, others].tobytes() == there[name][:, others].tobytes(), name
    same(absent, there, {"antennas_used", "cells_served", "halo_cells_served", "satellites_used"})


def test_a_planned_group_is_there_only_while_it_is_added() -> None:
    answer, there, absent = serve(PLANNED, "for a while"), serve(TWO), serve(PLANNED)
    assert answer["present"][:, 1].tolist() == [0.0, 1.0, 1.0, 0.0]
    for name in ("served", "reason", "rtt"):
        during = np.array([False, True, True, False])
        assert answer[name][during].tobytes() == there[name][during].tobytes()
        assert answer[name][~during].tobytes() == absent[name][~during].tobytes()


def test_a_planned_group_may_be_switched_off_like_any_other() -> None:
    off = event("two off", "service-off", '{groups = ["two"]}')
    answer = serve(PLANNED + off, "comes", "two off")
    assert (answer["served"][:, 1] == 0).all()
    same(serve(PLANNED + off, "two off"), serve(PLANNED))


def test_a_run_holds_how_much_of_each_group_is_in_the_field() -> None:
    results = simulate(Scenario.parse(PLANNED + '[[variant]]\nname = "two come"\nevents = ["comes"]\n'))
    assert results["present"].dims == ("variant", "time", "group")
    assert results["present"].sel(group="two").values.tolist() == [[0.0] * 4, [1.0] * 4]


def test_a_scenario_whose_groups_are_all_planned_is_refused() -> None:
    with pytest.raises(ScenarioError, match="all are planned, so that intact has nobody; leave one on"):
        Scenario.parse(TWO.replace("count = 1", 'count = 1, state = "planned"'))
