"""Whether figures that somebody has are still right, told without computing them.

The ETag names all that figures are made of: it is another one when a view of today came in, when
views were excluded or imported, when an office got another name, when a campaign moved. The moment
of `Last-Modified` has whole seconds and doesn't know all of that, so it is the lesser of both.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, Max, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language

from navigator.proxies import client_address
from navigator.statistics import brakes, totals
from navigator.statistics.models import (
    LeftOutTotal,
    ProfileView,
    Search,
    TotalledDay,
    TotalsVersion,
)
from navigator.statistics.periods import PRESETS, Period
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


def of(
    period: Period, *, preset: str, about: str = "", left_out: bool = False, now: datetime
) -> Freshness:
    """The freshness of the figures of a period, and of those that they are compared with.

    `preset` is the name by which the period was asked for, if it was: it can stand for other days
    tomorrow. `about`: what else was asked, such as a page. `left_out`: what wasn't counted is told
    too. Ask for it before the figures: what is counted in between makes them newer than it says,
    never older. Seven queries.
    """
    first = min(period.before.first, period.year_before.first)
    days = (first, period.last)
    done = TotalledDay.objects.filter(day__range=days).values("day")
    # The number of rows as well as the newest: they aren't stored in the order of their moments.
    # Days with totals need neither: whatever changes those is known of the totals.
    rows = [
        model._default_manager.filter(day__range=days)
        .exclude(day__in=done)
        .aggregate(number=Count("pk"), newest=Max("at"))
        for model in (ProfileView, Search)
    ]
    uncounted = LeftOutTotal.objects.filter(day__range=days).aggregate(sum=Sum("requests"))["sum"]
    version = TotalsVersion.objects.values_list("number", flat=True).first()
    # The row itself: what this process knows of it can be a second old.
    directory = DirectoryVersion.objects.values_list("number", flat=True).first()
    named = Revision.objects.aggregate(at=Max("published_at"))["at"]
    made_of = (
        settings.SPECTACULAR_SETTINGS["VERSION"],
        get_language(),
        directory,
        named,
        version,
        *(each["number"] for each in rows),
        uncounted,
        period,
        about,
    )
    name = hashlib.blake2b(repr(made_of).encode(), digest_size=12).hexdigest()
    moments = (totals.changed_at(), *(each["newest"] for each in rows))
    changed = max((moment for moment in moments if moment), default=None)
    known = [changed, named]
    if left_out:  # it has no moments, and changes until its days are over
        known.append(min(now, _midnight(period.last + timedelta(days=1))))
    if preset:
        known.append(_midnight(timezone.localdate(now)))
    is_known = not preset or preset in PRESETS  # nobody wrote down when a campaign was moved
    return Freshness(f'"{name}"', changed, _whole_second(known, now) if is_known else None)


def answer(
    request: HttpRequest, fresh: Freshness, period: Period, make: Callable[[], HttpResponse]
) -> HttpResponse:
    """What `make` answers, or that what the client has is right (304), without asking it.

    Raises TooOften when figures of long periods are made too often for one address.
    """
    moment = int(fresh.modified_at.timestamp()) if fresh.modified_at else None
    known = get_conditional_response(request, etag=fresh.etag, last_modified=moment)
    if known is None:
        brakes.ask_open_data(period, client_address(request), timezone.now())
    response = make() if known is None else known
    for name, value in fresh.headers.items():
        response.headers[name] = value
    return response


def _midnight(day: date) -> datetime:
    """When a day begins."""
    return timezone.make_aware(datetime.combine(day, time()))


def _whole_second(moments: Iterable[datetime | None], now: datetime) -> datetime | None:
    """The last of the moments, as clients are told it.

    More can change in the second of the last change, so it is told as the next one, once it is
    over.
    """
    known = [moment for moment in moments if moment]
    if not known:
        return None
    last = max(known).replace(microsecond=0) + _SECOND
    return min(last, now.replace(microsecond=0)).astimezone(UTC)
