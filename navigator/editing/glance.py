"""How profiles are doing, for who keeps them right: a fixed number of queries, however many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from navigator.statistics.office_sums import VIEWS, office_sums
from navigator.statistics.periods import Period
from regions import completeness, links, records
from regions.completeness import Completeness
from regions.links import DeadLink
from regions.models import EducationRegion, RegionalOffice, Revision
from regions.records import Record, Subject

VIEWED_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Glance:
    """A profile at a glance. `record` is what is public; `working` has the open change over it."""

    subject: Subject
    record: Record
    working: Record
    open: Revision | None
    planned: Revision | None
    suggestions: tuple[Revision, ...]  # of advisors, the longest waiting first
    dead: Sequence[DeadLink]
    profile: Completeness | None = None  # of what is public; offices alone have must-haves
    with_draft: Completeness | None = None
    confirmed_on: date | None = None
    confirmed_by: str = ""
    view_count: int = 0

    @property
    def is_office(self) -> bool:
        return isinstance(self.subject, RegionalOffice)

    @property
    def must_have_count(self) -> int:
        """How many parts a good profile has."""
        return len(completeness.MUST_HAVES)

    @property
    def draft_helps(self) -> bool:
        """Whether the profile is fuller with what is being worked on."""
        if self.profile is None or self.with_draft is None:
            return False
        return len(self.with_draft.filled) > len(self.profile.filled)


@dataclass(frozen=True, slots=True)
class Overview:
    """Profiles at a glance, and the middle score of all that are published, in percent."""

    offices: tuple[Glance, ...]
    regions: tuple[Glance, ...]
    middle_percent: int | None


def at_a_glance(
    *, offices: Sequence[RegionalOffice], regions: Sequence[EducationRegion], at: datetime
) -> Overview:
    """These offices and regions, in their order. At most twenty-two queries."""
    known = records.read_many(RegionalOffice.objects.all())
    scores = [
        completeness.completeness(record).score_percent
        for record in known.values()
        if record["state"] == RegionalOffice.State.PUBLISHED
    ]
    of_regions = records.read_regions(EducationRegion.objects.filter(pk__in=_ids(regions)))
    subjects: list[tuple[Subject, Record]] = [
        *((office, known[office.pk]) for office in offices),
        *((region, of_regions[region.pk]) for region in regions),
    ]
    dead = links.dead_links_of({_key(subject): record for subject, record in subjects})
    changes = _changes(offices, regions)
    people = _who_confirmed(offices)
    views = _views(offices, at)
    found = tuple(
        _glance(
            subject,
            record,
            changes.get(_key(subject), []),
            dead[_key(subject)],
            people.get(subject.pk, ("", None)),
            views.get(subject.pk, 0),
        )
        for subject, record in subjects
    )
    return Overview(found[: len(offices)], found[len(offices) :], completeness.middle(scores))


def _glance(
    subject: Subject,
    record: Record,
    changes: Iterable[Revision],
    dead: Sequence[DeadLink],
    confirmed: tuple[str, date | None],
    view_count: int,
) -> Glance:
    planned = next((each for each in changes if each.state == Revision.State.PLANNED), None)
    draft = next((each for each in changes if each.is_open), None)
    suggestions = tuple(each for each in changes if each.state == Revision.State.SUGGESTED)
    changed = draft.changes if draft else {}
    working = record | {name: after for name, (_before, after) in changed.items()}
    if isinstance(subject, EducationRegion):
        return Glance(subject, record, working, draft, planned, suggestions, dead)
    who, day = confirmed
    return Glance(
        subject,
        record,
        working,
        draft,
        planned,
        suggestions,
        dead,
        profile=completeness.completeness(record),
        with_draft=completeness.completeness(working),
        confirmed_on=subject.confirmed_on,
        confirmed_by=who if day == subject.confirmed_on else "",
        view_count=view_count,
    )


def _key(subject: Subject) -> tuple[str, int]:
    return type(subject).__name__, subject.pk


def _ids(subjects: Iterable[Subject]) -> list[int]:
    return [subject.pk for subject in subjects]


def _changes(
    offices: Sequence[Subject], regions: Sequence[Subject]
) -> dict[tuple[str, int], list[Revision]]:
    """What is open, planned or suggested. One query."""
    found: dict[tuple[str, int], list[Revision]] = {}
    under_way = Revision.objects.filter(
        Q(office__in=_ids(offices)) | Q(region__in=_ids(regions)),
        state__in=[*Revision.OPEN, Revision.State.PLANNED, Revision.State.SUGGESTED],
    )
    for revision in under_way.select_related("author", "reviewer").order_by("created_at", "pk"):
        kind = RegionalOffice if revision.office_id else EducationRegion
        key = (kind.__name__, revision.office_id or revision.region_id or 0)
        found.setdefault(key, []).append(revision)
    return found


def _who_confirmed(offices: Sequence[Subject]) -> dict[int, tuple[str, date | None]]:
    """Who said last that all is right, and on which day, by office. One query."""
    said = (
        Revision.objects.published()
        .filter(office__in=_ids(offices), origin=Revision.Origin.CONFIRMATION)
        .select_related("author")
        .order_by("published_at", "pk")
    )
    return {
        each.office_id: (
            str(each.author or ""),
            timezone.localdate(each.published_at) if each.published_at else None,
        )
        for each in said
        if each.office_id
    }


def _views(offices: Sequence[Subject], at: datetime) -> dict[int, int]:
    """How often people looked at them in the last days: as their pages of figures tell it."""
    if not offices:
        return {}
    today = timezone.localdate(at)
    seen = office_sums([Period(today - timedelta(days=VIEWED_DAYS - 1), today)])
    return {office.pk: int(seen.count(office.pk, VIEWS).now) for office in offices}
