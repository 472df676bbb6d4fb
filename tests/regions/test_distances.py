"""Two points -> kilometres."""

import pytest
from hypothesis import example, given, strategies as st

from regions.distances import distance_km

ROTTERDAM = (51.9225, 4.47917)
MAASTRICHT = (50.85137, 5.69097)

points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@given(points, points)
@example((51.9, 4.5), (50.9, 5.7))
def test_the_way_back_is_as_long(a, b):
    there = distance_km(a, b)

    back = distance_km(b, a)

    assert there == back


@given(points)
def test_a_point_is_at_no_distance_from_itself(point):
    distance = distance_km(point, point)

    assert distance == 0


@given(points, points)
def test_no_distance_is_negative_or_longer_than_half_the_globe(a, b):
    distance = distance_km(a, b)

    assert 0 <= distance < 20_004


def test_a_distance_is_geodesic_and_not_of_a_sphere():
    distance = distance_km(ROTTERDAM, MAASTRICHT)

    # Great circle gives 145.793 km.
    assert distance == pytest.approx(145.9997, abs=0.001)


def test_one_degree_of_latitude_comes_first():
    north = distance_km((52.0, 5.0), (53.0, 5.0))
    east = distance_km((52.0, 5.0), (52.0, 6.0))

    assert north == pytest.approx(111.27, abs=0.01)
    assert east == pytest.approx(68.68, abs=0.01)


@pytest.mark.parametrize(
    "point",
    [
        (90.1, 0.0),
        (-90.1, 0.0),
        (0.0, 180.1),
        (0.0, -180.1),
        (float("nan"), 0.0),
        (0.0, float("nan")),
        (float("inf"), 0.0),
    ],
)
def test_a_point_off_the_globe_is_refused(point):
    with pytest.raises(ValueError, match="latitude, longitude"):
        distance_km(point, ROTTERDAM)

    with pytest.raises(ValueError, match="latitude, longitude"):
        distance_km(ROTTERDAM, point)
