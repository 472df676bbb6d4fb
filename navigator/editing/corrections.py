"""What happens around a correction from a conversation: the audit log, the mail, and the log.

Each function calls the one of the same name in `regions.suggestions`, raises what that raises, and
asks no rights: who calls it has asked `navigator.accounts.rules`. The advisor gets no mail: the
state stands in the list of their own corrections.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.http import HttpRequest

from navigator.accounts import audit
from navigator.accounts.models import User
from navigator.editing import mails
from navigator.editing.differences import Difference, Labels
from navigator.editing.publication import afterwards
from regions import revisions, suggestions
from regions.models import RegionalOffice, Revision
from regions.records import Record
from regions.suggestions import Suggested

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Correction:
    """A suggestion as its reader sees it. The lists hold what people call fields."""

    revision: Revision
    fields: tuple[str, ...]
    differences: tuple[Difference, ...]
    outdated: tuple[str, ...] = ()  # what is public moved on meanwhile, to something else
    in_draft: tuple[str, ...] = ()  # an editor works on these, and would have to choose
    is_right_already: bool = False


@transaction.atomic
def suggest(
    office: RegionalOffice,
    values: Mapping[str, Any],
    *,
    by: User,
    at: datetime,
    note: str = "",
    request: HttpRequest | None = None,
) -> Suggested:
    """Let a correction wait; who decides on it gets a mail, once."""
    found = suggestions.suggest(office, values, by=by, at=at, note=note)
    if found.revision and found.is_new:
        _note("correction_suggested", found.revision, by, request)
        afterwards(partial(mails.ask_to_decide, found.revision, by=by))
    return found


@transaction.atomic
def take_over(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    comment: str = "",
    request: HttpRequest | None = None,
) -> Revision:
    """Make a correction public."""
    published = suggestions.take_over(revision, by=by, at=at, comment=comment)
    _note("correction_taken_over", published, by, request)
    return published


@transaction.atomic
def decline(
    revision: Revision,
    *,
    by: User,
    at: datetime,
    comment: str,
    request: HttpRequest | None = None,
) -> Revision:
    """Leave what is public as it is; the advisor reads why."""
    declined = suggestions.decline(revision, by=by, at=at, comment=comment)
    _note("correction_declined", declined, by, request)
    return declined


def waiting(
    found: Iterable[Revision], *, stored: Record, draft: Revision | None
) -> list[Correction]:
    """What waits for one office, beside what is public and worked on there. Two queries, or none
    when nothing waits.
    """
    labels = Labels(RegionalOffice)
    drafted = draft.changes if draft else {}
    return [
        Correction(
            each,
            tuple(labels.of(each.changes)),
            labels.differences(each.changes),
            outdated=tuple(labels.of(revisions.outdated(each, stored))),
            in_draft=tuple(labels.of(_clashing(each, drafted))),
            is_right_already=all(
                stored.get(name) == after for name, (_before, after) in each.changes.items()
            ),
        )
        for each in found
    ]


def told(found: Iterable[Revision]) -> list[Correction]:
    """Corrections and what became of them, however far they are. At most two queries."""
    labels = Labels(RegionalOffice)
    return [
        Correction(
            each,
            tuple(labels.of(each.changes)),
            labels.differences(each.changes),
            is_right_already=suggestions.is_right_already(each),
        )
        for each in found
    ]


def _clashing(suggestion: Revision, drafted: Mapping[str, list[Any]]) -> list[str]:
    return [
        name
        for name, (_before, after) in suggestion.changes.items()
        if name in drafted and drafted[name][1] != after
    ]


def _note(what: str, revision: Revision, by: User, request: HttpRequest | None) -> None:
    subject = revision.subject
    audit.record(what, request=request, who=by, about=subject)
    log.info(what, office=subject.slug, revision=revision.pk)
