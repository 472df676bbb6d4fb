"""What every address below /my has in common: it belongs to somebody.

Who may do what is asked in `navigator.accounts.rules`, as the pages do; what somebody may not
edit is not found. Nothing here may be kept by a cache, or read by scripts of other sites.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Final, cast

from django.db import transaction
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework import exceptions
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.authentication import BearerAuthentication, SessionAuthentication
from api.bodies import read_object
from api.problems import InvalidRequest, Mistake, PreconditionFailed, PreconditionRequired
from api.resources import Resource
from api.throttling import ChangesThrottle
from api.v1.my.telling import tell_work
from api.v1.my.work import Work, work_on
from navigator.accounts import rules
from navigator.accounts.models import User
from regions import cleaning, derived
from regions.records import Subject, SubjectModel
from regions.revisions import Conflict

MOST_BYTES: Final = 262_144
MERGE_PATCH: Final = ("application/json", "application/merge-patch+json")  # RFC 7396
MOST_OF_NOTE: Final = 500


class IsSomebody(BasePermission):
    """Somebody with an account."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.user, User)


class HasSomethingToEdit(IsSomebody):
    """An editor of a region, or an administrator."""

    message = "Your account edits no region."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and rules.is_editor(request.user)


class OwnResource(Resource):
    """A view for who holds a token or is logged in."""

    authentication_classes = [BearerAuthentication, SessionAuthentication]
    permission_classes = [IsSomebody]
    throttle_classes = [ChangesThrottle]
    is_personal = True

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        told = super().finalize_response(request, response, *args, **kwargs)
        told.headers["Cache-Control"] = "no-store, private"
        patch_vary_headers(told, ("Authorization", "Cookie"))
        return told


class OwnSubject(OwnResource):
    """A view of an office or a region that its editors may change."""

    kind: ClassVar[SubjectModel]

    def subject(self, slug: str) -> Subject:
        """The office or region, if this user may edit it. Raises NotFound."""
        found: Subject | None = self.kind.objects.filter(slug=slug).first()
        if found is None or not rules.may_edit(self.user, found):
            raise exceptions.NotFound("There is nothing with this name that you may edit.")
        return found

    @property
    def user(self) -> User:
        """Who asks."""
        return cast(User, self.request.user)

    @property
    def who_and_when(self) -> dict[str, Any]:
        """What every change is written down with, for `navigator.editing.publication`."""
        return {"by": self.user, "at": timezone.now(), "request": self.request._request}

    @contextmanager
    def as_seen(self, subject: Subject, *, required: bool = False) -> Iterator[Work]:
        """Under the lock of the directory: the work on a subject, if it is what the client saw.

        That is what `If-Match` names. Raises PreconditionFailed and, where it is required but not
        there, PreconditionRequired.
        """
        sent = self.request.headers.get("If-Match", "")
        # What compresses an answer makes its ETag weak; the record that it names is the same.
        seen = [etag.removeprefix("W/") for etag in parse_etags(sent) or [sent] if etag]
        if required and not set(seen) - {"*"}:
            raise PreconditionRequired
        try:
            with transaction.atomic():
                derived.lock()
                work = work_on(subject)
                if seen and seen != ["*"] and work.etag not in seen:
                    raise PreconditionFailed(tell_work(work, self.request), work.etag)
                yield work
        except Conflict:
            work = work_on(subject)
            raise PreconditionFailed(tell_work(work, self.request), work.etag) from None


def read_body(request: Request) -> dict[str, Any]:
    """The JSON object in the body of a change; an empty one when there is no body."""
    if not int(request.META.get("CONTENT_LENGTH") or 0):
        return {}
    return read_object(request, most_bytes=MOST_BYTES, media_types=MERGE_PATCH)


def take_note(body: dict[str, Any]) -> str:
    """The note of a change, which is taken out of `body`. Raises InvalidRequest."""
    note = body.pop("note", None)
    if note is not None and not isinstance(note, str):
        raise InvalidRequest([Mistake("note", "not_text", 'Give a text, between quotes: "...".')])
    try:
        return cleaning.line(note or "", MOST_OF_NOTE)
    except cleaning.Unclean as error:
        raise InvalidRequest([Mistake("note", error.code, cleaning.message(error))]) from None


def no_fields(body: dict[str, Any]) -> None:
    """What is left in `body` is a mistake. Raises InvalidRequest."""
    if body:
        raise InvalidRequest([Mistake("", "unknown_field", "There are no such fields here.")])
