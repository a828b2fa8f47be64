"""Kinds of events beyond on and off: shares, places, lists, limits, old age, storms, deliveries; what is refused."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numba
import numpy as np
import pytest

from obrii import ObriiError, Scenario, serve_block, simulate, sky_block
from obrii.ground import near
from obrii.network import chosen
from obrii.network.outages import Outages
from obrii.orbits.shells import mean_altitude_m
from obrii.scenario import acting, axes, events
from obrii.scenario.acting import Acting
from obrii.scenario.events.keys import MEANINGS
from obrii.scenario.parts import Variant
from obrii.scenario.stage import Stage, stage
from obrii.schema import REASON_CODE
from tests.scenario.test_events import WORLD
from tools import events_page

runs = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

#: The two operators of the other tests; gateways have eight antennas, satellites two generations, terminals ask, and
#: the second operator may serve one region alone.
RICH = WORLD.replace('role = "gateway"', 'role = "gateway"\nantennas = 8').replace(
    'name = "clinics", count = 10', 'name = "clinics", count = 10, listed = false, home = "POL"'
)
RICH = RICH.replace('name = "two"\nstate', 'name = "two"\nserves = {not_regions = ["UA-61"]}\nstate')
RICH = "traffic = {}\n" + RICH.replace(
    '[[operator]]\nname = "two"', 'generation = [{name = "old", shells = ["low"]}]\n[[operator]]\nname = "two"'
)


#: The same with satellites enough that everybody is served.
DENSE = RICH.replace("planes = 6, satellites_per_plane = 8", "planes = 36, satellites_per_plane = 22")


def with_events(*what: str, text: str = RICH) -> str:
    """A scenario with events called "0", "1", ... that each say "kind target", and maybe times after a bar."""
    for k, one in enumerate(what):
        kind, _, rest = one.partition(" ")
        target, _, times = rest.partition("|")
        text += f'[[event]]\nname = "{k}"\nkind = "{kind}"\ntarget = {target.strip()}\n'
        text += times.strip().replace(";", "\n") + "\n"
    return text


def world(*what: str, folder: Path = Path(), text: str = RICH) -> Stage:
    return stage(Scenario.parse(with_events(*what, text=text), folder=folder))


def on(here: Stage, *names: str, strength: float = 1.0, days: float = 0.0, xyz_m: np.ndarray | None = None) -> Outages:
    return acting.outages(here, [Acting(name, strength, days) for name in names], xyz_m)


@pytest.mark.parametrize("kind", events.KINDS)
def test_the_example_of_every_kind_touches_something(kind: str) -> None:
    acting.check(world(f"{kind} {events.KINDS[kind].example}"))


def test_the_page_of_events_is_the_table_of_kinds() -> None:
    assert events_page.PAGE.read_text(encoding="utf-8") == events_page.page(), "run `make docs`"
    assert {key for kind in events.KINDS.values() for key in kind.keys} == set(MEANINGS)
    for text in events_page.page().split("```toml\n")[1:]:
        tomllib.loads(text.split("```")[0])


# Who and where.


def test_small_towns_are_told_apart_where_an_event_is_aimed_at_a_part_of_the_area() -> None:
    large = axes.towns(world())
    small = axes.towns(world('service-off {near = {place = "Yavoriv", radius_km = 45}}'))
    added = set(small.name.tolist()) - set(large.name.tolist())
    assert "Ivano-Frankove" in added and len(added) <= axes.TOWNS_OF_PART
    assert set(large.name.tolist()) <= set(small.name.tolist())
    assert (np.diff(small.people) <= 0.0).all()


def test_a_disc_and_a_strip_mean_the_cells_whose_middle_lies_in_them(tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[23, 49], [26, 50]]}
    (tmp_path / "line.json").write_text(json.dumps(line))
    here = world(
        'service-off {near = {place = "Lviv", radius_km = 80}}',
        "service-off {near = {place = [49.84, 24.03], radius_km = 80}}",
        'service-off {strip = {border = ["UKR", "POL"], width_km = 120}}',
        "service-off {strip = {line = [[49, 23], [50, 26]], width_km = 90}}",
        "service-off {strip = {line = 'line.json', width_km = 90}, regions = ['UA-61']}",
        folder=tmp_path,
    )
    cells = here.cells
    named, by_degrees, border, line_off, narrowed = ((~on(here, name).service).any(axis=(0, 1)) for name in "01234")
    away_km = np.hypot((cells.latitude_deg - 49.84) * 111.2, (cells.longitude_deg - 24.03) * 71.7)
    assert named.any() and (named == by_degrees).all() and (named == (away_km < 80)).mean() > 0.98
    # The border of Poland runs along the west of the region.
    assert border.any() and cells.longitude_deg[border].max() < cells.longitude_deg.max() - 1
    drawn = near.line([49.0, 50.0], [23.0, 26.0])
    assert (line_off == (near.distance_km(cells.latitude_deg, cells.longitude_deg, drawn) <= 45)).all()
    assert narrowed.any() and not narrowed[cells.region != "UA-61"].any()


def test_roaming_terminals_are_switched_off_by_where_they_are_at_home() -> None:
    here = world("service-off {home = 'POL'}", "service-off {home = ['UKR']}")
    roaming, local = (on(here, name).service[0] for name in "01")
    # Rows are homes, clinics (at home in Poland), new ones, anyone.
    assert (~roaming).any(axis=1).tolist() == [False, True, False, False]
    assert (~local).any(axis=1).tolist() == [True, False, True, True]


def test_a_share_splits_a_group_evenly_and_in_all_variants() -> None:
    here = world("service-off {groups = 'homes', share = 0.3}", "service-limit {limit_bps = 1e6, share = 0.5}")
    groups = here.ground.groups
    assert groups.name[:4].tolist() == ["homes", "homes (1)", "homes (0)", "homes (0, 1)"]
    assert groups.count[:4].sum(axis=1) == pytest.approx([90 * 0.7 / 2, 90 * 0.7 / 2, 90 * 0.3 / 2, 90 * 0.3 / 2])
    assert groups.count[0] / groups.count[:4].sum(axis=0) == pytest.approx(0.35)
    assert (~on(here, "0").service[0]).any(axis=1)[:4].tolist() == [False, False, True, True]
    limited = on(here, "1").limit_bps[0].min(axis=1)
    assert limited[:4].tolist() == [np.inf, 1e6, np.inf, 1e6]
    assert np.isinf(limited[-1])
    # The order of events in the file is no matter, and a share of one splits nothing.
    swapped = with_events("core-off {}", text=RICH)
    assert (stage(Scenario.parse(swapped)).ground.groups.name == ["homes", "clinics", "new"]).all()
    whole = world("service-off {groups = 'homes', share = 1}")
    assert whole.ground.groups.name.tolist() == ["homes", "clinics", "new"]
    assert (~on(whole, "0").service[0]).any(axis=1).tolist() == [True, False, False, False]


@runs
def test_a_split_group_gets_in_intact_what_the_whole_one_gets() -> None:
    plain, split = (simulate(Scenario.parse(with_events(*what))) for what in ((), ("service-off {share = 0.25}",)))
    for name in ("served", "reason", "rtt", "satellite"):
        whole = plain[name].sel(group="homes").values
        for part in ("homes", "homes (0)"):
            assert split[name].sel(group=part).values.tobytes() == whole.tobytes()


@runs
def test_only_listed_terminals_are_served_and_some_of_them_are_refused_by_mistake() -> None:
    text = with_events("listed-only {refused_share = 0.02}", "listed-only {regions = 'UA-61'}")
    text += '[[variant]]\nname = "listed"\nevents = ["0"]\n[[variant]]\nname = "there"\nevents = ["1"]\n'
    results = simulate(Scenario.parse(text))
    intact, listed, there = (results["reason"].sel(variant=name) for name in ("intact", "listed", "there"))
    for group in ("clinics", "homes (0)"):
        assert (listed.sel(group=group) == REASON_CODE["not-listed"]).all()
    assert listed.sel(group="homes").values.tobytes() == intact.sel(group="homes").values.tobytes()
    ternopil = results["region"].values == "UA-61"
    found = there.sel(group="clinics").values == REASON_CODE["not-listed"]
    assert found[:, ternopil].all() and not found[:, ~ternopil].any()


@runs
def test_a_limit_caps_rates_and_nothing_else() -> None:
    text = with_events("service-limit {limit_bps = 2e5, regions = 'UA-46'}", text=DENSE)
    text += '[[variant]]\nname = "limited"\nevents = ["0"]\n'
    scenario = Scenario.parse(text)
    sky = sky_block(scenario, slice(0, 1))
    intact, limited = (serve_block(sky, variant) for variant in scenario.variants())
    lviv = stage(scenario).cells.region[: intact["reason"].shape[-1]] == "UA-46"
    for name in ("reason", "rtt", "satellite"):
        assert intact[name].tobytes() == limited[name].tobytes()
    for name in ("rate", "busy_rate"):
        before, after = intact[name][0, 0], limited[name][0, 0]
        assert np.nanmax(before[lviv]) > 2e5 >= np.nanmax(after[lviv])
        # Others share what is left over.
        assert (after[~lviv] >= before[~lviv] * (1 - 1e-6))[np.isfinite(before[~lviv])].all()


# The control plane.


@runs
def test_a_core_outage_leaves_the_share_that_it_says_and_is_restored_in_its_own_order() -> None:
    times = "|start = 2026-01-01T00:00:15Z; end = 2026-01-01T00:00:30Z; recovery_s = 30"
    scenario = Scenario.parse(
        with_events(f"core-off {{left = 0.16}} {times}", "core-off {}", "operator-off {operator = 'one'}", text=DENSE)
    )
    here, sky = stage(scenario), sky_block(scenario, slice(0, 4))
    groups = here.ground.groups
    hit = np.array([str(name).endswith("(0)") for name in groups.name])
    assert groups.count[hit].sum() == pytest.approx(0.84 * groups.count.sum())
    # While it is restored its first cells are still off.
    half = ~on(here, "0", strength=0.5).core[0]
    assert half.any(axis=1).tolist() == [*hit.tolist(), False]
    assert half[:-1][hit].sum(axis=1) == pytest.approx(len(here.cells) / 2, abs=0.5)
    answer = serve_block(sky, Variant(name="v", events=["0"]))
    off = answer["reason"] == REASON_CODE["core-off"]
    hit &= ~groups.planned
    assert not off[0].any() and off[1:3, hit].all() and not off[:, ~hit & ~groups.planned].any()
    assert (off[3, hit] == half[:-1][hit, : off.shape[2]]).all()
    gone = serve_block(sky, Variant(name="v", events=["2"]))
    assert (gone["reason"][:, 0] == REASON_CODE["core-off"]).all() and not gone["reachable"][:, 0].any()
    assert serve_block(sky, Variant(name="v", events=["1"]))["reachable"][:, 0].any()


# Satellites.


def test_satellites_are_drawn_without_replacement_and_a_larger_share_holds_the_smaller() -> None:
    here = world(
        "satellites-off {operator = 'one', count = 17}",
        "satellites-off {shell = 'low', operator = 'one', share = 0.25}",
        "satellites-off {operator = 'one', generation = 'old'}",
        "satellites-off {operator = 'one', share = 0.5}",
    )
    lost = [~on(here, name).satellite & (here.constellation.operator == "one") for name in "0123"]
    assert [int(mask.sum()) for mask in lost] == [17, 12, 48, 34]
    assert (here.constellation.shell[lost[1]] == "low").all()
    again = world("satellites-off {operator = 'one', count = 17}", "core-off {}")
    assert (~on(again, "0").satellite[:68] == lost[0][:68]).all()
    few = world("satellites-off {operator = 'one', count = 5}")
    assert not (~on(few, "0").satellite[:68] & ~lost[0][:68]).any()


@runs
def test_satellites_over_a_place_are_off_at_each_step_while_they_fly_there() -> None:
    text = RICH.replace("seconds = 60, step_s = 15", "seconds = 1200, step_s = 300")
    scenario = Scenario.parse(
        with_events(
            "satellites-off {near = {place = 'Lviv', radius_km = 2500}}",
            "satellites-off {latitude_deg = [40, 60], altitude_km = [500, 580]}",
            "satellites-off {latitude_deg = [-90, 90], share = 0.5, operator = 'one'}",
            text=text,
        )
    )
    here, sky = stage(scenario), sky_block(scenario, slice(0, 4))
    seen = []
    for step in range(4):
        xyz_m = sky.xyz_m[step]
        over, band, half = (~on(here, name, xyz_m=xyz_m).satellite[:68] for name in "012")
        assert (over == chosen.over_disc(xyz_m, 49.84, 24.03, 2500)[:68]).mean() > 0.98
        latitude_deg = chosen.below(xyz_m)[0][:68]
        assert (band == ((latitude_deg >= 40) & (latitude_deg <= 60))).all()
        assert half.sum() == 34
        seen.append(over)
    assert len({mask.tobytes() for mask in seen}) == 4
    # In a run: what serves is never over the place.
    used = serve_block(sky, Variant(name="v", events=["0"]))["satellite"]
    for step in range(4):
        assert not seen[step][np.unique(used[step][used[step] >= 0])].any()


def test_a_storm_takes_the_low_ones_and_a_year_takes_the_old_ones() -> None:
    low = WORLD.replace("altitude_m = 550e3", "altitude_m = 210e3")
    here = world("storm {}", "storm {shares = [[540, 1], [560, 0]]}", text=low)
    altitude_km = (
        mean_altitude_m(
            *[getattr(here.constellation.elements, name) for name in ("mean_motion", "inclination", "eccentricity")]
        )
        / 1e3
    )
    storm = ~on(here, "0").satellite & (here.constellation.operator == "one")
    assert (altitude_km[storm] < 340).all()
    # 48 satellites at a chance of 38 in 49: four standard deviations are 12.
    assert storm.sum() == pytest.approx(48 * 38 / 49, abs=12)
    steep = ~on(here, "1").satellite & (here.constellation.operator == "one")
    assert (steep == ((altitude_km < 541) & (here.constellation.operator == "one"))).all()
    aged = world(
        "ageing {rate_per_day = 0.01, age_years = [0, 0]}",
        "ageing {rate_per_day = 0, age_years = [0, 0], lifetime_years = [1, 2]}",
    )
    years = [365.2425 * year for year in (0, 0.5, 1.0, 1.5, 2.0)]
    alive = [on(aged, "1", days=days).satellite[:68].sum() for days in years]
    assert alive[:3] == [68, 68, 68] and 20 <= alive[3] <= 48 and alive[4] == 0
    masks = [on(aged, "0", days=days).satellite[:68] for days in (0, 50, 100)]
    assert masks[0].all() and not (masks[2] & ~masks[1]).any()
    # 0.99 to the 50th is 0.605: four standard deviations of 68 are 16.
    assert masks[1].sum() == pytest.approx(68 * 0.99**50, abs=16)


def test_some_lasers_fail_by_share_and_by_count() -> None:
    here = world(
        "lasers-off {share = 0.25}", "lasers-off {count = 5, links = 'cross-plane'}", "lasers-off {generation = 'old'}"
    )
    lost = [~on(here, name).laser for name in "012"]
    assert [int(mask.sum()) for mask in lost] == [34, 5, 96]
    assert here.lasers.links.cross_plane[lost[1]].all()


# The ground.


def test_sites_antennas_and_whole_countries_go_off() -> None:
    here = world(
        "gateways-off {operator = 'one', count = 1}",
        "antennas-off {sites = 'Wola', count = 3}",
        "antennas-off {countries = ['POL', 'LTU'], share = 0.5}",
        "antennas-off {sites = 'Wola'}",
        "ground-off {countries = ['POL']}",
        "fibre-off {share = 0.5}",
        "sites-off {countries = ['POL']}",
    )
    network = here.networks[0]

    def antennas(*names: str) -> dict[str, int]:
        left = network.antennas_on(on(here, *names).antenna).tolist()
        return dict(zip(here.sites.name[network.gateways].tolist(), left, strict=True))

    base = on(here)
    assert (base.site & ~on(here, "0").site).sum() == 1
    assert antennas() == {"Wola": 8, "Kaunas": 8, "Cluj": 8}
    assert antennas("1") == {"Wola": 5, "Kaunas": 8, "Cluj": 8}
    assert antennas("2") == {"Wola": 4, "Kaunas": 4, "Cluj": 8}
    assert antennas("3", "2") == antennas("2", "3") == {"Wola": 0, "Kaunas": 4, "Cluj": 8}
    assert 4 - 3 <= antennas("1", "2")["Wola"] <= 4
    assert set(here.sites.name[base.site & ~on(here, "4").site].tolist()) == {"Wola", "Warsaw"}
    # Of four that nothing planned ends.
    assert (~on(here, "5").fibre).sum() == 2
    assert (~on(here, "6", strength=0.5).site & base.site).sum() == 1


@runs
def test_a_gateway_has_no_more_antennas_in_use_than_are_left() -> None:
    scenario = Scenario.parse(with_events("antennas-off {sites = 'Wola', count = 7}", "antennas-off {sites = 'Wola'}"))
    sky = sky_block(scenario, slice(0, 4))
    for events_on, most in (([], 8), (["0"], 1), (["1"], 0)):
        answer = serve_block(sky, Variant(name="v", events=events_on))
        assert answer["antennas_used"][:, 0].max() <= most


@runs
def test_terminals_are_delivered_by_the_day() -> None:
    text = RICH.replace("seconds = 60, step_s = 15", "hours = 36, step_s = 21_600")
    text = with_events(
        "add {groups = 'new', operator = 'two', deliver_per_day = 4}|start = 2026-01-01T06:00:00Z", text=text
    )
    text += '[[variant]]\nname = "delivered"\nevents = ["0"]\n'
    results = simulate(Scenario.parse(text))
    present = results["present"].sel(variant="delivered", group="new").values
    # Five terminals, four a day: 0.2 of them every six hours.
    assert present == pytest.approx([0, 0, 0.2, 0.4, 0.6, 0.8])
    assert results["present"].sel(variant="intact", group="new").values.tolist() == [0] * 6
    served = results["served"].sel(variant="delivered", group="new").values
    assert (served[present == 0] == -1).all() and (served[present > 0] >= 0).all()


@runs
@pytest.mark.parametrize("lasers", ["plus-grid", "nearest-4"])
def test_lasers_that_are_planned_are_off_until_they_are_switched_on(lasers: str) -> None:
    text = with_events("lasers-off {operator = 'one'}", text=DENSE.replace('"plus-grid"', f'"{lasers}"'))
    # Gateways so far away that lasers have to help.
    text = text.replace("latitude_deg = 51.8", "latitude_deg = 36.8").replace(
        "latitude_deg = 54.9", "latitude_deg = 34.9"
    )
    planned = with_events("add {lasers = 'one'}", text=text[: text.index("[[event]]")])
    planned = planned.replace(f'lasers = "{lasers}"', f'lasers = "{lasers}"\nlaser_state = "planned"')
    answers = []
    for scenario in map(Scenario.parse, (text, planned)):
        sky = sky_block(scenario, slice(0, 2))
        answers += [serve_block(sky, Variant(name="v", events=names)) for names in ([], ["0"])]
    on_now, off_now, not_yet, switched_on = answers
    for name, values in on_now.items():
        assert values.tobytes() == switched_on[name].tobytes()
        assert off_now[name].tobytes() == not_yet[name].tobytes()
    assert (on_now["hops"] > 2).any() and not (not_yet["hops"] > 2).any()
    with pytest.raises(ObriiError, match="laser_state is 'planned', and there are no lasers"):
        Scenario.parse(planned.replace(f'lasers = "{lasers}"', 'lasers = "none"', 1))


# Times.


def test_an_event_without_recovery_goes_at_once_and_one_that_is_restored_in_part_stays() -> None:
    text = with_events(
        "core-off {}|start = 2026-01-01T00:00:15Z; end = 2026-01-01T00:00:30Z; recovery = [[0, 0.25], [15, 0.5]]"
    )
    scenario = Scenario.parse(text)
    variant = Variant(name="v", events=["0"])
    utc = stage(scenario).grid.utc
    strengths = [[each.strength for each in acting.acting_events(scenario, variant, at)] for at in utc]
    assert strengths == [[], [1.0], [0.75], [0.5]]


def test_a_group_is_split_into_so_many_parts_as_anybody_can_read() -> None:
    # Of one kind the larger share holds the smaller, so that a sweep of shares is one part more each.
    sweep = [f"service-off {{groups = 'homes', share = 0.{k}}}" for k in range(1, 5)]
    groups = world(*sweep).ground.groups
    assert groups.name[:5].tolist() == ["homes", "homes (3)", "homes (2, 3)", "homes (1, 2, 3)", "homes (0, 1, 2, 3)"]
    assert groups.count[:5].sum(axis=1) == pytest.approx([54, 9, 9, 9, 9])
    limits = [f"service-limit {{limit_bps = 1e6, share = 0.{k}}}" for k in (2, 4)]
    with pytest.raises(
        ObriiError, match="terminals 'homes': events split it into 15 parts by share, and at most 12 can"
    ):
        world(*sweep, *limits)
