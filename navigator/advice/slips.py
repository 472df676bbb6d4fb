"""Slips: a referral to regional offices that the candidate can show, without telling who they are.

The candidate has a page under an address that nobody guesses, and a code to read aloud. What the
offices tell of it stands in `outcomes`; who may see which slip in `navigator.accounts.rules`.
"""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from navigator.accounts.models import User
from navigator.advice import codes, outcomes
from navigator.advice.models import (
    AdviceConversation,
    Destination,
    QuestionCategory,
    Referral,
    Slip,
    SlipOffice,
    SlipOutcome,
)

FORGOTTEN_AFTER: Final = timedelta(days=180)
WAIT_DAYS: Final = 5  # working days; then somebody may say that nobody called, and offices hear it
_KEY_BYTES: Final = 24
_TRIES: Final = 20  # of 47 million codes; more than one is rare

MESSAGES: Final[Mapping[str, Promise]] = {
    "no_offices": _("This referral names no regional offices, so nobody could receive the slip."),
    "referral_gone": _("This referral was taken out of the conversation, so it can't get a slip."),
    "withdrawn": _("This conversation was withdrawn, so it can't get a slip."),
    "unknown_category": _("Choose what the question is about."),
    "unknown_language": _("Choose the language of the page."),
}


class SlipError(Exception):
    """The slip can't be made. `code` is one of `MESSAGES`; nothing was stored."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        """What is wrong, in the language of the moment."""
        return str(MESSAGES[self.code])


@transaction.atomic
def make(
    referral: Referral, *, category: str, language: str, by: User, at: datetime
) -> tuple[Slip, bool]:
    """The standing slip of a referral to regional offices, and whether it was made now.

    A second one isn't made: the first is answered as it is. Its offices are mailed once all is
    stored. Raises SlipError.
    """
    if category not in QuestionCategory.values:
        raise SlipError("unknown_category")
    if language not in dict(settings.LANGUAGES):
        raise SlipError("unknown_language")
    # Who corrects or withdraws the conversation waits for the same row: see `registration`.
    conversation = AdviceConversation.objects.select_for_update().get(pk=referral.conversation_id)
    found = Referral.objects.filter(pk=referral.pk).first()
    if found is None:
        raise SlipError("referral_gone")
    referral = found
    if (standing := referral.slips.filter(withdrawn_at=None).first()) is not None:
        return standing, False
    if conversation.withdrawn_at is not None:
        raise SlipError("withdrawn")
    offices = list(referral.offices.values_list("office", flat=True))
    if referral.destination != Destination.REGIONAL_OFFICE or not offices:
        raise SlipError("no_offices")
    made = _stored(referral, category, language, by, at)
    SlipOffice.objects.bulk_create(SlipOffice(slip=made, office_id=office) for office in offices)
    transaction.on_commit(partial(outcomes.announce, made, at=at))
    return made, True


@transaction.atomic
def withdraw(slip: Slip, *, at: datetime) -> bool:
    """The page says so from now on, and the offices are told. Answers whether it still stood."""
    if not Slip.objects.filter(pk=slip.pk, withdrawn_at=None).update(withdrawn_at=at):
        return False
    slip.withdrawn_at = at
    outcomes.withdrawn(slip, at=at)
    return True


def is_forgotten(slip: Slip, at: datetime) -> bool:
    """Whether it is so old that nobody finds it by its code or address, also before
    `forget_old` has run."""
    return slip.key is None or at - slip.made_at > FORGOTTEN_AFTER


def last_day(slip: Slip) -> date:
    """The last day on which its page can be read from morning to night."""
    return timezone.localdate(slip.made_at + FORGOTTEN_AFTER) - timedelta(days=1)


def forget_old(at: datetime) -> int:
    """Take code and address from slips that are older than 180 days; answers of how many."""
    old = Slip.objects.filter(made_at__lt=at - FORGOTTEN_AFTER)
    return old.exclude(key=None, code=None).update(key=None, code=None)


def find_by_key(key: str, at: datetime) -> Slip | None:
    """The slip under a key, withdrawn or not, with its offices. Two queries."""
    return _findable(at).filter(key=key).prefetch_related("offices__office").first()


def find_by_code(typed: str, at: datetime) -> Slip | None:
    """The slip with the code that somebody typed, withdrawn or not. Raises codes.CodeError."""
    return _findable(at).filter(code=codes.read(typed)).first()


def to_follow(slips: QuerySet[Slip]) -> QuerySet[Slip]:
    """For a list: those where a candidate said last that nobody called, then the newest.

    With offices and what was told of each, in a fixed number of queries.
    """
    later = SlipOutcome.objects.filter(slip_office=OuterRef("slip_office")).filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    )
    complaints = SlipOutcome.objects.filter(
        slip_office__slip=OuterRef("pk"),
        slip_office__slip__withdrawn_at=None,
        outcome=SlipOutcome.Outcome.NOBODY_CALLED,
    ).exclude(Exists(later))
    return (
        slips.annotate(waits=Exists(complaints))
        .order_by("-waits", "-made_at", "-pk")
        .prefetch_related("offices__office", "offices__outcomes")
    )


def _findable(at: datetime) -> QuerySet[Slip]:
    return Slip.objects.filter(made_at__gte=at - FORGOTTEN_AFTER)


def _stored(referral: Referral, category: str, language: str, by: User, at: datetime) -> Slip:
    """With a code that no other slip has, also when two are made at once."""
    for _try in range(_TRIES):
        code = codes.make()
        if Slip.objects.filter(code=code).exists():
            continue
        try:
            with transaction.atomic():
                return Slip.objects.create(
                    referral=referral,
                    key=secrets.token_urlsafe(_KEY_BYTES),
                    code=code,
                    category=category,
                    language=language,
                    made_by=by,
                    made_at=at,
                )
        except IntegrityError:
            continue
    raise RuntimeError("no free code was found")
