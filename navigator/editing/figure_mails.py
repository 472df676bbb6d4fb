"""The monthly mail with the figures of the own offices, for editors who switched it on; in Dutch.

From the first day of a month on it tells of the month before. Whoever switches it on gets the month
that is going on first. More than one process may do this at the same moment: a row is claimed
before its mail, and given back when the mail can't be sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from navigator import post
from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.editing import office_figures
from navigator.editing.office_figures import OwnOffice
from navigator.statistics.models import MonthlyMail
from navigator.statistics.office_usage import OfficeUsage, office_usage
from navigator.statistics.periods import PRESETS, Period
from navigator.statistics.values import UsageLine
from regions.models import RegionalOffice

LANGUAGE: Final = "nl"
# Who has more offices gets the main figures of each alone: a mail is read on a phone.
MOST_IN_DETAIL: Final = 10
_MOST_LINES: Final = 5
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """What a mail tells of an office."""

    figures: OwnOffice
    sources: tuple[UsageLine, ...]  # those that most views came by
    without_office: tuple[UsageLine, ...]  # postcodes where searches found no office, most first
    address: str


def is_on(user: rules.Somebody) -> bool:
    """Whether somebody gets the mail. One query."""
    return MonthlyMail.objects.filter(user=user.pk).exists()


def switch(user: User, *, on: bool, at: datetime) -> None:
    """Let the mail come each month, or no more. Twice the same does nothing."""
    if on:
        MonthlyMail.objects.get_or_create(user=user, defaults={"since": at})
    else:
        MonthlyMail.objects.filter(user=user).delete()


def month_before(at: datetime) -> Period:
    """The last whole month by Dutch time."""
    return PRESETS["last-month"](timezone.localdate(at))


def waiting(at: datetime) -> QuerySet[MonthlyMail]:
    """The rows of those who did not get the mail of last month yet. No query.

    It joins nothing. An update over a join finds its rows in a query inside, which PostgreSQL does
    not ask again when the row was changed by somebody it had to wait for: two would claim one row.
    """
    month = month_before(at)
    ended = timezone.make_aware(datetime.combine(month.last + timedelta(days=1), time()))
    works_here = User.objects.filter(pk=OuterRef("user_id"), is_active=True)
    return MonthlyMail.objects.filter(
        Exists(works_here),
        Q(sent_for=None) | Q(sent_for__lt=month.first),
        since__lt=ended,
    )


def to_mail(at: datetime) -> list[MonthlyMail]:
    """Those of `waiting` who have an office to tell of. A query, and one for each of them."""
    rows = waiting(at).select_related("user").order_by("pk")
    return [row for row in rows if _offices(row.user)]


def send_due(at: datetime) -> int:
    """Send the mails of last month that were not sent yet; how many were.

    One that breaks is logged, tried again the next time, and holds up no other. Raises
    OperationalError and InterfaceError when the database is away.
    """
    sent = 0
    for row in to_mail(at):
        try:
            sent += send(row, at=at)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # whatever it is: the others get their mail too
            log.exception("figures_failed", user=row.user_id)
    return sent


def send(row: MonthlyMail, *, at: datetime) -> bool:
    """Mail the figures of last month to an editor; answers whether it was sent now."""
    month = month_before(at)
    with translation.override(LANGUAGE):
        subject, body = letter(row.user, month)
    if not waiting(at).filter(pk=row.pk).update(sent_for=month.first):
        return False  # somebody else does it, or it was switched off meanwhile
    sent = False
    try:
        sent = bool(post.send([row.user.email], subject=subject, body=body))
    finally:
        if not sent:
            claimed = MonthlyMail.objects.filter(pk=row.pk, sent_for=month.first)
            claimed.update(sent_for=row.sent_for)
            log.warning("figures_not_sent", user=row.user_id)
    return sent


def letter(user: User, month: Period) -> tuple[str, str]:
    """Subject and text of a mail, in the language of the moment."""
    offices = _offices(user)
    figures = office_figures.own_offices(offices, month)
    usages = _usages(offices, month)
    context = {
        "month": month,
        "told": [_told(each, usages.get(each.office.pk), month) for each in figures],
        "overview": post.full_address(f"{reverse('editing:figures')}{_question(month)}"),
        "switch": post.full_address(f"{reverse('editing:figures')}#monthly"),
        "site_url": settings.SITE_URL,
    }
    subject = _("The figures of your offices in %(month)s")
    return (
        subject % {"month": date_format(month.first, "F Y")},
        render_to_string("editing/mails/figures.txt", context),
    )


def _offices(user: User) -> list[RegionalOffice]:
    """Those that the mail tells of: what candidates can't see has no figures."""
    published = RegionalOffice.State.PUBLISHED
    return list(rules.editable_offices(user).filter(state=published))


def _usages(offices: Sequence[RegionalOffice], month: Period) -> Mapping[int, OfficeUsage]:
    if len(offices) > MOST_IN_DETAIL:
        return {}
    return {office.pk: office_usage(office.pk, month) for office in offices}


def _told(figures: OwnOffice, usage: OfficeUsage | None, month: Period) -> Told:
    path = reverse("editing:office_figures", args=[figures.office.slug])
    return Told(
        figures,
        _most(usage, "sources", "views"),
        _most(usage, "postcodes", "without_office"),
        post.full_address(f"{path}{_question(month)}"),
    )


def _most(usage: OfficeUsage | None, table: str, measure: str) -> tuple[UsageLine, ...]:
    """The lines of a table that have most of a measure; none that have nothing of it."""
    if usage is None:
        return ()
    lines = [line for line in usage.tables[table].lines if _number(line, measure)]
    return tuple(sorted(lines, key=lambda line: -_number(line, measure))[:_MOST_LINES])


def _number(line: UsageLine, measure: str) -> int:
    """What a line counts in the month; none where it is kept back."""
    now = line.counts[measure].now
    return now if isinstance(now, int) else 0


def _question(month: Period) -> str:
    """The month in an address: the link leads to the same figures whenever it is opened."""
    return f"?from={month.first.isoformat()}&to={month.last.isoformat()}"
