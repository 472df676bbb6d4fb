"""Two who tell, or two schedulers, at the same moment: everything happens once."""

import time
from datetime import timedelta
from threading import Event

import pytest
from django.core import mail
from django.db import transaction

from navigator.advice import outcome_mails, outcomes, referral_reminders
from navigator.advice.models import SlipOffice, SlipOutcome
from tests.navigator.advice.referred import NOW, refer, refer_to
from tests.regions.test_revisions_at_once import at_once, kinds

FIRST = NOW + timedelta(days=7)


@pytest.fixture
def office(shared_world):
    return shared_world.office("rotterdam", email="loket@rotterdam.example")


@pytest.fixture
def referred(office):
    return refer_to(office)


def tell(referred, outcome="helped"):
    return lambda: outcomes.tell(referred, outcome=outcome, teller="link", at=NOW)


def test_the_same_outcome_twice_at_once_is_stored_once(referred):
    answers = at_once(tell(referred), tell(referred), tell(referred))

    assert kinds(answers) == ["SlipOutcome", "ToldAlready", "ToldAlready"]
    assert SlipOutcome.objects.count() == 1


def test_two_outcomes_at_once_are_both_stored(referred):
    answers = at_once(tell(referred, "contacted"), tell(referred, "helped"))

    assert kinds(answers) == ["SlipOutcome", "SlipOutcome"]
    assert SlipOutcome.objects.count() == 2


def test_that_nobody_called_is_mailed_once(referred):
    nobody = lambda: outcomes.tell_by_candidate(referred, at=NOW)  # noqa: E731 - done three times

    answers = at_once(nobody, nobody, nobody)

    assert kinds(answers) == ["SlipOutcome", "ToldAlready", "ToldAlready"]
    assert len(mail.outbox) == 1


def test_schedulers_at_once_remind_once(referred):
    SlipOffice.objects.update(mailed_at=NOW)

    answers = at_once(*[lambda: referral_reminders.remind(FIRST)] * 3)

    assert sorted(answers) == [0, 0, 1]
    assert len(mail.outbox) == 1
    assert SlipOffice.objects.get().reminders == 1


def test_a_schedule_and_the_desk_at_once_announce_once(office):
    slip = refer(office)

    at_once(
        lambda: outcomes.announce(slip, at=NOW),
        lambda: referral_reminders.announce_again(NOW + timedelta(seconds=1)),
        lambda: referral_reminders.announce_again(NOW + timedelta(seconds=2)),
    )

    assert len(mail.outbox) == 1
    assert SlipOffice.objects.get().mailed_at is not None


@pytest.mark.parametrize(
    ("claim", "act"),
    [
        ({"mailed_at": NOW}, lambda row: outcome_mails.send_announcement(row, at=NOW)),
        (
            {"mailed_at": NOW, "reminders": 1},
            lambda row: bool(referral_reminders.remind(FIRST)),
        ),
    ],
    ids=["announcement", "reminder"],
)
def test_who_waited_for_a_row_that_was_claimed_sends_nothing(referred, claim, act):
    if "reminders" in claim:
        SlipOffice.objects.update(mailed_at=NOW)
    is_claimed = Event()

    def claims():
        with transaction.atomic():
            SlipOffice.objects.filter(pk=referred.pk).update(**claim)
            is_claimed.set()
            time.sleep(0.5)  # the other found the row as it was, and waits for it

    def waits():
        is_claimed.wait(30)
        return act(referred)

    assert at_once(claims, waits)[1] is False
    assert mail.outbox == []


def test_what_is_told_while_the_schedule_reminds_is_stored(referred):
    SlipOffice.objects.update(mailed_at=NOW)

    told, reminded = at_once(tell(referred), lambda: referral_reminders.remind(FIRST))

    assert told.outcome == "helped"
    assert reminded == len(mail.outbox) <= 1
