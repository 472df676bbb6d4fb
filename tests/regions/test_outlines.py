"""Municipalities and postcodes on a flat map."""

import re

import pytest

from regions import outlines
from regions.distances import distance_km
from regions.outlines import UNIT_M, Box, Detail
from tests import factories

ROTTERDAM, GRONINGEN = (51.9225, 4.4792), (53.2194, 6.5665)


def corners(path):
    """The first corner of each ring, and how many lines follow it."""
    return [
        ((int(x), int(y)), len(re.findall(r"-?\d+", steps)) // 2)
        for x, y, steps in re.findall(r"M(-?\d+) (-?\d+)l([^z]*)z", path)
    ]


def test_the_plane_keeps_distances_within_two_per_cent():
    (ax, ay), (bx, by) = outlines.project(ROTTERDAM), outlines.project(GRONINGEN)

    flat = ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5 * UNIT_M / 1000

    assert flat == pytest.approx(distance_km(ROTTERDAM, GRONINGEN), rel=0.02)


def test_north_is_up_and_east_is_right():
    (ax, ay), (bx, by) = outlines.project(ROTTERDAM), outlines.project(GRONINGEN)

    assert (ax < bx, ay > by) == (True, True)


def test_a_municipality_has_a_closed_path_in_whole_units(world):
    boundary = factories.square(52.0, 4.5, half=0.05)
    world.municipality("Vierkant", boundary=boundary)

    outline = next(iter(outlines.outlines(Detail.NEAR).values()))

    x, y = outlines.project((51.95, 4.45))
    assert outline.name == "Vierkant"
    assert [count for _first, count in corners(outline.path)] == [3]
    assert outline.box.left <= x <= outline.box.left + 1
    assert outline.box.bottom - 1 <= y <= outline.box.bottom
    assert outline.box.left < outline.middle[0] < outline.box.right


def test_islands_and_holes_are_rings_of_their_own(world):
    islands = [factories.square(52.0, lon, half=0.05)["coordinates"] for lon in (4.5, 5.5)]
    hole = factories.square(52.0, 4.5, half=0.02)["coordinates"][0]
    islands[0].append(hole)
    world.municipality("Eilanden", boundary={"type": "MultiPolygon", "coordinates": islands})

    outline = next(iter(outlines.outlines(Detail.NEAR).values()))

    assert len(corners(outline.path)) == 3


def test_outlines_are_kept_until_the_directory_changes(world, django_assert_num_queries):
    world.municipality("Eerste")
    assert len(outlines.outlines(Detail.FAR)) == 1

    with django_assert_num_queries(0):
        outlines.outlines(Detail.FAR)

    world.postcode("3011", municipality="Tweede")
    assert len(outlines.outlines(Detail.FAR)) == 2


def test_only_postcodes_where_people_live_have_a_point(world):
    world.postcode("3011")
    world.postcode("3000", po_box_only=True, latitude=None, longitude=None)

    points = outlines.points()

    assert points == {"3011": outlines.project(factories.point_of("3011"))}


def test_boxes_meet_and_grow():
    here, there, far = Box(0, 0, 2, 2), Box(2, 1, 4, 3), Box(5, 5, 6, 6)

    assert here.meets(there)
    assert not here.meets(far)
    assert here.around(far) == Box(0, 0, 6, 6)
    assert outlines.box_of([here, there, far]) == Box(0, 0, 6, 6)
    assert outlines.box_of([]) is None
    assert (there.width, there.height) == (2, 2)
