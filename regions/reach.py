"""Areas -> who serves what, how we know, and how far away the others are.

The rule, for a postcode in one of its municipalities:

1. Every office whose list has it serves it: the municipality as a whole, or the postcode itself.
2. For each of po, vo and mbo that no regional office serves by list, every regional office with
   that sector whose drawn area contains the postcode's point serves it too. Other sectors don't
   count here: the drawn area of one large network would then reach half the country.
3. Nationwide offices serve every postcode.

This module computes; it writes only through `replace_reach`.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import shape

from regions.distances import distance_km
from regions.models import Postcode, PostcodeShare, Reach, RegionalOffice

NEARBY_KM = 30.0
SECTORS_BY_MAP = ("po", "vo", "mbo")

# A sphere and the ellipsoid disagree on a distance by at most 0.33 % in the Netherlands, so the
# nearest by geodesic is among those whose distance on the sphere is within this factor.
SPHERE_MARGIN = 1.005
_EARTH_RADIUS_KM = 6371.009

Flags: TypeAlias = npt.NDArray[np.bool_]
Numbers: TypeAlias = npt.NDArray[np.float64]
Progress: TypeAlias = Callable[[str, int, int], None]


class Spot(NamedTuple):
    """A postcode in one of its municipalities; a split postcode is several spots."""

    postcode: str
    municipality: str


class ReachFacts(NamedTuple):
    """What is stored of a spot and an office."""

    serves: bool
    by_list: bool
    by_polygon: bool
    distance_km: float


ReachRows: TypeAlias = dict[Spot, ReachFacts]


@dataclass(frozen=True)
class OfficeArea:
    """What counts of an office when it is decided whom it serves."""

    id: int
    sectors: frozenset[str]
    nationwide: bool
    municipalities: frozenset[str]
    postcodes: frozenset[str]
    drawn_area: Mapping[str, Any] | None
    visiting_point: tuple[float, float] | None


@dataclass(frozen=True)
class Ground:
    """All postcodes where people live, as spots, with their points."""

    spots: tuple[Spot, ...]
    points: tuple[tuple[float, float], ...]  # latitude, longitude
    is_main: Flags  # whether the municipality is the postcode's own

    @cached_property
    def vectors(self) -> Numbers:
        """The points as unit vectors, a row each."""
        return _unit_vectors(self.points)

    @cached_property
    def fingerprint(self) -> str:
        return hashlib.sha256(repr((self.spots, self.points)).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Coverage:
    """Who serves which spot: a row per office, a column per spot."""

    ground: Ground
    areas: tuple[OfficeArea, ...]
    by_list: Flags
    by_polygon: Flags
    serves: Flags

    def served_postcodes(self) -> dict[int, frozenset[str]]:
        """Per office the postcodes that it serves in their own municipality."""
        main = self.ground.is_main
        return {
            area.id: frozenset(
                self.ground.spots[column].postcode
                for column in np.flatnonzero(self.serves[row] & main)
            )
            for row, area in enumerate(self.areas)
        }

    def neighbours(self) -> dict[int, list[int]]:
        """Per regional office the ids of the others that serve one of its postcodes too."""
        regional = [row for row, area in enumerate(self.areas) if not area.nationwide]
        served = self.serves[regional].astype(np.int32)
        shared = served @ served.T
        return {
            self.areas[row].id: [
                self.areas[other].id
                for there, other in enumerate(regional)
                if other != row and shared[here, there]
            ]
            for here, row in enumerate(regional)
        }


def read_ground() -> Ground:
    """All spots of the stored postcodes. Two queries."""
    main: list[tuple[Spot, tuple[float, float]]] = []
    for code, municipality, latitude, longitude in (
        Postcode.objects.with_area()
        .order_by("code")
        .values_list("code", "municipality", "latitude", "longitude")
    ):
        if latitude is None or longitude is None:  # the database refuses this; mypy can't know
            continue
        main.append((Spot(code, municipality), (latitude, longitude)))
    point_of = {spot.postcode: point for spot, point in main}
    known = {spot for spot, _ in main}
    others = [
        (Spot(postcode, municipality), point_of[postcode])
        for postcode, municipality in PostcodeShare.objects.order_by(
            "postcode", "municipality"
        ).values_list("postcode", "municipality")
        if postcode in point_of and Spot(postcode, municipality) not in known
    ]
    both = main + others
    return Ground(
        spots=tuple(spot for spot, _ in both),
        points=tuple(point for _, point in both),
        is_main=np.arange(len(both)) < len(main),
    )


def read_areas() -> tuple[OfficeArea, ...]:
    """The areas of all published offices. Four queries."""
    offices = (
        RegionalOffice.objects.published()
        .order_by("pk")
        .only("nationwide", "drawn_area", "visiting_latitude", "visiting_longitude")
    )
    sectors = _sets(RegionalOffice.sectors.through.objects.values_list("regionaloffice", "sector"))
    municipalities = _sets(
        RegionalOffice.municipalities.through.objects.values_list("regionaloffice", "municipality")
    )
    postcodes = _sets(
        RegionalOffice.partial_postcodes.through.objects.values_list("regionaloffice", "postcode")
    )
    return tuple(
        OfficeArea(
            id=office.pk,
            sectors=sectors[office.pk],
            nationwide=office.nationwide,
            municipalities=municipalities[office.pk],
            postcodes=postcodes[office.pk],
            drawn_area=office.drawn_area,
            visiting_point=(office.visiting_latitude, office.visiting_longitude)
            if office.visiting_latitude is not None and office.visiting_longitude is not None
            else None,
        )
        for office in offices
    )


def cover(ground: Ground, areas: Sequence[OfficeArea]) -> Coverage:
    """Apply the rule to every spot and office."""
    by_list = np.zeros((len(areas), len(ground.spots)), dtype=np.bool_)
    by_polygon = np.zeros_like(by_list)
    longitudes = np.array([longitude for _, longitude in ground.points])
    latitudes = np.array([latitude for latitude, _ in ground.points])
    for row, area in enumerate(areas):
        if area.nationwide:
            continue
        by_list[row] = [
            spot.municipality in area.municipalities or (main and spot.postcode in area.postcodes)
            for spot, main in zip(ground.spots, ground.is_main, strict=True)
        ]
        if area.drawn_area:
            polygon = shape(dict(area.drawn_area))
            shapely.prepare(polygon)
            by_polygon[row] = shapely.contains_xy(polygon, longitudes, latitudes)
    serves = by_list.copy()
    for sector in SECTORS_BY_MAP:
        has_sector = np.array(
            [sector in area.sectors and not area.nationwide for area in areas], dtype=np.bool_
        )
        unlisted = ~by_list[has_sector].any(axis=0)
        serves |= has_sector[:, np.newaxis] & by_polygon & unlisted
    nationwide = np.array([area.nationwide for area in areas], dtype=np.bool_)
    serves[nationwide] = True
    return Coverage(ground, tuple(areas), by_list, by_polygon, serves)


class Distances:
    """How far each spot is from each office's area, measured when asked.

    To the visiting address where the office has one, else to the nearest postcode that it serves.
    The sphere finds the candidates, all at once; geopy's geodesic measures them, once.
    """

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self._ground = coverage.ground
        self._goals = [self._goals_of(row) for row in range(len(coverage.areas))]
        self._vectors = [_unit_vectors(goals) for goals in self._goals]
        self._rough: dict[int, Numbers] = {}
        self._known: list[dict[Spot, float]] = [{} for _ in coverage.areas]

    def fingerprint(self, row: int) -> str:
        """Changes when a distance of this office may have changed."""
        served = np.packbits(self._coverage.serves[row]).tobytes()
        goals = repr((self._ground.fingerprint, served, self._goals[row], NEARBY_KM))
        return hashlib.sha256(goals.encode()).hexdigest()[:16]

    def remember(self, row: int, measured: Mapping[Spot, float]) -> None:
        """Take over distances that were measured before, under the same fingerprint."""
        self._known[row].update(measured)

    def rough_km(self, row: int) -> Numbers:
        """For each spot the distance on the sphere; infinite when the office has no area."""
        if row not in self._rough:
            if not self._goals[row]:
                self._rough[row] = np.full(len(self._ground.spots), np.inf)
            else:
                cosines = self._ground.vectors @ self._vectors[row].T
                self._rough[row] = _kilometres(cosines.max(axis=1))
        return self._rough[row]

    def exact_km(self, row: int, column: int) -> float:
        """The geodesic distance in kilometres, to the metre; the office must have an area."""
        known = self._known[row]
        spot = self._ground.spots[column]
        if spot not in known:
            rough = _kilometres(self._vectors[row] @ self._ground.vectors[column])
            near = np.flatnonzero(rough <= rough.min() * SPHERE_MARGIN + 0.001)
            goals = self._goals[row]
            here = self._ground.points[column]
            known[spot] = round(min(distance_km(here, goals[goal]) for goal in near), 3)
        return known[spot]

    def _goals_of(self, row: int) -> tuple[tuple[float, float], ...]:
        area = self._coverage.areas[row]
        if area.visiting_point:
            return (area.visiting_point,)
        if area.nationwide:
            return ()
        served = np.flatnonzero(self._coverage.serves[row] & self._ground.is_main)
        return tuple(self._ground.points[column] for column in served)


def reach_rows(coverage: Coverage, distances: Distances, row: int) -> ReachRows:
    """What is to be stored for one office: the spots that it serves, and those within 30 km."""
    ground = coverage.ground
    serves, by_list, by_polygon = (
        flags[row] for flags in (coverage.serves, coverage.by_list, coverage.by_polygon)
    )
    rows = {
        ground.spots[column]: ReachFacts(True, bool(by_list[column]), bool(by_polygon[column]), 0.0)
        for column in np.flatnonzero(serves)
    }
    for column in np.flatnonzero(~serves & (distances.rough_km(row) <= NEARBY_KM * SPHERE_MARGIN)):
        distance = distances.exact_km(row, int(column))
        if distance <= NEARBY_KM:
            rows[ground.spots[column]] = ReachFacts(
                False, False, bool(by_polygon[column]), distance
            )
    return rows


def stored_reach() -> dict[int, ReachRows]:
    """What is stored, per office. One query."""
    rows: dict[int, ReachRows] = defaultdict(dict)
    for (
        office,
        postcode,
        municipality,
        serves,
        by_list,
        by_polygon,
        distance,
    ) in Reach.objects.order_by().values_list(
        "office", "postcode", "municipality", "serves", "by_list", "by_polygon", "distance_km"
    ):
        facts = ReachFacts(serves, by_list, by_polygon, distance)
        rows[office][Spot(postcode, municipality)] = facts
    return dict(rows)


def distances_of(rows: ReachRows) -> dict[Spot, float]:
    """The distances that stored rows know: those of spots that are not served."""
    return {spot: facts.distance_km for spot, facts in rows.items() if not facts.serves}


def replace_reach(office: int, rows: ReachRows) -> None:
    """Store `rows` as all the reach of `office`."""
    Reach.objects.filter(office=office).delete()
    Reach.objects.bulk_create(
        [
            Reach(
                office_id=office,
                postcode_id=spot.postcode,
                municipality_id=spot.municipality,
                **facts._asdict(),
            )
            for spot, facts in rows.items()
        ],
        batch_size=2000,
    )


def _sets(pairs: Iterable[tuple[Any, Any]]) -> defaultdict[int, frozenset[str]]:
    gathered: dict[int, set[str]] = defaultdict(set)
    for key, value in pairs:
        gathered[key].add(value)
    return defaultdict(frozenset, {key: frozenset(values) for key, values in gathered.items()})


def _unit_vectors(points: Sequence[tuple[float, float]]) -> Numbers:
    radians = np.radians(np.array(points, dtype=np.float64).reshape(-1, 2))
    latitude, longitude = radians[:, 0], radians[:, 1]
    return np.column_stack(
        (
            np.cos(latitude) * np.cos(longitude),
            np.cos(latitude) * np.sin(longitude),
            np.sin(latitude),
        )
    )


def _kilometres(cosines: Numbers) -> Numbers:
    return np.asarray(np.arccos(np.clip(cosines, -1.0, 1.0)) * _EARTH_RADIUS_KM, dtype=np.float64)
