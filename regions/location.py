"""A shared location -> the postcode it most likely lies in. Nothing of it is kept."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import shape

from regions import versions
from regions.distances import distance_km
from regions.models import Municipality, Postcode

# Three postcodes lie just outside every simplified boundary (new land, a dam, an enclave).
BORDER_KM = 2.0


class OutsideNetherlands(ValueError):
    """The location lies in no municipality, nor within 2 km of one."""

    code = "outside_netherlands"


@dataclass(frozen=True)
class _Map:
    """Boundaries and postcode points, ready to be asked."""

    municipalities: tuple[str, ...]
    boundaries: shapely.STRtree
    points: dict[str, dict[str, tuple[float, float]]]  # municipality -> postcode -> lat, lon


def postcode_at(*, latitude: float, longitude: float) -> str:
    """The postcode whose point is nearest, within the municipality of the location.

    Degrees, WGS 84. Two queries in a process that was not asked before in this version of the
    directory. Raises OutsideNetherlands, also for numbers that are no coordinates.
    """
    if not (50 <= latitude <= 54 and 3 <= longitude <= 8):  # also false for NaN
        raise OutsideNetherlands("outside the Netherlands")
    chart = versions.prepared("map", _read_map)
    here = (latitude, longitude)
    municipality = _municipality_at(chart, here)
    points = chart.points.get(municipality) or _all_points(chart)
    if not points:
        raise OutsideNetherlands("no postcode is known")
    # The few that are nearest on a flat map; geopy decides between them.
    scale = np.cos(np.radians(latitude))
    by_flat_map = sorted(
        points,
        key=lambda code: (
            (points[code][0] - latitude) ** 2 + ((points[code][1] - longitude) * scale) ** 2
        ),
    )
    return min(by_flat_map[:4], key=lambda code: (distance_km(points[code], here), code))


def _municipality_at(chart: _Map, here: tuple[float, float]) -> str:
    """The municipality that contains the point, or else the nearest within 2 km."""
    point = shapely.Point(here[1], here[0])
    inside = chart.boundaries.query(point, predicate="intersects")
    if len(inside):
        return chart.municipalities[int(inside[0])]
    nearest = chart.boundaries.nearest(point)
    if nearest is None:
        raise OutsideNetherlands("no municipality is known")
    border = shapely.shortest_line(point, chart.boundaries.geometries[nearest])
    longitude, latitude = shapely.get_coordinates(border)[-1]
    if distance_km(here, (latitude, longitude)) > BORDER_KM:
        raise OutsideNetherlands("outside the Netherlands")
    return chart.municipalities[int(nearest)]


def _read_map() -> _Map:
    boundaries = dict(Municipality.objects.order_by("code").values_list("code", "boundary"))
    points: dict[str, dict[str, tuple[float, float]]] = {}
    for code, municipality, latitude, longitude in Postcode.objects.with_area().values_list(
        "code", "municipality", "latitude", "longitude"
    ):
        if latitude is not None and longitude is not None:
            points.setdefault(municipality, {})[code] = (latitude, longitude)
    return _Map(
        municipalities=tuple(boundaries),
        boundaries=shapely.STRtree([shape(boundary) for boundary in boundaries.values()]),
        points=points,
    )


def _all_points(chart: _Map) -> dict[str, tuple[float, float]]:
    return {code: point for points in chart.points.values() for code, point in points.items()}
