"""Slips: made for a referral, handed on, followed."""

from django.http import HttpRequest, HttpResponse


def slips(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def slip(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError
