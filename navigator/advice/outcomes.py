"""What became of a referral with a slip, as its offices and the candidate tell it.

What was told stays; what changed is told anew. The last word counts. Links and mails stand in
modules of their own, and are handed on here: this is the one way in.
"""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from navigator.accounts.models import User
from navigator.advice import outcome_mails
from navigator.advice.models import Slip, SlipOffice, SlipOutcome
from navigator.advice.outcome_links import (
    LinkError,
    LinkExpired,
    LinkUnknown,
    LinkWithdrawn,
    link_of,
    read_link,
    withdraw_links,
)
from navigator.advice.outcome_mails import announce, send_new_link
from navigator.advice.outcome_states import (
    Received,
    State,
    count_open,
    done_referrals,
    last_told,
    open_query,
    open_referrals,
    received,
    state_of,
    with_all,
)

__all__ = [
    "OF_OFFICES",
    "LinkError",
    "LinkExpired",
    "LinkUnknown",
    "LinkWithdrawn",
    "NotOpen",
    "OutcomeError",
    "Received",
    "State",
    "ToldAlready",
    "UnknownOutcome",
    "announce",
    "count_open",
    "done_referrals",
    "link_of",
    "open_query",
    "open_referrals",
    "read_link",
    "received",
    "send_new_link",
    "state_of",
    "tell",
    "tell_by_candidate",
    "withdraw_links",
    "withdrawn",
]

Outcome = SlipOutcome.Outcome
Teller = SlipOutcome.Teller
# The nine that an office chooses from, in the order of the form.
OF_OFFICES: Final = tuple(each for each in Outcome if each != Outcome.NOBODY_CALLED)


class OutcomeError(Exception):
    """Can't be told. `code` says why; nothing was stored."""

    code = ""


class ToldAlready(OutcomeError):
    """The same was told of this referral on this day."""

    code = "told_already"


class NotOpen(OutcomeError):
    """The slip was withdrawn, or is so old that its code was forgotten."""

    code = "not_open"


class UnknownOutcome(OutcomeError):
    """None of the outcomes that an office can tell."""

    code = "unknown_outcome"


def tell(
    slip_office: SlipOffice,
    *,
    outcome: str,
    teller: str,
    at: datetime,
    who: User | None = None,
) -> SlipOutcome:
    """Add what an office tells of a referral. Raises UnknownOutcome, NotOpen, ToldAlready."""
    if outcome not in OF_OFFICES:
        raise UnknownOutcome
    return _added(slip_office, outcome, teller, at, who)


def tell_by_candidate(slip_office: SlipOffice, *, at: datetime) -> SlipOutcome:
    """Add that nobody called, and mail the office at once: once a day.

    Raises NotOpen, ToldAlready.
    """
    with transaction.atomic():
        told = _added(slip_office, Outcome.NOBODY_CALLED, Teller.CANDIDATE, at, None)
        outcome_mails.nobody_called(slip_office, at=at)
    return told


@transaction.atomic
def withdrawn(slip: Slip, *, at: datetime) -> None:
    """After a slip was withdrawn: its links stop, and offices that knew of it are mailed."""
    offices = list(with_all(SlipOffice.objects.filter(slip=slip)))
    SlipOffice.objects.filter(slip=slip).update(link_number=F("link_number") + 1)
    outcome_mails.not_needed(
        [
            each
            for each in offices
            if each.mailed_at is not None and last_told(each) not in SlipOutcome.FINAL
        ],
        at=at,
    )


def _added(
    slip_office: SlipOffice, outcome: str, teller: str, at: datetime, who: User | None
) -> SlipOutcome:
    with transaction.atomic():
        slip = Slip.objects.select_for_update().get(pk=slip_office.slip_id)
        if slip.withdrawn_at is not None or slip.key is None:
            raise NotOpen
        day = timezone.localdate(at)
        try:
            with transaction.atomic():
                return SlipOutcome.objects.create(
                    slip_office=slip_office, outcome=outcome, at=at, day=day, teller=teller, who=who
                )
        except IntegrityError as error:
            raise ToldAlready from error
