"""Work and changes -> JSON values. The serializers beside the views describe them."""

from collections.abc import Iterable
from typing import Any

from rest_framework.request import Request

from api.v1.my import fields
from api.v1.my.work import Work
from api.values import page_address
from navigator.accounts import rules
from navigator.accounts.models import User
from regions.completeness import completeness
from regions.models import RegionalOffice, Revision
from regions.records import CONFIRMED, Record, SubjectModel


def tell_work(work: Work, request: Request) -> dict[str, Any]:
    """All that an editor has of an office or a region. At most five queries."""
    kind = type(work.subject)
    page = "finder:office" if kind is RegionalOffice else "finder:region"
    return {
        "url": page_address(request, page, work.subject.slug),
        **fields.tell(kind, work.record),
        **tell_more(kind, work.record),
        "mayPublish": rules.may_publish(request.user, work.subject),
        "revision": tell_revision(kind, work.draft),
        "planned": tell_revision(kind, work.planned),
    }


def tell_more(kind: SubjectModel, record: Record) -> dict[str, Any]:
    """What only offices have: whether they are complete, and were confirmed."""
    if kind is not RegionalOffice:
        return {}
    found = completeness(record)
    return {
        "confirmedOn": record[CONFIRMED],
        "completeness": {
            "scorePercent": found.score_percent,
            "missing": [must.code for must in found.missing],
        },
    }


def tell_revisions(kind: SubjectModel, revisions: Iterable[Revision]) -> list[dict[str, Any]]:
    """Revisions as JSON values. One query, for the names of all authors."""
    revisions = list(revisions)
    known = {
        person
        for revision in revisions
        for person in (revision.author_id, revision.reviewer_id, *revision.authors.values())
        if person
    }
    names = {pk: str(user) for pk, user in User.objects.in_bulk(known).items()}
    return [_tell_revision(kind, revision, names) for revision in revisions]


def tell_revision(kind: SubjectModel, revision: Revision | None) -> dict[str, Any] | None:
    """A revision as JSON values. One query, or none without a revision."""
    return tell_revisions(kind, [revision])[0] if revision else None


def _tell_revision(kind: SubjectModel, revision: Revision, names: dict[int, str]) -> dict[str, Any]:
    return {
        "state": revision.state,
        "origin": revision.origin,
        "note": revision.note or None,
        "author": names.get(revision.author_id or 0),
        "createdAt": revision.created_at,
        "changedAt": revision.changed_at,
        "submittedAt": revision.submitted_at,
        "reviewer": names.get(revision.reviewer_id or 0),
        "reviewedAt": revision.reviewed_at,
        "comment": revision.comment or None,
        "publishAt": revision.publish_at,
        "publishedAt": revision.published_at,
        "changes": [
            {
                "field": fields.name_of(kind, field),
                "before": fields.tell_value(kind, field, before),
                "after": fields.tell_value(kind, field, after),
                "author": names.get(revision.authors.get(field) or 0),
            }
            for field, (before, after) in revision.changes.items()
        ],
    }
