"""Which figures of advice are public."""

from django.http import HttpRequest, HttpResponse


def publishing(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError
