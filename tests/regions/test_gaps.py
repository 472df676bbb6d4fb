"""Reach -> postcodes and sectors without a regional office, and who is nearest for them."""

import pytest
from geopy.distance import geodesic, great_circle
from hypothesis import HealthCheck, given, settings

from regions.gaps import Nearest, distances_of, find_gaps, stored_gaps
from regions.models import Gap
from regions.reach import Distances, cover, read_areas, read_ground
from tests.factories import point_of
from tests.regions import random_areas
from tests.regions.random_areas import countries

ALL = ["po", "vo", "mbo", "ho", "so", "pro", "vavo"]


def gaps(postcode):
    """The sectors without a regional office."""
    return set(Gap.objects.filter(postcode=postcode).values_list("sector", flat=True))


def test_a_sector_is_a_gap_where_no_serving_office_has_it(world):
    world.office("here", sectors=["po", "ho"], serves=["3011"])

    assert gaps("3011") == set(ALL) - {"po", "ho"}


def test_a_world_without_offices_is_all_gap_without_a_nearest(world):
    world.postcode("3011")

    assert gaps("3011") == set(ALL)
    assert set(stored_gaps().values()) == {Nearest(None, None)}


def test_an_office_known_by_its_drawn_area_closes_the_gap(world):
    world.office("drawn", sectors=["vo"], draws=["3011"])

    assert "vo" not in gaps("3011")


def test_an_office_found_for_one_sector_closes_the_gaps_of_all_its_sectors(world):
    world.office("drawn", sectors=["vo", "ho"], draws=["3011"])

    assert gaps("3011") == set(ALL) - {"vo", "ho"}


def test_a_nationwide_office_closes_no_gap_and_is_nowhere_nearest(world):
    world.postcode("3011")

    world.office("landelijk", sectors=["po"], nationwide=True)

    assert stored_gaps()["3011", "po"] == Nearest(None, None)


def test_the_nearest_office_with_the_sector_is_told_with_its_distance(world):
    world.postcode("3011")
    world.office("nearer-without", sectors=["vo"], serves=["3012"])
    near = world.office("near", sectors=["po"], serves=["3013"])
    world.office("far", sectors=["po"], serves=["9011"])

    nearest = stored_gaps()["3011", "po"]

    kilometres = round(geodesic(point_of("3011"), point_of("3013")).kilometers, 3)
    assert nearest == Nearest(near.pk, kilometres)


def test_the_nearest_office_is_the_one_by_geodesic_also_where_a_sphere_says_another(world):
    world.postcode("3500", latitude=52.0, longitude=5.0)
    world.postcode("3600", latitude=52.2, longitude=5.0)
    world.postcode("3501", latitude=52.0, longitude=5.3246)
    world.office("east", sectors=["po"], serves=["3501"])

    north = world.office("north", sectors=["po"], serves=["3600"])

    assert great_circle((52.0, 5.0), (52.0, 5.3246)) < great_circle((52.0, 5.0), (52.2, 5.0))
    assert stored_gaps()["3500", "po"].office == north.pk


def test_the_nearest_office_may_be_far_beyond_30_km(world):
    world.postcode("3011")

    far = world.office("far", sectors=["po"], serves=["9011"])

    nearest = stored_gaps()["3011", "po"]
    assert nearest.office == far.pk
    assert nearest.distance_km > 150


def test_an_office_without_an_area_is_nowhere_nearest(world):
    world.postcode("3011")
    world.office("nowhere", sectors=["po"])

    assert stored_gaps()["3011", "po"] == Nearest(None, None)


def test_a_split_postcode_counts_in_its_own_municipality(world):
    world.postcode("3011", municipality="Rotterdam", shares={"Rotterdam": 0.7, "Schiedam": 0.3})
    world.postcode("3111", municipality="Schiedam")
    world.office("schiedam", sectors=["po"], serves=["3111"])

    assert "po" in gaps("3011")

    world.office("rotterdam", sectors=["po"], serves=["3011"])

    assert "po" not in gaps("3011")


def test_postcodes_with_po_boxes_only_are_no_gaps(world):
    world.postcode("3000", po_box_only=True)

    assert gaps("3000") == set()


def test_finding_takes_one_query(world, django_assert_num_queries):
    world.office("here", serves=["3011"])
    coverage = cover(read_ground(), read_areas())

    with django_assert_num_queries(1):
        find_gaps(coverage, Distances(coverage))


def test_distances_of_stored_gaps_are_known_per_office(world):
    world.postcode("3011")
    near = world.office("near", sectors=["po"], serves=["3013"])
    ground = read_ground()

    known = distances_of(stored_gaps(), ground)

    assert known.keys() == {near.pk}
    spot = next(spot for spot in ground.spots if spot.postcode == "3011")
    assert known[near.pk][spot] == stored_gaps()["3011", "po"].distance_km


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(country=countries())
def test_gaps_of_any_country_are_those_found_by_trying_everything(world, country):
    ground, areas = country
    coverage = cover(ground, areas)

    found = find_gaps(coverage, Distances(coverage))

    expected = {}
    for column, spot in enumerate(ground.spots):
        serving = random_areas.serving(ground, areas, column)
        for sector in ALL:
            able = [area for area in areas if sector in area.sectors and not area.nationwide]
            if not ground.is_main[column] or any(area.id in serving for area in able):
                continue
            far = [
                (round(kilometres, 3), area.id)
                for area in able
                for kilometres in [random_areas.kilometres(ground, areas, area, column)]
                if kilometres is not None
            ]
            distance, office = min(far, default=(None, None))
            expected[spot.postcode, sector] = Nearest(office, distance)
    assert found == expected
