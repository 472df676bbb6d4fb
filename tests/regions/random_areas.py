"""Random small countries as values, and the rule of who serves what, told once more and slowly."""

import numpy as np
from geopy.distance import geodesic
from hypothesis import strategies as st

from regions.reach import Ground, OfficeArea, Spot
from tests.factories import point_of

POSTCODES = tuple(str(code) for code in (*range(3010, 3016), *range(3110, 3116), 3511, 3560, 9011))
MUNICIPALITIES = ("GM0001", "GM0002", "GM0003", "GM0004")
SECTORS = ("po", "vo", "mbo", "ho", "so", "pro")


@st.composite
def grounds(draw):
    """Some postcodes, of which some are split over two municipalities."""
    codes = draw(st.lists(st.sampled_from(POSTCODES), min_size=1, max_size=10, unique=True))
    main = [Spot(code, draw(st.sampled_from(MUNICIPALITIES))) for code in sorted(codes)]
    split = [
        Spot(spot.postcode, other)
        for spot in main
        for other in [draw(st.sampled_from(MUNICIPALITIES))]
        if other != spot.municipality and draw(st.booleans())
    ]
    return Ground(
        spots=(*main, *split),
        points=tuple(point_of(spot.postcode) for spot in (*main, *split)),
        is_main=np.arange(len(main) + len(split)) < len(main),
    )


@st.composite
def rectangles(draw):
    """GeoJSON of a rectangle whose sides run between the points, never through one."""
    south, north = sorted(draw(st.lists(st.integers(0, 90), min_size=2, max_size=2, unique=True)))
    west, east = sorted(draw(st.lists(st.integers(0, 65), min_size=2, max_size=2, unique=True)))
    south, north = 50.585 + 0.03 * south, 50.585 + 0.03 * north
    west, east = 3.985 + 0.03 * west, 3.985 + 0.03 * east
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


visiting_points = st.tuples(st.floats(50.6, 53.6), st.floats(3.3, 7.2))


@st.composite
def office_areas(draw, number):
    """One office with any mix of lists, drawn area, sectors and visiting address."""
    return OfficeArea(
        id=number,
        sectors=frozenset(draw(st.sets(st.sampled_from(SECTORS)))),
        nationwide=draw(st.sampled_from([False, False, False, True])),
        municipalities=frozenset(draw(st.sets(st.sampled_from(MUNICIPALITIES), max_size=2))),
        postcodes=frozenset(draw(st.sets(st.sampled_from(POSTCODES), max_size=3))),
        drawn_area=draw(st.none() | rectangles()),
        visiting_point=draw(st.none() | st.none() | visiting_points),
    )


@st.composite
def countries(draw):
    """A ground and the areas of at most five offices."""
    number = draw(st.integers(0, 5))
    return draw(grounds()), tuple(draw(office_areas(each + 1)) for each in range(number))


def lists(area, ground, column):
    """Whether the office itself says that it serves the spot."""
    spot = ground.spots[column]
    return not area.nationwide and (
        spot.municipality in area.municipalities
        or (bool(ground.is_main[column]) and spot.postcode in area.postcodes)
    )


def draws(area, ground, column):
    """Whether the spot's point lies in the office's rectangle."""
    if area.nationwide or area.drawn_area is None:
        return False
    (west, south), _, (east, north), *_ = area.drawn_area["coordinates"][0]
    latitude, longitude = ground.points[column]
    return south < latitude < north and west < longitude < east


def serving(ground, areas, column):
    """The ids of the offices that serve a spot, by the rule as the product tells it."""
    listed = [area for area in areas if lists(area, ground, column)]
    found = {area.id for area in listed} | {area.id for area in areas if area.nationwide}
    for sector in ("po", "vo", "mbo"):
        if not any(sector in area.sectors for area in listed):
            found |= {
                area.id for area in areas if sector in area.sectors and draws(area, ground, column)
            }
    return found


def kilometres(ground, areas, area, column):
    """From a spot to an office, by trying everything; None when the office has no area."""
    here = ground.points[column]
    if area.visiting_point:
        return geodesic(here, area.visiting_point).kilometers
    goals = [
        ground.points[other]
        for other in range(len(ground.spots))
        if ground.is_main[other] and area.id in serving(ground, areas, other)
    ]
    if area.nationwide or not goals:
        return None
    return min(geodesic(here, goal).kilometers for goal in goals)
