"""What flows ask for, where what they get comes from, and the numbers of their trunks, against plain twins."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from obrii.kernels.asked import ask, follow_up, land, list_flows, spread
from obrii.kernels.trunks import name_bounds, number_trunks
from tests.reference import asked_plain

SATELLITES, POPS, GATEWAYS = 6, 3, 4
FIRST = (1, 10, 20, 30)

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def given_(array: np.ndarray) -> np.ndarray:
    array = np.ascontiguousarray(array)
    array.setflags(write=False)
    return array


@given(seeds, st.integers(0, 3), st.integers(0, 8), st.integers(0, 4))
def test_who_is_served_is_listed_group_by_group_and_then_those_who_compete(rng, groups, area, halo):
    stands = rng.random((groups, area + halo)) < 0.7
    operator = rng.integers(0, 3, (groups, area)).astype(np.int8)
    satellite = rng.integers(10, 10 + SATELLITES, (groups, area)).astype(np.int32)
    pop = rng.integers(30, 30 + POPS, (groups, area)).astype(np.int16)
    users = np.flatnonzero(rng.random(groups) < 0.7).astype(np.int32)
    others = given_(rng.integers(0, 2, area + halo).astype(float))
    way_m = given_(rng.choice([1e6, np.inf], (POPS, SATELLITES)))
    chosen = given_(rng.integers(-1, SATELLITES, area + halo).astype(np.int32))
    chosen_pop = rng.integers(-1, POPS, area + halo).astype(np.int32)
    out = np.empty((4, groups * area + area + halo), np.int32)
    reported, count = list_flows(
        users, stands, operator, satellite, pop, np.array(FIRST, np.int32), others, way_m, chosen, chosen_pop, *out
    )
    by = [list(zip(*rows, strict=True)) for rows in zip(operator.tolist(), satellite.tolist(), pop.tolist())]
    first = asked_plain.served(users.tolist(), stands.tolist(), by, FIRST)
    then = asked_plain.competing(others.tolist(), chosen.tolist(), chosen_pop.tolist(), way_m.tolist())
    assert [*zip(*out[:, :count].tolist(), strict=True)] == first + then
    assert reported == len(first)


@given(st.lists(st.tuples(st.integers(0, SATELLITES - 1), st.integers(0, POPS - 1)), max_size=12))
def test_trunks_are_numbered_by_satellite_and_pop(pairs):
    satellite, pop = np.array(pairs, np.int32).reshape(-1, 2).T.copy()
    trunk, *ends = np.empty((3, len(pairs)), np.int32)
    count = number_trunks(satellite, pop, SATELLITES, POPS, trunk, *ends)
    number, different = asked_plain.numbered(pairs)
    assert trunk.tolist() == number
    assert [*zip(*(end[:count].tolist() for end in ends), strict=True)] == different


@given(st.lists(st.integers(-1, 11), max_size=9))
def test_a_bound_is_named_by_the_sort_of_its_link(bound):
    # The third sort has no links.
    first, flag = [0, 4, 9, 9, 12], np.empty(len(bound), np.int8)
    code = np.array([0, 10, 20, 30, 40, 50], np.int8)
    name_bounds(np.array(bound, np.int32), np.array(first), given_(code), flag)
    assert flag.tolist() == [10 * asked_plain.sort_of(link, first) for link in bound]


@given(seeds, st.integers(0, 9), st.integers(0, 9), st.booleans())
def test_a_flow_asks_for_its_terminals_and_no_more_than_its_limit(rng, mine, theirs, limited):
    groups, cells, count = 2, 5, mine + theirs
    group = np.append(rng.integers(0, groups, mine), np.full(theirs, -1)).astype(np.int32)
    cell = rng.integers(0, cells, count).astype(np.int32)
    terminals, others = rng.integers(0, 9, (groups + 1, cells)).astype(float), rng.integers(1, 9, cells).astype(float)
    present, busy_share = rng.choice([0.0, 0.5, 1.0], groups), rng.choice([0.25, 0.5], groups + 1)
    peak_bps, hour_share = rng.choice([1e6, 5e6], groups + 1), rng.choice([0.5, 1.0], cells)
    limit_bps = rng.choice([2e6, np.inf], (groups + 1, cells)) if limited else np.empty((0, 0))
    out = np.empty((5, count))
    ask(
        group, cell, mine, given_(terminals), given_(others), present, given_(busy_share), given_(peak_bps),
        hour_share, limit_bps, *out,
    )  # fmt: skip
    for f, (g, c) in enumerate(zip(group.tolist(), cell.tolist(), strict=True)):
        there = terminals[g, c] * present[g] if f < mine else others[c]
        busy, most = there * busy_share[g], limit_bps[g, c] if limited else np.inf
        peak = min(peak_bps[g], most)
        every = (there, most) if f < mine else (busy, peak)
        assert out[:, f].tolist() == [busy, busy * hour_share[c], peak, *every]


@given(seeds, st.integers(1, 5), st.integers(0, 9))
def test_what_flows_get_comes_from_their_gateways_and_pops(rng, trunks, count):
    trunk = rng.integers(0, trunks, count).astype(np.int32)
    gateway, pop = rng.integers(0, GATEWAYS, trunks).astype(np.int32), rng.integers(0, POPS, trunks).astype(np.int32)
    active = rng.integers(0, 3, count).astype(float)
    rate = np.where(active > 0, rng.integers(1, 9, count), np.nan)
    out = np.empty(GATEWAYS), np.empty(POPS)
    land(trunk, active, given_(rate), gateway, pop, *out)
    ends = list(zip(gateway.tolist(), pop.tolist(), strict=True))
    expected = asked_plain.landed(trunk.tolist(), active.tolist(), rate.tolist(), ends)
    assert [each.tolist() for each in out] == [
        [counter[k] for k in range(n)] for counter, n in zip(expected, (GATEWAYS, POPS), strict=True)
    ]


@given(seeds)
def test_antennas_send_to_the_satellites_that_come_down_to_them(rng):
    passed = rng.integers(1, 4, (POPS, SATELLITES)).astype(np.int32)
    gateway = rng.integers(-1, GATEWAYS, (POPS, SATELLITES)).astype(np.int32)
    feeder_bps = rng.integers(1, 9, SATELLITES).astype(float)
    out = np.empty(GATEWAYS)
    follow_up(given_(passed), given_(gateway), given_(feeder_bps), out)
    expected = asked_plain.followed(passed.tolist(), gateway.tolist(), feeder_bps.tolist())
    assert out.tolist() == [expected[g] for g in range(GATEWAYS)]


def test_what_flows_get_is_written_where_they_stand():
    rate, busy = np.full((2, 2, 3), np.nan, np.float32)
    flag = np.full((2, 3), -1, np.int8)
    flows = np.array([[1, 0], [2, 1]], np.int32)
    got = given_(np.array([[5.0, 7.0], [6.0, 8.0]]))
    spread(*flows, *got, np.array([0, 3], np.int8), rate, busy, flag)
    assert (rate[1, 2], rate[0, 1], busy[1, 2], busy[0, 1]) == (5.0, 7.0, 6.0, 8.0)
    assert flag.tolist() == [[-1, 3, -1], [-1, -1, 0]]
    assert np.isnan(rate).sum() == np.isnan(busy).sum() == 4
