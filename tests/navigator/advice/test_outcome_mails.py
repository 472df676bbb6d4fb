"""What offices are mailed about referrals: enough to act, and nothing about the person."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from navigator.advice import codes, outcome_mails, outcomes
from navigator.advice.models import Slip, SlipOffice
from tests.navigator.advice.referred import NOW, refer, refer_to
from tests.people import administrator, advisor, editor

LINK = re.compile(r"https://navigator\.example/terugmelden/(\S+)/")


@pytest.fixture
def office(world):
    return world.office(
        "rotterdam",
        name="Loket Rotterdam",
        email="loket@rotterdam.example",
        regions=["Rijnmond"],
    )


@pytest.fixture
def stored(django_capture_on_commit_callbacks):
    """Do something that mails when it is stored, and store it."""

    def do(act, *args, **more):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*args, **more)

    return do


@pytest.fixture
def no_post(monkeypatch):
    """A mail server that is away."""

    def refuse(*_args, **_more):
        raise ConnectionRefusedError

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", refuse)
    return monkeypatch


def link_in(letter):
    return LINK.search(letter.body)[1]


def test_an_office_is_mailed_that_a_referral_waits(office, stored):
    slip = refer(office)

    stored(outcomes.announce, slip, at=NOW)

    [letter] = mail.outbox
    assert letter.to == ["loket@rotterdam.example"]
    assert codes.shown(slip.code) in letter.subject
    assert codes.shown(slip.code) in letter.body
    assert slip.get_category_display() in letter.body
    assert "Primair onderwijs" in letter.body or "basis" in letter.body.lower()
    assert outcomes.read_link(link_in(letter), at=NOW) == slip.offices.get()
    assert slip.offices.get().mailed_at == NOW


def test_nothing_in_a_mail_tells_of_the_person_or_of_the_advisor(office, stored):
    by = advisor(email="advisor@desk.example", first_name="Wie")
    slip = refer(office, by=by)
    slip.referral.conversation.note = "Belde twee keer."
    slip.referral.conversation.save()

    stored(outcomes.announce, slip, at=NOW)

    [letter] = mail.outbox
    for told in ("advisor@desk.example", "Belde", slip.key, f"{slip.referral.conversation.key}"):
        assert told not in letter.body + letter.subject


def test_a_mail_has_no_gaps_and_no_entities(office, stored):
    office.name = "Loket & Zonen"
    office.save()
    slip = refer(office)

    stored(outcomes.announce, slip, at=NOW)

    body = mail.outbox[0].body
    assert "\n\n\n" not in body
    assert "Loket & Zonen" in body


def test_an_office_without_an_address_is_mailed_by_its_editors(office, stored):
    type(office).objects.update(email="")
    region = office.regions.get()
    people = [editor(region, email=f"{name}@rijnmond.example") for name in ("een", "twee")]
    administrator()

    stored(outcomes.announce, refer(office), at=NOW)

    assert [letter.to for letter in mail.outbox] == [[each.email] for each in people]


def test_an_office_that_nobody_can_reach_waits_without_a_word(office, stored):
    type(office).objects.update(email="")
    slip = refer(office)

    stored(outcomes.announce, slip, at=NOW)

    assert mail.outbox == []
    assert slip.offices.get().mailed_at is None


def test_every_office_of_a_slip_gets_its_own_link(world, office, stored):
    slip = refer(office, world.office("delft", email="loket@delft.example"))

    stored(outcomes.announce, slip, at=NOW)

    links = {letter.to[0]: link_in(letter) for letter in mail.outbox}
    for each in slip.offices.all():
        assert outcomes.read_link(links[each.office.email], at=NOW) == each


def test_announcing_twice_mails_once(office, stored):
    slip = refer(office)

    stored(outcomes.announce, slip, at=NOW)
    stored(outcomes.announce, slip, at=NOW + timedelta(minutes=1))

    assert len(mail.outbox) == 1


def test_what_is_not_stored_is_not_mailed(office, django_capture_on_commit_callbacks):
    slip = refer(office)

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        outcomes.announce(slip, at=NOW)
        transaction.set_rollback(True)

    assert mail.outbox == []


def test_a_mail_server_that_is_away_breaks_nothing_and_the_mail_still_waits(
    office, stored, no_post, caplog
):
    slip = refer(office)

    stored(outcomes.announce, slip, at=NOW)

    assert slip.offices.get().mailed_at is None
    assert "referral_not_mailed" in caplog.text
    assert "loket@rotterdam.example" not in caplog.text


def test_no_address_is_stored(office, stored):
    stored(outcomes.announce, refer(office), at=NOW)

    rows = [*Slip.objects.values(), *SlipOffice.objects.values()]
    assert "@" not in repr(rows)


def test_that_nobody_called_is_mailed_at_once_and_once_a_day(office, stored):
    referred = refer_to(office)

    stored(outcomes.tell_by_candidate, referred, at=NOW)
    with pytest.raises(outcomes.ToldAlready):
        stored(outcomes.tell_by_candidate, referred, at=NOW)
    stored(outcomes.tell_by_candidate, referred, at=NOW + timedelta(days=1))

    assert [letter.to for letter in mail.outbox] == [["loket@rotterdam.example"]] * 2
    assert outcomes.read_link(link_in(mail.outbox[0]), at=NOW) == referred


def test_a_withdrawn_slip_is_mailed_to_those_who_knew_of_it(world, office, stored):
    waits = world.office("delft", email="loket@delft.example")
    never_mailed = world.office("leiden", email="loket@leiden.example")
    slip = refer(office, waits, never_mailed)
    slip.offices.exclude(office=never_mailed).update(mailed_at=NOW)
    done, *_others = slip.offices.all()
    outcomes.tell(done, outcome="helped", teller="link", at=NOW)
    Slip.objects.update(withdrawn_at=NOW)
    slip.refresh_from_db()

    stored(outcomes.withdrawn, slip, at=NOW)

    [letter] = mail.outbox
    assert letter.to == ["loket@delft.example"]
    assert codes.shown(slip.code) in letter.subject
    assert LINK.search(letter.body) is None


def test_links_of_before_stop_when_a_slip_is_withdrawn(office, stored):
    referred = refer_to(office)
    link = outcomes.link_of(referred, at=NOW)

    stored(outcomes.withdrawn, referred.slip, at=NOW)

    with pytest.raises(outcomes.LinkWithdrawn):
        outcomes.read_link(link, at=NOW)


def test_a_new_link_is_mailed_and_works(office):
    referred = refer_to(office)
    outcomes.withdraw_links(referred)

    assert outcomes.send_new_link(referred, at=NOW)

    [letter] = mail.outbox
    assert outcomes.read_link(link_in(letter), at=NOW) == referred


@pytest.mark.parametrize("interests", [(), ("undecided",), ("po", "vo")])
def test_what_is_not_registered_is_left_out(office, interests, stored):
    slip = refer(office, interests=interests)

    stored(outcomes.announce, slip, at=NOW)

    with translation.override(outcome_mails.LANGUAGE):
        heading = gettext("Sector:")
    assert (heading in mail.outbox[0].body) is bool(interests)
    assert len(outcome_mails.interest_names(slip)) == len(interests)
