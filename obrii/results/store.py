"""Arrays of a run, gathered block by block: on disk as Zarr, or in memory; both with the same labels.

On disk a chunk is a variant in a block of steps, or in some dozen of them where the array is small, and the chunks of
some blocks share a file, so that memory does not grow with the length of a run, and blocks may come in any order and
from any thread. Metadata are written last and the directory is renamed then: what was interrupted cannot be opened.
Who goes on with it writes again what was written after the last checkpoint: the same files.
"""

from __future__ import annotations

import json
import shutil
import threading
import warnings
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import xarray
import zarr
from zarr.codecs import BloscCodec, BytesCodec, ShardingCodec
from zarr.registry import get_numcodec

from obrii import schema
from obrii.errors import ModelError
from obrii.results.carried import Arrays, Carrying, there
from obrii.results.directory import ARRAYS, UNFINISHED_ARRAYS, settled
from obrii.results.frame import HOP, Coordinate, Frame

#: How chunks are packed. Of lz4 and zstd, levels 1 to 5, with and without shuffled bytes, this took the least time for
#: the built-in scenario, 0.2 s for 415 MB, and left less than its equals: 43 MB; zstd 3 left 37 MB in 1.1 s [measured].
_COMPRESSOR = {"cname": "lz4", "clevel": 5, "blocksize": 0}

#: The same as the packer itself is asked for it; bytes of numbers are shuffled.
_NUMCODEC = {"id": "blosc", "shuffle": 1, **_COMPRESSOR}

#: Hops that a chunk of routes is wide: most routes are shorter [assumption].
_CHUNK_HOPS = 32

#: Blocks that a chunk of a small array holds, one without cells or hops: a file for each block would cost more than
#: what is in it. Measured for the built-in scenario: 2,200 files fewer, and 2.1 s instead of 5.5 to write them all.
_SMALL_BLOCKS = 32

#: Blocks whose chunks share a file, as shards of Zarr 3: to make a file takes the system up to half a millisecond, so
#: that the 3,300 files of the built-in scenario cost 1.5 s; now there are a sixth of them [measured]. Packed chunks
#: wait in memory until their shard is whole; eight blocks of them take some 45 MB there.
_SHARD_BLOCKS = 8

#: Place and length of a chunk that nothing is in, in the index of a shard.
_NOTHING = np.iinfo(np.uint64).max

#: Of a variant in the blocks of a shard, by block: packed chunks by array and place on the axes after time.
_Shard = dict[int, dict[tuple[str, tuple[int, ...]], bytes]]

#: Times are whole nanoseconds, as CF writes them.
_CF_TIME = {"units": "nanoseconds since 1970-01-01T00:00:00", "calendar": "proleptic_gregorian"}


