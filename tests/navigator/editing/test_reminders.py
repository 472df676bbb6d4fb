"""Editors are asked whether their profiles are still right: not too often, and with a link."""

from datetime import UTC, date, datetime
from io import StringIO
from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.utils import timezone, translation

from navigator.accounts.models import User
from navigator.editing import reminders
from regions.models import EducationRegion, LinkCheck
from tests.people import administrator, editor

TODAY = date(2026, 11, 24)
LONG_AGO = date(2026, 5, 24)  # six months to the day
LATELY = date(2026, 5, 25)


@pytest.fixture
def rotterdam(world):
    """A region with a stale office and an editor."""
    world.office("rotterdam", regions=["Rotterdam"], serves=["3011"], confirmed_on=LONG_AGO)
    region = EducationRegion.objects.get()
    return editor(region, email="editor@rotterdam.example")


def stale_slugs(today=TODAY):
    return [state.office.slug for state in reminders.stale(today)]


def to_remind(today=TODAY):
    return {
        reminder.editor.email: [state.office.slug for state in reminder.offices]
        for reminder in reminders.due(today).reminders
    }


@pytest.mark.parametrize(
    ("facts", "is_stale"),
    [
        ({"confirmed_on": LONG_AGO}, True),
        ({"confirmed_on": LATELY}, False),
        ({"confirmed_on": LONG_AGO, "facts_of": TODAY}, True),
        ({"confirmed_on": None, "facts_of": LONG_AGO}, True),
        ({"confirmed_on": None, "facts_of": LATELY}, False),
        ({"confirmed_on": None, "facts_of": None}, True),
        ({"confirmed_on": LONG_AGO, "state": "draft"}, False),
        ({"confirmed_on": LONG_AGO, "state": "archived"}, False),
    ],
)
def test_a_published_office_is_stale_when_nobody_confirmed_it_for_six_months(
    world, facts, is_stale
):
    world.office("loket", **facts)

    assert stale_slugs() == (["loket"] if is_stale else [])


def test_the_longest_forgotten_comes_first(world):
    world.office("later", confirmed_on=date(2026, 3, 1))
    world.office("never", confirmed_on=None, facts_of=None)
    world.office("long", confirmed_on=date(2025, 3, 1))

    assert stale_slugs() == ["never", "long", "later"]


def test_what_is_stale_takes_as_many_queries_for_more_offices(world, django_assert_num_queries):
    for number in range(3):
        world.office(f"loket-{number}", support=["vacancies"])

    with django_assert_num_queries(11):
        reminders.stale(TODAY)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 24), 6, date(2026, 5, 24)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2026, 1, 31), 1, date(2025, 12, 31)),
        (date(2026, 3, 30), 1, date(2026, 2, 28)),
    ],
)
def test_months_are_those_of_the_calendar(day, months, before):
    assert reminders.months_before(day, months) == before


def test_each_editor_gets_all_stale_offices_of_the_own_regions_together(world, rotterdam):
    world.office("ahoy", regions=["Rotterdam"], confirmed_on=LONG_AGO)
    world.office("samen", regions=["Rotterdam", "Breda"], confirmed_on=LONG_AGO)
    world.office("fris", regions=["Rotterdam"], confirmed_on=TODAY)
    breda = EducationRegion.objects.get(name="Breda")
    editor(breda, email="editor@breda.example")
    administrator()

    assert to_remind() == {
        "editor@rotterdam.example": ["ahoy", "rotterdam", "samen"],
        "editor@breda.example": ["samen"],
    }


def test_somebody_who_left_is_not_mailed(rotterdam):
    User.objects.update(is_active=False)

    due = reminders.due(TODAY)

    assert due.reminders == ()
    assert [state.office.slug for state in due.without_editor] == ["rotterdam"]


@pytest.mark.parametrize(
    ("reminded_on", "again"),
    [(None, True), (date(2026, 10, 24), True), (date(2026, 10, 25), False), (TODAY, False)],
)
def test_nobody_is_mailed_twice_in_a_month(rotterdam, reminded_on, again):
    User.objects.update(reminded_on=reminded_on)

    assert bool(to_remind()) is again


