"""Rates added to a made-up run: what summary.json and tables/gateways.parquet hold where a scenario has traffic."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

#: What terminals of an operator get by how many times as many there are: half of them, and nine in ten [bit/s].
GROWTH = ((0.5, 100e6, 100e6), (1.0, 100e6, 61e6), (10.0, 40e6, 21e6), (100.0, 4e6, 2.1e6))


def growth(terminals: float, share: float = 1.0) -> list[dict[str, float]]:
    """What more terminals get, of so many; share: of the rates of `GROWTH`."""
    return [
        {"times": times, "terminals": times * terminals, "median_bps": share * half, "p10_bps": share * tenth}
        for times, half, tenth in reversed(GROWTH)
    ]


def rates(share: float, **changes: Any) -> dict[str, Any]:
    """What a variant says of rates; share: of the capacity that is kept."""
    served = share > 0
    gets = {"median": 100e6 if served else None, "p10": 61.2e6 if served else None}
    now = {"median": 100e6 if served else None, "p10": 100e6 if served else None}
    return {
        "now_bps": now, "busy_bps": gets, "degraded_terminals": 400.0 * (1 - share) if served else 0.0,
        "busy_load_bps": 80e9 * share, "capacity_bps": 391e9 * share, "capacity_kept": share,
        "bottlenecks": {"antenna": 0.24, "cell": 0.01} if served else {},
        "bottleneck": "antenna" if served else None, "bottleneck_gateway": "Muallim, TUR" if served else None,
        "groups": [{"name": "everybody", "added": False, "now_bps": now, "busy_bps": gets,
                    "degraded_terminals": 0.0}] if served else [],
        "growth": {"starlink": growth(20_000.0)},
        **changes,
    }  # fmt: skip


def add_rates(directory: Path) -> Path:
    """Give every variant of a made-up run rates, and its gateways loads; the third adds terminals of OneWeb."""
    path = directory / "summary.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["usable_bps"] = 10e6
    for part in content["variants"]:
        share = part["share_served_of_intact"]
        part["rates"] = rates(share if part["events"] else 1.0)
        part["added"] = {"terminals": 0.0, "served": 0.0, "rtt_ms": {"median": None, "p95": None}}
    if len(content["variants"]) > 2:
        gets = {"median": 12.3e6, "p10": 6.1e6}
        content["variants"][2]["added"] = {"terminals": 10_000.0, "served": 9_800.0, "rtt_ms": {"median": 61.2}}
        content["variants"][2]["rates"] = rates(
            0.04,
            now_bps=gets,
            busy_bps=gets,
            groups=[{"name": "OneWeb", "added": True, "now_bps": gets, "busy_bps": gets, "degraded_terminals": 70.0}],
            growth={"oneweb": growth(10_000.0, 0.12), "starlink": growth(20_000.0, 0.0)},
        )
    path.write_text(json.dumps(content), encoding="utf-8")
    table = directory / "tables" / "gateways.parquet"
    gateways = pd.read_parquet(table)
    load = 9e7 * gateways["cells_served_mean"].to_numpy(float)
    room = np.maximum(1.9e10 * np.ceil(gateways["antennas_used_mean"].to_numpy(float)), load)
    gateways.assign(busy_load_mean_bps=load, capacity_mean_bps=room).to_parquet(table)
    return directory
