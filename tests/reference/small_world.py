"""A small world where every reason for having no service occurs, and a second opinion on every cell of it.

Three regions of Ukraine under a thin shell, three gateways of one antenna, two PoPs, one more gateway that is planned.
The opinion is worked out by sets, from sight lines found pair by pair (`tests.reference.reach_plain`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from obrii import Scenario, serve_block, sky_block
from obrii.scenario.parts import Variant
from obrii.scenario.stage import Stage, stage
from obrii.sky import Sky
from tests.reference import reach_plain

#: Steps of the run, four minutes apart: satellites come and go between them.
STEPS = 4

#: A part of the region Lviv as an outline, so that it holds some of its cells and none of another region's.
OUTLINE = {"type": "Polygon", "coordinates": [[[23.0, 49.3], [24.6, 49.3], [24.6, 50.2], [23.0, 50.2]]]}

WORLD = """
title = "three regions under a thin shell"
time  = {start = 2026-01-01T00:00:00Z, seconds = 960, step_s = 240}
area  = {regions = ["UA-46", "UA-61", "UA-63"], resolution = 4, halo_km = 500, halo_resolution = 2}
terminals = [{name = "most", count = 90}, {name = "few", count = 10}]
site = [
  {name = "Wola", role = "gateway", country = "POL", latitude_deg = 51.8, longitude_deg = 20.8, antennas = 1},
  {name = "Kaunas", role = "gateway", country = "LTU", latitude_deg = 54.9, longitude_deg = 23.9, antennas = 1},
  {name = "Muallim", role = "gateway", country = "TUR", latitude_deg = 40.3, longitude_deg = 29.5, antennas = 1},
  {name = "Cluj", role = "gateway", country = "ROU", latitude_deg = 46.8, longitude_deg = 23.6, state = "planned"},
  {name = "Frankfurt", role = "pop", country = "DEU", latitude_deg = 50.1, longitude_deg = 8.7},
  {name = "Warsaw", role = "pop", country = "POL", latitude_deg = 52.2, longitude_deg = 21.0},
]
[[operator]]
name = "test"
user_min_elevation_deg = 40
cells_per_satellite = 6
home_pops = {default = ["Frankfurt", "Warsaw"]}
serves = {not_regions = ["UA-61"]}
[[operator.shell]]
name = "s"
planes = 18
satellites_per_plane = 12
inclination_deg = 53
altitude_m = 550e3
phase_factor = 5
"""

#: Kind and target of every event, in TOML.
SKY = {
    "odd planes": ("satellites-off", "{planes = [1, 3, 5, 7, 9, 11, 13, 15, 17]}"),
    "even planes": ("satellites-off", "{planes = [0, 2, 4, 6, 8, 10, 12, 14, 16]}"),
    "two planes": ("satellites-off", "{planes = [4, 7]}"),
}
GATEWAYS = {
    "Poland": ("gateways-off", '{countries = ["POL"]}'),
    "Lithuania": ("gateways-off", '{sites = ["Kaunas"]}'),
    "Türkiye": ("sites-off", '{countries = ["TUR"]}'),
}
POPS = {
    "Frankfurt": ("pops-off", '{sites = ["Frankfurt"]}'),
    "Warsaw": ("pops-off", '{countries = ["POL"]}'),
}
FIBRE = {
    "fibre to Frankfurt": ("fibre-off", '{sites = ["Frankfurt"]}'),
    "fibre from Wola": ("fibre-off", '{fibres = ["Wola - Frankfurt", "Warsaw - Wola"]}'),
    "fibre from Kaunas": ("fibre-off", '{countries = ["LTU"]}'),
}
SERVICE = {
    "Lviv": ("service-off", '{regions = ["UA-46"]}'),
    "two regions": ("service-off", '{regions = ["UA-63", "UA-61"]}'),
    "country": ("service-off", '{countries = ["UKR"]}'),
    "three cells": ("service-off", "{cells = CELLS}"),
    "outline": ("service-off", '{polygon = "outline.json"}'),
    "few": ("service-off", '{groups = ["few"]}'),
    "few in Lviv": ("service-off", '{groups = ["few"], regions = ["UA-46"]}'),
}
CORE = {"core": ("core-off", "{}")}
ADD = {"planned": ("add", '{sites = ["Cluj"]}')}
#: Second and third step of the four.
WHILE = "start = 2026-01-01T00:02:00Z\nend = 2026-01-01T00:12:00Z"

EVENTS = SKY | GATEWAYS | POPS | FIBRE | SERVICE | CORE | ADD


class World(NamedTuple):
    """The small world, its sky, the cells that an event names, and who sees which satellite without the engine.

    cell_sees (step, cell, satellite), gateway_sees (step, gateway, satellite) bool; position_m (step, satellite, 3).
    """

    stage: Stage
    sky: Sky
    named: list[str]
    cell_sees: np.ndarray
    gateway_sees: np.ndarray
    position_m: np.ndarray

    def __repr__(self) -> str:
        return "World(...)"

    @property
    def region(self) -> np.ndarray:
        """Regions of the cells of the area."""
        return self.stage.cells.region[: self.stage.ground.area]

    def serve(self, names: Iterable[str]) -> dict[str, np.ndarray]:
        return serve_block(self.sky, Variant(name="drawn", events=list(names)))


def cells_of(stage: Stage) -> reach_plain.Places:
    """Cells of the area, which see what stands 40 degrees high."""
    of, nothing = slice(0, stage.ground.area), np.zeros(stage.ground.area)
    return reach_plain.Places(stage.cells.latitude_deg[of], stage.cells.longitude_deg[of], nothing, nothing + 40.0)


def sites_of(stage: Stage, role: str) -> reach_plain.Places:
    """Sites of a role, which see what stands 25 degrees high."""
    of, nothing = stage.sites.role == role, np.zeros(np.count_nonzero(stage.sites.role == role))
    return reach_plain.Places(stage.sites.latitude_deg[of], stage.sites.longitude_deg[of], nothing, nothing + 25.0)


def build(folder: Path, more: Mapping[str, tuple[str, str]] | None = None, slowly: str = "") -> World:
    """The small world with all its events; a folder is needed for the file of an outline.

    more: further events, each also in times of their own that `slowly` gives.
    """
    (folder / "outline.json").write_text(json.dumps(OUTLINE))
    named = stage(Scenario.parse(WORLD)).cells.text[1:28:12]
    text = WORLD
    for name, (kind, target) in (EVENTS | (more or {})).items():
        target = target.replace("CELLS", json.dumps(named))
        text += f'[[event]]\nname = "{name}"\nkind = "{kind}"\ntarget = {target}\n'
        text += f'[[event]]\nname = "{name} for a while"\nkind = "{kind}"\ntarget = {target}\n{WHILE}\n'
        if name in (more or {}):
            text += f'[[event]]\nname = "{name} slowly"\nkind = "{kind}"\ntarget = {target}\n{slowly}\n'
    scenario = Scenario.parse(text, folder=folder)
    here = stage(scenario)
    satellites = reach_plain.propagate(here.constellation.elements)
    position_m = np.stack([reach_plain.positions_m(satellites, at) for at in here.grid.utc])
    sees = []
    for looking in (cells_of(here), sites_of(here, "gateway")):
        sine = np.stack([reach_plain.sines(looking, where_m) for where_m in position_m])
        # No pair is so near the mask that rounding decides, so that both opinions must be the same.
        assert (reach_plain.seen(looking, sine, 2e-6) == reach_plain.seen(looking, sine, -2e-6)).all()
        sees.append(reach_plain.seen(looking, sine))
    return World(here, sky_block(scenario, slice(0, STEPS)), named, *sees, position_m)


def in_outline(world: World) -> np.ndarray:
    (west, south), _, (east, north), _ = OUTLINE["coordinates"][0]
    latitude, longitude = cells_of(world.stage)[:2]
    return (south < latitude) & (latitude < north) & (west < longitude) & (longitude < east)


def switched_off(world: World, names: Iterable[str], group: str) -> np.ndarray:
    """Cells of the area in which an event withdraws the permission of a group, (cell,) bool."""
    region = world.region
    cells = {
        "Lviv": region == "UA-46",
        "two regions": np.isin(region, ["UA-63", "UA-61"]),
        "country": np.ones(len(region), bool),
        "three cells": np.isin(world.stage.cells.text[: len(region)], world.named),
        "outline": in_outline(world),
        "few": np.full(len(region), group == "few"),
        "few in Lviv": (region == "UA-46") & (group == "few"),
    }
    return np.any([cells[name] for name in names if name in cells] or [np.zeros(len(region), bool)], axis=0)


def satellites_off(names: Iterable[str]) -> set[int]:
    planes = {
        "odd planes": range(1, 18, 2),
        "even planes": range(0, 18, 2),
        "two planes": (4, 7),
    }
    return {12 * plane + slot for name in names for plane in planes.get(name, ()) for slot in range(12)}


def way_down(names: set[str]) -> tuple[set[int], set[int], dict[int, set[int]]]:
    """Gateways that are there, gateways that are on, and the PoPs that each has a fibre to, by index.

    Gateways: Wola 0, Kaunas 1, Muallim 2, Cluj 3; PoPs: Frankfurt 0, Warsaw 1.
    """
    there = {0, 1, 2} | ({3} if "planned" in names else set())
    on = there - {k for k, name in enumerate(("Poland", "Lithuania", "Türkiye")) if name in names}
    fibre = {gateway: {0, 1} for gateway in on}
    if "fibre to Frankfurt" in names:
        fibre = {gateway: {1} for gateway in on}
    for gateway, name in enumerate(("fibre from Wola", "fibre from Kaunas")):
        if name in names and gateway in on:
            fibre[gateway] = set()
    return there, on, fibre


def filters(world: World, names: set[str], group: str, step: int) -> Iterator[str]:
    """The reason of every cell of a group, as the filters say one after another; "reachable" where all let through."""
    there, on, fibre = way_down(names)
    pop = next((pop for pop, name in enumerate(("Frankfurt", "Warsaw")) if name not in names), None)
    off, dark = satellites_off(names), switched_off(world, names, group)
    lands = [set(np.flatnonzero(sees).tolist()) for sees in world.gateway_sees[step]]
    for cell, sees in enumerate(world.cell_sees[step]):
        seen = set(np.flatnonzero(sees).tolist())
        flies = seen - off
        found = {s for s in flies if any(s in lands[g] for g in there)}
        working = {s for s in found if any(s in lands[g] for g in on)}
        reached = {s for s in working if any(s in lands[g] and pop in fibre[g] for g in on)}
        checks = (
            ("core-off", "core" not in names),
            ("not-licensed", world.region[cell] != "UA-61"),
            ("switched-off", not dark[cell]),
            ("below-mask", seen),
            ("satellite-off", flies),
            ("no-gateway-in-sight", found),
            ("gateway-off", working),
            ("pop-off", pop is not None),
            ("fibre-off", reached),
        )
        yield next((reason for reason, passes in checks if not passes), "reachable")
