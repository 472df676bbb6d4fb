"""A request -> a Visit: the day, the visitor, the source, and whether it counts or why not."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from crawlerdetect import CrawlerDetect
from django.http import HttpRequest
from django.utils import timezone

from navigator.proxies import client_address
from navigator.statistics.models import Salt, Source
from navigator.statistics.sources import Origin, origin_of


class LeftOut(StrEnum):
    """Why a request is not counted."""

    HEAD = "head"
    PREFETCH = "prefetch"
    BOT = "bot"
    OWN_PEOPLE = "own people"
    REPEAT = "repeat"  # by the same visitor within half an hour: found out while counting


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as it is counted. Holds no address and no browser's name."""

    at: datetime
    day: date  # in Europe/Amsterdam
    visitor: str | None  # None: a machine, or not counted
    origin: Origin
    left_out: LeftOut | None = None


def visit_from(request: HttpRequest, *, at: datetime | None = None) -> Visit:
    """The visit of a person to a page. At most three queries, none after the first of the day."""
    at = at or timezone.now()
    day = timezone.localdate(at)
    origin = origin_of(request)
    left_out = why_left_out(request)
    visitor = None if left_out else visitor_hash(request, day)
    return Visit(at, day, visitor, origin, left_out)


def visit_by_machine(request: HttpRequest, *, at: datetime | None = None) -> Visit:
    """The visit of a program to the API. It stands for many people, so it is no visitor."""
    at = at or timezone.now()
    return Visit(at, timezone.localdate(at), None, Origin(Source.API))


def visitor_hash(request: HttpRequest, day: date) -> str:
    """Who this is today: the same all day, and unrelated to any other day."""
    who = f"{client_address(request)}\n{request.META.get('HTTP_USER_AGENT', '')}"
    return hashlib.blake2b(
        who.encode(errors="replace"), key=_Today.salt(day), digest_size=16
    ).hexdigest()


class _Today:
    """The salt of the day, as this process knows it."""

    day: date | None = None
    value: bytes = b""

    @classmethod
    def salt(cls, day: date) -> bytes:
        if cls.day != day:
            cls.value = _stored_salt(day)
            cls.day = day
        return cls.value

    @classmethod
    def forget(cls) -> None:
        cls.day, cls.value = None, b""


def forget() -> None:
    """Ask for the salt again at the next visit."""
    _Today.forget()


def _stored_salt(day: date) -> bytes:
    """The salt of `day`, made now if it is the first visit; those of earlier days are destroyed."""
    known = Salt.objects.filter(day=day).values_list("value", flat=True).first()
    if known is None:
        Salt.objects.bulk_create(
            [Salt(day=day, value=secrets.token_bytes(32))], ignore_conflicts=True
        )
        Salt.objects.filter(day__lt=day).delete()
        known = Salt.objects.values_list("value", flat=True).get(day=day)
    return bytes(known)


def why_left_out(request: HttpRequest) -> LeftOut | None:
    """Why a request isn't counted; None when it is. No query beyond that for who is logged in."""
    if request.method == "HEAD":
        return LeftOut.HEAD
    purpose = request.headers.get("Sec-Purpose") or request.headers.get("Purpose") or ""
    if "prefetch" in purpose or "prerender" in purpose or "preview" in purpose:
        return LeftOut.PREFETCH
    if is_bot(request.META.get("HTTP_USER_AGENT", "")):
        return LeftOut.BOT
    if request.user.is_authenticated:
        return LeftOut.OWN_PEOPLE
    return None


@lru_cache(maxsize=4096)
def is_bot(browser: str) -> bool:
    """Whether a browser that names itself so is a program. One without a name is."""
    return not browser.strip() or bool(CrawlerDetect(user_agent=browser[:500]).isCrawler())
