"""Rates of terminals in whole steps: against fair rates worked out in plain Python, and laws of what links carry."""

from __future__ import annotations

import numpy as np
import pytest

from obrii import Scenario, serve_block, sky_block
from obrii.results.frame import RANKS
from obrii.scenario.parts import Variant
from obrii.scenario.stage import stage
from obrii.schema import BOTTLENECK
from tests.reference.flows_plain import Flow, fair_rates

#: Nine regions' worth of terminals on a thin shell whose satellites carry little, so that every limit binds somewhere.
WORLD = """
title = "rates under a thin shell"
time  = {start = 2026-01-01T18:00:00Z, seconds = 720, step_s = 240}
area  = {regions = ["UA-46", "UA-61", "UA-63"], resolution = 4, halo_km = 500, halo_resolution = 2}
terminals = [
  {name = "homes", count = 9000},
  {name = "hospitals", count = 60, priority = "critical", busy_hour_bps = 20e6, peak_bps = 20e6},
]
site = [
  {name = "Wola", role = "gateway", country = "POL", latitude_deg = 51.8, longitude_deg = 20.8, antennas = 2},
  {name = "Kaunas", role = "gateway", country = "LTU", latitude_deg = 54.9, longitude_deg = 23.9, antennas = 1},
  {name = "Frankfurt", role = "pop", country = "DEU", latitude_deg = 50.1, longitude_deg = 8.7},
]
event = [{name = "Wola off", kind = "gateways-off", target = {sites = ["Wola"]}}]
variant = [{name = "Wola off", events = ["Wola off"]}]
[traffic]
others = OTHERS
growth = [1.0, 10.0]
[[operator]]
name = "test"
lasers = "LASERS"
[operator.payload]
beams_per_satellite = 4
cells_per_beam = 6
channels = 4
polarisations = 1
reuse = 2
beam_rate_bps = 0.8e9
satellite_rate_bps = 2.5e9
feeder_rate_bps = 2.0e9
laser_rate_bps = 1.5e9
[[operator.shell]]
name = "s"
planes = 18
satellites_per_plane = 12
inclination_deg = 53
altitude_m = 550e3
phase_factor = 5
"""

#: Half of what a float32 holds.
FLOAT32 = 1e-6

VARIANTS = (Variant(name="intact"), Variant(name="Wola off", events=["Wola off"]))


def world(lasers: str, *, others: bool, more: str = "") -> Scenario:
    text = WORLD.replace("LASERS", lasers).replace("OTHERS", str(others).lower())
    return Scenario.parse(text.replace("growth =", more + "growth ="))


def served(scenario: Scenario, variant: Variant = VARIANTS[0]) -> dict[str, np.ndarray]:
    return serve_block(sky_block(scenario, slice(0, 3)), variant)


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: each.name)
def test_rates_are_those_of_plain_filling_link_by_link(variant):
    scenario = world("none", others=False)
    here, got = stage(scenario), served(scenario, variant)
    payload, demand = here.payloads[0], here.demand
    for step in range(3):
        places = list(zip(*np.nonzero(got["reason"][step] == 0), strict=True))
        flows, number = [], {}
        capacity = []
        for group, cell in places:
            satellite, pop = int(got["satellite"][step, group, cell]), int(got["pop"][step, group, cell])
            limits = {
                ("cell", cell): payload.cell_bps[satellite],
                ("satellite", satellite): payload.satellite_bps[satellite],
                ("antenna", satellite): payload.feeder_bps[satellite],
                ("pop", pop): payload.pop_bps[pop],
            }
            for link, bps in limits.items():
                if link not in number:
                    number[link] = len(capacity)
                    capacity.append(float(bps))
            active = demand.terminals[group, cell] * demand.busy_share[group]
            way = tuple(number[link] for link in limits)
            flows.append(Flow(float(active), float(demand.peak_bps[group]), int(demand.priority[group]), way))
        expected = fair_rates(flows, capacity)
        # Of a full link rounding leaves a billionth of a bit.
        rates = [got["busy_rate"][step][place] for place in places]
        assert rates == pytest.approx(
            [expected.get(n, np.nan) for n in range(len(places))], rel=FLOAT32, abs=1e-3, nan_ok=True
        )
        assert len(places) > 20


