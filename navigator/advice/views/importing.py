"""Registrations of before the service, from a file, after a look at what would be stored."""

from django.http import HttpRequest, HttpResponse


def upload(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def check(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def example(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError
