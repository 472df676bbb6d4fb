"""What advisors hear is wrong with an office: suggested, and taken over or not.

A suggestion is a `Revision` of its own that waits beside whatever editors work on, which it never
touches; any number can wait. Taking it over publishes its fields through the one door of
`regions.revisions`, and the suggestion itself is then what stands in the history. Who may do what
is asked in `navigator.accounts.rules`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from regions import derived, records, revisions
from regions.models import RegionalOffice, Revision
from regions.records import Refused
from regions.revisions import Person, Placeholders, WrongState

State = Revision.State

# What can be heard in a conversation, in the order of the form.
FIELDS: Final = (
    "phone",
    "email",
    "email_response",
    "contact_team",
    "website",
    "advice_url",
    "calendar_url",
    "privacy_url",
    "visiting_address",
    "phone_hours",
    "phone_note",
)
# What goes along with a field, since it would be wrong without: nobody fills it in.
ALONG: Final[Mapping[str, str]] = {"visiting_address": "visiting_point"}


@dataclass(frozen=True, slots=True)
class Suggested:
    """What became of a suggestion; nothing waits when all of it is public already."""

    revision: Revision | None
    is_new: bool = False  # false as well when the same waited already


@transaction.atomic
def suggest(
    subject: RegionalOffice, values: Mapping[str, Any], *, by: Person, at: datetime, note: str = ""
) -> Suggested:
    """Let these values wait for who keeps the office right. Raises Refused and Placeholders.

    Only `FIELDS` can be suggested, with what goes along. The same suggestion twice is one.
    """
    derived.lock()
    values = records.normal(values)
    _known(values)
    records.check(subject, values)
    changes = records.difference(records.read(subject), values)
    left = revisions.placeholders({name: after for name, (_before, after) in changes.items()})
    if left:
        raise Placeholders(left)
    if not changes:
        return Suggested(None)
    for waiting in Revision.objects.of(subject).suggested():
        if waiting.changes == changes:
            return Suggested(waiting)
    made = Revision(
        office=subject,
        state=State.SUGGESTED,
        origin=Revision.Origin.CORRECTION,
        changes=changes,
        authors=dict.fromkeys(changes, by.pk if by else None),
        author=by,  # type: ignore[misc]  # the user model is known by its setting
        created_at=at,
        changed_at=at,
        note=note,
    )
    made.save()
    return Suggested(made, is_new=True)


def take_over(revision: Revision, *, by: Person, at: datetime, comment: str = "") -> Revision:
    """Make what was suggested public. When somebody did so meanwhile, it counts as taken over.

    An open draft keeps its own values: where they differ it is outdated now, and its editor
    chooses. Raises Outdated, Placeholders, Refused and WrongState; then nothing has changed.
    """
    return revisions.accept(revision, by=by, at=at, comment=comment)


@transaction.atomic
def decline(revision: Revision, *, by: Person, at: datetime, comment: str) -> Revision:
    """Leave what is public as it is; the advisor sees the comment. Raises WrongState."""
    derived.lock()
    found = _waiting(revision)
    found.state = State.DECLINED
    found.reviewer = by  # type: ignore[assignment]  # the user model is known by its setting
    found.reviewed_at = found.changed_at = at
    found.comment = comment
    found.save()
    return found


def suggestions_for(subjects: Iterable[RegionalOffice]) -> list[Revision]:
    """What waits for these offices, the longest waiting first. One query."""
    waiting = Revision.objects.suggested().filter(office__in=[each.pk for each in subjects])
    return list(waiting.select_related("office", "region", "author", "reviewer"))


def suggestions_by(user: Person) -> QuerySet[Revision]:
    """All that somebody suggested and what became of it, the newest first."""
    by = user.pk if user else None
    own = Revision.objects.filter(origin=Revision.Origin.CORRECTION, author_id=by)
    return own.select_related("office", "region").order_by("-created_at", "-pk")


def is_right_already(revision: Revision) -> bool:
    """Whether it was taken over when all of it was public already."""
    return revision.state == State.PUBLISHED and all(
        before == after for before, after in revision.changes.values()
    )


def _known(values: Mapping[str, Any]) -> None:
    known = {*FIELDS, *(along for name, along in ALONG.items() if name in values)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise Refused({name: [_("This can't be suggested.")] for name in unknown})


def _waiting(revision: Revision) -> Revision:
    """The suggestion as it is stored now, under the lock. Raises WrongState."""
    waiting = Revision.objects.suggested().select_related("office", "region")
    found = waiting.filter(pk=revision.pk).first()
    if found is None:
        raise WrongState
    return found
