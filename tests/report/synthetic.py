"""Made-up run directories with every file a run leaves behind: plausible numbers, no simulation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h3
import numpy as np
import pandas as pd

STEPS, STEP_S, START = 480, 15.0, pd.Timestamp("2022-10-03T12:00:12")
EVENT_STEP = 120  # 12:30:12
OFF_REGIONS = ("UA-63", "UA-09", "UA-14", "UA-23", "UA-65")


@dataclass(frozen=True)
class Area:
    """Cells of the ground and what stands around them."""

    cells: np.ndarray
    latitude_deg: np.ndarray
    longitude_deg: np.ndarray
    country: np.ndarray
    region: np.ndarray
    people: np.ndarray
    terminals: np.ndarray
    licensed: np.ndarray
    region_names: dict[str, tuple[str, str]]
    towns: pd.DataFrame
    gateways: pd.DataFrame
    pops: pd.DataFrame


@dataclass(frozen=True)
class Case:
    """One variant: events, the share of acting steps each cell is served, and why it is not."""

    name: str
    events: tuple[tuple[str, str], ...] = ()
    served: np.ndarray = field(default_factory=lambda: np.ones(0))
    reason: np.ndarray = field(default_factory=lambda: np.empty(0, object))
    end_step: int = STEPS
    gateways_off: tuple[str, ...] = ()


def _utc(step: float) -> str:
    return (START + pd.Timedelta(seconds=STEP_S * step)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _counts(weights: np.ndarray, case: Case, base: np.ndarray) -> dict[str, Any]:
    weights = weights * (base > 0)  # who is never served counts nowhere as without
    without = float((weights * (1 - case.served)).sum())
    intact = float((weights * base).sum())
    return {
        "mean": without,
        "worst": float(min(weights.sum(), without * 1.07 + 1)) if without else 0.0,
        "worst_at": _utc(EVENT_STEP + 17),
        "at_least_once": float((weights * (case.served < 0.99)).sum()),
        "share_mean": float(max(0.0, intact - (weights * case.served).sum()) / intact) if intact else 0.0,
    }


def _variant(area: Area, case: Case, base: np.ndarray, number: int) -> dict[str, Any]:
    weight = area.terminals if area.terminals.sum() else area.people
    lost = np.maximum(0.0, base - case.served)
    shares: dict[str, float] = {}
    for reason in sorted(set(case.reason.tolist()) - {""}):
        shares[reason] = float((weight * (1 - case.served))[case.reason == reason].sum())
    total = sum(shares.values()) or 1.0
    by_loss = {reason: float((weight * lost)[case.reason == reason].sum()) for reason in shares}
    anything = case.served.max() > 0
    off = len(case.gateways_off)
    return {
        "name": case.name,
        "events": [
            {"name": name, "kind": kind, "start": "2022-10-03T12:30:00Z", "end": _utc(case.end_step)}
            for name, kind in case.events
        ],
        "acting_steps": case.end_step - EVENT_STEP if case.events else STEPS,
        "people_without_service": _counts(area.people, case, base),
        "terminals_without_service": _counts(area.terminals, case, base),
        "share_served_of_intact": float((weight * case.served).sum() / max((weight * base).sum(), 1e-9)),
        "share_reachable": float((area.people * base).sum() / area.people.sum()) if off == 0 else 0.91,
        "rtt_ms": {
            "median": 39.37 + 2.1 * number if anything else None,
            "p95": 52.91 + 3.3 * off if anything else None,
        },
        "propagation_rtt_ms": {"median": 27.31 + 2 * off if anything else None, "p95": 36.2 if anything else None},
        "satellites_used_mean": 41.37 - 9 * off if anything else 0.0,
        "gateways_used_mean": 6.812 - off if anything and len(area.gateways) else 0.0,
        "main_reason": max(by_loss, key=lambda r: by_loss[r]) if any(by_loss.values()) else None,
        "reasons": {reason: share / total for reason, share in shares.items()},
    }


def write(directory: Path, title: str, area: Area, cases: Sequence[Case]) -> Path:
    """Write summary.json and tables/*.parquet of a made-up run; returns the directory."""
    tables = directory / "tables"
    tables.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    base = cases[0].served
    variants = [_variant(area, case, base, number) for number, case in enumerate(cases)]
    never = ~area.licensed
    summary = {
        "schema_version": 1, "title": title, "seed": 1, "start": _utc(0), "end": _utc(STEPS), "steps": STEPS,
        "step_s": STEP_S, "people": float(area.people.sum()), "terminals": float(area.terminals.sum()),
        "cells": len(area.cells),
        "assumptions": [
            {"key": "delay.access_floor_ms", "value": "8",
             "text": "Every way takes 8 ms for access to the radio channel.",
             "source": "measured floors of nine dishes, 5.8 to 9.4 ms, October 2024 (LENS)"},
            {"key": "operator.starlink.ground", "value": "starlink-2023-10",
             "text": "Whether Muallim (Türkiye) worked in October 2022 is not verified; the service was not "
                     "licensed there in February 2023.",
             "source": "gateway map of 2023-10-10; press, February 2023"},
            {"key": "area.resolution", "value": "5",
             "text": "A cell is a hexagon of about 250 km2, near the operator's own.",
             "source": "assumption"},
        ],
        "sources": [
            {"what": "Orbits", "source": "catalogue of 2022-09-14, measured as shells"},
            {"what": "Number of terminals", "source": "CNN, 2022-10-14: about 20,000"},
        ],
        "never_served": {"people": float(area.people[never].sum()), "terminals": float(area.terminals[never].sum()),
                         "cells": int(never.sum())},
        "variants": variants,
    }  # fmt: skip
    (directory / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1), encoding="utf-8")
    frames = {
        "variants": pd.json_normalize(variants).drop(columns=["events"]),
        "series": _series(area, cases, base, rng),
        "cells": pd.concat([_cells(area, case, base) for case in cases], ignore_index=True),
        "regions": pd.concat([_places(area, case, base, "region") for case in cases], ignore_index=True),
        "countries": pd.concat([_places(area, case, base, "country") for case in cases], ignore_index=True),
        "towns": pd.concat([_towns(area, case) for case in cases], ignore_index=True),
        "gateways": pd.concat([_gateways(area, case) for case in cases], ignore_index=True),
        "pops": pd.concat([area.pops.assign(variant=case.name) for case in cases], ignore_index=True),
    }
    for name, frame in frames.items():
        frame.to_parquet(tables / f"{name}.parquet")
    return directory


def _series(area: Area, cases: Sequence[Case], base: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    weight = area.terminals if area.terminals.sum() else area.people
    rows = []
    for case in cases:
        share = np.full(STEPS, 1.0)
        level = float((weight * case.served).sum() / max((weight * base).sum(), 1e-9))
        share[EVENT_STEP : case.end_step] = level if case.events else 1.0
        wave = 0.03 * level * (1 - level) * 4 * np.sin(np.arange(STEPS) / 9.0) + rng.normal(0, 0.003, STEPS)
        share = np.clip(share + wave * (share > 0), 0, 1.002)
        rows.append(pd.DataFrame({
            "variant": case.name, "time": START + pd.to_timedelta(STEP_S * np.arange(STEPS), unit="s"),
            "people_without": area.people.sum() * (1 - share), "terminals_without": area.terminals.sum() * (1 - share),
            "share_served": share, "rtt_median_ms": 39.0 + rng.normal(0, 1, STEPS),
        }))  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def _cells(area: Area, case: Case, base: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({
        "variant": case.name, "cell": area.cells, "latitude_deg": area.latitude_deg,
        "longitude_deg": area.longitude_deg, "country": area.country, "region": area.region, "people": area.people,
        "terminals": area.terminals, "share_served": case.served, "share_reachable": base,
        "reason": np.where(case.served >= 1, "", case.reason),
        "rtt_median_ms": np.where(case.served > 0, 39.0, np.nan),
    })  # fmt: skip


def _places(area: Area, case: Case, base: np.ndarray, kind: str) -> pd.DataFrame:
    labels = getattr(area, kind)
    rows = []
    for code in sorted(set(labels.tolist()) - {""}):
        here = labels == code
        weight = area.terminals[here] if area.terminals.sum() else area.people[here]
        intact = float((weight * base[here]).sum())
        lost = 1 - case.served[here]
        names = area.region_names.get(code, (code, code))
        reasons = case.reason[here][lost > 0]
        rows.append({
            "variant": case.name, "country": str(area.country[here][0]), "region": code, "name": names[0],
            "name_uk": names[1], "people": area.people[here].sum(), "terminals": area.terminals[here].sum(),
            "people_without_mean": float((area.people[here] * lost * (base[here] > 0)).sum()),
            "terminals_without_mean": float((area.terminals[here] * lost * (base[here] > 0)).sum()),
            "share_served": float((weight * case.served[here]).sum() / intact) if intact else np.nan,
            "rtt_median_ms": 39.0 if case.served[here].max() > 0 else np.nan,
            "reason": str(reasons[0]) if len(reasons) else "",
        })  # fmt: skip
    columns = ["variant", "country", "region", "name", "name_uk", "people", "terminals", "people_without_mean",
               "terminals_without_mean", "share_served", "rtt_median_ms", "reason"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.drop(columns="region") if kind == "country" else frame


def _towns(area: Area, case: Case) -> pd.DataFrame:
    served = case.served[area.towns["index"].to_numpy(int)] if len(area.towns) else np.empty(0)
    reason = case.reason[area.towns["index"].to_numpy(int)] if len(area.towns) else np.empty(0, object)
    length = STEP_S * (case.end_step - EVENT_STEP)
    return area.towns.drop(columns="index").assign(
        variant=case.name, share_served=served, longest_gap_s=np.round((1 - served) * length / 15) * 15,
        rtt_median_ms=np.where(served > 0, 39.0, np.nan), reason=np.where(served >= 1, "", reason),
    )  # fmt: skip


def _gateways(area: Area, case: Case) -> pd.DataFrame:
    gateways = area.gateways
    off = gateways["gateway"].isin(case.gateways_off).to_numpy(bool)
    near = np.where(off, 0.0, 1.0 / gateways["rank"].to_numpy(float)) if len(gateways) else np.empty(0)
    cells = near / max(near.sum(), 1e-9) * (case.served > 0).sum() if case.served.max() > 0 else near * 0
    return gateways.drop(columns="rank").assign(
        variant=case.name, state=np.where(off, "off in this variant", "on"),
        antennas_used_mean=np.minimum(8.0, 8 * near * (1 + 0.6 * len(case.gateways_off)) * (cells > 0)),
        cells_served_mean=cells, halo_cells_served_mean=31.7 * near,
    )  # fmt: skip


GATEWAYS = (
    ("Wola Krobowska, POL", "POL", 51.86, 20.92, 1.6), ("Kaunas, LTU", "LTU", 54.88, 23.84, 2.2),
    ("Muallim, TUR", "TUR", 40.79, 29.51, 1.2), ("Aerzen, DEU", "DEU", 52.06, 9.33, 24.0),
    ("Usingen, DEU", "DEU", 50.33, 8.47, 31.0), ("Milano, ITA", "ITA", 45.32, 9.19, 20.0),
    ("Marsala, ITA", "ITA", 37.79, 12.49, 28.0),
)  # fmt: skip


def _stations(with_gateways: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    names = ["gateway", "country", "latitude_deg", "longitude_deg", "rank"]
    gateways = pd.DataFrame(GATEWAYS if with_gateways else [], columns=names)
    gateways = gateways.assign(operator="starlink", antennas=8)
    pops = pd.DataFrame(
        [("Frankfurt", "starlink", "DEU", 50.12, 8.73, 2301.2)] if with_gateways else [],
        columns=["pop", "operator", "country", "latitude_deg", "longitude_deg", "cells_served_mean"],
    )
    return gateways, pops


def ukraine(directory: Path) -> Path:
    """A run like the built-in scenario: seven variants, all of Ukraine."""
    from obrii.ground import gazetteer, regions

    ids = regions.country_cells("UKR", 5)
    region = regions.regions_of(ids).astype(object)
    _, _, people = regions.region_table()
    order = np.argsort(regions.region_table()[0])
    people = people[order][np.searchsorted(regions.region_table()[0][order], ids)]
    licensed = region != "UA-43"
    terminals = np.floor(people * licensed / (people * licensed).sum() * 20_000 + 0.5)
    terminals[np.argmax(terminals)] += 20_000 - terminals.sum()
    towns = gazetteer.towns_in(ids, 60_000)
    english, ukrainian = regions.region_names(), regions.region_names("uk")
    gateways, pops = _stations(True)
    centres = np.array([h3.cell_to_latlng(h3.int_to_str(int(cell))) for cell in ids])
    area = Area(
        ids, centres[:, 0], centres[:, 1], np.full(len(ids), "UKR", object), region, people, terminals, licensed,
        {code: (english[code], ukrainian[code]) for code in english},
        pd.DataFrame({
            "town": towns.name, "country": towns.country, "region": region[towns.cell],
            "latitude_deg": towns.latitude_deg, "longitude_deg": towns.longitude_deg, "people": towns.people,
            "index": towns.cell,
        }).head(40), gateways, pops,
    )  # fmt: skip
    return write(directory, "Ukraine, autumn 2022", area, _cases(area))


def _cases(area: Area) -> list[Case]:
    rng = np.random.default_rng(3)
    count = len(area.cells)
    licence = np.where(area.licensed, "", "not-licensed").astype(object)
    base = np.where(area.licensed, np.where(rng.random(count) < 0.97, 1.0, 0.996), 0.0)
    intact_reason = np.where(licence != "", licence, "no-antenna").astype(object)

    def lost(share: np.ndarray, reason: str) -> dict[str, Any]:
        served = np.clip(base - share, 0, 1)
        return {"served": np.round(served, 3), "reason": np.where(licence != "", licence, reason).astype(object)}

    east = np.isin(area.region, OFF_REGIONS)
    far = np.clip((area.longitude_deg - 29.0) / 9.0, 0, 1) * 0.25 * np.clip((area.latitude_deg - 46.5) / 5, 0, 1)
    further = np.clip((area.longitude_deg - 24.6) / 5.5, 0, 1) + rng.normal(0, 0.05, count)
    further = np.clip(np.where(further > 0.03, further, 0), 0, 1)
    both = ("Wola Krobowska, POL", "Kaunas, LTU")
    return [
        Case("intact", served=base, reason=intact_reason),
        Case("south and east off", (("south-and-east-off", "service-off"),), **lost(east * 1.0, "switched-off")),
        Case("country off", (("country-off", "service-off"),), **lost(np.ones(count), "switched-off")),
        Case("gateways in Poland and Lithuania lost", (("pol-ltu-off", "gateways-off"),), gateways_off=both,
             **lost(far, "no-antenna")),
        Case("gateways in Poland, Lithuania and Türkiye lost", (("pol-ltu-tur-off", "gateways-off"),),
             gateways_off=(*both, "Muallim, TUR"), **lost(further, "gateway-off")),
        Case("1,300 of 20,000 terminals off", (("list-off", "service-off"),),
             **lost(np.full(count, 0.065), "switched-off")),
        Case("core down", (("core-down", "core-off"),), end_step=240, **lost(np.ones(count), "core-off")),
    ]  # fmt: skip


def small(
    directory: Path,
    *,
    title: str = "A disk",
    variants: int = 2,
    terminals: float = 500.0,
    with_regions: bool = True,
    with_gateways: bool = True,
    with_towns: bool = True,
    centre: tuple[float, float] = (50.45, 30.52),
    radius: int = 6,
    resolution: int = 5,
) -> Path:
    """A run over a disk of cells, with what is asked for and nothing else."""
    ids = sorted(h3.grid_disk(h3.latlng_to_cell(*centre, resolution), radius))
    centres = np.array([h3.cell_to_latlng(cell) for cell in ids])
    count = len(ids)
    north = centres[:, 0] > centre[0]
    region = np.where(north, "XX-N", "XX-S").astype(object) if with_regions else np.full(count, "", object)
    gateways, pops = _stations(with_gateways)
    towns = pd.DataFrame({
        "town": ["Middle <Town> & Co"] if with_towns else [], "country": ["XXX"] * with_towns,
        "region": [str(region[0])] * with_towns, "latitude_deg": [centre[0]] * with_towns,
        "longitude_deg": [centre[1]] * with_towns, "people": [1e5] * with_towns, "index": [0] * with_towns,
    })  # fmt: skip
    area = Area(
        np.array([h3.str_to_int(cell) for cell in ids], np.uint64), centres[:, 0], centres[:, 1],
        np.full(count, "UKR", object), region, np.full(count, 1234.5), np.full(count, terminals / count),
        np.ones(count, bool), {"XX-N": ("North", "Північ"), "XX-S": ("South", "Південь")}, towns, gateways, pops,
    )  # fmt: skip
    base = np.ones(count)
    empty = np.full(count, "", object)
    cases = [Case("intact", served=base, reason=empty)]
    cases += [
        Case(f"north off <{number}>", ((f"off-{number}", "service-off"),), served=np.where(north, 0.0, 1.0),
             reason=np.where(north, "switched-off", "").astype(object))
        for number in range(1, variants)
    ]  # fmt: skip
    return write(directory, title, area, cases)
