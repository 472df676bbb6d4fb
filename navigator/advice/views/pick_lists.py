"""Pick lists: made while talking, and handed on as an address."""

from django.http import HttpRequest, HttpResponse


def pick_lists(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def pick_list(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError
