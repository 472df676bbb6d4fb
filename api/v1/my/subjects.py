"""What somebody may edit: the list, and one office or region with all that can be changed."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Q
from django.utils import timezone
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import InvalidRequest, Mistake
from api.v1.my import fields
from api.v1.my.resources import HasSomethingToEdit, OwnResource, OwnSubject, read_body, take_note
from api.v1.my.revisions import RevisionSerializer, as_problems, demand_direct
from api.v1.my.telling import tell_more, tell_work
from api.v1.my.work import Work, work_on
from navigator.accounts import rules
from navigator.editing import publication
from regions import records, revisions
from regions.models import RegionalOffice, Revision
from regions.records import Record, SubjectModel


class CompletenessSerializer(serializers.Serializer[Any]):
    """How far a profile is, by the fifteen things that every profile should tell."""

    scorePercent = serializers.IntegerField(min_value=0, max_value=100)
    missing = serializers.ListField(child=serializers.CharField(), help_text="Such as calendar.")


class SummarySerializer(serializers.Serializer[Any]):
    """An office or a region that somebody may edit."""

    slug = serializers.CharField()
    name = serializers.CharField(help_text="As in the draft, if there is one.")
    state = serializers.ChoiceField(choices=RegionalOffice.State.values)
    revision = serializers.ChoiceField(
        choices=Revision.OPEN, allow_null=True, help_text="How far the change is, if there is one."
    )
    publishAt = serializers.DateTimeField(
        allow_null=True, help_text="When a planned change becomes public."
    )


class WorkSerializer(serializers.Serializer[Any]):
    """What is told beside the fields that can be changed."""

    url = serializers.CharField(help_text="The public page, for people.")
    mayPublish = serializers.BooleanField(help_text="Whether you may publish without review.")
    revision = RevisionSerializer(allow_null=True, help_text="The change that is worked on.")
    planned = RevisionSerializer(allow_null=True, help_text="The change that waits for its moment.")


class SubjectList(OwnResource, generics.ListAPIView[Any]):
    """All that somebody may edit, by name. A fixed number of queries."""

    kind: ClassVar[SubjectModel]
    permission_classes = [HasSomethingToEdit]
    parameters = ("page", "pageSize")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        mine = rules.editable_offices if self.kind is RegionalOffice else rules.editable_regions
        subjects = mine(request.user).order_by("name", "pk")
        return self.get_paginated_response(self._tell(self.paginate_queryset(subjects) or ()))

    def _tell(self, subjects: Sequence[Any]) -> Sequence[dict[str, Any]]:
        keys = [subject.pk for subject in subjects]
        chosen: Any = self.kind.objects.filter(pk__in=keys)
        stored = (
            records.read_many(chosen)
            if self.kind is RegionalOffice
            else records.read_regions(chosen)
        )
        drafts, planned = self._revisions(keys)
        return [self._summary(stored[pk], drafts.get(pk), planned.get(pk)) for pk in keys]

    def _revisions(self, keys: Sequence[int]) -> tuple[dict[int, Revision], dict[int, Revision]]:
        column = "office" if self.kind is RegionalOffice else "region"
        unfinished = Revision.objects.filter(
            Q(state__in=Revision.OPEN) | Q(state=Revision.State.PLANNED), **{f"{column}__in": keys}
        )
        drafts: dict[int, Revision] = {}
        planned: dict[int, Revision] = {}
        for revision in unfinished:
            (drafts if revision.is_open else planned)[getattr(revision, f"{column}_id")] = revision
        return drafts, planned

    def _summary(
        self, stored: Record, draft: Revision | None, planned: Revision | None
    ) -> dict[str, Any]:
        changes = draft.changes if draft else {}
        record = stored | {field: after for field, (_before, after) in changes.items()}
        return {
            "slug": stored["slug"],
            "name": record["name"],
            "state": stored["state"],
            "revision": draft.state if draft else None,
            "publishAt": planned.publish_at if planned else None,
            **tell_more(self.kind, record),
        }


class SubjectView(OwnSubject):
    """One office or region: read it with what is being changed, and change it."""

    parameters = ("publish",)

    def get(self, request: Request, slug: str) -> Response:
        if request.query_params:
            raise InvalidRequest([Mistake("publish", "unknown_parameter", "Only with PATCH.")])
        return self._answer(work_on(self.subject(slug)))

    def patch(self, request: Request, slug: str) -> Response:
        """Change the fields that are named: in the draft, or at once."""
        subject = self.subject(slug)
        is_direct = self._is_direct()
        if is_direct:
            demand_direct(self.user, subject)
        body = read_body(request)
        note = take_note(body)
        if not body:
            raise InvalidRequest([Mistake("", "nothing_given", "Name at least one field.")])
        with as_problems(self.kind), self.as_seen(subject, required=True) as work:
            administers = rules.may_administer(self.user, subject)
            values = fields.read_changes(self.kind, body, work.record, administers=administers)
            self._store(work, values, note=note, is_direct=is_direct)
            subject.refresh_from_db()
            return self._answer(work_on(subject))

    def _store(self, work: Work, values: Record, *, note: str, is_direct: bool) -> None:
        if is_direct:
            publication.publish_now(
                subject=work.subject,
                values=values,
                origin=Revision.Origin.API,
                base=revisions.fingerprints(work.record, values),  # the draft was seen, too
                matching=work.fingerprint,
                note=note,
                **self.who_and_when,
            )
        else:
            revisions.propose(
                subject=work.subject,
                values=values,
                by=self.user,
                at=timezone.now(),
                matching=work.fingerprint,
                note=note,
                origin=Revision.Origin.API,
            )

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        response = super().options(request, *args, **kwargs)
        response.headers["Accept-Patch"] = "application/json, application/merge-patch+json"
        return response

    def _answer(self, work: Work) -> Response:
        return Response(tell_work(work, self.request), headers={"ETag": work.etag})

    def _is_direct(self) -> bool:
        said = self.request.query_params.get("publish", "false")
        if said not in ("true", "false"):
            raise InvalidRequest([Mistake("publish", "not_a_boolean", "Give true or false.")])
        return said == "true"