def test_the_mail_names_what_is_missing_and_dead_and_where_to_mend_it(world, rotterdam, mailoutbox):
    LinkCheck.objects.create(
        url="https://rotterdam.example.nl/",
        result="dead",
        reason="404",
        checked_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    [reminder] = reminders.due(TODAY).reminders

    sent = reminders.send(reminder, today=TODAY)

    [mail] = mailoutbox
    assert sent
    assert mail.to == ["editor@rotterdam.example"]
    assert "Rotterdam" in mail.body
    assert "24 mei 2026" in mail.body
    assert "- https://rotterdam.example.nl/ (" in mail.body
    with translation.override("nl"):
        missing = [str(must.label) for must in reminder.offices[0].missing]
    assert len(missing) == 13
    assert all(f"- {label} (" in mail.body for label in missing)
    mijn_regio = "https://navigator.example/mijn-regio/loketten/rotterdam/"
    assert f"{mijn_regio}inleiding/#id_description\n" in mail.body
    assert f"{mijn_regio}\n" in mail.body


def test_the_mail_is_not_escaped_as_html(world, rotterdam):
    world.edit("rotterdam", name="Loket d'Oever & Zn.")
    [reminder] = reminders.due(TODAY).reminders

    assert "Loket d'Oever & Zn." in reminders.mail(reminder).body


def test_a_dead_link_is_what_to_mend_when_nothing_is_missing(rotterdam):
    dead = reminders.DeadLink("privacy_url", "https://a.nl/", "404", None)
    [reminder] = reminders.due(TODAY).reminders
    state = reminder.offices[0]

    complete = reminders.StaleOffice(state.office, (), (dead,), TODAY, True)

    assert complete.mend_url.endswith("/rotterdam/contact/#id_privacy_url")


def test_two_runs_at_once_send_one_mail(rotterdam, mailoutbox):
    [mine] = reminders.due(TODAY).reminders
    [theirs] = reminders.due(TODAY).reminders

    sent = [reminders.send(mine, today=TODAY), reminders.send(theirs, today=TODAY)]

    assert (sent, len(mailoutbox)) == ([True, False], 1)


def test_a_mail_that_cannot_be_sent_is_tried_again_next_time(rotterdam, monkeypatch):
    User.objects.update(reminded_on=date(2026, 8, 1))
    monkeypatch.setattr(EmailMessage, "send", _no_mail)
    [reminder] = reminders.due(TODAY).reminders

    sent = reminders.send(reminder, today=TODAY)

    assert not sent
    assert User.objects.get().reminded_on == date(2026, 8, 1)


def test_the_command_mails_and_names_the_offices_that_nobody_keeps(world, rotterdam, mailoutbox):
    world.office("verlaten", confirmed_on=LONG_AGO)

    told = _run()

    assert len(mailoutbox) == 1
    assert "editor@rotterdam.example: rotterdam\n" in told
    assert "No editor: verlaten\n" in told
    assert "Mailed: 1\n" in told
    assert User.objects.get().reminded_on == timezone.localdate()


def test_the_command_sends_nothing_in_a_dry_run(rotterdam, mailoutbox):
    told = _run("--dry-run")

    assert mailoutbox == []
    assert "Would be mailed: 1\n" in told
    assert User.objects.get().reminded_on is None


def test_the_command_says_whom_it_could_not_mail(rotterdam, monkeypatch):
    monkeypatch.setattr(EmailMessage, "send", _no_mail)

    told = _run()

    assert "Not sent: editor@rotterdam.example: rotterdam\n" in told
    assert "Mailed: 0\n" in told


def _run(*options):
    told = StringIO()
    with translation.override("en"):
        call_command("remind_editors", *options, stdout=told)
    return told.getvalue()


def _no_mail(message, *args, **options):
    raise SMTPServerDisconnected("away")
