"""The monthly mail with the own figures: once, for last month, for who asked for it."""

import re
from datetime import UTC, date, datetime
from io import StringIO
from smtplib import SMTPServerDisconnected

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.utils import timezone, translation

from navigator.editing import figure_mails
from navigator.editing.management.commands import mail_figures, run_schedule
from navigator.statistics.models import MonthlyMail
from regions.models import EducationRegion, RegionalOffice
from tests import people
from tests.navigator.editing.looks import click, look, search
from tests.navigator.statistics.talks import talk

SEPTEMBER = datetime(2026, 9, 10, 9, tzinfo=UTC)
# 0:30 on 1 November in Amsterdam: October is over there, though not yet in UTC.
NOW = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)


@pytest.fixture
def office(world):
    """An office with two views in October and one in September; another one with more."""
    with world.at_once():
        own = world.office("rijn", name="Loket d'Rijn", serves=["3011"], regions=["Noord"])
        other = world.office("maas", name="Loket Maas", regions=["Zuid"])
    look(own, "a", "2026-10-01", source="campaign")
    look(own, "b", "2026-10-31", source="direct")
    look(own, "c", "2026-09-30")
    for visitor in "abcdefg":
        look(other, visitor, "2026-10-02")
    return own


@pytest.fixture
def editor(office):
    return people.editor(EducationRegion.objects.get(name="Noord"), email="editor@rijn.example")


@pytest.fixture
def switched_on(editor):
    figure_mails.switch(editor, on=True, at=SEPTEMBER)
    return MonthlyMail.objects.get(user=editor)


def test_the_mail_tells_of_last_month_and_of_the_own_offices_alone(office, switched_on, mailoutbox):
    click(office, "a", "2026-10-01", "phone")
    talk(people.advisor(), "2026-10-05", "regional-office", offices=["rijn"])

    assert figure_mails.send_due(NOW) == 1

    [mail] = mailoutbox
    assert mail.to == ["editor@rijn.example"]
    assert "oktober 2026" in mail.subject
    assert "Loket d'Rijn" in mail.body
    assert "Loket Maas" not in mail.body
    numbers = [line.partition(": ")[2] for line in mail.body.splitlines() if " (" in line]
    assert [number.split()[0] for number in numbers[:4]] == ["2", "2", "1", "1"]
    assert numbers[0].startswith("2 (1, ")  # the view in September is in the 31 days before
    question = "?from=2026-10-01&to=2026-10-31"
    site = "https://navigator.example"
    assert f"{site}/mijn-regio/loketten/rijn/cijfers/{question}\n" in mail.body
    assert f"{site}/mijn-regio/cijfers/{question}\n" in mail.body
    assert f"{site}/mijn-regio/cijfers/#monthly\n" in mail.body


def test_the_mail_tells_how_people_came_and_where_they_found_no_office(
    office, switched_on, mailoutbox
):
    for visitor in "abcdef":
        search(visitor, "3011", "2026-10-20", serving=0)

    figure_mails.send_due(NOW)

    listed = re.findall(r"^- ([^:]+): ([0-9]+)$", mailoutbox[0].body, re.MULTILINE)
    assert sorted(number for _name, number in listed) == ["1", "1", "6"]
    assert any("3011" in name for name, number in listed if number == "6")


def test_it_is_sent_once_also_days_late(switched_on, mailoutbox):
    late = datetime(2026, 11, 20, 9, tzinfo=UTC)

    sent = [figure_mails.send_due(moment) for moment in (late, late, late)]

    assert sent == [1, 0, 0]
    switched_on.refresh_from_db()
    assert switched_on.sent_for == date(2026, 10, 1)


def test_a_schedule_that_missed_months_sends_the_last_one_alone(switched_on, mailoutbox):
    figure_mails.send_due(datetime(2027, 2, 3, 9, tzinfo=UTC))

    assert [re.search(r"(\w+) 20", mail.subject).group(1) for mail in mailoutbox] == ["januari"]


def test_the_next_month_brings_the_next_mail(switched_on, mailoutbox):
    figure_mails.send_due(NOW)

    figure_mails.send_due(datetime(2026, 11, 30, 22, 59, tzinfo=UTC))  # still November
    assert len(mailoutbox) == 1
    figure_mails.send_due(datetime(2026, 11, 30, 23, 1, tzinfo=UTC))  # by Dutch time December
    assert len(mailoutbox) == 2


