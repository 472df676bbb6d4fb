"""Reach -> postcodes and sectors without a regional office, and who is nearest for them."""

from typing import NamedTuple, TypeAlias

import numpy as np

from regions.models import Gap, Sector
from regions.reach import SPHERE_MARGIN, Coverage, Distances, Flags, Ground, Numbers, Spot


class Nearest(NamedTuple):
    """The nearest regional office with a sector; both None when no office has it."""

    office: int | None
    distance_km: float | None


GapRows: TypeAlias = dict[tuple[str, str], Nearest]  # by postcode and sector


def find_gaps(coverage: Coverage, distances: Distances) -> GapRows:
    """Every postcode and sector that no regional office serves. One query.

    A postcode counts in its own municipality. Nationwide offices don't close a gap.
    """
    gaps: GapRows = {}
    spots = coverage.ground.spots
    for sector in Sector.objects.order_by("position").values_list("code", flat=True):
        rows, uncovered = without_office(coverage, sector)
        rough = np.array([distances.rough_km(row) for row in rows]).reshape(len(rows), len(spots))
        for column in np.flatnonzero(uncovered):
            nearest = _nearest(coverage, distances, rows, rough[:, column], int(column))
            gaps[spots[column].postcode, sector] = nearest
    return gaps


def without_office(coverage: Coverage, sector: str) -> tuple[list[int], Flags]:
    """The rows of the regional offices with a sector, and the spots that none of them serves.

    Only spots in the postcode's own municipality count.
    """
    rows = [
        row
        for row, area in enumerate(coverage.areas)
        if sector in area.sectors and not area.nationwide
    ]
    return rows, coverage.ground.is_main & ~coverage.serves[rows].any(axis=0)


def _nearest(
    coverage: Coverage, distances: Distances, rows: list[int], rough: Numbers, column: int
) -> Nearest:
    """The nearest of the offices in `rows`, whose distances on the sphere are `rough`."""
    if not np.isfinite(rough).any():
        return Nearest(None, None)
    near = np.flatnonzero(rough <= rough.min() * SPHERE_MARGIN + 0.001)
    distance, office = min(
        (distances.exact_km(rows[index], column), coverage.areas[rows[index]].id) for index in near
    )
    return Nearest(office, distance)


def stored_gaps() -> GapRows:
    """What is stored. One query."""
    return {
        (postcode, sector): Nearest(office, distance)
        for postcode, sector, office, distance in Gap.objects.order_by().values_list(
            "postcode", "sector", "nearest_office", "distance_km"
        )
    }


def distances_of(gaps: GapRows, ground: Ground) -> dict[int, dict[Spot, float]]:
    """Per office the distances that stored gaps know, of postcodes in their own municipality."""
    own = {
        spot.postcode: spot for spot, main in zip(ground.spots, ground.is_main, strict=True) if main
    }
    known: dict[int, dict[Spot, float]] = {}
    for (postcode, _sector), nearest in gaps.items():
        if nearest.office is not None and nearest.distance_km is not None and postcode in own:
            known.setdefault(nearest.office, {})[own[postcode]] = nearest.distance_km
    return known


def replace_gaps(old: GapRows, new: GapRows) -> None:
    """Store the difference: `old` is what is stored, `new` is what should be."""
    stale = [key for key, nearest in old.items() if new.get(key) != nearest]
    by_sector: dict[str, list[str]] = {}
    for postcode, sector in stale:
        by_sector.setdefault(sector, []).append(postcode)
    for sector, postcodes in by_sector.items():
        for start in range(0, len(postcodes), 500):
            Gap.objects.filter(sector=sector, postcode__in=postcodes[start : start + 500]).delete()
    Gap.objects.bulk_create(
        [
            Gap(
                postcode_id=postcode,
                sector_id=sector,
                nearest_office_id=nearest.office,
                distance_km=nearest.distance_km,
            )
            for (postcode, sector), nearest in new.items()
            if old.get((postcode, sector)) != nearest
        ],
        batch_size=2000,
    )
