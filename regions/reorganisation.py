"""Regions and offices that come, go, merge and split; addresses that change.

Nothing is deleted: what goes is archived and can come back, and addresses that were given up lead
on (`regions.addresses`). Every step is a revision, in the history of whom it concerns. Who is an
editor of what stands above the directory: `navigator.administration.arranging` takes it along.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from regions import addresses, derived, records, revisions
from regions.models import EducationRegion, FormerSlug, RegionalOffice, Revision
from regions.records import Record, Refused, Subject, SubjectModel
from regions.revisions import Edit, Person

Origin = Revision.Origin
State = RegionalOffice.State


class ArrangementError(Exception):
    """A step that can't be taken; `code` says why.

    - `same`: a region can't be merged into itself
    - `archived`: what is archived has to come back first
    - `not_archived`: it is not archived
    - `has_offices`: a region that has offices can't be archived; merge it instead
    - `merged`: a region that was merged comes back by undoing that
    - `not_merged`: it was not merged
    - `no_offices`: a region is split off with at least one office
    - `not_of_the_region`: an office that is to move is not one of the region
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def add_office(
    *, name: str, slug: str, regions: Iterable[EducationRegion], by: Person, at: datetime
) -> RegionalOffice:
    """A new office, as a draft: nobody but its editors sees it until it is published.

    Raises Refused.
    """
    made: RegionalOffice = _add(
        RegionalOffice,
        {"name": name, "slug": slug, "regions": [region.slug for region in regions]},
        by=by,
        at=at,
    )
    return made


@transaction.atomic
def add_region(*, name: str, slug: str, by: Person, at: datetime) -> EducationRegion:
    """A new region, as a draft. Raises Refused."""
    made: EducationRegion = _add(EducationRegion, {"name": name, "slug": slug}, by=by, at=at)
    return made


@transaction.atomic
def move(subject: Subject, *, slug: str, by: Person, at: datetime) -> Revision | None:
    """Give an office or region another address; the old one leads on. Raises Refused."""
    derived.lock()
    _not_archived(subject)
    return _publish(subject, {"slug": slug}, by=by, at=at)


@transaction.atomic
def archive(subject: Subject, *, by: Person, at: datetime) -> Revision | None:
    """Take an office or region out of everything public. Raises ArrangementError."""
    derived.lock()
    _not_archived(subject)
    if isinstance(subject, EducationRegion) and _has_offices(subject):
        raise ArrangementError("has_offices")
    return _publish(subject, {"state": State.ARCHIVED.value}, by=by, at=at)


@transaction.atomic
def bring_back(subject: Subject, *, by: Person, at: datetime) -> Revision | None:
    """Undo an archiving: what was public is public again, a draft a draft.

    Raises ArrangementError and Refused.
    """
    derived.lock()
    _is_archived(subject)
    if isinstance(subject, EducationRegion) and addresses.merged_into(subject):
        raise ArrangementError("merged")
    return _publish(subject, {"state": _state_before(subject)}, by=by, at=at)


@transaction.atomic
def merge(
    source: EducationRegion, into: EducationRegion, *, by: Person, at: datetime
) -> list[Revision]:
    """Merge one region into another: its offices go there, its address leads there, and it is
    archived. Raises ArrangementError.
    """
    derived.lock()
    if source.pk == into.pk:
        raise ArrangementError("same")
    _not_archived(source)
    _not_archived(into)
    note = _("%(source)s was merged into %(target)s.") % {"source": source, "target": into}
    edits = [
        Edit(office, {"regions": _instead(office, source.slug, into.slug)}, note)
        for office in source.offices.order_by("pk")
    ]
    edits.append(Edit(source, {"state": State.ARCHIVED.value}, note))
    # Its own address, and not those that it had before: these lead to it, and so on.
    FormerSlug.objects.create(slug=source.slug, region=into)
    return revisions.publish_many(edits, by=by, at=at, origin=Origin.ADMIN)


@transaction.atomic
def undo_merge(source: EducationRegion, *, by: Person, at: datetime) -> list[Revision]:
    """Bring a merged region back, with the offices that it had and that are still where they went.

    Raises ArrangementError.
    """
    derived.lock()
    into = addresses.merged_into(source)
    if into is None:
        raise ArrangementError("not_merged")
    _is_archived(source)
    note = _("The merger of %(source)s into %(target)s was undone.") % {
        "source": source,
        "target": into,
    }
    edits = [Edit(source, {"state": _state_before(source)}, note)]
    for revision in _moves(source):
        office, (before, _after) = revision.subject, revision.changes["regions"]
        known = records.read(office)["regions"]
        left = [slug for slug in known if slug != into.slug or slug in before]
        edits.append(Edit(office, {"regions": [*left, source.slug]}, note))
    FormerSlug.objects.filter(slug=source.slug, region=into).delete()
    return revisions.publish_many(edits, by=by, at=at, origin=Origin.ADMIN)


