"""The figures that everybody may see."""

from django.http import HttpRequest, HttpResponse


def statistics(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def download(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError
