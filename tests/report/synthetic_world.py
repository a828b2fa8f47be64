"""A made-up run over many countries: the whole world in few cells, most of it never served, and gateways all over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h3
import numpy as np
import pandas as pd

from obrii.ground import regions
from tests.report.synthetic import Area, Case, write

RESOLUTION, GATEWAYS = 1, 40
NOT_SERVED, SILENT, SLOWED = ("RUS", "CHN", "IND"), ("MDG", "KAZ", "AUS"), ("BRA", "CAN", "COD")
TOWNS = (
    ("Shanghai", "CHN", 31.2, 121.5, 24.9e6), ("Moscow", "RUS", 55.8, 37.6, 10.4e6),
    ("Perth", "AUS", -31.9, 115.9, 2.0e6), ("São Paulo", "BRA", -23.5, -46.6, 12.4e6),
    ("Almaty", "KAZ", 43.2, 76.9, 1.9e6), ("Chicago", "USA", 41.9, -87.6, 2.7e6),
)  # fmt: skip


def area(terminals: float = 0.0) -> Area:
    """The world in cells of 600,000 square kilometres."""
    ids, country, people = regions.world_table()
    here = country != ""
    parents = np.array([h3.cell_to_parent(h3.int_to_str(int(cell)), RESOLUTION) for cell in ids[here]])
    names, first, home = np.unique(parents, return_index=True, return_inverse=True)
    label = country[here][first].astype(object)
    centres = np.array([h3.cell_to_latlng(cell) for cell in names])
    weight = np.bincount(home, people[here])
    licensed = ~np.isin(label, NOT_SERVED)
    towns = pd.DataFrame(TOWNS, columns=["town", "country", "latitude_deg", "longitude_deg", "people"])
    nearest = [_cell_of(row, label, centres) for row in towns.to_dict("records")]
    dishes = np.floor(terminals * licensed * weight / (weight * licensed).sum())
    rng = np.random.default_rng(5)
    chosen = np.sort(rng.choice(np.flatnonzero(licensed), GATEWAYS, replace=False))
    gateways = pd.DataFrame({
        "gateway": [f"Gateway {number}, {label[cell]}" for number, cell in enumerate(chosen)],
        "country": label[chosen], "latitude_deg": centres[chosen, 0], "longitude_deg": centres[chosen, 1],
        "rank": rng.uniform(1.0, 9.0, GATEWAYS), "operator": "starlink", "antennas": 8,
    })  # fmt: skip
    names_of, in_ukrainian = regions.country_names(), regions.country_names("uk")
    return Area(
        np.array([h3.str_to_int(cell) for cell in names], np.uint64), centres[:, 0], centres[:, 1], label,
        np.where(label == "UKR", "UA-32", "").astype(object), weight, dishes, licensed,
        {code: (names_of[code], in_ukrainian[code]) for code in set(label.tolist())},
        towns.assign(region="", index=nearest), gateways,
        pd.DataFrame([("Frankfurt", "starlink", "DEU", 50.12, 8.73, 400.0)],
                     columns=["pop", "operator", "country", "latitude_deg", "longitude_deg", "cells_served_mean"]),
    )  # fmt: skip


def _cell_of(town: dict[str, Any], label: np.ndarray, centres: np.ndarray) -> int:
    """Index of the cell of the town's country whose centre is nearest, in degrees."""
    away = np.hypot(*(centres - [town["latitude_deg"], town["longitude_deg"]]).T)
    return int(np.argmin(np.where(label == town["country"], away, np.inf)))


def world(directory: Path, *, terminals: float = 0.0, unserved: str = "not-licensed") -> Path:
    """Lasers off, three countries off, ten gateways lost, and the core down."""
    land = area(terminals)
    never = np.where(land.licensed, "", unserved).astype(object)
    base = land.licensed.astype(float)

    def lost(share: np.ndarray, reason: str) -> dict[str, np.ndarray]:
        return {
            "served": np.clip(base - share, 0.0, 1.0),
            "reason": np.where(never != "", never, reason).astype(object),
        }

    silent, slowed = np.isin(land.country, SILENT), np.isin(land.country, SLOWED)
    off = tuple(land.gateways["gateway"][:10].tolist())
    return write(directory, "The world", land, [
        Case("intact", served=base, reason=never),
        Case("lasers off", (("lasers", "lasers-off"),), **lost(1.0 * silent + 0.3 * slowed, "no-laser-path")),
        Case("three countries off", (("countries", "service-off"),), **lost(1.0 * silent, "switched-off")),
        Case("ten gateways lost", (("gateways", "gateways-off"),), gateways_off=off, **lost(0.2 * slowed, "no-beam")),
        Case("core down", (("core", "core-off"),), **lost(np.ones(len(base)), "core-off")),
    ])  # fmt: skip
