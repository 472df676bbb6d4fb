"""Two points -> kilometres (geopy, geodesic)."""

from geopy.distance import geodesic

Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84, in this order."""


def distance_km(a: Point, b: Point) -> float:
    """Kilometres between two points along the surface of the WGS 84 ellipsoid.

    Exact to the millimetre (Karney's algorithm in geographiclib), so the points are what limits
    it. The same from `a` to `b` as back, to the last bit, and 0 for equal points. Takes about
    60 µs: find candidates by something cheaper, and measure those.
    Raises ValueError for a latitude beyond 90 or a longitude beyond 180 degrees, or no number.
    """
    _require_on_the_globe(a)
    _require_on_the_globe(b)
    return float(geodesic(a, b).kilometers)


def _require_on_the_globe(point: Point) -> None:
    latitude, longitude = point
    # A NaN compares as false, so it is refused too.
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError("A point is (latitude, longitude): at most 90 and 180 degrees.")
