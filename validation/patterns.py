"""Patterns of lasers over lattices with empty places, and links to the nearest satellites that are chosen anew."""

from __future__ import annotations

from itertools import product

import numpy as np

from obrii import Scenario, sky_block
from obrii.constants import EARTH_MEAN_RADIUS_M
from obrii.links.lasers import lattice_links
from tests.reference import lasers_plain
from validation.record import Effort, Finding, Validation

#: Patterns of which the plain twin knows who meets whom.
WORDS = ("ring", "three", "plus-grid")

#: Two shells that fly through each other.
TEXT = """
title = "nearest"
time = {{start = 2026-01-01T00:00:00Z, seconds = {seconds}, step_s = 300}}
[[operator]]
name = "one"
lasers = "nearest-{n}"
laser_range_m = {reach_m}
laser_clearance_m = {lowest_m}
shell = [
  {{name = "low", planes = 12, satellites_per_plane = 16, inclination_deg = 53, altitude_m = 550e3, phase_factor = 5}},
  {{name = "polar", planes = 8, satellites_per_plane = 13, inclination_deg = 87, altitude_m = 600e3, pattern = "star"}},
]
"""


def lattices(effort: Effort) -> Finding:
    """Links of fixed patterns over lattices of which some places are empty."""
    rng, draws = np.random.default_rng(31), effort.of(6, 60, 2_000)
    off, count = 0, 0
    for _, word in product(range(draws), WORDS):
        planes, slots = rng.integers(2, 40, 2).tolist()
        star = bool(rng.integers(2))
        shift = 0 if star else int(rng.integers(-3, 4))
        filled = np.argwhere(rng.random((planes, slots)) < rng.uniform(0.5, 1.0))
        plane, slot = filled[rng.permutation(len(filled))].T
        links = lattice_links(plane, slot, planes, slots, word, star=star, seam_shift=shift)
        ours = dict(zip(zip(links.a.tolist(), links.b.tolist()), links.cross_plane.tolist()))
        at = {(p, s): k for k, (p, s) in enumerate(zip(plane.tolist(), slot.tolist(), strict=True))}
        plain = lasers_plain.pattern(at, planes, slots, word, shift, star)
        off += len(ours.items() ^ plain.items())
        count += len(plain)
    return Finding(off, f"{count:,} links of {3 * draws} lattices of up to 39 x 39 places, 50 to 100 % filled")


def nearest(effort: Effort) -> Finding:
    """Links of a scenario whose satellites choose the nearest, over a run."""
    off, count, steps = 0, 0, effort.of(1, 4, 100)
    limits = ((1e9, 80e3), (2_500e3, 80e3), (1e9, 400e3))
    for n, (reach_m, lowest_m) in product(range(1, 5), limits):
        text = TEXT.format(seconds=300 * steps, n=n, reach_m=reach_m, lowest_m=lowest_m)
        sky = sky_block(Scenario.parse(text), slice(0, steps))
        for xyz_m, range_m in zip(sky.xyz_m, sky.laser_range_m, strict=True):
            there = ~np.isnan(range_m)
            ours = dict(
                zip(zip(sky.links.a[there].tolist(), sky.links.b[there].tolist()), range_m[there].tolist(), strict=True)
            )
            places = xyz_m.astype(float).T.tolist()
            plain = lasers_plain.nearest_n(places, n, EARTH_MEAN_RADIUS_M + lowest_m, reach_m)
            off += len(ours.items() ^ plain.items())
            count += len(plain)
    return Finding(
        off, f"{count:,} links of 296 satellites in two shells, 1 to 4 lasers, three limits, {steps} instants"
    )


VALIDATIONS = (
    Validation(
        "links of ring, three and plus-grid over lattices with empty places",
        "place by place in plain Python (`lasers_plain`)", "links", 0, "Whole numbers.", lattices,
    ),
    Validation(
        "links to the nearest satellites, chosen at every instant", "all pairs in plain Python (`lasers_plain`)",
        "links", 0, "None may differ; ranges are equal to the last bit of float32.", nearest,
    ),
)  # fmt: skip