class Store(Carrying):
    """`results.zarr` of a run directory, while it is written.

    keep: names of the arrays on (variant, time, group, cell) that are wanted; block: steps of a block; attributes: how
    the results were made (`provenance`). Chunks are packed and written here, because zarr's own way takes 2 ms a chunk,
    ten times as long as the packing [measured]; any reader of Zarr 3 opens them.
    """

    CARRIES = ("_files", "_hops", "_written")

    def __init__(
        self,
        directory: Path,
        frame: Frame,
        *,
        keep: Collection[str],
        block: int,
        attributes: Mapping[str, Any],
    ) -> None:
        self.names = frame.arrays(keep)
        self._directory, self._frame, self._block = directory, frame, block
        self._attributes = dict(attributes)
        self._folder = directory / UNFINISHED_ARRAYS
        self._codec = get_numcodec(_NUMCODEC)  # type: ignore[arg-type]
        self._small = frozenset(name for name in self.names if not {"cell", HOP} & {*schema.VARIABLES[name].axes})
        self._chunks = {name: self._chunk(name) for name in self.names}
        self._shapes = {name: frame.shape(name, 1) for name in self.names}
        self._gathered: dict[tuple[str, int, int], tuple[np.ndarray, int]] = {}
        self._shards: dict[tuple[int, int], _Shard] = {}
        self._hops = 0
        blocks = -(-len(frame.utc) // block)
        self._written = np.zeros((len(frame.variants), blocks), bool)
        self._files, self._unsettled = 0, set[Path]()
        self._lock = threading.Lock()
        for name in self.names:
            (self._folder / name).mkdir(parents=True, exist_ok=True)

    def write(self, steps: slice, variant: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Write what one variant left of a block of steps: arrays by name, without the variant axis.

        steps: a whole block, or the last one. Raises ModelError where an array is missing or is not what it should be.
        """
        count = len(self._frame.utc)
        if steps.start % self._block or steps.stop != min(steps.start + self._block, count):
            raise ModelError(f"store: steps {steps.start} to {steps.stop} are not a block of {self._block}")
        packed: dict[tuple[str, tuple[int, ...]], bytes] = {}
        for name in self.names:
            array = _checked(self._shapes[name], name, steps, arrays)
            if name in self._small:
                self._gather(name, variant, steps, array)
                continue
            if HOP in schema.VARIABLES[name].axes:
                with self._lock:
                    self._hops = max(self._hops, array.shape[-1])
            for k in range(0, array.shape[-1], self._chunks[name][-1]):
                part = array[..., k : k + self._chunks[name][-1]]
                if not _is_fill(part):
                    packed[name, (*(0,) * (array.ndim - 2), k // self._chunks[name][-1])] = self._packed(name, part)
        block = steps.start // self._block
        with self._lock:
            self._written[variant, block] = True
            shard = self._shards.setdefault((variant, block // _SHARD_BLOCKS), {})
            shard[block % _SHARD_BLOCKS] = packed
            blocks = self._written.shape[1]
            if len(shard) < min(_SHARD_BLOCKS, blocks - block // _SHARD_BLOCKS * _SHARD_BLOCKS):
                return
            del self._shards[variant, block // _SHARD_BLOCKS]
        for name, place in sorted({key for packed in shard.values() for key in packed}):
            key = ".".join(map(str, ("c", variant, block // _SHARD_BLOCKS, *place)))
            chunks = [shard.get(k, {}).get((name, place), b"") for k in range(min(_SHARD_BLOCKS, blocks))]
            self._put(name, key, _shard(chunks))

    def carried(self) -> Arrays:
        """What waits for its file: small arrays that are gathered, and packed chunks, those of an array end to end."""
        with self._lock:
            found = super().carried()
            for name in self._small:
                of_name = {key[1:]: value for key, value in self._gathered.items() if key[0] == name}
                at = [(*key, filled) for key, (_, filled) in of_name.items()]
                empty = np.empty((0, *self._chunks[name]), schema.VARIABLES[name].dtype)
                found[f"gathered.{name}"] = np.stack([whole for whole, _ in of_name.values()]) if of_name else empty
                found[f"gathered_at.{name}"] = np.array(at, np.int64).reshape(-1, 3)
            waiting = [(*key, block) for key, shard in self._shards.items() for block in shard]
            found["waiting"] = np.array(waiting, np.int64).reshape(-1, 3)
            for name in sorted({*self.names} - self._small):
                chunks = [
                    ((*key, block, *place), packed)
                    for key, shard in self._shards.items()
                    for block, each in shard.items()
                    for (of, place), packed in each.items()
                    if of == name
                ]
                sizes = [(*where, len(packed)) for where, packed in chunks]
                found[f"packed_at.{name}"] = np.array(sizes, np.int64).reshape(-1, 3 + len(self._chunks[name]))
                found[f"packed.{name}"] = np.frombuffer(b"".join(packed for _, packed in chunks), np.uint8)
        return found

    def carry_on(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Go on from what was carried, beside the files that were written then."""
        super().carry_on(arrays)
        self._unfinish()
        for name in self._small:
            at = there(f"gathered_at.{name}", arrays, np.int64, None, 3)
            of_name = there(f"gathered.{name}", arrays, schema.VARIABLES[name].dtype, len(at), *self._chunks[name])
            for whole, (variant, chunk, filled) in zip(of_name, at.tolist(), strict=True):
                self._gathered[name, variant, chunk] = whole.copy(), filled
        for variant, shard, block in there("waiting", arrays, np.int64, None, 3).tolist():
            self._shards.setdefault((variant, shard), {})[block] = {}
        for name in sorted({*self.names} - self._small):
            chunks, begin = there(f"packed.{name}", arrays, np.uint8, None), 0
            at = there(f"packed_at.{name}", arrays, np.int64, None, 3 + len(self._chunks[name]))
            for variant, shard, block, *place, size in at.tolist():
                self._shards[variant, shard][block][name, tuple(place)] = chunks[begin : begin + size].tobytes()
                begin += size

    def settle(self) -> None:
        """Wait until everything that was written lies on the disk."""
        settled(self._unsettled)
        self._unsettled = set()

    def _unfinish(self) -> None:
        """Take away what `close` has left, if it was reached: the name, and all that is not a chunk."""
        if (self._directory / ARRAYS).is_dir():
            shutil.rmtree(self._folder)
            (self._directory / ARRAYS).replace(self._folder)
        for path in [*self._folder.iterdir()]:
            if path.name not in self.names:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            else:
                (path / "zarr.json").unlink(missing_ok=True)
        found = sum(1 for _ in self._folder.glob("*/c.*"))
        if found < self._files:
            raise ModelError(f"{UNFINISHED_ARRAYS}: holds {found} chunks of {self._files} that were written")

    def _put(self, name: str, key: str, chunk: bytes) -> None:
        path = self._folder / name / key
        path.write_bytes(chunk)
        with self._lock:
            self._files += 1
            self._unsettled.add(path)

    def close(self) -> None:
        """Say what lies there, and give it its name; raises ModelError if a block is missing."""
        missing = int((~self._written).sum())
        if missing:
            raise ModelError(f"store: {missing} blocks were never written, so the results are not whole; run them")
        for (name, variant, chunk), (whole, _) in sorted(self._gathered.items(), key=lambda entry: entry[0]):
            self._pack_small(name, variant, chunk, whole)
        group = zarr.create_group(self._folder, zarr_format=3, attributes=self._group_attributes())
        for coordinate in self._frame.coordinates():
            _write_coordinate(group, coordinate)
        for name in self.names:
            self._describe(group, name)
        with warnings.catch_warnings():
            # One file with all metadata is an addition of this library to the format; others do not need it.
            warnings.simplefilter("ignore")
            zarr.consolidate_metadata(str(self._folder))
        _sort(self._folder / "zarr.json")
        self._folder.replace(self._directory / ARRAYS)

    def dataset(self) -> xarray.Dataset:
        """The results as they lie on disk; arrays are read when they are used."""
        return xarray.open_zarr(self._directory / ARRAYS)

    def _group_attributes(self) -> dict[str, Any]:
        names = [c.name for c in self._frame.coordinates() if c.axes != (c.name,)]
        return {**self._attributes, "coordinates": " ".join(names)}

    def _chunk(self, name: str) -> tuple[int, ...]:
        """Shape of a chunk without the variant axis."""
        steps = self._block
        if name in self._small:
            blocks = -(-len(self._frame.utc) // self._block)
            steps *= min(blocks, _SMALL_BLOCKS)
        return self._frame.shape(name, steps, _CHUNK_HOPS)

    def _gather(self, name: str, variant: int, steps: slice, array: np.ndarray) -> None:
        """Lay a block of a small array into its chunk, and write that when it is full."""
        long = self._chunks[name][0]
        chunk, first = divmod(steps.start, long)
        with self._lock:
            place = (name, variant, chunk)
            nothing = np.full(self._chunks[name], _fill(array.dtype), array.dtype)
            whole, filled = self._gathered.pop(place, (nothing, 0))
            whole[first : first + len(array)] = array
            if filled + len(array) < long:
                self._gathered[place] = whole, filled + len(array)
                return
        self._pack_small(name, variant, chunk, whole)

    def _pack_small(self, name: str, variant: int, chunk: int, whole: np.ndarray) -> None:
        if not _is_fill(whole):
            key = ".".join(map(str, ("c", variant, chunk, *(0,) * (whole.ndim - 1))))
            self._put(name, key, self._packed(name, whole))

    def _packed(self, name: str, part: np.ndarray) -> bytes:
        """A chunk as it is written; one at the end of an axis is filled up."""
        chunk = self._chunks[name]
        if part.shape != chunk:
            whole = np.full(chunk, _fill(part.dtype), part.dtype)
            whole[tuple(slice(n) for n in part.shape)] = part
            part = whole
        little = np.ascontiguousarray(part, part.dtype.newbyteorder("<"))
        packed: bytes = self._codec.encode(little)
        return packed

    def _describe(self, group: zarr.Group, name: str) -> None:
        axes, dtype = schema.VARIABLES[name].axes, np.dtype(schema.VARIABLES[name].dtype)
        fill, chunks = _fill(dtype), (1, *self._chunks[name])
        packer = BloscCodec(typesize=dtype.itemsize, shuffle="shuffle", **_COMPRESSOR)  # type: ignore[arg-type]
        form: dict[str, Any] = {"chunks": chunks, "compressors": packer}
        if name not in self._small:
            blocks = min(_SHARD_BLOCKS, -(-len(self._frame.utc) // self._block))
            index = (BytesCodec(endian="little"),)
            sharding = ShardingCodec(chunk_shape=chunks, codecs=(*index, packer), index_codecs=index)
            form = {"chunks": (1, blocks * chunks[1], *chunks[2:]), "compressors": None, "serializer": sharding}
        group.create_array(
            name,
            shape=(len(self._frame.variants), *self._frame.shape(name, len(self._frame.utc), self._hops)),
            dtype=dtype,
            fill_value=fill,
            chunk_key_encoding={"name": "default", "separator": "."},
            dimension_names=axes,
            attributes=dict[str, Any](schema.attributes(name)),
            **form,
        )


class Memory:
    """The same arrays in memory, for runs that leave nothing behind; arguments as those of `Store`."""

    def __init__(self, frame: Frame, *, keep: Collection[str], attributes: Mapping[str, Any]) -> None:
        self.names = frame.arrays(keep)
        self._frame, self._attributes = frame, dict(attributes)
        self._shapes = {name: frame.shape(name, 1) for name in self.names}
        self._arrays = {name: self._empty(name, 0) for name in self.names}
        self._lock = threading.Lock()

    def write(self, steps: slice, variant: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Keep what one variant left of a block of steps, as `Store.write`."""
        for name in self.names:
            array = _checked(self._shapes[name], name, steps, arrays)
            with self._lock:
                if HOP in schema.VARIABLES[name].axes and array.shape[-1] > self._arrays[name].shape[-1]:
                    wider = self._empty(name, array.shape[-1])
                    wider[..., : self._arrays[name].shape[-1]] = self._arrays[name]
                    self._arrays[name] = wider
                place = tuple(slice(n) for n in array.shape[1:])
                self._arrays[name][variant, steps][(slice(None), *place)] = array

    def dataset(self) -> xarray.Dataset:
        """The results."""
        coordinates = {
            c.name: xarray.DataArray(c.values, dims=c.axes, attrs=c.attributes) for c in self._frame.coordinates()
        }
        found = xarray.Dataset(coords=coordinates, attrs=self._attributes)
        return found.assign({name: schema.label(name, self._arrays[name]) for name in self.names})

    def _empty(self, name: str, hops: int) -> np.ndarray:
        shape = (len(self._frame.variants), *self._frame.shape(name, len(self._frame.utc), hops))
        dtype = np.dtype(schema.VARIABLES[name].dtype)
        return np.full(shape, _fill(dtype), dtype)


def _checked(shape: tuple[int, ...], name: str, steps: slice, arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """An array of a block, if it is there and is what the registry says; shape: that of one step, with one hop."""
    if name not in arrays:
        raise ModelError(f"{name}: is not in the block of steps {steps.start} to {steps.stop}; compute it")
    array = arrays[name]
    schema.check(name, array[None])
    expected = (steps.stop - steps.start, *shape[1:])
    if HOP in schema.VARIABLES[name].axes:
        expected = (*expected[:-1], array.shape[-1])
    if array.shape != expected:
        raise ModelError(f"{name}: shape {array.shape} in a block; expected {expected}")
    return array


def _shard(chunks: Sequence[bytes]) -> bytes:
    """Packed chunks as one file: one after the other, and where each begins and how long it is; empty for nothing."""
    long = np.array([len(chunk) for chunk in chunks], "<u8")
    index = np.stack([np.cumsum(long) - long, long], axis=1)
    index[long == 0] = _NOTHING
    return b"".join([*chunks, index.tobytes()])


def _fill(dtype: np.dtype) -> Any:
    """What stands where nothing is: NaN or -1."""
    return dtype.type(np.nan if dtype.kind == "f" else -1)


def _is_fill(array: np.ndarray) -> bool:
    """Whether nothing is in an array; most have something in their first place, which is looked at first."""
    empty = np.isnan if array.dtype.kind == "f" else _is_minus_one
    return bool(empty(array.flat[0])) and bool(empty(array).all())


def _is_minus_one(values: Any) -> Any:
    return values == -1


def _write_coordinate(group: zarr.Group, coordinate: Coordinate) -> None:
    values, attributes = coordinate.values, dict(coordinate.attributes)
    if values.dtype.kind == "M":
        values, attributes = values.astype("datetime64[ns]").astype(np.int64), {**attributes, **_CF_TIME}
    if values.dtype.kind == "U":
        # Words of a fixed length have no place in the specification of Zarr 3; those of any length do.
        values = values.astype(np.dtypes.StringDType())
    group.create_array(
        coordinate.name,
        data=np.ascontiguousarray(values),
        chunks=values.shape,
        chunk_key_encoding={"name": "default", "separator": "."},
        dimension_names=coordinate.axes,
        attributes=attributes,
    )


def _sort(path: Path) -> None:
    """Write JSON again with its keys in order: zarr gathers metadata in the order in which files are found."""
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")), indent=1, sort_keys=True) + "\n", "utf-8")
