"""Two schedulers, or a scheduler and somebody who switches, at the same moment: one mail."""

import time
from datetime import UTC, datetime
from threading import Event

import pytest
from django.core import mail
from django.db import transaction

from navigator.editing import figure_mails
from navigator.statistics.models import MonthlyMail
from regions.models import EducationRegion
from tests import people
from tests.at_once import at_once

SEPTEMBER = datetime(2026, 9, 10, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)


@pytest.fixture
def row(shared_world):
    shared_world.office("rijn", regions=["Noord"])
    editor = people.editor(EducationRegion.objects.get(name="Noord"))
    figure_mails.switch(editor, on=True, at=SEPTEMBER)
    return MonthlyMail.objects.get()


def test_schedulers_at_once_send_one_mail(row):
    answers = at_once(*[lambda: figure_mails.send_due(NOW)] * 3)

    assert sorted(answers) == [0, 0, 1]
    assert len(mail.outbox) == 1


def test_who_waited_for_the_row_of_another_finds_it_taken(row):
    """The other holds the row and commits while this one waits: it asks again, and has nothing."""
    holds = Event()

    def other():
        with transaction.atomic():
            claimed = figure_mails.waiting(NOW).filter(pk=row.pk).update(sent_for="2026-10-01")
            holds.set()
            time.sleep(0.3)
            return claimed

    def this():
        holds.wait(20)
        return figure_mails.send(row, at=NOW)

    answers = at_once(other, this)

    assert answers == [1, False]
    assert mail.outbox == []