@transaction.atomic
def split(
    source: EducationRegion,
    *,
    name: str,
    slug: str,
    offices: Sequence[RegionalOffice],
    by: Person,
    at: datetime,
) -> EducationRegion:
    """A new region that takes some offices along from another; as public as that one.

    Merging it back undoes it. Raises ArrangementError and Refused.
    """
    derived.lock()
    _not_archived(source)
    if not offices:
        raise ArrangementError("no_offices")
    own = set(source.offices.values_list("pk", flat=True))
    if not own.issuperset(office.pk for office in offices):
        raise ArrangementError("not_of_the_region")
    values = {"name": name, "slug": slug, "review_required": source.review_required}
    made: EducationRegion = _begin(EducationRegion, values)
    note = _("%(region)s was split off from %(source)s.") % {"region": made, "source": source}
    edits = [
        Edit(made, {"state": source.state, "review_required": source.review_required}, note),
        *(
            Edit(office, {"regions": _instead(office, source.slug, made.slug)}, note)
            for office in offices
        ),
    ]
    revisions.publish_many(edits, by=by, at=at, origin=Origin.ADMIN)
    made.refresh_from_db()
    return made


def merged_at(source: EducationRegion) -> datetime | None:
    """When a region was archived last. A query."""
    found = _archiving(source)
    return found.published_at if found else None


def _add(model: SubjectModel, values: Record, *, by: Person, at: datetime) -> Any:
    derived.lock()
    made = _begin(model, values)
    rest = {field: value for field, value in values.items() if field not in ("name", "slug")}
    if rest:
        _publish(made, rest, by=by, at=at)
    return made


def _begin(model: SubjectModel, values: Record) -> Any:
    """A draft with nothing but a name and an address. Raises Refused."""
    values = records.normal({**values, "state": State.DRAFT.value})
    records.check(model(), values)
    _no_placeholders(values)
    made = model(name=values["name"], slug=values["slug"], state=State.DRAFT)
    made.save()
    return made


def _no_placeholders(values: Record) -> None:
    left = revisions.placeholders({"name": values["name"]})
    if left:
        raise Refused(
            {"name": [_("This still has to be filled in: %(text)s") % {"text": values["name"]}]}
        )


def _publish(subject: Subject, values: Record, *, by: Person, at: datetime) -> Revision | None:
    return revisions.publish_now(subject=subject, values=values, by=by, at=at, origin=Origin.ADMIN)


def _not_archived(subject: Subject) -> None:
    subject.refresh_from_db(fields=["state", "slug"])
    if subject.state == State.ARCHIVED:
        raise ArrangementError("archived")


def _has_offices(region: EducationRegion) -> bool:
    kept = RegionalOffice.objects.filter(regions=region).exclude(state=State.ARCHIVED)
    return bool(kept.exists())


def _is_archived(subject: Subject) -> None:
    subject.refresh_from_db(fields=["state", "slug"])
    if subject.state != State.ARCHIVED:
        raise ArrangementError("not_archived")


def _archiving(subject: Subject) -> Revision | None:
    """The change by which something was archived last."""
    for revision in Revision.objects.of(subject).published():  # the last first
        if revision.changes.get("state", [None, None])[1] == State.ARCHIVED:
            return revision
    return None


def _state_before(subject: Subject) -> str:
    """What it was before it was archived; a draft when nobody knows."""
    found = _archiving(subject)
    return found.changes["state"][0] if found else State.DRAFT.value


def _instead(office: RegionalOffice, old: str, new: str) -> list[str]:
    known: list[str] = records.read(office)["regions"]
    return [slug for slug in known if slug != old] + [new]


def _moves(source: EducationRegion) -> list[Revision]:
    """The changes by which offices left a region when it was archived."""
    archived = _archiving(source)
    if archived is None:
        return []
    moved = Revision.objects.filter(
        office__isnull=False, origin=Origin.ADMIN, created_at=archived.created_at
    ).select_related("office")
    return [
        each
        for each in moved.published()
        if source.slug in each.changes.get("regions", [[], []])[0]
        and source.slug not in each.changes["regions"][1]
    ]
