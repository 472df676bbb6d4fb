"""The doors of the advisors' pages."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from navigator.accounts import rules

P = ParamSpec("P")


def advisors_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Opens a page to advisors and administrators; the others are told so (403)."""

    @wraps(view)
    def closed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not rules.is_advisor(request.user):
            raise PermissionDenied("advisors alone")
        return view(request, *args, **kwargs)

    return closed


def importers_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Opens a page to administrators: what is imported changes everybody's figures (403)."""

    @wraps(view)
    def closed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not rules.may_import_conversations(request.user):
            raise PermissionDenied("administrators alone")
        return view(request, *args, **kwargs)

    return closed