def test_who_switches_it_on_gets_the_month_that_is_going_on_first(editor, mailoutbox):
    figure_mails.switch(editor, on=True, at=NOW)

    figure_mails.send_due(datetime(2026, 11, 29, 9, tzinfo=UTC))
    assert mailoutbox == []
    figure_mails.send_due(datetime(2026, 12, 1, 9, tzinfo=UTC))
    assert [re.search(r"(\w+) 20", mail.subject).group(1) for mail in mailoutbox] == ["november"]


def test_who_switched_it_off_or_never_on_gets_none(editor, switched_on, mailoutbox):
    figure_mails.switch(editor, on=False, at=NOW)

    assert figure_mails.send_due(NOW) == 0


def test_switching_on_twice_keeps_the_first_moment(editor, switched_on):
    figure_mails.switch(editor, on=True, at=NOW)

    assert MonthlyMail.objects.get().since == SEPTEMBER


@pytest.mark.parametrize("lost", ["account", "region", "archived", "not public"])
def test_who_may_see_no_office_any_more_gets_none(editor, switched_on, mailoutbox, lost):
    if lost == "account":
        editor.is_active = False
        editor.save()
    elif lost == "region":
        editor.memberships.all().delete()
    else:
        state = "archived" if lost == "archived" else "draft"
        RegionalOffice.objects.filter(slug="rijn").update(state=state)

    assert figure_mails.send_due(NOW) == 0
    assert mailoutbox == []


def test_a_mail_that_can_not_be_sent_is_sent_by_the_next_run(
    switched_on, mailoutbox, monkeypatch, caplog
):
    with monkeypatch.context() as away:
        away.setattr(EmailMessage, "send", _no_mail)
        assert figure_mails.send_due(NOW) == 0
    switched_on.refresh_from_db()

    assert switched_on.sent_for is None
    assert "figures_not_sent" in caplog.text
    assert "editor@rijn.example" not in caplog.text
    assert figure_mails.send_due(NOW) == 1


def test_one_that_breaks_holds_up_no_other(switched_on, mailoutbox, monkeypatch, caplog):
    second = people.editor(EducationRegion.objects.get(name="Zuid"), email="editor@maas.example")
    figure_mails.switch(second, on=True, at=SEPTEMBER)
    letter = figure_mails.letter

    def broken(user, month):
        if user == switched_on.user:
            raise ValueError
        return letter(user, month)

    monkeypatch.setattr(figure_mails, "letter", broken)

    assert figure_mails.send_due(NOW) == 1
    assert [mail.to for mail in mailoutbox] == [["editor@maas.example"]]
    assert "figures_failed" in caplog.text


def test_who_has_many_offices_gets_the_main_figures_of_each_alone(
    world, switched_on, mailoutbox, monkeypatch
):
    monkeypatch.setattr(figure_mails, "MOST_IN_DETAIL", 0)

    figure_mails.send_due(NOW)

    [mail] = mailoutbox
    assert "Loket d'Rijn" in mail.body
    assert re.findall(r"^- [^:]+: [0-9]+$", mail.body, re.MULTILINE) == []


def test_the_command_mails_and_a_dry_run_only_tells_whom(switched_on, mailoutbox, monkeypatch):
    monkeypatch.setattr(mail_figures.timezone, "now", lambda: NOW)

    told = _run("--dry-run")
    assert (told, mailoutbox) == ("editor@rijn.example\nWould be mailed: 1\n", [])
    assert _run() == "Mailed: 1\n"
    assert len(mailoutbox) == 1


def test_the_schedule_does_it_every_hour(monkeypatch, db):
    asked = []
    monkeypatch.setattr(run_schedule.figure_mails, "send_due", asked.append)
    [job] = [job for job in run_schedule.Command()._jobs if job.name == "mail_figures"]

    job.do(timezone.now())

    assert len(asked) == 1
    assert job.every.total_seconds() == 3600


def _run(*options):
    told = StringIO()
    with translation.override("en"):
        call_command("mail_figures", *options, stdout=told)
    return told.getvalue()


def _no_mail(message, *args, **options):
    raise SMTPServerDisconnected("away")
