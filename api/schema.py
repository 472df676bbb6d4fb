"""The description of the API: OpenAPI 3.0, its page, and words that its parts share."""

from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response

from api.problems import MEDIA_TYPE, TYPES, ProblemSerializer
from api.resources import ReadOnlyResource


def problems(*statuses: int) -> dict[tuple[int, str], OpenApiResponse]:
    """The responses of an operation that are problems, for `extend_schema`.

    A request that accepts no JSON can be made anywhere, so 406 is always among them.
    """
    titles = {int(kind.status): kind.title for kind in reversed(tuple(TYPES.values()))}
    return {
        (status, MEDIA_TYPE): OpenApiResponse(ProblemSerializer, description=titles[status])
        for status in sorted({*statuses, 406})
    }


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """The whole description; made once in a process, since only code changes it."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]  # it has no types
    schema: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]  # the same
    return schema


class DescriptionView(ReadOnlyResource):
    """The description itself."""

    schema = None

    def get(self, request: Request) -> Response:
        return Response(document())


@login_not_required
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """The description as a page on which to try things; all its files are our own."""
    return HttpResponse(render_to_string("api/docs.html"))  # it needs nothing of the request
