"""The kernels of the geostationary arc, `mark_band`, `mark_caps`, `drop_marked`, against brute force over its points.

They are called as the package calls them, through `in_arc` and `outside_arc`.
"""

from __future__ import annotations

import numba
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from obrii.links.geostationary import arc_zone, in_arc, outside_arc
from obrii.links.visibility import observers, sight_lines
from tests.reference.arc_plain import Site, Vector, foot, look, separation_deg, upward, visible_arc

#: What is asked of a sight line: to be judged right if it is further than this from the edge of the zone.
TOLERANCE_DEG = 0.02

#: What is claimed: float32 makes 0.00004 deg, the parabolas 0.00002 deg, the points of the arc 0.0005 deg at 1 deg.
EXACT_DEG = 0.001

LATITUDE = st.one_of(
    st.floats(-90, 90),
    # The equator, where the arc runs through the zenith; the last latitudes that see it; the poles.
    st.sampled_from([0.0, 1e-3, -1e-9, 78.0, -80.9, 81.2, -81.29, 81.4, 90.0, -90.0]),
)
SITE = st.builds(Site, LATITUDE, st.floats(-180, 180), st.sampled_from([0.0, -400.0, 3_000.0, 12_000.0]))
#: Anywhere above the mask: share of the sine, azimuth.
ANYWHERE = st.tuples(st.just("sky"), st.floats(0, 1), st.floats(0, 360))
#: Near the edge of the zone: share of the way along the arc, bearing from there, degrees beyond the edge.
AT_THE_EDGE = st.tuples(st.just("edge"), st.floats(0, 1), st.floats(0, 360), st.floats(-0.2, 0.2))


def eastward(vector: np.ndarray) -> np.ndarray:
    """A unit vector across another."""
    across = np.cross([0.0, 0.0, 1.0], vector)
    return across / np.linalg.norm(across)


def direction(site: Site, arc: list[Vector], mask_deg: float, angle_deg: float, place: tuple) -> np.ndarray:
    """A direction anywhere above the mask, or near the edge of the zone."""
    if place[0] == "sky" or not arc:
        _, share, azimuth_deg = place[:3]
        base = np.array(upward(site))
        sine = np.sin(np.radians(mask_deg))
        off = np.arccos(sine + share * (1.0 - sine))
    else:
        _, share, azimuth_deg, beyond_deg = place
        base = np.array(arc[round(share * (len(arc) - 1))])
        off = np.radians(angle_deg + beyond_deg)
    east = eastward(base) if abs(base[2]) < 0.999 else np.array([1.0, 0.0, 0.0])
    north = np.cross(base, east)
    azimuth = np.radians(azimuth_deg)
    side = np.sin(azimuth) * east + np.cos(azimuth) * north
    ray = np.cos(off) * base + np.sin(off) * (side - (side @ base) * base)
    return ray / np.linalg.norm(ray)


@given(
    SITE,
    st.floats(5, 60),
    st.floats(1, 60),
    st.lists(st.one_of(ANYWHERE, AT_THE_EDGE), min_size=1, max_size=12),
    st.floats(4e5, 3e6),
)
@example(Site(0.0, 0.0, 0.0), 25.0, 22.0, [("edge", k / 8, 0.0, 0.03) for k in range(9)], 1e6)
@example(Site(-50.0, 30.0, 0.0), 5.0, 60.0, [("edge", k / 8, 45.0 * k, -0.03) for k in range(9)], 1e6)
def test_a_sight_line_is_inside_if_brute_force_finds_a_point_of_the_arc_within_the_angle(
    site: Site, mask_deg: float, angle_deg: float, places: list[tuple], away_m: float
):
    arc = visible_arc(site)
    rays = np.array([direction(site, arc, mask_deg, angle_deg, place) for place in places])
    xyz_m = (np.array(foot(site))[:, None] + away_m * rays.T).astype(np.float32)
    who = observers([site.latitude_deg], [site.longitude_deg], site.altitude_m, mask_deg)
    sights = sight_lines(who, xyz_m[None])
    inside = in_arc(sights, arc_zone(who, angle_deg), xyz_m[None])
    for satellite, found in zip(sights.satellite.tolist(), inside.tolist()):
        away_deg = separation_deg(arc, look(site, tuple(xyz_m[:, satellite].tolist())))
        if abs(away_deg - angle_deg) > EXACT_DEG:
            assert found == (away_deg < angle_deg)


