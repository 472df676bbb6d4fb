"""Offices that don't tell what became of a referral are asked again: after 5 and 10 working days.

The schedule runs this often, and in more than one process: each row is claimed before its mail.
"""

from datetime import date, datetime
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from navigator.advice.models import SlipOffice, SlipOutcome
from navigator.advice.outcome_mails import send_announcement, send_reminder
from navigator.advice.outcome_states import standing, with_all
from regions.working_days import working_days_between

EVERY_DAYS: Final = 5  # working days
AT_MOST: Final = 2


def announce_again(at: datetime) -> int:
    """Mail the offices that could not be told before that a referral waits; how many were.

    Six queries, and for each of them a few.
    """
    waiting = with_all(_untold().filter(mailed_at=None).order_by("pk"))
    return sum(send_announcement(slip_office, at=at) for slip_office in waiting)


def remind(at: datetime) -> int:
    """Remind the offices that it is time for; how many were mailed.

    One that the schedule is late for gets one mail, not two. Six queries, and for each mail a few.
    """
    today, mailed = timezone.localdate(at), 0
    waiting = _untold().filter(mailed_at__isnull=False, reminders__lt=AT_MOST).order_by("pk")
    for slip_office in with_all(waiting):
        number = due(slip_office, today=today)
        mailed += number > slip_office.reminders and _remind(slip_office, number, at)
    return mailed


def due(slip_office: SlipOffice, *, today: date) -> int:
    """How many reminders an office should have had by this day, whatever it told. No query."""
    if slip_office.mailed_at is None:
        return 0
    passed = working_days_between(timezone.localdate(slip_office.mailed_at), today)
    return min(passed // EVERY_DAYS, AT_MOST)


def _remind(slip_office: SlipOffice, number: int, at: datetime) -> bool:
    row = SlipOffice.objects.filter(pk=slip_office.pk)
    # Told, withdrawn or reminded meanwhile: then there is nothing to claim.
    still = _untold().filter(pk=slip_office.pk, reminders=slip_office.reminders)
    if not still.update(reminders=number):
        return False
    if send_reminder(slip_office, number=number, at=at):
        return True
    row.filter(reminders=number).update(reminders=slip_office.reminders)
    return False


def _untold() -> QuerySet[SlipOffice]:
    """The referrals of which no outcome is known, and that were not withdrawn or forgotten."""
    known = SlipOutcome.objects.filter(slip_office=OuterRef("pk"), outcome__in=SlipOutcome.KNOWN)
    return standing(SlipOffice.objects.filter(~Exists(known)))
