"""Municipalities and postcodes on a flat map: outlines as ready SVG paths, and points.

Distances and areas are never taken from here. The plane has its origin in the north-west, x to
the east and y to the south, in whole units of 50 metres; degrees are stretched as they are at 52.2
degrees north, which errs by at most two per cent in the Netherlands.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, shape
from shapely.geometry.base import BaseGeometry

from regions import versions
from regions.distances import Point
from regions.models import Municipality, Postcode, Province

UNIT_M: Final = 50
_NORTH, _WEST, _MIDDLE = 53.7, 3.2, 52.2
_METRES_PER_DEGREE: Final = 111_300
_X: Final = _METRES_PER_DEGREE * math.cos(math.radians(_MIDDLE)) / UNIT_M
_Y: Final = _METRES_PER_DEGREE / UNIT_M
_OF_PROVINCES_M: Final = 1500  # the tolerance of their outlines
_LEAST_ISLAND: Final = 15_000_000 // UNIT_M**2  # what is smaller would not be seen

XY: TypeAlias = tuple[int, int]


class Detail(Enum):
    """How precise outlines are; the value is the tolerance in metres."""

    NEAR = 120  # for a map of some municipalities
    FAR = 800  # for the whole country


class Box(NamedTuple):
    """A rectangle on the plane."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def meets(self, other: "Box") -> bool:
        """Whether two rectangles have anything in common."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def around(self, other: "Box") -> "Box":
        """The smallest rectangle that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Outline:
    """A municipality on the map."""

    code: str
    name: str
    path: str  # for the `d` of an SVG path
    box: Box
    middle: XY  # a point inside, for a label


def project(point: Point) -> XY:
    """A latitude and longitude on the plane."""
    latitude, longitude = point
    return round((longitude - _WEST) * _X), round((_NORTH - latitude) * _Y)


def outlines(detail: Detail) -> Mapping[str, Outline]:
    """The outline of every municipality, by code. No neighbours overlap or come apart.

    Made once for each version of the directory: one query, and a tenth of a second.
    """
    return versions.prepared(("outlines", detail), lambda: _read(detail))


def points() -> Mapping[str, XY]:
    """The point of every postcode where people live. One query for each version."""
    return versions.prepared(
        "points",
        lambda: {
            code: project((latitude, longitude))
            for code, latitude, longitude in Postcode.objects.with_area()
            .order_by("code")
            .values_list("code", "latitude", "longitude")
            if latitude is not None and longitude is not None
        },
    )


def box_of(boxes: Iterable[Box]) -> Box | None:
    """The smallest rectangle around all of these; None when there are none."""
    found: Box | None = None
    for box in boxes:
        found = box if found is None else found.around(box)
    return found


def _read(detail: Detail) -> dict[str, Outline]:
    rows = Municipality.objects.order_by("code").values_list("code", "name", "boundary")
    whole = [_flat(shape(boundary)) for _code, _name, boundary in rows]
    simple = shapely.coverage_simplify(whole, detail.value / UNIT_M)
    return {
        # What is too small to be left of it stays as it is.
        code: _outline(code, name, exact if geometry.is_empty else geometry)
        for (code, name, _boundary), geometry, exact in zip(rows, simple, whole, strict=True)
    }


def provinces() -> Mapping[str, Outline]:
    """The outline of every province that has a municipality, by code; coarse and small.

    Made once for each version of the directory: one query, and less than a second.
    """
    return versions.prepared("province outlines", _read_provinces)


def _read_provinces() -> dict[str, Outline]:
    parts: dict[str, list[BaseGeometry]] = {}
    rows = Municipality.objects.exclude(province="").order_by("code")
    for province, boundary in rows.values_list("province", "boundary"):
        parts.setdefault(province, []).append(_flat(shape(boundary)))
    codes = sorted(parts)
    if not codes:
        return {}
    whole = [shapely.union_all(parts[code]) for code in codes]
    simple = shapely.coverage_simplify(whole, _OF_PROVINCES_M / UNIT_M)
    return {
        code: _outline(code, str(Province(code).label), _without_small_parts(geometry))
        for code, geometry in zip(codes, simple, strict=True)
    }


def _without_small_parts(geometry: BaseGeometry) -> BaseGeometry:
    """The largest part, and the others that can be seen."""
    parts = sorted(shapely.get_parts(geometry), key=lambda part: part.area, reverse=True)
    seen = [part for place, part in enumerate(parts) if not place or part.area >= _LEAST_ISLAND]
    return MultiPolygon(seen)


def _flat(geometry: BaseGeometry) -> BaseGeometry:
    def onto_plane(degrees: np.ndarray) -> np.ndarray:
        return np.column_stack(((degrees[:, 0] - _WEST) * _X, (_NORTH - degrees[:, 1]) * _Y))

    return shapely.transform(geometry, onto_plane)


def _outline(code: str, name: str, geometry: BaseGeometry) -> Outline:
    left, top, right, bottom = geometry.bounds
    inside = geometry.representative_point()
    return Outline(
        code=code,
        name=name,
        path="".join(_path(geometry)),
        box=Box(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)),
        middle=(round(inside.x), round(inside.y)),
    )


def _path(geometry: BaseGeometry) -> Iterator[str]:
    """Steps from corner to corner, which are shorter to write than places."""
    parts = shapely.get_parts(geometry)
    for ring in (ring for part in parts for ring in (part.exterior, *part.interiors)):
        corners = [(round(x), round(y)) for x, y in ring.coords[:-1]]
        x, y = corners[0]
        yield f"M{x} {y}l"
        steps = []
        for next_x, next_y in corners[1:]:
            if (next_x, next_y) != (x, y):
                steps.append(f"{next_x - x} {next_y - y}")
            x, y = next_x, next_y
        yield " ".join(steps).replace(" -", "-") + "z"