def whole_sky(site: Site, mask_deg: float, count: int, draw: np.random.Generator) -> np.ndarray:
    """Directions above a mask, uniform in solid angle, (3, count)."""
    sine = np.sin(np.radians(mask_deg))
    rise, azimuth = draw.uniform(sine, 1.0, count), draw.uniform(0.0, 2 * np.pi, count)
    longitude = np.radians(site.longitude_deg)
    east = np.array([-np.sin(longitude), np.cos(longitude), 0.0])
    up = np.array(upward(site))
    side = np.sin(azimuth) * east[:, None] + np.cos(azimuth) * np.cross(up, east)[:, None]
    return rise * up[:, None] + np.sqrt(1.0 - rise * rise) * side


@pytest.mark.skipif(
    bool(numba.config.DISABLE_JIT), reason="tens of thousands of sight lines are for the compiled kernel"
)
@pytest.mark.parametrize("limits", ["as filed", "any"])
def test_no_sight_line_further_from_the_edge_than_the_tolerance_is_misjudged(limits: str):
    draw = np.random.default_rng(9)
    judged = misjudged = 0
    worst_deg = 0.0
    for _ in range(20):
        site = Site(draw.uniform(-90, 90), draw.uniform(-180, 180), 0.0)
        mask_deg = 25.0 if limits == "as filed" else draw.uniform(5, 60)
        angle_deg = draw.choice([18.0, 22.0]) if limits == "as filed" else draw.uniform(1, 60)
        rays = whole_sky(site, mask_deg, 1_500, draw)
        xyz_m = (np.array(foot(site))[:, None] + 1e6 * rays).astype(np.float32)
        who = observers([site.latitude_deg], [site.longitude_deg], 0.0, mask_deg)
        sights = sight_lines(who, xyz_m[None])
        inside = in_arc(sights, arc_zone(who, angle_deg), xyz_m[None])
        arc = np.array(visible_arc(site)).reshape(-1, 3)
        nearest = (arc @ rays[:, sights.satellite]).max(axis=0, initial=-1.0)
        away_deg = np.degrees(np.arccos(np.minimum(nearest, 1.0)))
        wrong = np.abs(away_deg - angle_deg)[inside != (away_deg < angle_deg)]
        judged += inside.size
        misjudged += int(np.sum(wrong > TOLERANCE_DEG))
        worst_deg = max(worst_deg, wrong.max(initial=0.0))
    assert judged > 25_000
    assert misjudged == 0
    assert worst_deg < EXACT_DEG


@given(
    st.lists(st.tuples(st.floats(-85, 85), st.floats(-180, 180), st.floats(0, 40), st.floats(0, 50)), max_size=6),
    st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), max_size=40),
    st.integers(1, 3),
    st.integers(0, 1000),
)
def test_what_is_left_is_the_list_without_what_is_inside(sites, satellites, steps, first):
    latitude, longitude, mask_deg, angle_deg = np.array(sites).reshape(-1, 4).T
    who = observers(latitude, longitude, 0.0, mask_deg)
    below = np.radians(np.array(satellites).reshape(-1, 2).T)
    sphere = [np.cos(below[0]) * np.cos(below[1]), np.cos(below[0]) * np.sin(below[1]), np.sin(below[0])]
    # So high that a third of the Earth sees each; elsewhere at every step, and at last one is lost.
    xyz_m = np.array([2.6e7 * np.roll(sphere, step, axis=0) for step in range(steps)]).astype(np.float32)
    xyz_m[-1, :, :1] = np.nan
    sights, zone = sight_lines(who, xyz_m, first), arc_zone(who, angle_deg)
    inside = in_arc(sights, zone, xyz_m, first)
    found = outside_arc(sights, zone, xyz_m, first)
    for step in range(steps):
        for site in range(len(who)):
            row = sights.of(step, site)
            keep = ~inside[row]
            left = found.sights.of(step, site)
            for name in ("satellite", "range_m", "sin_elevation"):
                np.testing.assert_array_equal(getattr(found.sights, name)[left], getattr(sights, name)[row][keep])
            assert found.dropped[step, site] == inside[row].sum()
            assert found.blocked[step, site] == (inside[row].size > 0 and inside[row].all())
    # Each sight line is judged by itself: the same, site by site.
    for site in range(len(who)):
        alone = observers(latitude[[site]], longitude[[site]], 0.0, mask_deg[[site]])
        own = sight_lines(alone, xyz_m, first)
        flags = [inside[sights.of(step, site)] for step in range(steps)]
        np.testing.assert_array_equal(
            in_arc(own, arc_zone(alone, angle_deg[site]), xyz_m, first), np.concatenate([*flags, []]).astype(bool)
        )
