"""What an office tells of one referral, by its link, without an account."""

from django.http import HttpRequest, HttpResponse


def report(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError
