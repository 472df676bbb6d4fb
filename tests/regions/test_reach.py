"""Areas -> who serves what, how we know, and how far away the others are."""

import pytest
from geopy.distance import geodesic, great_circle
from hypothesis import given

from regions.models import Reach
from regions.reach import (
    NEARBY_KM,
    Distances,
    OfficeArea,
    Spot,
    cover,
    distances_of,
    reach_rows,
    read_areas,
    read_ground,
)
from tests.factories import RegionalOfficeFactory, point_of
from tests.regions import random_areas
from tests.regions.random_areas import countries

BY_MAP = ["po", "vo", "mbo"]
NOT_BY_MAP = ["ho", "so", "pro", "vavo"]


def serving(postcode, **of):
    """The slugs of the offices that serve a postcode."""
    rows = Reach.objects.filter(postcode=postcode, serves=True, **of)
    return set(rows.values_list("office__slug", flat=True))


def row(office, postcode):
    """What is stored of an office and a postcode; None when there is no row."""
    return Reach.objects.filter(office=office, postcode=postcode).first()


def test_an_office_serves_the_municipalities_on_its_list(world):
    world.postcode("3011", municipality="Rotterdam")
    world.postcode("3012", municipality="Rotterdam")
    world.postcode("3111", municipality="Schiedam")

    world.office("rijnmond", serves=["3011"])

    assert serving("3011") == serving("3012") == {"rijnmond"}
    assert serving("3111") == set()


def test_an_office_serves_the_single_postcodes_on_its_list_alone(world):
    world.postcode("3011", municipality="Rotterdam")
    world.postcode("3012", municipality="Rotterdam")

    office = world.office("centrum", part=["3011"])

    assert serving("3011") == {"centrum"}
    assert serving("3012") == set()
    assert row(office, "3011").by_list


@pytest.mark.parametrize("sector", BY_MAP)
def test_a_drawn_area_counts_where_no_list_has_the_sector(world, sector):
    office = world.office("drawn", sectors=[sector], draws=["3011"])

    assert serving("3011") == {"drawn"}
    assert (row(office, "3011").by_list, row(office, "3011").by_polygon) == (False, True)


@pytest.mark.parametrize("sector", BY_MAP)
def test_a_list_beats_a_drawn_area_with_the_same_sector(world, sector):
    world.office("named", sectors=[sector], serves=["3011"])

    world.office("drawn", sectors=[sector], draws=["3011"])

    assert serving("3011") == {"named"}


def test_a_drawn_area_counts_for_each_sector_by_itself(world):
    world.office("named", sectors=["po"], serves=["3011"])

    world.office("drawn", sectors=["po", "vo"], draws=["3011"])

    assert serving("3011") == {"named", "drawn"}


def test_a_list_of_a_sector_that_the_drawn_area_lacks_is_no_reason_to_leave_it_out(world):
    world.office("named", sectors=["vo", "ho"], serves=["3011"])

    world.office("drawn", sectors=["mbo", "ho"], draws=["3011"])

    assert serving("3011") == {"named", "drawn"}


@pytest.mark.parametrize("sector", NOT_BY_MAP)
def test_a_drawn_area_never_counts_for_other_sectors(world, sector):
    office = world.office("drawn", sectors=[sector], draws=["3011"])

    assert serving("3011") == set()
    assert row(office, "3011") is None


def test_all_drawn_areas_count_where_none_is_listed(world):
    world.office("first", draws=["3011"])

    world.office("second", draws=["3011"])

    assert serving("3011") == {"first", "second"}


def test_an_office_on_the_list_that_draws_too_is_known_by_both(world):
    office = world.office("both", serves=["3011"], draws=["3011"])

    assert (row(office, "3011").by_list, row(office, "3011").by_polygon) == (True, True)


def test_a_drawn_area_that_loses_to_a_list_is_still_told(world):
    world.office("named", serves=["3011"])
    drawn = world.office("drawn", serves=["3012"], draws=["3011"])

    beaten = row(drawn, "3011")

    assert (beaten.serves, beaten.by_list, beaten.by_polygon) == (False, False, True)
    assert beaten.distance_km == pytest.approx(2.1, abs=0.1)


def test_a_drawn_area_with_a_hole_does_not_reach_into_it(world):
    world.postcode("3011")
    world.postcode("3012")
    latitude, longitude = point_of("3011")
    outer, inner = (
        [[longitude + dx, latitude + dy] for dx, dy in corners]
        for corners in (
            [(-0.1, -0.1), (0.1, -0.1), (0.1, 0.1), (-0.1, 0.1), (-0.1, -0.1)],
            [(-0.01, -0.01), (-0.01, 0.01), (0.01, 0.01), (0.01, -0.01), (-0.01, -0.01)],
        )
    )

    world.office("ring", drawn_area={"type": "Polygon", "coordinates": [outer, inner]})

    assert serving("3011") == set()
    assert serving("3012") == {"ring"}


def test_a_drawn_area_may_have_several_parts(world):
    world.postcode("3050")

    office = world.office("islands", draws=["3011", "3099"])

    assert office.drawn_area["type"] == "MultiPolygon"
    assert serving("3011") == serving("3099") == {"islands"}
    assert serving("3050") == set()


def test_a_nationwide_office_serves_every_postcode_and_is_on_no_list(world):
    world.postcode("3011")
    world.postcode("9011")

    office = world.office("landelijk", nationwide=True, draws=["3011"], serves=["3011"])

    assert serving("3011") == serving("9011") == {"landelijk"}
    assert (row(office, "3011").by_list, row(office, "3011").by_polygon) == (False, False)
    assert row(office, "9011").distance_km == 0


def test_the_list_of_a_nationwide_office_does_not_beat_a_drawn_area(world):
    world.office("landelijk", nationwide=True, serves=["3011"])

    world.office("drawn", draws=["3011"])

    assert serving("3011") == {"landelijk", "drawn"}


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_offices_that_are_not_published_neither_serve_nor_beat_a_drawn_area(world, state):
    world.office("hidden", serves=["3011"], state=state)

    world.office("drawn", draws=["3011"])

    assert serving("3011") == {"drawn"}


def test_a_split_postcode_is_served_in_each_of_its_municipalities(world):
    world.postcode("3011", municipality="Rotterdam", shares={"Rotterdam": 0.7, "Schiedam": 0.3})
    world.postcode("3111", municipality="Schiedam")

    world.office("rotterdam", serves=["3011"])
    world.office("schiedam", serves=["3111"])

    assert serving("3011", municipality__name="Rotterdam") == {"rotterdam"}
    assert serving("3011", municipality__name="Schiedam") == {"schiedam"}


def test_a_postcode_listed_by_itself_counts_in_its_own_municipality(world):
    world.postcode("3011", municipality="Rotterdam", shares={"Rotterdam": 0.7, "Schiedam": 0.3})

    world.office("centrum", part=["3011"])

    assert serving("3011", municipality__name="Rotterdam") == {"centrum"}
    assert serving("3011", municipality__name="Schiedam") == set()


def test_a_split_postcode_whose_shares_leave_its_own_municipality_out_keeps_it(world):
    world.postcode("3011", municipality="Rotterdam", shares={"Schiedam": 0.3})

    world.office("rotterdam", serves=["3011"])

    assert serving("3011", municipality__name="Rotterdam") == {"rotterdam"}


def test_postcodes_with_po_boxes_only_have_no_reach(world):
    world.postcode("3000", municipality="Rotterdam", po_box_only=True)
    world.postcode("3011", municipality="Rotterdam")

    world.office("rotterdam", serves=["3011"], part=["3000"])
    world.office("landelijk", nationwide=True)

    assert not Reach.objects.filter(postcode="3000").exists()


def test_a_served_postcode_is_at_no_distance(world):
    office = world.office("here", serves=["3011"], visiting_latitude=52.9, visiting_longitude=6.9)

    assert row(office, "3011").distance_km == 0


