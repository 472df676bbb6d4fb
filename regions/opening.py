"""Phone hours and a moment -> open until, opens at.

Closed on the public holidays of the Netherlands, as the `holidays` library keeps them: with
Goede vrijdag, which the law (Algemene termijnenwet, article 3) puts on a par with them and on
which schools are closed, and with Bevrijdingsdag in lustrum years only (2025, 2030), the habit in
collective agreements. An office that works on such a day is wrongly called closed: the lesser
mistake of the two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
DAYS_AHEAD: Final = 14


@dataclass(frozen=True, slots=True)
class Hours:
    """A time on a weekday at which the phone is answered; local time, `closes` after `opens`."""

    weekday: int  # ISO 8601: Monday is 1
    opens: time
    closes: time


@dataclass(frozen=True, slots=True)
class Opening:
    """What to say of an office's phone at a moment."""

    is_open: bool
    until: time | None  # local time; None when closed
    opens_at: datetime | None  # Amsterdam; None when open, or not within 14 days
    days_until: int | None  # of opens_at: 0 is today, 1 tomorrow
    holiday: str | None  # name of today's public holiday, in Dutch
    valid_until: datetime  # UTC; from then on another answer can be true


def opening(hours: Sequence[Hours], at: datetime) -> Opening | None:
    """What to say at the moment `at`, or None when no hours are known.

    Spans that touch or overlap are one: 9:00-12:00 and 12:00-17:00 is open until 17:00. A span
    begins at its first second and is over at its last: at 17:00 the office is closed.
    Raises ValueError for a moment without a time zone.
    """
    if at.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    if not hours:
        return None
    now = at.astimezone(UTC)
    today = now.astimezone(AMSTERDAM).date()
    spans_today = _spans(hours, today)
    midnight = _instant(today + timedelta(days=1), time.min)
    valid_until = min(
        moment for span in (*spans_today, (midnight, midnight)) for moment in span if moment > now
    )
    holiday = public_holiday(today)
    for opens, closes in spans_today:
        if opens <= now < closes:
            until = closes.astimezone(AMSTERDAM).time()
            return Opening(
                is_open=True,
                until=until,
                opens_at=None,
                days_until=None,
                holiday=holiday,
                valid_until=valid_until,
            )
    opens_at, days_until = _next_opening(hours, now, today)
    return Opening(
        is_open=False,
        until=None,
        opens_at=opens_at,
        days_until=days_until,
        holiday=holiday,
        valid_until=valid_until,
    )


def public_holiday(day: date) -> str | None:
    """The Dutch name of the public holiday on a day, or None."""
    return _public_holidays(day.year).get(day)


@lru_cache(maxsize=8)
def _public_holidays(year: int) -> dict[date, str]:
    return dict(
        holidays.country_holidays(
            "NL", years=year, expand=False, language="nl", categories=holidays.PUBLIC
        )
    )


def _next_opening(
    hours: Iterable[Hours], now: datetime, today: date
) -> tuple[datetime | None, int | None]:
    for days in range(DAYS_AHEAD + 1):
        for opens, _closes in _spans(hours, today + timedelta(days=days)):
            if opens > now:
                return opens.astimezone(AMSTERDAM), days
    return None, None


def _spans(hours: Iterable[Hours], day: date) -> list[tuple[datetime, datetime]]:
    """The opening and closing moments of a day in UTC, in order, joined where they touch."""
    if public_holiday(day):
        return []
    spans: list[tuple[datetime, datetime]] = []
    for opens, closes in sorted(
        (_instant(day, span.opens), _instant(day, span.closes))
        for span in hours
        if span.weekday == day.isoweekday()
    ):
        if spans and opens <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], closes))
        elif opens < closes:
            spans.append((opens, closes))
    return spans


def _instant(day: date, local: time) -> datetime:
    # Moments of one zone are compared by the clock on the wall, which the change to winter time
    # sets back; moments in UTC are compared as they follow each other.
    return datetime.combine(day, local, tzinfo=AMSTERDAM).astimezone(UTC)
