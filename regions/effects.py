"""What a change to an office does to who serves what, told before it is made.

The rule is that of `regions.reach`, applied twice: to the directory as it is stored, and to the
same with the other values of this one office. Nothing is written or locked, and no distance is
measured.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from django.db.models import Prefetch

from regions import gaps, reach, records
from regions.models import EducationRegion, PublicationState, RegionalOffice, Sector
from regions.reach import Coverage, Flags, Ground, OfficeArea

Postcodes: TypeAlias = frozenset[str]
BySector: TypeAlias = Mapping[str, Postcodes]

# The fields of an office that decide whom it serves.
FIELDS: Final = frozenset(
    {"municipalities", "partial_postcodes", "sectors", "nationwide", "drawn_area", "state"}
)


@dataclass(frozen=True, slots=True)
class Touched:
    """Another regional office that the change touches."""

    office: RegionalOffice
    regions: tuple[EducationRegion, ...]  # without those of the office that changes
    shared: Postcodes  # newly served by both, in any of their municipalities
    unshared: Postcodes  # no longer served by both
    gained: Postcodes  # that its drawn area serves from now on, since no list has them any more
    lost: Postcodes  # that its drawn area no longer serves, since a list has them


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes. A postcode counts in its own municipality, unless said otherwise."""

    served_before: Postcodes
    served_after: Postcodes
    kept_by_map: Postcodes  # no longer by list, but still by the office's own drawn area
    gaps_before: BySector  # every sector, in order -> postcodes without a regional office
    gaps_after: BySector
    touched: tuple[Touched, ...]

    @property
    def gained(self) -> Postcodes:
        return self.served_after - self.served_before

    @property
    def lost(self) -> Postcodes:
        return self.served_before - self.served_after

    @property
    def new_gaps(self) -> dict[str, Postcodes]:
        """By sector the postcodes that are left without any regional office."""
        return _without(self.gaps_after, self.gaps_before)

    @property
    def filled_gaps(self) -> dict[str, Postcodes]:
        """By sector the postcodes that get their first regional office."""
        return _without(self.gaps_before, self.gaps_after)

    @property
    def regions(self) -> tuple[EducationRegion, ...]:
        """The neighbouring regions that are touched, by name."""
        found = {region.pk: region for touched in self.touched for region in touched.regions}
        return tuple(sorted(found.values(), key=lambda region: region.name))

    def __bool__(self) -> bool:
        return bool(
            self.gained
            or self.lost
            or self.kept_by_map
            or self.touched
            or self.gaps_before != self.gaps_after
        )


def effect_of(office: RegionalOffice, record_after: Mapping[str, Any]) -> Effect:
    """What happens when `office` gets these values; fields that are missing stay as stored.

    At most nineteen queries, and 0.2 seconds with the real directory. Codes that don't exist
    serve nobody.
    """
    return effect_between(office, records.read(office), record_after)


def effect_between(
    office: RegionalOffice, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Effect:
    """What happens, or happened, when `office` goes from one record to the other.

    All other offices are as they are stored now. Seven queries, three more when some are touched.
    """
    ground = reach.read_ground()
    others = [area for area in reach.read_areas() if area.id != office.pk]
    was = reach.cover(ground, [*others, *_area(office, before)])
    will_be = reach.cover(ground, [*others, *_area(office, {**before, **after})])
    here, there = _Own.of(office, was), _Own.of(office, will_be)
    sectors = list(Sector.objects.order_by("position").values_list("code", flat=True))
    return Effect(
        served_before=_postcodes(ground, here.serves & ground.is_main),
        served_after=_postcodes(ground, there.serves & ground.is_main),
        kept_by_map=_postcodes(
            ground, here.by_list & there.serves & ~there.by_list & ground.is_main
        ),
        gaps_before=_gaps(was, sectors),
        gaps_after=_gaps(will_be, sectors),
        touched=_touched(office, others, (was, here), (will_be, there)),
    )


@dataclass(frozen=True, slots=True)
class _Own:
    """The row of the office that changes; empty as long as the public does not see it."""

    serves: Flags
    by_list: Flags
    regional: bool

    @classmethod
    def of(cls, office: RegionalOffice, coverage: Coverage) -> "_Own":
        last = len(coverage.areas) - 1
        if last < 0 or coverage.areas[last].id != office.pk:
            nothing = np.zeros(len(coverage.ground.spots), dtype=np.bool_)
            return cls(nothing, nothing, regional=False)
        nationwide = coverage.areas[last].nationwide
        return cls(coverage.serves[last], coverage.by_list[last], regional=not nationwide)


def _area(office: RegionalOffice, record: Mapping[str, Any]) -> Iterator[OfficeArea]:
    """The area that a record tells, if the public sees it."""
    if record["state"] == PublicationState.PUBLISHED:
        yield OfficeArea(
            id=office.pk,
            sectors=frozenset(record["sectors"]),
            nationwide=record["nationwide"],
            municipalities=frozenset(record["municipalities"]),
            postcodes=frozenset(record["partial_postcodes"]),
            drawn_area=record["drawn_area"],
            visiting_point=None,
        )


def _touched(
    office: RegionalOffice,
    others: Sequence[OfficeArea],
    before: tuple[Coverage, _Own],
    after: tuple[Coverage, _Own],
) -> tuple[Touched, ...]:
    """The other regional offices for whom something changes, by name."""
    (was, here), (will_be, there) = before, after
    ground = was.ground
    changes: dict[int, tuple[Postcodes, ...]] = {}
    for row, area in enumerate(others):
        if area.nationwide:
            continue
        old, new = was.serves[row], will_be.serves[row]
        both_old = old & here.serves & here.regional
        both_new = new & there.serves & there.regional
        flags = (
            both_new & ~both_old,
            both_old & ~both_new,
            new & ~old & ground.is_main,
            old & ~new & ground.is_main,
        )
        if any(changed.any() for changed in flags):
            changes[area.id] = tuple(_postcodes(ground, changed) for changed in flags)
    if not changes:
        return ()
    own = set(office.regions.values_list("pk", flat=True))
    regions = EducationRegion.objects.exclude(state=PublicationState.ARCHIVED).exclude(pk__in=own)
    return tuple(
        Touched(other, tuple(other.regions.all()), *changes[other.pk])
        for other in RegionalOffice.objects.filter(pk__in=changes)
        .order_by("name")
        .prefetch_related(Prefetch("regions", regions.order_by("name")))
    )


def _gaps(coverage: Coverage, sectors: Iterable[str]) -> dict[str, Postcodes]:
    return {
        sector: _postcodes(coverage.ground, gaps.without_office(coverage, sector)[1])
        for sector in sectors
    }


def _postcodes(ground: Ground, flags: Flags) -> Postcodes:
    return frozenset(ground.spots[column].postcode for column in np.flatnonzero(flags))


def _without(some: BySector, others: BySector) -> dict[str, Postcodes]:
    """What some have and others don't, of the sectors where there is anything."""
    found = {sector: codes - others.get(sector, frozenset()) for sector, codes in some.items()}
    return {sector: codes for sector, codes in found.items() if codes}
