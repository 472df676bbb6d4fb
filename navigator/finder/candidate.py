"""Pages that a candidate got the address of: a pick list, a slip."""

from django.http import HttpRequest, HttpResponse


def pick_list(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def slip(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def nobody_called(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError
