"""No route of one shell can be shorter than the bound, and a bent pipe is as long as geometry says.

A closed form for masks of at least 12.2 deg at 550 km: up and down at the mask, and the rest of the great circle along
the shell in chords that graze 80 km, 2 [2 d(e) + (theta - 2 lambda)(R+h) s(dmax/2)]/c with s(x) = sin(x)/x and dmax =
2 acos((R+80)/(R+h)): 41.11 ms over 5,570.0 km and 78.49 ms over 10,848.0 km (550 km, 25 deg), where fibre on the great
circle at 2c/3 needs 55.74 and 108.56 ms. The bound is for a round Earth of 6,371 km and an SGP4 sky over an ellipsoid
differs by up to 0.5 % in distances: a result more than that below the bound is a bug.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from obrii import Scenario, simulate
from obrii.frames import great_circle_m

R_KM, C_KM_S, H_KM, MASK = 6371.0, 299_792.458, 550.0, math.radians(25.0)
ROUND_EARTH = 0.005


def bound_ms(distance_km: float) -> float:
    """The least possible round trip over one shell at 550 km with a mask of 25 deg."""
    footprint = math.acos(R_KM * math.cos(MASK) / (R_KM + H_KM)) - MASK
    slant_km = math.sqrt((R_KM + H_KM) ** 2 - (R_KM * math.cos(MASK)) ** 2) - R_KM * math.sin(MASK)
    widest = 2 * math.acos((R_KM + 80) / (R_KM + H_KM))
    along_km = (distance_km / R_KM - 2 * footprint) * (R_KM + H_KM) * math.sin(widest / 2) / (widest / 2)
    return 2e3 * (2 * slant_km + along_km) / C_KM_S


@pytest.mark.parametrize(
    ("distance_km", "published_ms", "fibre_ms"), [(5_570.0, 41.11, 55.74), (10_848.0, 78.49, 108.56)]
)
def test_the_bound_is_the_published_one(distance_km: float, published_ms: float, fibre_ms: float) -> None:
    assert bound_ms(distance_km) == pytest.approx(published_ms, abs=0.005)
    assert 3e3 * distance_km / C_KM_S == pytest.approx(fibre_ms, abs=0.02)  # the table's own rounding of the distance


TOWNS = {
    "London": (51.51, -0.13), "New York": (40.71, -74.01), "Singapore": (1.29, 103.85), "Sydney": (-33.87, 151.21),
    "Nairobi": (-1.29, 36.82), "Sao Paulo": (-23.55, -46.63), "Kyiv": (50.45, 30.52), "Tokyo": (35.68, 139.69),
}  # fmt: skip


_SITE = '[[site]]\nname = "{}"\nlatitude_deg = {}\nlongitude_deg = {}\n'


def test_no_route_beats_the_bound_and_every_route_counts_both_ground_links() -> None:
    # Trap 4 of other simulators: round trips without the ground links, arcs for chords, a coordinate used twice,
    # lasers at 0.587 c. Each would fall below the bound or miss the sum of straight lines below.
    names = list(TOWNS)
    pairs = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
    sites = "".join(_SITE.format(n, *at) for n, at in TOWNS.items())
    text = (
        'title = "one shell"\ntime = {start = 2026-01-01T00:00:00Z, seconds = 5400, step_s = 600}\n'
        + "pair = ["
        + ", ".join(f'{{from = "{a}", to = "{b}", via = "sky"}}' for a, b in pairs)
        + ']\n[[operator]]\nname = "s"\nlasers = "plus-grid"\n[[operator.shell]]\nname = "550"\nplanes = 72\n'
        + "satellites_per_plane = 22\ninclination_deg = 53\naltitude_m = 550e3\nphase_factor = 17\n"
        + sites
    )
    results = simulate(Scenario.parse(text)).sel(variant="intact")
    rtt_ms = results["pair_propagation_rtt"].values * 1e3
    assert np.isfinite(rtt_ms).mean() > 0.95
    for k, (a, b) in enumerate(pairs):
        distance_km = float(great_circle_m(*TOWNS[a], *TOWNS[b])) / 1e3
        if distance_km > 2_500:  # the bound is for routes longer than two footprints
            assert np.nanmin(rtt_ms[:, k]) > bound_ms(distance_km) * (1 - ROUND_EARTH), (a, b)
