"""Arrays written block by block come back as they were, the same bytes each time, and never half."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import xarray
import zarr
from hypothesis import given
from hypothesis import strategies as st

from obrii import schema
from obrii.errors import ModelError
from obrii.results.store import Memory, Store
from tests.results.made_up import KEEP, Made, made_up

ATTRIBUTES = {"title": "made up", "seed": 1}


def stored(directory: Path, run: Made, *, size: int = 4, keep: tuple[str, ...] = KEEP, threads: int = 1) -> Store:
    """Write a run in blocks, in an order of their own where there are several threads."""
    store = Store(directory, run.frame, keep=keep, block=size, attributes=ATTRIBUTES)
    blocks = list(run.blocks(size))
    if threads > 1:
        random.Random(3).shuffle(blocks)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda block: store.write(*block), blocks))
    store.close()
    return store


def remembered(run: Made, size: int = 4) -> xarray.Dataset:
    memory = Memory(run.frame, keep=KEEP, attributes=ATTRIBUTES)
    for block in run.blocks(size):
        memory.write(*block)
    return memory.dataset()


def contents(directory: Path) -> dict[str, bytes]:
    return {str(p.relative_to(directory)): p.read_bytes() for p in sorted(directory.rglob("*")) if p.is_file()}


@given(seed=st.integers(0, 1000), size=st.integers(1, 12))
def test_what_is_remembered_is_what_was_given(seed: int, size: int) -> None:
    run = made_up(seed)
    results = remembered(run, size)
    for v, arrays in enumerate(run.runs):
        for name, array in arrays.items():
            np.testing.assert_array_equal(results[name].isel(variant=v), array)
            assert results[name].dtype == array.dtype


def test_plain_xarray_opens_what_was_stored(tmp_path: Path) -> None:
    run = made_up()
    stored(tmp_path, run)
    # Warnings are errors here, so that opening and reading give none.
    found, expected = xarray.open_zarr(tmp_path / "results.zarr").load(), remembered(run)
    assert set(found.variables) == set(expected.variables)
    assert found.attrs == expected.attrs
    for name, variable in expected.variables.items():
        np.testing.assert_array_equal(found[name].values.astype(variable.dtype), variable.values)
        assert found[name].dims == variable.dims
        assert found[name].attrs == variable.attrs, name
        assert (name in found.coords) == (name in expected.coords)


def test_arrays_carry_unit_definition_and_meanings_of_flags(tmp_path: Path) -> None:
    results = stored(tmp_path, made_up()).dataset()
    assert results["rtt"].attrs["units"] == "s"
    assert results["reason"].attrs["flag_meanings"].split()[:2] == ["served", "core-off"]
    assert results["served"].attrs["definition"] == schema.VARIABLES["served"].definition
    assert results.sel(variant="intact")["duration_s"].dims == ("time",)


def test_only_what_is_kept_is_stored(tmp_path: Path) -> None:
    results = stored(tmp_path, made_up(), keep=("served", "rtt")).dataset()
    assert {"served", "rtt", "antennas_used", "pair_route", "satellites_used"} <= set(results.variables)
    assert not {"reason", "propagation_rtt", "hops"} & set(results.variables)


@pytest.mark.parametrize("empty", ["cells", "gateways", "pairs"])
def test_a_run_without_some_axis_is_stored_without_it(tmp_path: Path, empty: str) -> None:
    groups = 0 if empty == "cells" else 2
    run = made_up(**{"groups": groups, empty: 0})  # type: ignore[arg-type]
    results = stored(tmp_path, run).dataset()
    assert empty.removesuffix("s") not in results.sizes
    assert ("served" in results) == (empty != "cells")
    assert ("pair_rtt" in results) == (empty != "pairs")


def test_routes_of_any_length_fit(tmp_path: Path) -> None:
    run = made_up()
    for v, arrays in enumerate(run.runs):
        # No route at all in some blocks, and longer ones than a chunk is wide in others.
        arrays["pair_route"] = np.full((11, 2, 70), 7 + v, np.int32)
    store = Store(tmp_path, run.frame, keep=KEEP, block=4, attributes={})
    memory = Memory(run.frame, keep=KEEP, attributes={})
    for steps, variant, arrays in run.blocks(4):
        hops = {0: 0, 4: 70, 8: 3}[steps.start]
        block = {**arrays, "pair_route": arrays["pair_route"][..., :hops]}
        store.write(steps, variant, block)
        memory.write(steps, variant, block)
    store.close()
    found = store.dataset()["pair_route"].values
    assert found.shape == (3, 11, 2, 70)
    np.testing.assert_array_equal(found, memory.dataset()["pair_route"].values)
    assert (found[2, 4:8] == 9).all()
    assert (found[:, :4] == -1).all() and (found[:, 8:, :, 3:] == -1).all()


def test_the_same_run_leaves_the_same_bytes_at_any_number_of_threads(tmp_path: Path) -> None:
    run = made_up()
    for name, threads in (("once", 1), ("again", 1), ("threads", 4)):
        (tmp_path / name).mkdir()
        stored(tmp_path / name, run, threads=threads)
    assert contents(tmp_path / "once") == contents(tmp_path / "again") == contents(tmp_path / "threads")


def test_a_shard_of_nothing_takes_no_file(tmp_path: Path) -> None:
    run = made_up()
    run.runs[1]["rtt"][:] = np.nan
    stored(tmp_path, run)
    chunks = {path.name for path in (tmp_path / "results.zarr" / "rtt").glob("c.*")}
    assert chunks == {"c.0.0.0.0", "c.2.0.0.0"}


def test_blocks_share_files_and_come_back_with_and_without_something_in_them(tmp_path: Path) -> None:
    run = made_up()
    run.runs[1]["rtt"][3:6] = np.nan
    # A block a step, so that the steps need more than one file.
    store = stored(tmp_path, run, size=1)
    files = {path.name for path in (tmp_path / "results.zarr" / "rtt").glob("c.*")}
    assert files == {f"c.{variant}.{shard}.0.0" for variant in range(3) for shard in range(2)}
    np.testing.assert_array_equal(store.dataset()["rtt"].values, remembered(run)["rtt"].values)


def test_an_interrupted_run_cannot_be_opened(tmp_path: Path) -> None:
    run = made_up()
    store = Store(tmp_path, run.frame, keep=KEEP, block=4, attributes={})
    blocks = list(run.blocks(4))
    for block in blocks[:-1]:
        store.write(*block)
    with pytest.raises(ModelError, match="1 blocks were never written"):
        store.close()
    assert not (tmp_path / "results.zarr").exists()
    for path in tmp_path.iterdir():
        with pytest.raises(FileNotFoundError):
            zarr.open(path, mode="r")
    store.write(*blocks[-1])
    store.close()
    assert store.dataset().sizes["time"] == 11


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"rtt": None}, "rtt: is not in the block"),
        ({"rtt": np.zeros((4, 2, 6))}, "rtt: dtype float64; expected f4"),
        ({"rtt": np.zeros((4, 6), "f4")}, "rtt: 3 axes; expected 4"),
        ({"rtt": np.zeros((4, 2, 5), "f4")}, "rtt: shape"),
    ],
)
def test_an_array_that_is_not_what_it_should_be_is_refused(
    tmp_path: Path, change: dict[str, np.ndarray | None], what: str
) -> None:
    run = made_up()
    steps, variant, arrays = next(run.blocks(4))
    block = {name: array for name, array in (arrays | change).items() if array is not None}
    store = Store(tmp_path, run.frame, keep=KEEP, block=4, attributes={})
    for place in (store, Memory(run.frame, keep=KEEP, attributes={})):
        with pytest.raises(ModelError, match=what):
            place.write(steps, variant, block)


def test_steps_that_are_not_a_block_are_refused(tmp_path: Path) -> None:
    run = made_up()
    store = Store(tmp_path, run.frame, keep=KEEP, block=4, attributes={})
    with pytest.raises(ModelError, match="steps 0 to 3 are not a block of 4"):
        store.write(slice(0, 3), 0, run.runs[0])
