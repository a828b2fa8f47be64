"""Links that an event degrades, in whole runs: as if masks and payloads were so, to the bit; laws; what is refused."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numba
import numpy as np
import pytest

from obrii import ObriiError, Scenario, serve_block, simulate, sky_block
from obrii.scenario import acting
from obrii.scenario.parts import Variant
from obrii.scenario.stage import stage
from obrii.simulation import run
from obrii.sky import Sky
from tests.scenario.test_settings import TEXT as ARC_AND_LASERS
from tests.service.test_area import TWO
from tests.traffic.test_rates import WORLD as RATED

runs = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="whole runs; kernels are tried one by one elsewhere")

PAIRS = '[[pair]]\nfrom = "Lviv"\nto = "Odesa"\nvia = "sky"\n[[pair]]\nfrom = "Lviv"\nto = "Odesa"\n'
RATED = "".join(line for line in RATED.splitlines(keepends=True) if not line.startswith(("event", "variant")))
RATED = RATED.replace("OTHERS", "true").replace("LASERS", "plus-grid")
RATED += '[[event]]\nname = "Wola off"\nkind = "gateways-off"\ntarget = {sites = ["Wola"]}\n'
Answer = dict[str, np.ndarray]


def degraded(name: str, target: str, times: str = "") -> str:
    return f'[[event]]\nname = "{name}"\nkind = "links-degraded"\ntarget = {target}\n{times}\n'


def sky(text: str) -> Sky:
    scenario = Scenario.parse(text)
    return sky_block(scenario, slice(0, len(stage(scenario).grid)))


def answer(text: str, *events: str) -> Answer:
    return serve_block(sky(text), Variant(name="v", events=list(events)))


def same(one: Answer, other: Answer, *but: str) -> bool:
    names = one.keys() - set(but)
    return one.keys() == other.keys() and all(one[name].tobytes() == other[name].tobytes() for name in names)


def differs(one: Answer, other: Answer) -> bool:
    return not same(one, other)


# --- Masks ---------------------------------------------------------------------------------------------------------

MASKS = {
    "user": ('{links = "user", operator = "one", min_elevation_deg = 60}', "one", {"user_min_elevation_deg": 60}),
    "user by the arc": (
        '{links = "user", operator = "two", min_elevation_deg = 58}', "two", {"user_min_elevation_deg": 58},
    ),
    "gateway": (
        '{links = "gateway", operator = "one", min_elevation_deg = 50}', "one", {"gateway_min_elevation_deg": 50},
    ),
    "gateway with lasers": (
        '{links = "gateway", operator = "two", min_elevation_deg = 60}', "two", {"gateway_min_elevation_deg": 60},
    ),
    "both": (
        '{operator = "two", min_elevation_deg = 50}',
        "two",
        {"user_min_elevation_deg": 50, "gateway_min_elevation_deg": 50},
    ),
}  # fmt: skip

#: The second operator keeps out of the arc, with an angle wider than its mask at gateways.
BASE = ARC_AND_LASERS.replace("lasers = ", "user_arc_deg = 22\ngateway_arc_deg = 30\nlasers = ", 1) + PAIRS


def said(text: str, operator: str, values: dict[str, float], more: str = "") -> str:
    head, tail = text.split(f'name = "{operator}"\n', 1)
    at = tail.index("[[operator.shell]]")
    own = [line for line in tail[:at].split("\n") if line.split(" =")[0] not in values]
    set_so = "".join(f"{key} = {value}\n" for key, value in values.items())
    return f'{head}name = "{operator}"\n{set_so}{more}' + "\n".join(own) + tail[at:]


@runs
@pytest.mark.parametrize("policy", ["least-path", "highest-elevation", "most-lasting"])
@pytest.mark.parametrize("case", MASKS)
def test_a_raised_mask_is_the_mask_that_the_operator_would_have_to_the_bit(case: str, policy: str) -> None:
    target, operator, values = MASKS[case]
    base = said(BASE, operator, {}, f'policy = "{policy}"\n')
    base = base.replace("antennas = 1", "antennas = 8").replace("cells_per_satellite = 6", "cells_per_satellite = 60")
    got = answer(base + degraded("storm", target), "storm")
    alone = answer(said(base, operator, values))
    assert same(got, alone) and differs(alone, answer(base))


@runs
def test_a_mask_below_the_own_one_and_a_whole_share_change_nothing_to_the_bit() -> None:
    for text in (BASE, RATED):
        event = degraded("low", '{links = ["user", "gateway", "laser"], min_elevation_deg = 20, capacity_share = 1}')
        here = sky(text + event)
        intact, low = (serve_block(here, Variant(name="v", events=names)) for names in ([], ["low"]))
        assert same(intact, low) and same(intact, answer(text))


@runs
def test_half_of_the_strength_is_a_mask_half_way_up_and_it_leaves_no_trace() -> None:
    times = "start = 2026-01-01T00:01:00Z\nend = 2026-01-01T00:05:00Z\nramp_s = 120"
    got = answer(BASE + degraded("storm", '{operator = "one", links = "user", min_elevation_deg = 65}', times), "storm")
    intact = answer(BASE)
    half, full = (answer(said(BASE, "one", {"user_min_elevation_deg": mask})) for mask in (55, 65))
    # Steps begin at 0, 2, 4 and 6 minutes: before, half way up, in full, over.
    for name, values in got.items():
        for step, expected in enumerate((intact, half, full, intact)):
            assert (
                np.array_equal(
                    values[step].ravel()[: expected[name][step].size], expected[name][step].ravel(), equal_nan=True
                )
                or name == "pair_route"
            ), (name, step)
    assert differs(half, full) and differs(half, intact)


@runs
def test_of_several_the_highest_mask_and_the_smallest_share_hold() -> None:
    events = degraded("a", "{min_elevation_deg = 30, capacity_share = 0.5}")
    events += degraded("b", "{min_elevation_deg = 40, capacity_share = 0.7}")
    events += degraded("both", "{min_elevation_deg = 40, capacity_share = 0.5}")
    here = sky(RATED + events)
    one, other, both = (
        serve_block(here, Variant(name="v", events=names)) for names in (["a", "b"], ["b", "a"], ["both"])
    )
    assert same(one, both) and same(other, both)
    assert differs(both, serve_block(here, Variant(name="v", events=["a"])))


@runs
def test_variants_share_a_sky_and_are_what_they_are_alone() -> None:
    events = degraded("a", '{min_elevation_deg = 35, near = {place = "Lviv", radius_km = 150}}')
    events += degraded("b", '{capacity_share = 0.4, links = "user"}')
    events += degraded("c", "{min_elevation_deg = 45, capacity_share = 0.4, altitude_km = [500, 600]}")
    here, back = sky(RATED + events), sky(RATED + events)
    fates = [[], ["a"], ["b"], ["a", "b"], ["c"], ["Wola off", "c"], ["a", "c"]]
    first = [serve_block(here, Variant(name="v", events=names)) for names in fates]
    second = [serve_block(back, Variant(name="v", events=names)) for names in fates[::-1]][::-1]
    assert all(same(one, other) for one, other in zip(first, second, strict=True))
    for names, got in zip(fates, first, strict=True):
        assert same(got, answer(RATED + events, *names))
    # What lowers rates alone leaves everybody on the same satellites.
    assert same(first[0], first[2], "rate", "busy_rate", "bottleneck", "busy_load", "capacity", "gateway_busy_load",
                "pop_busy_load", "growth_rate")  # fmt: skip
    assert differs(first[0], first[2])


# --- Rates -----------------------------------------------------------------------------------------------------------


def scaled(text: str, share: float, *keys: str) -> str:
    for key in keys:
        line = next(line for line in text.split("\n") if line.startswith(f"{key} = "))
        text = text.replace(line, f"{key} = {share * float(line.split(' = ')[1])}")
    return text


@runs
@pytest.mark.parametrize(
    ("links", "keys"),
    [
        ('"user"', ("beam_rate_bps", "satellite_rate_bps")),
        ('"gateway"', ("feeder_rate_bps",)),
        ('"laser"', ("laser_rate_bps",)),
        (
            '["laser", "user", "gateway"]',
            ("beam_rate_bps", "satellite_rate_bps", "feeder_rate_bps", "laser_rate_bps"),
        ),
    ],
)
def test_a_share_of_the_capacity_is_a_payload_that_carries_so_much(links: str, keys: tuple[str, ...]) -> None:
    got = answer(RATED + degraded("storm", f"{{links = {links}, capacity_share = 0.3}}"), "storm")
    expected = answer(scaled(RATED, 0.3, *keys))
    for name, values in expected.items():
        if values.dtype.kind == "f":
            assert got[name] == pytest.approx(values, rel=1e-6, nan_ok=True), name
        else:
            assert np.mean(got[name] == values) > 0.999, name


@runs
def test_a_rain_cell_over_a_gateway_costs_its_feeders_and_no_others() -> None:
    text = RATED.replace("antennas = 2", "antennas = 4").replace("antennas = 1", "antennas = 4")
    rain = degraded("rain", '{links = "gateway", capacity_share = 0.25, near = {place = "Wola", radius_km = 30}}')
    here = sky(text + rain)
    intact, wet = (serve_block(here, Variant(name="v", events=names)) for names in ([], ["rain"]))
    assert wet["gateway_capacity"][:, 0] == pytest.approx(0.25 * intact["gateway_capacity"][:, 0], rel=1e-12)
    assert (wet["gateway_capacity"][:, 1] == intact["gateway_capacity"][:, 1]).all()
    assert (wet["satellite"] == intact["satellite"]).all()


# --- Laws ------------------------------------------------------------------------------------------------------------


@runs
def test_the_higher_the_masks_the_less_can_be_reached_and_the_longer_the_least_ways() -> None:
    masks = (10, 30, 50, 60, 70, 80)
    text = ARC_AND_LASERS.replace("cells_per_satellite = 6", "cells_per_satellite = 600").replace(
        "antennas = 1", "antennas = 99"
    )
    text += PAIRS + "".join(degraded(f"{mask}", f"{{min_elevation_deg = {mask}}}") for mask in masks)
    here = sky(text)
    answers = [serve_block(here, Variant(name="v", events=[f"{mask}"])) for mask in masks]
    for low, high in itertools.pairwise(answers):
        assert (high["reachable"] <= low["reachable"]).all()
        gone = np.isnan(high["pair_rtt"][:, 0])
        assert (gone | (high["pair_rtt"][:, 0] >= low["pair_rtt"][:, 0])).all()
        one = slice(0, 1)
        both = (high["served"][:, one] == 1) & (low["served"][:, one] == 1)
        assert (high["propagation_rtt"][:, one][both] >= low["propagation_rtt"][:, one][both] - 1e-9).all()
    assert answers[-1]["reachable"].sum() < answers[0]["reachable"].sum()


@runs
def test_places_outside_reach_what_they_reached() -> None:
    text = TWO + degraded("rain", '{min_elevation_deg = 75, links = "user", near = {place = "Lviv", radius_km = 90}}')
    here = sky(text)
    world = stage(Scenario.parse(text))
    intact, wet = (serve_block(here, Variant(name="v", events=names)) for names in ([], ["rain"]))
    inside = acting.worse(world, [acting.Acting("rain")])[0].cell
    assert 0 < inside.sum() < len(inside)
    assert (intact["reachable"][:, :, ~inside] == wet["reachable"][:, :, ~inside]).all()
    assert wet["reachable"][:, :, inside].sum() < intact["reachable"][:, :, inside].sum()


@runs
def test_it_goes_with_a_storm_that_brings_satellites_down() -> None:
    text = TWO + degraded("haze", "{min_elevation_deg = 60}")
    text += '[[event]]\nname = "drag"\nkind = "storm"\ntarget = {shares = [[500, 0.5], [600, 0.5]]}\n'
    text += '[[variant]]\nname = "both"\nevents = ["haze", "drag"]\n[[variant]]\nname = "drag"\nevents = ["drag"]\n'
    results = simulate(Scenario.parse(text))
    served = {name: int((results["served"].sel(variant=name).values == 1).sum()) for name in ("both", "drag", "intact")}
    assert served["both"] < served["drag"] < served["intact"]


@runs
def test_the_summary_has_what_events_are_aimed_at_as_the_scenario_says_it(tmp_path: Path) -> None:
    text = TWO + degraded("haze", '{min_elevation_deg = 60, near = {place = "Lviv", radius_km = 90}}')
    text += '[[variant]]\nname = "haze"\nevents = ["haze", "all cores"]\n'
    summary = run(Scenario.parse(text), tmp_path)
    core, haze = sorted(summary["variants"][1]["events"], key=lambda event: event["name"])
    assert haze["target"] == {"min_elevation_deg": 60, "near": {"place": "Lviv", "radius_km": 90}}
    assert core["target"] == {}
    assert json.loads((tmp_path / "summary.json").read_text()) == summary


# --- Refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("{}", "says nothing of what is left; give capacity_share or min_elevation_deg"),
        ("{capacity_share = 0.5}", "capacity_share alone changes nothing without rates; add \\[traffic\\]"),
        ("{capacity_share = 5}", "capacity_share"),
        ("{capacity_share = 0}", "a link that carries nothing is off"),
        ("{capacity_share = 1}", "capacity_share is 1, which takes nothing; give less, or min_elevation_deg"),
        ("{min_elevation_deg = 90}", "give less than 90"),
        ("{min_elevation_deg = -3}", "give a number above 0"),
        ('{links = "users", min_elevation_deg = 40}', "did you mean 'user'"),
        ('{links = "laser", min_elevation_deg = 40}', "is of radio links, and these are lasers"),
        ('{links = ["user", "laser"], min_elevation_deg = 40, countries = "POL"}', "where no laser ends"),
        ("{min_elevation_deg = 40, latitude_deg = [60, 50]}", "give the south first|the lower first|two numbers"),
        ("{min_elevation_deg = 40, latitude_deg = [-60, -50]}", "touches nothing of this scenario"),
        ('{min_elevation_deg = 40, operator = "three"}', "'three' is not in this scenario"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do(target: str, said: str) -> None:
    with pytest.raises(ObriiError, match=said):
        acting.check(stage(Scenario.parse(TWO + degraded("0", target))))
