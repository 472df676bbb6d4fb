"""The advisors' desk: look up, pick, and register, on one page."""

from django.http import HttpRequest, HttpResponse


def desk(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError
