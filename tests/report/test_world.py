"""The page of a run over many countries, most of whose people are never served."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from obrii.report import causes, headline, losses, maps, sheet
from obrii.report.messages import Words
from obrii.report.page import report
from obrii.report.projection import Projection
from obrii.report.reading import Run, read_run
from tests.report import synthetic_world
from tests.report.reader import Reader

LARGEST_PAGE_BYTES = 1_500_000
WORDS = Words()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthetic_world.world(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def run(world: Path) -> Run:
    return read_run(world)


@pytest.fixture(scope="module")
def page(world: Path) -> str:
    return report(world).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def drawn(run: Run) -> maps.Atlas:
    found = maps.atlas(run, WORDS)
    assert found is not None
    return found


def section(page: str, name: str) -> str:
    """Return a section of the page as it is written."""
    found = re.search(rf'<section id="{name}">.*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def test_the_whole_is_those_who_live_where_the_service_is_offered(run: Run, page: str) -> None:
    people = run.summary.people - run.summary.never_people
    whole, said = WORDS.aloud(people), headline.lead(run, WORDS)
    assert whole.endswith("billion")
    assert said.startswith(f"Of the {whole} people who live where the service is offered, all lose it when the")
    assert "when the operator’s core fails; about 210 million when lasers between satellites are off" in said
    text = Reader(page).words
    assert f"of {WORDS.count(people)} people who live where there is service when everything works" in text
    assert "cells where the service is not offered; they are counted nowhere below as lost" in text


def test_who_is_never_served_for_another_reason_is_not_said_to_lack_an_offer(tmp_path: Path) -> None:
    said = headline.lead(read_run(synthetic_world.world(tmp_path, unserved="below-mask")), WORDS)
    assert "people who live where there is service when everything works, all" in said


def test_without_other_variants_only_those_who_are_served_have_a_connection(run: Run) -> None:
    alone = Run(replace(run.summary, variants=run.summary.variants[:1]), run.tables)
    share = 1 - run.summary.never_people / run.summary.people
    assert headline.lead(alone, WORDS).startswith(
        f"With everything working, {WORDS.percent(share)} of 7.6 billion people"
    )


@pytest.mark.parametrize("terminals", [0.0, 50_000.0])
def test_what_countries_lose_adds_up_to_what_is_lost(tmp_path: Path, terminals: float) -> None:
    run = read_run(synthetic_world.world(tmp_path, terminals=terminals))
    for variant in run.summary.others:
        found = losses.losses(run, variant, WORDS)
        assert sum(loss.lost for loss in found) == pytest.approx(run.lost(variant), rel=1e-9)
        assert [loss.lost for loss in found] == sorted((loss.lost for loss in found), reverse=True)
        assert not any(loss.share for loss in found if not loss.lost)


def test_a_list_names_the_countries_that_lose_most_of_each_variant(page: str) -> None:
    lists = re.findall(r"<figure>.*?</figure>", section(page, "losses"))
    named = [re.findall(r"<b>(.*?)</b>", part) for part in lists]
    most = ["Brazil", "Democratic Republic of the Congo", "Kazakhstan", "Australia", "Madagascar", "Canada"]
    assert named == [most, ["Kazakhstan", "Australia", "Madagascar"], [most[0], most[1], most[5]], []]
    assert "At least nine tenths is lost in Australia, Kazakhstan and Madagascar." in lists[0]
    assert "loses all of its service" in lists[3]


def test_countries_that_lose_most_stand_open_and_the_rest_is_folded_away(run: Run, page: str) -> None:
    opened, *folded = section(page, "places").split("<details>")
    first = re.findall(r'<th scope="row">(.*?)</th>', opened)
    assert first[:3] == ["Brazil", "Democratic Republic of the Congo", "Kazakhstan"]
    assert len(first) == len({*synthetic_world.SILENT, *synthetic_world.SLOWED})
    countries = run.of("countries", "intact")
    for name in countries["name"]:
        assert name in first or any(name in part for part in folded)
    assert (
        f"Show {countries['share_served'].isna().sum()} countries that are not served even when everything works"
        in folded[1]
    )
    assert "Regions of Ukraine" in folded[2]


def test_towns_that_lose_most_stand_first_and_those_never_served_apart(page: str) -> None:
    towns = section(page, "places").split("<h3>")[2]
    assert re.findall(r'<th scope="row">(.*?)</th>', towns) == ["São Paulo", "Perth", "Almaty", "Chicago"]
    assert "Moscow and Shanghai" in towns.split("<details>")[1]


def test_a_crowded_map_names_few_gateways(page: str) -> None:
    for picture in re.findall(r'<svg viewBox="[^"]*" role="img" class="map.*?</svg>', page):
        assert len(re.findall('class="name', picture)) <= 8


def test_many_countries_that_are_switched_off_are_counted(run: Run) -> None:
    countries = run.tables["countries"]
    all_of_africa = countries["variant"].eq("three countries off") & countries["people"].gt(5e7)
    off = countries.assign(
        share_served=countries["share_served"].mask(all_of_africa, 0.0),
        reason=countries["reason"].mask(all_of_africa, "switched-off"),
    )
    changed = Run(run.summary, {**run.tables, "countries": off})
    said = causes.cause(changed, run.summary.others[1], WORDS)
    count = len(off[(off["variant"] == "three countries off") & (off["reason"] == "switched-off")])
    assert said == f"when the service is switched off over {count} of {off['country'].nunique()} countries"


def test_the_world_takes_the_width_of_the_page_and_ends_before_antarctica(drawn: maps.Atlas, page: str) -> None:
    assert drawn.sheet.wide
    assert page.count('class="map broad"') == len(drawn.run.summary.variants)
    assert drawn.cover.latitude_deg.min() > -60.0
    assert f"beyond lie {len(drawn.beyond())} cells of the area, with 0 people" in Reader(page).words


def test_no_outline_runs_across_the_map_where_it_is_cut(drawn: maps.Atlas) -> None:
    for neighbour in drawn.neighbours:
        for ring in [*sheet.rings_of(neighbour.land), *sheet.rings_of(neighbour.borders)]:
            assert np.abs(np.diff(ring[:, 0])).max() < sheet.WIDTH / 10


def test_crimea_is_ukraine_on_the_map_of_the_world_too(drawn: maps.Atlas) -> None:
    # Simferopol, 44.95 N 34.10 E. United Nations General Assembly, resolution 68/262.
    place = shapely.Point(drawn.sheet.at(np.array([44.95]), np.array([34.10]))[0])
    assert [neighbour.code for neighbour in drawn.neighbours if neighbour.land.covers(place)] == ["UKR"]


@pytest.mark.parametrize(("ratio", "wide"), [(1.0, False), (1.5, False), (1.9, True), (4.0, True)])
def test_a_map_is_wide_by_the_shape_of_what_it_holds(ratio: float, wide: bool) -> None:
    corners = np.array([[-0.1 * ratio, -0.1], [0.1 * ratio, 0.1]])
    assert sheet.lay(corners, np.empty((0, 2)), Projection(0.0, 0.0, True)).wide == wide


def test_the_page_is_small_and_the_same_tables_give_the_same_maps(drawn: maps.Atlas, page: str) -> None:
    assert len(page.encode()) < LARGEST_PAGE_BYTES
    assert drawn.definitions() in page


def test_every_reference_has_its_target(page: str) -> None:
    attributes = Reader(page).attributes
    ids = [value for _, name, value in attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert all(value[1:] in ids for _, name, value in attributes if name == "href")
