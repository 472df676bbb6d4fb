"""Changes to an office or a region: the one that is being worked on, and the history."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from rest_framework import exceptions, generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import Impossible, InvalidRequest, Mistake
from api.v1.my import fields
from api.v1.my.resources import OwnSubject, no_fields, read_body, take_note
from api.v1.my.telling import tell_revision, tell_revisions
from api.v1.my.work import Work, work_on
from api.values import TextOrNull
from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.editing import publication
from regions.models import Revision
from regions.records import Refused, Subject, SubjectModel
from regions.revisions import Outdated, Placeholders, RevisionError

STATES: Final = Revision.State.values
ORIGINS: Final = Revision.Origin.values


class ChangeSerializer(serializers.Serializer[Any]):
    """A field that changes; its values are as in the profile."""

    field = serializers.CharField(help_text="Such as phone, or support.vacancies.")
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)
    author = TextOrNull(help_text="Who changed it.")


class RevisionSerializer(serializers.Serializer[Any]):
    """A change: what, by whom, when, and how far it is."""

    state = serializers.ChoiceField(choices=STATES)
    origin = serializers.ChoiceField(choices=ORIGINS, help_text="The way by which it came in.")
    note = TextOrNull(help_text="Of who changed it.")
    author = TextOrNull()
    createdAt = serializers.DateTimeField()
    changedAt = serializers.DateTimeField()
    submittedAt = serializers.DateTimeField(allow_null=True)
    reviewer = TextOrNull()
    reviewedAt = serializers.DateTimeField(allow_null=True)
    comment = TextOrNull(help_text="Of the reviewer.")
    publishAt = serializers.DateTimeField(allow_null=True, help_text="When it is to be published.")
    publishedAt = serializers.DateTimeField(allow_null=True)
    changes = ChangeSerializer(many=True)


class SubmissionSerializer(serializers.Serializer[Any]):
    """What can be said with a change that is sent for review."""

    note = TextOrNull(required=False, max_length=500, help_text="For the reviewer.")


@contextmanager
def as_problems(kind: SubjectModel) -> Iterator[None]:
    """What the door for changes refuses, as problems that name the fields of the API."""
    try:
        yield
    except Refused as refused:
        raise InvalidRequest(
            Mistake(fields.name_of(kind, field), "refused", " ".join(told))
            for field, told in refused.errors.items()
        ) from None
    except Placeholders as left:
        raise InvalidRequest(
            Mistake(fields.name_of(kind, field), "placeholders", _REASONS["placeholders"])
            for field in left.fields
        ) from None
    except Outdated as overtaken:
        raise Impossible(
            Mistake(fields.name_of(kind, field), "outdated", _REASONS["outdated"])
            for field in overtaken.clashes
        ) from None
    except RevisionError as error:
        raise Impossible([Mistake("", error.code, _REASONS[error.code])]) from None


class RevisionView(OwnSubject):
    """The change that is being worked on."""

    def get(self, request: Request, slug: str) -> Response:
        work = work_on(self.subject(slug))
        return _answer(work, self.draft(work))

    def delete(self, request: Request, slug: str) -> Response:
        """Give it up; it stays in the history of the pages."""
        with as_problems(self.kind), self.as_seen(self.subject(slug)) as work:
            publication.withdraw(self.draft(work), **self.who_and_when)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def draft(self, work: Work) -> Revision:
        """The open revision. Raises NotFound."""
        if work.draft is None:
            raise exceptions.NotFound("Nothing is being changed here.")
        return work.draft


class SubmissionView(RevisionView):
    """Sending the change for review."""

    http_method_names = ["post", "options"]

    def post(self, request: Request, slug: str) -> Response:
        subject, body = self.subject(slug), read_body(request)
        note = take_note(body)
        no_fields(body)
        with as_problems(self.kind), self.as_seen(subject) as work:
            sent = publication.submit(self.draft(work), note=note, **self.who_and_when)
            return _answer(work, sent)


class PublicationView(RevisionView):
    """Making the change public, by who may do so without review."""

    http_method_names = ["post", "options"]

    def post(self, request: Request, slug: str) -> Response:
        subject = self.subject(slug)
        demand_direct(self.user, subject)
        no_fields(read_body(request))
        with as_problems(self.kind), self.as_seen(subject) as work:
            draft = self.draft(work)
            if not rules.may_publish_revision(self.user, draft):
                raise exceptions.PermissionDenied(
                    "This holds changes that are for administrators: send it for review instead."
                )
            published = publication.publish(draft, **self.who_and_when)
            return _answer(work, published)


class HistoryView(OwnSubject, generics.ListAPIView[Revision]):
    """What was published, the last first."""

    parameters = ("page", "pageSize")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        published = Revision.objects.of(self.subject(kwargs["slug"])).published()
        page = self.paginate_queryset(published) or ()
        return self.get_paginated_response(tell_revisions(self.kind, page))


def demand_direct(user: User, subject: Subject) -> None:
    """Publishing without review is for who may. Raises PermissionDenied."""
    if not rules.may_publish(user, subject):
        raise exceptions.PermissionDenied(
            "Changes of this region are reviewed first: send them for review instead."
        )


_REASONS: Final = {
    "placeholders": "This text still has something to fill in, such as [...] or xxx.",
    "outdated": "This became public with another value since the change began. Change it again.",
    "changed_since": "The change isn't any more what you saw.",
    "wrong_state": "The change is further already: it waits for review, or is public.",
    "already_open": "Something else is being changed already.",
    "already_planned": "Something else is planned already.",
    "nothing": "The change changes nothing any more.",
    "conflict": "Somebody else changed the same meanwhile.",
}


def _answer(work: Work, revision: Revision) -> Response:
    return Response(tell_revision(type(work.subject), revision), headers={"ETag": work.etag})
