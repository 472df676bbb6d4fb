"""Where nobody helps: postcodes and sectors without a regional office, and who looked there."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db.models import Count

from navigator.editing import maps
from navigator.editing.maps import Map
from navigator.statistics.models import Search
from regions.models import Gap, Municipality, Postcode, Sector

SEARCHED_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class SectorGaps:
    """A sector, and how many postcodes have no office for it."""

    sector: Sector
    postcode_count: int
    nobody_anywhere: bool  # no regional office in the country has it


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality with postcodes without an office for a sector."""

    municipality: Municipality
    sectors: tuple[Sector, ...]
    postcodes: tuple[str, ...]
    search_count: int


@dataclass(frozen=True, slots=True)
class Searched:
    """A postcode and sector that people asked for while nobody helps there."""

    postcode: str
    place: str
    sector: Sector | None  # None: whoever there is
    count: int


def by_sector() -> list[SectorGaps]:
    """All sectors, each with its gaps. Three queries."""
    counts = dict(Gap.objects.order_by().values_list("sector").annotate(Count("pk")))
    everywhere = Postcode.objects.filter(po_box_only=False).count()
    return [
        SectorGaps(sector, counts.get(sector.pk, 0), 0 < everywhere <= counts.get(sector.pk, 0))
        for sector in Sector.objects.order_by("position")
    ]


def places(sectors: Iterable[Sector], *, today: date) -> list[Place]:
    """The municipalities with a gap for one of these sectors, the most searched first.

    Three queries.
    """
    known = {sector.pk: sector for sector in sectors}
    postcodes: dict[str, set[str]] = {}
    found: dict[str, set[str]] = {}
    rows = Gap.objects.filter(sector__in=known).order_by()
    pairs: dict[str, set[str]] = {}
    for code, sector, municipality in rows.values_list(
        "postcode", "sector", "postcode__municipality"
    ):
        postcodes.setdefault(municipality, set()).add(code)
        found.setdefault(municipality, set()).add(sector)
        pairs.setdefault(code, set()).add(sector)
    searches = Counter[str]()
    of = {code: municipality for municipality, codes in postcodes.items() for code in codes}
    for postcode, municipality, sector, count in _in_vain(today):
        where = of.get(postcode, "") if postcode else municipality
        missing = pairs.get(postcode, ()) if postcode else found.get(municipality, ())
        if where and missing and (not sector or sector in missing):
            searches[where] += count
    listed = [
        Place(
            municipality,
            tuple(sector for code, sector in known.items() if code in found[municipality.pk]),
            tuple(sorted(postcodes[municipality.pk])),
            searches[municipality.pk],
        )
        for municipality in Municipality.objects.defer("boundary").filter(pk__in=found)
    ]
    return sorted(listed, key=lambda place: (-place.search_count, place.municipality.name))


def most_searched(*, today: date, most: int = 10) -> list[Searched]:
    """The postcodes that were asked for most while nobody helps there still. Four queries."""
    asked = [row for row in _in_vain(today) if row[0]]
    gaps = set(
        Gap.objects.filter(postcode__in={row[0] for row in asked[:500]})
        .order_by()
        .values_list("postcode", "sector")
    )
    without = {postcode for postcode, _sector in gaps}
    sectors = {sector.pk: sector for sector in Sector.objects.all()}
    kept = [
        (postcode, sector, count)
        for postcode, _municipality, sector, count in asked
        if ((postcode, sector) in gaps if sector else postcode in without)
    ][:most]
    named: Mapping[str, str] = dict(
        Postcode.objects.filter(code__in=[row[0] for row in kept]).values_list("code", "place")
    )
    return [
        Searched(postcode, named.get(postcode, ""), sectors.get(sector), count)
        for postcode, sector, count in kept
    ]


def draw(found: Iterable[Place]) -> Map:
    """The country with the postcodes of these places marked."""
    marked = [code for place in found for code in place.postcodes]
    return maps.draw(marked={"nobody": marked})


def _in_vain(today: date) -> list[tuple[str, str, str, int]]:
    """What was asked for without finding an office, the most first: postcode, municipality,
    sector, how often. One query.
    """
    since = today - timedelta(days=SEARCHED_DAYS - 1)
    rows = (
        Search.objects.filter(day__gte=since, serving=0)
        .order_by()
        .values_list("postcode", "municipality", "sector")
        .annotate(count=Count("pk"))
    )
    return sorted(rows, key=lambda row: (-row[3], row[:3]))
