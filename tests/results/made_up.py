"""Small made-up runs: arrays that do not contradict themselves, drawn from a seed, and the axes they lie on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import h3.api.numpy_int as h3
import numpy as np
import xarray

from obrii import schema
from obrii.results import tables
from obrii.results.compared import Comparing
from obrii.results.directory import RunDirectory
from obrii.results.frame import Frame, Stations, Towns
from obrii.results.metrics import Tally
from obrii.results.store import Memory, Store
from obrii.results.summary import Notes, Span
from tests.reference import handovers_plain

KEEP = (
    "served", "reachable", "reason", "operator", "satellite", "gateway", "pop", "hops", "propagation_rtt", "fibre_rtt",
    "rtt", "handover", "serving_s",
)  # fmt: skip
START = np.datetime64("2022-10-03T12:00:12", "ns")

#: When the event of every variant but intact begins.
EVENT = START + np.timedelta64(30, "s")


@dataclass(frozen=True)
class Made:
    """A run: its axes, the steps in which events act, whole arrays by variant, cells of towns."""

    frame: Frame
    acting: np.ndarray
    runs: list[dict[str, np.ndarray]]
    towns: list[int]

    def blocks(self, size: int) -> Iterator[tuple[slice, int, dict[str, np.ndarray]]]:
        """Blocks of the run in order, intact first in each."""
        count = len(self.frame.utc)
        for low in range(0, count, size):
            steps = slice(low, min(low + size, count))
            for variant, run in enumerate(self.runs):
                yield steps, variant, {name: array[steps] for name, array in run.items()}

    def tally(self, size: int = 4) -> Tally:
        """The run added up, in blocks of a size."""
        tally = Tally(self.frame, self.acting, np.array(self.towns, np.int64))
        for block in self.blocks(size):
            tally.add(*block)
        return tally

    def notes(self) -> Notes:
        """What a scenario would say of it."""
        frame, cell = self.frame, np.array(self.towns, np.int64)
        span = Span("east off", "service-off", EVENT, START + np.timedelta64(9, "h"))
        return Notes(
            title="made up",
            seed=1,
            events=[(), *[(span,)] * (len(frame.variants) - 1)],
            gateway_state=np.full((len(frame.variants), len(frame.gateways)), "on"),
            assumptions=[{"key": "delay.access_floor_ms", "value": "8", "text": "Eight.", "source": "assumption"}],
            sources=[{"what": "Arrays", "source": "drawn"}],
            towns=Towns(
                name=np.array([f"town {k}" for k in cell]),
                country=frame.country[cell],
                region=frame.region[cell],
                latitude_deg=frame.latitude_deg[cell],
                longitude_deg=frame.longitude_deg[cell],
                people=frame.people[cell],
                cell=cell,
            ),
            names={"UKR": ("Ukraine", "Україна"), "UA-63": ("Kharkiv", "Харківська область")},
        )

    def on_the_ground(self) -> Made:
        """The same in seven cells that there are, around a place in Ukraine."""
        ids = np.sort(np.array(h3.grid_disk(h3.latlng_to_cell(48.0, 35.0, 5), 1), np.uint64))
        return replace(self, frame=replace(self.frame, cell=ids))

    def with_acting_events(self) -> Made:
        """The same, measured in the steps in which the event of the notes acts, as a run is."""
        acting = np.array([np.ones(len(self.frame.utc), bool), *[self.frame.utc >= EVENT] * (len(self.runs) - 1)])
        return replace(self, acting=acting)

    def comparing(self, size: int = 4, options: tuple[tuple[str, str], ...] = ()) -> Comparing:
        """Its variants compared as its blocks pass; options: names of a loss and of what restores some of it."""
        measured = Tally(self.frame, self.acting).measured
        comparing = Comparing(self.frame, measured, replace(self.notes(), options=options))
        for block in self.blocks(size):
            comparing.add(*block)
        return comparing

    def results(self, size: int = 4) -> xarray.Dataset:
        """Its arrays, in memory."""
        memory = Memory(self.frame, keep=KEEP, attributes={})
        for block in self.blocks(size):
            memory.write(*block)
        return memory.dataset()

    def leave(self, directory: Path, size: int = 4, comparing: Comparing | None = None) -> dict[str, Any]:
        """Write summary and tables."""
        return tables.write(directory, self.tally(size), self.frame, self.notes(), None, comparing)

    def finish(self, directory: Path, size: int = 4, comparing: Comparing | None = None) -> Path:
        """Leave a whole directory, as a run does, without its report."""
        place = RunDirectory(directory, len(self.frame.utc))
        store = Store(directory, self.frame, keep=KEEP, block=size, attributes={})
        for block in self.blocks(size):
            store.write(*block)
        store.close()
        self.leave(directory, size, comparing)
        place.finish()
        return directory


def stations(count: int, kind: str) -> Stations:
    return Stations(
        name=np.array([f"{kind} {k}" for k in range(count)], np.str_),
        operator=np.full(count, "starlink"),
        country=np.full(count, "POL"),
        latitude_deg=50.0 + np.arange(count),
        longitude_deg=20.0 + np.arange(count),
        antennas=np.full(count, 8),
        planned=np.zeros(count, bool),
    )


def made_up(
    seed: int = 1,
    *,
    variants: int = 3,
    steps: int = 11,
    groups: int = 2,
    cells: int = 6,
    gateways: int = 3,
    pops: int = 2,
    pairs: int = 2,
    with_terminals: bool = True,
    windows: int = 2,
    planned: int = 0,
) -> Made:
    """Draw a run in which every kind of thing happens; planned: groups beside the others that intact has not."""
    groups += planned
    rng = np.random.default_rng(seed)
    window = np.sort(rng.integers(0, windows, steps))
    duration_s = np.where(window % 2, 60.0, 15.0)
    terminals = rng.integers(0, 40, (groups, cells)) / 4.0 * with_terminals
    terminals[:, rng.random(cells) < 0.2] = 0.0
    region = rng.choice(["UA-63", "UA-65", ""], cells)
    frame = Frame(
        variants=("intact", *(f"variant {k}" for k in range(1, variants))),
        # An hour apart, so that windows do not touch.
        utc=START + (15 * np.arange(steps) + 3600 * window).astype("timedelta64[s]"),
        window=window,
        duration_s=duration_s,
        groups=tuple(f"group {k}" for k in range(groups)),
        terminals=terminals,
        planned=np.arange(groups) >= groups - planned,
        cell=0x85_1E_00_00_00_00_00_00 + np.arange(cells, dtype=np.uint64),
        latitude_deg=rng.uniform(44, 52, cells),
        longitude_deg=rng.uniform(22, 40, cells),
        country=np.where(region == "", rng.choice(["POL", ""], cells), "UKR"),
        region=region,
        people=np.round(rng.uniform(0, 1000, cells)) * (rng.random(cells) < 0.8),
        operators=("starlink", "oneweb"),
        gateways=stations(gateways, "gateway"),
        pops=stations(pops, "pop"),
        pairs=tuple(f"Lviv - place {k}" for k in range(pairs)),
        satellites=("starlink 0", "starlink 1"),
        sites=("gateway 0",),
    )
    acting = rng.random((variants, steps)) < 0.6
    acting[-1, :] = rng.random() < 0.5
    never = rng.random((groups, cells)) < 0.2
    runs = [_run(rng, frame, never if variant == 0 else np.zeros_like(never)) for variant in range(variants)]
    for run in runs:
        _take_away(run, rng.random((steps, groups)) < 0.5 if run is not runs[0] else np.ones((steps, groups)), frame)
    return Made(frame, acting, runs, rng.choice(cells, min(3, cells), replace=False).tolist())


def _take_away(run: dict[str, np.ndarray], absent: np.ndarray, frame: Frame) -> None:
    """Leave planned groups out of the field in some steps, (time, group)."""
    away = absent.astype(bool) & frame.planned
    run["present"] = np.where(away, 0.0, 1.0).astype(np.float32)
    for name in ("served", "reachable", "reason", "operator", "satellite", "gateway", "pop", "hops"):
        run[name][away] = -1
    for name in ("propagation_rtt", "fibre_rtt", "rtt"):
        run[name][away] = np.nan


def _run(rng: np.random.Generator, frame: Frame, never: np.ndarray) -> dict[str, np.ndarray]:
    shape = (len(frame.utc), len(frame.groups), len(frame.cell))
    served = (rng.random(shape) < rng.choice([0.0, 0.4, 0.9], (1, *shape[1:]))) & ~never
    light_s = rng.uniform(0.02, 0.2, shape)

    def of_service(values: np.ndarray | float, missing: float) -> np.ndarray:
        return np.where(served, values, missing)

    stations_shape = (len(frame.utc), len(frame.gateways))
    pairs = rng.random((len(frame.utc), len(frame.pairs))) < 0.7
    arrays = {
        "served": served,
        "reachable": served | (rng.random(shape) < 0.5),
        "reason": np.where(served, 0, rng.integers(1, len(schema.REASONS) + 1, shape)),
        "operator": of_service(0, -1),
        "satellite": of_service(rng.integers(0, 2, shape), -1),
        "gateway": of_service(rng.integers(-1 if not len(frame.gateways) else 0, len(frame.gateways), shape), -1),
        "pop": of_service(rng.integers(-1 if not len(frame.pops) else 0, len(frame.pops), shape), -1),
        "hops": of_service(2, -1),
        "propagation_rtt": of_service(light_s, np.nan),
        "fibre_rtt": of_service(0.01, np.nan),
        "rtt": of_service(light_s + 0.008, np.nan),
        "antennas_used": rng.integers(0, 9, stations_shape),
        "cells_served": rng.integers(0, 3, stations_shape),
        "halo_cells_served": rng.integers(0, 50, stations_shape),
        "satellites_used": rng.integers(0, 40, (len(frame.utc), len(frame.operators))),
        "pair_served": pairs,
        "pair_reason": np.where(pairs, 0, 5),
        "pair_hops": np.where(pairs, 4, -1),
        "pair_propagation_rtt": np.where(pairs, 0.02, np.nan),
        "pair_rtt": np.where(pairs, 0.03, np.nan),
        "pair_route": rng.integers(0, 3, (*pairs.shape, 5)),
    }
    arrays |= handovers_plain.arrays(frame.window, frame.duration_s, arrays["satellite"])
    return {name: array.astype(schema.VARIABLES[name].dtype) for name, array in arrays.items()}
