"""Two variants compared: as the plain twin compares them terminal by terminal, and as the laws of loss and gain say."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import xarray
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from obrii.errors import ScenarioError
from obrii.results import differences
from obrii.results import restored as restoring
from obrii.results.compare import SLOWER, compare
from obrii.results.sides import STATIONS, Side
from obrii.results.store import Memory, Store
from tests.reference import compare_plain
from tests.results.made_up import KEEP, Made, made_up

seeds = st.integers(0, 10_000)

#: Runs are drawn, stored and compared as wholes, a tenth of a second each.
few = settings(max_examples=8)

CLOSE = {"rtol": 1e-9, "atol": 1e-9}


def partly(run: Made, seed: int) -> Made:
    """The run with a quarter, half or all of every group in the field, where any of it is."""
    rng = np.random.default_rng(seed)
    for arrays in run.runs:
        share = rng.choice([0.25, 0.5, 1.0], arrays["present"].shape)
        arrays["present"] = np.where(arrays["present"] > 0, share, 0.0).astype(np.float32)
    return run


def results(run: Made) -> xarray.Dataset:
    memory = Memory(run.frame, keep=KEEP, attributes={})
    for block in run.blocks(4):
        memory.write(*block)
    return memory.dataset()


def sides(run: Made) -> list[Side]:
    found = results(run)
    return [Side(found, name) for name in run.frame.variants]


def names_of(run: Made) -> dict[str, list[str]]:
    frame = run.frame
    return {"operator": list(frame.operators), "gateway": frame.gateways.name.tolist(), "pop": frame.pops.name.tolist()}


def dense(found: dict, shape: tuple[int, ...]) -> np.ndarray:
    out = np.zeros(shape)
    for place, value in found.items():
        out[place] = value
    return out


@few
@given(seed=seeds, planned=st.integers(0, 1), with_terminals=st.booleans())
def test_two_variants_are_compared_as_the_plain_twin_compares_them(seed: int, planned: int, with_terminals) -> None:
    run = partly(made_up(seed, steps=7, cells=4, planned=planned, with_terminals=with_terminals), seed)
    measured = run.acting[2].copy()
    measured[0] = True
    found = compare(*sides(run)[1:], measured)
    frame, shape = run.frame, found.ground.terminals.shape
    weight = found.weights.main
    plain = compare_plain.compare(
        (run.runs[1], run.runs[2]), names_of(run), frame.duration_s, frame.window, measured, weight, SLOWER
    )
    for k, (field_s, served_s) in enumerate(
        ((found.field_before_s, found.served_before_s), (found.field_after_s, found.served_after_s))
    ):
        assert_allclose(np.broadcast_to(field_s[:, None], shape), dense(plain.field_s[k], shape), **CLOSE)
        assert_allclose(served_s, dense(plain.served_s[k], shape), **CLOSE)
    assert_allclose(np.broadcast_to(found.stays_s[:, None], shape), dense(plain.stays_s, shape), **CLOSE)
    for k, stays_s in enumerate((found.stays_before_s, found.stays_after_s)):
        assert_allclose(stays_s, dense(plain.of_stays_s[k], shape), **CLOSE)
    assert_allclose(found.both_s, dense(plain.both_s, shape), **CLOSE)
    assert_allclose(found.slower_s, dense(plain.slower_s, shape), **CLOSE)
    for k, (count, longest_s) in enumerate(
        ((found.gaps_before, found.longest_before_s), (found.gaps_after, found.longest_after_s))
    ):
        assert_array_equal(count, dense({at: len(gaps) for at, gaps in plain.gaps[k].items()}, shape))
        assert_array_equal(longest_s, dense({at: max(gaps, default=0) for at, gaps in plain.gaps[k].items()}, shape))
    for kind, names in names_of(run).items():
        takeover = found.takeovers[kind]
        expected = np.zeros_like(takeover.moves)
        for (of, before, after), seconds in plain.moves.items():
            if of == kind:
                place = [[*names, ""].index(name) for name in (before, after)]
                expected[tuple(place)] += seconds
        assert_allclose(takeover.moves[:-1], expected[:-1], **CLOSE)
        assert_allclose(takeover.moves[-1, :-1], expected[-1, :-1], **CLOSE)
        moved = takeover.moves[:-1, :-1].sum() - np.trace(takeover.moves[:-1, :-1])
        assert_allclose(takeover.taken.sum(), moved, **CLOSE)


@few
@given(seed=seeds)
def test_what_one_way_loses_the_other_way_gains(seed: int) -> None:
    one, other = sides(partly(made_up(seed, planned=1), seed))[1:]
    there, back = compare(one, other), compare(other, one)
    assert_allclose(there.lost_s, back.gained_s, **CLOSE)
    assert_allclose(there.served_before_s, back.served_after_s, **CLOSE)
    assert_array_equal(there.gaps_before, back.gaps_after)


@few
@given(seed=seeds)
def test_a_variant_loses_and_gains_nothing_against_itself(seed: int) -> None:
    side = sides(partly(made_up(seed), seed))[1]
    found = compare(side, side)
    assert not found.lost_s.any() and not found.gained_s.any() and not found.slower_s.any()
    table = differences.by(found, np.full(len(found.ground.cell), "all"))
    assert np.isnan(table["rtt_stretch"][0]) or table["rtt_stretch"][0] == 1.0
    for takeover in found.takeovers.values():
        assert not takeover.taken.any()
        assert (takeover.moves == np.diag(np.diag(takeover.moves))).all()


@few
@given(seed=seeds)
def test_what_is_lost_against_intact_is_what_the_metrics_of_a_run_say(seed: int) -> None:
    run = made_up(seed, planned=1)
    metrics = run.tally().metrics()
    standing = ~run.frame.planned
    every = sides(run)
    for v, side in enumerate(every):
        found = compare(every[0], side, metrics.measured[v])
        assert found.measured_s == metrics.measured_s[v]
        assert_allclose(found.lost_s[standing], metrics.lost_s[v].sum(axis=-1), **CLOSE)
        assert_allclose(found.served_before_s[standing], metrics.intact_s[v], **CLOSE)
        assert_allclose(found.weights.people[standing], metrics.weights.people)
        assert_allclose(
            found.weights.terminals[~standing] * found.gained_s[~standing],
            run.frame.terminals[~standing] * found.served_after_s[~standing],
        )


def shuffled(found: xarray.Dataset, rng: np.random.Generator) -> xarray.Dataset:
    """The same results with cells, groups and gateways in another order."""
    found = found.isel(cell=rng.permutation(found.sizes["cell"]), group=rng.permutation(found.sizes["group"]))
    order = rng.permutation(found.sizes["gateway_name"])
    moved = np.append(np.argsort(order), -1).astype(np.int16)[found["gateway"].values]
    return found.isel(gateway_name=order).assign(gateway=(found["gateway"].dims, moved))


@few
@given(seed=seeds)
def test_two_runs_are_laid_side_by_side_by_ids_and_names(seed: int) -> None:
    whole = results(partly(made_up(seed), seed))
    other = shuffled(whole, np.random.default_rng(seed))
    one, two = compare(Side(whole), Side(whole, "variant 1")), compare(Side(whole), Side(other, "variant 1"))
    for name in ("lost_s", "gained_s", "slower_s", "gaps_after", "longest_after_s"):
        assert_allclose(getattr(one, name), getattr(two, name), **CLOSE)
    assert_allclose(one.takeovers["gateway"].moves, two.takeovers["gateway"].moves, **CLOSE)
    assert one.takeovers["gateway"].names == two.takeovers["gateway"].names


def test_a_group_that_only_one_run_has_is_gained_or_lost_whole() -> None:
    whole = results(made_up(3))
    part = whole.isel(group=[0])
    gained = compare(Side(part), Side(whole))
    assert gained.ground.groups == ("group 0", "group 1")
    assert not gained.field_before_s[1] and not gained.served_before_s[1].any() and not gained.lost_s.any()
    assert_allclose(gained.gained_s[1], compare(Side(whole), Side(whole)).served_after_s[1])
    assert_allclose(compare(Side(whole), Side(part)).lost_s, gained.gained_s)
    # It brings terminals, and no people: those are counted once.
    assert gained.weights.terminals[1].any() and not gained.weights.people[1].any()


def test_runs_of_areas_that_overlap_are_compared_where_they_do() -> None:
    whole = results(made_up(3))
    found = compare(Side(whole.isel(cell=[0, 1, 2, 4])), Side(whole.isel(cell=[5, 4, 2]), "variant 1"))
    assert_array_equal(found.ground.cell, whole["cell"].values[[2, 4]])
    assert_allclose(found.lost_s, compare(Side(whole), Side(whole, "variant 1")).lost_s[:, [2, 4]])


def test_results_on_disk_are_compared_as_those_in_memory(tmp_path: Path) -> None:
    run = made_up(5)
    store = Store(tmp_path, run.frame, keep=KEEP, block=4, attributes={})
    for block in run.blocks(4):
        store.write(*block)
    store.close()
    found = [compare(Side(data), Side(data, "variant 2")) for data in (store.dataset(), results(run))]
    for one, other in zip(*(differences.by_region(each).values() for each in found), strict=True):
        assert_array_equal(one, other)


def small() -> xarray.Dataset:
    """One group of 10 terminals in each of two cells over eight steps, intact and hit."""
    run = made_up(1, variants=2, steps=8, groups=1, cells=2, windows=1)
    found = results(run)
    served = np.ones((2, 8, 1, 2), np.int8)
    served[1, 2:4, 0, 0] = served[1, 6, 0, 0] = 0
    gateway = np.where(served == 1, 0, -1).astype(np.int16)
    gateway[1, 5:, 0, 1] = 2
    rtt = np.where(served == 1, 0.030, np.nan).astype(np.float32)
    rtt[1, 5:, 0, 1] = 0.060
    return found.assign(
        {name: (found[name].dims, values) for name, values in (("served", served), ("gateway", gateway), ("rtt", rtt))}
    ).assign_coords(terminals=(("group", "cell"), np.full((1, 2), 10.0)), people=("cell", np.array([100.0, 300.0])))


def test_a_small_comparison_says_what_one_counts_by_hand() -> None:
    data = small()
    found = compare(Side(data), Side(data, "variant 1"))
    cells = differences.by_cell(found)
    # Three of eight steps of 15 s without service, in two gaps; 3 of 8 steps over another gateway, at twice the delay.
    assert cells["terminals_lost_mean"].tolist() == [3.75, 0.0]
    assert cells["people_lost_mean"].tolist() == [37.5, 0.0]
    assert cells["share_lost"].tolist() == [0.375, 0.0]
    assert cells["minutes_without_after"].tolist() == [0.75, 0.0]
    assert cells["minutes_without_before"].tolist() == [0.0, 0.0]
    assert cells["longest_gap_after_s"].tolist() == [30.0, 0.0]
    assert cells["gaps_after_mean"].tolist() == [2.0, 0.0]
    assert cells["share_slower"].tolist() == [0.0, 0.375]
    assert cells["gateway"].tolist() == ["", "gateway 2"]
    assert np.isnan(cells["rate_kept"]).all()
    whole = differences.by(found, np.array(["both", "both"]), "area")
    assert whole["area"].tolist() == ["both"]
    assert whole["terminals_before_mean"].tolist() == [20.0]
    assert whole["share_lost"].tolist() == [0.1875]
    assert whole["longest_gap_after_s"].tolist() == [30.0]
    assert whole["gaps_after_mean"].tolist() == [1.0]
    # Medians are those of bins half a per cent wide.
    assert whole["rtt_stretch"] == pytest.approx(1.0, abs=0.006)
    moves = differences.moves(found, "gateway")
    assert list(zip(*(column.tolist() for column in moves.values()), strict=True)) == [
        ("gateway 0", "gateway 0", 12.5),
        ("gateway 0", "gateway 2", 3.75),
        ("gateway 0", "", 3.75),
    ]


def test_terminals_that_are_added_make_up_for_no_minutes_and_no_gaps_of_others() -> None:
    data = results(made_up(1, variants=3, steps=8, groups=1, cells=2, windows=1, planned=1))
    shape = data["served"].dims
    served = np.full((3, 8, 2, 2), 1, np.int8)
    served[1:, 2:5, 0] = 0
    present = np.ones((3, 8, 2), np.float32)
    served[:2, :, 1], present[:2, :, 1] = -1, 0.0
    data = data.assign(served=(shape, served), present=(data["present"].dims, present)).assign_coords(
        terminals=(("group", "cell"), np.full((2, 2), 10.0)), people=("cell", np.array([100.0, 300.0]))
    )
    alone, beside = (differences.by(compare(Side(data), Side(data, f"variant {k}")), np.full(2, "all")) for k in (1, 2))
    for name in ("minutes_without_after", "gaps_after_mean", "longest_gap_after_s", "terminals_lost_mean"):
        assert alone[name].tolist() == beside[name].tolist()
    assert (alone["minutes_without_after"][0], alone["gaps_after_mean"][0]) == (0.75, 1.0)
    assert (alone["terminals_gained_mean"][0], beside["terminals_gained_mean"][0]) == (0.0, 20.0)
    # Who has been added had nothing before that minutes could be told of.
    groups = differences.by_group(compare(Side(data), Side(data, "variant 2")))
    assert np.isnan(groups["minutes_without_after"][1]) and np.isnan(groups["gaps_after_mean"][1])


def test_only_the_steps_that_count_are_counted() -> None:
    data = small()
    found = compare(Side(data), Side(data, "variant 1"), np.arange(8) == 3)
    assert found.measured_s == 15.0
    assert differences.by_cell(found)["share_lost"].tolist() == [1.0, 0.0]


def test_a_rate_that_is_kept_is_what_all_get_after_over_before() -> None:
    data = small()
    rate = np.full((2, 8, 1, 2), 8e6, np.float32)
    rate[1, :, 0, 1] = 2e6
    rate[1, 2:4, 0, 0] = np.nan
    data = data.assign(busy_rate=(data["served"].dims, rate))
    found = differences.by_cell(compare(Side(data), Side(data, "variant 1")))
    assert found["rate_kept"].tolist() == [0.75, 0.25]


@few
@given(seed=seeds)
def test_places_add_up_to_the_whole(seed: int) -> None:
    found = compare(*sides(partly(made_up(seed, planned=1), seed))[1:])
    cells = differences.by_cell(found)
    whole = differences.by(found, np.full(len(found.ground.cell), "all"))
    for name in ("terminals_lost_mean", "terminals_gained_mean", "people_lost_mean", "people", "terminals_after_mean"):
        # Rounded to hundredths of a terminal and tenths of a person, row by row.
        assert whole[name][0] == pytest.approx(cells[name].sum(), abs=0.5)
        # People of cells without terminals live somewhere, and belong to no group.
        of_groups = differences.by_group(found)[name].sum()
        assert of_groups == pytest.approx(whole[name][0], abs=0.2) or ("people" in name and of_groups < whole[name][0])


def test_people_of_cells_where_a_group_has_no_terminal_are_nobody_it_gains() -> None:
    data = small()
    # Who is served has no delay and no gateway here.
    data = data.drop_vars([name for name in ("rtt", "busy_rate", *STATIONS) if name in data])
    served = data["served"].values.copy()
    served[:, :, 0, 0], served[1:, :, 0, 1] = 1, 1
    served[0, :, 0, 1] = 0
    data = data.assign(served=(data["served"].dims, served))
    for of_cells, theirs in (([10.0, 0.0], 0.0), ([10.0, 10.0], 300.0), ([0.0, 0.0], 300.0)):
        given = data.assign_coords(terminals=(("group", "cell"), np.array([of_cells])))
        given = given.assign_coords(people=("cell", np.array([100.0, 300.0])))
        found = compare(Side(given), Side(given, "variant 1"))
        assert differences.by_group(found)["people_gained_mean"].tolist() == [theirs]
        assert differences.by(found, np.full(2, "all"))["people_gained_mean"].tolist() == [300.0]


@few
@given(seed=seeds)
def test_every_column_is_a_definition_and_every_definition_a_column(seed: int) -> None:
    found = compare(*sides(made_up(seed))[1:])
    defined = list(differences.DEFINITIONS)
    assert list(differences.by_country(found))[1:] == defined
    assert list(differences.by_cell(found))[3:] == defined
    assert list(differences.by_group(found))[1:] == defined[:-3]
    assert list(differences.moves(found, "pop")) == list(differences.MOVES)
    lengths = {len(column) for column in differences.by_region(found).values()}
    assert len(lengths) == 1


def test_a_town_says_what_its_cell_says() -> None:
    found = compare(*sides(made_up(2))[1:])
    cells = differences.by_cell(found)
    ids = found.ground.cell
    towns = differences.by_town(found, np.array(["a", "far", "b"]), np.array([ids[4], 1, ids[4]], np.uint64))
    assert towns["town"].tolist() == ["a", "b"]
    for name in differences.DEFINITIONS:
        assert_array_equal(towns[name], cells[name][[4, 4]])


def test_nowhere_is_no_row() -> None:
    found = compare(*sides(made_up(2))[1:])
    assert all(len(column) == 0 for column in differences.by(found, np.full(6, "")).values())


@few
@given(seed=seeds)
def test_what_an_option_restores_is_what_the_plain_twin_counts(seed: int) -> None:
    run = partly(made_up(seed, variants=4, steps=6, cells=4, planned=1), seed)
    intact, loss, *options = sides(run)
    found = restoring.restored(intact, loss, {side.variant: side for side in options})
    for k in range(2):
        plain = compare_plain.restored(run.runs[0], run.runs[1], run.runs[2 + k], run.frame.duration_s)
        for values, expected in zip((found.lost_s, found.restored_s, found.added_s), plain, strict=True):
            assert_allclose(values[k], dense(expected, values[k].shape), **CLOSE)


@few
@given(seed=seeds)
def test_intact_restores_all_of_a_loss_and_the_loss_nothing(seed: int) -> None:
    intact, loss, other = sides(partly(made_up(seed), seed))
    found = restoring.restored(intact, loss, {"intact": intact, "loss": loss, "other": other})
    assert_allclose(found.restored_s[0], found.lost_s[0], **CLOSE)
    assert not found.added_s[0].any()
    assert_allclose(found.restored_s[1], 0.0, atol=1e-9)
    assert (found.restored_s <= found.lost_s + 1e-9).all()
    assert_allclose(found.lost_s[0], compare(intact, loss).lost_s, **CLOSE)
    table = restoring.by(found, found.ground.region, "region")
    assert list(table)[2:] == list(restoring.DEFINITIONS)
    share = table["share_restored"].reshape(3, -1)
    assert ((share[0] == 1.0) | np.isnan(share[0])).all() and ((share[1] == 0.0) | np.isnan(share[1])).all()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda data: Side(data, "variant 11"), "no variant 'variant 11' in these results; did you mean 'variant 1'?"),
        (lambda data: Side(data.drop_vars("served")), 'do not hold "served"; run with it in output.keep'),
        (lambda data: compare(Side(data), Side(data.isel(time=slice(3)))), "look at other instants"),
        (lambda data: compare(Side(data.isel(cell=[0])), Side(data.isel(cell=[1]))), "have no cell in common"),
        (
            lambda data: compare(Side(data), Side(data.assign_coords(terminals=data["terminals"] + 1))),
            "group 'group 0' has other terminals in the two runs",
        ),
        (lambda data: compare(Side(data), Side(data), np.zeros(11, bool)), "0 of 11 steps count, of a run of 11"),
        (lambda data: compare(Side(data), Side(data), np.ones(4, bool)), "4 of 4 steps count, of a run of 11"),
        (lambda data: restoring.restored(Side(data), Side(data), {}), "no option is given"),
        (
            lambda data: differences.moves(compare(Side(data.drop_vars("pop")), Side(data)), "pop"),
            "the results do not tell the pop; they hold operator, gateway",
        ),
        (lambda data: differences.by(compare(Side(data), Side(data)), np.array(["a"])), "1 labels for 6 cells"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_remedy(make, said: str) -> None:
    with pytest.raises(ScenarioError, match="^compare: .*" + re.escape(said)):
        make(results(made_up(1)))
