"""Offices that don't tell what became of a referral are asked twice, and no more."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends import locmem

from navigator.advice import outcomes, referral_reminders
from navigator.advice.models import Slip, SlipOffice
from tests.navigator.advice.referred import NOW, refer_to

DAY = timedelta(days=1)
# From Tuesday 24 November: five working days are over on Tuesday 1 December, ten a week later.
FIRST, SECOND = NOW + 7 * DAY, NOW + 14 * DAY


@pytest.fixture
def office(world):
    return world.office("rotterdam", email="loket@rotterdam.example")


@pytest.fixture
def referred(office):
    return mailed(refer_to(office))


@pytest.fixture
def no_post(monkeypatch):
    """A mail server that is away, until it is undone."""

    def refuse(*_args, **_more):
        raise ConnectionRefusedError

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", refuse)
    return monkeypatch


def mailed(referred, at=NOW):
    SlipOffice.objects.filter(pk=referred.pk).update(mailed_at=at)
    return referred


def reminders(referred):
    return SlipOffice.objects.get(pk=referred.pk).reminders


def test_an_office_is_reminded_after_five_and_ten_working_days_and_never_again(referred):
    counts = [referral_reminders.remind(NOW + number * DAY) for number in range(60)]

    assert [number for number, count in enumerate(counts) if count] == [7, 14]
    assert len(mail.outbox) == 2
    assert reminders(referred) == 2


def test_holidays_are_no_working_days(office):
    """From Tuesday 22 December: Christmas on Friday, New Year's Day on Friday."""
    tuesday = NOW + 28 * DAY
    mailed(refer_to(office, at=tuesday), at=tuesday)

    counts = [referral_reminders.remind(tuesday + number * DAY) for number in range(30)]

    assert [number for number, count in enumerate(counts) if count] == [8, 16]


def test_a_reminder_has_a_link_of_its_own_that_works_again_for_14_days(referred):
    referral_reminders.remind(FIRST)

    link = re.search(r"/terugmelden/(\S+)/", mail.outbox[0].body)[1]
    assert outcomes.read_link(link, at=FIRST + 14 * DAY) == referred


@pytest.mark.parametrize("outcome", ["contacted", "waiting", "helped", "no-capacity"])
def test_who_told_what_became_of_it_is_not_reminded(referred, outcome):
    outcomes.tell(referred, outcome=outcome, teller="link", at=NOW)

    assert referral_reminders.remind(SECOND) == 0


def test_that_there_is_no_news_or_nobody_called_does_not_end_it(referred):
    outcomes.tell(referred, outcome="not-yet-updated", teller="link", at=NOW)
    outcomes.tell_by_candidate(referred, at=NOW)

    assert referral_reminders.remind(FIRST) == 1


@pytest.mark.parametrize("gone", [{"withdrawn_at": NOW}, {"key": None, "code": None}])
def test_nobody_is_reminded_of_what_is_gone(referred, gone):
    Slip.objects.update(**gone)

    assert referral_reminders.remind(SECOND) == 0


def test_a_schedule_that_was_away_sends_one_mail_and_not_two(referred):
    assert [referral_reminders.remind(SECOND + number * DAY) for number in (6, 6, 7)] == [1, 0, 0]


def test_a_reminder_that_can_not_be_sent_is_tried_again(referred, no_post):
    assert referral_reminders.remind(FIRST) == 0
    assert reminders(referred) == 0
    no_post.undo()

    assert referral_reminders.remind(FIRST) == 1


def test_what_could_not_be_announced_is_announced_later_and_counts_from_then(office, no_post):
    referred = refer_to(office)
    assert referral_reminders.announce_again(NOW) == 0
    no_post.undo()

    assert referral_reminders.announce_again(NOW + 3 * DAY) == 1
    assert referral_reminders.announce_again(NOW + 3 * DAY) == 0

    assert referral_reminders.remind(FIRST) == 0
    assert referral_reminders.remind(FIRST + 3 * DAY) == 1
    assert reminders(referred) == 1


def test_an_office_that_can_be_reached_at_last_is_told(office):
    type(office).objects.update(email="")
    refer_to(office)
    assert referral_reminders.announce_again(NOW) == 0
    type(office).objects.update(email="nieuw@rotterdam.example")

    assert referral_reminders.announce_again(NOW) == 1

    assert mail.outbox[0].to == ["nieuw@rotterdam.example"]


def test_what_is_withdrawn_or_told_is_not_announced(office):
    outcomes.tell(refer_to(office), outcome="helped", teller="account", at=NOW)
    withdrawn = refer_to(office)
    Slip.objects.filter(pk=withdrawn.slip_id).update(withdrawn_at=NOW)

    assert referral_reminders.announce_again(NOW) == 0


def test_each_office_is_reminded_of_its_own(world, office):
    mailed(refer_to(office))
    mailed(refer_to(world.office("delft", email="loket@delft.example")))

    referral_reminders.remind(FIRST)

    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "loket@delft.example",
        "loket@rotterdam.example",
    ]
