"""What summary.json says of the rates of a run: bit/s, and shares of terminals with service from 0 to 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from obrii import schema
from obrii.results.frame import Frame
from obrii.results.quantiles import quantiles
from obrii.results.rates import EDGES_BPS, Rates
from obrii.results.summary import SHARE, TERMINALS, rounded

#: Quantiles of rates that a summary holds, by name.
_QUANTILES = {"median": 0.5, "p10": 0.1}


def of_variant(rates: Rates, frame: Frame, v: int) -> dict[str, Any]:
    """What the summary says of the rates of a variant."""
    bound = rates.bottleneck[v]
    binding = bound[1:]
    names = [name for name, flag in schema.BOTTLENECK.items() if flag > 0]
    gateway = int(rates.at_antenna[v].argmax()) if rates.at_antenna[v].any() else -1
    return {
        "now_bps": _quantiles(rates.now[v].sum(axis=0), rates.most_bps[v].max()),
        "busy_bps": _quantiles(rates.busy[v].sum(axis=0), rates.most_bps[v].max()),
        "degraded_terminals": rounded(rates.degraded[v].sum(), TERMINALS),
        "busy_load_bps": rounded(rates.load_bps[v], 0),
        "capacity_bps": rounded(rates.capacity_bps[v], 0),
        "capacity_kept": rounded(rates.kept[v], SHARE),
        "bottlenecks": {
            name: rounded(part / bound.sum(), SHARE)
            for name, part in zip(names, binding.tolist(), strict=True)
            if part > 0
        },
        "bottleneck": names[int(binding.argmax())] if binding.any() else None,
        "bottleneck_gateway": str(frame.gateways.name[gateway]) if gateway >= 0 else None,
        "groups": [
            {
                "name": name,
                "added": bool(frame.planned[g]),
                "now_bps": _quantiles(rates.now[v, g], rates.most_bps[v, g]),
                "busy_bps": _quantiles(rates.busy[v, g], rates.most_bps[v, g]),
                "degraded_terminals": rounded(rates.degraded[v, g], TERMINALS),
            }
            for g, name in enumerate(frame.groups)
            if rates.busy[v, g].any()
        ],
        "growth": {
            operator: [
                {
                    "times": times,
                    "terminals": rounded(times * rates.growth_terminals[v, k], TERMINALS),
                    "p10_bps": rounded(low, 0),
                    "median_bps": rounded(middle, 0),
                }
                for times, (low, middle) in zip(frame.growth, rates.growth_bps[v, k], strict=True)
                if not np.isnan(middle)
            ]
            for k, operator in enumerate(frame.operators)
            if not np.isnan(rates.growth_bps[v, k]).all()
        },
    }


def of_growth(rates: Rates, frame: Frame) -> dict[str, np.ndarray]:
    """What more terminals would get: a row a variant, operator and number of times the terminals of the area."""
    v, k, g = np.nonzero(~np.isnan(rates.growth_bps[..., 0]))
    low, middle = rates.growth_bps[v, k, g].T.reshape(2, -1)
    return {
        "variant": np.array(frame.variants, np.str_)[v],
        "operator": np.array(frame.operators, np.str_)[k],
        "times": np.array(frame.growth, np.float64)[g],
        "terminals": np.round(np.array(frame.growth, np.float64)[g] * rates.growth_terminals[v, k], TERMINALS),
        "p10_bps": np.round(low),
        "median_bps": np.round(middle),
    }


def of_gateways(rates: Rates) -> dict[str, np.ndarray]:
    """Means of what gateways send at the busy hour and what the antennas in use could, a row a variant and gateway."""
    return {
        "busy_load_mean_bps": np.round(rates.gateway_load_bps.ravel()),
        "capacity_mean_bps": np.round(rates.gateway_capacity_bps.ravel()),
    }


def of_pops(rates: Rates) -> dict[str, np.ndarray]:
    """Means of what comes from the PoPs at the busy hour, a row a variant and PoP."""
    return {"busy_load_mean_bps": np.round(rates.pop_load_bps.ravel())}


def _quantiles(weight: np.ndarray, most_bps: float) -> dict[str, float | None]:
    """Quantiles of a histogram of rates, (bin,), none beyond the highest rate of all."""
    found = {name: quantiles(weight[None], EDGES_BPS, share)[0] for name, share in _QUANTILES.items()}
    return {name: rounded(np.minimum(value, most_bps), 0) for name, value in found.items()}
