"""What offices are mailed about referrals with a slip, in Dutch. Nothing about the person.

Mails go to the public address of the office, else to its editors; no address is stored. They go
out when what they tell is stored for good. A row is claimed before its mail, so that two of us
at once send one; what can't be sent is given back, and the schedule tries it again.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

import structlog
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from navigator import post
from navigator.accounts import rules
from navigator.advice import codes
from navigator.advice.models import Slip, SlipOffice
from navigator.advice.outcome_links import TERM, address_of
from navigator.advice.outcome_states import interest_names, standing, with_all
from regions.models import RegionalOffice

LANGUAGE: Final = "nl"
_MANY_LINES: Final = re.compile(r"\n{3,}")
log = structlog.get_logger(__name__)


def announce(slip: Slip, *, at: datetime) -> None:
    """Mail each office of a new slip that a referral waits, when the slip is stored for good."""

    def tell() -> None:
        for slip_office in with_all(SlipOffice.objects.filter(slip=slip, mailed_at=None)):
            send_announcement(slip_office, at=at)

    _afterwards(tell)


def send_announcement(slip_office: SlipOffice, *, at: datetime) -> bool:
    """Mail an office that a referral waits, unless that was done; whether this call did it."""
    to = _addresses(slip_office.office)
    still = standing(SlipOffice.objects.filter(pk=slip_office.pk, mailed_at=None))
    claimed = to and still.update(mailed_at=at)
    if not claimed:
        return False
    subject = _("A referral waits for you: %(code)s")
    if _sent(slip_office, "referral_waits", subject, to=to, at=at, with_link=True):
        return True
    SlipOffice.objects.filter(pk=slip_office.pk, mailed_at=at).update(mailed_at=None)
    return False


def send_reminder(slip_office: SlipOffice, *, number: int, at: datetime) -> bool:
    """Ask an office again, with a new link: its first or second reminder. Claims nothing."""
    subject = _("Not heard yet: what became of referral %(code)s?")
    return _sent(
        slip_office, "referral_reminder", subject, at=at, with_link=True, is_last=number == 2
    )


def send_new_link(slip_office: SlipOffice, *, at: datetime) -> bool:
    """Mail the office a link that works; whether it went out."""
    [fetched] = with_all(SlipOffice.objects.filter(pk=slip_office.pk))
    subject = _("A new link for referral %(code)s")
    return _sent(fetched, "referral_new_link", subject, at=at, with_link=True)


def nobody_called(slip_office: SlipOffice, *, at: datetime) -> None:
    """Mail an office that the candidate says nobody called, when that is stored for good."""

    def tell() -> None:
        [fetched] = with_all(SlipOffice.objects.filter(pk=slip_office.pk))
        subject = _("Nobody called yet: referral %(code)s")
        _sent(fetched, "nobody_called", subject, at=at, with_link=True)

    _afterwards(tell)


def not_needed(slip_offices: Iterable[SlipOffice], *, at: datetime) -> None:
    """Mail offices that a referral is no longer needed, when that is stored for good.

    They come from `with_all`: by then the slip may be forgotten.
    """
    known = list(slip_offices)

    def tell() -> None:
        for slip_office in known:
            subject = _("No longer needed: referral %(code)s")
            _sent(slip_office, "referral_withdrawn", subject, at=at, with_link=False)

    _afterwards(tell)


def _sent(
    slip_office: SlipOffice,
    name: str,
    subject: Promise,
    *,
    at: datetime,
    with_link: bool,
    to: list[str] | None = None,
    **more: object,
) -> bool:
    """Write the mail and send it; whether it reached anybody."""
    to = _addresses(slip_office.office) if to is None else to
    slip = slip_office.slip
    with translation.override(LANGUAGE):
        context = {
            "slip": slip,
            "office": slip_office.office,
            "interests": interest_names(slip),
            "link": address_of(slip_office, at=at) if with_link else "",
            "works_until": at + TERM,
            "my_region": post.full_address(reverse("editing:referrals")),
            "site_url": settings.SITE_URL,
            **more,
        }
        # Each piece of the mail ends a line of its own.
        body = _MANY_LINES.sub("\n\n", render_to_string(f"advice/mails/{name}.txt", context))
        sent = post.send(to, subject=str(subject) % {"code": _code(slip)}, body=body)
    if not sent:
        log.warning("referral_not_mailed", mail=name, office=slip_office.office.slug)
    return bool(sent)


def _code(slip: Slip) -> str:
    return codes.shown(slip.code) if slip.code else ""


def _addresses(office: RegionalOffice) -> list[str]:
    """Where mails for an office go: its public address, else its editors. At most one query."""
    if office.email:
        return [office.email]
    return list(rules.editors_of(office).values_list("email", flat=True))


def _afterwards(tell: Callable[[], None]) -> None:
    """When all is stored. Whatever goes wrong there is logged, and breaks nothing."""
    transaction.on_commit(tell, robust=True)
