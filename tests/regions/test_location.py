"""A shared location -> the postcode it most likely lies in."""

import pytest
from geopy.distance import distance

from regions import versions
from regions.location import OutsideNetherlands, postcode_at
from tests.factories import square


@pytest.fixture
def map_of_two(world):
    """Two square municipalities side by side, a border at longitude 5.0, and four postcodes."""
    west, east = square(52.0, 4.9, half=0.1), square(52.0, 5.1, half=0.1)
    world.municipality("West", boundary=west)
    world.municipality("Oost", boundary=east)
    for code, municipality, longitude in (
        ("1011", "West", 4.82),
        ("1012", "West", 4.87),
        ("2011", "Oost", 5.01),
        ("2012", "Oost", 5.15),
    ):
        world.postcode(code, municipality=municipality, latitude=52.0, longitude=longitude)
    return world


@pytest.mark.parametrize(
    ("longitude", "postcode"), [(4.81, "1011"), (4.86, "1012"), (5.03, "2011"), (5.16, "2012")]
)
def test_a_location_is_in_the_nearest_postcode(map_of_two, longitude, postcode):
    assert postcode_at(latitude=52.01, longitude=longitude) == postcode


def test_the_nearest_postcode_of_the_own_municipality_beats_a_nearer_one_across_the_border(
    map_of_two,
):
    assert postcode_at(latitude=52.0, longitude=4.99) == "1012"


def test_the_nearest_is_found_by_kilometres_and_not_by_degrees(world):
    world.municipality("Stad", boundary=square(52.0, 5.0, half=0.5))
    with world.at_once():
        for code in range(1011, 1016):  # 8.9 km to the north
            world.postcode(str(code), municipality="Stad", latitude=52.08, longitude=5.0)
        # 6.9 km to the east
        world.postcode("1016", municipality="Stad", latitude=52.0, longitude=5.1)

    assert postcode_at(latitude=52.0, longitude=5.0) == "1016"


def test_the_nearest_is_found_on_the_ellipsoid_and_not_on_a_flat_map(world):
    world.municipality("Stad", boundary=square(52.0, 5.0, half=0.5))
    world.postcode("1011", municipality="Stad", latitude=52.0, longitude=5.3246)  # 22.29 km
    world.postcode("1012", municipality="Stad", latitude=52.2, longitude=5.0)  # 22.25 km

    assert postcode_at(latitude=52.0, longitude=5.0) == "1012"


def test_a_location_in_a_municipality_without_postcodes_gets_the_nearest_of_all(map_of_two):
    map_of_two.municipality("Leeg", boundary=square(52.2, 4.9, half=0.1))

    assert postcode_at(latitude=52.15, longitude=4.88) == "1012"


def test_postcodes_with_po_boxes_only_are_nowhere(map_of_two):
    map_of_two.postcode("1000", municipality="West", po_box_only=True)

    assert postcode_at(latitude=52.0, longitude=4.86) == "1012"


def test_a_location_on_the_border_has_a_postcode(map_of_two):
    assert postcode_at(latitude=52.0, longitude=5.0) in {"1012", "2011"}


@pytest.mark.parametrize("metres", [10, 1900])
def test_a_location_within_2_km_of_a_municipality_counts_as_there(map_of_two, metres):
    at_sea = distance(meters=metres).destination((52.0, 4.8), bearing=270)

    assert postcode_at(latitude=at_sea.latitude, longitude=at_sea.longitude) == "1011"


@pytest.mark.parametrize("metres", [2100, 20_000])
def test_a_location_further_out_is_outside_the_netherlands(map_of_two, metres):
    at_sea = distance(meters=metres).destination((52.0, 4.8), bearing=270)

    with pytest.raises(OutsideNetherlands) as outside:
        postcode_at(latitude=at_sea.latitude, longitude=at_sea.longitude)

    assert outside.value.code == "outside_netherlands"


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (float("nan"), 5.0),
        (52.0, float("nan")),
        (float("inf"), 5.0),
        (52.0, float("-inf")),
        (0.0, 0.0),
        (5.0, 52.0),
        (-52.0, 4.9),
        (91.0, 200.0),
        (1e308, -1e308),
    ],
)
def test_what_is_no_coordinate_here_is_outside_the_netherlands(map_of_two, latitude, longitude):
    with pytest.raises(OutsideNetherlands) as outside:
        postcode_at(latitude=latitude, longitude=longitude)

    assert str(latitude) not in str(outside.value)


def test_without_municipalities_or_postcodes_everything_is_outside(world):
    with pytest.raises(OutsideNetherlands):
        postcode_at(latitude=52.0, longitude=5.0)

    world.municipality("Leeg", boundary=square(52.0, 5.0))

    with pytest.raises(OutsideNetherlands):
        postcode_at(latitude=52.0, longitude=5.0)


def test_a_location_takes_two_queries_the_first_time_and_none_after(
    map_of_two, django_assert_num_queries
):
    versions.current()

    with django_assert_num_queries(2):
        postcode_at(latitude=52.0, longitude=4.86)
    with django_assert_num_queries(0):
        postcode_at(latitude=52.0, longitude=5.16)


def test_a_moved_postcode_is_found_in_the_next_version(map_of_two):
    assert postcode_at(latitude=52.0, longitude=4.86) == "1012"

    map_of_two.postcode("1013", municipality="West", latitude=52.0, longitude=4.86)

    assert postcode_at(latitude=52.0, longitude=4.86) == "1013"
