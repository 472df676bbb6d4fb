"""What `regions.reorganisation` does, with the people who edit and an entry in the audit log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from navigator.accounts import audit
from navigator.accounts.models import Membership, User
from regions import addresses, reorganisation
from regions.models import EducationRegion, RegionalOffice
from regions.records import Subject
from regions.reorganisation import ArrangementError

# What an administrator is told when a step can't be taken.
WORDS: dict[str, Any] = {
    "same": _("A region can't be merged into itself. Choose another one."),
    "archived": _("This is archived. Bring it back first."),
    "not_archived": _("This is not archived any more."),
    "has_offices": _(
        "This region still has offices. Merge it into another region, or archive its offices first."
    ),
    "merged": _("This region was merged into another. Undo the merger to bring it back."),
    "not_merged": _("This region was not merged, or that was undone already."),
    "no_offices": _("Choose at least one office for the new region."),
    "not_of_the_region": _("One of these offices is no longer of this region. Look again."),
}


def explain(error: ArrangementError) -> str:
    """Why it can't be done, and what can."""
    return str(WORDS[error.code])


@transaction.atomic
def add_office(request: HttpRequest, *, by: User, at: datetime, **values: Any) -> RegionalOffice:
    """A new office, as a draft. Raises Refused."""
    made = reorganisation.add_office(by=by, at=at, **values)
    audit.record("office_added", request=request, about=made)
    return made


@transaction.atomic
def add_region(request: HttpRequest, *, by: User, at: datetime, **values: Any) -> EducationRegion:
    """A new region, as a draft. Raises Refused."""
    made = reorganisation.add_region(by=by, at=at, **values)
    audit.record("region_added", request=request, about=made)
    return made


@transaction.atomic
def move(request: HttpRequest, subject: Subject, *, slug: str, by: User, at: datetime) -> None:
    """Give something another address. Raises ArrangementError and Refused."""
    if reorganisation.move(subject, slug=slug, by=by, at=at):
        audit.record("address_changed", request=request, about=subject)


@transaction.atomic
def archive(request: HttpRequest, subject: Subject, *, by: User, at: datetime) -> None:
    """Take something out of everything public. Raises ArrangementError."""
    reorganisation.archive(subject, by=by, at=at)
    audit.record(f"{_kind(subject)}_archived", request=request, about=subject)


@transaction.atomic
def bring_back(request: HttpRequest, subject: Subject, *, by: User, at: datetime) -> None:
    """Undo an archiving. Raises ArrangementError and Refused."""
    reorganisation.bring_back(subject, by=by, at=at)
    audit.record(f"{_kind(subject)}_unarchived", request=request, about=subject)


@transaction.atomic
def merge(
    request: HttpRequest,
    source: EducationRegion,
    into: EducationRegion,
    *,
    by: User,
    at: datetime,
) -> None:
    """Merge a region into another; its editors edit that one too. Raises ArrangementError."""
    reorganisation.merge(source, into, by=by, at=at)
    for user in _editors(source).difference(_editors(into)):
        Membership.objects.create(user_id=user, region=into)
    audit.record("region_merged", request=request, about=f"{source.slug} > {into.slug}")


@transaction.atomic
def undo_merge(request: HttpRequest, source: EducationRegion, *, by: User, at: datetime) -> None:
    """Bring a merged region back; who came along with it leaves the other one again.

    Raises ArrangementError.
    """
    into, merged_at = addresses.merged_into(source), reorganisation.merged_at(source)
    reorganisation.undo_merge(source, by=by, at=at)
    came_along = Membership.objects.filter(
        region=into, user__in=_editors(source), since__gte=merged_at
    )
    came_along.delete()
    audit.record("region_merger_undone", request=request, about=source)


@transaction.atomic
def split(
    request: HttpRequest,
    source: EducationRegion,
    *,
    editors: Sequence[User],
    by: User,
    at: datetime,
    **values: Any,
) -> EducationRegion:
    """Split a region; `editors` edit the new one, and the old one as before.

    Raises ArrangementError and Refused.
    """
    made = reorganisation.split(source, by=by, at=at, **values)
    for user in editors:
        Membership.objects.create(user=user, region=made)
    audit.record("region_split", request=request, about=f"{source.slug} > {made.slug}")
    return made


def bring_back_or_apart(request: HttpRequest, subject: Subject, *, by: User, at: datetime) -> None:
    """Undo an archiving, or the merger that it was a part of. Raises as both do."""
    if isinstance(subject, EducationRegion) and addresses.merged_into(subject):
        undo_merge(request, subject, by=by, at=at)
    else:
        bring_back(request, subject, by=by, at=at)


def _editors(region: EducationRegion) -> set[int]:
    return set(Membership.objects.filter(region=region).values_list("user", flat=True))


def _kind(subject: Subject) -> str:
    return "office" if isinstance(subject, RegionalOffice) else "region"
