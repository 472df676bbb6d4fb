"""Conversations: register, correct, withdraw, and what I registered today."""

from django.http import HttpRequest, HttpResponse


def conversations(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def names(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def conversation(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def withdraw(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError


def bring_back(request: HttpRequest, **parts: object) -> HttpResponse:
    raise NotImplementedError
