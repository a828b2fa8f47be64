"""The best satellites at the door: what they are, in which order, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from obrii import frames
from obrii.errors import ModelError
from obrii.links.best import best_satellites
from obrii.links.visibility import observers, sight_lines


def above(latitude_deg: list[float], longitude_deg: list[float], altitude_m: float = 550e3) -> np.ndarray:
    """Satellites above places, as one step of positions."""
    altitude = np.full(len(latitude_deg), altitude_m)
    return frames.geodetic_to_cartesian(np.array(latitude_deg), np.array(longitude_deg), altitude)[None].astype(
        np.float32
    )


def test_without_ways_the_nearest_come_first():
    site = observers([50.0], [30.0], 0.0, 25.0)
    satellite, score_m = best_satellites(site, above([53.0, 50.0, 51.0, 10.0], [30.0, 30.0, 30.0, 30.0]))
    assert satellite.tolist() == [[[1], [2], [0]]]
    nearest_m = np.sort(sight_lines(site, above([53.0, 50.0, 51.0], [30.0] * 3)).range_m)
    np.testing.assert_array_equal(score_m[0, :, 0], nearest_m)


def test_a_short_way_down_makes_up_for_a_long_range():
    site = observers([50.0], [30.0], 0.0, 25.0)
    far_and_near = above([54.0, 50.0], [30.0, 30.0])
    assert best_satellites(site, far_and_near, np.array([0.0, 2e6]), k=1)[0].item() == 0
    assert best_satellites(site, far_and_near, np.array([2e6, 0.0]), k=1)[0].item() == 1


def test_a_satellite_without_a_way_down_or_a_place_is_no_use():
    site = observers([50.0], [30.0], 0.0, 25.0)
    points = above([50.0, 51.0, 52.0], [30.0, 30.0, 30.0])
    points[:, :, 1] = np.nan
    satellite, score_m = best_satellites(site, points, np.array([np.inf, 0.0, 0.0]))
    assert satellite.tolist() == [[[2], [-1], [-1]]]
    assert np.isinf(score_m[0, 1:]).all()


def test_equal_scores_fall_to_the_lower_number():
    site = observers([50.0], [30.0], 0.0, 25.0)
    same = above([51.0] * 6, [30.0] * 6)
    assert best_satellites(site, same, k=4)[0][0, :, 0].tolist() == [0, 1, 2, 3]
    assert best_satellites(site, same, np.array([5.0, 0, 5, 0, 5, 0]), k=4)[0][0, :, 0].tolist() == [1, 3, 5, 0]


def test_sites_come_in_the_order_of_their_blocks():
    draw = np.random.default_rng(5)
    latitude, longitude = draw.uniform(-60, 60, 80), draw.uniform(-180, 180, 80)
    sites = observers(latitude, longitude, 0.0, 25.0)
    satellite, _ = best_satellites(sites, above(latitude.tolist(), longitude.tolist()), k=1)
    # Above every site stands its own satellite.
    np.testing.assert_array_equal(satellite[0, 0], sites.blocks.site)
    np.testing.assert_array_equal(satellite[0, 0, sites.blocks.place], np.arange(80))


def test_the_best_are_the_best_of_the_sight_lines():
    draw = np.random.default_rng(6)
    sites = observers(draw.uniform(45, 55, 60), draw.uniform(20, 40, 60), 0.0, 25.0)
    points = above(draw.uniform(30, 70, 150).tolist(), draw.uniform(0, 60, 150).tolist())
    way_m = draw.uniform(0, 1e6, 150).astype(np.float32)
    sights, (satellite, score_m) = sight_lines(sites, points), best_satellites(sites, points, way_m, k=2)
    for site, place in enumerate(sites.blocks.place):
        listed = sights.of(0, site)
        scores = sights.range_m[listed] + way_m[sights.satellite[listed]]
        order = np.argsort(scores, kind="stable")[:2]
        np.testing.assert_array_equal(satellite[0, :, place], sights.satellite[listed][order])
        np.testing.assert_array_equal(score_m[0, :, place], scores[order])


def test_no_sites_no_satellites_and_no_steps_are_empty_answers():
    nobody, somebody = observers([], [], 0.0, 25.0), observers([0.0], [0.0], 0.0, 25.0)
    assert best_satellites(nobody, np.zeros((2, 3, 5), np.float32))[0].shape == (2, 3, 0)
    assert best_satellites(somebody, np.zeros((2, 3, 0), np.float32))[0].tolist() == [[[-1]] * 3] * 2
    assert best_satellites(somebody, np.zeros((0, 3, 5), np.float32))[1].shape == (0, 3, 1)


def test_answers_cannot_be_written_to():
    for array in best_satellites(observers([0.0], [0.0], 0.0, 25.0), above([0.0], [0.0])):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"xyz_m": np.zeros((1, 5, 3), np.float32)}, r"xyz_m has shape \(1, 5, 3\)"),
        ({"way_m": np.zeros(3)}, r"way_m has shape \(3,\); give \(2,\)"),
        ({"way_m": np.array([0.0, -1.0])}, "way_m of satellite 1 is -1"),
        ({"way_m": np.array([np.nan, 0.0])}, "way_m of satellite 0 is nan"),
        ({"k": 0}, "k is 0"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(changed: dict, words: str):
    site = observers([0.0], [0.0], 0.0, 25.0)
    with pytest.raises(ModelError, match=words):
        best_satellites(site, **{"xyz_m": above([0.0, 1.0], [0.0, 0.0])} | changed)
