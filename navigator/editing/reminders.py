"""Who should say that a profile is still right, and what the mail to them says.

A profile is stale when nobody confirmed it for six months; one that was never confirmed counts
from the day of its facts. Editors get one mail for all their stale offices, and at most one a
month.
"""

import calendar
import logging
from dataclasses import dataclass
from datetime import date
from smtplib import SMTPException
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils import translation
from django.utils.translation import gettext as _

from navigator.accounts import rules
from navigator.accounts.models import User
from navigator.editing import subjects
from regions import links, records
from regions.completeness import MustHave, completeness
from regions.links import DeadLink
from regions.models import RegionalOffice
from regions.records import Record

STALE_MONTHS: Final = 6
BETWEEN_MAILS_MONTHS: Final = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StaleOffice:
    """A published office that nobody confirmed for six months."""

    office: RegionalOffice
    missing: tuple[MustHave, ...]
    dead: tuple[DeadLink, ...]
    since: date | None  # when it was last known to be right; None: never
    ever_confirmed: bool

    @property
    def confirm_url(self) -> str:
        """The page with the button that confirms."""
        return _site_address("office", self.office)

    @property
    def mend_url(self) -> str:
        """The form that mends the first thing that is missing or dead; empty when all is there."""
        if self.missing:
            return _section_address(self.office, self.missing[0].section, self.missing[0].field)
        if self.dead:
            section = records.section_of(RegionalOffice, self.dead[0].field)
            return _section_address(self.office, section, self.dead[0].field)
        return ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A mail to write: to whom, and about which offices, by name."""

    editor: User
    offices: tuple[StaleOffice, ...]


@dataclass(frozen=True, slots=True)
class Due:
    """What there is to remind of today."""

    reminders: tuple[Reminder, ...]
    without_editor: tuple[StaleOffice, ...]  # nobody to ask: for the administrator


def stale(today: date) -> list[StaleOffice]:
    """The published offices that nobody confirmed for six months, the longest ago first.

    Eleven queries, however many.
    """
    before = months_before(today, STALE_MONTHS)
    offices = RegionalOffice.objects.published().filter(
        Q(confirmed_on__lte=before)
        | Q(confirmed_on=None, facts_of__lte=before)
        | Q(confirmed_on=None, facts_of=None)
    )
    found = offices.in_bulk()
    profiles = records.read_many(RegionalOffice.objects.filter(pk__in=found))
    dead = links.dead_links_of(profiles)
    return sorted(
        (_state(found[pk], record, dead[pk]) for pk, record in profiles.items()),
        key=lambda state: (state.since or date.min, state.office.name),
    )


def due(today: date) -> Due:
    """The mails that may be sent today. The queries of `stale`, and one for each stale office."""
    last_mail = months_before(today, BETWEEN_MAILS_MONTHS)
    mine: dict[int, tuple[User, list[StaleOffice]]] = {}
    without_editor = []
    for state in sorted(stale(today), key=lambda state: state.office.name):
        editors = list(rules.editors_of(state.office))
        for editor in editors:
            if editor.reminded_on is None or editor.reminded_on <= last_mail:
                mine.setdefault(editor.pk, (editor, []))[1].append(state)
        if not editors:
            without_editor.append(state)
    return Due(
        tuple(Reminder(editor, tuple(offices)) for _pk, (editor, offices) in sorted(mine.items())),
        tuple(without_editor),
    )


def send(reminder: Reminder, *, today: date) -> bool:
    """Mail an editor; answers whether it was sent.

    The day is stored first, so that two runs at once send one mail; a mail that can't be sent
    gives it back, so that the next run tries again.
    """
    editor = User.objects.filter(pk=reminder.editor.pk)
    last_mail = months_before(today, BETWEEN_MAILS_MONTHS)
    free = editor.filter(Q(reminded_on=None) | Q(reminded_on__lte=last_mail), is_active=True)
    if not free.update(reminded_on=today):
        return False
    try:
        mail(reminder).send()
    except (SMTPException, OSError) as error:
        editor.update(reminded_on=reminder.editor.reminded_on)
        _log.warning(
            "reminder_not_sent user=%s reason=%s", reminder.editor.pk, type(error).__name__
        )
        return False
    return True


def mail(reminder: Reminder) -> EmailMessage:
    """The mail of a reminder, in Dutch."""
    context = {"offices": reminder.offices, "site_url": settings.SITE_URL}
    with translation.override("nl"):
        return EmailMessage(
            subject=_("Is your profile still right?"),
            body=render_to_string("editing/mails/reminder.txt", context),
            to=[reminder.editor.email],
        )


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _state(office: RegionalOffice, record: Record, dead: list[DeadLink]) -> StaleOffice:
    return StaleOffice(
        office=office,
        missing=completeness(record).missing,
        dead=tuple(dead),
        since=office.confirmed_on or office.facts_of,
        ever_confirmed=office.confirmed_on is not None,
    )


def _section_address(office: RegionalOffice, section: str, field: str) -> str:
    return f"{_site_address('section', office, section=section)}#id_{field}"


def _site_address(name: str, office: RegionalOffice, **more: str) -> str:
    """The full address of a page of My region."""
    try:
        path = subjects.address(name, office, **more)
    except NoReverseMatch:
        section = subjects.SECTION_SLUGS.get(more.get("section", ""), "")
        path = f"/mijn-regio/loketten/{office.slug}/{section}/".replace("//", "/")
    return f"{settings.SITE_URL}{path}"
