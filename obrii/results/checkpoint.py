"""From where an unfinished run goes on: what it has carried so far, in one file beside its arrays.

The file is written beside and renamed, after every chunk that it counts on lies on the disk, so that whatever stops the
run (Ctrl-C, a signal, the power) leaves the last checkpoint whole. What was written after it is written again. It holds
packed arrays and a text that says what they are, and nothing that could be run; checksums tell whether it is damaged.
"""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from zarr.registry import get_numcodec

from obrii.errors import ModelError, ScenarioError
from obrii.results.carried import Arrays, Carrying, below, named
from obrii.results.directory import CHECKPOINT, UNFINISHED_CHECKPOINT, begun, complete, digest, made_of, settled
from obrii.results.provenance import differing

#: Seconds between two checkpoints at least: what may have to be computed again [assumption].
EVERY_S = 5.0

#: Part of the time of a run that checkpoints may take, of the processor and by the clock: there the disk takes its time
#: while blocks are computed ahead. Where they would take more, there are fewer [assumption].
_PART_OF_WORK, _PART_OF_TIME = 0.03, 0.1

#: What a checkpoint is made of: the text, and all arrays, packed, end to end.
_TEXT, _PACKED = "run.json", "arrays"

#: How arrays are packed: most are mostly zeros. For the built-in scenario 143 MB become 11 MB in 0.12 s; to write them
#: as they are takes 0.5 s, and the disk its time [measured].
_CODEC = get_numcodec({"id": "blosc", "cname": "lz4", "clevel": 5, "shuffle": 1, "blocksize": 0})  # type: ignore[typeddict-unknown-key]

#: Type of what is not packed, as numpy writes it.
_PLAIN = np.dtype(np.uint8).str

#: Numbers that are packed at once: the packer takes less than 2 GB.
_PIECE = 2**24

#: What reading a file that is not what it should be may raise.
_DAMAGED = (
    OSError, ValueError, TypeError, KeyError, EOFError, IndexError, AttributeError, MemoryError, RuntimeError,
    ModelError, zipfile.BadZipFile,
)  # fmt: skip


class Checkpoints:
    """Checkpoints of a run in a directory, while it goes on.

    carrying: what holds its state, by name; settle: waits until what they have written lies on the disk; made: of what
    the run is made (`provenance.made`); known: what was found out before its first block, as JSON has it; every_s:
    seconds between two of them at least, 0 for one a block.
    """

    def __init__(
        self,
        directory: Path,
        carrying: Mapping[str, Carrying],
        settle: Callable[[], None],
        made: Mapping[str, str],
        known: Mapping[str, Any],
        every_s: float = EVERY_S,
    ) -> None:
        self._path, self._beside = directory / CHECKPOINT, directory / UNFINISHED_CHECKPOINT
        self._carrying, self._settle = dict(carrying), settle
        self._text = {"made": dict(made), "known": dict(known)}
        self._every_s = self._wait_s = every_s
        self._last_s = time.monotonic()

    def offer(self, steps_done: int) -> None:
        """Leave a checkpoint, if it is time for one; to be called where no block is half added."""
        begin_s, begin_work_s = time.monotonic(), time.thread_time()
        if begin_s - self._last_s < self._wait_s:
            return
        self._settle()
        packed, index = [], []
        for name, each in self._carrying.items():
            for of, array in named(name, each.carried()).items():
                pieces = _pack(array)
                packed += pieces
                index.append([of, array.dtype.str, array.shape, [len(piece) for piece in pieces]])
        text = json.dumps({**self._text, "steps_done": steps_done, "arrays": index})
        with zipfile.ZipFile(self._beside, "w") as file:
            file.writestr(_TEXT, text)
            with file.open(_PACKED, "w", force_zip64=True) as arrays:
                arrays.writelines(packed)
        settled([self._beside])
        self._beside.replace(self._path)
        settled([self._path])
        self._last_s = time.monotonic()
        if self._every_s:
            work_s, took_s = time.thread_time() - begin_work_s, self._last_s - begin_s
            self._wait_s = max(self._every_s, work_s / _PART_OF_WORK, took_s / _PART_OF_TIME)


class Found:
    """The checkpoint of a directory, for a run that is made of the same.

    made: as in `Checkpoints`. Raises ScenarioError where there is none, where it is that of another run, and where it
    is damaged.
    """

    def __init__(self, directory: Path, made: Mapping[str, str]) -> None:
        self._path = directory / CHECKPOINT
        if not begun(directory):
            raise ScenarioError(f"{directory}: holds no run to go on with; begin one there without --resume")
        if not self._path.exists():
            raise ScenarioError(
                f"{directory}: holds a run that was stopped before its first checkpoint; begin it anew without --resume"
            )
        try:
            with zipfile.ZipFile(self._path) as file:
                text, packed = json.loads(file.read(_TEXT)), file.read(_PACKED)
            then, self.known = dict(text["made"]), dict(text["known"])
            self._arrays = _unpack(text["arrays"], packed)
        except _DAMAGED as error:
            raise self._damaged(error) from None
        if (other := differing(then, made)) is not None:
            words, only = other
            said = f", which has `{only}`" if only else ""
            raise ScenarioError(
                f"{directory}: holds a run of {words}{said}; go on with what it was begun with, or begin anew without "
                "--resume"
            )

    def fill(self, carrying: Mapping[str, Carrying]) -> None:
        """Let each, laid out anew, go on from here; raises ScenarioError where something does not fit."""
        try:
            for name, each in carrying.items():
                each.carry_on(below(name, self._arrays))
        except _DAMAGED as error:
            raise self._damaged(error) from None

    def _damaged(self, error: Exception) -> ScenarioError:
        why = str(error).rstrip(".") or type(error).__name__
        return ScenarioError(f"{self._path}: is damaged ({why}); begin the run anew without --resume")


def finished(directory: Path, made: Mapping[str, str]) -> bool:
    """Whether a directory holds a finished run that is made of this; ScenarioError where of something else."""
    if not complete(directory):
        return False
    if (other := differing(made_of(directory), {kind: digest(text) for kind, text in made.items()})) is not None:
        raise ScenarioError(
            f"{directory}: holds a finished run of {other[0]}; name its own scenario, or begin anew without --resume"
        )
    return True


def steps_kept(directory: Path) -> int:
    """Steps of the run in a directory that need not be computed again; 0 where it cannot go on."""
    try:
        with zipfile.ZipFile(directory / CHECKPOINT) as file:
            return int(json.loads(file.read(_TEXT))["steps_done"])
    except _DAMAGED:
        return 0


def _pack(array: np.ndarray) -> list[bytes]:
    """An array in pieces; what is bytes already, and most likely packed, stays as it is."""
    flat = np.ascontiguousarray(array).reshape(-1)
    if flat.dtype.str == _PLAIN:
        return [flat.tobytes()]
    return [_CODEC.encode(flat[k : k + _PIECE]) for k in range(0, len(flat), _PIECE)]


def _unpack(index: list[tuple[str, str, list[int], list[int]]], packed: bytes) -> Arrays:
    """Arrays from their names, types, shapes, and lengths of their pieces, which lie end to end."""
    arrays, begin = {}, 0
    for name, dtype, shape, sizes in index:
        pieces = [np.empty(0, dtype)]
        for size in sizes:
            piece = packed[begin : begin + size]
            pieces.append(np.frombuffer(piece if dtype == _PLAIN else _CODEC.decode(piece), dtype))
            begin += size
        arrays[name] = np.concatenate(pieces).reshape(shape)
    return arrays
