"""Every error as `application/problem+json` (RFC 9457), and the types that there are.

A problem's `type` is an address below `/api/v1/problems/`, which answers what it means; docs/api.md
describes each. There is no `instance`: the address that was asked may hold a full postcode.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, UnreadablePostError
from django.urls import reverse
from django.utils.log import log_response
from rest_framework import exceptions, serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.request import Request
from rest_framework.response import Response

MEDIA_TYPE: Final = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of error: the end of its address, and what it means."""

    code: str
    status: HTTPStatus
    title: str
    description: str


INVALID_REQUEST = ProblemType(
    "invalid-request",
    HTTPStatus.BAD_REQUEST,
    "The request has a mistake",
    "A parameter or a field is unknown, missing or wrong. `errors` names each, with its own code.",
)
MALFORMED_JSON = ProblemType(
    "malformed-json",
    HTTPStatus.BAD_REQUEST,
    "The body is not JSON",
    "The body must be one JSON object in UTF-8, with every name once.",
)
BAD_REQUEST = ProblemType(
    "bad-request",
    HTTPStatus.BAD_REQUEST,
    "The request can't be understood",
    "The server refused the request before it was read.",
)
UNAUTHENTICATED = ProblemType(
    "unauthenticated",
    HTTPStatus.UNAUTHORIZED,
    "Say who you are",
    "Send a personal token (`Authorization: Bearer ...`), or log in on the site. A token can be "
    "unknown, expired or withdrawn.",
)
FORBIDDEN = ProblemType(
    "forbidden",
    HTTPStatus.FORBIDDEN,
    "Not allowed",
    "This is not open to everybody.",
)
NOT_FOUND = ProblemType(
    "not-found",
    HTTPStatus.NOT_FOUND,
    "Not found",
    "There is nothing at this address: the name or code is unknown, or the page is past the last.",
)
METHOD_NOT_ALLOWED = ProblemType(
    "method-not-allowed",
    HTTPStatus.METHOD_NOT_ALLOWED,
    "Another method is needed",
    "This address exists, but not for this method. The header `Allow` names those that it has.",
)
NOT_ACCEPTABLE = ProblemType(
    "not-acceptable",
    HTTPStatus.NOT_ACCEPTABLE,
    "Only JSON is spoken here",
    "The header `Accept` leaves no room for `application/json`.",
)
CONFLICT = ProblemType(
    "conflict",
    HTTPStatus.CONFLICT,
    "It can't be done now",
    "What is asked doesn't go together with how far the change is: it waits for review already, "
    "holds nothing, or was overtaken by what became public; or a conversation has a slip, or its "
    "key stands for another one. `errors` says why.",
)
PRECONDITION_FAILED = ProblemType(
    "precondition-failed",
    HTTPStatus.PRECONDITION_FAILED,
    "Somebody else was first",
    "What `If-Match` names has changed since. Nothing was stored; `current` is what it is now.",
)
TOO_LARGE = ProblemType(
    "too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    "A question is at most 16 kB, a change at most 256 kB.",
)
UNSUPPORTED_MEDIA_TYPE = ProblemType(
    "unsupported-media-type",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "The body must be JSON",
    "Send the body with the header `Content-Type: application/json`.",
)
PRECONDITION_REQUIRED = ProblemType(
    "precondition-required",
    HTTPStatus.PRECONDITION_REQUIRED,
    "Say what you saw",
    "A change needs the header `If-Match` with the `ETag` of what it starts from, so that nobody's "
    "work is overwritten unseen.",
)
TOO_MANY_REQUESTS = ProblemType(
    "too-many-requests",
    HTTPStatus.TOO_MANY_REQUESTS,
    "Too many requests in a short time",
    "Wait as many seconds as the header `Retry-After` says.",
)
INTERNAL_ERROR = ProblemType(
    "internal-error",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong here",
    "A mistake of the service, which has been logged. Try again later.",
)
TYPES: Final[Mapping[str, ProblemType]] = {
    kind.code: kind
    for kind in (
        INVALID_REQUEST,
        MALFORMED_JSON,
        BAD_REQUEST,
        UNAUTHENTICATED,
        FORBIDDEN,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        CONFLICT,
        PRECONDITION_FAILED,
        TOO_LARGE,
        UNSUPPORTED_MEDIA_TYPE,
        PRECONDITION_REQUIRED,
        TOO_MANY_REQUESTS,
        INTERNAL_ERROR,
    )
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one parameter or field. The detail never repeats what was sent."""

    field: str  # empty when it concerns the request as a whole
    code: str
    detail: str
    suggestions: tuple[str, ...] = ()  # what would have been right


class Wrong(ValueError):
    """A value that can't be: a `Mistake` that doesn't know its field yet."""

    def __init__(self, code: str, detail: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.suggestions = suggestions

    def at(self, field: str) -> Mistake:
        """The same, of this field."""
        return Mistake(field, self.code, self.detail, self.suggestions)


class InvalidRequest(exceptions.APIException):
    """The request has one or more mistakes."""

    status_code = INVALID_REQUEST.status
    default_detail = "The request has a mistake; see `errors`."

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        super().__init__()
        self.mistakes = tuple(mistakes)


class MalformedJson(exceptions.ParseError):
    """The body is not one JSON object."""


class TooLarge(exceptions.APIException):
    """The body is larger than any question or change."""

    status_code = TOO_LARGE.status
    default_detail = TOO_LARGE.description


class Impossible(exceptions.APIException):
    """What is asked can't be done in the state that things are in."""

    status_code = CONFLICT.status
    default_detail = "It can't be done now; see `errors`."

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        super().__init__()
        self.mistakes = tuple(mistakes)


class PreconditionRequired(exceptions.APIException):
    """A change doesn't say what it starts from."""

    status_code = PRECONDITION_REQUIRED.status
    default_detail = PRECONDITION_REQUIRED.description


class PreconditionFailed(exceptions.APIException):
    """What the client saw has changed since. `current` is what it is now, as JSON values."""

    status_code = PRECONDITION_FAILED.status
    default_detail = PRECONDITION_FAILED.description

    def __init__(self, current: Mapping[str, Any], etag: str) -> None:
        super().__init__()
        self.current = current
        self.etag = etag


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The answer to an error in a view, as REST framework's exception handler.

    What nobody expected is logged with its traceback, and told without it. Answers None, which
    raises the error again, only for that, and only with DEBUG.
    """
    match error:
        case Http404():
            error = exceptions.NotFound("There is nothing at this address.")
        case PermissionDenied():
            error = exceptions.PermissionDenied()
        case SuspiciousOperation() | UnreadablePostError():
            return _problem(BAD_REQUEST, BAD_REQUEST.description)
        case exceptions.APIException():
            pass
        case _:
            return None if settings.DEBUG else _unexpected(error, context["request"])
    response = _problem(_type_of(error), _detail_of(error), _mistakes_of(error))
    response.status_code = error.status_code
    _tell_more(error, response)
    return response


def problem_type_address(kind: ProblemType) -> str:
    """What stands in `type`: an address without a host, so that it is the same everywhere."""
    return reverse("api:problem-type", args=[kind.code])


def _problem(kind: ProblemType, detail: str, mistakes: Iterable[Mistake] = ()) -> Response:
    body: dict[str, Any] = {
        "type": problem_type_address(kind),
        "title": kind.title,
        "status": int(kind.status),
        "detail": detail,
    }
    if errors := [_mistake_json(mistake) for mistake in mistakes]:
        body["errors"] = errors
    return Response(body, status=kind.status, content_type=MEDIA_TYPE)


def _tell_more(error: exceptions.APIException, response: Response) -> None:
    """The headers, and what else belongs to some kinds."""
    match error:
        case exceptions.Throttled():
            response.headers["Retry-After"] = str(ceil(getattr(error, "wait", None) or 1))
        case PreconditionFailed():
            response.headers["ETag"] = error.etag
            response.data["current"] = error.current
    if asked := getattr(error, "auth_header", ""):  # REST framework's, with a 401
        response.headers["WWW-Authenticate"] = asked


def _mistake_json(mistake: Mistake) -> dict[str, Any]:
    said = {"field": mistake.field, "code": mistake.code, "detail": mistake.detail}
    return {**said, "suggestions": mistake.suggestions} if mistake.suggestions else said


def _unexpected(error: Exception, request: Request) -> Response:
    got_request_exception.send(sender=None, request=request._request)
    response = _problem(INTERNAL_ERROR, INTERNAL_ERROR.description)
    log_response(
        "%s: %s",
        INTERNAL_ERROR.status.phrase,
        request.path,
        response=response,
        request=request._request,
        exception=error,
    )
    return response


def _type_of(error: exceptions.APIException) -> ProblemType:
    match error:
        case exceptions.ParseError():
            return MALFORMED_JSON
        case InvalidRequest() | exceptions.ValidationError():
            return INVALID_REQUEST
    by_status = {kind.status: kind for kind in TYPES.values() if kind.status != 400}
    return by_status.get(HTTPStatus(error.status_code), BAD_REQUEST)


def _detail_of(error: exceptions.APIException) -> str:
    match error:
        case exceptions.ValidationError():
            return InvalidRequest.default_detail
        case exceptions.NotAcceptable():
            return NOT_ACCEPTABLE.description
        case exceptions.UnsupportedMediaType():  # its own text repeats what was sent
            return UNSUPPORTED_MEDIA_TYPE.description
    return str(error.detail)


def _mistakes_of(error: exceptions.APIException) -> Iterable[Mistake]:
    match error:
        case InvalidRequest() | Impossible():
            return error.mistakes
        case exceptions.ValidationError() if isinstance(error.detail, dict):
            return [
                Mistake(field, detail.code or "invalid", str(detail))
                for field, details in error.detail.items()
                for detail in details
                if isinstance(detail, ErrorDetail)
            ]
    return ()


class MistakeSerializer(serializers.Serializer[Mistake]):
    """What is wrong with one parameter or field."""

    field = serializers.CharField(help_text="Which one; empty for the request as a whole.")
    code = serializers.CharField(help_text="Stable, for programs.")
    detail = serializers.CharField(help_text="For people; in English.")
    suggestions = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="What would have been right."
    )


class ProblemSerializer(serializers.Serializer[Any]):
    """An error, as RFC 9457 (Problem Details for HTTP APIs) has it."""

    type = serializers.CharField(help_text="Address that tells what this kind of error means.")
    title = serializers.CharField()
    status = serializers.IntegerField(help_text="The same as the status of the response.")
    detail = serializers.CharField()
    errors = MistakeSerializer(many=True, required=False)  # type: ignore[assignment]  # a member
