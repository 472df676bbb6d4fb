"""What the description of the API says of several addresses below /my."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from api.problems import MEDIA_TYPE, PRECONDITION_FAILED
from api.schema import problems

TAGS: Final = ["my"]
IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The `ETag` of what the change starts from.",
)
OPTIONAL_IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` of what you saw: then nothing happens if it has changed since.",
)
PUBLISH: Final = OpenApiParameter(
    "publish",
    bool,
    description="`true`: make it public at once. For who may publish without review.",
)
MERGE_PATCH: Final = ("application/json", "application/merge-patch+json")
_CHANGING: Final = (400, 401, 403, 404, 409, 413, 415, 429)


def precondition_failed(current: type[serializers.Serializer[Any]]) -> dict[Any, Any]:
    """The response to who was too late; `current` describes its member of that name."""
    described = OpenApiResponse(current, description=PRECONDITION_FAILED.title)
    return {(int(PRECONDITION_FAILED.status), MEDIA_TYPE): described}


def reading(operation: str, summary: str, description: str, answer: Any) -> Any:
    """Describes a GET."""
    return extend_schema(
        operation_id=operation,
        summary=summary,
        description=description,
        tags=TAGS,
        responses={200: answer, **problems(400, 401, 403, 404)},
    )


def changing(
    operation: str,
    summary: str,
    description: str,
    *,
    request: Any = None,
    answers: dict[Any, Any],
    too_late: type[serializers.Serializer[Any]],
) -> Any:
    """Describes a change of which `If-Match` is optional."""
    return extend_schema(
        operation_id=operation,
        summary=summary,
        description=description,
        tags=TAGS,
        parameters=[OPTIONAL_IF_MATCH],
        request=request,
        responses={**answers, **problems(*_CHANGING), **precondition_failed(too_late)},
    )


def patching(
    operation: str,
    summary: str,
    change: type[serializers.Serializer[Any]],
    answer: type[serializers.Serializer[Any]],
    too_late: type[serializers.Serializer[Any]],
) -> Any:
    """Describes a PATCH, of which `If-Match` is required."""
    return extend_schema(
        operation_id=operation,
        summary=summary,
        description=(
            "Name the fields that change (JSON merge patch); the others stay. They go into the "
            "draft, which the public does not see, or with `publish=true` become public at once."
        ),
        tags=TAGS,
        parameters=[IF_MATCH, PUBLISH],
        request=dict.fromkeys(MERGE_PATCH, change),
        responses={200: answer, **problems(*_CHANGING, 428), **precondition_failed(too_late)},
    )