def test_the_distance_is_the_geodesic_one_to_the_nearest_served_postcode(world):
    world.postcode("3014")

    office = world.office("there", serves=["3001", "3011"])

    expected = geodesic(point_of("3014"), point_of("3011")).kilometers
    assert row(office, "3014").distance_km == round(expected, 3)


def test_the_distance_is_the_one_to_the_visiting_address_where_there_is_one(world):
    world.postcode("3014")

    office = world.office("there", serves=["3011"], visiting_latitude=51.3, visiting_longitude=4.4)

    expected = geodesic(point_of("3014"), (51.3, 4.4)).kilometers
    assert row(office, "3014").distance_km == round(expected, 3)


def test_the_nearest_is_the_one_by_geodesic_also_where_a_sphere_says_another(world):
    """To the east a sphere is 0.3 % short, to the north less than 0.1 %."""
    world.postcode("3500", latitude=52.0, longitude=5.0)
    world.postcode("3600", latitude=52.2, longitude=5.0)
    world.postcode("3501", latitude=52.0, longitude=5.3246)

    office = world.office("both", serves=["3600", "3501"])

    assert great_circle((52.0, 5.0), (52.0, 5.3246)) < great_circle((52.0, 5.0), (52.2, 5.0))
    expected = geodesic((52.0, 5.0), (52.2, 5.0)).kilometers
    assert row(office, "3500").distance_km == round(expected, 3)


def test_postcodes_beyond_30_km_have_no_row(world):
    latitude, longitude = point_of("3011")
    degree = geodesic((latitude, longitude), (latitude + 1, longitude)).kilometers
    world.postcode("3111", latitude=latitude + 29.9 / degree, longitude=longitude)
    world.postcode("3112", latitude=latitude + 30.1 / degree, longitude=longitude)

    office = world.office("here", serves=["3011"])

    assert row(office, "3111").distance_km == pytest.approx(29.9, abs=0.05)
    assert row(office, "3112") is None


def test_a_nationwide_office_with_an_address_is_at_no_distance_anywhere(world):
    world.postcode("9011")

    office = world.office(
        "landelijk", nationwide=True, visiting_latitude=51.3, visiting_longitude=4.4
    )

    assert (row(office, "9011").serves, row(office, "9011").distance_km) == (True, 0)


def test_the_distances_between_two_offices_are_the_same_from_both_sides(world):
    east = world.office("east", serves=["3014"])
    west = world.office("west", serves=["3011"])

    there, back = row(east, "3011").distance_km, row(west, "3014").distance_km

    assert there == back > 0


def test_reading_takes_six_queries_whatever_the_number_of_offices(world, django_assert_num_queries):
    for number in range(5):
        world.office(f"office-{number}", serves=["3011"], part=["3012"], draws=["3013"])

    with django_assert_num_queries(2):
        read_ground()
    with django_assert_num_queries(4):
        read_areas()


def test_what_is_read_of_an_office_is_what_counts(world):
    world.postcode("3011", municipality="Rotterdam")
    office = world.office(
        "here",
        sectors=["po", "so"],
        serves=["3011"],
        part=["3012"],
        draws=["3013"],
        visiting_latitude=51.5,
        visiting_longitude=4.5,
    )
    RegionalOfficeFactory(slug="hidden", state="draft")

    (area,) = read_areas()

    assert area == OfficeArea(
        id=office.pk,
        sectors=frozenset({"po", "so"}),
        nationwide=False,
        municipalities=frozenset({"GM3011"}),
        postcodes=frozenset({"3012"}),
        drawn_area=world.around("3013"),
        visiting_point=(51.5, 4.5),
    )


@given(countries())
def test_any_country_is_covered_by_the_rule(country):
    ground, areas = country

    coverage = cover(ground, areas)

    for column in range(len(ground.spots)):
        for number, area in enumerate(areas):
            told = [flags[number, column] for flags in (coverage.by_list, coverage.by_polygon)]
            assert told == [
                random_areas.lists(area, ground, column),
                random_areas.draws(area, ground, column),
            ]
        found = {area.id for number, area in enumerate(areas) if coverage.serves[number, column]}
        assert found == random_areas.serving(ground, areas, column)


