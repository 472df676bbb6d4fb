"""The door of the administrators' pages."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from navigator.accounts import rules

P = ParamSpec("P")


def administrators_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Closes a page to everybody else (403): that it exists is no secret."""

    @wraps(view)
    def closed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not rules.is_administrator(request.user):
            raise PermissionDenied("administrators alone")
        return view(request, *args, **kwargs)

    return closed
