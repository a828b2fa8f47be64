"""What events cannot mean is refused in one sentence, when a scenario is read or run, in a variant or in none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from obrii import ObriiError, Scenario, simulate
from obrii.scenario import acting
from tests.scenario.test_event_kinds import with_events, world
from tests.scenario.test_events import WORLD

#: Kind and target, and what the refusal says of it.
REFUSED = {
    "satellites-off {operator = 'one', count = 69}": "asks for 69 of 68; give at most 68",
    "satellites-off {share = 5}": "share is 5, which is outside 0 to 1; was 0.05 meant?",
    "satellites-off {share = '5 %'}": "share is '5 %'; give a part of one, 0 to 1",
    "satellites-off {count = 2, share = 0.5}": "says how many by both of count and share; give one",
    "satellites-off {count = 0}": "count is 0; give one whole number above 0",
    "satellites-off {count = 2, latitude_deg = [0, 5]}": "changes from step to step, so that no count holds",
    "satellites-off {latitude_deg = [60, 40]}": "latitude: 60 to 40 is no span; give the lower first",
    "satellites-off {latitude_deg = 40}": "latitude_deg is [40]; give two numbers in brackets",
    "satellites-off {near = {place = 'Lviv'}}": "near: 'radius_km' is missing; give place and radius_km",
    "satellites-off {near = {place = 'Lvif', radius_km = 9}}": "near: no place 'Lvif' is known here; did you mean",
    "satellites-off {near = {place = [95, 10], radius_km = 9}}": "lies off the globe; give latitude, then longitude",
    "satellites-off {near = {place = 'Lviv', radius_km = -9}}": "near: radius_km is -9; give a number above 0",
    "satellites-off {near = {place = 'Lviv', radius = 9}}": "near: unknown key 'radius'; did you mean 'radius_km'?",
    "satellites-off {near = 'Lviv'}": "near is 'Lviv'; give a table of place, radius_km",
    "satellites-off {generation = 'older'}": "generation 'older' is not in this scenario; did you mean 'old'?",
    "service-off {share = 30}": "share is 30, which is outside 0 to 1; was 0.3 meant?",
    "service-off {near = {place = 'Nairobi', radius_km = 50}}": "near touches no cell of the area or around it",
    "service-off {polygon = 'far.json'}": "polygon touches no cell of the area or around it; name what lies there",
    "service-off {strip = {border = ['KEN', 'UGA'], width_km = 20}}": "strip touches no cell of the area or around it",
    "service-off {strip = {border = ['UKR', 'KEN'], width_km = 20}}": "strip: border: UKR and KEN share none",
    "service-off {strip = {border = 'UKR'}}": "strip: 'width_km' is missing; say how wide it is",
    "service-off {strip = {width_km = 20}}": "strip: give line or border, one of the two, and width_km",
    "service-off {strip = {line = [[49, 24]], width_km = 20}}": "strip: line: 1 latitudes and 1 longitudes; give two",
    "service-off {strip = {line = 'none.json', width_km = 20}}": "none.json",
    "service-off {home = 'KEN'}": "nobody is at home in KEN here; name where somebody is",
    "service-off {home = 'UKN'}": "home: no country 'UKN' in ISO 3166-1 alpha-3; did you mean 'UKR'?",
    "service-off {regions = 'UA-46', near = {place = 'Ternopil', radius_km = 30}}": "fits regions and near at once",
    "service-limit {}": "'limit_bps' is missing; say what is left to one terminal, in bit/s",
    "service-limit {limit_bps = 0}": "limit_bps is 0; give a number above 0",
    "listed-only {refused_share = 2}": "refused_share is 2, which is outside 0 to 1; was 0.02 meant?",
    "listed-only {operator = 'thee'}": "operator 'thee' is not in this scenario",
    "core-off {left = 16}": "left is 16, which is outside 0 to 1; was 0.16 meant?",
    "core-off {left = 1}": "left is 1, so that nothing is lost; give less",
    "operator-off {}": "says no operator; name who is gone",
    "storm {shares = [[600, 0.5], [500, 1]]}": "altitudes of the shares are out of order; write the lowest first",
    "storm {shares = [[200, 50]]}": "share lost is 50, which is outside 0 to 1; was 0.5 meant?",
    "storm {}": "takes nobody at 5",
    "ageing {lifetime_years = [6, 4]}": "lifetime_years is 6 to 4; give the shorter first",
    "ageing {rate_per_day = 1.28}": "rate_per_day is 1.28, which is outside 0 to 1; was 0.0128 meant?",
    "ageing {age_years = [5, 0]}": "age_years is 5 to 0; give the lower first, 0 or more",
    "lasers-off {count = 137}": "asks for 137 of 136; give at most 136",
    "gateways-off {operator = 'one', count = 4}": "asks for 4 of 2; give at most 2",
    "ground-off {}": "says no countries; name those whose gateways and PoPs are off",
    "ground-off {countries = 'KEN'}": "countries 'KEN' is not in this scenario",
    "antennas-off {sites = 'Wola', count = 9}": "'Wola': asks for 9 of 8; give at most 8",
    "antennas-off {sites = 'Warsaw'}": "sites: 'Warsaw' is no gateway; name one of Wola, Kaunas, Cluj, Brno",
    "add {operator = 'two', deliver_per_day = 5}": "deliver_per_day is of terminals; name groups",
    "add {groups = 'new', deliver_per_day = -5}": "deliver_per_day is -5; give a number above 0",
    "add {lasers = 'one'}": "lasers: those of 'one' are not planned; write laser_state = \"planned\"",
    "sites-off {share = 0.05, sits = 'Wola'}": "unknown target key 'sits'; did you mean 'sites'?",
    "satellites-off {countries = 'UKR'}": "unknown target key 'countries'; 'satellites-off' takes operator, shell,",
    "satelites-off {}": "no kind of event is called 'satelites-off'; did you mean 'satellites-off'?",
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_means_nothing_is_refused_in_one_sentence_also_where_no_variant_has_it(what: str, tmp_path: Path) -> None:
    far = {"type": "Polygon", "coordinates": [[[36, -2], [38, -2], [38, 0], [36, 0]]]}
    (tmp_path / "far.json").write_text(json.dumps(far))
    with pytest.raises(ObriiError) as refusal:
        simulate(Scenario.parse(with_events(what), folder=tmp_path))
    assert str(refusal.value).startswith("event '0': ") and REFUSED[what] in str(refusal.value)
    assert "\n" not in str(refusal.value)


TIMES = {
    "ramp_s = 60; end = 2026-01-01T00:00:30Z": "has a ramp and no start; say from when it holds",
    "start = 2026-01-01T00:00:00Z; end = 2026-01-01T00:00:30Z; ramp_s = 60": "recovery comes before the loss",
    "end = 2026-01-01T00:00:30Z; recovery = [[-5, 0.5]]": "recovery at -5 s comes before the loss ends",
    "end = 2026-01-01T00:00:30Z; recovery = [[5, 50]]": "recovery is 50, which is outside 0 to 1; was 0.5 meant?",
    "recovery_s = 60": "has a recovery and no end; say to when it holds",
    "end = 2026-01-01T00:00:30Z; recovery_s = 60; recovery = []": "give recovery or recovery_s, one of the two",
    "start = 2026-01-01T00:00:00Z; times = 3": "times without every_s; say after how long it comes back",
}


@pytest.mark.parametrize("times", TIMES)
def test_times_that_contradict_each_other_are_refused_where_the_file_is_read(times: str) -> None:
    with pytest.raises(ObriiError) as refusal:
        Scenario.parse(with_events(f"core-off {{}}|{times}"))
    assert str(refusal.value).startswith("scenario: event '0': ") and TIMES[times] in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_limits_need_traffic_and_lists_need_somebody_who_is_not_on_them() -> None:
    with pytest.raises(ObriiError, match=r"limits rates, and the scenario has none; add \[traffic\]"):
        acting.check(world("service-limit {limit_bps = 1e6}", text=WORLD))
    with pytest.raises(ObriiError, match="every terminal is listed; write listed = false"):
        acting.check(world("listed-only {}", text=WORLD))
    with pytest.raises(ObriiError, match="has antennas without limit; give"):
        acting.check(world("antennas-off {count = 1}", text=WORLD))
