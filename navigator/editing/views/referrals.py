"""The open referrals of the own offices, and what became of them."""

from django.http import HttpRequest, HttpResponse


def referrals(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def outcome(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError
