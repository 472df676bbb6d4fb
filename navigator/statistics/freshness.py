"""Whether figures that somebody has are still right, told without computing them.

The ETag names all that figures are made of: it is another one when a view of today came in, when
views were excluded or imported, when an office got another name, when a campaign moved. The moment
of `Last-Modified` has whole seconds and doesn't know all of that, so it is the lesser of both.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language

from navigator.statistics.models import (
    LeftOutTotal,
    ProfileView,
    Search,
    TotalledDay,
    TotalsVersion,
)
from navigator.statistics.periods import PRESETS, Period
from navigator.statistics.usage_report import changed_at
from regions.models import DirectoryVersion, Revision

_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Freshness:
    """How figures can be told from those of before."""

    etag: str
    changed_at: datetime | None  # the last change of any figure; None: never counted
    modified_at: datetime | None  # for clients, in whole seconds; None: it can't be told

    @property
    def headers(self) -> dict[str, str]:
        """For an answer with these figures, which anybody may keep if they ask again."""
        headers = {"ETag": self.etag, "Cache-Control": "public, no-cache"}
        if self.modified_at:
            headers["Last-Modified"] = http_date(self.modified_at.timestamp())
        return headers


def of(period: Period, *, preset: str, about: str = "", now: datetime) -> Freshness:
    """The freshness of the figures of a period, and of those that they are compared with.

    `preset` is the name by which the period was asked for, if it was: it can stand for other days
    tomorrow. `about`: what else was asked, such as a page. Ask for it before the figures: what is
    counted in between makes them newer than it says, never older. Nine queries.
    """
    first = min(period.before.first, period.year_before.first)
    days = (first, period.last)
    done = TotalledDay.objects.filter(day__range=days).values("day")
    # The number of rows rather than the newest: they aren't stored in the order of their moments.
    rows = [
        model._default_manager.filter(day__range=days).exclude(day__in=done).count()
        for model in (ProfileView, Search)
    ]
    left_out = LeftOutTotal.objects.filter(day__range=days).aggregate(sum=Sum("requests"))["sum"]
    totals = TotalsVersion.objects.values_list("number", flat=True).first()
    # The row itself: what this process knows of it can be a second old.
    directory = DirectoryVersion.objects.values_list("number", flat=True).first()
    named = Revision.objects.aggregate(at=Max("published_at"))["at"]
    made_of = (
        settings.SPECTACULAR_SETTINGS["VERSION"],
        get_language(),
        directory,
        named,
        totals,
        *rows,
        left_out,
        period,
        about,
    )
    name = hashlib.blake2b(repr(made_of).encode(), digest_size=12).hexdigest()
    changed = changed_at(period)
    return Freshness(f'"{name}"', changed, _modified_at((changed, named), preset, now))


def answer(
    request: HttpRequest, fresh: Freshness, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """What `make` answers, or that what the client has is right (304), without asking it."""
    moment = int(fresh.modified_at.timestamp()) if fresh.modified_at else None
    known = get_conditional_response(request, etag=fresh.etag, last_modified=moment)
    response = make() if known is None else known
    for name, value in fresh.headers.items():
        response.headers[name] = value
    return response


def _modified_at(changes: Iterable[datetime | None], preset: str, now: datetime) -> datetime | None:
    """The whole second in which figures, names or days were the last to change."""
    if preset and preset not in PRESETS:
        return None  # a campaign: nobody wrote down when its days were changed
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time()))
    known = [moment for moment in (*changes, midnight if preset else None) if moment]
    if not known:
        return None
    # More can change in the second of the last change, so it is told as the next one, once it is
    # over.
    last = max(known).replace(microsecond=0) + _SECOND
    return min(last, now.replace(microsecond=0)).astimezone(UTC)
