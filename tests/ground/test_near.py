"""What lies near a place or a line: exact on the sphere, wherever on the globe."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from obrii import frames
from obrii.errors import ScenarioError
from obrii.ground import near
from tests.reference import near_plain

#: Steps of the walk that distances are compared with [km]. From a walk past the foot of a point d km away at steps of
#: s km one is off by at most s/2 beside a line, and by s^2 / 8d far from it.
STEP_KM = 2.0

latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)
places = st.tuples(latitudes, longitudes)


def columns(points: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    both = np.array(points, float).reshape(-1, 2)
    return both[:, 0], both[:, 1]


@st.composite
def lines(draw) -> list[tuple[float, float]]:
    """A line of up to three points, each within some degrees of the one before: on the map, or around a pole."""
    points = [draw(places)]
    for _ in range(draw(st.integers(1, 2))):
        latitude = float(np.clip(points[-1][0] + draw(st.floats(-3, 3)), -90, 90))
        longitude = points[-1][1] + draw(st.floats(-4, 4))
        points.append((latitude, (longitude + 180.0) % 360.0 - 180.0))
    return points


@st.composite
def beside(draw) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """A line, and points that lie around it or anywhere."""
    line = draw(lines())
    points = draw(st.lists(places, min_size=1, max_size=3))
    for _ in range(3):
        at = draw(st.sampled_from(line))
        latitude = float(np.clip(at[0] + draw(st.floats(-2, 2)), -90, 90))
        points.append((latitude, at[1] + draw(st.floats(-2, 2))))
    return line, points


@given(beside())
def test_distances_are_those_of_a_walk_along_the_line(drawn) -> None:
    line, points = drawn
    found = near.distance_km(*columns(points), near.line(*columns(line)))
    walked = np.array([near_plain.walked_km(point, line, STEP_KM) for point in points])
    assert (found <= walked + 1e-6).all()
    assert (walked - found <= STEP_KM / 2 + 1e-6).all()


@given(beside(), st.floats(1, 400))
def test_what_lies_along_is_what_a_distance_says(drawn, reach_km: float) -> None:
    line, points = near.line(*columns(drawn[0])), columns(drawn[1])
    distance = near.distance_km(*points, line)
    assume((np.abs(distance - reach_km) > 1e-6).all())
    assert_array_equal(near.along(*points, line, reach_km), distance <= reach_km)


@given(beside(), st.floats(-180, 180), st.floats(-180, 180))
def test_turning_the_globe_changes_no_distance(drawn, about_axis: float, over_pole: float) -> None:
    # So that the antimeridian and the poles are places as any other. Rounding: 1e-8 rad where sines are flat, 0.1 m.
    line, points = drawn

    def turned(place: tuple[float, float]) -> tuple[float, float]:
        xyz = frames.up(np.array([place[0]]), np.array([place[1] + about_axis]))[:, 0]
        sine, cosine = np.sin(np.radians(over_pole)), np.cos(np.radians(over_pole))
        x, y, z = xyz[0] * cosine - xyz[2] * sine, xyz[1], xyz[0] * sine + xyz[2] * cosine
        return float(np.degrees(np.arctan2(z, np.hypot(x, y)))), float(np.degrees(np.arctan2(y, x)))

    before = near.distance_km(*columns(points), near.line(*columns(line)))
    after = near.distance_km(*columns(list(map(turned, points))), near.line(*columns(list(map(turned, line)))))
    assert_allclose(after, before, atol=1e-3)


def test_a_line_of_two_points_is_a_great_circle() -> None:
    # Between 40 N 0 E and 40 N 90 E the great circle culminates at atan(tan 40 / cos 45) = 49.88 N.
    line = near.line([40.0, 40.0], [0.0, 90.0])
    top = np.degrees(np.arctan(np.tan(np.radians(40.0)) / np.cos(np.radians(45.0))))
    assert near.distance_km(np.array([top, 40.0]), np.array([45.0, 45.0]), line)[0] < 1e-6
    assert line.length_km == pytest.approx(float(frames.great_circle_m(40.0, 0.0, 40.0, 90.0)) / 1e3)
    assert (2.0 * np.linalg.norm(line.a - line.b, axis=0) * 6371.0 / 2.0).max() <= 25.0


def test_beyond_its_ends_a_line_is_as_near_as_its_end() -> None:
    line = near.line([0.0, 0.0], [0.0, 10.0])
    found = near.distance_km(np.zeros(3), np.array([-1.0, 5.0, 12.0]), line)
    assert_allclose(found, np.array([1.0, 0.0, 2.0]) * np.pi / 180.0 * 6371.0, atol=1e-9)


def test_a_line_across_the_antimeridian_goes_the_short_way() -> None:
    line = near.line([0.0, 0.0], [179.9, -179.9])
    where = np.array([180.0, -180.0, 0.0, 179.95])
    assert near.along(np.zeros(4), where, line, 1.0).tolist() == [True, True, False, True]


def test_a_line_over_the_pole_passes_it() -> None:
    line = near.line([89.0, 89.0], [30.0, -150.0])
    assert near.distance_km(np.array([90.0]), np.array([0.0]), line)[0] < 1e-6
    assert near.along(np.full(36, 89.9), np.arange(36) * 10.0, line, 12.0).all()


def test_a_line_of_one_place_twice_is_that_place() -> None:
    line = near.line([50.0, 50.0], [30.0, 30.0])
    expected = float(frames.great_circle_m(51.0, 30.0, 50.0, 30.0)) / 1e3
    assert near.distance_km(np.array([51.0]), np.array([30.0]), line)[0] == pytest.approx(expected)


@pytest.mark.parametrize("apart_deg", [9e-15, 1e-12, 1e-10, 1e-7])
def test_a_line_of_two_places_next_to_each_other_is_about_one(apart_deg: float) -> None:
    # The great circle through them is rounding alone, and nothing may hang on it.
    line = near.line([8.0, 8.0], [2.6885950027240515, 2.6885950027240515 - apart_deg])
    where = np.array([8.0, 8.0, 8.2, 60.0]), np.array([2.6885950027240515, 2.9, 2.6885950027240515, 170.0])
    expected = frames.great_circle_m(*where, 8.0, 2.6885950027240515) / 1e3
    assert_allclose(near.distance_km(*where, line), expected, atol=1e-4)


def test_nothing_is_near_nothing() -> None:
    nothing = near.joined(np.empty((3, 0)), np.empty((3, 0)))
    assert near.along(np.zeros(2), np.zeros(2), nothing, 10.0).tolist() == [False, False]
    assert near.distance_km(np.empty(0), np.empty(0), near.line([0, 1], [0, 1])).shape == (0,)


def test_what_is_farther_than_asked_is_not_measured() -> None:
    line = near.line([0.0, 0.0], [0.0, 1.0])
    assert near.distance_km(np.array([0.5, 60.0]), np.array([0.5, 0.5]), line, 100.0)[1] == np.inf


@given(places, st.floats(0.001, 20_000), st.lists(places, min_size=1, max_size=5))
def test_a_disc_holds_what_lies_within_its_radius(centre, radius_km: float, points) -> None:
    apart = np.array([near_plain.apart_km(near_plain.vector(*point), near_plain.vector(*centre)) for point in points])
    assume((np.abs(apart - radius_km) > 1e-3).all())
    assert_array_equal(near.around(*columns(points), *centre, radius_km), apart <= radius_km)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: near.line([50.0], [30.0]), "1 latitudes and 1 longitudes; give two points or more"),
        (lambda: near.line([50.0, 51.0], [30.0]), "2 latitudes and 1 longitudes"),
        (lambda: near.line([50.0, 95.0], [30.0, 30.0]), "latitude 95, longitude 30 lies off the globe"),
        (lambda: near.line([0.0, 0.0], [0.0, 180.0]), "lie opposite each other; give one between them"),
        (lambda: near.along(np.zeros(1), np.zeros(1), near.line([0, 1], [0, 1]), 0.0), "reach_km: 0 is no distance"),
        (lambda: near.around(np.zeros(1), np.zeros(1), 0.0, 0.0, -5.0), "radius_km: -5 is no distance"),
        (lambda: near.around(np.zeros(1), np.zeros(1), 91.0, 0.0, 5.0), "place: latitude 91, longitude 0 lies off"),
        (lambda: near.Line(np.zeros((3, 2)), np.zeros((3, 1))), "b has shape (3, 1); both ends are (3, piece) alike"),
    ],
)
def test_what_is_no_place_or_distance_is_refused_with_the_remedy(make, said: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)):
        make()
