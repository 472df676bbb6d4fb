"""What waits for an administrator: reviews, profiles that need care, dead links, invitations."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from navigator.accounts.models import Invitation
from navigator.administration import gaps
from navigator.administration.gaps import Searched, SectorGaps
from navigator.editing import reminders
from navigator.editing.reminders import StaleOffice
from regions import completeness, links, records
from regions.completeness import Completeness
from regions.links import DeadLink
from regions.models import EducationRegion, RegionalOffice, Revision
from regions.records import Subject

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A published office whose profile misses something that a good one has."""

    office: RegionalOffice
    profile: Completeness


@dataclass(frozen=True, slots=True)
class Dead:
    """A published office or region with links that lead nowhere."""

    subject: Subject
    links: tuple[DeadLink, ...]


@dataclass(frozen=True, slots=True)
class Worklist:
    """All of it: lists of what needs care, the most urgent first."""

    reviews: tuple[Revision, ...]
    suggestions: tuple[Revision, ...]
    planned: tuple[Revision, ...]
    stale: tuple[StaleOffice, ...]
    incomplete: tuple[Incomplete, ...]
    dead: tuple[Dead, ...]
    gaps: tuple[SectorGaps, ...]
    searched: tuple[Searched, ...]
    invitations: tuple[Invitation, ...]

    @property
    def dead_link_count(self) -> int:
        return sum(len(each.links) for each in self.dead)


def worklist(at: datetime) -> Worklist:
    """What waits at a moment. Around forty queries, however much there is."""
    today = timezone.localdate(at)
    return Worklist(
        reviews=_all(Revision.objects.waiting().select_related("office", "region", "author")),
        suggestions=_all(Revision.objects.suggested().select_related("office", "author")),
        planned=_all(Revision.objects.planned().select_related("office", "region", "author")),
        stale=tuple(reminders.stale(today)),
        incomplete=tuple(incomplete()),
        dead=tuple(dead()),
        gaps=tuple(gaps.by_sector()),
        searched=tuple(gaps.most_searched(today=today, most=5)),
        invitations=_all(
            Invitation.objects.open(at)
            .select_related("invited_by")
            .prefetch_related("regions")
            .order_by("expires_at", "pk")
        ),
    )


def incomplete() -> list[Incomplete]:
    """The published offices whose profile misses something, the emptiest first. Ten queries."""
    offices = RegionalOffice.objects.published().in_bulk()
    read = records.read_many(RegionalOffice.objects.published())
    found = [
        Incomplete(offices[pk], profile)
        for pk, record in read.items()
        if pk in offices and (profile := completeness.completeness(record)).missing
    ]
    return sorted(found, key=lambda each: (-len(each.profile.missing), each.office.name))


def dead() -> list[Dead]:
    """The published offices and regions with links that lead nowhere, by name. Twelve queries."""
    subjects: dict[tuple[str, int], Subject] = {}
    profiles: dict[tuple[str, int], records.Record] = {}
    for pk, office in RegionalOffice.objects.published().in_bulk().items():
        subjects["office", pk] = office
    for pk, region in EducationRegion.objects.published().in_bulk().items():
        subjects["region", pk] = region
    for pk, record in records.read_many(RegionalOffice.objects.published()).items():
        profiles["office", pk] = record
    for pk, record in records.read_regions(EducationRegion.objects.published()).items():
        profiles["region", pk] = record
    found = links.dead_links_of({key: profiles[key] for key in profiles if key in subjects})
    lines = [Dead(subjects[key], tuple(dead)) for key, dead in found.items() if dead]
    return sorted(lines, key=lambda each: each.subject.name)


def _all(rows: "QuerySet[T]") -> tuple[T, ...]:  # type: ignore[type-var]
    return tuple(rows)
