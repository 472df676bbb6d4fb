"""A candidate who was referred with a slip, as tests of what became of it need it."""

from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

from navigator.advice import codes, registration
from navigator.advice.facts import Facts, ReferralFacts
from navigator.advice.models import Slip, SlipOffice

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)  # a Tuesday
_numbers = count()


def refer(*offices, at=NOW, category="money", interests=("po", "vo"), by=None):
    """The slip of a new conversation that led to these offices, who were not mailed."""
    facts = Facts(
        at,
        "phone",
        "referred",
        interests=interests,
        referrals=(ReferralFacts("regional-office", "", tuple(each.slug for each in offices)),),
    )
    conversation, _new = registration.register(key=uuid4(), facts=facts, by=by, at=at)
    slip = Slip.objects.create(
        referral=conversation.referrals.get(),
        key=f"a-key-that-nobody-guesses-{next(_numbers)}",
        code=codes.make(),
        category=category,
        language="nl",
        made_by=by,
        made_at=at,
    )
    for office in offices:
        SlipOffice.objects.create(slip=slip, office=office)
    return slip


def refer_to(office, **more):
    """The one office of such a slip."""
    return refer(office, **more).offices.get()
