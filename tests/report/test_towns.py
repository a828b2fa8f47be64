"""Which towns the page shows first: those that are most of what any one case takes."""

from __future__ import annotations

import re

import pytest

from obrii.report.messages import Words
from obrii.report.places import places
from obrii.report.reading import Run, read_run
from tests.report import synthetic


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return read_run(synthetic.ukraine(tmp_path_factory.mktemp("ukraine")))


def shown(run: Run, lost: dict[str, list[str]]) -> list[str]:
    """Towns in the order of the page, where each variant takes the service of some."""
    towns = run.tables["towns"].assign(share_served=1.0, reason="")
    for variant, names in lost.items():
        hit = (towns["variant"] == variant) & towns["town"].isin(names)
        towns.loc[hit, ["share_served", "reason"]] = [0.0, "switched-off"]
    page = str(places(Run(run.summary, {**run.tables, "towns": towns}), Words()))
    return re.findall(r'<tr><th scope="row">([^<]*)</th>', page[page.index("by town") :])


def by_size(run: Run) -> list[str]:
    towns = run.of("towns", run.summary.intact.name).sort_values("people", ascending=False)
    return [str(town) for town in towns["town"]]


def test_where_nothing_is_lost_the_largest_come_first(run: Run) -> None:
    assert shown(run, {}) == by_size(run)


def test_a_small_town_that_is_all_that_a_case_takes_comes_first(run: Run) -> None:
    partly = [v.name for v in run.summary.others if run.summary.without(v).share_mean < 0.9]
    towns = by_size(run)
    wide, narrow = partly[:2]
    assert shown(run, {wide: towns[:-1], narrow: towns[-1:]})[:2] == [towns[-1], towns[0]]
