"""A request -> a Visit: the day, the visitor, the source, and whether it counts or why not."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Final

import structlog
from crawlerdetect import CrawlerDetect
from django.db import Error
from django.http import HttpRequest
from django.utils import timezone

from navigator.accounts import rules
from navigator.proxies import client_address
from navigator.statistics import salts
from navigator.statistics.models import Source
from navigator.statistics.sources import Origin, origin_of
from regions.fetching import AGENT

log = structlog.get_logger(__name__)

# Where browsers say that they fetch a page before anybody asked for it; all but the first are old.
_PURPOSES: Final = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


class LeftOut(StrEnum):
    """Why a request is not counted."""

    HEAD = "head"
    PREFETCH = "prefetch"
    BOT = "bot"
    OWN_PEOPLE = "own people"
    # These two are found out while counting:
    REPEAT = "repeat"  # by the same visitor within half an hour
    CEILING = "ceiling"  # by a visitor who was counted often enough that day


@dataclass(frozen=True, slots=True)
class Visit:
    """A request as it is counted. Holds no address and no browser's name."""

    at: datetime
    day: date  # in Europe/Amsterdam
    visitor: str | None  # None: a machine, or not counted
    origin: Origin
    left_out: LeftOut | None = None
    is_lost: bool = False  # the database would not say who it is: it can't be counted


def visit_from(
    request: HttpRequest, *, office: int | None = None, at: datetime | None = None
) -> Visit:
    """The visit of a person to a page; `office` is the id of the office that the page is about.

    No query when this process knows the salt of the day and nobody is logged in. When the database
    fails the visit is lost, and the page is not.
    """
    at = at or timezone.now()
    day = timezone.localdate(at)
    salts.forget_before(day)
    origin = origin_of(request)
    try:
        left_out = why_left_out(request, office=office)
        if left_out:
            return Visit(at, day, None, origin, left_out)
        salt = salts.of_day(day)
    except Error as error:
        log.error("count_failed", what="visit", error=type(error).__name__)
        return Visit(at, day, None, origin, is_lost=True)
    if salt.day != day:  # it came before midnight, and others are past it
        at, day = timezone.make_aware(datetime.combine(salt.day, time())), salt.day
    return Visit(at, day, visitor_hash(request, salt.value), origin)


def visit_by_machine(request: HttpRequest, *, at: datetime | None = None) -> Visit:
    """The visit of a program to the API. It stands for many people, so it is no visitor."""
    at = at or timezone.now()
    return Visit(at, timezone.localdate(at), None, Origin(Source.API))


def visitor_hash(request: HttpRequest, salt: bytes) -> str:
    """Who this is today: the same all day, and unrelated to any other day."""
    who = f"{client_address(request)}\n{request.META.get('HTTP_USER_AGENT', '')}"
    return hashlib.blake2b(who.encode(errors="replace"), key=salt, digest_size=16).hexdigest()


def forget() -> None:
    """Ask for the salt again at the next visit."""
    salts.forget()


def why_left_out(request: HttpRequest, *, office: int | None = None) -> LeftOut | None:
    """Why a request isn't counted; None when it is.

    On the page of an office its own people are left out; elsewhere all who work here. One query at
    most beyond that for who is logged in, and none for who isn't.
    """
    if request.method == "HEAD":
        return LeftOut.HEAD
    purposes = " ".join(request.headers.get(name, "") for name in _PURPOSES).lower()
    if "prefetch" in purposes or "prerender" in purposes or "preview" in purposes:
        return LeftOut.PREFETCH
    if is_bot(request.META.get("HTTP_USER_AGENT", "")):
        return LeftOut.BOT
    if request.user.is_authenticated and (
        office is None or rules.works_for_office(request.user, office_id=office)
    ):
        return LeftOut.OWN_PEOPLE
    return None


@lru_cache(maxsize=4096)
def is_bot(browser: str) -> bool:
    """Whether a browser that names itself so is a program. One without a name is, and so is our
    own that looks for dead links.
    """
    if not browser.strip() or browser.startswith(AGENT):
        return True
    return bool(CrawlerDetect(user_agent=browser[:500]).isCrawler())