@given(countries())
def test_a_listed_office_keeps_every_office_without_a_sector_of_its_own_off_the_map(country):
    """The same rule, from the side of who must not be found: it needs no oracle."""
    ground, areas = country

    coverage = cover(ground, areas)

    for column in range(len(ground.spots)):
        listed = set()
        for number, area in enumerate(areas):
            if coverage.by_list[number, column]:
                listed |= area.sectors
        for number, area in enumerate(areas):
            by_map = coverage.serves[number, column] and not coverage.by_list[number, column]
            if by_map and not area.nationwide:
                assert area.sectors & set(BY_MAP) - listed


@given(countries())
def test_rows_are_the_served_spots_and_those_within_30_km_by_brute_force(country):
    ground, areas = country
    coverage = cover(ground, areas)
    distances = Distances(coverage)

    for number, area in enumerate(areas):
        expected = {}
        for column, spot in enumerate(ground.spots):
            if area.id in random_areas.serving(ground, areas, column):
                expected[spot] = (True, 0.0)
                continue
            far = random_areas.kilometres(ground, areas, area, column)
            if far is not None and round(far, 3) <= NEARBY_KM:
                expected[spot] = (False, round(far, 3))

        rows = reach_rows(coverage, distances, number)

        assert {spot: (facts.serves, facts.distance_km) for spot, facts in rows.items()} == expected


@given(countries())
def test_remembered_distances_give_the_same_rows_as_measured_ones(country):
    ground, areas = country
    coverage = cover(ground, areas)
    measured = Distances(coverage)
    rows = [reach_rows(coverage, measured, number) for number in range(len(areas))]

    remembering = Distances(coverage)
    for number in range(len(areas)):
        remembering.remember(number, distances_of(rows[number]))

    assert [reach_rows(coverage, remembering, number) for number in range(len(areas))] == rows
    assert [measured.fingerprint(number) for number in range(len(areas))] == [
        remembering.fingerprint(number) for number in range(len(areas))
    ]


def test_neighbours_are_the_regional_offices_with_a_postcode_in_common(world):
    west = world.office("west", serves=["3011", "3012"])
    east = world.office("east", serves=["3012", "3013"])
    world.office("far", serves=["9011"])
    world.office("landelijk", nationwide=True)

    neighbours = cover(read_ground(), read_areas()).neighbours()

    assert neighbours[west.pk] == [east.pk]
    assert neighbours[east.pk] == [west.pk]
    assert sorted(map(len, neighbours.values())) == [0, 1, 1]


def test_the_size_of_an_area_is_counted_in_postcodes_of_its_own(world):
    world.postcode("3011", municipality="Rotterdam", shares={"Rotterdam": 0.7, "Schiedam": 0.3})
    world.postcode("3111", municipality="Schiedam")
    office = world.office("schiedam", serves=["3111"])

    served = cover(read_ground(), read_areas()).served_postcodes()

    assert served[office.pk] == {"3111"}
    assert row(office, "3011").municipality.name == "Rotterdam"


def test_a_spot_beside_a_served_one_of_the_same_postcode_is_not_served_but_at_no_distance(world):
    world.postcode("3011", municipality="Rotterdam", shares={"Rotterdam": 0.7, "Schiedam": 0.3})
    office = world.office("rotterdam", serves=["3011"])

    beside = Reach.objects.get(office=office, municipality__name="Schiedam")

    assert (beside.serves, beside.distance_km) == (False, 0)


def test_a_spot_is_a_postcode_in_a_municipality(world):
    world.postcode("3011", municipality="Rotterdam", shares={"Rotterdam": 0.7, "Schiedam": 0.3})
    world.postcode("3000", municipality="Rotterdam", po_box_only=True)

    ground = read_ground()

    assert ground.spots[0] == Spot("3011", "GM3011")
    assert [spot.postcode for spot in ground.spots] == ["3011", "3011"]
    assert ground.is_main.tolist() == [True, False]
