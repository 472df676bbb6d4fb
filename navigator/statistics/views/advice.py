"""The figures of advice, for advisors and administrators."""

from django.http import HttpRequest, HttpResponse


def figures(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def download(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError
