"""A registration that arrives twice at the same moment, and two people who correct one."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from navigator.advice import registration
from navigator.advice.facts import Facts, ReferralFacts
from navigator.advice.models import AdviceConversation, Referral
from navigator.advice.registration import ChangedSince
from tests import people
from tests.at_once import at_once

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
FACTS = Facts(AT, "phone", "referred", referrals=(ReferralFacts("school", "De Ark"),))


@pytest.fixture
def advisor(shared_world):
    shared_world.office("flevowijs")
    return people.advisor()


def test_what_arrives_twice_at_the_same_moment_is_stored_once(advisor):
    key = uuid4()

    def register():
        return registration.register(key=key, facts=FACTS, by=advisor, at=AT)

    answers = at_once(register, register, register)

    stored = AdviceConversation.objects.get()
    assert [made for made, _new in answers] == [stored] * 3
    assert sorted(is_new for _made, is_new in answers) == [False, False, True]
    assert Referral.objects.count() == stored.history.count() == 1


def test_of_two_corrections_at_the_same_moment_one_is_told_of_the_other(advisor):
    made, _new = registration.register(key=uuid4(), facts=FACTS, by=advisor, at=AT)

    def correct(channel):
        facts = replace(FACTS, channel=channel)
        return lambda: registration.correct(made, facts=facts, by=advisor, at=AT, seen=1)

    answers = at_once(correct("chat"), correct("email"))

    lost = [answer for answer in answers if isinstance(answer, ChangedSince)]
    [won] = [answer for answer in answers if answer not in lost]
    made.refresh_from_db()
    assert len(lost) == 1
    assert (made.channel, made.edition, made.history.count()) == (won.channel, 2, 2)