@pytest.mark.parametrize("lasers", ["none", "plus-grid", "nearest-3"])
@pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: each.name)
def test_no_link_carries_more_than_it_can_and_nothing_is_counted_twice(lasers, variant):
    scenario = world(lasers, others=True)
    here, got = stage(scenario), served(scenario, variant)
    payload, demand = here.payloads[0], here.demand
    active = demand.terminals[:-1, : here.ground.area] * demand.busy_share[:-1, None]
    for step in range(3):
        load = np.nan_to_num(active * got["busy_rate"][step])
        satellite = got["satellite"][step]
        on = satellite >= 0
        of_satellite = np.bincount(satellite[on], load[on], len(here.constellation))
        assert (of_satellite <= payload.satellite_bps * (1 + FLOAT32)).all()
        if lasers == "none":
            assert (of_satellite <= payload.feeder_bps * (1 + FLOAT32)).all()
        assert load.sum(axis=0).max() <= payload.cell_bps[0] * (1 + FLOAT32)
        assert got["busy_load"][step, 0] == pytest.approx(load.sum(), rel=FLOAT32)
        assert got["gateway_busy_load"][step].sum() == pytest.approx(got["pop_busy_load"][step].sum(), rel=FLOAT32)
        assert got["gateway_busy_load"][step].sum() >= load.sum() * (1 - FLOAT32)
        assert (got["gateway_busy_load"][step] <= got["gateway_capacity"][step] * (1 + FLOAT32)).all()
        assert got["capacity"][step, 0] >= 0.0
        assert (np.isnan(got["busy_rate"][step]) == ~(on & (active > 0))).all()
        flags = got["bottleneck"][step]
        asks_more = got["busy_rate"][step] < demand.peak_bps[:-1, None] * (1 - FLOAT32)
        assert ((flags > BOTTLENECK["none"]) == asks_more).all()
        assert ((flags == BOTTLENECK["no_service"]) == ~(on & (active > 0))).all()


def test_the_night_gives_no_less_than_the_busy_hour_where_nothing_else_competes():
    # One group and one priority: with the same ways, fewer active terminals on every link leave each more.
    scenario = world("none", others=False)
    got = served(scenario)
    homes = 0
    both = ~np.isnan(got["rate"][:, homes])
    assert (np.nanmin(got["rate"][:, homes]) >= np.nanmin(got["busy_rate"][:, homes]) * (1 - FLOAT32)) and both.any()


def test_hospitals_get_what_they_would_get_alone():
    together = served(world("none", others=True))
    alone = served(Scenario.parse(WORLD_OF_HOSPITALS))
    # Group 1 of the one world is group 0 of the other; others compete in both, but never with the critical.
    assert np.array_equal(together["busy_rate"][:, 1], alone["busy_rate"][:, 0], equal_nan=True)


WORLD_OF_HOSPITALS = (
    WORLD.replace("LASERS", "none").replace("OTHERS", "false").replace('  {name = "homes", count = 9000},\n', "")
)


def test_groups_that_are_added_in_the_same_cells_do_not_share_their_rates():
    names = ("some", "many")
    groups = "".join(
        f'  {{name = "{name}", count = {n}, state = "planned"}},\n' for name, n in zip(names, (90, 90_000))
    )
    events = "".join(f'  {{name = "{name}", kind = "add", target = {{groups = ["{name}"]}}}},\n' for name in names)
    text = WORLD.replace("LASERS", "none").replace("OTHERS", "true")
    text = text.replace("terminals = [\n", f"terminals = [\n{groups}").replace("event = [", f"event = [\n{events}  ")
    sky = sky_block(Scenario.parse(text), slice(0, 3))
    few, many = (serve_block(sky, Variant(name=name, events=[name]))["busy_rate"] for name in names)
    assert np.array_equal(np.isnan(few[:, 0]), np.isnan(many[:, 1]))
    assert np.nanmean(few[:, 0]) > 2 * np.nanmean(many[:, 1])


def test_more_terminals_get_less_each_and_the_sample_of_one_is_the_run_itself():
    scenario = world("none", others=False)
    here, got = stage(scenario), served(scenario)
    growth = got["growth_rate"][:, 0]
    assert growth.shape == (3, 2, len(RANKS))
    assert (growth[:, 1] <= growth[:, 0]).all()
    weight = here.demand.terminals[:-1, : here.ground.area]
    for step in range(3):
        rate = np.nan_to_num(got["busy_rate"][step])
        below = [(weight[rate < at * (1 - FLOAT32)]).sum() / weight.sum() for at in growth[step, 0]]
        upto = [(weight[rate <= at * (1 + FLOAT32)]).sum() / weight.sum() for at in growth[step, 0]]
        assert all(low <= rank <= high for low, rank, high in zip(below, RANKS, upto, strict=True))


def test_with_every_laser_off_antennas_point_as_if_there_were_none():
    off = 'event = [{name = "lasers off", kind = "lasers-off"}, '
    dark = Scenario.parse(WORLD.replace("LASERS", "plus-grid").replace("OTHERS", "true").replace("event = [", off))
    got = served(dark, Variant(name="lasers off", events=["lasers off"]))
    without = served(world("none", others=True))
    # The reasons differ: who has lasers and no way over them lacks a laser path, not a gateway.
    for name in without.keys() - {"reason"}:
        assert np.array_equal(got[name], without[name], equal_nan=without[name].dtype.kind == "f"), name


def test_a_run_without_traffic_has_no_rates():
    text = WORLD.replace("LASERS", "none")
    text = text[: text.index("[traffic]")] + text[text.index("[[operator]]") :]
    text = text.replace(', priority = "critical", busy_hour_bps = 20e6, peak_bps = 20e6', "")
    assert "rate" not in served(Scenario.parse(text))
