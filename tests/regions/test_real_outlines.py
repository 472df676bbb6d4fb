"""The outlines of the real municipalities: all there, light, and without gaps between them."""

import re

import pytest

from regions import outlines
from regions.outlines import Detail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_directory")]


def corners_of(path):
    """All corners, on the plane."""
    for x, y, steps in re.findall(r"M(-?\d+) (-?\d+)l([^z]*)z", path):
        at = int(x), int(y)
        yield at
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            at = at[0] + dx, at[1] + dy
            yield at


@pytest.mark.parametrize(("detail", "most"), [(Detail.FAR, 45_000), (Detail.NEAR, 125_000)])
def test_every_municipality_is_drawn_lightly(detail, most):
    drawn = outlines.outlines(detail)

    assert len(drawn) == 342
    assert sum(len(outline.path) for outline in drawn.values()) < most
    assert all(outline.path.startswith("M") for outline in drawn.values())


@pytest.mark.parametrize("detail", Detail)
def test_neighbours_share_the_corners_of_their_border(detail):
    """Delft lies between others: each of its corners is a corner of a neighbour too."""
    drawn = outlines.outlines(detail)
    others = {
        corner
        for code, outline in drawn.items()
        if code != "GM0503"
        for corner in corners_of(outline.path)
    }

    assert set(corners_of(drawn["GM0503"].path)) <= others


def test_every_postcode_lies_on_the_map():
    country = outlines.box_of(each.box for each in outlines.outlines(Detail.NEAR).values())

    points = outlines.points()

    assert len(points) == 4072
    assert all(country.meets(outlines.Box(*spot, *spot)) for spot in points.values())
