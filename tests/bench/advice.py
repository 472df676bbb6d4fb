"""`python -m tests.bench.advice`: what a report on many conversations takes.

Fills a database of its own with 100,000 conversations over three years, and prints the time and
the queries of the report on a month, a year and three years: the best of five. On SQLite, and on
PostgreSQL when TEST_DATABASE_URL says so. Fails when a report takes longer than it should.
"""

# ruff: noqa: E402 - models can be imported once Django is set up

import os
import sys
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection
from django.utils import timezone

from navigator.advice.models import (
    AdviceConversation,
    Channel,
    ConversationInterest,
    Destination,
    Referral,
    ReferralOffice,
    Slip,
    SlipOffice,
    SlipOutcome,
)
from navigator.statistics.reports import advice_report
from regions.models import RegionalOffice
from regions.working_days import working_days_after
from tests.bench.reports import DAYS, LAST, Reading, filled, measured

CONVERSATIONS = 100_000
OFFICES = 52
_BATCH = 2_000
_SECTORS = ("po", "vo", "mbo", "ho", "so", "pro", "vavo")
_KINDS = Destination.values
_MIDNIGHT = datetime(LAST.year, LAST.month, LAST.day, tzinfo=UTC)


def fill() -> None:
    """100,000 conversations with what belongs to them, the same every time."""
    chosen = Random(1)
    offices = RegionalOffice.objects.bulk_create(
        RegionalOffice(slug=f"loket-{number}", name=f"Loket {number}", state="published")
        for number in range(OFFICES)
    )
    minutes = sorted(chosen.choices(range(DAYS * 24 * 60), k=CONVERSATIONS), reverse=True)
    conversations = AdviceConversation.objects.bulk_create(
        (_conversation(chosen, _MIDNIGHT - timedelta(minutes=each)) for each in minutes),
        batch_size=_BATCH,
    )
    ConversationInterest.objects.bulk_create(
        (
            ConversationInterest(conversation=each, code=code)
            for each in conversations
            for code in chosen.sample(_SECTORS, chosen.choice((0, 1, 1, 2)))
        ),
        batch_size=_BATCH,
    )
    referrals = Referral.objects.bulk_create(
        (
            Referral(conversation=each, destination=kind)
            for each in conversations
            if each.outcome == "referred"
            for kind in chosen.sample(_KINDS, chosen.choice((1, 1, 2, 2, 3)))
        ),
        batch_size=_BATCH,
    )
    to_offices = [each for each in referrals if each.destination == Destination.REGIONAL_OFFICE]
    ReferralOffice.objects.bulk_create(
        (
            ReferralOffice(referral=each, office=office)
            for each in to_offices
            for office in chosen.sample(offices, chosen.choice((0, 1, 1, 2)))
        ),
        batch_size=_BATCH,
    )
    _fill_slips(chosen, to_offices, offices)


def _fill_slips(chosen: Random, referrals: list[Referral], offices: list[RegionalOffice]) -> None:
    slips = Slip.objects.bulk_create(
        (
            Slip(
                referral=each, category="vacancies", language="nl", made_at=each.conversation.moment
            )
            for each in referrals
        ),
        batch_size=_BATCH,
    )
    there = SlipOffice.objects.bulk_create(
        (SlipOffice(slip=slip, office=chosen.choice(offices)) for slip in slips), batch_size=_BATCH
    )
    told = []
    for each in there:
        day = working_days_after(timezone.localdate(each.slip.made_at), chosen.randrange(10))
        for outcome in chosen.choice(((), ("contacted",), ("contacted", "helped"))):
            told.append(
                SlipOutcome(
                    slip_office=each, outcome=outcome, day=day, at=each.slip.made_at, teller="link"
                )
            )
    SlipOutcome.objects.bulk_create(told, batch_size=_BATCH)


def _conversation(chosen: Random, moment: datetime) -> AdviceConversation:
    return AdviceConversation(
        key=UUID(int=chosen.getrandbits(128), version=4),
        moment=moment,
        day=timezone.localdate(moment),
        channel=chosen.choice(Channel.values),
        outcome=chosen.choice(("referred", "referred", "referred", "referred", "not-referred")),
        note="A note of the length that most notes have, about the question that was asked.",
        registered_at=moment,
    )


def main() -> int:
    """Prints the measurements; answers 1 when a report took too long."""
    with filled(fill):
        print(f"reports on {CONVERSATIONS:,} conversations ({connection.vendor})")
        reading = Reading("", lambda period: advice_report(period).conversations.now)
        return 0 if measured("conversations", [reading]) else 1


if __name__ == "__main__":
    sys.exit(main())
