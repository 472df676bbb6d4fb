"""What advisors heard is wrong, proposed on the spot, and what became of it."""

from django.http import HttpRequest, HttpResponse


def corrections(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def correction(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError
