"""What every address of the API has in common: in English, strict about parameters; and what those
that are open to all have. `api.v1.my` has what belongs to somebody.
"""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from rest_framework import exceptions, generics, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.problems import InvalidRequest, Mistake
from regions import addresses
from regions.records import SubjectModel

# Control characters and halves of characters; no name or code has them, and PostgreSQL refuses NUL.
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NAME_OF_PARAMETER = re.compile(r"[A-Za-z][A-Za-z_]{0,39}")
_MOST_CHARACTERS = 200


class Resource(APIView):
    """A view of the API.

    A parameter that is not among `parameters` is an error; so is one without a value, or given
    twice while it is not in `repeatable`. Scripts of any site may ask (CORS) unless
    `is_personal`, since then nothing depends on who asks, and no cookie is read.
    """

    permission_classes = [AllowAny]
    is_personal: ClassVar[bool] = False
    parameters: ClassVar[Sequence[str]] = ()
    repeatable: ClassVar[Sequence[str]] = ()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override("en"):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.query_params and (mistakes := self._mistakes(request)):
            raise InvalidRequest(mistakes)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What another site's script may do here; browsers ask it before a POST."""
        if self.is_personal:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(
            status=status.HTTP_204_NO_CONTENT,
            headers={
                "Access-Control-Allow-Methods": ", ".join(self.allowed_methods),
                "Access-Control-Allow-Headers": "Accept, Content-Type",
                "Access-Control-Max-Age": "86400",
            },
        )

    def finalize_response(
        self, request: Request, response: Any, *args: Any, **kwargs: Any
    ) -> Response:
        told: Response = super().finalize_response(request, response, *args, **kwargs)
        if not self.is_personal:
            told.headers["Access-Control-Allow-Origin"] = "*"
        told.headers["API-Version"] = settings.SPECTACULAR_SETTINGS["VERSION"]
        told.headers["Content-Language"] = "en"
        return told

    def _mistakes(self, request: Request) -> list[Mistake]:
        given: dict[str, list[str]] = dict(request.query_params.lists())
        unknown = [name for name in given if name not in self.parameters]
        mistakes = [self._unknown(name) for name in unknown]
        for name in self.parameters:
            values = given.get(name, [])
            if len(values) > 1 and name not in self.repeatable:
                mistakes.append(Mistake(name, "given_twice", "Give this parameter once."))
            if wrong := next(filter(None, map(what_is_wrong, values)), None):
                mistakes.append(Mistake(name, *wrong))
        return mistakes

    def _unknown(self, name: str) -> Mistake:
        known = ", ".join(self.parameters)
        return Mistake(
            name if _NAME_OF_PARAMETER.fullmatch(name) else "",
            "unknown_parameter",
            f"There is no such parameter; choose from {known}." if known else "None is known here.",
            tuple(self.parameters),
        )


@method_decorator(conditional_page, name="dispatch")
class ReadOnlyResource(Resource):
    """A view that only tells: with an ETag, so that asking again costs a few bytes."""


class ValueList(ReadOnlyResource, generics.ListAPIView[Any]):
    """A list of values, a page at a time, each told by `serializer_class`."""

    parameters: ClassVar[Sequence[str]] = ("page", "pageSize")

    def values(self) -> Sequence[Any]:
        """All values, in order."""
        raise NotImplementedError

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(self.values())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


def moved(model: SubjectModel, name: str, slug: str) -> HttpResponsePermanentRedirect:
    """To the present address of what used to be at `slug` (301). Raises NotFound.

    A query or more: ask only when nothing is published under `slug`.
    """
    present = addresses.present_slug(model, slug)
    if present is None:
        raise exceptions.NotFound(f"There is no such {name}; see /api/v1/{name}s.")
    return HttpResponsePermanentRedirect(
        reverse(f"api:{name}", args=[present]), headers={"Cache-Control": "no-cache"}
    )


def what_is_wrong(text: str) -> tuple[str, str] | None:
    """Code and sentence for a text that can't be a name, code or number whatever is asked."""
    if not text.strip():
        return "empty", "Give a value, or leave this out."
    if len(text) > _MOST_CHARACTERS:
        return "too_long", f"This is too long: at most {_MOST_CHARACTERS} characters."
    if _NOT_TEXT.search(text):
        return "control_characters", "Leave out control characters, such as NUL."
    return None
