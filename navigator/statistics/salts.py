"""The salt of the day: under it people are told apart today, and nobody is known tomorrow.

It lives in the database, so that all processes and machines know the same person by the same hash.
When the day is over in Amsterdam it is destroyed: by the first visit of the next day, or by
`run_schedule` when nobody comes. A salt of a day that is over is never made again.
"""

import secrets
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

import structlog
from django.db import connection
from django.utils import timezone

from navigator.statistics.models import Salt

log = structlog.get_logger(__name__)

BYTES: Final = 32


class DaySalt(NamedTuple):
    """The salt of a day."""

    day: date
    value: bytes


class _Known:
    """The salt that this process knows, at most one."""

    salt: DaySalt | None = None
    emptied_on: date | None = None  # SQLite's log, so that it is done once a day


def of_day(day: date) -> DaySalt:
    """The salt of `day`; that of the next day when `day` is over, for who comes late.

    No query when this process knows it; else one, and three more at the first visit of the day.
    What this process knows of another day is forgotten.
    """
    known = _Known.salt
    if known is None or known.day != day:
        _Known.salt = known = _stored(day)
    return known


def forget() -> None:
    """Ask for the salt again at the next visit."""
    _Known.salt = None


def forget_before(day: date) -> None:
    """Keep nothing in this process of the days before `day`."""
    known = _Known.salt
    if known is not None and known.day < day:
        _Known.salt = None


def renew(at: datetime) -> None:
    """Destroy the salts of the days before that of `at`. One query when there are none.

    SQLite overwrites what it deletes (`secure_delete`), but its log beside the file still has it.
    """
    today = timezone.localdate(at)
    over = Salt.objects.filter(day__lt=today)
    if over.exists():
        over.delete()
        _Known.emptied_on = None
        log.info("salt_destroyed")
    if connection.vendor == "sqlite" and _Known.emptied_on != today and _log_emptied():
        _Known.emptied_on = today


def _log_emptied() -> bool:
    """Empty the log that SQLite keeps beside its file; no when somebody is busy with it, which a
    transaction is too.
    """
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy, *_pages = cursor.fetchone()
    return not is_busy


def _stored(day: date) -> DaySalt:
    """The salt in the database, made now if it is the first visit of the day.

    Somebody else may already be in the next day, and have destroyed this one: then theirs is taken.
    Made again, it would tell one person of that day as two, and outlive its day. No later day is
    taken, so that one machine with a wrong clock leads no other astray.
    """
    found = _newest(day)
    if found is None:
        value = secrets.token_bytes(BYTES)
        Salt.objects.bulk_create([Salt(day=day, value=value)], ignore_conflicts=True)
        Salt.objects.filter(day__lt=day).delete()
        found = _newest(day) or DaySalt(day, value)  # destroyed already, by a clock that is wrong
    return found


def _newest(day: date) -> DaySalt | None:
    rows = Salt.objects.filter(day__in=[day, day + timedelta(days=1)]).order_by("-day")
    row = rows.values_list("day", "value").first()
    return DaySalt(row[0], bytes(row[1])) if row else None
